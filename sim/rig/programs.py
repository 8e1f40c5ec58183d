"""Programs of others for tapes and changers, on the real drivers."""
import os
import shutil
import subprocess

from cases import case
from guest import Failed
from initiator import LOG_IN
from library import NAME, Library
from steps import run_steps

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


@case("sg3_utils")
def sg3_utils(rig):
    """sg3_utils and lsscsi decode what drive and changer answer."""
    with small(rig) as library:
        return run_steps(rig, prelude(library) + "sg_turs -n 9 $S >&2\n", [
            ("lsscsi -g", 0, "mediumx[^$]*tape"),
            ("sg_inq $S", 0, "Product identification: ULTRIUM-TD8"),
            ("sg_inq $C", 0, "medium changer"),
            ("sg_vpd -p sv $S", 0, "Device identification"),
            ("sg_vpd -p di $S", 0, "NAA"),
            ("sg_vpd -p sn $C", 0, "Unit serial number"),
            ("sg_modes -a $S", 0, "Data Compression|data compression"),
            ("sg_modes -a $C", 0, "Element address assignment"),
            ("sg_logs -A $S", 0, "Sequential access device"),
            ("sg_logs -p 0x2e $S", 0, "Tape [Aa]lert"),
            ("sg_logs -p 0x17 $S", 0, "Volume statistics"),
            ("sg_read_attr $S", 0, "Medium serial number|Load count"),
            ("sg_opcodes $S", 0, "Read\\(6\\)|Read reverse|Space"),
            ("sg_opcodes $C", 0, "Move medium"),
            ("sg_persist -i -k $S", 0, "there are NO registered"),
            ("sg_persist -o -G -S 1 $S && sg_persist -i -k $S", 0, "0x1"),
            ("sg_persist -o -C -K 1 $S && sg_persist -i -k $S", 0,
             "there are NO registered"),
            ("sg_requests $S", 0, ""),
            ("sg_rdac -h > /dev/null; sg_rmsn --help > /dev/null; "
             "sg_senddiag -t $S", 0, ""),
            ("sg_raw -r 1000 $S 44 00 00 00 00 00 00 03 e8 00", 0, "U-832"),
        ])


@case("dd cpio mbuffer")
def dd_cpio_mbuffer(rig):
    """Block sizes of dd; cpio; mbuffer over two volumes."""
    with small(rig) as library:
        return run_steps(rig, prelude(library) + """
mkdir -p /tmp/src /tmp/out; head -c 400000 /dev/urandom > /tmp/src/file
""", [
            ("for bs in 512 10240 65536 262144; do mt -f $N rewind; "
             "dd if=/tmp/src/file of=$N bs=$bs conv=sync 2>/dev/null; "
             "mt -f $N rewind; dd if=$N bs=256k 2>/dev/null | "
             "cmp -n 400000 - /tmp/src/file || echo $bs differs; done", 0,
             r"\A\Z"),
            ("mt -f $N rewind; cd /tmp; find src | cpio -o -H newc -C 65536 "
             "-O $N", 0, "blocks"),
            ("mt -f $N rewind; cd /tmp/out; cpio -i -d -C 65536 -I $N && "
             "cmp src/file /tmp/src/file", 0, ""),
            ("mt -f $N rewind; mbuffer -q -s 32k -i /tmp/src/file -o $N", 0,
             ""),
            ("mt -f $N rewind; mbuffer -q -s 32k -n 1 -i $N | "
             "cmp -n 400000 - /tmp/src/file", 0, ""),
        ])


# /tmp/change loads the volume of the next slot; first loads that of slot 1.
CHANGE = """
mkdir -p /tmp/big /tmp/big.out; head -c 1500000 /dev/urandom > /tmp/big/file
cat > /tmp/change <<END
#!/bin/dash
n=\\$(cat /tmp/at)
mtx -f $C unload \\$n 0 && mtx -f $C load \\$((n + 1)) 0 || exit 1
echo \\$((n + 1)) > /tmp/at
END
chmod +x /tmp/change
first() { mtx -f $C unload 2>/dev/null; mtx -f $C load 1 0; echo 1 > /tmp/at; }
"""


