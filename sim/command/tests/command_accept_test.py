#!/usr/bin/env python3
"""`tapelab run --device`: what is refused before anything moves."""
import os

from command import CommandTest, SCENARIOS, main

TESTS = os.path.join(SCENARIOS, "acceptance")


class Refused(CommandTest):
    def test_options_of_a_drive_need_a_device(self):
        for option in ("--quick", "--fill", "--yes", "--volume=A",
                       "--overwrite=A", "--changer=/dev/sg9",
                       "--second-device=/dev/sg9", "--trial=1min",
                       "--compare=old"):
            self.refuses("run", option, TESTS, says="need --device")

    def test_options_that_exclude_each_other(self):
        self.refuses("run", "--device", "/dev/nst9", "--quick", "--fill",
                     TESTS, says="exclude each other")
        for option in ("--clock=virtual", "--pace", "--update",
                       "--check-determinism", "--keep-volumes"):
            args = ["--clock=real"] if option == "--pace" else []
            self.refuses("run", "--device", "/dev/nst9", *args, option, TESTS,
                         says="--device has the clock of this machine")

    def test_a_trial_has_one_scenario(self):
        r = self.run_command("run", "--device", "/dev/nst9", "--volume", "A",
                             "--trial=1min", TESTS)
        self.assertEqual((r.status, r.err),
                         (2, "tapelab: --trial takes one scenario\n"))

    def test_a_trial_is_not_compared_with_earlier_runs(self):
        self.refuses("run", "--device", "/dev/nst9", "--compare", "old",
                     "--trial=1min", TESTS, says="remove --compare")

    def test_a_second_drive_is_another_one(self):
        self.refuses("run", "--device", "/dev/nst9", "--second-device",
                     "/dev/nst8", "--trial=1min", TESTS,
                     says="remove --second-device")
        r = self.run_command("run", "--device", "/dev/null", "--volume", "A",
                             "--second-device", self.path("missing"), TESTS)
        self.assertEqual((r.status, r.out), (2, ""))
        self.assertFalse(os.path.exists(self.path("acceptance")))

    def test_names_of_cartridges_are_checked(self):
        for option in ("--volume", "--overwrite"):
            self.refuses("run", "--device", "/dev/nst9", option, " A ", TESTS,
                         says="is not the name of a cartridge")

    def test_a_device_that_is_none_is_named(self):
        for name, why in (("missing", "No such file or directory"),
                          ("file", "this is not a character device")):
            path = self.path(name)
            if name == "file":
                self.file(name, "")
            r = self.run_command("run", "--device", path, "--volume", "A",
                                 "--yes", TESTS)
            self.assertEqual((r.status, r.out), (2, ""))
            self.assertIn(path, r.err)
            self.assertIn(why, r.err)
        self.assertFalse(os.path.exists(self.path("acceptance")))

    def test_list_opens_no_device(self):
        r = self.passes("run", "--device", "/dev/nst9", "--list", TESTS)
        self.assertIn("80_ends", r.out)


if __name__ == "__main__":
    main()
