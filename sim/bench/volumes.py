"""Rows for the files of volumes: speed, size, and locating a block."""
import os

from measure import BLOCK, BUFFER, PART, Row, output, ratio

RECORDS, RECORD = 10 * 1000 * 1000, 512
RUNS, RUN_BLOCK = 36 * 1000 * 1000, 512 << 10
TEXT_BYTES = 256 << 20


def against_plain(place, folder):
    main = place.build + "/sim/bench/bench_main"
    sizes = [str(n) for n in (BLOCK, BUFFER, PART)]
    return ratio([main, "vdrive", place.source] + sizes + [folder],
                 [main, "write", place.source, folder + "/plain"])


def make_text(place):
    """Make a file of random digits, which deflate to about half."""
    path = place.source + ".text"
    with open(place.source, "rb") as f, open(path, "wb") as text:
        for _ in range(TEXT_BYTES >> 21):
            text.write(f.read(1 << 20).hex().encode())
    return path


def rows(place):
    main = place.build + "/sim/bench/volumes_main"
    shm = os.path.dirname(place.source)
    volume = place.disk + "/volume"
    yield Row("file -> splitter -> virtual drive on tmpfs, against a plain "
              "file", against_plain(place, shm), "x", ">=", 0.8)
    output([main, "write", "raw", volume, place.source, str(BLOCK)])
    yield Row("volume read, checksums verified, against a plain file",
              ratio([main, "read", volume], [main, "plain", volume]), "x",
              ">=", 0.5)
    os.remove(volume)
    output([main, "runs", volume, str(RUNS), str(RUN_BLOCK)])
    yield Row("36 million blocks of 512 KiB, payload none: the file",
              os.path.getsize(volume) / 1e6, "MB", "<=", 20)
    os.remove(volume)
    output([main, "records", volume, str(RECORDS), str(RECORD)])
    yield Row("10 million records of 512 bytes, payload raw: the file",
              os.path.getsize(volume) / (RECORDS * RECORD), "x", "<=", 1.10)
    yield Row("a random block of 10 million, the median",
              float(output([main, "locate", volume])), "ms", "<=", 1.0)
    os.remove(volume)
    text = make_text(place)
    yield Row("payload zlib, against zlib itself on two cores",
              ratio(["sh", "-c", 'rm -f "$2"; exec "$1" write zlib "$2" "$3" '
                     '"$4"', "sh", main, volume, text, str(BLOCK)],
                    [main, "deflate", text]), "x", ">=", 0.8)
    os.remove(volume)
    os.remove(text)
