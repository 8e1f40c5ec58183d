#!/usr/bin/env python3
"""Several writers, and several users, of one library."""
import os
import signal
import sqlite3
import unittest

from command import BLOCK, PATIENCE_S, main
from library import MIB, PART, Begun, LibraryTest, data


class Together(Begun):
    def test_two_writers_use_a_drive_each(self):
        self.make(*[2 * MIB] * 6, drives=2)
        source = [data(4 * MIB, i) for i in range(2)]
        writers = [self.begin("d%d" % i, source[i][:PART + BLOCK], "--cache",
                              "memory") for i in range(2)]
        for i, process in enumerate(writers):
            process.stdin.write(source[i][PART + BLOCK:])
            process.stdin.close()
        for process in writers:
            err = process.stderr.read()
            self.assertEqual(process.wait(PATIENCE_S), 0, err)
        for i in range(2):
            self.same("d%d" % i, source[i])

    def test_two_dumps_with_the_same_name_cannot_begin(self):
        # Expected: a name in the catalogue is refused.
        # Bug: two writers that checked at the same moment both found the name
        # free.
        self.make(*[MIB] * 6, drives=6)
        db = sqlite3.connect(self.path("lib", "catalogue.db"))
        db.execute("begin exclusive")
        writers = [self.start("write", "-l", "lib", "-d", "d", *self.SMALL)
                   for _ in range(6)]
        for process in writers:
            process.stdin.write(b"x")
            process.stdin.close()
        db.close()
        said = sorted((process.wait(PATIENCE_S), process.stderr.read())
                      for process in writers)
        for process in writers:
            process.stdin = None
            process.__exit__(None, None, None)
        self.assertEqual([status for status, _ in said], [0] + [2] * 5)
        for _, err in said[1:]:
            self.assertIn(b"another name", err)
        self.assertEqual(len(self.scan()["dumps"]), 1)

    def test_a_dump_in_progress_is_not_resumed(self):
        # Expected: a dump has only one writer at a time.
        # Bug: two processes resumed a dump at once, both reported DONE, and the
        # dump could not be read.
        self.make(*[2 * MIB] * 4, drives=2)
        source = data(3 * MIB)
        process = self.begin("d", source[:2 * PART + BLOCK], "--cache",
                             "memory", parts=2)
        for _ in range(2):
            r = self.write("d", source, "--resume", "-V", "V003", status=2)
            self.assertIn("another tapelab is writing", r.err)
            self.assertEqual(self.ends(process, signal.SIGINT)[0], 5)
            process = self.begin("d", source[:3 * PART + BLOCK], "--resume",
                                 "--cache", "memory", parts=3)
        self.ends(process, signal.SIGKILL)
        self.resume("d", source, "--cache", "memory")
        self.same("d", source)

    def test_without_a_free_drive_the_dump_is_refused_unchanged(self):
        self.make(2 * MIB, 2 * MIB, drives=1)
        process = self.begin("a", data(PART + BLOCK))
        r = self.write("b", b"x", status=4)
        self.assertIn("tapelab write", r.err)
        process.stdin.close()
        self.assertEqual(process.wait(PATIENCE_S), 0)
        self.write("b", b"x")
        self.same("b", b"x")


@unittest.skipIf(os.geteuid() != 0, "only root can become another user")
class Strangers(LibraryTest):
    """Users without permission to write a library, or to read it."""

    def as_nobody(self, *args, stdin=b""):
        def become():
            os.setgid(65534)
            os.setuid(65534)
        os.chmod(self.dir, 0o755)
        os.chmod(self.tmp, 0o777)
        # In a build for coverage, this user may not write the counters.
        return self.run_command(*args, stdin=stdin, preexec_fn=become,
                                env={"GCOV_ERROR_FILE": os.devnull})

    def test_a_library_of_another_user_is_not_changed(self):
        self.make(MIB)
        self.write("d", b"x")
        before = self.volume_bytes()
        for args in (("write", "-l", "lib", "-d", "e"), ("label", "-l",
                     "lib")):
            r = self.as_nobody(*args, stdin=b"y")
            self.assertEqual(r.status, 2, r.err)
            self.assertIn("lib", r.err)
        self.assertTrue(self.volume_bytes() == before)
        os.chmod(self.path("lib"), 0o700)
        r = self.as_nobody("read", "-l", "lib", "-d", "d")
        self.assertEqual(r.status, 2)
        self.assertIn("lib", r.err)

    def test_an_ordinary_user_can_have_a_library(self):
        self.make(MIB)
        for folder, _, names in os.walk(self.path("lib")):
            for name in [""] + names:
                os.chown(os.path.join(folder, name), 65534, 65534)
        r = self.as_nobody("write", "-l", "lib", "-d", "d", *self.SMALL,
                           stdin=data(300000))
        self.assertEqual((r.status, r.err), (0, ""))
        self.same("d", data(300000))


if __name__ == "__main__":
    main()
