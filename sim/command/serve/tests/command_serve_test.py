#!/usr/bin/env python3
"""`tapelab serve`: a library over iSCSI, and the commands that work on it
while it is served."""
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import time
import unittest

from command import CommandTest, PATIENCE_S, main
from initiator import Initiator

NO_SYNC = os.path.abspath(os.path.join(
    os.environ.get("BUILD", "build"),
    "vtl/volume/tests/no_sync_preload.so"))
READY = "00 00 00 00 00 00"
LOAD = "a5 00 00 01 04 00 01 00 00 00 00 00"


class Served(CommandTest):
    """A test with a library, and shortcuts to serve it."""

    def setUp(self):
        super().setUp()
        self.initiators = []

    def create(self, *options, name="lib"):
        self.passes("vtl", "create", "--volumes", "4", "--capacity", "64 MiB",
                    *options, name)

    def serve(self, *options, library="lib", **popen):
        """Start a server; return its process when initiators can attach."""
        ready = self.path("ready.json")
        if os.path.exists(ready):
            os.unlink(ready)
        process = self.start("serve", library, "--listen", "127.0.0.1:0",
                             "--ready", ready, *options, **popen)
        self.addCleanup(self.end, process)
        deadline = time.monotonic() + PATIENCE_S
        while not os.path.exists(ready):
            self.assertIsNone(process.poll(), "the server has ended")
            self.assertLess(time.monotonic(), deadline)
            select.select([], [], [], 0.005)
        with open(ready, encoding="utf-8") as f:
            self.ready = json.load(f)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def stop(self, process, status=0):
        """End the server; return what it printed.  It would wait for a while
        until the initiators log out."""
        for initiator in self.initiators:
            initiator.close()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE_S)
        self.assertEqual(process.returncode, status, err)
        return out.decode(), err.decode()

    def attach(self, **options):
        options.setdefault("target", self.ready["iqn"])
        initiator = Initiator(self.ready["host"], self.ready["port"],
                              **options)
        self.addCleanup(initiator.close)
        self.initiators.append(initiator)
        return initiator

    def attach_loaded(self):
        """Attach, and load the first volume into the drive of LUN 1."""
        initiator = self.attach()
        self.settled(initiator, 0)
        initiator.command(0, LOAD)
        self.settled(initiator, 1)
        return initiator

    def settled(self, initiator, lun):
        """Wait until a unit has no unit attention; return its state."""
        while True:
            answer = initiator.command(lun, READY)[0]
            if not answer.startswith("6/"):
                return answer

    def where(self):
        out = self.passes("vtl", "status", "lib", "--json").out
        return {e["barcode"]: e["element"]
                for e in json.loads(out)["elements"] if e["full"]}


