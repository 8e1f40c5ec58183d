"""Names that are no drives, drives in use, and a command that a killed program
left running: the same words in every command that uses a drive."""
import signal

from cases import case
from library import SG, ST
from programs import served
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
