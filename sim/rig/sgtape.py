"""Dumps through the generic driver (sg), and through both drivers in turn.

With sense data each cause of the table of failures is known: the messages of
the writer have it.  Where residuals or reads matter, the kernel's initiator is
used: QEMU's drops the residuals.
"""
from cases import case
from dumps import (append_resume, leave_protected, one_drive,
                   reset_or_exchange, start, write_fixed)
from ends import alignments, both_ends
from failures import CACHES, CAUSES, MORE_CAUSES, SMALL, Nodes, judge
from served import SG, ST, Library
from steps import run_steps

SG_ONLY = Nodes(SG, SG)
# What the writer says of each cause.
SAYS = {
    "medium error": "medium error.*3/0C/00",
    "hardware error": "hardware error.*4/44/00",
    "deferred error": "acknowledged blocks are not on tape|3/0C/00",
    "write protected": "protected.*7/27/00",
    "physical end": "D/00/02",
    "reset": "6/29/00",
    "not ready": "2/04/01",
    "position lost": "3/3B/00",
    "cartridge fault": "3/52/00",
    "positioning error": "4/15/01",
    "recovered error": "",
    "hang": "6/29/00",
}


@case("sg", core=True)
def sg_core(rig):
    """Some causes at a block and at the filemark."""
    causes = {name: CAUSES[name] for name in ("medium error", "deferred error",
                                              "physical end")}
    return judge(rig, causes, CACHES[:1], SMALL, SG_ONLY, SAYS,
                 ("block", "filemark"), attach=Library.log_in)


@case("all failures on sg")
def all_failures(rig):
    """Each cause at each place, with each cache."""
    return judge(rig, {**CAUSES, **MORE_CAUSES}, CACHES, SMALL, SG_ONLY, SAYS,
                 attach=Library.log_in)


@case("failures, writer and reader on different drivers")
def mixed_failures(rig):
    """What one back end writes, the other reads."""
    return judge(rig, CAUSES, CACHES[:1], SMALL, Nodes(ST, SG),
                 attach=Library.log_in) + \
        judge(rig, CAUSES, CACHES[:1], SMALL, Nodes(SG, ST), SAYS,
              attach=Library.log_in)


@case("every end on sg")
def every_end(rig):
    return both_ends(rig, alignments(), SG_ONLY, Library.log_in)


@case("dumps on sg")
def dumps(rig):
    """Reset, exchange, write protection, fixed blocks, append and resume."""
    return sum(dump(rig, SG, Library.log_in) for dump in (
        reset_or_exchange, leave_protected, write_fixed, append_resume))


# What `write` says of a volume: cartridge, bytes, errors, flags.
USE = (r"volume %s .serial number \S+, loads: \d+, \d+ MB written in its "
       r"life.: 1 MB written, errors corrected 0, not corrected 0; TapeAlert: "
       r"no new flag")
# How often each page and attribute is in the evidence: after the load and
# before the unload.
ENTRIES = (
    ("log page", "02h/00h"), ("log page", "03h/00h"), ("log page", "0Ch/00h"),
    ("log page", "12h/00h"), ("log page", "17h/00h"),
    ("medium attribute", "0003h"), ("medium attribute", "0220h"),
    ("medium attribute", "0401h"))


@case("evidence of a dump", core=True)
def evidence(rig):
    """What drive and cartridge report, through both nodes: as root SCSI commands
    go through the node of the tape driver, too."""
    count = 0
    for node, slot in ((SG, 1), (ST, 2)):
        backend = "" if node == SG else "--backend st "
        with one_drive(rig) as library:
            volume = library.volumes()[slot - 1]
            steps = [
                ("mtx -f $changer load %d 0" % slot, 0, ""),
                ("rm -rf /tmp/proof; head -c 1000000 /tmp/data | tapelab write "
                 "--device $N %s--no-catalogue --volume %s --label-blank "
                 "--dump d --evidence /tmp/proof" % (backend, volume), 0,
                 USE % volume + r"[^$]*evidence: /tmp/proof/evidence.json, "
                 r"SHA-256 [0-9a-f]{64}$"),
                ("tapelab write --device $N %s--no-catalogue --volume %s "
                 "--overwrite %s --dump e --evidence /tmp/proof < /tmp/next" %
                 (backend, volume, volume), 2, "/tmp/proof")]
            for kind, what in ENTRIES:
                for when in ("after the load", "before the unload"):
                    steps.append((
                        "tr '{' '\\n' < /tmp/proof/evidence.json | grep '\"%s\"' "
                        "| grep '\"%s\"' | grep -c '%s of %s'" % (
                            kind, what, when, volume), 0, "^1$"))
            steps.append(("mtx -f $changer unload", 0, ""))
            count += run_steps(rig, start(library, node=node), steps)
    return count


# What is on a volume, and the word for it in the writer's refusal.
FOREIGN = (
    ("tar -c -b 64 -f $T /tmp/next", "tar"),
    ("dd if=/tmp/data of=$T bs=10k count=3 2>/dev/null", "unknown program"),
    ("dd if=/tmp/data of=$T bs=80 count=1 2>/dev/null", "unknown program"),
)


@case("uncached parts on sg")
def uncached(rig):
    """A part that failed cannot be written again; a header can."""
    return judge(rig, {"medium error": CAUSES["medium error"]}, ("none",),
                 SMALL, SG_ONLY, SAYS, attach=Library.log_in)


@case("volumes that sg leaves alone")
def left_alone(rig):
    """Data of other programs; no more volumes."""
    with one_drive(rig, Library.log_in) as library:
        steps = [
            ("mtx -f $changer load 2 0", 0, ""),
            ("tapelab write $(drive $N) --no-catalogue --volume %s "
             "--label-blank --limit '1 MiB,128 KiB' --part '256 KiB' --block "
             "'32 KiB' --buffer '256 KiB' --cache memory --dump d < /tmp/data" %
             library.volumes()[1], 4, "all volumes"),
            ("tapelab read $(drive $N) --dump d | cmp - /tmp/data 2>&1 | "
             "grep EOF", 0, "EOF on -"),
            ("mtx -f $changer unload", 0, "")]
        for command, says in FOREIGN:
            steps += [
                ("mtx -f $changer load 1 0; mt -f $T rewind; %s; "
                 "mt -f $T rewind; cat $T 2>/dev/null | md5sum > /tmp/sum" %
                 command, 0, ""),
                ("tapelab write $(drive $N) --no-catalogue --label-blank "
                 "--dump d < /tmp/data", 4, says),
                ("mt -f $T rewind; cat $T 2>/dev/null | md5sum | "
                 "cmp - /tmp/sum", 0, ""),
                ("mtx -f $changer unload", 0, "")]
        return run_steps(rig, start(library, node=SG) + "T=%s\n" %
                         library.nodes()[1][ST], steps)
