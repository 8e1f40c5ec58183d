#!/usr/bin/env python3
"""Runs every *_test.py of this folder and prints how many tests passed."""
import os
import unittest

from command import main

FOLDER = os.path.dirname(os.path.abspath(__file__))


def load_tests(loader, _tests, _pattern):
    """Load the tests of all files; unittest calls this function."""
    return unittest.TestSuite(
        loader.loadTestsFromName(name[:-3])
        for name in sorted(os.listdir(FOLDER)) if name.endswith("_test.py"))


if __name__ == "__main__":
    main()
