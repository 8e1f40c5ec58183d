#!/usr/bin/env python3
"""Every snippet of the README and of the manual pages works as shown.

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
import unittest

from command import CommandTest, PATIENCE_S, PROGRAM, ROOT, SCENARIOS, main

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


class Readme(Snippets):
    document = "README.md"

    def test_its_snippets(self):
        # `make demo` and `make check` are not run here: see demo_report.py.
        self.take("make demo")
        self.exports += self.take("export PATH")
        self.demo(self.take("part  attempt"))
        self.assertEqual(self.exports, "export PATH=$PWD/build:$PATH\n")
        self.exports = ""
        self.put("first.yaml", self.take("title:"))
        self.transcript(self.take("$ tapelab run --out results first.yaml"))
        self.transcript(self.take("$ cut"))
        self.transcript(self.take("$ sed"), status=1)
        self.sweep()
        for beginning in ("$ tapelab vtl create", "$ seq", "$ tapelab scan",
                          "$ tapelab vtl create"):
            self.transcript(self.take(beginning))
        self.uses_devices(self.take("$ tapelab drives"))
        with open(PROGRAM, "rb") as f:
            self.assertIn(self.take("SUBSYSTEM").strip().encode(), f.read())
        self.attaches(self.take("$ tapelab vtl create"))
        self.attaches(self.take("$ qemu-system"))
        self.accepts(self.take("$ tapelab run --device"))
        # `make check` runs the whole suite by itself.
        self.take("tapelab run --out results scenarios")
        self.assertEqual(self.shell(self.take("jq")), "")
        if SANITIZER:
            self.left = []              # the program would need it too
        else:
            self.installs()
        self.ended()

    def accepts(self, snippet):
        """The drive does not exist here: only the command is checked."""
        os.symlink(os.path.join(ROOT, "scenarios"), self.work("scenarios"))
        self.shell(snippet.removeprefix("$ "), status=2)
        self.assertFalse(os.path.exists(self.work("new-drive")))
        os.unlink(self.work("scenarios"))

    def sweep(self):
        scenario = self.take("title:")
        self.put("lto8.yaml", scenario)
        # Under a sanitizer the sweep takes minutes; the answer is the same.
        answer = self.take("$ tapelab tune")
        if not SANITIZER:
            self.transcript(answer)
        # A smaller dump takes less time, and its shares less.
        self.put("lto8.yaml", scenario.replace("1 TB", "64 MB"))
        self.assertIn("Recommendation", self.shell(self.take("parallel")))
        self.put("shares.sh", self.take("#!/bin/sh"))
        self.shell("export SLURM_ARRAY_TASK_COUNT=2\n"
                   "for SLURM_ARRAY_TASK_ID in 1 2; do\n"
                   "export SLURM_ARRAY_TASK_ID; sh -e shares.sh; done\n"
                   "tapelab report task1 task2\n")

    def demo(self, table):
        """Compare with the columns of attempts.tsv, except the last two; the last
        column shown is often empty."""
        columns = table.splitlines()[0].split()
        shown = re.search(r'"(part.*)"\s*"(.*)\\n"', read(
            "reports/write/tsv.c"))
        self.assertEqual(columns, "".join(shown.groups()).split("\\t")[:8])
        for line in table.splitlines()[1:]:
            if re.match(r"\d", line):
                self.assertIn(len(line.split()), (7, 8), line)

    def installs(self):
        env = "unset MAKELEVEL MFLAGS\nexport MAKEFLAGS=' -- B=%s'\n" % BUILD
        install = self.take("make install")
        self.exports += "export HOME=%s\n" % self.work()
        self.shell(env + install, cwd=ROOT)
        self.exports += install[install.index("export"):]
        self.compiles(self.take("#include <tapelab/splitter.h>"),
                      around="int f(struct tape_library *library,\n"
                      "    struct splitter_config config, char *err2)\n"
                      "{\n\tchar err[256];\n\tstruct splitter *s;\n"
                      "\tconst struct splitter_summary *outcome;\n"
                      "\t(void)err2;\n%s\treturn outcome->outcome;\n}\n")
        os.symlink(os.path.join(ROOT, "splitter"), self.work("splitter"))
        lines = self.take("cc ")
        self.build_and_run(lines, self.take("1 1 A"))

    def build_and_run(self, lines, shown):
        self.prints(lines, shown)


class CommandPages(Snippets):
    def page(self, name):
        self.document = "sim/man/" + name
        self.left = roff_snippets(read(self.document))

    def test_tapelab(self):
        self.page("tapelab.1")
        # `make check` runs the whole suite by itself.
        self.take("tapelab run --out results scenarios")
        os.symlink(os.path.join(ROOT, "scenarios"), self.work("scenarios"))
        self.shell(self.take("tapelab check scenarios/"))
        self.ended()

    def test_yaml(self):
        self.page("tapelab.yaml.5")
        self.shell("mkdir -p .config/tapelab\n")
        self.put(".config/tapelab/tapelab.yaml",
                 self.take("write:").replace("/var/tmp", "."))
        self.exports = "export HOME=$PWD\n"
        self.numbers()
        self.shell("tapelab vtl create ~/tapes --volumes 1 --config none\n"
                   "tapelab label --library ~/tapes\n"
                   "tapelab write --dump friday numbers\n"
                   "tapelab read --dump friday | cmp - numbers\n")
        self.put("bad.yaml", "write:\n  prat: 1 GiB\n  yes: true\n")
        self.transcript(self.take("$ tapelab scan"), status=2)
        self.ended()

    def test_completion(self):
        self.page("tapelab-completion.1")
        self.shell(self.take("source <(tapelab completion bash)") +
                   "complete -p tapelab\n")
        self.shell("command -v zsh || exit 0\n"
                   "zsh -f -c 'set -e; %s'\n" %
                   self.take("autoload").replace("compinit;", "compinit -u;"))
        self.exports = "export HOME=$PWD\n"
        self.shell("mkdir .zfunc\n" + self.take("tapelab completion zsh") +
                   "grep -q '^#compdef tapelab$' .zfunc/_tapelab\n")
        self.ended()

    def test_run(self):
        self.page("tapelab-run.1")
        sets = self.take("--set ")
        readme = markdown_snippets(read("README.md"))
        first = [s for s in readme if s.startswith("title:")][0]
        self.put("first.yaml", first)
        self.shell("tapelab check %s first.yaml\n" % sets.replace("\n", " "))
        passed, summary = self.take("passed"), self.take("  3.093 MB/s")
        failed = self.take("failed")
        self.assertIn(passed.rstrip("\n") + "\n" + summary.strip("\n"),
                      self.shell("tapelab run first.yaml\n"))
        self.put("first.yaml", first.replace("cache: memory", "cache: none"))
        self.prints("tapelab run first.yaml", failed + "...", status=1)
        self.take("tapelab run --")
        stream = self.take("tar -cf - ")
        self.put("tar.yaml", self.take("title:"))
        self.numbers()
        self.shell(stream.replace("/usr/share", "numbers"))
        self.put("first.yaml", first)
        self.shell(self.take("for seed"))
        os.symlink(SCENARIOS, self.work("scenarios"))
        self.shell(self.take("tapelab run --filter").replace(
            "run ", "run --list "))
        self.ended()

    def test_check(self):
        self.page("tapelab-check.1")
        form = self.take("path:line:column")
        example = self.take("$ tapelab check bad.yaml")
        self.put("bad.yaml", """title: A dump over two volumes
