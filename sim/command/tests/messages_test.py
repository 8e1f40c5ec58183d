#!/usr/bin/env python3
"""Messages: each reason is printed once, in lines that fit the terminal."""
import fcntl
import os
import re
import struct
import termios
import unittest

from command import main
from library import LibraryTest, MIB, data


class Once(LibraryTest):
    def test_a_full_spool_is_reported_once(self):
        # Expected: one line, with the number of times.
        # Bug: one line for each part.
        self.make(*[8 * MIB] * 2)
        r = self.write("d", data(4 * MIB), "--cache", "spool", "--spool-size",
                       "64 KiB", "--spool-dir", self.tmp)
        lines = [line for line in r.err.splitlines() if "the spool in" in line]
        self.assertEqual(len(lines), 2, r.err)
        self.assertRegex(lines[0], r"\Atapelab: the spool in .* is full: ")
        more, same = re.fullmatch(r"tapelab: (\d+) more times: (.*)",
                                  lines[1]).groups()
        self.assertGreater(int(more), 8)
        self.assertEqual("tapelab: " + same, lines[0])
        self.same("d", data(4 * MIB))

    def test_the_reason_for_the_end_of_a_dump_is_printed_once(self):
        self.make(MIB)
        r = self.write("d", data(4 * MIB), "--cache", "memory", status=4)
        self.assertEqual(r.err.count("no more volumes"), 1, r.err)
        self.assertIn("tapelab: dump d is PARTIAL\n", r.err)

    def test_the_reason_for_a_missing_part_is_printed_once(self):
        self.make(MIB, MIB, MIB)
        self.write("d", data(2 * MIB), "--cache", "memory")
        os.rename(self.volume("V002"), self.path("away"))
        for args, status, whole in (
                ((), 5, "d was not read to its end; "),
                (("--salvage",), 4, "d is not whole: ")):
            _, err = self.read("d", *args, status=status)
            self.assertRegex(err, r"tapelab: %s\d+ bytes are good" % whole)

    def test_the_reason_for_a_skipped_scenario_is_on_standard_error(self):
        self.scenario("a.yaml", payload="raw", buffer="1000000 TiB")
        r = self.cannot_run("run", "a.yaml", says="a.yaml: cannot allocate a buffer")
        self.assertNotIn("buffer", r.out)


class Whole(LibraryTest):
    def test_a_long_path_does_not_shorten_a_message(self):
        # Expected: path and reason in full.
        # Bug: the path was cut at 200 bytes, or the reason in the middle of a
        # word.
        folder = os.path.join(*["folder%04d" % i for i in range(24)])
        os.makedirs(self.path(folder))
        gone = os.path.join(folder, "gone")
        self.make(MIB)
        for args, says in (
                (("write", "-l", "lib", "-d", "d", gone),
                 "cannot read %s: No such file or directory\n"),
                (("read", "-l", "lib", "-d", "d", "--missing",
                  gone + "/list"),
                 "cannot write %s/list: No such file or directory"),
                (("label", "-l", "lib", "--overwrite", "V001", "--catalogue",
                  gone),
                 "there is no catalogue %s: No such file or directory\n"),
                (("write", "-l", "lib", "-d", "d", "--", "./" + gone),
                 "cannot start the command ./%s: No such file or directory")):
            with self.subTest(args[0]), open(self.path("out"), "wb") as f:
                r = self.run_command(*args, stdout=f)
                self.assertIn(says % gone, r.err)
        self.scenario("a.yaml")
        self.cannot_run("run", "a.yaml", env={"TMPDIR": self.path(gone)},
                        says="TMPDIR %s: cannot make a folder for the volumes: "
                        "No such file or directory; set TMPDIR to a "
                        "writable folder" % self.path(gone))


class Terminal(LibraryTest):
    def shown(self, columns):
        """Return what the progress of a running dump shows, and the lines."""
        ours, terminal = os.openpty()
        fcntl.ioctl(ours, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))
        process = self.start("write", "-l", "lib", "-d", "d%d" % columns,
                             *self.SMALL, stderr=terminal)
        os.close(terminal)
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        text = b""
        while text.count(b"\r") < 2:
            text += os.read(ours, 65536)
        process.communicate(b"x")
        os.close(ours)
        self.assertEqual(process.returncode, 0)
        return [line for line in re.split(r"[\r\n]|\x1b\[K", text.decode())
                if line]

    def test_progress_fits_the_terminal(self):
        # Expected: one line that is updated in place.
        # Bug: on a narrow terminal each update was a new line.
        self.make(*[MIB] * 6)
        for columns, last in ((200, "part 1"), (40, None), (7, None)):
            with self.subTest(columns):
                lines = self.shown(columns)
                for line in lines:
                    self.assertLess(len(line), columns)
                    self.assertTrue(line.startswith("0:00"[:columns - 1]))
                    # A field is shown in full or not at all, but at least one
                    # is shown.
                    if columns > 9:
                        self.assertNotRegex(line, r"( |buffer|part)\Z")
                if last:
                    self.assertIn(last, lines[-1])


if __name__ == "__main__":
    main()
