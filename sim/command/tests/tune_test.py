#!/usr/bin/env python3
"""`tapelab tune` and `tapelab report`: sweeps, and their answers."""
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import time
import unittest

from command import PART, PROGRAM, ROOT, CommandTest, limit_files, main

SWEEP = ("--vary", "block=64KiB,256KiB", "--vary", "buffer=1MiB..8MiB",
         "--seeds", "1")
FILES = ("answer.txt", "answer.yaml", "points.tsv", "points.json")


class TuneTest(CommandTest):
    # Without motion there is little to run next to the points.
    drives = "instant" if PART else "lto8"

    def setUp(self):
        super().setUp()
        self.make()

    def make(self, name="a.yaml", **keys):
        keys.setdefault("drives", self.drives)
        keys.setdefault("rate", "90..250 MB/s")
        keys.setdefault("size", "100 MB")
        return self.scenario(name, volumes=1, capacity="1 TB", part="0",
                             buffer="4 MiB", **keys)

    def tune(self, *args, **popen):
        return self.passes("tune", *SWEEP, *args, **popen)

    def text(self, *names):
        with open(self.path(*names), encoding="utf-8") as f:
            return f.read()

    def same_files(self, a, b):
        for name in FILES:
            self.assertEqual(self.text(a, name), self.text(b, name), name)

    def rows(self, *names):
        """Return the rows of a table as mappings of column to value."""
        lines = [line.split("\t")
                 for line in self.text(*names).splitlines()]
        return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


