#!/usr/bin/env python3
"""`--pace`: virtual drives take the time of their models, in real time.

No test depends on the speed of this machine: a paced run may take longer than
the model, but never less.
"""
import os
import re
import time

from command import ROOT, CommandTest, main

# Two volumes end early, one at a bad spot: five attempts.
SPANNING = {
    "drives": "./steady.yaml", "volumes": 4, "capacity": "40 MiB",
    "warning": "4 MiB",
    "size": "80 MiB", "block": "64 KiB", "buffer": "8 MiB", "part": "16 MiB",
    "cache": "memory",
    "more": "faults: [{volume: 2, at: 20 MiB, fail: write}]\n"}
FACTOR = 200


class Paced(CommandTest):
    def setUp(self):
        """Make an LTO-8 on which the speed of this machine has no influence.
        A paced source is slow for the model: an LTO-8 would pick a slower
        speed, whose stops are shorter, and write what waits for long, so that
        a bad spot is met earlier."""
        super().setUp()
        text = self.run_command("drives", "show", "lto8").out
        text = re.sub(r"(speeds: {value: \[)[^]]*, ", r"\1", text)
        text = re.sub(r"(write_delay: {value: )20 s", r"\g<1>0", text)
        self.file("steady.yaml", text.replace("name: lto8", "name: steady"))

    def metrics(self, *args):
        self.passes("run", "--out", "out", *args, "a.yaml")
        return self.results()[0]["metrics"]

    def test_paced_run_has_the_attempts_and_the_time_of_the_model(self):
        self.scenario(**SPANNING)
        model = self.metrics()
        paced = self.metrics("--clock", "real", "--pace=%g" % (1 / FACTOR))
        self.assertGreater(model["failed_attempts"], 0)
        self.assertEqual(paced["attempts"], model["attempts"])
        self.assertGreaterEqual(paced["duration"] + 0.001,
                                model["duration"] / FACTOR)

    def test_drive_that_stops_and_starts_takes_its_time_on_the_real_clock(self):
        found = []
        for clock in (("virtual",), ("real", "--pace")):
            self.passes("run", "--out", "out", "--clock", *clock, "--set",
                        "dump.size=24 MB", "--set", "splitter.part=8 MB",
                        os.path.join(ROOT, "sim", "bench", "pace.yaml"))
            found.append(self.results()[0]["metrics"])
        model, paced = found
        self.assertEqual(paced["attempts"], model["attempts"])
        self.assertEqual(paced["parts"], 3)
        self.assertGreaterEqual(paced["duration"] + 0.001, model["duration"])

    def test_several_dumps_share_paced_drives(self):
        self.file("a.yaml", """title: Two dumps
library:
  drives: [./steady.yaml]
  robot: {move_time: 8 s}
  volumes: {count: 4, capacity: 16 MiB, early_warning: 2 MiB}
dumps:
  - {name: a, source: random, size: 20 MiB}
  - {name: b, source: random, size: 20 MiB}
splitter: {block: 64 KiB, buffer: 1 MiB, part: 8 MiB, cache: memory}
""")
        # Which dump gets the drive first depends on threads.
        model = self.metrics()
        paced = self.metrics("--clock", "real", "--pace=%g" % (1 / FACTOR))
        self.assertEqual((model["outcome"], paced["outcome"]),
                         ("DONE", "DONE"))
        self.assertEqual(paced["volumes_used"], model["volumes_used"])
        self.assertGreaterEqual(paced["duration"] + 0.001,
                                model["duration"] / FACTOR)

    def test_without_the_option_drives_take_no_time(self):
        self.scenario(**SPANNING)
        self.assertGreater(self.metrics()["duration"], 100)
        self.assertLess(self.metrics("--clock", "real")["duration"], 100)

    def test_write_read_and_scan_take_the_time_of_the_library(self):
        self.passes("vtl", "create", "lib", "--volumes", "1", "--capacity",
                    "64 MiB")
        self.passes("label", "-l", "lib")
        for args in (("write", "-d", "x"), ("scan",), ("read", "-d", "x")):
            with self.subTest(args):
                begun = time.monotonic()
                r = self.run_command(*args, "-l", "lib",
                                     "--pace=%g" % (1 / FACTOR))
                self.assertEqual(r.status, 0, r.err)
                # A load and an unload of an LTO-8 drive take 15 s and 24 s.
                self.assertGreater(time.monotonic() - begun, 39 / FACTOR)

    def test_wrong_pace_is_refused(self):
        self.scenario()
        for factor in ("0", "", "x", "1e3", "-1", "1001", "0.0000001", "5 %"):
            with self.subTest(factor):
                r = self.run_command("run", "--clock", "real",
                                     "--pace=" + factor, "a.yaml")
                self.assertEqual(r.status, 2)
                self.assertIn("\"%s\" is not a factor" % factor, r.err)
        r = self.run_command("run", "--pace", "a.yaml")
        self.assertEqual(r.status, 2)
        self.assertIn("--pace needs --clock real", r.err)
        r = self.run_command("scan", "--pace", "-f", "/dev/null")
        self.assertEqual(r.status, 2)
        self.assertIn("--pace need --library", r.err)


if __name__ == "__main__":
    main()
