#!/usr/bin/env python3
"""`tapelab vtl` makes, lists and changes libraries, and injects faults."""
import json
import os
import signal
import sqlite3

from command import CommandTest, main

MIB = 1 << 20


class Library(CommandTest):
    """A test with a library of two drives, and shortcuts for commands."""

    def create(self, *options, name="lib"):
        self.passes("vtl", "create", "--volumes", "4", "--slots", "6",
                    "--ie-slots", "2", "--capacity", "64 MiB", *options, name)

    def vtl(self, verb, *args, **popen):
        return self.passes("vtl", verb, "lib", *args, **popen)

    def vtl_json(self, verb, *args):
        return json.loads(self.vtl(verb, *args, "--json").out)

    def fails(self, verb, *args, says, status=1):
        return self.refuses("vtl", verb, "lib", *args, says=says,
                            status=status)

    def where(self):
        """Return the element of each barcode."""
        return {e["barcode"]: e["element"]
                for e in self.vtl_json("status")["elements"] if e["full"]}

    def drive(self, number):
        return [e for e in self.vtl_json("status")["elements"]
                if e["element"] == "drive:%d" % number][0]

    writing = ("write", "--library", "lib", "--label-blank", "--no-catalogue")

    reading = ("read", "--library", "lib")

    def write(self, data, *options, dump="d", **popen):
        return self.run_command(*self.writing, "--dump", dump, *options,
                                stdin=data, **popen)

    def holding(self, volume):
        """Start a writer that has loaded a volume and waits for data."""
        process = self.start(*self.writing, "--dump", "held", "--buffer",
                             "1 MiB", "--volume", volume)
        self.addCleanup(self.end, process)
        process.stdin.write(bytes(4 * MIB))
        process.stdin.flush()
        while self.where()[volume] != "drive:0":
            self.assertIsNone(process.poll())
        return process

    @staticmethod
    def end(process):
        process.kill()
        process.communicate()


