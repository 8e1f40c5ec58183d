#!/usr/bin/env python3
"""Runs a range of random cases on all processors.

Usage: soak.py BUILD-FOLDER A..B

Each seed is three cases: a dump over tapes in memory, run by both executors; a
scenario over virtual volumes, run as `tapelab run` does; and a hard scenario,
with bad drives and media. random_case.c, soak_draw.c and soak_hard_draw.c draw
them. The results of the first two are compared with the reference; those of
the third are checked against the rules of soak_hard.h, which always hold. All
are read back and compared byte by byte. For a seed that fails, the command
that repeats it is printed; a scenario is also reduced and stored in
BUILD-FOLDER/soak. The last line is "N passed, N failed".
"""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

CHUNK = 2500


def run(command, environment=None):
    """Return the output and the exit status."""
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.decode(errors="replace"), done.returncode


def run_cases(program, first, count):
    """Return how many cases of such a program passed and failed."""
    said, status = run([program], dict(os.environ, CASES_FROM=str(first),
                                       CASES=str(count)))
    for case in re.findall(r" CASE=(\d+)$", said, re.M):
        print("failed: CASE=%s %s" % (case, program), flush=True)
    found = re.search(r"(\d+) cases, (\d+) differ", said)
    if found is None or (status != 0 and found.group(2) == "0"):
        print("failed: CASES_FROM=%d CASES=%d %s\n%s" %
              (first, count, program, said), flush=True)
        return 0, count
    ran, differ = int(found.group(1)), int(found.group(2))
    # The program stops after some failures; cases that were not run did not
    # pass.
    return ran - differ, count - ran + differ


def run_dumps(build, first, count):
    return run_cases(build + "/sim/run/virtual/tests/check_executors", first, count)


def run_pairs(build, first, count):
    """Run pairs of failures of Table C."""
    return run_cases(build + "/sim/run/virtual/tests/check_table_c", first, count)


def run_scenarios(build, first, count, kind=()):
    """Return how many of the scenarios passed and failed."""
    said, _ = run([build + "/sim/tests/soak/soak_main", *kind, "%d..%d" %
                   (first, first + count - 1), build + "/soak"])
    found = re.search(r"^(\d+) passed, (\d+) failed$", said, re.M)
    if found is None:
        print("failed: the scenarios %d..%d\n%s" %
              (first, first + count - 1, said), flush=True)
        return 0, count
    if found.group(2) != "0":
        print(said[:found.start()], end="", flush=True)
    return int(found.group(1)), int(found.group(2))


def run_hard(build, first, count):
    """Run the scenarios with bad drives and media."""
    return run_scenarios(build, first, count, ("--hard",))


def run_all(build, kinds, first, last):
    """Run a range of each kind; return how many passed and failed in all."""
    chunks = [(kind, at, min(CHUNK, last + 1 - at))
              for at in range(first, last + 1, CHUNK) for kind in kinds]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda c: c[0](build, *c[1:]), chunks))
    return sum(r[0] for r in results), sum(r[1] for r in results)


def main():
    if len(sys.argv) != 3 or \
            not re.fullmatch(r"\d+\.\.\d+", sys.argv[2]):
        sys.exit("soak: give a range of seeds, such as SEEDS=1..100000")
    first, last = (int(n) for n in sys.argv[2].split(".."))
    passed, failed = run_all(sys.argv[1], (run_dumps, run_scenarios,
                                           run_hard), first, last)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
