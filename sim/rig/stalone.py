"""A user who may open the node of the tape driver, and no other of the drive.

All answers then come from the driver: its open node holds the drive, and it
states the block size.
"""
from cases import case
from dumps import one_drive
from served import SG, ST
from steps import run_steps

# The changer command is asked for the first volume, and between two volumes.
PRELUDE = """
C=%(changer)s N=%(n)s S=%(s)s
MT=$(command -v mt) # not that of busybox
export C MT
head -c 1400000 /dev/urandom > /tmp/data
chgrp 1000 $N; chmod 660 $N; chmod 600 $S; chmod 666 $C
as_user() { capsh --gid=1000 --uid=1000 --shell=/bin/sh -- -c "$1"; }
cat > /tmp/change <<'END'
#!/sbin/busybox sh
# change DEVICE WANTED BEFORE
$MT -f $1 status 2>&1 | grep -c busy >> /tmp/held/seen
now=$(cat /tmp/held/slot)
if [ $now != 0 ]; then
	mtx -f $C unload $now 0 >&2 || exit 1
fi
slot=$((now + 1))
[ -z "$2" ] || slot=$(grep -n "^$2\\$" /tmp/names | cut -d: -f1)
mtx -f $C load $slot 0 >&2 || exit 1
echo $slot > /tmp/held/slot
sed -n ${slot}p /tmp/names
END
chmod 755 /tmp/change
rm -rf /tmp/held; mkdir -m 777 /tmp/held; echo 0 > /tmp/held/slot
chmod 666 /tmp/held/slot
printf '%%s\\n' %(names)s > /tmp/names
mtx -f $C load 1 0 > /dev/null; mt -f $N setblk 1024
mtx -f $C unload 1 0 > /dev/null
"""
WRITE = ("tapelab write --device $N --no-catalogue --label-blank "
         "--changer-command '/tmp/change \\\"\\$@\\\"' --block '32 KiB' "
         "--part '256 KiB' --limit '1 MiB,128 KiB' --dump d < /tmp/data")
READ = ("tapelab read --device $N --changer-command '/tmp/change \\\"\\$@\\\"' "
        "--dump d | cmp - /tmp/data")


@case("st alone", core=True)
def st_alone(rig):
    """The driver's block size is as before, and no other program gets the drive."""
    with one_drive(rig) as library:
        nodes = library.nodes()
        prelude = PRELUDE % {
            "changer": nodes[0][SG], "n": nodes[1][ST], "s": nodes[1][SG],
            "names": " ".join(library.volumes())}
        return run_steps(rig, prelude, [
            ("as_user \": < $S\"", 2, "denied"),
            ('as_user "%s"' % WRITE, 0, "tape driver"),
            # The first volume and the second one.
            ("cat /tmp/held/seen", 0, "\\A1\n1\n"),
            ("grep -v 1 /tmp/held/seen", 1, ""),
            ("mt -f $N status", 0, "Tape block size 1024 bytes"),
            ('as_user "%s"' % READ, 0, ""),
            ("grep -v 1 /tmp/held/seen", 1, ""),
            ("mt -f $N status", 0, "Tape block size 1024 bytes")])
