#!/usr/bin/env python3
"""A dump produced by a command that tapelab starts: its exit status decides
whether the dump is complete, not the end of the pipe."""
import json
import os
import shutil
import signal
import sys

from command import BLOCK, PATIENCE_S, main
from library import MIB, PART, Begun, data, headers


class Producer(Begun):
    def setUp(self):
        super().setUp()
        self.make(*[4 * MIB] * 3)
        self.source = data(5 * PART + 777)
        self.file("source", self.source)

    def produce(self, *command, args=(), status=0, **popen):
        r = self.run_command("write", "-l", "lib", "-d", "d", *self.SMALL,
                             *args, "--", *command, **popen)
        self.assertEqual(r.status, status, r.out + r.err)
        return r

    def shell(self, script, **more):
        return self.produce("sh", "-c", script, **more)

    def make_again(self):
        shutil.rmtree(self.path("lib"))
        self.make(*[4 * MIB] * 3)

    def dumps(self):
        r = self.run_command("scan", "-l", "lib", "--json")
        return json.loads(r.out)["dumps"]

    def nothing_left(self):
        """No process that a test has started is still running."""
        self.assertEqual(self.children(), [])

    def children(self):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/environ" % pid, "rb") as f:
                    if self.dir.encode() in f.read():
                        found.append(pid)
            except OSError:
                pass
        return found


class Ends(Producer):
    def test_its_output_is_the_dump_if_it_exits_with_zero(self):
        r = self.produce("cat", "source")
        self.assertEqual((r.out, r.err), ("", ""))
        self.same("d", self.source)
        self.assertEqual(self.scanned("d")["outcome"], "DONE")

    def test_it_inherits_standard_input(self):
        self.shell("cat; echo end", stdin=self.source)
        self.same("d", self.source + b"end\n")

    # Expected: a producer that failed does not complete a dump.
    # Bug: "false | tapelab write" was DONE with 0 bytes.
    def test_a_producer_that_fails_does_not_complete_the_dump(self):
        for script, says in (("cat source; exit 3", "status 3"),
                             ("cat source; kill -9 $$", "signal 9"),
                             ("cat source | cat; exit 1", "status 1"),
                             ("head -c %d source; false" % (3 * PART),
                              "status 1")):
            with self.subTest(script=script):
                r = self.shell(script, status=5)
                self.assertIn("FAILED", r.err)
                self.assertIn("the command sh failed", r.err)
                self.assertIn(says, r.err)
                # How much it wrote depends on the speed of the tape.
                (safe,), = self.catalogue("select safe_bytes from dumps")
                self.assertEqual(int(safe) % PART, 0)
                for d in self.dumps():
                    self.assertEqual((d["outcome"], d["bytes"]),
                                     ("FAILED", int(safe)))
                    out, _ = self.read("d", status=4)
                    self.assertTrue(out == self.source[:int(safe)])
                r = self.produce("cat", "source", args=("--resume",
                                                        "--json"))
                self.assertEqual(json.loads(r.out)["resumed_bytes"],
                                 int(safe))
                self.same("d", self.source)
                self.make_again()

    def test_true_is_an_empty_dump_and_false_is_a_failed_one(self):
        r = self.produce("false", status=5)
        self.assertIn("the command false failed: it exited with status 1",
                      r.err)
        self.assertEqual(self.scan()["dumps"], [])
        self.produce("true")
        self.same("d", b"")

    def test_a_producer_that_fails_during_the_comparison(self):
        process = self.begin("d", self.source[:3 * PART + BLOCK], parts=3)
        self.ends(process, signal.SIGINT)
        before = self.volume_bytes()
        r = self.shell("head -c %d source; exit 9" % PART, status=5,
                       args=("--resume",))
        self.assertIn("status 9", r.err)
        self.assertIn("%d bytes, 3 parts, are safe" % (3 * PART), r.err)
        self.assertTrue(self.volume_bytes() == before)


