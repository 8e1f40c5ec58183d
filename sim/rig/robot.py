"""A robot loads the volumes of tapelab: by its device or by mtx."""
import json

from cases import Differences, case
from guest import Failed
from served import SG, ST
from programs import served
from steps import run_steps

# The nodes of the drive through which tapelab writes.
NODES = (ST, SG)
SCRIPT = """
C=%(c)s N=%(n)s S=%(s)s H=/dev/sch0
head -c 1500000 /dev/urandom > /tmp/data
state() { mtx -f $C status > /tmp/$1; }
state before
"""


def two_drives(rig):
    return served(rig, "--drives", "2", "--volumes", "5", "--slots", "6",
                  "--capacity", "1 MiB", "--early-warning", "128 KiB")


def prelude(library, drive, node):
    nodes = library.nodes()
    return SCRIPT % {"c": nodes[0][1], "n": nodes[drive][node],
                     "s": nodes[drive][SG]}


# An acceptance run without a terminal, by a changer and with other options.
ACCEPT = """
cat > /tmp/test.yaml <<END
title: The drive accepts a cartridge
acceptance: {kind: quick}
library:
  drives: [lto8]
  volumes: {count: 1, capacity: 64 MiB}
steps: [{step: label}]
END
tapelab run --quick --device $N --changer %s --volume VTA003L8 \
	--out /tmp/asked /tmp/test.yaml < /dev/null
"""
LOADED = ("mtx -f $C load 3 0 > /dev/null; state before", 0, "")


@case("drives of a robot")
def drives_of_a_robot(rig):
    """Which drive is which is proven by serial numbers; nothing is moved.  Where
    a cartridge must be loaded to find out, the person is asked first.  A named
    cartridge in the drive stays there if no person agrees to the plan."""
    found = Differences()
    with two_drives(rig) as library:
        nodes = library.nodes()
        for changer in (nodes[0][1], nodes[0][0]):
            output = rig.guest.run(prelude(library, 1, ST) + """
tapelab drives --json --changer %s || exit 1
state after; cmp /tmp/before /tmp/after
""" % changer, 60, check=True)
            drives = json.loads(output)
            for i, drive in enumerate(drives):
                found.compare("the nodes of drive %d by %s" % (i, changer),
                              (*nodes[i + 1], "serial number"),
                              (drive["st"], drive["sg"], drive["proof"]))
            found.compare("drives by " + changer, 2, len(drives))
        found.tests += run_steps(rig, prelude(library, 1, ST), [
            (ACCEPT % "'mtx -f '$C", 2, "no person agreed to load a cartridge"),
            BACK, LOADED, (ACCEPT % "$C", 2, "answered yes"), BACK,
            (ACCEPT % ("$C --second-device " + nodes[2][ST]), 2,
             "answered yes"), BACK])
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests


# The changer, as it is named, and whether it is proven without a move.
CHANGERS = ("$C", "$H", "'mtx -f '$C")
VOLUMES = "--volume VTA003L8 --volume VTA001L8"
WRITE = ("tapelab write $(drive $N) --changer %s " + VOLUMES +
         " --label-blank --no-catalogue --block '32 KiB' --part '256 KiB' "
         "--buffer '256 KiB' --cache memory --dump %s < /tmp/data")
READ = ("tapelab read $(drive $N) --changer %s " + VOLUMES +
        " --dump %s | cmp - /tmp/data")
BACK = ("state after; cmp /tmp/before /tmp/after", 0, "")


@case("a robot loads")
def a_robot_loads(rig):
    """A dump over two volumes, which are in their slots afterwards; only they
    are moved.  The second drive is used."""
    count = 0
    for node in NODES:
        for changer in CHANGERS:
            with two_drives(rig) as library:
                count += run_steps(rig, prelude(library, 2, node), [
                    (WRITE % (changer, "d"), 0, ""), BACK,
                    (READ % (changer, "d"), 0, ""), BACK])
                library.detach()
                library.stop()
                for volume in library.volumes():
                    if library.is_blank(volume) != (volume not in VOLUMES):
                        raise Failed("%s, %s" % (volume,
                                                 library.vtl("list")))
                    count += 1
    return count
