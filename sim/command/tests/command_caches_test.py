#!/usr/bin/env python3
"""`tapelab run`: part caches on disk, and faults of the source."""
import os
import time
import unittest

from command import BLOCK, CLOCKS, CommandTest, main


class Spool(CommandTest):
    def spooled(self, dir_, **keys):
        return self.scenario(
            "sub/a.yaml", part="512 KiB",
            cache="spool, spool: {dir: %s}" % dir_,
            more="faults: [{fail: block, nth: 9, once: true}]\n",
            expect=["outcome == DONE", "restored == source",
                    "attempts == 1:262144F | 1:524288 2:524288"], **keys)

    def test_missing_spool_folder_is_reported_and_nothing_is_left(self):
        for clock in CLOCKS:
            for payload in ("none", "raw"):
                with self.subTest(clock + ", " + payload):
                    path = self.spooled("not/there", payload=payload)
                    r = self.cannot_run("run", "--clock", clock, path,
                                        says=["sub/not/there",
                                              "No such file or directory"])
                    self.assertEqual(len(r.err.splitlines()), 1)
                    self.assertEqual(self.left_in_tmp(), [])

    def test_file_as_spool_folder_is_refused(self):
        self.file("sub/file", "x")
        self.cannot_run("run", self.spooled("file"), says="Not a directory")

    def test_relative_spool_folder_is_relative_to_the_scenario(self):
        os.makedirs(self.path("sub", "spool"))
        for clock in CLOCKS:
            self.passes("run", "--clock", clock, self.spooled("spool"))
        self.passes("run", self.spooled("spool"), cwd="/")
        self.assertEqual(os.listdir(self.path("sub", "spool")), [])

    def test_bad_spool_folder_is_no_error_of_the_scenario_file(self):
        self.passes("check", self.spooled("not/there"))

    def test_spool_is_in_the_temporary_folder_by_default(self):
        path = self.scenario(cache="spool")
        for clock in CLOCKS:
            self.passes("run", "--clock", clock, path)
        self.assertEqual(self.left_in_tmp(), [])

    def test_results_of_a_full_spool_name_no_folder(self):
        path = self.scenario(cache="spool, spool: {size: 64 KiB}",
                             payload="raw", expect=["spool_full_parts > 0"])
        self.passes("run", "--out", "out", path)
        for name in ("results.json", "report.md", "index.html"):
            with open(self.path("out", name), encoding="utf-8") as f:
                self.assertNotIn(self.tmp, f.read())