class Starts(Producer):
    def test_a_command_that_cannot_be_started(self):
        self.file("plain", "x")
        for command, says in ((("no-such-command", "x"), "No such file"),
                              ((self.path("plain"),), "Permission denied")):
            self.refuses_untouched(
                "write", "-l", "lib", "-d", "d", "--", *command,
                says=["cannot start the command " + command[0], says])
        self.assertEqual(self.catalogue("select * from dumps"), [])

    def test_options_that_exclude_a_command(self):
        for args, says in ((("source", "--", "cat"), "exclude each other"),
                           (("--",), "needs a command"),
                           (("--cache", "slices", "--", "cat", "source"),
                            "--cache slices")):
            self.refuses_untouched("write", "-l", "lib", "-d", "d", *args,
                                   says=says)

    def test_it_is_not_started_if_nothing_can_be_written(self):
        self.refuses("write", "-l", "nolib", "-d", "d", "--", "touch",
                     "started", says="nolib")
        self.assertFalse(os.path.exists(self.path("started")))


class Stopped(Producer):
    # A process that writes nothing and never ends by itself.
    IDLE = "exec %s -c 'import time; time.sleep(%d)'" % (sys.executable,
                                                         PATIENCE_S)

    def begin_with(self, script):
        process = self.start("write", "-l", "lib", "-d", "d", *self.SMALL,
                             "--", "sh", "-c", script)
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        self.until(lambda: self.parts_on_tape("d") >= 3, process)
        return process

    def test_a_signal_ends_the_command_too(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number=number):
                process = self.begin_with(
                    "trap 'echo got $(kill -l $((%d))) > got; exit 1' %d; "
                    "head -c %d source; while :; do sleep 0.01; done" % (
                        number, number, 3 * PART + BLOCK))
                status, err = self.ends(process, number)
                self.assertEqual(status, 5, err)
                self.assertIn("interrupted", err)
                with open(self.path("got")) as f:
                    self.assertIn("got", f.read())
                os.remove(self.path("got"))
                self.nothing_left()
                self.make_again()

    def test_a_signal_ends_the_children_of_the_command_too(self):
        process = self.begin_with("head -c %d source; (%s) | cat" % (
            3 * PART + BLOCK, self.IDLE))
        status, err = self.ends(process, signal.SIGTERM)
        self.assertEqual(status, 5, err)
        self.until_none()

    def until_none(self):
        class Never:
            def poll(self):
                return None
        self.until(lambda: not self.children(), Never())

    def test_a_failed_command_ends_the_dump_while_a_child_has_the_pipe(self):
        # One of its children has the pipe open and never ends by itself.
        process = self.start("write", "-l", "lib", "-d", "d", *self.SMALL,
                             "--", "sh", "-c", "(%s) 2> err & echo $! > pid; "
                             "cat source; exit 7" % self.IDLE,
                             stdin=None)
        _, err = process.communicate(timeout=PATIENCE_S)
        self.assertEqual(process.returncode, 5)
        self.assertIn(b"status 7", err)
        with open(self.path("pid")) as f:
            os.kill(int(f.read()), signal.SIGKILL)

    def test_the_output_of_a_child_that_continues_is_in_the_dump(self):
        # The command exits at once, and its child writes the dump.
        os.mkfifo(self.path("go"))
        process = self.start("write", "-l", "lib", "-d", "d", *self.SMALL,
                             "--", "sh", "-c", "(cat go; cat source) & exit 0",
                             stdin=None)
        said = process.stderr.readline()
        self.assertIn(b"still has its output open", said)
        with open(self.path("go"), "wb") as f:
            f.write(b"first")
        _, err = process.communicate(timeout=PATIENCE_S)
        self.assertEqual((process.returncode, err), (0, b""))
        self.same("d", b"first" + self.source)

    def test_a_dump_that_ends_first_ends_the_command_by_sigpipe(self):
        r = self.shell("cat source source source source > /dev/stdout; "
                       "echo $? > status; while :; do echo more; done",
                       args=("--max-volumes", "1", "--limit", "1 MiB"),
                       status=4)
        self.assertIn("PARTIAL", r.err)
        self.nothing_left()


if __name__ == "__main__":
    main()
