"""A guest: a Linux kernel in QEMU, emulated, without privileges.

    with Guest(machine, "6.1") as guest:
        status, output = guest.run("mt -f /dev/nst0 status", seconds=60)

Scripts run one after another, by the shell of busybox, with the programs of the
machine's tree.  A folder is shared: `guest.share` on the host, /share in the
guest.  Each script and the whole guest are bounded in time.  Only one guest
runs at a time: a lock in the cache holds the others back.
"""
import ctypes
import fcntl
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from machine import in_tree
from packages import CACHE

BOOT_SECONDS = 240
# How long a call of the guest waits at most.
CALL_SECONDS = 0.01
# How long QEMU has for an answer.  It may first wait for commands in flight.
MONITOR_SECONDS = 60
MEMORY_MB = 768
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
# Each script begins with this.  Programs of the packages are preferred to those
# of busybox.
PRELUDE = """\
PATH=/host:/rig:/usr/sbin:/usr/bin:/sbin
drive() { # NODE: options of tapelab that use this node of a drive
	case $1 in
	/dev/nst*) echo "--device $1 --backend st" ;;
	*) echo "--device $1 --backend sg" ;;
	esac
}
"""


class Failed(Exception):
    """A guest, or a script in it, did not do what was expected."""


def die_with_parent():
    """In QEMU's process: end with this program, however that ends; an interrupt
    from the terminal is for this program alone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def copy_libraries(path, folder):
    """Copy the libraries that a program of the host needs, and its dynamic
    linker; return the name of the linker, or None."""
    os.makedirs(folder, exist_ok=True)
    listed = subprocess.run(["ldd", path], stdout=subprocess.PIPE,
                            check=True).stdout.decode()
    linker = None
    for word in listed.split():
        if word.startswith("/"):
            name = os.path.basename(word)
            shutil.copy(os.path.realpath(word), os.path.join(folder, name))
            if name.startswith("ld-"):
                linker = name
    return linker


def copy_program(path, folder, where="/host"):
    """Copy a program of the host and its libraries into a folder, with a script
    that starts it there with its own dynamic linker.  `where` is the folder in
    the guest."""
    linker = copy_libraries(path, os.path.join(folder, "lib"))
    name = os.path.basename(path)
    shutil.copy(path, os.path.join(folder, name + ".bin"))
    script = os.path.join(folder, name)
    with open(script, "w", encoding="utf-8") as f:
        f.write("#!/bin/busybox sh\nexec %s/lib/%s --library-path %s/lib "
                "%s/%s.bin \"$@\"\n" % (where, linker, where, where, name))
    os.chmod(script, 0o755)


class Guest:
    def __init__(self, machine, kernel, programs=(), seconds=600, options=()):
        """`options` are further options of QEMU."""
        self.machine, self.kernel, self.programs = machine, kernel, programs
        self.options = list(options)
        self.deadline = time.monotonic() + seconds
        self.scripts = 0
        self.attached = 0
        self.console = b""
        # What the command `host` of the guest does: word to function, which
        # gets the other words, and returns the output, or raises Failed.
        self.calls = {}
        self.qemu = self.lock = self.share = None

    def __enter__(self):
        self.lock = open(os.path.join(CACHE, "guest"), "w", encoding="utf-8")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.share = tempfile.mkdtemp(prefix="tapelab-rig-")
        try:
            for program in self.programs:
                copy_program(program, os.path.join(self.share, "host"))
            self.start()
            self.wait_for(b"rig ready", BOOT_SECONDS)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def renew(self, seconds):
        """Bound the guest in time from now on."""
        self.deadline = time.monotonic() + seconds

    def __exit__(self, *_):
        if self.qemu is not None:
            self.qemu.kill()
            self.qemu.wait()
            self.qemu.stdin.close()
            self.qemu.stdout.close()
            self.monitor.close()
        shutil.rmtree(self.share, ignore_errors=True)
        self.lock.close()

    def start(self):
        tree = self.machine.tree
        folder = self.machine.kernels[self.kernel]
        ours, theirs = socket.socketpair()
        theirs.set_inheritable(True)
        data = os.path.join(tree, "usr/share")
        command = in_tree(tree, "usr/bin/qemu-system-x86_64") + [
            "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
            "-M", "q35", "-accel", "tcg", "-cpu", "qemu64", "-smp", "1",
            "-m", str(MEMORY_MB),
            "-L", data + "/seabios", "-L", data + "/qemu",
            "-kernel", folder + "/vmlinux", "-initrd", folder + "/initrd",
            # The serial port has what the kernel says before hvc0 is there.
            "-append", "console=ttyS0 console=hvc0 quiet panic=-1 "
            "mitigations=off tsc=reliable nowatchdog no_timer_check",
            "-serial", "file:" + os.path.join(self.share, "serial"),
            "-device", "virtio-serial-pci", "-chardev", "stdio,id=console",
            "-device", "virtconsole,chardev=console",
            "-device", "virtio-rng-pci",
            "-chardev", "socket,id=qmp,fd=%d" % theirs.fileno(),
            "-mon", "chardev=qmp,mode=control",
            "-fsdev", "local,id=tree,path=%s,security_model=none,readonly=on"
            % tree, "-device", "virtio-9p-pci,fsdev=tree,mount_tag=tree",
            "-fsdev", "local,id=share,path=%s,security_model=none" % self.share,
            "-device", "virtio-9p-pci,fsdev=share,mount_tag=share",
            "-device", "virtio-scsi-pci,id=scsi",
            "-netdev", "user,id=net",
            "-device", "virtio-net,netdev=net,romfile="] + self.options
        environment = dict(os.environ, QEMU_MODULE_DIR=os.path.join(
            tree, "usr/lib/x86_64-linux-gnu/qemu"))
        self.qemu = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, pass_fds=[theirs.fileno()],
            env=environment, preexec_fn=die_with_parent)
        theirs.close()
        self.monitor = ours
        self.answers = b""
        self.command("qmp_capabilities")

    def wait_for(self, text, seconds):
        """Read the console until a line has this text."""
        end = min(self.deadline, time.monotonic() + seconds)
        seen = b""
        while text not in seen:
            left = end - time.monotonic()
            ready = left > 0 and select.select(
                [self.qemu.stdout], [], [],
                min(left, CALL_SECONDS) if self.calls else left)[0]
            if self.calls:
                self.answer_calls()
                if not ready and left > 0:
                    continue
            got = os.read(self.qemu.stdout.fileno(), 65536) if ready else b""
            self.console += got
            seen += got
            if not got:
                raise Failed("guest %s: %s before \"%s\"; its console ends "
                             "with:\n%s\n%s" % (
                                 self.kernel, "it ended" if ready else
                                 "no time is left", text.decode(),
                                 self.console[-2000:].decode(
                                     errors="replace"), self.serial()))

    def serial(self):
        with open(os.path.join(self.share, "serial"), encoding="utf-8",
                  errors="replace") as f:
            return f.read()[-4000:]

    def answer_calls(self):
        """Do what `host` in the guest has asked for."""
        for name in os.listdir(self.share):
            path = os.path.join(self.share, name)
            if name.startswith("call.") and name.count(".") == 1:
                with open(path, encoding="utf-8") as f:
                    words = f.read().splitlines()
                os.remove(path)
                try:
                    output, status = self.calls[words[0]](*words[1:]), 0
                except (Failed, KeyError, IndexError) as e:
                    output, status = "host: %s\n" % e, 1
                with open(path + ".out", "w", encoding="utf-8") as f:
                    f.write(output or "")
                with open(path + ".status.new", "w", encoding="utf-8") as f:
                    f.write("%d\n" % status)
                os.rename(path + ".status.new", path + ".status")

    def run(self, script, seconds=60, check=False):
        """Run a script; return its status and its output.  A script that takes
        longer is killed: status 137.  With `check`, another status than 0
        raises Failed, and only the output is returned."""
        self.scripts += 1
        base = os.path.join(self.share, str(self.scripts))
        with open(base + ".sh", "w", encoding="utf-8") as f:
            f.write(PRELUDE + script + "\n")
        self.qemu.stdin.write(b"%d %d\n" % (self.scripts, seconds))
        self.qemu.stdin.flush()
        self.wait_for(b"rig done %d\r" % self.scripts
                      if b"rig ready\r" in self.console else
                      b"rig done %d\n" % self.scripts, seconds + 30)
        with open(base + ".out", encoding="utf-8", errors="replace") as f:
            output = f.read()
        with open(base + ".status", encoding="utf-8") as f:
            status = int(f.read())
        if check and status != 0:
            raise Failed("guest %s: status %d of\n%s\n%s" % (
                self.kernel, status, script, output))
        return output if check else (status, output)

    def command(self, name, **arguments):
        """Send a command to QEMU (QMP); return its result."""
        request = {"execute": name}
        if arguments:
            request["arguments"] = arguments
        self.monitor.settimeout(MONITOR_SECONDS)
        try:
            self.monitor.sendall(json.dumps(request).encode() + b"\n")
            while True:
                answer = self.read_answer()
                if "error" in answer:
                    raise Failed("QEMU: %s: %s" % (name,
                                                   answer["error"]["desc"]))
                if "return" in answer:
                    return answer["return"]
        except TimeoutError:
            raise Failed("guest %s: QEMU does not answer: %s" % (
                self.kernel, name)) from None
        except OSError:
            raise Failed("guest %s: QEMU ended: %s" % (
                self.kernel, os.read(self.qemu.stdout.fileno(),
                                     4096).decode(errors="replace"))) from None

    def read_answer(self):
        """Read one object from QEMU's monitor."""
        while b"\n" not in self.answers:
            got = self.monitor.recv(65536)
            if not got:
                raise ConnectionError
            self.answers += got
        line, self.answers = self.answers.split(b"\n", 1)
        return json.loads(line)

    def attach(self, portal, target, lun, scsi_id=0):
        """Attach a logical unit of an iSCSI target, with QEMU's own initiator,
        by a session of its own.  Return a name for detach()."""
        self.attached += 1
        name = "unit%d" % self.attached
        self.command("blockdev-add", **{
            "node-name": name, "driver": "iscsi", "transport": "tcp",
            "portal": portal, "target": target, "lun": lun})
        self.command("device_add", id=name + "d", driver="scsi-generic",
                     drive=name, bus="scsi.0", lun=lun,
                     **{"scsi-id": scsi_id, "channel": 0})
        return name

    def detach(self, name):
        self.command("device_del", id=name + "d")
        end = time.monotonic() + 20
        while True:
            try:
                self.command("blockdev-del", **{"node-name": name})
                return
            except Failed:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
