#!/usr/bin/env python3
"""`tapelab calibrate`: the constants of a virtual drive, and its profile."""
import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest

from command import PART, PROGRAM, main, whole
from library import LibraryTest

# A drive whose constants are those of no profile of tapelab.
CHANGES = {
    "name: lto7": "name: own", "maker: IBM": "maker: Own",
    "command": "35 us", "bus": "700 MB/s", "size": "320 MiB",
    "restart": "62%", "write_delay": "11 s", "rule": "below",
    "backhitch": "2.2 s", "backhitch_at_standstill": "45%",
    "wrap_turn": "4.1 s", "load": "11 s", "unload": "19 s",
    "start": "3.1 s", "wrap_change": "4.4 s", "direction_change": "2.7 s",
    "rewind": "75 s",
}
# Other drives: the changes of these constants, too.
OTHERS = {
    "small": {"size": "96 MiB", "restart": "85%", "rule": "best",
              "backhitch": "3.4 s", "wrap_turn": "1.9 s"},
    "slow": {"size": "640 MiB", "restart": "40%", "rule": "above",
             "backhitch": "1.6 s", "write_delay": "25 s",
             "backhitch_at_standstill": "20%"},
}
SCENARIO = """\
title: A dump for the calibrated drive
library:
  drives: [%s]
  volumes: {count: 1, capacity: 1 TB}
dump: {source: random, size: 30 GB, rate: 90..250 MB/s}
splitter: {block: 256 KiB, buffer: 256 MiB, part: 10 GiB}
"""


class CalibrateTest(LibraryTest):
    def own_profile(self, name="own", **others):
        """Write the profile of a drive."""
        text = self.passes("drives", "show", "lto7").out
        for key, value in dict(CHANGES, **others).items():
            if ":" in key:
                text = text.replace(key, value)
            else:
                text, n = re.subn(r"(^ *%s: \{value: )[^,]*" % key,
                                  r"\g<1>" + value, text, flags=re.M)
                self.assertGreater(n, 0, key)
        with open(self.path(name + ".yaml"), "w", encoding="utf-8") as f:
            f.write(text)

    def make_library(self, name="lib", payload="none", model="own.yaml",
                     *more):
        if model == "own.yaml" and \
                not os.path.exists(self.path(model)):
            self.own_profile()
        self.passes("vtl", "create", "--drive-model", "./" + model
                    if model.endswith(".yaml") else model, "--drives", "1",
                    "--volumes", "2", "--payload", payload,
                    "--barcode-prefix", "V", "--barcode-suffix", "L7",
                    *more, name)

    def calibrate(self, *args, status=0, library="lib", volume="V001L7"):
        r = self.run_command("calibrate", "-l", library, "-V", volume, *args)
        self.assertEqual(r.status, status, r.out + r.err)
        return r

    def text(self, *names):
        with open(self.path(*names), encoding="utf-8") as f:
            return f.read()

    def profile(self, *names):
        return json.loads(self.passes("drives", "show", "--json",
                                      self.path(*names)).out)


