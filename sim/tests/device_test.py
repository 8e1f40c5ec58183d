#!/usr/bin/env python3
"""The command on a tape device, which is a fake of the driver and its drive."""
import contextlib
import fcntl
import json
import os
import pty
import signal
import sqlite3
import subprocess
import termios

from command import CommandTest, Result, PATIENCE_S, main

PROGRAM = os.path.abspath(os.path.join(os.environ.get("BUILD", "build"),
                                       "sim", "tests", "device_main"))
WRITE = ("write", "--device", "/dev/nst0", "--dump", "d", "--no-catalogue")
DATA = bytes(range(256)) * 400
VERBS = (WRITE, ("read", "--device", "/dev/nst0", "--dump", "d"),
         ("scan", "--device", "/dev/nst0"), ("label", "--device", "/dev/nst0"))


class Device(CommandTest):
    def begin(self, how, *args, **popen):
        """Starts it on a drive and volumes as `how` says."""
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
        """The door, what became of others' volumes, objects on each."""
        with open(self.path("report"), encoding="ascii") as f:
            return f.read().split()

    def test_a_dump_is_written_and_the_door_unlocked(self):
        for how in ("kind=scratch", "kind=scratch old=1 no_sg=1",
                    "kind=scratch locked=1"):
            r = self.device(how, *WRITE)
            self.assertEqual((r.status, r.err), (0, ""))
            self.assertEqual(self.report()[0], "unlocked")

    def test_a_door_that_was_left_locked_is_unlocked_by_any_verb(self):
        for verb in VERBS:
            self.device("kind=labelled locked=1", *verb)
            self.assertEqual(self.report()[0], "unlocked", verb)

    def test_a_fixed_size_does_not_hide_the_label(self):
        r = self.device("kind=scratch", *WRITE, "--fixed", "--block", "8 KiB")
        self.assertEqual((r.status, r.err), (0, ""))

    def test_a_block_that_the_drive_does_not_take_is_bad_usage(self):
        for how in ("kind=scratch", "kind=scratch no_sg=1"):
            r = self.device(how, *WRITE, "--block", "16 MiB", "--buffer",
                            "64 MiB")
            self.assertEqual(r.status, 2, r.err)
            self.assertIn("choose another size with --block", r.err)
            self.assertEqual(self.report(),
                             ["unlocked", "untouched", "2", "2"])

    def test_it_is_said_which_volume_is_in_the_drive_instead(self):
        for kind, what in (("labelled", "volume MEM001L0 is in the drive"),
                           ("foreign", "no label that names it")):
            for verb in VERBS:
                r = self.device("kind=" + kind, *verb, "--volume", "OTHER1")
                self.assertNotEqual(r.status, 0)
                self.assertIn(what, r.err + str(r.out))

    def test_the_catalogue_forgets_the_name_that_a_volume_had(self):
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
        """How many parts on it the catalogue knows."""
        with contextlib.closing(sqlite3.connect(
                self.path("catalogue.db"))) as db:
            return db.execute("select count(*) from parts where volume = ?",
                              (volume,)).fetchone()[0]

    def test_an_empty_drive_is_called_empty(self):
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

    def test_a_volume_that_is_refused_again_and_again_is_the_last(self):
        r = self.device("kind=foreign", *WRITE, "--change", "true")
        self.assertEqual(r.status, 4)
        self.assertEqual(r.err.count("the volume in the drive is left as it "
                                     "is"), 2)
        self.assertIn("\ntapelab: 2 more times: the volume in the drive is "
                      "left as it is", r.err)
        self.assertIn("the same volume", r.err)

    def test_a_person_who_types_enter_is_not_asked_for_ever(self):
        own, other = pty.openpty()

        def take_terminal():
            os.setsid()
            fcntl.ioctl(other, termios.TIOCSCTTY, 0)

        with self.begin("kind=foreign", *WRITE, preexec_fn=take_terminal,
                        pass_fds=(other,)) as process:
            os.write(own, b"\n" * 50)
            _, err = process.communicate(DATA, PATIENCE_S)
        os.close(own)
        os.close(other)
        self.assertEqual(process.returncode, 4)
        self.assertIn(b"the same volume", err)

    UNNAMED = WRITE + ("--overwrite-unnamed", "--volume", "NEW001")

    def test_an_unnamed_volume_is_overwritten_once_that_is_confirmed(self):
        for kind, what in (("foreign", "data of an unknown program"),
                           ("labelled", "volume MEM001L0 of tapelab")):
            r = self.device("kind=" + kind, *self.UNNAMED)
            self.assertEqual(r.status, 4)
            self.assertIn(what, r.err)
            self.assertIn("give --yes", r.err)
            self.assertEqual(self.report()[2:], ["2", "2"])
            r = self.device("kind=" + kind, *self.UNNAMED, "--yes")
            self.assertEqual(r.status, 0, r.err)
            self.assertIn(what, r.err)
            self.assertEqual(self.report()[3], "2")
            r = self.device("kind=" + kind, *VERBS[3], "--volume", "NEW001",
                            "--overwrite-unnamed", "--yes", stdin=b"")
            self.assertEqual((r.status, r.out), (0, "NEW001\n"), r.err)

    def test_only_what_is_in_the_drive_at_the_start_is_overwritten(self):
        r = self.device("kind=foreign", *self.UNNAMED, "--yes", "--volume",
                        "NEW002", "--limit", "64 KiB", "--block", "8 KiB",
                        "--change", "true")
        self.assertEqual(r.status, 4)
        self.assertEqual(self.report()[3], "2")
        r = self.device("kind=foreign empty=1", *self.UNNAMED, "--yes",
                        "--change", "true")
        self.assertEqual(r.status, 4)
        self.assertEqual(self.report()[2:], ["2", "2"])

    def test_a_write_once_volume_is_not_labelled_but_written(self):
        r = self.device("kind=blank worm=1", *VERBS[3], "--volume", "NEW001",
                        stdin=b"")
        self.assertEqual((r.status, r.out), (2, ""))
        self.assertIn("WORM", r.err)
        self.assertEqual(self.report()[2:], ["0", "0"])
        r = self.device("kind=blank worm=1", *WRITE, "--volume", "NEW001")
        self.assertEqual((r.status, r.err), (0, ""))

    def test_a_foreign_volume_needs_a_name(self):
        r = self.device("kind=foreign", *WRITE, "--overwrite-unnamed",
                        "--yes")
        self.assertEqual(r.status, 4)
        self.assertIn("give it a name", r.err)
        self.assertEqual(self.report()[2:], ["2", "2"])

    def test_a_person_confirms_it_by_a_word(self):
        """What was typed before the question is no answer."""
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
        """At any call: no other cartridge is written on, nothing of the one
        that was in the drive is called safe and is not there, and the door is
        unlocked."""
        for way in ("reset", "out", "back", "exchanged"):
            for nth in range(1, 70, 5):
                r = self.device("volumes=3 kind=scratch old=1 fail=%d:%s" % (
                    nth, way), *WRITE, "--block", "8 KiB", "--part",
                    "32 KiB", "--cache", "memory", "--change", "true")
                self.assertIn(r.status, (0, 4), r.err)
                self.assertEqual(self.report()[:2], ["unlocked", "untouched"],
                                 (way, nth, r.err))

    def test_an_exchanged_cartridge_is_not_taken_for_the_one_that_was_read(
            self):
        """At any call of the look at a volume, and of what comes behind."""
        small = (*WRITE, "--block", "8 KiB", "--volume", "MEM001L0")
        label = ("label", "--device", "/dev/nst0", "--no-catalogue",
                 "--volume", "MEM001L0", "--overwrite")
        for kind, verb, calls in (("scratch", small, 32),
                                  ("labelled", small, 32),
                                  ("labelled", label, 27)):
            for nth in range(1, calls + 1):
                r = self.device("volumes=3 kind=%s old=1 fail=%d:exchanged" % (
                    kind, nth), *verb)
                self.assertIn(r.status, (2, 4), (kind, nth, r.err))
                self.assertEqual(self.report()[:2], ["unlocked", "untouched"],
                                 (kind, nth, r.err))


if __name__ == "__main__":
    main()
