"""Programs of others for tapes and changers, on the real drivers."""
import os
import re
import shlex
import shutil
import subprocess
import sys

from cases import case
from guest import Failed, Guest
from served import NAME, Library
from steps import run_steps


def served(rig, *options, attach=Library.attach):
    """Return a library that is served and attached; `attach` is the initiator,
    Library.attach or Library.log_in."""
    library = Library(rig, *options)
    try:
        library.serve()
        attach(library)
    except BaseException:
        library.__exit__(*sys.exc_info())
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


def opcodes(*names):
    """Return a pattern of sg_opcodes: these commands, in this order."""
    return ".*".join(r"^ %s .* %s$" % (code, re.escape(name))
                     for code, name in names)


@case("sg3_utils")
def sg3_utils(rig):
    """sg3_utils and lsscsi decode what drive and changer answer: what they say
    is compared with the library, which has one volume, loaded once."""
    with small(rig) as library:
        changer, drive = library.about["luns"][:2]
        return run_steps(rig, prelude(library) + "sg_turs -n 9 $S >&2\n", [
            ("lsscsi -g", 0, r"mediumx STK +L700 +TL01 .*/dev/sch0"
             r"(?s:.*)tape +IBM +ULTRIUM-TD8 +TL01"),
            ("sg_inq $S", 0, "(?s)PDT=1 .*device type: tape"
             ".*identification: ULTRIUM-TD8 .*number: %s$" % drive["serial"]),
            ("sg_inq $C", 0, "(?s)PDT=8 .*device type: medium changer"
             ".*identification: L700 .*number: %s$" % changer["serial"]),
            ("sg_vpd -p sv $S", 0, r"(?s)\[sn\]\n.*\[di\]\n.*\[ei\]\n"
             r".*\[sad\]\n.*\[mas\]\n.*\[tas\]\n.*\[adsn\]\n.*\[dtde\]"),
            ("sg_vpd -p di $S", 0, r"(?s)ULTRIUM-TD8 +%s\n.*NAA.*\n +0x%s\n"
             r".*vendor specific: tapelab\n.*%s,t,0x0001" % (
                 drive["serial"], drive["naa"], re.escape(NAME))),
            ("sg_vpd -p sn $C", 0, "number: %s$" % changer["serial"]),
            ("sg_vpd -p adsn $S", 0, changer["serial"]),
            ("sg_modes -a $S", 0, r"(?s)medium type=0x88.*Density code=0x5e"
             r".*Data Compression.*\n 00     0f 0e 40 80 "
             r".*Device configuration.*\n 00     10 0e "),
            # 6 slots from 1024, 2 import/export slots from 16, 2 drives.
            ("sg_modes -a $C", 0, r"Element address assignment.*\n 00     1d 12 "
             r"00 01 00 01 04 00  00 06 00 10 00 02 01 00\n 10     00 02"),
            ("sg_logs -p 0xc $S", 0, r"(?s)EW of current partition: 62 MB\n"
             r".*EW to EOP of current partition: 4 MB"),
            ("sg_logs -p 0x2e $S", 0, r"(?s)Hard error: 0\n.*Media life: 0\n"
             r".*Cleaning required: 0\n"),
            ("sg_logs -p 0x14 $S", 0, "(?s)media loads: 1$.*power cycles: 1$"
             ".*Read duty cycle: 0$.*Medium removal prevented: 0$"),
            ("sg_logs -p 0x17 $S", 0, "(?s)Thread count: 1$"
             r".*native capacity \[MB\]: 67$.*barcode: VTA001L8 "
             ".*personality: Ultrium-8$.*Write protect: 0$"),
            ("sg_read_attr $S", 0, r"(?s)Maximum capacity .*: 64$"
             ".*Load count: 1$.*last load: IBM +%s"
             ".*Medium serial number: VTA001L8 "
             ".*Medium density code: 0x5e$" % drive["serial"]),
            ("sg_opcodes $S", 0, "(?s)" + opcodes(
                ("08", "Read(6)"), ("0a", "Write(6)"), ("11", "Space(6)"),
                ("1b", "Load unload"), ("44", "Report density support"),
                ("5f", "Persistent reserve out, preempt and abort"),
                ("8c", "Read attribute, attribute values"),
                ("92", "Locate(16)"))),
            # The drive does not support READ REVERSE.
            ("sg_opcodes $S | grep -c '^ 0f'", 1, "^0$"),
            ("sg_opcodes $C", 0, "(?s)" + opcodes(
                ("07", "Initialize element status"),
                ("2b", "Position to element"), ("a5", "Move medium"),
                ("b8", "Read element status"))),
            ("sg_persist -i -k $S", 0, "there are NO registered"),
            ("sg_persist -o -G -S 1 $S && sg_persist -i -k $S", 0,
             r"1 registered reservation key follows:\n +0x1$"),
            ("sg_persist -o -C -K 1 $S && sg_persist -i -k $S", 0,
             "there are NO registered"),
            ("sg_requests $S", 0, r"Sense key: No Sense"),
            ("sg_senddiag -t $S", 0, "self-test returned GOOD"),
            # sg_rep_density is in no package of Debian 12.
            ("sg_raw -r 1000 $S 44 00 00 00 00 00 00 03 e8 00", 0, "U-832"),
        ])


def readme_options(portal):
    """Return QEMU's options in the README, for this server."""
    with open("README.md", encoding="utf-8") as f:
        text = re.search(r"\$ qemu-system-x86_64 \.\.\. (.*?)\n\n", f.read(),
                         re.S).group(1)
    return shlex.split(text.replace("\\\n", " ").replace(
        "//127.0.0.1/iqn.2026-11.tapelab:lib/", "//%s/%s/" % (portal, NAME)))


@case("QEMU options", kernels="last")
def qemu_options(rig):
    """The options of the README attach a changer and a drive to a guest."""
    rig.stop()
    with Library(rig, "--drives", "1", "--volumes", "2") as library:
        library.serve()
        try:
            rig.guest = Guest(rig.machine, rig.kernel, options=readme_options(
                library.portal)).__enter__()
            return run_steps(rig, "C=$(lsscsi -g | awk '/mediumx/ {print $NF}')\n",
                             [
                ("lsscsi", 0, "mediumx +STK +L700(?s:.*)tape +IBM +ULTRIUM"),
                ("mtx -f $C load 1 0", 0, ""),
                ("mt -f /dev/nst0 status", 0, "BOT.* ONLINE"),
                ("echo text | dd of=/dev/nst0 2>/dev/null; "
                 "mt -f /dev/nst0 rewind; cat /dev/nst0", 0, "^text$"),
            ])
        finally:
            # The guest has these devices as long as it runs.
            rig.stop()


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
        library.serve_loaded()
        try:
            return run_steps(rig, library.log_in_script(), [
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
