#!/usr/bin/env python3
"""Writing a stream to tapes and reading it back: write, read, scan and
label."""
import io
import os
import re
import subprocess
import tarfile
import unittest

from command import main
from library import Begun, LibraryTest, MIB, data, headers

KIB = 1 << 10


class WriteAndRead(LibraryTest):
    def test_a_dump_through_a_pipe_spans_volumes(self):
        self.make((MIB, 100 * KIB), MIB, (MIB, 100 * KIB), 2 * MIB)
        source = data(3 * MIB + 4711)
        report = self.report("d", source, "--cache", "memory")
        self.assertEqual((report["outcome"], report["safe_bytes"],
                          report["sealed"]), ("DONE", len(source), True))
        self.assertEqual([p["part"] for p in report["parts"]],
                         list(range(1, len(report["parts"]) + 1)))
        self.assertGreaterEqual(
            len({p["volume"] for p in report["parts"]}), 4)
        self.same("d", source)
        found = self.scanned("d")
        self.assertTrue(found["whole"])
        for part, said in zip(found["parts"], report["parts"]):
            self.assertEqual(part.pop("state"), "proven")
            self.assertEqual(part, said)

    def test_dumps_of_edge_sizes_are_restored(self):
        self.make(8 * MIB)
        sizes = (0, 1, 32767, 32768, 32769, 256 * KIB - 1, 256 * KIB,
                 256 * KIB + 1)
        for mode in ((), ("--fixed",)):
            for size in sizes:
                name = "d%d%s" % (size, "".join(mode))
                with self.subTest(name):
                    self.write(name, data(size), "-V", "V001", *mode)
                    self.same(name, data(size))
        self.assertEqual(len(self.scan()["dumps"]), 2 * len(sizes))

    def test_files_are_one_dump_and_need_no_other_cache(self):
        self.make(MIB, 2 * MIB)
        pieces = [data(n, n) for n in (300000, 0, 700000, 1)]
        names = [self.file("f%d" % i, p) for i, p in enumerate(pieces)]
        self.write("d", b"", *names)
        self.same("d", b"".join(pieces))
        # V001 has no early warning, so a part failed at its end.
        self.assertEqual([f["proven"] for f in self.scanned("d")["files"]]
                         .count(False), 1)

    def test_one_part_is_read(self):
        self.make(2 * MIB)
        source = data(600000)
        for part in self.report("d", source)["parts"]:
            end = part["offset"] + part["bytes"]
            self.assertEqual(self.read("d", "--part", str(part["part"])),
                             (source[part["offset"]:end], ""))
        _, err = self.read("d", "--part", "4", status=5)
        self.assertIn("part 4", err)

    def test_two_dumps_with_the_same_name_are_distinguished(self):
        self.make(4 * MIB)
        ids = [self.report("d", data(1000, i), "--no-catalogue", "-V",
                           "V001")["id"] for i in range(2)]
        _, err = self.read("d", status=2)
        for i in range(2):
            self.assertIn("d@" + ids[i], err)
            self.same("d@" + ids[i], data(1000, i))

    def test_spool_and_memory_restore_a_failed_part(self):
        for cache in ("memory", "spool"):
            with self.subTest(cache):
                self.dir = os.path.join(self.dir, cache)
                os.mkdir(self.dir)
                self.make(2 * MIB, 2 * MIB)
                self.defect("V001", 500000, once=True)
                source = data(MIB)
                r = self.write("d", source, "--cache", cache)
                self.assertIn("medium error", r.err)
                self.same("d", source)
                self.assertEqual(self.left_in_tmp(), [])


