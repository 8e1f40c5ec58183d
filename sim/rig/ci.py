"""The page about CI, tapelab-ci(7): its ways with a kernel, from its text.

A guest is the runner with sudo: it has open-iscsi with its daemon, and udev.
The line of QEMU is run on the host, with the QEMU of the machine, without the
devices that it has no firmware for, and a guest that loads the drivers and ends.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import packages
from cases import case
from guest import Failed, die_with_parent
from served import OPEN_ISCSI, Library
from machine import Cpio, in_tree

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "tests"))

from snippets import roff_snippets  # noqa: E402

PAGE = "sim/man/tapelab-ci.7"
RECIPE_PAGE = "sim/man/tapelab-serve.1"
# What the image of the recipe has anyway.
IMAGE = ("dash", "coreutils")
QEMU_SECONDS = 240


def snippet(beginning, page=PAGE):
    """Return the one snippet of a page that begins so."""
    with open(page, encoding="utf-8") as f:
        found = [text for text in roff_snippets(f.read())
                 if text.startswith(beginning)]
    if len(found) != 1:
        raise Failed("%s: %d snippets begin with \"%s\"" % (
            page, len(found), beginning))
    return found[0]


# What a distribution starts: udev, and the daemon of open-iscsi.
RUNNER = """
set -e
cd /tmp
for module in crc32c_generic crc32c-cryptoapi iscsi_tcp; do
	modprobe $module
done
mkdir -p /run/lock/iscsi /var/lib/iscsi
[ -e /etc/iscsi ] || cp -r /tree/etc/iscsi /etc/
echo InitiatorName=iqn.2026-11.org.example:runner > /etc/iscsi/initiatorname.iscsi
pidof systemd-udevd > /dev/null || /lib/systemd/systemd-udevd --daemon
pidof iscsid > /dev/null || iscsid
sudo() {
	"$@"
}
"""
# A program that writes a volume again when it fails.
PROGRAM = """
cat > run-the-program <<'END'
#!/bin/sh
write() {
	mtx -f $changer load $1 0
	mt -f $drive rewind
	dd if=/dev/zero of=$drive bs=64k count=120 2> /dev/null
	status=$?
	mtx -f $changer unload $1 0
	return $status
}
write 1 || write 2
END
chmod +x run-the-program
"""


@case("CI, a runner with sudo")
def runner(rig):
    """Every line of the page for open-iscsi, in its order for a job."""
    test = snippet("tapelab vtl restore")
    login = snippet("sudo iscsiadm -m discoverydb")
    rig.initiators.add(OPEN_ISCSI)
    try:
        output = rig.guest.run("\n".join([
            RUNNER, PROGRAM, snippet("tapelab vtl create"),
            snippet("rm -f ready.json"), login,
            # What the restore reports to the next command.
            "mtx -f $changer unload", "export changer drive", test,
            snippet("sudo iscsiadm -m node -T $iqn --logout"),
            snippet("kill $server"),
            "ls /sys/class/scsi_tape | wc -l", "echo done"]), seconds=300)[1]
    finally:
        rig.stop()
    for word in ("Density code 0x5e", "VTA001L8: as in the snapshot",
                 "\n0\ndone\n"):
        if word not in output:
            raise Failed("\"%s\" is missing in\n%s" % (word, output))
    return 1


# The guest of the line of QEMU: it writes a tape, reads it, and ends.
TAPES = """#!/sbin/busybox sh
export PATH=/sbin
mount -t devtmpfs dev /dev; mount -t proc proc /proc; mount -t sysfs sys /sys
for module in $(cat /modules/boot); do
	insmod /modules/$module.ko
done
until [ -c /dev/nst0 ] && [ -c /dev/sg1 ]; do
	sleep 0.1
