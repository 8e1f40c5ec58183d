"""Rows for pacing: a dump on a paced drive in real time, against the same dump
in virtual time.

The drive (pace.drive) moves its medium like an LTO drive, and has short times
of mounts.
"""
import json
import os
import sys

from measure import Row, output

BLOCKS = ("64 KiB", "1 MiB")


def metrics(place, block, *more):
    out = os.path.join(place.shm, "pace")
    output(["env", "TMPDIR=" + place.shm, place.build + "/tapelab", "run",
            "--set", "splitter.block=" + block, "--out", out, *more,
            "sim/bench/pace.yaml"])
    with open(os.path.join(out, "results.json"), encoding="utf-8") as f:
        return json.load(f)["scenarios"][0]["metrics"]


def rows(place):
    for block in BLOCKS:
        model = metrics(place, block)
        paced = metrics(place, block, "--clock", "real", "--pace")
        if paced["attempts"] != model["attempts"]:
            sys.exit("bench: paced: other attempts than in virtual time")
        yield Row("paced drive in real time, blocks of %s: throughput differs "
                  "by" % block,
                  100 * abs(paced["throughput_mean"] /
                            model["throughput_mean"] - 1), "%", "<=", 5.0)
