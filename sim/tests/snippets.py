"""Runs the snippets of a document, as a reader would.

The snippets of a document are run in order, in one folder, by bash, with
tapelab in PATH. A line that begins with "$ " is a command, and the lines below
it are its output, where "..." stands for any lines. Dump ids, dates and, in
real time, durations differ from run to run and are not compared.

A document fails if it has a snippet that no test runs, and a document with
snippets needs a test.
"""
import os
import re
import shutil
import sqlite3
import subprocess

from command import CommandTest, NO_PLOTS, PATIENCE_S, PROGRAM, ROOT

BUILD = os.environ.get("BUILD", "build")
SANITIZER = os.environ.get("SANITIZER")

# A tape drive for `mt` and `dd`: a folder with a file for each tape file.
# `asf` selects a file, and `dd` reads blocks from there on.
MT = r"""#!/bin/sh
case $3 in
rewind|setblk) echo 0 > tape/at ;;
asf) ls "tape/$4" > /dev/null && echo "$4" > tape/at ;;
*) exit 1 ;;
esac
"""
DD = r"""#!/bin/sh
for a; do case $a in
if=/dev/nst0) set -- "$@" "if=tape/$(cat tape/at)" ;;
bs=8M) set -- "$@" bs=262144 ;;
*) set -- "$@" "$a" ;;
esac; shift; done
exec /bin/dd "$@"
"""
# A changer for the script of tapelab-st(7).
MTX = r"""#!/bin/sh
case $3 in
unload) ;;
load) echo "$4" > loaded ;;
status) echo "Data Transfer Element 0:Full (Storage Element $(cat loaded)\
 Loaded):VolumeTag = VTA00$(cat loaded)L8" ;;
*) exit 1 ;;
esac
"""


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def roff_snippets(text):
    """The literal displays and the lines of .Dl, as a reader sees them."""
    found = re.findall(r"^\.Bd -literal.*\n((?:.*\n)*?)\.Ed$|^\.Dl (.*)$",
                       text, re.M)
    return [(body or line + "\n").replace(r"\e", "\\").replace(r"\&", "")
            for body, line in found]


def markdown_snippets(text):
    """The fenced and the indented blocks."""
    found = []
    for fenced, indented in re.findall(
            r"^```\w*\n((?:.*\n)*?)```$|((?:^(?: {4}.*)?\n)+)", text, re.M):
        body = fenced or "".join(line[4:] + "\n" for line in
                                 indented.strip("\n").split("\n"))
        if body.strip():
            found.append(body)
    return found


def pages():
    """Return the manual pages, as paths below the root."""
    return sorted(os.path.join(folder, name)
                  for folder in ("sim/man", "splitter/api/man")
                  for name in os.listdir(os.path.join(ROOT, folder)))


