#!/usr/bin/env python3
"""Dumps can be restored without tapelab: by a program written from the manual
page, and with dd as the headers say."""
import os
import subprocess
import sys

from command import ROOT, main
from library import MIB, LibraryTest, data, headers

OTHER = os.path.join(ROOT, "splitter", "tool", "tests",
                     "restore_by_others.py")

# A tape as a folder of tape files, for the restore line of a header: mt
# selects a file, and dd takes the next block with each read.
MT = """#!/bin/sh
[ "$1 $3" = "-f asf" ] || exit 1
ls "$2/$4" > /dev/null && echo "$4" > "$2/at"
"""
DD = """#!/bin/sh
for a; do case $a in if=*) tape=${a#if=};; bs=*) bs=${a#bs=};;
skip=*) skip=${a#skip=};; of=*) of=${a#of=};; *) exit 1;; esac; done
exec /bin/dd if="$tape/$(cat "$tape/at")" bs="$bs" skip="$skip" of="$of"
"""


class Others(LibraryTest):
    def tape_files(self, barcode):
        """Return the blocks of each file of a volume."""
        files = [[]]
        for count, size, last, block in self.sql(
                barcode, "select count, block_bytes, last_bytes, data from "
                "objects order by first"):
            if size == 0:
                files += [[] for _ in range(count)]
                continue
            block = block.ljust((count - 1) * size + last, b"\0")
            files[-1] += [block[i:i + size]
                          for i in range(0, len(block), size)]
        return files if files[-1] else files[:-1]

    def export(self):
        """Export the volumes in the form that restore_by_others.py reads; return the
        folder."""
        for name in os.listdir(self.path("lib")):
            if not name.endswith(".tape"):
                continue
            for number, blocks in enumerate(self.tape_files(name[:-5])):
                self.file("export/%s/%d" % (name[:-5], number), b"".join(
                    b"%d\n" % len(b) + b for b in blocks))
        return self.path("export")

    def restored(self, dump, folder):
        return subprocess.run([sys.executable, "-B", OTHER, dump, folder],
                              check=True, stdout=subprocess.PIPE).stdout

    def with_dd(self, dump, size):
        """Restore the parts in order, with the commands in the headers
        alone."""
        bins = {"mt": MT, "dd": DD}
        for name, script in bins.items():
            os.chmod(self.file("bin/" + name, script), 0o755)
        lines = {}
        for name in sorted(os.listdir(self.path("lib"))):
            if not name.endswith(".tape"):
                continue
            for number, blocks in enumerate(self.tape_files(name[:-5])):
                self.file("tapes/%s/%d" % (name[:-5], number),
                          b"".join(blocks))
            for h in headers(self.volume(name[:-5])):
                if h["type"] == "part" and h["dump"] == dump:
                    lines[int(h["part"]), int(h["attempt"])] = (
                        name[:-5], h["restore"])
        os.makedirs(self.path("restored"), exist_ok=True)
        for _, (volume, line) in sorted(lines.items()):
            subprocess.run(["sh", "-ec", line.replace(
                "TAPE", self.path("tapes", volume))], check=True,
                cwd=self.path("restored"), stderr=subprocess.DEVNULL,
                env=self.environment({"PATH": self.path("bin") + ":" +
                                      os.environ["PATH"]}))
        r = subprocess.run("cat PART*", shell=True, check=True,
                           cwd=self.path("restored"), stdout=subprocess.PIPE)
        return r.stdout[:size]

    def test_over_volumes_with_failed_attempts(self):
        self.make(MIB, (MIB, 200000), MIB, 2 * MIB)
        source = data(3 * MIB + 17)
        self.defect("V001", 500000)
        self.write("d", source, "--cache", "memory")
        self.assertIn(False, [f["proven"] for f in self.scanned("d")["files"]])
        self.assertTrue(self.restored("d", self.export()) == source)
        self.assertTrue(self.with_dd("d", len(source)) == source)

    def test_several_dumps_on_a_volume(self):
        self.make(4 * MIB)
        dumps = {"one": data(MIB, 1), "two ways": data(700001, 2),
                 "none": b""}
        for i, (name, source) in enumerate(dumps.items()):
            self.write(name, source, "-V", "V001", sizes=(
                "--block", "%d KiB" % (4 << i), "--part", "256 KiB"))
        for name, source in dumps.items():
            self.assertTrue(self.restored(name, self.export()) == source)
        self.assertTrue(self.with_dd("two ways", 700001) ==
                        dumps["two ways"])

    def test_fixed_mode(self):
        self.make(MIB, 2 * MIB)
        source = data(MIB + 5)
        self.write("d", source, "--fixed", "--cache", "memory")
        self.assertTrue(self.restored("d", self.export()) == source)
        self.assertTrue(self.with_dd("d", len(source)) == source)

    def test_a_long_record(self):
        self.make(16 * MIB)
        source = data(MIB)
        self.write("d", source, sizes=("--block", "4 KiB", "--part",
                                       "4 KiB"))
        end = headers(self.volume("V001"))[-1]
        self.assertEqual((end["type"], int(end["records"]) > 10),
                         ("end", True))
        self.assertTrue(self.restored("d", self.export()) == source)
        self.same("d", source)


if __name__ == "__main__":
    main()
