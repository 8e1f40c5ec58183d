"""Dumps that meet both ends of a tape, at each alignment.

A part has a header and a number of blocks, so a volume that is one block larger
has its end one object later: with as many sizes as a part has objects, each
object meets the early warning once, and the physical end once.
"""
import re

from cases import Differences, case
from failures import SMALL, ST_ONLY, setup
from guest import Failed
from served import Library

BLOCK = 32 * 1024
VOLUMES = 8
# Enough for two ends, and the beginning of a third volume.
DATA = 600000
# With parts of three blocks each object meets the end once.
CORE_ENDS = [(14 + n, warning, 3, None) for warning in (3, 0)
             for n in range(4)]


def volume_options(blocks, warning, behaviour):
    """Options of a library whose volumes have this number of blocks."""
    options = ["--drives", "1", "--volumes", str(VOLUMES), "--capacity",
               "%d B" % (blocks * BLOCK), "--early-warning",
               "%d B" % (warning * BLOCK) if warning else "none"]
    return options + (["--behaviour", behaviour] if behaviour else [])


def dump(rig, blocks, warning, part, behaviour=None, used=ST_ONLY,
         attach=Library.attach):
    """Write a dump over several volumes, and read it back; return what the
    commands have printed."""
    with Library(rig, *volume_options(blocks, warning, behaviour)) as library:
        library.serve()
        attach(library)
        nodes = library.nodes()
        slots = " ".join(str(n + 1) for n in range(VOLUMES))
        write, read = ["0 %s '%s'" % (nodes[1][node], slots)
                       for node in used]
        return rig.guest.run("\n".join([
            "changer=" + nodes[0][1], setup(SMALL._replace(data=DATA)),
            "tapelab_part='%d KiB'" % (part * BLOCK // 1024),
            "dump %s memory 2>&1; echo \"write $?\"" % write,
            "restore %s 2>&1; echo \"read $?\"" % read]), 300, check=True)


def is_right(text):
    """Whether a dump was written and read back.  The end record asks for no
    volume: if the physical end leaves no room for it, the writer reports that,
    and the reader that the last part is unproven."""
    results = [line for line in text.splitlines()
               if re.match("(write|read) [0-9]+$", line)]
    if "the end record is not on tape" in text:
        return results == ["write 0", "read 4"] and \
            ", 0 missing, 0 damaged," in text and "unproven" in text
    return results == ["write 0", "read 0"]


def both_ends(rig, rows, used=ST_ONLY, attach=Library.attach):
    """Judge a dump for each (blocks, warning, part, behaviour)."""
    found = Differences()
    for blocks, warning, part, behaviour in rows:
        rig.start()
        text = dump(rig, blocks, warning, part, behaviour, used, attach)
        found.check("%d blocks, the last %d after the early warning, parts of "
                    "%d: %s" % (blocks, warning, part, behaviour),
                    is_right(text), text)
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests


@case("ends", core=True)
def ends_of_the_core(rig):
    """Both ends at a header, and at the first, middle and last block."""
    return both_ends(rig, CORE_ENDS)


@case("every end")
def every_end(rig):
    """Each alignment of the two ends, with filemarks that need room."""
    return both_ends(rig, alignments())


def alignments():
    rows = []
    for part in (2, 3, 5):
        for n in range(part + 1):
            for behaviour in (None, "{filemark_size: 8 KiB}"):
                rows.append((14 + n, 3, part, behaviour))
                rows.append((14 + n, 0, part, behaviour))
    return rows
