"""What the rows of the bench share: their form, and how time is taken."""
import collections
import resource
import statistics
import subprocess
import sys
import time

ROUNDS = 5
BLOCK, BUFFER, PART = 256 << 10, 64 << 20, 1 << 30

# A row of the table: the figure is to be at least (sign ">=") or at most
# ("<=") the bound, in the same unit.
Row = collections.namedtuple("Row", "name figure unit sign bound")

# Where to measure: the build folder; the random file, on tmpfs; folders there
# and on disk for what is written.
Place = collections.namedtuple("Place", "build source shm disk")

# Of a command that has run: how long it took, and for how long processors were
# busy with it, in seconds.
Used = collections.namedtuple("Used", "seconds busy")


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


def used(command):
    """How long a command takes, and how long the processors were busy."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = seconds(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Used(took, after.ru_utime - before.ru_utime +
                after.ru_stime - before.ru_stime)


def pairs(ours, other):
    """What each of two commands used, ROUNDS times, the two in turn; each once
    to warm up."""
    used(ours), used(other)
    return [(used(ours), used(other)) for _ in range(ROUNDS)]


def times_as_fast(rounds):
    """How many times as fast as the other ours is: the rounds' median."""
    return statistics.median(b.seconds / a.seconds for a, b in rounds)


def times_the_work(rounds):
    """Processor time, ours through the other's: the rounds' median."""
    return statistics.median(a.busy / b.busy for a, b in rounds)


def ratio(ours, other):
    """How many times as fast as the other ours is."""
    return times_as_fast(pairs(ours, other))
