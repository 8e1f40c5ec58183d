#!/usr/bin/env python3
"""What drives and cartridges report of the volumes of a dump: in the report,
in the catalogue, and as warnings of write, scan and read."""
import hashlib
import json
import re
import shutil

from command import main
from library import MIB, PART, Begun, data

ERRORS = ("drive 0, volume V001: the drive has reported since the load: "
          "uncorrected write errors: 1, TapeAlert flag 4 (Medium), TapeAlert "
          "flag 6 (Write failure)")


def readings(volume):
    return {r["source"]: (r["before"], r["after"]) for r in
            volume["readings"]}


class Condition(Begun):
    def wear(self, barcode, loads):
        self.sql(barcode, "insert into history (event, text) values "
                 "('loads', ?)", str(loads))

    def test_each_volume_has_its_counters_in_report_and_catalogue(self):
        self.make((MIB, MIB // 8), 2 * MIB)
        r = self.write("d", data(5 * PART), "--json", "--no-catalogue")
        self.assertEqual(r.err, "")
        report = self.report("e", data(2 * PART), "--overwrite", "V001",
                             "--overwrite", "V002")
        for volumes in (json.loads(r.out)["volumes"], report["volumes"]):
            for v in volumes:
                self.assertEqual((v["reported"], v["serial"], v["errors"],
                                  v["alerts_after"]),
                                 (True, v["volume"], "", ""))
                found = readings(v)
                self.assertEqual(found["MAM 0001"][0], found["MAM 0001"][1])
                self.assertNotEqual(*found["MAM 0000"])
                before, after = found["0Ch/0000"]
                self.assertEqual(before, 0)
                self.assertEqual(found["02h/0005"], (before, after))
                self.assertGreater(after, PART)
                self.assertEqual(found["17h/0001"], found["MAM 0003"])
        self.assertEqual([v["volume"] for v in
                          json.loads(r.out)["volumes"]], ["V001", "V002"])
        rows = self.catalogue(
            "select name, volume, serial, capacity_bytes, alerts_after, "
            "errors from volume_uses join dumps on dumps.id = dump")
        self.assertEqual(rows, [["e", "V001", "V001", str(MIB), "", ""]])
        rows = self.catalogue("select before, after from counters where page "
                              "= 12 and code = 0")
        self.assertEqual(rows, [[str(n) for n in readings(
            report["volumes"][0])["0Ch/0000"]]])

    def test_bytes_in_the_life_of_a_cartridge_grow_with_each_load(self):
        self.make(64 * MIB)
        source = data(5 * MIB)
        first = self.report("d", source)["volumes"][0]
        self.same("d", source)
        again = self.report("e", source, "--overwrite", "V001")["volumes"][0]
        # What was written and read in the loads before, in whole MiB.
        for code, before in (("MAM 0220", 5), ("MAM 0221", 5)):
            self.assertEqual(readings(first).get(code, (0,))[0], 0, code)
            self.assertGreaterEqual(readings(again)[code][0], before * MIB)
        self.assertEqual(readings(first)["17h/0010"], (0, 5))
        # 10^6 bytes of page 17h, this load included; the mount alone.
        life, mount = (readings(again)["17h/00" + n] for n in ("10", "0E"))
        self.assertEqual(mount, (0, 5))
        self.assertIn(life[1] - life[0], (5, 6))
        # The label, two dumps, and reading them.
        used = [re.match(r"written (\d+), read (\d+)$", row[0]).groups()
                for row in self.sql("V001", "select text from history where "
                                    "event = 'used'")]
        self.assertEqual(len([w for w, _ in used if int(w) > 5 * MIB]), 2)
        self.assertEqual(len([r for _, r in used if int(r) > 5 * MIB]), 1)

    def test_errors_of_a_drive_are_reported_when_they_happen_and_at_the_end(
            self):
        self.make(MIB, 2 * MIB)
        self.defect("V001", 400000)
        source = data(4 * PART)
        r = self.write("d", source, "--json", "--cache", "memory")
        self.assertEqual(r.err.count("tapelab: %s\n" % ERRORS), 1, r.err)
        self.assertRegex(r.err, r"\ntapelab: dump d: the drive has reported "
                         r"errors of 1 of 2 volumes: read the dump back .*\n$")
        report = json.loads(r.out)
        self.assertEqual(report["outcome"], "DONE")
        bad, good = report["volumes"]
        self.assertEqual((bad["closed"], bad["errors"], bad["alerts_before"],
                          bad["alerts_after"]),
                         ("suspect", ERRORS, "",
                          "Hard error (3), Medium (4), Write failure (6)"))
        self.assertEqual((good["errors"], good["alerts_after"]), ("", ""))
        self.assertEqual(readings(bad)["02h/0006"], (0, 1))
        self.assertEqual(self.catalogue(
            "select volume, alerts_before, alerts_after, errors from "
            "volume_uses order by id"),
            [["V001", "", "3, 4, 6", ERRORS], ["V002", "", "", ""]])
        self.assertEqual(self.catalogue(
            "select volume, after - before from counters join volume_uses on "
            "volume_use = id where page = 2 and code = 6 order by id"),
            [["V001", "1"], ["V002", "0"]])
        self.same("d", source)

    def test_a_worn_volume_is_a_warning_of_write_scan_and_read(self):
        for loads, says in ((17000, None), (18500, "nearly worn"),
                            (20001, "worn: it is at the end of its life")):
            with self.subTest(loads=loads):
                self.make(2 * MIB)
                self.wear("V001", loads)
                said = [self.write("d", data(PART)).err,
                        self.run_command("scan", "-l", "lib").err,
                        self.read("d")[1]]
                for text in said:
                    lines = [line for line in text.splitlines()
                             if re.match("tapelab: drive 0, volume V001: the "
                                         "cartridge is .*replace it", line)]
                    self.assertEqual(len(lines), says is not None, text)
                    self.assertIn(says or "", text)
                shutil.rmtree(self.path("lib"))

    def test_a_block_that_cannot_be_read_is_a_warning_of_read(self):
        self.make(2 * MIB)
        self.write("d", data(2 * PART))
        self.sql("V001", "insert into defects (at_byte, sense_key, sense_asc, "
                 "sense_ascq, once, fail) values (200000, 3, 17, 0, 0, "
                 "'read')")
        err = self.read("d", status=5)[1]
        self.assertEqual(len(re.findall(
            r"tapelab: drive 0, volume V001: the drive has reported since the "
            r"load: uncorrected read errors: \d+, TapeAlert flag 4 \(Medium\), "
            r"TapeAlert flag 5 \(Read failure\)\n", err)), 1, err)


    def test_evidence_is_kept_in_a_folder_of_its_own(self):
        self.make(2 * MIB)
        err = self.write("d", data(PART), "--evidence", "proof").err
        with open(self.path("proof", "evidence.json"), "rb") as f:
            proof = f.read()
        # The drive of a library takes no SCSI commands.
        self.assertEqual([(e["kind"], e["text"]) for e in
                          json.loads(proof)["entries"]], [("command", "d")])
        self.assertEqual(err, "tapelab: evidence: proof/evidence.json, "
                         "SHA-256 %s\n" % hashlib.sha256(proof).hexdigest())
        for folder in ("proof", "no/such"):
            self.refuses("write", "-l", "lib", "-d", "e", "--evidence",
                         folder, says=folder)


if __name__ == "__main__":
    main()
