#!/usr/bin/env python3
"""tapelab record passes a pipe through, and writes a trace of its feed."""
import os
import signal
import subprocess

from command import (PATIENCE_S, PROGRAM, CommandTest, limit_files, main,
                     scenario_text)

DATA = bytes(range(256)) * 12345


class RecordTest(CommandTest):
    def trace(self, name="feed.tsv"):
        """Return the rows of a trace; check its form."""
        with open(self.path(name), encoding="ascii") as f:
            lines = f.read().split("\n")
        self.assertEqual(lines.pop(), "")
        while lines[0].startswith("#"):
            lines.pop(0)
        self.assertEqual(lines.pop(0), "time_ns\tbytes")
        rows = [tuple(int(word) for word in line.split("\t"))
                for line in lines]
        self.assertEqual(rows, sorted(rows, key=lambda row: row[0]))
        return rows

    def total(self, name="feed.tsv"):
        return sum(row[1] for row in self.trace(name))


class Passes(RecordTest):
    """The bytes go through unchanged, whatever the two files are."""

    def test_bytes_pass_from_a_pipe_to_a_pipe(self):
        result = self.start("record", "-o", "feed.tsv")
        out, err = result.communicate(DATA)
        self.assertEqual(result.returncode, 0, err)
        self.assertTrue(out == DATA)
        self.assertEqual(self.total(), len(DATA))
        self.assertIn(b"tapelab: 3.014 MiB in ", err)

    def test_bytes_pass_between_files_and_pipes(self):
        source = self.file("in", DATA)
        for inp in ("< in", ""):
            for out in ("> out", ">> out", "| cat > out", "> /dev/null"):
                with self.subTest(input=inp, output=out):
                    self.file("out", b"")
                    script = "%s \"$0\" record -qo feed.tsv %s %s" % (
                        "" if inp else "cat in |", inp, out)
                    subprocess.run(["sh", "-c", script, PROGRAM], check=True,
                                   cwd=self.dir)
                    self.assertEqual(self.total(), len(DATA))
                    if "null" not in out:
                        with open(self.path("out"), "rb") as f:
                            self.assertTrue(f.read() == DATA)
        self.assertEqual(os.path.getsize(source), len(DATA))

    def test_a_pipe_that_does_not_block(self):
        ours, its = os.pipe()
        os.set_blocking(ours, False)
        process = self.start("record", "-qo", "feed.tsv", stdin=ours)
        os.close(ours)
        os.write(its, b"first")
        self.assertEqual(process.stdout.read(5), b"first")
        os.write(its, b"second")
        os.close(its)
        self.assertEqual(process.communicate(), (b"second", b""))
        self.assertEqual(process.returncode, 0)
        self.assertEqual(self.total(), 11)


class Trace(RecordTest):
    """What the trace is, and when it appears."""

    def test_a_scenario_replays_the_trace(self):
        self.start("record", "-qo", "feed.tsv",
                   stdout=subprocess.DEVNULL).communicate(DATA)
        self.file("a.yaml", scenario_text(size=None, expect=[
            "outcome == DONE", "dump_bytes == %d B" % len(DATA)]).replace(
                "dump:", "dump:\n  size: %d B\n"
                "  feed: {trace: {file: feed.tsv, stretch: 1000%%}}" %
                len(DATA)))
        self.passes("run", "a.yaml")

    def test_it_has_a_comment_and_few_rows(self):
        process = self.start(
            "record", "-q", "-o", "feed.tsv", "-c", "a test", "--max-rows=4",
            "--resolution=1us", stdout=subprocess.DEVNULL)
        self.assertEqual(process.communicate(DATA)[1], b"")
        self.assertEqual(process.returncode, 0)
        with open(self.path("feed.tsv"), encoding="ascii") as f:
            self.assertEqual(f.readline(), "# a test\n")
        self.assertLessEqual(len(self.trace()), 4)
        self.assertEqual(self.total(), len(DATA))

    def test_an_old_trace_stays_until_the_new_one_is_complete(self):
        self.file("feed.tsv", "old")
        process = self.start("record", "-qo", "feed.tsv")
        process.stdin.write(b"some")
        process.stdin.flush()
        self.assertEqual(process.stdout.read(4), b"some")
        with open(self.path("feed.tsv"), encoding="ascii") as f:
            self.assertEqual(f.read(), "old")
        process.communicate(b"")
        self.assertEqual(self.total(), 4)
        self.assertEqual(sorted(os.listdir(self.dir)), ["feed.tsv", "tmp"])
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(os.stat(self.path("feed.tsv")).st_mode & 0o777,
                         0o666 & ~mask)


