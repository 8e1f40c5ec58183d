#!/usr/bin/env python3
"""Reading dumps of which parts are missing, damaged or unproven."""
import json
import os
import re
import signal
import subprocess
import unittest

from command import BLOCK, PATIENCE_S, main
from library import LibraryTest, MIB, PART, data


class DamagedTest(LibraryTest):
    def xxhsum(self, how, data_, digits):
        """Return the checksum of the data, as digits."""
        r = subprocess.run(["xxhsum", how, self.file("summed", data_)],
                           check=True, capture_output=True)
        return re.search(r"[0-9a-f]{%d}(?= |$)" % digits,
                         r.stdout.decode()).group()

    def put_block(self, barcode, first, data_, sums):
        """Change the first of some blocks, in a way that no drive would
        notice."""
        block = data_[:BLOCK].ljust(BLOCK, b"\0")
        sums = bytes.fromhex(self.xxhsum("-H3", block, 16)) + sums[8:]
        self.sql(barcode, "update objects set data = ?, sums = ? where "
                 "first = ?", data_, sums, first)


class Damage(DamagedTest):
    """Part of a dump is lost: the rest is restored at its offsets."""

    def written(self):
        self.make(MIB, MIB, MIB, MIB)
        self.source = data(3 * MIB)
        return self.report("d", self.source, "--cache", "memory")["parts"]

    def spoil(self, part, block, how=""):
        """Make a block of a part unreadable; block 0 is its header."""
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: read, volume: %s, file: %d, block: %d%s}" %
                    (part["volume"], part["file"], block, how))

    def test_only_an_unreadable_block_is_missing(self):
        part = self.written()[1]
        self.spoil(part, 3)
        self.spoil(part, 4, ", recover_after: 2")
        out, err = self.read("d", "--salvage", "--missing", "m.json",
                             status=4)
        want = bytearray(self.source)
        at = part["offset"] + 2 * BLOCK
        want[at:at + BLOCK] = bytes(BLOCK)
        self.assertTrue(out == want)
        # Expected: the rest of the part is listed as unproven.
        # Bug: the rest was not listed.
        end = part["offset"] + part["bytes"]
        self.assertEqual(sorted(self.listed(), key=lambda m: m[2]), [
            ("unproven", 2, part["offset"], 2 * BLOCK),
            ("missing", 2, at, BLOCK),
            ("unproven", 2, at + BLOCK, end - at - BLOCK)])
        self.assertIn("%d missing, 0 damaged, %d unproven" %
                      (BLOCK, part["bytes"] - BLOCK), err)
        # The label and its filemark, file 1 with header and filemark, header.
        bad = 2 + 1 + PART // BLOCK + 1 + 3
        self.assertIn("file 2, object %d, " % bad, err)
        self.assertNotIn("do not write", err)

    def test_unreadable_last_headers_leave_an_unknown_end(self):
        # Expected: the data after them is missing, up to an unknown end.
        # Bug: read reported "0 missing, 0 damaged".
        parts = self.written()
        last, before = parts[-1], parts[-2]
        self.spoil(last, 0)
        self.spoil(dict(last, file=last["file"] + 1), 0)
        unproven = [("unproven", before["part"], before["offset"],
                     before["bytes"])]
        for salvage in (), ("--salvage",):
            out, err = self.read("d", *salvage, "--missing", "m.json",
                                 status=4)
            self.assertTrue(out == self.source[:last["offset"]])
            self.assertEqual(self.listed(), unproven + [
                ("missing", last["part"], last["offset"], -1)])
            self.assertIn("file %d of the volume may contain more" %
                          last["file"], err)
            self.assertIn("an unknown number missing", err)

    def listed(self):
        """Return the contents of m.json."""
        with open(self.path("m.json"), encoding="utf-8") as f:
            return [(m["kind"], m["part"], m["offset"], m["bytes"])
                    for m in json.load(f)]

    def flip(self, barcode, file):
        """Change a byte of a file, in a way that no drive would notice."""
        first, data_, sums = self.sql(
            barcode, "select first, data, sums from objects where file = ? "
            "and block_bytes > 0 order by first desc limit 1", file)[0]
        changed = bytearray(data_)
        changed[0] ^= 1
        self.put_block(barcode, first, bytes(changed), sums)

    def test_a_changed_byte_is_detected(self):
        parts = self.written()
        self.flip("V002", 2)
        hit = next(p for p in parts if (p["volume"], p["file"]) == ("V002", 2))
        out, err = self.read("d", status=5)
        self.assertIn("part %d" % hit["part"], err)
        self.assertTrue(
            out[:hit["offset"]] == self.source[:hit["offset"]])
        self.assertLessEqual(len(out), hit["offset"] + hit["bytes"])
        out, err = self.read("d", "--salvage", "--missing", "m.json",
                             status=4)
        self.assertEqual(len(out), len(self.source))
        end = hit["offset"] + hit["bytes"]
        self.assertTrue(out[end:] == self.source[end:])
        with open(self.path("m.json"), encoding="utf-8") as f:
            self.assertEqual(
                [(m["kind"], m["part"], m["volume"], m["offset"], m["bytes"])
                 for m in json.load(f)],
                [("damaged", hit["part"], "V002", hit["offset"],
                  hit["bytes"])])

    def test_a_complete_dump_has_nothing_missing(self):
        self.written()
        self.same("d", self.source, "--salvage", "--missing", "m.json")
        with open(self.path("m.json"), encoding="utf-8") as f:
            self.assertEqual(json.load(f), [])


