#!/usr/bin/env python3
"""Volumes of a run: kept, removed, on a full disk, after a signal."""
import itertools
import os
import select
import signal
import sqlite3
import subprocess
import time
import unittest

from command import (CLOCKS, CommandTest, PATIENCE_S, PROGRAM, limit_files,
                     main, processes_of)

MIB = 1 << 20


def ask(path, question):
    db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    try:
        return db.execute(question).fetchall()
    finally:
        db.close()


class Keeping(CommandTest):
    def test_volumes_are_removed_by_default(self):
        self.scenario("a.yaml", volumes=3)
        self.scenario("b.yaml", volumes=2, cache="memory",
                      more="faults: [{volume: 1, at: 100 kB, fail: write}]\n")
        for clock in CLOCKS:
            self.passes("run", "--clock", clock, "a.yaml", "b.yaml")
            self.assertEqual(self.left_in_tmp(), [])
        self.passes("run", "--check-determinism", "a.yaml", "b.yaml")
        self.assertEqual(self.left_in_tmp(), [])

    def test_keep_volumes_prints_their_folder(self):
        self.scenario("set/a.yaml")
        self.scenario("set/b.yaml")
        r = self.run_command("run", "--keep-volumes",
                             "--check-determinism", "set")
        self.assertEqual(r.status, 0)
        places = [line.split(": the volumes are in ")
                  for line in r.err.splitlines()]
        self.assertEqual([p[0] for p in places], ["a.yaml", "b.yaml"])
        self.assertEqual(sorted(os.path.basename(p[1]) for p in places),
                         self.left_in_tmp())
        for _, folder in places:
            self.assertEqual(sorted(os.listdir(folder)),
                             ["TL0001.tape", "TL0002.tape"])

    def test_dump_compresses_as_specified(self):
        for ratio in "1:1", "1.5:1", "2:1", "3:1", "10:1":
            with self.subTest(ratio):
                self.scenario(volumes=1, payload="zlib",
                              source="random\n  compression_ratio: " + ratio)
                r = self.run_command("run", "--keep-volumes", "a.yaml")
                self.assertEqual(r.status, 0, r.out)
                folder = r.err.split("the volumes are in ")[1].strip()
                (got,), = ask(
                    os.path.join(folder, "TL0001.tape"),
                    "select sum(bytes) * 1.0 / sum(length(data)) from"
                    " objects join extents using (first)"
                    " where extents.dump is not null")
                want = float(ratio[:-2])
                self.assertAlmostEqual(got, want, delta=want * 0.05)

    def test_kept_volumes_can_be_queried(self):
        self.scenario(volumes=4, capacity="512 KiB", cache="memory")
        for clock, payload in (("virtual", "none"), ("real", "raw")):
            with self.subTest(clock):
                r = self.run_command("run", "--clock", clock, "--keep-volumes",
                                     "a.yaml")
                self.assertEqual(r.status, 0)
                folder = r.err.split("the volumes are in ")[1].strip()
                for number in (1, 2, 3, 4):
                    path = os.path.join(folder, "TL%04d.tape" % number)
                    self.assertEqual(ask(path, "pragma integrity_check"),
                                     [("ok",)])
                    self.assertEqual(
                        ask(path, "select barcode, capacity_bytes, "
                            "early_warning_bytes, payload from volume"),
                        [("TL%04d" % number, 512 * 1024, None, payload)])
                    label = ask(path, "select data from objects where "
                                "first = 0")[0][0].decode()
                    self.assertIn("volume: TL%04d\n" % number, label)
                    self.assertIn("type: label\n", label)
                    self.assertIn("sequence: %d\n" % number, label)

    def test_foreign_files_in_tmpdir_stay(self):
        self.file("tmp/mine", "mine")
        os.mkdir(self.path("tmp/tapelab-mine"))
        self.scenario()
        self.passes("run", "a.yaml")
        self.assertEqual(self.left_in_tmp(), ["mine", "tapelab-mine"])

    def test_tmpdir_may_be_relative(self):
        self.scenario()
        self.passes("run", "a.yaml", env={"TMPDIR": "tmp"})
        self.assertEqual(self.left_in_tmp(), [])


