"""Helpers for tests of the command: they run it as a user does.

TAPELAB names the program (default: build/tapelab). Every test has a folder of
its own, which contains an empty folder for TMPDIR; no other variable of the
environment has an effect.
"""
import atexit
import json
import os
import resource
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PROGRAM = os.path.abspath(
    os.environ.get("TAPELAB") or os.path.join(ROOT, "build", "tapelab"))
SCENARIOS = os.path.join(ROOT, "scenarios")
PATIENCE_S = 600        # limit for commands that hang only if they are broken

BLOCK = 32768
CLOCKS = ("virtual", "real")

# `make check` runs a part of the tests: see splitter/tests/part.h.
PART = "CHECK_PART" in os.environ
whole = unittest.skipIf(PART, "make check-whole runs it")


# A gnuplot that draws nothing: tapelab calls it with -d -e "file = 'NAME'".
DRAW_NOTHING = r"""#!/bin/sh
name=${3#*\'}
echo '<svg xmlns="http://www.w3.org/2000/svg"></svg>' > "${name%\'}"
"""


def without_plots():
    """Return a folder with a gnuplot that draws nothing: a plot takes longer
    than most commands."""
    folder = tempfile.mkdtemp(prefix="tapelab-no-plots-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.chmod(folder, 0o755)     # tests run commands as another user
    with open(os.path.join(folder, "gnuplot"), "w", encoding="ascii") as f:
        f.write(DRAW_NOTHING)
    os.chmod(f.name, 0o755)
    return folder


NO_PLOTS = without_plots() if PART else None


class Result:
    """The result of one run of the command."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out.decode()
        self.err = err.decode()

    @property
    def lines(self):
        return self.out.splitlines()


def scenario_text(title="A dump", drives="instant", volumes=2,
                  capacity="4 MiB", warning="none", payload=None,
                  source="random", size="1 MiB", rate=None, block="32 KiB",
                  buffer="128 KiB", part="256 KiB", cache="none",
                  expect=("outcome == DONE", "restored == source"), more=""):
    """Return a small scenario; keys that are not given have common values."""
    text = "title: %s\nlibrary:\n  drives: [%s]\n" % (title, drives)
    text += "  volumes: {count: %d, capacity: %s, early_warning: %s}\n" % (
        volumes, capacity, warning)
    if payload:
        text += "  payload: %s\n" % payload
    text += "dump:\n  source: %s\n" % source
    if size is not None:
        text += "  size: %s\n" % size
    if rate is not None:
        text += "  rate: %s\n" % rate
    text += "splitter: {block: %s, buffer: %s, part: %s, cache: %s}\n" % (
        block, buffer, part, cache)
    text += more
    if expect:
        text += "expect:\n" + "".join("  - %s\n" % e for e in expect)
    return text


class CommandTest(unittest.TestCase):
    """A test with a folder, and helpers to run the command in it."""

    maxDiff = 2000
    place = None            # parent of the folder; None: TMPDIR
    plots = not PART        # gnuplot draws them

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="tapelab-test-", dir=self.place)
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.tmp = self.path("tmp")
        os.mkdir(self.tmp)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def file(self, name, data):
        """Create a file and its parent folders; return its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data.encode() if isinstance(data, str) else data)
        return path

    def scenario(self, name="a.yaml", **keys):
        return self.file(name, scenario_text(**keys))

    def environment(self, env=None):
        path = os.environ.get("PATH", "/usr/bin:/bin")
        made = {"PATH": path if self.plots else NO_PLOTS + ":" + path,
                "HOME": self.dir, "TMPDIR": self.tmp, "LC_ALL": "C"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                made[name] = os.environ[name]
        made.update(env or {})
        return made

    def start(self, *args, env=None, cwd=None, **popen):
        for name in ("stdin", "stdout", "stderr"):
            popen.setdefault(name, subprocess.PIPE)
        return subprocess.Popen([PROGRAM, *args], cwd=cwd or self.dir,
                                env=self.environment(env), **popen)

    def run_command(self, *args, stdin=b"", **popen):
        process = self.start(*args, **popen)
        with process:
            try:
                out, err = process.communicate(stdin, PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Result(process.returncode, out or b"", err or b"")

    def passes(self, *args, **popen):
        """Run the command; it must end with status 0 and without messages."""
        result = self.run_command(*args, **popen)
        self.assertEqual((result.status, result.err), (0, ""), result.out)
        return result

    def refuses(self, *args, says, status=2, **popen):
        """Run the command; it must fail with this status and reason, and print
        no results."""
        result = self.run_command(*args, **popen)
        self.assertEqual(result.status, status, result.out + result.err)
        self.assertEqual(result.out, "")
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, result.err)
        return result

    def cannot_run(self, *args, says, **popen):
        """Run scenarios none of which can be run: each counts as failed, and
        the reason is on stderr."""
        result = self.run_command(*args, **popen)
        self.assertEqual(result.status, 2, result.out + result.err)
        self.assertRegex(result.out,
                         r"(?s)^(failed .*\n)+0 passed, [1-9]\d* failed, "
                         r"0 skipped\n$")
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, result.err)
        return result

    def results(self, out="out"):
        with open(self.path(out, "results.json"), encoding="utf-8") as f:
            return json.load(f)["scenarios"]

    @staticmethod
    def attempts_of(scenario):
        """Return the attempts of all dumps of a scenario in results.json."""
        return [a for dump in scenario["dumps"] for a in dump["attempts"]]

    def left_in_tmp(self):
        return sorted(os.listdir(self.tmp))

    def volumes(self):
        """Return the paths of the volumes below TMPDIR."""
        return sorted(os.path.join(d, f) for d, _, files in os.walk(self.tmp)
                      for f in files if f.endswith(".tape"))

    def wait_for_data(self, process, of_size):
        """Wait until a volume below TMPDIR has grown to `of_size`."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            self.assertIsNone(process.poll(), "it ended before its time")
            for volume in self.volumes():
                try:
                    if os.path.getsize(volume) >= of_size:
                        return
                except FileNotFoundError:
                    pass
            select.select([], [], [], 0.005)
        self.fail("no volume has come to %d bytes" % of_size)


def processes_of(pid):
    """Return the running child processes of a process."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name, encoding="latin-1") as f:
                state, parent = f.read().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(name))
    return found


