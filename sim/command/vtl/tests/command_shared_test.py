#!/usr/bin/env python3
"""Imports and exports while other processes use the library; what killed
processes and older versions leave in it."""
import os
import signal
import sqlite3
import subprocess
import sys
import time

from command import PROGRAM, main
from command_vtl_test import Library, MIB

TAPE = "VTA001L8.tape"


class Shared(Library):
    def exists(self, *names):
        return os.path.exists(self.path(*names))

    def state(self, statement, *values):
        db = sqlite3.connect(self.path("lib", "library.db"))
        try:
            with db:
                return db.execute(statement, values).fetchall()
        finally:
            db.close()


class ComingIn(Shared):
    def outside(self, barcode="VTA001L8"):
        """Return the path of an exported volume."""
        os.mkdir(self.path("out"))
        self.vtl("export", barcode, "--to", "out")
        return "out/%s.tape" % barcode

    def test_volume_imported_into_a_drive_stays_there(self):
        # Bug: the next user of the drive moved the cartridge to a slot.
        self.create("--drives", "1")
        file = self.outside()
        self.vtl("import", file, "--to", "drive:0")
        self.assertTrue(self.drive(0)["by_hand"])
        self.assertEqual(self.write(b"x" * MIB, "--drive", "0").status, 0)
        self.assertEqual(self.where()["VTA001L8"], "drive:0")

    def test_cleaning_cartridge_is_replaced_by_volumes(self):
        # Bug: the cleaning cartridge was loaded as a volume again and again.
        for command in ("label", "scan", "write"):
            self.create("--drives", "1", "--cleaning", "1", name=command)
            self.passes("vtl", "load", command, "CLN001CU", "0")
            more = (("--dump", "d", "--label-blank") if command == "write"
                    else ())
            made = self.run_command(command, "--library", command, "--drive",
                                    "0", *more, stdin=b"x")
            self.assertEqual((made.status, made.err), (0, ""), command)

    def test_volume_imported_into_a_drive_has_no_source_address(self):
        # Bug: after a move the source address was 0, which does not exist.
        self.create("--drives", "2")
        self.vtl("import", self.outside(), "--to", "drive:0")
        origin = ("select address, source_address from cartridges where "
                  "barcode = 'VTA001L8'")
        for how, where in ((("move", "VTA001L8", "drive:1"), 257),
                           (("unload", "1"), 1024),
                           (("load", "VTA001L8", "0"), 256),
                           (("move", "VTA001L8", "slot:5"), 1028)):
            self.vtl(*how)
            self.assertEqual(self.state(origin), [(where, 1024 if where == 256
                                                   else None)], how)
        # Versions with that bug wrote 0, which is accepted.
        self.state("update cartridges set source_address = 0")
        self.vtl("list")

    def test_import_into_a_drive_in_use_is_refused(self):
        # Between two volumes, the drive of a writer is empty but in use.
        self.create("--drives", "1")
        file = self.outside()
        self.state("insert into clients (pid, program) values "
                   "(1, 'another')")
        self.state("update elements set client = 1 where address = 256")
        self.fails("import", file, "--to", "drive:0", says="drive 0 is in us")
        self.assertTrue(self.exists(file))
        self.assertFalse(self.exists("lib", TAPE))
        self.fails("import", "--cleaning", "CLN001CU", "--to", "drive:0",
                   says="drive 0 is in use")

    def test_import_into_an_incompatible_drive_is_refused(self):
        self.run_command("vtl", "create", "--drive-model", "lto7,lto8",
                         "--volumes", "4", "--barcode-suffix", "L8", "lib")
        file = self.outside()
        self.fails("import", file, "--to", "drive:0", says="3/30/00")
        self.assertTrue(self.exists(file))
        self.vtl("import", file, "--to", "drive:1")

    def test_cleaning_cartridge_imported_into_a_drive_cleans_it(self):
        # Bug: the cleaning cartridge was in the drive, which was not cleaned.
        self.create()
        self.vtl("import", "--cleaning", "CLN009CU", "--to", "drive:1")
        self.assertEqual(self.drive(1)["cleanings"], 1)
        self.assertTrue(self.drive(1)["by_hand"])
        self.vtl("unload", "1", "5")
        self.assertEqual(self.where()["CLN009CU"], "slot:5")

    def test_volume_in_use_is_not_imported(self):
        # Bug: import renamed the file while it was written.
        self.create()
        self.holding("VTA002L8")
        volume = self.path("lib", "VTA002L8.tape")
        self.passes("vtl", "create", "--volumes", "1", "--capacity", "1 MiB",
                    "second")
        self.refuses("vtl", "import", "second", volume, says="in use",
                     status=1)
        self.assertTrue(os.path.exists(volume))


    def test_import_replaces_no_file(self):
        self.create()
        file = self.outside()
        self.file("lib/" + TAPE, "mine")
        self.fails("import", file, says="the file exists already")
        with open(self.path("lib", TAPE), encoding="ascii") as f:
            self.assertEqual(f.read(), "mine")
        os.remove(self.path("lib", TAPE))
        self.vtl("import", file)

    def test_journal_of_a_volume_in_use_is_not_to_be_moved_away(self):
        """Should be: there is a volume of this name.  Was: the advice to move
        the journal away, which a process needs that writes the volume."""
        self.create()
        self.passes("vtl", "create", "--volumes", "1", "--capacity", "1 MiB",
                    "second")
        process = self.holding("VTA001L8")
        while not self.exists("lib", TAPE + "-journal"):
            self.assertIsNone(process.poll())
        r = self.fails("import", "second/" + TAPE,
                       says="to lib/%s: the file exists already" % TAPE)
        self.assertNotIn("journal", r.err)


