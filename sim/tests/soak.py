#!/usr/bin/env python3
"""Runs a range of random cases on all processors.

Usage: soak.py BUILD-FOLDER A..B

A seed is a case: sizes, caches, streaming, volumes and failures are drawn from
it, both executors run it, and it is compared with the reference, read back,
and compared byte by byte.  A seed that fails is printed as a command that
repeats it.  Ends with "N passed, N failed".
"""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

CHUNK = 5000


def run(program, first, count):
    """How many of the cases passed and failed."""
    environment = dict(os.environ, CASES_SEED="1", CASES_FROM=str(first),
                       CASES=str(count))
    done = subprocess.run([program], env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    said = done.stdout.decode() + done.stderr.decode()
    for seed in re.findall(r"CASES_SEED=1 CASE=(\d+)", said):
        print("failed: CASES_SEED=1 CASE=%s %s" % (seed, program), flush=True)
    found = re.search(r"(\d+) cases, (\d+) differ", said)
    if found is None or (done.returncode != 0 and found.group(2) == "0"):
        print("failed: CASES_SEED=1 CASES_FROM=%d CASES=%d %s\n%s" %
              (first, count, program, said), flush=True)
        return 0, count
    ran, differ = int(found.group(1)), int(found.group(2))
    # It gives up after some that differ: what was not run did not pass.
    return ran - differ, count - ran + differ


def main():
    if len(sys.argv) != 3 or \
            not re.fullmatch(r"\d+\.\.\d+", sys.argv[2]):
        sys.exit("soak: give a range of seeds, such as SEEDS=1..100000")
    program = sys.argv[1] + "/sim/tests/check_executors"
    first, last = (int(n) for n in sys.argv[2].split(".."))
    chunks = [(at, min(CHUNK, last + 1 - at))
              for at in range(first, last + 1, CHUNK)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda c: run(program, *c), chunks))
    failed = sum(r[1] for r in results)
    print("%d passed, %d failed" % (sum(r[0] for r in results), failed))
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
