"""Single operations of both back ends, over the kernel's own simulated tape.

scsi_debug keeps 4 bytes of each block, so no label can be read back.  Whole
dumps are impossible on it, and acceptance and calibration refuse it.
"""
import os
import shutil

from cases import Differences, case
from guest import Failed

PLAYER = "splitter/api/tests/tape_script_main"
# The tape has 10,000 units, blocks or filemarks.  The early warning is 20 units
# before the end.
START = """
grep -q scsi_debug /proc/modules && rmmod scsi_debug
modprobe scsi_debug ptype=1 delay=0 max_luns=1
until [ -c /dev/nst0 ] && [ -c /dev/sg0 ]; do sleep 0.02; done
mt -f /dev/nst0 rewind # the first command gets a unit attention
cat > /tmp/act <<'END'
#!/sbin/busybox sh
# act OPCODE,KEY,ASC,ASCQ: the next command of this kind fails once.
# act OPCODE,host,BYTE: it has no answer; the kernel says why (DID_...).
set -- $(echo $1 | tr , ' ')
case $2 in
host) what="$3 0 0 0 0 0" ;;
*) what="0 0 2 $2 $3 $4" ;;
esac
for file in /sys/kernel/debug/scsi_debug/*/error; do
	echo "2 -1 $1 $what" > $file || exit 1
done
END
chmod +x /tmp/act
"""
STOP = "\nrmmod scsi_debug\n"
# 9,970 units are used: a label, with its filemark, and blocks.
FULL = "l " + "w256 " * 38 + "w240"
FULL_ANSWERS = "ok " + "ok:256 " * 38 + "ok:240"
# Script, its answers by st, and by sg where they differ.  st does not know what
# an error was.  A "..." stands for FULL and its answers.
SCRIPTS = (
    ("l p h w8 m p h w3 m p",
     "ok @1:2 ok ok:8 ok @2:12 ok ok:3 ok @3:17"),
    ("l h w8 m h w3 m e p f1 p r r f2 p r r r r r r R p",
     "ok ok ok:8 ok ok ok:3 ok ok @3:17 ok @1:2 ok ok ok @2:12 "
     "ok ok ok ok filemark end_of_data ok @0:0",
     "ok ok ok:8 ok ok ok:3 ok ok @3:17 ok @1:2 ok ok ok @2:12 "
     "ok ok ok ok filemark end_of_data/8.00.05 ok @0:0"),
    ("... w20 p m p w8 w20 p",
     "... ok:11+leom @1:9981 ok+leom @2:9982 ok:1+leom ok:1+leom @2:9984"),
    ("... w10 m h w40 p w1 m p",
     "... ok:10 ok ok ok:17+leom @2:9999 peom:0+leom peom+leom @2:9999",
     # The last block is on tape, but its answer is that of the physical end:
     # the part has failed, whatever its last block is.  The position, which
     # is asked for after this answer, counts the block.
     "... ok:10 ok ok peom:16/D.00.02 @2:9999 peom:0/D.00.02 peom/D.00.02 "
     "@2:9999"),
    ("l h w4 !0x0a,3,0x0c,0 w4 p", "ok ok ok:4 unknown_error:0 @1:7",
     "ok ok ok:4 medium_error:0/3.0C.00 @1:7"),
    ("l h w4 !0x0a,4,0x44,0 w4 p", "ok ok ok:4 unknown_error:0 @1:7",
     "ok ok ok:4 hardware_error:0/4.44.00 @1:7"),
    ("l h w4 !0x10,3,0x0c,0 m p", "ok ok ok:4 unknown_error @1:7",
     "ok ok ok:4 medium_error/3.0C.00 @1:7"),
    ("l h w4 !0x0a,6,0x29,0 w4 p", "ok ok ok:4 position_lost:0 @1:7",
     "ok ok ok:4 position_lost:0/6.29.00 @1:7"),
    ("l h w4 !0x0a,2,0x04,1 w4 p", "ok ok ok:4 unknown_error:0 @1:7",
     "ok ok ok:4 position_lost:0/2.04.01 @1:7"),
    ("l h w4 m R !0x08,3,0x11,0 r p", "ok ok ok:4 ok ok unknown_error @0:-1",
     "ok ok ok:4 ok ok medium_error/3.11.00 @0:0"),
)
# Commands without an answer, by the kernel's reason (DID_...).  The drive may
# have executed them, so they are not sent again, and nothing more is written on
# the volume.  After those of RESETS the kernel resets the drive.
NO_CONNECT, BUS_BUSY, TIME_OUT, ABORT, ERROR, RESET = 1, 2, 3, 5, 7, 8
SOFT_ERROR, DISRUPTED, FAILFAST = 11, 14, 15
HOSTS = (NO_CONNECT, BUS_BUSY, TIME_OUT, ABORT, ERROR, RESET, SOFT_ERROR,
         DISRUPTED, FAILFAST)
