"""Runs test commands, as many at once as there are processors, and counts.

Usage: check.py [--whole] [--sanitizer NAME] BUILD-FOLDER [NAME...]

tests() lists the test programs.  The output of a program that fails is printed.
A program that is skipped is named with the reason.  The last line is "N passed,
N failed, N skipped", where each test of a Check suite counts.  With names, only
these programs are run.

TMPDIR is a folder in memory, except for tests of what a disk keeps.

A run of all tests without a sanitizer is also compared with .ci/counts: fewer
test programs, tests or mutants are a failure, so that none is lost when files
are moved.

What each run is for:
- --whole: everything, and whatever compares two runs or two clocks;
- without --whole and a sanitizer, for each commit: all programs except page
  and lost wakeups; those with many similar cases, and the scenarios, are run in
  part (CHECK_PART, splitter/tests/part.h);
- asan, coverage, valgrind: each program and each scenario once on each clock,
  since a bad access shows in one run;
- tsan: programs that start threads, scenarios in real time, and the commands
  that have threads.  Virtual time has one thread.
"""
import argparse
import functools
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor


TIMEOUT_S = 900

# TMPDIR of the tests, if this number of bytes is free there.  Set TMPDIR for
# tests on a disk.
MEMORY, MEMORY_BYTES = "/dev/shm", 4 << 30
# These show what a disk keeps; they never use memory.
ON_DISK = ("check_volume_crash", "check_volume_fault", "check_volume_power")
DISK = tempfile.gettempdir()

LONG_SUITES = ("check_table_c", "check_executors", "check_scenario_sweep",
               "check_volume_crash", "check_volume_fault")
# These are started early, too, so that the last ones to end are short.
EARLY_SUITES = (*LONG_SUITES, "check_accept_disturbed",
                "check_accept_continued", "check_accept_drive",
                "check_late_drives", "check_st_dumps",
                "check_volume_overwritten", "check_leap", "check_schedules",
                "check_handoff", "check_volume_power")

# The number of processes in which the tests of the command run.
SHARES = 6

# The same interpreter for all: "python3" may be a script that looks for one.
PYTHON = (sys.executable, "-B")

# Folders of scenarios that show time, and those whose scenarios
# both_clocks.py runs with both clocks, except those with the tag "timing".
SHOW_TIME = ("scenarios/drives/", "scenarios/workloads/")
BOTH_CLOCKS = ("scenarios/caches/", "scenarios/failures/",
               "scenarios/regressions/", "scenarios/spanning/")

# Tests of commands with threads: the engine, the server, the thread that waits
# for signals.
THREADED_COMMANDS = ("splitter/tool/tests/", "sim/command/serve/tests/",
                     "sim/command/tests/interrupt_test.py")

# A suite has threads to test if its file starts threads, or a file of which it
# is linked with a function.  These files do not count: each volume has the
# threads of the first two, which the suites of their room test; the third
# starts its thread in commands; the last has a stand-in for the call.
OTHER_THREADS = ("vtl/volume/vfs.c", "vtl/volume/deflate_pool.c",
                 "splitter/base/signals.c",
                 "splitter/tests/failing/failing_system.c")
ROOM_OF_OTHER_THREADS = "vtl/volume/"
# These start the engine's threads, but only one of them runs at a time.
NO_RACES = ("check_table_c", "check_schedules", "check_st_dumps")


def suites(build):
    """Return the Check suites that have a source, without the build folder."""
    found = sorted(path[:-2] for path in glob.glob(
        "*/**/tests/check_*.c", recursive=True))
    return [path for path in found if os.access(
        os.path.join(build, path), os.X_OK)]


