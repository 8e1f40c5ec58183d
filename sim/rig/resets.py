"""Resets that the guest asks for in mid-dump, with sg_reset.

QEMU's initiator does not pass resets on: its own device reports one (29/00).
The kernel's initiator sends task management functions to the library.
"""
from cases import case
from dumps import RESTORE, one_drive, start
from failures import setup
from served import Library
from steps import run_steps

# Options of sg_reset, and its status over QEMU's initiator and the kernel's: 1
# where the driver has no such function.
LEVELS = (("--device", 0, 0), ("--target", 1, 0), ("--bus", 1, 1))


def steps(level, status, slots):
    return [
        ("feed() { head -c 700000 /tmp/data; sg_reset -N %s $S; "
         "echo $? > /tmp/status; tail -c +700001 /tmp/data; }" % level, 0, ""),
        ("feed | dump_stdin $WHERE \"%s\" memory" % slots, 0, ""),
        ("cat /tmp/status", 0, "^%d$" % status),
        (RESTORE.replace("$SLOTS", slots), 0, ""),
        ("mtx -f $changer unload $(cat /tmp/slot) 0", 0, "")]


def all_levels(column):
    """Each level has volumes of its own."""
    return [step for i, level in enumerate(LEVELS)
            for step in steps(level[0], level[column],
                              "%d %d" % (2 * i + 1, 2 * i + 2))]


@case("sg_reset")
def sg_reset(rig):
    """Over QEMU's initiator."""
    with one_drive(rig) as library:
        return run_steps(rig, start(library) + "S=%s\n" %
                         library.nodes()[1][1], all_levels(1))


@case("sg_reset, kernel initiator")
def sg_reset_kernel(rig):
    """Over the kernel's initiator: the library resets the drive."""
    with Library(rig, "--drives", "1", "--volumes", "6", "--capacity",
                 "64 MiB") as library:
        library.serve()
        try:
            return run_steps(rig, library.log_in_script() + setup() +
                             "WHERE=\"0 $N\"\n", all_levels(2))
        finally:
            rig.stop()
