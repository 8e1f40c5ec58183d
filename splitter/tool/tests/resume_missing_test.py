#!/usr/bin/env python3
"""A dump is resumed only if all volumes that may hold a part of it were
scanned, and no two attempts of a part get the same number."""
import os
import shutil
import signal
import sqlite3

from command import BLOCK, main
from library import MIB, PART, Begun, data, headers


class ResumeWithMissingVolumes(Begun):
    """Parts 1 to 7 are on V001, 8 to 11 on V002; V003 is scratch."""

    def setUp(self):
        super().setUp()
        self.make(*[2 * MIB] * 4, drives=2)
        self.source = data(4 * MIB)
        process = self.begin("d", self.source[:11 * PART + BLOCK], "--cache",
                             "memory", parts=11)
        self.assertEqual(self.ends(process, signal.SIGINT)[0], 5)
        self.assertEqual(
            self.catalogue("select volume, min(part), max(part) from parts "
                           "group by 1"),
            [["V001", "1", "7"], ["V002", "8", "11"]])

    def forget(self):
        os.remove(self.path("lib", "catalogue.db"))

    def refused(self, volume, *says, args=()):
        """The resume is refused, the volume is named, and nothing is written:
        with a catalogue that knows the dump, and without one."""
        said = ["volume %s was not scanned: " % volume,
                "--assume-present %s" % volume, "nothing was written", *says]
        for more in ((), ("--no-catalogue",)):
            r = self.refuses_untouched(
                "write", "-l", "lib", "-d", "d", "--resume", *args, *more,
                stdin=self.source, says=said)
            self.assertEqual(r.err.count("was not scanned: "), 1, r.err)

    def numbers(self):
        """Return part and attempt of each header of the dump, on all
        volumes."""
        found = []
        for name in sorted(os.listdir(self.path("lib"))):
            if name.endswith(".tape"):
                found += [(int(h["part"]), int(h["attempt"]))
                          for h in headers(self.path("lib", name))
                          if h.get("type") == "part" and
                          h["dump"] == "d"]
        return found

    def no_number_twice(self):
        found = self.numbers()
        self.assertEqual(len(found), len(set(found)), sorted(found))

    def completes(self, *args):
        """All volumes are scanned or assumed present: the dump is completed,
        and no byte is lost."""
        report = self.resume("d", self.source, "--cache", "memory", *args)
        self.assertEqual(report["outcome"], "DONE")
        self.same("d", self.source)
        self.no_number_twice()

    # Expected: a volume that was not scanned may hold parts.
    # Bug: a volume in a drive, in the import/export slot, or that could not be
    # opened was skipped, and its parts were written again under the same
    # numbers.
    def test_a_volume_loaded_by_hand_is_refused(self):
        # The catalogue knows the parts of the dump, but nothing about V004.
        self.passes("vtl", "load", "lib", "V004")
        self.refused("V004", "loaded into drive 0 by hand")
        self.refused("V004", "loaded into drive 0 by hand", args=("-V", "V003"))
        self.completes("--drive", "0")

    def test_a_volume_in_the_import_export_slot_is_refused(self):
        self.passes("vtl", "move", "lib", "slot:4", "ie:1")
        self.refused("V004", "it is in import/export slot 1")
        self.passes("vtl", "move", "lib", "ie:1", "slot:4")
        self.passes("vtl", "move", "lib", "slot:2", "ie:1")
        self.forget()
        self.refused("V002", "it is in import/export slot 1")
        self.passes("vtl", "move", "lib", "ie:1", "slot:2")
        self.completes()

    def test_a_volume_that_cannot_be_opened_is_refused(self):
        with open(self.volume("V004"), "r+b") as f:
            f.write(b"no volume at all")
        self.refused("V004", "cannot open volume")
        r = self.write("d", self.source, "--resume", "--assume-present",
                       "V004", "--cache", "memory",
                       sizes=("--part", "256 KiB"))
        self.assertIn("volume V004 is not scanned", r.err)
        out, _ = self.read("d")
        self.assertTrue(out == self.source)

    def test_a_volume_used_by_another_writer_is_refused(self):
        process = self.begin("e", data(PART + BLOCK), "-V", "V004")
        self.refused("V004", "in use by process %d" % process.pid)
        self.ends(process, signal.SIGINT)
        self.completes()

    def test_a_volume_with_a_read_error_is_refused(self):
        self.write("e", data(PART), "-V", "V004")
        self.sql("V004", "update objects set data = zeroblob(length(data)) "
                 "where first = (select first from files where file = 1)")
        self.refused("V004", "could not be read to its end: file ")

    def test_a_volume_named_by_the_catalogue_is_refused(self):
        # An attempt on it failed, so it holds no part of the dump.
        self.write("d", self.source, "--resume", "--fault",
                   "block:1:medium_error", "-V", "V003",
                   sizes=("--part", "256 KiB"), status=4)
        self.passes("vtl", "export", "--to", self.dir, "lib", "V003")
        r = self.refuses_untouched(
            "write", "-l", "lib", "-d", "d", "--resume", stdin=self.source,
            says=["volume V003 was not scanned: the catalogue names it",
                  "--assume-present V003"])
        self.assertNotIn("V004", r.err)
        self.resume("d", self.source, "--assume-present", "V003", "--cache",
                    "memory")
        shutil.copy(self.path("V003.tape"), self.path("lib"))
        self.no_number_twice()

    def test_all_missing_volumes_are_listed(self):
        for volume in ("V001", "V002"):
            self.passes("vtl", "export", "--to", self.dir, "lib", volume)
        self.passes("vtl", "move", "lib", "slot:4", "ie:1")
        self.refuses_untouched(
            "write", "-l", "lib", "-d", "d", "--resume", stdin=self.source,
            says=["volume V001 was not scanned: the catalogue names it",
                  "volume V002 was not scanned: the catalogue names it",
                  "volume V004 was not scanned: it is in import/export",
                  "--assume-present V001", "--assume-present V002",
                  "--assume-present V004"])

    def test_a_volume_named_by_an_end_record_is_refused(self):
        # The end record on V002 has a row for the parts on V001.
        self.passes("vtl", "export", "--to", self.dir, "lib", "V001")
        self.forget()
        self.refuses_untouched(
            "write", "-l", "lib", "-d", "d", "--resume", stdin=self.source,
            says=["volume V001 was not scanned: an end record names it",
                  "part 1 of the dump", "--assume-present V001"])
        self.resume("d", self.source, "--assume-present", "V001", "--cache",
                    "memory")
        self.passes("vtl", "import", "lib", self.path("V001.tape"))
        out, err = self.read("d")
        self.assertTrue(out == self.source)
        self.assertIn("volume V001 was not scanned", err)

    def test_new_attempts_do_not_reuse_the_numbers_of_an_unknown_volume(self):
        # Expected: each attempt has a number of its own.
        # Bug: new attempts had the numbers of attempts on the volume that was
        # not scanned.
        os.rename(self.volume("V002"), self.path("V002.tape"))
        self.forget()
        r = self.write("d", self.source, "--resume", "--cache", "memory",
                       "--assume-present", "V002", "-V", "V003", "-V", "V004",
                       sizes=("--part", "256 KiB"))
        self.assertIn("volume V002 is not scanned", r.err)
        os.rename(self.path("V002.tape"), self.volume("V002"))
        self.no_number_twice()
        self.assertGreater(len([n for n in self.numbers() if n[0] > 7]), 9)
        out, _ = self.read("d")
        self.assertTrue(out == self.source)

    def test_a_later_run_does_not_reuse_the_numbers_either(self):
        # No record names V002, and the catalogue knows the second run.
        self.passes("vtl", "export", "--to", self.dir, "lib", "V002")
        self.forget()
        process = self.begin("d", self.source[:9 * PART + BLOCK], "--resume",
                             "--cache", "memory", "-V", "V003", parts=9)
        self.ends(process, signal.SIGINT)
        self.resume("d", self.source, "--cache", "memory")
        self.passes("vtl", "import", "lib", self.path("V002.tape"))
        self.no_number_twice()
        out, _ = self.read("d")
        self.assertTrue(out == self.source)

    def test_a_catalogue_older_than_the_tapes_is_corrected(self):
        # Parts written without this catalogue are on the tapes, with their
        # numbers.
        shutil.copy(self.path("lib", "catalogue.db"), self.path("old.db"))
        with sqlite3.connect(self.path("old.db")) as db:
            db.execute("delete from attempts where part > 3")
            db.execute("update dumps set safe_bytes = ?", (3 * PART,))
        db.close()
        report = self.resume("d", self.source, "--cache", "memory",
                             "--catalogue", self.path("old.db"))
        self.assertEqual(report["resumed_bytes"], 3 * PART)
        self.no_number_twice()
        self.same("d", self.source)

    def test_a_dump_done_on_tape_is_not_resumed(self):
        # Expected: a dump that is DONE on tape is not resumed, even if the
        # catalogue does not know it.
        # Bug: its last parts were written again.
        shutil.copy(self.path("lib", "catalogue.db"), self.path("old.db"))
        self.resume("d", self.source, "--cache", "memory")
        self.refuses_untouched(
            "write", "-l", "lib", "-d", "d", "--resume", "--catalogue",
            self.path("old.db"), stdin=self.source,
            says=["the dump d is DONE", "scan --rebuild"])


if __name__ == "__main__":
    main()