class Results(CalibrateTest):
    def test_it_needs_scsi_commands(self):
        r = self.run_command("calibrate", "--device", "/dev/null",
                             "--backend", "st")
        self.assertEqual(r.status, 2)
        self.assertIn("a calibration needs SCSI commands", r.err)

    def test_profile_and_report_have_the_constants_of_the_drive(self):
        self.plots = True
        self.make_library()
        r = self.calibrate("--label-blank", "--yes", "--model", "lto8",
                           "-o", "out")
        self.assertIn("VIRTUAL DRIVE", r.err)
        self.assertIn("VIRTUAL DRIVE", r.out)
        self.assertIn("out/profile.yaml: the profile", r.out)
        found = self.profile("out", "profile.yaml")
        self.assertEqual(found["motion"]["rule"]["value"], "below")
        for section, key, value in (
                ("host", "command", 35e-6), ("buffer", "restart", 62),
                ("buffer", "write_delay", 11), ("motion", "backhitch", 2.2),
                ("motion", "backhitch_at_standstill", 45),
                ("motion", "wrap_turn", 4.1), ("mount", "load", 11),
                ("mount", "unload", 19), ("locate", "start", 3.1),
                ("locate", "wrap_change", 4.4),
                ("locate", "direction_change", 2.7)):
            text = found[section][key]["value"]
            number = float(re.match(r"[\d.]+", text).group())
            number *= 1e-6 if text.endswith("us") else 1
            self.assertAlmostEqual(number / value, 1, delta=0.05, msg=key)
            self.assertIn("measured", found[section][key]["source"])
        self.assertEqual(found["maker"], "Own")
        self.assertIn("of lto8; not measured: it needs --fill",
                      self.text("out", "profile.yaml"))
        page = self.text("out", "index.html")
        self.assertNotIn("<script", page)
        for plot in ("blocks", "sync", "threshold", "speeds", "hitch",
                     "locate", "rewind", "rates", "hold"):
            self.assertIn('src="%s.svg"' % plot, page)
            self.assertIn("</svg>", self.text("out", plot + ".svg"))

    def test_report_has_a_command_line_that_a_shell_repeats(self):
        self.make_library("it's mine")
        out = self.calibrate("--label-blank", "--yes", "-o", "out",
                             library="it's mine").out
        line = re.search("^  command +(.*)", out, re.M).group(1)
        self.assertEqual(shlex.split(line), [
            "tapelab", "calibrate", "-l", "it's mine", "-V", "V001L7",
            "--label-blank", "--yes", "-o", "out"])

    def test_tune_recommends_the_same_as_for_the_true_constants(self):
        self.expect_the_same("own")

    @whole
    def test_tune_recommends_the_same_for_other_drives(self):
        for drive, constants in OTHERS.items():
            with self.subTest(drive):
                self.own_profile(drive, **constants)
                self.expect_the_same(drive)

    def expect_the_same(self, drive):
        """Tune for the true constants of a drive, and for those found."""
        self.make_library("lib-" + drive, "none", drive + ".yaml")
        self.calibrate("--label-blank", "--yes", "--model", "lto6",
                       "-o", "out-" + drive, library="lib-" + drive)
        answers = []
        for name, model in (
                ("true-" + drive, "./%s.yaml" % drive),
                ("found-" + drive, "out-%s/profile.yaml" % drive)):
            with open(self.path(name + ".yaml"), "w", encoding="utf-8") as f:
                f.write(SCENARIO % model)
            self.passes("tune", "--vary", "block=64KiB,256KiB,1MiB", "--vary",
                        "buffer=64MiB,1GiB" if PART else "buffer=64MiB..1GiB",
                        "--vary", "part=2GiB,10GiB", "--seeds", "2", "--out",
                        name, name + ".yaml")
            answers.append(json.loads(self.text(name, "points.json")))
        self.assertEqual(answers[0]["recommended"],
                         answers[1]["recommended"])
        rates = [[p["figures"]["throughput_mean"] for p in a["points"]]
                 for a in answers]
        for true, found in zip(*rates, strict=True):
            self.assertAlmostEqual(found / true, 1, delta=0.02)

    def test_whole_tape_gives_a_line_of_facts(self):
        self.make_library("small", "none", "own.yaml", "--capacity", "100 GB")
        r = self.calibrate("--label-blank", "--yes", "--fill", "-o", "out",
                           library="small")
        line = r.lines[-1]
        self.assertTrue(line.startswith("tapelab-drive-facts "), line)
        self.assertRegex(line, r" media.capacity=(9.99|1e\+11|1.000)")
        self.assertIn("virtual=yes", line)
        serial = re.search(r"serial number +(\S+)", r.out).group(1)
        self.assertNotIn(serial, line)
        self.assertRegex(self.text("out", "profile.yaml"),
                         r"capacity: \{value: \d+ \w+, source: \"measured")


class Refusals(CalibrateTest):
    def expect_untouched(self, message, *args, volume="V001L7", **more):
        before = self.volume_bytes()
        r = self.calibrate(*args, volume=volume, status=2, **more)
        self.assertIn(message, r.err)
        self.assertEqual(self.volume_bytes(), before)

    def test_nothing_is_written_without_leave(self):
        self.make_library()
        self.expect_untouched("--label-blank uses it", "--yes")
        self.expect_untouched("not confirmed", "--label-blank")
        self.passes("write", "-l", "lib", "-d", "old", "-V", "V001L7",
                    "--label-blank", stdin=b"valuable")
        self.expect_untouched("dump", "--label-blank", "--yes")
        self.calibrate("--yes", "--overwrite", "V001L7")
        # The label says that the volume is for tests.
        r = self.run_command("write", "-l", "lib", "-d", "new", "-V",
                             "V001L7", stdin=b"valuable")
        self.assertNotEqual(r.status, 0)

    def test_volume_that_stores_bytes_is_refused(self):
        self.make_library(payload="raw")
        self.expect_untouched("--payload none", "--label-blank", "--yes")

    def test_drive_without_times_is_refused(self):
        self.make_library(model="instant")
        self.expect_untouched("nothing to measure", "--label-blank", "--yes")

    def test_bad_usage(self):
        self.make_library()
        for args, message in (
                (("-l", "lib"), "name the volume"),
                (("-l", "lib", "-V", "V001L7", "-V", "V002L7"),
                 "one volume"),
                (("-l", "lib", "-V", "V001L7", "--model", "lto77"),
                 "no drive model"),
                (("-l", "lib", "-V", "V001L7", "--overwrite-unnamed"),
                 "needs --device"),
                (("-f", "/dev/null", "--format"), "--format needs"),
                (("-f", "/dev/null", "--trace", "t"), "as it is"),
                (("-f", "/dev/null"), "not a tape drive"),
                (("-f", "/dev/nst77"), "No such file")):
            with self.subTest(args):
                r = self.run_command("calibrate", *args)
                self.assertEqual(r.status, 2)
                self.assertIn(message, r.err)

    def test_folder_with_files_of_others_is_refused(self):
        self.make_library()
        os.mkdir(self.path("out"))
        with open(self.path("out", "index.html"), "w") as f:
            f.write("mine")
        self.expect_untouched("index.html", "--label-blank", "--yes", "-o",
                              "out")
        self.assertEqual(self.text("out", "index.html"), "mine")