done
cat /sys/class/scsi_tape/nst0/device/model
cat /sys/class/scsi_changer/sch0/device/vendor
echo "some data" | dd of=/dev/nst0 bs=10k conv=sync
mt -f /dev/nst0 rewind
dd if=/dev/nst0 bs=10k | head -n 1
poweroff -f
"""


def qemu_files(rig, folder):
    """Make what the line names: qemu-system-x86_64, vmlinuz and initrd."""
    kernel = rig.machine.kernels[rig.kernel]
    tree = rig.machine.tree
    data = os.path.join(tree, "usr/share")
    script = os.path.join(folder, "qemu-system-x86_64")
    with open(script, "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\nQEMU_MODULE_DIR=%s/qemu exec %s -L %s -L %s "
                "-nodefaults -serial mon:stdio -vga none -accel tcg \"$@\"\n"
                % (os.path.join(tree, "usr/lib/x86_64-linux-gnu"), " ".join(
                    in_tree(tree, "usr/bin/qemu-system-x86_64")),
                   data + "/seabios", data + "/qemu"))
    os.chmod(script, 0o755)
    os.symlink(os.path.join(kernel, "vmlinux"),
               os.path.join(folder, "vmlinuz"))
    # The kernel unpacks both; the second has another /init.
    path = os.path.join(folder, "initrd")
    disk = Cpio(path + ".2")
    disk.program("init", TAPES.encode())
    disk.close()
    with open(path, "wb") as to:
        for name in (os.path.join(kernel, "initrd"), path + ".2"):
            with open(name, "rb") as f:
                shutil.copyfileobj(f, to)


@case("CI, a virtual machine")
def virtual_machine(rig):
    """The line of QEMU as the page has it."""
    with Library(rig, "--drives", "1", "--volumes", "2", "--payload",
                 "raw") as library:
        library.serve_loaded()
        qemu_files(rig, library.dir)
        done = subprocess.run(
            ["sh", "-e", "-c", snippet("url=iscsi://127.0.0.1:$port/$iqn")],
            cwd=library.dir, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=QEMU_SECONDS, check=False,
            preexec_fn=die_with_parent, env={
                "PATH": library.dir + ":/usr/bin:/bin",
                "port": str(library.port), "iqn": library.about["iqn"]})
        output = done.stdout.decode(errors="replace").replace("\r", "")
        for word in ("ULTRIUM-TD8", "\nsome data\n"):
            if word not in output:
                raise Failed("\"%s\" is missing in\n%s" % (word, output))
        if done.returncode != 0:
            raise Failed("QEMU: status %d\n%s" % (done.returncode, output))
    return 1


@case("CI, a container", kernels="last")
def container(rig):
    """The recipe, without a program for containers: its packages are unpacked
    into a folder, and its command runs there, in a user namespace."""
    recipe = snippet("FROM debian:12", RECIPE_PAGE)
    names = re.search(r"--no-install-recommends ([^&]*)&&", recipe).group(1)
    program, where = re.search(r"^COPY (\S+) (\S+)$", recipe, re.M).groups()
    home = re.search(r"^WORKDIR (\S+)$", recipe, re.M).group(1)
    command = recipe[recipe.index("CMD ") + len("CMD "):]
    root = tempfile.mkdtemp(prefix="tapelab-image-")
    server = None
    try:
        for name in ("bin", "sbin", "lib", "lib64"):
            os.makedirs(os.path.join(root, "usr", name))
            os.symlink("usr/" + name, os.path.join(root, name))
        packages.install(names.replace("\\\n", " ").split() + list(IMAGE),
                         root)
        for folder in (where, home, "/tmp", "/proc"):
            os.makedirs(root + folder, exist_ok=True)
        shutil.copy(os.path.join(rig.build, os.path.basename(program)),
                    root + where)
        log = os.path.join(root, "log")
        with open(log, "wb") as f:
            server = subprocess.Popen(
                ["unshare", "--map-root-user", "--mount", "sh", "-c",
                 "mount --rbind /proc \"$0/proc\" && "
                 "exec chroot \"$0\" /bin/sh -c \"$1\"",
                 root, "cd %s\n%s" % (home, command)], stdin=subprocess.DEVNULL,
                stdout=f, stderr=f, preexec_fn=die_with_parent, env={
                    "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin",
                    "HOME": home})
        return finds_drive(rig, server, log)
    except packages.Missing as e:
        rig.skip(str(e))
    finally:
        if server is not None:
            server.kill()
            server.wait()
        shutil.rmtree(root, ignore_errors=True)


def finds_drive(rig, server, log):
    """Attach a drive of the container's library, as the recipe advertises it."""
    end = time.monotonic() + 30
    unit = None
    while unit is None:
        try:
            unit = rig.guest.attach("127.0.0.1:3260",
                                    "iqn.2026-11.tapelab:lib", 1)
        except Failed as e:
            with open(log, encoding="utf-8", errors="replace") as f:
                said = f.read()
            if server.poll() is not None or time.monotonic() > end:
                raise Failed("%s: %s" % (e, said)) from None
            time.sleep(0.2)
    output = rig.guest.run("until [ -c /dev/nst0 ]; do sleep 0.05; done; "
                           "cat /sys/class/scsi_tape/nst0/device/model",
                           check=True)
    rig.guest.detach(unit)
    if "ULTRIUM-TD8" not in output:
        raise Failed("the drive is %s" % output)
    return 1