class NoRoom(CommandTest):
    def filling(self, **keys):
        """Write a scenario with a dump of 24 MiB that stores its bytes."""
        self.scenario(volumes=4, capacity="64 MiB", payload="raw",
                      size="24 MiB", part="8 MiB", **keys)

    def test_missing_tmpdir_is_named(self):
        self.scenario()
        self.file("file", "")
        for below in (self.path("none"), self.path("file")):
            self.cannot_run("run", "a.yaml", env={"TMPDIR": below},
                         says=["a.yaml: ", below, "TMPDIR"])

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_tmpdir_without_write_permission_is_named(self):
        self.scenario()
        os.mkdir(self.path("locked"), 0o555)
        self.cannot_run("run", "a.yaml", env={"TMPDIR": self.path("locked")},
                     says=["a.yaml: ", "locked", "TMPDIR"])

    def test_volumes_that_cannot_be_created_are_named(self):
        self.scenario()
        for clock in CLOCKS:
            self.cannot_run("run", "--clock", clock, "a.yaml", says="TL0001",
                         preexec_fn=limit_files(4096))
        self.assertEqual(self.left_in_tmp(), [])

    # Both scenarios have no expectations, and must not pass.
    def test_file_size_limit_is_a_failure(self):
        self.filling(expect=[])
        for clock in CLOCKS:
            with self.subTest(clock):
                r = self.run_command("run", "--clock", clock, "a.yaml",
                                     preexec_fn=limit_files(4 * MIB))
                self.assertEqual(r.status, 1, r.out + r.err)
                self.assertIn("the file may not grow: raise the limit for "
                              "files (ulimit -f)", r.out + r.err)
                self.assertEqual(self.left_in_tmp(), [])

    def test_full_disk_is_a_failure_and_is_named(self):
        os.mkdir(self.path("disk"))
        script = ('mount -t tmpfs -o size=4m none "$1" || exit 99\n'
                  'TMPDIR="$1" "$2" run --clock "$4" "$3"\n'
                  'status=$?\nls "$1"\nexit $status\n')
        for clock, cache in itertools.product(CLOCKS, ("none", "memory")):
            self.filling(cache=cache, expect=[])
            r = subprocess.run(
                ["unshare", "--mount", "sh", "-c", script, "sh",
                 self.path("disk"), PROGRAM, self.path("a.yaml"), clock],
                capture_output=True, env=self.environment(), check=False)
            if not r.stdout and b"tapelab" not in r.stderr:
                self.skipTest("no disk can be mounted here")
            self.assertEqual(r.returncode, 1, r.stdout + r.stderr)
            self.assertIn(b"the disk is full", r.stdout + r.stderr)
            self.assertTrue(r.stdout.endswith(b"skipped\n"), r.stdout)

    def test_buffer_larger_than_memory_is_named(self):
        self.scenario(buffer="1000000 TiB", payload="raw")
        for clock in CLOCKS:
            self.cannot_run("run", "--clock", clock, "a.yaml",
                         says=["a.yaml: ", "buffer"])
        self.assertEqual(self.left_in_tmp(), [])


class Folder(CommandTest):
    def test_message_about_a_volume_does_not_name_its_folder(self):
        # Should: results.json is the same in each run.
        # Did: it had the random name of the temporary folder.
        self.scenario()
        r = self.cannot_run("run", "a.yaml", preexec_fn=limit_files(1024),
                            says="cannot create volume TL0001.tape: ")
        self.assertNotIn(self.tmp, r.out)


