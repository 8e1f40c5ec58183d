#!/usr/bin/env python3
"""Dumps without their end record, and how they are resumed."""
import shutil
import sqlite3

from command import main
from library import MIB, PART, Begun, data


class WithoutEndRecord(Begun):
    """A dump whose writer was killed after its last part, before the end
    record or while writing it."""

    # Expected: a resume with the same stream writes the end record.
    # Bug: there was nothing to resume, and the end was never proven.
    def without_end_record(self, size, left=0, **more):
        """Write a dump; keep `left` blocks of its end record, without the
        filemark."""
        self.make(4 * MIB, 4 * MIB)
        source = data(size)
        self.write("d", source, **more)
        first, = self.sql("V001", "select first from files order by first "
                          "desc limit 1")[0]
        self.sql("V001", "delete from objects where first >= ?",
                 first + left)
        with sqlite3.connect(self.path("lib", "catalogue.db")) as db:
            db.execute("update dumps set outcome = '', safe_bytes = 0, "
                       "xxh128 = ''")
            db.execute("update volumes set closed = ''")
        db.close()
        found = self.scanned("d", status=4)
        self.assertEqual((found["outcome"], found["whole"]), ("", False))
        return source

    def test_a_resume_with_the_same_stream_writes_the_end_record(self):
        for size in (3 * PART, 3 * PART + 77, 0):
            with self.subTest(size=size):
                source = self.without_end_record(size)
                parts = self.sql("V001", "select count(*) from objects")
                report = self.resume("d", source)
                self.assertEqual(
                    (report["outcome"], report["sealed"],
                     report["safe_bytes"], report["resumed_bytes"]),
                    ("DONE", True, size, size))
                # Only the end record and its filemark were written.
                self.assertLessEqual(
                    self.sql("V001", "select count(*) from objects")[0][0],
                    parts[0][0] + 2)
                self.assertEqual(self.catalogue(
                    "select outcome, safe_bytes from dumps"),
                    [["DONE", str(size)]])
                self.same("d", source)
                self.refuses_untouched("write", "-l", "lib", "-d", "d",
                                       "--resume", stdin=source,
                                       says="DONE")
                shutil.rmtree(self.path("lib"))

    def test_a_partial_end_record_is_ended_before_the_new_one(self):
        source = self.without_end_record(60 * 8192 + 1, left=2, sizes=(
            "--block", "4 KiB", "--part", "8 KiB", "--buffer", "1 MiB"))
        report = self.report("d", source, "--resume", sizes=())
        self.assertEqual((report["outcome"], report["sealed"]),
                         ("DONE", True))
        self.same("d", source)

    def test_files_or_a_command_can_be_the_same_stream(self):
        for words in (("source",), ("--", "cat", "source")):
            with self.subTest(words=words):
                source = self.without_end_record(2 * PART + 7)
                self.file("source", source)
                self.assertTrue(self.resume("d", b"", *words)["sealed"])
                self.same("d", source)
                shutil.rmtree(self.path("lib"))

    def test_another_stream_is_refused(self):
        source = self.without_end_record(3 * PART + 77)
        for other, says in ((source + b"x", "ends after %d bytes, and this "
                             "stream is longer" % len(source)),
                            (source[:-1] + b"x", "they differ in part 4"),
                            (source[:-1], "in part 4")):
            self.refuses_untouched("write", "-l", "lib", "-d", "d",
                                   "--resume", stdin=other, says=says)
        self.assertTrue(self.resume("d", source)["sealed"])

    def test_a_failed_end_record_is_reported(self):
        source = self.without_end_record(3 * PART)
        with sqlite3.connect(self.path("lib", "catalogue.db")) as db:
            db.execute("update volumes set closed = 'suspect'")
        db.close()
        before = self.volume_bytes()
        r = self.write("d", source, "--resume", sizes=())
        self.assertIn("the last volume of the dump was closed as full or "
                      "suspect", r.err)
        self.assertIn("its end record is not", r.err)
        self.assertEqual(self.volume_bytes(), before)

    def test_a_tape_that_moves_before_the_end_record_is_verified(self):
        # Expected: parts that the end record has overwritten are not called
        # safe.
        # Bug: the dump was DONE, and nothing of it was on tape.
        source = self.without_end_record(3 * PART)
        self.passes("vtl", "fault", "lib", "--entry", "{fail: drive, "
                    "operation: write, nth: 1, mode: move, once: true}")
        report = self.resume("d", source, status=4)
        self.assertEqual((report["outcome"], report["sealed"],
                          report["safe_bytes"]), ("PARTIAL", False, 0))
        self.assertIn("is missing", report["message"])
        self.assertEqual(self.catalogue(
            "select outcome, safe_bytes from dumps"), [["PARTIAL", "0"]])
        self.assertEqual(self.catalogue("select * from parts"), [])

    def test_a_drive_error_leaves_the_safe_parts(self):
        source = self.without_end_record(3 * PART)
        r = self.write("d", source, "--resume", "--fault",
                       "header:1:medium_error", sizes=())
        self.assertIn("the end record is not on tape", r.err)
        self.assertIn("only the catalogue proves its last part", r.err)
        out, _ = self.read("d", status=4)
        self.assertTrue(out == source)


if __name__ == "__main__":
    main()
