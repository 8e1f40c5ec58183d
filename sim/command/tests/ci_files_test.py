#!/usr/bin/env python3
"""The files for CI of tapelab-suite(7) work, and a newcomer understands them.

The steps of the jobs are run by bash in a repository with a branch, as GitHub
and GitLab do, except those that install tapelab.
"""
import html
import json
import os
import re
import subprocess

import yaml

from command import ROOT, CommandTest, main
from snippets import Snippets, markdown_snippets, read

# Variables that GitHub and GitLab set.
GITHUB = {"GITHUB_BASE_REF": "main", "GITHUB_STEP_SUMMARY": "summary.out"}
GITLAB = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
          "CI_PIPELINE_SOURCE": "merge_request_event"}
GIT = """\
git init -q -b main
git config user.name test
git config user.email test
git add -A
git commit -q -m first
git clone -q --bare . ../origin.git
git remote add origin ../origin.git
git fetch -q origin
git checkout -q -b change
"""


def first_scenario():
    """Return the first scenario of the README."""
    return next(s for s in markdown_snippets(read("README.md"))
                if s.startswith("title: "))


class CiFiles(Snippets):
    document = "sim/man/tapelab-suite.7"
    plots = True            # no link to the gnuplot that all tests share

    def setUp(self):
        super().setUp()
        # Without plots, which take most of the time.
        os.chmod(self.file("bin/gnuplot", "#!/bin/sh\nexit 1\n"), 0o755)

    def repository(self, snippets):
        """Make a repository as the page says, with the branch `change`."""
        self.file("work/scenarios/first.yaml", first_scenario())
        self.file("work/.gitignore", "results\n")
        self.shell(snippets + GIT)

    def step(self, script, variables, status=0):
        """Run a script with the variables of a job."""
        exports = "".join("export %s=%s\n" % v for v in variables.items())
        return self.shell("set -e\n" + exports + script, status)

    def breaks(self):
        """Take out what makes the scenario work."""
        text = first_scenario().replace("cache: memory", "cache: none")
        self.file("work/scenarios/first.yaml", text)

    def written(self, name):
        with open(self.work(name), encoding="utf-8") as f:
            return f.read()

    def github(self, text):
        """Check the steps of GitHub in a good and in a broken branch."""
        steps = yaml.safe_load(text)["jobs"]["scenarios"]["steps"]
        install, run, show, baseline, target = [
            s["run"] for s in steps if "run" in s]
        self.assertIn("make -C /tmp/tapelab", install)
        for script in (run, show, baseline, target):
            self.step(script, GITHUB)
        self.assertIn("0 regressions", self.written("summary.out"))
        self.breaks()
        self.step(run, GITHUB, 1)
        self.assertIn("::error file=scenarios/first.yaml,line=17,title=first"
                      "::outcome == DONE; but it was: PARTIAL%0A",
                      self.step(show, GITHUB))
        self.assertIn("outcome changed: 1", self.step(baseline, GITHUB, 1))
        self.step(target, GITHUB)
        summary = self.written("summary.out")
        for text in ("## tapelab: 1 failed", "scenarios/first.yaml:17",
                     "## tapelab: 1 regression", "`outcome: DONE -> PARTIAL`"):
            self.assertIn(text, summary)
        uploads = [s for s in steps if "upload-artifact" in s.get("uses", "")]
        self.assertEqual(uploads[0]["with"]["path"], "results")

    def gitlab(self, text):
        jobs = yaml.safe_load(text)
        self.assertIn("make -C /tmp/tapelab deps all install",
                      jobs["default"]["before_script"])
        scripts = ["\n".join(jobs[name]["script"])
                   for name in ("scenarios", "baseline", "target-branch")]
        for script, status in zip(scripts, (1, 1, 0)):
            self.step(script, GITLAB, status)
        for script in (scripts[0], scripts[1], scripts[2]):
            self.assertNotIn("apt-get", script)
        self.assertIn("## tapelab: 1 regression",
                      self.written("comparison.md"))
        artifacts = jobs["scenarios"]["artifacts"]
        self.assertTrue(os.path.exists(self.work(
            artifacts["reports"]["junit"])))
        # The author accepts the change.
        self.step("cp results/results.json baseline.json\n" + scripts[1],
                  GITLAB)

    def test_suite(self):
        layout = self.take("scenarios/ ")
        for name in ("scenarios/first.yaml", "baseline.json", ".gitignore"):
            self.assertIn(name, layout)
        self.repository(self.take("tapelab run --out results"))
        self.assertIn("0 regressions",
                      self.shell(self.take("tapelab run --out results")))
        github, gitlab = self.take("name: tapes"), self.take("default:")
        self.github(github)
        self.gitlab(gitlab)
        self.ended()


