#!/usr/bin/env python3
"""`tapelab run`: published values next to simulated ones."""
import re

from command import CommandTest, main

ROW = ("  - {metric: parts, value: %s, kind: %s, source: a page, "
       "series: s%s}\n")


class Published(CommandTest):
    def read(self, *names):
        with open(self.path("out", *names), encoding="utf-8") as f:
            return f.read()

    def run_with(self, *rows, status=0):
        """Run a scenario for each list of rows. Its dump has four parts."""
        for i, of_scenario in enumerate(rows):
            self.scenario("p/%d.yaml" % i,
                          more="published:\n" + of_scenario)
        r = self.run_command("run", "--out", "out", "p")
        self.assertEqual((r.status, r.err), (status, ""), r.out)
        return r

    def values(self):
        return [v for s in self.results() for v in s["published"]]

    def setUp(self):
        super().setUp()
        self.file("p/none", "")

    def test_value_within_its_tolerance_is_met(self):
        for value, tolerance, met in (
                (4, "", True), (4, ", tolerance: 1 %", True),
                (5, "", False), (5, ", tolerance: 20 %", True),
                (5, ", tolerance: 19 %", False), (3, "", False),
                (3, ", tolerance: 34 %", True)):
            with self.subTest((value, tolerance)):
                r = self.run_with(ROW % (value, "validation", tolerance),
                                  status=0 if met else 1)
                v = self.values()[0]
                self.assertEqual((v["met"], v["simulated"], v["value"]),
                                 (met, 4, value))
                self.assertAlmostEqual(v["error"], (4 - value) / value)
                self.assertEqual(self.results()[0]["passed"], met)
                self.assertIn("published values: %d of 1 met" % met, r.out)

    def test_known_value_must_not_be_met(self):
        row = ROW % ("%d", "validation", ", known: a reason")
        self.run_with(row % 9)
        self.assertIn("not met, as known (a reason)", self.read("report.md"))
        self.assertIn("Known: a reason", self.read("index.html"))
        r = self.run_with(row % 4, status=1)
        self.assertIn("met, but known not to be", r.out)

    def test_value_by_construction_is_shown_and_not_counted(self):
        r = self.run_with(ROW % (4, "by construction", "") +
                          ROW % (4, "calibration", ""))
        self.assertIn("published values: 1 of 1 met, 0 not met as known; 1 by "
                      "construction, not counted", r.lines)
        self.assertIn("by construction", self.read("index.html"))

    def test_order_of_a_series_is_compared_when_all_were_run(self):
        # Both scenarios have four parts, and no order.
        r = self.run_with(*[ROW % (value, "validation", ", tolerance: order")
                            for value in (8, 9)], status=1)
        self.assertEqual([v["met"] for v in self.values()], [False, False])
        self.assertIn("0 passed, 2 failed, 0 skipped", r.lines)
        rows = [ROW % (value, "validation", ", tolerance: order")
                for value in (30, 20)]
        self.scenario("p/0.yaml", part="128 KiB", more="published:\n" +
                      rows[0])
        self.scenario("p/1.yaml", more="published:\n" + rows[1])
        self.passes("run", "--out", "out", "p")
        self.assertEqual([v["met"] for v in self.values()], [True, True])
        self.assertEqual([v["tolerance"] for v in self.values()], [None] * 2)

    def test_value_alone_in_its_series_is_not_judged(self):
        r = self.run_with(ROW % (9, "validation", ", tolerance: order"))
        self.assertEqual(self.values()[0]["met"], None)
        self.assertIn("alone in its series", r.out)

    def test_equal_values_are_compared_with_their_mean(self):
        self.run_with(*[ROW % ("same", "validation", "")] * 2)
        self.assertEqual([(v["met"], v["value"]) for v in self.values()],
                         [(True, None)] * 2)
        self.scenario("p/0.yaml", part="128 KiB", more="published:\n" +
                      ROW % ("same", "validation", ""))
        r = self.run_command("run", "--out", "out", "p")
        self.assertEqual(r.status, 1)
        # Eight parts and four: each is a third from their mean.
        self.assertEqual([round(v["error"], 6) for v in self.values()],
                         [0.333333, -0.333333])

    def test_the_page_has_a_table_and_a_mark_for_each_value(self):
        self.run_with(ROW % (4, "calibration", ""),
                      ROW % (5, "validation", "<x>, known: y"))
        page = self.read("index.html")
        self.assertEqual(len(re.findall('class="axis"', page)), 2)
        self.assertEqual(len(re.findall('class="dot met" style', page)), 1)
        self.assertEqual(len(re.findall('class="dot known" style', page)), 1)
        self.assertEqual(page.count("<table class=\"published\">"), 3)
        self.assertIn("s&lt;x&gt;", page)
        lines = self.read("published.tsv").splitlines()
        self.assertEqual([line.split("\t")[:6] for line in lines[1:]],
                         [["0", "s", "0", "parts", "", "4"],
                          ["1", "s<x>", "1", "parts", "", "5"]])

    def test_a_run_without_values_removes_the_old_table(self):
        self.run_with(ROW % (4, "calibration", ""))
        self.scenario("p/0.yaml")
        self.passes("run", "--out", "out", "p")
        self.assertNotIn("Published", self.read("index.html"))
        with self.assertRaises(FileNotFoundError):
            self.read("published.tsv")


if __name__ == "__main__":
    main()
