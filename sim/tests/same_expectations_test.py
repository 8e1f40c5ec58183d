#!/usr/bin/env python3
"""Scenarios that expect the same, word for word, are found."""
import os
import subprocess
import tempfile
import unittest

TOOL = os.path.join(os.path.dirname(__file__), "..", "..", ".ci",
                    "same_expectations")


class SameExpectations(unittest.TestCase):
    def check(self, **files):
        """Return the exit status and the lines of a check of these files."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                with open(os.path.join(folder, name + ".yaml"), "w",
                          encoding="utf-8") as f:
                    f.write(text)
            r = subprocess.run([TOOL, folder], check=False, text=True,
                               stdout=subprocess.PIPE)
        return r.returncode, r.stdout.splitlines()

    def test_two_files_with_the_same_expectations_are_found(self):
        status, lines = self.check(
            a="expect: [outcome == DONE, parts == 3]\n",
            b="expect:\n  - parts  ==\n    3\n",
            c="expect: [parts == 4]\n")
        self.assertEqual((status, lines), (
            1, ["b expects the same as a", "3 passed, 1 failed"]))

    def test_what_all_expect_does_not_tell_them_apart(self):
        status, lines = self.check(
            a="expect: [outcome == DONE, safe_bytes == 5 MiB]\n",
            b="expect: [restored == source, volumes_used == 2]\n")
        self.assertEqual(status, 1)
        self.assertIn("nothing that is not everywhere", lines[0])

    def test_steps_a_matrix_and_published_values_tell_them_apart(self):
        status, _ = self.check(
            a="steps: [{step: read, expect: [gaps == 1]}]\n",
            b="steps: [{step: read, expect: [gaps == 2]}]\n",
            c="matrix: {rows: [{name: x, expect: [gaps == 1, parts == 2]}]}\n",
            d="matrix: {when: [{if: {a: b}, steps.1.expect.2: gaps == 3}]}\n",
            e="published: [{metric: duration, value: 3 s}]\n",
            f="published: [{metric: duration, value: 4 s}]\n")
        self.assertEqual(status, 0)

    def test_a_reason_explains_a_pair_and_must_have_one(self):
        reason = "# same as a: it is read elsewhere\nexpect: [parts == %d]\n"
        self.assertEqual(self.check(a="expect: [parts == 3]\n",
                                    b=reason % 3)[0], 0)
        status, lines = self.check(a="expect: [parts == 3]\n", b=reason % 4)
        self.assertEqual((status, lines[0]), (
            1, "b: does not expect the same as a: remove the reason"))


if __name__ == "__main__":
    unittest.main()