class Answers(TuneTest):
    def test_answer_has_the_recommendation_and_all_points(self):
        self.plots = True
        self.make(drives="lto8")
        r = self.tune("--out", "out", "a.yaml")
        self.assertIn("Recommendation", r.out)
        self.assertEqual(r.lines[-1], "report: out/index.html")
        self.assertTrue(r.out.startswith(self.text("out", "answer.txt")))
        page = self.text("out", "index.html")
        for plot in ("throughput", "stops", "map", "feed",
                     "hour/run/throughput"):
            self.assertIn('src="%s.svg"' % plot, page)
            self.assertIn("</svg>", self.text("out", plot + ".svg"))
        rows = self.rows("out", "points.tsv")
        self.assertEqual(
            [(row["block"], row["buffer"]) for row in rows],
            [(str(block << 10), str(buffer << 20))
             for block in (64, 256) for buffer in (1, 2, 4, 8)])
        points = json.loads(self.text("out", "points.json"))
        self.assertEqual(points["format"], 2)
        self.assertEqual(len(points["points"]), 8)
        rates = [float(row["throughput_mean"]) for row in rows]
        self.assertEqual(rates, [
            float("%.10g" % p["figures"]["throughput_mean"])
            for p in points["points"]])
        chosen = points["recommended"]
        rate = next(float(row["throughput_mean"]) for row in rows
                    if row["block"] == str(chosen["block"]) and
                    row["buffer"] == str(chosen["buffer"]))
        self.assertGreaterEqual(rate, max(rates) * 0.95)
        self.assertEqual(self.left_in_tmp(), [])

    def test_answer_is_a_scenario_with_the_recommended_settings(self):
        # Expected: what the pages say that run takes. Bug: it was text only.
        override = ("--set", "dump.rate=80..240 MB/s")
        self.tune("--out", "o/out", *override, "a.yaml")
        points = json.loads(self.text("o", "out", "points.json"))
        chosen = [(key, points["recommended"][key])
                  for key in ("block", "buffer")]
        self.assertEqual(
            self.text("o", "out", "answer.yaml").split("\n")[2:],
            ['include: "../../a.yaml"', "overrides:",
             "  dump.rate: 80..240 MB/s"] +
            ["  splitter.%s: %d B" % pair for pair in chosen] + [""])
        # It is found from another folder, and gives the same figures.
        self.passes("run", "--out", "a", *override, *(
            "--set=splitter.%s=%d B" % pair for pair in chosen), "a.yaml")
        self.passes("run", "--out", "b", "answer.yaml",
                    cwd=self.path("o", "out"))
        self.assertEqual(*(
            [line for line in self.text(*path, "report.md").splitlines()
             if "duration" in line]
            for path in (("a",), ("o", "out", "b"))))

    def own_profile(self):
        profile = os.path.join(ROOT, "vtl", "model", "profiles", "lto8.yaml")
        shutil.copy(profile, self.path("my.yaml"))

    def test_answer_names_a_profile_from_its_own_folder(self):
        # Bug: it had the path from the folder of the scenario.
        self.own_profile()
        self.file("a.yaml", """title: Two dumps
library: {drives: [./my.yaml], volumes: {count: 2, capacity: 12 TB}}
dumps:
- {name: a, size: 3 GB}
- {name: b, size: 3 GB}
""")
        self.passes("tune", "--vary", "drives=1,2", "--seeds", "1", "--out",
                    "o/out", "a.yaml")
        self.assertIn("  library.drives: [../../my.yaml",
                      self.text("o", "out", "answer.yaml"))

    def test_answer_keeps_any_text_of_an_argument(self):
        # Bug: the file had the text of the argument, which is YAML of its own,
        # and none within a line.
        for out, value, title in (("out1", "'a # b: \\c'", "a # b: \\c"),
                                  ("out2", "|\n  - a: b", "- a: b")):
            self.tune("--out", out, "--set", "title=" + value, "--set",
                      "dump=rate: 200 MB/s\nsize: 100 MB", "a.yaml")
            self.passes("run", "--out", "run", out + "/answer.yaml")
            results = json.loads(self.text("run", "results.json"))
            self.assertEqual(results["scenarios"][0]["title"], title)

    def test_answer_names_profiles_with_special_characters(self):
        name = "my, [own] # one.yaml"
        shutil.copy(os.path.join(ROOT, "vtl", "model", "profiles",
                                 "lto8.yaml"), self.path(name))
        self.file("a.yaml", """title: Two dumps
library: {drives: ["./%s"], volumes: {count: 2, capacity: 12 TB}}
dumps:
- {name: a, size: 3 GB}
- {name: b, size: 3 GB}
""" % name)
        r = self.passes("tune", "--vary", "drives=1,2", "--seeds", "1",
                        "--out", "o/out", "a.yaml")
        self.assertNotIn("is missing", r.err)
        self.assertIn('  library.drives: ["../../%s"' % name,
                      self.text("o", "out", "answer.yaml"))

    def test_answer_that_cannot_be_a_scenario_in_its_folder(self):
        self.own_profile()
        r = self.run_command("tune", *SWEEP, "--out", "o/out", "--set",
                             "library.drives=[./my.yaml]", "a.yaml")
        self.assertEqual(r.status, 0, r.err)
        self.assertIn(
            "o/out/answer.yaml is missing: the recommendation cannot be a "
            "scenario in this folder: drives: o/out/./my.yaml: cannot open "
            "the drive profile: No such file or directory; in --set name "
            "files by absolute paths\n", r.err)
        self.assertFalse(os.path.exists(self.path("o", "out", "answer.yaml")))
        self.assertIn("report: o/out/index.html", r.out)

    def test_no_recommendation_is_no_scenario(self):
        self.run_command("tune", *SWEEP, "--limit", "memory=1 KiB", "--out",
                         "out", "a.yaml")
        self.assertTrue(os.path.exists(self.path("out", "answer.txt")))
        self.assertFalse(os.path.exists(self.path("out", "answer.yaml")))

    def test_number_of_jobs_changes_nothing(self):
        self.tune("--out", "one", "--jobs", "1", "a.yaml")
        self.tune("--out", "five", "--jobs", "5", "a.yaml")
        self.same_files("one", "five")

    def test_point_is_the_run_with_these_settings(self):
        self.tune("--out", "out", "a.yaml")
        row = self.rows("out", "points.tsv")[3]
        self.passes("run", "--out", "run", "--set", "splitter.block=64 KiB",
                    "--set", "splitter.buffer=8 MiB", "a.yaml")
        results = json.loads(self.text("run", "results.json"))
        metrics = json.dumps(results)
        self.assertIn('"throughput_mean"', metrics)
        duration = [line for line in self.text("run", "report.md").splitlines()
                    if "duration" in line]
        self.assertTrue(duration)
        self.assertIn("%.10g" % float(row["safe_bytes"]), metrics)

    def test_other_seed_is_another_sweep(self):
        self.tune("--out", "a", "a.yaml")
        self.tune("--out", "b", "--seed", "7", "a.yaml")
        self.assertNotEqual(self.text("a", "points.tsv"),
                            self.text("b", "points.tsv"))

    def test_now_is_compared(self):
        r = self.tune("--now", "block=256KiB,buffer=8MiB", "a.yaml")
        self.assertIn("Leave it as it is", r.out)
        self.assertNotIn("Leave it as it is", self.tune("a.yaml").out)

    def test_block_that_is_left_as_it_is_does_not_change(self):
        r = self.tune("--now", "block=64KiB,buffer=8MiB", "a.yaml")
        text = " ".join(r.out.split())
        self.assertIn("Recommendation -------------- block 256 KiB", text)
        self.assertIn("Leave it as it is", text)
        self.assertNotIn("The block size changes", text)

    def test_what_a_seed_does_to_all_points_is_no_difference(self):
        # The first load of an LTO-9 takes 17 to 120 minutes, by the seed.
        self.make(drives="lto9", rate="400 MB/s", size="100 GB")
        r = self.passes("tune", "--vary", "part=1GiB,64GiB", "--vary",
                        "block=64KiB,1MiB", "--seeds", "4", "a.yaml")
        self.assertIn("within 1 % of the best", " ".join(r.out.split()))
        self.assertIn("The cartridges are new", r.out)
        self.assertRegex(r.out, r"part +1 GiB .* [0-9.]+ % less ")

    def test_answer_says_what_it_rests_on(self):
        # A value that is not published is an assumption, and is varied. A
        # value of the user's own profile without a source was measured.
        published = "- media.L8.wraps: 208 (data sheet)"
        self.make(drives="lto8")
        r = self.tune("a.yaml")
        self.assertIn(published, r.out)
        self.assertRegex(r.out, r"\n  motion.backhitch +3 s +\d")
        self.assertIn("a stop takes 6 s", r.out)
        profile = self.passes("drives", "show", "lto8").out
        self.file("mine.yaml", profile.replace(
            "backhitch: {value: 3 s, estimate: true}", "backhitch: 2.1 s"))
        self.make("b.yaml", drives="./mine.yaml")
        r = self.tune("b.yaml")
        self.assertIn(published, r.out)
        self.assertIn("- motion.backhitch: 2.1 s (./mine.yaml)", r.out)
        self.assertNotRegex(r.out, r"\n  motion.backhitch ")
        self.assertNotIn("a stop takes 6 s", r.out)

    def test_drives_of_several_dumps_share_a_source(self):
        # Four drives get 60 MB/s each, which is below their lowest speed.
        self.file("dumps.yaml", """title: Four dumps of one source
source_rate: 240 MB/s
library: {drives: [lto8], volumes: {count: 4, capacity: 12 TB}}
dumps:
- {name: a, size: 3 GB}
- {name: b, size: 3 GB}
- {name: c, size: 3 GB}
- {name: d, size: 3 GB}
""")
        r = self.passes("tune", "--vary", "drives=1..4", "--seeds",
                        "1" if PART else "2", "--out", "out", "dumps.yaml")
        durations = [float(row["duration"])
                     for row in self.rows("out", "points.tsv")]
        self.assertEqual(len(durations), 4)
        self.assertGreater(durations[0], durations[1])
        self.assertGreater(durations[1], durations[3])
        self.assertIn("Memory for data: 256 MiB", r.out)
        self.assertIn("Where no setting helps", r.out)
        self.assertIn("the lowest speed of the drive is 112 MB/s",
                      " ".join(r.out.split()))
        self.assertIn("Use fewer drives at the same time", r.out)
        self.assertIn("MB/s to each dump", " ".join(r.out.split()))
        rate, = re.findall(r"Throughput ([0-9.]+) MB/s", r.out)
        less, = re.findall(r"source is 20 % slower +([0-9.]+) MB/s", r.out)
        self.assertLess(float(less), 0.95 * float(rate))

    def test_settings_are_written_for_other_programs(self):
        r = self.tune("a.yaml")
        for line in ("device-property \"BLOCK_SIZE\" \"262144\"",
                     "Maximum Block Size = 262144",
                     "mbuffer -s 256k -m ",
                     "--block '256 KiB' --buffer ",
                     "- buffer cannot be set in Bareos, Bacula: it has no "
                     "buffer except"):
            self.assertIn(line, r.out)

    def test_limits_that_nothing_fulfils_are_1(self):
        r = self.run_command("tune", *SWEEP, "--limit", "memory=1 KiB",
                             "--out", "out", "a.yaml")
        self.assertEqual((r.status, r.err), (1, ""))
        self.assertIn("None of the 8 points", r.out)
        self.assertIn("8 break the limit: memory at most 1 KiB", r.out)
        self.assertEqual(len(self.rows("out", "points.tsv")), 8)

    def test_points_that_cannot_be_run_are_listed(self):
        # The cache memory needs a part size.
        r = self.tune("--vary", "cache=none,memory", "--out", "out", "a.yaml")
        self.assertIn("8 points could not be run", r.out)
        bad = [row for row in self.rows("out", "points.tsv")
               if row["problem"]]
        self.assertEqual({row["cache"] for row in bad}, {"memory"})
        self.assertIn("keeps a whole part and needs its size",
                      bad[0]["problem"])

    def test_block_above_1_mib_is_measured_and_not_recommended(self):
        args = ("tune", "--vary", "block=2MiB,512KiB,1MiB", "--seeds", "2",
                "--out")
        r = self.passes(*args, "a", "a.yaml")
        self.assertIn("Blocks above 1 MiB were measured", r.out)
        self.assertEqual(json.loads(self.text("a", "points.json"))
                         ["recommended"]["block"], 1 << 20)
        r = self.passes(*args, "b", "--limit", "block=2MiB", "a.yaml")
        self.assertNotIn("Blocks above 1 MiB", r.out)
        self.assertEqual(json.loads(self.text("b", "points.json"))
                         ["recommended"]["block"], 2 << 20)


