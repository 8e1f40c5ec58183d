#!/usr/bin/env python3
"""A stream to tapes and back, by tapelab write, read, scan and label."""
import json
import os
import pty
import re
import select
import subprocess
import time
import unittest

from command import BLOCK, PATIENCE_S, PROGRAM, main
from library import LibraryTest, MIB, data, headers

KIB = 1 << 10


class ThereAndBack(LibraryTest):
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

    def test_sizes_at_the_edges_come_back(self):
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

    def test_files_are_one_dump_and_their_own_cache(self):
        self.make(MIB, 2 * MIB)
        pieces = [data(n, n) for n in (300000, 0, 700000, 1)]
        names = [self.file("f%d" % i, p) for i, p in enumerate(pieces)]
        self.write("d", b"", *names)
        self.same("d", b"".join(pieces))
        # V001 has no early warning: a part failed at its end.
        self.assertEqual([f["proven"] for f in self.scanned("d")["files"]]
                         .count(False), 1)

    def test_one_part_alone(self):
        self.make(2 * MIB)
        source = data(600000)
        for part in self.report("d", source)["parts"]:
            end = part["offset"] + part["bytes"]
            self.assertEqual(self.read("d", "--part", str(part["part"])),
                             (source[part["offset"]:end], ""))
        _, err = self.read("d", "--part", "4", status=5)
        self.assertIn("part 4", err)

    def test_two_dumps_of_a_name_are_told_apart(self):
        self.make(4 * MIB)
        ids = [self.report("d", data(1000, i), "--no-catalogue", "-V",
                           "V001")["id"] for i in range(2)]
        _, err = self.read("d", status=2)
        for i in range(2):
            self.assertIn("d@" + ids[i], err)
            self.same("d@" + ids[i], data(1000, i))

    def test_a_spool_and_a_memory_give_a_part_back(self):
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


class Label(LibraryTest):
    """Which volumes are written to, and what becomes of the others."""

    def foreign(self, barcode):
        """As if another program had written it: no header of ours."""
        self.sql(barcode, "update objects set data = ?, sums = null where "
                 "first = 0", b"x" * 32768)

    def changed(self, before):
        after = self.volume_bytes()
        return sorted(v[:-5] for v in after if after[v] != before.get(v))

    def test_blank_volumes_are_for_those_who_ask(self):
        self.make(MIB, MIB, label=False)
        before = self.volume_bytes()
        r = self.write("d", b"x", status=4)
        self.assertIn("label", r.err)
        self.assertEqual(self.changed(before), [])
        self.write("d", b"x", "--label-blank")
        self.assertEqual(self.changed(before), ["V001"])
        self.same("d", b"x")

    def test_label_labels_what_is_blank_and_nothing_else(self):
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
        self.passes("label", "-l", "lib", "-V", "V002", "--overwrite")
        self.read("d", status=2)

    def test_volumes_with_dumps_are_passed_over_unless_named(self):
        self.make(MIB, MIB)
        self.write("a", b"first")
        before = self.volume_bytes()
        r = self.write("b", b"second")
        self.assertIn("V001 is left as it is", r.err)
        self.assertEqual(self.changed(before), ["V002"])
        self.write("c", b"third", "-V", "V001")
        for name, text in (("a", b"first"), ("b", b"second"),
                           ("c", b"third")):
            self.same(name, text)

    def test_a_label_of_another_volume_is_not_believed(self):
        self.make(MIB, MIB, MIB)
        block = self.sql("V002", "select data from objects where first = 0")
        self.sql("V001", "update objects set data = ?, sums = null where "
                 "first = 0", block[0][0])
        before = self.volume_bytes()
        r = self.write("d", b"x")
        self.assertIn("V001", r.err)
        self.assertEqual(self.changed(before), ["V002"])
        self.write("e", b"y", "--overwrite", "V001")
        self.assertEqual(headers(self.volume("V001"))[0]["volume"], "V001")

    def test_what_is_not_ours_is_safe_until_it_is_named(self):
        self.make(MIB, MIB)
        self.foreign("V001")
        before = self.volume_bytes()
        r = self.write("d", b"x", "-V", "V001", status=4)
        self.assertIn("not of tapelab", r.err)
        self.assertEqual(self.changed(before), [])
        self.assertEqual(self.scan(status=4)["volumes"][0]["kind"],
                         "foreign")
        self.write("d", b"x", "-V", "V001", "--overwrite", "V001")
        self.same("d", b"x")

    def test_a_dump_does_not_overwrite_itself(self):
        # Should: a volume that comes again is not written over again.
        # Did: the dump was DONE, and its first parts were gone.
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

    def test_a_volume_that_cannot_be_opened_is_passed_over(self):
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

    def test_a_protected_volume_is_passed_over(self):
        self.make(MIB, MIB)
        os.chmod(self.volume("V001"), 0o444)
        before = self.volume_bytes()
        self.write("d", b"x")
        self.assertEqual(self.changed(before), ["V002"])


