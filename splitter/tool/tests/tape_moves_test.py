#!/usr/bin/env python3
"""A tape moves without a report: the outcome, the catalogue, a scan and a
resume must not call the overwritten data safe."""
import shutil
import signal

from command import main
from library import MIB, PART, Begun, data

# Blocks written with parts of eight blocks: the label, and nine for each part.
HEADER_OF_PART_3 = 20


class Astray(Begun):
    def dump(self, nth, to, *args):
        """Write a dump whose tape moves before the Nth block."""
        self.make(*[8 * MIB] * 3)
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: drive, operation: write, nth: %d, mode: %s, "
                    "once: true}" % (nth, to))
        self.source = data(6 * PART)
        return self.report("d", self.source, *args, status=4)

    def known(self):
        """Return outcome and bytes of the dump in the catalogue, and its
        parts."""
        return (self.catalogue("select outcome, safe_bytes from dumps where "
                               "name = 'd'") +
                self.catalogue("select part from parts where name = 'd'"))

    def test_overwritten_data_is_reported_as_safe_nowhere(self):
        # Expected: the dump is PARTIAL, and no part of it is called safe.
        # Bug: it was DONE, and two parts did not exist.
        for how in ("move", "silent_reset"):
            with self.subTest(how=how):
                report = self.dump(HEADER_OF_PART_3, how)
                self.assertEqual((report["outcome"], report["safe_bytes"],
                                  report["sealed"]), ("PARTIAL", 0, False))
                self.assertEqual(report["parts"], [])
                self.assertEqual(self.known(), [["PARTIAL", "0"]])
                shutil.rmtree(self.path("lib"))

    def test_a_dump_that_lost_everything_can_be_written_again(self):
        self.dump(HEADER_OF_PART_3, "move", "--cache", "memory")
        self.write("d", self.source)
        self.same("d", self.source)

    def test_a_resumed_dump_is_verified_on_its_first_volume(self):
        # The label, parts 1 and 2 and the header of part 3 are on the volume.
        # Then the dump is resumed after them, and the tape is rewound.
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

    def test_parts_lost_of_another_dump_are_reported(self):
        # Expected: a dump that destroys parts of another dump on the same
        # volume reports it.
        # Bug: it was DONE without a message.
        self.make(*[8 * MIB] * 3)
        self.write("old", data(3 * PART))
        self.passes("vtl", "fault", "lib", "--entry",
                    "{fail: drive, operation: write, nth: 5, mode: move, "
                    "once: true}")
        with self.start("write", "-l", "lib", "-d", "new", *self.SMALL,
                        "--cache", "memory", "-V", "V001", "-V", "V002") as process:
            _, err = process.communicate(data(2 * PART))
        self.assertEqual(process.returncode, 0, err)
        self.assertIn(b"volume V001: the older data before file 5, where "
                      b"this dump was appended, was overwritten in part", err)
        self.same("new", data(2 * PART))

    def test_data_overwritten_by_the_last_filemark_is_reported(self):
        # Expected: when the tape moves before the filemark of an end record
        # that did not fit, this is reported.
        # Bug: the dump was DONE without a message, and nothing of it was left.
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
