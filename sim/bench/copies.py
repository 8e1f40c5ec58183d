"""Rows for snapshots, restores and clones of a library on disk.

The library has 100 volumes, which have no payload.  Each figure is the best of
three rounds: it has the wait until all files are on the disk of the machine.
"""
import shutil

from measure import Row, output, seconds
from serve import ROUNDS, Served

VOLUMES = 100
BOUND_S = 1


def copy(place, folder, number):
    """Return how long a snapshot, a restore and a clone take."""
    tapelab, name = place.build + "/tapelab", "round%d" % number
    clone = folder + "-clone"
    took = [seconds([tapelab, "vtl", "snapshot", folder, name]),
            seconds([tapelab, "vtl", "restore", folder, name]),
            seconds([tapelab, "vtl", "clone", folder, clone])]
    shutil.rmtree(clone)
    return took


def rounds(place, folder, first):
    """Return the figure of each kind of copy: the best of the rounds."""
    return [min(column) for column in zip(
        *(copy(place, folder, first + i) for i in range(ROUNDS)))]


def rows(place):
    library = Served(place, "copies").create("--volumes=%d" % VOLUMES,
                                             "--payload=none")
    alone = rounds(place, library.folder, 0)
    with library:
        # A volume in a drive is closed and loaded again.
        output([place.build + "/tapelab", "vtl", "load", library.folder, "1",
                "0"])
        served = rounds(place, library.folder, ROUNDS)
    for figures, how in (alone, ""), (served, ", served"):
        for figure, what in zip(figures, ("snapshot", "restore", "clone")):
            yield Row("%s of 100 volumes without payload%s" % (what, how),
                      figure, "s", "<=", BOUND_S)
    shutil.rmtree(library.folder)
