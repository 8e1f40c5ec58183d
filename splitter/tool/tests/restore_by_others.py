"""Restores a dump from what tapelab-header(5) says, without any code of
tapelab.

Usage: restore_by_others.py NAME FOLDER > dump

FOLDER has one folder for each volume. That folder has one file for each tape
file, named by its number. The file has, for each block, a line with its
length, and its bytes.
"""
import os
import subprocess
import sys


def xxh128(data):
    out = subprocess.run(["xxhsum", "-H2", "-"], input=data, check=True,
                         stdout=subprocess.PIPE).stdout
    return out.split()[0].decode()


def blocks(path):
    with open(path, "rb") as f:
        while line := f.readline():
            yield f.read(int(line))


def header(block):
    """Return the header as a dictionary, its rows as a list; None if it is not
    a header."""
    text = block.rstrip(b"\0")
    before, check, last = text.rpartition(b"check: ")
    if not text.startswith(b"tapelab: 1\n") or not check or \
            last.decode().strip() != xxh128(before):
        return None
    keys = {"row": []}
    for key, value in (line.split(": ", 1)
                       for line in before.decode("ascii").splitlines()):
        if key == "row":
            keys["row"].append(value.split(" ", 6))
        else:
            keys[key] = value
    return keys


def collect(folder, dump):
    """Return the files by part and attempt, the proof of each part, and the
    end records."""
    files, proofs, ends = {}, {}, []
    for volume in sorted(os.listdir(folder)):
        for number in os.listdir(os.path.join(folder, volume)):
            path = os.path.join(folder, volume, number)
            heads = [header(b) for b in blocks(path)] if \
                (header(next(blocks(path), b"")) or {}).get("type") == "end" \
                else [header(next(blocks(path), b""))]
            h = heads[0]
            if h is None or h.get("dump") != dump or number == "0":
                continue
            if h["type"] == "part":
                files[int(h["part"]), int(h["attempt"])] = path
                proofs.setdefault(int(h["part"]) - 1, (
                    int(h["before_attempt"]), int(h["before_bytes"]),
                    h["before_xxh128"]))
            elif len(heads) == int(h["records"]):
                ends.append(h)
                for row in (r for e in heads for r in e["row"]):
                    proofs[int(row[0])] = (int(row[1]), int(row[4]), row[5])
    return files, proofs, max(
        ends, key=lambda e: (int(e["parts"]), e["outcome"] == "DONE"))


def main():
    dump, folder = sys.argv[1:]
    files, proofs, end = collect(folder, dump)
    whole = b""
    for part in range(1, int(end["parts"]) + 1):
        attempt, size, want = proofs[part]
        data = b"".join(list(blocks(files[part, attempt]))[1:])[:size]
        if len(data) != size or xxh128(data) != want:
            sys.exit("part %d is damaged" % part)
        whole += data
    if len(whole) != int(end["bytes"]) or xxh128(whole) != end["xxh128"]:
        sys.exit("the dump is damaged")
    sys.stdout.buffer.write(whole)


main()
