#!/usr/bin/env python3
"""Output of `tapelab run`: the reports in --out, stdout and stderr."""
import html.parser
import json
import os
import shutil
import subprocess
import unittest
import xml.etree.ElementTree

from command import (CLOCKS, CommandTest, PROGRAM, full_disk_script,
                     limit_files, main)

FILES = {"results.json", "report.md", "index.html", "junit.xml",
         "results.tap", "annotations.txt", "summary.md"}
SCENARIO_FILES = {"attempts.tsv", "throughput.tsv", "throughput.gp",
                  "throughput.svg"}
VOID = {"meta", "link", "br", "hr", "img", "input", "col", "wbr"}

# The files that an earlier run has left.
MINE = '{\n  "format": 1, "mine": 0}\n'

NUMBER = (int, float)
RATE = (int, float, type(None))  # null: the source takes no time
COLUMNS = {"part": int, "attempt": int, "volume": str, "file": int,
        "offset": int, "bytes": int, "end": str, "cause": (str, type(None)),
        "committed": bool, "seconds": NUMBER}
METRICS = {"outcome": str, "attempts": str, "safe_bytes": int, "parts": int,
           "volumes_used": int, "restored": str, "throughput_mean": NUMBER,
           "write_rate_mean": NUMBER, "part_rate_mean": NUMBER,
           "dump_bytes": int, "tape_bytes": int,
           "failed_attempts": int, "duration": NUMBER,
           "producer_blocked": NUMBER, "late_max": NUMBER,
           "late_mean": NUMBER, "drive_starved": NUMBER, "drive_wait": NUMBER,
           "buffer_fill_mean": NUMBER, "buffer_fill_p5": NUMBER,
           "buffer_fill_p50": NUMBER, "buffer_fill_p95": NUMBER,
           "buffer_fill_min": NUMBER,
           "buffer_fill_max": NUMBER, "spool_full_parts": int,
           "cache_read_bytes": int, "rewritten_bytes": int,
           "used_bytes": int, "wasted_bytes": int,
           "feed_rate_mean": RATE, "feed_rate_p5": RATE,
           "feed_rate_p50": RATE, "feed_rate_p95": RATE,
           "write_rate_p5": NUMBER, "write_rate_p50": NUMBER,
           "write_rate_p95": NUMBER, "memory_bytes": int,
           "spool_bytes": int, "time_writing": NUMBER,
           "time_loading": NUMBER, "time_headers": NUMBER,
           "time_filemarks": NUMBER, "time_verifying": NUMBER,
           "time_unloading": NUMBER, "time_idle": NUMBER,
           "restore_mounts": int, "restore_time": NUMBER,
           "restore_part_mean": NUMBER, "restore_part_max": NUMBER,
           "restore_locate_mean": NUMBER,
           "sealed": str}
MOTION = {name: int for name in (
    "stops_for_data", "stops_for_filemarks", "speed_changes_forced",
    "wrap_turns")}
MOTION.update({name: NUMBER for name in (
    "stops_for_data_per_hour", "stops_for_data_per_tape",
    "stops_for_filemarks_per_hour", "stops_for_filemarks_per_tape",
    "speed_changes_forced_per_hour", "speed_changes_forced_per_tape",
    "medium_rate_mean", "medium_rate_p5", "medium_rate_p50",
    "medium_rate_p95", "drive_fill_mean", "drive_fill_p5", "drive_fill_p50",
    "drive_fill_p95", "drive_fill_min", "host_waited", "drive_streaming",
    "drive_turning", "drive_backhitch", "drive_standing", "drive_locating",
    "drive_reading", "drive_loading", "drive_rewinding", "drive_unloading",
    "robot_moving")})

FAILING_ONCE = {
    "drives": "lto8", "cache": "memory", "volumes": 3, "part": "256 KiB",
    "more": "faults:\n  - {volume: 1, at: 480 KiB, fail: write}\n",
    "expect": ["outcome == DONE", "restored == source", "parts == 77"]}


