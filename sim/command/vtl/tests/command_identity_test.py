#!/usr/bin/env python3
"""`tapelab vtl identity`: names and numbers of drives and changer."""
import json

from command import CommandTest, main


class Identity(CommandTest):
    def make(self, *options):
        self.passes("vtl", "create", "lib", "--volumes", "1", "--payload",
                    "none", *options)

    def identity(self, *options):
        r = self.passes("vtl", "identity", "lib", "--json", *options)
        return {d["element"]: d for d in json.loads(r.out)}

    def test_numbers_are_drawn_and_stay(self):
        self.make("--drives", "3")
        devices = self.identity()
        self.assertEqual(sorted(devices), ["changer", "drive:0", "drive:1",
                                           "drive:2"])
        for d in devices.values():
            self.assertRegex(d["serial"], r"^TL[0-9A-F]{8}$")
            self.assertRegex(d["naa"], r"^3[0-9a-f]{15}$")
            self.assertEqual(d["vendor"], "")
        for key in ("serial", "naa"):
            self.assertEqual(len({d[key] for d in devices.values()}), 4)
        self.assertEqual(self.identity(), devices)
        renewed = self.identity("--renew")
        self.assertNotEqual(renewed["changer"]["serial"],
                            devices["changer"]["serial"])
        self.assertEqual(self.identity(), renewed)

    def test_names_are_set_and_reset(self):
        self.make("--drives", "2", "--drive-vendor", "HPE", "--drive-product",
                  "Ultrium 9-SCSI", "--drive-revision", "R3G3")
        before = self.identity()
        self.assertEqual([before["drive:1"][k] for k in
                          ("vendor", "product", "revision")],
                         ["HPE", "Ultrium 9-SCSI", "R3G3"])
        self.assertEqual(before["changer"]["vendor"], "")
        after = self.identity("--drive", "1", "--product", "X", "--serial",
                              "0123456789", "--naa", "5000000000000001")
        self.assertEqual(list(after), ["drive:1"])
        after = self.identity()
        self.assertEqual(after["drive:0"], before["drive:0"])
        self.assertEqual(after["drive:1"], {
            "element": "drive:1", "vendor": "HPE", "product": "X",
            "revision": "R3G3", "serial": "0123456789",
            "naa": "5000000000000001"})
        self.assertIn('drive:1: serial number 0123456789, NAA '
                      '5000000000000001, vendor "HPE", product "X", revision '
                      '"R3G3"\n', self.passes("vtl", "identity", "lib").out)
        cleared = self.identity("--clear", "--changer", "--vendor", "STK")
        self.assertEqual(cleared["changer"]["vendor"], "STK")
        self.assertEqual(self.identity("--clear")["drive:1"]["vendor"], "")

    def test_wrong_identities_are_refused(self):
        self.make("--drives", "2")
        before = self.identity()
        serial = before["changer"]["serial"]
        for options, status, says in (
                (["--vendor", "123456789"], 2, "--vendor: at most 8 char"),
                (["--product", "a\nb"], 2, "printable ASCII"),
                (["--serial", "x"], 2, "those of one device"),
                (["--drive", "0", "--serial", ""], 2, "must not be empty"),
                (["--drive", "0", "--naa", "6000000000000001"], 2, "16 hex"),
                (["--drive", "0", "--changer"], 2, "exclude each other"),
                (["--drive", "2"], 1, "has no drive 2"),
                (["--drive", "0", "--serial", serial], 1, "another device")):
            with self.subTest(options):
                r = self.run_command("vtl", "identity", "lib", *options)
                self.assertEqual(r.status, status, r.err)
                self.assertIn(says, r.err)
        self.assertEqual(self.identity(), before)
        r = self.run_command("vtl", "create", "l2", "--drive-vendor", "ä")
        self.assertEqual(r.status, 2, r.err)


if __name__ == "__main__":
    main()