library:
  drives: [lto8]
  volumes: {count: 2, capacity: 2 GiB}
dump:
  source: random
  size: 1 GiB
  rates: 300 MB/s
splitter:
  block: 256 KiB
  buffer: 16 MiB
  part: 100 MiB
  cache: memory
faults:
  - {volume: 1, at: 1 GiB, fail: write, sense: medium_eror}
expect: [outcome == DONE]
""")
        # The page shows its last line as two.
        self.transcript(re.sub(r'did you mean\n"', 'did you mean "', example),
                        status=2)
        self.assertEqual(form.count(":"), 3)
        self.ended()

    def test_tune(self):
        self.page("tapelab-tune.1")
        example = self.take("tapelab tune ")
        scenario = self.take("title:")
        # A smaller dump takes less time, and the share less.
        self.put("lto8.yaml", scenario.replace("2 TB", "64 MB"))
        self.assertIn("Compared with today", self.shell(example))
        self.shell(self.take("tapelab tune "))
        self.ended()

    def test_calibrate(self):
        self.page("tapelab-calibrate.1")
        self.put("backup.yaml", """title: A dump
library: {drives: [lto8], volumes: {count: 1, capacity: 12 TB}}
dump: {size: 64 MB, rate: 90..250 MB/s}
""")
        self.assertIn("Recommendation",
                      self.shell(self.take("tapelab vtl create")))
        self.ended()

    def test_report(self):
        self.page("tapelab-report.1")
        self.put("lto8.yaml", """title: A dump
