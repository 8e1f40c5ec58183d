"""Rows for speed.

Each is a ratio, measured within one run, to what a user would use instead, or
to the least that such a program must do (plain_main.c).
"""
import glob
import os
import statistics

from measure import (BLOCK, BUFFER, PART, ROUNDS, Row, note, pairs, ratio,
                     seconds, times_as_fast, times_the_work)

SMALL_PART = 64 << 20
WORK = "file -> splitter -> null tape"


def null(place, part=PART, cache="none", source=None, *more):
    """Return a command: the splitter writes to a tape that keeps nothing.  A
    spool is on tmpfs, like the source."""
    return [place.build + "/sim/bench/bench_main", "null",
            source or place.source, str(BLOCK), str(BUFFER), str(part), cache,
            place.shm, *more]


def plain(place, verb, *more):
    return [place.build + "/sim/bench/plain_main", verb, place.source,
            *(str(word) for word in more)]


def piped(place, command):
    """Return the command of null(), which reads from a pipe."""
    return ["sh", "-c", "dd if=%s bs=1M status=none | %s" %
            (place.source, " ".join(command))]


def amanda(place, cache):
    """Return a command: Amanda's splitter does the same.  None if Amanda is
    not installed in / or in the folder BENCH_AMANDA."""
    root = os.environ.get("BENCH_AMANDA", "/")
    found = glob.glob(os.path.join(root, "usr/lib/*/amanda/perl/Amanda"))
    if not found:
        return None
    perl = os.path.dirname(found[0])
    return ["env", "LD_LIBRARY_PATH=" + os.path.dirname(perl), "perl",
            "-I" + perl, "sim/bench/amanda.pl", place.source, str(BLOCK),
            str(BUFFER), str(PART), cache, place.shm]


def against_amanda(place, cache, bound):
    theirs = amanda(place, cache)
    if theirs is None:
        note("no rows against Amanda: amanda-server is not installed")
        return
    rounds = pairs(null(place, cache=cache), theirs)
    yield Row("cache %s, against Amanda's" % cache, times_as_fast(rounds),
              "x", ">=", bound)
    yield Row("cache %s, processor time, against Amanda's" % cache,
              times_the_work(rounds), "x", "<=", 1.0)


def from_a_file(place, mbuffer):
    dd = ["dd", "if=" + place.source, "of=/dev/null", "bs=1M", "status=none"]
    sealed = null(place, PART, "none", None, "sealed")
    rounds = pairs(null(place), mbuffer + ["-i", place.source])
    yield Row(WORK + ", against mbuffer", times_as_fast(rounds), "x", ">=",
              1.6)
    yield Row(WORK + ", processor time, against mbuffer",
              times_the_work(rounds), "x", "<=", 0.8)
    # dd computes no checksum: a plain read with one takes 1.2 times as long as
    # dd, a plain read with two 1.5 times.
    yield Row(WORK + ", against dd bs=1M", ratio(null(place), dd), "x", ">=",
              0.8)
    yield Row(WORK + ", against a plain read with its checksum",
              ratio(null(place), plain(place, "read", BLOCK, 1)), "x", ">=",
              0.8)
    # For the end record the dump has a checksum, in addition to its parts.
    yield Row(WORK + ", with an end record, against one with two",
              ratio(sealed, plain(place, "read", BLOCK, 2)), "x", ">=", 0.8)


def part_caches(place):
    yield Row("cache memory, against a plain read into as much new memory",
              ratio(null(place, cache="memory"),
                    plain(place, "read", PART + BUFFER, 0)), "x", ">=", 0.8)
    yield Row("cache spool, against a plain copy into as large a file, tmpfs",
              ratio(null(place, cache="spool"),
                    plain(place, "copy", PART + BUFFER, place.shm)), "x",
              ">=", 0.7)
    yield from against_amanda(place, "none", 1.5)
    yield from against_amanda(place, "memory", 1.0)
    yield from against_amanda(place, "spool", 1.0)


def rows(place):
    main = place.build + "/sim/bench/bench_main"
    mbuffer = ["mbuffer", "-q", "-s", "256k", "-m", "64M", "-o", "/dev/null"]
    yield from from_a_file(place, mbuffer)
    yield Row("pipe -> splitter -> null tape, against mbuffer",
              ratio(piped(place, null(place, source="-")),
                    piped(place, mbuffer)), "x", ">=", 1.4)
    yield from part_caches(place)
    yield Row("parts of 64 MiB, against 1 GiB",
              ratio(null(place, SMALL_PART), null(place)), "x", ">=", 0.95)
    yield Row("file -> splitter -> virtual drive on disk, against a plain file",
              ratio([main, "vdrive", place.source, str(BLOCK), str(BUFFER),
                     str(PART), place.disk],
                    [main, "write", place.source, place.disk + "/plain"]),
              "x", ">=", 0.8)
    yield Row("1 TB in 256 KiB blocks in virtual time, on one core",
              statistics.median(
                  seconds(["taskset", "-c", "0", place.build + "/tapelab",
                           "run", "sim/bench/terabyte.yaml"])
                  for _ in range(ROUNDS)), "s", "<=", 1.0)
