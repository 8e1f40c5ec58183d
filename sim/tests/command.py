"""What the tests of the command share: they run it as a user would.

TAPELAB names the program (build/tapelab where it is not set).  Every test has
a folder of its own with an empty folder for TMPDIR in it, and nothing else of
the environment matters.
"""
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
PATIENCE_S = 600        # for what can only hang when it is broken

BLOCK = 32768
CLOCKS = ("virtual", "real")


class Result:
    """What one run of the command came to."""

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
    """A small scenario; what is not said is as it mostly is."""
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
    """A test with a folder, and ways to run the command in it."""

    maxDiff = 2000
    place = None            # where its folder is; None: where TMPDIR says

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="tapelab-test-", dir=self.place)
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.tmp = self.path("tmp")
        os.mkdir(self.tmp)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def file(self, name, data):
        """Makes a file, and the folders above it; returns its path."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data.encode() if isinstance(data, str) else data)
        return path

    def scenario(self, name="a.yaml", **keys):
        return self.file(name, scenario_text(**keys))

    def environment(self, env=None):
        made = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"),
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
        """Runs it, and sees that it came to 0 without a complaint."""
        result = self.run_command(*args, **popen)
        self.assertEqual((result.status, result.err), (0, ""), result.out)
        return result

    def refuses(self, *args, says, status=2, **popen):
        """Runs it in vain: the status, the reason, and no results."""
        result = self.run_command(*args, **popen)
        self.assertEqual(result.status, status, result.out + result.err)
        self.assertEqual(result.out, "")
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, result.err)
        return result

    def cannot_run(self, *args, says, **popen):
        """Has scenarios run none of which can be: each counts as failed, and
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

    def left_in_tmp(self):
        return sorted(os.listdir(self.tmp))

    def volumes(self):
        """Paths of the volumes below TMPDIR."""
        return sorted(os.path.join(d, f) for d, _, files in os.walk(self.tmp)
                      for f in files if f.endswith(".tape"))

    def wait_for_data(self, process, of_size):
        """Waits until a volume below TMPDIR has grown to `of_size`."""
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
    """The processes that this one has started, and that have not ended."""
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
    """A shell script for a namespace with a disk of 64 KiB on $1.

    Puts the file $2 on it as results.json, fills the rest, and runs `words`
    (its status is the script's); then the first file is compared with what
    it was, and what lies there is listed.
    """
    return ("mount -t tmpfs -o size=64k none \"$1\" || exit 99\n"
            "cp \"$2\" \"$1/results.json\"\n"
            "cat /dev/zero > \"$1/filler\" 2> /dev/null\n"
            + words + "\nstatus=$?\n"
            "cmp \"$2\" \"$1/results.json\" && ls \"$1\"\n"
            "exit $status\n")


def main():
    """Runs the tests of the program, and says how many passed; those that
    this machine or this user cannot run are named."""
    program = unittest.main(module="__main__", exit=False)
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
