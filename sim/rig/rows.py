"""The table of st_rows.h on the real driver, over scsi_debug and tapelab."""
import contextlib
import csv
import os
import re
import subprocess

from altered import AlteredDrive
from cases import Differences, case
from guest import Failed
from served import Library

PLAYER = "splitter/st/tests/st_rows_main"
# A partition of scsi_debug has 100 units, blocks or filemarks; the early
# warning is 20 units before its end.
UNITS, WARNING_AT = 99, 80
# What scsi_debug cannot do; the words of the scripts.
NOT_ON_DEBUG = {
    "!l": "has no deferred errors", "!M": "has no deferred errors",
    "!S": "loses no blocks", "!Z": "reports an injected error without EOM",
    "!T": "has no cartridges", "!B": "has no cartridges",
    "!X": "has no cartridges", "L": "has no door", "k": "has no door"}


def table(build):
    text = subprocess.run([os.path.join(build, PLAYER), "list"],
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    return list(csv.DictReader(text.splitlines(), delimiter="\t",
                               quoting=csv.QUOTE_NONE))


def for_kernel(row, kernel):
    old = tuple(int(n) for n in kernel.split(".")) < (6, 12)
    return row["kernel"] in ("any", "old" if old else "new")


def has_tape(kernel):
    """Whether scsi_debug of this kernel can be a tape."""
    return tuple(int(n) for n in kernel.split(".")) >= (6, 15)


def is_slow(row):
    return row["slow"] == "1"


def not_on_debug(row):
    """Return why scsi_debug cannot show a row, or None."""
    if row["not_debug"] != "-":
        return row["not_debug"]
    if row["protected"] == "1":
        return "its write protection does not reach the tape"
    if row["blocks"] == "0":
        return "has always a tape"
    if row["behaviour"] != "-" and row["inject"] == "-":
        return "is another kind of drive"
    ends = row["warning"] != "0" or int(row["blocks"]) < 9
    for word in row["script"].split():
        if word in NOT_ON_DEBUG and row["inject"] == "-":
            return NOT_ON_DEBUG[word]
        if word in "<sxz" and ends:
            return "has no volume as small as that"
    return None


def debug_fill(row):
    """Return what is written before the row, so that the ends are where the row
    has them."""
    blocks, warning = int(row["blocks"]), int(row["warning"])
    if warning > 0:
        return "%d,0,0" % (WARNING_AT - (blocks - warning))
    if blocks < 9:
        # A filemark meets the early warning, without a report.
        return "%d,1,%d" % (WARNING_AT, UNITS - WARNING_AT - 1 - blocks)
    return "-"


def judge(rows, results, column):
    """Compare results with those of the table, or of one of its columns."""
    found = Differences()
    for row in rows:
        found.compare("%s: %s" % (row["name"], row["script"]),
                      row["answers"] if row[column] == "-" else row[column],
                      results.get(row["row"], "nothing"))
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests


@case("rows on scsi_debug", core=True)
def rows_on_scsi_debug(rig):
    """The table of the driver, over the kernel's own simulated tape."""
    return play_on_debug(rig, slow=False)


@case("slow rows on scsi_debug")
def slow_rows_on_scsi_debug(rig):
    """Rows in which the driver waits for minutes."""
    return play_on_debug(rig, slow=True)


def play_on_debug(rig, slow):
    if not has_tape(rig.kernel):
        rig.skip("scsi_debug of kernel %s has no tape" % rig.kernel)
    rows = [row for row in table(rig.build) if for_kernel(row, rig.kernel) and
            is_slow(row) == slow]
    script = ["""
cat > /tmp/act <<'END'
#!/sbin/busybox sh
case $1 in
R) exec sg_reset -d /dev/sg0 ;;
*) exit 1 ;;
esac
END
chmod +x /tmp/act
grep -q scsi_debug /proc/modules && rmmod scsi_debug
inject() { # COUNT,OPCODE,KEY,ASC,ASCQ
	set -- $(echo $1 | tr , ' ')
	for file in /sys/kernel/debug/scsi_debug/*/error; do
		echo "2 $1 $2 0 0 2 $3 $4 $5" > $file || exit 1
	done
}
play() { # row fill options inject
	# A drive with a door: else the driver sends it no PREVENT.
	modprobe scsi_debug ptype=1 delay=0 max_luns=1 removable=1
	until [ -c /dev/nst0 ]; do sleep 0.02; done
	chmod 666 /dev/nst0
	mt -f /dev/nst0 stclearoptions can-partitions
	mt -f /dev/nst0 rewind # A1: it has had no unit attention
	[ $2 = - ] || {
		mt -f /dev/nst0 stsetoptions can-partitions
		mt -f /dev/nst0 mkpartition 100
	}
	[ "$3" = - ] || mt -f /dev/nst0 stsetoptions $3
	[ "$4" = - ] || inject $4
	echo "row $1 $(st_rows_main play /dev/nst0 $1 $2 /tmp/act 2>&1)"
	rmmod scsi_debug
}
"""]
    shown = [row for row in rows if not_on_debug(row) is None]
    for row in shown:
        script.append("play %s %s '%s' %s" % (
            row["row"], debug_fill(row), row["options"], row["inject"]))
    output = rig.guest.run("\n".join(script), seconds=900, check=True)
    results = dict(line.split(" ", 2)[1:] for line in output.splitlines()
                   if line.startswith("row ") and line.count(" ") > 1)
    return judge(shown, results, "debug")


# Faults that are in the library before the row begins: they count operations.
# A block goes to BOT: it is lost without a report, where another one was.
FAULT = "{fail: drive, operation: write, nth: %d, once: true, "
FAULTS = {"!l": FAULT + "deferred: true}", "!M": FAULT + "deferred: true}",
          "!S": FAULT + "mode: move}", "!Z": FAULT + "sense: medium_error}",
          "!R": FAULT + "mode: reset}"}
# The others are done by the changer while the row is played.
ACT = """
cat > /tmp/act <<'END'
#!/sbin/busybox sh
. /tmp/row
case $1 in
T) mtx -f $C unload $slot 0 ;;
B) mtx -f $C unload $slot 0 && mtx -f $C load $slot 0 ;;
X) mtx -f $C unload $slot 0 && mtx -f $C load $other 0 ;;
L) sg_prevent --prevent=1 $S ;;
esac > /dev/null
END
chmod +x /tmp/act
play() { # row slot options
	printf 'C=%%s S=%%s slot=%%s other=%%s\n' $C $S $2 $other > /tmp/row
	[ $2 = - ] || mtx -f $C load $2 0 > /dev/null
	chmod 666 $N
	# The row before may have set another size.
	mt -f $N setblk 0 2> /dev/null
	mt -f $N stsetoptions $3
	echo "row $1 $(st_rows_main play $N $1 - /tmp/act 2>&1)"
	mt -f $N stclearoptions $3
	st_rows_main script $N 'O u c' /bin/false > /dev/null
	sg_prevent --allow $S
	# A row may leave the drive empty.
	mtx -f $C unload 2> /dev/null > /dev/null || :
}
C=%s N=%s S=%s other=%d
"""


def faults(row):
    """Return the faults of a row, each with the number of its operation."""
    writes, found = 0, []
    for word in row["script"].split():
        if word in FAULTS:
            found.append(FAULTS[word] % (writes + 1))
        writes += word in ("w", "W")
    return found


def block_bytes(row):
    return int(row["block_bytes"]) or 4096


def groups(rows):
    """Return lists of rows that one library can show: rows with faults are
    alone, since these count operations."""
    found = {}
    for row in rows:
        key = (row["blocks"], row["warning"], row["behaviour"],
               row["altered"], row["block_bytes"], row["block_max"],
               row["paced"],
               row["row"] if faults(row) else "")
        found.setdefault(key, []).append(row)
    return list(found.values())


def model(rig, block_max):
    """Return the options for a drive with this largest block."""
    if block_max == "0":
        return []
    text = subprocess.run([os.path.join(rig.build, "tapelab"), "drives",
                           "show", "lto8"], stdout=subprocess.PIPE,
                          check=True).stdout.decode()
    path = os.path.join(rig.guest.share, "drive.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(re.sub(r"(?m)^block_max:.*(\n .*)*$",
                       "block_max: %s B" % block_max, text))
    return ["--drive-model", path]


