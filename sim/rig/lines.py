"""Answers of the tape driver that the fake one of the unit tests does not
imitate, because tapelab needs none of them; the words are those of st_rows.h.
"""
from cases import Differences, case
from guest import Failed
from served import Library
from rows import has_tape

# Options of the driver, script, answers.
LINES = (
    ("-", "o w S H w p", "ok 4096 ok ESPIPE 4096 @2"),
    # A close after reading leaves the tape, or, as System V, goes to the next
    # file.
    ("-", "o w w m w m < r c o r p",
     "ok 4096 4096 ok 4096 ok ok 4096 ok ok 4096 @2"),
    ("sysv", "o w w m w m < r c o r p",
     "ok 4096 4096 ok 4096 ok ok 4096 ok ok 4096 @4"),
)
# A command that the drive aborts, B/47/00, is lost; the next block takes its
# place.
ABORTED = ("-", "o w m w !P w ? p w ? p",
           "ok 4096 ok 4096 EIO 1:-1 @3 4096 1:-1 @4")
SIZE = ("-", "o W 0 < z r p", "ok 8192 ok ok ok EIO @0")
ON_DEBUG = """
cat > /tmp/act <<'END'
#!/sbin/busybox sh
[ $1 = P ] || exit 1
for file in /sys/kernel/debug/scsi_debug/*/error; do
	echo "2 -1 0x0a 0 0 2 0xb 0x47 0" > $file || exit 1
done
END
chmod +x /tmp/act
grep -q scsi_debug /proc/modules && rmmod scsi_debug
modprobe scsi_debug ptype=1 delay=0 max_luns=1
until [ -c /dev/nst0 ]; do sleep 0.02; done
N=/dev/nst0
"""
PLAY = """
play() { # options script
	mt -f $N rewind > /dev/null 2>&1
	[ $1 = - ] || mt -f $N stsetoptions $1
	echo "line $(st_rows_main script $N "$2" /tmp/act 2>&1)"
	[ $1 = - ] || mt -f $N stclearoptions $1
}
"""


def play(rig, start, lines):
    """Play lines, and compare their answers; `start` sets N."""
    found = Differences()
    output = rig.guest.run("\n".join([start, PLAY] + [
        "play %s '%s'" % line[:2] for line in lines]), 120, check=True)
    answers = [line[5:] for line in output.splitlines()
               if line.startswith("line ")]
    for i, (options, script, expected) in enumerate(lines):
        found.compare("%s %s" % (options, script), expected,
                      answers[i] if i < len(answers) else output)
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests


def on_tapelab(rig, check):
    with Library(rig, "--drives", "1", "--volumes", "1", "--capacity",
                 "1 MiB") as library:
        library.serve_loaded()
        library.attach(1)
        return check(library, "N=%s\n" % library.nodes()[1][0])


@case("lines of st")
def lines(rig):
    """Over the drive of tapelab, and over scsi_debug."""
    count = on_tapelab(rig, lambda _, start: play(rig, start, LINES))
    if has_tape(rig.kernel):
        count += play(rig, ON_DEBUG, LINES + (ABORTED,))
        rig.guest.run("rmmod scsi_debug", check=True)
    return count


@case("wrong block size in the log")
def wrong_size(rig):
    """The kernel's log names the block size, as tapelab-st(7) says."""
    def check(_, start):
        count = play(rig, start + "dmesg -c > /dev/null\n", (SIZE,))
        log = rig.guest.run("dmesg", check=True)
        if "Incorrect block size" not in log:
            raise Failed("the log has no \"Incorrect block size\":\n" + log)
        return count + 1
    return on_tapelab(rig, check)


@case("an open that waits is interrupted")
def interrupted(rig):
    """The driver waits two minutes for an empty drive; a signal ends that."""
    with Library(rig, "--drives", "1", "--volumes", "1") as library:
        library.serve()
        library.attach(1)
        node = library.nodes()[1][0]
        status, output = rig.guest.run("""
dd if=%s count=1 & pid=$!
until grep -q '^State:.S' /proc/$pid/status; do usleep 20000; done
sleep 3
[ -e /proc/$pid ] || exit 3
kill $pid
begun=$(cut -d. -f1 /proc/uptime)
wait $pid
echo "status $?, $(($(cut -d. -f1 /proc/uptime) - begun)) s"
""" % node, 300)
        seconds = int(output.split()[-2]) if " s" in output else 999
        if status != 0 or seconds > 60:
            raise Failed("status %d: %s" % (status, output))
    return 1
