#!/usr/bin/env python3
"""Media types of a new library, and the drives that can use each type."""
import json
import os
import sqlite3

from command import CommandTest, main


class Media(CommandTest):
    def shown(self, library, barcode):
        return json.loads(self.passes("vtl", "show", library, barcode,
                                      "--json").out)

    def write(self, library, *more):
        return self.run_command("write", "--library", library, "--dump", "d",
                                "--label-blank", "--no-catalogue", *more,
                                stdin=b"x")

    def test_new_volumes_have_a_type_that_the_drives_write(self):
        for models, barcode, capacity in (
                ("lto6", "VTA001L6", 2500), ("LTO-10", "VTA001LA", 30000),
                ("LTO8 HH,IBM Ultrium 7", "VTA001L7", 6000),
                ("ltom8", "VTA001M8", 9000), ("instant", "VTA001L8", 12000)):
            with self.subTest(models):
                made = self.passes("vtl", "create", "--drive-model", models,
                                   "--volumes", "1", "--payload", "none",
                                   models)
                self.assertEqual(made.err, "")
                self.assertEqual(self.shown(models, barcode)
                                 ["capacity_bytes"], capacity * 10 ** 9)
                self.assertEqual(self.write(models).status, 0)

    def test_media_that_no_drive_writes_cause_a_warning(self):
        made = self.run_command("vtl", "create", "--drive-model", "lto6",
                                "--barcode-suffix", "L8", "--volumes", "1",
                                "lib")
        self.assertEqual(made.status, 0)
        self.assertIn("no drive of this library can write its volumes "
                      "(LTO-8)", made.err)

    def test_media_type_overrides_the_barcode(self):
        self.run_command("vtl", "create", "lib", "--volumes", "1",
                         "--media-type", "LTO-6", "--barcode-suffix", "L8")
        self.assertEqual(self.shown("lib", "VTA001L8")["media_type"], "L6")
        self.refuses("vtl", "load", "lib", "VTA001L8", "0", status=1,
                     says="incompatible medium (sense 3/30/00)")
        self.assertIn("(LTO-6 by its media type)",
                      self.write("lib").err)
        # A new import can set another media type.
        self.passes("vtl", "export", "lib", "VTA001L8", "--to", self.dir)
        self.passes("vtl", "import", "lib", self.path("VTA001L8.tape"),
                    "--media-type", "none")
        self.assertEqual(self.shown("lib", "VTA001L8")["media_type"], None)
        self.passes("vtl", "load", "lib", "VTA001L8", "0")
        self.refuses("vtl", "create", "--media-type", "LTO-11", "x",
                     says="unknown type")

    def test_refused_import_keeps_the_media_type(self):
        self.passes("vtl", "create", "lib", "--volumes", "1")
        self.passes("vtl", "export", "lib", "VTA001L8", "--to", self.dir)
        self.refuses("vtl", "import", "lib", "VTA001L8.tape", "--media-type",
                     "L5", "--to", "drive:0", status=1, says="3/30/00")
        self.passes("vtl", "import", "lib", "VTA001L8.tape", "--to",
                    "drive:0")
        self.assertEqual(self.shown("lib", "VTA001L8")["media_type"], "L8")

    def test_incompatible_requested_drive_is_named(self):
        self.run_command("vtl", "create", "lib", "--drive-model", "lto7,lto5",
                         "--barcode-suffix", "L5", "--volumes", "1",
                         "--payload", "none")
        self.assertIn("drive 0 cannot write VTA001L5 (LTO-5 by its barcode): "
                      "it can only read this medium (sense 7/27/00)",
                      self.write("lib", "--drive", "0").err)
        self.assertEqual(self.write("lib").status, 0)

    def test_drive_checks_a_medium_loaded_by_hand(self):
        self.run_command("vtl", "create", "lib", "--drive-model", "lto7",
                         "--barcode-suffix", "L5", "--volumes", "1",
                         "--payload", "none")
        self.passes("vtl", "load", "lib", "VTA001L5", "0")
        self.assertIn("the drive can only read this type of medium (sense 7/27",
                      self.write("lib", "--drive", "0").err)
        self.assertEqual(self.shown("lib", "VTA001L5")["written_bytes"], 0)
        self.passes("vtl", "unload", "lib", "0")
        self.passes("vtl", "export", "lib", "VTA001L5", "--to", self.dir)

        # Neither the robot nor a person can move such a medium to this drive.
        # If another program has put it there, the drive refuses it.
        self.passes("vtl", "create", "new", "--volumes", "1")
        self.refuses("vtl", "import", "new", "VTA001L5.tape", "--to",
                     "drive:0", status=1, says="3/30/00")
        self.passes("vtl", "import", "new", "VTA001L5.tape", "--to", "slot:2")
        with sqlite3.connect(self.path("new", "library.db")) as db:
            db.execute("update cartridges set medium = 'none' where "
                       "barcode = 'VTA001L5'")
        db.close()
        self.passes("vtl", "load", "new", "VTA001L5", "0")
        self.assertIn("incompatible medium: use another drive (sense "
                      "3/30/00)", self.write("new", "--drive", "0").err)
        self.assertEqual(self.shown("new", "VTA001L5")["written_bytes"], 0)



class Wear(CommandTest):
    def worn(self, *arguments):
        out = self.passes("vtl", "wear", "lib", "--json", *arguments).out
        return [(v["barcode"], v["loads"], v["life_loads"], v["wear"])
                for v in json.loads(out)]

    def write(self, dump):
        r = self.run_command("write", "--library", "lib", "--dump", dump,
                             "--volume", "VTA001L8", "--no-catalogue",
                             stdin=b"x")
        self.assertEqual(r.status, 0, r.err)
        return r.err

    def test_loads_of_commands_wear_a_volume(self):
        self.passes("vtl", "create", "lib", "--volumes", "2", "--capacity",
                    "64 MiB")
        self.assertEqual(self.worn(), [("VTA001L8", 0, 20000, "good"),
                                       ("VTA002L8", 0, 20000, "good")])
        self.assertEqual(self.worn("VTA001L8", "--life", "10", "--add-loads",
                                   "8"), [("VTA001L8", 8, 10, "good")])
        self.passes("label", "--library", "lib", "--volume", "VTA001L8")
        self.passes("vtl", "expect", "lib", "volume VTA001L8 loads == 9")
        self.assertEqual(self.passes("vtl", "wear", "lib", "VTA001L8").out,
                         "VTA001L8: 9 of 10 loads, good\n")
        self.assertIn("nearly worn", self.write("d"))
        self.assertIn("volume VTA001L8: the cartridge is worn",
                      self.write("e"))
        shown = json.loads(self.passes("vtl", "show", "lib", "VTA001L8",
                                       "--json").out)
        self.assertGreater(shown["loads"], 10)
        self.assertEqual(shown["life_loads"], 10)
        # The other one was not touched.
        self.assertEqual(self.worn("VTA002L8"),
                         [("VTA002L8", 0, 20000, "good")])

    def test_invalid_wear_is_refused(self):
        self.passes("vtl", "create", "lib", "--volumes", "1")
        for arguments, status, says in (
                (("--life", "0"), 2, "--life"),
                (("--add-loads", "x"), 2, "--add-loads"),
                (("VTA009L8",), 1, "VTA009L8")):
            with self.subTest(arguments):
                self.refuses("vtl", "wear", "lib", *arguments, status=status,
                             says=says)
        os.chmod(self.path("lib", "VTA001L8.tape"), 0o444)
        self.refuses("vtl", "wear", "lib", "--life", "9", status=1,
                     says="write-protected")


if __name__ == "__main__":
    main()
