#!/usr/bin/env python3
"""Computes the result of a dump, from the splitter's written rules alone.

Reads cases on stdin, one per line of KEY=VALUE words, and prints for each, in
order, "OUTCOME SAFE_BYTES ATTEMPTS".  It has no buffers, steps or time: a
volume has a capacity, a part is written on it block by block, and failures
come from a list.

    dump block part      sizes in bytes; part 0: no limit
    capacity warning     of each volume; warning "none": no early warning;
                         A,B,C: of the 1st, 2nd, 3rd and all later ones
    volumes drives       their numbers
    cache                none; or memory, spool, slices, which are equivalent:
                         each restores everything that was written
    max_failed           volumes in a row with nothing committed
    max_volumes          0: no limit
    fail                 THING:NTH:CAUSE[+], any number of times; THING is
                         block, header, filemark, label or load, counted over
                         the whole library; "+": also all later ones; CAUSE
                         leom: the early warning comes early
    cue                  the same, by a filter before the tapes: it is applied
                         before the capacity; a deferred error takes the
                         block, and the next filemark fails; a load leaves the
                         volume and the drive to the next one
    spot                 VOLUME:AT:CAUSE, any number of times: a bad spot at
                         this byte of the medium; the capacity comes first
    announced            the cache restores the dump up to this offset; any
                         number of times: the smallest counts
    lost                 FROM:TO, any number of times: the cache cannot
                         restore these bytes; it is read in runs of
    run                  this number of bytes
    unstruck             mark: print only "unstruck" if the last `fail` comes
                         after the last operation of its kind, so that the case
                         is the one without it
"""
import sys

MARK = "unstruck=mark"

# Volumes between two commits that may only show that parts are too long.
CUTS_MAX = 16

# Causes after which a filemark still ends the file.
FILEMARK_AFTER = {"peom", "medium", "deferred", "unknown", "cache"}


class Fault(Exception):
    """A tape operation failed; the argument is the cause."""


class Failures:
    """The failures to inject, and the number of operations of each kind."""

    def __init__(self, texts):
        self.seen = {}
        self.list = []
        for text in texts:
            thing, nth, cause = text.split(":")
            self.list.append((thing, int(nth), cause.rstrip("+"),
                              cause.endswith("+")))

    def of_next(self, thing):
        """Return the cause with which the next operation of this kind fails,
        or None."""
        n = self.seen.get(thing, 0) + 1
        for what, nth, cause, for_good in self.list:
            if what == thing and (n == nth or for_good and n > nth):
                return cause
        return None

    def count(self, thing):
        self.seen[thing] = self.seen.get(thing, 0) + 1


class Library:
    def __init__(self, case):
        self.capacities = case["capacity"].split(",")
        self.warnings = case["warning"].split(",")
        self.volumes = int(case["volumes"])
        self.drives = int(case["drives"])
        self.number = 0         # number of the last loaded volume
        self.failures = Failures(case["fail"])
        self.cues = Failures(case["cue"])
        self.spots = []
        for text in case["spot"]:
            volume, at, cause = text.split(":")
            self.spots.append((int(volume), int(at), cause))

    def next_volume(self):
        """Return a volume; None if there is no more; Fault if it is stuck."""
        cause = self.cues.of_next("load")
        if cause is not None:
            self.cues.count("load")
            raise Fault(cause)
        if self.number == self.volumes or self.drives == 0:
            return None
        self.cues.count("load")
        self.number += 1
        cause = self.failures.of_next("load")
        self.failures.count("load")
        if cause not in (None, "leom"):
            if cause == "drive":
                self.drives -= 1
            raise Fault(cause)
        return Volume(self)