class InBetween(Shared):
    """A command that has moved the file of a volume, but not yet changed the
    library: no other process may use the volume."""

    READS = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=0)
db.execute("select * from library").fetchall()
"""

    def setUp(self):
        super().setUp()
        self.create()
        self.passes("vtl", "create", "--volumes", "0", "second")
        os.mkdir(self.path("out"))

    def waits(self, process):
        """Return whether the process waits for the readers of library.db;
        otherwise it ends."""
        while subprocess.call([sys.executable, "-c", self.READS,
                               self.path("lib", "library.db")],
                              stderr=subprocess.DEVNULL) == 0:
            if process.poll() is not None:
                return False
        return True

    @staticmethod
    def read(db):
        """Read again as soon as the waiting process has continued."""
        while True:
            try:
                db.execute("begin")
                db.execute("select * from library").fetchall()
                return
            except sqlite3.OperationalError:
                db.execute("rollback")

    def is_not_taken(self, *command):
        """Return False if the command was too fast."""
        db = sqlite3.connect(self.path("lib", "library.db"), timeout=0,
                             isolation_level=None)
        self.read(db)
        process = self.start(*command)
        self.addCleanup(self.end, process)
        # The process first opens the library, and then changes it.
        self.assertTrue(self.waits(process))
        db.execute("commit")
        self.read(db)
        waited = self.waits(process)
        if waited:
            self.refuses("vtl", "import", "second", "lib/" + TAPE,
                         says="in use", status=1)
        db.close()
        err = process.communicate()[1]
        self.assertEqual(process.returncode, 0, err)
        return waited

    def test_volume_being_imported_or_exported_is_not_loaded(self):
        # Expected: the lock of the volume is held until the library is
        # changed.
        coming = going = False
        for _ in range(100):
            self.vtl("export", "VTA001L8")
            going = going or self.is_not_taken(
                "vtl", "export", "lib", "VTA001L8", "--to", "out")
            if not self.exists("out", TAPE):
                self.vtl("export", "VTA001L8", "--to", "out")
            coming = coming or self.is_not_taken(
                "vtl", "import", "lib", "out/" + TAPE)
            if coming and going:
                break
            if self.exists("out", TAPE):
                self.vtl("import", "out/" + TAPE)
        self.assertTrue(coming and going)


class GoingOut(Shared):
    def test_failed_export_leaves_the_cartridge_in_its_slot(self):
        # Bug: the cartridge was left in ie:1 without a message.
        self.create()
        self.file("there/" + TAPE, "mine")
        self.file("file", "")
        for to, says in (("there", "the file exists already"),
                         ("nowhere", "No such file"),
                         ("file", "is not a folder")):
            with self.subTest(to):
                self.fails("export", "VTA001L8", "--to", to, says=says)
                self.assertEqual(self.where()["VTA001L8"], "slot:1")
        self.assertTrue(self.exists("lib", TAPE))

    def test_export_that_fails_after_the_move_is_undone(self):
        self.create()
        os.mkdir(self.path("out"))
        os.remove(self.path("lib", TAPE))
        os.mkdir(self.path("lib", TAPE))
        self.fails("export", "VTA001L8", "--to", "out",
                   says="VTA001L8 is back in slot:1")
        self.assertEqual(self.where()["VTA001L8"], "slot:1")

    def test_wrong_cartridge_in_the_ie_slot_is_named(self):
        self.create()
        os.mkdir(self.path("out"))
        self.vtl("fault", "--entry",
                 "{fail: move, mode: wrong_cartridge, nth: 1}")
        self.fails("export", "VTA001L8", "--to", "out",
                   says="VTA002L8 is now in ie:1")


class Clients(Shared):
    def test_drive_in_use_does_not_count_as_a_failed_volume(self):
        # Bug: the volume in the drive was tried again and again.
        self.create("--drives", "1")
        self.holding("VTA002L8")
        where = ("--library", "lib", "--drive", "0")
        refused = self.run_command("label", *where)
        self.assertEqual(refused.status, 2)
        self.assertEqual(refused.err.count("VTA002L8"), 2, refused.err)
        self.assertEqual(refused.err.count("drive 0 is in use by"), 3)
        refused = self.write(b"x", "--drive", "0")
        self.assertEqual(refused.status, 4)
        self.assertIn("no drive that is free and works; drive 0 is in use by",
                      refused.err)
        self.assertNotIn("max_failed", refused.err)

    def test_writer_in_another_pid_namespace_keeps_its_drive(self):
        # Bug: a client in another PID namespace, or with hidepid, counted as
        # dead.
        self.create("--drives", "1")
        process = self.holding("VTA002L8")
        self.state("update clients set pid = 4194305, host = "
                   "'far'")
        self.fails("unload", "0", says="process 4194305")
        self.fails("unload", "0", says="on host far")
        self.assertIn("in use by", self.write(b"x", dump="e").err)
        self.fails("status", "--forget-client", "1", says="lives")
        self.assertEqual(self.where()["VTA002L8"], "drive:0")
        process.stdin.close()
        process.stdin = None
        process.communicate()
        self.assertEqual(process.returncode, 0)
        self.assertEqual(self.vtl_json("status")["clients"], [])

    def leave_client_without_lock(self):
        self.create("--drives", "1")
        self.state("insert into clients (id, pid, program) values "
                   "(7, 4194305, 'old')")
        self.state("update elements set client = 7, open = 1 where "
                   "address = 256")
        self.state("update cartridges set address = 256, source_address = "
                   "1024 where address = 1024")

    def test_waiting_writer_prints_how_to_forget_a_client(self):
        self.leave_client_without_lock()
        process = self.start(*self.writing, "--dump", "d", "--wait")
        self.addCleanup(self.end, process)
        process.stdin.write(b"x")
        process.stdin.close()
        process.stdin = None
        self.assertIn(b"--forget-client 7", process.stderr.readline())
        self.vtl("status", "--forget-client", "7")
        process.communicate()
        self.assertEqual(process.returncode, 0)

    def test_client_without_a_lock_can_be_forgotten(self):
        self.leave_client_without_lock()
        r = self.write(b"x")
        self.assertEqual(r.status, 4, r.err)
        self.assertIn("--forget-client 7", r.err)
        self.assertIn("--forget-client 7", self.vtl("status").out)
        self.fails("status", "--forget-client", "8", says="no client 8")
        self.vtl("status", "--forget-client", "7")
        self.assertEqual(self.where()["VTA001L8"], "slot:1")
        self.assertEqual(self.write(b"x").status, 0)


class Making(Shared):
    words = ("vtl", "create", "--volumes", "20", "--slots", "21",
             "--cleaning", "1", "--capacity", "64 MiB", "lib")

    def made(self):
        return len([n for n in os.listdir(self.path("lib"))
                    if n.endswith(".tape")]) if self.exists("lib") else 0

    def kill_at(self, volumes):
        """Kill the command when this number of volumes exists."""
        with subprocess.Popen([PROGRAM, *self.words], cwd=self.dir,
                              env=self.environment()) as process:
            while self.made() < volumes and process.poll() is None:
                time.sleep(0)
            process.send_signal(signal.SIGKILL)

    def test_killed_create_can_be_repeated(self):
        # Bug: a library without cartridges was left, which kept it from
        # being made again.
        for at in (1, 8, 19):
            with self.subTest(at):
                self.kill_at(at)
                if not self.exists("lib", "library.db"):
                    self.refuses("vtl", "status", "lib", says="no library")
                    self.passes(*self.words)
                self.assertEqual(len(self.where()), 21)
                self.vtl("verify")
                self.assertEqual(self.temporary(), [])
                os.rename(self.path("lib"), self.path("lib%d" % at))

    def temporary(self):
        return [n for n in os.listdir(self.path("lib")) if ".new" in n]

    def test_temporary_files_of_a_killed_create_are_removed(self):
        os.mkdir(self.path("lib"))
        for name in ("VTA001L8.tape.new-77-0", "VTA001L8.tape.new-77-0-journal",
                     "V.tape.new-1-12", "V.tape.new-old", "V.new-1-1",
                     "V.tape.new-1-1-x"):
            self.file("lib/" + name, b"x")
        self.passes(*self.words)
        self.assertEqual(sorted(self.temporary()), [
            "V.new-1-1", "V.tape.new-1-1-x", "V.tape.new-old"])

    def test_create_uses_only_blank_matching_volumes(self):
        self.passes(*self.words)
        self.assertEqual(self.write(b"x" * MIB).status, 0)
        os.remove(self.path("lib", "library.db"))
        before = self.made()
        self.refuses(*self.words, says="VTA001L8.tape: the file exists already")
        self.assertEqual(self.made(), before)
        os.remove(self.path("lib", TAPE))
        self.refuses(*(w.replace("64 MiB", "32 MiB") for w in self.words),
                     says="VTA002L8.tape: the file exists already")
        self.assertEqual(self.made(), before - 1)
        self.passes(*self.words)
        self.assertEqual(len(self.where()), 21)

    def test_conflicting_options_are_refused(self):
        for words, says in (
                (("--payload", "none", "--behaviour", "{compression: zlib}"),
                 "compression: zlib needs the written bytes"),
                (("--barcode-prefix", "CLN"), "cleaning cartridge"),
                (("--barcode-prefix", "CLNX"), "cleaning cartridge")):
            with self.subTest(words):
                self.refuses("vtl", "create", *words, "lib", says=says)
                self.assertFalse(self.exists("lib"))


if __name__ == "__main__":
    main()
