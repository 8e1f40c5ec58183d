"""A relay that alters what a drive responds: a drive of another kind.

    relay = AlteredDrive(library.port, "eod_with_eom")
    library.attach(portal=relay.portal)
    ...
    relay.close()

The bytes of each connection are taken apart into PDUs (RFC 7143).  A session
with digests would not work: the initiators of the rig ask for none.
"""
import struct

from relay import Relay

HEADER_BYTES = 48
COMMAND, RESPONSE, DATA_IN = 0x01, 0x21, 0x25
READ, READ_POSITION = 0x08, 0x34
VENDOR_FORM = 1  # service action
CHECK_CONDITION = 2
# In the data of a response: the length of the sense data, and these, in fixed
# format: the key and the bit EOM are in the third byte.
SENSE, KEY, EOM, BLANK_CHECK = 2, 0x0f, 0x40, 8


def eod_with_eom(cdb, header, data):
    """READ reports EOM together with the end of data."""
    if cdb[0] == READ and header[0] & 0x3f == RESPONSE and \
            header[3] == CHECK_CONDITION and \
            data[SENSE + 2] & KEY == BLANK_CHECK:
        data[SENSE + 2] |= EOM


def vendor_position(cdb, header, data):
    """The vendor's form of READ POSITION has eight times the number of a
    block."""
    if cdb[0] == READ_POSITION and cdb[1] & 0x1f == VENDOR_FORM and \
            header[0] & 0x3f == DATA_IN:
        for at in (4, 8):
            number, = struct.unpack_from(">I", data, at)
            struct.pack_into(">I", data, at, 8 * number)


ALTERATIONS = {"eod_with_eom": eod_with_eom, "vendor_position": vendor_position}


class Pdus:
    """The PDUs of one direction of a connection; `rest` is the beginning of the
    next one."""

    def __init__(self):
        self.rest = bytearray()

    def add(self, data):
        """Return the PDUs that are complete: header, and what follows it."""
        self.rest += data
        found = []
        while len(self.rest) >= HEADER_BYTES:
            more = 4 * self.rest[4]
            length = int.from_bytes(self.rest[5:8], "big")
            size = HEADER_BYTES + more + (length + 3) // 4 * 4
            if len(self.rest) < size:
                break
            found.append((self.rest[:HEADER_BYTES],
                          self.rest[HEADER_BYTES:size]))
            del self.rest[:size]
        return found


class Alteration:
    """A connection: its commands that have no response yet, by their tags."""

    def __init__(self, alter):
        self.alter = alter
        self.commands, self.responses = Pdus(), Pdus()
        self.cdbs = {}

    def to_target(self, data):
        for header, _ in self.commands.add(data):
            if header[0] & 0x3f == COMMAND:
                self.cdbs[bytes(header[16:20])] = bytes(header[32:48])
        return data

    def to_initiator(self, data):
        altered = bytearray()
        for header, rest in self.responses.add(data):
            cdb = self.cdbs.get(bytes(header[16:20]))
            if cdb is not None:
                self.alter(cdb, header, rest)
            altered += header + rest
        return altered


class AlteredDrive(Relay):
    def __init__(self, port, name):
        self.alter = ALTERATIONS[name]
        super().__init__(port)

    def filters(self):
        alteration = Alteration(self.alter)
        return alteration.to_target, alteration.to_initiator