class Label(Begun):
    """Which volumes are written, and what happens to the others."""

    def foreign(self, barcode):
        """Make the volume look as if another program had written it: no
        tapelab header."""
        self.sql(barcode, "update objects set data = ?, sums = null where "
                 "first = 0", b"x" * 32768)

    def swap(self, one, other):
        """Exchange the barcodes of two volumes."""
        paths = [self.volume(one), self.volume(other), self.path("swapped")]
        for a, b in ((0, 2), (1, 0), (2, 1)):
            os.rename(paths[a], paths[b])
        for barcode in (one, other):
            self.sql(barcode, "update volume set barcode = ?", barcode)

    def changed(self, before):
        after = self.volume_bytes()
        return sorted(v[:-5] for v in after if after[v] != before.get(v))

    def test_blank_volumes_are_used_only_on_request(self):
        self.make(MIB, MIB, label=False)
        before = self.volume_bytes()
        r = self.write("d", b"x", status=4)
        self.assertIn("label", r.err)
        self.assertEqual(self.changed(before), [])
        self.write("d", b"x", "--label-blank")
        self.assertEqual(self.changed(before), ["V001"])
        self.same("d", b"x")

    def test_label_labels_only_blank_volumes(self):
        self.make(MIB, MIB, MIB, label=False)
        self.assertEqual(self.passes("label", "-l", "lib", "-V", "V002").out,
                         "V002\n")
        self.write("d", b"x")
        before = self.volume_bytes()
        self.assertEqual(self.passes("label", "-l", "lib").out, "V001\nV003\n")
        self.assertEqual(self.changed(before), ["V001", "V003"])
        self.refuses_untouched("label", "-l", "lib", "-V", "V002",
                               says=["V002", "dumps on it"])
        self.refuses_untouched("label", "-l", "lib", "-V", "V002x",
                               says="V002x")
        self.same("d", b"x")
        self.passes("label", "-l", "lib", "--overwrite", "V002")
        self.read("d", status=2)

    def test_volumes_with_dumps_are_skipped_unless_named(self):
        self.make(MIB, MIB)
        self.write("a", b"first")
        before = self.volume_bytes()
        r = self.write("b", b"second")
        self.assertIn("V001 is left unchanged", r.err)
        self.assertEqual(self.changed(before), ["V002"])
        self.write("c", b"third", "-V", "V001")
        for name, text in (("a", b"first"), ("b", b"second"),
                           ("c", b"third")):
            self.same(name, text)

    def test_a_label_of_another_volume_is_refused(self):
        self.make(MIB, MIB, MIB)
        self.write("old", b"worth keeping", "-V", "V002")
        self.swap("V001", "V002")
        before = self.volume_bytes()
        r = self.write("d", b"x")
        self.assertIn("its label says that it is volume V002", r.err)
        self.assertEqual(self.changed(before), ["V003"])
        r = self.write("e", b"x", "-V", "V001", "-V", "V002", status=4)
        self.assertIn("its label says that it is volume V001", r.err)
        self.assertEqual(self.changed(before), ["V003"])

    # Expected: permission to overwrite V001 is for V001 only.
    # Bug: the volume with this barcode was overwritten, whatever its label
    # said.
    def test_a_wrong_cartridge_with_the_right_barcode_is_kept(self):
        self.make(MIB, MIB)
        self.write("old", b"worth keeping", "-V", "V002")
        self.swap("V001", "V002")
        before = self.volume_bytes()
        for name in ("V001", "V002"):
            r = self.write("d", b"x", "-V", "V001", "--overwrite", name,
                           status=4)
            self.assertIn("give each of these names: V001, V002", r.err)
            self.refuses_untouched("label", "-l", "lib", "-V", "V001",
                                   "--overwrite", name,
                                   says="give each of these names: V001, V002")
        self.assertEqual(self.changed(before), [])
        self.write("d", b"x", "-V", "V001", "--overwrite", "V001",
                   "--overwrite", "V002")
        self.assertEqual(headers(self.volume("V001"))[0]["volume"], "V001")

    def test_naming_both_volumes_lets_label_use_a_wrong_cartridge(self):
        self.make(MIB, MIB)
        self.write("old", b"worth keeping", "-V", "V002")
        self.swap("V001", "V002")
        r = self.passes("label", "-l", "lib", "--overwrite", "V001",
                        "--overwrite", "V002")
        self.assertEqual(r.out, "V001\nV002\n")

    # Expected: a volume with a read error is refused.
    # Bug: --overwrite ignored it.
    def test_a_volume_that_cannot_be_scanned_is_not_overwritten(self):
        self.make(MIB)
        self.passes("vtl", "fault", "lib", "--entry", "{fail: drive, "
                    "operation: read, every: 1, sense: read_error}")
        before = self.volume_bytes()
        r = self.write("d", b"x", "-V", "V001", "--overwrite", "V001",
                       status=4)
        self.assertIn("its label cannot be read", r.err)
        self.refuses_untouched("label", "-l", "lib", "--overwrite", "V001",
                               says="its label cannot be read")
        self.assertEqual(self.changed(before), [])

    def test_a_foreign_volume_is_kept_until_it_is_named(self):
        self.make(MIB, MIB)
        self.foreign("V001")
        before = self.volume_bytes()
        r = self.write("d", b"x", "-V", "V001", status=4)
        self.assertIn("not written by tapelab (data of an unknown program)",
                      r.err)
        # Expected: the message is printed once.
        # Bug: it was printed again as the result of the dump.
        self.assertEqual(r.err.count("V001 is left unchanged"), 1)
        self.assertIn("tapelab: dump d is PARTIAL\n", r.err)
        self.assertIn("name more of them\n", r.err)
        self.assertNotIn("tapelab label", r.err)
        self.assertEqual(self.changed(before), [])
        self.assertEqual(self.scan(status=4)["volumes"][0]["kind"],
                         "foreign")
        self.write("d", b"x", "-V", "V001", "--overwrite", "V001")
        self.same("d", b"x")

    def test_an_unreadable_volume_is_overwritten_only_by_name(self):
        self.make(MIB)
        entry = ("{fail: drive, operation: read, every: 1, "
                 "sense: security_error}")
        self.passes("vtl", "fault", "lib", "--entry", entry)
        before = self.volume_bytes()
        r = self.write("d", b"x", "-V", "V001", status=4)
        self.assertIn("its label cannot be read", r.err)
        self.assertIn("encryption", r.err)
        self.assertEqual(self.changed(before), [])
        # The catalogue also keeps the entries of an unreadable volume.
        self.passes("vtl", "fault", "lib", "--clear")
        self.write("old", b"old", "-V", "V001")
        self.passes("vtl", "fault", "lib", "--entry", entry)
        self.scan("--rebuild", status=4)
        self.assertIn("old", str(self.catalogue("select name from parts")))
        self.write("d", b"x", "-V", "V001", "--overwrite", "V001")
        self.passes("vtl", "fault", "lib", "--clear")
        self.same("d", b"x")

    def put_block(self, barcode, block):
        """Write what another program would have written at the beginning."""
        r = subprocess.run(["xxhsum", "-H3", self.file("block", block)],
                           check=True, capture_output=True)
        total = re.search(rb"[0-9a-f]{16}(?= |$)", r.stdout).group()
        self.sql(barcode, "update objects set data = ?, sums = ? where "
                 "first = 0", block, bytes.fromhex(total.decode()))

    def test_data_of_another_program_is_identified(self):
        self.make(MIB)
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            tar.addfile(tarfile.TarInfo("home/file"))
        self.put_block("V001", archive.getvalue().ljust(32768, b"\0"))
        r = self.write("d", b"x", "-V", "V001", status=4)
        self.assertIn("(a tar archive)", r.err)
        self.refuses_untouched("label", "-l", "lib", "-V", "V001",
                               says="(a tar archive)")
        self.assertIn("a tar archive",
                      self.scan(status=4)["notes"][0]["text"])

    def test_a_dump_does_not_overwrite_itself(self):
        # Expected: a volume that is loaded a second time is not overwritten.
        # Bug: the dump was DONE, and its first parts were lost.
        self.make(MIB, MIB)
        source = data(2 * MIB)
        report = self.report("d", source, "-V", "V001", "-V", "V001",
                             "--overwrite", "V001", "--cache", "memory",
                             status=4)
        self.assertEqual(report["outcome"], "PARTIAL")
        self.assertIn("this very dump is on it", report["message"])
        self.assertGreater(report["safe_bytes"], 0)
        out, _ = self.read("d", "--salvage", status=4)
        self.assertTrue(out[:report["safe_bytes"]] ==
                        source[:report["safe_bytes"]])

    def test_a_volume_that_cannot_be_opened_is_skipped(self):
        self.make(MIB, MIB)
        with open(self.volume("V001"), "wb") as f:
            f.write(b"no SQLite file at all" * 1000)
        before = self.volume_bytes()
        r = self.write("d", b"x")
        self.assertIn("V001", r.err)
        self.assertEqual(self.changed(before), ["V002"])
        self.same_but_told("d", b"x", "V001")

    def same_but_told(self, dump, want, volume):
        out, err = self.read(dump)
        self.assertEqual(out, want)
        self.assertNotIn("damaged", err, volume)

    def test_a_write_protected_volume_is_skipped(self):
        self.make(MIB, MIB)
        os.chmod(self.volume("V001"), 0o444)
        before = self.volume_bytes()
        self.write("d", b"x")
        self.assertEqual(self.changed(before), ["V002"])


