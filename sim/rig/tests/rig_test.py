#!/usr/bin/env python3
"""What the rig makes of a case that fails, or makes no test."""
import contextlib
import io
import os
import subprocess
import sys
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

from command import ROOT, main

sys.path.insert(0, os.path.join(ROOT, "sim/rig"))

from cases import Case, Skipped  # noqa: E402
from guest import Failed  # noqa: E402
from served import OPEN_ISCSI, QEMU  # noqa: E402


def load():
    spec = spec_from_loader("rig", SourceFileLoader(
        "rig", os.path.join(ROOT, "sim/rig/rig")))
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class NoRig:
    kernel = "6.1"

    def __init__(self):
        # Of the case before.
        self.initiators = {QEMU}
        self.guest = self
        self.stopped = False

    def start(self):
        pass

    def stop(self):
        self.stopped = True

    def renew(self, _):
        pass


class RunsACase(unittest.TestCase):
    def run_case(self, function):
        """Return how many passed, failed, were skipped; whether the guest was
        ended; and what was printed."""
        rig = NoRig()
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            counts = load().run(rig, Case("a case", function, False, "each"))
        return counts, rig.stopped, printed.getvalue()

    def raises(self, failure):
        def function(_):
            raise failure
        return self.run_case(function)

    def test_passed_with_its_initiators(self):
        def function(rig):
            rig.initiators.add(OPEN_ISCSI)
            return 3

        counts, stopped, printed = self.run_case(function)
        self.assertEqual(((3, 0, 0), False), (counts, stopped))
        self.assertRegex(printed, r"^ok +a case, kernel 6\.1 +3 tests .* s, "
                                  "open-iscsi\n$")

    def test_no_test_is_a_failure(self):
        """What should happen: a case that makes no test fails.
        What did happen: the slow rows on scsi_debug were none, and passed."""
        counts, stopped, printed = self.run_case(lambda rig: 0)
        self.assertEqual(((0, 1, 0), True), (counts, stopped))
        self.assertIn("FAILED a case, kernel 6.1\nit made no test\n", printed)

    def test_failures_end_the_guest(self):
        for failure in (Failed("it is wrong"),
                        subprocess.TimeoutExpired("tapelab", 60)):
            counts, stopped, printed = self.raises(failure)
            self.assertEqual(((0, 1, 0), True), (counts, stopped))
            self.assertIn("FAILED a case, kernel 6.1\n%s\n" % failure, printed)

    def test_skipped(self):
        counts, stopped, printed = self.raises(Skipped("no tape"))
        self.assertEqual(((0, 0, 1), False), (counts, stopped))
        self.assertEqual("skip   a case, kernel 6.1: no tape\n", printed)


if __name__ == "__main__":
    main()
