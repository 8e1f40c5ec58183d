#!/usr/bin/env python3
"""Runs every *_test.py of the rooms and prints how many tests passed.

Usage: all_tests.py [MODULE[.CLASS[.TEST]]...]
       all_tests.py --share I/N [PATH...]
                            modules I, I + N, I + 2 N... of all, or of those
                            whose path begins with one of these

The modules are in the folders `tests` of the rooms; what they share is in this
folder. splitter/api has tests of its own, which see what is installed.
"""
import os
import sys
import unittest

from command import ROOT, main


def folders():
    """Return the folders with tests of the command."""
    return sorted(
        folder for top in ("sim", "splitter/tool")
        for folder, _, names in os.walk(os.path.join(ROOT, top))
        if any(name.endswith("_test.py") for name in names))


def modules(begin=""):
    """Return the names of the modules whose path begins so: with this text, or
    with one of a tuple."""
    return [name[:-3] for folder in folders()
            for name in sorted(os.listdir(folder))
            if name.endswith("_test.py") and os.path.relpath(
                os.path.join(folder, name), ROOT).startswith(begin)]


def load_tests(loader, _tests, _pattern):
    """Load the tests of all files; unittest calls this function."""
    return unittest.TestSuite(
        loader.loadTestsFromName(name) for name in modules())


if __name__ == "__main__":
    sys.path += folders()
    if sys.argv[1:2] == ["--share"]:
        index, count = (int(n) for n in sys.argv[2].split("/"))
        sys.argv[1:] = modules(tuple(sys.argv[3:]) or "")[index::count]
    main(None if len(sys.argv) > 1 else "__main__")