class Refused(LibraryTest):
    """Wrong requests change nothing."""

    WRITE = ("write", "-l", "lib", "-d", "d")

    def test_wrong_options(self):
        self.make(MIB)
        empty = self.file("folder/file", "no catalogue at all")
        short = self.file("folder/short", "x")
        wrong = (
            (("write", "-l", "lib"), "--dump"),
            (("write", "-d", "d"), "--library"),
            (("write", "-l", "lib", "-f", "/dev/nst0", "-d", "d"),
             "exclude"),
            (("write", "-l", "nowhere", "-d", "d"), "nowhere"),
            (("write", "-l", "lib", "-d", ""), "--dump"),
            (("write", "-l", "lib", "-d", " d"), "--dump"),
            (("write", "-l", "lib", "-d", "d" * 129), "--dump"),
            (("write", "-l", "lib", "-d", "d\n"), "--dump"),
            (self.WRITE + ("--block", "1 KiB"), "block"),
            (self.WRITE + ("--block", "0 B"), "block"),
            (self.WRITE + ("--block", "64"), "--block"),
            (self.WRITE + ("--block", "-1 KiB"), "--block"),
            (self.WRITE + ("--block", "1 TiB"), "block"),
            (self.WRITE + ("--block", "99999999 TiB"), "block"),
            (self.WRITE + ("--buffer", "99999 TiB"), "buffer"),
            (self.WRITE + ("--buffer", "x"), "--buffer"),
            (self.WRITE + ("--part", "1 GB/s"), "--part"),
            (self.WRITE + ("--cache", "memry"), "memory"),
            (self.WRITE + ("--cache", "memory"), "part"),
            (self.WRITE + ("--cache", "spool"), "part"),
            (self.WRITE + ("--cache", "slices"), "it needs files"),
            (self.WRITE + ("--spool-dir", "/tmp"), "--cache spool"),
            (self.WRITE + ("--spool-size", "1 MiB"), "--cache spool"),
            (self.WRITE + ("--cache", "spool", "--part", "1 MiB",
                           "--spool-dir", "nowhere"), "nowhere"),
            (self.WRITE + ("--cache", "spool", "--part", "1 MiB",
                           "--spool-dir", empty), empty),
            (self.WRITE + ("--streaming", "yes"), "--streaming"),
            (self.WRITE + ("--start-fill", "101 %"), "--start-fill"),
            (self.WRITE + ("--start-fill", "much"), "--start-fill"),
            (self.WRITE + ("--max-volumes", "0"), "--max-volumes"),
            (self.WRITE + ("--max-volumes", "4294967296"), "--max-volumes"),
            (self.WRITE + ("--max-failed-volumes", "-1"),
             "--max-failed-volumes"),
            (self.WRITE + ("--volume", ""), "--volume"),
            (self.WRITE + ("--volume", "V" * 33), "--volume"),
            (self.WRITE + ("--drive", "7"), "drive"),
            (self.WRITE + ("--drive", "one"), "--drive"),
            (self.WRITE + ("--catalogue", "c", "--no-catalogue"), "exclude"),
            (self.WRITE + ("--catalogue", "folder"), "folder"),
            (self.WRITE + ("--catalogue", empty), empty),
            (self.WRITE + ("--catalogue", short), short),
            (self.WRITE + ("--resume", "--overwrite", "V001"), "--overwrite"),
            (self.WRITE + ("--overwrite-unnamed",), "--device"),
            (self.WRITE + ("--yes",), "--overwrite-unnamed"),
            (self.WRITE + ("--overwrite", "V001 "), "not a barcode"),
            (("label", "-l", "lib", "--overwrite-unnamed"), "--device"),
            (("label", "-l", "lib", "--yes"), "--overwrite-unnamed"),
            (self.WRITE + ("--resume",), "d"),
            (self.WRITE + ("nowhere",), "nowhere"),
            (self.WRITE + ("folder",), "folder"),
            (self.WRITE + ("/dev/zero",), "/dev/zero"),
            (self.WRITE + ("--nonsense",), "--nonsense"),
            (("read", "-l", "lib"), "--dump"),
            (("read", "-l", "lib", "-d", "d"), "d"),
            (("read", "-l", "lib", "-d", "d", "--part", "0"), "--part"),
            (("read", "-l", "lib", "-d", "d", "out"), "out"),
            (("scan", "-l", "nowhere"), "nowhere"),
            (("scan", "-l", "lib", "more"), "more"),
            (("label", "-l", "lib", "--overwrite"), "requires an argument"),
            (("label", "-l", "lib", "--overwrite", "V001 "), "not a barcode"),
            (("label", "-l", "lib", "--format"), "--format needs"),
            (self.WRITE + ("--format",), "--format needs"),
            (("label", "-l", "lib", "--overwrite", "V001", "--catalogue",
              "nowhere"), "nowhere"),
            (("label", "-l", "lib", "--block", "1 KiB"), "--block"),
            (("label", "-l", "lib", "--overwrite", "V001", "--block",
              "1 TiB"), "blocks of"),
        )
        before = self.volume_bytes()
        for args, says in wrong:
            with self.subTest(" ".join(args)[:70]):
                self.refuses(*args, says=says, stdin=b"data")
                self.assertTrue(self.volume_bytes() == before)
        self.assertEqual(sorted(os.listdir(self.dir)),
                         ["folder", "lib", "tmp"])
        self.assertEqual(self.left_in_tmp(), [])

    def test_a_name_that_exists(self):
        self.make(MIB, MIB)
        self.write("d", b"x")
        self.refuses_untouched(*self.WRITE, says="another name", stdin=b"y")
        self.refuses_untouched(*self.WRITE, "--resume", says="DONE",
                               stdin=b"x")

    def test_a_block_size_that_no_drive_accepts_changes_nothing(self):
        self.make(MIB, MIB)
        before = self.volume_bytes()
        r = self.write("d", b"x", sizes=("--block", "17 MiB", "--buffer",
                                         "64 MiB"), status=2)
        self.assertIn("takes blocks of", r.err)
        self.assertIn("another size with --block", r.err)
        self.assertEqual(self.volume_bytes(), before)