class Creating(Library):
    def test_defaults_make_a_common_library(self):
        self.passes("vtl", "create", "lib")
        state = self.vtl_json("status")
        kinds = [e["element"].split(":")[0] for e in state["elements"]]
        self.assertEqual([kinds.count(k) for k in
                          ("robot", "ie", "drive", "slot")], [1, 4, 2, 24])
        self.assertEqual(state["move_ns"], 8 * 10 ** 9)
        self.assertEqual(self.drive(1)["model"], "lto8")
        rows = self.vtl_json("list")
        self.assertEqual(len(rows), 20)
        self.assertEqual((rows[0]["barcode"], rows[19]["barcode"]),
                         ("VTA001L8", "VTA020L8"))
        self.assertEqual(rows[0]["capacity_bytes"], 12 * 10 ** 12)
        self.assertEqual(rows[0]["early_warning_bytes"], 25 * MIB)
        self.assertEqual(rows[0]["payload"], "raw")

    def test_options_of_create_take_effect(self):
        self.passes("vtl", "create", "--drives", "3", "--drive-model",
                    "lto7,lto9", "--slots", "1200", "--ie-slots", "0",
                    "--volumes", "1001", "--cleaning", "2", "--capacity",
                    "1 GiB", "--early-warning", "none", "--payload", "none",
                    "--barcode-prefix", "X", "--barcode-suffix", "",
                    "--move-time", "3.5 s", "lib")
        state = self.vtl_json("status")
        self.assertEqual(state["move_ns"], 35 * 10 ** 8)
        self.assertEqual([self.drive(n)["model"] for n in range(3)],
                         ["lto7", "lto9", "lto9"])
        where = self.where()
        self.assertEqual((where["X0001"], where["X1001"],
                          where["CLN001CU"], where["CLN002CU"]),
                         ("slot:1", "slot:1001", "slot:1002", "slot:1003"))
        shown = self.vtl_json("show", "X0001")
        self.assertEqual((shown["capacity_bytes"], shown["payload"],
                          shown["early_warning_bytes"]),
                         (1 << 30, "none", None))

    def test_payload_option_is_stored_in_the_volumes(self):
        for payload in ("none", "raw", "zlib"):
            self.create("--payload", payload, name=payload)
            shown = json.loads(self.passes(
                "vtl", "show", payload, "VTA001L8", "--json").out)
            self.assertEqual(shown["payload"], payload)

    def test_library_db_has_the_permissions_of_other_files(self):
        self.create()
        mode = os.stat(self.path("lib", "library.db")).st_mode & 0o777
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(mode, 0o666 & ~mask)
        self.assertEqual(sorted(os.listdir(self.path("lib"))),
                         ["VTA%03dL8.tape" % n for n in range(1, 5)] +
                         ["library.db", "library.lock"])

    def test_existing_library_is_not_overwritten(self):
        self.create()
        before = os.listdir(self.path("lib"))
        self.refuses("vtl", "create", "lib", says="has a library already")
        self.file("other/VTA002L8.tape", "mine")
        self.refuses("vtl", "create", "other", says="VTA002L8.tape")
        self.assertEqual(os.listdir(self.path("other")), ["VTA002L8.tape"])
        self.assertEqual(os.listdir(self.path("lib")), before)

    def test_bad_usage(self):
        for words, says in (
                ((), "name the library"),
                (("lib", "more"), 'unexpected argument "more"'),
                (("--drives", "0", "lib"), "--drives: "),
                (("--drives", "999", "lib"), "from 1 to 250"),
                (("--drive-model", "lt08", "lib"), 'did you mean "lto8"?'),
                (("--drive-model", "lto8" + " " * 60 + "lto7", "lib"),
                 'no drive model "lto8 '),
                (("--drives", "1", "--drive-model", "lto8,lto7", "lib"),
                 "--drive-model: 2 models for 1 drives"),
                (("--slots", "3", "lib"), "20 cartridges do not fit"),
                (("--capacity", "12", "lib"), "--capacity: a size needs a"),
                (("--capacity", "0", "lib"), "must be more than 0"),
                (("--early-warning", "12 TB", "lib"), "less than the capac"),
                (("--payload", "zip", "lib"), 'did you mean "zlib"?'),
                (("--barcode-prefix", "A B", "lib"), "a barcode is"),
                (("--barcode-prefix", "A" * 40, "lib"), "32 characters"),
                (("a/b/lib",), "cannot make folder")):
            with self.subTest(words):
                self.refuses("vtl", "create", *words, says=says)
        self.refuses("vtl", says="usage: tapelab vtl COMMAND")
        self.refuses("vtl", "fly", says='unknown command "fly"')

    def test_move_time_has_a_maximum(self):
        self.create("--move-time", "10000 h")
        self.vtl("status")
        self.refuses("vtl", "create", "--move-time", "10001 h", "other",
                     says="at most 10000 h")

    def test_folder_without_a_library_is_reported(self):
        self.refuses("vtl", "status", "nothing", says="is no library")
        os.mkdir(self.path("empty"))
        self.refuses("vtl", "status", "empty", says="no library.db in it")
        self.file("text/library.db", "no database\n" * 100)
        self.refuses("vtl", "status", "text", says="not a library of tapelab")
        os.mkdir(self.path("other"))
        sqlite3.connect(self.path("other", "library.db")).execute(
            "create table t (a)").connection.close()
        self.refuses("vtl", "status", "other", says="not a library of tapel")
        self.create()
        db = sqlite3.connect(self.path("lib", "library.db"))
        db.execute("pragma user_version = 9")
        db.close()
        self.fails("load", "1", says="made by a newer tapelab", status=2)