class Interrupted(TuneTest):
    def test_journal_that_was_cut_is_continued(self):
        self.tune("--out", "whole", "a.yaml")
        journal = self.text("whole", "tune.jsonl").splitlines(True)
        self.assertGreater(len(journal), 12)
        self.assertEqual(len(set(journal)), len(journal))
        for lines in 1, 11, len(journal):
            with self.subTest(lines):
                shutil.rmtree(self.path("cut"), ignore_errors=True)
                self.file("cut/tune.jsonl", "".join(journal[:lines]) +
                          journal[2][:40])
                self.tune("--out", "cut", "a.yaml")
                self.same_files("whole", "cut")
                self.assertEqual(
                    sorted(journal),
                    sorted(self.text("cut", "tune.jsonl").splitlines(True)))

    def test_signal_ends_a_sweep_which_can_be_continued(self):
        self.make("b.yaml", size="20 GB")
        args = ("tune", "--vary", "buffer=1MiB..512MiB", "--vary",
                "block=64KiB..1MiB", "--vary", "part=0,1GB,10GB",
                "--seeds", "2", "--out")
        journal = self.path("out", "tune.jsonl")
        process = self.start(*args, "out", "b.yaml")
        with process:
            while process.poll() is None and not (
                    os.path.exists(journal) and
                    os.path.getsize(journal) > 3000):
                time.sleep(0.01)
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate()
        self.assertEqual(process.returncode, -signal.SIGTERM)
        self.assertIn("interrupted; the same command continues",
                      err.decode())
        self.assertEqual(self.left_in_tmp(), [])
        small = ("--set", "dump.size=1 GB", *args)
        self.refuses(*small[2:], "out", "--set", "dump.size=1 GB", "b.yaml",
                     says="is of another sweep")

    def test_problem_of_this_machine_is_tried_again(self):
        self.tune("--out", "whole", "a.yaml")
        r = self.run_command("tune", *SWEEP, "--out", "again", "a.yaml",
                             preexec_fn=limit_files(4096))
        self.assertNotEqual(r.status, 0)
        self.tune("--out", "again", "a.yaml")
        self.same_files("whole", "again")

    def test_progress_is_shown_on_a_terminal(self):
        ours, theirs = pty.openpty()
        process = self.start("tune", *SWEEP, "a.yaml", stderr=theirs)
        with process:
            os.close(theirs)
            shown = b""
            try:
                while piece := os.read(ours, 4096):
                    shown += piece
            except OSError:     # the other end is closed
                pass
            process.communicate()
        os.close(ours)
        self.assertEqual(process.returncode, 0)
        # The rest of the line is cleared.
        self.assertIn(b"points: 8 of 8\x1b[K\r\n", shown)
        # The first of eight points tells the time left, in whole seconds.
        self.assertRegex(shown, rb"\rpoints: [1-7] of 8, \d+ s left\x1b\[K")


