"""Every command of mt and mtx, on the real drivers."""
import re

from cases import case
from guest import Failed
from programs import prelude, small
from steps import run_steps


def at(file, block, flags=""):
    return (r"File number=%d, block number=%d, partition=0[^$]*"
            r"General status bits on[^\n]*\n .*%s" % (file, block, flags))


MT = """
mt() { command mt -f $N "$@"; }
blocks() { dd if=/dev/zero of=$N bs=4096 count=$1 2>/dev/null; }
option() { mt stshowoptions | grep -w -q -e "$1" && echo on || echo off; }
"""
MTX = """
mtx() { command mtx -f $C "$@"; }
"""
MT_CORE = [
    ("mt rewind; mt status", 0, at(0, 0, "BOT ONLINE")),
    ("blocks 3; mt status", 0, at(1, 0, "EOF ONLINE")),
    ("blocks 5; mt weof 2; mt status", 0, at(4, 0, "EOF ONLINE")),
    ("mt tell", 0, r"At block 12\."),
    ("mt rewind; mt fsf 1; mt status", 0, at(1, 0, "EOF")),
    ("mt fsr 2; mt status; mt tell", 0, at(1, 2) + r"[^$]*block 6"),
    ("mt bsr 1; mt tell", 0, "At block 5"),
    ("mt bsf 1; mt status; mt tell", 0, at(0, -1) + "[^$]*block 3"),
    ("mt eod; mt status; mt tell", 0, at(4, -1, "EOD") +
     "[^$]*block 12"),
    ("mt bsfm 2; mt tell", 0, "At block 11"),
    ("mt rewind; mt fsfm 1; mt tell", 0, "At block 3"),
    ("mt asf 2; mt status", 0, at(2, 0)),
    ("mt seek 6; mt tell", 0, "At block 6"),
    ("mt seek 100", 2, "Input/output error"),
    ("mt rewind; mt fsr 9", 2, "Input/output error"),
    ("mt rewind; mt bsf 1", 2, "Input/output error"),
    ("mt setblk 4096; mt status", 0, "Tape block size 4096 bytes"),
    ("mt rewind; dd if=$N bs=8192 count=1 2>&1 | grep -o '8192 bytes'",
     0, "8192 bytes"),
    ("mt setblk 0; mt status", 0, "Tape block size 0 bytes"),
    ("mt rewind; mt fsf 1; mt erase; mt eod; mt tell", 0, "At block 4"),
    ("mt lock", 0, ""),
    ("mt unlock", 0, ""),
    ("mt retension; mt status", 0, at(0, 0, "BOT")),
    ("mt offline; mt -f $N status", 0, "DR_OPEN"),
    # Without a unit attention the driver does not learn where it is.
    ("mt load; mt tell; mt status", 0, "At block 0[^$]*" +
     at(0, 0, "BOT")),
]
# Slots 1 to 4 are full, 5 and 6 are empty, 7 and 8 import and export; the first
# drive has the volume of slot 1.
MTX_CORE = [
    ("mtx inquiry", 0, "Product Type: Medium Changer"),
    ("mtx status", 0, "2 Drives, 8 Slots \\( 2 Import/Export \\)"),
    ("mtx status", 0, "Element 0:Full \\(Storage Element 1 Loaded\\)"
     ":VolumeTag = VTA001L8"),
    ("mtx status", 0, "Storage Element 2:Full :VolumeTag=VTA002L8"),
    ("mtx status", 0, "Storage Element 7 IMPORT/EXPORT:Empty"),
    ("mtx load 2 1; mtx status", 0,
     "Element 1:Full .Storage Element 2"),
    ("mtx load 3 1", 1, "Drive 1 Full"),
    ("mtx unload 2 1; mtx status", 0, "Data Transfer Element 1:Empty"),
    ("mtx unload 5 1", 1, "Data Transfer Element 1 is Empty"),
    ("mtx transfer 3 7; mtx status", 0,
     "Element 7 IMPORT/EXPORT:Full :VolumeTag=VTA003L8"),
    ("mtx transfer 7 3; mtx status", 0, "Element 3:Full"),
    ("mtx transfer 6 5", 1, "source Element Address 6 is Empty|Empty"),
    ("mtx inventory", 0, ""),
]


@case("mt", core=True)
def mt_main(rig):
    """The commands of mt that backup programs use."""
    with small(rig) as library:
        return run_steps(rig, prelude(library) + MT, MT_CORE)


@case("mtx", core=True)
def mtx_main(rig):
    """The commands of mtx that backup programs use."""
    with small(rig) as library:
        return run_steps(rig, prelude(library) + MTX, MTX_CORE)


