#!/usr/bin/env python3
"""Files next to a database, or in its place, do no harm."""
import os
import sqlite3
import struct
import subprocess

from command import main
from library import MIB, LibraryTest, data

MAGIC = bytes((0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7))

# The databases of a library, and the commands that open each.
DATABASES = {
    "V001.tape": (("vtl", "list", "lib"), ("vtl", "verify", "lib"),
                  ("vtl", "files", "lib", "V001"),
                  ("scan", "-l", "lib")),
    "library.db": (("vtl", "list", "lib"), ("vtl", "verify", "lib"),
                   ("scan", "-l", "lib")),
    "catalogue.db": (("scan", "-l", "lib", "--rebuild"),
                     ("write", "-l", "lib", "-d", "e")),
}


def super_journal(victim):
    """Return a rollback journal that ends with a super-journal record."""
    name = os.fsencode(victim)
    return (MAGIC + bytes(504) + struct.pack(">I", (1 << 30) // 4096 + 1) +
            name + struct.pack(">II", len(name), sum(name) & 0xffffffff) +
            MAGIC)


class Beside(LibraryTest):
    """A library with a dump, and a file that must not change."""

    def setUp(self):
        super().setUp()
        self.make(2 * MIB, 2 * MIB)
        self.write("d", data(100000))
        self.precious = self.file("precious", b"the only copy\n" * 50)
        self.want = self.read_file(self.precious)

    @staticmethod
    def read_file(path):
        with open(path, "rb") as f:
            return f.read()

    def each(self):
        """Yield every database with each command that opens it."""
        for name, commands in DATABASES.items():
            for command in commands:
                yield self.path("lib", name), command

    def run_beside(self, command, says):
        """Run the command: it ends and reports the reason, unless it only
        leaves out what it cannot show."""
        r = self.run_command(*command, stdin=b"more")
        self.assertNotEqual(r.status, 3, r.err)
        self.assertGreaterEqual(r.status, 0, r.err)
        self.assertIn(says, r.out + r.err, (command, r.status))
        self.assertEqual(self.read_file(self.precious), self.want)

    def test_an_index_without_a_row_is_refused(self):
        # Expected: such a library is reported as damaged.
        # Bug: the search for a drive continued after the last one, in memory.
        path = self.path("lib", "library.db")
        db = sqlite3.connect(path)
        db.execute("update cartridges set address = (select address from "
                   "elements where kind = 'drive') where barcode = 'V001'")
        db.execute("pragma writable_schema = on")
        db.execute("update sqlite_schema set rootpage = (select rootpage from "
                   "sqlite_schema where name = 'behaviour') where name = "
                   "'sqlite_autoindex_cartridges_2'")
        db.commit()
        db.close()
        for command in (("read", "-l", "lib", "-d", "d"),
                        ("write", "-l", "lib", "-d", "e", "-V", "V001"),
                        ("vtl", "list", "lib"), ("scan", "-l", "lib")):
            with self.subTest(command):
                self.refuses_untouched(*command, says="its indices do not "
                                       "agree with its tables")

    def test_a_journal_does_not_delete_the_file_that_it_names(self):
        for path, command in self.each():
            with self.subTest(path, command=command):
                evil = super_journal(self.precious)
                self.file(path + "-journal", evil)
                self.run_beside(command, self.says(command, path,
                                                   "super-journal"))
                self.assertEqual(self.read_file(path + "-journal"), evil)
                os.remove(path + "-journal")

    def says(self, command, path, why):
        """Return the reason; a list of volumes shows only part of it."""
        return "unreadable" if command[1] == "list" and path.endswith(
            ".tape") else why

    def test_a_file_that_is_not_a_journal_is_not_changed(self):
        for path, command in self.each():
            with self.subTest(path, command=command):
                os.rename(self.precious, path + "-journal")
                self.precious = path + "-journal"
                self.run_beside(command, self.says(command, path,
                                                   "not a journal"))
                os.rename(self.precious, self.path("precious"))
                self.precious = self.path("precious")

    def test_a_file_that_is_not_regular_is_not_waited_for(self):
        for suffix in ("-journal", "-wal", "-shm"):
            for path, command in self.each():
                with self.subTest(path, suffix=suffix, command=command):
                    os.mkfifo(path + suffix)
                    self.run_beside(command, self.says(
                        command, path, "move it away" if suffix != "-wal"
                        else "write-ahead log"))
                    os.remove(path + suffix)

    def test_a_link_next_to_a_database_is_not_followed(self):
        for path, command in self.each():
            with self.subTest(path, command=command):
                os.symlink(self.precious, path + "-journal")
                self.run_beside(command, self.says(command, path,
                                                   "not a regular file"))
                os.remove(path + "-journal")

    def test_a_link_or_fifo_in_place_of_a_database_is_refused(self):
        for path, command in self.each():
            with self.subTest(path, command=command):
                os.rename(path, path + ".away")
                os.symlink(path + ".away", path)
                self.run_beside(command, self.says(command, path,
                                                   "it is a symbolic link"))
                os.remove(path)
                os.mkfifo(path)
                self.run_beside(command, self.says(
                    command, path, "it is not a regular file"))
                os.remove(path)
                os.rename(path + ".away", path)

    def test_a_write_ahead_log_is_refused(self):
        for path, command in self.each():
            with self.subTest(path, command=command):
                self.file(path + "-wal", bytes(100))
                self.run_beside(command, self.says(command, path,
                                                   "write-ahead log"))
                os.remove(path + "-wal")

    def test_a_volume_next_to_such_a_file_is_not_imported(self):
        self.passes("vtl", "create", "--drives", "1", "--volumes", "1",
                    "--ie-slots", "1", "--capacity", "1 MiB",
                    "--barcode-prefix", "W", "other")
        volume = self.path("lib", "V001.tape")
        self.file(volume + "-journal", super_journal(self.precious))
        self.refuses("vtl", "import", "other", volume, says="super-journal",
                     status=1)
        self.assertEqual(self.read_file(self.precious), self.want)
        os.remove(volume + "-journal")
        os.symlink(volume, self.path("link.tape"))
        self.refuses("vtl", "import", "other", self.path("link.tape"),
                     says="it is a symbolic link", status=1)


def hashed(kind, block):
    """Return a checksum as hexadecimal digits."""
    r = subprocess.run(["xxhsum", kind, "-"], input=block, check=True,
                       stdout=subprocess.PIPE)
    return r.stdout.split()[-1 if b"=" in r.stdout else 0].decode()


class Headers(LibraryTest):
    """Wrong values in a header do not affect other dumps in the catalogue."""

    def claim(self, barcode, old, new):
        """Change the last header of a volume."""
        first, block, size = self.sql(
            barcode, "select first, data, block_bytes from objects where data "
            "is not null order by first desc limit 1")[0]
        text = bytes(block).rstrip(b"\0")
        self.assertEqual(text.count(old), 1, text)
        text = text.replace(old, new).rpartition(b"check: ")[0]
        block = text + b"check: " + hashed("-H2", text).encode() + b"\n"
        self.sql(barcode, "update objects set data = ?, sums = ? where first "
                 "= ?", block, bytes.fromhex(hashed(
                     "-H3", block.ljust(size, b"\0")).removeprefix("XXH3_")),
                 first)

    def test_a_large_number_in_a_header_is_limited(self):
        self.make(MIB, MIB)
        self.write("d", data(100000))
        self.claim("V001", b"\nsequence: 1\n",
                   b"\nsequence: 18446744073709551615\n")
        os.remove(self.path("lib", "catalogue.db"))
        self.run_command("scan", "-l", "lib", "--rebuild")
        r = self.run_command("write", "-l", "lib", "-d", "d", "--resume",
                             stdin=data(100000))
        self.assertNotIn("is damaged: rebuild it", r.err)


class Rows(LibraryTest):
    """Rows of a catalogue are checked before they are used."""

    def test_an_invalid_row_of_a_catalogue_is_reported(self):
        self.make(MIB, MIB)
        self.write("d", data(2 * MIB), "--max-volumes", "1", status=4)
        path = self.path("lib", "catalogue.db")
        good = Beside.read_file(path)
        for change in ("dumps set begun = char(27) || '[2J'",
                       "dumps set block_bytes = 1 << 40",
                       "dumps set block_bytes = 'x'",
                       "dumps set mode = 'other'",
                       "dumps set outcome = 'DONE?'",
                       "dumps set safe_bytes = -1",
                       "dumps set volumes = 'x'",
                       "dumps set xxh128 = 'short'",
                       "dumps set id = 'not sixteen digi'",
                       "attempts set xxh128 = 'ab'",
                       "attempts set bytes = -1 where part = 1",
                       "attempts set offset_bytes = 1.5 where part = 1",
                       "attempts set volume = '../x' || char(10)",
                       "attempts set part = -1 where part = 1"):
            with self.subTest(change):
                self.file("lib/catalogue.db", good)
                db = sqlite3.connect(path, isolation_level=None)
                db.execute("pragma ignore_check_constraints = on")
                db.execute("update " + change)
                db.close()
                self.refuses_untouched(
                    "write", "-l", "lib", "-d", "d", "--resume",
                    stdin=data(2 * MIB), says="is damaged: rebuild it")


if __name__ == "__main__":
    main()
