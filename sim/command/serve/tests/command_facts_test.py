#!/usr/bin/env python3
"""`vtl expect`, `vtl wait` and `vtl events`: facts about a library, served or
not."""
import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import sys
import termios

from command import PATIENCE_S, main
from command_serve_test import LOAD, Served

WRITE = "0a 00 00 10 00 00"
READ = "08 00 00 10 00 00"
REWIND = "01 00 00 00 00 00"
FILEMARK = "10 00 00 00 01 00"
ONCE = "{fail: drive, operation: write, nth: 2, once: true}"


def available(pipe):
    """Return how many bytes are in a pipe."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)),
                          sys.byteorder)


class Stranger:
    """What a server of a library says, and when, is for the test to decide."""

    def __init__(self, test, path):
        self.test = test
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE_S)
        test.addCleanup(self.socket.close)
        self.socket.bind(os.path.relpath(path))
        self.socket.listen()

    def accept(self):
        client = self.socket.accept()[0]
        client.settimeout(PATIENCE_S)
        self.test.addCleanup(client.close)
        return client

    def answer(self, answer=b'{"ok": true}', after_s=0):
        """Take the request of a client, and answer it; after a time, unless
        the client leaves before."""
        client = self.accept()
        while not client.recv(4096).endswith(b"\n"):
            pass
        select.select([client], [], [], after_s)
        client.sendall(answer + b"\n")
        return client


class Facts(Served):
    def stranger(self):
        return Stranger(self, self.path("lib", "library.socket"))

    def holds(self, *expressions):
        self.assertEqual(self.passes("vtl", "expect", "lib",
                                     *expressions).out, "")

    def fails(self, *expressions):
        """Return what `vtl expect` prints about expressions that do not
        hold."""
        r = self.run_command("vtl", "expect", "lib", *expressions)
        self.assertEqual((r.status, r.err), (1, ""))
        return r.out

    def test_each_fact_of_a_library(self):
        self.create()
        self.passes("vtl", "fault", "lib", "--entry", ONCE, "--entry",
                    "{fail: move, mode: stuck, nth: 2}")
        self.holds("fault 1 struck == 0", "fault 2 struck == 0",
                   "fault 1 spent == no", "drive 0 holds == nothing",
                   "drive 0 loads == 0", "drive 1 cleanings == 0",
                   "drive 0 used == no", "volume VTA001L8 element == slot:1",
                   "volume VTA001L8 files == 0", "volume NONE element == "
                   "nowhere", "volume VTA001L8 written == 0 B",
                   "volume VTA001L8 closed", "volume VTA001L8 protected != "
                   "yes")
        self.passes("vtl", "load", "lib", "1", "0")
        self.refuses("vtl", "unload", "lib", "0", status=1, says="stuck")
        self.holds("fault 2 struck", "fault 2 struck == 1",
                   "fault 2 spent == no", "drive 0 holds == VTA001L8",
                   "volume VTA001L8 element == drive:0")
        self.assertEqual(
            self.fails("fault 2 struck > 1", "fault 1 struck", "fault 9 struck",
                       "drive 7 used", "volume NONE files > 0",
                       "volume VTA001L8 written"),
            "fault 2 struck > 1: but it is: 1\n"
            "fault 1 struck: but it is: 0\n"
            "fault 9 struck: but it is: the library has no such fault\n"
            "drive 7 used: but it is: the library has no such drive\n"
            "volume NONE files > 0: but it is: the library has no cartridge "
            "NONE\n"
            "volume VTA001L8 written: but it is: 0 B\n")
        r = self.run_command("vtl", "expect", "lib", "--json",
                             "drive 0 loads == 1", "fault 2 struck")
        self.assertEqual((r.status, json.loads(r.out)), (1, [
            {"expression": "drive 0 loads == 1", "holds": False, "found": "0"},
            {"expression": "fault 2 struck", "holds": True, "found": "1"}]))

    def test_wrong_expressions_are_refused(self):
        self.create()
        for expression, says in (
                ("", "begin with fault"), ("valume V files", 'did you mean "volume"'),
                ("fault", "number"), ("fault x struck", "number"),
                ("drive 0 lods", 'did you mean "loads"'),
                ("drive 0", "fact is missing"), ("volume", "barcode"),
                ("drive 0 loads = 1", "write =="),
                ("drive 0 loads == many", "is a count"),
                ("drive 0 used > no", "has no order"),
                ("drive 0 used == maybe", "is never"),
                ("drive 0 holds", "compare this fact"),
                ("volume V written == 5", "unit"),
                ("fault 1 struck ==", "a value is missing"),
                ("x" * 99, "unknown subject")):
            with self.subTest(expression):
                for verb in ("expect", "wait"):
                    self.refuses("vtl", verb, "lib", "fault 1 struck",
                                 expression, says=says)
        self.refuses("vtl", "expect", "none", "fault 1 struck",
                     says="no library")

    def test_fault_that_is_refused_was_never_in_the_library(self):
        """Should be: no number is taken.  Was: the fault was added, and removed
        again; a server that looked in between found it, and --strict reported
        that it had never struck."""
        self.create()
        self.serve()
        initiator = self.attach_loaded()
        for volume in ("VTA001L8", "VTA002L8"):
            self.refuses("vtl", "fault", "lib", "--entry",
                         "{fail: write, volume: %s, at: 1 TiB}" % volume,
                         status=1, says="volume %s has a capacity of 64 MiB: "
                         "give a place before that" % volume)
        made = self.passes("vtl", "fault", "lib", "--entry",
                           "{fail: write, volume: VTA001L8, at: 1 MiB}",
                           "--entry", ONCE)
        self.assertEqual(made.out, "fault 1\nfault 2\n")

    def test_volume_in_a_served_drive_is_read_by_its_server(self):
        self.create()
        process = self.serve()
        initiator = self.attach_loaded()
        for _ in range(2):
            initiator.command(1, WRITE, out=b"x" * 4096)
            initiator.command(1, FILEMARK)
        self.holds("volume VTA001L8 files == 2", "volume VTA001L8 closed",
                   "volume VTA001L8 written == 8 KiB", "drive 0 used",
                   "drive 0 loads == 1", "volume VTA002L8 files == 0")
        self.stop(process)
        self.holds("volume VTA001L8 files == 2", "drive 0 used == no")

    def test_wait_ends_when_the_fault_strikes(self):
        self.create()
        process = self.serve()
        initiator = self.attach_loaded()
        self.passes("vtl", "fault", "lib", "--entry", ONCE)
        waits = self.start("vtl", "wait", "lib", "fault 1 struck",
                           "drive 0 holds == VTA001L8", "--timeout", "5min")
        self.addCleanup(self.end, waits)
        initiator.command(1, WRITE, out=bytes(4096))
        self.assertIsNone(waits.poll())
        self.assertEqual(initiator.command(1, WRITE, out=bytes(4096))[0],
                         "3/0C/00")
        self.assertEqual(waits.wait(PATIENCE_S), 0)
        r = self.run_command("vtl", "wait", "lib", "drive 0 loads == 9",
                             "--timeout", "10 ms")
        self.assertEqual((r.status, r.err), (1, "tapelab: not in time:\n"))
        self.assertEqual(r.out, "drive 0 loads == 9: but it is: 1\n")
        self.stop(process)
        # A library that is not served is looked at again and again.
        waits = self.start("vtl", "wait", "lib", "drive 0 holds == nothing")
        self.addCleanup(self.end, waits)
        self.passes("vtl", "unload", "lib", "0")
        self.assertEqual(waits.wait(PATIENCE_S), 0)

    def test_each_strike_of_a_served_fault_is_seen_at_once(self):
        """Should be: the number of all strikes.  Was: 1, until the unload."""
        self.create()
        process = self.serve()
        initiator = self.attach_loaded()
        initiator.command(1, WRITE, out=bytes(4096))
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: drive, operation: write, nth: 1}", "--entry",
                    "{fail: read, volume: VTA001L8, file: 0, block: 0}")
        for fault, fails in (
                (1, lambda: initiator.command(1, WRITE, out=bytes(4096))),
                (2, lambda: (initiator.command(1, REWIND),
                             initiator.command(1, READ, 4096))[1])):
            with self.subTest(fault=fault):
                for count in range(1, 6):
                    self.assertRegex(fails()[0], "^3/")
                    self.holds("fault %d struck == %d" % (fault, count))
                fails()
                listed = json.loads(self.passes("vtl", "status", "lib",
                                                "--json").out)["faults"]
                self.assertEqual(
                    [f["strikes"] for f in listed if f["id"] == fault], [6])
                fails()
                self.passes("vtl", "wait", "lib",
                            "fault %d struck == 7" % fault, "--timeout",
                            "%ds" % PATIENCE_S)
        self.stop(process)
        self.holds("fault 1 struck == 7", "fault 2 struck == 7")

    def test_wait_says_what_the_library_does_not_have(self):
        """Should be: a wrong number is found out.  Was: silence, for ever."""
        self.create()
        self.passes("vtl", "fault", "lib", "--entry", ONCE)
        self.passes("vtl", "fault", "lib", "--clear")
        made = self.passes("vtl", "fault", "lib", "--entry", ONCE, "--entry",
                           "{fail: barcode, volume: VTA002L8}", "--entry",
                           "{fail: write, volume: VTA001L8, block: 3}")
        self.assertEqual(made.out, "fault 2\nfault 3\n")
        made = self.passes("vtl", "fault", "lib", "--json", "--entry",
                           "{fail: move, mode: stuck, nth: 9}")
        self.assertEqual(json.loads(made.out), [{"id": 4}])
        self.holds("fault 4 struck == 0")
        r = self.run_command("vtl", "wait", "lib", "fault 1 struck",
                             "drive 2 used", "volume NONE files",
                             "volume NONE element == nowhere",
                             "fault 2 struck", "--timeout", "10 ms")
        self.assertEqual(r.status, 1)
        self.assertEqual(
            [line.split(", although ")[0] for line in r.err.splitlines()],
            ['tapelab: waiting for "fault 1 struck"',
             'tapelab: waiting for "drive 2 used"',
             'tapelab: waiting for "volume NONE files"',
             "tapelab: not in time:"])
        self.assertIn("although the library has no such fault: \"tapelab vtl "
                      "status\" lists what it has\n", r.err)

    def test_wait_keeps_its_time_with_a_server_that_does_not_answer(self):
        """Should be: the end after --timeout.  Was: after ten minutes."""
        self.create()
        self.stranger()
        r = self.run_command("vtl", "wait", "lib",
                             "volume VTA001L8 files == 1", "--timeout",
                             "10 ms")
        self.assertEqual((r.status, r.err), (1, "tapelab: not in time:\n"))
        self.assertEqual(r.out, "volume VTA001L8 files == 1: but it is: 0\n")

    def test_wait_hears_the_server_although_no_time_is_left(self):
        """Should be: what holds at the last look holds.  Was: a server that did
        not answer within the time-out, here 0 s, was not heard."""
        self.create()
        server = self.stranger()
        for files, status in ((7, 0), (6, 1)):
            waits = self.start("vtl", "wait", "lib",
                               "volume VTA001L8 files == 7", "--timeout", "0s")
            self.addCleanup(self.end, waits)
            while waits.poll() is None:
                if select.select([server.socket], [], [], 0.01)[0]:
                    # The reader of events leaves at once.
                    with contextlib.suppress(OSError):
                        server.answer(b'{"ok": true, "served": true, '
                                      b'"files": %d}' % files, 0.05)
            out, err = waits.communicate()
            self.assertEqual(waits.returncode, status, out + err)

    def events(self, process, count):
        """Read this many events, without those of sessions."""
        found = []
        while len(found) < count:
            readable = select.select([process.stdout], [], [], PATIENCE_S)[0]
            self.assertEqual(len(readable), 1, found)
            event = json.loads(process.stdout.readline())
            self.assertGreater(event.pop("time"), 1.7e9)
            if event["event"] not in ("login", "logout", "drop", "sense"):
                found.append(event)
        return found

    def test_events_follow_a_library(self):
        self.create()
        self.refuses("vtl", "events", "lib", status=1, says="is not served")
        self.refuses("vtl", "events", "none", says="no library")
        process = self.serve()
        events = self.start("vtl", "events", "lib", "--follow", "--json",
                            bufsize=0)
        self.addCleanup(self.end, events)
        initiator = self.attach()
        # Until the reader is there, nothing of interest may happen.
        while True:
            self.settled(initiator, 0)
            initiator.command(0, "12 01 ff 00 ff 00", 255)
            if select.select([events.stdout], [], [], 0.01)[0]:
                break
        initiator.command(0, LOAD)
        self.settled(initiator, 1)
        initiator.command(1, WRITE, out=bytes(4096))
        initiator.command(1, FILEMARK)
        self.passes("vtl", "unload", "lib", "0")
        drive = {"element": "drive:0", "barcode": "VTA001L8"}
        name = {"initiator": "iqn.2026-11.test:i"}
        self.assertEqual(self.events(events, 5), [
            {"event": "load", **drive, **name},
            {"event": "move", "barcode": "VTA001L8", "element": "slot:1",
             "to": "drive:0", **name},
            {"event": "filemark", **drive, **name},
            {"event": "unload", **drive},
            {"event": "move", "barcode": "VTA001L8", "element": "drive:0",
             "to": "slot:1"}])
        self.stop(process)
        self.assertIsNone(events.poll())
        events.send_signal(signal.SIGTERM)
        self.assertEqual(events.wait(PATIENCE_S), 0)

    def test_events_for_a_person_are_a_line_each(self):
        """Should be: one line for each event.  Was: the time, the event, the
        element and the barcode each ended a line."""
        self.create()
        server = self.stranger()
        events = self.start("vtl", "events", "lib")
        self.addCleanup(self.end, events)
        client = server.answer()
        for event in (
                {"time": 1.5, "event": "load", "element": "drive:0",
                 "barcode": "VTA001L8", "initiator": "iqn.a\x1b[2J"},
                {"time": 2.0, "event": "drop", "reason": "a\nb", "fault": 7},
                {"time": 3.25, "event": "log\nin"}):
            client.sendall(json.dumps(event).encode() + b"\n")
        client.close()
        out, err = events.communicate(timeout=PATIENCE_S)
        self.assertEqual((events.returncode, err), (0, b""))
        self.assertEqual(
            out.decode(),
            "1.500000 load drive:0 VTA001L8, initiator iqn.a?[2J\n"
            "2.000000 drop, reason a?b, fault 7\n"
            "3.250000 log?in\n")

    def test_events_end_with_the_program_that_reads_them(self):
        """Should be: `vtl events --follow | head -n 1` ends.  Was: only at the
        next event, which may never come."""
        self.create()
        for served in (False, True):
            with self.subTest(served=served):
                server = self.stranger() if served else None
                events = self.start("vtl", "events", "lib", "--follow",
                                    "--json")
                self.addCleanup(self.end, events)
                if served:
                    server.answer().sendall(
                        b'{"time": 1.0, "event": "login"}\n')
                    events.stdout.readline()
                events.stdout.close()
                self.assertEqual(events.wait(PATIENCE_S), 0)
                self.assertEqual(events.stderr.read(), b"")

    def test_a_line_of_events_that_is_read_half_ends_them(self):
        """Should be: status 0, no message.  Was: 1 and a message, if the reader
        left while the line was written."""
        self.create()
        for options in ((), ("--json",)):
            with self.subTest(options):
                server = self.stranger()
                events = self.start("vtl", "events", "lib", *options)
                self.addCleanup(self.end, events)
                fcntl.fcntl(events.stdout, fcntl.F_SETPIPE_SZ, 4096)
                server.answer().sendall(
                    b'{"time": 1.0, "event": "drop", "reason": "%s"}\n' %
                    (b"x" * 12000))
                while available(events.stdout) < 4096:
                    self.assertIsNone(events.poll())
                    select.select([], [], [], 0.005)
                events.stdout.close()
                self.assertEqual((events.wait(PATIENCE_S),
                                  events.stderr.read()), (0, b""))
                os.unlink(self.path("lib", "library.socket"))


if __name__ == "__main__":
    main()
