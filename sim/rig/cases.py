"""The cases of the rig: functions with a name, chosen by name.

    @case("rows of the table on scsi_debug", core=True)
    def scsi_debug_rows(rig):
        ...

A case gets a Rig, with a guest that runs.  It raises Failed, or returns how
many tests it has made, or a Skipped.  `kernels` says on which kernels it runs:
"each", or "last" for the latest one.
"""
from collections import namedtuple

CASES = []
Case = namedtuple("Case", "name function core kernels")


class Skipped(Exception):
    """The case cannot be run here; the message says why."""


def case(name, core=False, kernels="each"):
    def add(function):
        CASES.append(Case(name, function, core, kernels))
        return function
    return add


class Differences:
    """Collects results that differ from what was expected."""

    def __init__(self):
        self.tests = 0
        self.texts = []

    def compare(self, what, expected, found):
        self.tests += 1
        if expected != found:
            self.texts.append("%s\n  expected: %s\n  found:    %s" % (
                what, expected, found))

    def check(self, what, good, found=""):
        self.tests += 1
        if not good:
            self.texts.append("%s\n  %s" % (what, found))
