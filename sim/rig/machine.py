"""The files of the virtual machine: QEMU, kernels, programs, initial RAM disks.

They are made once for each list of packages, in a folder of the cache:

    tree/             the unpacked packages of Debian's stable release
    kernel/VERSION/   vmlinux and modules of each kernel
    kernel/VERSION/initrd

QEMU runs with the dynamic linker and the libraries of its own tree, so the
release of the host does not matter.  The guest mounts the tree over 9p.
"""
import fcntl
import hashlib
import lzma
import os
import re
import shutil
import struct
import subprocess

import packages
from packages import CACHE, Missing

# What the guest needs before it can mount anything, then drivers for tapes.
BOOT_MODULES = ("virtio_pci virtio_console virtio_rng 9pnet_virtio 9p "
                "virtio_scsi st sg ch").split()
# Loaded only by some cases, with modprobe().
CASE_MODULES = ("scsi_debug virtio_net libiscsi libiscsi_tcp iscsi_tcp "
                "scsi_transport_iscsi crc32c crc32c_generic crc32c-cryptoapi "
                "fuse af_packet failover net_failover").split()


def library_path(tree):
    return ":".join(os.path.join(tree, "usr/lib/x86_64-linux-gnu", sub)
                    for sub in ("", "bacula"))


def in_tree(tree, program):
    """Return the command that runs a program of the tree on the host."""
    return [os.path.join(tree, "lib64/ld-linux-x86-64.so.2"), "--library-path",
            library_path(tree), os.path.join(tree, program)]


def find_modules(folder):
    """Return the path of each module below a folder, by its name."""
    found = {}
    for base, _, files in os.walk(folder):
        for name in files:
            module = re.match(r"(.*)\.ko(\.xz)?$", name)
            if module:
                found[module.group(1).replace("-", "_")] = os.path.join(
                    base, name)
    return found


def module_data(path):
    with open(path, "rb") as f:
        data = f.read()
    return lzma.decompress(data) if path.endswith(".xz") else data


def needed(names, there):
    """Return modules and what they depend on, in the order of loading.  A name
    without a module is built in, or belongs to another kernel."""
    order = []

    def add(name):
        name = name.replace("-", "_")
        if name in order or name not in there:
            return
        info = re.search(rb"\0depends=([^\0]*)\0", module_data(there[name]))
        for one in info.group(1).decode().split(",") if info else ():
            add(one)
        order.append(name)

    for name in names:
        add(name)
    return order


def extract_vmlinux(tree, image, path):
    """Take the ELF kernel out of a bzImage; QEMU starts it at once (PVH)."""
    with open(image, "rb") as f:
        data = f.read()
    begin = (data[0x1f1] + 1) * 512 + struct.unpack_from("<I", data, 0x248)[0]
    payload = data[begin:begin + struct.unpack_from("<I", data, 0x24c)[0]]
    if payload[:4] == b"\x28\xb5\x2f\xfd":
        # The last four bytes are the size.
        elf = subprocess.run(in_tree(tree, "usr/bin/zstd") + ["-dcq"],
                             input=payload[:-4], stdout=subprocess.PIPE,
                             check=False).stdout
    elif payload[:6] == b"\xfd7zXZ\0":
        elf = lzma.LZMADecompressor().decompress(payload)
    else:
        elf = b""
    if elf[:4] != b"\x7fELF":
        raise Missing("%s: the kernel cannot be unpacked" % image)
    with open(path, "wb") as f:
        f.write(elf)


class Cpio:
    """Writes an initial RAM disk, in the format "newc"."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.count = 0

    def add(self, name, mode, data=b"", device=(0, 0)):
        self.count += 1
        head = b"070701" + b"".join(b"%08X" % n for n in (
            self.count, mode, 0, 0, 1, 0, len(data), 0, 0, device[0],
            device[1], len(name) + 1, 0))
        entry = head + name.encode() + b"\0"
        entry += b"\0" * (-len(entry) % 4) + data
        self.file.write(entry + b"\0" * (-len(entry) % 4))

    def folder(self, name):
        self.add(name, 0o040755)

    def link(self, name, target):
        self.add(name, 0o120777, target.encode())

    def program(self, name, data):
        self.add(name, 0o100755, data)

    def close(self):
        self.add("TRAILER!!!", 0)
        self.file.write(b"\0" * 512)
        self.file.close()


# Mounts, loads modules, and then runs the commands that it reads from the
# console: "NUMBER SECONDS" means the script NUMBER.sh in the shared folder.
INIT = """#!/bin/sh
export PATH=/sbin:/usr/sbin:/usr/bin HOME=/root TERM=dumb
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmp /tmp
mount -t debugfs debug /sys/kernel/debug
echo 3 > /proc/sys/kernel/printk
for module in $(cat /modules/boot); do
	insmod /modules/$module.ko || echo "module $module failed"
