"""Rows for speed, each a ratio to something a user would use instead."""
import statistics

from measure import (BLOCK, BUFFER, PART, ROUNDS, Row, pairs, ratio, seconds,
                     times_as_fast, times_the_work)

SMALL_PART = 64 << 20


def null(place, part=PART, cache="none", source=None, *more):
    """A command: the splitter writes to a tape that forgets.  What a cache
    takes lies on tmpfs, beside the source."""
    return [place.build + "/sim/bench/bench_main", "null",
            source or place.source, str(BLOCK), str(BUFFER), str(part), cache,
            place.shm, *more]


def piped(place, command):
    """The same command, from a pipe."""
    return ["sh", "-c", "dd if=%s bs=1M status=none | %s" %
            (place.source, " ".join(command))]


def from_a_file(place, mbuffer):
    work = "file -> splitter -> null tape"
    dd = ["dd", "if=" + place.source, "of=/dev/null", "bs=1M", "status=none"]
    sealed = null(place, PART, "none", None, "sealed")
    rounds = pairs(null(place), mbuffer + ["-i", place.source])
    yield Row(work + ", against mbuffer", times_as_fast(rounds), "x", ">=",
              1.6)
    yield Row(work + ", processor time, against mbuffer",
              times_the_work(rounds), "x", "<=", 0.8)
    yield Row(work + ", against dd bs=1M", ratio(null(place), dd), "x", ">=",
              0.8)
    yield Row(work + ", with an end record, against dd bs=1M",
              ratio(sealed, dd), "x", ">=", 0.8)


def rows(place):
    main = place.build + "/sim/bench/bench_main"
    mbuffer = ["mbuffer", "-q", "-s", "256k", "-m", "64M", "-o", "/dev/null"]
    yield from from_a_file(place, mbuffer)
    yield Row("pipe -> splitter -> null tape, against mbuffer",
              ratio(piped(place, null(place, source="-")),
                    piped(place, mbuffer)), "x", ">=", 1.4)
    yield Row("cache memory, against none",
              ratio(null(place, cache="memory"), null(place)), "x", ">=", 0.7)
    yield Row("cache spool, on tmpfs, against none",
              ratio(null(place, cache="spool"), null(place)), "x", ">=", 0.3)
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