def over_volumes(rig, steps):
    """Run steps with small volumes, which mtx changes."""
    with served(rig, "--drives", "1", "--volumes", "4", "--capacity", "1 MiB",
                "--early-warning", "128 KiB") as library:
        nodes = library.nodes()
        return run_steps(rig, "C=%s N=%s\n" % (nodes[0][1], nodes[1][0]) +
                         CHANGE, steps)


@case("tar over volumes")
def tar_over_volumes(rig):
    """GNU tar fills two small volumes."""
    return over_volumes(rig, [
        ("first; cd /tmp; tar -c -M -F /tmp/change -b 64 -f $N big", 0, ""),
        ("cat /tmp/at", 0, "2"),
        ("first; cd /tmp/big.out; tar -x -M -F /tmp/change -b 64 -f $N && "
         "cmp big/file /tmp/big/file", 0, "")])


@case("mbuffer over volumes")
def mbuffer_over_volumes(rig):
    """mbuffer fills two small volumes."""
    return over_volumes(rig, [
        ("first; cat /tmp/big/file | "
         "mbuffer -q -s 32k -m 1M -A /tmp/change -o $N", 0, ""),
        ("cat /tmp/at", 0, "2"),
        ("first; mbuffer -q -s 32k -m 1M -n 2 -A /tmp/change -i $N | "
         "cmp - /tmp/big/file", 0, "")])


@case("kernel initiator")
def kernel_initiator(rig):
    """open-iscsi in the guest, which keeps the residuals that QEMU drops."""
    with Library(rig, "--drives", "1", "--volumes", "2", "--capacity",
                 "64 MiB") as library:
        library.vtl("load", library.volumes()[0], "0")
        library.serve()
        try:
            return run_steps(rig, LOG_IN + """
log_in %s %d $INITIATOR 2>&1
nodes 1
""" % (NAME, library.port), [
                ("sg_luns $C", 0, "Lun list length = 16"),
                ("mtx -f $C status", 0, "Data Transfer Element 0:Full"),
                ("dd if=/dev/urandom of=/tmp/a bs=4096 count=3 2>/dev/null; "
                 "dd if=/tmp/a of=$N bs=4096 2>/dev/null; mt -f $N tell", 0,
                 "block 4"),
                # READ with SILI of 64 KiB: GOOD, with the length of the block.
                ("mt -f $N rewind; sg_raw -r 65536 $S 08 02 01 00 00 00", 0,
                 "Received 4096 bytes"),
                # Without SILI: ILI, with the residual in INFORMATION.
                ("sg_raw -r 65536 $S 08 00 01 00 00 00 > /tmp/raw 2>&1; "
                 "status=$?; grep -a -A9 Status /tmp/raw; (exit $status)", 20,
                 "Info fld=0xf000 .*ILI[^$]*Received 4096 bytes"),
                ("mt -f $N stsetoptions sili; mt -f $N rewind; "
                 "dd if=$N bs=64k 2>/dev/null | cmp - /tmp/a", 0, ""),
            ])
        finally:
            # The session would be in the way of the next case.
            rig.stop()


@case("iscsi-test-cu", core=True, kernels="last")
def iscsi_test_cu(rig):
    """Resets and sequence numbers, by iscsi-test-cu on the host: it sleeps."""
    if shutil.which("iscsi-test-cu") is None:
        rig.skip("needs libiscsi-bin")
    done = subprocess.run(
        ["python3", "-B", "sim/tests/all_tests.py",
         "iscsi_test_cu_test.IscsiTestCu.test_what_sleeps_passes"],
        env=dict(os.environ, BUILD=rig.build, CHECK_ST="1",
                 TAPELAB=os.path.join(rig.build, "tapelab")),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=300, check=False)
    if done.returncode != 0:
        raise Failed(done.stdout.decode(errors="replace"))
    return 1
