"""Acceptance of a drive, as its buyer runs it.

The drives are those of tapelab, paced, and faster than their model by a factor.
A robot moves the cartridges.  With TAPELAB_RIG_KEEP=FOLDER the reports are kept
there.
"""
import json
import os
import re
import shutil
from collections import namedtuple

from cases import Differences, case
from guest import Failed
from served import SG, ST, Library
from programs import served
from server_trace import FILEMARKS, WRITE, Trace
from steps import run_steps

# A drive of 6 MB/s, by its profile: any host can feed it.
MODEL = ("--drive-model", "dlt8000", "--volumes", "3", "--media-type", "none")
# A run: its options; how many drives, and the size of their cartridges; the
# pace; by what the sizes of the tests are divided, None: those of a virtual
# library; its tests; how long it takes at most; of which files the tests are,
# None: all; the fault of the drive.
Run = namedtuple("Run", "options drives capacity pace divisor tests seconds "
                 "files fault", defaults=(None, None))
# --overwrite gives leave, and names no third cartridge.
QUICK = Run("--quick --overwrite OLD001", 1, "512 MiB", "0.05", None, 9, 1200)
# Another case of this guest may have left its reports.
FRESH = "rm -rf /tmp/out /share/kept\n"
PREPARE = FRESH + """
C=%(changer)s DEVICE=%(device)s N=%(n)s
state() { # settings, holders, cartridges
	for n in $N %(others)s; do
		mt -f $n status | grep -o 'Tape block size.*\\|IM_REP_EN'
		mt -f $n stshowoptions
	done
	for s in %(generic)s; do
		sg_persist -i -k $s | sed 's/generation=[^,]*//'
	done
	mtx -f $C status
}
accept() {
	tapelab run --device $DEVICE --changer $C --volume VTA001L8 \\
		--volume VTA002L8 --yes %(options)s --out /tmp/out \\
		/share/acceptance
}
state > /tmp/before
"""
RUN = """
accept; echo "accept $?"
state > /tmp/after; diff /tmp/before /tmp/after && echo "as found"
"""
# The run is killed in the test that writes, and continued.
KILL = """
accept > /tmp/killed 2>&1 & run=$!
host written > /dev/null
kill -KILL $(pidof ld-linux-x86-64.so.2)
wait $run; echo "killed $?"; cat /tmp/killed
"""
KEEP = """
mkdir -p /share/kept; cp -r /tmp/out/. /share/kept/
"""
# WRITE commands that the drive has done when the run is killed: in the second
# test.
KILLED_AT = 60


def keep(rig, name):
    """Copy the reports of the guest to where they can be looked at."""
    folder = os.environ.get("TAPELAB_RIG_KEEP")
    kept = os.path.join(rig.guest.share, "kept")
    if folder and os.path.isdir(kept):
        shutil.copytree(kept, os.path.join(folder, name), dirs_exist_ok=True)


