#!/usr/bin/env python3
"""Results, progress, and errors of standard output."""
import json
import os
import pty
import re
import subprocess
import time
import unittest

from command import BLOCK, PATIENCE_S, PROGRAM, main
from library import LibraryTest, MIB, data


class Streams(LibraryTest):
    def test_an_error_of_standard_output_is_a_failure(self):
        self.make(4 * MIB)
        self.write("d", data(MIB))
        with open("/dev/full", "wb") as full:
            for args, status in ((("read", "-d", "d"), 5), (("scan",), 2)):
                r = self.run_command(args[0], "-l", "lib", *args[1:],
                                     stdout=full)
                self.assertEqual(r.status, status)
                self.assertIn("No space left", r.err)

    def on_a_full_disk(self, *args, status, stdin=b""):
        with open("/dev/full", "wb") as full:
            r = self.run_command(*args, stdin=stdin, stdout=full)
        self.assertEqual(r.status, status, r.err)
        self.assertEqual(r.err.count("cannot write to standard output"), 1)

    def test_exit_status_says_what_was_done_if_it_cannot_be_printed(self):
        # Expected: the status says what was done, and the message what could
        # not be printed.
        # Bug: a dump that was DONE ended with the status of wrong usage.
        self.make(MIB, MIB, drives=2, label=False)
        self.on_a_full_disk("label", "-l", "lib", status=0)
        for dump, size, status in (("d", MIB // 2, 0), ("e", 2 * MIB, 4)):
            self.on_a_full_disk("write", "-l", "lib", "-d", dump, "--json",
                                *self.SMALL, stdin=data(size), status=status)
        self.same("d", data(MIB // 2))
        self.on_a_full_disk("vtl", "load", "lib", "V001", status=0)
        self.on_a_full_disk("mtx", "-f", "lib", "unload", status=0)
        self.on_a_full_disk("vtl", "behaviour", "lib", "{buffered: true}",
                            status=0)

    def test_a_listing_that_cannot_be_printed_is_a_failure(self):
        self.make(MIB)
        self.write("d", data(MIB // 4))
        for args, status in (
                (("scan", "-l", "lib"), 2), (("scan", "-l", "lib", "--json"), 2),
                (("vtl", "list", "lib"), 1), (("vtl", "status", "lib"), 1),
                (("vtl", "show", "lib", "V001"), 1),
                (("vtl", "files", "lib", "V001", "--json"), 1),
                (("vtl", "verify", "lib"), 1),
                (("vtl", "behaviour", "lib"), 1),
                (("mtx", "-f", "lib", "status"), 1), (("mtx", "--help"), 2),
                (("vtl", "--help"), 2), (("vtl", "list", "--help"), 2)):
            with self.subTest(args):
                self.on_a_full_disk(*args, status=status)

    def test_a_closed_standard_output_is_a_failure(self):
        self.make(4 * MIB)
        self.write("d", data(MIB))
        before = self.volume_bytes()
        script = '"$0" "$@" >&-'
        for args, status in ((("read", "-d", "d"), 5), (("scan",), 2)):
            r = subprocess.run(["sh", "-c", script, PROGRAM, args[0], "-l",
                                self.path("lib"), *args[1:]], check=False,
                               env=self.environment(), capture_output=True)
            self.assertEqual(r.returncode, status, r.stderr)
            self.assertIn(b"standard output", r.stderr)
        self.assertEqual(self.volume_bytes(), before)

    def test_a_pipe_without_reader_ends_the_command(self):
        self.make(4 * MIB)
        self.write("d", data(2 * MIB))
        process = self.start("read", "-l", "lib", "-d", "d")
        with process:
            process.stdout.read(10)
            process.stdout.close()
            err = process.stderr.read()
            self.assertEqual(process.wait(PATIENCE_S), 5)
        self.assertIn(b"Broken pipe", err)

    def on_a_terminal(self, *args, stdin, until=None):
        """Run the command with standard error on a terminal, and keep its
        source waiting until the terminal shows `until`; return what it
        shows."""
        ours, theirs = pty.openpty()
        process = self.start(*args, stderr=theirs)
        os.close(theirs)
        with process:
            process.stdin.write(stdin)
            process.stdin.flush()
            shown = ""
            deadline = time.monotonic() + PATIENCE_S
            while True:
                if until is None or re.search(until, shown) or \
                        time.monotonic() > deadline:
                    process.stdin.close()
                try:
                    piece = os.read(ours, 4096)
                except OSError:
                    break
                if not piece:
                    break
                shown += piece.decode()
            self.assertEqual(process.wait(PATIENCE_S), 0, shown)
        os.close(ours)
        return shown

    def test_a_terminal_shows_progress_and_a_pipe_does_not(self):
        # Expected: the line is updated also while no data comes.
        # Bug: the line was updated only when data came.
        self.make(100 * MIB)
        stands = r"0:00:\d\d  32\.77 kB  0 B/s  buffer \d+ %  part 1  volume V001"
        self.on_a_terminal("write", "-l", "lib", "-d", "a", "-V", "V001",
                           *self.SMALL, stdin=b"x" * BLOCK,
                           until=r"(?s)%s.*%s" % (stands, stands))
        shown = self.on_a_terminal("write", "-l", "lib", "-d", "b", "-V",
                                   "V001", "--quiet", stdin=b"x")
        self.assertEqual(shown, "")
        self.assertEqual(self.write("c", b"x", "-V", "V001").err, "")

    def test_a_dump_is_not_written_to_or_read_from_a_terminal(self):
        self.make(4 * MIB)
        self.write("d", b"x")
        ours, theirs = pty.openpty()
        for args, end in ((("read", "-d", "d"), "stdout"),
                          (("write", "-d", "e"), "stdin")):
            with self.start(args[0], "-l", "lib", *args[1:],
                            **{end: theirs}) as process:
                err = process.stderr.read()
                self.assertEqual(process.wait(PATIENCE_S), 2, err)
            self.assertIn(b"terminal", err)
        os.close(ours)
        os.close(theirs)


class Json(LibraryTest):
    def test_names_that_are_not_utf_8_are_encoded_in_json(self):
        # Expected: valid JSON, whatever bytes a name has.
        # Bug: no report was printed.
        self.make(MIB)
        name = os.fsencode(self.path("bad")) + b"\xff\xc3"
        shorter = "/sys/kernel/uevent_seqnum"   # than stat(2) reports
        if not os.path.exists(shorter):
            self.skipTest("no file ends before its end here")
        os.symlink(shorter, name)
        with self.start("write", "-l", "lib", "-d", "d", "--json",
                        name) as process:
            out, err = process.communicate(b"", PATIENCE_S)
        self.assertEqual(process.returncode, 5, err)
        self.assertIn(name, err)
        tool = subprocess.run(["python3", "-m", "json.tool"], input=out,
                              capture_output=True, check=False)
        self.assertEqual(tool.returncode, 0, tool.stderr)
        self.assertIn("bad\ufffd\ufffd", json.loads(out)["message"])

    def test_a_report_has_name_and_id_of_the_dump_in_two_fields(self):
        self.make((MIB, 100 << 10), 2 * MIB)
        source = data(2 * MIB)
        report = self.report("d", source, "--max-volumes", "1", status=4)
        again = self.report("d@" + report["id"], source, "--resume",
                            sizes=("--part", "256 KiB"))
        for r in (report, again):
            self.assertEqual((r["dump"], r["id"]), ("d", report["id"]))


if __name__ == "__main__":
    main()