class Carrying(Library):
    def test_cartridge_is_loaded_and_unloaded(self):
        self.create()
        self.assertEqual(self.vtl("load", "VTA002L8").out,
                         "VTA002L8: slot:2 -> drive:0\n")
        self.assertEqual(self.vtl("load", "1").out,
                         "VTA001L8: slot:1 -> drive:1\n")
        self.fails("load", "3", says="no free drive")
        self.fails("load", "3", "1", says="drive 1 is full: it holds VTA001L8")
        self.assertTrue(self.drive(0)["by_hand"])
        self.assertEqual(self.vtl("unload", "VTA002L8").out,
                         "VTA002L8: drive:0 -> slot:2\n")
        self.assertEqual(self.vtl("unload", "1", "6").out,
                         "VTA001L8: drive:1 -> slot:6\n")
        self.fails("unload", "1", says="drive 1 is empty")

    def test_unload_uses_another_slot_if_the_source_is_full(self):
        self.create()
        self.vtl("load", "1")
        self.vtl("move", "slot:2", "slot:1")
        self.assertEqual(self.vtl("unload", "0").out,
                         "VTA001L8: drive:0 -> slot:2\n")

    def test_elements_can_be_named_in_all_ways(self):
        self.create()
        self.vtl("move", "VTA001L8", "ie:2")
        self.vtl("move", "ie:2", "drive:1")
        self.assertEqual(self.where()["VTA001L8"], "drive:1")
        self.assertEqual(self.vtl_json("unload", "1"), {
            "barcode": "VTA001L8", "from": "drive:1", "to": "ie:2"})
        for words, says in ((("slot:9", "ie:1"), "no such element"),
                            (("slot:2", "shelf:1"),
                              'invalid element "shelf:1"'),
                            (("slot:0", "ie:1"), "slot: "),
                            (("NOBODY", "ie:1"), "no cartridge NOBODY"),
                            (("slot:1", "ie:1"), "slot 1 is empty"),
                            (("slot:2", "slot:3"), "slot 3 is full"),
                            (("slot:2", "slot:2"), "slot 2 is full")):
            with self.subTest(words):
                self.fails("move", *words, says=says)
        self.fails("unload", "VTA002L8", says="is not in a drive")
        self.fails("move", "slot:2", says="name two elements", status=2)

    def test_medium_that_no_drive_can_use_is_reported(self):
        self.run_command("vtl", "create", "lib", "--drive-model", "lto7,lto8",
                         "--volumes", "4", "--barcode-suffix", "L8")
        self.fails("load", "1", "0", says="incompatible medium (sense 3/30/0")
        self.assertEqual(self.vtl("load", "1").out,
                         "VTA001L8: slot:1 -> drive:1\n")

    def test_cleaning_cartridge_cleans_until_worn_out(self):
        self.create("--cleaning", "1")
        self.vtl("load", "CLN001CU", "1")
        self.assertEqual(self.drive(1)["cleanings"], 1)
        self.assertIn("cleaning cartridge", self.write(
            b"x", "--drive", "1", "--volume", "CLN001CU").err)
        self.vtl("unload", "1")
        db = sqlite3.connect(self.path("lib", "library.db"))
        with db:
            db.execute("update cartridges set uses = 50 where file is null")
        db.close()
        self.fails("load", "CLN001CU", says="worn out")
        rows = {r["barcode"]: r for r in self.vtl_json("list")}
        self.assertTrue(rows["CLN001CU"]["cleaning"])
        self.assertEqual(self.write(b"x" * MIB).status, 0)

    def test_exported_volume_can_be_imported_again(self):
        self.create()
        self.assertEqual(self.write(b"x" * MIB).status, 0)
        self.vtl("export", "VTA001L8", "VTA002L8")
        self.fails("export", "VTA003L8", says="every import/export slot is")
        self.assertEqual(self.where()["VTA002L8"], "ie:2")
        self.vtl("export", "VTA001L8", "--to", self.dir)
        self.assertNotIn("VTA001L8", self.where())
        self.assertFalse(os.path.exists(self.path("lib", "VTA001L8.tape")))
        os.rename(self.path("VTA001L8.tape"), self.path("any name"))
        self.vtl("import", "any name")
        self.assertEqual(self.where()["VTA001L8"], "ie:1")
        self.vtl("move", "ie:1", "slot:1")
        r = self.run_command(*self.reading, "--dump", "d")
        self.assertEqual((r.status, r.out), (0, "x" * MIB))
        self.assertIn("VTA002L8 was not scanned: it is in import", r.err)
        self.vtl("import", "--to", "slot:5", "--cleaning", "CLN007CU")
        self.assertEqual(self.where()["CLN007CU"], "slot:5")

    def test_refused_import_leaves_the_file_in_place(self):
        self.create()
        self.create(name="second")
        twin = self.path("second", "VTA001L8.tape")
        self.fails("import", twin, says="already")
        self.assertTrue(os.path.exists(twin))
        self.file("text", "no volume" * 1000)
        self.fails("import", "text", says="is not a volume")
        self.fails("import", "gone", says="no such file")
        self.fails("import", "--cleaning", "ABC", says="begins with CLN")
        # An import must accept only what can be opened later.
        for barcode in "CLN\n", "CLN" + "0" * 30, "CLN\xe9":
            self.fails("import", "--cleaning", barcode,
                       says="1 to 32 printable")
        self.vtl("status")
        # A file in the folder of the library is imported from there.
        db = sqlite3.connect(self.path("lib", "library.db"))
        with db:
            db.execute("delete from cartridges where barcode = 'VTA004L8'")
        db.close()
        self.vtl("import", "lib/VTA004L8.tape")
        self.assertEqual(self.where()["VTA004L8"], "ie:1")

    def test_read_permission_is_enough_to_list(self):
        self.create()
        lib = self.path("lib")
        user = {}
        if os.getuid() == 0:
            os.chmod(self.dir, 0o755)
            user = {"user": 65534, "group": 65534}
        else:
            os.chmod(lib, 0o555)
            self.addCleanup(os.chmod, lib, 0o755)
        for verb in ("status", "list"):
            self.vtl(verb, **user)
        self.vtl("show", "VTA001L8", **user)
        r = self.run_command("vtl", "load", "lib", "1", **user)
        self.assertEqual(r.status, 2)
        self.assertIn("no permission to write", r.err)
        r = self.write(b"x", **user)
        self.assertEqual(r.status, 2)
        self.assertIn("no permission to write", r.err)


