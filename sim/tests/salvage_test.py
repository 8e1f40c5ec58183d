#!/usr/bin/env python3
"""What comes back of a dump of which something is gone, or not proven."""
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
        """The checksum of that, as digits."""
        r = subprocess.run(["xxhsum", how, self.file("summed", data_)],
                           check=True, capture_output=True)
        return re.search(r"[0-9a-f]{%d}(?= |$)" % digits,
                         r.stdout.decode()).group()

    def put_block(self, barcode, first, data_, sums):
        """Changes the first of some blocks, as no drive would notice."""
        block = data_[:BLOCK].ljust(BLOCK, b"\0")
        sums = bytes.fromhex(self.xxhsum("-H3", block, 16)) + sums[8:]
        self.sql(barcode, "update objects set data = ?, sums = ? where "
                 "first = ?", data_, sums, first)


class Damage(DamagedTest):
    """Something of a dump is gone: what is left comes back at its place."""

    def written(self):
        self.make(MIB, MIB, MIB, MIB)
        self.source = data(3 * MIB)
        return self.report("d", self.source, "--cache", "memory")["parts"]

    def salvaged(self, parts, lost):
        """Reads with --salvage, the parts `lost` are to be missing."""
        want = bytearray(self.source)
        for p in parts:
            if p["part"] in lost:
                want[p["offset"]:p["offset"] + p["bytes"]] = bytes(p["bytes"])
        out, err = self.read("d", "--salvage", "--missing", "m.json",
                             status=4)
        self.assertTrue(out == want)
        with open(self.path("m.json"), encoding="utf-8") as f:
            missing = json.load(f)
        self.assertEqual(
            [(m["kind"], m["part"], m["offset"], m["bytes"])
             for m in missing],
            [("missing", p["part"], p["offset"], p["bytes"])
             for p in parts if p["part"] in lost])
        with open(self.path("out"), "wb") as f:
            r = self.run_command("read", "-l", "lib", "-d", "d", "--salvage",
                                 stdout=f)
            self.assertEqual(r.status, 4)
        with open(self.path("out"), "rb") as f:
            self.assertTrue(f.read() == want)
        return err

    def spoil(self, part, block, *how):
        """A block of a part, its header being 0, cannot be read any more."""
        self.passes("vtl", "fault", "lib", "--volume", part["volume"],
                    "--file", str(part["file"]), "--block", str(block),
                    "--fail", "read", *how)

    def test_blocks_that_can_be_read_when_they_are_tried_again(self):
        # Each ended the reading, though a scenario called the dump restored.
        first, second = self.written()[:2]
        for part, block in (first, 1), (first, 5), (first, 6), (second, 1):
            self.spoil(part, block, "--tries", "2")
        self.same("d", self.source)

    def test_one_block_that_cannot_be_read_is_all_that_is_missing(self):
        part = self.written()[1]
        self.spoil(part, 3)
        self.spoil(part, 4, "--tries", "2")
        out, err = self.read("d", "--salvage", "--missing", "m.json",
                             status=4)
        want = bytearray(self.source)
        at = part["offset"] + 2 * BLOCK
        want[at:at + BLOCK] = bytes(BLOCK)
        self.assertTrue(out == want)
        # Should: what is around it is not proven, and listed.  Did: not.
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

    def test_the_last_headers_cannot_be_read(self):
        # Should: what is behind them is missing, to an end that nobody knows.
        # Did: "0 missing, 0 damaged".
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
            self.assertIn("file %d of the volume may hold more" %
                          last["file"], err)
            self.assertIn("an unknown number missing", err)

    def listed(self):
        """What --missing m.json has."""
        with open(self.path("m.json"), encoding="utf-8") as f:
            return [(m["kind"], m["part"], m["offset"], m["bytes"])
                    for m in json.load(f)]

    def test_a_volume_that_is_missing_in_the_middle(self):
        parts = self.written()
        for volume in ("V002", "V001", "V003"):
            with self.subTest(volume):
                lost = [p["part"] for p in parts if p["volume"] == volume]
                os.rename(self.volume(volume), self.path("away"))
                self.salvaged(parts, lost)
                good = parts[lost[0] - 1]["offset"]
                out, err = self.read("d", status=5)
                self.assertEqual(out, self.source[:good])
                self.assertIn("part %d" % lost[0], err)
                os.rename(self.path("away"), self.volume(volume))
        self.same("d", self.source)

    def test_the_last_volume_is_missing(self):
        parts = self.written()
        os.rename(self.volume("V004"), self.path("away"))
        out, err = self.read("d", "--salvage", "--missing", "m.json",
                             status=4)
        at = next(p["offset"] for p in parts if p["volume"] == "V004")
        # What of its first part is on V003, from an attempt that failed.
        self.assertGreaterEqual(len(out), at)
        self.assertTrue(out == self.source[:len(out)])
        self.assertIn("unproven", err)
        found = self.scanned("d", status=4)
        self.assertEqual(found["outcome"], "")
        self.assertFalse(found["whole"])

    def flip(self, barcode, file):
        """Changes a byte of a file, as no drive would notice."""
        first, data_, sums = self.sql(
            barcode, "select first, data, sums from objects where file = ? "
            "and block_bytes > 0 order by first desc limit 1", file)[0]
        changed = bytearray(data_)
        changed[0] ^= 1
        self.put_block(barcode, first, bytes(changed), sums)

    def test_a_byte_that_changed_is_found(self):
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

    def test_nothing_is_missing_of_what_is_whole(self):
        self.written()
        self.same("d", self.source, "--salvage", "--missing", "m.json")
        with open(self.path("m.json"), encoding="utf-8") as f:
            self.assertEqual(json.load(f), [])


class Unproven(LibraryTest):
    """A dump whose end record did not fit on the tape."""

    def test_all_of_it_comes_back_and_that_its_end_is_unproven_is_told(self):
        # Should: told apart from what is lost.  Did: as if it were lost.
        size = 9 * BLOCK
        # A label, two headers, and the dump: nothing else fits.
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
    """A header that says what cannot be: how far away its part begins."""

    PART = 256 << 10

    def forged(self, offset):
        """A dump of four parts without an end record, the third of which
        claims to begin there."""
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

    def test_a_place_too_far_away_is_not_believed(self):
        # Should: it costs that part.  Did: 2^60 zeros were written.
        self.forged(1 << 60)
        out, err = self.read("d", "--salvage", status=4)
        want = bytearray(self.source)
        want[self.PART:2 * self.PART] = bytes(self.PART)
        self.assertTrue(out == want)
        self.assertIn("which is not believed", err)
        self.assertIn("--max-missing", err)
        out, _ = self.read("d", "--salvage", "--max-missing", "100 KiB",
                           status=4)
        self.assertTrue(out == self.source[:self.PART])
        self.refuses("read", "-l", "lib", "-d", "d", "--max-missing", "1 MiB",
                     says="--salvage")

    def test_a_list_that_cannot_be_written_is_told_before_a_byte_is_read(self):
        # Told when all had been read, and the reading counted as failed.
        self.forged(1 << 60)
        self.refuses("read", "-l", "lib", "-d", "d", "--missing", "no/m.json",
                     says=("cannot write no/m.json", "--missing"))

    def test_a_list_of_before_stays_where_there_is_none(self):
        self.forged(1 << 60)
        with open(self.path("m.json"), "w") as f:
            f.write("before")
        self.refuses("read", "-l", "lib", "-d", "e", "--missing", "m.json",
                     says="e")
        with open(self.path("m.json")) as f:
            self.assertEqual(f.read(), "before")

    def test_what_is_filled_up_can_be_interrupted(self):
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
