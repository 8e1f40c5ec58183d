"""A relay that alters commands, or responses of a drive: a drive of another kind.

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
# The task tag, and the CDB of a command, in the header.
TAG, CDB = slice(16, 20), slice(32, 48)
COMMAND, RESPONSE, DATA_IN = 0x01, 0x21, 0x25
READ, PREVENT, READ_POSITION = 0x08, 0x1e, 0x34
# Service actions of READ POSITION.  The drive does not have the second one, nor
# this command, which is the vendor's.
VENDOR_FORM, UNKNOWN_FORM = 1, 0x1f
UNKNOWN_COMMAND = 0x02
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


def vendor_form_refused(cdb):
    """A service action that the drive does not have replaces the vendor's form
    of READ POSITION."""
    if cdb[0] == READ_POSITION and cdb[1] & 0x1f == VENDOR_FORM:
        cdb[1] = UNKNOWN_FORM


def no_door(cdb):
    """A command that the drive does not have replaces PREVENT ALLOW MEDIUM
    REMOVAL."""
    if cdb[0] == PREVENT:
        cdb[0] = UNKNOWN_COMMAND


RESPONSES = {"eod_with_eom": eod_with_eom, "vendor_position": vendor_position}
COMMANDS = {"vendor_form_refused": vendor_form_refused, "no_door": no_door}


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

    def __init__(self, name):
        self.alter_command = COMMANDS.get(name)
        self.alter_response = RESPONSES.get(name)
        self.commands, self.responses = Pdus(), Pdus()
        self.cdbs = {}

    def to_target(self, data):
        altered = bytearray()
        for header, rest in self.commands.add(data):
            if header[0] & 0x3f == COMMAND:
                cdb = header[CDB]
                self.cdbs[bytes(header[TAG])] = bytes(cdb)
                if self.alter_command is not None:
                    self.alter_command(cdb)
                header[CDB] = cdb
            altered += header + rest
        return altered

    def to_initiator(self, data):
        altered = bytearray()
        for header, rest in self.responses.add(data):
            cdb = self.cdbs.get(bytes(header[TAG]))
            if cdb is not None and self.alter_response is not None:
                self.alter_response(cdb, header, rest)
            altered += header + rest
        return altered


class AlteredDrive(Relay):
    def __init__(self, port, name):
        assert name in COMMANDS or name in RESPONSES, name
        self.name = name
        super().__init__(port)

    def filters(self):
        alteration = Alteration(self.name)
        return alteration.to_target, alteration.to_initiator
