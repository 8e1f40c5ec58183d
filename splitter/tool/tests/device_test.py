#!/usr/bin/env python3
"""The command on a tape device; driver and drive are simulated."""
import contextlib
import fcntl
import json
import os
import pty
import signal
import sqlite3
import subprocess
import termios

from command import CommandTest, Result, PATIENCE_S, SCENARIOS, main

PROGRAM = os.path.abspath(os.path.join(os.environ.get("BUILD", "build"),
                                       "sim", "tests", "device_main"))
WRITE = ("write", "--device", "/dev/nst0", "--dump", "d", "--no-catalogue")
DATA = bytes(range(256)) * 400
# The one notice of a write through a simulated driver without SG_IO.
UNKNOWN = ("error counters, TapeAlert flags and the memory of the cartridge "
           "cannot be known over the node of the tape driver")
VERBS = (WRITE, ("read", "--device", "/dev/nst0", "--dump", "d"),
         ("scan", "--device", "/dev/nst0"), ("label", "--device", "/dev/nst0"))
TEST = os.path.join(SCENARIOS, "acceptance", "10_label.yaml")
# Each command that uses a drive, without its --device.
WITH_DEVICE = (("write", "--dump", "d", "--no-catalogue"),
               ("read", "--dump", "d"), ("scan",), ("label", "--volume", "V"),
               ("run", TEST, "--volume", "V", "--yes"),
               ("run", TEST, "--volume", "V", "--yes", "--trial", "1min"),
               ("calibrate", "--volume", "V", "--yes"), ("release",))


