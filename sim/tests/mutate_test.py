"""The command that changes scenarios reports what a scenario does not notice."""
import os
import subprocess
import unittest

from command import PROGRAM, CommandTest

MUTATE = os.path.join(os.path.dirname(PROGRAM),
                      "sim/tests/mutate/mutate_main")
TEXT = """title: t
library:
  drives: [instant]
  volumes: {count: 3, capacity: 4 MiB}
dump: {source: random, size: 2 MiB}
splitter: {block: 64 KiB, part: 512 KiB, cache: memory}
%sfaults:
  - {fail: block, nth: 5, cause: peom, once: true}
expect:
  - outcome == DONE
"""
STRONG = "  - attempts == 1:262144F:peom | 1:262144 2:262144 3:262144 " \
    "4:262144 5:262144 6:262144 7:262144 8:262144\n"


class Mutate(CommandTest):
    def mutate(self, text):
        with open(os.path.join(self.dir, "a.yaml"), "w") as f:
            f.write(text)
        r = subprocess.run([MUTATE, self.dir], stdout=subprocess.PIPE)
        return r.returncode, r.stdout.decode()

    def test_what_a_scenario_does_not_notice_is_reported(self):
        status, out = self.mutate(TEXT % "")
        self.assertEqual(status, 1)
        for name in ("faults[1] survives", "faults[1].nth survives: 5 -> 6",
                     "faults[1].cause survives: peom -> "):
            self.assertIn(name, out)

    def test_a_strong_scenario_passes(self):
        status, out = self.mutate(TEXT % "" + STRONG)
        self.assertEqual((status, out.splitlines()[-1]),
                         (0, "4 passed, 0 failed"), out)

    def test_a_survivor_may_have_a_reason(self):
        reasons = "".join("# survives %s: it is a test\n" % name for name in (
            "faults[1]", "faults[1].nth", "faults[1].cause"))
        status, out = self.mutate(TEXT % reasons)
        self.assertEqual(status, 0, out)

    def test_a_reason_that_is_not_needed_is_an_error(self):
        status, out = self.mutate(
            TEXT % "# survives faults[1].nth: it is a test\n" + STRONG)
        self.assertEqual(status, 1)
        self.assertIn("a.yaml:7: faults[1].nth does not survive", out)

    def test_a_scenario_that_fails_is_reported(self):
        status, out = self.mutate(TEXT % "" + "  - parts == 99\n")
        self.assertEqual(status, 1)
        self.assertIn("does not pass as it is", out)


if __name__ == "__main__":
    unittest.main()
