"""Programs of others for tapes and changers, on the real drivers."""
import os
import shutil
import subprocess

from cases import case
from guest import Failed
from library import Library
from steps import run_steps

BOT = r"^ BOT ONLINE"


def served(rig, *options, attach=None):
    """Return a library that is served and attached, with its nodes."""
    library = Library(rig, *options)
    try:
        library.serve()
        library.attach(*(attach or ()))
    except BaseException:
        library.__exit__(None, None, None)
        raise
    return library


def prelude(library, volume=1):
    """Set the names of the nodes; a volume is loaded into the first drive."""
    nodes = library.nodes()
    return "C=%s N=%s S=%s N2=%s S2=%s\nmtx -f $C load %d 0 > /dev/null\n" % (
        nodes[0][1], *nodes[1], *nodes.get(2, ("-", "-")), volume)


def small(rig, *options):
    return served(rig, "--drives", "2", "--volumes", "4", "--slots", "6",
                  "--ie-slots", "2", "--capacity", "64 MiB",
                  "--early-warning", "4 MiB", *options)


def at(file, block, flags=""):
    return (r"File number=%d, block number=%d, partition=0[^$]*"
            r"General status bits on[^\n]*\n .*%s" % (file, block, flags))


@case("mt", core=True)
def mt_main(rig):
    """The commands of mt that backup programs use."""
    with small(rig) as library:
        return run_steps(rig, prelude(library) + """
mt() { command mt -f $N "$@"; }
blocks() { dd if=/dev/zero of=$N bs=4096 count=$1 2>/dev/null; }
""", [
            ("mt rewind; mt status", 0, at(0, 0, "BOT ONLINE")),
            ("blocks 3; mt status", 0, at(1, 0, "EOF ONLINE")),
            ("blocks 5; mt weof 2; mt status", 0, at(4, 0, "EOF ONLINE")),
            ("mt tell", 0, r"At block 12\."),
            ("mt rewind; mt fsf 1; mt status", 0, at(1, 0, "EOF")),
            ("mt fsr 2; mt status; mt tell", 0, at(1, 2) + r"[^$]*block 6"),
            ("mt bsr 1; mt tell", 0, "At block 5"),
            ("mt bsf 1; mt status; mt tell", 0, at(0, -1) + "[^$]*block 3"),
            ("mt eod; mt status; mt tell", 0, at(4, -1, "EOD") +
             "[^$]*block 12"),
            ("mt bsfm 2; mt tell", 0, "At block 11"),
            ("mt rewind; mt fsfm 1; mt tell", 0, "At block 3"),
            ("mt asf 2; mt status", 0, at(2, 0)),
            ("mt seek 6; mt tell", 0, "At block 6"),
            ("mt seek 100", 2, "Input/output error"),
            ("mt rewind; mt fsr 9", 2, "Input/output error"),
            ("mt rewind; mt bsf 1", 2, "Input/output error"),
            ("mt setblk 4096; mt status", 0, "Tape block size 4096 bytes"),
            ("mt rewind; dd if=$N bs=8192 count=1 2>&1 | grep -o '8192 bytes'",
             0, "8192 bytes"),
            ("mt setblk 0; mt status", 0, "Tape block size 0 bytes"),
            ("mt rewind; mt fsf 1; mt erase; mt eod; mt tell", 0, "At block 4"),
            ("mt lock", 0, ""),
            ("mt unlock", 0, ""),
            ("mt retension; mt status", 0, at(0, 0, "BOT")),
            ("mt offline; mt -f $N status", 0, "DR_OPEN"),
            # Without a unit attention the driver does not learn where it is.
            ("mt load; mt tell; mt status", 0, "At block 0[^$]*" +
             at(0, 0, "BOT")),
        ])


@case("mtx", core=True)
def mtx_main(rig):
    """The commands of mtx that backup programs use."""
    with small(rig) as library:
        names = library.volumes()
        return run_steps(rig, prelude(library) + """
mtx() { command mtx -f $C "$@"; }
""", [
            ("mtx inquiry", 0, "Product Type: Medium Changer"),
            ("mtx status", 0, "2 Drives, 8 Slots \\( 2 Import/Export \\)"),
            ("mtx status", 0, "Element 0:Full \\(Storage Element 1 Loaded\\)"
             ":VolumeTag = %s" % names[0]),
            ("mtx status", 0, "Storage Element 2:Full :VolumeTag=%s" %
             names[1]),
            ("mtx status", 0, "Storage Element 7 IMPORT/EXPORT:Empty"),
            ("mtx load 2 1; mtx status", 0,
             "Element 1:Full .Storage Element 2"),
            ("mtx load 3 1", 1, "Drive 1 Full"),
            ("mtx unload 2 1; mtx status", 0, "Data Transfer Element 1:Empty"),
            ("mtx unload 5 1", 1, "Data Transfer Element 1 is Empty"),
            ("mtx transfer 3 7; mtx status", 0,
             "Element 7 IMPORT/EXPORT:Full :VolumeTag=%s" % names[2]),
            ("mtx transfer 7 3; mtx status", 0, "Element 3:Full"),
            ("mtx transfer 6 5", 1, "source Element Address 6 is Empty|Empty"),
            ("mtx inventory", 0, ""),
        ])


@case("tar", core=True)
def tar_main(rig):
    """GNU tar: create, list, append, verify, extract."""
    with small(rig) as library:
        return run_steps(rig, prelude(library) + """
mkdir -p /tmp/tar/a /tmp/tar/out; cd /tmp/tar
head -c 300000 /dev/urandom > a/one; head -c 70000 /dev/urandom > a/two
echo three > three
export TAPE=$N
""", [
            ("mt -f $N rewind; tar -c -b 64 a", 0, ""),
            ("mt -f $N rewind; tar -t -b 64", 0, "a/one"),
            ("mt -f $N rewind; tar -d -b 64", 0, ""),
            ("mt -f $N rewind; tar -r -b 64 three", 0, ""),
            ("mt -f $N rewind; tar -t -b 64", 0, "three"),
            ("mt -f $N rewind; tar -x -b 64 -C out && diff -r a out/a && "
             "cmp three out/three", 0, ""),
            ("mt -f $N rewind; tar -c -W -b 64 a 2>&1", 0, ""),
        ])


@case("iscsi-test-cu", core=True, kernels="last")
def iscsi_test_cu(rig):
    """Reservations and resets, by iscsi-test-cu on the host: it sleeps."""
    if shutil.which("iscsi-test-cu") is None:
        rig.skip("needs libiscsi-bin")
    done = subprocess.run(
        ["python3", "-B", "sim/tests/all_tests.py",
         "iscsi_test_cu_test.IscsiTestCu.test_a_reset_ends_a_reservation"],
        env=dict(os.environ, BUILD=rig.build, CHECK_ST="1",
                 TAPELAB=os.path.join(rig.build, "tapelab")),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=300, check=False)
    if done.returncode != 0:
        raise Failed(done.stdout.decode(errors="replace"))
    return 1
