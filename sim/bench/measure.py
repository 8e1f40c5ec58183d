"""Define the rows of the bench, and measure time."""
import collections
import resource
import statistics
import subprocess
import sys
import time

ROUNDS = 5
BLOCK, BUFFER, PART = 256 << 10, 64 << 20, 1 << 30

# A row of the table: the figure must be at least (sign ">=") or at most ("<=")
# the bound, in the same unit.
Row = collections.namedtuple("Row", "name figure unit sign bound")

# Where to measure: the build folder; the random file, on tmpfs; folders on
# tmpfs and on disk for the files that are written.
Place = collections.namedtuple("Place", "build source shm disk")

# The use of a command, in seconds: time, and processor time.
Used = collections.namedtuple("Used", "seconds busy")

noted = set()


def note(text):
    """Print why rows are missing, once."""
    if text not in noted:
        print(text, flush=True)
        noted.add(text)


def output(command):
    """Run a command, which must succeed; return its output."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit("bench: %s failed: %s" %
                 (" ".join(command), done.stderr.decode(errors="replace")))
    return done.stdout.decode()


def seconds(command):
    """Run a command, which must succeed; return how long it took."""
    begun = time.monotonic()
    output(command)
    return time.monotonic() - begun


def used(command):
    """Run a command; return what it used."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = seconds(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Used(took, after.ru_utime - before.ru_utime +
                after.ru_stime - before.ru_stime)


def pairs(ours, other):
    """Run two commands in turn, once to warm up and then ROUNDS times; return
    what each used."""
    used(ours), used(other)
    return [(used(ours), used(other)) for _ in range(ROUNDS)]


def times_as_fast(rounds):
    """Return how many times as fast ours is: the median of the rounds."""
    return statistics.median(b.seconds / a.seconds for a, b in rounds)


def times_the_work(rounds):
    """Return our processor time divided by theirs: the median of the
    rounds."""
    return statistics.median(a.busy / b.busy for a, b in rounds)


def ratio(ours, other):
    """Measure two commands; return how many times as fast ours is."""
    return times_as_fast(pairs(ours, other))
