#!/usr/bin/env python3
"""A catalogue that has lost parts, or is rebuilt from the tapes."""
import os
import signal
import sqlite3

from command import BLOCK, main
from library import MIB, PART, Begun, data


class CatalogueLostParts(Begun):
    """A dump whose last parts the catalogue has lost: they are on tape twice,
    with the same numbers."""

    def twice(self, first, *then):
        self.make(*[2 * MIB] * 5)
        source = data(3 * MIB)
        process = self.begin("d", source[:4 * PART + BLOCK], "-V", first,
                             parts=4)
        self.ends(process, signal.SIGKILL)
        with sqlite3.connect(self.path("lib", "catalogue.db")) as db:
            db.execute("delete from attempts where part > 1")
        db.close()
        report = self.report("d", source, "--resume", "--cache", "memory",
                             *then, sizes=("--part", "512 KiB"))
        self.assertEqual((report["outcome"], report["resumed_bytes"]),
                         ("DONE", PART))
        return source, report

    def told_apart(self, first, *then):
        source, report = self.twice(first, *then)
        self.same("d", source)
        self.assertTrue(self.scanned("d", status=4)["whole"])
        for known in (True, False):
            if not known:
                os.remove(self.path("lib", "catalogue.db"))
            self.run_command("scan", "-l", "lib", "--rebuild")
            self.assertEqual(
                self.catalogue("select part, volume, file, bytes, xxh128 "
                               "from parts"),
                [[str(p[key]) for key in ("part", "volume", "file", "bytes",
                                          "xxh128")]
                 for p in report["parts"]])

    def test_a_later_end_record_selects_the_parts(self):
        # Expected: a dump that is DONE can be read.
        # Bug: parts of the first run were used instead of those of the second.
        self.told_apart("V001", "-V", "V003", "-V", "V004")

    def test_an_earlier_end_record_selects_the_parts(self):
        self.told_apart("V004", "-V", "V001", "-V", "V002")


class Rebuilt(Begun):
    def test_a_scan_rebuilds_the_catalogue(self):
        self.make(MIB, 4 * MIB, 8 * MIB)
        self.defect("V001", 500000)
        source = data(2 * MIB)
        self.write("a", source, "--cache", "memory")
        self.write("b", source, "-V", "V003")
        process = self.begin("c", source[:3 * PART + BLOCK], "-V", "V002",
                             parts=3)
        self.ends(process, signal.SIGINT)
        ask = ("select name, id, block_bytes, mode, outcome, safe_bytes, "
               "xxh128 from dumps where safe_bytes > 0 order by name",
               "select * from parts")
        before = [self.catalogue(q) for q in ask]
        os.remove(self.path("lib", "catalogue.db"))
        r = self.run_command("scan", "-l", "lib", "--rebuild")
        self.assertEqual(r.status, 4)
        self.assertEqual([self.catalogue(q) for q in ask], before)
        self.refuses_untouched("write", "-l", "lib", "-d", "a", stdin=b"x",
                               says="another name")
        # A second rebuild changes nothing.
        self.run_command("scan", "-l", "lib", "--rebuild")
        self.assertEqual([self.catalogue(q) for q in ask], before)

    def test_a_rebuild_from_some_volumes_keeps_the_outcome(self):
        # Expected: a dump that is DONE stays DONE.
        # Bug: when the volume with its end record was not scanned, the dump
        # was unfinished again.
        self.make(MIB, MIB, MIB)
        source = data(2 * MIB)
        self.write("d", source, "--cache", "memory")
        ask = "select outcome, safe_bytes, xxh128 <> '' from dumps"
        self.run_command("scan", "-l", "lib", "-V", "V001", "--rebuild")
        self.assertEqual(self.catalogue(ask),
                         [["DONE", str(len(source)), "1"]])
        self.refuses_untouched("write", "-l", "lib", "-d", "d", "--resume",
                               stdin=source, says="DONE")


if __name__ == "__main__":
    main()
