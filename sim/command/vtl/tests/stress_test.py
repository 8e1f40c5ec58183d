#!/usr/bin/env python3
"""Two writers, an operator and a reader use one library at once, and many of
them are killed. A dump that was DONE must not lose a byte, no cartridge may be
lost or be there twice, and no drive may stay in use.

A seed selects the operations; the machine decides how they interleave. With
STRESS_SEEDS=A..B the test runs once for each of these seeds.
"""
import glob
import json
import os
import random
import shutil
import subprocess
import threading

from command import PART, PATIENCE_S, main
from library import MIB, LibraryTest

VOLUMES = 14
DUMPS = 3               # for each writer
OPERATIONS = 14         # of the operator, and of the reader, at least
# Allowed exit statuses: success, the library was busy, a dump was cut short.
# Any other status is an error.
STATUSES = (0, 1, 2, 4, 5)


class Party(threading.Thread):
    """A user who runs one command after another; `failed` has the errors."""

    def __init__(self, test, seed):
        super().__init__(daemon=True)
        self.test = test
        self.draw = random.Random(seed)
        self.failed = []

    def command(self, *args, stdin=b"", killed=0.0):
        """Run a command, and perhaps kill it; return its status, or None if
        killed."""
        with self.test.start(*args) as process:
            timeout = PATIENCE_S
            if self.draw.random() < killed:
                timeout = self.draw.uniform(0, 0.06)
            try:
                out, err = process.communicate(stdin, timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                if timeout == PATIENCE_S:
                    self.failed.append("%r hangs" % (args,))
                return None, b""
        if process.returncode not in STATUSES:
            self.failed.append("%r: status %d\n%s" % (
                args, process.returncode, err.decode()))
        return process.returncode, out

    def run(self):
        try:
            self.work()
        except Exception as error:      # pass the error to the test
            self.failed.append(repr(error))


class Writer(Party):
    def __init__(self, test, name, seed):
        super().__init__(test, seed)
        self.name = name
        self.done = {}          # dumps that must be readable, with their bytes
        self.begun = {}         # incomplete or killed dumps

    def work(self):
        for i in range(DUMPS):
            dump = "%s%d" % (self.name, i)
            data = self.draw.randbytes(self.draw.randrange(MIB // 4,
                                                           3 * MIB // 2))
            self.begun[dump] = data
            status, _ = self.command("write", "-l", "lib", "-d", dump,
                                     "--wait", *self.test.SMALL, stdin=data,
                                     killed=0.3)
            if status == 0:
                self.done[dump] = data


class Operator(Party):
    """Moves cartridges, exports some, and imports them again."""

    def __init__(self, test, seed, ends):
        super().__init__(test, seed)
        self.ends = ends

    def work(self):
        n = 0
        while n < OPERATIONS or not self.ends.is_set():
            n += 1
            barcode = "V%03d" % self.draw.randrange(1, VOLUMES + 1)
            self.draw.choice((self.move, self.load, self.out, self.back,
                              self.back))(barcode)

    def move(self, barcode):
        self.command("vtl", "move", "lib", barcode, "slot:%d" %
                     self.draw.randrange(1, 25), killed=0.2)

    def load(self, barcode):
        self.command("vtl", "load", "lib", barcode, killed=0.2)
        self.command("vtl", "unload", "lib", barcode, killed=0.2)

    def out(self, barcode):
        self.command("vtl", "export", "lib", barcode, "--to", "out",
                     killed=0.2)

    def back(self, _):
        for file in sorted(glob.glob(self.test.path("out", "*.tape"))):
            self.command("vtl", "import", "lib", file, killed=0.2)
        self.test.empty_ie_slots(self)


class Reader(Party):
    def __init__(self, test, seed, ends):
        super().__init__(test, seed)
        self.ends = ends

    def work(self):
        n = 0
        while n < OPERATIONS or not self.ends.is_set():
            n += 1
            self.command(*self.draw.choice((
                ("scan", "-l", "lib"),
                ("scan", "-l", "lib", "--rebuild"),
                ("vtl", "verify", "lib"),
                ("vtl", "list", "lib"),
                ("vtl", "status", "lib"),
                ("vtl", "show", "lib", "V%03d" % self.draw.randrange(
                    1, VOLUMES + 1)))), killed=0.2)


class Stress(LibraryTest):
    def empty_ie_slots(self, party):
        """Move the cartridges in import/export slots to slots."""
        status, out = party.command("vtl", "status", "lib", "--json")
        if status != 0:
            return
        elements = json.loads(out)["elements"]
        free = [e["element"] for e in elements
                if not e["full"] and e["element"].startswith("slot:")]
        for e in elements:
            if e["full"] and e["element"].startswith("ie:") and free:
                party.command("vtl", "move", "lib", e["element"],
                              free.pop(0))

    def tidy(self):
        """Import the exported cartridges, and those that a killed process
        left."""
        party = Party(self, 0)
        # Any change returns the cartridges that dead processes left in drives.
        self.passes("vtl", "fault", "lib", "--clear")
        known = {e["barcode"] for e in self.status() if e["full"]}
        for file in (glob.glob(self.path("out", "*.tape")) +
                     glob.glob(self.path("lib", "*.tape"))):
            if os.path.basename(file)[:-5] not in known:
                self.empty_ie_slots(party)
                self.passes("vtl", "import", "lib", file)
        for e in self.status():
            if e["full"] and e["element"].startswith("drive:"):
                self.assertTrue(e["by_hand"], e)
                self.passes("vtl", "unload", "lib", e["barcode"])
        self.empty_ie_slots(party)
        self.assertEqual(party.failed, [])

    def status(self):
        state = json.loads(self.passes("vtl", "status", "lib",
                                       "--json").out)
        return state["elements"]

    def judge(self, writers):
        self.tidy()
        held = sorted(e["barcode"] for e in self.status() if e["full"])
        self.assertEqual(held, ["V%03d" % i for i in range(1, VOLUMES + 1)])
        self.assertTrue(all("client" not in e for e in self.status()))
        self.passes("vtl", "verify", "lib")
        self.assertEqual(glob.glob(self.path("lib", "*.tape-journal")), [])
        for writer in writers:
            for dump, data in writer.done.items():
                self.same(dump, data)
            # An incomplete dump gives only the bytes that it has.
            for dump in set(writer.begun) - set(writer.done):
                r = self.start("read", "-l", "lib", "-d", dump, "--salvage")
                with r:
                    out, _ = r.communicate(b"", PATIENCE_S)
                self.assertIn(r.returncode, (0, 2, 4))
                for at in range(0, len(out), 4096):
                    block = out[at:at + 4096]
                    self.assertTrue(block == bytes(len(block)) or block ==
                                    writer.begun[dump][at:at + 4096],
                                    "%s, byte %d" % (dump, at))

    def once(self, seed):
        self.make(*[(MIB, MIB // 8)] * VOLUMES, drives=2)
        os.mkdir(self.path("out"))
        ends = threading.Event()
        writers = [Writer(self, name, "%s %d" % (name, seed))
                   for name in ("a", "b")]
        others = [Operator(self, "operator %d" % seed, ends),
                  Reader(self, "reader %d" % seed, ends)]
        for party in writers + others:
            party.start()
        try:
            for writer in writers:
                writer.join()
        finally:
            ends.set()
        for party in others:
            party.join()
        for party in writers + others:
            self.assertEqual(party.failed, [])
        self.judge(writers)
        return sum(len(w.done) for w in writers)

    def test_no_dump_is_lost_while_processes_compete(self):
        first, _, last = os.environ.get(
            "STRESS_SEEDS", "1..1" if PART else "1..2").partition("..")
        done = 0
        for seed in range(int(first), int(last) + 1):
            with self.subTest(seed=seed):
                done += self.once(seed)
            shutil.rmtree(self.path("lib"))
            shutil.rmtree(self.path("out"))
        # If no dump was completed, nothing was tested.
        self.assertGreater(done, 0)


if __name__ == "__main__":
    main()
