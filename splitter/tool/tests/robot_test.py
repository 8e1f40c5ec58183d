#!/usr/bin/env python3
"""A robot loads the volumes of a tape device; driver, drive and robot are
simulated."""
import os
import signal
import subprocess
import time

from command import CommandTest, PATIENCE_S, Result, main
from device_test import DATA, PROGRAM

# A changer of one drive with the convention of mtx.  Files: slot1 to slot3 and
# drive, with barcodes; from, the slot of the cartridge in the drive; log.
# `lies`: what "status" reports for the drive instead; `broken`: moves fail.
MTX = """cd '%s' || exit 1
echo "$*" >> log
tag() { [ ! -s "$1" ] || echo ":VolumeTag=$(cat "$1")"; }
case $1 in
status)
    if [ ! -s drive ]; then echo 'Data Transfer Element 0:Empty'
    else
        seen=drive
        [ ! -s lies ] || seen=lies
        echo "Data Transfer Element 0:Full (Storage Element $(cat from) \
Loaded)$(tag $seen)"
    fi
    for n in 1 2 3; do
        if [ -s slot$n ]; then echo " Storage Element $n:Full $(tag slot$n)"
        else echo " Storage Element $n:Empty"; fi
    done ;;
load)
    [ ! -e broken ] && [ -s "slot$2" ] && [ ! -s drive ] || exit 1
    cp "slot$2" drive && : > "slot$2" && echo "$2" > from ;;
unload)
    [ -s drive ] && [ ! -s "slot$2" ] || exit 1
    cp drive "slot$2" && : > drive ;;
*) exit 1 ;;
esac
"""
WRITE = ("write", "--device", "/dev/nst0", "--dump", "d", "--no-catalogue")


