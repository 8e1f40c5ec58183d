#!/usr/bin/env python3
"""`tapelab run` and `check` with several cases: how files make them, which are
run, and in how many processes."""
import os
import pty
import re
import signal
import subprocess

from command import PATIENCE_S, CommandTest, main, processes_of, scenario_text

MATRIX = """matrix:
  splitter.cache: [none, memory]
  rows:
    - {name: small, dump.size: 100 kB, tags: [quick]}
    - {name: large, dump.size: 3 MB, expect: [parts == 12]}
"""


def names_of(result):
    return re.findall(r"^(?:passed |failed |skipped)  (\S+): ", result.out,
                      re.M)


class Cases(CommandTest):
    def matrix(self):
        return self.scenario("m.yaml", more=MATRIX)

    def test_each_combination_is_a_case_with_a_report(self):
        self.matrix()
        r = self.passes("run", "--out", "out", "m.yaml")
        self.assertEqual(names_of(r), [
            "m[cache=none,small]", "m[cache=none,large]",
            "m[cache=memory,small]", "m[cache=memory,large]"])
        self.assertEqual([s["name"] for s in self.results()], names_of(r))
        self.assertTrue(os.path.exists(self.path(
            "out", "m[cache=memory,large]", "attempts.tsv")))

    def test_an_expectation_of_an_included_file_names_that_file(self):
        text = scenario_text(expect=()).splitlines(True)
        self.file("x/_base.yaml", "".join(text[1:]) +
                  "expect:\n- outcome == FAILED\n")
        self.file("x/a.yaml", "include: _base.yaml\n" + text[0])
        r = self.run_command("run", "x")
        self.assertEqual(r.status, 1, r.out + r.err)
        line = len(text) + 1
        self.assertIn("  x/_base.yaml:%d: outcome == FAILED\n" % line, r.out)

    def test_files_beside_an_included_file_are_found(self):
        self.file("x/y/data", b"1" * 100000)
        text = scenario_text(source="data", size=None)
        self.file("x/y/_base.yaml", text)
        self.file("x/a.yaml", "include: y/_base.yaml\n")
        self.assertIn("100000 bytes safe", self.passes("run", "x").out)

    def test_an_error_of_several_cases_is_printed_once(self):
        self.scenario("m.yaml", block="3 B", more=MATRIX)
        r = self.run_command("check", "m.yaml")
        self.assertEqual(r.status, 2)
        self.assertEqual(len(r.err.splitlines()), 1, r.err)
        self.assertRegex(r.err, r"^m.yaml:8:19: block: .*; in the case "
                         r"\[cache=none,small\]\n$")

    def test_check_counts_the_cases(self):
        self.matrix()
        self.scenario("a.yaml")
        r = self.passes("check", "m.yaml", "a.yaml")
        self.assertEqual(r.out, "m.yaml: good, 4 cases\na.yaml: good\n")

    def test_a_large_matrix_must_be_asked_for(self):
        self.scenario("a.yaml", more="seeds: 1..1001\n")
        r = self.refuses("run", "--list", "a.yaml", says="--max-cases=1001")
        self.assertIn("1001 cases", r.err)
        self.refuses("check", "a.yaml", says="--max-cases=1001")
        r = self.passes("run", "--max-cases=1001", "--list", "a.yaml")
        self.assertEqual(len(r.lines), 1001)

    def test_seeds_and_clocks_of_the_command_line_replace_those_of_the_file(
            self):
        self.scenario("a.yaml", more="seeds: [3, 4]\nclocks: [virtual, real]\n")
        r = self.passes("run", "--list", "a.yaml")
        self.assertEqual([line.split("\t")[0] for line in r.lines], [
            "a[clock=virtual,seed=3]", "a[clock=virtual,seed=4]",
            "a[clock=real,seed=3]", "a[clock=real,seed=4]"])
        self.passes("run", "--clock=real", "--seed=7", "--out", "out",
                    "a.yaml")
        found, = self.results()
        self.assertEqual((found["name"], found["clock"], found["seed"]),
                         ("a[clock=real]", "real", 7))

    def test_standard_input_can_be_the_scenario(self):
        text = scenario_text().encode()
        r = self.passes("run", "-", stdin=text)
        self.assertEqual(names_of(r), ["stdin"])
        self.assertEqual(self.passes("check", "-", stdin=text).out,
                         "<stdin>: good\n")
        self.refuses("run", "-", stdin=text + b"tital: x\n",
                     says='<stdin>:12:1: unknown key "tital"')
        self.refuses("run", "-", stdin=scenario_text(
            source="stdin", size=None).encode(),
            says="standard input, which is the scenario itself")


