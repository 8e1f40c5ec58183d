"""Rows for memory: the peak of a dump with each part cache."""
import os

from measure import BLOCK, BUFFER, PART, Row, output

# The program and its virtual drive need this, without buffer and cache.
REST = 16 << 20


def rows(place):
    main = place.build + "/sim/bench/memory_main"
    middle = os.path.getsize(place.source) // 2 // BLOCK
    for cache in "none", "memory", "spool", "slices":
        bound = BUFFER + (PART if cache == "memory" else 0) + REST
        peak = int(output([main, place.source, str(BLOCK), str(BUFFER),
                           str(PART), cache,
                           # This block fails: its part is written again.
                           str(0 if cache == "none" else middle),
                           place.disk]))
        yield Row("peak memory of a dump, cache %s%s" %
                  (cache, "" if cache == "none" else ", with a retry"),
                  peak / (1 << 20), "MiB", "<=", bound / (1 << 20))