class Signals(CommandTest):
    def begin(self, *others, hangup=signal.SIG_DFL, **keys):
        """Start a run in real time; return when it writes its dump."""
        self.scenario(volumes=2, capacity="1 GiB", part="1 MiB", **keys)
        process = self.start("run", "--clock", "real", "--out", "out",
                             "a.yaml", *others, preexec_fn=lambda:
                             signal.signal(signal.SIGHUP, hangup))
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        if keys["source"] == "stdin":
            process.stdin.write(os.urandom(8 * MIB))
            process.stdin.flush()
        self.wait_for_data(process, 4 * MIB)
        return process

    def stops(self, number, **keys):
        process = self.begin(**keys)
        process.send_signal(number)
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.fail("it went on")
        self.assertEqual(process.returncode, -number)
        self.assertIn(b"interrupted", process.stdout.read())
        self.assertEqual(self.left_in_tmp(), [])
        result = self.results()[0]
        self.assertEqual((result["passed"], result["outcome"]),
                         (False, "FAILED"))
        self.assertIsNone(result["metrics"]["restored"])
        self.assertEqual(result["problem"], "interrupted: %d bytes are safe, "
                         "but were not read back" % result["safe_bytes"])
        self.assertGreaterEqual(result["safe_bytes"], MIB)
        self.assertEqual(result["safe_bytes"] % MIB, 0)

    def test_interrupted_run_ends_properly(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                self.stops(number, source="random", size="1 GB",
                           rate="10 MB/s")

    def test_nohup_keeps_a_hangup_from_ending_a_run(self):
        process = self.begin(hangup=signal.SIG_IGN, source="stdin", size=None)
        process.send_signal(signal.SIGHUP)
        process.communicate(b"", PATIENCE_S)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(self.results()[0]["outcome"], "DONE")

    def ends_by(self, process, number):
        """Send a signal to a process that would run for many seconds, and
        wait for its end; return its output."""
        self.addCleanup(process.kill)
        process.send_signal(number)
        out, err = process.communicate(b"", PATIENCE_S)
        self.assertEqual(process.returncode, -number)
        self.assertEqual(self.left_in_tmp(), [])
        return (out + err).decode()

    def wait_for(self, process, what):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and not what():
            self.assertIsNone(process.poll(), "it ended before its time")
            select.select([], [], [], 0.005)

    def test_making_volumes_can_be_interrupted(self):
        # Should: an interrupt ends it.  Did: all volumes were made first.
        self.scenario(volumes=65535)
        process = self.start("run", "a.yaml")
        self.wait_for(process, self.volumes)
        self.assertIn("a.yaml: interrupted", self.ends_by(process,
                                                          signal.SIGINT))

    def test_reading_back_can_be_interrupted(self):
        # Should: an interrupt ends it, and restored is not known.
        # Did: everything was read first; later it was "different".
        # A defect after the dump: each block is read by itself.
        self.scenario(volumes=1, size="2 TB", capacity="3 TB", part="0",
                      block="4 KiB", buffer="64 MiB",
                      more="faults:\n"
                           "  - {volume: 1, at: 2500 GB, fail: read}\n",
                      expect=["restored == source", "parts == 1"])
        self.scenario("b.yaml")
        self.scenario("c.yaml")
        process = self.start("run", "--jobs=1", "--trace", "--out", "out",
                             "a.yaml", "b.yaml", "c.yaml")

        def written():
            try:
                with open(self.path("out/a/trace.tsv"), "rb") as f:
                    f.seek(-200, os.SEEK_END)
                    return b"\tunload\t" in f.read()
            except OSError:
                return False
        self.wait_for(process, written)
        said = self.ends_by(process, signal.SIGINT)
        result = self.results()[0]
        self.assertEqual((result["outcome"], result["passed"]),
                         ("DONE", False))
        self.assertEqual(result["problem"], "interrupted while the volumes "
                         "were read back: the safe bytes were not "
                         "compared with the source")
        self.assertIsNone(result["metrics"]["restored"])
        self.assertRegex(said, r": restored == source\n"
                         r"    but it was: not known\n")
        self.assertNotIn("different", said)
        self.assertIn("\n0 passed, 1 failed, 2 skipped (2 of them not run: "
                      "interrupted)\n", said)

    def test_run_waiting_for_a_pipe_can_be_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                self.stops(number, source="stdin", size=None)

    def test_interrupt_stops_before_the_next_scenario(self):
        self.scenario("b.yaml")
        process = self.begin("--jobs=1", "b.yaml", source="random",
                             size="1 GB", rate="10 MB/s")
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_S)
        a, b = self.results()
        self.assertEqual((a["name"], b["name"]), ("a", "b"))
        self.assertEqual((b["outcome"], b["problem"]),
                         (None, "not run: interrupted"))

    def test_interrupt_is_no_determinism_failure(self):
        # Should: an incomplete comparison reports no difference.
        # Did: "two runs from seed 1 took different courses", status 3.
        self.scenario(source="source", size=None)
        os.mkfifo(self.path("source"))
        process = self.start("run", "--check-determinism", "--out", "out",
                             "a.yaml")
        # Opening succeeds when the run has opened its source.
        with open(self.path("source"), "wb") as first:
            first.write(bytes(MIB))
        with open(self.path("source"), "wb"):
            said = self.ends_by(process, signal.SIGTERM)
        self.assertIn("interrupted before a second run could be compared", said)
        self.assertNotIn("different", said)

    def test_volumes_of_a_killed_run_can_be_opened(self):
        self.scenario("before.yaml")
        self.passes("run", "--out", "out", "before.yaml")
        before = self.results()
        process = self.begin(source="random", size="1 GB", rate="20 MB/s")
        # Otherwise the other process would remove the volumes.
        process.send_signal(signal.SIGSTOP)
        for pid in processes_of(process.pid) + [process.pid]:
            os.kill(pid, signal.SIGKILL)
        process.wait()
        volumes = self.volumes()
        self.assertEqual(len(volumes), 2)
        for path in volumes:
            # SQLite plays back the journal, which writes the file.
            db = sqlite3.connect(path)
            self.assertEqual(db.execute("pragma integrity_check").fetchall(),
                             [("ok",)])
            db.close()
        # Label and first part were synchronised.
        files = ask(volumes[0], "select file, bytes from files")
        self.assertEqual(files[0], (0, 32768))
        self.assertEqual(files[1], (1, 32768 + MIB))
        self.assertEqual(self.results(), before)


if __name__ == "__main__":
    main()
