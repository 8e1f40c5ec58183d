#!/usr/bin/env python3
"""One SIGTERM ends every subcommand, also while it waits: for a FIFO without a
writer, a pipe without a reader, or a source without data."""
import os
import select
import signal
import subprocess
import time
import unittest

from command import limit_files, main, processes_of, whole
from library import LibraryTest, MIB, data

ENDS_S = 60             # longer than this means that it hangs
SETTLE_S = 8


def full_pipe():
    """Return the writing end of a full pipe."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, bytes(4096))
    except BlockingIOError:
        pass
    os.set_blocking(writer, True)
    return reader, writer


def switches(pid):
    """Return how often the threads of a process and of its children have
    waited."""
    found = 0
    for one in [pid] + processes_of(pid):
        try:
            for thread in os.listdir("/proc/%d/task" % one):
                with open("/proc/%d/task/%s/status" % (one, thread),
                          encoding="latin-1") as f:
                    found += sum(int(line.split()[1]) for line in f
                                 if "ctxt_switches" in line)
        except OSError:
            pass
    return found


WRITE = ("write", "-l", "lib", "-d", "new", "--block", "32 KiB", "--part",
         "256 KiB", "--buffer", "1 MiB")
TUNE = ("tune", "--set", "library.drives=[lto8]", "--vary",
        "buffer=128KiB,256KiB", "--jobs", "2")
SERVE = ("serve", "lib", "--listen", "127.0.0.1:0")
READ = ("read", "-l", "lib", "-d", "old")

# Commands to run in a folder with the library "lib", whose volume V001 has the
# dump "old"; where standard output and error go ("full": a full pipe; else a
# pipe that is read). "fifo" is a FIFO without a writer; "open" has a writer
# that sends nothing.
VERBS = {
    "run, source": (("run", "fifo.yaml"),),
    "run, source that says nothing": (("run", "open.yaml"),),
    "run, source, real": (("run", "--clock", "real", "fifo.yaml"),),
    "run, source that says nothing, real": (
        ("run", "--clock", "real", "open.yaml"),),
    "run, source, twice": (("run", "--check-determinism", "fifo.yaml"),),
    "run, standard input": (("run", "stdin.yaml"),),
    "run, output": (("run", "plain.yaml", "plain.yaml"), "full"),
    "run, errors": (("run", "cannot.yaml", "plain.yaml"), None, "full"),
    "run, scenario": (("run", "fifo"),),
    "check, scenario": (("check", "fifo"),),
    "check, output": (("check", "plain.yaml", "none.yaml"), None, "full"),
    "tune, scenario": (TUNE + ("fifo",),),
    "tune, source": (TUNE + ("fifo.yaml",),),
    "tune, output": (TUNE + ("plain.yaml",), "full"),
    "tune, journal": (TUNE + ("--out", "journal", "plain.yaml"),),
    "report, journal": (("report", "fifo"),),
    "write, standard input": (WRITE,),
    "write, trace": (WRITE + ("--trace", "fifo"),),
    "write, trace that is full": (WRITE + ("--trace", "pipe"),),
    "write, output": (WRITE + ("--json", "file"), "full"),
    "write, errors": (WRITE + ("--max-volumes", "1", "large"), None, "full"),
    "read, output": (READ, "full"),
    "read, gap": (READ + ("--salvage", "--part", "2"), "full"),
    "read, trace": (READ + ("--trace", "fifo"),),
    "read, missing": (READ + ("--missing", "fifo"),),
    "scan, output": (("scan", "-l", "lib"), "full"),
    "scan, json": (("scan", "-l", "lib", "--json"), "full"),
    "scan, trace": (("scan", "-l", "lib", "--trace", "fifo"),),
    "label, output": (("label", "-l", "lib"), "full"),
    "label, trace": (("label", "-l", "lib", "--trace", "fifo"),),
    "calibrate, trace": (("calibrate", "-l", "lib", "-V", "V001", "--trace",
                          "fifo"),),
    "vtl list": (("vtl", "list", "lib"), "full"),
    "vtl show": (("vtl", "show", "lib", "V001"), "full"),
    "vtl status": (("vtl", "status", "lib"), "full"),
    "vtl files": (("vtl", "files", "lib", "V001"), "full"),
    "vtl verify": (("vtl", "verify", "lib"), "full"),
    "vtl fault": (("vtl", "fault", "lib"), "full", "full"),
    "vtl behaviour": (("vtl", "behaviour", "lib"), "full"),
    "vtl create": (("vtl", "create", "lib"), None, "full"),
    "vtl identity": (("vtl", "identity", "lib"), "full"),
    "vtl wear": (("vtl", "wear", "lib"), "full"),
    "vtl wait": (("vtl", "wait", "lib", "fault 1 struck"),),
    "vtl events": (("vtl", "events", "lib", "--follow"),),
    "vtl expect": (("vtl", "expect", "lib", "--json", "drive 0 used == no"),
                   "full"),
    "serve": (SERVE,),
    "serve, output": (SERVE, "full"),
    "serve, trace": (SERVE + ("--trace", "fifo"),),
    "mtx": (("mtx", "-f", "lib", "status"), "full"),
    "help": (("--help",), "full"),
}


class OneSignal(LibraryTest):
    def prepare(self):
        """Return a folder with all the files that the commands need."""
        self.scenario("plain.yaml")
        self.scenario("fifo.yaml", source="fifo", size=None)
        self.scenario("open.yaml", source="open", size=None)
        self.scenario("stdin.yaml", source="stdin", size=None)
        self.scenario("cannot.yaml", payload="raw", buffer="1000000 TiB")
        self.file("file", data(MIB))
        self.file("large", data(20 * MIB))
        for name in ("fifo", "open", "pipe"):
            os.mkfifo(self.path(name))
        os.mkdir(self.path("journal"))
        os.mkfifo(self.path("journal", "tune.jsonl"))
        self.make(8 * MIB, 8 * MIB, label=False)
        self.passes("label", "-l", "lib", "--volume", "V001")
        self.write("old", data(4 * MIB))
        names = os.listdir(self.dir)
        for i in range(len(VERBS)):
            os.mkdir(self.path(str(i)))
            for name in names:
                if name == "tmp":
                    os.mkdir(self.path(str(i), name))
                    continue
                subprocess.run(["cp", "-a", self.path(name),
                                self.path(str(i))], check=True)

    def begin(self, folder, args, out=None, err=None):
        ends = []
        streams = {}
        for name, where in (("stdout", out), ("stderr", err)):
            if where == "full":
                reader, writer = full_pipe()
                ends += [reader, writer]
                streams[name] = writer
        for name in ("open", "pipe"):
            ends.append(os.open(os.path.join(folder, name), os.O_RDWR))
        os.set_blocking(ends[-1], False)
        try:
            while True:
                os.write(ends[-1], bytes(4096))
        except BlockingIOError:
            pass
        process = self.start(*args, cwd=folder, env={
            "TMPDIR": os.path.join(folder, "tmp")}, **streams)
        for end in ends:
            self.addCleanup(os.close, end)
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        return process

    def settle(self, processes):
        """Wait until no process makes progress; the signal then tests the
        most. All processes must end, also if this wait fails. (ThreadSanitizer
        has a thread that is never idle.)"""
        before, same = None, 0
        deadline = time.monotonic() + SETTLE_S
        while same < 8 and time.monotonic() < deadline:
            select.select([], [], [], 0.02)
            now = [switches(p.pid) for p in processes]
            same = same + 1 if now == before else 0
            before = now

    @whole
    def test_every_subcommand_ends(self):
        # Expected: the signal ends every command.
        # Bug: some commands continued for ever.
        self.prepare()
        processes = {}
        for i, (name, how) in enumerate(VERBS.items()):
            processes[name] = self.begin(self.path(str(i)), *how)
        self.settle(processes.values())
        for name, process in processes.items():
            if process.poll() is not None:
                self.fail(name + " waits for nothing: " + self.said(process))
        for process in processes.values():
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + ENDS_S
        for i, (name, process) in enumerate(processes.items()):
            with self.subTest(name):
                try:
                    process.wait(max(0.1, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    self.fail("it goes on")
                # The labels are written by then; only printing them remains.
                # A server has nothing else to do than to end.
                bad = (1, 3) if name in (
                    "label, output", "serve", "serve, output",
                    "vtl events") else (0, 1, 3)
                self.assertNotIn(process.returncode, bad)
                self.assertEqual(os.listdir(self.path(str(i), "tmp")), [])

    def test_a_dump_whose_next_run_did_not_begin_is_not_done(self):
        # Expected: PARTIAL.
        # Bug: DONE, and the scenario had passed.
        self.file("repeat.yaml", b"""title: t
