"""The tests of Bacula for tape drives and autochangers: its program btape."""
from cases import case
from programs import prelude, served
from steps import run_steps

# btape changes volumes by the script of Bacula, which expects these folders.
CONFIGURATION = """
mkdir -p /var/lib/bacula
[ -e /etc/bacula ] || ln -s /tree/etc/bacula /etc/bacula
cat > /tmp/sd.conf <<END
Storage { Name = sd; WorkingDirectory = /tmp; PidDirectory = /tmp }
Director { Name = dir; Password = none }
Device {
  Name = drive; MediaType = LTO; ArchiveDevice = $N; DeviceType = Tape
  AutomaticMount = yes; AlwaysOpen = yes; RemovableMedia = yes
  RandomAccess = no; MaximumBlockSize = $BLOCK; MaximumFileSize = 4MB
  Autochanger = yes; DriveIndex = 0
}
Autochanger {
  Name = changer; Device = drive; ChangerDevice = $C
  ChangerCommand = "/bin/sh /etc/bacula/scripts/mtx-changer %c %o %S %a %d"
}
Messages { Name = Standard; console = all }
END
btape() { # COMMAND ANSWER...: answers the questions of a command
	printf '%s\\n' "$@" quit | timeout -s KILL 200 /usr/sbin/btape -c /tmp/sd.conf $N
}
"""


def bacula(rig, steps, *options, block=64512):
    with served(rig, "--drives", "1", "--volumes", "2", *options) as library:
        return run_steps(rig, prelude(library) + "BLOCK=%d\n" % block +
                         CONFIGURATION, steps)


@case("btape test")
def btape_test(rig):
    """Blocks, files and positions, as Bacula uses them."""
    return bacula(rig, [
        ("btape test y", 0, "=== Write, rewind, and re-read test ===[^$]*"
         "=== Append files test ===[^$]*"
         "=== Forward space files test ===[^$]*"
         "The test autochanger worked!!")], "--capacity", "512 MiB", block=8192)


@case("btape autochanger")
def btape_autochanger(rig):
    """The changer loads, unloads, and the drive becomes ready."""
    return bacula(rig, [
        ("btape autochanger y", 0, "The test autochanger worked!!")],
        "--capacity", "512 MiB")


@case("btape fill")
def btape_fill(rig):
    """The first of two volumes is filled, 1,000 blocks follow on the second,
    and the last blocks of both are read again.  btape reads 10,000 records of
    32 KiB before it looks for the last block, so the first must have more."""
    return bacula(rig, [
        ("btape fill m", 0, "The last block of the first tape matches[^$]*"
         "The last block on the second tape matches. Test succeeded")],
        "--capacity", "400 MiB", "--early-warning", "2 MiB")
