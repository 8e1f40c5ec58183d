#!/usr/bin/env python3
"""`tapelab run` has a process for each scenario: what happens when it dies,
and when a scenario asks for too much simulated time."""
import os
import select
import signal
import subprocess
import time
import unittest

from command import CLOCKS, CommandTest, PATIENCE_S, main, processes_of


def state_of(pid):
    """Return the state letter of ps(1)."""
    with open("/proc/%d/stat" % pid, encoding="latin-1") as f:
        return f.read().rpartition(")")[2].split()[0]


class Died(CommandTest):
    def begin(self, *args, cases=("a.yaml", "b.yaml", "c.yaml")):
        """Start a run whose second scenario waits for its source."""
        self.scenario("a.yaml")
        self.scenario("b.yaml", source="stdin", size=None)
        self.scenario("c.yaml")
        process = self.start("run", "--jobs=1", "--out", "out", *args,
                             *cases)
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        self.wait_for(lambda: self.volumes_of_b() and
                      processes_of(process.pid), process)
        return process

    def volumes_of_b(self):
        """Wait until a.yaml has been run and b.yaml has its two volumes."""
        out = self.path("out", "a")
        return len(self.volumes()) == 2 and (not os.path.isdir(out) or
                                             os.listdir(out))

    def wait_for(self, what, process=None):
        deadline = time.monotonic() + PATIENCE_S
        while not what():
            self.assertLess(time.monotonic(), deadline)
            if process is not None:
                self.assertIsNone(process.poll(), "it ended before its time")
            select.select([], [], [], 0.005)

    def test_a_scenario_whose_process_dies_does_not_stop_the_others(self):
        # Expected: a scenario whose process dies is an error of tapelab
        # (status 3) and is named, and the others are run.
        # Bug: all results were lost.
        for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT,
                       signal.SIGXCPU):
            with self.subTest(number):
                process = self.begin(cases=("b.yaml", "c.yaml"))
                for pid in processes_of(process.pid):
                    os.kill(pid, number)
                out, err = process.communicate(b"", PATIENCE_S)
                self.assertEqual(process.returncode, 3, out + err)
                self.assertIn(b"b.yaml: the process of this scenario ", err)
                self.assertIn(b"failed   b: not completed", out)
                self.assertIn(b"passed   c: ", out)
                self.assertIn(b"\n1 passed, 1 failed, 0 skipped\n", out)
                b, c = self.results()
                self.assertEqual((b["name"], b["passed"]), ("b", False))
                self.assertIn("the process of this scenario ", b["problem"])
                self.assertTrue(c["passed"])
                self.assertEqual(self.left_in_tmp(), [])

    def test_an_interrupted_process_does_not_stop_the_others(self):
        process = self.begin(cases=("b.yaml", "c.yaml"))
        b, = processes_of(process.pid)
        os.kill(b, signal.SIGTERM)
        self.wait_for(lambda: b not in processes_of(process.pid))
        out, err = process.communicate(b"", PATIENCE_S)
        # The scenario has opened its source, or is still creating volumes.
        self.assertIn(process.returncode, (1, 2), out + err)
        self.assertIn(b"interrupted", out + err)
        self.assertIn(b"passed   c: ", out)
        self.assertEqual(self.left_in_tmp(), [])

    def test_end_of_input_after_the_signal_is_not_a_pass(self):
        # Expected: an interrupted scenario does not pass.
        # Bug: a stopped process saw the end of standard input before the
        # signal, and the beginning of the stream passed.
        for _ in range(4):
            process = self.begin(cases=("b.yaml",))
            b, = processes_of(process.pid)
            os.kill(b, signal.SIGSTOP)
            self.wait_for(lambda b=b: state_of(b) == "T")
            os.kill(b, signal.SIGTERM)
            process.stdin.close()
            os.kill(b, signal.SIGCONT)
            out = process.stdout.read()
            self.assertEqual(process.wait(), 1, out)
            self.assertIn(b"  interrupted: 0 bytes are safe", out)

    def test_it_ends_with_its_parent_and_leaves_no_files(self):
        process = self.begin(cases=("b.yaml", "c.yaml"))
        child, = processes_of(process.pid)
        process.kill()
        process.wait()
        self.wait_for(lambda: not os.path.exists("/proc/%d/fd/0" % child))
        self.assertEqual(self.left_in_tmp(), [])

    def test_keep_prints_the_folder_of_the_volumes_however_it_ends(self):
        process = self.begin("--keep-volumes", cases=("b.yaml",))
        for pid in processes_of(process.pid):
            os.kill(pid, signal.SIGKILL)
        _, err = process.communicate(b"", PATIENCE_S)
        folder, = self.left_in_tmp()
        self.assertIn("b.yaml: the files of the dead process are in %s/%s\n" % (
            self.tmp, folder), err.decode())
        self.assertEqual(len(self.volumes()), 2)

    def test_the_highest_status_counts(self):
        # Status 3 hides 2, which hides 1, which hides 0.
        self.scenario("fails.yaml", expect=["outcome == FAILED"])
        self.scenario("cannot.yaml", payload="raw",
                      buffer="1000000 TiB")
        for cases, status in (
                (("a.yaml",), 0), (("a.yaml", "fails.yaml"), 1),
                (("fails.yaml", "cannot.yaml", "a.yaml"), 2)):
            self.scenario("a.yaml")
            self.assertEqual(self.run_command("run", *cases).status, status)
        process = self.begin(cases=("b.yaml", "fails.yaml", "cannot.yaml",
                                    "a.yaml"))
        for pid in processes_of(process.pid):
            os.kill(pid, signal.SIGKILL)
        out, err = process.communicate(b"", PATIENCE_S)
        self.assertEqual(process.returncode, 3, out + err)
        self.assertIn(b"1 passed, 3 failed, 0 skipped", out)