library: {drives: [lto8], volumes: {count: 1, capacity: 12 TB}}
dump: {size: 64 MB, rate: 90..250 MB/s}
""")
        self.shell("tapelab run --out results lto8.yaml; mkdir baseline\n"
                   "cp results/results.json baseline; git init -q -b main\n"
                   "git add baseline\n"
                   "git -c user.name=a -c user.email=a@b commit -qm a\n")
        self.assertIn("; 0 regressions\n",
                      self.shell(self.take("git show main:")))
        self.assertIn("Recommendation", self.shell(self.take("parallel ")))
        self.ended()

    def test_record(self):
        self.page("tapelab-record.1")
        self.numbers()
        # The contents of /home vary.
        self.shell(self.take("tar c /home").replace("/home", "numbers"))
        self.put("a.yaml", self.take("title:"))
        self.shell("tapelab run a.yaml\n")
        self.ended()

    def test_write(self):
        self.page("tapelab-write.1")
        self.numbers()
        self.shell("tapelab vtl create lib --volumes 4 --capacity '16 MiB' && "
                   "tapelab label --library lib\n")
        while self.left:
            snippet = self.take(("tapelab write", "tar c /home"))
            # The contents of /home vary, and a dump can be DONE only once.
            snippet = snippet.replace("/home", "numbers")
            if "--resume" in snippet:
                snippet = snippet.replace("friday", "saturday")
                self.shell("tar c numbers | tapelab write --library lib "
                           "--dump saturday --part '512 KiB' "
                           "--fault block:6:medium_error\n", status=4)
                snippet = snippet.replace("10 GiB", "512 KiB")
            self.shell(snippet)
        self.ended()

    def test_read(self):
        self.page("tapelab-read.1")
        self.dump()
        shutil.copy(self.work("lib", "catalogue.db"), self.work())
        self.assertIn("|", self.shell(self.take("sqlite3 ")))
        os.rename(self.work("numbers"), self.work("before"))
        self.shell(self.take("tapelab read") + "cmp numbers before\n")
        self.shell("tapelab vtl export lib VTA001L8 --to .\n")
        self.shell(self.take("tapelab read"), status=4)
        self.assertTrue(os.path.exists(self.work("missing.json")))
        self.ended()

    def test_vtl(self):
        self.page("tapelab-vtl.1")
        while self.left:
            self.transcript(self.take("$ tapelab"))
        self.ended()

    def test_serve(self):
        self.page("tapelab-serve.1")
        program = "/usr/local/bin/tapelab serve "
        file = self.take("# initiator")
        settings = self.take("discovery.sendtargets.auth")
        for word in re.findall(r"(?:username|password)(?:_in)? = (.*)",
                               settings):
            self.assertIn(" " + word, file)
        self.authenticates(file, self.take("$ iscsi-ls -i")[2:])
        for manager in ("--user", "--system"):
            unit = self.take("[Unit]")
            self.assertIn("ExecStart=" + program, unit)
            self.options(unit)
            self.is_unit(unit.replace("/usr/local/bin/tapelab",
                                      os.path.join(ROOT, PROGRAM)), manager)
        recipe = self.take("FROM debian:12")
        self.options(recipe)
        self.has_libraries(recipe)
        self.serves(recipe[recipe.index("CMD ") + len("CMD "):])
        self.take("Start-Service msiscsi")      # "not tried"
        self.attaches(self.take("$ tapelab vtl create"))
        self.transcript(self.take("$ tapelab vtl fault"))
        self.ended()

    def test_ci(self):
        """The job of the page, with a program that writes a volume again
        when it fails."""
        self.page("tapelab-ci.7")
        initiator = os.path.join(ROOT, BUILD, "sim/bench/iscsi_main")
        self.put("run-the-program", """#!/bin/sh