def no_browser():
    """Return why the report is not opened in a browser, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return None
    return "needs a browser (apt-get install chromium)"


def tests(build, sanitizer, part):
    """Yield name, command and, if skipped, the reason; long ones first.  In a
    part, some programs get fewer cases."""
    own = "needs a plain build" if sanitizer else None
    slow = "too slow under valgrind" if sanitizer == "valgrind" else None
    for share in range(SHARES):
        yield "command", [*PYTHON, "sim/tests/all_tests.py", "--share",
                          "%d/%d" % (share, SHARES), *(
                              THREADED_COMMANDS if sanitizer == "tsan"
                              else ())], slow
    yield from scenarios(build, sanitizer, slow, part)
    found = suites(build)
    left_out = "make check-whole runs it" if part else own
    for path in found:
        name = os.path.basename(path)
        if name in EARLY_SUITES:
            yield (name, suite(build, path, sanitizer),
                   slow if slow and name in LONG_SUITES
                   else no_races(build, path, sanitizer))
    yield "explore", [build + "/splitter/core/tests/explore_main"], own
    yield "demo", [*PYTHON, "sim/tests/demo_report.py"], own
    yield ("page", [*PYTHON, "reports/tests/page_test.py"],
           left_out or no_browser())
    yield ("lost wakeups", ["splitter/engine/tests/lost_wakeups.sh", build],
           left_out)
    yield ("library", [*PYTHON, "splitter/api/tests/library_test.py"],
           own)
    yield "layering", [".ci/layering", build], own
    yield "pure", [".ci/pure", build], own
    yield "manual", [".ci/manual"], own
    yield "language", [".ci/language"], own
    yield "docs", [".ci/docs", build], own
    yield "same expectations", [".ci/same_expectations"], own
    yield ("places of mutants",
           [*PYTHON, "sim/tests/mutants.py", "--places"], own)
    # "make check-long" runs 80,000 other seeds, and 10,000 hard ones.
    yield "soak", [build + "/sim/tests/soak/soak_main",
                   "1..100" if part else "1..300",
                   build + "/soak"], slow or no_threads(sanitizer)
    yield "soak, hard", [build + "/sim/tests/soak/soak_main", "--hard",
                         "1..50" if sanitizer or part else "1..150",
                         build + "/soak"], slow or no_threads(sanitizer)
    # Every sixth scenario; "make mutate-scenarios" takes all.
    yield "mutate scenarios", [build + "/sim/tests/mutate/mutate_main",
                               "--share", "0/12" if part else "0/6",
                               "scenarios"], own
    for path in found:
        name = os.path.basename(path)
        if name not in EARLY_SUITES:
            yield (name, suite(build, path, sanitizer),
                   no_races(build, path, sanitizer))


def scenarios(build, sanitizer, slow, part):
    """Yield the runs of the scenarios, as tests() does.  Only without a
    sanitizer they are run twice, and compared: those that show time only by
    `make check-long`, because a second run without leaps takes long.  In a part,
    both runs are only those of both_clocks.py, and every second scenario is
    run."""
    folders = sorted(glob.glob("scenarios/*/"))
    files = sorted(glob.glob("scenarios/*.yaml"))
    command = [build + "/tapelab", "run"]
    real = [*command, "--clock", "real"]
    if sanitizer:
        yield ("scenarios, virtual", [*command, *folders, *files],
               slow or no_threads(sanitizer))
        yield "scenarios, real", real + [
            folder for folder in folders if folder not in SHOW_TIME], slow
        return
    yield "scenarios, both clocks", [
        *PYTHON, "sim/tests/both_clocks.py", build, *BOTH_CLOCKS], None
    others = [folder for folder in folders
              if folder not in SHOW_TIME + BOTH_CLOCKS]
    if part:
        others = [path for folder in others
                  for path in sorted(glob.glob(folder + "*.yaml"))[::2]]
    twice = [] if part else ["--check-determinism"]
    yield "scenarios, virtual", [*command, *twice, *others, *files], None
    yield "scenarios, time", [*command, *SHOW_TIME], None
    yield "scenarios, real", [*real, *others], None
    yield "scenarios, timing", [
        *real, "--tags", "timing", *BOTH_CLOCKS], None


def suite(build, path, sanitizer):
    """Return the command of a suite.  Valgrind checks each test in a child of
    Check."""
    command = [build + "/" + path]
    if sanitizer == "valgrind":
        command[:0] = ["valgrind", "--quiet", "--error-exitcode=99",
                       "--leak-check=full",
                       "--errors-for-leak-kinds=definite"]
    if os.path.basename(path) in ON_DISK:
        command[:0] = ["env", "TMPDIR=" + DISK]
    return command


def no_threads(sanitizer):
    return "has no threads to test" if sanitizer == "tsan" else None


def functions(path):
    """Return the names of the global functions that an object or program
    defines."""
    said = subprocess.run(["nm", "--defined-only", path],
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    return set(re.findall(r"^[0-9a-f]+ T (\w+)$", said, re.M)) - {"main"}


@functools.lru_cache
def thread_starters(build):
    """Return the files that start threads, without ".c", and their global
    functions."""
    files, found = set(), set()
    for path in glob.glob("*/**/*.c", recursive=True):
        with open(path, encoding="utf-8") as f:
            starts = "pthread_create(" in f.read()
        if starts and path not in OTHER_THREADS:
            files.add(path[:-2])
    for path in files:
        if os.path.exists(os.path.join(build, path + ".o")):
            found |= functions(os.path.join(build, path + ".o"))
    return files, found


def no_races(build, path, sanitizer):
    """Return why a suite is not run with ThreadSanitizer, or None."""
    if sanitizer != "tsan":
        return None
    files, starters = thread_starters(build)
    if os.path.basename(path) not in NO_RACES and (
            path in files or path.startswith(ROOM_OF_OTHER_THREADS) or
            functions(os.path.join(build, path)) & starters):
        return None
    return no_threads(sanitizer)


def counts(output, status):
    """Return how many tests passed, failed and were skipped, from the output of
    the program."""
    for pattern in (r"Checks: (\d+), Failures: (\d+), Errors: (\d+)",
                    r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?"):
        found = re.findall(pattern, output, re.M)
        if found:
            numbers = [int(n or 0) for n in found[-1]]
            if pattern.startswith("Checks"):
                bad = numbers[1] + numbers[2]
                numbers = [numbers[0] - bad, bad, 0]
            if status != 0 and numbers[1] == 0:
                numbers[1] = 1
            return numbers
    return [1, 0, 0] if status == 0 else [0, 1, 0]


def execute(command):
    """Run a command and return its output, its exit status, and the processor
    time of it and of the processes that it waited for."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as p:
        late = threading.Timer(TIMEOUT_S, p.kill)
        late.start()
        output = p.stdout.read().decode(errors="replace")
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        if late.finished.is_set():
            output += "\ntimed out"
        late.cancel()
    return output, p.returncode, usage.ru_utime + usage.ru_stime


