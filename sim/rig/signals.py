"""Signals while a dump is written: no command is sent twice, no block is lost.

The generic driver (sg) waits interruptibly for the answer of SG_IO, and sends
the command again after a signal that stops or continues the process.  The drive
is paced, so a command is nearly always waiting.  After the dump the file of the
volume is read on the host, block by block.
"""
import json
import os
import re
import sqlite3

from cases import Differences, case
from guest import Failed
from served import SG, ST, Library
from server_trace import WRITE, Trace

BLOCK = 32 * 1024
PIECE = 16 * BLOCK
# A drive of 6 MB/s, five times as fast: a block takes 1 ms once the buffer of
# the drive is full, and loading takes 7 s.
DRIVE = ("--drives", "1", "--drive-model", "dlt8000", "--volumes", "1",
         "--capacity", "2 GiB", "--behaviour",
         "{buffered: true, buffer: 256 KiB}")
# STOP, CONT and WINCH, this many times each.
ROUNDS, CORE_ROUNDS = 1000, 60
# The nodes of the drive through which tapelab writes.
NODES = {"st": ST, "sg": SG}
# How often a dump is interrupted, and then resumed; how many WRITEs come
# before: more than those of the label and two parts of 17 blocks.
INTERRUPTS, BEFORE = 6, 40
SCRIPT = """
N=%(node)s
cp /share/piece /tmp/piece
write() { # in the background, or in a subshell
	exec tapelab write $(drive $N) --volume %(volume)s --label-blank --dump d \\
		--no-catalogue --block '32 KiB' --part '512 KiB' --buffer '1 MiB' \\
		--cache memory --json "$@"
}
feed() { # FILE: a piece again and again until the file is there
	until [ -e $1 ]; do
		cat /tmp/piece
	done
}
"""
STRIKE = """
rm -f /tmp/struck /tmp/fifo # of the other node
mkfifo /tmp/fifo
feed /tmp/struck > /tmp/fifo &
write < /tmp/fifo > /tmp/result & writer=$!
sleep 4
kill -STOP $writer; sleep 1
# The process that gets the signals is tapelab, by its dynamic linker.
echo "stopped $(sed -n 's/^State:.*(\\(.*\\))/\\1/p' /proc/$writer/status)" \\
	"$(readlink /proc/$writer/exe)"
kill -CONT $writer
round=0
while [ $round -lt %d ]; do
	kill -STOP $writer && kill -CONT $writer && kill -WINCH $writer || exit 1
	round=$((round + 1))
	usleep 2000
	kill -STOP $writer && usleep 500 && kill -CONT $writer || exit 1
done
> /tmp/struck
wait $writer; echo "write $?"
cat /tmp/result
"""
# The same bytes come each time.  Each time the dump comes a few parts further,
# more on a busy machine, and in the end it is complete.
INTERRUPT = """
> /tmp/data
for n in $(seq 64); do
	cat /tmp/piece >> /tmp/data
done
resume=
for n in $(seq %d); do
	write $resume < /tmp/data > /tmp/result & writer=$!
	host more > /dev/null
	kill -INT $writer
	wait $writer; status=$?
	echo "interrupted $status"
	resume=--resume
done
(write --resume < /tmp/data > /tmp/result)
echo "write $?"
cat /tmp/result
"""


class Volume:
    """A volume, as its file has it: list of files, each a list of blocks."""

    def __init__(self, path):
        self.files = [[]]
        with sqlite3.connect("file:%s?mode=ro" % path, uri=True) as base:
            for count, size, last, data in base.execute(
                    "select count, block_bytes, last_bytes, data from objects "
                    "order by first"):
                if size == 0:
                    self.files += [[] for _ in range(count)]
                    continue
                for i in range(count):
                    end = i * size + (size if i < count - 1 else last)
                    self.files[-1].append(data[i * size:end])
        base.close()

    def parts(self):
        """Return the blocks of each part, without its header.  The first file
        is the label; the last one, the end record, has headers only."""
        return [blocks[1:] for blocks in self.files[1:-2]]