class Sharing(Library):
    def test_cartridge_in_use_is_refused(self):
        self.create("--drives", "1")
        process = self.holding("VTA002L8")
        who = "process %d" % process.pid
        self.assertEqual(self.drive(0)["pid"], process.pid)
        self.fails("unload", "0", says=who)
        self.fails("load", "1", "0", says=who)
        self.fails("show", "VTA002L8", says="in use by " + who)
        self.fails("fault", "--entry",
                   "{fail: write, volume: VTA002L8, at: 0 B}",
                   says="in use by " + who)
        rows = {r["barcode"]: r for r in self.vtl_json("list")}
        self.assertIn(who, rows["VTA002L8"]["problem"])
        self.assertNotIn("problem", rows["VTA001L8"])
        self.assertIn(who, self.write(b"x", dump="e").err)

    def test_killed_process_frees_its_drive(self):
        self.create("--drives", "1")
        process = self.holding("VTA002L8")
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.assertNotIn("pid", self.drive(0))
        self.assertEqual(self.write(b"x" * MIB, dump="e").status, 0)
        self.assertEqual(self.drive(0)["full"], False)
        self.assertEqual(self.where()["VTA002L8"], "slot:2")

    def test_two_writers_use_different_volumes_and_drives(self):
        self.create("--capacity", "16 MiB")
        data = [bytes([65 + i]) * (20 * MIB) for i in range(2)]
        writers = [self.start(*self.writing, "--dump", "d%d" % i)
                   for i in range(2)]
        for writer, bytes_ in zip(writers, data):
            writer.stdin.write(bytes_[:MIB])
            writer.stdin.flush()
        for writer, bytes_ in zip(writers, data):
            with writer:
                out, err = writer.communicate(bytes_[MIB:])
            self.assertEqual(writer.returncode, 0, err)
        for i in range(2):
            r = self.run_command(*self.reading, "--dump", "d%d" % i)
            self.assertEqual(r.status, 0)
            self.assertEqual(r.out, data[i].decode())
        self.assertNotIn("pid", self.vtl("status", "--json").out)

    def test_wait_option_waits_for_a_drive(self):
        self.create("--drives", "1")
        process = self.holding("VTA002L8")
        other = self.start(*self.writing, "--dump", "e", "--wait", "--volume",
                           "VTA003L8")
        other.stdin.write(b"x" * MIB)
        other.stdin.close()
        other.stdin = None
        process.stdin.close()
        process.stdin = None
        with other:
            _, err = other.communicate(timeout=60)
        self.assertEqual(other.returncode, 0, err)

    def test_volume_loaded_by_hand_is_written_in_its_drive(self):
        self.create()
        self.vtl("load", "3", "1")
        self.assertEqual(self.write(b"x" * MIB, "--drive", "1").status, 0)
        self.assertEqual(self.where()["VTA003L8"], "drive:1")
        self.vtl("unload", "1")
        self.assertEqual(self.vtl_json("show", "VTA003L8")["files"] > 1,
                         True)


