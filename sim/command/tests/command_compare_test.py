#!/usr/bin/env python3
"""`tapelab report --compare`: two results, told apart by what changed."""
import json
import subprocess

from command import CommandTest, PROGRAM, main

SMALL = {"source": "random", "size": "1 MiB", "part": "256 KiB",
         "drives": "lto8", "cache": "memory", "volumes": 3}
BAD_SPOT = "faults: [{volume: 1, at: 480 KiB, fail: write}]\n"


class Compare(CommandTest):
    def results_of(self, folder, **cases):
        """Run scenarios, each of other keys, and return their folder."""
        for name, keys in cases.items():
            self.scenario("%s/%s.yaml" % (folder, name), **dict(SMALL, **keys))
        # Without gnuplot there are no plots, which take most of the time.
        self.run_command("run", "--out", folder + "/out", folder,
                         env={"PATH": self.tmp})
        return folder + "/out"

    def compare(self, status, old, new, *options):
        r = self.run_command("report", "--compare", old, new, *options)
        self.assertEqual((r.status, r.err), (status, ""))
        return r.out

    def changed(self, folder, **values):
        """Return a copy of the results in which a scenario has new values."""
        with open(self.path(folder, "results.json"), encoding="utf-8") as f:
            whole = json.load(f)
        for key, value in values.items():
            at = whole["scenarios"][0]
            *path, last = key.split("__")
            for step in path:
                at = at[int(step) if step.isdigit() else step]
            at[last] = value
        return self.file("changed.json", json.dumps(whole))

    def test_equal_results_are_the_same_and_files_are_equal(self):
        first = self.results_of("one", a={}, b={"more": BAD_SPOT})
        second = self.results_of("two", a={}, b={"more": BAD_SPOT})
        self.assertIn("2 cases: 2 the same; 0 regressions",
                      self.compare(0, first, second))
        with open(self.path(first, "results.json"), "rb") as f, \
                open(self.path(second, "results.json"), "rb") as g:
            self.assertEqual(f.read(), g.read())

    def test_another_outcome_is_a_regression(self):
        old = self.results_of("one", a={"more": BAD_SPOT})
        new = self.results_of("two", a={"more": BAD_SPOT, "cache": "none",
                                        "expect": []})
        out = self.compare(1, old, new)
        self.assertIn("outcome changed: 1\n  a (regression)\n", out)
        self.assertIn("outcome: DONE -> PARTIAL", out)
        self.assertIn("safe bytes: 1048576 -> ", out)

    def test_a_case_that_passes_again_is_no_regression(self):
        old = self.results_of("one", a={"expect": ["parts == 77"]})
        new = self.results_of("two", a={"expect": ["parts == 4"]})
        self.assertIn("result: failed -> passed", self.compare(0, old, new))
        self.assertIn("result: passed -> failed", self.compare(1, new, old))

    def test_other_attempts_are_a_regression_only_if_asked_for(self):
        old = self.results_of("one", a={})
        new = self.results_of("two", a={"part": "512 KiB"})
        out = self.compare(0, old, new, "--tolerance=100000%")
        self.assertIn("attempts changed: 1\n  a\n", out)
        self.assertIn("number of attempts: 4 -> 2", out)
        self.assertIn("attempt 1: part 1, attempt 1 on TL0001, file 1: "
                      "262144 bytes from 0, EOP -> part 1, attempt 1 on "
                      "TL0001, file 1: 524288 bytes from 0, EOP", out)
        self.assertIn("a (regression)",
                      self.compare(1, old, new, "--tolerance=100000%",
                                   "--fail-on", "wording,attempts"))

    def test_speed_is_a_regression_beyond_the_tolerance_if_it_is_worse(self):
        old = self.results_of("one", a={})
        rate = self.results("one/out")[0]["metrics"]["write_rate_mean"]
        slower = self.changed(old, metrics__write_rate_mean=rate * 0.97)
        self.assertIn("other figures: 1", self.compare(0, old, slower))
        out = self.compare(1, old, slower, "--tolerance", "2.9 %")
        self.assertIn("speed changed: 1\n  a (regression)", out)
        self.assertIn("(-3 %)", out)
        out = self.compare(0, slower, old, "--tolerance", "2.9 %")
        self.assertIn("speed changed: 1\n  a\n", out)
        longer = self.changed(
            old, metrics__duration=2 * self.results("one/out")[0]
            ["metrics"]["duration"])
        self.assertIn("duration: ", self.compare(1, old, longer))
        lost = self.changed(old, metrics__throughput_mean=None)
        self.assertIn(" -> undefined", self.compare(1, old, lost))

    def test_wording_is_told_apart(self):
        old = self.results_of("one", a={})
        new = self.changed(old, title="another",
                           dumps__0__warnings=[])
        out = self.compare(0, old, new)
        self.assertIn("wording only: 1", out)
        self.assertIn("-> another", out)
        self.compare(1, old, new, "--fail-on=wording")

    def test_new_and_vanished_cases_are_listed_in_their_place(self):
        old = self.results_of("one", a={}, c={}, e={})
        new = self.results_of("two", a={}, d={}, e={})
        out = self.compare(0, old, new)
        self.assertIn("vanished: 1\n  c\n", out)
        self.assertIn("new: 1\n  d\n", out)
        self.assertIn("4 cases: 1 vanished, 1 new, 2 the same", out)
        self.compare(1, old, new, "--fail-on=vanished")
        self.compare(1, old, new, "--fail-on=new")

    def test_markdown_for_a_merge_request(self):
        old = self.results_of("one", **{"a_b": {"more": BAD_SPOT}})
        new = self.results_of("two", **{
            "a_b": {"more": BAD_SPOT, "cache": "none", "expect": []}})
        out = self.compare(1, old, new, "--markdown")
        self.assertTrue(out.startswith("## tapelab: 1 regression\n"))
        self.assertIn("### outcome changed: 1\n\n- a\\_b (regression)\n", out)
        self.assertIn("  - `outcome: DONE -> PARTIAL`\n", out)

    def test_a_pipe_is_read(self):
        old = self.results_of("one", a={})
        with open(self.path(old, "results.json"), "rb") as f:
            done = subprocess.run(
                [PROGRAM, "report", "--compare", "/dev/stdin",
                 self.path(old)], input=f.read(), stdout=subprocess.PIPE,
                check=True)
        self.assertIn(b"1 the same", done.stdout)

    def test_results_without_a_common_case_are_refused(self):
        old = self.results_of("one", a={})
        new = self.results_of("two", b={})
        r = self.run_command("report", "--compare", old, new)
        self.assertEqual((r.status, r.out), (2, ""))
        self.assertIn('no case in common, of 1 and 1 cases ("a", "b"): '
                      "compare runs of the same scenarios", r.err)

    def test_wrong_arguments_are_explained(self):
        for arguments, message in (
                (("--compare", "a"), "--compare takes two results"),
                (("--compare", "a", "b", "c"), "--compare takes two results"),
                (("--markdown", "a"), "need --compare"),
                (("--compare", "--out=x", "a", "b"), "neither --out"),
                (("--compare", "--tolerance=5", "a", "b"), "90 %"),
                (("--compare", "--fail-on=speed", "a", "b"),
                 "use one of attempts, vanished, new"),
                (("--compare", "nowhere", "b"),
                 "nowhere: cannot open it: No such file or directory")):
            with self.subTest(arguments):
                r = self.run_command("report", *arguments)
                self.assertEqual(r.status, 2)
                self.assertIn(message, r.err)


if __name__ == "__main__":
    main()
