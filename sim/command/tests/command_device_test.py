#!/usr/bin/env python3
"""Options for a tape device are checked before anything is read."""
import json
import os
import stat
import unittest

from command import CommandTest, PROGRAM, main

VERBS = [("write", "--dump", "d"), ("read", "--dump", "d"), ("scan",),
         ("label", "--volume", "V")]


class Device(CommandTest):
    def test_file_that_is_no_tape_device_is_refused(self):
        for verb in VERBS:
            for device, says in (("/dev/null", "not a tape drive"),
                                 ("nowhere", "No such file")):
                with self.subTest(verb=verb[0], device=device):
                    r = self.run_command(*verb, "--device", device)
                    self.assertEqual(r.status, 2)
                    self.assertIn("%s: " % device, r.err)
                    self.assertIn(says, r.err)

    def test_an_empty_name_is_that_of_no_device(self):
        for verb in VERBS + [("run", "x"), ("release",)]:
            r = self.run_command(*verb, "--device", "")
            self.assertEqual(r.status, 2)
            self.assertIn("--device: the name of a drive is empty", r.err)
        for verb in (("drives",), ("release", "--device", "/dev/null"),
                     ("run", "x", "--device", "/dev/null"),
                     ("scan", "--device", "/dev/null")):
            r = self.run_command(*verb, "--changer", "")
            self.assertEqual(r.status, 2)
            self.assertIn("--changer: the name of a changer is empty", r.err)

    def test_release_needs_a_tape_drive(self):
        for args, says in (((), "name the drive with --device"),
                           (("--device", "/dev/null"),
                            "/dev/null: this is not a tape drive: name a drive "
                            "such as /dev/nst0 or /dev/sg3"),
                           (("--device", "nowhere"),
                            "nowhere: No such file or directory"),
                           (("--device", "file"),
                            "file: this is not a character device: name a "
                            "drive such as /dev/nst0 or /dev/sg3"),
                           (("--device", "/dev/null", "x"),
                            'unexpected argument "x"')):
            with self.subTest(args=args):
                with open(self.path("file"), "w", encoding="ascii"):
                    pass
                r = self.run_command("release", *args)
                self.assertEqual(r.status, 2)
                self.assertIn(says, r.err)
                self.assertEqual(r.out, "")

    def test_scsi_commands_need_a_node_of_a_drive(self):
        for verb in VERBS:
            for device, says in (("/dev/null", "not a tape drive"),
                                 ("nowhere", "No such file"),
                                 ("/dev", "not a character device")):
                with self.subTest(verb=verb[0], device=device):
                    r = self.run_command(*verb, "--device", device,
                                         "--backend", "sg")
                    self.assertEqual(r.status, 2)
                    self.assertIn("%s: " % device, r.err)
                    self.assertIn(says, r.err)

    def test_an_unknown_back_end_is_refused(self):
        r = self.run_command("scan", "--device", "/dev/nst0",
                             "--backend", "tape")
        self.assertEqual(r.status, 2)
        self.assertIn("st", r.err)
        self.assertIn("sg", r.err)

    def test_changer_options_need_a_device(self):
        for verb in VERBS:
            for option in ("--eject", "--changer-command=true",
                           "--changer=true", "--backend=st"):
                with self.subTest(verb=verb[0], option=option):
                    r = self.run_command(*verb, "--library", "x", option)
                    self.assertEqual(r.status, 2)
                    self.assertIn("need --device", r.err)

    def test_a_robot_needs_named_cartridges_and_is_the_only_changer(self):
        for args, says in (((), "name them with --volume"),
                           (("--changer-command=true", "--volume=V"),
                            "exclude each other")):
            r = self.run_command("scan", "--device", "/dev/null",
                                 "--changer=true", *args)
            self.assertEqual(r.status, 2)
            self.assertIn(says, r.err)

    def test_a_robot_that_cannot_be_used_is_named(self):
        for changer, says in (("/dev/nosuch", "/dev/nosuch: No such file"),
                              ("/dev/null", "/dev/null: this is not a changer: name a "
                               "changer such as /dev/sch0 or /dev/sg4, or a "
                               'command such as "mtx -f /dev/sg4"'),
                              ("false", 'the command "false" with "status" '
                               "failed: it ended with status 1"),
                              ("echo", "must print a line for each drive")):
            for verb in (("drives",), ("scan", "--device", "/dev/null",
                                       "--volume", "V")):
                with self.subTest(changer=changer, verb=verb[0]):
                    r = self.run_command(*verb, "--changer", changer)
                    self.assertEqual(r.status, 2)
                    self.assertIn(says, r.err)

    def test_drives_of_a_robot_are_not_models(self):
        for args, says in (
                (("--volume", "V"), "need --changer"),
                (("--changer", "true", "show", "lto8"), "exclude each other"),
                (("--changer", "true", "--volume", "V"), "name the device"),
                (("--changer", "true", "--volume", " V"), "not a barcode")):
            r = self.run_command("drives", *args)
            self.assertEqual(r.status, 2)
            self.assertIn(says, r.err)

    def test_drives_of_a_robot_that_reports_no_serial_numbers(self):
        library = self.path("lib")
        self.passes("vtl", "create", library, "--volumes", "2", "--slots",
                    "3", "--drives", "2")
        self.passes("mtx", "-f", library, "load", "2", "1")
        robot = "'%s' mtx -f '%s'" % (PROGRAM, library)
        r = self.run_command("drives", "--changer", robot)
        self.assertEqual(r.status, 0)
        self.assertEqual([line.split()[:4] for line in r.lines[1:]],
                         [["0", "0", "empty", "-"],
                          ["1", "1", "VTA002L8", "2"]])
        self.assertIn("tapelab: drive 1: the changer does not report a "
                      "serial number", r.err)
        r = self.run_command("release", "--device", "/dev/null", "--changer",
                             robot)
        self.assertEqual(r.status, 2)
        self.assertEqual(r.lines, ["%s: cartridge VTA002L8 is in drive 1, and "
                                   "came from slot 2" % robot])
        drives = json.loads(self.passes("drives", "--json", "--changer",
                                        robot).out)
        self.assertEqual(
            [(d["drive"], d["full"], d["cartridge"], d["slot"], d["proof"])
             for d in drives],
            [(0, False, None, None, None), (1, True, "VTA002L8", 2, None)])


@unittest.skipIf(os.geteuid() != 0, "only root makes nodes")
class Strangers(CommandTest):
    """Users who may not open the node of a drive."""

    def as_nobody(self, *args):
        def become():
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        os.chmod(self.dir, 0o755)
        return self.run_command(*args, preexec_fn=become,
                                env={"GCOV_ERROR_FILE": os.devnull})

    def node(self):
        """Return a node of the tape driver that others may open, if that is
        possible in this folder."""
        path = self.path("nst0")
        try:
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(9, 128))
        except OSError as e:
            self.skipTest("no nodes can be made here: %s" % e)
        os.chmod(path, 0o666)
        r = self.as_nobody("scan", "--device", path)
        if "Permission denied" in r.err:
            self.skipTest("no nodes can be opened in this folder")
        return path

    def test_the_message_says_who_may_open_the_drive(self):
        path = self.node()
        os.chmod(path, 0o660)
        for verb in VERBS:
            with self.subTest(verb=verb[0]):
                r = self.as_nobody(*verb, "--device", path)
                self.assertEqual(r.status, 2)
                self.assertIn(
                    path + ": Permission denied: root and the group of the "
                    "node, which is usually tape, may open it", r.err)


if __name__ == "__main__":
    main()