class Device(CommandTest):
    def begin(self, how, *args, **popen):
        """Start the command on a drive and volumes described by `how`."""
        for name in ("stdin", "stdout", "stderr"):
            popen.setdefault(name, subprocess.PIPE)
        return subprocess.Popen(
            [PROGRAM, "report=" + self.path("report"), *how.split(), *args],
            cwd=self.dir, env=self.environment(), **popen)

    def device(self, how, *args, stdin=DATA):
        with self.begin(how, *args) as process:
            out, err = process.communicate(stdin, PATIENCE_S)
        return Result(process.returncode, out, err)

    def report(self):
        """Return the state of the door, changes of other volumes, and the
        objects on each volume."""
        with open(self.path("report"), encoding="ascii") as f:
            return f.read().split()

    def test_every_command_refuses_the_same_names_in_the_same_words(self):
        for name, says in (
                ("/dev/st0", "this node rewinds the tape when it is closed: "
                 "use the one whose name begins with nst"),
                ("/dev/ttyS0", "this is not a tape drive: name a drive such "
                 "as /dev/nst0 or /dev/sg3"),
                ("/dev/nst5", "No such file or directory: name a drive such "
                 "as /dev/nst0 or /dev/sg3"),
                ("/dev/sg9", "its device is not in /sys: has the driver "
                 "found the drive, and is /sys mounted?")):
            for verb in WITH_DEVICE:
                with self.subTest(name=name, verb=verb):
                    r = self.device("root=" + self.dir, *verb, "--device",
                                    name, stdin=b"")
                    self.assertEqual((r.status, r.out), (2, ""))
                    self.assertEqual(r.err, "tapelab: %s: %s\n" % (name, says))

    def test_a_dump_is_written_and_the_door_is_unlocked(self):
        for how in ("kind=scratch", "kind=scratch old=1 no_sg=1",
                    "kind=scratch locked=1"):
            r = self.device(how, *WRITE)
            self.assertEqual(r.status, 0, r.err)
            self.assertIn(UNKNOWN, r.err)
            self.assertEqual(r.err.count("\n"), 1, r.err)
            self.assertEqual(self.report()[0], "unlocked")

    def test_every_subcommand_unlocks_a_locked_door(self):
        for verb in VERBS:
            self.device("kind=labelled locked=1", *verb)
            self.assertEqual(self.report()[0], "unlocked", verb)

    def test_a_fixed_block_size_does_not_hide_the_label(self):
        r = self.device("kind=scratch", *WRITE, "--fixed", "--block", "8 KiB")
        self.assertEqual((r.status, r.err.count("\n")), (0, 1), r.err)
        self.assertIn(UNKNOWN, r.err)

    def test_a_block_size_that_the_drive_refuses_is_wrong_usage(self):
        for how in ("kind=scratch", "kind=scratch no_sg=1"):
            r = self.device(how, *WRITE, "--block", "16 MiB", "--buffer",
                            "64 MiB")
            self.assertEqual(r.status, 2, r.err)
            self.assertIn("choose another size with --block", r.err)
            self.assertEqual(self.report(),
                             ["unlocked", "untouched", "2", "2"])

    def test_a_wrong_volume_in_the_drive_is_named(self):
        for kind, what in (("labelled", "volume MEM001L0 is in the drive"),
                           ("foreign", "no readable label")):
            for verb in VERBS:
                r = self.device("kind=" + kind, *verb, "--volume", "OTHER1")
                self.assertNotEqual(r.status, 0)
                self.assertIn(what, r.err + str(r.out))

    def test_the_catalogue_forgets_the_old_name_of_a_volume(self):
        catalogue = ("--catalogue", self.path("catalogue.db"))
        new = ("--volume", "NEW001", "--overwrite-unnamed", "--yes")
        write = WRITE[:-2]
        for verb in ((*write, "e"), VERBS[3]):
            self.device("kind=scratch", *write, "to %s" % verb[0], *catalogue)
            self.assertEqual(self.parts_on("MEM001L0"), 1)
            r = self.device("kind=labelled", *verb, *new, *catalogue)
            self.assertEqual(r.status, 0, r.err)
            self.assertEqual(self.parts_on("MEM001L0"), 0)

    def parts_on(self, volume):
        """Return how many parts the catalogue has on a volume."""
        with contextlib.closing(sqlite3.connect(
                self.path("catalogue.db"))) as db:
            return db.execute("select count(*) from parts where volume = ?",
                              (volume,)).fetchone()[0]

    def test_an_empty_drive_is_reported(self):
        for verb in VERBS:
            r = self.device("empty=1", *verb)
            self.assertNotEqual(r.status, 0)
            self.assertIn("the drive is empty", r.err)

    def test_a_signal_ends_the_wait_for_a_drive_at_once(self):
        for verb in (WRITE + ("--json",), *VERBS[1:]):
            for number in (signal.SIGTERM, signal.SIGINT):
                with self.begin("busy=1", *verb) as process:
                    process.stdin.write(b"a volume is needed for this")
                    process.stdin.flush()
                    said = process.stderr.readline().decode()
                    process.send_signal(number)
                    out, _ = process.communicate(b"", PATIENCE_S)
                self.assertIn("the drive is not ready", said)
                self.assertEqual(process.returncode, 5)
                if "--json" in verb:
                    self.assertEqual(json.loads(out)["outcome"], "FAILED")

    def test_a_volume_refused_repeatedly_ends_the_dump(self):
        r = self.device("kind=foreign", *WRITE, "--changer-command", "true")
        self.assertEqual(r.status, 4)
        self.assertEqual(r.err.count("the volume in the drive is left "
                                     "unchanged"), 2)
        self.assertIn("\ntapelab: 2 more times: the volume in the drive is "
                      "left unchanged", r.err)
        self.assertIn("the same volume", r.err)

    def at_terminal(self, typed, how, *args):
        """Run the command with this input from its terminal."""
        own, other = pty.openpty()

        def take_terminal():
            os.setsid()
            fcntl.ioctl(other, termios.TIOCSCTTY, 0)

        with self.begin(how, *args, preexec_fn=take_terminal,
                        pass_fds=(other,)) as process:
            os.write(own, typed)
            _, err = process.communicate(DATA, PATIENCE_S)
        os.close(own)
        os.close(other)
        return Result(process.returncode, b"", err)

    def test_pressing_enter_repeatedly_ends_the_questions(self):
        r = self.at_terminal(b"\n" * 50, "kind=foreign", *WRITE)
        self.assertEqual(r.status, 4)
        self.assertIn("the same volume", r.err)

    # Expected: a barcode that a person types does not name a medium that has a
    # serial number.  Bug: whatever was in the drive was overwritten.
    def test_a_typed_barcode_does_not_name_a_medium(self):
        args = (*WRITE, "--overwrite", "NEW001")
        r = self.at_terminal(b"NEW001\n" * 9, "kind=foreign mam=1", *args)
        self.assertEqual(r.status, 4, r.err)
        self.assertIn("to overwrite it, name it: MEM001L0", r.err)
        self.assertEqual(self.report()[2:], ["2", "2"])
        r = self.at_terminal(b"NEW001\n" * 9, "kind=foreign", *args)
        self.assertEqual(r.status, 0, r.err)

    UNNAMED = WRITE + ("--overwrite-unnamed", "--volume", "NEW001")

    def test_an_unnamed_volume_is_overwritten_after_confirmation(self):
        for kind, what in (("foreign", "data of an unknown program"),
                           ("labelled", "volume MEM001L0 of tapelab")):
            r = self.device("kind=" + kind, *self.UNNAMED)
            self.assertEqual(r.status, 4)
            self.assertIn(what, r.err)
            self.assertIn("use --yes", r.err)
            self.assertEqual(self.report()[2:], ["2", "2"])
            r = self.device("kind=" + kind, *self.UNNAMED, "--yes")
            self.assertEqual(r.status, 0, r.err)
            self.assertIn(what, r.err)
            self.assertEqual(self.report()[3], "2")
            r = self.device("kind=" + kind, *VERBS[3], "--volume", "NEW001",
                            "--overwrite-unnamed", "--yes", stdin=b"")
            self.assertEqual((r.status, r.out), (0, "NEW001\n"), r.err)

    # Expected: a cartridge that has a serial number is named by it.  Bug: with
    # --yes whatever was in the drive was overwritten.
    def test_a_medium_with_a_serial_number_is_not_an_unnamed_volume(self):
        for kind in ("foreign", "labelled"):
            how = "kind=%s mam=1" % kind
            for verb in (WRITE, VERBS[3]):
                args = (*verb, "--volume", "NEW001", "--overwrite-unnamed",
                        "--yes")
                r = self.device(how, *args, stdin=b"")
                self.assertIn(r.status, (2, 4), r.err)
                self.assertIn("to overwrite it, name it: MEM001L0", r.err)
                self.assertEqual(self.report()[2:], ["2", "2"])
                r = self.device(how, *args, "--overwrite", "MEM001L0",
                                stdin=b"")
                self.assertEqual(r.status, 0, r.err)
                # The driver that may not ask knows no name.
                r = self.device(how + " no_sg=1", *args, stdin=b"")
                self.assertEqual(r.status, 0, r.err)

    def test_only_the_volume_in_the_drive_at_the_start_is_overwritten(self):
        r = self.device("kind=foreign", *self.UNNAMED, "--yes", "--volume",
                        "NEW002", "--limit", "64 KiB", "--block", "8 KiB",
                        "--changer-command", "true")
        self.assertEqual(r.status, 4)
        self.assertEqual(self.report()[3], "2")
        r = self.device("kind=foreign empty=1", *self.UNNAMED, "--yes",
                        "--changer-command", "true")
        self.assertEqual(r.status, 4)
        self.assertEqual(self.report()[2:], ["2", "2"])

    def test_a_write_once_volume_is_written_but_not_labelled(self):
        r = self.device("kind=blank worm=1", *VERBS[3], "--volume", "NEW001",
                        stdin=b"")
        self.assertEqual((r.status, r.out), (2, ""))
        self.assertIn("WORM", r.err)
        self.assertEqual(self.report()[2:], ["0", "0"])
        r = self.device("kind=blank worm=1", *WRITE, "--volume", "NEW001")
        self.assertEqual((r.status, r.err.count("\n")), (0, 1), r.err)
        self.assertIn(UNKNOWN, r.err)

    def test_a_foreign_volume_needs_a_name(self):
        r = self.device("kind=foreign", *WRITE, "--overwrite-unnamed",
                        "--yes")
        self.assertEqual(r.status, 4)
        self.assertIn("give it a name", r.err)
        self.assertEqual(self.report()[2:], ["2", "2"])

    def test_a_volume_without_a_barcode_is_named_by_its_medium(self):
        how = "kind=foreign mam=1"
        for verb in (WRITE, VERBS[3]):
            r = self.device(how, *verb, stdin=b"")
            if verb is WRITE:
                self.assertIn("to overwrite it, name it: MEM001L0", r.err)
            r = self.device(how, *verb, "--overwrite", "MEM002L0", stdin=b"")
            self.assertIn(r.status, (2, 4))
            self.assertIn("to overwrite it, name it: MEM001L0", r.err)
            self.assertEqual(self.report()[2:], ["2", "2"])
            r = self.device(how, *verb, "--overwrite", "MEM001L0", stdin=b"")
            self.assertEqual(r.status, 0, r.err)
            self.assertEqual(r.err.count("\n"), verb is WRITE, r.err)
            # The driver that may not ask knows no name.
            r = self.device(how + " no_sg=1", *verb, "--overwrite",
                            "MEM001L0", stdin=b"")
            self.assertIn(r.status, (2, 4))
            self.assertEqual(self.report()[2:], ["2", "2"])

    def test_a_word_confirms_the_overwriting(self):
        """Input from before the question does not count as an answer."""
        for answer, status in ((b"yes\n", 0), (b"y\n", 4), (b"\n", 4)):
            own, other = pty.openpty()

            def take_terminal(terminal=other):
                os.setsid()
                fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

            with self.begin("kind=foreign volumes=1", *self.UNNAMED,
                            preexec_fn=take_terminal,
                            pass_fds=(other,)) as process:
                os.write(own, b"no\n" if status == 0 else b"yes\n")
                process.stdin.write(DATA[:4096])
                process.stdin.flush()
                shown = b""
                while b"leave it: " not in shown:
                    shown += os.read(own, 1024)
                os.write(own, answer + b"q\n" * 9)
                _, err = process.communicate(b"", PATIENCE_S)
            os.close(own)
            os.close(other)
            self.assertEqual(process.returncode, status, err)

    def test_nothing_is_written_after_the_drive_was_disturbed(self):
        """At any call: no other cartridge is written, no lost data of the
        first one is called safe, and the door is unlocked."""
        for way in ("reset", "out", "back", "exchanged"):
            for nth in range(1, 70, 5):
                r = self.device("volumes=3 kind=scratch old=1 fail=%d:%s" % (
                    nth, way), *WRITE, "--block", "8 KiB", "--part",
                    "32 KiB", "--cache", "memory", "--changer-command", "true")
                self.assertIn(r.status, (0, 4), r.err)
                self.assertEqual(self.report()[:2], ["unlocked", "untouched"],
                                 (way, nth, r.err))

    def test_an_exchanged_cartridge_is_not_taken_for_the_one_that_was_read(
            self):
        """At any call of the scan of a volume, and after it."""
        small = (*WRITE, "--block", "8 KiB", "--volume", "MEM001L0")
        label = ("label", "--device", "/dev/nst0", "--no-catalogue",
                 "--volume", "MEM001L0", "--overwrite",
                 "MEM001L0")
        for kind, verb, calls in (("scratch", small, 40),
                                  ("labelled", small, 40),
                                  ("labelled", label, 33)):
            for nth in range(1, calls + 1):
                r = self.device("volumes=3 kind=%s old=1 fail=%d:exchanged" % (
                    kind, nth), *verb)
                self.assertIn(r.status, (2, 4), (kind, nth, r.err))
                self.assertEqual(self.report()[:2], ["unlocked", "untouched"],
                                 (kind, nth, r.err))


if __name__ == "__main__":
    main()