library: {drives: [instant], volumes: {count: 2, capacity: 8 MiB}}
dumps: [{name: a, size: 1 MiB, repeat: 2, every: 1 h}]
""")
        for name in ("open", "pipe"):
            os.mkfifo(self.path(name))
        process = self.begin(self.path(), ("run", "--clock", "real",
                                           "--no-read-back", "repeat.yaml"))
        self.settle([process])
        process.send_signal(signal.SIGTERM)
        process.wait(ENDS_S)
        self.assertIn("failed   repeat: PARTIAL, 1048576 bytes safe",
                      self.said(process))

    def said(self, process):
        return "".join(s.read().decode() for s in (process.stdout,
                                                   process.stderr) if s)


class NoRoom(LibraryTest):
    def test_a_file_size_limit_kills_no_subcommand(self):
        # Expected: an error, as on a full disk.
        # Bug: SIGXFSZ ended the process.
        self.make(8 * MIB, 8 * MIB)
        self.file("four", data(4 * MIB))
        self.write("old", data(MIB))
        for args, limit, status in (
                (WRITE + ("four",), 2 * MIB, (4, 5)),
                (READ, 2 * MIB, (0,)),
                (READ + ("--missing", "list", "--trace", "t"), 2 * MIB, (0,)),
                (("vtl", "create", "other"), 8192, (1, 2))):
            with self.subTest(args), open(self.path("out"), "wb") as f:
                r = self.run_command(*args, stdout=f,
                                     preexec_fn=limit_files(limit))
                self.assertIn(r.status, status, r.err)
                if status != (0,):
                    self.assertIn("may not grow: raise the limit for files "
                                  "(ulimit -f)", r.err)
        with open(self.path("out"), "wb") as f:
            r = self.run_command(*READ, stdout=f,
                                 preexec_fn=limit_files(MIB // 2))
        self.assertEqual(r.status, 5, r.err)
        self.assertIn("cannot write to standard output: File too large",
                      r.err)


if __name__ == "__main__":
    main()
