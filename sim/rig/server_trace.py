"""What the drives of a served library have done: the trace of the server."""
import json
import time

from guest import Failed

# The operation codes of WRITE and WRITE FILEMARKS.
WRITE, FILEMARKS = "0a", "10"


class Trace:
    def __init__(self, path):
        self.path = path

    def done(self):
        """Return the commands that have ended with GOOD."""
        with open(self.path, encoding="utf-8") as f:
            # The server may be writing the last line.
            return [command for command in
                    (json.loads(line) for line in f if line[-1] == "\n")
                    if command["status"] == 0]

    def counts(self, *codes):
        """Return how many commands of each kind have ended with GOOD."""
        done = [command["cdb"][:2] for command in self.done()]
        return [done.count(code) for code in codes]

    def luns(self, *codes):
        """Return the logical units that have carried out such a command."""
        return {command["lun"] for command in self.done()
                if command["cdb"][:2] in codes}

    def wait(self, at_least, seconds=60):
        """Wait until this many commands of each kind have ended with GOOD."""
        end = time.monotonic() + seconds
        while True:
            found = self.counts(*at_least)
            if all(have >= want
                   for have, want in zip(found, at_least.values())):
                return
            if time.monotonic() > end:
                raise Failed("the drive has done %s, not %s" % (
                    dict(zip(at_least, found)), at_least))
            time.sleep(0.02)
