#!/usr/bin/env python3
"""The file of `tapelab serve --ready`: when it is there, and whose it is."""
import json
import os
import select
import signal
import socket
import stat

from command import PATIENCE_S, main
from command_serve_test import Served


class Ready(Served):
    def test_ready_file_replaces_no_database(self):
        self.create()
        r = self.run_command("serve", "lib", "--listen", "127.0.0.1:0",
                             "--ready", "lib/library.db")
        self.assertEqual(r.status, 2)
        self.passes("vtl", "status", "lib")

    def test_ready_file_replaces_no_file_that_a_server_did_not_write(self):
        """Should be: a file named by mistake stays.  Was: it was removed, also
        by a start that failed."""
        self.create()
        for text in ("precious", "{}", '{"pid": 1}', '{"iqn": "x", "pid": ""}',
                     '["pid", "iqn"]'):
            with open(self.path("notes"), "w", encoding="utf-8") as f:
                f.write(text)
            for library in ("lib", "none"):
                with self.subTest(text, library=library):
                    self.refuses("serve", library, "--listen", "127.0.0.1:0",
                                 "--ready", "notes", status=2,
                                 says="--ready: cannot write notes: no server "
                                 "has written this file, so it is not "
                                 "replaced: name another file, or remove it")
                    with open(self.path("notes"), encoding="utf-8") as f:
                        self.assertEqual(f.read(), text)
        os.rename(self.path("notes"), self.path("ready.json.new"))
        r = self.run_command("serve", "lib", "--listen", "127.0.0.1:0",
                             "--ready", "ready.json")
        self.assertEqual((r.status, r.err), (
            2, "tapelab: --ready: cannot write ready.json.new: File exists\n"))
        with open(self.path("ready.json.new"), encoding="utf-8") as f:
            self.assertEqual(f.read(), text)

    def test_ready_file_appears_in_place_of_an_empty_one(self):
        self.create()
        open(self.path("empty"), "w", encoding="utf-8").close()
        process = self.start("serve", "lib", "--listen", "127.0.0.1:0",
                             "--ready", "empty")
        self.addCleanup(self.end, process)
        while not (os.path.exists(self.path("empty")) and
                   os.path.getsize(self.path("empty"))):
            self.assertIsNone(process.poll())
            select.select([], [], [], 0.005)
        self.stop(process)
        self.assertFalse(os.path.exists(self.path("empty")))

    def test_ready_is_written_into_a_fifo(self):
        self.create()
        path = self.path("fifo")
        os.mkfifo(path)
        process = self.start("serve", "lib", "--listen", "127.0.0.1:0",
                             "--ready", path)
        self.addCleanup(self.end, process)
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        select.select([reader], [], [], PATIENCE_S)
        self.assertEqual(json.loads(os.read(reader, 65536))["library"], "lib")
        self.assertTrue(stat.S_ISFIFO(os.stat(path).st_mode))

    def test_ready_file_of_an_earlier_server_is_removed(self):
        self.create()
        with open(self.path("ready.json"), "w", encoding="utf-8") as f:
            json.dump({"pid": 1, "iqn": "iqn.2026-11.tapelab:lib"}, f)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            r = self.run_command("serve", "lib", "--ready", "ready.json",
                                 "--listen",
                                 "127.0.0.1:%d" % taken.getsockname()[1])
        self.assertEqual(r.status, 2)
        self.assertFalse(os.path.exists(self.path("ready.json")))

    def test_ready_file_is_removed_when_the_server_ends(self):
        """Should be: a job that starts the next server in the same folder
        waits for it.  Was: the file stayed, with the port of the last one."""
        self.create()
        ready = self.path("ready.json")
        for number in (signal.SIGTERM, signal.SIGINT):
            process = self.serve()
            process.send_signal(number)
            self.assertEqual(process.wait(PATIENCE_S), 0)
            self.assertFalse(os.path.exists(ready))
        # It is gone before the initiators have logged out.
        process = self.serve()
        self.attach()
        process.send_signal(signal.SIGTERM)
        while os.path.exists(ready):
            self.assertIsNone(process.poll(), "the server has ended")
            select.select([], [], [], 0.005)
        self.stop(process)
        # Another server has its own file there.
        self.create(name="other")
        first = self.serve()
        os.unlink(ready)
        second = self.serve(library="other")
        self.stop(first)
        with open(ready, encoding="utf-8") as f:
            self.assertEqual(json.load(f)["pid"], second.pid)
        self.stop(second)

    def test_ready_file_of_a_killed_server_is_removed_at_each_start(self):
        self.create()
        ready = self.path("ready.json")
        for args in (("none",), ("lib", "--name", "tape"),
                     ("lib", "--chap", "none"),
                     ("lib", "--trace", "no/file")):
            with self.subTest(args):
                process = self.serve()
                process.kill()
                process.wait()
                self.assertTrue(os.path.exists(ready))
                self.refuses("serve", *args, "--ready", ready,
                             says="tapelab: ")
                self.assertFalse(os.path.exists(ready))

    def test_start_that_fails_leaves_the_ready_file_of_a_running_server(self):
        """Should be: a server that runs can be found.  Was: a start whose port
        was in use removed its file."""
        self.create()
        self.create(name="other")
        process = self.serve()
        for args in (("other", "--listen", self.ready["address"]), ("lib",),
                     ("none",)):
            self.refuses("serve", *args, "--ready", "ready.json",
                         says="tapelab: ")
            with open(self.path("ready.json"), encoding="utf-8") as f:
                self.assertEqual(json.load(f), self.ready)
        self.stop(process)


if __name__ == "__main__":
    main()