class Failing(Library):
    def robot_fails(self, text):
        self.vtl("fault", "--entry", "{fail: move, mode: %s}" % text)

    def test_defect_fails_a_write(self):
        self.create()
        self.vtl("fault", "--entry", "{fail: write, volume: VTA001L8, at: "
                 "1 MiB, sense: hardware_error, once: true}")
        self.assertEqual(self.vtl_json("show", "VTA001L8")["defects"], [
            {"at": MIB, "fail": "write", "sense": "4/44/00", "once": True}])
        self.assertIn("a write fails once (sense 4/44/00)",
                      self.vtl("show", "VTA001L8").out)
        r = self.write(b"x" * (4 * MIB), "--part", "1 MiB", "--cache",
                       "memory")
        self.assertEqual(r.status, 0, r.err)
        self.assertEqual(self.vtl_json("show", "VTA001L8")["defects"], [])

    def test_robot_fails_in_each_mode(self):
        self.create()
        for how, says in (("stuck", "the robot is stuck"),
                          ("load_failed", "drive 0 did not take VTA001L8"),
                          ("source_empty", "found slot 1 empty")):
            with self.subTest(how):
                self.robot_fails("%s, nth: 1, once: true" % how)
                self.fails("load", "1", says=says)
                self.assertEqual(self.where()["VTA001L8"], "slot:1")
        self.robot_fails("wrong_cartridge, nth: 2, once: true")
        self.assertEqual(self.vtl("load", "1").out,
                         "VTA001L8: slot:1 -> drive:0\n")
        self.assertEqual(self.vtl("load", "2").out,
                         "VTA003L8: slot:2 -> drive:1\n")
        self.assertEqual([(f["id"], f["strikes"], f["spent"])
                          for f in self.vtl_json("status")["faults"]],
                         [(n, 1, True) for n in (1, 2, 3, 4)])
        self.vtl("unload", "0")
        self.vtl("unload", "1")
        self.robot_fails("stuck, nth: 1")
        for _ in range(2):
            self.fails("load", "1", says="stuck")
        self.assertIn("fault 5: move 1 and all later ones: stuck, struck 2 "
                      "times\n", self.vtl("status").out)
        self.vtl("fault", "--clear")
        self.vtl("load", "1")

    def test_writer_detects_a_wrong_cartridge(self):
        self.create()
        self.robot_fails("wrong_cartridge, nth: 1, once: true")
        self.assertEqual(self.write(b"x" * MIB).status, 0)
        files = {r["barcode"]: r["files"] for r in self.vtl_json("list")}
        self.assertEqual(files["VTA001L8"], 0)
        self.assertGreater(files["VTA002L8"], 0)

    def test_unreadable_barcode_is_not_found(self):
        self.create()
        self.vtl("fault", "--entry", "{fail: barcode, volume: VTA002L8}")
        r = self.write(b"x", "--volume", "VTA002L8")
        self.assertIn("no volume with this barcode", r.err)
        self.assertIn("its barcode cannot be read", self.vtl("status").out)
        self.assertEqual(self.write(b"x").status, 0)
        self.vtl("fault", "--clear")
        self.assertEqual(self.write(b"x", "--volume", "VTA002L8",
                                    dump="e").status, 0)

    def test_bad_usage(self):
        self.create()
        self.fails("fault", says="no fault given", status=2)
        for entry, says in (
                ("fail: wrte", 'did you mean "write"?'),
                ("fail: write, at: 1 MiB", 'needs the key "volume"'),
                ("fail: move, nth: 1", 'needs the key "mode"'),
                ("fail: move, mode: stuck", 'needs the key "nth"'),
                ("fail: move, mode: stcuk, nth: 1", 'mean "stuck"?'),
                ("fail: move, mode: stuck, nth: 0", "nth: "),
                ("fail: barcode", 'needs the key "volume"'),
                ("fail: write, volume: VTA001L8, at: 1", "a size needs"),
                ("fail: write, volume: VTA001L8, at: 0 B, "
                 "sense: end_of_data", "does not make an operation fail"),
                ("fail: write, volume: VTA9, at: 0 B",
                 'no volume "VTA9"')):
            with self.subTest(entry):
                self.fails("fault", "--entry", "{%s}" % entry, says=says,
                           status=2)
        self.fails("fault", "--entry",
                   "{fail: write, volume: VTA001L8, at: 64 MiB}",
                   says="has a capacity of 64 MiB")


