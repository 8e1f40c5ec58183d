#!/usr/bin/env python3
"""Volumes that cannot be scanned: each is named, and the result is not called
good."""

import sqlite3

from command import PATIENCE_S, main
from library import BLOCK, MIB, PART, Begun, data


class ScanTest(Begun):
    def scan_result(self, *args, status):
        """Scan; return the kinds and the texts of the notes by volume."""
        found = self.scan(*args, status=status)
        self.assertEqual(found["good"], status == 0)
        return ({v["barcode"]: v["kind"] for v in found["volumes"]},
                {n["volume"]: n["text"] for n in found["notes"]})

    def fails(self, *args, says, status):
        r = self.run_command(*args)
        self.assertEqual(r.status, status, r.out + r.err)
        for text in says:
            self.assertIn(text, r.err)
        return r

    def nothing_is_scanned(self, says):
        """Neither V001 nor V002 can be scanned; `says` has the reason for
        each."""
        kinds, notes = self.scan_result(status=2)
        self.assertEqual(kinds, {"V001": "not_scanned",
                                 "V002": "not_scanned"})
        for volume, text in says.items():
            self.assertIn(text, notes[volume])
        said = ["volume %s was not scanned: " % v for v in says]
        said += says.values()
        r = self.fails("label", "-l", "lib", says=said, status=2)
        self.assertEqual(r.out, "")
        r = self.fails("read", "-l", "lib", "-d", "d", says=said, status=2)
        self.assertNotIn("nothing of a dump", r.err)
        before = self.catalogue("select * from dumps")
        self.scan("--rebuild", status=2)
        self.assertEqual(self.catalogue("select * from dumps"), before)


class NotScanned(ScanTest):
    # Expected: a scan that could scan nothing fails.
    # Bug: it ended with status 0 and "good", label with status 0, and read
    # reported that there was no such dump.
    def test_the_only_drive_holds_a_cartridge_loaded_by_hand(self):
        self.make(MIB, MIB)
        self.write("d", b"x")
        self.passes("vtl", "load", "lib", "V001")
        self.nothing_is_scanned({"V001": "drive 0",
                              "V002": "drive 0 holds V001"})
        kinds, _ = self.scan_result("--drive", "0", status=0)
        self.assertEqual(sorted(kinds), ["V001", "V002"])
        self.same("d", b"x", "--drive", "0")

    def test_the_only_drive_is_in_use(self):
        self.make(MIB, MIB)
        self.write("old", b"x", "-V", "V002")
        self.begin("d", bytes(PART + BLOCK))
        self.nothing_is_scanned({"V001": "in use by process",
                              "V002": "in use by process"})

    def test_no_volume_is_not_reported_as_no_drive(self):
        self.make(MIB)
        self.passes("vtl", "export", "--to", self.dir, "lib", "V001")
        for args in (("scan",), ("label",), ("read", "-d", "d")):
            r = self.fails(*args, "-l", "lib", says=["no more volumes"],
                           status=2)
            self.assertNotIn("no drive", r.err)

    def test_the_reason_for_waiting_is_printed(self):
        # Expected: a wait for a drive that no program uses is reported.
        self.make(MIB, MIB)
        self.passes("vtl", "load", "lib", "V001")
        process = self.start("scan", "-l", "lib", "--wait")
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        said = process.stderr.readline().decode()
        self.assertRegex(said, "waiting: .* holds V001, which was loaded by hand: "
                         "unload it")
        self.passes("vtl", "unload", "lib", "0")
        out, err = process.communicate(b"", PATIENCE_S)
        self.assertEqual((process.returncode, err), (0, b""), out)

    def test_a_volume_is_named_once(self):
        self.make(MIB)
        r = self.run_command("scan", "-l", "lib", "-V", "V009")
        self.assertIn("\nvolume V009: it was not scanned: the library has no "
                      "volume with this barcode\n", r.out)

    def test_a_volume_in_the_import_export_slot_is_named(self):
        self.make(MIB, MIB)
        self.write("d", b"x", "-V", "V002")
        self.passes("vtl", "move", "lib", "slot:2", "ie:1")
        kinds, notes = self.scan_result(status=4)
        self.assertEqual(kinds, {"V001": "scratch", "V002": "not_scanned"})
        self.assertIn("import/export slot 1", notes["V002"])
        self.fails("read", "-l", "lib", "-d", "d", status=4, says=[
            "volume V002 was not scanned: it is in import/export slot 1",
            "no volume that was scanned has any part of a dump d"])

    def test_a_requested_volume_that_cannot_be_labelled_is_named(self):
        self.make(MIB, MIB, label=False)
        self.passes("vtl", "export", "--to", self.dir, "lib", "V001")
        r = self.fails("label", "-l", "lib", "-V", "V001", "-V", "V002",
                       says=["V001"], status=2)
        self.assertEqual(r.out, "V002\n")


