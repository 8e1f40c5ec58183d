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

    # Expected: label refuses them, as a scratch label would make them
    # unusable.
    # Bug: label wrote a scratch label.
    def test_label_refuses_write_once_volumes(self):
        for args in ((), ("-V", "V002"), ("-V", "V002", "--overwrite")):
            self.refuses_untouched("label", "-l", "lib", *args,
                                   says=["volume V002 is left unchanged",
                                         "WORM"])

    def test_write_uses_and_appends_to_a_blank_one(self):
        before = self.volume_bytes()
        r = self.write("d", b"first", status=4)
        self.assertIn("WORM", r.err)
        self.assertTrue(self.volume_bytes() == before)
        self.write("d", b"first", "--label-blank")
        self.write("e", b"second", "-V", "V001")
        # A volume given by name is used only while it is blank.
        self.write("f", b"third", "-V", "V002")
        for dump, text in (("d", b"first"), ("e", b"second"),
                           ("f", b"third")):
            self.same(dump, text)
        self.assertEqual([h.get("type") for h in headers(
            self.volume("V001"))], ["label", "part", "end", "part", "end"])

    def test_write_overwrites_nothing_on_it(self):
        self.write("d", b"first", "--label-blank")
        self.refuses_untouched("label", "-l", "lib", "-V", "V001",
                               "--overwrite", says="WORM")
        before = self.volume_bytes()
        r = self.write("e", b"second", "-V", "V001", "--overwrite", "V001",
                       status=4)
        self.assertIn("which cannot be overwritten", r.err)
        self.assertTrue(self.volume_bytes() == before)


if __name__ == "__main__":
    main()
