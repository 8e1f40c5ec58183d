#!/usr/bin/env python3
"""Volumes that cannot be looked at: each is named, and nothing is called good
that was not seen."""

import sqlite3

from command import PATIENCE_S, main
from library import BLOCK, MIB, PART, Begun, data


class Looking(Begun):
    def seen(self, *args, status):
        """What a scan says: kinds by volume, texts of the notes, and good."""
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

    def nothing_is_seen(self, says):
        """Of V001 and V002; `says` is what is said of each."""
        kinds, notes = self.seen(status=2)
        self.assertEqual(kinds, {"V001": "not_looked_at",
                                 "V002": "not_looked_at"})
        for volume, text in says.items():
            self.assertIn(text, notes[volume])
        said = ["volume %s was not looked at: " % v for v in says]
        said += says.values()
        r = self.fails("label", "-l", "lib", says=said, status=2)
        self.assertEqual(r.out, "")
        r = self.fails("read", "-l", "lib", "-d", "d", says=said, status=2)
        self.assertNotIn("nothing of a dump", r.err)
        before = self.catalogue("select * from dumps")
        self.scan("--rebuild", status=2)
        self.assertEqual(self.catalogue("select * from dumps"), before)


class NotLookedAt(Looking):
    # Should: a scan that looked at nothing is no success.  Did: it came to 0
    # and "good", label to 0, and read said that there was no such dump.
    def test_the_only_drive_holds_what_somebody_has_put_there(self):
        self.make(MIB, MIB)
        self.write("d", b"x")
        self.passes("vtl", "load", "lib", "V001")
        self.nothing_is_seen({"V001": "drive 0, where somebody has put it",
                              "V002": "in drive 0 lies V001"})
        kinds, _ = self.seen("--drive", "0", status=0)
        self.assertEqual(sorted(kinds), ["V001", "V002"])
        self.same("d", b"x", "--drive", "0")

    def test_the_only_drive_is_in_use(self):
        self.make(MIB, MIB)
        self.write("old", b"x", "-V", "V002")
        self.begin("d", bytes(PART + BLOCK))
        self.nothing_is_seen({"V001": "in use by process",
                              "V002": "in use by process"})

    def test_no_volume_is_not_called_no_drive(self):
        self.make(MIB)
        self.passes("vtl", "export", "--to", self.dir, "lib", "V001")
        for args in (("scan",), ("label",), ("read", "-d", "d")):
            r = self.fails(*args, "-l", "lib", says=["no more volumes"],
                           status=2)
            self.assertNotIn("no drive", r.err)

    def test_a_person_is_told_what_is_waited_for(self):
        # Should: a drive that no program uses is not waited for in silence.
        self.make(MIB, MIB)
        self.passes("vtl", "load", "lib", "V001")
        process = self.start("scan", "-l", "lib", "--wait")
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        said = process.stderr.readline().decode()
        self.assertRegex(said, "waiting: .* lies V001, which was put there: "
                         "unload it")
        self.passes("vtl", "unload", "lib", "0")
        out, err = process.communicate(b"", PATIENCE_S)
        self.assertEqual((process.returncode, err), (0, b""), out)

    def test_it_is_named_once(self):
        self.make(MIB)
        r = self.run_command("scan", "-l", "lib", "-V", "V009")
        self.assertIn("\nvolume V009: it was not looked at: the library has no "
                      "volume with this barcode\n", r.out)

    def test_what_lies_at_the_door_is_named(self):
        self.make(MIB, MIB)
        self.write("d", b"x", "-V", "V002")
        self.passes("vtl", "move", "lib", "slot:2", "ie:1")
        kinds, notes = self.seen(status=4)
        self.assertEqual(kinds, {"V001": "scratch", "V002": "not_looked_at"})
        self.assertIn("import/export slot 1", notes["V002"])
        self.fails("read", "-l", "lib", "-d", "d", status=4, says=[
            "volume V002 was not looked at: it lies in import/export slot 1",
            "no volume that was looked at has anything of a dump d"])

    def test_a_volume_that_was_asked_for_and_is_not_labelled(self):
        self.make(MIB, MIB, label=False)
        self.passes("vtl", "export", "--to", self.dir, "lib", "V001")
        r = self.fails("label", "-l", "lib", "-V", "V001", "-V", "V002",
                       says=["V001"], status=2)
        self.assertEqual(r.out, "V002\n")


