#!/usr/bin/env python3
"""Every snippet of the pages of files and databases works as shown."""
import os
import shutil
import sqlite3

from command import ROOT, main
from snippets import ManualPage, read


class FilePages(ManualPage):
    def test_results(self):
        self.page("tapelab-results.5")
        for name in ("a", "b"):
            self.put("first.yaml", read("scenarios/failures/"
                                        "bad_spot_in_mid_part.yaml"))
            self.shell("tapelab run --trace --out %s first.yaml\n" % name)
        for name in ("results.json", "first"):
            os.symlink(self.work("a", name), self.work(name))
        for beginning, lines in (("jq", 0), ("jq", 1), ("awk", 1),
                                 ("awk", 2), ("cmp", 0)):
            out = self.shell(self.take(beginning))
            self.assertGreaterEqual(len(out.splitlines()), lines, out)
        for schema in ("reports/json/results.schema.json",
                       "reports/ci/junit.xsd"):
            shutil.copy(os.path.join(ROOT, schema), self.work())
        shutil.copy(self.work("a", "junit.xml"), self.work())
        # The command of jsonschema says nothing of valid files.
        self.assertIn("junit.xml validates", self.shell(
            self.take("jsonschema").replace(
                "/usr/local/share/tapelab", self.work()).replace(
                    "jsonschema -i",
                    "PYTHONWARNINGS=ignore jsonschema -i")))
        self.ended()

    def test_scenario(self):
        self.page("tapelab-scenario.5")
        ran, first = 0, None
        while self.left:
            snippet = self.take()
            if snippet.startswith("include:"):
                self.put("_small_library.yaml", "library: {drives: [instant], "
                         "volumes: {count: 8, capacity: 4 MB}}\n"
                         "splitter: {block: 64 KiB, buffer: 1 MB, "
                         "part: 1 MB}\n")
                self.put("spot.yaml", snippet)
                self.assertIn("passed   spot[cache=none,size=5MB]: ",
                              self.shell("tapelab run spot.yaml\n"))
                continue
            if snippet.startswith("matrix:"):
                self.put("rows.yaml", "include: _small_library.yaml\n"
                         "title: rows\ndump: {source: random}\n"
                         "library: {volumes: {capacity: 8 MB}}\n"
                         "expect: [outcome == DONE]\n" + snippet)
                self.shell("tapelab run rows.yaml\n")
                continue
            if snippet.startswith("- duration"):
                self.put("x.yaml", first.split("expect:")[0] + "expect:\n" +
                         snippet)
                self.shell("tapelab check x.yaml\n")
                continue
            if not snippet.startswith("title:"):
                # An attempts line.
                snippet = ("title: x\nlibrary: {drives: [lto8], volumes: "
                           "{capacity: 1 GiB}}"
                           "\ndump: {source: random, size: 5 MiB}\n"
                           "expect: [\"attempts == %s\"]\n" %
                           snippet.strip())
                self.put("x.yaml", snippet)
                self.shell("tapelab check x.yaml\n")
                continue
            self.put("x.yaml", snippet)
            self.shell("tapelab run x.yaml\n")
            first = first or snippet
            ran += 1
        # An example for each kind of fault, and more.
        self.assertGreater(ran, 22)

    def test_header(self):
        self.page("tapelab-header.5")
        self.dump()
        # manual_test.py compares the two headers with their checksums.
        self.take("tapelab:")
        self.take("tapelab:")
        parts = []
        for volume in ("VTA001L8", "VTA002L8"):
            self.tape(volume, parts)
        self.assertEqual(len(parts), 3)
        shutil.copytree(self.work(parts[2][0]), self.work("tape"))
        last = parts[2][1]
        self.assertIn("type: label", self.shell(self.take("mt ")))
        for beginning in ("mt ", "mt "):
            text = self.take(beginning)
            self.assertIn(" asf 3\n", text)
            out = self.shell(text.replace(" asf 3", " asf %d" % last))
            self.assertIn("" if "PART" in text else "type: part", out)
        self.assertIn("PART000003", self.shell(self.take("xxhsum")))
        for number, (folder, file) in enumerate(parts[:2], 1):
            self.shell("/bin/dd if=%s/%d bs=262144 skip=1 of=PART%06d\n" % (
                folder, file, number))
        self.shell(self.take("cat PART") + "tar df dump\n")
        self.shell(self.take("truncate"))
        self.assertEqual(os.path.getsize(self.work("PART000003")), 1048576)
        self.ended()

    def tape(self, barcode, parts):
        """Make a folder with the tape files of a volume; return where its
        parts are."""
        db = sqlite3.connect(self.work("lib", barcode + ".tape"))
        self.addCleanup(db.close)
        folder, number, at = "tape-" + barcode, 0, b""
        os.mkdir(self.work(folder))
        for count, size, last, block in db.execute(
                "select count, block_bytes, last_bytes, data from objects "
                "order by first"):
            if size > 0:
                at += block.ljust((count - 1) * size + last, b"\0")
                continue
            self.file("work/%s/%d" % (folder, number), at)
            if b"\ntype: part\n" in at[:4096]:
                parts.append((folder, number))
            number, at = number + 1, b""