class Shards(TuneTest):
    def setUp(self):
        super().setUp()
        # Without motion there is little to run next to the points.
        self.make(drives="instant")

    def share(self, i, n, *args):
        return self.tune("--shard", "%d/%d" % (i, n), "--out", "s%d" % i,
                         *args, "a.yaml")

    def test_shares_give_the_answer_of_the_whole(self):
        self.tune("--out", "whole", "a.yaml")
        for i in 1, 2, 3:
            self.assertIn("share %d of 3 is complete" % i,
                          self.share(i, 3).out)
        self.passes("report", "--out", "together", "s3", "s1/tune.jsonl",
                    "s2")
        self.same_files("whole", "together")

    def test_gnu_parallel_runs_the_shares(self):
        # As the README shows it.
        subprocess.run(
            "parallel --will-cite -j 2 $TAPELAB tune a.yaml " +
            " ".join(SWEEP) + " --jobs 1 --shard {}/3 --out s{} ::: 1 2 3",
            shell=True, check=True, cwd=self.dir, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=self.environment({"TAPELAB": PROGRAM}))
        self.tune("--out", "whole", "a.yaml")
        self.passes("report", "--out", "together", "s1", "s2", "s3")
        self.same_files("whole", "together")

    def test_shares_that_do_not_belong_together_are_refused(self):
        self.share(1, 2)
        self.share(2, 2, "--seed", "5")
        self.refuses("report", "s1", "s2", says="do not belong together")
        self.refuses("report", "s1", "s1", says="are the same share, 1 of 2")
        self.refuses("report", "s1", says="share 2 of 2 is missing")

    def test_incomplete_share_is_refused(self):
        self.share(1, 2)
        self.share(2, 2)
        lines = self.text("s2", "tune.jsonl").splitlines(True)
        self.file("s2/tune.jsonl", "".join(lines[:-1]))
        self.refuses("report", "s1", "s2",
                     says="s2: share 2 of 2 is not complete, 1 points are "
                     "missing")
        self.share(2, 2)
        self.passes("report", "s1", "s2")

    def test_changed_scenario_is_refused(self):
        self.assertNotIn("Recommendation", self.share(1, 1).out)
        self.make(drives="instant", rate="90..251 MB/s")
        self.refuses("report", "s1", says="a.yaml has changed since")

    def test_folders_of_something_else_are_refused(self):
        self.passes("run", "--out", "run", "a.yaml")
        self.refuses("report", "run", says="results of tapelab run")
        results = json.loads(self.text("run", "results.json"))
        results["format"] = 1
        self.file("run/results.json", json.dumps(results))
        self.refuses("report", "run", says="run/results.json: results of "
                     "format 1, which this tapelab does not read")
        self.refuses("report", ".", says="there is no tune.jsonl")
        self.refuses("report", "none", says="No such file")
        self.refuses("report", says="name the folders")


