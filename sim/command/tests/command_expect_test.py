#!/usr/bin/env python3
"""`tapelab run`: expectations that are known not to hold."""
from command import CLOCKS, CommandTest, main


class Known(CommandTest):
    def read(self, *names):
        with open(self.path(*names), encoding="utf-8") as f:
            return f.read()

    def test_known_expectation_must_fail_and_the_reason_is_shown(self):
        self.scenario("a.yaml", expect=[
            "{that: parts == 5, known: a part is <too> long}"])
        for clock in CLOCKS:
            with self.subTest(clock):
                r = self.passes("run", "--clock", clock, "--out", "out",
                                "a.yaml")
                self.assertIn("    known not to hold: a part is <too> long; "
                              "it was: 4", r.lines)
                found = self.results()[0]
                self.assertTrue(found["passed"])
                self.assertEqual(
                    [(e["text"], e["passed"], e["known"])
                     for e in found["expectations"]],
                    [("parts == 5", False, "a part is <too> long")])
                self.assertIn("fails, as known (a part is \\<too\\> long)",
                              self.read("out", "report.md"))
                page = self.read("out", "index.html")
                self.assertIn("fails, as known", page)
                self.assertIn("Known: a part is &lt;too&gt; long", page)

    def test_known_expectation_that_holds_fails_its_scenario(self):
        path = self.scenario("a.yaml", expect=[
            "outcome == DONE", "{that: parts == 4, known: not yet}"])
        r = self.run_command("run", "--out", "out", path)
        self.assertEqual((r.status, r.err), (1, ""))
        self.assertIn("    it now holds: remove `known`, which says: not yet; "
                      "it was: 4", r.lines)
        self.assertFalse(self.results()[0]["passed"])
        self.assertIn("**holds, but is known to fail** (not yet)",
                      self.read("out", "report.md"))
        self.assertIn("holds, but is known to fail",
                      self.read("out", "index.html"))


if __name__ == "__main__":
    main()
