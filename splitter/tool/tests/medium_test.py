#!/usr/bin/env python3
"""Which medium is in the drive: serial numbers, barcodes and partitions of
cartridges, and what write and label do if they are not the expected ones."""
from command import main
from library import LibraryTest, headers, MIB


class Medium(LibraryTest):
    """Volumes of a virtual library whose media are others."""

    def store(self, barcode, attribute, text):
        """Write into the auxiliary memory of the medium."""
        self.sql(barcode, "insert or replace into attributes values "
                 "(0, ?, 1, ?)", attribute, text)

    def foreign(self, barcode):
        """Give the volume two partitions, the first with foreign data."""
        self.write("old", b"x", "-V", barcode, "--no-catalogue")
        self.sql(barcode, "update objects set data = ?, sums = null where "
                 "first = 0", b"x" * 32768)
        for partition in 0, 1:
            self.sql(barcode, "insert into partitions values (?, 524288, "
                     "null)", partition)

    def keeps(self, says, *args):
        """The command fails, says this, and changes nothing."""
        before = self.volume_bytes()
        r = self.run_command(*args, stdin=b"x")
        self.assertIn(r.status, (2, 4), r.err)
        self.assertIn(says, r.err)
        self.assertTrue(self.volume_bytes() == before)

    # Expected: nothing is written on a medium with a copy of the label of
    # another one.  Bug: barcode and label agreed, and it was overwritten.
    def test_a_wrong_medium_under_the_right_barcode_is_kept(self):
        self.make(MIB, MIB)
        self.write("old", b"worth keeping", "-V", "V001")
        self.store("V001", 0x401, b"OTHER   ")
        write = ("write", "-l", "lib", "-d", "d", "-V", "V001")
        label = ("label", "-l", "lib", "-V", "V001")
        names = "give each of these names: OTHER, V001"
        for args in (write, (*write, "--overwrite", "V001"),
                     (*write, "--overwrite", "OTHER"),
                     (*label, "--overwrite", "V001")):
            with self.subTest(args=args):
                self.keeps("its medium serial number is OTHER, but its label "
                           "was written to the medium V001", *args)
                self.keeps(names, *args)
        self.write("d", b"x", "-V", "V001", "--overwrite", "V001",
                   "--overwrite", "OTHER")
        self.assertEqual(headers(self.volume("V001"))[0]["serial"], "OTHER")
        # Now the label is that of this medium.
        self.write("e", b"y", "-V", "V001")
        self.same("d", b"x")
        self.same("e", b"y")

    def test_a_blank_medium_with_another_barcode_in_its_memory_is_kept(self):
        self.make(MIB, label=False)
        self.store("V001", 0x806, b"V009")
        names = "give each of these names: V001, V009"
        self.keeps(names, "write", "-l", "lib", "-d", "d", "--label-blank")
        self.keeps(names, "label", "-l", "lib")
        self.write("d", b"x", "--overwrite", "V001", "--overwrite", "V009")
        self.same("d", b"x")

    def test_a_partitioned_medium_is_formatted_only_on_request(self):
        self.make(MIB, MIB)
        self.foreign("V001")
        self.foreign("V002")
        write = ("write", "-l", "lib", "-d", "d", "-V", "V001")
        label = ("label", "-l", "lib")
        for args in (write, (*write, "--overwrite", "V001"),
                     (*write, "--overwrite", "V002", "--format"),
                     (*label, "--overwrite", "V001")):
            with self.subTest(args=args):
                self.keeps("several partitions", *args)
                self.keeps("name it: V001", *args)
        self.write("d", b"x", "-V", "V001", "--overwrite", "V001", "--format",
                   "--trace", "trace")
        with open(self.path("trace"), encoding="ascii") as trace:
            self.assertIn("\tformat\t", trace.read())
        self.same("d", b"x")
        self.passes(*label, "--overwrite", "V002", "--format")
        self.write("e", b"y", "-V", "V002")


if __name__ == "__main__":
    main()