def play_group(rig, rows, attach=Library.attach):
    """Play rows on one library; return the results by row."""
    first = rows[0]
    blocks, warning = int(first["blocks"]), int(first["warning"])
    size = block_bytes(first)
    capacity = max(blocks, 1) * size
    # The first block may meet the warning; no volume has it at its beginning.
    options = ["--drives", "1", "--volumes", str(len(rows) + 1),
               "--capacity", "%d B" % capacity, "--early-warning",
               "%d B" % min(warning * size, capacity - 1)
               if warning else "none"]
    options += model(rig, first["block_max"])
    if first["behaviour"] != "-":
        options += ["--behaviour", first["behaviour"]]
    with contextlib.ExitStack() as undo, Library(rig, *options) as library:
        volumes = library.volumes()
        for row, volume in zip(rows, volumes):
            if row["protected"] == "1":
                os.chmod(os.path.join(library.path, volume + ".tape"), 0o444)
        library.fault(*[fault for row in rows for fault in faults(row)])
        library.serve(*["--pace"] if first["paced"] == "1" else [])
        if first["altered"] == "-":
            attach(library)
        else:
            relay = AlteredDrive(library.port, first["altered"])
            undo.callback(relay.close)
            library.attach(portal=relay.portal)
        nodes = library.nodes()
        script = [ACT % (nodes[0][1], *nodes[1], len(volumes))]
        for i, row in enumerate(rows):
            script.append("play %s %s '%s'" % (
                row["row"], i + 1 if row["blocks"] != "0" else "-",
                "" if row["options"] == "-" else row["options"]))
        output = rig.guest.run("\n".join(script), seconds=600, check=True)
    return dict(line.split(" ", 2)[1:] for line in output.splitlines()
                if line.startswith("row ") and line.count(" ") > 1)


def rows_for(rig, slow=False):
    return [row for row in table(rig.build) if for_kernel(row, rig.kernel) and
            is_slow(row) == slow]


def play_on_tapelab(rig, shown):
    results = {}
    for rows in groups(shown):
        results.update(play_group(rig, rows))
    return judge(shown, results, "tapelab")


@case("rows on tapelab", core=True)
def rows_on_tapelab(rig):
    """The table of the driver, over the drive of tapelab."""
    return play_on_tapelab(rig, rows_for(rig))


@case("slow rows on tapelab")
def slow_rows_on_tapelab(rig):
    """Rows in which the driver waits for minutes."""
    return play_on_tapelab(rig, rows_for(rig, slow=True))


@case("rows on tapelab, kernel initiator")
def rows_with_residuals(rig):
    """The rows that need no drive of their own, where the driver gets the
    residual of each command."""
    shown = max(groups(rows_for(rig)), key=len)
    return judge(shown, play_group(rig, shown, Library.log_in), "tapelab")