class Volume:
    def __init__(self, library):
        self.library = library
        self.used = 0
        self.full = self.warned = self.deferred = False
        nth = library.number - 1
        self.capacity = int(library.capacities[
            min(nth, len(library.capacities) - 1)])
        warning = library.warnings[min(nth, len(library.warnings) - 1)]
        self.warn_above = None if warning == "none" else \
            self.capacity - int(warning)
        self.spots = sorted((at, i, cause) for i, (volume, at, cause)
                            in enumerate(library.spots)
                            if volume == library.number)

    def on_cue(self, thing):
        """Fail by a filter before the tape; this is checked first."""
        cues = self.library.cues
        cause = cues.of_next(thing)
        if thing == "filemark" and self.deferred:
            self.deferred = False
            cause = "deferred"
        elif thing == "block" and cause == "deferred":
            return
        if cause is not None:
            cues.count(thing)
            raise Fault(cause)

    def put(self, thing, size):
        lib = self.library
        self.on_cue(thing)
        if size > 0 and (self.full or self.used + size > self.capacity):
            self.full = True
            raise Fault("peom")
        for at, _, cause in self.spots:
            if self.used <= at < self.used + size:
                raise Fault(cause)
        cause = lib.failures.of_next(thing)
        lib.failures.count(thing)
        if cause == "peom":
            self.full = True
        if cause == "leom":
            self.warned = True
        elif cause is not None:
            raise Fault(cause)
        if thing == "block" and lib.cues.of_next("block") == "deferred":
            self.deferred = True
        lib.cues.count(thing)
        self.used += size
        if self.warn_above is not None and self.used > self.warn_above:
            self.warned = True