def fault(text, count):
    return "faults:\n" + ("  - {%s}\n" % text) * count


TOO_LONG = {
    "defects": {"more": fault("fail: slow, volume: 1, at: 100 KiB, length: "
                              "200 KiB, slowdown: 1000000", 4)},
    "drive": {"more": fault("fail: drive, drive: 1, operation: write, mode: "
                            "slow, slowdown: 1000000", 4)},
    "stalls at one place": {"more": fault("fail: stall, at: 100 KiB, duration: "
                                          "10000 h", 300)},
    "stalls": {"more": "faults:\n" + "".join(
        "  - {fail: stall, at: %d KiB, duration: 10000 h}\n" % i
        for i in range(300))},
    "rate": {"rate": "1 B/s", "size": "1 TiB", "capacity": "2 TiB",
             "part": "0", "block": "1 MiB", "buffer": "1 GiB"},
    "robot": {"more": "", "volumes": 300, "size": "200 MiB",
              "library": "  robot: {move_time: 10000 h}\n"},
    "first loads": {"more": "", "volumes": 300, "size": "400 MiB",
                    "library": "  behaviour: {media_initialization: "
                               "10000 h}\n"},
}


class TooLong(CommandTest):
    def test_more_than_a_century_is_refused(self):
        # Expected: a message, and status 2.
        # Bug: an assertion failed, or "passed, 0 s".
        for name, keys in TOO_LONG.items():
            with self.subTest(name):
                keys = dict(keys)
                library = keys.pop("library", "")
                path = self.scenario(drives="lto8", **keys)
                with open(path, encoding="utf-8") as f:
                    text = f.read()
                self.file("a.yaml", text.replace("dump:", library + "dump:"))
                self.scenario("b.yaml")
                r = self.run_command("run", "a.yaml", "b.yaml")
                self.assertEqual(r.status, 2, r.out + r.err)
                self.assertIn("a.yaml: simulated time would exceed 100 "
                              "years", r.err)
                self.assertEqual(r.lines[-1], "1 passed, 1 failed, 0 skipped")

    def test_decades_can_be_simulated(self):
        self.scenario(more=fault("fail: stall, at: 100 KiB, duration: "
                                 "10000 h", 80))
        r = self.passes("run", "a.yaml")
        self.assertIn("8e+05 h", r.out.replace(" 800000 h", " 8e+05 h"))


if __name__ == "__main__":
    main()
