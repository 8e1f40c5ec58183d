"""The drive of the calibration: slow, with a short tape, so that the recipes end
within minutes of real time."""
import re

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
