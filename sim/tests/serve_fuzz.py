#!/usr/bin/env python3
"""Hostile initiators and clients for a server of a library.

Usage: serve_fuzz.py BUILD-FOLDER SECONDS [SEED]

`tapelab serve` serves a small library with payload. For SECONDS seconds some
threads send it random commands with random parameters, damaged PDUs, damaged
logins and garbage on its control socket, and commands of tapelab move
cartridges, add faults, and restore a snapshot. A well-behaved initiator must
get its answers meanwhile, each within a minute. At the end the server must end
by itself, with status 0; build it with SAN=asan. What it wrote on stderr is in
BUILD-FOLDER/serve_fuzz.log. Prints what was sent, and exits with 1 on a
finding.
"""
import json
import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

from initiator import Initiator

# Operation codes of drives and changers, with the length of their CDBs.
OPCODES = ((0x00, 6), (0x01, 6), (0x03, 6), (0x04, 6), (0x05, 6), (0x08, 6),
           (0x0a, 6), (0x0b, 6), (0x10, 6), (0x11, 6), (0x12, 6), (0x13, 6),
           (0x15, 6), (0x16, 6), (0x17, 6), (0x19, 6), (0x1a, 6), (0x1b, 6),
           (0x1c, 6), (0x1d, 6), (0x1e, 6), (0x2b, 10), (0x34, 10),
           (0x37, 10), (0x3b, 10), (0x3c, 10), (0x44, 10), (0x4c, 10),
           (0x4d, 10), (0x55, 10), (0x5a, 10), (0x5e, 10), (0x5f, 10),
           (0x80, 16), (0x82, 16), (0x8c, 16), (0x8d, 16), (0x8f, 16),
           (0x91, 16), (0x92, 16), (0x93, 16), (0xa0, 12), (0xa3, 12),
           (0xa4, 12),
           (0xa5, 12), (0xb8, 12), (0xe7, 10))
CLOSED = (EOFError, OSError, struct.error)
PATIENCE_S = 60


