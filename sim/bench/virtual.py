"""Rows for simulations in virtual time.

Each is the processor time of a command, in seconds, on one core: a dump that
fills an LTO-9 volume of 18 TB, and its read-back; or a sweep of such dumps.
"""
import os
import statistics
import subprocess
import sys
import tempfile

from measure import ROUNDS, Row, output, used

STEPS = 2000000
BLOCK, RUN = 512 << 10, 8 << 20


def command(place, name, *more):
    return ["env", "TMPDIR=" + place.shm, place.build + "/tapelab", "run",
            *more, "sim/bench/virtual/%s.yaml" % name]


def busy(place, name, *more, rounds=ROUNDS):
    return statistics.median(used(command(place, name, *more)).busy
                             for _ in range(rounds))


def peak(place, name, *more):
    """Run a command; return the most memory that one of its processes had,
    in MiB."""
    process = subprocess.Popen(command(place, name, *more),
                               stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit("bench: %s failed" % name)
    return usage.ru_maxrss / 1024


def step(place, model):
    return statistics.median(
        float(output([place.build + "/sim/bench/virtual_main", model,
                      str(BLOCK), str(RUN), str(STEPS), place.shm]))
        for _ in range(ROUNDS))


def tune(place):
    """Run the points of a sweep; return the processor time."""
    with tempfile.TemporaryDirectory(dir=place.shm) as out:
        return used(["env", "TMPDIR=" + place.shm, place.build + "/tapelab",
                     "tune", "sim/bench/virtual/tune.yaml", "--vary",
                     "block=32KiB..1MiB", "--vary", "buffer=32MiB..4GiB",
                     "--vary", "part=1GiB..64GiB", "--vary",
                     "cache=none,memory,spool", "--jobs", "2", "--shard",
                     "1/1", "--out", out]).busy


def rows(place):
    yield Row("LTO-9, 18 TB at 400 MB/s, with the read-back",
              busy(place, "steady"), "s", "<=", 0.1)
    yield Row("LTO-9, 18 TB, feed redrawn each second around its lowest speed",
              busy(place, "seconds"), "s", "<=", 0.2)
    yield Row("LTO-9, 18 TB, jitter in each block of 512 KiB",
              busy(place, "blocks", rounds=1), "s", "<=", 5.0)
    yield Row("a step through writer, tape, drive, volume, without leap",
              step(place, "lto9"), "ns", "<=", 100.0)
    yield Row("tune: 1008 points of a full LTO-9, on each of two cores",
              tune(place) / 2, "s", "<=", 60.0)
    yield Row("a year of a library: 20 drives, 600 volumes, 5 dumps a night",
              busy(place, "year", rounds=1), "s", "<=", 60.0)
    # Ten volumes instead of one.
    ten = ("--set", "dump.size=180 TB", "--set", "library.volumes.count=10")
    yield Row("ten times the bytes: times the processor time",
              busy(place, "seconds", *ten) / busy(place, "seconds"), "x", "<=",
              10.0)
    yield Row("ten times the bytes: times the peak of memory",
              peak(place, "seconds", *ten) / peak(place, "seconds"), "x",
              "<=", 1.05)