def result_of(output):
    """Return the JSON object that the writer has printed last."""
    try:
        return json.loads(output[output.index("\n{") + 1:])
    except ValueError:
        raise Failed("the writer printed no result:\n" + output[-2000:]) \
            from None


def begin(rig, library, node, pace, piece):
    """Serve the library with its volume in the drive, and give the guest the
    piece.  Return the barcode, the trace, and how scripts begin."""
    trace = Trace(os.path.join(library.dir, "trace"))
    volume = library.serve_loaded(pace, "--trace", trace.path)
    library.log_in()
    with open(os.path.join(rig.guest.share, "piece"), "wb") as f:
        f.write(piece)
    return volume, trace, SCRIPT % {"node": library.nodes()[1][node],
                                    "volume": volume}


def struck(rig, node, rounds):
    """Write while signals come; return the differences that were found."""
    found = Differences()
    piece = os.urandom(PIECE)
    with Library(rig, *DRIVE) as library:
        volume, trace, script = begin(rig, library, node, "--pace=0.2", piece)
        output = rig.guest.run(script + STRIKE % rounds, 60 + rounds,
                               check=True)
        library.detach()
        library.stop()
        found.check("the writer was stopped",
                    re.search("^stopped stopped /host/lib/ld-", output, re.M),
                    output[-3000:])
        result = result_of(output)
        blocks = result["safe_bytes"] // BLOCK
        found.check("the dump is DONE, each part at its first attempt",
                    "write 0\n" in output and result["outcome"] == "DONE" and
                    all(part["attempt"] == 1 for part in result["parts"]),
                    output[-3000:])
        on_tape = Volume(os.path.join(library.path, volume + ".tape"))
        written = [block for part in on_tape.parts() for block in part]
        found.check("each block is once on the tape, in its order",
                    written == [piece[i * BLOCK % PIECE:][:BLOCK]
                                for i in range(blocks)],
                    "%d blocks on the tape, %d in the dump" % (
                        len(written), blocks))
        found.compare("WRITE commands that the drive has carried out",
                      sum(len(file) for file in on_tape.files),
                      trace.counts(WRITE)[0])
    return found


def interrupted(rig, node):
    """Interrupt a dump again and again, and resume it."""
    found = Differences()
    with Library(rig, *DRIVE) as library:
        _, trace, script = begin(rig, library, node, "--pace=0.1",
                                 os.urandom(PIECE))
        rig.guest.calls = {"more": lambda: trace.wait(
            {WRITE: trace.counts(WRITE)[0] + BEFORE})}
        output = rig.guest.run(script + INTERRUPT % INTERRUPTS + """
tapelab read $(drive $N) --dump d | cmp - /tmp/data; echo "read $?"
""", 400, check=True)
        found.check("the dump was interrupted, resumed, and read back",
                    output.count("interrupted 5\n") == INTERRUPTS and
                    "write 0\n" in output and "read 0\n" in output,
                    output[-3000:])
        rig.guest.calls = {}
    return found


def each_node(rig, judge):
    """Judge the nodes of the drive."""
    tests, texts = 0, []
    for name, node in NODES.items():
        found = judge(node)
        rig.start()
        tests += found.tests
        texts += ["%s: %s" % (name, text) for text in found.texts]
    if texts:
        raise Failed("\n".join(texts))
    return tests


@case("signals")
def signals(rig):
    """A thousand rounds of signals on each node, while a dump is written."""
    return each_node(rig, lambda node: struck(rig, node, ROUNDS))


@case("a few signals", core=True, kernels="last")
def a_few_signals(rig):
    """Some of them on the generic node, where they do harm."""
    found = struck(rig, SG, CORE_ROUNDS)
    if found.texts:
        raise Failed("\n".join(found.texts))
    return found.tests


@case("interrupts")
def interrupts(rig):
    """SIGINT again and again; the dump is resumed each time."""
    return each_node(rig, lambda node: interrupted(rig, node))
