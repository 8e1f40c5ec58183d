#!/usr/bin/env python3
"""`tapelab run`: which scenarios run, in which order, from which source."""
import os
import sqlite3
import unittest

from command import BLOCK, CLOCKS, CommandTest, SCENARIOS, main


def names_of(result):
    """Return the names of the scenarios in the order of their lines."""
    return [line.split()[1].rstrip(":") for line in result.lines
            if line.startswith(("passed ", "failed ", "skipped "))]


class Statuses(CommandTest):
    def test_all_passed_is_0(self):
        self.scenario("a.yaml")
        self.scenario("b.yaml", size="0")
        for clock in CLOCKS:
            with self.subTest(clock):
                r = self.passes("run", "--clock", clock, "a.yaml", "b.yaml")
                self.assertEqual(names_of(r), ["a", "b"])
                self.assertTrue(r.lines[0].startswith("passed "))
                self.assertEqual(r.lines[-1],
                                 "2 passed, 0 failed, 0 skipped")
        self.assertEqual(self.left_in_tmp(), [])

    def test_failed_expectation_is_1_and_is_printed(self):
        self.scenario("a.yaml")
        path = self.scenario("b.yaml", expect=[
            "outcome == DONE", "parts == 5", "attempts == 1:1048576"])
        for clock in CLOCKS:
            with self.subTest(clock):
                r = self.run_command("run", "--clock", clock, "a.yaml", path)
                self.assertEqual((r.status, r.err), (1, ""))
                self.assertIn("  %s:11: parts == 5" % path, r.lines)
                self.assertIn("    but it was: 4", r.lines)
                self.assertIn("    but it was: 1:262144 2:262144 3:262144 "
                              "4:262144", r.lines)
                self.assertNotIn("  %s:10: outcome == DONE" % path, r.lines)
                self.assertEqual(r.lines[-1],
                                 "1 passed, 1 failed, 0 skipped")

    def test_a_story_in_real_time_has_the_same_results(self):
        files = [os.path.join(SCENARIOS, *name) for name in (
            ("library", "write_protected.yaml"),
            ("library", "two_dumps_at_once.yaml"),
            ("resume", "killed_in_a_part.yaml"),
            ("resume", "pulled_out_in_mid_write.yaml"))]
        results = {}
        for clock in CLOCKS:
            self.passes("run", "--clock", clock, "--out", clock, *files)
            results[clock] = self.results(clock)
        for a, b in zip(*results.values()):
            self.assertEqual([(s["title"], s["result"]) for s in a["steps"]],
                             [(s["title"], s["result"]) for s in b["steps"]])
        for s in results["real"]:
            self.assertEqual(s["clock"], "real")
            times = [t for step in s["steps"]
                     for t in (step["begun"], step["ended"])]
            self.assertEqual(times, sorted(times))
        self.assertEqual(self.left_in_tmp(), [])

    def test_few_scenarios_have_a_summary_of_their_drives(self):
        slow = self.scenario("slow.yaml", drives="lto8", part="50 GB",
                             size="200 GB", rate="100 MB/s", capacity="1 TB")
        fast = self.scenario("fast.yaml", drives="lto8", part="1 GB",
                             size="200 GB", capacity="1 TB",
                             block="512 KiB", buffer="64 MiB")
        instant = self.scenario("instant.yaml")
        r = self.passes("run", slow, fast, instant)
        self.assertRegex(r.lines[1], r"^  [0-9.]+ MB/s, limited by the "
                         "source, which brings 100 MB/s$")
        self.assertRegex(r.lines[2], r"^  stops of the drive in an hour: "
                         r"[0-9.]+ for lack of data, [0-9.]+ for filemarks, "
                         r"[0-9.]+ to change speed$")
        self.assertRegex(r.lines[3], r"^  time of the drive: streaming "
                         r"\d+ %, .*backhitches \d+ %")
        self.assertRegex(r.lines[5], r"limited by filemarks \(\d+ % of")
        self.assertTrue(r.lines[8].startswith("passed   instant"), r.lines[8])
        self.assertTrue(r.lines[9].startswith("3 passed"), r.lines[9])
        r = self.passes("run", slow, fast, instant, slow)
        self.assertEqual(len(r.lines), 5)
        tiny = self.scenario("tiny.yaml", drives="lto8", size="1 MiB",
                             buffer="64 MiB", part="0")
        r = self.passes("run", tiny)
        self.assertRegex(r.lines[1], r"limited by loads and unloads "
                         r"\(\d\d % of the time\)$")
        short = self.scenario("short.yaml", drives="lto8", size="1 GB",
                              capacity="2 GB", rate="6 MB/s", part="0",
                              buffer="8 MiB")
        r = self.passes("run", short)
        self.assertRegex(r.lines[1], r"limited by the source, which brings ")
        self.file("two.yaml", "title: t\nlibrary: {drives: [lto8], volumes: "
                  "{count: 2, capacity: 2 GB}}\ndumps: [{name: a, size: "
                  "1 GB}, {name: b, size: 1 GB}]\n")
        r = self.passes("run", "two.yaml")
        self.assertRegex(r.lines[1], r"limited by loads and unloads "
                         r"\(\d\d % of the time\)$")
        r = self.passes("run", "--out", "out", slow)
        for report in ("index.html", "report.md"):
            with open(self.path("out", report), encoding="utf-8") as f:
                self.assertIn("for lack of data, ", f.read())

    def test_set_overrides_values_of_each_scenario(self):
        self.scenario("a.yaml")
        self.scenario("b.yaml", expect=["parts == 5"])
        r = self.passes("run", "--set", "expect=[parts == 2]", "--set",
                        "splitter.part=512 KiB", "a.yaml", "b.yaml")
        self.assertEqual(r.lines[-1], "2 passed, 0 failed, 0 skipped")
        self.assertEqual(self.passes("check", "--set", "expect=",
                                     "a.yaml").lines, ["a.yaml: good"])
        for verb in "run", "check":
            r = self.run_command(verb, "--set", "splitter.part=x", "a.yaml")
            self.assertEqual((r.status, r.out), (2, ""))
            self.assertIn("a.yaml: --set splitter.part=x: part: ", r.err)
            r = self.run_command(verb, "--set", "splitter.part", "a.yaml")
            self.assertEqual(r.status, 2)
            self.assertIn("--set takes KEY=VALUE", r.err)

    def test_no_expectation_fails_unless_done(self):
        self.scenario("a.yaml", volumes=1, capacity="512 KiB", expect=[])
        r = self.run_command("run", "a.yaml")
        self.assertEqual(r.status, 1)
        self.assertIn("PARTIAL", r.lines[0])
        self.assertIn("outcome == DONE, because no expectation is about it",
                      r.out)

    def test_no_expectation_is_reported(self):
        self.scenario("a.yaml", expect=[])
        r = self.passes("run", "a.yaml")
        self.assertIn("it has no expectations", r.out)

    def test_dump_without_attempts_is_printed(self):
        # Should: "attempts == none" passes if nothing was attempted.
        # Did: it failed, and the message said "but it was: none".
        self.scenario("a.yaml", volumes=1, expect=["attempts == none", "outcome != DONE"],
                      more="faults: [{volume: 1, at: 0, fail: write}]\n")
        self.passes("run", "a.yaml")

    def test_second_scenario_that_reads_stdin_is_skipped(self):
        self.scenario("a.yaml", source="stdin", size=None)
        self.scenario("b.yaml", source="stdin", size=None)
        r = self.run_command("run", "a.yaml", "b.yaml", stdin=b"x")
        self.assertEqual(r.status, 0)
        self.assertTrue(r.lines[1].startswith("skipped "), r.out)
        self.assertEqual(r.lines[-1], "1 passed, 0 failed, 1 skipped")


