#!/usr/bin/env python3
"""What the relay makes of commands and responses, however they arrive."""
import os
import struct
import sys
import unittest

from command import ROOT, main

sys.path.insert(0, os.path.join(ROOT, "sim/rig"))

from altered import (CHECK_CONDITION, COMMAND, COMMANDS,  # noqa: E402
                     DATA_IN, HEADER_BYTES, RESPONSE, RESPONSES, Alteration)

READ = bytes((0x08, 0, 0, 0x10, 0, 0))
SPACE = bytes((0x11, 0, 0, 0, 1, 0))
PREVENT = bytes((0x1e, 0, 0, 0, 1, 0))
VENDOR, SHORT, UNKNOWN = (bytes((0x34, form)) + bytes(8)
                          for form in (1, 0, 0x1f))
NOP_IN = 0x20


def pdu(opcode, tag, data=b"", cdb=b"", status=0):
    header = bytearray(HEADER_BYTES)
    header[0], header[3] = opcode, status
    header[5:8] = len(data).to_bytes(3, "big")
    header[16:20] = tag.to_bytes(4, "big")
    header[32:32 + len(cdb)] = cdb
    return bytes(header) + data + bytes(-len(data) % 4)


def sense(key, eom):
    """Return the data of a response with sense data in fixed format."""
    data = bytearray(18)
    data[0], data[2], data[7] = 0xf0, key | (0x40 if eom else 0), 10
    return struct.pack(">H", 18) + bytes(data)


def failed(tag, key, eom=False):
    return pdu(RESPONSE, tag, sense(key, eom), status=CHECK_CONDITION)


def position(tag, number):
    return pdu(DATA_IN, tag, struct.pack(">4xII8x", number, number))


def commands(cdbs):
    return b"".join(pdu(COMMAND, tag, cdb=cdb) for tag, cdb in enumerate(cdbs))


class Altered(unittest.TestCase):
    def passes(self, name, cdbs, responses, expected, altered=None):
        """The commands with tags 0, 1..., and the responses to them, come out
        as expected, whether they arrive at once or byte by byte."""
        for size in (1 << 20, 1):
            alteration = Alteration(name)
            for data, through, right in (
                    (commands(cdbs), alteration.to_target,
                     commands(altered or cdbs)),
                    (responses, alteration.to_initiator, expected)):
                found = b"".join(bytes(through(data[i:i + size]))
                                 for i in range(0, len(data), size))
                self.assertEqual(right, found)

    def test_end_of_data_of_a_read_has_eom(self):
        self.passes("eod_with_eom", (READ, READ, SPACE),
                    failed(0, 8) + failed(1, 3) + failed(2, 8),
                    failed(0, 8, True) + failed(1, 3) + failed(2, 8))

    def test_vendor_position_is_eight_times_as_large(self):
        self.passes("vendor_position", (VENDOR, SHORT),
                    position(0, 2) + position(1, 2),
                    position(0, 16) + position(1, 2))

    def test_the_vendors_form_is_another_command(self):
        self.passes("vendor_form_refused", (VENDOR, SHORT), b"", b"",
                    (UNKNOWN, SHORT))

    def test_prevent_is_another_command(self):
        self.passes("no_door", (READ, PREVENT), b"", b"",
                    (READ, b"\2" + PREVENT[1:]))

    def test_other_data_is_not_altered(self):
        data = pdu(RESPONSE, 0) + pdu(NOP_IN, 0xffffffff, b"12345") + \
            pdu(DATA_IN, 1, sense(8, False))
        for name in (*COMMANDS, *RESPONSES):
            self.passes(name, (READ, READ), data, data)


if __name__ == "__main__":
    main()
