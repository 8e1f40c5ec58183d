"""Rows for a served library, by an initiator of our own (iscsi_main.c).

Bounds in time are the best of three rounds; that of fairness is their median.
"""
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time

import tgt
from measure import BLOCK, Row, note, output, seconds

ROUNDS = 3
GIB, MB = 1 << 30, 1000 * 1000
BYTES = 2 * GIB        # of a measured transfer
BEGIN_S, TOGETHER_S = 1, 4  # until all drives are written, and how long then
PACED_LENGTHS = 2 * GIB, 6 * GIB
ST_BLOCK = 64512       # what tar and st write without an option
PINGS = 5000
READY_S = 60
SLOTS, FILES, LABELLED = 1000, 10000, 100
LTO9_RATE = 408 * MB   # the highest of its speeds
SHARE = 0.98
FIRST_SLOT, FIRST_DRIVE = 1024, 256
CHANGER = 0


class Served:
    """A library that is served.  A context manager."""

    def __init__(self, place, name, *options):
        self.place, self.options = place, options
        self.folder = os.path.join(place.disk, name)
        self.ready = self.folder + ".ready"
        self.server = self.log = None
        self.portal = self.target = self.started_s = None

    def create(self, *options):
        output([self.place.build + "/tapelab", "vtl", "create",
                "--move-time=0s", *options, self.folder])
        return self

    def __enter__(self):
        # It logs each login, and says why it does not start.
        self.log = open(self.folder + ".log", "w+", encoding="utf-8")
        begun = time.monotonic()
        self.server = subprocess.Popen(
            [self.place.build + "/tapelab", "serve", self.folder, "--listen",
             "127.0.0.1:0", "--ready", self.ready, *self.options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=self.log)
        while not os.path.exists(self.ready):
            if self.server.poll() is not None or \
                    time.monotonic() - begun > READY_S:
                self.__exit__()
                sys.exit("bench: tapelab serve does not start: " +
                         open(self.log.name, encoding="utf-8").read())
            time.sleep(0.001)
        self.started_s = time.monotonic() - begun
        with open(self.ready, encoding="utf-8") as f:
            ready = json.load(f)
        self.portal, self.target = ready["address"], ready["iqn"]
        return self

    def __exit__(self, *unused):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait()
        self.log.close()
        if os.path.exists(self.ready):
            os.remove(self.ready)

    def run(self, *words):
        """Run iscsi_main on this target; return the numbers it prints."""
        return initiator(self, *words)

    def load(self, lun, slot):
        self.run("load", lun, FIRST_SLOT + slot, FIRST_DRIVE + lun - 1)

    def peak_mb(self):
        with open("/proc/%d/status" % self.server.pid,
                  encoding="ascii") as f:
            for line in f:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
        sys.exit("bench: no VmHWM")


def command(server, *words):
    return [server.place.build + "/sim/bench/iscsi_main", server.portal,
            server.target, *(str(word) for word in words)]


def initiator(server, *words):
    return [float(n) for n in output(command(server, *words)).split()]


def best(server, *words):
    return min(initiator(server, *words)[0] for _ in range(ROUNDS))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def transfer(lun, verb, block=BLOCK, depth=4, count=BYTES // BLOCK):
    return verb, lun, block, count, depth


def warm_up(place, size):
    """Fill memory with a file, and remove it.  The first use of a page of a
    virtual machine's memory takes its host longer than the copy into it."""
    path = place.disk + "/warm"
    took = seconds(["dd", "if=/dev/zero", "of=" + path, "bs=1M",
                    "count=%d" % (size >> 20), "conv=fsync", "status=none"])
    os.remove(path)
    return took


def in_turn(ours, other, *pairs):
    """Run pairs of transfers, ours and the other's, in turn; return for each
    how many times as fast ours is, by the best of the rounds.  Each begins
    when the disk has all data: the system slows down a program that writes
    while much is waiting for the disk, whoever wrote that."""
    times = []
    for _ in range(ROUNDS):
        warm_up(ours.place, 2 * BYTES)
        times.append([])
        for pair in pairs:
            for server, words in zip((ours, other), pair):
                os.sync()
                times[-1].append(initiator(server, *words)[0])
    least = [min(column) for column in zip(*times)]
    return [least[i + 1] / least[i] for i in range(0, len(least), 2)]


def against_tgt(place):
    """Rows against tgt's disk that keeps nothing, and against its tape."""
    other = tgt.start(place.disk, free_port())
    if other is None:
        return
    other.place, other.target = place, tgt.TARGET
    with Served(place, "none").create("--drives=1", "--volumes=1",
                                      "--payload=none") as ours, other:
        ours.load(1, 0)
        ratio, = in_turn(ours, other, (transfer(1, "tape"),
                                       transfer(tgt.NULL_LUN, "disk")))
    yield Row("256 KiB writes, depth 4, payload none, against tgt's null disk",
              ratio, "x", ">=", 0.7)
    for sync in "--no-sync", None:
        ours = Served(place, "raw", *filter(None, [sync])).create(
            "--drives=1", "--volumes=1")
        with ours, other:
            ours.load(1, 0)
            written, read = in_turn(
                ours, other,
                *((transfer(1, verb), transfer(tgt.TAPE_LUN, verb))
                  for verb in ("tape", "read")))
        shutil.rmtree(ours.folder)
        if sync is None:
            note("payload raw, each filemark waits for the disk: %.2f times "
                 "as fast as tgt's tape, which does not wait" % written)
            continue
        # Like tgt, which leaves the data in the memory of the machine.
        yield Row("the same, payload raw, --no-sync, against tgt's tape",
                  written, "x", ">=", 2.0)
        yield Row("reading back, checksums verified, against tgt's tape",
                  read, "x", ">=", 1.5)


def busy_and_total():
    with open("/proc/stat", encoding="ascii") as f:
        ticks = [int(n) for n in f.readline().split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def together(server, luns, pinned):
    """Write on several drives at once.  Return the bytes a second of each,
    while all are written, and the share of the processors that was busy."""
    processors = os.sched_getaffinity(0)
    begin = time.monotonic() + BEGIN_S
    end = begin + TOGETHER_S
    running = []
    for i, lun in enumerate(luns):
        if pinned:  # an initiator inherits this
            os.sched_setaffinity(
                0, {sorted(processors)[i % len(processors)]})
        running.append(subprocess.Popen(
            command(server, "stream", lun, BLOCK, 1, int(begin * 1000),
                    int(end * 1000)), stdout=subprocess.PIPE))
    os.sched_setaffinity(0, processors)
    time.sleep(max(0, begin - time.monotonic()))
    before = busy_and_total()
    time.sleep(max(0, end - time.monotonic()))
    after = busy_and_total()
    rates = []
    for process in running:
        text = process.communicate()[0]
        if process.returncode != 0 or int(text) == 0:
            sys.exit("bench: iscsi_main stream failed")
        rates.append(int(text) * BLOCK / TOGETHER_S)
    return rates, (after[0] - before[0]) / (after[1] - before[1])


def together_anew(place, luns, pinned):
    """The same with a new server and new volumes."""
    with Served(place, "four").create("--drives=4", "--volumes=4",
                                      "--payload=none") as ours:
        for lun in luns:
            ours.load(lun, lun - 1)
        found = together(ours, luns, pinned)
    shutil.rmtree(ours.folder)
    return found


def fairness(rates):
    return max(rates) / min(rates)


def four_drives(place):
    """The initiators share the processors equally, as those on machines of
    their own have equal processors.  The kernel often leaves one of four alone
    on one of two processors, which makes its drive up to four times as fast,
    whatever the server does: that is noted, and not compared."""
    drives = (1, 2, 3, 4)
    alone = max(together_anew(place, drives[:1], False)[0][0]
                for _ in range(ROUNDS))
    rounds = [together_anew(place, drives, True) for _ in range(ROUNDS)]
    note("four drives at once, initiators where the kernel puts them: the "
         "fastest moves %.2f times as much as the slowest" %
         fairness(together_anew(place, drives, False)[0]))
    rates, busy = max(rounds, key=lambda r: sum(r[0]))
    gain = sum(rates) / alone
    if gain < 1.3 and busy > 0.9:
        note("four drives move %.2f times as much as one, and keep all "
             "processors busy" % gain)
        yield Row("four drives at once, depth 1: processors busy",
                  100 * busy, "%", ">=", 90)
    else:
        yield Row("four drives at once, depth 1, against one", gain, "x",
                  ">=", 1.3)
    yield Row("four drives at once: the fastest against the slowest",
              statistics.median(fairness(r[0]) for r in rounds), "x", "<=",
              1.2)


def small_blocks(place):
    with Served(place, "st").create("--drives=1", "--volumes=1",
                                    "--payload=none") as ours:
        ours.load(1, 0)
        count = GIB // ST_BLOCK
        took = best(ours, *transfer(1, "tape", ST_BLOCK, 1, count))
        trip = best(ours, "ping", 1, PINGS) / PINGS
    note("64,512-byte blocks, one command outstanding: %.0f MB/s; %.0f %% of "
         "the time is round trip" %
         (count * ST_BLOCK / took / MB, 100 * trip * count / took))
    return ()


def disk_rate(place):
    """As many bytes as the longest transfer has: fewer may stay in memory that
    the machine has at hand."""
    size = max(PACED_LENGTHS)
    return size / min(warm_up(place, size) for _ in range(ROUNDS))


def paced(place):
    rate = disk_rate(place)
    if rate < 1.5 * LTO9_RATE:
        note("no rows for a paced LTO-9: the disk takes %.0f MB/s, less than "
             "1.5 times its rate" % (rate / MB))
        return
    ours = Served(place, "paced").create("--drive-model=lto9", "--drives=1",
                                         "--volumes=1")
    # Not paced: the load of an empty LTO-9 cartridge takes half an hour.
    with ours:
        ours.load(1, 0)
        ours.run(*transfer(1, "tape", count=1))
    ours.options = ("--pace",)
    with ours:
        for block, name in (BLOCK, "256 KiB"), (1 << 20, "1 MiB"):
            # Two lengths: the difference has no start and no end.
            short, long = (
                min(ours.run(*transfer(1, "tape", block, 4, size // block))[0]
                    for _ in range(ROUNDS)) for size in PACED_LENGTHS)
            yield Row("paced LTO-9, blocks of %s, payload raw, against its "
                      "rate" % name,
                      (PACED_LENGTHS[1] - PACED_LENGTHS[0]) / (long - short) /
                      LTO9_RATE, "x", ">=", SHARE)
    shutil.rmtree(ours.folder)


def fill(ours, slot, files, blocks):
    path = os.path.join(ours.folder, "VTA%03dL9.tape" % (slot + 1))
    output([ours.place.build + "/sim/bench/volumes_main", "fill", path,
            str(files), str(blocks)])


def long_volumes(place):
    """Rows for a volume of 10,000 files, and for one with 17.8 TB."""
    blocks = 17 * MB
    ours = Served(place, "long").create("--drive-model=lto9", "--drives=2",
                                        "--volumes=2", "--payload=none")
    fill(ours, 0, FILES, 100)
    fill(ours, 1, 1, blocks)
    with ours:
        ours.load(1, 0)
        ours.load(2, 1)
        found = [ours.run("find", 1, FILES, 5) for _ in range(ROUNDS)]
        yield Row("MTFSF 10,000", min(f[0] for f in found), "ms", "<=", 100)
        yield Row("MTEOM over 10,000 files", min(f[1] for f in found), "ms",
                  "<=", 100)
        yield Row("LOCATE in 18 TB without payload",
                  min(ours.run("find", 2, 1, blocks * 9 // 10)[2]
                      for _ in range(ROUNDS)), "ms", "<=", 100)
    ours.options = ("--pace=0.1",)
    with ours:
        count, inquiry, ready, nop = ours.run("during", 2, 1)
        note("%d rounds of commands during a rewind" % count)
        for name, ms in (("INQUIRY of another drive", inquiry),
                         ("TEST UNIT READY of another drive", ready),
                         ("NOP", nop)):
            yield Row("%s while a drive rewinds, 99th percentile" % name, ms,
                      "ms", "<=", 10)


def large_library(place):
    ours = Served(place, "large").create("--volumes=%d" % SLOTS,
                                         "--payload=none")
    started = []
    for _ in range(ROUNDS):
        with ours:
            started.append(ours.started_s)
    with ours:
        yield Row("from start to ready, library of 1,000 volumes",
                  min(started), "s", "<=", 1)
        yield Row("READ ELEMENT STATUS, 1,000 slots with tags: the slowest",
                  best(ours, "elements", CHANGER, FIRST_SLOT, SLOTS), "ms",
                  "<=", 20)
        yield Row("100 volumes labelled by the changer, unpaced",
                  ours.run("label", 1, FIRST_DRIVE, FIRST_SLOT, LABELLED)[0],
                  "s", "<=", 30)
        yield Row("peak memory of the server of 1,000 volumes",
                  ours.peak_mb(), "MiB", "<=", 200)
    shutil.rmtree(ours.folder)


def rows(place):
    yield from against_tgt(place)
    yield from four_drives(place)
    yield from small_blocks(place)
    yield from long_volumes(place)
    yield from large_library(place)
    yield from paced(place)