class Seeds(CommandTest):
    def course(self, *args, cwd=None):
        out = self.path("out")
        self.passes("run", "--out", out, *args, cwd=cwd)
        with open(os.path.join(out, "results.json"), "rb") as f:
            return f.read()

    def fed_unevenly(self):
        return self.scenario("sub/a.yaml", drives="lto8", size="2 GB",
                             capacity="12 GB", part="500 MB", block="256 KiB",
                             buffer="64 MiB", rate="100..700 MB/s",
                             more="faults:\n  - {volume: 1, at: 1 GB, "
                             "fail: write}\n", cache="memory")

    def test_seed_gives_the_same_bytes_in_any_folder(self):
        path = self.fed_unevenly()
        first = self.course("--seed", "7", path)
        elsewhere = self.course("--seed", "7", "a.yaml", cwd=self.path("sub"))
        below = self.course("--seed", "7", "sub/a.yaml")
        self.assertEqual(first, elsewhere)
        self.assertEqual(first, below)
        self.assertNotIn(self.dir.encode(), first)
        self.assertNotIn(self.tmp.encode(), first)

    def test_folder_gives_the_same_bytes_from_any_folder(self):
        self.fed_unevenly()
        first = self.course(self.path("sub"))
        self.assertEqual(first, self.course(".", cwd=self.path("sub")))
        self.assertEqual(first, self.course("../sub/", cwd=self.path("sub")))

    def test_default_seed_is_1(self):
        path = self.fed_unevenly()
        self.assertEqual(self.course(path), self.course("--seed", "1", path))

    def test_another_seed_gives_another_result(self):
        path = self.fed_unevenly()
        took = set()
        for seed in "123":
            self.course("--seed", seed, path)
            took.add(self.results()[0]["metrics"]["duration"])
            self.assertEqual(self.results()[0]["seed"], int(seed))
        self.assertEqual(len(took), 3)

    def test_check_determinism_changes_no_output(self):
        path = self.fed_unevenly()
        once = self.passes("run", path)
        twice = self.passes("run", "--check-determinism", path)
        self.assertEqual(twice.out, once.out)


