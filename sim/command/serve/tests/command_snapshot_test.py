#!/usr/bin/env python3
"""`vtl snapshot`, `restore` and `clone`, of a library that is served or not."""
import json
import os
import subprocess

from command import PATIENCE_S, main
from command_facts_test import Stranger
from command_serve_test import READY, Served

WRITE = "0a 00 00 10 00 00"
READ = "08 00 00 10 00 00"
FILEMARK = "10 00 00 00 01 00"
POSITION = "34 00 00 00 00 00 00 00 00 00"


class Snapshots(Served):
    def snapshots(self):
        return [s["snapshot"] for s in json.loads(self.passes(
            "vtl", "snapshot", "lib", "--json").out)]

    def test_snapshot_is_taken_restored_and_removed(self):
        self.create()
        self.assertEqual(self.passes("vtl", "snapshot", "lib").out, "")
        self.passes("vtl", "snapshot", "lib", "clean")
        self.assertRegex(self.passes("vtl", "snapshot", "lib").out,
                         r"^clean: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, 4 volumes"
                         r"\n$")
        self.passes("vtl", "load", "lib", "1")
        self.passes("label", "--library", "lib", "--volume", "VTA002L8")
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: move, mode: stuck, nth: 1}")
        self.assertEqual(self.passes("vtl", "restore", "lib", "clean").out,
                         "VTA002L8: as in the snapshot\n")
        self.assertEqual(self.where()["VTA001L8"], "slot:1")
        self.passes("vtl", "expect", "lib", "volume VTA002L8 files == 0")
        self.passes("vtl", "load", "lib", "1")
        self.passes("vtl", "snapshot", "lib", "clean", "--remove")
        self.assertEqual(self.snapshots(), [])

    def test_restore_that_fails_names_no_volume_as_restored(self):
        """Should be: only the reason.  Was: "VTA002L8: as in the snapshot",
        before it failed because the disk was full."""
        self.create()
        self.passes("vtl", "snapshot", "lib", "clean")
        self.passes("label", "--library", "lib", "--volume", "VTA002L8")
        server = Stranger(self, self.path("lib", "library.socket"))
        restore = self.start("vtl", "restore", "lib", "clean")
        self.addCleanup(self.end, restore)
        server.answer(b'{"ok": false, "message": "the disk is full"}')
        out, err = restore.communicate(timeout=PATIENCE_S)
        self.assertEqual((restore.returncode, out, err),
                         (1, b"", b"tapelab: the disk is full\n"))

    def test_volume_that_would_be_removed_needs_force(self):
        self.create()
        self.passes("vtl", "snapshot", "lib", "clean")
        self.passes("vtl", "create", "other", "--volumes", "1",
                    "--barcode-prefix", "NEW")
        self.passes("vtl", "export", "other", "NEW001L8", "--to", ".")
        self.passes("vtl", "import", "lib", "NEW001L8.tape")
        self.refuses("vtl", "restore", "lib", "clean", status=1,
                     says="1 volume is not in snapshot clean")
        self.assertEqual(self.where()["NEW001L8"], "ie:1")
        self.assertEqual(self.passes("vtl", "restore", "lib", "clean",
                                     "--force").out, "NEW001L8: removed\n")
        self.assertNotIn("NEW001L8", self.where())

    def test_bad_names_are_refused(self):
        self.create()
        self.passes("vtl", "snapshot", "lib", "s")
        for args, status, says in (
                (["snapshot", "lib", "s"], 1, "s"),
                (["snapshot", "lib", "../x"], 1, "letters"),
                (["snapshot", "lib", "none", "--remove"], 1, "none"),
                (["snapshot", "lib", "--remove"], 2, "name the snapshot"),
                (["restore", "lib", "none"], 1, "none"),
                (["restore", "lib"], 2, "the snapshot to restore"),
                (["clone", "lib", "lib"], 1, "lib"),
                (["clone", "lib"], 2, "the folder of the clone"),
                (["snapshot", "nolib", "s"], 2, "no library")):
            with self.subTest(args):
                self.refuses("vtl", *args, status=status, says=says)
        self.assertEqual(self.snapshots(), ["s"])

    def test_names_that_are_not_utf_8_get_a_reason(self):
        odd = "lib\udcff"
        self.create(name=odd)
        self.serve(library=odd)
        self.passes("vtl", "snapshot", odd, "s")
        self.refuses("vtl", "snapshot", odd, "s", status=1,
                     says="has a snapshot s already")
        self.refuses("vtl", "clone", odd, "new\udcff", status=1,
                     says="UTF-8")
        self.passes("vtl", "clone", odd, "new")

    def test_clone_has_new_numbers_and_the_same_data(self):
        self.create()
        self.passes("label", "--library", "lib", "--volume", "VTA002L8")
        self.passes("vtl", "clone", "lib", "copy")
        serials = [{i["serial"] for i in json.loads(self.passes(
            "vtl", "identity", name, "--json").out)}
            for name in ("lib", "copy")]
        self.assertEqual(serials[0] & serials[1], set())
        self.passes("vtl", "expect", "copy", "volume VTA002L8 files == 1")

    def test_what_a_killed_clone_has_left_is_named(self):
        self.create()
        ended = subprocess.Popen(["true"])
        ended.wait()
        left = "copy.new-%d" % ended.pid
        for name in (left, "copy.new-%d" % os.getpid(), "copy.new-x",
                     "other.new-%d" % ended.pid):
            os.mkdir(self.path(name))
        r = self.run_command("vtl", "clone", "lib", "copy")
        self.assertEqual((r.status, r.err), (
            0, "tapelab: %s: left by a clone that was killed: remove it\n"
            % left))

    def test_what_is_refused_moves_no_tape(self):
        """Bug: the drives were emptied before the name was looked at."""
        self.create()
        self.passes("vtl", "snapshot", "lib", "taken")
        self.serve()
        initiator = self.attach_loaded()
        initiator.command(1, WRITE, out=b"a" * 4096)
        before = initiator.command(1, POSITION, 20)
        for *args, says in (
                ("snapshot", "lib", "taken", "has a snapshot taken already"),
                ("snapshot", "lib", "a/b", "no name of a snapshot"),
                ("clone", "lib", "lib", "exists already"),
                ("clone", "lib", "/nowhere/copy", "No such file"),
                ("restore", "lib", "none", "has no snapshot none")):
            self.refuses("vtl", *args, status=1, says=says)
            self.assertEqual(initiator.command(1, POSITION, 20), before)
        self.passes("vtl", "expect", "lib", "volume VTA001L8 loads == 1")
        initiator.command(1, WRITE, out=b"b" * 4096)
        initiator.command(1, "01 00 00 00 00 00")
        for text in (b"a", b"b"):
            self.assertEqual(initiator.command(1, READ, 4096),
                             ("good", text * 4096))

    def test_served_library_is_exchanged_under_its_initiators(self):
        self.create()
        process = self.serve()
        initiator = self.attach_loaded()
        initiator.command(1, WRITE, out=b"a" * 4096)
        initiator.command(1, FILEMARK)
        # The block in the buffer is part of the snapshot, too.
        initiator.command(1, WRITE, out=b"b" * 4096)
        self.passes("vtl", "snapshot", "lib", "two")
        self.assertEqual(initiator.command(1, READY)[0], "6/28/00")
        self.assertEqual(initiator.command(1, READ, 4096), ("good",
                                                           b"a" * 4096))
        self.assertEqual(initiator.command(1, READ, 4096)[0], "0/00/01")
        self.assertEqual(initiator.command(1, READ, 4096), ("good",
                                                           b"b" * 4096))
        initiator.command(1, "01 00 00 00 00 00")
        initiator.command(1, WRITE, out=b"c" * 4096)
        initiator.command(1, FILEMARK)
        self.passes("vtl", "fault", "lib", "--entry", "{fail: drive, "
                    "operation: read, nth: 1}")
        self.passes("vtl", "clone", "lib", "copy")
        self.assertEqual(self.settled(initiator, 1), "good")
        self.passes("vtl", "unload", "lib", "0")
        self.passes("vtl", "load", "lib", "4", "1")
        self.settled(initiator, 2)
        self.assertEqual(sorted(self.passes(
            "vtl", "restore", "lib", "two").out.splitlines())[0],
            "VTA001L8: as in the snapshot")
        # Both drives and the changer are as they were; the fault is gone.
        self.assertEqual(initiator.command(0, READY)[0], "6/28/00")
        self.assertEqual(initiator.command(2, READY)[0], "2/3A/00")
        self.assertEqual(self.settled(initiator, 1), "good")
        self.assertEqual(initiator.command(1, READ, 4096), ("good",
                                                           b"a" * 4096))
        self.assertEqual(self.where()["VTA001L8"], "drive:0")
        self.stop(process)
        self.passes("vtl", "expect", "copy", "volume VTA001L8 files == 1",
                    "volume VTA001L8 element == drive:0", "fault 1 struck == "
                    "0")
        self.assertTrue(os.path.isdir(self.path("copy")))


if __name__ == "__main__":
    main()