class Fuzz:
    def __init__(self, build, seconds, seed):
        self.program = os.path.abspath(build + "/tapelab")
        self.log = os.path.abspath(build + "/serve_fuzz.log")
        self.seed = seed
        self.end = time.monotonic() + seconds
        self.counts = {}
        self.findings = []
        self.lock = threading.Lock()

    def more(self):
        return time.monotonic() < self.end and not self.findings

    def count(self, what, number=1):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + number

    def finding(self, text):
        with self.lock:
            self.findings.append(text)

    def tapelab(self, *words):
        return subprocess.run([self.program, *words], cwd=self.folder,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT,
                              timeout=PATIENCE_S).returncode

    def attach(self, name, target=""):
        return Initiator("127.0.0.1", self.port, self.iqn + target, name)

    def cdb(self, draw):
        opcode, count = draw.choice(OPCODES)
        if draw.random() < 0.05:
            opcode, count = draw.randrange(256), 16
        cdb = bytearray(draw.randbytes(count) if draw.random() < 0.4
                        else bytes(count))
        cdb[0] = opcode
        cdb[-1] = 0 if draw.random() < 0.95 else draw.randrange(256)
        for _ in range(draw.randrange(4)):
            cdb[draw.randrange(1, count)] = draw.choice(
                (0, 1, 2, 3, 8, 16, 24, 64, 255, draw.randrange(256)))
        return cdb

    def commands(self, number):
        """Send valid PDUs with random commands."""
        draw = random.Random("%d commands %d" % (self.seed, number))
        name = "iqn.2026-11.test:c%d" % number
        while self.more():
            try:
                initiator = self.attach(name)
                for _ in range(200):
                    cdb = self.cdb(draw)
                    out = draw.randbytes(draw.choice((4, 8, 12, 24, 40, 512,
                                                      4096)))
                    writes = draw.random() < 0.4
                    initiator.command(draw.choice((0, 1, 1, 2, 2, 7)),
                                      cdb.hex(),
                                      0 if writes else draw.choice(
                                          (0, 4, 36, 255, 4096, 65536)),
                                      out if writes else b"")
                    self.count("commands")
                    if not self.more():
                        break
                initiator.close()
            except CLOSED:
                self.count("connections that ended")

    def pdus(self, number):
        """Send damaged and random PDUs, in and before the login."""
        draw = random.Random("%d pdus %d" % (self.seed, number))
        while self.more():
            try:
                if draw.random() < 0.7:
                    sender = self.attach("iqn.2026-11.test:p%d" % number,
                                         draw.choice(("", ".drive0")))
                    line = sender.socket
                else:
                    line = socket.create_connection(("127.0.0.1", self.port),
                                                    PATIENCE_S)
                line.settimeout(0.05)
                for _ in range(draw.randrange(1, 40)):
                    line.sendall(self.pdu(draw))
                    self.count("PDUs")
                try:
                    while line.recv(65536):
                        pass
                except socket.timeout:
                    pass
                line.close()
            except CLOSED:
                self.count("connections that ended")

    def pdu(self, draw):
        head = bytearray(48)
        head[0] = draw.choice((0, 1, 1, 1, 2, 3, 4, 5, 5, 6, 0x10,
                               draw.randrange(64))) | draw.choice((0, 0x40))
        head[1] = draw.choice((0x80, 0x81, 0xc1, 0xa1, 0x20, 0x87,
                               draw.randrange(256)))
        head[9] = draw.randrange(4)
        struct.pack_into(">III", head, 16, draw.randrange(8),
                         draw.choice((0, 0xffffffff, draw.randrange(1 << 20))),
                         draw.randrange(4))
        cdb = self.cdb(draw)
        head[32:32 + len(cdb)] = cdb
        data = draw.randbytes(draw.choice((0, 0, 0, 4, 24, 512, 8192)))
        if draw.random() < 0.2:
            data = b"InitiatorName=iqn.x:y\0SessionType=Normal\0" + data
        head[5:8] = len(data).to_bytes(3, "big")
        for _ in range(draw.choice((0, 0, 1, 3))):
            head[draw.randrange(48)] = draw.randrange(256)
        return bytes(head) + data + bytes(-len(data) % 4)

    def control(self, number):
        """Send garbage to the control socket."""
        draw = random.Random("%d control %d" % (self.seed, number))
        path = os.path.join(self.folder, "lib", "library.socket")
        words = ('{"request":', '"move"', '"events"', ',"from":', "256", "-1",
                 '"to":', "1024", "}", "[", "]", "null", "1e999", '"\\u0000"',
                 "\n", "{}", "\xff")
        while self.more():
            try:
                line = socket.socket(socket.AF_UNIX)
                line.settimeout(PATIENCE_S)
                line.connect(path)
                for _ in range(draw.randrange(1, 20)):
                    line.sendall("".join(
                        draw.choice(words) for _ in range(
                            draw.randrange(12))).encode("latin-1") + b"\n")
                    self.count("control requests")
                line.close()
            except OSError:
                self.count("control connections that ended")
            time.sleep(0.05)

    def operator(self, number):
        """Move cartridges, add faults, restore the snapshot."""
        draw = random.Random("%d operator %d" % (self.seed, number))
        while self.more():
            drive = str(draw.randrange(2))
            verb = draw.choice(("load", "unload", "fault", "clear", "restore",
                                "status", "move"))
            words = {
                "load": ("load", "lib", "V00%d" % draw.randrange(1, 5), drive),
                "unload": ("unload", "lib", drive),
                "fault": ("fault", "lib", "--entry",
                          "{fail: drive, operation: %s, nth: %d, sense: "
                          "medium_error}" % (draw.choice(("write", "read",
                                                          "load", "rewind")),
                                             draw.randrange(1, 50))),
                "clear": ("fault", "lib", "--clear"),
                "restore": ("restore", "lib", "fresh"),
                "status": ("status", "lib"),
                "move": ("move", "lib", "slot:%d" % draw.randrange(1, 5),
                         "slot:%d" % draw.randrange(1, 9)),
            }[verb]
            status = self.tapelab("vtl", *words)
            if status not in (0, 1, 2):
                self.finding("tapelab vtl %s ended with %d" % (
                    " ".join(words), status))
            self.count("operator commands")
            time.sleep(draw.random())

    def witness(self, number):
        """A well-behaved initiator, which must get its answers."""
        while self.more():
            begun = time.monotonic()
            try:
                initiator = self.attach("iqn.2026-11.test:w%d" % number)
                if initiator.login != 0:
                    self.count("logins of the witness refused")
                    initiator.close()
                    time.sleep(0.2)
                    continue
                for lun in (0, 1, 2):
                    said, data = initiator.command(lun, "1200000024", 36)
                    if said != "good" or len(data) != 36:
                        self.finding("INQUIRY of LUN %d: %s" % (lun, said))
                initiator.command(1, "000000000000")
                initiator.close()
                self.count("rounds of the witness")
            except CLOSED as e:
                if time.monotonic() - begun > PATIENCE_S / 2:
                    self.finding("the witness waited too long: %r" % e)
                self.count("connections of the witness that ended")
            time.sleep(0.1)

    def run(self):
        with tempfile.TemporaryDirectory() as self.folder:
            made = self.tapelab("vtl", "create", "lib", "--drives", "2",
                                "--drive-model", "lto8", "--volumes", "4",
                                "--capacity", "8 MiB", "--payload", "raw",
                                "--barcode-prefix", "V",
                                "--barcode-suffix", "")
            if made != 0 or self.tapelab("vtl", "snapshot", "lib",
                                         "fresh") != 0:
                sys.exit("serve_fuzz.py: cannot make a library")
            with open(self.log, "w") as log:
                server = subprocess.Popen(
                    [self.program, "serve", "lib", "--listen", "127.0.0.1:0",
                     "--ready", "ready"], cwd=self.folder,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log)
                self.judge(server)
        for what, number in sorted(self.counts.items()):
            print("%9d %s" % (number, what))
        for text in self.findings:
            print("finding: " + text)
        return 1 if self.findings else 0

    def judge(self, server):
        ready = os.path.join(self.folder, "ready")
        while not os.path.exists(ready):
            if server.poll() is not None:
                sys.exit("serve_fuzz.py: the server did not start: see " +
                         self.log)
            time.sleep(0.05)
        with open(ready) as f:
            said = json.load(f)
        self.port, self.iqn = said["port"], said["iqn"]
        threads = [threading.Thread(target=self.guard, args=(what, i))
                   for what in (self.commands, self.pdus, self.control,
                                self.operator, self.witness)
                   for i in range(3 if what == self.commands else 1)]
        for thread in threads:
            thread.start()
        while self.more():
            time.sleep(0.2)
            if server.poll() is not None:
                self.finding("the server ended with %d" % server.returncode)
        for thread in threads:
            thread.join(2 * PATIENCE_S)
        server.terminate()
        try:
            if server.wait(PATIENCE_S) != 0:
                self.finding("the server ended with %d" % server.returncode)
        except subprocess.TimeoutExpired:
            self.finding("the server did not end after SIGTERM")
            server.kill()

    def guard(self, what, number):
        try:
            what(number)
        except Exception as e:       # of this program
            self.finding("%s: %r" % (what.__name__, e))


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    seed = int(sys.argv[3]) if len(sys.argv) == 4 else 1
    sys.exit(Fuzz(sys.argv[1], float(sys.argv[2]), seed).run())


if __name__ == "__main__":
    main()