class InTheMiddle(ScanTest):
    """The second of three volumes cannot be scanned."""

    def setUp(self):
        super().setUp()
        self.make(MIB, MIB, 2 * MIB, drives=2)
        self.source = data(5 * MIB // 2)
        parts = self.report("d", self.source, "--cache", "memory")["parts"]
        self.first = next(p for p in parts if p["volume"] == "V002")

    def test_a_volume_loaded_by_hand_is_read_in_its_drive(self):
        self.passes("vtl", "load", "lib", "V002")
        self.scan_result(status=4)
        out, _ = self.read("d", status=0)
        self.assertTrue(out == self.source)

    def test_wait_is_not_suggested_if_no_process_uses_the_volume(self):
        # Expected: the actual reason is reported.
        # Bug: a volume in a drive or in the import/export slot was reported as
        # in use, and --wait was suggested.
        for words, why in ((("move", "lib", "slot:2", "ie:1"),
                            "it is in import/export slot 1"),
                           (("move", "lib", "ie:1", "drive:0"),
                            "it was loaded into drive 0 by hand")):
            self.passes("vtl", *words)
            r = self.refuses("read", "-l", "lib", "-d", "d", "--salvage",
                             says=["V002 was not scanned: " + why,
                                   "V002 may hold a part of the dump"])
            self.assertNotIn("in use", r.err)

    def test_a_volume_opened_by_another_program_is_not_missing(self):
        db = sqlite3.connect(self.volume("V002"), isolation_level=None)
        self.addCleanup(db.close)
        db.execute("begin exclusive")
        _, notes = self.scan_result(status=4)
        self.assertIn("in use by process", notes["V002"])
        self.refuses("read", "-l", "lib", "-d", "d", "--salvage",
                     says=["V002 was not scanned: ", "in use by process",
                           "volume V002 may hold a part of the dump"])
        out, err = self.read("d", status=4)
        self.assertTrue(out == self.source[:self.first["offset"]])
        self.assertIn("--wait waits for those in use", err)
        db.execute("rollback")
        self.same("d", self.source)


class InUse(ScanTest):
    """A dump whose last parts are on a volume that a writer uses."""

    def setUp(self):
        super().setUp()
        self.make(*[2 * MIB] * 4, drives=2)
        self.source = data(3 * MIB)
        self.write("d", self.source, "-V", "V001", "-V", "V002",
                   "-V", "V003")
        process = self.begin("e", bytes(PART + BLOCK), "-V", "V002")
        self.addCleanup(process.kill)
        self.process = process

    # Expected: a volume in use is not a missing one.
    # Bug: zeros were read.
    def test_a_volume_in_use_is_not_missing(self):
        _, notes = self.scan_result(status=4)
        self.assertIn("in use by process %d" % self.process.pid,
                      notes["V002"])
        r = self.refuses("read", "-l", "lib", "-d", "d", "--salvage",
                         says=["V002 may hold a part of the dump", "--wait"])
        self.assertEqual(r.out, "")
        out, err = self.read("d", status=4)
        self.assertTrue(self.source.startswith(out))
        self.assertIn("volume V002 was not scanned", err)
        self.fails("read", "-l", "lib", "-d", "d", "--part", "8", status=4,
                   says=["volume V002 was not scanned"])
        self.fails("read", "-l", "lib", "-d", "none", status=4,
                   says=["V002 was not scanned"])

    def test_a_rebuild_keeps_the_entries_of_volumes_not_scanned(self):
        question = "select * from parts where name = 'd' order by part"
        before = self.catalogue(question)
        self.assertIn("V002", str(before))
        self.scan("--rebuild", status=4)
        self.assertEqual(self.catalogue(question), before)
        self.assertEqual(self.catalogue("select outcome from dumps where "
                                        "name = 'd'"), [["DONE"]])

    def test_a_dump_on_other_volumes_is_read(self):
        self.write("f", b"elsewhere", "-V", "V004")
        for args in ((), ("--salvage",)):
            out, err = self.read("f", *args)
            self.assertEqual(out, b"elsewhere")
            self.assertIn("volume V002 was not scanned", err)


if __name__ == "__main__":
    main()