class Serve(Served):
    def test_a_volume_wears_out_while_it_is_served(self):
        self.create()
        self.passes("vtl", "wear", "lib", "VTA001L8", "--life", "2")
        self.serve()
        initiator = self.attach()
        flags = []
        for _ in range(3):
            self.passes("vtl", "load", "lib", "VTA001L8", "0")
            self.settled(initiator, 1)
            # LOG SENSE, page 2Eh: TapeAlert, flag 7
            page = initiator.command(1, "4d 00 6e 00 00 00 00 01 44 00",
                                     324)[1]
            flags.append(page[4 + 5 * 6 + 4])
            self.passes("vtl", "unload", "lib", "0")
        self.assertEqual(flags, [0, 0, 1])
        self.passes("vtl", "load", "lib", "VTA001L8", "0")
        self.passes("vtl", "expect", "lib", "volume VTA001L8 loads == 4")
        self.refuses("vtl", "wear", "lib", "VTA001L8", "--life", "9",
                     status=1, says="in use")

    def test_ready_file_and_output_say_how_to_attach(self):
        self.create("--drives", "2", "--drive-model", "lto9")
        process = self.serve("--name", "IQN.2026-11.Test:x")
        self.assertEqual(self.ready["iqn"], "iqn.2026-11.test:x")
        self.assertEqual(self.ready["pid"], process.pid)
        self.assertEqual([u["element"] for u in self.ready["luns"]],
                         ["changer", "drive:0", "drive:1"])
        drive = self.ready["luns"][2]
        self.assertEqual((drive["lun"], drive["vendor"], drive["product"]),
                         (2, "IBM", "ULTRIUM-TD9"))
        self.assertEqual(drive["target"], "iqn.2026-11.test:x.drive1")
        identity = {i["element"]: i for i in json.loads(self.passes(
            "vtl", "identity", "lib", "--json").out)}
        self.assertEqual(drive["serial"], identity["drive:1"]["serial"])
        self.assertEqual(drive["by_id"], "/dev/tape/by-id/scsi-3%s-nst" %
                         identity["drive:1"]["naa"])
        out, err = self.stop(process)
        self.assertIn("iscsiadm -m node -T iqn.2026-11.test:x -p 127.0.0.1:%d "
                      "--login\n" % self.ready["port"], out)
        self.assertIn("file=iscsi://%s/iqn.2026-11.test:x/1\n" %
                      self.ready["address"], out)
        self.assertEqual(err, "")
        self.assertFalse(os.path.exists(self.path("lib", "library.socket")))

    def test_commands_move_cartridges_while_the_library_is_served(self):
        self.create()
        process = self.serve()
        initiator = self.attach()
        self.assertEqual(initiator.login, 0)
        self.assertEqual(self.settled(initiator, 1), "2/3A/00")
        self.assertEqual(self.settled(initiator, 0), "good")
        self.assertEqual(self.passes("vtl", "load", "lib", "2").out,
                         "VTA002L8: slot:2 -> drive:0\n")
        self.assertEqual(initiator.command(1, READY)[0], "6/28/00")
        self.assertEqual(initiator.command(1, READY)[0], "good")
        self.assertEqual(initiator.command(1, "0a 00 00 10 00 00",
                                           out=b"x" * 4096)[0], "good")
        self.assertEqual(initiator.command(1, "10 00 00 00 01 00")[0], "good")
        self.assertEqual(self.passes("vtl", "unload", "lib", "0").out,
                         "VTA002L8: drive:0 -> slot:2\n")
        self.assertEqual(initiator.command(1, READY)[0], "2/3A/00")
        self.assertEqual(self.passes("mtx", "-f", "lib", "load", "2", "1").out,
                         "Loading media from Storage Element 2 into drive 1..."
                         "done\n")
        self.assertEqual(self.settled(initiator, 2), "good")
        self.assertEqual(initiator.command(2, "08 00 00 10 00 00", 4096),
                         ("good", b"x" * 4096))
        self.assertEqual(self.passes("vtl", "export", "lib", "VTA003L8").out,
                         "VTA003L8 -> ie:1\n")
        self.assertEqual(initiator.command(0, READY)[0], "6/28/01")
        self.assertEqual(initiator.command(0, LOAD)[0], "good")
        self.assertEqual(self.where(), {
            "VTA001L8": "drive:0", "VTA002L8": "drive:1", "VTA003L8": "ie:1",
            "VTA004L8": "slot:4"})
        self.refuses("vtl", "load", "lib", "4", "0", status=1,
                     says="drive 0 is full")
        self.refuses("write", "--library", "lib", "-d", "x", "--no-catalogue",
                     "--label-blank", status=4, says="in use by process %d "
                     "(tapelab serve)" % process.pid)
        self.stop(process)
        self.assertEqual(self.where()["VTA002L8"], "drive:1")

    def test_faults_apply_at_once_and_strict_counts_them(self):
        self.create()
        process = self.serve("--strict")
        initiator = self.attach()
        self.passes("vtl", "load", "lib", "VTA001L8")
        self.assertEqual(self.settled(initiator, 1), "good")
        self.passes("vtl", "fault", "lib", "--entry", "{fail: drive, "
                    "operation: write, nth: 2, once: true}", "--entry",
                    "{fail: write, volume: VTA001L8, block: 3, once: true}",
                    "--entry", "{fail: move, mode: stuck, nth: 1, once: true}")
        write = ("0a 00 00 02 00 00",)
        answers = [initiator.command(1, *write, out=bytes(512))[0]
                   for _ in range(6)]
        self.assertEqual(answers, ["good", "3/0C/00"] + 4 * ["good"])
        # The drive reports the defect when it writes its buffer.
        self.assertEqual(initiator.command(1, "10 00 00 00 01 00")[0],
                         "3/0C/00")
        self.passes("vtl", "expect", "lib", "fault 2 spent",
                    "fault 1 spent", "fault 3 struck == 0")
        self.refuses("vtl", "move", "lib", "slot:2", "slot:9", status=1,
                     says="the robot is stuck")
        self.stop(process)
        process = self.serve("--strict")
        self.passes("vtl", "fault", "lib", "--entry", "{fail: drive, "
                    "operation: read, nth: 1}")
        # One of a volume that is in a served drive.
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: read, volume: VTA001L8, block: 9}")
        err = self.stop(process, status=1)[1]
        unstruck = ("tapelab: --strict: 2 faults never struck:\n"
                    "fault 4: {fail: drive, operation: read, nth: 1, "
                    "mode: fail, sense: medium_error}\n"
                    "fault 5: {fail: read, volume: VTA001L8, block: 9, "
                    "sense: 3/11/00}\n")
        self.assertIn(unstruck, err)
        process = self.serve("--strict")
        # They were armed all the same.
        self.passes("vtl", "fault", "lib", "--remove", "4", "--remove", "5")
        self.assertIn(unstruck, self.stop(process, status=1)[1])
        process = self.serve("--strict")
        self.passes("vtl", "snapshot", "lib", "fresh")
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: move, mode: stuck, nth: 7}")
        self.passes("vtl", "restore", "lib", "fresh")
        self.assertIn("1 fault never struck:\nfault 6: move 7 and all later "
                      "ones: stuck\n", self.stop(process, status=1)[1])
        self.stop(self.serve("--strict"))
        shown = self.run_command("vtl", "show", "lib", "VTA001L8", "--json")
        self.assertEqual(json.loads(shown.out)["defects"], [])

    def test_no_sync_does_not_wait_for_the_disk(self):
        self.create()
        self.passes("vtl", "load", "lib", "VTA001L8")
        env = {"LD_PRELOAD": NO_SYNC,
               "ASAN_OPTIONS": "verify_asan_link_order=0"}
        process = self.serve("--no-sync", env=env)
        initiator = self.attach()
        self.settled(initiator, 1)
        initiator.command(1, "0a 00 00 02 00 00", out=bytes(512))
        # A filemark synchronises.
        self.assertEqual(initiator.command(1, "10 00 00 00 01 00")[0], "good")
        initiator.close()
        process.kill()
        process.communicate()
        process = self.serve()
        initiator = self.attach()
        self.settled(initiator, 1)
        self.assertEqual(initiator.command(1, "08 00 00 02 00 00",
                                           room=512)[0], "good")
        self.stop(process)
        # Without the option the same disk is an error.
        self.refuses("serve", "lib", "--listen", "127.0.0.1:0", env=env,
                     says="disk I/O error")

    def test_what_a_server_does_not_take_at_once_is_said(self):
        self.create()
        process = self.serve()
        for args, says in (
                (("identity", "lib", "--drive", "0", "--product", "X"),
                 "after \"tapelab serve\" is started again"),
                (("behaviour", "lib", "{pews: 1 MiB}"),
                 "when it next loads a cartridge")):
            r = self.run_command("vtl", *args)
            self.assertEqual(r.status, 0)
            self.assertIn("tapelab: library lib is served: ", r.err)
            self.assertIn(says, r.err)
        self.passes("vtl", "identity", "lib")
        self.stop(process)
        self.passes("vtl", "identity", "lib", "--renew")

    def test_a_move_takes_the_time_of_a_paced_robot(self):
        self.create()
        process = self.serve("--pace=0.01")
        begin = time.monotonic()
        self.passes("vtl", "move", "lib", "slot:1", "slot:9")
        self.passes("mtx", "-f", "lib", "load", "2", "1")
        # Two moves of eight seconds, a hundred times faster.
        self.assertGreater(time.monotonic() - begin, 0.15)
        self.stop(process)

    def test_trace_has_a_line_for_each_command(self):
        self.create()
        process = self.serve("--trace", "trace")
        initiator = self.attach()
        initiator.command(1, READY)
        initiator.command(0, "12 00 00 00 24 00", 36)
        self.stop(process)
        with open(self.path("trace"), encoding="utf-8") as f:
            lines = [json.loads(line) for line in f]
        for line in lines:
            self.assertGreater(line.pop("time"), 1.7e9)
        self.assertEqual(lines, [
            {"nexus": 0, "initiator": "iqn.2026-11.test:i", "lun": 1,
             "cdb": "000000000000", "status": 2, "expected": 0, "residual": 0,
             "sense": "6/29/00"},
            {"nexus": 0, "initiator": "iqn.2026-11.test:i", "lun": 0,
             "cdb": "120000002400", "status": 0, "expected": 36,
             "residual": 0}])

    def test_killed_server_leaves_the_library_usable(self):
        self.create()
        process = self.serve()
        self.passes("vtl", "load", "lib", "VTA001L8")
        process.kill()
        process.communicate()
        self.assertEqual(self.where()["VTA001L8"], "drive:0")
        self.assertTrue(os.path.exists(self.path("lib", "library.socket")))
        process = self.serve()
        self.assertEqual(self.settled(self.attach(), 1), "good")
        self.stop(process)
        self.passes("vtl", "unload", "lib", "0")

    def test_paced_drive_needs_the_time_of_its_model(self):
        self.create()
        process = self.serve("--pace=0.001")
        self.passes("vtl", "load", "lib", "VTA001L8")
        initiator = self.attach()
        begun = time.monotonic()
        seen = set()
        while self.settled(initiator, 1) != "good":
            seen.add(self.settled(initiator, 1))
            self.assertLess(time.monotonic() - begun, PATIENCE_S)
        self.assertLessEqual(seen, {"2/04/01", "good"})
        self.stop(process)

    def test_bad_input_is_refused(self):
        self.create()
        process = self.serve()
        port = self.ready["port"]
        self.refuses("serve", "lib", says="drive 0 is in use by process %d "
                     "(tapelab serve)" % process.pid)
        self.create(name="other")
        self.refuses("serve", "other", "--listen", "127.0.0.1:%d" % port,
                     says="cannot listen at 127.0.0.1:%d" % port)
        self.file("open", "iqn.2026-11.test:i user a-long-secret\n")
        os.chmod(self.path("open"), 0o644)
        for args, says in (
                (["other", "--chap", "open"], "chmod 600"),
                (["other", "--chap", "none"], "none"),
                (["other", "--name", "tape"], "--name"),
                (["other", "--name", "iqn.2026-11.x:" + 197 * "a"],
                 "is longer than 210 bytes"),
                (["other", "--allow", "tape"], "--allow: initiator 'tape'"),
                (["other", "--allow", "iqn.2026-11.x:a=x"],
                 "--allow: 'x' is not a list of logical units"),
                (["other", "--listen", "127.0.0.1:0", "--allow",
                  "iqn.2026-11.x:a=0,3-9"], "--allow: iqn.2026-11.x:a: the "
                 "library has no LUN 3: use 0 to 2"),
                (["other", "--listen", "10.0.0.1"], "--allow-anyone"),
                (["other", "--listen", "[::]:0"], "--allow-anyone"),
                (["other", "--listen", "127.0.0.1:99999"], "--listen"),
                (["other", "--advertise", "a b"], "--advertise"),
                (["other", "--pace=0"], "is not a factor"),
                (["other", "--trace", "other/library.db"], "--trace"),
                (["other", "--listen", "127.0.0.1:0", "--ready", "no/file"],
                 "--ready"),
                (["none"], "none is no library"), ([], "name the library"),
                (["other", "lib"], "unexpected argument")):
            with self.subTest(args):
                r = self.run_command("serve", *args)
                self.assertEqual(r.status, 2, r.err)
                self.assertIn(says, r.err)
        self.stop(process)

    def test_an_initiator_needs_to_be_allowed(self):
        self.create()
        process = self.serve("--allow", "iqn.2026-11.test:i=1")
        self.assertNotEqual(self.attach(name="iqn.2026-11.test:j").login, 0)
        initiator = self.attach()
        self.assertEqual(initiator.login, 0)
        self.assertEqual(self.settled(initiator, 1), "2/3A/00")
        self.assertEqual(initiator.command(2, READY)[0], "5/25/00")
        # LUN 1 is drive 0.
        for drive, status in ((0, 0), (1, 2)):
            self.assertEqual(self.attach(target="%s.drive%d" % (
                self.ready["iqn"], drive)).login, status)
        self.assertRegex(
            self.stop(process)[1],
            r"refused: 127.0.0.1:.* it is not in the list of allowed (.*\n)+"
            r".*refused: .*: its --allow has no LUN of this target\n")
        # A range may have more than there is.
        self.stop(self.serve("--allow", "iqn.2026-11.test:i=2-99"))

    def test_check_initiator_lists_what_is_missing(self):
        r = self.run_command("serve", "--check-initiator")
        self.assertIn(r.status, (0, 1))
        self.assertRegex(r.out, r"(found|missing) +kernel module iscsi_tcp")
        r = self.run_command("serve", "--check-initiator",
                             env={"PATH": "/nowhere"})
        self.assertRegex(r.out, "missing +qemu-system-x86_64: install")

    @unittest.skipIf(shutil.which("iscsi-ls") is None, "needs libiscsi-bin")
    def test_libiscsi_finds_all_devices(self):
        self.create("--drives", "2")
        process = self.serve()
        out = subprocess.run(
            ["iscsi-ls", "-s", "iscsi://" + self.ready["address"]],
            stdout=subprocess.PIPE, check=True, timeout=PATIENCE_S
        ).stdout.decode()
        self.assertEqual(out.count("Type:SEQUENTIAL_ACCESS"), 4)
        self.assertEqual(out.count("Type:MEDIA_CHANGER"), 1)
        self.stop(process)

    def test_a_client_of_the_socket_that_stalls_stops_nobody(self):
        self.create()
        process = self.serve()
        for _ in range(5):
            s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.addCleanup(s.close)
            s.connect(os.path.relpath(self.path("lib", "library.socket")))
            s.sendall(b'{"do": "mo')
        self.passes("vtl", "load", "lib", "1")
        self.stop(process)

    def test_a_reader_of_messages_that_stops_stalls_nobody(self):
        self.create()
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        os.set_blocking(writer, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writer, bytes(4096))
        os.set_blocking(writer, True)
        process = self.serve(stderr=writer)
        os.close(writer)
        for name in "ab":
            initiator = self.attach(name="iqn.2026-11.test:" + name)
            self.assertEqual(self.settled(initiator, 0), "good")
            initiator.close()
        os.set_blocking(reader, False)
        said = b""  # with what the end of b's connection prints meanwhile
        with contextlib.suppress(BlockingIOError):
            while True:
                said += os.read(reader, 65536)
        os.set_blocking(reader, True)
        self.attach(name="iqn.2026-11.test:c")
        while b"test:c" not in said:
            some = os.read(reader, 65536)
            self.assertTrue(some, said)
            said += some
        self.assertRegex(said.decode(),
                         r"tapelab: [1-4] more messages were left out\n"
                         r"(.*\n)*tapelab: login: .*test:c")
        process.kill()

    def test_a_client_that_connects_again_and_again_floods_no_log(self):
        self.create()
        process = self.serve("--allow", "iqn.2026-11.test:i")
        begun = time.monotonic()
        for _ in range(100):
            self.attach(name="iqn.2026-11.test:j").close()
        took_s = time.monotonic() - begun
        said = self.stop(process)[1]
        lines = said.count("refused: ")
        self.assertGreaterEqual(lines, 20)
        self.assertLessEqual(lines, 20 * (2 + int(took_s)))


if __name__ == "__main__":
    main()
