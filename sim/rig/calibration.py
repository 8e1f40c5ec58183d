"""Calibration of a drive that is paced.

The drive is slow and its tape short, so the recipes end within minutes.  An
emulated guest delays commands by milliseconds, so the tolerances are wide: in
virtual time each constant is found within 5 %.
"""
import os
import re
import shutil
import subprocess

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
UNITS = {"s": 1, "ms": 1e-3, "us": 1e-6, "MB/s": 1e6, "kB/s": 1e3, "MB": 1e6,
         "MiB": 1 << 20, "kB": 1e3, "KiB": 1024, "GB": 1e9, "%": 0.01, "B": 1,
         "B/s": 1, "": 1}
# True values.  Each measured value lies within this factor of them.
CONSTANTS = {
    "buffer.size": 6 << 20, "buffer.restart": 0.8, "buffer.write_delay": 0.5,
    "motion.backhitch": 0.2, "motion.wrap_turn": 0.5, "speed.highest": 16e6,
    "media.wraps": 20, "media.rewind": 1.5}
FACTOR = 1.5
# This does not need a fast host.  The others are found, or the profile says why
# not: such as a host that is slower than 1.5 times the tape.
ALWAYS = ("motion.backhitch",)


def measured(profile):
    """Return the constants of a profile that were measured, by name."""
    found, section = {}, ""
    for line in profile.splitlines():
        head = re.match(r"(\w+):$", line)
        if head:
            section = head.group(1)
        value = re.match(r" +(\w+): \{value: \[?(?:[^\]]*, )?([0-9.]+) ?"
                         r"([A-Za-z/%]*)\]?, (.*)\}$", line)
        if value and "estimate: true" not in value.group(4):
            name = "speed.highest" if value.group(1) == "speeds" else \
                "%s.%s" % (section, value.group(1))
            found[name] = float(value.group(2)) * UNITS[value.group(3)]
    return found


def profile_file(rig):
    path = os.path.join(rig.guest.share, "rig.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(PROFILE)
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
    with Library(rig, "--drives", "1", "--volumes", "1", "--media-type",
                 "none", "--capacity", "1500 MB", "--early-warning", "25 MiB",
                 "--payload", "none", "--drive-model",
                 profile_file(rig)) as library:
        volume = library.volumes()[0]
        library.serve("--pace")
        library.attach()
        nodes = library.nodes()
        copy_gnuplot(rig)
        output = rig.guest.run(FRESH + """
PATH=$PATH:/share/plot
cp /share/rig.yaml /tmp/
mtx -f %s load 1 0
tapelab calibrate --device %s --volume %s --label-blank --yes \\
	--model /tmp/rig.yaml --out /tmp/out 2>&1; echo "calibrate $?"
mkdir -p /share/kept; cp -r /tmp/out/. /share/kept/
""" % (nodes[0][1], nodes[1][node], volume), 2000, check=True)
        keep(rig, name)
        found.check("it is complete", "calibrate 0\n" in output or
                    "calibrate 1\n" in output, output[-5000:])
        profile = kept_profile(rig)
        path = os.path.join(rig.guest.share, "measured.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(profile)
    judge(found, profile, output)
    found.check("the profile can be used as a model", subprocess.run(
        [library.tapelab, "drives", "show", path], stdout=subprocess.DEVNULL,
        check=False).returncode == 0, profile)
    return found


def judge(found, profile, output):
    constants = measured(profile)
    for constant, true in CONSTANTS.items():
        value = constants.get(constant)
        if value is None:
            found.check("%s is found, or not with a reason" % constant,
                        constant not in ALWAYS and "cannot be found" in profile,
                        output[-5000:])
        else:
            found.check("%s is within a factor of %s of %g" % (
                constant, FACTOR, true), true / FACTOR <= value <=
                        true * FACTOR, "%s\n%s" % (value, output[-5000:]))


@case("calibration", kernels="last")
def calibration(rig):
    """By the generic node.  The tape driver alone is not enough."""
    found = calibrate(rig, SG, "calibrate")
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests
