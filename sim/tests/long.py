#!/usr/bin/env python3
"""Runs the tests that take too long for every commit, on all processors.

Usage: long.py BUILD-FOLDER [SHARE]

It runs every pair of failures of Table C; random dumps, random scenarios,
scenarios with leaps and without, scenarios with bad drives and media, and
calibrations of drives, in virtual time and by hosts that are late, from seeds
that no other command uses; a process that is killed many times while it writes
a volume; commands on hostile databases; and a library that two writers
and other processes share, many of which are killed; and everything of the
programs of which `make check` runs a part: calls that fail, states of the core,
orders of the engine's threads. For each it prints the number of cases. With a SHARE of N
it runs one Nth of the cases. The last line is "N passed, N failed".
"""
import glob
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import hostile
import soak

# PAIRS_OF_ANY of check_table_c.c: with one case more, it would not run them
# all.
PAIRS = 8 * 511 * 510 // 2
FIRST_SEED, SEEDS = 1000000, 80000
HARD_SEEDS = 10000
KILL_TIMES = 42         # a thousand kills
STRESS_SEEDS = 120
LEAP_CASES = 20000
CALIBRATE_SEEDS = 2000
LATE_SEEDS = 500        # each by five hosts
TUNED_SEEDS = 300       # each with two sweeps

# The programs of which `make check` runs a part, as it does of all sweeps.
WHOLE = ("splitter/core/tests/explore_main",
         "splitter/engine/tests/check_schedules",
         "splitter/st/tests/check_st_dumps",
         "sim/run/virtual/tests/check_table_c",
         "vtl/volume/tests/check_volume_fault",
         "vtl/volume/tests/check_volume_power")


def kills(build, share):
    """Run some kills in each of several processes; return passed and
    failed."""
    program = build + "/vtl/volume/tests/check_volume_crash"
    times = str(max(1, KILL_TIMES // share))
    said, _ = soak.run([program], dict(os.environ, KILL_TIMES=times))
    found = re.search(r"Checks: (\d+), Failures: (\d+), Errors: (\d+)", said)
    numbers = [int(n) for n in found.groups()] if found else [1, 0, 1]
    bad = numbers[1] + numbers[2]
    if bad > 0:
        print("failed: KILL_TIMES=%s %s\n%s" % (times, program, said))
    return numbers[0] - bad, bad


def whole(program):
    """Run everything of a program of which `make check` runs a part; return
    how many of its tests passed and failed."""
    said, status = soak.run([program], dict(
        os.environ, SWEEP_ALL="1", SCHEDULE_PART="1"))
    found = re.search(r"Checks: (\d+), Failures: 0, Errors: 0", said)
    if status == 0:
        return int(found.group(1)) if found else 1, 0
    print("failed: SWEEP_ALL=1 SCHEDULE_PART=1 %s\n%s" % (program, said))
    return 0, 1


def wholes(build):
    """Run everything of all such programs, on all processors; return how many
    tests passed and failed."""
    sweeps = sorted(path[:-2] for path in glob.glob(
        "*/**/tests/check_*_sweep.c", recursive=True))
    programs = [os.path.join(build, name) for name in (*WHOLE, *sweeps)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(whole, programs))
    return sum(r[0] for r in results), sum(r[1] for r in results)


def leaps(build, share):
    """Run random scenarios with leaps and without; return how many were the
    same and how many differed."""
    program = build + "/sim/run/tests/check_leap"
    count = max(1, LEAP_CASES // share)
    said, _ = soak.run([program], dict(
        os.environ, LEAP_FROM=str(FIRST_SEED), LEAP_CASES=str(count)))
    found = re.search(r"leap: (\d+) cases, \d+ with leaps, (\d+) differ", said)
    if found is not None and "\n100%: " in said:
        return int(found.group(1)) - int(found.group(2)), int(found.group(2))
    print("failed: LEAP_FROM=%d LEAP_CASES=%d %s\n%s" %
          (FIRST_SEED, count, program, said))
    return 0, count


def calibrations(build, share):
    """Calibrate drives with random constants; return passed and failed."""
    good = bad = 0
    for name, seeds in (("calibrate/tests/check_calibrate", CALIBRATE_SEEDS),
                        ("calibrate/tests/check_late_drives", LATE_SEEDS),
                        ("tune/tests/check_calibrated", TUNED_SEEDS)):
        program = build + "/sim/" + name
        count = max(1, seeds // share)
        said, _ = soak.run([program], dict(
            os.environ, CALIBRATE_FROM=str(FIRST_SEED),
            CALIBRATE_SEEDS=str(count)))
        if "\n100%: " in said:
            good += count
            continue
        print("failed: CALIBRATE_FROM=%d CALIBRATE_SEEDS=%d %s\n%s" %
              (FIRST_SEED, count, program, said))
        bad += count
    return good, bad


def twice(build):
    """Run the scenarios that show time with leaps and without; return how many
    passed and failed."""
    said, _ = soak.run([build + "/tapelab", "run", "--check-determinism",
                        "scenarios/drives", "scenarios/workloads"])
    found = re.search(r"^(\d+) passed, (\d+) failed, 0 skipped$", said, re.M)
    if found is None or found.group(2) != "0":
        print(said)
    return (int(found.group(1)), int(found.group(2))) if found else (0, 1)


def stress(build, share):
    """Let many processes use a library; return how many uses passed and
    failed."""
    count = max(1, STRESS_SEEDS // share)
    seeds = "%d..%d" % (FIRST_SEED, FIRST_SEED + count - 1)
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           "all_tests.py")
    said, _ = soak.run(["python3", "-B", program, "stress_test"], dict(
        os.environ, BUILD=build, TAPELAB=os.path.abspath(build + "/tapelab"),
        STRESS_SEEDS=seeds))
    if re.search(r"^1 passed, 0 failed, 0 skipped$", said, re.M):
        return count, 0
    bad = max(1, len(set(re.findall(r"\(seed=(\d+)\)", said))))
    print("failed: STRESS_SEEDS=%s %s\n%s" % (seeds, program, said))
    return count - bad, bad


def main():
    build = sys.argv[1]
    share = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    passed = failed = 0
    for name, what in (
            ("any two failures", lambda: soak.run_all(
                build, (soak.run_pairs,), 0, PAIRS // share - 1)),
            ("random dumps and scenarios", lambda: soak.run_all(
                build, (soak.run_dumps, soak.run_scenarios), FIRST_SEED,
                FIRST_SEED + SEEDS // share - 1)),
            ("with and without leaps", lambda: leaps(build, share)),
            ("bad drives and media", lambda: soak.run_all(
                build, (soak.run_hard,), FIRST_SEED,
                FIRST_SEED + HARD_SEEDS // share - 1)),
            ("drives are calibrated", lambda: calibrations(build, share)),
            ("a writer is killed", lambda: kills(build, share)),
            ("the whole of what is run in part", lambda: wholes(build)),
            ("scenarios of time, twice", lambda: twice(build)),
            ("databases of strangers", lambda: hostile.run_some(
                build, share)),
            ("many use a library at once", lambda: stress(build, share))):
        begun = time.monotonic()
        good, bad = what()
        print("%-6s %-32s %8d cases %6.1f s" %
              ("FAILED" if bad else "ok", name, good + bad,
               time.monotonic() - begun), flush=True)
        passed += good
        failed += bad
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
