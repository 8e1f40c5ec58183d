#!/usr/bin/env python3
"""Add and list defects of volumes in a library, and write over them."""
from command import main
from command_vtl_test import Library, MIB


class Defects(Library):
    def holds(self, *expressions):
        self.assertEqual(self.vtl("expect", *expressions).out, "")

    def entry(self, text):
        return "--entry", "{volume: VTA001L8, %s}" % text

    def test_each_kind_and_place_of_a_defect_is_listed(self):
        self.create()
        for entry, json, line in (
                ("at: 1 MiB, fail: read, recover_after: 2",
                 {"at": MIB, "fail": "read", "sense": "3/11/00",
                  "once": False, "recover_after": 2},
                 "at 1 MiB, a read fails (sense 3/11/00), recovered after 2 "
                 "tries"),
                ("at: 5 B, fail: write, sense: recovered_write",
                 {"at": 5, "fail": "write", "sense": "1/0C/00",
                  "once": False},
                 "at 5 B, a write is recovered (sense 1/0C/00)"),
                ("block: 7, length: 3, fail: slow, slowdown: 10",
                 {"block": 7, "length": 3, "fail": "slow", "slowdown": 10},
                 "at block 7, 3 blocks long, 10 times slower"),
                ("file: 2, block: 0, fail: corrupt, once: true",
                 {"file": 2, "block": 0, "fail": "corrupt", "once": True},
                 "at block 0 of file 2, written data is corrupted once"),
                ("file: 9, block: 1, fail: read, one_in: 4, "
                 "sense: recovered_read",
                 {"file": 9, "block": 1, "fail": "read", "once": False,
                  "sense": "1/17/01", "one_in": 4},
                 "at block 1 of file 9, a read is recovered (sense 1/17/01), "
                 "one in 4")):
            with self.subTest(line):
                self.vtl("fault", *self.entry(entry))
                for verb in "show", "files":
                    self.assertIn(json, self.vtl_json(
                        verb, "VTA001L8")["defects"])
                    self.assertIn("defect: %s\n" % line,
                                  self.vtl(verb, "VTA001L8").out)
        self.vtl("verify")

    def test_several_entries_are_added_by_one_command(self):
        self.create()
        self.vtl("fault", *self.entry("fail: slow, file: 1, block: 2, "
                                      "length: 9, slowdown: 4"),
                 *self.entry("fail: read, at: 1 MiB, recover_after: 2"))
        self.assertEqual(self.vtl_json("show", "VTA001L8")["defects"], [
            {"at": MIB, "fail": "read", "sense": "3/11/00", "once": False,
             "recover_after": 2},
            {"file": 1, "block": 2, "length": 9, "fail": "slow",
             "slowdown": 4}])

    def test_impossible_defects_are_refused(self):
        self.create()
        for entry, says in (
                ("fail: read", 'needs the key "at" or "block"'),
                ("fail: read, at: 1 B, block: 1", "takes only one of the keys"),
                ("fail: slow, at: 1 B", 'needs the key "slowdown"'),
                ("fail: read, at: 1 B, slowdown: 2", 'unknown key "slowdown"'),
                ("fail: corrupt, at: 1 B, sense: read_error",
                 'unknown key "sense"'),
                ("fail: write, at: 1 B, recover_after: 2",
                 'unknown key "recover_after"'),
                ("fail: slow, at: 1 B, slowdown: 2, once: true",
                 'unknown key "once"'),
                ("fail: read, block: 1, recover_after: 2, once: true",
                 'takes only one of the keys "once"'),
                ("fail: read, at: 1 B, length: 0", "at least 1 B"),
                ("fail: read, block: 1, length: 1 B",
                 "not a whole number"),
                ("fail: move, mode: stuck, nth: 1", 'unknown key "volume"'),
                ("fail: barcode, once: true", 'unknown key "once"')):
            with self.subTest(entry):
                self.fails("fault", *self.entry(entry), says=says, status=2)
        self.fails("fault", "--entry", "{fail: read, at: 1 B}",
                   says='needs the key "volume"', status=2)
        self.fails("fault", *self.entry("fail: read, at: 1 TB"),
                   says="VTA001L8 has a capacity of")

    def test_one_bad_entry_keeps_all_from_being_added(self):
        self.create()
        self.fails("fault", *self.entry("fail: read, at: 1 B"),
                   *self.entry("fail: read"), says="needs the key", status=2)
        self.assertEqual(self.vtl_json("show", "VTA001L8")["defects"], [])

    def test_strikes_of_a_defect_are_counted_and_listed(self):
        self.create()
        self.vtl("fault", *self.entry("fail: slow, block: 1, length: 90, "
                                      "slowdown: 4"),
                 *self.entry("fail: write, at: 1 MiB, once: true, "
                             "sense: recovered_write"),
                 *self.entry("fail: read, at: 60 MiB"))
        self.holds("fault 1 struck == 0", "fault 2 spent == no",
                   "fault 3 struck == 0")
        self.assertEqual(self.write(b"x" * (4 * MIB)).status, 0)
        self.holds("fault 1 struck > 3", "fault 2 struck",
                   "fault 2 struck == 1", "fault 2 spent", "fault 3 struck "
                   "== 0")
        out = self.vtl("status").out
        self.assertRegex(
            out, r"(?m)^fault 1: \{fail: slow, volume: VTA001L8, block: 1, "
            r"length: 90, slowdown: 4\}, struck [0-9]+ times$")
        self.assertIn("fault 2: {fail: write, volume: VTA001L8, at: 1 MiB, "
                      "sense: 1/0C/00, once: true}, spent\n", out)
        listed = self.vtl_json("status")["faults"][1]
        self.assertEqual(listed, {
            "fail": "write", "volume": "VTA001L8", "at": "1 MiB",
            "sense": "1/0C/00", "once": True, "id": 2, "strikes": 1,
            "spent": True})

    def test_a_defect_is_removed_by_its_number(self):
        self.create()
        entries = [self.entry("fail: read, at: %s MiB" % at)
                   for at in (1, 2, 3)]
        self.vtl("fault", *sum(entries, ()))
        self.vtl("fault", "--remove", "2")
        self.assertEqual([d["at"] for d in self.vtl_json(
            "show", "VTA001L8")["defects"]], [MIB, 3 * MIB])
        self.assertEqual([f["id"] for f in self.vtl_json("status")["faults"]],
                         [1, 3])
        self.fails("fault", "--remove", "2", says="has no fault 2")
        self.vtl("fault", "--clear")
        self.assertEqual(self.vtl_json("show", "VTA001L8")["defects"], [])
        self.assertEqual(self.vtl_json("status")["faults"], [])
        # A volume that has left the library has no defect to remove.
        self.vtl("fault", *entries[0])
        self.vtl("export", "VTA001L8", "--to", ".")
        self.vtl("fault", "--remove", "4")
        self.assertEqual(self.vtl_json("status")["faults"], [])

    def test_corrupted_block_is_detected_when_read(self):
        self.create()
        self.vtl("fault", *self.entry("file: 1, block: 2, fail: corrupt"))
        self.assertEqual(self.write(b"x" * (4 * MIB)).status, 0)
        r = self.run_command("read", "--library", "lib", "--dump", "d")
        self.assertEqual(r.status, 5)
        self.assertIn("its checksum is", r.err)


if __name__ == "__main__":
    main()
