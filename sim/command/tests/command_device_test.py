#!/usr/bin/env python3
"""Options for a tape device are checked before anything is read."""
from command import CommandTest, main

VERBS = [("write", "--dump", "d"), ("read", "--dump", "d"), ("scan",),
         ("label", "--volume", "V")]


class Device(CommandTest):
    def test_file_that_is_no_tape_device_is_refused(self):
        for verb in VERBS:
            for device, says in (("/dev/null", "not a tape device"),
                                 ("nowhere", "No such file")):
                with self.subTest(verb=verb[0], device=device):
                    r = self.run_command(*verb, "--device", device)
                    self.assertEqual(r.status, 2)
                    self.assertIn("%s: " % device, r.err)
                    self.assertIn(says, r.err)

    def test_changer_options_need_a_device(self):
        for verb in VERBS:
            for option in ("--eject", "--changer-command=true"):
                with self.subTest(verb=verb[0], option=option):
                    r = self.run_command(*verb, "--library", "x", option)
                    self.assertEqual(r.status, 2)
                    self.assertIn("need --device", r.err)


if __name__ == "__main__":
    main()