class Page(html.parser.HTMLParser):
    """Checks that every element is closed, and collects the elements."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (self.open, tag)
        self.open.pop()

    def handle_data(self, data):
        self.words.append(data)


class OutputTest(CommandTest):
    plots = True

    def read(self, *names):
        with open(self.path(*names), encoding="utf-8") as f:
            return f.read()

    def listed(self, folder):
        return {os.path.relpath(os.path.join(d, f), self.path(folder))
                for d, _, files in os.walk(self.path(folder)) for f in files}


class Reports(OutputTest):
    def test_reports_are_exactly_the_documented_files(self):
        self.scenario("set/a.yaml", drives="lto8")
        self.scenario("set/x/b.yaml", **FAILING_ONCE)
        self.run_command("run", "--out", "out/new", "set")
        self.assertEqual(self.listed("out/new"), FILES | {
            name + "/" + f for name in ("a", "x/b") for f in SCENARIO_FILES})

    def test_path_of_the_report_is_printed(self):
        self.scenario()
        r = self.passes("run", "--out", "out", "a.yaml")
        self.assertIn("report: out/index.html", r.lines)

    def fits(self, found, schema):
        self.assertEqual(set(found), set(schema))
        for key, kind in schema.items():
            kinds = kind if isinstance(kind, tuple) else (kind,)
            self.assertIn(type(found[key]), kinds, key)

    def test_results_have_the_documented_metrics_and_their_units(self):
        self.scenario(**FAILING_ONCE)
        for clock in CLOCKS:
            self.run_command("run", "--clock", clock, "--out", "out", "a.yaml")
            whole = json.loads(self.read("out", "results.json"))
            found = whole["scenarios"][0]
            # Nothing is known of the motion of drives that take no time.
            metrics = dict(METRICS, **(MOTION if clock == "virtual" else
                                       {name: type(None) for name in MOTION}))
            self.fits(found["metrics"], metrics)
            self.assertEqual(len(found["motion"]), int(clock == "virtual"))
            # Those of an only dump are those of the scenario.
            self.assertEqual([d["metrics"] for d in found["dumps"]], [{}])
            self.assertEqual((found["clock"], found["passed"]),
                             (clock, False))
            self.assertEqual([e["passed"] for e in found["expectations"]],
                             [True, True, False])
            self.assertEqual({whole["units"].get(name) for name in (
                "safe_bytes", "throughput_mean", "duration",
                "buffer_fill_mean", "parts")}, {"B", "B/s", "s", "%", None})

    def test_attempts_describe_what_happened(self):
        self.scenario(**FAILING_ONCE)
        self.run_command("run", "--out", "out", "a.yaml")
        parts = self.attempts_of(self.results()[0])
        self.assertEqual(
            [(p["part"], p["attempt"], p["volume"], p["file"], p["offset"],
              p["bytes"], p["end"], p["cause"], p["committed"])
             for p in parts],
            [(1, 1, "TL0001", 1, 0, 262144, "EOP", None, True),
             (2, 1, "TL0001", 2, 262144, 262144, "FAILED", "medium_error",
              False),
             (2, 2, "TL0002", 1, 262144, 262144, "EOP", None, True),
             (3, 1, "TL0002", 2, 524288, 262144, "EOP", None, True),
             (4, 1, "TL0002", 3, 786432, 262144, "EOF", None, True)])
        rows = [line.split("\t") for line in
                self.read("out/a/attempts.tsv").splitlines()]
        self.assertEqual(rows[0], list(COLUMNS))
        self.assertEqual([row[:6] for row in rows[1:]],
                         [[str(p[key]) for key in list(COLUMNS)[:6]]
                          for p in parts])

    def test_undefined_metric_is_null(self):
        self.scenario(more="read_back: false\n")
        self.run_command("run", "--out", "out", "a.yaml")
        self.assertIs(self.results()[0]["read_back"], False)
        self.assertIsNone(self.results()[0]["metrics"]["restored"])

    def test_plots_and_pages_are_well_formed(self):
        self.scenario(**FAILING_ONCE)
        self.run_command("run", "--out", "out", "a.yaml")
        page = Page(self.read("out/index.html"))
        self.assertEqual(page.open, [])
        if shutil.which("gnuplot"):
            xml.etree.ElementTree.parse(self.path("out/a/throughput.svg"))

    def test_hostile_titles_and_names_are_escaped(self):
        title = ("x <script>alert(1)</script> `touch owned` $(touch owned) "
                 "\"q\" ''z'' & \\ {/Bold y}_2^3 @ | %s ]]> --> &lt;")
        names = ["<u>&amp;\".yaml", "`touch owned`.yaml",
                 "'; touch owned.yaml", "$(touch owned).yaml", "-d.yaml",
                 "a|b.yaml", "\u00e4 \u65e5.yaml"]
        for name in names:
            self.scenario("set/" + name, title="'%s'" % title, size="64 KiB",
                          drives="lto8")
        self.passes("run", "--out", "out", "set")
        page = Page(self.read("out/index.html"))
        self.assertEqual(page.open, [])
        self.assertEqual({tag for tag, _ in page.tags} & {"script", "u"},
                         set())
        self.assertIn(title.replace("''", "'"), "".join(page.words))
        self.assertEqual(len(self.results()), len(names))
        self.assertNotIn("owned", {os.path.basename(f) for f in
                                   self.listed(".")})
        if shutil.which("gnuplot"):
            for s in self.results():
                xml.etree.ElementTree.parse(
                    self.path("out", s["name"], "throughput.svg"))

    def test_plot_script_runs_in_its_folder(self):
        gnuplot = shutil.which("gnuplot")
        if gnuplot is None:
            self.skipTest("gnuplot is not installed")
        self.scenario(drives="lto8")
        self.passes("run", "--out", "out", "a.yaml")
        folder = self.path("out/a")
        os.unlink(os.path.join(folder, "throughput.svg"))
        subprocess.run([gnuplot, "throughput.gp"], cwd=folder, check=True,
                       capture_output=True)
        xml.etree.ElementTree.parse(os.path.join(folder, "throughput.svg"))

    def test_only_plots_are_missing_without_gnuplot(self):
        self.scenario(drives="lto8")
        os.mkdir(self.path("nothing"))
        r = self.passes("run", "--out", "out", "a.yaml",
                        env={"PATH": self.path("nothing")})
        self.assertEqual(r.lines[-1], "1 passed, 0 failed, 0 skipped")
        self.assertEqual(self.listed("out"), FILES | {
            "a/" + f for f in SCENARIO_FILES - {"throughput.svg"}})
        self.assertIn("gnuplot is not installed", self.read("out/report.md"))
        self.assertIn("gnuplot is not installed", self.read("out/index.html"))


class WhereItCannotWrite(OutputTest):
    def setUp(self):
        super().setUp()
        self.scenario()

    def test_out_that_is_a_file_is_refused(self):
        self.file("file", "mine")
        self.refuses("run", "--out", "file", "a.yaml", says="file")
        self.refuses("run", "--out", "file/x", "a.yaml", says="file")
        self.assertEqual(self.read("file"), "mine")
        self.assertEqual(self.left_in_tmp(), [])

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_out_without_write_permission_is_refused(self):
        os.mkdir(self.path("locked"), 0o555)
        self.refuses("run", "--out", "locked", "a.yaml", says="locked")
        self.refuses("run", "--out", "locked/x", "a.yaml", says="locked")

    def test_bad_scenario_keeps_older_results(self):
        self.file("out/results.json", MINE)
        self.file("bad.yaml", "title: x\n")
        self.refuses("run", "--out", "out", "bad.yaml", says="bad.yaml")
        self.assertEqual(self.listed("out"), {"results.json"})
        self.assertEqual(self.read("out/results.json"), MINE)

    def test_impossible_run_keeps_older_results(self):
        self.file("out/results.json", MINE)
        self.cannot_run("run", "--out", "out", "a.yaml", says="TMPDIR",
                     env={"TMPDIR": self.path("none")})
        self.assertEqual(self.read("out/results.json"), MINE)

    def test_results_above_the_file_size_limit_keep_older_results(self):
        self.scenario(expect=["parts == 4"] * 3000)
        self.file("out/results.json", MINE)
        r = self.run_command("run", "--out", "out", "a.yaml",
                             preexec_fn=limit_files(200000))
        self.assertEqual(r.status, 2)
        self.assertIn("out/results.json", r.err)
        self.assertEqual(self.read("out/results.json"), MINE)
        self.assertEqual(self.listed("out"), {"results.json"})

    def test_full_disk_keeps_older_results(self):
        old = self.file("old.json", MINE * 100)
        os.mkdir(self.path("disk"))
        words = '"$3" run --out "$1" "$4"'
        r = subprocess.run(
            ["unshare", "--mount", "sh", "-c", full_disk_script(words), "sh",
             self.path("disk"), old, PROGRAM, self.path("a.yaml")],
            capture_output=True, env=self.environment(), check=False)
        if r.returncode in (1, 99, 127) and b"tapelab" not in r.stderr:
            self.skipTest("no disk can be mounted here")
        self.assertEqual(r.returncode, 2, r.stdout + r.stderr)
        self.assertIn(b"No space left", r.stderr)
        self.assertEqual(r.stdout.split()[-2:], [b"filler", b"results.json"])

    def test_full_stdout_is_a_failure(self):
        for args in (["run", "a.yaml"], ["check", "a.yaml"], ["--help"],
                     ["--version"], ["run", "--help"]):
            with self.subTest(args), open("/dev/full", "wb") as full:
                r = self.run_command(*args, stdout=full)
                self.assertNotEqual(r.status, 0)
                self.assertIn("standard output", r.err)

    def test_closed_stdout_is_a_failure(self):
        for args in (["run", "a.yaml"], ["run", "--out", "out", "a.yaml"],
                     ["check", "a.yaml"]):
            with self.subTest(args):
                r = self.run_command(*args, preexec_fn=lambda: os.close(1))
                self.assertNotEqual(r.status, 0)
                self.assertIn("standard output", r.err)
        self.assertEqual(len(self.results()), 1)

    def test_closed_pipe_is_a_failure(self):
        for args in (["run", "a.yaml"], ["run", "--help"]):
            with self.subTest(args):
                read, write = os.pipe()
                os.close(read)
                r = self.run_command(*args, stdout=write)
                os.close(write)
                self.assertNotEqual(r.status, 0)


class Streams(OutputTest):
    def test_pipe_gets_no_progress_and_no_escapes(self):
        self.scenario(**FAILING_ONCE)
        for clock in CLOCKS:
            r = self.run_command("run", "--clock", clock, "--out", "out",
                                 "a.yaml")
            self.assertEqual(r.err, "")
            self.assertNotIn("\x1b", r.out)
            self.assertNotIn("\r", r.out)

    def test_progress_goes_to_stderr_on_a_terminal(self):
        self.scenario(**FAILING_ONCE)
        ours, terminal = os.openpty()
        r = self.run_command("run", "--clock", "real", "a.yaml",
                             stderr=terminal)
        os.close(terminal)
        shown = os.read(ours, 65536).decode()
        os.close(ours)
        self.assertIn("medium", shown)
        self.assertNotIn("medium", r.out)


if __name__ == "__main__":
    main()
