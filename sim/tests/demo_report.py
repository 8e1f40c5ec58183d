"""Runs the demonstration and checks its report in a browser.

A headless browser opens the report and says for each picture whether it was
drawn. The last line is "N passed, N failed, N skipped".
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD = os.environ.get("BUILD", "build")

# Appended to a copy of the page: writes the state of each picture into the
# title.
PROBE = """<script>
addEventListener("load", function () {
  document.title = "drawn:" + JSON.stringify(
    Array.from(document.querySelectorAll("svg, img"), function (i) {
      var r = i.getBoundingClientRect();
      return [i.getAttribute("aria-label"), r.width, r.height];
    }));
});
</script>"""


def browse(page):
    """Return the page's document after loading."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update",
             "--disable-dev-shm-usage", "--user-data-dir=" + profile,
             "--virtual-time-budget=5000", "--dump-dom",
             "file://" + os.path.abspath(page)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120,
            check=True)
    return done.stdout.decode()


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.out = os.path.join(BUILD, "demo")
        shutil.rmtree(cls.out, ignore_errors=True)
        cls.done = subprocess.run(
            ["sim/demo/demo", BUILD], stdin=subprocess.DEVNULL,
            env=dict(os.environ, DEMO_MIB="450"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600)

    def test_it_succeeds_and_prints_where_the_report_is(self):
        text = self.done.stdout.decode()
        self.assertEqual(self.done.returncode, 0, text)
        self.assertIn("verdict: every byte was read back", text)
        self.assertIn(self.out + "/index.html", text)

    def test_volumes_end_at_leom_at_peom_and_with_a_medium_error(self):
        with open(self.out + "/results.json") as f:
            demo = json.load(f)["scenarios"][0]
        parts = demo["dumps"][0]["attempts"]
        self.assertEqual(demo["outcome"], "DONE")
        self.assertEqual(demo["metrics"]["restored"], "source")
        self.assertGreaterEqual(len({p["volume"] for p in parts}), 4)
        self.assertGreater(demo["safe_bytes"], 200e6)
        ends = {(p["volume"], p["end"], p["cause"]) for p in parts}
        self.assertIn(("LEOM01", "LEOM", None), ends)
        self.assertIn(("PEOM02", "FAILED", "peom"), ends)
        self.assertIn(("SPOT03", "FAILED", "medium_error"), ends)
        # A failed part is written again as a whole.
        for failed in [p for p in parts if not p["committed"]]:
            self.assertTrue(any(p["committed"] and
                                p["part"] == failed["part"]
                                for p in parts))

    @unittest.skipIf("CHECK_PART" in os.environ,
                     "make check-whole runs it; page_test.py opens a report")
    def test_the_browser_draws_every_picture(self):
        # The copy is in the folder of the page, so that relative links work.
        with open(self.out + "/index.html") as f:
            page = f.read()
        probe = self.out + "/probe.html"
        try:
            with open(probe, "w") as f:
                f.write(page + PROBE)
            document = browse(probe)
        finally:
            os.unlink(probe)
        found = re.search(r"<title>drawn:(.*?)</title>", document, re.S)
        self.assertIsNotNone(found, document[:2000])
        pictures = json.loads(found.group(1))
        self.assertEqual(len(pictures), page.count("<svg"))
        self.assertGreaterEqual(len(pictures), 1)
        for label, width, height in pictures:
            self.assertTrue(label and width > 100 and height > 100, label)

    def test_the_plot_can_be_drawn_again_from_its_script(self):
        folder = self.out + "/demo"
        with tempfile.TemporaryDirectory() as copy:
            for name in ("throughput.tsv", "throughput.gp"):
                shutil.copy(os.path.join(folder, name), copy)
            subprocess.run(["gnuplot", "throughput.gp"], cwd=copy, check=True)
            with open(copy + "/throughput.svg") as f:
                self.assertIn("</svg>", f.read())


if __name__ == "__main__":
    program = unittest.main(exit=False)
    result = program.result
    bad = len(result.failures) + len(result.errors)
    for test, reason in result.skipped:
        print("skipped: %s: %s" % (test.id(), reason))
    print("%d passed, %d failed, %d skipped" % (
        result.testsRun - bad - len(result.skipped), bad,
        len(result.skipped)))
    sys.exit(bad != 0)