def stable(text, real_clock):
    """Return the text without anything that differs from run to run."""
    text = re.sub(r" +$", "", text, flags=re.M)
    text = re.sub(r"@[0-9a-f]{16}", "@ID", text)
    text = re.sub(r"of dump [0-9a-f]{16}", "of dump ID", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", text)
    if real_clock:
        text = re.sub(r", [\d.]+ (ms|s|min)$", ", TIME", text, flags=re.M)
    return text


class Snippets(CommandTest):
    document = None

    def setUp(self):
        super().setUp()
        bins = self.path("bin")
        os.mkdir(bins)
        os.symlink(PROGRAM, os.path.join(bins, "tapelab"))
        for name, script in (("mt", MT), ("dd", DD), ("mtx", MTX)):
            os.chmod(self.file("bin/" + name, script), 0o755)
        if not self.plots:
            os.symlink(os.path.join(NO_PLOTS, "gnuplot"),
                       os.path.join(bins, "gnuplot"))
        os.mkdir(self.path("work"))
        self.exports = ""
        if self.document is None:
            return
        text = read(self.document)
        self.left = (markdown_snippets if self.document.endswith(".md")
                     else roff_snippets)(text)

    def take(self, beginning=""):
        """Return the next snippet, which must begin with this text."""
        self.assertNotEqual(self.left, [], self.document)
        snippet = self.left.pop(0)
        self.assertTrue(snippet.startswith(beginning), snippet)
        return snippet

    def ended(self):
        self.assertEqual(self.left, [], "no test runs these snippets")

    def work(self, *names):
        return self.path("work", *names)

    def put(self, name, text):
        self.file("work/" + name, text)

    def shell(self, script, status=0, cwd=None):
        """Run a script; return its output on both streams."""
        done = subprocess.run(
            ["bash", "-c", "set -o pipefail\n" + self.exports + script],
            cwd=cwd or self.work(), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=PATIENCE_S, env=self.environment({
                "PATH": self.path("bin") + ":" + os.environ["PATH"]}))
        out = done.stdout.decode()
        self.assertEqual(done.returncode, status, script + out)
        return out

    def transcript(self, snippet, status=0):
        """Run the commands and compare their output; `status` is that of the
        last one."""
        chunks = re.split(r"^\$ ", snippet, flags=re.M)
        self.assertEqual(chunks[0], "")
        for i, chunk in enumerate(chunks[1:], 2):
            lines = chunk.split("\n")
            n = 1
            while lines[n - 1].endswith("\\"):
                n += 1
            command = "\n".join(lines[:n])
            self.prints(command, "\n".join(lines[n:]),
                        status if i == len(chunks) else 0)

    def prints(self, command, shown, status=0):
        """Run the command and compare its output with the snippet."""
        real = "--clock real" in command
        got = stable(self.shell(command + "\n", status), real)
        want = "".join(
            r"(?:.*\n)*?" if line.strip() == "..." else
            re.escape(line) + r"\n"
            for line in stable(shown, real).rstrip("\n").split("\n")) \
            if shown.strip() else ""
        self.assertIsNotNone(re.fullmatch(want, got), "%s prints\n%s\nnot\n%s"
                             % (command, got, shown))

    def attaches(self, snippet):
        """Check that a server of the library "lib" prints what the snippet
        says, except for ports and identifiers."""
        shutil.rmtree(self.work("lib"), ignore_errors=True)
        create = re.findall(r"^\$ (tapelab vtl create .*)$", snippet, re.M)
        self.shell("\n".join(create) or "tapelab vtl create lib")
        out = self.shell(
            "tapelab serve lib --listen 127.0.0.1:0 --ready ready >out &\n"
            "while ! [ -e ready ]; do kill -0 $! || exit 1; sleep 0.01; done\n"
            "rm ready; kill $!; wait $!; cat out")
        out = re.sub(r"(127\.0\.0\.1):\d+", r"\1", out)
        for line in re.findall(r"^\$ sudo (iscsiadm .*)$", snippet, re.M):
            self.assertIn(line, out)
        for word in re.findall(r"-(?:device|drive) (\S+)", snippet):
            word = re.sub(r"(id|drive)=c\b", r"\1=changer", word)
            word = re.sub(r"(id|drive)=d\b", r"\1=drive0", word)
            self.assertIn(word, out)
        for element in re.findall(r"mtx -f \S+ load (.*)", snippet):
            self.shell("tapelab mtx -f lib load " + element)

    def uses_devices(self, snippet):
        """Run the commands of the snippet with devices that do not exist."""
        lines = re.findall(r"^\$ (.*)$", snippet, re.M)
        for line in lines or snippet.splitlines():
            out = self.shell("(%s) 2>&1 < /dev/null || :\n" %
                             line.replace("/dev/", "/dev/nosuch/"))
            self.assertRegex(out, "tapelab: /dev/nosuch/.*: No such file")

    def compiles(self, fragment, before="", around="%s"):
        """Compile a fragment of C with the installed headers."""
        self.put("fragment.c", "#include <err.h>\n#include <stdio.h>\n"
                 "#include <stdlib.h>\n#include <unistd.h>\n"
                 "#include <tapelab/changer.h>\n"
                 "#include <tapelab/label.h>\n#include <tapelab/st.h>\n"
                 "#include <tapelab/volumes.h>\n" + before +
                 around % fragment)
        os.makedirs(self.work("include"), exist_ok=True)
        os.makedirs(self.work("include/tapelab"), exist_ok=True)
        for name in ("api/changer.h", "api/label.h", "api/reader.h", "api/splitter.h",
                     "api/st.h", "api/volumes.h", "tape/tape.h",
                     "tape/condition.h",
                     "tape/enums.h"):
            shutil.copy(os.path.join(ROOT, "splitter", name),
                        self.work("include/tapelab"))
        self.shell("cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror "
                   "-Wno-unused-function -Iinclude -c -o /dev/null "
                   "fragment.c\n")

    def query(self, database, *beginnings):
        """Run queries, each of which must return rows."""
        db = sqlite3.connect(self.work(database))
        self.addCleanup(db.close)
        for beginning in beginnings:
            snippet = self.take(beginning)
            self.assertNotEqual(db.execute(snippet).fetchall(), [], snippet)

    def numbers(self):
        """Create the file of the README."""
        self.shell("seq 400000 > numbers\n")

    def dump(self, name="friday", library="lib"):
        """Write a dump of three parts, the first two of them on one volume."""
        self.numbers()
        self.shell("tapelab vtl create %s --volumes 3 --capacity '3 MiB' "
                   "--early-warning '512 KiB' && tapelab label --library %s "
                   "&& tar c numbers | tapelab write --library %s "
                   "--dump %s --part '1 MiB' --cache spool\n" %
                   (library, library, library, name))


class ManualPage(Snippets):
    FOLDER = "sim/man"

    def page(self, name):
        """Begin with a page of the folder."""
        self.document = os.path.join(self.FOLDER, name)
        self.left = roff_snippets(read(self.document))
