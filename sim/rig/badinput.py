"""Names that are no drives, drives in use, a command that a killed program left
running, and a cartridge that is taken out or exchanged: the same words in every
command that uses a drive."""
import os
import signal

from cases import case
from guest import Failed
from served import SG, ST, Library
from programs import served
from server_trace import WRITE, Trace
from steps import run_steps

ADVICE = "name a drive such as /dev/nst0 or /dev/sg3$"
# Each command that uses a drive, without its --device.
COMMANDS = (
    "write --dump d --no-catalogue", "read --dump d", "scan",
    "label --volume VTA001L8", "release",
    "run --volume VTA001L8 --yes /tmp/test.yaml",
    "run --volume VTA001L8 --yes --trial 1min /tmp/test.yaml",
    "calibrate --volume VTA001L8 --yes")
# Names, and what is wrong with them.
NAMES = (
    ("$(rewinding)", "%s: this node rewinds the tape when it is closed: use /dev/"
     "nst[0-9]+$"),
    ("$H", "%s: this is a changer, not a tape drive: name the drive with "
     "--device and the changer with --changer$"),
    ("/dev/null", "%s: this is not a tape drive: " + ADVICE),
    ("/dev/nst77", "%s: No such file or directory: " + ADVICE),
    ("/tmp/test.yaml", "%s: this is not a character device: " + ADVICE))
IN_USE = "another program has it open[^\n]*in use by sleep .process [0-9]+"
TEST = """
cat > /tmp/test.yaml <<END
title: The drive accepts a cartridge
acceptance: {kind: quick, time: 1 min}
library:
  drives: [lto8]
  volumes: {count: 1, capacity: 64 MiB}
steps:
  - {step: label, expect: [result == done, labelled_volumes == 1]}
END
H=%s
rewinding() { echo /dev/${N#/dev/n}; }
"""


def prelude(library, node):
    nodes = library.nodes()
    return "C=%s N=%s S=%s\nmtx -f $C load 1 0 > /dev/null\n" % (
        nodes[0][1], nodes[1][node], nodes[1][SG]) + TEST % nodes[0][SG]


def one_drive(rig):
    return served(rig, "--drives", "1", "--volumes", "2", "--capacity",
                  "64 MiB")


@case("bad names", core=True, kernels="last")
def bad_names(rig):
    """Every command refuses the same names, with status 2."""
    steps = []
    for name, says in NAMES:
        for command in COMMANDS:
            steps.append(("tapelab %s --device %s < /dev/null" % (
                command, name), 2, "^tapelab: " + says % "[^ :]+"))
    with one_drive(rig) as library:
        return run_steps(rig, prelude(library, ST), steps)


@case("drive in use", core=True, kernels="last")
def in_use(rig):
    """The program that has a node of the drive open is named."""
    steps = [("sleep 1000 < $N & echo $! > /tmp/user", 0, "")]
    steps += [("tapelab %s --device $N < /dev/null" % command, 2,
               "^tapelab: [^\n]*" + IN_USE) for command in COMMANDS
              if command != "release"]
    # It needs no st node.
    steps += [
        ("tapelab release --device $N", 0, "in use by sleep .process"),
        ("kill $(cat /tmp/user); wait $(cat /tmp/user); exec 9<>$S", 0, "")]
    # The sg node is opened exclusively.
    steps += [("tapelab %s --device $N < /dev/null" % command, 2,
               "^tapelab: [^\n]*another program has it open[^\n]*in use by ")
              for command in COMMANDS]
    steps += [("exec 9<&-", 0, "")]
    with one_drive(rig) as library:
        return run_steps(rig, prelude(library, ST), steps)


@case("a command left running", core=True, kernels="last")
def left_running(rig):
    """A drive that does not end a command of a program that was killed: the wait
    has an end, and says what is waited for."""
    with one_drive(rig) as library:
        def send(number):
            library.server.send_signal(number)
            return ""

        rig.guest.calls = {"hang": lambda: send(signal.SIGSTOP),
                           "continue": lambda: send(signal.SIGCONT)}
        # The list of the sg driver may have the command.
        runs = (r"/dev/sg\d+: the drive (still executes Rewind \(01h\), which "
                r"a program that has ended sent \d+ s ago|has not answered for "
                r"\d+ s: which command it executes is not known): ")
        try:
            return run_steps(rig, prelude(library, SG), [
                ("sg_turs -n 9 $S > /dev/null; host hang; "
                 "sg_raw $S 1 0 0 0 0 0 & usleep 300000; kill -9 $!; "
                 "wait $!", 137, ""),
                ("tapelab release --device $N --wait 7s", 1,
                 runs + "waiting at most 1 min\n[^$]*" + runs + "nothing can "
                 "be done before it ends; try again later, and if it never "
                 "ends, switch the drive off and on$"),
                # The next run waits, too.
                ("tapelab scan --device $N > /tmp/said 2>&1 & scan=$!; "
                 "until grep -q waiting /tmp/said; do usleep 100000; done; "
                 "host continue; wait $scan; cat /tmp/said", 0,
                 runs + "waiting at most 234 min\n[^$]*waited [0-9]+ s for a "
                 "command that an earlier program left running"),
                ("tapelab release --device $N", 0, "left nothing on the")])
        finally:
            rig.guest.calls = {}
            send(signal.SIGCONT)


