#!/usr/bin/env python3
"""Every command applies the behaviour and faults of a library's drives."""
import json
import shutil

from command import main
from library import LibraryTest, MIB, data

KIB = 1 << 10

WRITE = "{fail: drive, operation: write, "


class Drives(LibraryTest):
    """A test with a library, and shortcuts to add behaviour and faults."""

    def vtl(self, verb, *args):
        return self.passes("vtl", verb, "lib", *args)

    def fault(self, *entries):
        self.vtl("fault", *(w for e in entries for w in ("--entry", e)))

    def status(self):
        return json.loads(self.vtl("status", "--json").out)

    def faults(self):
        return self.status()["faults"]

    def behaviour(self, *args):
        """Return the behaviour of each drive by name."""
        drives = json.loads(self.vtl("behaviour", *args, "--json").out)
        return {d["element"]: d["behaviour"] for d in drives}


class Failing(Drives):
    def test_dump_survives_a_drive_that_fails_every_fifth_write(self):
        self.make(*[MIB] * 8)
        self.fault(WRITE + "every: 5}")
        # The drive writes label, header, block, header; the next block fails.
        source = data(7 * 32 * KIB)
        report = self.report("d", source, "--cache", "memory", sizes=(
            "--block", "32 KiB", "--part", "32 KiB", "--buffer", "1 MiB"))
        self.assertEqual(report["outcome"], "DONE")
        self.same("d", source)
        self.assertEqual(len(self.faults()), 1)

    def test_failed_drive_is_replaced_by_another(self):
        self.make(MIB, MIB, MIB, drives=2)
        self.fault(WRITE + "nth: 5, sense: hardware_error, drive: 1}")
        source = data(MIB)
        r = self.write("d", source, "--cache", "memory")
        self.assertIn("attempt 1 failed", r.err)
        self.same("d", source)

    def test_fault_with_once_hits_one_process(self):
        self.make(MIB, MIB, MIB, MIB)
        self.fault(WRITE + "nth: 3, once: true}",
                   "{fail: drive, operation: erase, nth: 1}")
        r = self.write("a", data(99))
        self.assertIn("part 1, attempt 1 failed", r.err)
        self.assertEqual([(f["id"], f["strikes"], f["spent"])
                          for f in self.faults()],
                         [(1, 1, True), (2, 0, False)])
        out = self.vtl("status").out
        self.assertRegex(out, r"\nfault 1: .*, spent\n")
        self.assertRegex(out, r"\nfault 2: .*nth: 1.*}\n")
        self.assertNotIn("failed", self.write("b", data(99)).err)
        self.same("a", data(99))
        self.same("b", data(99))

    def test_every_command_meets_drive_faults(self):
        self.make(MIB, label=False)
        self.fault(WRITE + "nth: 1, once: true}")
        r = self.run_command("label", "-l", "lib")
        self.assertEqual(r.status, 2)
        self.assertIn("(sense 3/0C/00)", r.err)
        self.passes("label", "-l", "lib")
        self.write("d", data(99))
        read = "{fail: drive, operation: read, sense: read_error, once: true, "
        self.fault(read + "nth: 3}")
        self.scan(status=4)
        self.fault(read + "nth: 4}")
        self.read("d", status=5)
        self.assertEqual([f["strikes"] for f in self.faults()], [1, 1, 1])
        self.same("d", data(99))

    def test_blocks_lost_by_a_reset_are_listed_with_the_volume(self):
        self.make(MIB, MIB)
        self.behaviour("{buffered: true, buffer: 128 KiB}")
        self.fault(WRITE + "nth: 8, mode: reset, once: true}")
        source = data(500 * KIB)
        self.write("d", source, "--cache", "memory")
        self.same("d", source)
        lost = json.loads(self.passes("vtl", "show", "lib", "V001",
                                      "--json").out)["lost"]
        # Label, header and five blocks were written; the buffer holds four.
        self.assertEqual(len(lost), 1)
        self.assertRegex(lost[0], "^objects 4 to 7, 131072 bytes of dump "
                         "[0-9a-f]{16} from 32768: acknowledged, never on "
                         "the medium")
        self.assertIn("lost: " + lost[0] + "\n",
                      self.passes("vtl", "show", "lib", "V001").out)

    def test_faults_are_listed_and_cleared(self):
        self.make(MIB, drives=2)
        entries = (
            "{fail: drive, operation: write, drive: 2, volume: V001, nth: 3, "
            "mode: hang, once: true, duration: 10 s}",
            "{fail: drive, operation: read, at: 1 MiB, length: 64 KiB, "
            "mode: slow, slowdown: 5}",
            "{fail: drive, operation: write, after_bytes: 1000 B, mode: fail, "
            "sense: hardware_error, deferred: true}",
            "{fail: drive, operation: locate, after_time: 1500 ms, mode: "
            "reset}",
            "{fail: drive, operation: write, one_in: 9, mode: corrupt}")
        self.fault(*entries, "{fail: move, nth: 4, mode: stuck}",
                   "{fail: barcode, volume: V001}",
                   "{fail: write, volume: V001, at: 512 KiB}")
        out = self.vtl("status").out
        for n, entry in enumerate(entries, 1):
            self.assertIn("fault %d: %s\n" % (n, entry.replace("1000 B",
                                                              "1 kB")), out)
        self.assertIn("fault 6: move 4 and all later ones: stuck", out)
        self.assertIn("V001, its barcode cannot be read", out)
        self.assertEqual(self.faults()[1], {
            "fail": "drive", "operation": "write", "drive": 2,
            "volume": "V001", "nth": 3, "mode": "hang", "once": True,
            "duration": "10 s", "id": 1, "strikes": 0, "spent": False})
        shown = json.loads(self.passes("vtl", "show", "lib", "V001",
                                       "--json").out)
        self.assertEqual([d["at"] for d in shown["defects"]], [512 * KIB])
        self.assertFalse(shown["barcode_readable"])
        self.vtl("fault", "--remove", "6", "--remove", "2")
        self.assertEqual([f["id"] for f in self.faults()],
                         [1, 3, 4, 5, 7])
        r = self.run_command("vtl", "fault", "lib", "--remove", "6")
        self.assertEqual((r.status, r.err), (
            1, "tapelab: the library has no fault 6: \"tapelab vtl status\" "
            "lists its faults\n"))
        self.vtl("fault", "--clear", "--entry", entries[3])
        self.assertEqual([f["operation"] for f in self.faults()], ["locate"])
        self.assertNotIn("cannot be read", self.vtl("status").out)

    def test_wrong_entry_is_reported_like_in_a_scenario(self):
        self.make(MIB)
        before = self.status()
        for entry, says in (
                ("{fail: drive, operation: wirte, nth: 1}", "--entry:1:26: "
                 'operation: unknown value "wirte"; did you mean "write"?'),
                (WRITE + "nth: 1, drive: 2}", "the library has only 1"),
                (WRITE + "nth: 1, volume: V002}", "no volume \"V002\""),
                ("{fail: write, volume: V001}", 'needs the key "at"'),
                ("{fail: cancel, at: 1 MiB}",
                 "does not store this kind of fault"),
                ("{fail: drive", "not valid YAML"),
                ("[]", "this is a mapping"), ("", "this is a mapping")):
            with self.subTest(entry):
                self.refuses("vtl", "fault", "lib", "--clear", "--entry",
                             WRITE + "nth: 1}", "--entry", entry, says=says)
        self.assertEqual(self.status(), before)