class Selected(CommandTest):
    def setUp(self):
        super().setUp()
        self.scenario("set/a/one.yaml", more="tags: [x, y]\n")
        self.scenario("set/a/two.yaml", more="tags: x\n")
        self.scenario("set/b/two.yaml")

    def test_filters_and_tags_select_cases(self):
        for options, expected in (
                ((), "a/one a/two b/two"),
                (("--filter=two",), "a/two b/two"),
                (("--filter=a/*",), "a/one a/two"),
                (("--filter=*o",), "a/two b/two"),
                (("--filter=?/one",), "a/one"),
                (("-f", "one", "-f", "b/"), "a/one b/two"),
                (("-f", "!two",), "a/one"),
                (("-f", "a/", "-f", "!one"), "a/two"),
                (("--tags=x",), "a/one a/two"),
                (("--tags=y,z",), "a/one"),
                (("--tags=!x",), "b/two"),
                (("--tags=x,!y",), "a/two")):
            with self.subTest(options):
                r = self.passes("run", "--list", *options, "set")
                self.assertEqual([line.split("\t")[0] for line in r.lines],
                                 expected.split())

    def test_list_prints_tags_and_title(self):
        r = self.passes("run", "--list", "-f", "one", "set")
        self.assertEqual(r.out, "a/one\tx,y\tA dump\n")

    def test_a_selection_of_nothing_is_an_error(self):
        self.refuses("run", "--filter=three", "set",
                     says="no case is selected")


