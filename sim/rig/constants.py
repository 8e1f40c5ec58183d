"""Compares the constants of a calibrated profile with those of the drive.

Each constant is right, or the profile says truly why it cannot be found:

    right    off by no more than its own spread, or by TOLERANCE
    true     a reason of REASONS that holds for this drive

A constant that "does not fit" is wrong: the drive is one of the model.
"""
import re
from collections import namedtuple

# A value may be off by this part of the true one, whatever its spread says: of
# a share, by this part of 100 %.
TOLERANCE = 0.05
UNITS = {"h": 3600, "min": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "ns": 1e-9,
         "TB": 1e12, "GB": 1e9, "MB": 1e6, "kB": 1e3, "B": 1,
         "GiB": 1 << 30, "MiB": 1 << 20, "KiB": 1024,
         "m": 1, ":1": 1, "%": 0.01, "": 1}
# How late the host must be, at least, to miss a constant, in seconds, by the
# constants of the drive; and of which lateness: that of the measurements that
# count, for a constant on which several agree, or of any measurement.  Each is
# half of what calibrate itself needs.
COUNTS, ANY = "counts", "any"
LATE = {
    # A time is wrong by 1.5 times the lateness.
    "host.command": (COUNTS, lambda true: true["host.command"] / 3),
    # Blocks of up to 1 MiB: the difference of two times is wrong.
    "host.bus": (COUNTS, lambda true: (1 << 20) / true["host.bus"] / 6),
    # The flush of a full buffer, and the speed.
    "buffer.size": (COUNTS, lambda true: flush(true) / 5),
    "buffer.restart": (COUNTS, lambda true: flush(true) / 8),
    # A fifth of a buffer takes less than 6 times as long as that.
    "buffer.write_delay": (COUNTS, lambda true: flush(true) / 60),
    # A feed is wrong by 5 %: the speeds are known by their rule.
    "motion.rule": (COUNTS, lambda true: true["motion.backhitch"] / 120),
    "media.none.speeds": (
        COUNTS, lambda true: true["motion.backhitch"] / 120),
    "motion.backhitch": (COUNTS, lambda true: true["motion.backhitch"] / 6),
    "motion.backhitch_at_standstill": (
        COUNTS, lambda true: true["motion.backhitch"] / 24),
    "motion.sync_without_backhitch": (
        COUNTS, lambda true: true["motion.backhitch"] / 6),
    # A pause is shorter than 12 times as long.
    "motion.wrap_turn": (ANY, lambda true: true["motion.wrap_turn"] / 24),
    "media.none.wraps": (ANY, lambda true: true["motion.wrap_turn"] / 24)}
# Of the other constants: the time itself, which two late answers give.
LATE_OTHERS = (ANY, 1 / 12)
# A deviation is no proof against the drive if it is shorter than this, or than
# the lateness multiplied by this.
DOUBT_S, DOUBT_TIMES = 0.1, 4


def flush(true):
    """Return how long the drive writes a full buffer, in seconds."""
    return true["buffer.size"] / true["media.none.speeds"]


def is_so_late(found, true, key, has):
    """Return whether a host that is so late misses the constant."""
    del has
    late = {COUNTS: float(found.group(1)) / 1e3,
            ANY: float(found.group(2)) / 1e3}
    off = re.match(r"that explains a deviation of ([\d.e+-]+) ms; else: ",
                   found.group(3))
    if off:
        return float(off.group(1)) / 1e3 <= max(
            DOUBT_S, DOUBT_TIMES * late[ANY])
    if key in LATE:
        which, least = LATE[key]
        return late[which] >= least(true)
    which, share = LATE_OTHERS
    return late[which] >= share * true[key]


# A reason, and whether it can hold: `true` has the constants of the drive by
# their keys, `key` is the constant that cannot be found, and `has` tells whether
# the profile has a measured value of a key.
REASONS = (
    (r"the host is late by [\d.e+-]+ ms usually, by ([\d.e+-]+) ms in what "
     r"counts, by ([\d.e+-]+) ms at most: (.+)", is_so_late),
    (r"the host never waited: it does not bring more than the tape takes",
     lambda found, true, key, has: not has("media.none.speeds")),
    (r"the buffer (was not found|is not known), so .+",
     lambda found, true, key, has: not has("buffer.size")),
    (r"[\d.]+ GB had no pause: the host does not keep the buffer full",
     lambda found, true, key, has: not has("buffer.size")),
    (r"the write delay was not found, and the tape may have started by it",
     lambda found, true, key, has: not has("buffer.write_delay")),
    (r"fewer than two feeds showed it: the host did not wait .+",
     lambda found, true, key, has: not has("buffer.size") or
     not has("buffer.write_delay")),
    (r"the restart level, the highest speed or the backhitch was not found",
     lambda found, true, key, has: not has("buffer.restart") or
     not has("motion.backhitch")),
    (r"the rule of the speeds was not found, so .+",
     lambda found, true, key, has: not has("motion.rule")),
    # Measurements at a feed last for at least so long, and agree within 0.6 %.
    (r"the host was disturbed: equal measurements differ at (\d+) of (\d+) "
     r"feeds; sleeps ended late by up to ([\d.]+) ms",
     lambda found, true, key, has:
     float(found.group(3)) / 1e3 >
     0.003 * max(0.5, 1.25 * true["motion.backhitch"])),
    (r"the length of a wrap was not found, so the distances are not known",
     lambda found, true, key, has: not has("media.none.wraps")),
    (r"it is shorter than ([\d.]+) ms",
     lambda found, true, key, has: true[key] < float(found.group(1)) / 1e3),
    (r"the tape did not start within ([\d.]+) s",
     lambda found, true, key, has: true[key] > float(found.group(1))),
    (r"the host brings ([\d.]+) MB/s, and 1.5 times the highest speed .+",
     lambda found, true, key, has:
     float(found.group(1)) < 1.5 * true["media.none.speeds"] / 1e6),
    (r"the tape has one band",
     lambda found, true, key, has: true["media.none.bands"] == 1),
    (r"it needs --fill(; in whole wraps of the length that was measured)?",
     lambda found, true, key, has: key in ("media.none.capacity",
                                      "media.none.early_warning")),
    (r"no recipe measures it", lambda found, true, key, has:
     key == "motion.window"))

