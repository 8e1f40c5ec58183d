"""Calibration of a drive that is paced.

The drive is slow and its tape short, so the recipes end within minutes.  An
emulated guest delays commands by milliseconds, so a constant may be off by its
own spread, or cannot be found: see constants.py.  All of them are printed.
"""
import json
import os
import re
import shutil

import constants
from acceptance import FRESH, keep
from cases import Differences, case
from guest import Failed, copy_program
from library import SG, Library

PROFILE = """\
name: rig
title: "A slow drive with a short tape"
maker: tapelab
density: {value: 0x40, estimate: true}
block_max: {value: 2 MiB, estimate: true}
host:
  command: {value: 0.25 ms, estimate: true}
  bus: {value: 80 MB/s, estimate: true}
buffer:
  size: {value: 6 MiB, estimate: true}
  restart: {value: 80%, estimate: true}
  write_delay: {value: 500 ms, estimate: true}
motion:
  rule: {value: best, estimate: true}
  backhitch: {value: 0.2 s, estimate: true}
  backhitch_at_standstill: {value: 30%, estimate: true}
  wrap_turn: {value: 0.5 s, estimate: true}
  window: {value: 4 s, estimate: true}
  forced_share: {value: 10%, estimate: true}
  sync_without_backhitch: {value: false, estimate: true}
mount:
  load: {value: 0.5 s, estimate: true}
  unload: {value: 0.3 s, estimate: true}
locate:
  start: {value: 0.15 s, estimate: true}
  wrap_change: {value: 0.1 s, estimate: true}
  band_change: {value: 0, estimate: true}
  direction_change: {value: 0.1 s, estimate: true}
compression:
  ratio: {value: 1.1:1, estimate: true}
  ratio_max: {value: 3:1, estimate: true}
media:
  none:
    capacity: {value: 1500 MB, estimate: true}
    speeds: {value: [8 MB/s, 16 MB/s], estimate: true}
    wraps: {value: 20, estimate: true}
    bands: {value: 1, estimate: true}
    length: {value: 40 m, estimate: true}
    early_warning: {value: 25 MiB, estimate: true}
    rewind: {value: 1.5 s, estimate: true}
    locate_average: {value: 0.75 s, estimate: true}
"""
# The model that calibrate expects.  These constants differ from those of the
# drive, so that an expected value is not treated as measured.
EXPECTED = {"size": "8 MiB", "restart": "60%", "write_delay": "2 s",
            "rule": "below", "backhitch": "0.3 s",
            "backhitch_at_standstill": "50%", "wrap_turn": "0.8 s",
            "start": "0.3 s", "wrap_change": "0.2 s",
            "direction_change": "0.2 s", "rewind": "2 s",
            "locate_average": "1 s"}


def expected_profile():
    text = PROFILE
    for key, value in EXPECTED.items():
        text, count = re.subn(r"^( +%s: {value: )[^,]+" % key,
                              r"\g<1>" + value, text, flags=re.M)
        assert count == 1, key
    return text


def write_file(rig, name, text):
    path = os.path.join(rig.guest.share, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def copy_gnuplot(rig):
    """Copy gnuplot into the shared folder: the report has plots then."""
    gnuplot = shutil.which("gnuplot")
    if gnuplot is not None:
        copy_program(os.path.realpath(gnuplot),
                     os.path.join(rig.guest.share, "plot"), "/share/plot")
        os.rename(os.path.join(rig.guest.share, "plot",
                               os.path.basename(os.path.realpath(gnuplot))),
                  os.path.join(rig.guest.share, "plot", "gnuplot"))


def kept_profile(rig):
    try:
        with open(os.path.join(rig.guest.share, "kept", "profile.yaml"),
                  encoding="utf-8") as f:
            return f.read()
    except OSError:
        return ""


def calibrate(rig, node, name):
    found = Differences()
    drive = write_file(rig, "drive.yaml", PROFILE)
    write_file(rig, "expected.yaml", expected_profile())
    with Library(rig, "--drives", "1", "--volumes", "1", "--media-type",
                 "none", "--capacity", "1500 MB", "--early-warning", "25 MiB",
                 "--payload", "none", "--drive-model", drive) as library:
        volume = library.volumes()[0]
        library.serve("--pace")
        library.attach()
        nodes = library.nodes()
        copy_gnuplot(rig)
        output = rig.guest.run(FRESH + """
PATH=$PATH:/share/plot
cp /share/expected.yaml /tmp/
mtx -f %s load 1 0
tapelab calibrate --device %s --volume %s --label-blank --yes \\
	--model /tmp/expected.yaml --out /tmp/out 2>&1; echo "calibrate $?"
mkdir -p /share/kept; cp -r /tmp/out/. /share/kept/
""" % (nodes[0][1], nodes[1][node], volume), 2000, check=True)
        keep(rig, name)
        found.check("it is complete, and the drive fits",
                    "calibrate 0\n" in output, output[-5000:])
        profile = write_file(rig, "measured.yaml", kept_profile(rig))
    judge_constants(found, library, profile, drive)
    return found


def judge_constants(found, library, profile, drive):
    """Judge each constant of a profile, and print them all."""
    shown = [library.run("drives", "show", "--json", path, check=False)
             for path in (profile, drive)]
    found.check("the profile can be used as a model", all(shown), shown)
    if not all(shown):
        return
    calibrated, true = [json.loads(text) for text in shown]
    lines, wrong = constants.judge(calibrated, true)
    print("\n".join("       " + line for line in lines), flush=True)
    found.tests += len(lines) - 1 - len(wrong)
    for line in wrong:
        found.check("a constant is right, or its reason is true", False, line)


@case("calibration", kernels="last")
def calibration(rig):
    """By the generic node.  The tape driver alone is not enough."""
    found = calibrate(rig, SG, "calibrate")
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests
