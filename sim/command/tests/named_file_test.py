#!/usr/bin/env python3
"""Commands write only the files that they are meant to write."""
import os
import shutil

from command import CommandTest, main
from library import MIB, LibraryTest, data


class Named(LibraryTest):
    """Files given by name: a database is never overwritten."""

    def setUp(self):
        super().setUp()
        self.make(MIB, MIB)
        self.write("d", data(100000))

    def stays(self, *command, says="it is a database", **popen):
        """The command refuses each kind of database and leaves it
        unchanged."""
        for name in ("V001.tape", "library.db", "catalogue.db"):
            path = self.path("lib", name)
            with self.subTest(name, command=command), open(path, "rb") as f:
                before = f.read()
                self.refuses(*[path if word == "FILE" else word
                               for word in command], says=says, **popen)
                f.seek(0)
                self.assertTrue(f.read() == before)

    def test_the_list_of_missing_parts_is_not_written_over_a_volume(self):
        self.stays("read", "-l", "lib", "-d", "d", "--missing", "FILE")

    def test_a_trace_is_not_written_over_a_volume(self):
        self.stays("write", "-l", "lib", "-d", "e", "--trace", "FILE")
        self.stays("read", "-l", "lib", "-d", "d", "--trace", "FILE")
        self.stays("scan", "-l", "lib", "--trace", "FILE")
        self.stays("label", "-l", "lib", "--trace", "FILE")

    def test_a_link_to_a_volume_is_refused_too(self):
        os.symlink(self.path("lib", "V001.tape"), self.path("link"))
        before = self.volume_bytes()
        self.refuses("read", "-l", "lib", "-d", "d", "--missing", "link",
                     says="it is a database")
        self.refuses("scan", "-l", "lib", "--trace", "link",
                     says="it is a database")
        self.assertTrue(self.volume_bytes() == before)

    def test_a_dump_is_not_appended_to_a_volume(self):
        before = self.volume_bytes()
        with open(self.path("lib", "V002.tape"), "ab") as f:
            process = self.start("read", "-l", "lib", "-d", "d", stdout=f)
            err = process.communicate(b"")[1].decode()
        self.assertEqual(process.returncode, 2, err)
        self.assertIn("it is a database", err)
        self.assertTrue(self.volume_bytes() == before)

    def test_other_files_are_overwritten(self):
        self.file("list", "old\n" * 100)
        self.read("d", "--missing", "list")
        with open(self.path("list"), encoding="ascii") as f:
            self.assertEqual(f.read(), "[]")
        self.file("trace", "old\n" * 10000)
        self.read("d", "--trace", "trace")
        with open(self.path("trace"), encoding="ascii") as f:
            self.assertNotIn("old", f.read())


class Out(CommandTest):
    """The folder of --out: only results are overwritten, and nothing outside
    of it."""

    def setUp(self):
        super().setUp()
        self.scenario()

    def content(self, *names):
        with open(self.path(*names), encoding="ascii") as f:
            return f.read()

    def test_a_link_in_place_of_a_scenario_folder_is_not_followed(self):
        os.mkdir(self.path("home"))
        os.mkdir(self.path("out"))
        os.symlink(self.path("home"), self.path("out", "a"))
        for more in ((), ("--trace",)):
            self.refuses("run", "--out", "out", *more, "a.yaml",
                         says="out/a is a symbolic link")
            self.assertEqual(os.listdir(self.path("home")), [])

    def test_a_link_in_the_path_of_a_result_is_not_followed(self):
        os.mkdir(self.path("home"))
        os.mkdir(self.path("out"))
        shutil.copytree(self.path("home"), self.path("set"))
        self.scenario("set/b/a.yaml")
        os.symlink(self.path("home"), self.path("out", "b"))
        self.refuses("run", "--out", "out", "set",
                     says="out/b is a symbolic link")
        self.assertEqual(os.listdir(self.path("home")), [])

    def test_a_link_in_place_of_a_trace_is_replaced(self):
        self.file("precious", "secret")
        self.passes("run", "--out", "out", "a.yaml")
        os.symlink(self.path("precious"), self.path("out", "a", "trace.tsv"))
        self.passes("run", "--out", "out", "--trace", "a.yaml")
        self.assertEqual(self.content("precious"), "secret")
        self.assertFalse(os.path.islink(self.path("out", "a", "trace.tsv")))

    def test_a_file_that_is_not_a_result_is_not_overwritten(self):
        for name in ("results.json", "report.md", "index.html", "a/attempts.tsv",
                     "a/throughput.svg", "a/trace.tsv"):
            with self.subTest(name):
                self.file("out/" + name, "mine")
                self.refuses("run", "--out", "out", "a.yaml",
                             says="that is not a result of tapelab")
                self.assertEqual(self.content("out", name), "mine")
                shutil.rmtree(self.path("out"))

    def test_results_are_overwritten(self):
        for _ in range(2):
            self.passes("run", "--out", "out", "--trace", "a.yaml")


if __name__ == "__main__":
    main()