class Slices(CommandTest):
    def sliced(self, **keys):
        keys.setdefault("more", "faults: [{fail: block, nth: 20, once: true}"
                        "]\n")
        keys.setdefault("part", "1 MiB")
        keys.setdefault("expect", [
            "outcome == DONE", "restored == source",
            "cache_read_bytes == %d B" % (19 * BLOCK)])
        return self.scenario(cache="slices", **keys)

    def test_stream_is_rewritten_from_slices(self):
        data = os.urandom(3 * 1024 * 1024 + 5)
        path = self.sliced(source="stdin", size=None)
        for clock in CLOCKS:
            with self.subTest(clock):
                r = self.run_command("run", "--clock", clock, path,
                                     stdin=data)
                self.assertEqual((r.status, r.err), (0, ""), r.out)
                self.assertIn("%d bytes safe" % len(data), r.out)
                self.assertEqual(self.left_in_tmp(), [])

    def test_stream_is_rewritten_from_a_spool(self):
        data = os.urandom(2 * 1024 * 1024 + 5)
        path = self.scenario(
            cache="spool", part="1 MiB", source="stdin", size=None,
            more="faults: [{fail: filemark, nth: 2, once: true}]\n")
        for clock in CLOCKS:
            r = self.run_command("run", "--clock", clock, path, stdin=data)
            self.assertEqual((r.status, r.err), (0, ""), r.out)

    def test_stream_may_end_before_the_last_slice(self):
        path = self.scenario(
            cache="slices, slices: [1 B, 10 B, 1 MiB]", source="stdin",
            size=None, part="1 MiB")
        for data in (b"", b"x", b"x" * 10, b"x" * 11, b"x" * 1048576):
            for clock in CLOCKS:
                r = self.run_command("run", "--clock", clock, path,
                                     stdin=data)
                self.assertEqual((r.status, r.err), (0, ""), r.out)
                self.assertIn("%d bytes safe" % len(data), r.out)

    def test_slices_of_every_seed_restore(self):
        path = self.sliced(payload="raw", size="2500000 B", capacity="8 MiB")
        for seed in range(8):
            self.passes("run", "--seed", str(seed), path)

    def test_payload_does_not_change_the_result(self):
        courses = set()
        for payload in ("none", "raw"):
            path = self.sliced(payload=payload, size="2500000 B",
                               drives="lto8", more="faults:\n"
                               "  - {fail: block, nth: 20, once: true}\n"
                               "  - {fail: slice, nth: 2, mode: corrupt}\n",
                               expect=["outcome == PARTIAL"])
            self.passes("run", "--out", "out", path)
            metrics = self.results()[0]["metrics"]
            courses.add((metrics["attempts"], metrics["duration"],
                         metrics["cache_read_bytes"]))
        self.assertEqual(len(courses), 1)

    def test_slice_files_are_kept_with_the_volumes(self):
        path = self.sliced(payload="raw")
        r = self.run_command("run", "--keep-volumes", path)
        self.assertEqual(r.status, 0)
        folder, = self.left_in_tmp()
        held = os.path.join(self.tmp, folder, "holding")
        total = sum(os.path.getsize(os.path.join(held, name))
                    for name in os.listdir(held))
        self.assertEqual(total, 1048576)

    def test_lost_slice_is_named_without_the_temporary_folder(self):
        path = self.scenario(
            part="1 MiB", cache="slices, slices: [100 KiB, 200 KiB]",
            more="faults:\n  - {fail: block, nth: 20, once: true}\n"
            "  - {fail: slice, nth: 2, mode: missing}\n",
            expect=["outcome == PARTIAL"])
        for clock, name in (("virtual", "slice 2"), ("real", "slice-000002")):
            r = self.passes("run", "--clock", clock, "--out", "out", path)
            with open(self.path("out", "report.md"), encoding="utf-8") as f:
                report = f.read()
            self.assertIn(name, r.out)
            self.assertIn(name, report)
            self.assertNotIn(self.tmp, r.out + report)


class Producers(CommandTest):
    def test_requested_source_failure_is_no_warning(self):
        path = self.scenario(expect=["outcome == FAILED"], more="faults: "
                             "[{fail: producer, at: 300000 B}]\n")
        for clock in CLOCKS:
            self.passes("run", "--clock", clock, path)

    def test_cancel_ends_a_stall(self):
        path = self.scenario(expect=["outcome == FAILED"], more="faults:\n"
                             "  - {fail: stall, at: 0, duration: 20 min}\n"
                             "  - {fail: cancel, after_time: 100 ms}\n")
        begun = time.monotonic()
        for clock in CLOCKS:
            self.passes("run", "--clock", clock, path)
        self.assertLess(time.monotonic() - begun, 60)

    def test_stalls_take_the_same_time_on_both_clocks(self):
        path = self.scenario(
            expect=["outcome == DONE", "duration >= 60 ms"], more="faults:\n"
            "  - {fail: stall, at: 1 MiB, duration: 30 ms}\n"
            "  - {fail: stall, at: 1 B, duration: 10 ms}\n"
            "  - {fail: stall, at: 1 MiB, duration: 20 ms}\n")
        for clock in CLOCKS:
            self.passes("run", "--clock", clock, path)

    def test_late_cancel_changes_nothing(self):
        path = self.scenario(more="faults: [{fail: cancel, after_time: 1 h, "
                             "unreached: true}]\n")
        for clock in CLOCKS:
            self.passes("run", "--clock", clock, path)


if __name__ == "__main__":
    main()
