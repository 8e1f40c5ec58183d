#!/usr/bin/env python3
"""Runs the LTFS reference implementation on tapelab's drive, in the guest.

Usage: ltfs.py SOURCE BUILD [KERNEL]

SOURCE is a tree of github.com/LinearTapeFileSystem/ltfs.  It is copied and
built below BUILD/ltfs, with the packages of .ci/packages for the purpose
"ltfs", and runs in the guest, over the kernel's initiator, which has the
residuals that LTFS compares.  Exit status: 0 passed, 1 failed, 77 skipped.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

from guest import Failed, Guest, copy_libraries
from served import Library
from machine import machine
from packages import Missing
from steps import run_steps

PREFIX = "/ltfs"
GUEST_SECONDS = 3600
FILES = 1000
# Debian has no icu-config, which configure and the messages of LTFS ask for.
ICU_CONFIG = """#!/bin/sh
for option; do
	case $option in
	--cppflags*) pkg-config --cflags icu-uc icu-io ;;
	--ldflags*) pkg-config --libs icu-uc icu-io ;;
	--version) pkg-config --modversion icu-uc ;;
	--incpkgdatafile)
		echo "$(pkg-config --variable=libdir icu-uc)/icu/pkgdata.inc" ;;
	esac
done
"""


class NotBuilt(Exception):
    """The source is not LTFS, or cannot be built here."""


def check_source(source):
    if not source:
        raise NotBuilt("LTFS_SOURCE is not set; clone "
                       "https://github.com/LinearTapeFileSystem/ltfs and run "
                       "make check-ltfs LTFS_SOURCE=FOLDER")
    try:
        with open(os.path.join(source, "configure.ac"), encoding="utf-8") as f:
            is_ltfs = re.search(r"^AC_INIT\(\[LTFS\]", f.read(), re.M)
    except OSError as e:
        raise NotBuilt("LTFS_SOURCE=%s is no source tree of LTFS: %s: %s" % (
            source, e.filename, e.strerror)) from None
    if not is_ltfs or not os.path.isdir(os.path.join(source, "src/libltfs")):
        raise NotBuilt("LTFS_SOURCE=%s is no source tree of LTFS: its "
                       "configure.ac or src/libltfs is another program's" %
                       source)


def build(source, folder):
    """Build a copy of the source; return the folder with the installed files.
    """
    tree = os.path.join(folder, "source")
    root = os.path.join(folder, "root")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, tree, symlinks=True,
                    ignore=shutil.ignore_patterns(".git"))
    tools = os.path.join(folder, "bin")
    os.mkdir(tools)
    if shutil.which("icu-config") is None:
        with open(os.open(os.path.join(tools, "icu-config"),
                          os.O_WRONLY | os.O_CREAT, 0o755), "w",
                  encoding="utf-8") as f:
            f.write(ICU_CONFIG)
    log = os.path.join(folder, "log")
    with open(log, "w", encoding="utf-8") as out:
        for command in (["./autogen.sh"],
                        ["./configure", "--prefix=" + PREFIX,
                         "--sysconfdir=%s/etc" % PREFIX, "--disable-snmp"],
                        ["make"], ["make", "install", "DESTDIR=" + root]):
            environment = dict(os.environ, PATH=tools + ":" +
                               os.environ["PATH"])
            # Options of the make that runs this script are not for LTFS.
            for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "CFLAGS"):
                environment.pop(name, None)
            try:
                done = subprocess.run(command, cwd=tree, stdout=out,
                                      stdin=subprocess.DEVNULL,
                                      stderr=subprocess.STDOUT,
                                      env=environment, timeout=1800,
                                      check=False).returncode
            except (OSError, subprocess.TimeoutExpired) as e:
                raise NotBuilt("%s: %s" % (command[0], e)) from None
            if done != 0:
                raise Failed("LTFS: %s failed with status %d; see %s" % (
                    " ".join(command[:2]), done, log))
    return root + PREFIX


def pack(installed, share):
    """Copy the installed files and the host's libraries that they need."""
    to = os.path.join(share, "ltfs")
    shutil.copytree(installed, to, symlinks=True)
    linker = None
    for path in glob.glob(to + "/bin/*") + glob.glob(to + "/lib*/**/*.so*",
                                                     recursive=True):
        with open(path, "rb") as f:
            if f.read(4) == b"\x7fELF":
                linker = copy_libraries(path, to + "/host") or linker
    for path in glob.glob(to + "/bin/*"):
        with open(path, "rb") as f:
            if f.read(4) != b"\x7fELF":
                continue
        os.rename(path, path + ".bin")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o755), "w",
                  encoding="utf-8") as f:
            f.write("#!/bin/busybox sh\nexec %s/host/%s --library-path "
                    "%s/lib:%s/host %s.bin \"$@\"\n" % (
                        PREFIX, linker, PREFIX, PREFIX,
                        os.path.join(PREFIX, "bin", os.path.basename(path))))


