#!/usr/bin/env python3
"""`tapelab mtx` operates a library as mtx operates a changer."""
import os
import re
import subprocess
import unittest

from command import CommandTest, PROGRAM, main

STATUS = """\
  Storage Changer lib:2 Drives, 5 Slots ( 2 Import/Export )
Data Transfer Element 0:Empty
Data Transfer Element 1:Full (Storage Element 2 Loaded):VolumeTag = VTA002L8
      Storage Element 1:Full :VolumeTag=VTA001L8
      Storage Element 2:Empty
      Storage Element 3:Empty
      Storage Element 4 IMPORT/EXPORT:Empty
      Storage Element 5 IMPORT/EXPORT:Full :VolumeTag=VTA003L8
"""


class Mtx(CommandTest):
    def setUp(self):
        super().setUp()
        self.passes("vtl", "create", "--volumes", "3", "--slots", "3",
                    "--ie-slots", "2", "--capacity", "16 MiB", "lib")

    def mtx(self, *args, **popen):
        return self.passes("mtx", "-f", "lib", *args, **popen)

    def fails(self, *args, says, status=1):
        r = self.run_command("mtx", "-f", "lib", *args)
        self.assertEqual(r.status, status, r.out)
        self.assertIn(says, r.err)

    def loaded(self, drive=0):
        """Return the slot from which the drive was loaded, or None."""
        found = re.search(r"Element %d:Full \(Storage Element (\d+) Loaded"
                          % drive, self.mtx("status").out)
        return found and int(found.group(1))

    def test_status_has_the_format_of_mtx(self):
        self.mtx("load", "2", "1")
        self.mtx("transfer", "3", "5")
        self.assertEqual(self.mtx("status").out, STATUS)
        self.assertEqual(self.mtx("nobarcode", "status").out,
                         re.sub(r":VolumeTag ?= ?\w+", "", STATUS))
        self.assertEqual(self.mtx("noattach", "inventory").out, "")
        self.assertIn("Product Type: Medium Changer",
                      self.mtx("inquiry").out)

    def test_patterns_of_changer_scripts_match(self):
        self.mtx("load", "2")
        lines = self.mtx("status").lines
        # Such scripts address the words of a line by number.
        full = [line.split() for line in lines
                if re.match(r" *Storage Element [0-9]*:.*Full", line)]
        self.assertEqual([w[2].split(":")[0] for w in full], ["1", "3"])
        drive, = [line for line in lines
                  if line.startswith("Data Transfer Element 0:Full")]
        self.assertEqual(drive.split()[6], "2")

    def test_load_and_unload_print_the_messages_of_mtx(self):
        self.assertEqual(
            self.mtx("load", "2").out,
            "Loading media from Storage Element 2 into drive 0...done\n")
        self.assertEqual(
            self.mtx("unload").out,
            "Unloading drive 0 into Storage Element 2...done\n")
        self.mtx("load", "3", "1")
        self.assertEqual(
            self.mtx("unload", "4", "1").out,
            "Unloading drive 1 into Storage Element 4...done\n")

    def test_impossible_commands_are_reported(self):
        self.mtx("load", "2", "0")
        for words, says in (
                (("load", "1", "0"), "Drive 0 Full (Storage Element 2 load"),
                (("load", "2", "1"), "slot 2 is empty"),
                (("unload", "1", "0"), "slot 1 is full"),
                (("unload", "2", "1"), "Data Transfer Element 1 is Empty"),
                (("load", "6"), "there is no Storage Element 6"),
                (("load", "0"), "there is no Storage Element 0"),
                (("load", "1", "2"), "there is no Data Transfer Element 2"),
                (("transfer", "1", "3"), "slot 3 is full")):
            with self.subTest(words):
                self.fails(*words, says=says)
        for words in (("load",), ("load", "1", "0", "3"), ("fly",), (),
                      ("load", "x"), ("transfer", "1")):
            with self.subTest(words):
                self.fails(*words, says="", status=2)
        self.assertEqual(self.run_command("mtx", "status").status, 2)
        self.assertIn("usage: tapelab mtx", self.passes("mtx", "--help").out)

    def test_commands_run_up_to_the_first_that_fails(self):
        # Expected: "load 1 0 unload 1 0" moves there and back, as in mtx.
        # Bug: the command was refused, since load took all following words.
        self.assertEqual(
            self.mtx("load", "1", "0", "unload", "1", "0").lines, [
                "Loading media from Storage Element 1 into drive 0...done",
                "Unloading drive 0 into Storage Element 1...done"])
        self.assertIn("Element 1:Full (Storage Element 2 Loaded)", self.mtx(
            "load", "2", "1", "status").out)
        self.fails("unload", "2", "1", "load", "9", "load", "3", "1",
                   says="there is no Storage Element 9")
        self.assertEqual((self.loaded(0), self.loaded(1)), (None, None))
        self.assertEqual(self.mtx("first", "next").lines[-1],
                         "Loading media from Storage Element 2 into drive "
                         "0...done")

    def test_wrong_command_line_moves_nothing(self):
        for words in (("load", "1", "0", "fly"), ("load", "1", "0", "load"),
                      ("load", "1", "0", "transfer", "1"),
                      ("load", "1", "0", "unload", "x"),
                      ("load", "1", "0", "7")):
            with self.subTest(words):
                self.fails(*words, says="mtx: ", status=2)
                self.assertIsNone(self.loaded())

    def test_first_next_previous_last(self):
        self.mtx("transfer", "2", "4")
        for command, slot in (("first", 1), ("next", 3), ("previous", 1),
                              ("last", 3), ("first", 1), ("last", 3)):
            self.mtx(command)
            self.assertEqual(self.loaded(), slot, command)
        self.fails("next", says="no further cartridge")
        self.assertEqual(self.loaded(), 3)
        self.mtx("next", "1")
        self.assertEqual(self.loaded(1), 1)

    def test_first_keeps_a_cartridge_that_is_loaded_already(self):
        for command, slot in (("first", 1), ("last", 3)):
            self.mtx(command)
            self.assertEqual(self.mtx(command).out, "")
            self.assertEqual(self.loaded(), slot)
        # The same holds if the library has only one cartridge.
        self.mtx("transfer", "1", "4", "transfer", "2", "5")
        self.assertEqual(self.mtx("first", "last").out, "")
        self.assertEqual(self.loaded(), 3)

    def test_cartridge_without_a_source_slot_goes_to_the_named_slot(self):
        # Bug: the message was "into Storage Element 0".
        for barcode in ("VTA002L8", "VTA003L8"):
            self.passes("vtl", "export", "lib", barcode, "--to", self.dir)
        self.passes("vtl", "import", "lib", self.path("VTA003L8.tape"),
                    "--to", "drive:0")
        self.fails("load", "1", says="Drive 0 Full (Unknown Storage Element")
        self.assertEqual(
            self.mtx("unload").out,
            "Unloading drive 0 into Storage Element 2...done\n")
        self.mtx("load", "2")
        self.assertEqual(self.loaded(), 2)

    def test_cartridge_without_a_source_slot_stays_if_all_slots_are_full(self):
        self.passes("vtl", "export", "lib", "VTA003L8", "--to", self.dir)
        self.passes("vtl", "import", "lib", self.path("VTA003L8.tape"),
                    "--to", "drive:0")
        self.passes("vtl", "import", "lib", "--cleaning", "CLN001CU", "--to",
                    "slot:3")
        self.fails("unload", says="every slot is full")
        self.assertEqual(
            self.mtx("unload", "4").out,
            "Unloading drive 0 into Storage Element 4...done\n")

    def test_link_named_mtx_uses_the_variable_changer(self):
        link = self.path("mtx")
        os.symlink(PROGRAM, link)
        for words in (("load", "2"), ("-f", "lib", "status")):
            done = subprocess.run(
                [link, *words], cwd=self.dir, stdout=subprocess.PIPE,
                env=self.environment({"CHANGER": "lib" if "-f" not in words
                                      else "none"}), check=True)
        self.assertIn(b"Element 0:Full (Storage Element 2 Loaded)",
                      done.stdout)

    def test_loaded_volume_is_written_by_another_process(self):
        self.mtx("load", "3", "1")
        r = self.run_command("write", "--library", "lib", "--dump", "d",
                             "--drive", "1", "--label-blank",
                             "--no-catalogue", stdin=b"x" * 100000)
        self.assertEqual(r.status, 0, r.err)
        self.assertEqual(self.loaded(1), 3)
        self.mtx("unload", "3", "1")
        self.assertEqual(self.passes("read", "--library", "lib", "--dump",
                                     "d").out, "x" * 100000)


if __name__ == "__main__":
    main()
