"""Calibration of a drive that is paced.

The drive is slow and its tape short, so the recipes end within minutes.  An
emulated guest delays commands by milliseconds, so a constant may be off by its
own spread, or cannot be found: see constants.py.  All of them are printed.
"""
import json
import os
import shutil

import constants
import slow_drive
from acceptance import FRESH, keep
from cases import Differences, case
from guest import Failed, copy_program
from served import SG, Library


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
    drive = write_file(rig, "drive.yaml", slow_drive.PROFILE)
    write_file(rig, "expected.yaml", slow_drive.expected_profile())
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