class Dump:
    def __init__(self, case):
        self.library = Library(case)
        self.size = int(case["dump"])
        self.block = int(case["block"])
        part = int(case["part"])
        self.longest = -(-part // self.block) * self.block or None
        self.cached = 0 if case["cache"] == "none" else \
            min([self.size] + [int(n) for n in case["announced"]])
        # A partial block at the end of a dump waits in memory.
        self.kept = self.size - self.size % self.block \
            if case["cache"] == "spool" else self.size
        self.gone = [[int(n) for n in text.split(":")]
                     for text in case["lost"]]
        self.run = int(case.get("run", 0))
        self.max_failed = int(case["max_failed"])
        self.max_volumes = int(case["max_volumes"])
        self.safe = self.taken = 0
        self.part = 1
        self.done = self.lost = False
        self.line = []          # a list of attempts for each volume
        self.unknown_on_last = self.unknown_here = False
        self.stopped = False    # the storage of the volumes has failed
        self.cuts = 0           # volumes in a row that only cut parts
        self.cut_here = False

    def cause_of(self, cause):
        """The same unknown error on two volumes in a row counts against the
        drive."""
        if cause == "storage":
            self.stopped = True
        if cause != "unknown":
            return cause
        self.unknown_here = True
        return "drive" if self.unknown_on_last else "unknown"

    def filemark_after_failure(self, volume, after=None):
        """End a file of a failed part; an error may count against the drive.

        At the physical end an unknown error does not count.
        """
        try:
            volume.put("filemark", 0)
        except Fault as f:
            if after == "peom" and str(f) == "unknown":
                return
            if self.cause_of(str(f)) == "drive":
                self.library.drives -= 1

    def read_back(self, at, end):
        """Return the replayed run that begins at `at`, if any."""
        back = min(self.taken, self.kept)
        if not self.gone or at >= back or (at - self.safe) % self.run != 0:
            return
        end = min(at + self.run, back, end)
        if any(begin < end and at < to for begin, to in self.gone):
            raise Fault("cache")

    def write_part(self, volume, first):
        """Write a part; raise Fault if it fails."""
        start = at = self.safe
        end = self.size if self.longest is None else \
            min(self.size, start + self.longest)
        writing = True
        try:
            while at < end and not volume.warned:
                n = min(self.block, end - at)
                self.read_back(at, end)
                volume.put("block", n)
                at += n
            writing = False
            volume.put("filemark", 0)
        except Fault as f:
            cause = str(f)
            self.line[-1].append("%d:%dF" % (self.part, at - start))
            self.taken = max(self.taken, at)
            if cause == "peom" and first:
                self.cut(at - start, writing)
            known = self.cause_of(cause)
            if writing and known in FILEMARK_AFTER:
                self.filemark_after_failure(volume, cause)
            self.lost = cause == "cache" or self.taken > self.safe and \
                self.taken > self.cached
            raise Fault(known)
        self.line[-1].append("%d:%d" % (self.part, at - start))
        self.taken = max(self.taken, at)
        self.safe = at
        self.cuts = 0
        self.part += 1
        self.done = self.safe == self.size

    def cut(self, fitted, writing):
        """Cut parts to what fitted, after one that did not fit on a volume.

        If only the filemark did not fit, one block less.  From the second
        time on without a commit, 1/16 less, but at least a block.
        """
        blocks = -(-fitted // self.block)
        if blocks == 0:
            return
        if not writing and blocks > 1:
            blocks -= 1
        if self.cuts > 0:
            blocks = max(1, blocks - max(1, blocks // 16))
        fits = blocks * self.block
        if self.longest is None or fits < self.longest:
            self.longest = fits
            self.cut_here = True

    def use(self, volume):
        """Write on one volume; return how many parts it then has."""
        parts = 0
        try:
            volume.put("label", self.block)
            while not volume.warned and not self.done:
                try:
                    volume.put("header", self.block)
                except Fault as f:
                    raise Fault(self.cause_of(str(f)))
                if volume.warned:
                    self.filemark_after_failure(volume)
                    break
                self.write_part(volume, parts == 0)
                parts += 1
        except Fault as f:
            cause = str(f)
            if volume.used == 0:
                if cause == "protected":
                    return None     # refused: it was never used
                cause = self.cause_of(cause)
            if cause == "drive":
                self.library.drives -= 1
        return parts

    def outcome(self):
        failed = tried = 0
        while not self.done and not self.lost and not self.stopped:
            if failed >= self.max_failed or \
                    self.max_volumes and tried >= self.max_volumes:
                break
            try:
                volume = self.library.next_volume()
            except Fault as f:
                self.cause_of(str(f))
                failed += 1
                continue
            if volume is None:
                break
            self.line.append([])
            self.unknown_here = self.cut_here = False
            parts = self.use(volume)
            if parts is None:
                continue
            self.unknown_on_last = self.unknown_here
            tried += 1
            if parts > 0:
                failed = 0
            elif self.cut_here and self.cuts < CUTS_MAX:
                self.cuts += 1
            else:
                failed += 1
        line = " | ".join(" ".join(v) for v in self.line if v)
        return "%s %d %s" % ("DONE" if self.done else "PARTIAL", self.safe,
                             line or "none")


def read_case(line):
    case = {"fail": [], "cue": [], "spot": [], "announced": [], "lost": []}
    for word in line.split():
        key, value = word.split("=")
        if isinstance(case.get(key), list):
            case[key].append(value)
        else:
            case[key] = value
    return case


class Memory:
    """The results of cases that were computed, for cases that must have the
    same result.

    Caches that are equivalent have the same results. A failure that comes after
    the last operation of its kind changes nothing: the result is that of the
    case without it. A sweep has many such cases, so a case without its last
    failure is computed when it is needed for the second time.
    """

    SIZE_MAX = 200000

    def __init__(self):
        self.known = {}         # words: result, number of operations by kind
        self.wanted = set()

    def compute(self, words):
        if len(self.known) > self.SIZE_MAX:
            self.known.clear()
        if words not in self.known:
            dump = Dump(read_case(" ".join(words)))
            self.known[words] = (dump.outcome(), dump.library.failures.seen)
        return self.known[words]

    def of(self, words, mark):
        """Return the result of a case, a tuple of words, or "unstruck" if the
        caller asks for this mark."""
        if not words[-1].startswith("fail="):
            return self.compute(words)[0]
        fewer = words[:-1]
        if not mark and fewer not in self.wanted and fewer not in self.known:
            self.wanted.add(fewer)
            return self.compute(words)[0]
        result, seen = self.compute(fewer)
        thing, nth, _ = words[-1][len("fail="):].split(":")
        if int(nth) > seen.get(thing, 0):
            return "unstruck" if mark else result
        return self.compute(words)[0]


def same_words(line):
    """Return the words of a case; equal for cases with equivalent caches."""
    words = line.split()
    if "lost=" not in line and "announced=" not in line:
        words = ["cache=memory" if word in ("cache=spool", "cache=slices")
                 else word for word in words]
    return tuple(word for word in words if word != MARK)


def main():
    memory = Memory()
    for line in sys.stdin:
        if line.strip():
            print(memory.of(same_words(line), MARK in line))


if __name__ == "__main__":
    main()
