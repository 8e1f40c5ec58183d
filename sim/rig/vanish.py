"""Initiators that vanish in mid-dump, without a logout.

The parts that are safe when the initiator vanishes are on tape, and the dump
can be resumed after them.  The library frees a reservation of RESERVE with the nexus;
a persistent one stays until another initiator preempts it.
"""
import os

import server_trace
from cases import case
from dumps import start
from guest import Failed
from served import NAME, Library
from relay import Relay
from steps import run_steps

PART = 256 * 1024
DATA = 5 * PART + 7777
# The feed stops in the third part, after its header and 6 blocks.  Then the drive
# has carried out 3 WRITE FILEMARKS and 26 WRITEs: a label, 2 headers with 8
# blocks, and those.
FED = 2 * PART + 200000
COMMANDS = {server_trace.FILEMARKS: 3, server_trace.WRITE: 26}
# serve sends a NOP-In after 30 seconds of silence, and waits as long for the
# answer.
NOTICED_SECONDS = 100
WRITE = ("tapelab write $(drive $N) --no-catalogue --volume $VOLUME "
         "--label-blank --part '256 KiB' --block '32 KiB' --buffer '256 KiB' "
         "--cache memory --json --dump d")
RESUME = WRITE + " --resume < /tmp/data"
RESUMED = r'"outcome": "DONE"[^$]*"resumed_bytes": %d\b' % (2 * PART)
# When the drive has done them, two parts are safe, and the initiator vanishes.
FEED = """
feed() {
	head -c %d /tmp/data; host written >&2; host vanish >&2
	tail -c +%d /tmp/data
}
""" % (FED, FED + 1)
READ = "tapelab read $(drive $N) --dump d | cmp - /tmp/data"
# The third part has no filemark.
SCAN = ("tapelab scan $(drive $N)", 4,
        r"^dump d@[^$]* 2 +proven [^$]* 3 +unproven ")
RESUMPTION = [SCAN, (RESUME, 0, RESUMED), (READ, 0, "")]


class Vanishing:
    """A library with a volume in its drive, data that outlive the guest, and a
    trace of what the drive does.  `vanish` is what `host vanish` does."""

    def __init__(self, rig, vanish):
        self.rig = rig
        self.library = Library(rig, "--drives", "1", "--volumes", "8",
                               "--capacity", "64 MiB")
        self.trace = server_trace.Trace(
            os.path.join(self.library.dir, "trace"))
        self.data = os.urandom(DATA)
        self.relay = self.volume = None
        self.vanish = vanish

    def __enter__(self):
        self.volume = self.library.serve_loaded("--trace", self.trace.path)
        self.relay = Relay(self.library.port)
        self.rig.guest.calls = {"written": self.written,
                                "vanish": lambda: self.vanish(self)}
        return self

    def __exit__(self, *failed):
        if self.rig.guest is not None:
            self.rig.guest.calls = {}
        self.library.__exit__(*failed)
        self.relay.close()

    def written(self):
        """Wait until the drive has carried out the COMMANDS."""
        self.trace.wait(COMMANDS)

    def prelude(self, nodes=None):
        """Return the beginning of a script in the guest that runs now."""
        with open(os.path.join(self.rig.guest.share, "data"), "wb") as f:
            f.write(self.data)
        text = "cp /share/data /tmp/data\nVOLUME=%s\n%s" % (
            self.volume, FEED)
        if nodes is not None:
            # The unit attention of the new session comes first.
            text += "N=%s S=%s; sg_turs -n 3 $S > /dev/null 2>&1\n" % nodes[1]
        return text


