#!/usr/bin/env python3
"""The manual pages and the README agree with the program."""
import glob
import json
import os
import re
import sqlite3
import subprocess

from command import CommandTest, ROOT, main


PUBLISHED = ("published: [{metric: parts, value: 1, kind: validation, "
             "source: a page}]\n")


def read(*names):
    with open(os.path.join(ROOT, *names), encoding="utf-8") as f:
        return f.read()


def page(name):
    return read("sim", "man", name)


def words(text):
    """Return the words that a page marks up as commands, with .Cm and .It
    Cm."""
    found = set()
    for line in re.findall(r"^\.(?:It )?Cm (.*)$", text, re.M):
        found.update(re.findall(r"[a-z_0-9]+", line))
    return found


def section(text, title, level="Sh"):
    """Return the text below a heading, up to the next one."""
    stop = r"^\.Sh |\Z" if level == "Sh" else r"^\.S[hs] |\Z"
    return re.search(r"^\.%s %s$(.*?)(?:%s)" % (level, title, stop), text,
                     re.M | re.S).group(1)


def examples(text):
    """Return the literal displays of a page, as a reader sees them."""
    return [body.replace(r"\e", "\\").replace(r"\&", "") for body in
            re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed$", text, re.M | re.S)]


def schema():
    return json.loads(read("sim", "scenario", "scenario.schema.json"))


def below(node, key):
    """Return everything below a key, at any depth."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from below(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from below(value, key)


class ScenarioPage(CommandTest):
    page = page("tapelab-scenario.5")

    def test_it_lists_exactly_the_metrics_of_the_program(self):
        self.passes("run", "--out", "out", self.scenario())
        listed = re.findall(r"^\.It Cm (\w+) Pq (.*)$",
                            section(self.page, "Metrics", "Ss"), re.M)
        self.assertEqual([name for name, _ in listed],
                         list(self.results()[0]["metrics"]))

    def test_it_gives_each_metric_its_type(self):
        types = dict(re.findall(r"^\.It Cm (\w+) Pq (.*)$",
                                section(self.page, "Metrics", "Ss"), re.M))
        values = {"word": ["DONE", "source", "yes"], "attempts line": ["1:5"],
                  "size": ["5 B"], "count": ["5"], "rate": ["5 B/s"],
                  "time": ["5 s"], "percentage": ["5 %"],
                  "number": ["5.5"]}
        for metric, kind in types.items():
            with self.subTest(metric):
                good = [self.run_command("check", self.scenario(
                    expect=["%s == %s" % (metric, value)])).status
                    for value in values[kind]]
                self.assertIn(0, good)

    def test_it_lists_exactly_the_drives_of_the_program(self):
        listed = re.findall(r"^\.It Cm ([\w-]+) Ta",
                            section(self.page, "DRIVES"), re.M)
        self.assertEqual(listed, schema()["$defs"]["model"]["enum"])
        self.passes("check", self.scenario(drives=", ".join(listed)))

    def test_it_names_every_sense_of_the_program(self):
        names = re.findall(r'^\tEVENT\w*\("(\w+)"',
                           read("vtl", "base", "sense.c"), re.M)
        self.assertGreater(len(names), 20)
        self.assertEqual(set(names) - words(section(self.page, "FAULTS")),
                         set())

    def test_a_write_fails_with_the_listed_sense_and_cause(self):
        rows = re.findall(r"^\.It Cm (\w+) Ta (\S+) Ta (\S+)$",
                          section(self.page, "FAULTS"), re.M)
        usable = schema()["$defs"]["block_sense"]["enum"]
        self.assertEqual({name for name, _, _ in rows}, set(usable))
        for name, sense, cause in rows:
            with self.subTest(name):
                path = self.scenario(
                    expect=(), cache="memory", volumes=3,
                    more="faults: [{volume: 1, at: 128 KiB, fail: write, "
                    "sense: %s}]\n" % name)
                # It may fail, because the dump is not DONE.
                self.assertEqual(self.run_command(
                    "run", "--out", "out", path).err, "")
                part = self.attempts_of(self.results()[0])[0]
                if cause == "none":
                    self.assertTrue(part["committed"])
                    continue
                self.assertEqual(part["cause"], cause)
                with open(self.path("out", "report.md"),
                          encoding="utf-8") as report:
                    self.assertIn("sense %s)" % sense.lower(),
                                  report.read().lower())

    def test_it_names_every_word_of_a_fault(self):
        used = set(schema()["$defs"]["block_sense"]["enum"])
        for name, fault in schema()["$defs"].items():
            if name.endswith("_fault"):
                for key in fault["properties"].values():
                    used.update(key.get("enum", ()))
        self.assertGreater(len(used), 40)
        self.assertEqual(used - words(section(self.page, "FAULTS")),
                         set())

    def test_every_fault_on_the_page_can_be_used(self):
        given = {"nth": "1", "duration": "1 ms", "at": "4 KiB",
                 "operation": "write",
                 "volume": "1", "slowdown": "2", "block": "3"}
        for name, fault in schema()["$defs"].items():
            if not name.endswith("_fault"):
                continue
            cache = {"slice": "slices", "annou": "slices",
                     "spool": "spool"}.get(name[:5], "memory")
            for word in fault["properties"]["fail"]["enum"]:
                with self.subTest(word):
                    keys = fault["required"][1:]
                    if word == "cancel":
                        keys = ["at"]
                    mode = fault["properties"].get("mode")
                    if mode is not None:
                        given["mode"] = mode["enum"][0]
                    if word == "drive":
                        keys = keys + ["nth"]
                    if "block" in fault["properties"]:
                        keys = keys + ["block"]
                    spoils = word in ("read", "corrupt")
                    text = "".join(", %s: %s" % (k, given[k]) for k in keys)
                    # It may fail: not each strikes, or ends in DONE.
                    r = self.run_command("run", self.scenario(
                        expect=("restored == different",) if spoils
                        else (), cache=cache,
                        more="faults: [{fail: %s%s}]\n" % (word, text)))
                    self.assertEqual(r.err, "")
                    self.assertIn(r.status, (0, 1))

    def test_it_names_every_key_of_the_format(self):
        keys = {key for properties in below(schema(), "properties")
                for key in properties}
        self.assertGreater(len(keys), 20)
        entries = set(re.findall(r"^\.It Cm {?(\w+)", self.page, re.M))
        self.assertEqual(keys - entries, set())

class CommandPages(CommandTest):
    def test_they_list_exactly_the_options(self):
        for verb in ("run", "check", "write", "read", "scan", "label",
                     "record", "calibrate"):
            with self.subTest(verb):
                said = self.passes(verb, "--help").out
                said = set(re.findall(r"^ .*?--(\w[\w-]+)", said, re.M))
                text = page("tapelab-%s.1" % verb)
                listed = re.findall(r"^\.It Fl .*?-(\w[\w-]+)", text, re.M)
                # tapelab(1) describes --config, which most of them take.
                self.assertEqual(set(listed), said - {"config"})

    def test_each_subcommand_has_a_page(self):
        verbs = re.findall(r"^  (\w+) ", self.passes("--help").out, re.M)
        self.assertEqual(set(re.findall(r"^\.It Cm (\w+)",
                                        page("tapelab.1"), re.M)),
                         set(verbs))
        for verb in verbs:
            self.assertIn("Dt TAPELAB-" + verb.upper(),
                          page("tapelab-%s.1" % verb))

    def test_all_referenced_pages_exist(self):
        folder = os.path.join(ROOT, "sim", "man")
        for name in os.listdir(folder):
            for other, part in re.findall(r"^\.Xr (tapelab\S*) (\d)",
                                          page(name), re.M):
                self.assertTrue(os.path.exists(os.path.join(
                    folder, "%s.%s" % (other, part))), name + ": " + other)


class LibraryPages(CommandTest):
    page = page("tapelab-library.5")

    def library(self):
        self.passes("vtl", "create", "--capacity", "1 MiB", "lib")
        db = sqlite3.connect(self.path("lib", "library.db"))
        self.addCleanup(db.close)
        return db

    def test_it_lists_exactly_the_columns_of_every_table(self):
        db = self.library()
        tables = [name for name, in db.execute(
            "select name from sqlite_master where type = 'table' and "
            "name not like 'sqlite%'")]
        listed = re.findall(r"^\.Ss ([a-z_]+)$", self.page, re.M)
        self.assertEqual(listed, tables)
        for table in tables:
            columns = [row[1] for row in
                       db.execute("pragma table_info(%s)" % table)]
            self.assertEqual(re.findall(
                r"^\.It Va (\w+)$", section(self.page, table, "Ss"), re.M),
                columns, table)

    def test_it_gives_the_marks_of_a_library_file(self):
        db = self.library()
        number, = db.execute("pragma application_id").fetchone()
        version, = db.execute("pragma user_version").fetchone()
        self.assertIn("%d (0x%x" % (number, number), self.page)
        self.assertIn("describes version %d." % version, self.page)

    def test_every_fact_of_a_library_is_described(self):
        rows = re.findall(r"^\.It (\w+) [NB] Ta (\w+) Ta",
                          page("tapelab-vtl.1"), re.M)
        table = re.findall(r"\{ FACT_(\w+), (?:BOTH|FACT_OF_LIBRARY),\s*"
                           r'\{ .name = "(\w+)"',
                           read("sim", "metrics", "table_fact.c"))
        self.assertEqual(rows, [(kind.lower(), name) for kind, name in table])

    def test_every_option_of_every_subcommand_is_described(self):
        text = page("tapelab-vtl.1")
        listed = set(re.findall(r"^\.It Fl .*?-(\w[\w-]+)", text, re.M))
        verbs = re.findall(r"^  (\w+) ", self.passes("vtl", "--help").out,
                           re.M)
        said = set()
        for verb in verbs:
            self.assertIn(".Nm tapelab vtl %s\n" % verb, text)
            said.update(re.findall(r"^ .*?--(\w[\w-]+)", self.passes(
                "vtl", verb, "--help").out, re.M))
        self.assertEqual(listed, said - {"config"})

    def test_every_command_of_mtx_is_described(self):
        said = re.findall(r"^  ([\w|]+) ", self.passes("mtx", "--help").out,
                          re.M)
        listed = re.findall(r"^\.It Cm (\w+)", page("tapelab-mtx.1"), re.M)
        self.assertEqual(set("|".join(said).split("|")), set(listed))

class VolumePage(CommandTest):
    page = page("tapelab-volume.5")

    def volume(self, **keys):
        """Return a volume written by a run."""
        path = self.scenario(more="faults: [{volume: 2, at: 1 MiB, "
                             "fail: write, unreached: true}]\n", **keys)
        self.assertEqual(self.run_command("run", "--keep-volumes", path).status, 0)
        db = sqlite3.connect(self.volumes()[0])
        self.addCleanup(db.close)
        return db

    def test_it_lists_exactly_the_columns_of_every_table(self):
        db = self.volume()
        tables = [name for name, in db.execute(
            "select name from sqlite_master where type in ('table', 'view')")]
        self.assertCountEqual(
            re.findall(r"^\.Ss ([a-z]+)$", self.page, re.M), tables)
        for table in tables:
            columns = [row[1] for row in
                       db.execute("pragma table_info(%s)" % table)]
            # The page refers to another table, or has a list.
            same = re.search(r"^Rows of\n\.Va (\w+)\n(?:.+\n)*same columns",
                             section(self.page, table, "Ss"), re.M)
            listed = re.findall(r"^\.It Va (\w+)", section(
                self.page, same.group(1) if same else table, "Ss"), re.M)
            self.assertEqual(listed, columns, table)

    def test_it_gives_the_marks_of_a_volume_file(self):
        db = self.volume()
        number, = db.execute("pragma application_id").fetchone()
        version, = db.execute("pragma user_version").fetchone()
        self.assertIn("%d (0x%x" % (number, number), self.page)
        self.assertIn("describes version %d." % version, self.page)

    def test_its_program_decompresses_a_part(self):
        self.get_a_part("zlib")

    def get_a_part(self, payload):
        source = self.file("source", bytes(range(256)) * 4096 + bytes(99999))
        path = self.scenario(source=os.path.basename(source), size=None,
                             payload=payload)
        self.assertEqual(self.run_command("run", "--keep-volumes", path).status, 0)
        program, = [e for e in examples(self.page) if "import" in e]
        before = os.getcwd()
        os.chdir(os.path.dirname(self.volumes()[0]))
        try:
            exec(program, {})           # it is ours, and in this tree
            with open("PART", "rb") as f:
                part = f.read()
        finally:
            os.chdir(before)
        with open(source, "rb") as f:
            self.assertEqual(part, f.read()[2 * 262144:3 * 262144])


class HeaderPage(CommandTest):
    source = page("tapelab-header.5")

    def headers(self):
        """Return a label, a part header and an end record written by a run."""
        self.assertEqual(self.run_command("run", "--keep-volumes",
                                          self.scenario()).status, 0)
        db = sqlite3.connect(self.volumes()[0])
        self.addCleanup(db.close)
        texts = [text for text, in db.execute(
            "select cast(data as text) from objects where data is not null "
            "order by first")]
        return [next(text for text in texts if "\ntype: %s\n" % kind in text)
                for kind in ("label", "part", "end")]

    def keys(self, text):
        """Return the keys, each once."""
        return list(dict.fromkeys(re.findall(r"^(\w+): ", text, re.M)))

    def test_it_lists_exactly_the_keys_of_a_header(self):
        label, part, end = self.headers()
        keys = self.keys(part)
        listed = re.findall(r"^\.It Cm (\w+)$", self.source, re.M)
        # Keys of some labels only: of a dump with a date, of a drive that
        # reports the medium, of an acceptance run.
        self.assertEqual(sorted(listed), sorted(
            keys + ["begun", "serial", "purpose"]))
        record = re.findall(r"^\.It Va (\w+)$", self.source, re.M)
        self.assertEqual(record, [k for k in self.keys(end)
                                  if k not in self.keys(label)])

    def test_its_examples_are_valid_headers(self):
        label, part, end = self.headers()
        shown = [e for e in examples(self.source) if e.startswith("tapelab:")]
        self.assertEqual(len(shown), 2)
        for example, header in zip(shown, (part, end)):
            keys = self.keys(header)
            keys.insert(keys.index("sequence"), "begun")
            self.assertEqual(self.keys(example), keys)
            text, check = re.fullmatch(r"(.*\n)check: (\w+)\n", example,
                                       re.S).groups()
            done = subprocess.run(["xxhsum", "-H2"], input=text.encode(),
                                  stdout=subprocess.PIPE, check=True)
            self.assertEqual(done.stdout.decode().split()[0], check)


class ResultsPage(CommandTest):
    page = page("tapelab-results.5")

    def listed(self, title):
        # Each section has one list; nested lists are of quoted words.
        return re.findall(r"^\.It Va (\w+)", section(self.page, title, "Ss"),
                          re.M)

    def setUp(self):
        super().setUp()
        self.passes("run", "--out", "out", "--trace",
                    self.scenario("a.yaml", source="stdin", size=None,
                                  more=PUBLISHED),
                    self.scenario("b.yaml", source="stdin", size=None))

    def test_it_lists_exactly_the_columns_of_the_tables(self):
        with open(self.path("out", "a", "attempts.tsv"), encoding="utf-8") as f:
            columns = f.readline().split()
        text = section(self.page, "attempts.tsv", "Ss")
        self.assertEqual(re.findall(r"^\.Va (\w+)", text, re.M)
                         [:len(columns)], columns)
        with open(self.path("out", "published.tsv"), encoding="utf-8") as f:
            columns = f.readline().split()
        text = section(self.page, "published.tsv", "Ss")
        self.assertEqual(re.findall(r"^\.Va (\w+)", text, re.M), columns)
        with open(self.path("out", "a", "throughput.tsv"),
                  encoding="utf-8") as f:
            columns = f.readlines()[1].lstrip("# ").split()
        self.assertEqual(self.listed("throughput.tsv"), columns)
        with open(self.path("out", "a", "trace.tsv"), encoding="utf-8") as f:
            columns = f.readline().split()
        self.assertEqual(self.listed("trace.tsv"), columns)


class Readme(CommandTest):
    text = read("README.md")

    def test_it_names_every_manual_page(self):
        for name in os.listdir(os.path.join(ROOT, "sim", "man")):
            self.assertIn("`%s`" % name, self.text)


class Contributing(CommandTest):
    """CONTRIBUTING.md names files and functions that exist."""
    text = read("CONTRIBUTING.md")

    def test_each_file_that_it_names_exists(self):
        names = re.findall(r"`((?:splitter|vtl|sim|reports|scenarios|\.ci)/"
                           r"[^`\s]+)`", self.text)
        self.assertGreater(len(names), 100)
        for name in names:
            # Capital letters stand for a name to choose.
            if not re.search(r"[A-Z]{4}|-N\.", name):
                self.assertTrue(glob.glob(os.path.join(ROOT, name)), name)

    def test_each_function_is_in_the_file_before_it(self):
        pairs = re.findall(r"`((?:splitter|vtl|sim|reports)/[\w/.]+)` "
                           r"`([\w.]+)(?:\(\)|\[\])?`", self.text)
        self.assertGreater(len(pairs), 20)
        for path, name in pairs:
            self.assertIn(name.split(".")[-1], read(path),
                          "%s in %s" % (name, path))


if __name__ == "__main__":
    main()
