#!/usr/bin/env python3
"""Volumes that can be written once: what label and write do with them."""
from command import main
from library import LibraryTest, headers


class WriteOnce(LibraryTest):
    """Volumes that can be written once (WORM)."""

    def setUp(self):
        super().setUp()
        self.passes("vtl", "create", "--drives", "1", "--drive-model", "lto8",
                    "--media-type", "LY", "--volumes", "2", "--capacity",
                    "16 MiB", "--barcode-prefix", "V", "--barcode-suffix", "",
                    "lib")

    # Should: no scratch label makes it unusable.  Did: it was labelled.
    def test_label_refuses_them(self):
        for args in ((), ("-V", "V002"), ("-V", "V002", "--overwrite")):
            self.refuses_untouched("label", "-l", "lib", *args,
                                   says=["volume V002 is left as it is",
                                         "WORM"])

    def test_a_blank_one_is_taken_and_appended_to(self):
        before = self.volume_bytes()
        r = self.write("d", b"first", status=4)
        self.assertIn("WORM", r.err)
        self.assertTrue(self.volume_bytes() == before)
        self.write("d", b"first", "--label-blank")
        self.write("e", b"second", "-V", "V001")
        # One that is named is taken while it is blank.
        self.write("f", b"third", "-V", "V002")
        for dump, text in (("d", b"first"), ("e", b"second"),
                           ("f", b"third")):
            self.same(dump, text)
        self.assertEqual([h.get("type") for h in headers(
            self.volume("V001"))], ["label", "part", "end", "part", "end"])

    def test_nothing_on_it_is_overwritten(self):
        self.write("d", b"first", "--label-blank")
        self.refuses_untouched("label", "-l", "lib", "-V", "V001",
                               "--overwrite", says="WORM")
        before = self.volume_bytes()
        r = self.write("e", b"second", "-V", "V001", "--overwrite", "V001",
                       status=4)
        self.assertIn("nothing on it can be overwritten", r.err)
        self.assertTrue(self.volume_bytes() == before)


if __name__ == "__main__":
    main()
