#!/usr/bin/env python3
"""Simulated time ends at 100 years, and never overflows."""
from command import CommandTest, main

HEAD = "library: {drives: [lto9], volumes: {count: 3, capacity: 18 TB}}\n"
SLOW_REGION = "  - {volume: 1, at: 1 GB, fail: slow, length: 10 TB, " \
    "slowdown: 1000000}\n"
SLOW_DRIVE = "  - {drive: 1, fail: drive, mode: slow, operation: write, " \
    "slowdown: 1000000}\n"


def stalls(count):
    return "".join("  - {fail: stall, at: %d MB, duration: 10000 h}\n" %
                   (100 * n) for n in range(1, count + 1))


# Name: (scenario, what the run waits for when its time is up).
TOO_LONG = {
    "a_byte_a_second": (
        HEAD + "dump: {size: 18 TB, rate: 1 B/s}\n", "source"),
    "a_byte_or_two_a_second": (
        HEAD + "dump: {size: 18 TB, rate: 1..2 B/s}\n", "source"),
    "a_slow_network": (
        HEAD + "dump: {size: 18 TB, feed: {network: {mean: 9 B/s, "
        "deviation: 3 B/s, min: 1 B/s}}}\n", "source"),
    "many_stalls": (
        HEAD + "dump: {size: 18 GB, rate: 100 MB/s}\nfaults:\n" + stalls(90),
        "source"),
    "open_and_many_stalls": (
        HEAD + "dump: {size: 18 GB, rate: 100 MB/s, feed: {open: true}}\n"
        "faults:\n" + stalls(90), "source"),
    "a_slow_region_and_a_slow_drive": (
        HEAD + "dump: {size: 18 TB}\nfaults:\n" + SLOW_REGION + SLOW_DRIVE,
        "drive"),
    "slow_robot_and_first_loads": (
        "library: {drives: [lto9], robot: {move_time: 10000 h}, behaviour: "
        "{media_initialization: 10000 h},\n  volumes: {count: 100, "
        "capacity: 100 MB}}\ndump: {size: 9 GB}\n", "drive"),
    "long_pauses_between_bursts": (
        HEAD + "dump: {size: 1 GB, feed: {start: 10000 h, bursts: {rate: "
        "1 MB/s, on_time: 1 us, off_time: 10000 h}}}\n", "source"),
    "files_of_a_byte": (
        HEAD + "dump: {size: 1 GB, feed: {files: {size: 1 B, overhead: "
        "10000 h, rate: 1 B/s}}}\n", "source"),
    "a_slow_spool": (
        HEAD + "dump: {size: 1 GB}\nsplitter: {part: 100 MB, cache: spool, "
        "spool: {rate: 1 B/s, latency: 10000 h}}\n", "spool"),
    "a_stretched_trace": (
        HEAD + "dump: {size: 1 GB, feed: {trace: {file: t.tsv, stretch: "
        "90000000000%}}}\n", "source"),
}


class Time(CommandTest):
    def test_what_takes_more_than_100_years_ends_and_the_others_continue(self):
        self.file("s/t.tsv", "time_ns\tbytes\n4611686018427387903\t1000\n")
        for name, (text, _) in TOO_LONG.items():
            self.file("s/%s.yaml" % name, "title: t\n" + text)
        self.file("s/z_good.yaml", "title: t\n" + HEAD +
                  "dump: {size: 1 GB}\nexpect: [outcome == DONE]\n")
        result = self.run_command("run", "s")
        self.assertEqual(result.status, 2, result.out + result.err)
        self.assertIn("1 passed, %d failed, 0 skipped" % len(TOO_LONG),
                      result.out + result.err)
        messages = result.err.splitlines()
        self.assertEqual(len(messages), len(TOO_LONG), result.err)
        for line, (name, (_, awaited)) in zip(messages,
                                              sorted(TOO_LONG.items())):
            self.assertRegex(line, r"^s/%s\.yaml: simulated time would exceed "
                             r"100 years, waiting for .*%s" % (name, awaited))

    def test_what_takes_less_than_100_years_is_simulated(self):
        self.file("a.yaml", "title: t\n" + HEAD +
                  "dump: {size: 10 GB, rate: 100 MB/s, feed: {open: true}}\n"
                  "faults:\n" + stalls(80) +
                  "expect: [outcome == DONE, duration >= 800000 h, "
                  "duration < 800001 h]\n")
        self.file("b.yaml", "title: t\n" + HEAD +
                  "dump: {size: 18 TB, rate: 1..2 B/s}\n"
                  "faults: [{fail: cancel, after_time: 1 h}]\n"
                  "expect: [outcome == FAILED, duration <= 61 min]\n")
        self.assertEqual(self.run_command("run", "a.yaml", "b.yaml").status,
                         0)


if __name__ == "__main__":
    main()