RESETS = (TIME_OUT, SOFT_ERROR, FAILFAST)
NODES = {"st": "/dev/nst0", "sg": "/dev/sg0"}


def lost():
    """Return scripts in which a WRITE, a WRITE FILEMARKS or a READ has no
    answer, with their answers."""
    scripts = []
    for byte in HOSTS:
        # scsi_debug adds sense data that are all zeros.
        st, sense = ("position_lost", "") if byte in RESETS else (
            "unknown_error", "/0.00.00")
        scripts.append(("l h w4 !0x0a,host,%d w4 p" % byte,
                        "ok ok ok:4 %s:0 @1:7" % st,
                        "ok ok ok:4 position_lost:0%s @1:7" % sense))
        # After a reset the kernel itself sends a command without data again.
        # The position shows that the filemark is on tape once.
        scripts.append(("l h w4 !0x10,host,%d m p" % byte,
                        "ok ok ok:4 ok @2:8") if byte == RESET else
                       ("l h w4 !0x10,host,%d m p" % byte,
                        "ok ok ok:4 %s @1:7" % st,
                        "ok ok ok:4 position_lost%s @1:7" % sense))
        scripts.append(("l h w4 m R !0x08,host,%d r p" % byte,
                        "ok ok ok:4 ok ok unknown_error @0:-1",
                        "ok ok ok:4 ok ok position_lost%s @0:0" % sense))
    return tuple(scripts)


@case("operations on scsi_debug", kernels="last")
def operations(rig):
    """Both ends, injected errors, filemarks and positions."""
    found = Differences()
    for script, *answers in SCRIPTS + lost():
        for i, (back_end, node) in enumerate(NODES.items()):
            expected = answers[min(i, len(answers) - 1)]
            output = rig.guest.run(
                START + "tape_script_main %s %s '%s' /tmp/act 2>&1" %
                (back_end, node, script.replace("...", FULL)) + STOP, 120)[1]
            found.compare("%s: %s" % (back_end, script),
                          "%s %s" % (back_end, expected),
                          output.strip().replace(FULL_ANSWERS, "..."))
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests


REFUSALS = (
    ("tapelab run --device %s --volume A --yes --quick /tmp/acceptance",
     "scsi_debug"),
    ("tapelab calibrate --device %s --yes --label-blank", "scsi_debug"),
)


@case("scsi_debug is refused", kernels="last")
def refused(rig):
    """Acceptance and calibration say why, and write nothing."""
    found = Differences()
    shutil.copytree("scenarios/acceptance",
                    os.path.join(rig.guest.share, "acceptance"),
                    dirs_exist_ok=True)
    script = "cp -r /share/acceptance /tmp/\n" + "\n".join(
        "echo '<<<'; %s < /dev/null 2>&1; echo \"status $?\"" % command % node
        for command, _ in REFUSALS for node in ("/dev/nst0", "/dev/sg0"))
    output = rig.guest.run(START + script + STOP, 120)[1].split("<<<\n")[1:]
    for i, text in enumerate(output):
        why = REFUSALS[i // 2][1]
        found.check("%s refuses" % REFUSALS[i // 2][0],
                    "status 2" in text and why in text, text)
    found.check("each command was run", len(output) == 2 * len(REFUSALS))
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests
