"""Dumps of tapelab on the real driver: states of drive, driver and volumes."""
import os

from cases import case
from failures import CACHES, CAUSES, Sizes, judge, setup
from guest import Failed
from served import ST, Library
from programs import served
from steps import run_steps

# Options of the driver, and states of drive and tape, that a person may have
# set with mt.
ODD_STATES = (
    "mt -f $N setblk 512", "mt -f $N setblk 65536",
    "mt -f $N stsetoptions two-fms", "mt -f $N stsetoptions scsi2logical",
    "mt -f $N stsetoptions fast-eod", "mt -f $N stsetoptions sysv",
    "mt -f $N stsetoptions sili", "mt -f $N stsetoptions can-partitions",
    "mt -f $N stsetoptions no-blklimits", "mt -f $N stsetoptions no-wait",
    "mt -f $N stclearoptions buffer-writes async-writes read-ahead can-bsr",
    "mt -f $N stsetoptions auto-lock", "mt -f $N lock",
    "mt -f $N compression 0",
    "dd if=/dev/zero of=$N bs=10k count=9 2>/dev/null; mt -f $N bsf 1; "
    "mt -f $N bsr 4",
    "mt -f $N weof 3; mt -f $N bsf 2", "mt -f $N eod")


def one_drive(rig, attach=Library.attach):
    return served(rig, "--drives", "1", "--volumes", "6", "--capacity",
                  "64 MiB", "--early-warning", "4 MiB", attach=attach)


def start(library, slots="1 2 3", node=ST):
    nodes = library.nodes()
    return "changer=%s N=%s\n%s\nWHERE=\"0 $N\" SLOTS='%s'\n" % (
        nodes[0][1], nodes[1][node], setup(), slots)


DUMP = "dump $WHERE \"$SLOTS\" memory"
RESTORE = "restore $WHERE \"$SLOTS\""


@case("reset and exchange", core=True)
def reset_and_exchange(rig):
    """The drive is reset, or the cartridge exchanged, in mid-dump."""
    return reset_or_exchange(rig, ST)


def reset_or_exchange(rig, node, attach=Library.attach):
    count = 0
    for what in ("reset", "exchange"):
        with one_drive(rig, attach) as library:
            names = library.volumes()
            if what == "reset":
                library.fault("{fail: drive, operation: write, nth: 27, "
                              "mode: reset, once: true}")
            rig.guest.calls = {"exchange": lambda: library.vtl(
                "unload", "drive:0") and library.vtl("load", names[5], "0")}
            count += run_steps(rig, start(library, node=node) + """
feed() { head -c 700000 /tmp/data; %s; tail -c +700001 /tmp/data; }
""" % ("host exchange > /dev/null" if what == "exchange" else ":"), [
                ("feed | dump_stdin $WHERE \"$SLOTS\" memory", 0, ""),
                (RESTORE, 0, "")])
            rig.guest.calls = {}
            library.detach()
            library.stop()
            if what == "exchange" and not library.is_blank(names[5]):
                raise Failed("the exchanged volume was written: " +
                             library.vtl("list"))
    return count


@case("odd states")
def odd_states(rig):
    """Options and positions that were set with mt do not matter."""
    with one_drive(rig) as library:
        steps = [("mtx -f $changer load 1 0", 0, "")]
        for state in ODD_STATES:
            steps += [
                (state, 0, ""),
                ("tapelab write $(drive $N) --overwrite-unnamed --yes --volume "
                 "ODD001 --overwrite %s --dump d --no-catalogue < /tmp/data" %
                 library.volumes()[0], 0, ""),
                ("tapelab read $(drive $N) --dump d | cmp - /tmp/data", 0, ""),
                ("mt -f $N setblk 0; mt -f $N stoptions buffer-writes "
                 "async-writes read-ahead can-bsr; mt -f $N unlock", 0, "")]
        return run_steps(rig, start(library), steps)


@case("fixed blocks")
def fixed_blocks(rig):
    """Blocks of a fixed size, written and read back."""
    return write_fixed(rig, ST)


def write_fixed(rig, node, attach=Library.attach):
    with one_drive(rig, attach) as library:
        return run_steps(rig, start(library, node=node) +
                         "options=--fixed\n", [
            (DUMP, 0, ""), (RESTORE, 0, "")])


@case("append and resume")
def append_and_resume(rig):
    """A second dump follows the first; a killed writer's dump is resumed."""
    return append_resume(rig, ST)


def append_resume(rig, node, attach=Library.attach):
    with one_drive(rig, attach) as library:
        write = ("tapelab write $(drive $N) --no-catalogue --volume %s --part "
                 "'256 KiB' --cache memory --dump " % library.volumes()[0])
        return run_steps(rig, start(library, node=node), [
            (DUMP, 0, ""),
            (write + "e < /tmp/data", 0, ""),
            ("tapelab scan $(drive $N)", 0, "^dump d@[^$]*^dump e@"),
            ("tapelab read $(drive $N) --dump e | cmp - /tmp/data", 0, ""),
            ("mkfifo /tmp/fifo; %s f < /tmp/fifo & writer=$!; "
             "{ head -c 900000 /tmp/data; sleep 5; } > /tmp/fifo & "
             "sleep 4; kill -9 $writer" % write, 0, ""),
            (write + "f --resume < /tmp/data", 0, ""),
            ("tapelab read $(drive $N) --dump f | cmp - /tmp/data", 0, "")])


@case("write protection")
def write_protection(rig):
    """A write-protected volume is left alone, and the next one is used."""
    return leave_protected(rig, ST)


def leave_protected(rig, node, attach=Library.attach):
    with Library(rig, "--drives", "1", "--volumes", "3", "--capacity",
                 "64 MiB") as library:
        os.chmod(os.path.join(library.path, library.volumes()[0] + ".tape"),
                 0o444)
        library.serve()
        attach(library)
        return run_steps(rig, start(library, node=node), [
            (DUMP, 0, "protected"), (RESTORE, 0, "")])


# A block that does not fit one request of the driver is written from a buffer
# of the driver, asynchronously; others are written directly.
LARGE = Sizes("2 MiB", "8 MiB", 20000000, "8 MiB", "4 MiB", {
    "label": ("write", 1), "header": ("write", 7), "block": ("write", 9),
    "filemark": ("filemark", 3)})


@case("asynchronous writes")
def asynchronous_writes(rig):
    """Each cause at each place, with blocks that the driver acknowledges before
    the drive does: the error comes with the next call."""
    with one_drive(rig) as library:
        count = run_steps(rig, start(library) + """
mtx -f $changer load 1 0 > /dev/null
mt -f $N stsetoptions debug
direct() { # BLOCK: how many of 3 writes were direct
	dmesg -c > /dev/null
	dd if=/dev/zero of=$N bs=$1 count=3 2>/dev/null
	dmesg | sed -n 's/.*requests 3, dio used in \\([0-9]*\\),.*/direct \\1/p'
}
""", [("direct 32k", 0, "^direct 3$"), ("direct 2M", 0, "^direct 0$"),
            ("mt -f $N stclearoptions debug", 0, "")])
    return count + judge(rig, CAUSES, CACHES[:1], LARGE)
