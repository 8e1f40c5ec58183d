"""What the st driver makes of each error of a drive, as a table.

The table is a part of tapelab-st(7); `rig --write-table` prints it again there.
A case compares it with what the drivers do now.
"""
import os
import re

from cases import Differences, case
from guest import Failed
from served import OPEN_ISCSI, QEMU, Library

PAGE = "sim/man/tapelab-st.7"
BEGIN = ".\\\" begin table of errors\n"
END = ".\\\" end table of errors\n"
INITIATORS = {QEMU: Library.attach, OPEN_ISCSI: Library.log_in}
# The driver's time-out is then the one of TIME_OUT, in seconds.
GIVEN_UP, TIME_OUT = "no answer, time-out of 5 s", 5
# What the drive reports, as a fault of tapelab; EXCHANGED is done by a command.
CAUSES = (
    ("recovered error, 1/0C/00", "sense: recovered_write"),
    ("medium error, 3/0C/00", "sense: medium_error"),
    ("medium error, deferred", "deferred: true"),
    ("position lost, 3/3B/00", "sense: position_lost"),
    ("cartridge fault, 3/52/00", "sense: cartridge_fault"),
    ("hardware error, 4/44/00", "sense: hardware_error"),
    ("becoming ready, 2/04/01", "sense: becoming_ready"),
    ("write protected, 7/27/00", "sense: write_protected"),
    ("physical end, D/00/02", "sense: volume_overflow"),
    ("reset, 6/29/00", "mode: reset"),
    ("no answer for 3 s, then reset", "mode: hang, duration: 3 s"),
    (GIVEN_UP, "mode: hang, duration: 20 s"),
    ("reset by another host, silent", "mode: silent_reset"),
    ("tape at BOT, silent", "mode: move"),
    ("another block on tape, silent", "mode: corrupt"),
    ("cartridge exchanged, 6/28/00", None),
)
# The failing call is the last one before the first "?"; which operation of the
# drive it is.
PLACES = {
    "label": ("o < %s w ? p m", "write", 1),
    "header": ("o < w m %s w ? p m", "write", 2),
    "block": ("o < w m w %s w ? p m", "write", 3),
    "filemark": ("o < w m w %s m ? p m", "filemark", 2),
}
# Only a block can be acknowledged and lost, or differ.
ONLY_BLOCKS = ("deferred: true", "mode: corrupt")
ACT = """
cat > /tmp/act <<'END'
#!/sbin/busybox sh
[ $1 = X ] || exit 0
host unload $DRIVE && host load $DRIVE
END
chmod +x /tmp/act
"""


def entries():
    """Return (cause, place, fault) of each row, in the order of the table."""
    return [(cause, place, fault) for cause, fault in CAUSES
            for place in PLACES
            if place != "filemark" or fault not in ONLY_BLOCKS]


def hangs(row):
    return row[2] is not None and "hang" in row[2]


def results(rig, attach=Library.attach):
    """Return what the driver does for each row, on the kernel of the rig.
    `attach` is the initiator, Library.attach or Library.log_in."""
    found = {}
    # Without --pace nothing takes time, and a drive does not hang.  That is all
    # that takes time with the model "instant".
    for rows, model, pace in (
            ([row for row in entries() if not hangs(row)], "lto8", ()),
            ([row for row in entries() if hangs(row)], "instant",
             ("--pace",))):
        rig.start()
        found.update(zip(rows, play(rig, rows, model, pace, attach)))
    return [found[row] for row in entries()]