done
tries=0
options=trans=virtio,version=9p2000.L,msize=262144
until mount -t 9p -o $options,ro,cache=loose tree /tree; do
	tries=$((tries + 1))
	[ $tries -lt 20 ] || poweroff -f
	sleep 0.1
done
mount -t 9p -o $options share /share
ip link set lo up 2>/dev/null
until [ -c /dev/hvc0 ]; do
	sleep 0.1
done
# The console may be a module, and then init begins without one.
exec < /dev/hvc0 > /dev/hvc0 2>&1
stty raw -echo
# The C library of programs built on the host may be newer than that of the
# packages: these programs bring their own.
mkdir -p /host
[ ! -d /share/host ] || cp -a /share/host/. /host/
echo "rig ready"
while read number seconds; do
	timeout -s KILL $seconds /bin/dash /share/$number.sh > /share/$number.out 2>&1
	echo $? > /share/$number.status
	sync
	echo "rig done $number"
done
poweroff -f
"""

MODPROBE = """#!/bin/sh
# modprobe MODULE [OPTION...]: loads a module and what it depends on.
module=$(echo $1 | tr - _)
shift
[ -e /modules/$module.needs ] || exit 0
for one in $(cat /modules/$module.needs); do
	grep -q "^$one " /proc/modules || insmod /modules/$one.ko || exit 1
done
grep -q "^$module " /proc/modules || exec insmod /modules/$module.ko "$@"
"""

# Runs a command on the host, see Guest.calls; prints its output.
HOST = """#!/bin/sh
call=/share/call.$$
for word in "$@"; do
	echo "$word"
done > $call.new
mv $call.new $call
until [ -e $call.status ]; do
	usleep 10000
