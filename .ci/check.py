"""Runs test commands, as many at once as there are processors, and counts.

Usage: check.py BUILD-FOLDER [NAME...]

Each line of the list below is a test program.  One that fails is shown with
all that it printed.  Ends with "N passed, N failed", where a Check suite counts
with each of its tests.  With names, only those are run.
"""
import glob
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor


LONG_SUITES = ("sim/tests/check_table_c", "sim/tests/check_executors",
               "sim/tests/check_scenario_sweep", "vtl/tests/check_volume_crash",
               "vtl/tests/check_volume_fault")

# One thread at a time: nothing for ThreadSanitizer to find.
NO_RACES = ("sim/tests/check_reports_sweep", "sim/tests/check_table_c",
            "sim/tests/check_scenario_mutations",
            "splitter/tests/check_schedules")


def tests(build):
    """Name and command of each test; the long ones first."""
    tapelab = build + "/tapelab"
    sanitized = build != "build"
    yield "command", ["python3", "-B", "sim/tests/all_tests.py"]
    left_out = NO_RACES if build.endswith("tsan") else ()
    for suite in LONG_SUITES:
        if suite in left_out:
            continue
        yield os.path.basename(suite), [build + "/" + suite]
    if not sanitized:
        yield "explore", [build + "/splitter/tests/explore_main"]
        yield "demo", ["python3", "-B", "sim/tests/demo_report.py"]
        yield "lost wakeups", ["splitter/tests/lost_wakeups.sh", build]
        yield "library", ["python3", "-B", "splitter/tests/library_test.py"]
        yield "layering", [".ci/layering"]
        yield "pure", [".ci/pure", build]
        yield "manual", [".ci/manual"]
    yield "soak", [build + "/sim/tests/soak_main",
                   "1..300" if sanitized else "1..2000", build + "/soak"]
    yield "soak, hard", [build + "/sim/tests/soak_main", "--hard",
                         "1..50" if sanitized else "1..400", build + "/soak"]
    yield "scenarios, virtual", [tapelab, "run", "--twice", "scenarios"]
    yield "scenarios, real", [tapelab, "run", "--clock", "real"] + sorted(
        folder for folder in glob.glob("scenarios/*/")
        if folder != "scenarios/speed/")
    for suite in sorted(glob.glob(build + "/*/tests/check_*")):
        if os.access(suite, os.X_OK) and not suite.endswith(
                (".o", ".d") + LONG_SUITES + left_out):
            yield os.path.basename(suite), [suite]


def counts(output, status):
    """How many tests passed and failed, by what the program says of itself."""
    for pattern in (r"Checks: (\d+), Failures: (\d+), Errors: (\d+)",
                    r"^(\d+) passed, (\d+) failed"):
        found = re.findall(pattern, output, re.M)
        if found:
            numbers = [int(n) for n in found[-1]]
            if pattern.startswith("Checks"):
                bad = numbers[1] + numbers[2]
                numbers = [numbers[0] - bad, bad]
            if status != 0 and numbers[1] == 0:
                numbers[1] = 1
            return numbers
    return [1, 0] if status == 0 else [0, 1]


def run(test):
    name, command = test
    begun = time.monotonic()
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=900)
        output, status = done.stdout.decode(errors="replace"), done.returncode
    except subprocess.TimeoutExpired as e:
        output = (e.stdout or b"").decode(errors="replace") + "\ntimed out"
        status = -1
    except OSError as e:
        output, status = str(e), -1
    passed, failed = counts(output, status)
    if failed:
        print("FAILED", name, "(exit status %d):" % status,
              " ".join(command))
        print(output, flush=True)
    else:
        print("ok     %-32s %5d tests %6.1f s" %
              (name, passed, time.monotonic() - begun), flush=True)
    return passed, failed


def main():
    build, names = sys.argv[1], sys.argv[2:]
    # Only what hangs runs into it, on however slow a machine.
    os.environ["CK_DEFAULT_TIMEOUT"] = "120"
    # A test forks while another of its threads writes a volume's pages.
    # Each process would sleep for a second at its end.
    os.environ.setdefault("TSAN_OPTIONS", "die_after_fork=0:atexit_sleep_ms=0")
    os.environ["TAPELAB"] = build + "/tapelab"
    os.environ["BUILD"] = build
    chosen = [t for t in tests(build) if not names or t[0] in names]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(run, chosen))
    passed = sum(r[0] for r in results)
    failed = sum(r[1] for r in results)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