class Files(Library):
    def test_files_and_their_headers_are_listed(self):
        self.create()
        self.assertEqual(self.write(b"x" * (3 * MIB), "--block", "256 KiB",
                                    "--part", "1 MiB").status, 0)
        shown = self.vtl_json("files", "VTA001L8", "--text")
        files = shown["files"]
        self.assertEqual([f["blocks"] for f in files][:4], [1, 5, 5, 5])
        self.assertEqual(files[1]["bytes"], 5 * 262144)
        self.assertIn("type: label\n", files[0]["text"])
        self.assertIn("part: 2\n", files[2]["text"])
        self.assertTrue(all(f["has_filemark"] for f in files))
        lines = self.vtl("files", "VTA001L8").lines
        self.assertEqual(lines[1], "file 1: 5 blocks, 1310720 bytes")
        self.assertIn("    part: 1", self.vtl("files", "VTA001L8",
                                              "--text").lines)
        self.assertEqual(self.vtl("files", "VTA002L8").out, "")
        self.fails("files", "VTA9", says="no cartridge VTA9")


class Verifying(Library):
    def test_good_volumes_pass(self):
        self.create("--cleaning", "1")
        self.assertEqual(self.write(b"x" * MIB, "--block",
                                    "256 KiB").status, 0)
        self.assertIn("VTA001L8: good, ", self.vtl("verify").lines[0])
        shown, = self.vtl_json("verify", "VTA001L8")
        self.assertEqual(shown["problems"], [])
        self.assertGreaterEqual(shown["checked"], 4)
        self.assertEqual(len(self.vtl_json("verify")), 4)
        self.assertEqual(self.where()["VTA004L8"], "slot:4")
        self.fails("verify", "VTA9", says="no volume with this barcode")

    def test_changed_volume_fails(self):
        self.create()
        self.assertEqual(self.write(b"x" * MIB).status, 0)
        db = sqlite3.connect(self.path("lib", "VTA001L8.tape"))
        with db:
            db.execute("update objects set data = zeroblob(length(data)) "
                       "where dump_id <> 0")
        db.close()
        r = self.run_command("vtl", "verify", "lib", "--json")
        self.assertEqual(r.status, 1)
        faults = {v["barcode"]: v["problems"] for v in json.loads(r.out)}
        self.assertNotEqual(faults["VTA001L8"], [])
        self.assertEqual(faults["VTA002L8"], [])
        r = self.run_command("vtl", "verify", "lib", "VTA001L8")
        self.assertEqual(r.status, 1)
        self.assertTrue(r.out.startswith("VTA001L8: "))


if __name__ == "__main__":
    main()
