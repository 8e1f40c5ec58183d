#!/usr/bin/env python3
"""`tapelab vtl` shows the partitions of a medium."""
import contextlib
import json
import sqlite3

from command import CommandTest, main

MIB = 1 << 20


class Partitions(CommandTest):
    """A volume with two partitions, as a FORMAT MEDIUM makes them."""

    def setUp(self):
        super().setUp()
        self.passes("vtl", "create", "--volumes", "1", "--capacity", "64 MiB",
                    "--payload", "none", "lib")
        self.barcode = json.loads(
            self.passes("vtl", "list", "lib", "--json").out)[0]["barcode"]
        self.sql("insert into partitions values (0, %d, %d), (1, %d, 0)" %
                 (60 * MIB, MIB, 4 * MIB))
        row = "insert into objects (first, count, block_bytes, last_bytes," \
            " at_byte, file, dump_id, offset) values (%d, %d, %d, %d, %d, %d," \
            " 0, 0)"
        self.sql(row % (0, 3, 512, 512, 0, 0))
        self.sql(row % (3, 1, 0, 0, 1536, 0))
        self.sql(row % (1 << 60, 2, MIB, 7, 0, 1 << 32))
        self.sql("insert into defects (at_byte, sense_key, sense_asc,"
                 " partition) values (4096, 3, 12, 1)")

    def sql(self, text):
        path = self.path("lib", self.barcode + ".tape")
        with contextlib.closing(sqlite3.connect(path)) as db, db:
            return db.execute(text).fetchall()

    def vtl(self, verb, *args):
        return self.passes("vtl", verb, "lib", *args).out

    def vtl_json(self, verb, *args):
        return json.loads(self.vtl(verb, *args, "--json"))

    def test_list_adds_the_partitions(self):
        found, = self.vtl_json("list")
        self.assertEqual(found["capacity_bytes"], 64 * MIB)
        self.assertEqual(found["written_bytes"], 1536 + MIB + 7)
        self.assertEqual(found["files"], 2)
        self.assertTrue(found["unfinished"])
        self.assertEqual(
            [[p[k] for k in ("partition", "capacity_bytes", "written_bytes",
                             "files", "unfinished")]
             for p in found["partitions"]],
            [[0, 60 * MIB, 1536, 1, False], [1, 4 * MIB, MIB + 7, 1, True]])

    def test_show_prints_each_partition(self):
        out = self.vtl("show", self.barcode)
        self.assertIn("partition 0: capacity 60 MiB, written 1536 B, 1 file\n",
                      out)
        self.assertIn("partition 1: capacity 4 MiB, written 1048583 B,"
                      " 1 file\n", out)
        self.assertIn("defect: at 4 KiB of partition 1, a write fails"
                      " (sense 3/0C/00)\n", out)

    def test_files_are_those_of_each_partition(self):
        self.assertEqual(
            self.vtl("files", self.barcode),
            "partition 0:\n"
            "file 0: 3 blocks, 1536 bytes\n"
            "partition 1:\n"
            "file 0: 2 blocks, 1048583 bytes, no filemark after it\n"
            "defect: at 4 KiB of partition 1, a write fails"
            " (sense 3/0C/00)\n")
        found = self.vtl_json("files", self.barcode)
        self.assertEqual(
            [[f["partition"], f["file"], f["bytes"]] for f in found["files"]],
            [[0, 0, 1536], [1, 0, MIB + 7]])
        self.assertEqual(found["defects"][0]["partition"], 1)

    def test_fault_names_the_partition(self):
        entry = "{fail: read, volume: %s, at: 1 KiB, partition: %%s}" % \
            self.barcode
        self.passes("vtl", "fault", "lib", "--entry", entry % 1)
        self.assertIn("defect: at 1 KiB of partition 1, a read fails",
                      self.vtl("show", self.barcode))
        self.refuses("vtl", "fault", "lib", "--entry", entry % 4,
                     says="partition", status=2)
        # Each partition has a capacity of its own.
        self.refuses("vtl", "fault", "lib", "--entry",
                     entry.replace("1 KiB", "5 MiB") % 1,
                     says="its byte must be below the capacity", status=1)

    def test_verify_checks_each_partition(self):
        self.assertIn("good, 5 blocks, 1 filemarks, 1050119 bytes",
                      self.vtl("verify"))
        self.sql("update objects set at_byte = 1 where first = 1 << 60")
        done = self.run_command("vtl", "verify", "lib")
        self.assertEqual(done.status, 1)
        self.assertIn("object 0, file 0, byte 1 is where object 0, file 0,"
                      " byte 0 should be (partition 1)", done.out)

    def test_views_name_the_partition(self):
        self.assertEqual(
            self.sql("select partition, capacity_bytes, used_bytes, free_bytes,"
                     " blocks, filemarks from state order by partition"),
            [(0, 60 * MIB, 1536, 59 * MIB - 1536, 3, 1),
             (1, 4 * MIB, MIB + 7, 3 * MIB - 7, 2, 0)])
        self.assertEqual(
            self.sql("select partition, file, first, blocks, finished"
                     " from files"),
            [(0, 0, 0, 3, 1), (1, 0, 1 << 60, 2, None)])
        self.assertEqual(self.sql("select partition, at_byte, file from spots"),
                         [(1, 4096, 0)])


if __name__ == "__main__":
    main()
