#!/usr/bin/env python3
"""A full disk under the volumes is not an error of the volumes."""
import json
import resource
import signal
import subprocess

from command import PATIENCE_S, main
from library import MIB, Begun, data

FULL = 3 * MIB // 2     # largest file size in bytes


def no_room(size=FULL):
    """A full disk as a process sees it: its files cannot grow."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


class FullDisk(Begun):
    def write_without_room(self, source, *args):
        """Write a dump that does not fit on the disk; return report and
        messages."""
        with self.start("write", "-l", "lib", "-d", "d", "--json", *args,
                        preexec_fn=no_room) as process:
            out, err = process.communicate(source, PATIENCE_S)
        self.assertEqual(process.returncode, 4, out + err)
        return json.loads(out), err.decode()

    def closed(self):
        """How each volume was closed, each time it was written."""
        return {v: [text for text, in
                    self.sql(v, "select text from history where event = "
                             "'closed' order by rowid")]
                for v in ("V001", "V002", "V003")}

    def test_dump_stops_at_the_first_volume_which_stays_good(self):
        # Expected: one volume is used, and it is good when there is room
        # again.
        # Bug: three volumes were closed as suspect, and a resume could not use
        # them.
        for args in ((), ("--cache", "memory")):
            with self.subTest(args=args):
                self.make(*[8 * MIB] * 3)
                source = data(3 * MIB)
                before = self.closed()
                report, err = self.write_without_room(source, *self.SMALL,
                                                      *args)
                self.assertGreater(report["safe_bytes"], 0)
                self.assertIn("the file may not grow", report["message"])
                self.assertNotIn("medium error", err)
                self.assertNotIn("do not write on this volume", err)
                after = self.closed()
                self.assertEqual([v for v in after if after[v] !=
                                  before[v]], ["V001"])
                report = self.resume("d", source)
                self.assertEqual(report["outcome"], "DONE")
                self.assertEqual({p["volume"] for p in report["parts"]},
                                 {"V001"})
                self.same("d", source)
                self.assertEqual(set(self.closed()["V001"]), {"good"})
                subprocess.run(["rm", "-r", self.path("lib")], check=True)

    def test_label_stops_at_the_first_volume(self):
        # Expected: label stops at the first volume, which is not suspect.
        # Bug: three volumes were closed as suspect.
        self.make(*[8 * MIB] * 3, label=False)
        with self.start("label", "-l", "lib",
                        preexec_fn=lambda: no_room(MIB // 16)) as process:
            _, err = process.communicate(b"", PATIENCE_S)
        self.assertEqual(process.returncode, 2, err)
        self.assertIn(b"volume V001 is not labelled", err)
        self.assertIn(b"the file may not grow", err)
        self.assertNotIn(b"V002", err)
        self.assertNotIn("suspect", str(self.closed()))
        self.passes("label", "-l", "lib")


if __name__ == "__main__":
    main()