# The other commands of mt.  The tape has a block, a filemark, 3 blocks, a
# filemark.
MT_STEPS = [
    # Files and blocks.
    ("mt rewind; mt fsf; mt eof; mt tell", 0, "At block 3"),
    ("mt rewind; mt seod; mt tell", 0, "At block 3"),
    ("mt rewind; blocks 1; blocks 3; mt rewind; mt fsf 2; mt bsfm; mt tell", 0,
     "At block 6"),
    ("mt fss 1", 2, "Input/output error"),
    ("mt bss 1", 2, "Input/output error"),
    ("mt wset 1", 2, "Input/output error"),
    # Loading: the three names of offline.
    ("mt rewoffl; mt status", 0, "DR_OPEN"),
    ("mt load; mt rewind; mt status", 0, "BOT ONLINE"),
    ("mt eject; mt status", 0, "DR_OPEN"),
    ("mt load; mt rewind; mt status", 0, "BOT ONLINE"),
    # Settings of the drive.
    ("mt setblk 8192; mt status", 0, "block size 8192 bytes"),
    ("mt setblk 9M", 2, "Invalid argument"),
    ("mt setblk 0; mt status", 0, "block size 0 bytes"),
    ("mt setdensity 0x5e; mt status", 0, r"Density code 0x5e \(LTO-8"),
    ("mt setdensity 0x40", 2, "Input/output error"),
    ("mt drvbuffer 0; sg_modes -p 0xf $S", 0, "specific param=0x00"),
    ("mt drvbuffer 1; sg_modes -p 0xf $S", 0, "specific param=0x10"),
    ("mt compression 0; sg_modes -p 0xf $S", 0, "^ 00     0f 0e 40"),
    ("mt compression 1; sg_modes -p 0xf $S", 0, "^ 00     0f 0e c0"),
    # Defaults of the driver: for the next cartridge.
    ("mt defblksize 1024; mt offline; mt load; mt status", 0,
     "block size 1024 bytes"),
    ("mt defblksize 0; mt offline; mt load; mt status", 0,
     "block size 0 bytes"),
    ("mt defblksize -1", 0, ""),
    ("mt defdensity 0x5e; mt status", 0, "Density code 0x5e"),
    ("mt defdensity -1", 0, ""),
    ("mt defdrvbuffer 1; mt defdrvbuffer -1", 0, ""),
    ("mt defcompression 1; mt defcompression -1", 0, ""),
    ("mt stsetcln 0", 0, ""),
    ("mt sttimeout 900; mt stlongtimeout 14000", 0, ""),
    ("mt stwrthreshold 32", 0, ""),
    # Options of the driver.
    ("mt stshowoptions", 0, "buffer-writes"),
    ("mt stsetoptions two-fms; option two-fms", 0, "on"),
    ("mt rewind; blocks 1; mt tell", 0, "At block 2"),
    ("mt stclearoptions two-fms; option two-fms", 0, "off"),
    ("mt stoptions buffer-writes async-writes read-ahead can-bsr; "
     "option two-fms; option can-bsr", 0, "off\non"),
    # Partitions.
    ("mt setpartition 1", 2, "Invalid argument"),
    ("mt stsetoptions can-partitions; mt rewind; mt mkpartition 8", 0, ""),
    ("mt setpartition 1; blocks 2; mt status", 0, "partition=1"),
    # The partition comes first, whatever the manual page of mt says.
    ("mt partseek 1 0; mt tell; mt status", 0,
     "At block 0[^$]*partition=1"),
    ("mt setpartition 1; mt seek 1; mt tell; mt status", 0,
     r"At block 1[^$]*partition=1"),
    ("mt setpartition 2", 2, "Invalid argument"),
    ("mt setpartition 0; mt rewind; mt mkpartition 0", 0, ""),
    ("mt setpartition 1", 2, "Invalid argument"),
    ("mt stclearoptions can-partitions", 0, ""),
    # Without a drive.
    ("mt densities", 0, "0x5e +LTO-8"),
    ("mt nonsense", 1, "bad|unknown"),
]


def commands_of(text, pattern):
    """Return the commands that a program lists in its usage."""
    return set(re.findall(pattern, text))


def compare_list(what, listed, tried):
    if listed != tried or not listed:
        raise Failed("%s: not tried: %s; not listed: %s" % (
            what, " ".join(sorted(listed - tried)),
            " ".join(sorted(tried - listed))))


@case("every command of mt")
def mt_every(rig):
    """The commands that mt lists, each with its result."""
    with small(rig) as library:
        steps = MT_CORE + MT_STEPS
        text = rig.guest.run("mt -h", check=True)
        listed = set(re.findall("[a-z]+", text.split("commands:")[1]))
        compare_list("mt", listed, listed & words(steps, "mt"))
        return run_steps(rig, prelude(library) + MT +
                         "mt rewind; blocks 1; blocks 3\n", MT_STEPS)


