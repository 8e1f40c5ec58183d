#!/usr/bin/env python3
"""How label and write treat volumes that can be written once."""
from command import main
from library import LibraryTest, headers


class WriteOnce(LibraryTest):
    """Write-once volumes (WORM)."""

    def setUp(self):
        super().setUp()
        self.passes("vtl", "create", "--drives", "1", "--drive-model", "lto8",
                    "--media-type", "LY", "--volumes", "2", "--capacity",
                    "16 MiB", "--barcode-prefix", "V", "--barcode-suffix", "",
                    "lib")

    def test_write_uses_and_appends_to_a_blank_one(self):
        before = self.volume_bytes()
        r = self.write("d", b"first", status=4)
        self.assertIn("WORM", r.err)
        self.assertTrue(self.volume_bytes() == before)
        r = self.write("d", b"first", "--label-blank", status=4)
        self.assertIn("for ever; to overwrite it, name it: V001", r.err)
        self.assertTrue(self.volume_bytes() == before)
        self.write("d", b"first", "--overwrite", "V001")
        self.write("e", b"second", "-V", "V001")
        # A volume given by name is used only while it is blank.
        self.write("f", b"third", "-V", "V002")
        for dump, text in (("d", b"first"), ("e", b"second"),
                           ("f", b"third")):
            self.same(dump, text)
        self.assertEqual([h.get("type") for h in headers(
            self.volume("V001"))], ["label", "part", "end", "part", "end"])


if __name__ == "__main__":
    main()