@case("vanished machine")
def vanished_machine(rig):
    """The machine of the initiator loses power; the initiator has reserved the
    drive.  Another machine takes the reservation over, and resumes the dump."""
    def kill(_):
        rig.guest.qemu.kill()
        rig.guest.qemu.wait()

    with Vanishing(rig, kill) as case_:
        library = case_.library
        library.attach()
        try:
            rig.guest.run(case_.prelude(library.nodes()) + """
sg_persist -o -G -S 1 $S; sg_persist -o -R -K 1 -T 3 $S
feed | %s""" % WRITE, 120)
        except Failed:
            if rig.guest.qemu.poll() is None:
                raise
        else:
            raise Failed("the machine did not vanish")
        rig.stop()
        library.units = []
        rig.start()
        library.attach()
        return run_steps(rig, case_.prelude(library.nodes()), [
            ("sg_persist -i -r $S", 0, "Key=0x1[^$]*Exclusive Access"),
            # The driver reports the conflict as EIO.
            (RESUME, 2, "nothing was written"),
            ("sg_persist -o -G -S 2 $S; sg_persist -o -P -K 2 -S 1 -T 3 $S; "
             "sg_persist -i -r $S", 0, "Key=0x2[^$]*Exclusive Access"),
            *RESUMPTION,
            ("sg_persist -o -C -K 2 $S", 0, "")])


@case("cut connections")
def cut_connections(rig):
    """The connection is reset again and again; QEMU's initiator logs in again
    and sends again what was not answered, so the drive may write a block twice.
    The position of the tape shows that, and the part is written again."""
    with Vanishing(rig, lambda case_: case_.relay.cut()) as case_:
        library = case_.library
        library.vtl("unload", "drive:0")
        library.attach(0)
        library.attach(1, portal=case_.relay.portal)
        return run_steps(rig, case_.prelude() + start(library) + """
feed() {
	split -b 150000 /tmp/data /tmp/piece.
	for piece in /tmp/piece.*; do
		cat $piece; host vanish >&2
	done
}
tapelab_part='256 KiB'
""", [("cp /share/data /tmp/data; "
       "feed | dump_stdin $WHERE '1 2 3 4 5 6' memory", 0, ""),
            ("restore $WHERE '1 2 3 4 5 6'", 0, "")])


@case("lost session")
def lost_session(rig):
    """The connection is reset, and the library cannot be reached any more.  The
    kernel's initiator gives up; the dump is resumed over a new session.  A
    silent network would not be noticed: iscsistart switches NOP-Out off."""
    def lose(case_):
        case_.relay.freeze()
        case_.relay.cut()

    with Vanishing(rig, lose) as case_:
        library = case_.library
        try:
            return run_steps(rig, case_.prelude() +
                             library.log_in_script(case_.relay.own_port) + """
for session in /sys/class/iscsi_session/*; do
	echo 5 > $session/recovery_tmo
done
""", [
                ("feed | %s" % WRITE, 4, '"outcome": "PARTIAL"'),
                ("log_in %s %d $INITIATOR; nodes 2" % (NAME, library.port), 0,
                 ""),
                *RESUMPTION])
        finally:
            rig.stop()


@case("reservation of a vanished initiator")
def reservation(rig):
    """RESERVE holds as long as the session of the initiator."""
    with Vanishing(rig, lambda case_: case_.relay.freeze()) as case_:
        library = case_.library
        library.attach(1)
        ours = library.nodes()[1]
        library.attach(1, portal=case_.relay.portal, scsi_id=1)
        conflict = ("sg_turs $S", 24, "conflict")
        return run_steps(rig, case_.prelude({1: ours}) + """
S2=$(ls /dev/sg* | grep -v "^$S\\$")
sg_turs -n 3 $S2 > /dev/null 2>&1
""", [
            ("sg_turs $S; sg_turs $S2", 0, ""),
            ("sg_raw $S2 16 0 0 0 0 0", 0, "Good"),
            conflict,
            ("sg_inq $S", 0, "ULTRIUM"),
            ("sg_raw $S 16 0 0 0 0 0", 24, ""),
            ("host vanish; seconds=0; until sg_turs $S; do sleep 1; "
             "seconds=$((seconds + 1)); [ $seconds -lt %d ] || exit 1; done" %
             NOTICED_SECONDS, 0, ""),
            ("sg_raw $S 16 0 0 0 0 0; sg_raw $S 17 0 0 0 0 0", 0, "Good"),
            ("%s < /tmp/data" % WRITE, 0, '"outcome": "DONE"'),
            (READ, 0, "")])
