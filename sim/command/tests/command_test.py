#!/usr/bin/env python3
"""The command line: commands, options, bad scenarios, `check`."""
import os
import unittest

from command import CommandTest, SCENARIOS, main, scenario_text


class CommandLine(CommandTest):
    def test_usage_is_printed_without_arguments(self):
        r = self.refuses(says="usage: tapelab")
        self.assertIn("run", r.err)
        self.assertIn("check", r.err)

    def test_unknown_command_is_named(self):
        self.refuses("rnu", says=["rnu", "usage: tapelab"])

    def test_help_and_version_go_to_stdout(self):
        for args in (["--help"], ["run", "--help"], ["check", "--help"],
                     ["--version"]):
            with self.subTest(args):
                self.assertNotEqual(self.passes(*args).out, "")
        self.assertRegex(self.passes("--version").out,
                         r"\Atapelab \d+\.\d+\S*\n\Z")

    def test_help_names_program_and_command(self):
        for verb in ("run", "check"):
            with self.subTest(verb):
                out = self.passes(verb, "--help").out
                self.assertIn("tapelab " + verb, out.splitlines()[0])

    def test_help_names_every_option_and_the_exit_statuses(self):
        out = self.passes("run", "--help").out
        for text in ("--clock", "--seed", "--out", "--keep-volumes",
                     "--check-determinism", "77"):
            self.assertIn(text, out)

    def test_unknown_option_is_named(self):
        path = self.scenario()
        self.refuses("run", "--fast", path, says="--fast")
        self.refuses("check", "--fast", path, says="--fast")

    def test_command_without_a_scenario_is_refused(self):
        self.refuses("run", says="scenario")
        self.refuses("check", says="scenario")

    def test_invalid_option_values_are_refused(self):
        path = self.scenario()
        for option, value in (("--seed", "-1"), ("--seed", "abc"),
                              ("--seed", ""), ("--seed", "1 MiB"),
                              ("--seed", "99999999999999999999"),
                              ("--clock", "x"), ("--clock", "")):
            with self.subTest(option + " " + value):
                self.refuses("run", option, value, path,
                             says=[option, value])
        self.refuses("run", "--out", "", path, says="--out")
        self.assertEqual(self.left_in_tmp(), [])

    def test_largest_seed_is_accepted(self):
        self.passes("run", "--seed", str(2**63 - 1), self.scenario())


BAD = [
    # the mistake, the text, the text at its place, parts of the message
    ("a missing unit", scenario_text(size="4096"), "4096", ["unit"]),
    ("an unknown unit", scenario_text(size="4 MB/s"), "4 MB/s", ["MB/s"]),
    ("an unknown key", scenario_text().replace("splitter:", "spliter:"),
     "spliter", ['did you mean "splitter"?']),
    ("a key twice", scenario_text() + "title: again\n", "title: again",
     ["twice"]),
    ("no dump", "title: x\nlibrary: {drives: [instant], "
     "volumes: {capacity: 1 MiB}}\n", "title", ["dump"]),
    ("an unknown drive", scenario_text(drives="lto88"), "lto88",
     ["did you mean"]),
    ("a block too large for the drive", scenario_text(
        drives="lto8", block="9 MiB", capacity="64 MiB"), "9 MiB",
     ["lto8", "8 MiB"]),
    ("memory without a part", scenario_text(cache="memory", part="0"),
     "memory", ["part"]),
    ("a cache that does not exist", scenario_text(cache="memry"), "memry",
     ['did you mean "memory"?']),
    ("a fault on a volume that is not there", scenario_text(
        more="faults:\n  - {volume: 77, at: 0, fail: write}\n"), "77",
     ["volume"]),
    ("an unknown metric", scenario_text(expect=["outcom == DONE"]),
     "outcom ==", ['did you mean "outcome"?']),
    ("a word that is no outcome", scenario_text(expect=["outcome == DNE"]),
     "DNE", ["outcome", 'did you mean "DONE"?']),
    ("a source that is not there", scenario_text(source="no.bin", size=None),
     "no.bin", ["cannot read the file", "No such file"]),
    ("a source that is a folder", scenario_text(source="tmp", size=None),
     "tmp", ["folder"]),
    ("a tab", scenario_text().replace("  drives", "\tdrives"), "\tdrives",
     ["tab"]),
    ("a list", "- a\n- b\n", "- a", []),
    ("a bracket that is not closed", scenario_text().replace("128 KiB,",
     "128 KiB,\n  {"), None, ["YAML"]),
    ("an empty file", "", None, []),
]