write() {
    tapelab vtl load lib $1 0
    %s 127.0.0.1:$port $iqn tape 1 65536 120 4
    status=$?
    tapelab vtl unload lib 0
    return $status
}
write VTA001L8 || write VTA002L8
""" % initiator)
        os.chmod(self.work("run-the-program"), 0o755)
        job = ("set -e\n" + self.take("tapelab vtl create") + self.take("tapelab serve") +
               "export port iqn\n" + self.take("tapelab vtl restore"))
        end = self.take("kill $server")
        for beginning in ("sudo iscsiadm", "sudo iscsiadm"):
            self.take(beginning)
        self.assertIn("file=$url/1", self.take("url="))
        self.put("inquiry.c", self.take("#include <stdio.h>"))
        out = self.shell(job + self.take("cc -o inquiry") + end)
        self.assertRegex(out, r"IBM +ULTRIUM-TD8")
        self.take("jobs:")                      # "not tried"
        self.ended()

    def authenticates(self, file, command):
        """Check that a command finds a server with this CHAP file."""
        self.put("chap", file)
        os.chmod(self.work("chap"), 0o600)
        shutil.rmtree(self.work("lib"), ignore_errors=True)
        out = self.shell(
            "tapelab vtl create lib\n"
            "tapelab serve lib --listen 127.0.0.1:0 --ready ready --chap chap "
            ">out &\n"
            "while ! [ -e ready ]; do kill -0 $! || exit 1; sleep 0.01; done\n"
            "port=$(jq .port ready); rm ready\n" +
            command.replace("3260", "$port") + "kill $!; wait $!")
        self.assertIn("Target:iqn.2026-11.tapelab:lib ", out)

    def is_unit(self, text, manager):
        """Check that systemd takes a template unit."""
        self.put("tapelab@.service", text)
        self.shell("XDG_RUNTIME_DIR=$PWD systemd-analyze verify --man=no %s "
                   "./tapelab@lib.service\n" % manager)

    def has_libraries(self, recipe):
        """Check that a container has the libraries of the program."""
        if SANITIZER:
            return
        out = self.shell("ldd %s\n" % os.path.join(ROOT, PROGRAM))
        for library in re.findall(r"=> (/\S+)", out):
            # dpkg knows it by its name in /lib or in /usr/lib.
            path = os.path.realpath(library)
            owner = self.shell("dpkg -S %s 2>/dev/null || dpkg -S %s\n" % (
                path, path.replace("/usr/", "/", 1)))
            package = owner.split(":")[0]
            if package != "libc6":      # each Debian has it
                self.assertIn(" %s " % package, recipe)

    def serves(self, command):
        """Check that a command makes a library and serves it."""
        shutil.rmtree(self.work("lib"), ignore_errors=True)
        command = command.replace("3260", "0").rstrip()
        out = self.shell(
            "(%s --ready ready) >out 2>err &\n"
            "while ! [ -e ready ]; do kill -0 $! || exit 1; sleep 0.01; done\n"
            "iscsi-ls -s iscsi://127.0.0.1:$(jq .port ready)\n"
            "kill $!; wait $!; rm ready" % command)
        self.assertIn("Type:MEDIA_CHANGER", out)

    def options(self, text):
        """Check that `tapelab serve` has the options in a text."""
        said = self.shell("tapelab serve --help")
        for option in re.findall(r" (--(?:listen|chap|allow|adv)\S*)", text):
            self.assertRegex(said, option + r"\b")

    def test_mtx(self):
        self.page("tapelab-mtx.1")
        while self.left:
            self.transcript(self.take("$ tapelab"))
        self.ended()

    def test_results(self):
        self.page("tapelab-results.5")
        for name in ("a", "b"):
            self.put("first.yaml", read("scenarios/failures/"
                                        "bad_spot_in_mid_part.yaml"))
            self.shell("tapelab run --trace --out %s first.yaml\n" % name)
        for name in ("results.json", "first"):
            os.symlink(self.work("a", name), self.work(name))
        for beginning, lines in (("jq", 0), ("jq", 1), ("awk", 1),
                                 ("awk", 2), ("cmp", 0)):
            out = self.shell(self.take(beginning))
            self.assertGreaterEqual(len(out.splitlines()), lines, out)
        for schema in ("reports/json/results.schema.json",
                       "reports/ci/junit.xsd"):
            shutil.copy(os.path.join(ROOT, schema), self.work())
        shutil.copy(self.work("a", "junit.xml"), self.work())
        # The command of jsonschema says nothing of valid files.
        self.assertIn("junit.xml validates", self.shell(
            self.take("jsonschema").replace(
                "/usr/local/share/tapelab", self.work()).replace(
                    "jsonschema -i",
                    "PYTHONWARNINGS=ignore jsonschema -i")))
        self.ended()

    def test_scenario(self):
        self.page("tapelab-scenario.5")
        ran, first = 0, None
        while self.left:
            snippet = self.take()
            if snippet.startswith("include:"):
                self.put("_small_library.yaml", "library: {drives: [instant], "
                         "volumes: {count: 8, capacity: 4 MB}}\n"
                         "splitter: {block: 64 KiB, buffer: 1 MB, "
                         "part: 1 MB}\n")
                self.put("spot.yaml", snippet)
                self.assertIn("passed   spot[cache=none,size=5MB]: ",
                              self.shell("tapelab run spot.yaml\n"))
                continue
            if snippet.startswith("matrix:"):
                self.put("rows.yaml", "include: _small_library.yaml\n"
                         "title: rows\ndump: {source: random}\n"
                         "library: {volumes: {capacity: 8 MB}}\n"
                         "expect: [outcome == DONE]\n" + snippet)
                self.shell("tapelab run rows.yaml\n")
                continue
            if snippet.startswith("- duration"):
                self.put("x.yaml", first.split("expect:")[0] + "expect:\n" +
                         snippet)
                self.shell("tapelab check x.yaml\n")
                continue
            if not snippet.startswith("title:"):
                # An attempts line.
                snippet = ("title: x\nlibrary: {drives: [lto8], volumes: "
                           "{capacity: 1 GiB}}"
                           "\ndump: {source: random, size: 5 MiB}\n"
                           "expect: [\"attempts == %s\"]\n" %
                           snippet.strip())
                self.put("x.yaml", snippet)
                self.shell("tapelab check x.yaml\n")
                continue
            self.put("x.yaml", snippet)
            self.shell("tapelab run x.yaml\n")
            first = first or snippet
            ran += 1
        # An example for each kind of fault, and more.
        self.assertGreater(ran, 22)

    def test_header(self):
        self.page("tapelab-header.5")
        self.dump()
        # manual_test.py compares the two headers with their checksums.
        self.take("tapelab:")
        self.take("tapelab:")
        parts = []
        for volume in ("VTA001L8", "VTA002L8"):
            self.tape(volume, parts)
        self.assertEqual(len(parts), 3)
        shutil.copytree(self.work(parts[2][0]), self.work("tape"))
        last = parts[2][1]
        self.assertIn("type: label", self.shell(self.take("mt ")))
        for beginning in ("mt ", "mt "):
            text = self.take(beginning)
            self.assertIn(" asf 3\n", text)
            out = self.shell(text.replace(" asf 3", " asf %d" % last))
            self.assertIn("" if "PART" in text else "type: part", out)
        self.assertIn("PART000003", self.shell(self.take("xxhsum")))
        for number, (folder, file) in enumerate(parts[:2], 1):
            self.shell("/bin/dd if=%s/%d bs=262144 skip=1 of=PART%06d\n" % (
                folder, file, number))
        self.shell(self.take("cat PART") + "tar df dump\n")
        self.shell(self.take("truncate"))
        self.assertEqual(os.path.getsize(self.work("PART000003")), 1048576)
        self.ended()

    def tape(self, barcode, parts):
        """Make a folder with the tape files of a volume; return where its
        parts are."""
        db = sqlite3.connect(self.work("lib", barcode + ".tape"))
        self.addCleanup(db.close)
        folder, number, at = "tape-" + barcode, 0, b""
        os.mkdir(self.work(folder))
        for count, size, last, block in db.execute(
                "select count, block_bytes, last_bytes, data from objects "
                "order by first"):
            if size > 0:
                at += block.ljust((count - 1) * size + last, b"\0")
                continue
            self.file("work/%s/%d" % (folder, number), at)
            if b"\ntype: part\n" in at[:4096]:
                parts.append((folder, number))
            number, at = number + 1, b""

    def test_acceptance(self):
        self.page("tapelab-acceptance.7")
        # `make check` runs the whole suite by itself.
        self.take("tapelab run scenarios/acceptance")
        self.ended()

    def test_release(self):
        self.page("tapelab-release.1")
        self.uses_devices(self.take("tapelab release"))
        self.ended()

    def test_st(self):
        self.page("tapelab-st.7")
        while self.left:
            snippet = self.take()
            if snippet.startswith("#!/bin/sh"):
                self.put("slot", "1\n")
                self.put("change", snippet.replace("/var/lib/slot", "slot"))
                out = self.shell("sh ./change\n")
                self.assertEqual(out, "VTA002L8\n")
                continue
            if snippet.startswith("SUBSYSTEM"):
                # as the command prints it
                source = re.sub(r'"[\s\\]*\n\s*"', "", read(
                    "splitter/scsi/node/node.h")).replace('\\"', '"')
                self.assertIn(snippet.strip(), source)
                continue
            # These change settings of a real drive: check only the form of the
            # command.
            self.assertRegex(snippet, r"^(# )?mt -f \S+ \w+")
        self.ended()


class Databases(Snippets):
    def page(self, name):
        self.document = "sim/man/" + name
        self.left = roff_snippets(read(self.document))

    def test_catalogue(self):
        self.page("tapelab-catalogue.5")
        self.dump()
        self.shell("tar c numbers | tapelab write --library lib --dump sat "
                   "--part '1 MiB' --fault block:2:medium_error\n", status=4)
        self.query("lib/catalogue.db", "select distinct volume",
                   "select barcode", "select name")
        self.ended()

    def test_drives(self):
        self.page("tapelab-drives.1")
        self.transcript(self.take("$ tapelab drives show lto9"))
        self.uses_devices(self.take("$ tapelab drives --changer"))
        self.ended()

    def test_drive(self):
        self.page("tapelab-drive.5")
        for line in self.take("load: 15 s").splitlines():
            self.shell("tapelab drives show lto8 > own.yaml\n"
                       "sed -i 's/  load: .*/  %s/' own.yaml\n"
                       "tapelab drives show ./own.yaml\n"
                       % line.replace("/", "\\/"))
        self.transcript(self.take("$ tapelab drives show lto8"))
        self.put("a.yaml", "title: A dump\n" +
                 self.take("library:").rstrip() +
                 "\n  volumes: {count: 2, capacity: 1 GiB}\n"
                 "dump: {size: 1 MiB}\n"
                 "splitter: {block: 64 KiB, buffer: 1 MiB}\n")
        self.shell("tapelab check a.yaml\n")
        self.ended()

    def test_library(self):
        self.page("tapelab-library.5")
        self.shell("tapelab vtl create lib --volumes 2 --slots 3\n")
        self.query("lib/library.db", "select kind", "select number",
                   "select number")
        self.ended()

    def test_volume(self):
        self.page("tapelab-volume.5")
        self.dump()
        self.shell("tapelab vtl fault lib --entry "
                   "'{fail: write, volume: VTA001L8, at: 1 MiB}'\n")
        os.link(self.work("lib", "VTA001L8.tape"), self.work("TL0001.tape"))
        while self.left:
            if self.left[0].startswith("select"):
                self.query("lib/VTA001L8.tape", "select")
                continue
            # Here file 3 of its volume is another one.
            program = self.take("import sqlite3").replace("file = 3",
                                                          "file = 1")
            self.put("part.py", program)
            self.shell("python3 part.py && tapelab read --library lib "
                       "--dump friday > dump && cmp -n 1048576 dump PART\n")
        self.ended()


class LibraryPages(Snippets):
    def page(self, name):
        self.document = "splitter/api/man/" + name
        self.left = roff_snippets(read(self.document))

    def test_splitter(self):
        self.page("splitter.3")
        self.compiles(self.take("struct splitter_config config;"),
                      around="void f(struct tape_library *library)\n{\n%s}\n")
        self.ended()

    def test_handoff(self):
        self.page("splitter_handoff.3")
        self.compiles(self.take("static void attempt_done"), before="""