class Newcomer(CommandTest):
    """A user who wrote the first scenario, and broke it."""

    def test_each_report_alone_says_what_broke_and_where(self):
        self.file("first.yaml", first_scenario())
        self.passes("run", "first.yaml")
        self.file("first.yaml",
                  first_scenario().replace("cache: memory", "cache: none"))
        r = self.run_command("run", "--out", "bad", "first.yaml",
                             env={"PATH": self.tmp})
        self.assertEqual(r.status, 1)
        for name in ("index.html", "report.md", "junit.xml", "results.tap",
                     "summary.md", "annotations.txt"):
            with open(self.path("bad", name), encoding="utf-8") as f:
                text = f.read()
            text = html.unescape(re.sub(r"<[a-z/][^>]*>", " ", text)) if \
                name == "index.html" else html.unescape(text)
            text = re.sub(r"\\([^a-zA-Z0-9\s])", r"\1", text)
            for what in ("17",                     # the line
                         "outcome == DONE",        # what was expected
                         "PARTIAL",                # the actual value
                         "volume: 2, at: 150 MiB", # the fault
                         "TL0002",                 # where it struck
                         "medium_error"):          # the cause
                with self.subTest((name, what)):
                    self.assertIn(what, text)

    def test_tap_is_read_by_a_harness_and_xml_by_a_validator(self):
        self.file("s/first.yaml", first_scenario())
        self.file("s/second.yaml",
                  first_scenario().replace("cache: memory", "cache: none"))
        self.file("s/third.yaml", first_scenario() +
                  "  - {that: parts == 77, known: parts are not counted}\n")
        self.run_command("run", "--out", "out", "s", env={"PATH": self.tmp})
        done = subprocess.run(["prove", "-e", "cat",
                               self.path("out", "results.tap")],
                              stdout=subprocess.PIPE, check=False)
        self.assertIn(b"Failed test:  2\n", done.stdout)
        self.assertIn(b"Tests=3", done.stdout)
        with open(self.path("out", "results.tap"), encoding="utf-8") as f:
            blocks = re.findall(r"^  ---\n(.*?)^  \.\.\.$", f.read(),
                                re.M | re.S)
        self.assertEqual([yaml.safe_load(b)["severity"] for b in blocks],
                         ["fail", "todo"])
        self.assertEqual(yaml.safe_load(blocks[0])["line"], 17)
        with open(self.path("out", "junit.xml"), encoding="utf-8") as f:
            text = f.read()
        rows = ((text, True), (text.replace("<testsuite ", "<suite "), False),
                (text.replace(' time="', ' time="-', 1), False),
                (text.replace(' name="first"', ""), False),
                (text.replace('name="first"', 'name="second"'), False),
                (text.replace('line="17"', 'line="0"'), False),
                (text.replace("<failure", "<error").replace(
                    "</failure", "</error"), False),
                (text.replace('type="known"', 'type=""'), False),
                (text.replace(' file="', ' files="'), False),
                (text.replace("&#", "&"), False) if "&#" in text else
                (text.replace("</testcase>", "", 1), False))
        for number, (xml, valid) in enumerate(rows):
            with self.subTest(number):
                done = subprocess.run(
                    ["xmllint", "--noout", "--schema",
                     os.path.join(ROOT, "reports", "ci", "junit.xsd"),
                     self.file("row.xml", xml)], stderr=subprocess.PIPE,
                    check=False)
                self.assertEqual(done.returncode == 0, valid, done.stderr)

    def test_results_json_says_it_too(self):
        self.file("none.yaml",
                  first_scenario().replace("cache: memory", "cache: none"))
        self.run_command("run", "--out", "out", "none.yaml",
                         env={"PATH": self.tmp})
        with open(self.path("out", "results.json"), encoding="utf-8") as f:
            found = json.load(f)["scenarios"][0]
        strike = found["faults"][0]["places"][0]
        attempt = found["dumps"][strike["dump"] - 1]["attempts"][
            strike["attempt"] - 1]
        self.assertEqual((attempt["part"], attempt["cause"]),
                         (5, "medium_error"))
        self.assertEqual((found["faults"][0]["line"], strike["volume"],
                          strike["medium_byte"]),
                         (15, "TL0002", 150 << 20))


if __name__ == "__main__":
    main()