class Continued(CalibrateTest):
    def lines(self, changes):
        return [line for line in
                self.text("out", "calibrate.jsonl").splitlines(True)
                if line.startswith(('{"change"', '{"writing"')) == changes]

    def units(self):
        return self.lines(False)

    def changes(self):
        return self.lines(True)

    def test_cartridge_that_was_written_meanwhile_is_refused_by_name(self):
        self.make_library()
        self.calibrate("--label-blank", "--yes", "-o", "out")
        lines = self.units()[:20] + self.changes()[-1:]
        with open(self.path("out", "calibrate.jsonl"), "w",
                  encoding="utf-8") as f:
            f.writelines(lines)
        # A new scratch label: what the run has written is lost.
        self.passes("label", "-l", "lib", "-V", "V001L7", "--overwrite",
                    "V001L7")
        r = self.calibrate("--yes", "-o", "out", status=2)
        self.assertRegex(r.err, "cartridge V001L7 was written by another "
                         "program since the last test .volume change "
                         "reference [0-9a-f]{8}, was [0-9a-f]{8}.: use "
                         "another --out to begin again")

    def test_kill_between_the_first_write_and_its_line_is_continued(self):
        # What should happen: the same command continues.  What did happen:
        # "was written by another program", by the killed run itself.
        self.make_library()
        self.calibrate("--label-blank", "--yes", "-o", "out")
        lines = self.text("out", "calibrate.jsonl").splitlines(True)
        writing = max(i for i, line in enumerate(lines)
                      if line.startswith('{"writing"'))
        self.assertNotEqual(json.loads(lines[writing])["writing"],
                            json.loads(self.changes()[-1])["change"])
        for kept, status in ((lines[:writing], 2), (lines[:writing + 1], 0)):
            with open(self.path("out", "calibrate.jsonl"), "w",
                      encoding="utf-8") as f:
                f.writelines(kept)
            r = self.calibrate("--yes", "-o", "out", status=status)
            self.assertIn("written by another program" if status else
                          "continued: ", r.err)

    def kill_before_the_line_of_the_first_write(self):
        """Leave the journal of a run that was killed at this place."""
        self.make_library()
        self.calibrate("--label-blank", "--yes", "-o", "out")
        lines = self.text("out", "calibrate.jsonl").splitlines(True)
        with open(self.path("out", "calibrate.jsonl"), "w",
                  encoding="utf-8") as f:
            f.writelines(lines[:12] + ['{"writing":"00000001"}\n'])

    def test_kill_between_the_first_write_and_its_line_keeps_other_data(self):
        self.kill_before_the_line_of_the_first_write()
        self.passes("write", "-l", "lib", "-d", "new", "-V", "V001L7",
                    "--overwrite", "V001L7", stdin=b"valuable")
        before = self.volume_bytes()
        r = self.calibrate("--yes", "-o", "out", status=2)
        self.assertIn("cartridge V001L7 does not have the label of the "
                      "run", r.err)
        self.assertEqual(self.volume_bytes(), before)

    def test_kill_between_the_first_write_and_its_line_keeps_other_label(self):
        # What should happen: refused, as a new run is.  What did happen: the
        # volume was written, because it had some scratch label.
        self.kill_before_the_line_of_the_first_write()
        self.passes("label", "-l", "lib", "-V", "V002L7")
        shutil.copy(self.path("lib", "V002L7.tape"),
                    self.path("lib", "V001L7.tape"))
        with contextlib.closing(sqlite3.connect(
                self.path("lib", "V001L7.tape"))) as db, db:
            db.execute("update volume set barcode = 'V001L7'")
        before = self.volume_bytes()
        r = self.calibrate("--yes", "-o", "out", status=2)
        self.assertIn("its barcode is V001L7, but its label says that it is "
                      "volume V002L7", r.err)
        self.assertEqual(self.volume_bytes(), before)

    def test_journal_is_continued_from_any_line(self):
        self.make_library()
        self.calibrate("--label-blank", "--yes", "-o", "out")
        whole = self.units()
        first = self.profile("out", "profile.yaml")
        for keep in (1, 14, 40, len(whole) - 1):
            # The last write of all was before the interruption.
            change = self.changes()[-1:]
            with open(self.path("out", "calibrate.jsonl"), "w",
                      encoding="utf-8") as f:
                f.writelines(whole[:keep] + change)
                f.write(whole[keep][:10])           # torn
            r = self.calibrate("--yes", "-o", "out")
            if keep > 1:
                self.assertIn("continued: %d measurements" % (keep - 1),
                              r.err)
            again = self.profile("out", "profile.yaml")
            for section in ("host", "buffer", "motion", "locate"):
                self.assertEqual(first[section].keys(),
                                 again[section].keys())
                self.assertEqual(
                    first[section].get("rule"), again[section].get("rule"))

    def test_a_drive_that_fails_in_mid_run_keeps_what_was_measured(self):
        self.make_library()
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: drive, operation: write, drive: 1, nth: 3000, "
                    "once: true, sense: hardware_error}")
        r = self.calibrate("--label-blank", "--yes", "-o", "out", status=5)
        self.assertIn("hardware error", r.err)
        self.assertIn("what was measured is kept: with cartridge V001L7 in a "
                      "drive that is ready, and not written by another "
                      "program, the same command continues",
                      r.err)
        measured = len(self.units()) - 1
        self.assertGreater(measured, 5)
        other = self.calibrate("--yes", "-o", "out", volume="V002L7",
                               status=2)
        self.assertIn("the cartridge is V002L7 now, and was V001L7",
                      other.err)
        r = self.calibrate("--yes", "-o", "out")
        self.assertIn("continued: %d measurements" % measured, r.err)

    def test_other_cartridge_and_other_drive_do_not_continue(self):
        self.make_library()
        self.calibrate("--label-blank", "--yes", "-o", "out")
        r = self.calibrate("--label-blank", "--yes", "-o", "out",
                           volume="V002L7", status=2)
        self.assertIn("the cartridge is V002L7 now, and was V001L7", r.err)
        self.make_library("other")
        r = self.calibrate("--label-blank", "--yes", "-o", "out",
                           library="other", status=2)
        self.assertIn("the drive is TL", r.err)
        r = self.calibrate("--fill", "--yes", "-o", "out", status=2)
        self.assertIn("the kind of run is fill now", r.err)

    def test_volume_that_was_used_meanwhile_is_not_overwritten(self):
        self.make_library()
        self.calibrate("--label-blank", "--yes", "-o", "out")
        # A cartridge without a memory has no volume change reference.
        lines = self.units()[:20]
        with open(self.path("out", "calibrate.jsonl"), "w") as f:
            f.writelines(lines)
        self.passes("write", "-l", "lib", "-d", "new", "-V", "V001L7",
                    "--overwrite", "V001L7", stdin=b"valuable")
        before = self.volume_bytes()
        for more in ((), ("--overwrite", "V001L7")):
            r = self.calibrate("--yes", "-o", "out", *more, status=2)
            self.assertIn("cartridge V001L7 does not have the label of the "
                          "run", r.err)
        self.assertEqual(self.volume_bytes(), before)

    def started(self):
        """Start a run in real time; return it after two measurements."""
        before = self.measurements()
        p = subprocess.Popen(
            [PROGRAM, "calibrate", "-l", "lib", "-V", "V001L7", "--yes",
             "--label-blank", "--pace=0.01", "-o", "out"],
            cwd=self.path(), stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while self.measurements() < before + 2 and \
                time.monotonic() < deadline:
            time.sleep(0.02)
        return p

    def measurements(self):
        path = self.path("out", "calibrate.jsonl")
        return self.text("out", "calibrate.jsonl").count("\n") \
            if os.path.exists(path) else 0

    def test_signal_and_kill_in_real_time(self):
        self.make_library()
        for number, status, message in (
                (signal.SIGTERM, 5, "interrupted; what was measured is kept: "),
                (signal.SIGKILL, -signal.SIGKILL, "continued: "),
                (signal.SIGTERM, 5, "continued: ")):
            p = self.started()
            p.send_signal(number)
            _, err = p.communicate(timeout=60)
            self.assertEqual(p.returncode, status, err)
            self.assertIn(message, err.decode())
        # Times of another pace do not belong together.
        r = self.calibrate("--yes", "-o", "out", status=2)
        self.assertIn("the kind of run is default now, and was default, at",
                      r.err)


if __name__ == "__main__":
    main()