PRELUDE = """
cp -a /share/ltfs /ltfs
PATH=$PATH:/ltfs/bin
modprobe fuse
mkdir -p /mnt /tmp/files
until [ -c /dev/fuse ]; do sleep 0.1; done
i=0
while [ $i -lt %d ]; do
	head -c $((i * 37)) /dev/urandom > /tmp/files/$i
	i=$((i + 1))
done
mount_it() { ltfs -o devname=$S "$@" /mnt && grep -q ' /mnt ' /proc/mounts; }
# LTFS ends after it has written its index.
unmount_it() {
	umount /mnt || return
	while pidof ltfs.bin > /dev/null || ps | grep -q '[l]tfs.bin'; do
		sleep 0.2
	done
}
check_it() { ltfsck $S; }
""" % FILES
STEPS = [
    ("mkltfs -d $S -s RIG001", 0, ""),
    ("check_it", 0, ""),
    ("mount_it", 0, ""),
    ("cp -r /tmp/files /mnt/ && diff -r /tmp/files /mnt/files", 0, ""),
    ("unmount_it", 0, ""),
    ("check_it", 0, ""),
    # The second generation.
    ("mount_it && diff -r /tmp/files /mnt/files", 0, ""),
    ("echo new > /mnt/files/1 && rm /mnt/files/2 && unmount_it", 0, ""),
    ("check_it", 0, ""),
    ("mount_it && cat /mnt/files/1 && [ ! -e /mnt/files/2 ] && unmount_it", 0,
     "^new$"),
    ("ltfsck -l $S > /tmp/generations 2>&1; cat /tmp/generations", 0,
     "[Gg]eneration"),
    # The first generation that has files is mounted again, to be read only.
    ("first=$(sed -n 's/.*[Gg]eneration[^0-9]*\\([0-9][0-9]*\\).*/\\1/p' "
     "/tmp/generations | sort -n | sed -n 2p); "
     "mount_it -o rollback_mount=$first && cmp /tmp/files/2 /mnt/files/2 && "
     "unmount_it", 0, ""),
    # A full tape: what was written before is still there.
    ("mount_it", 0, ""),
    ("dd if=/dev/zero of=/mnt/large bs=512k 2>&1 | grep -o 'No space.*'", 0,
     "No space left on device"),
    ("unmount_it", 0, ""),
    ("check_it", 0, ""),
    ("mount_it && cmp /tmp/files/999 /mnt/files/999 && "
     "[ -s /mnt/large ] && cat /mnt/large > /dev/null && unmount_it", 0, ""),
]


def run(files, kernel, build_folder, installed):
    rig = SimpleNamespace(build=build_folder, stop=lambda: None)
    with Guest(files, kernel, [os.path.join(build_folder, "tapelab")],
               GUEST_SECONDS) as rig.guest:
        pack(installed, rig.guest.share)
        with Library(rig, "--drives", "1", "--volumes", "1", "--capacity",
                     "512 MiB") as library:
            library.serve_loaded()
            return run_steps(rig, library.log_in_script() + PRELUDE, STEPS,
                             3000)


def main(source, build_folder, kernel=None):
    try:
        check_source(source)
        installed = build(source, os.path.join(build_folder, "ltfs"))
        files = machine()
        kernel = kernel or list(files.kernels)[-1]
        count = run(files, kernel, build_folder, installed)
    except (NotBuilt, Missing) as e:
        print("check-ltfs: skipped: %s" % e)
        return 77
    except Failed as e:
        print("check-ltfs: FAILED\n%s" % e)
        return 1
    print("check-ltfs: %d passed, kernel %s" % (count, kernel))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