done
cat $call.out
status=$(cat $call.status)
rm -f $call.*
exit $status
"""


def write_initrd(tree, modules, path):
    """Write the initial RAM disk of a kernel."""
    there = find_modules(modules)
    if "st" not in there:
        raise Missing("no module st below %s" % modules)
    disk = Cpio(path)
    for name in ("dev proc sys tmp root run tree share host modules etc sbin "
                 "rig var").split():
        disk.folder(name)
    for name in ("usr", "bin", "lib", "lib64"):
        disk.link(name, "/tree/" + name)
    disk.folder("var/lib")
    disk.folder("var/lock")
    disk.add("dev/console", 0o020600, device=(5, 1))
    disk.add("etc/passwd", 0o100644, b"root:x:0:0:root:/root:/bin/sh\n")
    disk.add("etc/group", 0o100644, b"root:x:0:\ntape:x:26:\n")
    disk.add("etc/hosts", 0o100644, b"127.0.0.1 localhost\n")
    busybox = next(os.path.join(tree, name) for name in
                   ("usr/bin/busybox", "bin/busybox")
                   if os.path.exists(os.path.join(tree, name)))
    with open(busybox, "rb") as f:
        disk.program("sbin/busybox", f.read())
    for name in subprocess.run([busybox, "--list"], stdout=subprocess.PIPE,
                               check=True).stdout.decode().split():
        if name != "busybox":
            disk.link("sbin/" + name, "busybox")
    disk.program("init", INIT.replace("#!/bin/sh",
                                      "#!/sbin/busybox sh").encode())
    disk.program("rig/modprobe", MODPROBE.replace(
        "#!/bin/sh", "#!/sbin/busybox sh").encode())
    disk.program("rig/host", HOST.replace("#!/bin/sh",
                                          "#!/sbin/busybox sh").encode())
    disk.link("rig/mt", "/tree/usr/bin/mt-st")
    boot = needed(BOOT_MODULES, there)
    disk.add("modules/boot", 0o100644, " ".join(boot).encode())
    for name in needed(BOOT_MODULES + CASE_MODULES, there):
        disk.add("modules/%s.ko" % name, 0o100644, module_data(there[name]))
        disk.add("modules/%s.needs" % name, 0o100644,
                 " ".join(needed([name], there)[:-1]).encode())
    disk.close()


class Machine:
    """The files of the machine: `tree`; `kernels`, from version to folder; and
    `without`, a line for each kernel that is missing, with the reason."""

    def __init__(self, folder):
        self.folder = folder
        self.tree = os.path.join(folder, "tree")
        kernels = os.path.join(folder, "kernel")
        self.kernels = {}
        for name in sorted(os.listdir(kernels), key=version_key):
            self.kernels[name] = os.path.join(kernels, name)
        with open(os.path.join(folder, "without"), encoding="utf-8") as f:
            self.without = f.read().splitlines()


def version_key(version):
    return [int(part) for part in version.split(".")]


def install_kernel(tree, unpacked, folder):
    """Move a kernel out of its unpacked packages; return its version."""
    images = [os.path.join(base, name)
              for base, _, names in os.walk(unpacked) for name in names
              if name.startswith("vmlinuz")]
    if len(images) != 1:
        raise Missing("a kernel package with %d kernels" % len(images))
    modules = next((base for base, folders, _ in os.walk(unpacked)
                    if "kernel" in folders), None)
    if modules is None:
        raise Missing("a kernel package without modules")
    version = re.match(r"\d+\.\d+", os.path.basename(modules)).group(0)
    to = os.path.join(folder, version)
    os.makedirs(to)
    extract_vmlinux(tree, images[0], os.path.join(to, "vmlinux"))
    write_initrd(tree, modules, os.path.join(to, "initrd"))
    return version


def make(folder):
    """Make the files of the machine in a folder that does not exist."""
    work = folder + ".work"
    shutil.rmtree(work, ignore_errors=True)
    tree = os.path.join(work, "tree")
    os.makedirs(os.path.join(tree, "usr"))
    for name in ("bin", "sbin", "lib", "lib64"):
        os.makedirs(os.path.join(tree, "usr", name))
        os.symlink("usr/" + name, os.path.join(tree, name))
    kernels = {}
    files, without = packages.fetch()
    for release, name, path in files:
        if packages.is_kernel(name):
            kernels.setdefault(release, []).append(path)
        else:
            packages.unpack(path, tree)
    for release, paths in sorted(kernels.items()):
        unpacked = os.path.join(work, "unpacked")
        try:
            for path in paths:
                packages.unpack(path, unpacked)
            install_kernel(tree, unpacked, os.path.join(work, "kernel"))
        except Missing as e:
            without[release] = str(e)
        shutil.rmtree(unpacked, ignore_errors=True)
    if len(without) == len(packages.KERNELS):
        raise Missing("; ".join(without.values()))
    with open(os.path.join(work, "without"), "w", encoding="utf-8") as f:
        for release, why in without.items():
            f.write("the kernel of %s: %s\n" % (release, why))
    os.rename(work, folder)


def machine():
    """Return the machine; make it if it is not there.  Raises Missing."""
    if os.uname().machine != "x86_64":
        raise Missing("the machine is built for x86-64 only")
    for program in ("apt-get", "dpkg-deb", "tar"):
        if shutil.which(program) is None:
            raise Missing("this host has no %s" % program)
    digest = hashlib.sha256()
    for name in ("packages.list", "machine.py"):
        with open(os.path.join(packages.HERE, name), "rb") as f:
            digest.update(f.read())
    folder = os.path.join(CACHE, "machine-" + digest.hexdigest()[:16])
    try:
        os.makedirs(CACHE, exist_ok=True)
        with open(os.path.join(CACHE, "lock"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not os.path.isdir(folder):
                make(folder)
                remove_others(folder)
    except OSError as e:
        raise Missing(str(e)) from None
    return Machine(folder)


def remove_others(folder):
    """Remove the machines of other lists of packages."""
    for name in os.listdir(CACHE):
        path = os.path.join(CACHE, name)
        if name.startswith("machine-") and path != folder:
            shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    import sys
    try:
        print(machine().kernels)
    except Missing as e:
        sys.exit("skipped: %s" % e)