class Refused(LibraryTest):
    """Nothing is touched where something is wrong with what was asked."""

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
            (self.WRITE + ("--cache", "slices"), "name them"),
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
            (("label", "-l", "lib", "--overwrite"), "--volume"),
            (("label", "-l", "lib", "-V", "V001", "--overwrite",
              "--catalogue", "nowhere"), "nowhere"),
            (("label", "-l", "lib", "--block", "1 KiB"), "--block"),
            (("label", "-l", "lib", "-V", "V001", "--overwrite", "--block",
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

    def test_a_block_that_no_drive_can_take_changes_nothing(self):
        self.make(MIB, MIB)
        before = self.volume_bytes()
        r = self.write("d", b"x", sizes=("--block", "17 MiB", "--buffer",
                                         "64 MiB"), status=4)
        self.assertIn("takes blocks of", r.err)
        self.assertEqual(self.volume_bytes(), before)


class Streams(LibraryTest):
    def test_standard_output_that_fails_is_no_success(self):
        self.make(4 * MIB)
        self.write("d", data(MIB))
        with open("/dev/full", "wb") as full:
            for args, status in ((("read", "-d", "d"), 5), (("scan",), 2)):
                r = self.run_command(args[0], "-l", "lib", *args[1:],
                                     stdout=full)
                self.assertEqual(r.status, status)
                self.assertIn("No space left", r.err)
            r = self.run_command("write", "-l", "lib", "-d", "e", "-V", "V001",
                                 "--json", stdin=b"x", stdout=full)
            self.assertEqual(r.status, 2)
            self.assertIn("No space left", r.err)
        self.same("e", b"x")

    def test_standard_output_that_is_closed_is_no_success(self):
        self.make(4 * MIB)
        self.write("d", data(MIB))
        before = self.volume_bytes()
        script = '"$0" "$@" >&-'
        for args, status in ((("read", "-d", "d"), 5), (("scan",), 2)):
            r = subprocess.run(["sh", "-c", script, PROGRAM, args[0], "-l",
                                self.path("lib"), *args[1:]], check=False,
                               env=self.environment(), capture_output=True)
            self.assertEqual(r.returncode, status, r.stderr)
            self.assertIn(b"standard output", r.stderr)
        self.assertEqual(self.volume_bytes(), before)

    def test_a_pipe_that_nobody_reads_ends_it(self):
        self.make(4 * MIB)
        self.write("d", data(2 * MIB))
        process = self.start("read", "-l", "lib", "-d", "d")
        with process:
            process.stdout.read(10)
            process.stdout.close()
            err = process.stderr.read()
            self.assertEqual(process.wait(PATIENCE_S), 5)
        self.assertIn(b"Broken pipe", err)

    def on_a_terminal(self, *args, stdin, quiet=False):
        """Runs it with standard error a terminal; what that shows."""
        ours, theirs = pty.openpty()
        process = self.start(*args, stderr=theirs)
        os.close(theirs)
        with process:
            process.stdin.write(stdin)
            process.stdin.flush()
            shown = b""
            deadline = time.monotonic() + PATIENCE_S
            while not quiet and time.monotonic() < deadline and \
                    not select.select([ours], [], [], 0.01)[0]:
                process.stdin.write(stdin)
                process.stdin.flush()
            process.stdin.close()
            while True:
                try:
                    piece = os.read(ours, 4096)
                except OSError:
                    break
                if not piece:
                    break
                shown += piece
            self.assertEqual(process.wait(PATIENCE_S), 0, shown)
        os.close(ours)
        return shown.decode()

    def test_a_terminal_shows_progress_and_a_pipe_does_not(self):
        self.make(100 * MIB)
        shown = self.on_a_terminal("write", "-l", "lib", "-d", "a", "-V",
                                   "V001", *self.SMALL, stdin=b"x" * BLOCK)
        self.assertIn("buffer", shown)
        self.assertIn("volume V001", shown)
        shown = self.on_a_terminal("write", "-l", "lib", "-d", "b", "-V",
                                   "V001", "--quiet", stdin=b"x", quiet=True)
        self.assertEqual(shown, "")
        self.assertEqual(self.write("c", b"x", "-V", "V001").err, "")

    def test_a_terminal_is_not_where_a_dump_goes_or_comes_from(self):
        self.make(4 * MIB)
        self.write("d", b"x")
        ours, theirs = pty.openpty()
        for args, end in ((("read", "-d", "d"), "stdout"),
                          (("write", "-d", "e"), "stdin")):
            with self.start(args[0], "-l", "lib", *args[1:],
                            **{end: theirs}) as process:
                err = process.stderr.read()
                self.assertEqual(process.wait(PATIENCE_S), 2, err)
            self.assertIn(b"terminal", err)
        os.close(ours)
        os.close(theirs)


class Damage(LibraryTest):
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
        block = self.file("block", bytes(changed[:BLOCK]))
        said = subprocess.run(["xxhsum", "-H3", block], check=True,
                              stdout=subprocess.PIPE).stdout.decode()
        sums = bytes.fromhex(
            re.search(r"[0-9a-f]{16}(?= |$)", said).group()) + sums[8:]
        self.sql(barcode, "update objects set data = ?, sums = ? where "
                 "first = ?", bytes(changed), sums, first)

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


if __name__ == "__main__":
    main()
