#!/usr/bin/env python3
"""Runs scenarios in virtual and in real time, and compares the attempts.

Usage: both_clocks.py BUILD-FOLDER FOLDER...

Each scenario below the folders is run twice in virtual time, which must end the
same way, and once in real time, except those with the tag "timing": these are
about simulated time. With CHECK_PART, as in `make check`, this is every second
scenario, and only those of the first folder are run twice. No plots are drawn: PATH has no gnuplot. The
last line is "N passed, N failed": the runs, and each comparison.
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

# What is compared of each attempt.
KEYS = ("part", "attempt", "volume", "file", "offset", "bytes", "end", "cause",
        "committed")


def run(command, out):
    """Run scenarios; return how many passed and failed, and what they did, by
    name."""
    done = subprocess.run([*command[:2], "--out", out, *command[2:]],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    said = done.stdout.decode(errors="replace")
    numbers = re.search(r"^(\d+) passed, (\d+) failed, 0 skipped$", said, re.M)
    if done.returncode != 0 or numbers is None:
        print(said)
        return 0, 1, {}
    with open(os.path.join(out, "results.json"), encoding="utf-8") as f:
        found = json.load(f)["scenarios"]
    return int(numbers.group(1)), int(numbers.group(2)), {
        s["name"]: (s["outcome"], s["metrics"]["attempts"],
                    [[a[key] for key in KEYS]
                     for dump in s["dumps"] for a in dump["attempts"]])
        for s in found}


def halves(folders):
    """Return every second scenario of folders."""
    return [path for folder in folders for path in
            sorted(glob.glob(os.path.join(folder, "*.yaml")))[::2]]


def run_twice(program, twice, once, out):
    """Run scenarios in virtual time; return the same as run()."""
    passed, failed, found = run(
        [program, "run", "--check-determinism", *twice], out)
    if once:
        good, bad, more = run([program, "run", *once], out + "-once")
        return passed + good, failed + bad, {**found, **more}
    return passed, failed, found


def main():
    program = os.path.join(sys.argv[1], "tapelab")
    twice, once = sys.argv[2:], []
    if "CHECK_PART" in os.environ:
        twice, once = halves(twice[:1]), halves(twice[1:])
    with tempfile.TemporaryDirectory(prefix="tapelab-clocks-") as folder:
        os.mkdir(os.path.join(folder, "tmp"))
        os.environ["TMPDIR"] = os.path.join(folder, "tmp")
        os.environ["PATH"] = os.path.join(folder, "tmp")
        passed, failed, virtual = run_twice(
            program, twice, once, os.path.join(folder, "virtual"))
        good, bad, real = run(
            [program, "run", "--clock", "real", "--tags", "!timing", *twice, *once],
            os.path.join(folder, "real"))
        for name, did in real.items():
            if virtual.get(name) == did:
                good += 1
                continue
            bad += 1
            print("%s differs:\nvirtual: %s\nreal:    %s" %
                  (name, virtual.get(name), did))
        left = os.listdir(os.environ["TMPDIR"])
        if left:
            bad += 1
            print("left in TMPDIR: " + " ".join(left))
    print("%d passed, %d failed" % (passed + good, failed + bad))
    return failed + bad > 0


if __name__ == "__main__":
    sys.exit(main())