class Fails(RecordTest):
    """An error is reported before the first byte, or the bytes still pass."""

    def test_bad_usage(self):
        for args, says in (
                ([], "--output FILE"),
                (["-o", "t", "x"], "x: record reads standard input"),
                (["-o", "t", "--resolution=0 s"], "from 1 us to 1 h"),
                (["-o", "t", "--resolution=fast"], "--resolution"),
                (["-o", "t", "--max-rows=3"], "--max-rows"),
                (["-o", "t", "-c", "a\nb"], "--comment: one line"),
                (["-o", "t", "-c", "a" * 201], "--comment: one line"),
                (["-o", "none/t"], "cannot write the trace none/t: No such"),
                (["-o", "tmp"], "cannot write the trace tmp: Is a dir")):
            with self.subTest(args=args):
                self.refuses("record", *args, says=says)
        self.assertEqual(os.listdir(self.dir), ["tmp"])

    def test_a_terminal_is_refused(self):
        ours, terminal = os.openpty()
        for name in ("stdin", "stdout"):
            process = self.start("record", "-o", "t", **{name: terminal})
            err = process.communicate()[1].decode()
            self.assertEqual(process.returncode, 2, err)
            self.assertIn("standard %s is a terminal" % (
                name[3:] + "put"), err)
        os.close(ours)
        os.close(terminal)

    def test_the_trace_is_not_the_output(self):
        with open(self.path("out"), "wb") as f:
            process = self.start("record", "-o", "out", stdout=f)
            err = process.communicate(DATA)[1].decode()
        self.assertEqual(process.returncode, 2, err)
        self.assertIn("it is the standard output", err)

    def test_the_trace_is_not_the_input(self):
        self.file("in", DATA)
        with open(self.path("in"), "rb") as f:
            process = self.start("record", "-o", "in", stdin=f)
            err = process.communicate()[1].decode()
        self.assertEqual(process.returncode, 2, err)
        self.assertIn("it is the standard input", err)
        with open(self.path("in"), "rb") as f:
            self.assertTrue(f.read() == DATA)

    def test_no_bytes_are_no_trace(self):
        result = self.run_command("record", "-o", "feed.tsv")
        self.assertEqual(result.status, 1)
        self.assertIn("no bytes came; there is no trace", result.err)
        self.assertEqual(os.listdir(self.dir), ["tmp"])

    def full(self, says, **popen):
        process = self.start("record", "-qo", self.name, **popen)
        out, err = process.communicate(DATA)
        self.assertEqual(process.returncode, 1, err)
        self.assertTrue(out == DATA)
        self.assertIn("cannot write the trace %s: %s" % (self.name, says),
                      err.decode())

    def test_the_bytes_pass_when_there_is_no_room_for_the_trace(self):
        self.name = "/dev/full"
        self.full("No space left on device")
        self.name = self.file("feed.tsv", "old")
        self.full("File too large", preexec_fn=limit_files(20))
        with open(self.name, encoding="ascii") as f:
            self.assertEqual(f.read(), "old")
        self.assertEqual(sorted(os.listdir(self.dir)), ["feed.tsv", "tmp"])

    def test_the_reader_ends_early(self):
        process = self.start("record", "-o", "feed.tsv")
        process.stdin.write(b"first")
        process.stdin.flush()
        self.assertEqual(process.stdout.read(5), b"first")
        process.stdout.close()
        process.stdin.write(b"second")
        process.stdin.close()
        err = process.stderr.read().decode()
        self.assertEqual(process.wait(PATIENCE_S), 1)
        process.stderr.close()
        self.assertIn("Broken pipe; the reader ended before the input", err)
        self.assertEqual(self.total(), 5)

    def test_the_output_is_full(self):
        with open("/dev/full", "wb") as full:
            process = self.start("record", "-o", "feed.tsv", stdout=full)
            err = process.communicate(DATA)[1].decode()
        self.assertEqual(process.returncode, 1)
        self.assertIn("standard output: No space left on device", err)

    def test_a_signal_ends_the_recording_and_keeps_the_trace(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("record", "-qo", "feed.tsv")
            process.stdin.write(b"first")
            process.stdin.flush()
            self.assertEqual(process.stdout.read(5), b"first")
            process.send_signal(number)
            self.assertEqual(process.wait(PATIENCE_S), 5)
            self.assertEqual(process.communicate(), (b"", b""))
            self.assertEqual(self.total(), 5)

    def test_a_signal_ends_a_recording_whose_reader_waits(self):
        process = self.start("record", "-qo", "feed.tsv")
        with open("/dev/zero", "rb") as zeros:
            filler = self.start("record", "-qo", "other.tsv", stdin=zeros,
                                stdout=process.stdin)
        process.stdin.close()
        self.assertEqual(len(process.stdout.read(5)), 5)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE_S), 5)
        self.assertGreater(self.total(), 5)
        filler.communicate()
        self.assertEqual(filler.returncode, 1)
        process.stdout.close()
        process.stderr.close()


if __name__ == "__main__":
    main()