def limit_files(size):
    """For preexec_fn: no file grows beyond `size`, as with ulimit -f."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return limit


def full_disk_script(words):
    """Return a shell script for a mount namespace with a disk of 64 KiB on $1.

    It puts the file $2 on the disk as results.json, fills the rest, and runs
    `words`, whose status is that of the script. Then it compares the first
    file with its old contents, and lists the disk.
    """
    return ("mount -t tmpfs -o size=64k none \"$1\" || exit 99\n"
            "cp \"$2\" \"$1/results.json\"\n"
            "cat /dev/zero > \"$1/filler\" 2> /dev/null\n"
            + words + "\nstatus=$?\n"
            "cmp \"$2\" \"$1/results.json\" && ls \"$1\"\n"
            "exit $status\n")


def main(module="__main__"):
    """Run the tests of the program and print how many passed; tests that
    cannot run on this machine or as this user are named. Without a module,
    the arguments name the tests."""
    program = unittest.main(module=module, exit=False)
    r = program.result
    bad = {getattr(test, "test_case", test).id()
           for test, _ in r.failures + r.errors}
    failed = len(bad) + len(r.unexpectedSuccesses)
    skipped = len(r.skipped) + len(r.expectedFailures)
    for test, reason in r.skipped:
        print("skipped: %s: %s" % (test.id(), reason))
    print("%d passed, %d failed, %d skipped" % (
        r.testsRun - failed - skipped, failed, skipped))
    sys.exit(1 if failed > 0 else 0)
