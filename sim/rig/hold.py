"""tapelab has a drive for itself while it writes, and leaves it as found.

Each way of ending: the end of the dump, an error, SIGINT, SIGTERM, and SIGKILL,
after which `tapelab release` gives the drive back.  A second session is the
initiator of another machine.
"""
import os
import re

from cases import Differences, case
from guest import Failed
from served import SG, ST, Library
from server_trace import WRITE, Trace

BLOCK = 32 * 1024
DATA = 1400000
# The feed stops here until the drive has carried out this many WRITEs.
FED, WRITES = 700000, 12
# Unusual settings.
ODD = """
mt -f $N setblk 1024
mt -f $N compression 0
mt -f $N drvbuffer 1
mt -f $N stsetoptions sili
mt -f $N stclearoptions can-bsr
mt -f $N stsetcln 0
"""
SCRIPT = """
C=%(changer)s N=%(n)s S=%(s)s N2=%(n2)s S2=%(s2)s DEVICE=%(device)s
cp /share/data /tmp/data; rm -f /tmp/fed /tmp/go
sg_turs -n 9 $S > /dev/null 2>&1; sg_turs -n 9 $S2 > /dev/null 2>&1
""" + ODD + """
state() { # the settings of drive and driver, who holds the drive, cartridges
	mt -f $N status | grep -o 'partition=.*\\|Tape block size.*\\|IM_REP_EN'
	mt -f $N stshowoptions
	sg_modes -a -HH $S
	sg_modes -p 0x10,1 -HH $S
	{
		sg_persist -i -k $S; sg_persist -i -r $S; sg_persist -i -s $S
	} | sed 's/generation=[^,]*//'
	mtx -f $C status
}
state > /tmp/before 2>&1
feed() {
	head -c %(fed)d /tmp/data; host written >&2
	> /tmp/fed
	until [ -e /tmp/go ]; do usleep 20000; done
	tail -c +%(rest)d /tmp/data
}
feed | tapelab write --device $DEVICE --no-catalogue --volume %(volume)s \\
	--label-blank --overwrite %(volume)s --block '32 KiB' --part '256 KiB' \\
	--buffer '256 KiB' --cache memory --dump d > /tmp/said 2>&1 & writer=$!
seconds=0
until [ -e /tmp/fed ]; do
	usleep 100000
	seconds=$((seconds + 1)); [ $seconds -lt 600 ] || exit 1
done
# The first answer to the second session is a unit attention.  A reserved drive
# answers MODE SENSE with a conflict: status 24 of sg_raw.
other() { sg_raw -r 255 $S2 1a 00 0f 00 ff 00 > /dev/null 2>&1; echo $?; }
sg_turs $S2 > /dev/null 2>&1
echo "other $(other)"
timeout 30 dd if=/dev/zero of=$N2 bs=4096 count=1 2> /dev/null
echo "other writes $?"
echo "mt $(mt -f $N status 2>&1 | grep -c busy)"
tapelab scan --device $DEVICE > /tmp/busy 2>&1
echo "tapelab $? $(cat /tmp/busy)"
echo "generic $(sg_raw $S 0 0 0 0 0 0 2>&1 | grep -c busy)"
echo "door $(mtx -f $C unload > /dev/null 2>&1; echo $?)"
%(way)s
> /tmp/go
wait $writer; echo "write $?"
sed 's/^/said /' /tmp/said
%(after)s
state > /tmp/after 2>&1
diff /tmp/before /tmp/after && echo "state equal"
# Another machine: its first command gets the unit attentions.
sg_turs -n 9 $S2 > /dev/null 2>&1
timeout 30 mt -f $N2 rewind
timeout 30 dd if=/dev/zero of=$N2 bs=4096 count=3 2>&1 | grep out
echo "unload $(mtx -f $C unload > /dev/null 2>&1; echo $?)"
"""
# How a run ends: what ends it, the status of the writer (of its process group's
# last), and what is done then.
RELEASE = """
echo "held $(other)"
tapelab release --device $DEVICE; echo "release $?"
"""
WAYS = (
    ("end", ":", 0, ""),
    ("error", ":", 4, ""),
    ("SIGINT", "kill -INT $writer", 5, ""),
    ("SIGTERM", "kill -TERM $writer", 5, ""),
    ("SIGKILL", "kill -KILL $writer", 137, RELEASE),
)


def ended(rig, way, node):
    """Write, end in this way, and return what was found."""
    name, command, status, after = way
    with Library(rig, "--drives", "1", "--volumes", "1", "--capacity",
                 "64 MiB") as library:
        if name == "error":
            library.fault("{fail: drive, operation: write, nth: 33, "
                          "sense: medium_error, once: true}")
        trace = Trace(os.path.join(library.dir, "trace"))
        volume = library.serve_loaded("--trace", trace.path)
        rig.guest.calls = {"written": lambda: trace.wait({WRITE: WRITES})}
        with open(os.path.join(rig.guest.share, "data"), "wb") as f:
            f.write(os.urandom(DATA))
        library.attach(0, 1)
        nodes = library.nodes()
        library.attach(1, scsi_id=1)
        # lsscsi lists the second session last.
        other = library.nodes()[1]
        try:
            output = rig.guest.run(SCRIPT % {
                "changer": nodes[0][1], "n": nodes[1][ST], "s": nodes[1][SG],
                "n2": other[ST], "s2": other[SG], "device": nodes[1][node],
                "fed": FED, "rest": FED + 1, "volume": volume,
                "way": command, "after": after}, 200)[1]
        finally:
            rig.guest.calls = {}
    return judge(name, status, output)


def judge(name, status, output):
    found = Differences()

    def expect(what, pattern):
        found.check("%s: %s" % (name, what),
                    re.search(pattern, output, re.M), output[-4000:])

    expect("another initiator is held off", "^other 24$")
    expect("it cannot write", "^other writes 1$")
    expect("another program of this machine cannot use the st node", "^mt 1$")
    expect("tapelab says that the drive is in use", "^tapelab 2 .*in use")
    expect("nor the generic node", "^generic 1$")
    expect("the door is locked", "^door [1-9]")
    expect("the status of the writer", "^write %d$" % status)
    if name == "SIGKILL":
        expect("the drive is still held", "^held 24$")
        expect("it is released", "^release 0$")
    expect("the drive is as it was found", "^state equal$")
    expect("another initiator can write", r"^3\+0 records out$")
    expect("the door is not locked", "^unload 0$")
    return found


@case("exclusive use")
def exclusive_use(rig):
    """Each way of ending, on both nodes of the drive."""
    tests, texts = 0, []
    for label, node in (("st", ST), ("sg", SG)):
        for way in WAYS:
            found = ended(rig, way, node)
            tests += found.tests
            texts += [label + ", " + text for text in found.texts]
    if texts:
        raise Failed("\n".join(texts))
    return tests