class LabelFails(LibraryTest):
    """What happens to volumes whose label fails, and to the volumes after
    them."""

    def label(self, *args, status=2):
        """Return the barcodes that were labelled, and the messages."""
        r = self.run_command("label", "-l", "lib", *args)
        self.assertEqual(r.status, status, r.out + r.err)
        return r.lines, r.err

    def given_back(self):
        """Return how each volume was closed."""
        with open(self.path("trace"), encoding="utf-8") as f:
            rows = [line.rstrip("\n").split("\t") for line in f]
        return [row[5] for row in rows if row[4] == "unload"]

    def test_label_stops_after_three_failures_in_a_row(self):
        # Expected: label stops after three failures in a row, as write does.
        # Bug: label continued through the library.
        self.make(*[MIB] * 5, label=False)
        labelled, err = self.label("--fault", "label:1:medium_error+")
        self.assertEqual(labelled, [])
        self.assertIn("could not be labelled: stopped", err)
        self.assertEqual([v for v in ("V001", "V002", "V003", "V004")
                          if v in err], ["V001", "V002", "V003"])

    def test_only_failures_in_a_row_count(self):
        self.make(*[MIB] * 6, label=False)
        faults = [w for n in (1, 2, 4, 5) for w in
                  ("--fault", "label:%d:medium_error" % n)]
        labelled, _ = self.label(*faults)
        self.assertEqual(labelled, ["V003", "V006"])

    def test_a_volume_whose_label_fails_is_suspect(self):
        # Expected: the volume is closed as suspect.
        # Bug: the volume was closed as good.
        self.make(MIB, MIB, label=False)
        for cause, close in (("medium_error", "suspect"),
                             ("unknown_error", "suspect"), ("peom", "full"),
                             ("write_protected", "refused")):
            with self.subTest(cause):
                labelled, err = self.label("-V", "V001", "--trace",
                                           "trace", "--fault",
                                           "label:1:" + cause)
                self.assertEqual(labelled, [])
                self.assertIn("V001 is not labelled", err)
                self.assertEqual(self.given_back(), [close])
        labelled, _ = self.label("--trace", "trace", status=0)
        self.assertEqual(labelled, ["V001", "V002"])
        self.assertEqual(self.given_back(), ["good", "good"])

    def test_a_drive_that_fails_is_not_used_again(self):
        self.make(MIB, MIB, label=False)
        labelled, err = self.label("--fault", "label:1:hardware_error")
        self.assertEqual(labelled, [])
        self.assertIn("no drive", err)
        self.dir = self.path("two")
        os.mkdir(self.dir)
        self.make(MIB, MIB, drives=2, label=False)
        self.assertEqual(self.label("--fault", "label:1:hardware_error")[0],
                         ["V002"])


if __name__ == "__main__":
    main()
