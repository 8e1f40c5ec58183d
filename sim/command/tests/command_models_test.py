#!/usr/bin/env python3
"""`tapelab drives`, and drive profiles of the user's own."""
import contextlib
import json
import os
import sqlite3
import subprocess

from command import CommandTest, PROGRAM, main


class Models(CommandTest):
    def names(self):
        return [one["name"] for one in
                json.loads(self.passes("drives", "--json").out)]

    def test_each_model_has_a_line(self):
        lines = self.passes("drives").lines
        self.assertEqual([line.split()[0] for line in lines[1:]],
                         self.names())
        line = next(line for line in lines if line.startswith("lto8 "))
        for text in ("LTO-8, full height", "L8 L7 M8", "112..365 MB/s",
                     "1 GiB"):
            self.assertIn(text, line)

    def test_each_profile_is_a_file_that_can_be_used(self):
        for name in self.names()[1:]:
            with self.subTest(name):
                text = self.passes("drives", "show", name).out
                self.file("own.yaml", text)
                self.assertEqual(
                    self.passes("drives", "show", "./own.yaml").out, text)
                self.assertEqual(
                    json.loads(self.passes("drives", "show", name,
                                           "--json").out)["name"], name)

    def test_a_name_without_a_maker_is_ibms(self):
        lines = self.passes("drives", "show", "LTO-5").lines
        self.assertIn("HP's is lto5-hp", lines[0])
        self.assertIn("name: lto5-ibm", lines)
        self.assertIn("name: lto5-hp",
                      self.passes("drives", "show", "HP LTO-5").lines)
        self.assertNotIn("HP", self.passes("drives", "show", "lto8").lines[0])

    def test_bad_usage_exits_with_2(self):
        for args, message in (
                (("show", "lto99"),
                 'no drive model "lto99"; did you mean "lto9"?'),
                (("show",), "show: name a drive model"),
                (("lto8",), 'write "show lto8"'),
                (("show", "lto8", "lto9"), 'unexpected argument "lto9"'),
                (("show", "instant"), "instant has no profile"),
                (("show", "./none.yaml"),
                 "./none.yaml: cannot open the drive profile: No such file")):
            with self.subTest(args):
                r = self.run_command("drives", *args)
                self.assertEqual((r.status, r.out), (2, ""))
                self.assertIn(message, r.err)

    def test_closed_output_does_not_crash(self):
        run = subprocess.Popen([PROGRAM, "drives", "show", "lto8"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        run.stdout.close()
        self.assertIn(run.wait(), (0, 2))
        run.stderr.close()


class OwnProfiles(CommandTest):
    def own(self, old, new, path="own.yaml"):
        text = self.passes("drives", "show", "lto8").out
        self.assertIn(old, text)
        return self.file(path, text.replace(old, new, 1))

    def test_a_scenario_names_a_file_beside_it(self):
        self.own("load: {value: 15 s", "load: {value: 9000 s", "d/own.yaml")
        for model, load in (("own.yaml", ">="), ("./own.yaml", ">="),
                            ("{model: own.yaml}", ">="), ("lto8", "<")):
            with self.subTest(model):
                self.scenario("d/s.yaml", drives=model, expect=[
                    "outcome == DONE", "duration %s 9000 s" % load])
                self.passes("run", "d/s.yaml")

    def test_a_library_keeps_the_profile(self):
        path = self.own("name: lto8", "name: mine")
        self.passes("vtl", "create", "lib", "--drive-model",
                    "./own.yaml,lto8", "--drives", "3")
        os.unlink(path)
        out = self.passes("vtl", "status", "lib").out
        self.assertIn("(mine)", out)
        self.assertIn("(lto8)", out)
        self.file("dump", b"x" * 100000)
        r = self.run_command("write", "--library", "lib", "--label-blank",
                             "--no-catalogue", "--dump", "d",
                             self.path("dump"))
        self.assertEqual(r.status, 0, r.err)

    def test_a_model_that_is_not_known_moves_nothing(self):
        self.passes("vtl", "create", "lib", "--drive-model", "lto8")
        with contextlib.closing(sqlite3.connect(
                self.path("lib", "library.db"))) as db, db:
            db.execute("update elements set model = 'lto99' "
                       "where kind = 'drive'")
        for args in (("status", "lib"), ("load", "lib", "slot:1"),
                     ("load", "lib", "slot:1", "drive:0"),
                     ("move", "lib", "slot:1", "slot:24")):
            with self.subTest(args):
                r = self.run_command("vtl", *args)
                self.assertEqual((r.status, r.out), (1, ""))
                self.assertIn("does not know: lto99", r.err)
                self.assertNotIn("no free drive", r.err)

    def test_media_follow_from_the_profile(self):
        text = self.passes("drives", "show", "lto7").out
        self.file("own.yaml", text.replace("name: lto7", "name: mine"))
        for medium, status in (("L7", 0), ("L5", 0), ("L8", 1)):
            with self.subTest(medium):
                lib = "lib" + medium
                self.run_command("vtl", "create", lib, "--drive-model",
                                 "own.yaml", "--barcode-suffix", medium)
                r = self.run_command("vtl", "load", lib, "slot:1", "drive:0")
                self.assertEqual(r.status, status, r.err)
        self.assertIn("incompatible medium", r.err)

    def test_a_bad_profile_for_a_library_is_refused(self):
        self.own("wraps: {value: 208", "wraps: {value: 0")
        self.refuses("vtl", "create", "lib", "--drive-model", "own.yaml",
                     says=("own.yaml:", "wraps: ",
                           "--drive-model: invalid profile"))
        self.assertFalse(os.path.exists(self.path("lib")))

    def test_a_bad_profile_is_refused_with_its_place(self):
        self.own("size: {value: 1 GiB", "size: {value: 0")
        self.scenario("s.yaml", drives="own.yaml")
        r = self.run_command("check", "s.yaml")
        self.assertEqual(r.status, 2)
        self.assertIn("s.yaml:3:12: drives: own.yaml:", r.err)
        self.assertIn("size: too small; at least 1 B", r.err)
        self.file("own.yaml", "")
        r = self.run_command("check", "s.yaml")
        self.assertEqual(r.status, 2)
        self.assertIn("own.yaml:1:1: the file is empty", r.err)
        self.assertNotIn("a scenario", r.err)
        self.scenario("s.yaml", drives="none.yaml")
        r = self.run_command("check", "s.yaml")
        self.assertEqual(r.status, 2)
        self.assertIn("none.yaml: cannot open the drive profile", r.err)

    def test_a_drive_that_takes_no_block_of_the_usual_size_is_refused(self):
        self.own("block_max: {value: 8 MiB", "block_max: {value: 64 KiB")
        text = "title: t\nlibrary: {drives: [own.yaml], " \
            "volumes: {capacity: 1 GB}}\ndump: {size: 1 MB}\n"
        for splitter, status in (
                ("", 2), ("splitter: {part: 1 MB}\n", 2),
                ("splitter: {block: 128 KiB}\n", 2),
                ("splitter: {block: 64 KiB}\n", 0)):
            with self.subTest(splitter):
                self.file("s.yaml", text + splitter)
                r = self.run_command("check", "s.yaml")
                self.assertEqual(r.status, status, r.err)
                self.assertEqual("64 KiB" in r.err, status == 2, r.err)


if __name__ == "__main__":
    main()