class Jobs(CommandTest):
    def some(self):
        for i in range(6):
            self.scenario("set/%d.yaml" % i, size="%d MB" % (6 - i),
                          volumes=9, expect=["parts == %d" % (4 * i)])

    def test_output_and_results_do_not_depend_on_the_number_of_jobs(self):
        self.some()
        seen = []
        for jobs in ("1", "3", "8"):
            r = self.run_command("run", "--jobs", jobs, "--out", "out", "set")
            with open(self.path("out/results.json"), "rb") as f:
                seen.append((r.status, r.out, r.err, f.read()))
        self.assertEqual(seen[0][0], 1)
        self.assertEqual(seen[1:], seen[:1] * 2)

    def test_fail_fast_stops_at_the_first_failure_in_order(self):
        self.some()
        self.scenario("set/0.yaml", expect=["parts == 4"])
        for jobs in ("1", "4"):
            r = self.run_command("run", "--jobs", jobs, "--fail-fast", "set")
            self.assertEqual(r.status, 1)
            self.assertEqual(names_of(r), ["0", "1"])
            self.assertEqual(r.lines[-1], "1 passed, 1 failed, 4 skipped (4 "
                             "of them not run: --fail-fast)")

    def test_processes_run_at_the_same_time(self):
        # Two cases wait for their sources; a third one passes.
        for name in "ab":
            os.mkfifo(self.path(name + ".fifo"))
            self.scenario("set/%s.yaml" % name, source="../%s.fifo" % name,
                          size=None)
        self.scenario("set/c.yaml")
        with self.start("run", "--jobs=3", "set") as process:
            fds = [os.open(self.path(n + ".fifo"), os.O_WRONLY) for n in "ba"]
            self.assertGreaterEqual(len(processes_of(process.pid)), 2)
            for fd in fds:
                os.close(fd)
            out, err = process.communicate(timeout=PATIENCE_S)
        self.assertEqual(process.returncode, 0, out + err)
        self.assertIn(b"3 passed", out)

    def test_messages_of_a_case_come_before_its_result_in_order(self):
        for name in "ab":
            self.scenario("set/%s.yaml" % name, payload="raw",
                          buffer="1000000 TiB")
        r = self.run_command("run", "--jobs=2", "set")
        self.assertEqual(re.findall(r"^set/(.)\.yaml: ", r.err, re.M),
                         ["a", "b"])

    def test_an_interrupt_ends_all_processes_and_counts_the_rest(self):
        for name in "abcd":
            os.mkfifo(self.path(name + ".fifo"))
            self.scenario("set/%s.yaml" % name, source="../%s.fifo" % name,
                          size=None)
        with self.start("run", "--jobs=2", "set") as process:
            fds = [os.open(self.path(n + ".fifo"), os.O_WRONLY) for n in "ab"]
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE_S)
            for fd in fds:
                os.close(fd)
        self.assertEqual(process.returncode, -signal.SIGINT, out + err)
        self.assertIn(b"0 passed, 2 failed, 2 skipped (2 of them not run: "
                      b"interrupted)\n", out)
        self.assertEqual(self.left_in_tmp(), [])

    def test_a_case_that_takes_too_long_fails_alone(self):
        os.mkfifo(self.path("a.fifo"))
        held = os.open(self.path("a.fifo"), os.O_RDWR)
        self.addCleanup(os.close, held)
        self.scenario("set/a.yaml", source="../a.fifo", size=None,
                      more="timeout: 50 ms\n")
        self.scenario("set/b.yaml")
        for option in ("--timeout=1 h", "--jobs=1"):
            r = self.run_command("run", option, "--out", "out", "set")
            self.assertEqual(r.status, 1, r.out + r.err)
            self.assertEqual(r.err, "set/a.yaml: stopped: it took longer than "
                             "its timeout of 0.05 s\n")
            self.assertIn("failed   a: not completed\npassed   b: ", r.out)
            self.assertIn("its timeout of 0.05 s", self.results()[0]["problem"])
            self.assertEqual(self.left_in_tmp(), [])


