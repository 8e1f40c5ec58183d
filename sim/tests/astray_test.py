#!/usr/bin/env python3
"""A tape that moves by itself, and nothing reports it: what was lost on it is
not called safe by the outcome, the catalogue, a scan or a resume."""
import shutil
import signal

from command import main
from library import MIB, PART, Begun, data

# Written blocks with parts of eight: the label, and nine a part.
HEADER_OF_PART_3 = 20


class Astray(Begun):
    def dump(self, nth, to, *args):
        """A dump whose tape moves before the Nth block that is written."""
        self.make(*[8 * MIB] * 3)
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: drive, operation: write, nth: %d, mode: %s, "
                    "once: true}" % (nth, to))
        self.source = data(6 * PART)
        return self.report("d", self.source, *args, status=4)

    def known(self):
        """Outcome and bytes in the catalogue, and its parts."""
        return (self.catalogue("select outcome, safe_bytes from dumps where "
                               "name = 'd'") +
                self.catalogue("select part from parts where name = 'd'"))

    def test_what_was_overwritten_is_safe_nowhere(self):
        # Should: the dump is PARTIAL, and nothing calls a part of it safe.
        # Did: it was DONE, and two parts did not exist.
        for how in ("move", "silent_reset"):
            with self.subTest(how=how):
                report = self.dump(HEADER_OF_PART_3, how)
                self.assertEqual((report["outcome"], report["safe_bytes"],
                                  report["sealed"]), ("PARTIAL", 0, False))
                self.assertEqual(report["parts"], [])
                self.assertEqual(self.known(), [["PARTIAL", "0"]])
                shutil.rmtree(self.path("lib"))

    def test_a_dump_of_which_nothing_is_left_can_be_written_again(self):
        self.dump(HEADER_OF_PART_3, "move", "--cache", "memory")
        self.write("d", self.source)
        self.same("d", self.source)

    def test_a_resumed_dump_is_verified_again_on_its_own_volume(self):
        # The label, parts 1 and 2 and the header of part 3 are there; then
        # the dump is resumed behind them, and the tape rewound.
        self.make(*[8 * MIB] * 3)
        source = data(6 * PART)
        process = self.begin("d", source[:2 * PART + 32768], parts=2)
        self.assertEqual(self.ends(process, signal.SIGINT)[0], 5)
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: drive, operation: write, nth: 3, mode: move, "
                    "once: true}")
        report = self.resume("d", source, status=4)
        self.assertEqual((report["outcome"], report["safe_bytes"]),
                         ("PARTIAL", 0))
        self.assertEqual(self.known(), [["PARTIAL", "0"]])

    def test_what_another_dump_loses_is_said(self):
        # Should: a dump that destroys parts of another one, on a volume that
        # it is appended to, says so.  Did: it was DONE without a word.
        self.make(*[8 * MIB] * 3)
        self.write("old", data(3 * PART))
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: drive, operation: write, nth: 5, mode: move, "
                    "once: true}")
        with self.start("write", "-l", "lib", "-d", "new", *self.SMALL,
                        "--cache", "memory", "-V", "V001", "-V", "V002") as process:
            _, err = process.communicate(data(2 * PART))
        self.assertEqual(process.returncode, 0, err)
        self.assertIn(b"volume V001: what was on it before file 5, where "
                      b"this dump was appended, was overwritten in part", err)
        self.same("new", data(2 * PART))

    def test_what_the_last_filemark_overwrites_is_said(self):
        # Should: a tape that moves before the filemark that ends a record
        # which did not fit is told of.  Did: the dump was DONE without a
        # word, and nothing was left of it.
        self.make(*[8 * MIB] * 3)
        for nth, what in ((3, "sense: volume_overflow"), (4, "mode: move")):
            self.passes("vtl", "fault", "lib", "--entry", "{fail: drive, "
                        "operation: filemark, nth: %d, %s, once: true}"
                        % (nth, what))
        r = self.write("d", data(PART))
        self.assertIn("the drive moved the tape by itself before the last "
                      "filemark", r.err)


if __name__ == "__main__":
    main()