def run(test):
    name, command = test
    begun = time.monotonic()
    try:
        output, status, processor = execute(command)
    except OSError as e:
        output, status, processor = str(e), -1, 0
    passed, failed, skipped = counts(output, status)
    if failed:
        print("FAILED", name, "(exit status %d):" % status,
              " ".join(command))
        print(output, flush=True)
    else:
        print("ok     %-32s %5d tests %6.1f s %6.1f s of processor" %
              (name, passed, time.monotonic() - begun, processor), flush=True)
        for line in re.findall(r"^skipped: .*", output, re.M):
            print("       " + line, flush=True)
    return passed, failed, skipped


def floor(programs, found, part):
    """Return how many numbers are below those of .ci/counts.  Skipped tests
    count.  A part has fewer tests."""
    missing = 0
    with open(".ci/counts", encoding="utf-8") as f:
        least = dict(line.split() for line in f if line[0] != "#")
    places = subprocess.run(
        [*PYTHON, "sim/tests/mutants.py", "--places"],
        stdout=subprocess.PIPE, check=False).stdout
    for what, there in (("programs", programs),
                        ("part" if part else "tests", found),
                        ("mutants", int(places))):
        if there < int(least[what]):
            print("FAILED %d %s, but .ci/counts requires %s" % (
                there, what, least[what]))
            missing += 1
    return missing


def in_memory():
    """Return a new folder in memory, or None if the user has chosen a folder
    or there is no room."""
    try:
        place = os.statvfs(MEMORY)
        if "TMPDIR" in os.environ or \
                place.f_bavail * place.f_frsize < MEMORY_BYTES:
            return None
        folder = tempfile.mkdtemp(prefix="tapelab-check-", dir=MEMORY)
        os.chmod(folder, 0o755)  # tests run commands as another user
        return folder
    except OSError:
        return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--sanitizer", default="")
    parser.add_argument("build")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    # nohup or a background job may have set these to be ignored.  Programs
    # under test start with the default dispositions, as in a terminal.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT,
                   signal.SIGTERM, signal.SIGTTIN, signal.SIGTTOU):
        signal.signal(number, signal.SIG_DFL)
    # On a slow machine, too, only a test that hangs takes this long.
    os.environ["CK_DEFAULT_TIMEOUT"] = "120"
    # A test forks while another thread writes pages of a volume.  Without
    # atexit_sleep_ms each process would sleep for a second at its end.
    os.environ.setdefault("TSAN_OPTIONS", "die_after_fork=0:atexit_sleep_ms=0")
    os.environ["TAPELAB"] = args.build + "/tapelab"
    os.environ["BUILD"] = args.build
    os.environ["SANITIZER"] = args.sanitizer
    os.environ.pop("CHECK_PART", None)
    if is_part(args):
        os.environ["CHECK_PART"] = "1"
    # Most tests write small files, and wait for the disk at each commit.
    folder = in_memory()
    if folder:
        os.environ["TMPDIR"] = folder
    try:
        return check(args)
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def is_part(args):
    return not args.whole and not args.sanitizer


def check(args):
    """Run the tests and print the sum; return the exit status."""
    chosen = [t for t in tests(args.build, args.sanitizer, is_part(args))
              if not args.names or t[0] in args.names]
    left_out = [(name, why) for name, _, why in chosen if why]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(run, [(name, command) for name, command, why
                                      in chosen if not why]))
    for name, why in left_out:
        print("skip   %-32s %s" % (name, why))
    passed = sum(r[0] for r in results)
    failed = sum(r[1] for r in results)
    skipped = sum(r[2] for r in results)
    if not args.names and not args.sanitizer:
        failed += floor(len(results), passed + skipped, is_part(args))
    print("%d passed, %d failed, %d skipped" % (passed, failed,
                                                skipped + len(left_out)))
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
