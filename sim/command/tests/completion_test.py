#!/usr/bin/env python3
"""Shells complete command lines of tapelab.

The shells run in a terminal, and a function "tapelab" prints the arguments with
which it is called.
"""
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
import unittest

from command import PATIENCE_S, CommandTest, main

READY = "READY"
# A key is sent after the shell has read the one before.
SHELLS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
}
SETUP = {
    "bash": "bind 'set bell-style none' 'set enable-bracketed-paste off'\n"
            "source ./script\n",
    "zsh": "unsetopt BEEP ZLE_BRACKETED_PASTE PROMPT_SP\n"
           "autoload -U compinit; compinit -D -u\nsource ./script\n",
}
ECHO = "tapelab() { printf 'GOT'; printf '[%s]' \"$@\"; echo; }\n"


class Shell:
    """An interactive shell in a terminal."""

    def __init__(self, words, env, folder):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(words[0], words, env)
        self.read = ""

    def send(self, text):
        os.write(self.fd, text.encode())

    def until(self, pattern):
        """Return the match of a pattern in what the shell prints."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = re.search(pattern, self.read)
            if found:
                self.read = self.read[found.end():]
                return found
            if not select.select([self.fd], [], [],
                                 max(deadline - time.monotonic(), 0))[0]:
                raise AssertionError("no %s in %r" % (pattern, self.read))
            self.read += os.read(self.fd, 4096).decode(errors="replace")

    def close(self):
        os.close(self.fd)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


class Completion(CommandTest):
    # What a person types, with \t for the key, and the arguments after it.
    lines = [
        ("tapelab wri\t", ["write"]),
        ("tapelab vtl sna\t", ["vtl", "snapshot"]),
        ("tapelab vtl create --payload zl\t",
         ["vtl", "create", "--payload", "zlib"]),
        ("tapelab vtl create --payload=zl\t",
         ["vtl", "create", "--payload=zlib"]),
        ("tapelab vtl create --drive-model=lto8,dlt\t",
         ["vtl", "create", "--drive-model=lto8,dlt8000"]),
        ("tapelab drives sh\tdlt\t", ["drives", "show", "dlt8000"]),
        ("tapelab run sto\t", ["run", "story.yaml"]),
        ("tapelab run --out fol\t", ["run", "--out", "folder"]),
        ("tapelab scan --library fol\t", ["scan", "--library", "folder"]),
        ("tapelab write --dump a dat\t", ["write", "--dump", "a", "data"]),
        ("tapelab write -d a dat\t", ["write", "-d", "a", "data"]),
        ("tapelab write --fault block:1:medium_error dat\t",
         ["write", "--fault", "block:1:medium_error", "data"]),
        ("tapelab --config none wri\t", ["--config", "none", "write"]),
        ("tapelab write --config no\t", ["write", "--config", "none"]),
        ("tapelab write --cache spo\tda\t",
         ["write", "--cache", "spool", "data"]),
        ("tapelab mtx unl\t", ["mtx", "unload"]),
        ("tapelab completion zs\t", ["completion", "zsh"]),
    ]

    def setUp(self):
        super().setUp()
        self.file("data", "")
        self.file("story.yaml", "")
        self.file("story.txt", "")
        self.file("folder/file", "")
        self.file("folly", "")

    def shell(self, name):
        if shutil.which(name) is None:
            self.skipTest("%s is not installed" % name)
        self.file("script", self.passes("completion", name).out)
        shell = Shell(SHELLS[name], self.environment(
            {"TERM": "dumb", "PS1": "%s> " % READY, "INPUTRC": "/dev/null"}),
            self.dir)
        self.addCleanup(shell.close)
        # The prompt is printed when the shell reads keys.
        shell.until(READY + "> ")
        for line in (SETUP[name] + ECHO).splitlines():
            shell.send(line + "\n")
            shell.until(READY + "> ")
        return shell

    def completes(self, name):
        shell = self.shell(name)
        for typed, want in self.lines:
            with self.subTest(typed=typed):
                shell.send(typed + "\n")
                got = shell.until(r"GOT((?:\[[^\]]*\])*)\r?\n").group(1)
                shell.until(READY + "> ")
                # zsh removes a slash that is followed by a new line.
                self.assertEqual([word.rstrip("/") for word in re.findall(
                    r"\[([^\]]*)\]", got)], want)

    def test_in_bash(self):
        self.completes("bash")

    def test_in_zsh(self):
        self.completes("zsh")

    def bash(self, line):
        """Return what bash offers for a line, whose words are given."""
        words = re.findall(r"[=:]+|[^\s=:]+", line)
        if line.endswith(" "):
            words.append("")
        script = ("source ./script\nCOMP_WORDS=(%s)\nCOMP_CWORD=%d\n_tapelab\n"
                  "printf '%%s\\n' \"${COMPREPLY[@]}\"\n") % (
                      " ".join("'%s'" % w for w in words), len(words) - 1)
        done = subprocess.run(["bash", "-c", script], cwd=self.dir,
                              env=self.environment(), stdout=subprocess.PIPE,
                              check=True)
        return sorted(set(done.stdout.decode().split()))

    def test_every_option_and_subcommand_is_offered(self):
        self.file("script", self.passes("completion", "bash").out)
        zsh = self.passes("completion", "zsh").out
        verbs = re.findall(r"^  (\w+) +\w", self.passes("--help").out, re.M)
        self.assertEqual(self.bash("tapelab "), sorted(verbs))
        for verb in verbs:
            below = re.findall(r"^  (\w+) +\w", self.passes("vtl", "--help").out,
                               re.M) if verb == "vtl" else [None]
            if below != [None]:
                self.assertEqual(self.bash("tapelab vtl "), sorted(below))
            for sub in below:
                if verb == "mtx":
                    continue
                words = [verb] + ([sub] if sub else [])
                text = self.passes(*words, "--help").out
                options = set(re.findall(r"^ {2,6}(?:-\S, )?--([\w-]+)", text,
                                         re.M)) - {"usage"}
                name = " ".join(words)
                self.assertEqual(self.bash("tapelab %s --" % name),
                                 sorted("--" + o for o in options), name)
                case = re.search(r"^\t'%s'\)\n(.*?);;$" % name, zsh,
                                 re.M | re.S).group(1)
                self.assertEqual(set(re.findall(r"--([\w-]+)=?-?\[", case)),
                                 options, name)

    def test_models_are_offered(self):
        self.file("script", self.passes("completion", "bash").out)
        models = [line.split()[0]
                  for line in self.passes("drives").lines[1:]]
        self.assertEqual(self.bash("tapelab drives show "),
                         sorted(set(models) | set(os.listdir(self.dir))))

    def test_only_scenarios_and_folders_are_offered_to_run(self):
        self.file("script", self.passes("completion", "bash").out)
        self.file("other.yml", "")
        self.assertEqual(self.bash("tapelab run "),
                         ["folder", "other.yml", "story.yaml", "tmp"])

    def test_the_shell_must_be_known(self):
        self.refuses("completion", says="name the shell: bash or zsh")
        self.refuses("completion", "fish", says='unknown shell "fish"')
        self.refuses("completion", "bash", "zsh", says='unexpected argument')

    def test_it_reads_no_configuration_file(self):
        self.file(".config/tapelab/tapelab.yaml", "[}\n")
        self.passes("completion", "bash")


if __name__ == "__main__":
    main()
