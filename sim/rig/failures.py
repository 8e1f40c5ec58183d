"""Dumps of `tapelab write` on the real driver, over drives that fail.

A library has a drive for each case, with a fault, and two volumes for each
drive.  mtx loads them, through the real sg driver.  Each dump is read back and
compared.
"""
import json
import re
from collections import namedtuple

from cases import Differences, case
from guest import Failed
from served import ST, Library

VOLUMES = 2
# The sizes of a dump, and of the buffers of writer and drive.  A volume has a
# label file, then parts with a header: `places` has the operations of the
# drive, from 1, in the second part.
Sizes = namedtuple("Sizes", "block part data buffer drive_buffer places")
SMALL = Sizes("32 KiB", "512 KiB", 1400000, "1 MiB", "256 KiB", {
    "label": ("write", 1), "header": ("write", 19), "block": ("write", 25),
    "filemark": ("filemark", 3)})
PLACES = tuple(SMALL.places)
CAUSES = {
    "medium error": "sense: medium_error",
    "hardware error": "sense: hardware_error",
    "deferred error": "deferred: true",
    "write protected": "sense: write_protected",
    "physical end": "sense: volume_overflow",
    "reset": "mode: reset",
    "not ready": "sense: becoming_ready",
}
# Causes of the long run.
MORE_CAUSES = {
    "position lost": "sense: position_lost",
    "cartridge fault": "sense: cartridge_fault",
    "positioning error": "sense: positioning_error",
    "recovered error": "sense: recovered_write",
    "hang": "mode: hang",
}
# Nothing reports these.
SILENT_CAUSES = {
    "silent reset": "mode: silent_reset",
    "silent move": "mode: move",
    "corrupt block": "mode: corrupt",
}
# What writer or reader says of them.  A move to BOT before the label changes
# nothing.
SILENT_SAYS = {
    "silent reset": "part 1 is missing|^write 0$",
    "silent move": "part 1 is missing|^write 0$",
    "corrupt block": "damaged: bytes 524288|^read 0$",
}
# Sense key HARDWARE ERROR: the drive has failed for good.
DRIVE_FAILS = ("hardware error", "positioning error")
CACHES = ("memory", "spool", "slices")
Failure = namedtuple("Failure", "cause place cache")
# Which node of its drive writes a dump, and which reads it back.
Nodes = namedtuple("Nodes", "writer reader")
ST_ONLY = Nodes(ST, ST)
SETUP = """
head -c %(data)s /dev/urandom > /tmp/data
cat > /tmp/next <<'END'
#!/sbin/busybox sh
# next DEVICE WANTED BEFORE: the command that changes volumes.  It uses the
# drive and the slots of the case.
. /tmp/case
now=$(cat /tmp/slot)
if [ -n "$2" ]; then
	slot=$(echo "$tags" | sed -n "s/ $2\\$//p")
else
	for slot in $slots none; do
		[ "$now" = 0 ] && break
		[ $slot = "$now" ] && now=0
	done
fi
[ -n "$slot" ] && [ "$slot" != none ] || exit 1
if [ "$(cat /tmp/slot)" != 0 ]; then
	mtx -f $changer unload $(cat /tmp/slot) $drive >&2 || exit 1
fi
echo 0 > /tmp/slot
mtx -f $changer load $slot $drive >&2 || exit 1
echo $slot > /tmp/slot
echo "$tags" | sed -n "s/^$slot //p"
END
chmod +x /tmp/next
tags=$(mtx -f $changer status | sed -n \\
	's/.*Storage Element \\([0-9]*\\):Full :VolumeTag=\\([^ ]*\\).*/\\1 \\2/p')
dump_stdin() { # drive device slots cache
	printf 'changer=%%s drive=%%s slots="%%s" tags="%%s"\\n' \\
		$changer $1 "$3" "$tags" > /tmp/case
	echo 0 > /tmp/slot
	tapelab write $(drive $2) --changer-command '/tmp/next "$@"' --dump d \\
		--no-catalogue --label-blank --block '%(block)s' \\
		--part "${tapelab_part:-%(part)s}" --buffer '%(buffer)s' --cache $4 \\
		$options $files
}
dump() { # the cache "slices" reads the file again
	files=
	[ $4 != slices ] || files=/tmp/data
	dump_stdin "$@" < /tmp/data
}
restore() { # drive device slots
	mtx -f $changer unload $(cat /tmp/slot) $1 || return 9
	echo 0 > /tmp/slot
	tapelab read $(drive $2) --changer-command '/tmp/next "$@"' --dump d \\
		> /tmp/back
	status=$?
	[ $status != 0 ] && cmp -n $(stat -c %%s /tmp/back) /tmp/data /tmp/back &&
		return $status
	[ $status = 0 ] && cmp /tmp/data /tmp/back
}
"""


