#!/usr/bin/env python3
"""`tapelab run`: errors of drives that only reading back can find."""
import sqlite3

from command import CLOCKS, CommandTest, main


class Drives(CommandTest):
    def test_corrupted_block_is_found_by_reading_back(self):
        for payload in ("none", "raw"):
            with self.subTest(payload):
                path = self.scenario(
                    payload=payload, expect=(),
                    more="faults: [{fail: drive, operation: write, nth: 5, "
                    "mode: corrupt, once: true}]\n")
                r = self.run_command("run", path)
                self.assertEqual(r.status, 1)
                self.assertIn("part 1 on volume TL0001 differs from the source",
                              r.out)

    def test_lost_buffer_is_in_the_history_of_the_volume(self):
        for clock in CLOCKS:
            with self.subTest(clock):
                path = self.scenario(
                    cache="memory", expect=("failed_attempts == 1",),
                    more="faults: [{fail: drive, operation: write, nth: 5, "
                    "drive: 1, deferred: true, once: true, "
                    "sense: hardware_error}]\n",
                    drives="instant, instant", volumes=3)
                before = self.volumes()
                r = self.run_command("run", "--clock", clock,
                                     "--keep-volumes", path)
                self.assertEqual(r.status, 0, r.out)
                volume = [v for v in self.volumes() if v not in before][0]
                db = sqlite3.connect(volume)
                rows = db.execute("select text from history where event = "
                                  "'lost'").fetchall()
                db.close()
                self.assertEqual(len(rows), 1)
                self.assertRegex(
                    rows[0][0], r"^objects 5 to 5, 32768 bytes of dump "
                    r"[0-9a-f]{16} from 65536: acknowledged, never on the "
                    r"medium \(sense 4/44/00\)$")


if __name__ == "__main__":
    main()
