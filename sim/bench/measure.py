"""What the rows of the bench share: their form, and how time is taken."""
import collections
import statistics
import subprocess
import sys
import time

ROUNDS = 3
BLOCK, BUFFER, PART = 256 << 10, 64 << 20, 1 << 30

# A row of the table: the figure is to be at least (sign ">=") or at most
# ("<=") the bound, in the same unit.
Row = collections.namedtuple("Row", "name figure unit sign bound")

# Where to measure: the build folder; the random file, on tmpfs; a folder on
# disk, empty, for what is written.
Place = collections.namedtuple("Place", "build source disk")


def output(command):
    """What a command prints; it must succeed."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit("bench: %s failed: %s" %
                 (" ".join(command), done.stderr.decode(errors="replace")))
    return done.stdout.decode()


def seconds(command):
    """How long a command takes; it must succeed."""
    begun = time.monotonic()
    output(command)
    return time.monotonic() - begun


def ratio(ours, other):
    """How many times as fast as the other ours is: the median of ROUNDS, the
    two in turn; each once to warm up."""
    seconds(ours), seconds(other)
    rounds = [(seconds(ours), seconds(other)) for _ in range(ROUNDS)]
    return statistics.median(b / a for a, b in rounds)
