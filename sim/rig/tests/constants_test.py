#!/usr/bin/env python3
"""How the rig judges a calibration: the drive of its own case, in virtual time."""
import json
import os
import sys
import unittest

from command import ROOT, main
from library import LibraryTest

sys.path.insert(0, os.path.join(ROOT, "sim/rig"))

import constants  # noqa: E402
import slow_drive  # noqa: E402


class Judged(LibraryTest):
    def profile(self, name):
        return json.loads(self.passes("drives", "show", "--json",
                                      self.path(name)).out)

    def calibrated(self):
        for name, text in (("drive.yaml", slow_drive.PROFILE),
                           ("expected.yaml", slow_drive.expected_profile())):
            with open(self.path(name), "w", encoding="utf-8") as f:
                f.write(text)
        self.passes("vtl", "create", "--drives", "1", "--volumes", "1",
                    "--media-type", "none", "--capacity", "1500 MB",
                    "--early-warning", "25 MiB", "--payload", "none",
                    "--barcode-prefix", "V", "--barcode-suffix", "X",
                    "--drive-model", "./drive.yaml", "lib")
        r = self.run_command("calibrate", "-l", "lib", "-V", "V001X",
                             "--label-blank", "--yes",
                             "--model", "expected.yaml", "-o", "out")
        self.assertEqual(r.status, 0, r.err)
        return self.profile("out/profile.yaml")

    def test_a_host_that_is_never_late_finds_all_but_what_needs_fill(self):
        lines, wrong = constants.judge(self.calibrated(),
                                       self.profile("drive.yaml"))
        self.assertEqual(wrong, [])
        reasons = [line for line in lines if "true: " in line]
        self.assertEqual([line.split()[0] for line in reasons],
                         ["motion.window", "locate.band_change",
                          "media.none.capacity", "media.none.early_warning"])

    def test_a_value_that_is_off_and_a_false_reason_are_wrong(self):
        found, drive = self.calibrated(), self.profile("drive.yaml")
        found["motion"]["wrap_turn"]["source"] = \
            "measured: 0.6 s, spread 0.01 s (median of 5 samples)"
        found["motion"]["backhitch"]["source"] = \
            "of rig; cannot be found: it is shorter than 100 ms"
        wrong = constants.judge(found, drive)[1]
        self.assertEqual([line.split()[0] for line in wrong],
                         ["motion.backhitch", "motion.wrap_turn"])

    def test_speeds_are_missed_by_a_host_that_misses_their_rule(self):
        found, drive = self.calibrated(), self.profile("drive.yaml")
        for late, wrong in (("4.49", []), ("0.9", ["motion.rule",
                                                   "media.none.speeds"])):
            source = "of rig; cannot be found: the host is late by 0.61 ms " \
                "usually, by %s ms in what counts, by 5.94 ms at most: a " \
                "feed that it brings may be wrong by 7 %%" % late
            found["motion"]["rule"]["source"] = source
            found["media"]["none"]["speeds"]["source"] = \
                source + "; the highest is that which was measured"
            self.assertEqual([line.split()[0] for line in constants.judge(
                found, drive)[1]], wrong)


if __name__ == "__main__":
    main()