def tests_of(folder, divisor, files):
    """Copy the tests.  A drive that exists writes more than one of a virtual
    library, by a factor, which is divided."""
    def divided(scale):
        if divisor is None:
            return ""
        return "%s: %d" % (scale.group(1),
                           max(1, int(scale.group(2)) // divisor))

    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name in files or os.listdir("scenarios/acceptance"):
        with open(os.path.join("scenarios/acceptance", name),
                  encoding="utf-8") as f:
            text = re.sub(r"(\w+_scale): (\d+)", divided, f.read())
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(re.sub(r"(, *)+}", "}", text))


def accept(rig, node, script, name, run=QUICK):
    """Run an acceptance; return the output and the report."""
    with Library(rig, "--drives", str(run.drives), *MODEL, "--capacity",
                 run.capacity, "--early-warning", "32 MiB") as library:
        trace = Trace(os.path.join(library.dir, "trace"))
        if run.fault:
            library.fault(run.fault)
        library.serve("--pace=" + run.pace, "--trace", trace.path)
        library.attach()
        rig.guest.calls = {
            "written": lambda: trace.wait({WRITE: KILLED_AT}, 300)}
        tests_of(os.path.join(rig.guest.share, "acceptance"), run.divisor,
                 run.files)
        nodes = library.nodes()
        second = nodes[run.drives]
        output = rig.guest.run(PREPARE % {
            "changer": nodes[0][1], "n": nodes[1][ST],
            "device": nodes[1][node],
            "others": " ".join(nodes[1 + i][ST] for i in range(1, run.drives)),
            "generic": " ".join(nodes[1 + i][SG] for i in range(run.drives)),
            "options": run.options % second[node]
            if "%s" in run.options else run.options
        } + script + KEEP, run.seconds)[1]
        rig.guest.calls = {}
        keep(rig, name)
        report = report_of(rig, output)
        writers = trace.luns(WRITE, FILEMARKS)
        library.detach()
        library.stop()
        if not library.is_blank(library.volumes()[2]):
            raise Failed("a cartridge was written that was not named:\n" +
                         output[-4000:])
        if writers != {1}:
            raise Failed("units %s have written; only the drive that is "
                         "tested may" % writers)
    return output, report


def report_of(rig, output):
    try:
        with open(os.path.join(rig.guest.share, "kept", "acceptance.json"),
                  encoding="utf-8") as f:
            return json.load(f)
    except (OSError, ValueError) as e:
        raise Failed("no report: %s\n%s" % (e, output[-4000:])) from None


def judge(name, output, report, run=QUICK):
    found = Differences()
    found.check(name + ": it passed", "accept 0\n" in output and
                report["verdict"] == "VIRTUAL DRIVE: PASSED", output[-6000:])
    found.compare(name + ": tests that were passed", run.tests,
                  len([test for test in report["tests"]
                       if test["result"] == "met"]))
    found.check(name + ": its command", report["command"].startswith(
        "tapelab run --device /dev/"), report["command"])
    found.check(name + ": it is continued after a kill",
                ("is continued." in output) == (name == "killed"),
                output[-6000:])
    found.check(name + ": drives and cartridges are as they were found",
                "as found\n" in output, output[-3000:])
    return found


def values(report, what, judgement):
    """Return the rows of the paper that were judged so."""
    return [row for row in report["values"]
            if row["what"] == what and row["judgement"] == judgement]


def raise_differences(*found):
    """Return how many tests were made, or raise Failed."""
    texts = [text for one in found for text in one.texts]
    if texts:
        raise Failed("\n".join(texts))
    return sum(one.tests for one in found)


@case("acceptance, quick", kernels="last")
def acceptance(rig):
    """The short run, by both nodes of the drive; once killed and continued."""
    return raise_differences(*[
        judge(name, *accept(rig, node, script, "acceptance-" + name))
        for name, node, script in (("st", ST, RUN), ("sg", SG, RUN),
                                   ("killed", SG, KILL + RUN))])


# A cartridge of the size of the model's, so that whole wraps are written; the
# sizes are half of those of such a drive that exists.
DEFAULT = Run("", 1, "40 GB", "0.2", 2, 11, 2400)


@case("acceptance, default", kernels="last")
def default_acceptance(rig):
    """The run of an hour, by the node of the tape driver."""
    output, report = accept(rig, ST, RUN, "acceptance-default", DEFAULT)
    found = judge("default", output, report, DEFAULT)
    for value in ("Write rate, forward wraps, compression off",
                  "Read rate, reverse wraps, compression off"):
        found.check("%s is judged" % value, values(report, value, "met"),
                    report["values"])
    return raise_differences(found)


# The cartridges are short, so that their ends come soon.
FILL = Run("--fill", 1, "1 GiB", "0.1", 16, 12, 2400)


@case("acceptance, fill", kernels="last")
def fill_acceptance(rig):
    """The whole tape: the early warning and the physical end are measured."""
    output, report = accept(rig, SG, RUN, "acceptance-fill", FILL)
    found = judge("fill", output, report, FILL)
    for value in ("Capacity to the early warning",
                  "Capacity to the physical end"):
        found.check("%s is judged" % value, values(report, value, "met"),
                    report["values"])
    return raise_differences(found)


SECOND = Run("--quick --second-device %s", 2, "512 MiB", "0.05", None, 10, 1200)


@case("acceptance, second drive", kernels="last")
def second_acceptance(rig):
    """The robot moves the cartridge: one drive writes, another one reads."""
    return raise_differences(*[
        judge(name, *accept(rig, node, RUN, "acceptance-" + name, SECOND),
              SECOND)
        for name, node in (("second-st", ST), ("second-sg", SG))])


# Another program uses the drive, by its node of the bsg driver, which a run cannot
# hold; or the other drive of the adapter, which has no cartridge.
FILES = ("10_label.yaml", "20_write.yaml", "50_rate.yaml")
DURING = """
use() { # what, of which unit
	case $1 in
	drive) sg_turs -n 400 /dev/bsg/$(unit 1) > /dev/null;;
	adapter)
		while kill -0 $run; do
			sg_turs -n 500 /dev/bsg/$(unit 2)
		done > /dev/null 2>&1;;
	esac
}
unit() { lsscsi | sed -n "s/^.\\(.*:$1\\)].*/\\1/p"; }
accept > /tmp/during 2>&1 & run=$!
host written > /dev/null
use %s
wait $run; echo "accept $?"; cat /tmp/during
"""
USED = Run("--quick", 2, "512 MiB", "0.05", None, 3, 600, FILES)
# Each write takes longer: the rate misses its limit.
SLOW = "{fail: drive, drive: 1, operation: write, mode: slow, slowdown: 60}"
# What is used; the run; the verdict.
USES = (
    ("drive", USED, r"NOT DECIDED: 20_write: another program or host may have "
     r"used the drive: another program of this host sent \d+ commands to it"),
    ("adapter", USED, r"PASSED$"),
    ("adapter", USED._replace(fault=SLOW), r"NOT DECIDED: 50_rate: other "
     r"devices of the host adapter were in use: \S+:2 had \d+ commands"),
    ("nothing", USED._replace(fault=SLOW),
     r"NOT PASSED: 50_rate: Write rate, compression off [\d.]+ MB/s, "
     r"limit >= 5.4 MB/s"),
)


@case("acceptance, used by others", kernels="last")
def used(rig):
    """What another program of the host does leaves the verdict open."""
    found = Differences()
    for what, run, verdict in USES:
        name = "acceptance-used-%s%s" % (what, "-slow" if run.fault else "")
        output, report = accept(rig, SG, DURING % what, name, run)
        found.check("%s: the verdict names it" % name, re.match(
            "VIRTUAL DRIVE: " + verdict, report["verdict"]),
            report["verdict"] + "\n" + output[-3000:])
        if what == "drive":
            # One sentence for each load; a program opens the node, too.
            sent = sum(map(int, re.findall(r"sent (\d+) commands",
                                           report["verdict"])))
            found.check("each command is counted", 400 <= sent < 410, sent)
    return raise_differences(found)


TRIAL = """
C=%s N=%s
mtx -f $C load 1 0 > /dev/null
cat > /tmp/a.yaml <<END
title: A feed that is tuned for
library: {drives: [lto8], volumes: {count: 1, capacity: 100 MB}}
splitter: {block: 64 KiB, buffer: 1 MiB, part: 2 MiB}
dump: {size: 60 MB, rate: 20 MB/s}
END
"""


@case("trial of an answer", kernels="last")
def trial(rig):
    """The scenario that tune recommends is run on a drive."""
    with served(rig, "--drives", "1", "--volumes", "1", "--capacity",
                "256 MiB") as library:
        nodes = library.nodes()
        volume = library.volumes()[0]
        return run_steps(rig, TRIAL % (nodes[0][1], nodes[1][ST]), [
            ("tapelab tune --vary block=256KiB,512KiB --vary buffer=2MiB,4MiB "
             "--seeds 1 --out /tmp/tuned /tmp/a.yaml", 0, "Recommendation"),
            ("tapelab run --device $N --volume %s --yes --trial 20s "
             "/tmp/tuned/answer.yaml" % volume, 0,
             r"predicted +measured[^$]*^Throughput +\S+ .B/s +\S+ .B/s "
             r"[^$]*^Parts +(\d+) +\1 "),
            # The block of the answer, not that of its scenario.
            ("mt -f $N rewind; mt -f $N fsf 1; dd if=$N bs=1M count=1 "
             "2> /dev/null | grep -a '^block'", 0, ": (262144|524288)$")])