struct program { struct splitter *splitter; };
struct tape *next_volume(struct program *p);
""", around="%s\nvoid *used[] = { attempt_done, tape_wanted };\n")
        self.ended()

    def test_label(self):
        self.page("splitter_label.3")
        self.compiles(self.take("while ((tape = "), around="""
void f(struct tape_library *library, struct splitter_scan *scan)
{
	struct splitter_label_config config;
	struct splitter_label_result result;
	struct tape_result loaded;
	struct tape *tape;
	int64_t now_ns = 0;
	char err[256];

	splitter_label_config_init(&config, sizeof config, SPLITTER_API);
%s}
""")
        self.ended()

    def test_volumes(self):
        self.page("splitter_volumes.3")
        self.compiles(self.take("if (splitter_header_check"),
                      around="void f(void *block, size_t bytes)\n"
                      "{\n\tchar err[256], name[40];\n%s}\n")
        self.ended()

    def test_reader(self):
        self.page("splitter_reader.3")
        self.compiles(self.take("struct splitter_scan_config"), before="""
bool write_out(void *arg, const void *bytes, uint64_t count);
""", around="void f(struct tape_library *library)\n"
            "{\n\tchar err[256], end[256];\n%s}\n")
        self.ended()

    def test_st(self):
        self.page("splitter_st.3")
        snippet = self.take("static int change")
        before, body = snippet.split("\n\nsplitter_st_config_init", 1)
        self.compiles("splitter_st_config_init" + body, before=before + "\n",
                      around="struct tape_library *f(void)\n{\n"
                      "\tstruct splitter_st_config config;\n"
                      "\tstruct tape_library *library;\n"
                      "\tchar err[256];\n%s\treturn library;\n}\n")
        self.ended()

    def test_changer(self):
        self.page("splitter_changer.3")
        self.compiles(self.take("static const char"),
                      around="struct splitter_changer *f(void)\n{\n"
                      "\tstruct splitter_changer_config config;\n"
                      "\tstruct splitter_changer *changer;\n"
                      "\tchar err[256];\n%s\treturn changer;\n}\n")
        self.ended()


class Documents(unittest.TestCase):
    def test_each_document_with_snippets_has_a_test(self):
        from ci_files_test import CiFiles
        tests = {name for group in (CommandPages, Databases, LibraryPages,
                                    CiFiles)
                 for name in dir(group) if name.startswith("test_")}
        for path in pages():
            if not roff_snippets(read(path)):
                continue
            name = os.path.splitext(os.path.basename(path))[0]
            name = re.sub(r"^(tapelab|splitter)[-_.]", "", name)
            self.assertIn("test_" + name, tests, path)


if __name__ == "__main__":
    main()