class Folders(CommandTest):
    def test_folder_is_run_in_byte_order_of_paths(self):
        for name in ("b.yaml", "a/z.yaml", "a-b.yaml", "a.yaml", "B.yaml",
                     "a/b/c.yaml", "b10.yaml", "b9.yaml"):
            self.scenario("set/" + name)
        self.scenario("set/c.yml")
        self.file("set/_included.yaml", "not one")
        self.file("set/.hidden.yaml", "not one")
        self.file("set/notes.txt", "not one")
        r = self.passes("run", "set")
        self.assertEqual(names_of(r), [
            "B", "a-b", "a", "a/b/c", "a/z", "b", "b10", "b9", "c"])

    def test_scenarios_below_out_are_not_run(self):
        self.scenario("set/a.yaml")
        self.scenario("set/out/old.yaml", expect=["outcome == FAILED"])
        self.scenario("set/out/a/older.yaml", expect=["outcome == FAILED"])
        r = self.passes("run", "--out", "set/out", "set")
        self.assertEqual(names_of(r), ["a"])

    def test_nested_scenarios_have_nested_folders(self):
        self.scenario("set/a.yaml")
        self.scenario("set/x/y/a.yaml")
        self.passes("run", "--out", "out", "set")
        self.assertEqual([(s["name"], s["file"]) for s in self.results()],
                         [("a", "a.yaml"), ("x/y/a", "x/y/a.yaml")])
        self.assertTrue(os.path.exists(self.path("out/x/y/a/attempts.tsv")))

    def test_two_files_of_one_name_get_two_folders(self):
        self.scenario("x/a.yaml")
        self.scenario("y/a.yaml", size="512 KiB")
        self.passes("run", "--out", "out", "x/a.yaml", "y/a.yaml")
        names = [s["name"] for s in self.results()]
        self.assertEqual(len(set(names)), 2)
        for name in names:
            self.assertTrue(os.path.exists(self.path("out", name,
                                                     "attempts.tsv")))

    def test_scenario_given_twice_runs_twice(self):
        self.scenario("a.yaml")
        r = self.passes("run", "a.yaml", "a.yaml")
        self.assertEqual(r.lines[-1], "2 passed, 0 failed, 0 skipped")