class Unproven(LibraryTest):
    """A dump whose end record did not fit on the tape."""

    def test_a_complete_dump_without_end_record_is_reported_as_unproven(self):
        # Expected: the last part is reported as unproven.
        # Bug: the last part was reported as lost.
        size = 9 * BLOCK
        # The label, two headers and the dump fill the volume.
        self.make(3 * BLOCK + size)
        report = self.report("d", data(size))
        self.assertEqual((report["outcome"], report["sealed"]),
                         ("DONE", False))
        last = report["parts"][-1]
        out, err = self.read("d", "--missing", "m.json", status=4)
        self.assertTrue(out == data(size))
        self.assertIn("d is not proven to be whole", err)
        self.assertIn("there is no end record", err)
        self.assertIn(last["xxh128"], err)
        self.assertIn("%d bytes are good" % last["offset"], err)
        with open(self.path("m.json"), encoding="utf-8") as f:
            self.assertEqual([(m["kind"], m["part"], m["offset"], m["bytes"])
                              for m in json.load(f)],
                             [("unproven", last["part"], last["offset"],
                               last["bytes"])])
        self.read("d", "--part", "1")
        self.read("d", "--part", str(last["part"]), status=4)


class Claims(DamagedTest):
    """A header with an impossible offset of its part."""

    PART = 256 << 10

    def forged(self, offset):
        """Write a dump of four parts without an end record; the third header
        claims this offset."""
        self.make(4 * MIB)
        self.source = data(4 * self.PART)
        self.write("d", self.source)
        self.sql("V001", "delete from objects where file > 4")
        first, block, sums = self.sql(
            "V001", "select first, data, sums from objects where file = 3 "
            "order by first limit 1")[0]
        text = re.sub(rb"(?m)^offset: .*$", b"offset: %d" % offset,
                      block[:block.index(b"check: ")])
        text += b"check: %s\n" % self.xxhsum("-H2", text, 32).encode()
        self.put_block("V001", first, text, sums)

    def test_an_implausible_offset_is_ignored(self):
        # Expected: only that part is lost.
        # Bug: 2^60 zeros were written.
        self.forged(1 << 60)
        out, err = self.read("d", "--salvage", status=4)
        want = bytearray(self.source)
        want[self.PART:2 * self.PART] = bytes(self.PART)
        self.assertTrue(out == want)
        self.assertIn("which is implausible", err)
        self.assertIn("--max-missing", err)
        out, _ = self.read("d", "--salvage", "--max-missing", "100 KiB",
                           status=4)
        self.assertTrue(out == self.source[:self.PART])
        self.refuses("read", "-l", "lib", "-d", "d", "--max-missing", "1 MiB",
                     says="--salvage")

    def test_a_list_that_cannot_be_written_is_refused_before_reading(self):
        # Bug: the error was reported after reading, and the read counted as
        # failed.
        self.forged(1 << 60)
        self.refuses("read", "-l", "lib", "-d", "d", "--missing", "no/m.json",
                     says=("cannot write no/m.json", "--missing"))

    def test_an_older_list_stays_if_nothing_is_read(self):
        self.forged(1 << 60)
        with open(self.path("m.json"), "w") as f:
            f.write("before")
        self.refuses("read", "-l", "lib", "-d", "e", "--missing", "m.json",
                     says="e")
        with open(self.path("m.json")) as f:
            self.assertEqual(f.read(), "before")

    def test_writing_zeros_can_be_interrupted(self):
        self.forged(1 << 45)
        with self.start("read", "-l", "lib", "-d", "d",
                        "--salvage") as process:
            process.stdout.read(self.PART + MIB)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=PATIENCE_S)
        self.assertEqual(process.returncode, 5, err)
        self.assertIn(b"interrupted", err)


if __name__ == "__main__":
    main()