def setup(sizes=SMALL):
    """Return the functions of the guest that dump and restore."""
    return SETUP % sizes._asdict()


def fault(failure, drive, sizes):
    operation, nth = sizes.places[failure.place]
    cause = {**CAUSES, **MORE_CAUSES, **SILENT_CAUSES}[failure.cause]
    return ("{fail: drive, drive: %d, operation: %s, nth: %d, %s, once: true}" %
            (drive + 1, operation, nth, cause))


def possible(failure):
    """Only a block can be acknowledged and lost, or differ."""
    return not (failure.cause in ("deferred error", "corrupt block") and
                failure.place == "filemark")


def dump_on_failing_drives(rig, failures, sizes, used, attach):
    """Write and read back a dump for each failure.  Return for each what was
    printed, and whether its fault has struck."""
    count = len(failures)
    with Library(rig, "--drives", str(count), "--volumes",
                 str(count * VOLUMES), "--capacity", "64 MiB",
                 "--behaviour", "{buffered: true, buffer: %s}" %
                 sizes.drive_buffer) as library:
        library.fault(*[fault(failure, i, sizes)
                        for i, failure in enumerate(failures)])
        library.serve()
        attach(library)
        nodes = library.nodes()
        script = ["changer=" + nodes[0][1], setup(sizes)]
        for i, failure in enumerate(failures):
            slots = " ".join(str(i * VOLUMES + n + 1) for n in range(VOLUMES))
            write, read = ["%d %s '%s'" % (i, nodes[i + 1][node], slots)
                           for node in used]
            script.append("""
echo "case %d"
dump %s %s 2>&1
echo "write $?"
restore %s 2>&1
echo "read $?"
""" % (i, write, failure.cache, read))
        output = rig.guest.run("\n".join(script), seconds=1200, check=True)
        library.detach()
        library.stop()
        faults = json.loads(library.vtl("status", "-j"))["faults"]
        struck = {entry["drive"]: entry["strikes"] == 1 for entry in faults}
        return [(text, struck[i + 1])
                for i, text in enumerate(output.split("case ")[1:])]


def results(text):
    """Return the status of the dump, and whether all was read back."""
    lines = text.splitlines()
    return [line for line in lines if re.match("(write|read) [0-9]+$", line)]


def expected(failure):
    """If the drive has failed for good, and there is no other, or the part that
    failed is not cached, the dump is PARTIAL, and what was read of it is right.
    """
    if failure.cause == "corrupt block":
        # Only who reads it can know; the output has it by then.  A bit in the
        # middle of a label or header is after its text.
        return ["write 0", "read 1" if failure.place == "block" else "read 0"]
    if failure.cause in SILENT_CAUSES and failure.place != "label":
        # What is written at BOT replaces the label, and all of the volume.
        return ["write 4", "read 2"]
    if failure.cache == "none" and failure.place in ("block", "filemark"):
        return ["write 4", "read 4"]
    if failure.cause in DRIVE_FAILS:
        return ["write 4", "read 2" if failure.place == "label" else "read 4"]
    return ["write 0", "read 0"]


@case("failures", core=True)
def failures_of_the_core(rig):
    """Each cause at each place, with the cache in memory."""
    return judge(rig, CAUSES, CACHES[:1])


@case("all failures")
def all_failures(rig):
    """Each cause at each place, with each cache."""
    return judge(rig, {**CAUSES, **MORE_CAUSES}, CACHES)


@case("silent failures")
def silent_failures(rig):
    """Faults that the drive does not report."""
    return judge(rig, SILENT_CAUSES, CACHES[:1], says=SILENT_SAYS)


def judge(rig, causes, caches, sizes=SMALL, used=ST_ONLY, says=None,
          places=PLACES, attach=Library.attach):
    """Write and read back with each cause at each place.  `says` has a regular
    expression for each cause, that the writer's messages must match; `attach`
    is the initiator, Library.attach or Library.log_in."""
    found = Differences()
    for cache in caches:
        failures = [failure for cause in causes for place in places
                    for failure in [Failure(cause, place, cache)]
                    if possible(failure)]
        rig.start()
        dumps = dump_on_failing_drives(rig, failures, sizes, used, attach)
        found.compare("the number of dumps", len(failures), len(dumps))
        for failure, (text, struck) in zip(failures, dumps):
            found.check("%s: %s" % (" ".join(failure), "it struck" if struck
                                    else "it never struck"),
                        struck and results(text) == expected(failure), text)
            if says is not None:
                found.check("the message of " + " ".join(failure),
                            re.search(says[failure.cause], text, re.M), text)
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests
