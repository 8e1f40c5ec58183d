"""Rows for speed, each a ratio to something a user would use instead."""
import statistics

from measure import BLOCK, BUFFER, PART, ROUNDS, Row, ratio, seconds


def rows(place):
    main = place.build + "/sim/bench/bench_main"
    sizes = [str(n) for n in (BLOCK, BUFFER, PART)]
    null = [main, "null", place.source] + sizes
    yield Row("file -> splitter -> null tape, against mbuffer",
              ratio(null, ["mbuffer", "-q", "-s", "256k", "-m", "64M", "-i",
                           place.source, "-o", "/dev/null"]), "x", ">=", 1.6)
    yield Row("file -> splitter -> null tape, against dd bs=1M",
              ratio(null, ["dd", "if=" + place.source, "of=/dev/null",
                           "bs=1M", "status=none"]), "x", ">=", 0.8)
    yield Row("file -> splitter -> virtual drive on disk, against a plain file",
              ratio([main, "vdrive", place.source] + sizes + [place.disk],
                    [main, "write", place.source, place.disk + "/plain"]),
              "x", ">=", 0.8)
    yield Row("1 TB in 256 KiB blocks in virtual time, on one core",
              statistics.median(
                  seconds(["taskset", "-c", "0", place.build + "/tapelab",
                           "run", "sim/bench/terabyte.yaml"])
                  for _ in range(ROUNDS)), "s", "<=", 1.0)
