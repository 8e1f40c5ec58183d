#!/usr/bin/env python3
"""Dumps of which a part was overwritten: they are not resumed or called DONE
as if they were complete."""
import fcntl
import os
import shutil
import signal

from command import BLOCK, PATIENCE_S, main
from library import MIB, PART, Begun, data


class OverwrittenTest(Begun):
    def cut(self):
        """Write a dump whose parts are on V001 and V002, and one that is
        DONE."""
        self.make(*[2 * MIB] * 4)
        self.source = data(5 * MIB)
        self.write("d", self.source, "-V", "V001", "-V", "V002", status=4)
        self.write("whole", b"w", "-V", "V003")

    def known(self, dump):
        """Return outcome and bytes in the catalogue, and the volumes with
        parts."""
        return (self.catalogue("select outcome, safe_bytes from dumps where "
                               "name = '%s'" % dump) +
                self.catalogue("select distinct volume from parts where name "
                               "= '%s' order by 1" % dump))

    def refused(self, *args, says):
        return self.refuses_untouched("write", "-l", "lib", "-d", "d",
                                      "--resume", *args, stdin=self.source,
                                      says=says)


class Overwritten(OverwrittenTest):
    def test_a_dump_without_its_first_volume_is_not_resumed(self):
        # Expected: a dump whose first parts are lost is not DONE.
        # Bug: it was resumed after them, and the catalogue still had them.
        self.cut()
        self.passes("label", "-l", "lib", "--overwrite", "V001")
        self.assertEqual(self.known("d"), [["PARTIAL", "0"], ["V002"]])
        self.refuses_untouched("write", "-l", "lib", "-d", "d", "--resume",
                               stdin=self.source, says="part 1")

    def test_an_overwrite_unknown_to_the_catalogue_is_found_on_the_last_volume(self):
        # Expected: the last part is looked for before the dump continues after
        # it.
        # Bug: the dump continued after another dump.
        self.make(*[2 * MIB] * 3)
        source = data(2 * MIB)
        process = self.begin("d", source[:2 * PART + BLOCK], parts=2)
        self.assertEqual(self.ends(process, signal.SIGINT)[0], 5)
        self.write("e", b"x", "-V", "V001", "--overwrite", "V001",
                   "--no-catalogue")
        before = self.volume_bytes()
        r = self.write("d", source, "--resume", "--assume-present", "V001",
                       sizes=(), status=4)
        self.assertIn("part 1 is missing", r.err)
        # Expected: neither part is called safe.
        # Bug: the first part was called safe.
        self.assertIn("no part of it is safe on tape", r.err)
        self.assertEqual(self.known("d"), [["PARTIAL", "0"]])
        self.assertEqual(self.volume_bytes(), before)
        self.same("e", b"x")

    def test_a_volume_assumed_to_be_present_is_not_overwritten(self):
        # Expected: the dump ends at a scratch volume that must have a part of
        # it.
        # Bug: the volume was written, and the dump was DONE.
        for args in ((), ("--no-catalogue",)):
            with self.subTest(args=args):
                self.make(*[(MIB, MIB // 8)] * 5)
                source = data(3 * MIB)
                process = self.begin("d", source[:2 * MIB + BLOCK], parts=8)
                self.assertEqual(self.ends(process, signal.SIGINT)[0], 5)
                (part, safe), = self.catalogue(
                    "select min(part), min(offset_bytes) from parts where "
                    "volume = 'V002'")
                self.passes("label", "-l", "lib", "--overwrite", "V002",
                            "--no-catalogue")
                before = self.volume_bytes()
                report = self.resume("d", source, "--assume-present", "V002",
                                     *args, status=4)
                self.assertEqual((report["outcome"], report["safe_bytes"],
                                  len(report["parts"])),
                                 ("PARTIAL", int(safe), int(part) - 1))
                self.assertIn("V002", report["message"])
                self.assertEqual(self.volume_bytes(), before)
            shutil.rmtree(self.path("lib"))

    def test_a_dump_without_its_last_volume_is_resumed_before_it(self):
        self.cut()
        self.write("e", b"x", "-V", "V002", "--overwrite", "V002")
        (outcome, safe), *volumes = self.known("d")
        self.assertEqual((outcome, volumes), ("PARTIAL", [["V001"]]))
        report = self.resume("d", self.source, "-V", "V004", "-V", "V003",
                             "--cache", "memory")
        self.assertEqual(report["resumed_bytes"], int(safe))
        self.same("d", self.source)

    def test_a_dump_that_was_done_is_partial(self):
        self.cut()
        self.write("e", b"x", "-V", "V003", "--overwrite", "V003")
        self.assertEqual(self.known("whole"), [["PARTIAL", "0"]])
        # The name of the dump can be used again.
        self.write("whole", b"w2", "-V", "V004")
        self.same("whole", b"w2")

    def test_an_appended_dump_loses_no_other(self):
        self.cut()
        before = self.known("d"), self.known("whole")
        self.write("e", b"x", "-V", "V003")
        self.assertEqual((self.known("d"), self.known("whole")), before)

    def test_a_new_label_loses_the_dump_before_a_part_is_written(self):
        # Expected: a dump whose volume has a new label is not DONE.
        # Bug: it was DONE until the first attempt after the label had ended.
        self.cut()
        self.write("e", b"x", "-V", "V003", "--overwrite", "V003", "--fault",
                   "header:1:medium_error", status=4)
        self.assertEqual(self.known("whole"), [["PARTIAL", "0"]])

    def test_a_dump_that_lost_a_volume_while_it_was_written_is_partial(self):
        # Expected: the dump is PARTIAL.
        # Bug: it was DONE, and its first parts were lost.
        self.make(*[2 * MIB] * 4, drives=2)
        source = data(3 * MIB)
        process = self.begin("d", source[:9 * PART], "--cache", "memory",
                             parts=8)
        self.write("e", b"x", "-V", "V001", "--overwrite", "V001")
        process.stdin.write(source[9 * PART:])
        process.stdin.close()
        err = process.stderr.read().decode()
        self.assertEqual(process.wait(PATIENCE_S), 4, err)
        self.assertIn("written over", err)
        self.assertIn("no part of it is safe", err)
        self.assertEqual(self.known("d")[0], ["PARTIAL", "0"])
        self.refuses_untouched("write", "-l", "lib", "-d", "d", "--resume",
                               stdin=source, says="part 1 ")


    def test_parts_of_an_earlier_run_are_verified_too(self):
        # Expected: volumes whose parts a resume had verified are verified again
        # at the end.
        # Bug: these volumes were verified only at the beginning.
        self.make(*[2 * MIB] * 4, drives=2)
        source = data(3 * MIB)
        process = self.begin("d", source[:9 * PART], "--cache", "memory",
                             parts=8)
        self.assertEqual(self.ends(process, signal.SIGINT)[0], 5)
        process = self.begin("d", source[:11 * PART], "--cache", "memory",
                             "--resume", parts=10)
        self.write("e", b"x", "-V", "V001", "--overwrite", "V001",
                   "--no-catalogue")
        process.stdin.write(source[11 * PART:])
        process.stdin.close()
        err = process.stderr.read().decode()
        self.assertEqual(process.wait(PATIENCE_S), 4, err)
        self.assertIn("volume V001: it was written over", err)
        self.assertIn("no part of it is safe", err)

    def test_a_volume_removed_while_the_dump_is_written_is_named(self):
        # Expected: a volume that could not be verified is reported.
        # Bug: the dump was DONE without a message.
        self.make(*[2 * MIB] * 4, drives=2)
        source = data(3 * MIB)
        process = self.begin("d", source[:9 * PART], "--cache", "memory",
                             parts=8)
        self.passes("vtl", "export", "--to", self.dir, "lib", "V001")
        process.stdin.write(source[9 * PART:])
        process.stdin.close()
        err = process.stderr.read().decode()
        self.assertEqual(process.wait(PATIENCE_S), 0, err)
        self.assertIn("volume V001 was not scanned when the dump ended: "
                      "the library has no cartridge V001", err)
        self.passes("vtl", "import", "lib", self.path("V001.tape"))
        self.passes("vtl", "move", "lib", "V001", "slot:1")
        self.same("d", source)


class OverwrittenUnknownToTheCatalogue(OverwrittenTest):
    """The catalogue does not know that volumes were overwritten; their labels
    show it."""

    def test_an_overwritten_volume_is_detected(self):
        # Expected: a dump is resumed only if its parts are there.
        # Bug: it was DONE, although the parts on its first volume were lost.
        self.cut()
        for args in (("write", "-d", "e", "--overwrite", "V001",
                      "--no-catalogue"),
                     ("label", "--overwrite", "V001", "--catalogue",
                      "other.db"),
                     ("label", "--overwrite", "V001", "--no-catalogue")):
            if "other.db" in args:      # this catalogue has another dump
                self.write("d2", b"y", "-V", "V004", "--catalogue",
                           "other.db")
            with self.subTest(args=args):
                before = self.path("before.db")
                shutil.copy(self.path("lib", "catalogue.db"), before)
                r = self.run_command(args[0], "-l", "lib", "-V", "V001",
                                     *args[1:], stdin=b"x")
                self.assertEqual(r.status, 0, r.err)
                self.refused(says=("volume V001", "part 1 ", "nothing was "
                                   "written"))
                self.assertEqual(self.known("d"),
                                 [["PARTIAL", "0"], ["V002"]])
                self.refused(says="part 1 ")
                shutil.copy(before, self.path("lib", "catalogue.db"))

    def test_the_remaining_parts_of_a_volume_are_safe(self):
        self.cut()
        first = self.sql("V001", "select first from files where file = 3")
        self.sql("V001", "delete from objects where first >= ?", first[0][0])
        self.refused(says=("volume V001, file 3", "part 3 "))
        self.assertEqual(self.known("d"), [["PARTIAL", str(2 * PART)],
                                           ["V001"], ["V002"]])

    def test_a_dump_without_its_last_volume_is_resumed_at_the_second_attempt(
            self):
        self.cut()
        self.write("e", b"x", "-V", "V002", "--overwrite", "V002",
                   "--no-catalogue")
        self.refused(says="volume V002")
        (_, safe), *volumes = self.known("d")
        self.assertEqual(volumes, [["V001"]])
        report = self.resume("d", self.source, "-V", "V004", "-V", "V003",
                             "--cache", "memory")
        self.assertEqual((report["outcome"], report["resumed_bytes"]),
                         ("DONE", int(safe)))
        self.same("d", self.source)

    def test_a_volume_outside_the_library_is_requested_or_assumed_present(self):
        self.cut()
        os.rename(self.volume("V001"), self.path("V001.tape"))
        before = self.known("d")
        self.refused(says=("volume V001", "--assume-present V001"))
        self.assertEqual(self.known("d"), before)
        self.refused("--assume-present", "V002", says="volume V001")
        args = ("-V", "V003", "-V", "V004", "--cache", "memory")
        r = self.write("d", self.source, "--resume", "--assume-present",
                       "V001", *args, sizes=("--part", "256 KiB"))
        self.assertIn("volume V001 is not scanned", r.err)
        os.rename(self.path("V001.tape"), self.volume("V001"))
        self.same("d", self.source)

    def test_an_overwritten_volume_is_detected_without_a_catalogue(self):
        # Expected: a dump is resumed only if its parts are there.
        # Bug: the end record on the last volume still proved the parts on the
        # first one, although they were lost.
        self.make(*[2 * MIB] * 3)
        self.source = data(3 * MIB)
        process = self.begin("d", self.source[:9 * PART + BLOCK], "--cache",
                             "memory", parts=9)
        self.assertEqual(self.ends(process, signal.SIGINT)[0], 5)
        os.rename(self.volume("V001"), self.path("V001.tape"))
        self.refused("--no-catalogue", says=("part 1 ", "volume V001"))
        os.remove(self.path("lib", "catalogue.db"))
        self.refused(says="part 1 ")
        self.refused("--assume-present", "V002", says="part 1 ")
        self.resume("d", self.source, "--assume-present", "V001")
        self.assertEqual(self.known("d"), [["DONE", str(3 * MIB)], ["V001"],
                                           ["V002"], ["V003"]])
        os.rename(self.path("V001.tape"), self.volume("V001"))
        self.same("d", self.source)


class HeaderWithoutPart(Begun):
    def cut(self, parts, number):
        """Write a dump with the header of part 4, but no data, at the end of
        V001."""
        self.make(*[(MIB, MIB // 8)] * 4)
        self.source = data(3 * MIB)
        process = self.begin("d", self.source[:parts * PART + BLOCK],
                             parts=parts)
        self.ends(process, number)
        self.assertEqual(self.catalogue("select volume, file from "
                                        "parts where part = 4"),
                         [["V002", "1"]])

    def test_a_header_without_data_is_not_the_part(self):
        # Expected: the part is the file of that attempt that has data.
        # Bug: the last file was used, which could not be read.
        self.cut(5, signal.SIGKILL)
        for order in (("V001", "V002"), ("V002", "V001")):
            args = [a for volume in order for a in ("-V", volume)]
            out, err = self.read("d", *args, status=4)
            self.assertTrue(out == self.source[:5 * PART], err)

    def test_a_header_without_data_does_not_replace_a_lost_part(self):
        # Expected: a part whose volume was overwritten is missing.
        # Bug: it was proven, and the dump was resumed after it.
        self.cut(8, signal.SIGINT)
        self.passes("label", "-l", "lib", "--overwrite", "V002")
        self.run_command("scan", "-l", "lib", "--rebuild")
        found = self.scanned("d", status=4)
        self.assertEqual([p["part"] for p in found["parts"]
                          if p["state"] == "missing"], [4, 5, 6])
        self.refuses_untouched("write", "-l", "lib", "-d", "d", "--resume",
                               "--no-catalogue", stdin=self.source,
                               says="part 4 of the dump is on none")
        self.assertEqual(self.catalogue("select part from parts where volume "
                                        "<> 'V003'"), [["1"], ["2"], ["3"]])


class Rebuilt(OverwrittenTest):
    def done(self):
        """Write a dump that is DONE, on V001 and V002."""
        self.make(2 * MIB, 2 * MIB, MIB)
        self.write("d", data(3 * MIB), "--cache", "memory")
        self.assertEqual(self.known("d"), [["DONE", str(3 * MIB)], ["V001"],
                                           ["V002"]])

    def rebuilt(self, *args):
        self.run_command("scan", "-l", "lib", "--rebuild", *args)
        return self.known("d")

    def test_an_overwritten_dump_is_not_restored_to_the_catalogue(self):
        # Expected: the catalogue calls a dump complete only if it is on tape.
        # Bug: the end record on the last volume made the dump DONE again.
        for volume, left in (("V001", "V002"), ("V002", "V001")):
            for args in ((), ("--no-catalogue",)):
                with self.subTest(volume=volume, args=args):
                    self.done()
                    (safe,), = self.catalogue(
                        "select min(offset_bytes) from parts where volume = "
                        "'%s'" % volume)
                    known = [["PARTIAL", safe], [left]]
                    self.write("e", b"x", "-V", volume, "--overwrite",
                               volume, *args)
                    self.assertEqual(self.rebuilt(), known)
                    if volume == "V001":
                        os.remove(self.path("lib", "catalogue.db"))
                        self.assertEqual(self.rebuilt(), known)
                shutil.rmtree(self.path("lib"))

    def test_parts_after_an_older_end_record_count(self):
        # Expected: all proven parts of a dump that was resumed and killed
        # count.
        # Bug: it was FAILED with 0 bytes, as its first end record says, and a
        # new dump with the same name replaced it.
        self.make(8 * MIB)
        source = data(2 * MIB)
        self.write("other", b"o")
        first = self.begin("d", source[:BLOCK], "-V", "V001", parts=0)
        self.until(lambda: self.catalogue("select 1 from attempts, dumps "
                   "where id = dump and name = 'd'"), first)
        self.ends(first, signal.SIGINT)
        again = self.begin("d", source[:3 * PART + BLOCK], "--resume",
                           parts=3)
        self.ends(again, signal.SIGKILL)
        self.run_command("scan", "-l", "lib", "--rebuild")
        found = self.scanned("d", status=4)
        self.assertEqual((found["outcome"], found["bytes"]), ("", None))
        self.refuses_untouched("write", "-l", "lib", "-d", "d", stdin=source,
                               says="--resume")
        self.assertEqual(self.resume("d", source)["resumed_bytes"], 3 * PART)

    def test_a_volume_that_is_not_scanned_keeps_its_entries(self):
        self.done()
        before = self.known("d")
        for volume in ("V001", "V002", "V003"):
            self.assertEqual(self.rebuilt("-V", volume), before)

    def test_a_volume_that_cannot_be_loaded_keeps_its_entries(self):
        self.done()
        before = self.known("d")
        self.assertEqual(self.rebuilt("--fault", "load:1:medium_error"),
                         before)

    def test_entries_written_during_a_scan_are_kept(self):
        # Expected: a scan removes nothing that was written during the scan.
        # Bug: it removed the new dump and made the old one DONE again.
        self.make(*[MIB] * 40, drives=2)
        self.write("old", data(MIB // 2), "-V", "V001")
        os.mkfifo(self.path("trace"))
        scan = self.start("scan", "-l", "lib", "--rebuild", "--trace",
                          self.path("trace"))
        self.addCleanup(scan.__exit__, None, None, None)
        self.addCleanup(scan.kill)
        with open(self.path("trace"), "rb", buffering=0) as trace:
            # The scan stops when this pipe is full.
            fcntl.fcntl(trace, fcntl.F_SETPIPE_SZ, 4096)
            seen = b""
            while b"V002" not in seen:
                seen += trace.read(64)
            self.write("new", data(MIB // 2), "-V", "V001", "--overwrite",
                       "V001")
            self.assertIsNone(scan.poll())
            while trace.read(4096):
                pass
        _, err = scan.communicate(timeout=PATIENCE_S)
        self.assertIn(b"volume V001 was used by another", err)
        self.assertEqual(self.known("new"),
                         [["DONE", str(MIB // 2)], ["V001"]])
        self.assertEqual(self.known("old"), [["PARTIAL", "0"]])
        self.same("new", data(MIB // 2))


class VolumeChangesDuringTheDump(Begun):
    """A dump that continues while one of its volumes, filled or open,
    changes."""

    def halfway(self):
        """Start a writer that has filled V001 and writes V002."""
        self.make((MIB, MIB // 8), *[(4 * MIB, MIB // 8)] * 2, drives=2)
        self.source = data(2 * MIB)
        return self.begin("d", self.source[:MIB + 2 * PART], parts=5)

    def finish(self, process):
        out, err = process.communicate(self.source[MIB + 2 * PART:],
                                       PATIENCE_S)
        return process.returncode, err.decode()

    def replace(self, barcode):
        """Replace a volume by another one with the same barcode."""
        self.passes("vtl", "create", "--volumes", "3", "--capacity", "1 MiB",
                    "--barcode-prefix", "V", "--barcode-suffix", "", "other")
        shutil.move(self.volume(barcode), self.path("mine"))
        shutil.move(self.path("other", barcode + ".tape"),
                    self.volume(barcode))

    def test_a_volume_overwritten_by_another_dump_is_detected(self):
        # Expected: the outcome says that its parts are not safe.
        # Bug: DONE, if no catalogue said so.
        process = self.halfway()
        self.write("e", b"x", "-V", "V001", "--overwrite", "V001",
                   "--no-catalogue")
        status, err = self.finish(process)
        self.assertEqual(status, 4, err)
        self.assertIn("volume V001: it was written over", err)
        self.assertIn("no part of it is safe on tape", err)
        self.same("e", b"x")

    def test_a_volume_replaced_by_another_file_is_detected(self):
        for barcode in ("V001", "V002"):    # filled, and open
            with self.subTest(barcode):
                process = self.halfway()
                self.replace(barcode)
                status, err = self.finish(process)
                self.assertEqual(status, 4, err)
                self.assertIn("volume %s: it was written ov" % barcode, err)
                shutil.rmtree(self.path("lib"))
                shutil.rmtree(self.path("other"))

    def test_a_volume_whose_file_was_renamed_is_detected(self):
        process = self.halfway()
        os.rename(self.volume("V001"), self.path("elsewhere"))
        status, err = self.finish(process)
        self.assertEqual(status, 4, err)
        self.assertIn("volume V001: there is no such file", err)

    def test_changes_that_keep_a_volume_do_no_harm(self):
        process = self.halfway()
        self.run_command("scan", "-l", "lib", "-V", "V001")
        self.passes("vtl", "verify", "lib", "V001")
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: read, volume: V001, at: 40 KiB, once: true}")
        self.write("e", b"x", "-V", "V001", "-V", "V003")
        self.passes("vtl", "fault", "lib", "--clear")
        os.mkdir(self.path("out"))
        self.passes("vtl", "export", "lib", "V001", "--to", "out")
        self.assertEqual(self.finish(process)[0], 0)
        self.passes("vtl", "import", "lib", "out/V001.tape", "--to", "slot:4")
        self.same("d", self.source)


if __name__ == "__main__":
    main()
