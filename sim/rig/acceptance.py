"""Acceptance of a drive, as its buyer runs it.

The drive is one of tapelab, paced, and twenty times as fast as its model.  With
TAPELAB_RIG_KEEP=FOLDER the reports are kept there.
"""
import json
import os
import shutil

from cases import Differences, case
from guest import Failed
from library import SG, ST, Library
from server_trace import WRITE, Trace

# A drive of 6 MB/s, by its profile: any host can feed it.
DRIVE = ("--drives", "1", "--drive-model", "dlt8000", "--volumes", "3",
         "--media-type", "none", "--capacity", "512 MiB", "--early-warning",
         "32 MiB")
# The tests of --quick, with the sizes that they have on a virtual library: a
# drive that exists writes up to 300 times as much.
PREPARE = """
C=%(changer)s DEVICE=%(device)s N=%(n)s
cp -r /share/acceptance /tmp/acceptance
sed -i 's/ [a-z]*_scale: [0-9]*,\\?//g; s/, *}/}/' /tmp/acceptance/*.yaml
state() { # settings, holders, cartridges
	mt -f $N status | grep -o 'Tape block size.*\\|IM_REP_EN'
	mt -f $N stshowoptions
	sg_persist -i -k %(s)s | sed 's/generation=[^,]*//'; mtx -f $C status
}
accept() {
	tapelab run --device $DEVICE --changer $C --volume VTA001L8 \\
		--volume VTA002L8 --yes --quick --out /tmp/out /tmp/acceptance
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


def accept(rig, node, script, name):
    """Run an acceptance; return the output and the report."""
    with Library(rig, *DRIVE) as library:
        trace = Trace(os.path.join(library.dir, "trace"))
        library.serve("--pace=0.05", "--trace", trace.path)
        library.attach()
        rig.guest.calls = {
            "written": lambda: trace.wait({WRITE: KILLED_AT}, 300)}
        shutil.copytree("scenarios/acceptance",
                        os.path.join(rig.guest.share, "acceptance"),
                        dirs_exist_ok=True)
        nodes = library.nodes()
        output = rig.guest.run(PREPARE % {
            "changer": nodes[0][1], "n": nodes[1][ST], "s": nodes[1][SG],
            "device": nodes[1][node]} + script + KEEP, 2400)[1]
        rig.guest.calls = {}
        keep(rig, name)
        third = library.volumes()[2]
        try:
            with open(os.path.join(rig.guest.share, "kept",
                                   "acceptance.json"), encoding="utf-8") as f:
                report = json.load(f)
        except (OSError, ValueError) as e:
            raise Failed("no report: %s\n%s" % (e, output[-4000:])) from None
        library.detach()
        library.stop()
        if not library.is_blank(third):
            raise Failed("a cartridge was written that was not named:\n" +
                         output[-4000:])
    return output, report


def judge(name, output, report):
    found = Differences()
    found.check(name + ": it passed", "accept 0\n" in output and
                report["verdict"].startswith("VIRTUAL DRIVE: PASSED"),
                output[-6000:])
    found.check(name + ": its command", report["command"].startswith(
        "tapelab run --device /dev/"), report["command"])
    found.check(name + ": it is continued after a kill",
                ("is continued." in output) == (name == "killed"),
                output[-6000:])
    found.check(name + ": the drive is as it was found",
                "as found\n" in output, output[-3000:])
    return found


@case("acceptance", kernels="last")
def acceptance(rig):
    """Both nodes of the drive; once killed and continued."""
    tests, texts = 0, []
    for name, node, script in (("st", ST, RUN), ("sg", SG, RUN),
                               ("killed", SG, KILL + RUN)):
        found = judge(name, *accept(rig, node, script, "acceptance-" + name))
        tests += found.tests
        texts += found.texts
    if texts:
        raise Failed("\n".join(texts))
    return tests
