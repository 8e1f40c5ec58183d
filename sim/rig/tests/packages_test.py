#!/usr/bin/env python3
"""What the virtual machine is made of when the mirror lacks something.

The mirror is a table here: the packages of packages.list are small, and apt's
answers about them are made from the table.
"""
import contextlib
import hashlib
import io
import os
import sys
import tempfile
import unittest
from unittest import mock

from command import ROOT, main

sys.path.insert(0, os.path.join(ROOT, "sim/rig"))

import packages  # noqa: E402
from packages import LATER, STABLE, Missing  # noqa: E402

LISTED = ((STABLE, "tar", "1.0"), (STABLE, "linux-image-6.1.0-1-amd64", "6.1"),
          (LATER, "linux-binary-7.3-amd64", "7.3"),
          (LATER, "linux-modules-7.3-amd64", "7.3"))


def sha256(name):
    return hashlib.sha256(name.encode()).hexdigest()


class Mirror:
    """Answers as apt does, for a mirror with these (release, name, version)."""

    def __init__(self, there, releases=(STABLE, LATER)):
        self.there, self.releases = there, releases

    def run(self, command, cwd=None):
        if "indextargets" in command:
            return "http://mirror stable main Debian\n"
        if "update" in command:
            with open(os.path.join(packages.CACHE, "apt/sources.list"),
                      encoding="utf-8") as f:
                wanted = [line.split()[-2] for line in f]
            if not set(wanted) <= set(self.releases):
                raise Missing("apt-get failed: no Release file")
            return ""
        if "madison" in command:
            return "".join("%s | %s | http://mirror %s/main amd64\n" % (
                name, version, release)
                           for release, name, version in self.there
                           if name in command and release in self.releases)
        if "download" in command:
            for word in command:
                if "=" in word:
                    name = word.split("=")[0]
                    with open(os.path.join(cwd, name + ".deb"), "w",
                              encoding="utf-8") as f:
                        f.write(name)
            return ""
        raise AssertionError(command)


class Packages(unittest.TestCase):

    def fetch(self, mirror):
        """Return the names of what fetch() brings, and the releases whose
        kernel it leaves out."""
        rows = [(*row, sha256(row[1])) for row in LISTED]
        with tempfile.TemporaryDirectory() as cache, \
                mock.patch.object(packages, "CACHE", cache), \
                mock.patch.object(packages, "read_list", lambda: rows), \
                mock.patch.object(packages, "run", mirror.run), \
                contextlib.redirect_stdout(io.StringIO()):
            files, without = packages.fetch()
            for _, name, path in files:
                with open(path, encoding="utf-8") as f:
                    self.assertEqual(f.read(), name)
            return [name for _, name, _ in files], without

    def test_a_mirror_that_has_all(self):
        names, without = self.fetch(Mirror(LISTED))
        self.assertEqual(names, [row[1] for row in LISTED])
        self.assertEqual(without, {})

    def test_a_mirror_without_the_later_release(self):
        names, without = self.fetch(Mirror(LISTED, (STABLE,)))
        self.assertEqual(names, [row[1] for row in LISTED[:2]])
        self.assertEqual(list(without), [LATER])

    def test_a_mirror_without_a_kernel(self):
        for release, kept in ((STABLE, LISTED[:1] + LISTED[2:]),
                              (LATER, LISTED[:3])):
            with self.subTest(release):
                names, without = self.fetch(Mirror(kept))
                self.assertEqual(list(without), [release])
                self.assertIn(release, without[release])
                self.assertEqual(names, [row[1] for row in LISTED
                                         if not row[1].startswith("linux-") or
                                         row[0] != release])

    def test_no_kernel_at_all(self):
        with self.assertRaisesRegex(
                Missing, "no kernel is available: .*%s.*%s" % (STABLE, LATER)):
            self.fetch(Mirror(LISTED[:1]))

    def test_another_package_is_needed(self):
        with self.assertRaisesRegex(Missing, "the mirror has no tar of"):
            self.fetch(Mirror(LISTED[1:]))


if __name__ == "__main__":
    main()
