#!/usr/bin/env python3
"""The configuration file, as tapelab.yaml(5) describes it."""
import os
import re
import unittest

from command import CommandTest, ROOT, main

FILE = ".config/tapelab/tapelab.yaml"
NO_FILE = ("run", "check", "tune")


class Config(CommandTest):
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

    def config(self, text, name=FILE, mode=0o644):
        path = self.file(name, text)
        os.chmod(path, mode)
        return path

    def library(self):
        """Make a library with two labelled volumes, and a small file."""
        self.passes("vtl", "create", "lib", "--volumes", "2", "--capacity",
                    "4 MiB", "--config", "none")
        self.passes("label", "--library", "lib", "--config", "none")
        return self.file("data", b"data" * 3000)

    def cartridges(self, name, *options, **popen):
        self.passes("vtl", "create", name, *options, **popen)
        return len(self.passes("vtl", "list", name).lines) - 1

    def test_options_of_the_file_apply(self):
        data = self.library()
        self.config("write:\n  library: ~/lib\n  dump: one\n"
                    "  part: 8 KiB\n  block: 4 KiB\n  json: true\n"
                    "read: {library: lib, dump: 'one'}\n")
        out = self.passes("write", data).out
        self.assertEqual(out.count('"attempt"'), 2)
        self.assertEqual(self.passes("read").out, "data" * 3000)

    def test_an_option_on_the_line_wins(self):
        self.config("vtl: {create: {volumes: 3, slots: 30}}\n")
        self.assertEqual(self.cartridges("a"), 3)
        for option in (["--volumes", "5"], ["--volumes=5"], ["--volu", "5"]):
            with self.subTest(option):
                self.assertEqual(
                    self.cartridges("b" + option[0].strip("-"), *option), 5)

    def test_options_before_and_after_arguments_win(self):
        data = self.library()
        self.config("write: {library: lib, dump: one, volume: [VTA001L8]}\n")
        self.passes("write", data, "--volume", "VTA002L8", "-dtwo", "-q")
        out = self.passes("vtl", "list", "lib").out
        self.assertRegex(out, r"VTA001L8 .* 1\n")       # the label alone
        self.assertRegex(out, r"VTA002L8 .* [23]\n")
        self.assertIn("dump two", self.passes("scan", "--library", "lib").out)

    def test_a_list_repeats_an_option(self):
        data = self.library()
        self.config("write:\n  library: lib\n  cache: memory\n  part: 1 MiB\n"
                    "  fault: ['block:1:medium_error', "
                    "'label:1:medium_error']\n")
        err = self.refuses("write", "--dump", "one", data, status=4,
                           says="injected fault: block 1").err
        self.assertIn("injected fault: label 1", err)

    def test_a_value_can_be_left_out_where_the_line_can(self):
        for value, says in (("true", "and --pace need --library"),
                            ("0.5", "and --pace need --library"),
                            ("false", "/nowhere: No such file"),
                            ("-1", "c.yaml:1: --pace: "),
                            ("[1]", "c.yaml:1:32: --pace takes one value")):
            with self.subTest(value):
                self.config("scan: {device: /nowhere, pace: %s}\n" % value,
                            "c.yaml")
                self.refuses("scan", "--config", "c.yaml", says=says)

    def test_an_option_on_the_line_removes_what_it_excludes(self):
        data = self.library()
        self.config("write: {library: lib, drive: 0, wait: true, pace: 0.000001, "
                    "no-catalogue: true, cache: spool, spool-dir: ~/, "
                    "spool-size: 1 MiB, dump: one}\n"
                    "scan: {device: /dev/null, changer-command: 'false', "
                    "eject: true}\n"
                    "label: {catalogue: some}\n")
        for args in (["--device", "/nowhere"], ["--dev=/nowhere"]):
            self.refuses("write", *args, data, says="/nowhere: No such file")
        self.passes("write", "--catalogue", "mine", "--cache", "none", data)
        self.assertTrue(os.path.exists(self.path("mine")))
        self.passes("scan", "--library", "lib")
        self.passes("label", "--library", "lib", "--no-catalogue")

    def test_the_line_may_repeat_the_value_that_others_depend_on(self):
        data = self.library()
        self.config("write: {library: lib, part: 1 MiB, cache: none, "
                    "spool-dir: ~/}\n")
        self.passes("write", "--cache", "spool", "--dump", "one", data)
        result = self.refuses("write", "--cache=memory", "--spool-dir=.",
                              "--dump", "one", data,
                              says="--spool-size need --cache spool")
        self.assertIn("%s gives --library=lib (line 1), --part" % self.path(FILE),
                      result.err)

    def test_where_the_file_is(self):
        self.config("vtl: {create: {volumes: 1}}\n")
        self.config("vtl: {create: {volumes: 2}}\n", "xdg/tapelab/tapelab.yaml")
        self.config("vtl: {create: {volumes: 3}}\n", "mine.yaml")
        self.config("vtl: {create: {volumes: 4}}\n", "none")
        xdg = {"XDG_CONFIG_HOME": self.path("xdg")}
        rows = [([], {}, 1), ([], xdg, 2), ([], {"XDG_CONFIG_HOME": ""}, 1),
                ([], {"XDG_CONFIG_HOME": "xdg"}, 1),
                ([], {"XDG_CONFIG_HOME": self.path("empty")}, 20),
                ([], {"HOME": ""}, 20), ([], {"HOME": self.path("none")}, 20),
                (["--config", "mine.yaml"], xdg, 3),
                (["--conf=mine.yaml"], {}, 3),
                (["--config", "mine.yaml", "--config", "none"], {}, 20),
                (["--config", "none"], xdg, 20),
                (["--config", "./none"], {}, 4)]
        for i, (options, env, volumes) in enumerate(rows):
            with self.subTest(options=options, env=env):
                self.assertEqual(self.cartridges("l%d" % i, *options,
                                                 env=env), volumes)

    def test_the_option_may_stand_before_the_subcommand(self):
        self.config("vtl: {create: {volumes: 3}}\n", "mine.yaml")
        for options in (["--config", "mine.yaml"], ["--config=mine.yaml"]):
            with self.subTest(options):
                folder = "l%d" % len(options)
                self.passes(*options, "vtl", "create", folder)
                self.assertEqual(
                    len(self.passes("vtl", "list", folder).lines), 4)
        self.refuses("--config", says="--config: name a file, or none")
        self.refuses("--config", "mine.yaml", "run", self.scenario(),
                     says="tapelab run reads no configuration file")
        self.passes("--config", "none", "run", self.scenario())

    def test_a_pipe_can_be_the_file(self):
        self.passes("vtl", "create", "l", "--config", "/dev/stdin",
                    stdin=b"vtl: {create: {volumes: 3}}\n")
        self.assertEqual(len(self.passes("vtl", "list", "l").lines), 4)

    def test_run_check_and_tune_read_no_file(self):
        self.config("[}\n")
        self.refuses("drives", says=FILE + ":1:2: ")
        scenario = self.scenario()
        self.passes("run", scenario)
        self.passes("check", scenario)
        for verb in NO_FILE:
            self.config("%s: {seed: 2}\n" % verb)
            self.refuses("drives", says="%s:1:1: tapelab %s reads no "
                         "configuration file" % (FILE, verb))
            self.refuses(verb, "--config", "none", scenario,
                         says="unrecognized option '--config'")

    def test_mistakes_have_file_line_and_column(self):
        rows = [("wirte: {}", '1:1: unknown subcommand "wirte"; did you mean '
                 '"write"?'),
                ("write:\n  prat: 1", '2:3: unknown option "prat"; did you '
                 'mean "part"?'),
                ("vtl:\n create: {sloots: 1}", '2:11: unknown option '
                 '"sloots"; did you mean "slots"?'),
                ("vtl: {slots: 1}", '1:7: unknown subcommand "slots"'),
                ("drives: {--json: true}", '1:10: unknown option "--json"; '
                 'did you mean "json"?'),
                ("drives: {config: x}", '1:10: unknown option "config"'),
                ("drives: {json: 1}", "1:16: --json takes no value: write "
                 "true or false"),
                ("drives: {json: 'true'}", "1:16: --json takes no value"),
                ("drives: {json: [true]}", "1:16: --json takes no value"),
                ("drives: {json: }", "1:16: --json takes no value"),
                ("write: {part: }", "1:15: --part: the value is missing"),
                ("write: {part: {a: b}}", "1:15: --part takes a value, SIZE"),
                ("write: {part: true}", "1:15: --part takes a value, SIZE; "
                 "put the word true in quotes"),
                ("write: {part: [1, 2]}", "1:15: --part takes one value, not "
                 "a list"),
                ("write: {volume: [[a]]}", "1:18: --volume takes a value"),
                ("write: {part: 1, part: 2}", '1:18: "part" is given twice, '
                 "first in line 1"),
                ("write: {}\nwrite: {}", '2:1: "write" is given twice, first '
                 "in line 1"),
                ("write: [a]", "1:8: a mapping is expected"),
                ("- write", "1:1: a mapping is expected"),
                ("mtx: {}", "1:1: tapelab mtx has no options"),
                ("write: {yes: true}", "1:9: --yes is for the command line "
                 "only")]
        for text, says in rows:
            with self.subTest(text):
                self.config(text + "\n", "c.yaml")
                self.refuses("drives", "--config", "c.yaml",
                             says="tapelab: c.yaml:" + says)

    def test_all_mistakes_are_reported(self):
        self.config("write: {a: 1}\nread: {b: 1}\n")
        err = self.refuses("drives", says="").err
        self.assertEqual(len(err.splitlines()), 2, err)

    def test_an_invalid_value_has_its_line(self):
        self.config("write:\n  library: lib\n  block: 4 KiB\n  part: 5 x\n")
        err = self.refuses("write", "--dump", "a", says="").err
        self.assertRegex(err, r"^tapelab: %s:4: --part: [^\n]*\n$" %
                         re.escape(self.path(FILE)))

    def test_an_error_of_the_line_is_not_blamed_on_the_file(self):
        self.config("write:\n  library: lib\n  block: 4 KiB\n")
        err = self.refuses("write", "--part", "5 x", "--dump", "a",
                           says="tapelab write: --part: ").err
        self.assertNotIn(FILE + ":", err)
        self.config("[}\n")
        self.refuses("write", "--prat", says="unrecognized option '--prat'")

    def test_an_empty_file_is_allowed(self):
        for text in ("", "# nothing\n\n", "write:\n", "vtl: {create: }\n"):
            with self.subTest(text):
                self.config(text)
                self.passes("drives")

    def test_help_needs_no_file(self):
        self.config("[}\n")
        for option in ("--help", "--usage", "-?"):
            self.assertIn("config", self.passes("write", option).out)

    def test_a_file_that_others_can_write_is_refused(self):
        for mode, good in ((0o600, True), (0o644, True), (0o664, False),
                           (0o646, False)):
            for name in ([], ["--config", self.path(FILE)]):
                with self.subTest(mode=mode, name=name):
                    self.config("drives: {json: false}\n", mode=mode)
                    if good:
                        self.passes("drives", *name)
                    else:
                        self.refuses("drives", *name, says="others can write "
                                     "to the file (mode %04o)" % mode)

    @unittest.skipIf(os.geteuid() != 0, "only root can give files away")
    def test_a_file_of_another_user_must_be_named(self):
        os.chown(self.config("drives: {json: false}\n"), 1234, 1234)
        self.refuses("drives", says="belongs to another user (1234)")
        self.passes("drives", "--config", self.path(FILE))

    def test_a_file_that_cannot_be_read_is_an_error(self):
        self.refuses("drives", "--config", "missing",
                     says="missing: No such file")
        self.refuses("drives", "--config", ".", says="a folder, and a")
        os.makedirs(self.path(FILE))
        self.refuses("drives", says=FILE + ": a folder, and a")
        os.rmdir(self.path(FILE))
        os.symlink("tapelab.yaml", self.path(FILE))
        self.refuses("drives", says=FILE + ": Too many levels")
        os.unlink(self.path(FILE))
        self.config("#" * (1 << 21))
        self.refuses("drives", says="larger than 1 MiB")

    def test_a_file_without_permission_is_an_error(self):
        # root can read every file.
        user = {"user": 1234, "group": 1234, "extra_groups": []} \
            if os.geteuid() == 0 else {}
        os.chmod(self.dir, 0o755)
        self.config("drives: {}\n", mode=0)
        self.refuses("drives", says=FILE + ": Permission denied", **user)
        self.refuses("drives", "--config", FILE, says="Permission denied",
                     **user)
        # It is not known whether there is a file in a closed folder.
        os.chmod(self.path(".config"), 0)
        self.addCleanup(os.chmod, self.path(".config"), 0o700)
        self.passes("drives", **user)
        self.refuses("drives", "--config", FILE, says="Permission denied",
                     **user)