def place_of(text, at):
    """Return line and column, from 1, of the first `at` in the text."""
    before = text[:text.index(at)].split("\n")
    return "%d:%d" % (len(before), len(before[-1]) + 1)


class BadScenarios(CommandTest):
    def test_each_is_refused_with_line_and_column(self):
        for what, text, at, says in BAD:
            for verb in ("run", "check"):
                with self.subTest(what + ", " + verb):
                    self.file("bad.yaml", text)
                    r = self.refuses(verb, "bad.yaml", says=says)
                    if at is not None:
                        self.assertIn("bad.yaml:%s: " % place_of(text, at),
                                      r.err)
                    for line in r.err.splitlines():
                        self.assertRegex(line, r"\Abad\.yaml(:\d+:\d+)?: \S")
        self.assertEqual(self.left_in_tmp(), [])

    def test_invalid_utf8_is_refused(self):
        for data in (b"title: \xff\xfe\n", b"title: a\0b\n", os.urandom(4096)):
            self.file("bad.yaml", data)
            self.refuses("run", "bad.yaml", says="bad.yaml")

    def test_title_with_a_colon_gets_a_hint(self):
        self.scenario("bad.yaml", title="A dump: on tape")
        self.refuses("run", "bad.yaml", says=["bad.yaml:1:14: ", "quotes"])

    def test_all_errors_are_reported_at_once(self):
        text = scenario_text(drives="lto88", size="4096",
                             expect=["outcome == DNE"])
        self.file("bad.yaml", text)
        self.file("bad2.yaml", scenario_text().replace("title", "titel"))
        r = self.refuses("run", "bad.yaml", "none.yaml", "bad2.yaml",
                         says="none.yaml: ")
        self.assertEqual([line.split(": ")[0] for line in r.err.splitlines()],
                         ["none.yaml"] +
                         ["bad.yaml:" + place_of(text, at)
                          for at in ("lto88", "4096", "DNE")] +
                         ["bad2.yaml:1:1", "bad2.yaml:1:1"])

    def test_nothing_runs_if_one_scenario_is_bad(self):
        self.scenario("good.yaml")
        self.file("bad.yaml", "title: x\n")
        self.refuses("run", "--out", "out", "good.yaml", "bad.yaml",
                     says="bad.yaml")
        self.assertFalse(os.path.exists(self.path("out")))

    def test_missing_scenario_is_named(self):
        for verb in ("run", "check"):
            r = self.refuses(verb, "none.yaml", says="none.yaml: ")
            self.assertEqual(len(r.err.splitlines()), 1)

    def test_folder_without_scenarios_is_named(self):
        os.mkdir(self.path("empty"))
        self.refuses("run", "empty", says="empty: ")

    @unittest.skipIf(os.geteuid() == 0, "root may read every file")
    def test_unreadable_scenario_is_named(self):
        os.chmod(self.scenario("a.yaml"), 0)
        self.refuses("run", "a.yaml", says="a.yaml: ")


class Check(CommandTest):
    def test_good_scenarios_are_reported_good(self):
        self.scenario("a.yaml")
        self.scenario("b.yaml")
        r = self.passes("check", "b.yaml", "a.yaml")
        self.assertEqual(r.lines, ["b.yaml: good", "a.yaml: good"])

    def test_check_runs_nothing(self):
        self.scenario("a.yaml", expect=["outcome == FAILED"])
        self.passes("check", "a.yaml")
        self.assertEqual(self.left_in_tmp(), [])

    def test_bad_scenario_among_good_ones_is_reported(self):
        self.scenario("a.yaml")
        self.file("b.yaml", "title: x\n")
        self.scenario("c.yaml")
        r = self.run_command("check", "a.yaml", "b.yaml", "c.yaml")
        self.assertEqual(r.status, 2)
        self.assertEqual(r.lines, ["a.yaml: good", "c.yaml: good"])
        self.assertTrue(all(line.startswith("b.yaml:1:1: ")
                            for line in r.err.splitlines()), r.err)

    def test_every_shipped_scenario_is_good(self):
        r = self.passes("check", SCENARIOS)
        self.assertGreater(len(r.lines), 50)


if __name__ == "__main__":
    main()
