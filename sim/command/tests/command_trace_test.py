#!/usr/bin/env python3
"""`tapelab run --trace`: the result of each tape operation."""
import os

from command import CLOCKS, CommandTest, limit_files, main


class Traces(CommandTest):
    def rows(self, *names):
        """Return the rows of a trace as mappings of column to value."""
        with open(self.path(*names, "trace.tsv"), encoding="utf-8") as f:
            lines = [line.rstrip("\n").split("\t") for line in f]
        return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]

    def limited(self, **keys):
        """Run a dump over three volumes, limited to eight blocks each."""
        keys.setdefault("volumes", 3)
        return self.scenario(
            payload="raw\n  limit: {capacity: 256 KiB, early_warning: none}",
            size="300 KiB", part="64 KiB", cache="memory", **keys)

    def test_operations_are_traced_in_order(self):
        # The eight blocks: label, header, 2 blocks, header, 2 blocks, header.
        self.limited()
        for clock in CLOCKS:
            with self.subTest(clock):
                self.passes("run", "--clock", clock, "--trace", "--out",
                            clock, "a.yaml")
                rows = [r for r in self.rows(clock, "a")
                        if r["volume"] == "TL0001"]
                self.assertEqual(
                    [r["operation"] for r in rows
                     if r["operation"] not in ("write", "read", "rewind")],
                    ["load", "label"] + ["header", "filemark"] * 3 +
                    ["unload"])
                self.assertEqual(sum(int(r["bytes"]) for r in rows
                                     if r["operation"] == "write"), 32768 * 4)
                self.assertEqual([r["message"] for r in rows
                                  if r["cause"] == "peom"],
                                 ["limit: volume TL0001 ends after "
                                  "262144 bytes: peom"])
                self.assertEqual(rows[-1]["request"], "full")
                begun = [int(r["begun_ns"]) for r in rows]
                self.assertEqual(begun, sorted(begun))
                self.assertTrue(all(int(r["done_ns"]) >= int(r["begun_ns"])
                                    for r in rows))
        self.assertEqual(self.left_in_tmp(), [])

    def test_fault_is_traced_with_its_cause(self):
        self.limited(more="faults: [{fail: filemark, nth: 2, once: true}]\n")
        self.passes("run", "--trace", "--out", "out", "a.yaml")
        self.assertEqual([(r["operation"], r["message"])
                          for r in self.rows("out", "a")
                          if r["cause"] == "medium_error"],
                         [("filemark", "injected fault: filemark 2: "
                           "medium_error")])

    def test_trace_and_folder_change_no_result(self):
        self.limited(drives="lto8")
        os.mkdir(self.path("elsewhere"))
        files = []
        for words in (["--out", "plain"], ["--trace", "--out", "one/deep"],
                      ["--trace", "--check-determinism", "--out", "two"]):
            self.passes("run", *words, "a.yaml", env={
                "TMPDIR": self.path("elsewhere") if words[-1] == "two" else
                self.tmp})
            with open(self.path(words[-1], "results.json"), "rb") as f:
                files.append(f.read())
        self.assertEqual(files[0], files[1])
        self.assertEqual(files[0], files[2])
        self.assertEqual(self.rows("one/deep", "a"), self.rows("two", "a"))
        self.assertFalse(os.path.exists(self.path("plain/a/trace.tsv")))

    def test_reports_link_to_the_trace(self):
        self.limited()
        for words, there in (([], False), (["--trace"], True)):
            self.passes("run", *words, "--out", "out", "a.yaml")
            for name in ("report.md", "index.html"):
                with open(self.path("out", name), encoding="utf-8") as f:
                    self.assertEqual("a/trace.tsv" in f.read(), there)

    def test_trace_of_an_earlier_run_is_removed(self):
        self.limited()
        self.passes("run", "--trace", "--out", "out", "a.yaml")
        self.assertGreater(len(self.rows("out", "a")), 9)
        self.passes("run", "--out", "out", "a.yaml")
        self.assertFalse(os.path.exists(self.path("out/a/trace.tsv")))

    def test_each_scenario_has_its_own_trace(self):
        self.limited(name="set/a.yaml")
        self.limited(name="set/x/b.yaml", volumes=4)
        self.passes("run", "--trace", "--out", "out", "set")
        self.assertEqual(len(self.rows("out", "a")),
                         len(self.rows("out", "x", "b")))

    def test_trace_needs_out(self):
        self.limited()
        self.refuses("run", "--trace", "a.yaml",
                     says="--trace needs --out")

    def test_trace_that_cannot_be_created_is_reported(self):
        self.limited()
        self.passes("run", "--trace", "--out", "out", "a.yaml")
        os.remove(self.path("out/a/trace.tsv"))
        os.makedirs(self.path("out/a/trace.tsv"))
        self.cannot_run("run", "--trace", "--out", "out", "a.yaml",
                        says="cannot create the trace a/trace.tsv: Is a "
                        "directory")

    def test_trace_that_cannot_be_written_fails_the_scenario(self):
        # Volumes and reports fit in the limit; a trace of many lines does not.
        self.scenario(size="64 MiB", capacity="80 MiB", part="64 MiB",
                      volumes=1)
        r = self.run_command("run", "--trace", "--out", "out", "a.yaml",
                             preexec_fn=limit_files(128 << 10))
        self.assertEqual(r.status, 1, r.out + r.err)
        self.assertIn("  cannot write the trace a/trace.tsv: File too large; "
                      "free space there, or omit --trace", r.lines)


if __name__ == "__main__":
    main()