class Behaving(Drives):
    def test_behaviour_can_be_set_for_all_drives_and_for_one(self):
        said = ("{buffered: true, buffer: 4 MiB, early_warning: none, "
                "early_warning_delay: 3, pews: 5 kB, residual: under, "
                "compression: 1080.5..2100.5 %, capacity: 95.5 %, "
                "block_overhead: 7 B, filemark_size: 1 kB, "
                "media_initialization: 40 min, "
                "clean_after_loads: 9}")
        self.passes("vtl", "create", "--volumes", "1", "--behaviour", said,
                    "lib")
        lines = self.vtl("behaviour").out.splitlines()
        self.assertEqual(lines, ["drive:%d (lto8): %s" % (n, said)
                                 for n in range(2)])
        self.behaviour("--drive", "1", "{buffered: false, clean_after_loads: "
                                       "5}")
        drives = self.behaviour()
        self.assertEqual(drives["drive:0"]["buffer"], "4 MiB")
        self.assertNotIn("buffer", drives["drive:1"])
        self.assertEqual(drives["drive:1"]["clean_after_loads"], 5)
        self.assertEqual(drives["drive:1"]["residual"], "under")
        self.behaviour("--drive", "0", "--clear")
        elements = {e["element"]: e for e in self.status()["elements"]}
        self.assertNotIn("behaviour", elements["drive:0"])
        self.assertEqual(elements["drive:1"]["behaviour"],
                         drives["drive:1"])
        self.behaviour("--drive", "1", "{compression: zlib}")
        self.assertEqual(self.behaviour()["drive:1"]["compression"], "zlib")
        self.behaviour("--drive", "1", "{compression: 150 %}")
        self.assertEqual(self.behaviour()["drive:1"]["compression"], "150 %")
        self.behaviour("--clear", "{residual: over}")
        self.assertEqual(self.behaviour(), {"drive:%d" % n: {"residual": "over"}
                                            for n in range(2)})

    def test_dump_is_written_by_drives_with_a_behaviour(self):
        source = data(2 * MIB)
        for behaviour, failed in (("{}", False),
                                  ("{early_warning: none}", True),
                                  ("{residual: over}", True)):
            with self.subTest(behaviour):
                self.make((MIB, 256 * KIB), (MIB, 256 * KIB),
                          (MIB, 256 * KIB), (MIB, 256 * KIB), MIB)
                self.behaviour(behaviour)
                r = self.write("d", source, "--cache", "memory")
                self.assertEqual("attempt 1 failed" in r.err, failed)
                self.same("d", source)
                shutil.rmtree(self.path("lib"))

    def test_wrong_behaviour_is_reported_and_changes_nothing(self):
        self.make(MIB, drives=2)
        self.behaviour("--drive", "0", "{buffered: true}")
        before = self.behaviour()
        for words, says, status in (
                (("{buffered: false, buffer: 1 MiB}",),
                 "do not use it with buffered: false", 2),
                (("{bufferd: true}",), 'did you mean "buffered"?', 2),
                (("true",), "this is a mapping", 2),
                (("--drive", "2", "{}"), "no drive 2", 1),
                (("--drive", "x"), "--drive: ", 2)):
            with self.subTest(words):
                self.refuses("vtl", "behaviour", "lib", *words, says=says,
                             status=status)
        self.assertEqual(self.behaviour(), before)
        self.refuses("vtl", "create", "--behaviour", "{residual: ovr}", "new",
                     says='did you mean "over"?')


if __name__ == "__main__":
    main()