class Databases(ManualPage):

    def test_catalogue(self):
        self.page("tapelab-catalogue.5")
        self.dump()
        self.shell("tar c numbers | tapelab write --library lib --dump sat "
                   "--part '1 MiB' --fault block:2:medium_error\n", status=4)
        self.shell("tapelab vtl create bad --volumes 3 --capacity '3 MiB' "
                   "--early-warning '512 KiB' && tapelab label --library bad "
                   "&& tapelab vtl fault bad --entry '{fail: write, volume: "
                   "VTA001L8, at: 1 MiB, sense: medium_error}' && tar c "
                   "numbers | tapelab write --library bad --dump friday "
                   "--part '1 MiB' --cache memory\n")
        self.query("lib/catalogue.db", "select distinct volume",
                   "select barcode")
        self.query("bad/catalogue.db", "select at, volume",
                   "select volume, counters.name")
        self.query("lib/catalogue.db", "select name")
        self.ended()

    def test_drives(self):
        self.page("tapelab-drives.1")
        self.transcript(self.take("$ tapelab drives show lto9"))
        self.uses_devices(self.take("$ tapelab drives --changer"))
        self.ended()

    def test_drive(self):
        self.page("tapelab-drive.5")
        for line in self.take("load: 15 s").splitlines():
            self.shell("tapelab drives show lto8 > own.yaml\n"
                       "sed -i 's/  load: .*/  %s/' own.yaml\n"
                       "tapelab drives show ./own.yaml\n"
                       % line.replace("/", "\\/"))
        self.transcript(self.take("$ tapelab drives show lto8"))
        self.put("a.yaml", "title: A dump\n" +
                 self.take("library:").rstrip() +
                 "\n  volumes: {count: 2, capacity: 1 GiB}\n"
                 "dump: {size: 1 MiB}\n"
                 "splitter: {block: 64 KiB, buffer: 1 MiB}\n")
        self.shell("tapelab check a.yaml\n")
        self.ended()

    def test_library(self):
        self.page("tapelab-library.5")
        self.shell("tapelab vtl create lib --volumes 2 --slots 3\n")
        self.query("lib/library.db", "select kind", "select number",
                   "select number")
        self.ended()

    def test_volume(self):
        self.page("tapelab-volume.5")
        self.dump()
        self.shell("tapelab vtl fault lib --entry "
                   "'{fail: write, volume: VTA001L8, at: 1 MiB}'\n")
        os.link(self.work("lib", "VTA001L8.tape"), self.work("TL0001.tape"))
        while self.left:
            if self.left[0].startswith("select"):
                self.query("lib/VTA001L8.tape", "select")
                continue
            # Here file 3 of its volume is another one.
            program = self.take("import sqlite3").replace("file = 3",
                                                          "file = 1")
            self.put("part.py", program)
            self.shell("python3 part.py && tapelab read --library lib "
                       "--dump friday > dump && cmp -n 1048576 dump PART\n")
        self.ended()


if __name__ == "__main__":
    main()
