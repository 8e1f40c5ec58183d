"""A small iSCSI initiator for tests: one session, one command at a time,
data-out of at most 8 KiB, all of it immediate."""
import socket
import struct


class Initiator:
    def __init__(self, host, port, target, name="iqn.2026-11.test:i"):
        self.socket = socket.create_connection((host, port), 60)
        self.tag = self.sequence = self.status_sequence = 0
        keys = ("InitiatorName=%s\0SessionType=Normal\0TargetName=%s\0"
                "ImmediateData=Yes\0InitialR2T=Yes\0" % (name, target))
        self.send(0x43, 0x87, b"\x40\0\x01\x37\0\0\0\0", b"", keys.encode())
        self.login = self.receive()[0][36]      # status class: 0 is success

    def send(self, opcode, flags, lun, rest, data=b""):
        self.tag += 1
        head = bytes([opcode, flags, 0, 0]) + struct.pack(">I", len(data))
        head += lun.ljust(8, b"\0") + struct.pack(">I", self.tag)
        if opcode == 0x43:
            rest = struct.pack(">III", 0, self.sequence, 0)
        self.socket.sendall(head + rest.ljust(28, b"\0") + data +
                            bytes(-len(data) % 4))

    def read(self, count):
        data = b""
        while len(data) < count:
            got = self.socket.recv(count - len(data))
            if not got:
                raise EOFError("the server closed the connection")
            data += got
        return data

    def receive(self):
        head = self.read(48)
        count = int.from_bytes(head[5:8], "big")
        data = self.read(count + -count % 4)[:count]
        return head, data

    def command(self, lun, cdb, room=0, out=b""):
        """Execute a command.  Return "good" or "key/asc/ascq", and the
        data-in."""
        expected = room or len(out)
        flags = 0x81 | (0x40 if room else 0) | (0x20 if out else 0)
        self.send(0x01, flags, bytes([0, lun]), struct.pack(
            ">III", expected, self.sequence, 0) +
            bytes.fromhex(cdb).ljust(16, b"\0"), out)
        self.sequence += 1
        received = b""
        while True:
            head, data = self.receive()
            opcode = head[0] & 0x3f
            if opcode == 0x25:
                received += data
                if head[1] & 1:
                    return "good", received
            elif opcode == 0x21:
                if head[3] == 2:
                    return "%X/%02X/%02X" % (data[4] & 15, data[14],
                                             data[15]), received
                return ("good" if head[3] == 0 else "status %d" % head[3],
                        received)

    def close(self):
        self.socket.close()