class Update(CommandTest):
    def text(self, *expect):
        return "# A comment.\n" + scenario_text(expect=()) + \
            "expect:  # another\n" + "".join(expect)

    def test_actual_values_are_written_and_nothing_else_changes(self):
        before = self.text(
            "  - outcome   == PARTIAL   # kept\n",
            "  - 'parts == 3'\n",
            "  - {that: safe_bytes <= 1 kB}\n",
            "  - attempts == 1:5\n    | 2:7  # folded\n",
            "  - safe_bytes == 2.5 MB +- 1 %  # about\n",
            "  - safe_bytes in 2 MB..2.5 MB  # between\n",
            "  - parts in 900..902\n",
            "  - parts < 4\n",
            "  - parts > 4\n",
            "  - safe_bytes < 1 MiB\n",
            "  - safe_bytes > 1.5 MB\n",
            "  - volumes_used == 1\n")
        after = self.text(
            "  - outcome   == DONE   # kept\n",
            "  - 'parts == 4'\n",
            "  - {that: safe_bytes <= 1049 kB}\n",
            "  - attempts == 1:262144 2:262144 3:262144 4:262144  # folded\n",
            "  - safe_bytes == 1.049 MB +- 1 %  # about\n",
            "  - safe_bytes in 0.79 MB..1.30 MB  # between\n",
            "  - parts in 3..5\n",
            "  - parts < 5\n",
            "  - parts > 3\n",
            "  - safe_bytes < 1048577 B\n",
            "  - safe_bytes > 1.048 MB\n",
            "  - volumes_used == 1\n")
        self.file("a.yaml", before)
        os.chmod(self.path("a.yaml"), 0o640)
        r = self.run_command("run", "--update", "a.yaml")
        self.assertEqual((r.status, r.err), (1, ""), r.out)
        with open(self.path("a.yaml"), encoding="utf-8") as f:
            self.assertEqual(f.read(), after)
        self.assertEqual(os.stat(self.path("a.yaml")).st_mode & 0o777, 0o640)
        self.assertIn("--- a.yaml\n+++ a.yaml\n@@ -11,1 +11,1 @@\n"
                      "-  - outcome   == PARTIAL   # kept\n"
                      "+  - outcome   == DONE   # kept\n", r.out)
        # The printed diff is what patch(1) applies.
        self.assertIn("@@ -14,2 +14,1 @@\n", r.out)
        self.passes("run", "a.yaml")

    def test_a_long_value_is_folded(self):
        self.file("a.yaml", self.text("  - attempts == 1:5\n").replace(
            "part: 256", "part: 64"))
        self.run_command("run", "--update", "a.yaml")
        with open(self.path("a.yaml"), encoding="utf-8") as f:
            lines = f.read().splitlines()
        self.assertRegex(lines[-2], r"^  - attempts == 1:65536 2:65536 ")
        self.assertRegex(lines[-1], r"^    9:65536 .* 16:65536$")
        self.assertLessEqual(max(map(len, lines)), 80)
        self.passes("run", "a.yaml")

    def test_values_that_differ_between_cases_stay(self):
        path = self.file("a.yaml", self.text("  - parts == 3\n") +
                         "matrix: {dump.size: [1 MiB, 2 MiB]}\n")
        with open(path, encoding="utf-8") as f:
            before = f.read()
        r = self.run_command("run", "--update", "a.yaml")
        self.assertEqual(r.status, 1)
        self.assertIn("a.yaml:11: parts == 3: not updated: cases have "
                      "different values", r.err)
        with open(path, encoding="utf-8") as f:
            self.assertEqual(f.read(), before)

    def test_included_files_are_updated_too(self):
        self.file("x/_base.yaml", self.text("  - parts == 3\n"))
        self.file("x/a.yaml", "include: _base.yaml\n")
        self.run_command("run", "--update", "x")
        self.passes("run", "x")

    def test_what_cannot_be_updated_is_named(self):
        left = (("parts != 4", "it excludes one value, which is"),
                ("failed_attempts > 0", "there is no value with which"),
                ("outcome != DONE", "it excludes one value, which is"),
                ("warnings contains clean", "the part of the text that"),
                ("attempts[9].bytes == 3 B", "the actual value is undefined"),
                ("volume TL0002 loads", "it has no value, and the actual"))
        self.file("a.yaml", self.text(*("  - %s\n" % e for e, _ in left)))
        r = self.run_command("run", "--update", "a.yaml")
        for e, why in left:
            self.assertIn(": %s: not updated: %s" % (e, why), r.err)
        self.assertEqual(r.err.count("not updated"), len(left))
        r = self.run_command("run", "--update", "-", stdin=self.text(
            "  - parts == 3\n").encode())
        self.assertIn("<stdin>:11: parts == 3: not updated: it was read from "
                      "the standard input", r.err)
        for option in ("--set=dump.size=1MiB", "--seed=3", "--clock=real"):
            self.refuses("run", "--update", option, "a.yaml", says="--update")


class Progress(CommandTest):
    def test_a_terminal_shows_progress_and_a_pipe_does_not(self):
        for i in range(3):
            self.scenario("set/%d.yaml" % i)
        self.assertEqual(self.run_command("run", "set").err, "")
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        with self.start("run", "-j1", "set", stderr=slave,
                        stdin=subprocess.DEVNULL) as process:
            out, _ = process.communicate(timeout=PATIENCE_S)
        os.close(slave)
        shown = os.read(master, 65536)
        self.assertEqual(process.returncode, 0)
        self.assertIn(b"1 of 3, ", shown)
        self.assertIn(b"\r\x1b[K", shown)
        self.assertNotIn(b"\x1b", out)


if __name__ == "__main__":
    main()