def play(rig, rows, model, pace, attach):
    """Return what the driver does for each row, with a drive for each."""
    with Library(rig, "--drives", str(len(rows)), "--drive-model", model,
                 "--volumes",
                 str(2 * len(rows)), "--capacity", "64 MiB", "--behaviour",
                 "{buffered: true, buffer: 1 MiB}") as library:
        volumes = library.volumes()
        for i, (_, place, fault) in enumerate(rows):
            library.vtl("load", volumes[i], str(i))
            if fault is not None:
                library.fault("{fail: drive, drive: %d, operation: %s, nth: %d,"
                              " %s, once: true}" % ((i + 1,) +
                                                    PLACES[place][1:] +
                                                    (fault,)))
        library.serve(*pace)
        attach(library)
        nodes = library.nodes()
        rig.guest.calls = {
            "load": lambda drive: library.vtl(
                "load", volumes[len(rows) + int(drive)], drive),
            "unload": lambda drive: library.vtl("unload", "drive:" + drive)}
        script = [ACT]
        for i, (cause, place, fault) in enumerate(rows):
            if cause == GIVEN_UP:
                script.append("mt -f %s sttimeout %d" % (nodes[i + 1][0],
                                                         TIME_OUT))
            script.append("DRIVE=%d; export DRIVE; echo row $(st_rows_main "
                          "script %s '%s' /tmp/act 2>&1)" % (
                              i, nodes[i + 1][0], PLACES[place][0] %
                              ("!X" if fault is None else "")))
        output = rig.guest.run("\n".join(script), seconds=900, check=True)
        rig.guest.calls = {}
    lines = [line.split(" ", 1)[1] for line in output.splitlines()
             if line.startswith("row ")]
    return [sentence(line.split()[-4:]) for line in lines]


def sentence(words):
    """Say what the failing call, the status, the position and the next
    filemark were."""
    call, status, position, after = words
    found = re.match(r"(-?\d+):(-?\d+)(.*)", status)
    where = status
    if found:
        file, block, flags = found.groups()
        where = "%s %s" % ("?" if file == "-1" else file,
                           "?" if block == "-1" else block)
        where += " " + flags if flags else ""
    return (count(call), where, position.lstrip("@"), count(after))


def count(word):
    return "ok" if word in ("ok", "4096") else word


def table(found):
    """Return the lines of the table for the manual page.  `found` has the
    results by (kernel, initiator), for each kernel those of QEMU first."""
    lines = [".Bl -column \"cartridge exchanged, 6/28/00\" \"filemark\" "
             "\"EIO\" \"1 ? EOT\" \"pos\" \"ENOSPC\"\n",
             ".It Sy sense data Ta Sy at Ta Sy res Ta Sy status Ta "
             "Sy pos Ta Sy mark\n"]
    kernels = list(dict.fromkeys(kernel for kernel, _ in found))
    for i, (cause, place, _) in enumerate(entries()):
        by_qemu = [found[kernel, QEMU][i] for kernel in kernels]
        for kernel, initiator in found:
            words = found[kernel, initiator][i]
            name = cause
            if initiator != QEMU:
                if words == found[kernel, QEMU][i]:
                    continue
                name = "%s (%s, %s)" % (cause, kernel, initiator)
            elif len(set(by_qemu)) > 1:
                name = "%s (%s)" % (cause, kernel)
            elif kernel != kernels[0]:
                continue
            lines.append(".It %s Ta %s Ta %s\n" % (name, place,
                                                   " Ta ".join(words)))
    return lines + [".El\n"]


def split_page():
    with open(PAGE, encoding="utf-8") as f:
        text = f.read()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise Failed("%s: the place of the table is not marked" % PAGE)
    before, rest = text.split(BEGIN)
    return (before + BEGIN, rest.split(END)[0], END + rest.split(END)[1])


def write_page(found):
    before, _, after = split_page()
    with open(PAGE + ".new", "w", encoding="utf-8") as f:
        f.write(before + "".join(table(found)) + after)
    os.rename(PAGE + ".new", PAGE)


def line_of(lines, cause, place, kernel, initiator):
    """Return the line of the table that is for this kernel and initiator: the
    one that names most of them."""
    for name in ("%s (%s, %s)" % (cause, kernel, initiator),
                 "%s (%s)" % (cause, kernel), cause):
        for line in lines:
            if line.startswith(".It %s Ta %s Ta " % (name, place)):
                return line
    return "no line"


def judge(rig, initiator):
    lines = split_page()[1].splitlines()
    found = Differences()
    for (cause, place, _), words in zip(
            entries(), results(rig, INITIATORS[initiator])):
        line = line_of(lines, cause, place, rig.kernel, initiator)
        found.check("%s at a %s: %s" % (cause, place, line),
                    line.endswith(" Ta %s Ta %s" % (place,
                                                    " Ta ".join(words))),
                    " ".join(words))
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests


@case("errors of st")
def errors_of_st(rig):
    """The table of tapelab-st(7) is what the driver does."""
    return judge(rig, QEMU)


@case("errors of st, kernel initiator")
def errors_with_residuals(rig):
    """Where the driver gets residuals, and the drive gets its aborts."""
    return judge(rig, OPEN_ISCSI)
