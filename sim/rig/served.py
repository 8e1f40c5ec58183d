"""A virtual library of tapelab, served over iSCSI to a guest.

    with Library(rig, "--volumes", "3") as library:
        library.vtl("fault", "--entry", "{fail: ...}")
        library.serve()
        library.attach()       # by QEMU's initiator
        drive = library.node() # such as /dev/nst0, in the guest

QEMU's own initiator is fast, and drops the residuals of commands.  The kernel's
initiator, log_in(), has them: see openiscsi.py.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from guest import Failed, die_with_parent
from openiscsi import LOG_IN, REMOVE_UNITS

NAME = "iqn.2026-11.tapelab:rig"
SERVE_SECONDS = 20
# The two nodes of a drive in nodes(): of the tape driver, and of the generic
# one.
ST, SG = 0, 1
# The initiators, as the rig prints them.
QEMU, OPEN_ISCSI = "QEMU", "open-iscsi"


class Library:
    """A library in a folder of its own, and the server of it."""

    def __init__(self, rig, *options):
        self.rig = rig
        self.tapelab = os.environ.get("TAPELAB",
                                      os.path.join(rig.build, "tapelab"))
        self.dir = tempfile.mkdtemp(prefix="tapelab-lib-")
        self.path = os.path.join(self.dir, "lib")
        self.ready = os.path.join(self.dir, "ready")
        self.server = self.about = None
        self.units = []
        self.session = False
        self.run("vtl", "create", *options, self.path)

    def __enter__(self):
        return self

    def __exit__(self, _, failure, __):
        """End the server.  Its report is added to the failure of the case, and
        does not replace it."""
        try:
            if failure is None:
                self.detach()
            else:
                # A guest with commands in flight cannot be asked to detach.
                self.rig.stop()
            self.stop()
        except Failed as e:
            if failure is None:
                raise
            failure.args = ("%s\n%s" % (failure, e),)
        finally:
            shutil.rmtree(self.dir, ignore_errors=True)

    def run(self, *command, check=True):
        """Run tapelab on the host; return its output."""
        done = subprocess.run([self.tapelab, *command],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=60, check=False)
        if check and done.returncode != 0:
            raise Failed("tapelab %s: status %d: %s" % (
                " ".join(command), done.returncode,
                done.stderr.decode(errors="replace")))
        return done.stdout.decode(errors="replace")

    def vtl(self, verb, *args, check=True):
        """Run a command of `tapelab vtl` on the library."""
        return self.run("vtl", verb, self.path, *args, check=check)

    def fault(self, *entries):
        for entry in entries:
            self.vtl("fault", "--entry", entry)

    def volumes(self):
        """Return the barcodes, in the order of the slots."""
        return re.findall(r"^slot:\d+: (\S+)$", self.vtl("status"), re.M)

    def is_blank(self, volume):
        """Whether nothing is on a volume; the library must not be served."""
        about = json.loads(self.vtl("show", "-j", volume))
        return about["written_bytes"] == 0 and about["files"] == 0

    def serve(self, *options):
        """Serve the library on a free port of the loopback interface: one with
        which the guest has no session, since it would refuse to log in."""
        self.start_server(*options)
        while self.port in self.rig.session_ports:
            self.stop()
            self.start_server(*options)

    def start_server(self, *options):
        if os.path.exists(self.ready):
            os.remove(self.ready)
        log = open(os.path.join(self.dir, "log"), "ab")
        self.server = subprocess.Popen(
            [self.tapelab, "serve", "--listen", "127.0.0.1:0", "--name", NAME,
             "--ready", self.ready, *options, self.path],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            preexec_fn=die_with_parent)
        log.close()
        end = time.monotonic() + SERVE_SECONDS
        while not self.read_ready():
            if self.server.poll() is not None or time.monotonic() > end:
                raise Failed("tapelab serve does not listen: " + self.log())
            time.sleep(0.01)

    def serve_loaded(self, *options):
        """Serve the library with its first volume in its first drive; return
        the barcode."""
        volume = self.volumes()[0]
        self.vtl("load", volume, "0")
        self.serve(*options)
        return volume

    def read_ready(self):
        try:
            with open(self.ready, encoding="utf-8") as f:
                self.about = json.load(f)
        except (OSError, ValueError):
            return False
        return True

    def log(self):
        with open(os.path.join(self.dir, "log"), encoding="utf-8",
                  errors="replace") as f:
            return f.read()[-2000:]

    @property
    def portal(self):
        return self.about["address"]

    @property
    def port(self):
        return int(self.portal.rsplit(":", 1)[1])

    def stop(self, number=signal.SIGTERM):
        """End the server; SIGKILL is a power loss of the drives."""
        if self.server is None:
            return
        self.server.send_signal(number)
        try:
            status = self.server.wait(20)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
            raise Failed("tapelab serve does not end: " + self.log()) from None
        finally:
            self.server = None
        # 1: a drive that has failed cannot write its buffer.
        if status not in (0, 1, -number):
            raise Failed("tapelab serve ended with status %d: %s" % (
                status, self.log()))

    def attach(self, *luns, portal=None, scsi_id=0):
        """Attach logical units by QEMU's initiator, at the portal of the server
        or of a relay to it; without LUNs, the changer and all drives."""
        self.rig.initiators.add(QEMU)
        for lun in luns or range(len(self.drives()) + 1):
            self.units.append((lun, self.rig.guest.attach(
                portal or self.portal, NAME, lun, scsi_id)))
        self.wait_for_nodes(len(self.units),
                            len([lun for lun, _ in self.units if lun]))

    def log_in(self):
        """Attach all units by the kernel's own initiator, instead of
        attach()."""
        self.rig.initiators.add(OPEN_ISCSI)
        self.session = True
        self.rig.session_ports.add(self.port)
        self.rig.guest.run("%slog_in %s %d $INITIATOR >&2" % (
            LOG_IN, NAME, self.port), seconds=60, check=True)
        count = len(self.drives())
        self.wait_for_nodes(count + 1, count)

    def log_in_script(self, port=None):
        """Return the beginning of a script that attaches all units by the
        kernel's own initiator, at a port of this host, and sets the names of
        openiscsi.py.  The guest must end after the case."""
        self.rig.initiators.add(OPEN_ISCSI)
        return "%slog_in %s %d $INITIATOR >&2\nnodes %d\n" % (
            LOG_IN, NAME, port or self.port, len(self.drives()))

    def drives(self):
        return re.findall(r"^drive:\d+", self.vtl("status"), re.M)

    def wait_for_nodes(self, units, drives):
        """Wait until the guest has seen all that is attached."""
        self.rig.guest.run(
            "until [ $(ls /sys/class/scsi_generic | wc -l) = %d ] &&"
            " [ $(ls /sys/class/scsi_tape | grep -c '^nst[0-9]*$') = %d ]\n"
            "do sleep 0.05; done" % (units, drives), seconds=60, check=True)

    def nodes(self):
        """Return the nodes of the guest, by LUN: tape or changer, and sg."""
        found = {}
        for line in self.rig.guest.run("lsscsi -g", check=True).splitlines():
            words = line.split()
            lun = int(words[0].strip("[]").split(":")[3])
            node = words[-2].replace("/st", "/nst")
            found[lun] = (node, words[-1])
        return found

    def detach(self):
        if self.session and self.rig.guest is not None:
            self.rig.guest.run(REMOVE_UNITS, check=True)
            self.wait_for_nodes(0, 0)
        self.session = False
        units, self.units = self.units, []
        for _, unit in units:
            if self.rig.guest is not None:
                self.rig.guest.detach(unit)