def words(steps, program):
    """Return the words after the name of a program in steps."""
    return {word for command, _, _ in steps for word in
            re.findall(r"\b%s ([a-z0-9]+)" % program, command)}


# The other commands of mtx, and the other programs of its package.
MTX_STEPS = [
    ("mtx --version", 1, "mtx version 1.3"),
    ("mtx noattach status", 0, "2 Drives, 8 Slots"),
    ("mtx altres status", 0, "2 Drives, 8 Slots"),
    ("mtx nobarcode status; mtx nobarcode status | grep -c VolumeTag", 1,
     "Storage Element 2:Full *\n[^$]*^0$"),
    ("mtx next 0; mtx status", 0,
     r"Element 0:Full \(Storage Element 2 Loaded"),
    ("mtx previous 0; mtx status", 0,
     r"Element 0:Full \(Storage Element 1 Loaded"),
    # The last slot is empty.
    ("mtx last 0", 1, "1029 is Empty"),
    ("mtx status", 0, "Data Transfer Element 0:Empty"),
    ("mtx transfer 4 6; mtx last 0; mtx status", 0,
     r"Element 0:Full \(Storage Element 6 Loaded"),
    ("mtx first 0; mtx status", 0,
     r"Element 0:Full \(Storage Element 1 Loaded"),
    ("mtx position 3", 0, ""),
    # mtx does not report that the element does not exist.
    ("mtx position 99", 0, ""),
    # The library cannot exchange and cannot turn a cartridge over.
    ("mtx exchange 2 3", 1, "Illegal Request|Sense Key"),
    ("mtx invert load 2 1", 1, "Illegal Request|Sense Key"),
    ("mtx status", 0, "Data Transfer Element 1:Empty"),
    ("mtx eepos 0 transfer 3 7; mtx status", 0, "Storage Element 3:Empty"),
    ("mtx eepos 0 transfer 7 3; mtx status", 0, "Storage Element 3:Full"),
    ("mtx unload; mtx status", 0, "Data Transfer Element 0:Empty"),
    # eject is LOAD UNLOAD, which a changer does not have; mtx ends with 0.
    ("mtx eject", 0, "Eject .0x1B. failed"),
    # The other programs of the package.
    ("loaderinfo -f $C", 0, "Product Type: Medium Changer[^$]*"
     "Number of Storage Elements: 6[^$]*Number of Import/Export Elements: 2"),
    ("mtx load 1 0; tapeinfo -f $S", 0, "Product ID: 'ULTRIUM-TD8[^$]*"
     "SCSI ID[^$]*Ready: yes[^$]*Block Position: 0"),
    # It always sends the FIXED bit.
    ("scsitape -f $S setblk 4096; scsitape -f $S rewind; "
     "head -c 4096 /dev/zero | scsitape -f $S write 4096", 0, ""),
    ("scsitape -f $S mark 1; scsitape -f $S rewind; scsitape -f $S fsf 1; "
     "tapeinfo -f $S", 0, "Block Position: 2"),
    ("scsitape -f $S bsf 1; tapeinfo -f $S", 0, "Block Position: 1"),
    ("scsitape -f $S eod; tapeinfo -f $S", 0, "Block Position: 2"),
    ("scsitape -f $S seek 1; tapeinfo -f $S", 0, "Block Position: 1"),
    ("scsitape -f $S rewind; scsitape -f $S read 4096 | wc -c", 0, "^4096$"),
    ("scsitape -f $S rewind; scsitape -f $S erase; tapeinfo -f $S", 0,
     "BOP: yes"),
    ("scsitape -f $S eject; tapeinfo -f $S", 0, "Ready: no"),
    ("scsieject -f $S load; sg_turs -n 3 $S; tapeinfo -f $S", 0,
     "Ready: yes"),
    ("scsieject -f $S lock; scsieject -f $S unlock", 0, ""),
    ("scsieject -f $S unload; tapeinfo -f $S", 0, "Ready: no"),
    ("stinit -h", 0, "Usage: stinit"),
]


@case("every command of mtx")
def mtx_every(rig):
    """The commands that mtx lists, each with its result."""
    with small(rig) as library:
        steps = MTX_CORE + MTX_STEPS
        text = rig.guest.run("mtx --help 2>&1; true", check=True)
        listed = set(re.findall(r"\b[a-z]+\b", re.sub(
            r"<[^>]*>|loader-dev|eepos-number|--version|more commands|"
            r"Usage|\b(f|mtx)\b", " ", text)))
        compare_list("mtx", listed, listed & words(steps, "mtx"))
        return run_steps(rig, prelude(library) + MTX, MTX_STEPS)
