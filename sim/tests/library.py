"""Helpers for tests that use a virtual library."""
import json
import os
import random
import select
import sqlite3
import subprocess
import time

from command import BLOCK, CommandTest, PATIENCE_S

MIB = 1 << 20
PART = 256 << 10        # the --part of LibraryTest.SMALL


def data(size, seed=1):
    """Return bytes that do not repeat; the same for the same seed."""
    return random.Random(seed).randbytes(size)


class LibraryTest(CommandTest):
    """A test with a library: volumes V001, V002, ... in the folder lib."""

    # Every file is synchronised many times, which is fast in memory.
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

    # Most dumps have small blocks and parts.
    SMALL = ("--block", "32 KiB", "--part", "256 KiB", "--buffer", "1 MiB")

    def make(self, *capacities, drives=1, model="instant", label=True):
        """Create a library with a volume of each capacity, or (capacity, early
        warning). All volumes are labelled as scratch, unless label is
        False."""
        self.passes("vtl", "create", "--drives", str(drives),
                    "--drive-model", model, "--volumes",
                    str(len(capacities)), "--capacity", "1 MiB",
                    "--barcode-prefix", "V", "--barcode-suffix", "", "lib")
        for i, size in enumerate(capacities):
            size = size if isinstance(size, tuple) else (size, None)
            self.sql("V%03d" % (i + 1), "update volume set capacity_bytes = "
                     "?, early_warning_bytes = ?", *size)
        if label:
            self.passes("label", "-l", "lib")

    def volume(self, barcode):
        return self.path("lib", barcode + ".tape")

    def volume_bytes(self):
        """Return the contents of all volume files of the library, but not
        how often they were loaded and how much was read; the bytes of a file
        that SQLite cannot read."""
        found = {}
        for name in sorted(os.listdir(self.path("lib"))):
            if name.endswith(".tape"):
                path = self.path("lib", name)
                db = sqlite3.connect(path, timeout=0)
                try:
                    found[name] = [line for line in db.iterdump()
                                   if "'loaded'" not in line
                                   and "'used'" not in line]
                except sqlite3.DatabaseError:
                    with open(path, "rb") as f:
                        found[name] = f.read()
                finally:
                    db.close()
        return found

    def sql(self, barcode, statement, *values):
        db = sqlite3.connect(self.volume(barcode))
        try:
            with db:
                return db.execute(statement, values).fetchall()
        finally:
            db.close()

    def defect(self, barcode, at_byte, once=False):
        """Add a defect: the write of the block over this byte fails."""
        self.sql(barcode, "insert into defects (at_byte, sense_key, "
                 "sense_asc, sense_ascq, once) values (?, 3, 12, 0, ?)",
                 at_byte, int(once))

    def write(self, dump, stdin, *args, status=0, sizes=SMALL):
        r = self.run_command("write", "-l", "lib", "-d", dump, *sizes, *args,
                             stdin=stdin)
        self.assertEqual(r.status, status, r.out + r.err)
        return r

    def report(self, dump, stdin, *args, **more):
        """Write a dump and return its --json report."""
        return json.loads(self.write(dump, stdin, "--json", *args,
                                     **more).out)

    def read(self, dump, *args, status=0):
        """Return the bytes of a dump, and the messages."""
        with self.start("read", "-l", "lib", "-d", dump, *args) as process:
            out, err = process.communicate(b"", PATIENCE_S)
        self.assertEqual(process.returncode, status, err)
        return out, err.decode()

    def same(self, dump, want, *args):
        """Read a complete dump and compare it."""
        out, err = self.read(dump, *args)
        self.assertEqual(err, "")
        self.assertTrue(out == want, "%d bytes are not the %d that were "
                        "written" % (len(out), len(want)))

    def scan(self, *args, status=0):
        r = self.run_command("scan", "-l", "lib", "--json", *args)
        self.assertEqual(r.status, status, r.out + r.err)
        return json.loads(r.out)

    def scanned(self, dump, **more):
        """Return what a scan reports about one dump."""
        return next(d for d in self.scan(**more)["dumps"]
                    if d["name"] == dump)

    def refuses_untouched(self, *args, says, **popen):
        """The command is refused, and no byte of any volume has changed."""
        before = self.volume_bytes()
        result = self.refuses(*args, says=says, **popen)
        self.assertTrue(self.volume_bytes() == before)
        return result


class Begun(LibraryTest):
    """Dumps whose source stops in the middle, and then the writer."""

    def begin(self, dump, some, *args, parts=1):
        """Start a writer that waits for more data when `parts` parts are on
        tape."""
        process = self.start("write", "-l", "lib", "-d", dump, *self.SMALL,
                             *args)
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        process.stdin.write(some)
        process.stdin.flush()
        self.until(lambda: self.parts_on_tape(dump) >= parts, process)
        return process

    def until(self, condition, process):
        """Wait for a condition; the process must not end before it."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            self.assertIsNone(process.poll(), "it ended before its time")
            self.assertLess(time.monotonic(), deadline, "it never came")
            select.select([], [], [], 0.005)

    def parts_on_tape(self, dump):
        try:
            return int(self.catalogue("select count(*) from parts where "
                                      "name = '%s'" % dump)[0][0])
        except subprocess.CalledProcessError:
            return 0        # none yet

    def catalogue(self, question):
        r = subprocess.run(["sqlite3", "-readonly", "-cmd",
                            ".timeout 1000", self.path("lib",
                                                       "catalogue.db"),
                            question], capture_output=True, check=True)
        return [line.split("|") for line in r.stdout.decode().splitlines()]

    def ends(self, process, number):
        """Send a signal; return the exit status and the messages."""
        process.send_signal(number)
        err = process.stderr.read().decode()
        return process.wait(PATIENCE_S), err

    def resume(self, dump, source, *args, **more):
        return self.report(dump, source, "--resume", *args, sizes=(
            "--part", "256 KiB", "--buffer", "1 MiB"), **more)


def headers(path):
    """Return the keys of the header of each file of a volume, the label
    first."""
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    rows = db.execute("select data from objects where first in "
                      "(select first from files) order by first").fetchall()
    db.close()
    return [dict(line.split(": ", 1) for line in
                 block.rstrip(b"\0").decode().splitlines())
            for block, in rows]


__all__ = ["BLOCK", "Begun", "LibraryTest", "MIB", "PART", "data", "headers"]