class Usage(TuneTest):
    def test_wrong_options_are_refused(self):
        self.make("stdin.yaml", source="stdin", size=None, rate=None)
        self.make("two.yaml", drives="lto8, lto9",
                  payload="none\n  load_ahead: true")
        self.make("instant.yaml", drives="instant", rate=None)
        self.file("dumps.yaml", """title: Two dumps
library: {drives: [lto8], volumes: {count: 2, capacity: 1 TB}}
dumps:
- {name: a, size: 1 GB}
- {name: b, size: 1 GB, splitter: {block: 512 KiB}}
""")
        for args, says in (
                (("a.yaml",), "nothing to vary"),
                (("--vary", "block=1MiB", "a.yaml"), "nothing to vary"),
                (("--vary", "blok", "a.yaml"), "did you mean \"block\"?"),
                (("--vary", "filemark=immediate", "a.yaml"),
                 "a part is safe only after a synchronised filemark"),
                (("--vary", "block", "--vary", "block", "a.yaml"),
                 "block is varied twice"),
                (("--vary", "block=1MiB..2", "a.yaml"), "block: "),
                (("--vary", "drives=1..200", "--vary", "start_fill=0..100%",
                  "--vary", "buffer=1MiB..1TiB", "a.yaml"), "--max-points="),
                (("--vary", "block", "--vary", "buffer", "--max-points", "5",
                  "a.yaml"), "the sweep has 40 points, and at most 5"),
                (("--vary", "block", "--now", "block", "a.yaml"),
                 "--now: block: the value is missing"),
                (("--vary", "block", "--now", "block=1MiB..2MiB", "a.yaml"),
                 "--now: block=1MiB..2MiB: give one value"),
                (("--vary", "block", "--now", "block=1MiB,block=64KiB",
                  "a.yaml"), "--now: block is given twice"),
                (("--vary", "block", "--limit", "memory=2GiB", "--limit",
                  "memory=1GiB", "a.yaml"), "memory is limited twice"),
                (("--vary", "block", "--limit", "memory=2", "a.yaml"),
                 "--limit memory=2: memory: "),
                (("--vary", "block", "--goal", "speed", "a.yaml"), "--goal"),
                (("--vary", "block", "--shard", "3/2", "--out", "o",
                  "a.yaml"), "--shard takes I/N"),
                (("--vary", "block", "--shard", "1/2", "a.yaml"),
                 "--shard needs --out"),
                (("--vary", "block", "--within", "0%", "a.yaml"), "--within"),
                (("--vary", "block", "--seeds", "0", "a.yaml"), "--seeds"),
                (("--vary", "block", "--jobs", "0", "a.yaml"), "--jobs"),
                (("--vary", "block", "--set", "dump.rate", "a.yaml"),
                 "--set takes KEY=VALUE"),
                (("--vary", "block", "--set", "dump.rate=x", "a.yaml"),
                 "a.yaml: --set dump.rate=x: rate: "),
                (("--vary", "block", "a.yaml", "two.yaml"),
                 "name one scenario"),
                (("--vary", "block"), "name a scenario"),
                (("--vary", "block", "none.yaml"), "none.yaml: "),
                (("--vary", "block", "stdin.yaml"),
                 "the dump comes from standard input"),
                (("--vary", "drives", "a.yaml"),
                 "the one dump of a.yaml uses one drive at a time"),
                (("--vary", "block", "dumps.yaml"),
                 "the dump b has a block of its own"),
                (("--vary", "block", "instant.yaml"),
                 "neither the drive nor the source takes time"),
                (("--vary", "drives", "two.yaml"), "are of several models")):
            with self.subTest(args):
                self.refuses("tune", *args, says=says)

    def test_files_of_others_are_not_overwritten(self):
        share = ("tune", *SWEEP, "--shard", "1/1", "--out", "share", "a.yaml")
        self.passes(*share)
        for name in "index.html", "points.tsv", "hour/note":
            for command in (("tune", *SWEEP, "a.yaml"), ("report", "share")):
                with self.subTest(name, command=command):
                    self.file("out/" + name, "mine")
                    self.refuses(*command, "--out", "out",
                                 says="not a result of tapelab")
                    self.assertEqual(self.text("out", name), "mine")
                    shutil.rmtree(self.path("out"))
        self.file("out/notes.txt", "mine")
        for _ in range(2):
            self.passes("report", "share", "--out", "out")
            self.tune("--out", "out", "a.yaml")
        self.passes("report", "share", "--out", "out")
        self.assertEqual(self.text("out", "notes.txt"), "mine")

    def test_folder_that_cannot_be_written_is_refused(self):
        self.file("file", "")
        self.refuses("tune", *SWEEP, "--out", "file/out", "a.yaml",
                     says="file")


if __name__ == "__main__":
    main()
