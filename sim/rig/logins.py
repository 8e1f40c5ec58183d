"""open-iscsi logs in to a library that requires CHAP, and is refused."""
import os

from cases import Differences, case
from guest import Failed
from openiscsi import NETWORK
from served import NAME, OPEN_ISCSI, Library

FILE = """\
iqn.2026-11.org.example:a backup one-way-secret
iqn.2026-11.org.example:m backup both-ways-secret tapelab secret-of-library
"""
ONE_WAY = "-i iqn.2026-11.org.example:a -u backup -w one-way-secret"
MUTUAL = "-i iqn.2026-11.org.example:m -u backup -w both-ways-secret"
DIGESTS = " ".join("-P node.conn[0].iscsi.%sDigest=CRC32C" % which
                   for which in ("Header", "Data"))
# Options of iscsistart, its status, and what the server reports.  A session
# stays, so each target is logged in to once.
LOGINS = (
    (NAME, ONE_WAY.replace("-secret", "-guess"), 1,
     "its CHAP user or secret is wrong"),
    (NAME, ONE_WAY.replace("example:a", "example:x"), 1,
     "its CHAP user or secret is wrong"),
    (NAME, "-i iqn.2026-11.org.example:a", 1, "it did not authenticate"),
    # The initiator refuses the target.
    (NAME, MUTUAL + " -U tapelab -W another-secret-2", 1,
     "the initiator closed the connection"),
    (NAME, MUTUAL + " -U tapelab -W secret-of-library " + DIGESTS, 0,
     "login: "),
    (NAME + ".drive0", ONE_WAY, 0, "login: "),
)

def log_in(library, target, options):
    """Log in; return the status, and what the server has reported since."""
    with open(os.path.join(library.dir, "log"), encoding="utf-8") as log:
        log.seek(0, os.SEEK_END)
        status, _ = library.rig.guest.run(
            "timeout 50 iscsistart -t %s -g 1 -a 10.0.2.2 -p %d %s" % (
                target, library.port, options), seconds=60)
        return status, log.read()


@case("logins")
def logins(rig):
    found = Differences()
    # The sessions of other cases last as long as their guest.
    rig.stop()
    rig.start()
    with Library(rig, "--drives", "1", "--volumes", "1") as library:
        path = os.path.join(library.dir, "chap")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w",
                  encoding="utf-8") as f:
            f.write(FILE)
        library.serve("--chap", path)
        rig.guest.run(NETWORK, check=True)
        rig.initiators.add(OPEN_ISCSI)
        for target, options, status, says in LOGINS:
            answer, log = log_in(library, target, options)
            found.compare("status of iscsistart -t %s %s" % (target, options),
                          status, answer)
            found.check("what the server reports of " + options, says in log,
                        log)
        # Three nodes: changer and drive, and the drive of its own target.
        output = rig.guest.run("""
until [ $(ls /sys/class/scsi_generic | wc -l) = 3 ]; do sleep 0.05; done
head -c 1000000 /dev/urandom >/tmp/data
mtx -f /dev/sg0 load 1 0 >&2
dd if=/tmp/data of=/dev/nst0 bs=100000 2>&1 | grep copied
mt -f /dev/nst0 rewind
dd if=/dev/nst0 bs=100000 2>/dev/null | cmp - /tmp/data && echo equal
cd /sys/class/iscsi_connection
for c in *; do
	echo $(cat $c/header_digest $c/data_digest $c/max_xmit_dlength)
done
""", seconds=60, check=True)
        found.check("data over a session with digests", "equal" in output,
                    output)
        # On or off, and the bytes of a PDU that the library accepts.
        found.compare("digests and longest PDU of each session",
                      ["1 1 1048576", "0 0 1048576"],
                      [line for line in output.splitlines()
                       if line.count(" ") == 2])
        # The sessions end with the guest.
        rig.stop()
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests
