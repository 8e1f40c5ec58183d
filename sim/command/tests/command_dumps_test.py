#!/usr/bin/env python3
"""Several dumps in one scenario: results, reports and expectations."""
import os

from command import CommandTest, main

HEAD = """title: Two dumps
library:
  drives: [instant, instant]
  volumes: {count: 4, capacity: 1 MiB, early_warning: 128 KiB}
splitter: {block: 32 KiB, buffer: 128 KiB, part: 320 KiB, cache: memory}
dumps:
  - {name: mail, size: 640 KiB}
  - {name: home, size: 1 MiB}
"""


class Dumps(CommandTest):
    def read(self, name):
        with open(self.path(name), encoding="utf-8") as f:
            return f.read()

    def test_each_dump_has_results_of_its_own(self):
        self.file("a.yaml", HEAD + "expect:\n"
                  "  - mail.attempts == 1:327680 2:327680\n"
                  "  - home.safe_bytes == 1 MiB\n"
                  "  - safe_bytes == 1664 KiB\n")
        self.passes("run", "--out", "out", "a.yaml")
        found = self.results()[0]
        self.assertEqual([d["name"] for d in found["dumps"]],
                         ["mail", "home"])
        self.assertEqual([d["safe_bytes"] for d in found["dumps"]],
                         [655360, 1048576])
        self.assertEqual(found["safe_bytes"], 655360 + 1048576)
        for name in ("parts", "safe_bytes", "volumes_used", "tape_bytes"):
            self.assertEqual(
                found["metrics"][name],
                sum(d["metrics"][name] for d in found["dumps"]), name)
        self.assertEqual(
            found["metrics"]["attempts"],
            " | ".join(d["metrics"]["attempts"] for d in found["dumps"]))
        self.assertTrue(all(d["attempts"] for d in found["dumps"]))
        self.assertTrue(found["read_back"])

    def test_each_dump_has_files_and_a_section(self):
        self.file("a.yaml", HEAD)
        self.passes("run", "--trace", "--out", "out", "a.yaml")
        for dump in ("mail", "home"):
            for name in ("attempts.tsv", "throughput.tsv", "throughput.gp",
                         "trace.tsv"):
                self.assertTrue(os.path.exists(self.path(
                    "out/a/dump-" + dump, name)), (dump, name))
            self.assertIn("### Dump " + dump, self.read("out/report.md"))
            self.assertIn('<h3 class="first">Dump ' + dump, self.read("out/index.html"))
            self.assertIn("a/dump-%s/throughput.tsv" % dump,
                          self.read("out/index.html"))

    def test_expectation_of_one_dump_fails_with_its_value(self):
        self.file("a.yaml", HEAD + "expect: [home.parts == 5, parts == 6]\n")
        result = self.run_command("run", "a.yaml")
        self.assertEqual(result.status, 1)
        self.assertIn("home.parts == 5\n    but it was: 4", result.out)
        self.assertNotIn("parts == 6\n", result.out)

    def test_expectation_of_an_unknown_dump_is_refused(self):
        self.file("a.yaml", HEAD + "expect: [hme.parts == 5]\n")
        result = self.run_command("check", "a.yaml")
        self.assertEqual(result.status, 2)
        self.assertIn("a.yaml:9:10: expect: no dump is called \"hme\"; did "
                      "you mean \"home\"?", result.err)

    def test_dump_that_differs_names_itself(self):
        self.file("a.yaml", HEAD + "faults:\n"
                  "  - {volume: 2, at: 200 KiB, fail: corrupt}\n")
        result = self.run_command("run", "a.yaml")
        self.assertEqual(result.status, 1)
        self.assertRegex(result.out, r"dump (mail|home): part 1 on volume "
                         r"TL0002 differs from the source")

    def test_restored_is_undefined_without_read_back(self):
        self.file("a.yaml", HEAD)
        self.passes("run", "--no-read-back", "--out", "out", "a.yaml")
        found = self.results()[0]
        self.assertFalse(found["read_back"])
        self.assertIsNone(found["metrics"]["restored"])
        self.assertIn("Nothing was read back.", self.read("out/report.md"))

    def test_real_and_virtual_time_give_the_same_attempts(self):
        self.file("a.yaml", HEAD)
        lines = []
        for clock in ("virtual", "real"):
            self.passes("run", "--clock", clock, "--out", clock, "a.yaml")
            lines.append([d["metrics"]["attempts"]
                          for d in self.results(clock)[0]["dumps"]])
        self.assertEqual(lines[0], lines[1])

    def test_sources_share_a_rate_on_both_clocks(self):
        self.file("a.yaml", HEAD + "source_rate: 4 MiB/s\n")
        for clock in ("virtual", "real"):
            self.passes("run", "--clock", clock, "--out", clock, "a.yaml")
            # 1664 KiB at this rate.
            self.assertGreaterEqual(
                self.results(clock)[0]["metrics"]["duration"], 0.40625)

    def test_two_dumps_from_standard_input_are_refused(self):
        self.file("a.yaml", HEAD.replace("size: 640 KiB", "source: stdin")
                  .replace("size: 1 MiB", "source: stdin"))
        result = self.run_command("check", "a.yaml")
        self.assertEqual(result.status, 2)
        self.assertIn("only one dump can read the standard input", result.err)


if __name__ == "__main__":
    main()