class InTheMiddle(Looking):
    """The second of three volumes is not looked at."""

    def setUp(self):
        super().setUp()
        self.make(MIB, MIB, 2 * MIB, drives=2)
        self.source = data(5 * MIB // 2)
        parts = self.report("d", self.source, "--cache", "memory")["parts"]
        self.first = next(p for p in parts if p["volume"] == "V002")

    def test_what_somebody_has_put_into_a_drive_is_read_there(self):
        self.passes("vtl", "load", "lib", "V002")
        self.seen(status=4)
        out, _ = self.read("d", status=0)
        self.assertTrue(out == self.source)

    def test_where_nobody_uses_it_nobody_is_waited_for(self):
        # Should: what hinders is told.  Did: a volume that lies in a drive, or
        # at the door, was said to be in use, and --wait to help.
        for words in (("move", "lib", "slot:2", "ie:1"),
                      ("move", "lib", "ie:1", "drive:0")):
            self.passes("vtl", *words)
            r = self.refuses("read", "-l", "lib", "-d", "d", "--salvage",
                             says=["V002 was not looked at: it lies in ",
                                   "V002 may hold a part of the dump"])
            self.assertNotIn("in use", r.err)

    def test_what_another_program_has_open_is_not_lost(self):
        db = sqlite3.connect(self.volume("V002"), isolation_level=None)
        self.addCleanup(db.close)
        db.execute("begin exclusive")
        _, notes = self.seen(status=4)
        self.assertIn("in use by process", notes["V002"])
        self.refuses("read", "-l", "lib", "-d", "d", "--salvage",
                     says=["V002 was not looked at: ", "in use by process",
                           "volume V002 may hold a part of the dump"])
        out, err = self.read("d", status=4)
        self.assertTrue(out == self.source[:self.first["offset"]])
        self.assertIn("--wait waits for those that others use", err)
        db.execute("rollback")
        self.same("d", self.source)


class InUse(Looking):
    """A dump whose last parts are on a volume that a writer has."""

    def setUp(self):
        super().setUp()
        self.make(*[2 * MIB] * 4, drives=2)
        self.source = data(3 * MIB)
        self.write("d", self.source, "-V", "V001", "-V", "V002",
                   "-V", "V003")
        process = self.begin("e", bytes(PART + BLOCK), "-V", "V002")
        self.addCleanup(process.kill)
        self.process = process

    # Should: a volume in use is not a missing one.  Did: zeros were read.
    def test_what_is_in_use_is_not_missing(self):
        _, notes = self.seen(status=4)
        self.assertIn("in use by process %d" % self.process.pid,
                      notes["V002"])
        r = self.refuses("read", "-l", "lib", "-d", "d", "--salvage",
                         says=["V002 may hold a part of the dump", "--wait"])
        self.assertEqual(r.out, "")
        out, err = self.read("d", status=4)
        self.assertTrue(self.source.startswith(out))
        self.assertIn("volume V002 was not looked at", err)
        self.fails("read", "-l", "lib", "-d", "d", "--part", "8", status=4,
                   says=["volume V002 was not looked at"])
        self.fails("read", "-l", "lib", "-d", "none", status=4,
                   says=["V002 was not looked at"])

    def test_a_rebuild_keeps_what_it_did_not_see(self):
        question = "select * from parts where name = 'd' order by part"
        before = self.catalogue(question)
        self.assertIn("V002", str(before))
        self.scan("--rebuild", status=4)
        self.assertEqual(self.catalogue(question), before)
        self.assertEqual(self.catalogue("select outcome from dumps where "
                                        "name = 'd'"), [["DONE"]])

    def test_a_dump_that_is_elsewhere_is_read(self):
        self.write("f", b"elsewhere", "-V", "V004")
        for args in ((), ("--salvage",)):
            out, err = self.read("f", *args)
            self.assertEqual(out, b"elsewhere")
            self.assertIn("volume V002 was not looked at", err)


if __name__ == "__main__":
    main()