class Robot(CommandTest):
    def setUp(self):
        super().setUp()
        self.robot = self.path("robot")
        os.mkdir(self.robot)
        self.put(slot1="MEM001L0", slot2="MEM002L0", slot3="MEM003L0",
                 drive="", log="")
        with open(self.path("mtx"), "w", encoding="ascii") as f:
            f.write(MTX % self.robot)
        self.host()

    def host(self):
        """Make /sys and /dev of a host with one drive, /dev/nst0."""
        root = self.path("root")
        device = root + "/sys/devices/0:0:0:0"
        node = device + "/scsi_tape/nst0"
        os.makedirs(node)
        os.makedirs(root + "/sys/class/scsi_tape")
        os.makedirs(root + "/sys/dev/char")
        with open(device + "/type", "w", encoding="ascii") as f:
            f.write("1\n")
        os.symlink(device, node + "/device")
        os.symlink(root + "/sys/class/scsi_tape", node + "/subsystem")
        os.symlink(node, root + "/sys/class/scsi_tape/nst0")
        os.symlink(node, root + "/sys/dev/char/9:128")

    def put(self, **files):
        for name, text in files.items():
            with open(os.path.join(self.robot, name), "w",
                      encoding="ascii") as f:
                f.write(text)

    def contents(self, name):
        with open(os.path.join(self.robot, name), encoding="ascii") as f:
            return f.read().strip()

    def places(self):
        return [self.contents(n) for n in ("slot1", "slot2", "slot3", "drive")]

    def moves(self):
        return [line for line in self.contents("log").splitlines()
                if line != "status"]

    def begin(self, how, *args, volumes=(1, 2), **popen):
        names = ["--volume=MEM00%dL0" % n for n in volumes]
        for stream in ("stdin", "stdout", "stderr"):
            popen.setdefault(stream, subprocess.PIPE)
        return subprocess.Popen(
            [PROGRAM, "report=" + self.path("report"),
             "root=" + self.path("root"), "volumes=3",
             "robot=" + os.path.join(self.robot, "drive"), *how.split(),
             *args, "--changer", "sh '%s'" % self.path("mtx"), *names],
            cwd=self.dir, env=self.environment(), **popen)

    def device(self, how, *args, stdin=DATA, **more):
        with self.begin(how, *args, **more) as process:
            out, err = process.communicate(stdin, PATIENCE_S)
        return Result(process.returncode, out, err)

    def objects(self):
        """Return the number of objects on each volume."""
        with open(self.path("report"), encoding="ascii") as f:
            return [int(n) for n in f.read().split()[2:]]

    def unchanged(self, places=None):
        """Every cartridge is in its slot, and nothing was written."""
        self.assertEqual(self.places(), places or
                         ["MEM001L0", "MEM002L0", "MEM003L0", ""])
        self.assertEqual(len(set(self.objects())), 1)

    def test_a_dump_on_two_volumes(self):
        r = self.device("kind=scratch", *WRITE, "--limit", "90 kB,20 kB",
                        "--block", "8 KiB")
        self.assertEqual(r.status, 0, r.err)
        self.assertEqual(self.moves(), ["load 1 0", "unload 1 0", "load 2 0",
                                        "unload 2 0"])
        self.assertEqual(self.places(),
                         ["MEM001L0", "MEM002L0", "MEM003L0", ""])
        objects = self.objects()
        self.assertGreater(objects[0], objects[2])
        self.assertGreater(objects[1], objects[2])
        self.assertIn("/dev/nst0 is drive 0: it became ready when a cartridge "
                      "was put into it", r.err)

    def test_every_subcommand_puts_the_cartridges_away(self):
        for verb in (("scan",), ("read", "--dump", "d"),
                     ("label",)):
            with self.subTest(verb=verb[0]):
                self.put(log="")
                r = self.device("kind=labelled", verb[0], "--device",
                                "/dev/nst0", *verb[1:])
                self.assertIn("load 2 0", self.moves(), r.err)
                self.assertEqual(self.places(),
                                 ["MEM001L0", "MEM002L0", "MEM003L0", ""])

    def test_a_cartridge_that_is_not_named_stays_where_it_is(self):
        self.put(slot3="", drive="MEM003L0", **{"from": "3"})
        r = self.device("kind=scratch", *WRITE)
        self.assertEqual(r.status, 2)
        self.assertIn("it must be empty", r.err)
        self.assertEqual(self.moves(), [])
        self.unchanged(["MEM001L0", "MEM002L0", "", "MEM003L0"])

    def test_a_robot_that_brings_the_wrong_cartridge(self):
        # The barcode is that of the wanted one, the label is another's.
        self.put(slot1="MEM003L0", slot3="", lies="MEM001L0")
        with open(self.path("mtx"), "w", encoding="ascii") as f:
            # slot 1 reports the barcode that is on its outside
            f.write((MTX % self.robot).replace(
                'Full $(tag slot$n)"',
                'Full $(tag slot$n | sed s/MEM003/MEM001/)"'))
        r = self.device("kind=scratch", *WRITE, volumes=(1,))
        self.assertNotEqual(r.status, 0)
        self.assertIn("MEM003L0", r.err)
        self.unchanged(["MEM003L0", "MEM002L0", "", ""])

    def test_a_robot_that_reports_another_cartridge_after_the_move(self):
        self.put(lies="MEM003L0")
        r = self.device("kind=scratch", *WRITE)
        self.assertEqual(r.status, 2)
        self.assertIn("drive 0: MEM001L0 was expected, and MEM003L0 was found",
                      r.err)
        self.assertIn("cartridge MEM001L0 is in no element, and belongs in "
                      "slot 1", r.err)
        self.assertEqual(self.moves(), ["load 1 0"])

    def test_a_robot_whose_move_fails(self):
        self.put(broken="")
        r = self.device("kind=scratch", *WRITE)
        self.assertEqual(r.status, 2)
        self.assertIn('with "load" failed: it ended with status 1', r.err)
        self.assertEqual(self.moves(), ["load 1 0"])
        self.unchanged()

    def wait_for_data(self, process):
        """Write until the first block is on tape; the drive is then loaded."""
        process.stdin.write(DATA)
        process.stdin.flush()
        end = time.monotonic() + PATIENCE_S
        while self.contents("drive") == "" and time.monotonic() < end:
            time.sleep(0.01)
        self.assertEqual(self.contents("drive"), "MEM001L0")

    def test_an_interrupt_puts_the_cartridge_away(self):
        with self.begin("kind=scratch", *WRITE) as process:
            self.wait_for_data(process)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=PATIENCE_S)
        self.assertEqual(self.places(),
                         ["MEM001L0", "MEM002L0", "MEM003L0", ""], err)

    def test_what_a_killed_run_left_is_reported_by_the_next(self):
        with self.begin("kind=scratch", *WRITE) as process:
            self.wait_for_data(process)
            process.kill()
            process.communicate(timeout=PATIENCE_S)
        self.assertEqual(self.places(), ["", "MEM002L0", "MEM003L0",
                                         "MEM001L0"])
        r = self.device("kind=scratch", "scan", "--device", "/dev/nst0")
        self.assertIn("cartridge MEM001L0 is in drive 0, and belongs in slot "
                      "1", r.err)
        self.assertEqual(self.places(),
                         ["", "MEM002L0", "MEM003L0", "MEM001L0"])


if __name__ == "__main__":
    main()
