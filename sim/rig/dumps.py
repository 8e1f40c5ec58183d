"""Dumps of tapelab on the real driver: a drive that is reset, and more."""
from cases import case
from failures import SETUP
from guest import Failed
from programs import served
from steps import run_steps


def one_drive(rig, *options):
    return served(rig, "--drives", "1", "--volumes", "6", "--capacity",
                  "64 MiB", "--early-warning", "4 MiB", *options)


def start(library, slots="1 2 3"):
    nodes = library.nodes()
    return "changer=%s N=%s\n%s\nWHERE=\"0 $N\" SLOTS='%s'\n" % (
        nodes[0][1], nodes[1][0], SETUP, slots)


DUMP = "dump $WHERE \"$SLOTS\" memory"
RESTORE = "restore $WHERE \"$SLOTS\""


@case("reset and exchange", core=True)
def reset_and_exchange(rig):
    """The drive is reset, or the cartridge exchanged, in mid-dump."""
    count = 0
    for what in ("reset", "exchange"):
        with one_drive(rig) as library:
            names = library.volumes()
            if what == "reset":
                library.fault("{fail: drive, operation: write, nth: 27, "
                              "mode: reset, once: true}")
            rig.guest.calls = {"exchange": lambda: library.vtl(
                "unload", "drive:0") and library.vtl("load", names[5], "0")}
            count += run_steps(rig, start(library) + """
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
