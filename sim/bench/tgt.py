"""Run tgt, another iSCSI target, with its socket and its lock in a folder."""
import glob
import os
import shutil
import subprocess
import time

from measure import note

TARGET = "iqn.2026-11.tapelab:bench"
NULL_LUN, TAPE_LUN = "1", "2"
READY_S = 10


class Tgt:
    """A server with a disk that keeps nothing, and a tape.  A context
    manager."""

    def __init__(self, root, folder, port):
        self.folder = folder
        self.portal = "127.0.0.1:%d" % port
        self.bin = os.path.join(root, "usr/sbin/")
        libraries = glob.glob(os.path.join(root, "usr/lib/*-linux-gnu")) + \
            glob.glob(os.path.join(root, "lib/*-linux-gnu"))
        self.env = dict(os.environ, LD_LIBRARY_PATH=":".join(libraries),
                        TGT_IPC_SOCKET=os.path.join(folder, "tgt"))
        self.server = None

    def admin(self, *words):
        subprocess.run([self.bin + "tgtadm", "--lld", "iscsi", *words],
                       env=self.env, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def unit(self, lun, kind, store, path):
        self.admin("--op", "new", "--mode", "logicalunit", "--tid", "1",
                   "--lun", lun, "--device-type", kind, "--bstype", store,
                   "-b", path)

    def wait(self):
        ends = time.monotonic() + READY_S
        while True:
            try:
                return self.admin("--op", "new", "--mode", "target", "--tid",
                                  "1", "-T", TARGET)
            except subprocess.CalledProcessError:
                if self.server.poll() is not None or \
                        time.monotonic() > ends:
                    raise
                time.sleep(0.05)

    def __enter__(self):
        tape = os.path.join(self.folder, "tgt.tape")
        subprocess.run([self.bin + "tgtimg", "--op", "new", "--device-type",
                        "tape", "--barcode", "A00001", "--size", "1000000",
                        "--type", "data", "--file", tape], env=self.env,
                       check=True, stdout=subprocess.DEVNULL)
        self.server = subprocess.Popen(
            [self.bin + "tgtd", "-f", "--iscsi", "portal=" + self.portal],
            env=self.env, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        try:
            self.wait()
            self.unit(NULL_LUN, "disk", "null", "null")
            self.unit(TAPE_LUN, "tape", "ssc", tape)
            self.admin("--op", "bind", "--mode", "target", "--tid", "1", "-I",
                       "ALL")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        self.server.kill()
        self.server.wait()
        os.remove(os.path.join(self.folder, "tgt.tape"))


def start(folder, port):
    """Return a server; None, and a note, if tgt is not installed in / or in
    the folder BENCH_TGT, or does not start."""
    root = os.environ.get("BENCH_TGT", "/")
    if shutil.which(os.path.join(root, "usr/sbin/tgtd")) is None:
        note("no rows against tgt: it is not installed; BENCH_TGT is a folder "
             "with the files of its package")
        return None
    server = Tgt(root, folder, port)
    try:
        with server:
            pass
    except (OSError, subprocess.CalledProcessError) as error:
        note("no rows against tgt: it does not start: %s" % error)
        return None
    return server
