#!/usr/bin/env python3
"""A library stays usable after a process was killed in the middle."""
import os
import sqlite3
import subprocess
import sys

from command import main
from command_vtl_test import Library, MIB

TAPE = os.path.join("lib", "VTA001L8.tape")

# Changes a volume until part of the change is in the file, and dies.
DIES = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("pragma cache_size = 1")
db.execute("begin")
for i in range(200):
    db.execute("insert into history (event, text) values ('x', ?)",
               ("x" * 100000,))
db.execute("update objects set count = count + 1")
os._exit(9)
"""


class Killed(Library):
    data = b"x" * (4 * MIB)

    def exists(self, *names):
        return os.path.exists(self.path(*names))

    def test_cartridge_of_a_killed_process_can_be_moved(self):
        # Expected: the cartridge of a dead process is back in its slot.  Bug:
        # each command reported "drive 0 is empty".
        for verb, args, to in (("move", ["VTA001L8", "slot:6"], "slot:6"),
                               ("load", ["VTA001L8"], "drive:0"),
                               ("export", ["VTA001L8"], "ie:1"),
                               ("fault", ["--clear"], "slot:1")):
            with self.subTest(verb):
                self.create()
                self.end(self.holding("VTA001L8"))
                self.vtl(verb, *args)
                self.assertEqual(self.where()["VTA001L8"], to)
                os.rename(self.path("lib"), self.path("lib of " + verb))

    def dying(self):
        """Leave a volume with a partial change, and its journal."""
        self.create()
        self.assertEqual(self.write(self.data).status, 0)
        status = subprocess.call([sys.executable, "-c", DIES,
                                  self.path(TAPE)])
        self.assertEqual(status, 9)
        self.assertTrue(self.exists(TAPE + "-journal"))
        os.mkdir(self.path("out"))

    def test_volume_of_a_killed_writer_is_exported_complete(self):
        # Expected: the volume is exported as it was when it was last
        # synchronised.  Bug: the journal stayed, and the volume had half of a
        # change.
        self.dying()
        self.vtl("export", "VTA001L8", "--to", "out")
        self.assertFalse(self.exists(TAPE + "-journal"))
        with sqlite3.connect(self.path("out", "VTA001L8.tape")) as db:
            self.assertEqual(db.execute("select count(*) from history where "
                                        "event = 'x'").fetchone(), (0,))
        db.close()
        self.vtl("import", "out/VTA001L8.tape")
        self.vtl("verify")
        self.vtl("move", "VTA001L8", "slot:1")
        r = self.passes(*self.reading, "--dump", "d")
        self.assertEqual(r.out, self.data.decode())

    def test_volume_is_not_placed_beside_a_foreign_journal(self):
        # Expected: the volume stays where it is, and the message says what to
        # do.  Bug: SQLite would have played the journal back into it.
        self.dying()
        journal = self.path("out", "VTA001L8.tape-journal")
        os.rename(self.path(TAPE + "-journal"), journal)
        self.fails("export", "VTA001L8", "--to", "out",
                   says="VTA001L8.tape-journal is the journal of another")
        self.assertTrue(self.exists(TAPE))
        os.remove(journal)
        self.vtl("export", "VTA001L8", "--to", "out")


if __name__ == "__main__":
    main()
