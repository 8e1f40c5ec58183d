#!/usr/bin/env python3
"""A share of the databases of strangers: `make check-long` has them all."""
import os
import unittest

import hostile
from command import PROGRAM, main

EVERY = 83              # a prime: each kind of value, in some column


class Hostile(unittest.TestCase):
    def test_what_a_stranger_wrote_does_no_harm(self):
        self.some(EVERY, len(sum(hostile.STRANGERS.values(), ())))

    def test_rows_that_a_stranger_wrote_do_no_harm(self):
        self.some(3, 0, len(sum(hostile.STRANGERS.values(), ())))

    def some(self, *cases):
        wrong = []
        passed, failed = hostile.run_some(os.path.dirname(PROGRAM), *cases,
                                          told=wrong.append)
        self.assertEqual(failed, 0, "".join(wrong))
        self.assertGreater(passed, 0)


if __name__ == "__main__":
    main()