class EveryOption(CommandTest):
    """Each option of each subcommand, as --help lists them."""

    def below(self, *words):
        out = self.passes(*words, "--help").out
        return re.findall(r"^  (\w+) +\w", out, re.M)

    def subcommands(self):
        for verb in self.below():
            if verb == "vtl":
                yield from (["vtl", name] for name in self.below("vtl"))
            elif verb not in NO_FILE + ("mtx", "completion"):
                yield [verb]

    def options(self, words):
        """Yield the names of the options, and whether they take a value."""
        out = self.passes(*words, "--help").out
        for name, value in re.findall(r"^ {2,6}(?:-\w, )?--([\w-]+)(\[?=)?",
                                      out, re.M):
            if name not in ("help", "usage", "config"):
                yield name, value != ""

    def page(self):
        """Return the options that the page lists as refused."""
        with open(os.path.join(ROOT, "sim/man/tapelab.yaml.5")) as f:
            listed = re.findall(
                r"^\.It Cm ([\w ]+)\n\.Fl (-.*?(?: ,\n\.Fl -.*?)*)$", f.read(),
                re.M)
        return {(verb, name.lstrip("-")) for verb, names in listed
                for name in names.replace("\n.Fl", "").split(" , ")}

    def test_can_be_in_a_file_or_is_listed_as_refused(self):
        lines, places = [], {}
        for words in self.subcommands():
            if words[0] == "vtl" and "vtl:" not in lines:
                lines.append("vtl:")
            indent = "  " * len(words)
            lines.append(indent[2:] + words[-1] + ":")
            for name, has_value in self.options(words):
                lines.append("%s%s: %s" % (indent, name,
                                           "'1'" if has_value else "true"))
                places[len(lines)] = " ".join(words), name
        self.assertGreater(len(places), 100)
        self.file("c.yaml", "\n".join(lines) + "\n")
        err = self.run_command("drives", "--config", "c.yaml").err
        refused = set()
        for line in err.splitlines():
            found = re.fullmatch(r"tapelab: c\.yaml:(\d+):\d+: --([\w-]+) is "
                                 r"for the command line only: .*", line)
            self.assertIsNotNone(found, line)
            refused.add(places[int(found.group(1))])
            self.assertEqual(places[int(found.group(1))][1], found.group(2))
        self.assertEqual(refused, self.page())
        for words, name in places.values():
            if re.search(r"overwrite|yes|force|clear|remove|renew|delete|"
                         r"anyone|forget", name):
                self.assertIn((words, name), refused)


if __name__ == "__main__":
    main()
