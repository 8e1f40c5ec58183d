#!/usr/bin/env python3
"""Every snippet of the README and of the pages of commands works as shown.

Those of file formats are in snippets_files_test.py, those of the library in
snippets_library_test.py; snippets.py says how they are run.
"""
import os
import re
import shutil
import unittest

from command import PART, PROGRAM, ROOT, SCENARIOS, main
from snippets import (BUILD, SANITIZER, ManualPage, Snippets,
                      markdown_snippets, pages, read, roff_snippets)


def smaller(scenario, size):
    """Return a scenario with a smaller dump; in a part of the tests also with a
    drive without motion, because of which less is run next to the points."""
    scenario = scenario.replace(size, "64 MB")
    return scenario.replace("[lto8]", "[instant]") if PART else scenario


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
        if SANITIZER or PART:
            # The program would need the sanitizer, too; library_test.py installs.
            self.left = []
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
        if not SANITIZER and not PART:
            self.transcript(answer)
        # A smaller dump takes less time, and its shares less.
        self.put("lto8.yaml", smaller(scenario, "300 GB"))
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


class CommandPages(ManualPage):

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
        self.put("lto8.yaml", smaller(scenario, "2 TB"))
        if PART:
            example = example.replace("part=1GiB..200GiB", "part=1GiB,2GiB")
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
        self.put("lto8.yaml", smaller("""title: A dump
library: {drives: [lto8], volumes: {count: 1, capacity: 12 TB}}
dump: {size: 2 TB, rate: 90..250 MB/s}
""", "2 TB"))
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
        job = ("set -e\n" + self.take("tapelab vtl create") +
               self.take("rm -f ready.json"))
        hang = self.take("tapelab vtl fault")
        job += "export port iqn\n" + self.take("tapelab vtl restore")
        end = self.take("kill $server")
        # Those that need a kernel are run in a virtual machine: sim/rig/ci.py.
        for beginning in ("sudo iscsiadm", "sudo iscsiadm"):
            self.take(beginning)
        self.assertIn("file=$url/1", self.take("url="))
        self.put("inquiry.c", self.take("#include <stdio.h>"))
        out = self.shell(job + self.take("cc -o inquiry") + end + hang)
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
            "kill $!; wait $! && ! [ -e ready ]" % command)
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
                    "splitter/scsi/node/names.h")).replace('\\"', '"')
                self.assertIn(snippet.strip(), source)
                continue
            # These change settings of a real drive: check only the form of the
            # command.
            self.assertRegex(snippet, r"^(# )?mt -f \S+ \w+")
        self.ended()


class Documents(unittest.TestCase):
    def test_each_document_with_snippets_has_a_test(self):
        from ci_files_test import CiFiles
        from snippets_files_test import Databases, FilePages
        from snippets_library_test import LibraryPages
        tests = {name for group in (CommandPages, FilePages, Databases,
                                    LibraryPages, CiFiles)
                 for name in dir(group) if name.startswith("test_")}
        for path in pages():
            if not roff_snippets(read(path)):
                continue
            name = os.path.splitext(os.path.basename(path))[0]
            name = re.sub(r"^(tapelab|splitter)[-_.]", "", name)
            self.assertIn("test_" + name, tests, path)


if __name__ == "__main__":
    main()