# A test that writes for some seconds.
RATE = """
mkdir -p /tmp/tests
cat > /tmp/tests/10_rate.yaml <<END
title: The drive writes at its rate
acceptance: {kind: quick}
library:
  drives: [lto8]
  volumes: {count: 1, capacity: 512 MiB}
splitter: {block: 64 KiB}
steps:
  - {step: label, expect: [result == done]}
  - {step: measure, what: rate, volume: 1, size: 48 MiB, expect: [result == done]}
END
disturb() { # what, command
	eval "$2" > /tmp/said 2>&1 & run=$!
	host written > /tmp/host || cat /tmp/host
	# The door is locked: it is opened by force.
	sg_prevent --allow /dev/bsg/$(lsscsi | sed -n 's/^.\\(.*:1\\)].*/\\1/p')
	host $1 > /tmp/host || cat /tmp/host
	wait $run; status=$?
	cat /tmp/said
	return $status
}
"""
ACCEPT = "tapelab run --quick --yes --device $N --volume VTA001L8 --out " \
    "/tmp/out /tmp/tests"
CALIBRATE = "tapelab calibrate --yes --device $N --volume VTA001L8 " \
    "--label-blank --out /tmp/calibrated"
# A dump of 96 MiB in six parts.
WRITE_DUMP = "head -c 100663296 /dev/zero | tapelab write --device $N " \
    "--dump d --no-catalogue --part 16MiB"
LABEL_AND_WRITE = "tapelab label --device $N --volume VTA001L8 && " + \
    WRITE_DUMP
RESUME = WRITE_DUMP + " --volume VTA001L8 --resume && " \
    "tapelab read --device $N --dump d | cmp -n 100663296 - /dev/zero"
REMOVED = (r"cartridge VTA001L8 was taken out of the drive during a test, or "
           r"unloaded or exchanged there \([^\n]*: put it in again, and the "
           r"same command continues the run$")
# A drive of 6 MB/s, which is paced to 30 MB/s.
SLOW = ("--drives", "1", "--drive-model", "dlt8000", "--volumes", "2",
        "--media-type", "none")
# What happens while a program writes; the program, its status, what it says; the
# command when the cartridge is back, and what that says.
CONTINUED = "^The run of .* is continued"
DISTURBANCES = (
    ("eject", ACCEPT, 1, REMOVED, ACCEPT, CONTINUED),
    ("exchange", ACCEPT, 1, REMOVED, ACCEPT, CONTINUED),
    ("eject", CALIBRATE, 5, "the same command continues$", None, None),
    ("exchange", CALIBRATE, 5, "the same command continues$", None, None),
    ("eject", LABEL_AND_WRITE, 4, "^tapelab: dump d is PARTIAL$", RESUME,
     "^tapelab: volume VTA001L8 "),
    ("exchange", LABEL_AND_WRITE, 4, "^tapelab: dump d is PARTIAL$", RESUME,
     "^tapelab: volume VTA001L8 "))


@case("taken out in mid-run", kernels="last")
def taken_out(rig):
    """A cartridge is taken out, or exchanged, while an acceptance run, a
    calibration or a dump writes: nothing is written on the other one, and the run
    or the dump can be continued."""
    count = 0
    for what, command, status, says, again, then in DISTURBANCES:
        with Library(rig, *SLOW, "--capacity", "512 MiB") as library:
            trace = Trace(os.path.join(library.dir, "trace"))
            library.serve("--pace=0.2", "--trace", trace.path)
            library.attach()
            names = library.volumes()

            def written():
                before, = trace.counts(WRITE)
                trace.wait({WRITE: before + 100}, 120)

            def remove(load):
                library.vtl("unload", "drive:0")
                return load and library.vtl("load", names[1], "0")

            def put_back():
                if what == "exchange":
                    library.vtl("unload", "drive:0")
                return library.vtl("load", names[0], "0")

            rig.guest.calls = {"written": written,
                               "eject": lambda: remove(False),
                               "exchange": lambda: remove(True),
                               "back": put_back}
            steps = [("rm -rf /tmp/out /tmp/calibrated; disturb %s '%s'" % (
                what, command), status, says)]
            if again is not None:
                steps.append(("host back > /dev/null; " + again, 0, then))
            try:
                count += run_steps(rig, prelude(library, SG) + RATE, steps)
            finally:
                rig.guest.calls = {}
            library.detach()
            library.stop()
            if not library.is_blank(names[1]):
                raise Failed("%s: the other cartridge was written" % command)
            count += 1
    return count