class Sources(CommandTest):
    data = os.urandom(3250585)
    attempts = "1:1048576 2:1048576 3:294912 | 4:858521"

    def spanning(self, name="a.yaml", **keys):
        return self.scenario(
            name, volumes=3, capacity="2621440 B", warning="131072 B",
            size=None, part="1 MiB",
            expect=["outcome == DONE", "restored == source",
                    "safe_bytes == %d B" % len(self.data),
                    "attempts == " + self.attempts], **keys)

    def on_tape(self, out):
        """Return the dump from the files of the volumes, by its attempts."""
        found = b""
        paths = {os.path.basename(p)[:-5]: p for p in self.volumes()}
        for part in self.attempts_of(self.results(out)[0]):
            self.assertEqual(part["offset"], len(found))
            db = sqlite3.connect("file:%s?mode=ro" % paths[part["volume"]],
                                 uri=True)
            rows = db.execute("select block_bytes, data, "
                              "(count - 1) * block_bytes + last_bytes "
                              "from objects where file = ? and "
                              "block_bytes > 0 order by first",
                              (part["file"],)).fetchall()
            db.close()
            self.assertTrue(rows[0][1].startswith(b"tapelab: "))
            self.assertEqual(rows[0][0], BLOCK)
            # Zeros at the end of a row are not stored.
            found += b"".join(row[1].ljust(row[2], b"\0") for row in rows[1:])
        return found

    def test_file_is_stored_on_the_volumes(self):
        self.file("set/data.bin", self.data)
        self.spanning("set/a.yaml", source="data.bin")
        for clock in CLOCKS:
            with self.subTest(clock):
                r = self.run_command("run", "--clock", clock, "--keep-volumes",
                                     "--out", clock, "set/a.yaml")
                self.assertEqual(r.status, 0, r.out + r.err)
                self.assertEqual(self.on_tape(clock), self.data)
                for name in self.left_in_tmp():
                    os.rename(self.path("tmp", name), self.path(name))

    def test_pipe_is_stored_on_the_volumes(self):
        self.spanning(source="stdin")
        for clock in CLOCKS:
            with self.subTest(clock):
                r = self.run_command("run", "--clock", clock, "--keep-volumes",
                                     "--out", clock, "a.yaml",
                                     stdin=self.data)
                self.assertEqual(r.status, 0, r.out + r.err)
                self.assertEqual(self.on_tape(clock), self.data)
                for name in self.left_in_tmp():
                    os.rename(self.path("tmp", name), self.path(name))

    def test_part_of_a_pipe_is_replayed_from_memory(self):
        self.scenario(source="stdin", size=None, volumes=3, part="1 MiB",
                      capacity="8 MiB", cache="memory",
                      more="faults:\n  - {volume: 1, at: 1536 KiB, "
                      "fail: write}\n",
                      expect=["outcome == DONE", "restored == source",
                              "attempts == 1:1048576 2:425984F | 2:1048576 "
                              "3:1048576 4:104857"])
        for clock in CLOCKS:
            self.passes("run", "--clock", clock, "a.yaml",
                        stdin=self.data)

    def test_an_empty_pipe_and_an_empty_file_are_empty_dumps(self):
        self.file("none.bin", b"")
        expect = ["outcome == DONE", "restored == source", "attempts == 1:0"]
        self.scenario("a.yaml", source="stdin", size=None, expect=expect)
        self.scenario("b.yaml", source="none.bin", size=None, expect=expect)
        for clock in CLOCKS:
            self.passes("run", "--clock", clock, "a.yaml", "b.yaml")

    def test_file_may_be_named_like_a_keyword(self):
        self.file("random", b"abc")
        self.scenario(source="{file: random}", size=None,
                      expect=["restored == source", "attempts == 1:3"])
        self.passes("run", "a.yaml")

    @unittest.skipIf(os.geteuid() == 0, "root may read every file")
    def test_unreadable_source_is_named(self):
        os.chmod(self.file("data.bin", b"x"), 0)
        self.scenario(source="data.bin", size=None)
        self.refuses("run", "a.yaml", says=["a.yaml:6:11", "data.bin"])

    def test_source_that_fails_midway_is_a_failure(self):
        # Reading unmapped memory fails with an error.
        self.scenario(source="/proc/self/mem", size=None, expect=[])
        for clock in CLOCKS:
            r = self.run_command("run", "--clock", clock, "a.yaml")
            self.assertNotEqual(r.status, 0)
            self.assertIn("/proc/self/mem", r.out + r.err)
        self.assertEqual(self.left_in_tmp(), [])


if __name__ == "__main__":
    main()
