#!/usr/bin/env python3
"""Defects of volumes in a library: put there, told of, and met."""
from command import main
from command_vtl_test import Library, MIB


class Defects(Library):
    def test_a_defect_of_each_kind_and_place_is_told(self):
        self.create()
        for args, json, line in (
                (["--at", "1 MiB", "--fail", "read", "--tries", "2"],
                 {"at": MIB, "fail": "read", "sense": "3/11/00",
                  "once": False, "recover_after": 2},
                 "at 1 MiB, a read fails (sense 3/11/00), recovered after 2 "
                 "tries"),
                (["--at", "5 B", "--fail", "write", "--sense",
                  "recovered_write"],
                 {"at": 5, "fail": "write", "sense": "1/0C/00",
                  "once": False},
                 "at 5 B, a write is recovered (sense 1/0C/00)"),
                (["--block", "7", "--length", "3", "--fail", "slow",
                  "--times", "10"],
                 {"block": 7, "length": 3, "fail": "slow", "slowdown": 10},
                 "at block 7, 3 blocks long, 10 times as long"),
                (["--file", "2", "--block", "0", "--fail", "corrupt",
                  "--once"],
                 {"file": 2, "block": 0, "fail": "corrupt", "once": True},
                 "at block 0 of file 2, what is written is corrupted once"),
                (["--file", "9", "--block", "1", "--fail", "read",
                  "--one-in", "4", "--sense", "recovered_read"],
                 {"file": 9, "block": 1, "fail": "read", "once": False,
                  "sense": "1/17/01", "one_in": 4},
                 "at block 1 of file 9, a read is recovered (sense 1/17/01), "
                 "one in 4")):
            with self.subTest(line):
                self.vtl("fault", "--volume", "VTA001L8", *args)
                for verb in "show", "dump":
                    self.assertIn(json, self.vtl_json(
                        verb, "VTA001L8")["defects"])
                    self.assertIn("defect: %s\n" % line,
                                  self.vtl(verb, "VTA001L8").out)
        self.vtl("verify")

    def test_the_entry_of_a_scenario_is_the_same_defect(self):
        self.create()
        self.vtl("fault", "--entry", "{fail: slow, volume: VTA001L8, file: 1,"
                 " block: 2, length: 9, slowdown: 4}", "--entry", "{fail: read,"
                 " volume: VTA001L8, at: 1 MiB, recover_after: 2}")
        self.assertEqual(self.vtl_json("show", "VTA001L8")["defects"], [
            {"at": MIB, "fail": "read", "sense": "3/11/00", "once": False,
             "recover_after": 2},
            {"file": 1, "block": 2, "length": 9, "fail": "slow",
             "slowdown": 4}])

    def test_a_defect_that_cannot_be_is_refused(self):
        self.create()
        for args, says in (
                ("--fail read", "give one of --at and --block"),
                ("--fail read --at 1B --block 1", "give one of --at and"),
                ("--fail slow --at 1B", "say how slow it is: --times"),
                ("--fail read --at 1B --times 2", "only of what is slow"),
                ("--fail corrupt --at 1B --sense read_error", "--sense: onl"),
                ("--fail write --at 1B --tries 2", "are of reading"),
                ("--fail slow --at 1B --times 2 --once", "so each time"),
                ("--fail read --block 1 --tries 2 --once", "give one of"),
                ("--fail read --at 1B --length 0", "at least a byte"),
                ("--fail read --block 1 --length 1B", "not a whole number"),
                ("--fail move --how stuck --at 1B", "are of write, read")):
            with self.subTest(args):
                self.fails("fault", "--volume", "VTA001L8", *args.split(),
                           says=says, status=2)
        self.fails("fault", "--fail", "read", "--at", "1B", says="--volume",
                   status=2)
        for args, says in (
                ("--fail read --volume VTA001L8 --at 1B --how stuck", "of mo"),
                ("--fail read --volume VTA001L8 --at 1B --nth 2", "of move"),
                ("--fail move --how stuck --volume VTA001L8", "--volume is"),
                ("--fail barcode --volume VTA001L8 --once", "--once is of"),
                ("--clear --volume VTA001L8", "--volume is of"),
                ("--clear --once", "--once is of")):
            with self.subTest(args):
                self.fails("fault", *args.split(), says=says, status=2)
        self.fails("fault", "--volume", "VTA001L8", "--fail", "read", "--at",
                   "1 TB", says="nothing is ever written there")

    def test_what_was_corrupted_is_found_when_it_is_read(self):
        self.create()
        self.vtl("fault", "--volume", "VTA001L8", "--file", "1", "--block",
                 "2", "--fail", "corrupt")
        self.assertEqual(self.write(b"x" * (4 * MIB)).status, 0)
        r = self.run_command("read", "--library", "lib", "--dump", "d")
        self.assertEqual(r.status, 5)
        self.assertIn("its checksum is", r.err)


if __name__ == "__main__":
    main()
