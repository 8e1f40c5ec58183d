#!/usr/bin/env python3
"""A part of the cases of hostile.py; `make check-long` runs all of them."""
import os
import unittest

import hostile
from command import PART, PROGRAM, main

# Primes: each kind of value is tried in some column.
EVERY = 1009 if PART else 503
EVERY_ROW = 11 if PART else 7


class Hostile(unittest.TestCase):
    def test_hostile_values_do_no_harm(self):
        self.some(EVERY, len(sum(hostile.STRANGERS.values(), ())))

    def test_hostile_rows_do_no_harm(self):
        self.some(EVERY_ROW, 0, len(sum(hostile.STRANGERS.values(), ())))

    def some(self, *cases):
        wrong = []
        passed, failed = hostile.run_some(os.path.dirname(PROGRAM), *cases,
                                          told=wrong.append)
        self.assertEqual(failed, 0, "".join(wrong))
        self.assertGreater(passed, 0)


if __name__ == "__main__":
    main()