Constant = namedtuple("Constant", "key value spread why")


def number(text):
    """Return the number of a text such as "5.4 MB"; a word as it is."""
    if not isinstance(text, str):
        return text
    found = re.fullmatch(r"([\d.e+-]+) ?([A-Za-z%:1]*?)(?:/s)?", text)
    return float(found.group(1)) * UNITS[found.group(2)] if found else text


def entries(profile, above=""):
    """Yield the keys of a profile, as JSON, each with its entry."""
    for name, entry in profile.items():
        if isinstance(entry, dict) and "value" not in entry:
            yield from entries(entry, above + name + ".")
        elif isinstance(entry, dict):
            yield above + name, entry


def last(value):
    """Return the last of a list: the highest speed."""
    return number(value[-1] if isinstance(value, list) else value)


def true_constants(profile):
    """Return the constants of the drive by key, as a calibration has them."""
    true = {key: last(entry["value"]) for key, entry in entries(profile)}
    medium = "media.none."
    wraps, bands = true[medium + "wraps"], true[medium + "bands"]
    moves = true["locate.start"] + \
        true["locate.wrap_change"] * (wraps - 1) / wraps + \
        true["locate.band_change"] * (bands - 1) / bands + \
        true["locate.direction_change"] * (wraps // 2) / wraps
    # The average is half of the way along the whole tape, and the moves.
    true[medium + "locate_average"] = \
        2 * (true[medium + "locate_average"] - moves)
    true[medium + "wraps"] = true[medium + "capacity"] / wraps
    return true


def constant(key, entry):
    """Return what the source of an entry says; None: no recipe is meant to
    find it."""
    source = entry.get("source", "")
    found = re.match(r"measured: ([^,]+), spread ([^(]+) \(", source)
    if found:
        return Constant(key, number(found.group(1)), number(found.group(2)),
                        None)
    if source.startswith("measured"):
        value, spread = last(entry["value"]), 0
        found = re.search(r"spread at most ([\d.]+) %", source)
        if found:
            spread = value * float(found.group(1)) / 100
        return Constant(key, value, spread, None)
    found = re.match(r"of \S+; (.*)", source, re.S)
    if found and found.group(1) != "not measured":
        return Constant(key, None, None, found.group(1))
    return None


def is_found(calibrated, key):
    """Return whether a profile, as JSON, has a measured value."""
    return any(name == key and entry.get("source", "").startswith("measured")
               for name, entry in entries(calibrated))


def is_right(found, true):
    if isinstance(true, (bool, str)):
        return found.value == true
    share = found.key in ("buffer.restart", "motion.backhitch_at_standstill")
    return abs(found.value - true) <= max(
        found.spread, TOLERANCE * (1 if share else true))


def is_true(found, true, calibrated):
    def has(key):
        return is_found(calibrated, key)

    said = re.sub(r"^(cannot be found|not measured): ", "", found.why)
    said = re.sub(r"; the highest is that which was measured$", "", said)
    for reason, holds in REASONS:
        match = re.fullmatch(reason, said)
        if match:
            return holds(match, true, found.key, has)
    return False


def judge(calibrated, drive):
    """Compare two profiles, as JSON.  Return the lines of a table, and those of
    the constants that are wrong."""
    true, lines, wrong = true_constants(drive), [], []
    for key, entry in entries(calibrated):
        found = constant(key, entry)
        if found is None:
            continue
        # A rewind of an unload that the drive does not have has no value.
        is_true_value = true.get(key, 0)
        if found.why is None:
            good = is_right(found, is_true_value)
            text = "%s +- %s" % (form(found.value), form(found.spread))
        else:
            good, text = is_true(found, true, calibrated), found.why
        lines.append("%-32s %-9s %-27s %s" % (
            key, form(is_true_value), text if found.why is None else "-",
            "right" if found.why is None and good else
            "WRONG" if found.why is None else
            ("true: " if good else "WRONG: ") + text))
        if not good:
            wrong.append(lines[-1])
    return ["%-32s %-9s %-27s %s" % (
        "constant", "true", "found +- spread", "judgement")] + lines, wrong


def form(value):
    return value if isinstance(value, str) else \
        str(value).lower() if isinstance(value, bool) else "%.4g" % value
