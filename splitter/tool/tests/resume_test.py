#!/usr/bin/env python3
"""Dumps that were interrupted or killed, and how they are resumed."""
import fcntl
import json
import os
import signal
import sqlite3
import struct
import termios

from command import BLOCK, PATIENCE_S, main
from library import MIB, PART, Begun, data, headers


def unread(pipe):
    """Return the number of bytes waiting in a pipe."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD,
                                          b"\0" * 4))[0]


class Interrupted(Begun):
    def test_a_signal_ends_the_dump_and_safe_bytes_are_reported(self):
        self.make(16 * MIB, 16 * MIB)
        source = data(4 * MIB)
        for i, number in enumerate((signal.SIGINT, signal.SIGTERM,
                                    signal.SIGHUP)):
            name = "d%d" % i
            process = self.begin(name, source[:3 * PART + BLOCK], "-V",
                                 "V%03d" % (1 + i % 2), parts=3)
            status, err = self.ends(process, number)
            self.assertEqual(status, 5)
            self.assertIn("%d bytes, 3 parts, are safe" % (3 * PART), err)
            self.assertIn("--resume", err)
            found = self.scanned(name, status=4)
            self.assertEqual((found["outcome"], found["bytes"]),
                             ("FAILED", 3 * PART))
            out, err = self.read(name, status=4)
            self.assertTrue(out == source[:3 * PART])
            self.assertIn("is incomplete", err)
            report = self.resume(name, source)
            self.assertEqual((report["outcome"], report["resumed_bytes"]),
                             ("DONE", 3 * PART))
            self.same(name, source)

    def test_end_of_input_after_a_signal_does_not_complete_the_dump(self):
        # Expected: an interrupted dump is not DONE.
        # Bug: a stopped process saw the end of standard input before the
        # signal, and half of the stream was DONE.
        self.make(*[16 * MIB] * 2)
        for i in range(4):
            process = self.begin("d%d" % i, data(PART + 7), "-V",
                                 "V%03d" % (1 + i % 2), parts=1)
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
            process.send_signal(signal.SIGTERM)
            process.stdin.close()
            process.send_signal(signal.SIGCONT)
            err = process.stderr.read().decode()
            self.assertEqual(process.wait(PATIENCE_S), 5, err)
            self.assertIn("interrupted", err)

    def test_an_interrupt_during_the_comparison_loses_nothing(self):
        # Expected: an interrupted dump is FAILED, with status 5.
        # Bug: the status was 2, wrong usage, and the safe bytes were not
        # reported.
        self.make(2 * MIB, 8 * MIB)
        source = data(3 * MIB)
        self.write("d", source, "--max-volumes", "1", status=4)
        before = self.volume_bytes(), self.catalogue("select * from dumps")
        safe = int(before[1][0][6])
        process = self.start("write", "-l", "lib", "-d", "d", "--resume",
                             "--json")
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        process.stdin.write(source[:PART + 7])
        process.stdin.flush()
        self.until(lambda: unread(process.stdin) == 0, process)
        status, err = self.ends(process, signal.SIGINT)
        self.assertEqual(status, 5, err)
        self.assertIn("FAILED: interrupted", err)
        self.assertIn("%d bytes, " % safe, err)
        report = json.loads(process.stdout.read())
        self.assertEqual((report["outcome"], report["safe_bytes"]),
                         ("FAILED", safe))
        self.assertEqual((self.volume_bytes(),
                          self.catalogue("select * from dumps")), before)
        self.resume("d", source)
        self.same("d", source)

    def test_a_resumed_volume_keeps_its_sequence_number(self):
        # Expected: a volume has one sequence number within a dump.
        # Bug: the volume got a new number each time the dump was resumed.
        self.make(2 * MIB, 8 * MIB)
        source = data(4 * MIB)
        for parts in (1, 2, 3):
            process = self.begin("d", source[:parts * PART + BLOCK],
                                 *(("--resume",) if parts > 1 else ()),
                                 parts=parts)
            self.assertEqual(self.ends(process, signal.SIGINT)[0], 5)
        self.resume("d", source, "--cache", "memory")
        self.same("d", source)
        for i in (1, 2):
            self.assertEqual({h["sequence"] for h in
                              headers(self.volume("V%03d" % i))}, {str(i)})
        self.assertEqual(self.scanned("d")["volumes"], 2)


class Killed(Begun):
    def test_a_killed_attempt_keeps_its_number_and_the_volume_is_used(self):
        # Expected: no two attempts of a dump have the same number, and the
        # volume is filled up.
        # Bug: the killed attempt was not known.
        self.make(16 * MIB, 16 * MIB)
        source = data(2 * MIB)
        process = self.begin("d", source[:2 * PART + BLOCK], parts=2)
        self.until(lambda: self.catalogue("select 1 from attempts where part "
                                          "= 3"), process)
        self.ends(process, signal.SIGKILL)
        self.assertEqual(self.catalogue("select barcode, closed from "
                                        "volumes"), [["V001", ""]])
        report = self.resume("d", source)
        self.assertEqual([(p["attempt"], p["volume"]) for p in
                          report["parts"]],
                         [(1, "V001")] * 2 + [(2, "V001")] +
                         [(1, "V001")] * 5)
        self.same("d", source)
        numbers = [(h["part"], h["attempt"]) for h in
                   headers(self.volume("V001")) if h["type"] == "part"]
        self.assertEqual(len(set(numbers)), len(numbers))
        self.assertEqual(self.catalogue("select closed from volumes"),
                         [["good"]])


class NotRecorded(Begun):
    """A catalogue that temporarily cannot be written."""

    # Expected: the catalogue has everything up to some moment.
    # Bug: entries that could not be written were left out and later ones were
    # not, so that a part was reported as overwritten.
    def stopped(self):
        """Start a writer with two parts in a catalogue that can no longer be
        written."""
        self.make(4 * MIB, 4 * MIB)
        self.source = data(3 * MIB + 7)
        process = self.begin("d", self.source[:2 * PART], parts=1)
        self.until(lambda: self.parts_on_tape("d") == 1 and self.catalogue(
            "select count(*) from attempts") == [["2"]], process)
        # SQLite cannot create its journal in that folder.
        os.mkdir(self.path("lib", "catalogue.db-journal"))
        process.stdin.write(self.source[2 * PART:5 * PART])
        process.stdin.flush()
        said = process.stderr.readline().decode()
        self.assertIn("the written data is safe and will be recorded "
                      "later", said)
        return process

    def feed(self, process, data):
        process.stdin.write(data)
        process.stdin.close()
        err = process.stderr.read().decode()
        self.assertEqual(process.wait(PATIENCE_S), 0, err)
        return err

    def test_the_catalogue_catches_up_without_gaps(self):
        process = self.stopped()
        os.rmdir(self.path("lib", "catalogue.db-journal"))
        err = self.feed(process, self.source[5 * PART:])
        self.assertIn("all missing entries were made", err)
        self.assertEqual(self.catalogue("select outcome from dumps"),
                         [["DONE"]])
        self.assertEqual(
            self.catalogue("select part, attempt from attempts"),
            [[str(i + 1), "1"] for i in range(len(self.source) // PART + 1)])
        self.assertEqual(self.catalogue("select closed from volumes"),
                         [["good"]])
        self.same("d", self.source)

    def test_entries_missing_at_the_end_are_reported(self):
        process = self.stopped()
        err = self.feed(process, self.source[5 * PART:])
        self.assertIn("it does not have all of the dump; run tapelab scan "
                      "--rebuild", err)
        os.rmdir(self.path("lib", "catalogue.db-journal"))
        self.assertEqual(self.catalogue("select max(part) from parts"),
                         [["1"]])
        self.refuses_untouched("write", "-l", "lib", "-d", "d", "--resume",
                               stdin=self.source,
                               says=["is DONE", "scan --rebuild"])
        self.passes("scan", "-l", "lib", "--rebuild")
        self.assertEqual(self.catalogue("select outcome from dumps"),
                         [["DONE"]])

    def test_a_killed_writer_leaves_the_earlier_entries(self):
        process = self.stopped()
        self.ends(process, signal.SIGKILL)
        os.rmdir(self.path("lib", "catalogue.db-journal"))
        report = self.resume("d", self.source)
        self.assertEqual((report["outcome"], report["resumed_bytes"]),
                         ("DONE", PART))
        numbers = [(h["part"], h["attempt"]) for h in
                   headers(self.volume("V001")) if h["type"] == "part"]
        self.assertEqual(len(set(numbers)), len(numbers))
        self.same("d", self.source)


class Resumed(Begun):
    def partial(self, *sizes):
        """Write a dump that is complete only after its third run."""
        self.make(*sizes)
        self.source = data(5 * MIB + 77)
        return self.source

    def cut(self, **more):
        """Write a dump of which at least 1.5 MiB are safe."""
        source = self.partial(2 * MIB, 8 * MIB, **more)
        report = self.report("d", source, "--max-volumes", "1", status=4)
        self.assertGreater(report["safe_bytes"], MIB)
        return source, report["safe_bytes"]

    def test_another_stream_is_refused_at_the_first_difference(self):
        source, safe = self.cut()
        before = self.volume_bytes()
        for at in (0, PART - 1, PART, safe - 1):
            other = bytearray(source)
            other[at] ^= 1
            r = self.write("d", bytes(other), "--resume", sizes=(), status=2)
            self.assertIn("not the dump that is on tape", r.err)
            self.assertIn("part %d" % (at // PART + 1), r.err)
        self.assertTrue(self.volume_bytes() == before)
        self.resume("d", source)
        self.same("d", source)

    def test_a_shorter_stream_is_refused(self):
        source, safe = self.cut()
        before = self.volume_bytes()
        for size in (0, 1, PART, safe - 1):
            r = self.write("d", source[:size], "--resume", sizes=(),
                           status=2)
            self.assertIn("ends after %d bytes" % size, r.err)
        self.assertTrue(self.volume_bytes() == before)
        self.resume("d", source)
        self.same("d", source)

    def test_options_that_contradict_the_dump_are_refused(self):
        source, _ = self.cut()
        before = self.volume_bytes()
        for args, says in ((("--block", "64 KiB"), "omit --block"),
                           (("--fixed",), "leave --fixed out"),
                           (("--overwrite", "V001"), "--overwrite")):
            r = self.write("d", source, "--resume", *args, sizes=(), status=2)
            self.assertIn(says, r.err)
        self.assertTrue(self.volume_bytes() == before)

    def test_more_attempts_than_the_limit_are_refused(self):
        source, _ = self.cut()
        with sqlite3.connect(self.path("lib", "catalogue.db")) as db:
            db.execute("insert into attempts select dump, max(part) + 1, "
                       "4294967295, volume, file + 1, 0, 0, '', '', 0, '' "
                       "from attempts where safe")
        db.close()
        self.refuses_untouched("write", "-l", "lib", "-d", "d", "--resume",
                               stdin=source, says="4294967295")

    def test_no_two_volumes_have_the_same_sequence_number(self):
        # Expected: each volume of a dump has its own sequence number.
        # Bug: a volume without an attempt was not counted.
        source = self.partial(2 * MIB, 2 * MIB, 8 * MIB)
        self.write("d", source, "-V", "V001", "-V", "V002", "--fault",
                   "header:1:medium_error", status=4)
        self.resume("d", source, "-V", "V001", "-V", "V003")
        # A volume that was labelled but not used keeps its number too.
        self.assertEqual([{h["sequence"] for h in
                           headers(self.volume("V00%d" % i))}
                          for i in (1, 2, 3)], [{"1"}, {"2"}, {"3"}])
        self.same("d", source)

    def test_a_dump_in_an_older_catalogue_is_resumed(self):
        source, safe = self.cut()
        with sqlite3.connect(self.path("lib", "catalogue.db")) as db:
            db.execute("drop table counters")
            db.execute("drop table volume_uses")
            db.execute("alter table dumps drop column volumes")
            db.execute("pragma writable_schema = on")
            db.execute("update sqlite_master set sql = replace(sql, "
                       "') without', char(10) || ') without') "
                       "where name = 'dumps'")
            db.execute("pragma user_version = 1")
        db.close()
        report = self.resume("d", source)
        self.assertEqual(report["resumed_bytes"], safe)
        self.same("d", source)
        self.assertEqual(self.catalogue("select volumes from dumps"), [["2"]])

    def test_a_dump_of_files_is_resumed(self):
        source = self.partial(2 * MIB, 2 * MIB, 2 * MIB, 2 * MIB)
        names = [self.file("f%d" % i, source[i * 700000:(i + 1) * 700000])
                 for i in range(8)]
        self.write("d", b"", "--max-volumes", "1", *names, status=4)
        self.resume("d", b"", *names)
        self.same("d", source)

    def test_the_tapes_are_enough_without_a_catalogue(self):
        source, safe = self.cut()
        os.remove(self.path("lib", "catalogue.db"))
        report = self.resume("d", source)
        # No end record fitted on V001, so nothing there proves the last part.
        self.assertEqual(report["resumed_bytes"], safe - PART)
        self.same("d", source)

    def test_a_dump_in_fixed_block_mode_is_resumed(self):
        source = self.partial(2 * MIB, 8 * MIB)
        self.write("d", source, "--fixed", "--max-volumes", "1", status=4)
        self.resume("d", source)
        self.assertTrue(self.scanned("d")["fixed"])
        self.same("d", source)

    def test_the_spool_holds_full_parts(self):
        # Expected: a resumed dump has parts of the requested size.
        # Bug: the spool counted from offset 0 and was full in the first part.
        source, safe = self.cut()
        r = self.resume("d", source, "--cache", "spool")
        self.assertEqual([p["bytes"] for p in r["parts"]],
                         [PART] * (len(source) // PART) + [77])
        self.assertGreater(safe, PART + MIB)    # more than the spool
        self.same("d", source)

    def test_a_stream_that_ends_with_the_safe_parts_is_done(self):
        source, safe = self.cut()
        r = self.write("d", source[:safe], "--resume", sizes=())
        self.assertIn("end record", r.err)
        out, _ = self.read("d", "--salvage", status=4)
        self.assertTrue(out == source[:safe])


if __name__ == "__main__":
    main()
