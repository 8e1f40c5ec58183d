#!/usr/bin/env python3
"""The JSON Schemas of results.json and of scenarios, by a validator of others.

Results of tapelab must be valid, and scenarios that it refuses must not be, if
a schema can express the reason.
"""
import copy
import glob
import json
import os
import re

import jsonschema
import yaml

from command import ROOT, CommandTest, main

# A fault that strikes, one that need not, and what else a result can have.
STORY = """\
title: Two dumps, one of which meets a bad spot
library: {drives: [lto8, lto8], volumes: {count: 6, capacity: 4 MiB}}
splitter: {block: 64 KiB, buffer: 256 KiB, part: 1 MiB, cache: memory}
dumps:
  - {name: one, source: random, size: 3 MiB}
  - {name: two, source: random, size: 5 MiB}
faults:
  - {volume: 1, at: 2 MiB, fail: write}
  - {volume: 6, at: 2 MiB, fail: write, unreached: true}
expect:
  - one.outcome == DONE
  - {that: parts == 77, known: parts are not counted}
published:
  - {metric: duration, value: 1 s, tolerance: 1 %, kind: validation,
     source: a test, known: the time is not measured}
"""


class Loader(yaml.SafeLoader):
    """Reads 2:1 as a text, as YAML 1.2 and tapelab do."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in rows
                if not tag.endswith((":int", ":float", ":timestamp"))]
        for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()}


Loader.add_implicit_resolver("tag:yaml.org,2002:int",
                             re.compile(r"[-+]?[0-9]+$"), list("-+0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float",
                             re.compile(r"[-+]?[0-9]+\.[0-9]+$"),
                             list("-+0123456789"))


def load(text):
    return yaml.load(text, Loader)


def read_schema(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def strict(schema):
    """Return the schema with every object closed: without unknown keys."""
    if isinstance(schema, dict):
        closed = {k: strict(v) for k, v in schema.items()}
        if "properties" in closed and "additionalProperties" not in closed:
            closed["additionalProperties"] = False
        return closed
    return [strict(v) for v in schema] if isinstance(schema, list) else schema


def put(document, path, value):
    """Return a copy of the document in which a value is replaced."""
    document = copy.deepcopy(document)
    at = document
    for key in path[:-1]:
        at = at[key]
    if value is KeyError:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return document


class Results(CommandTest):
    schema = read_schema("reports", "json", "results.schema.json")

    def written(self, *options):
        self.run_command("run", "--out", "out", *options)
        with open(self.path("out", "results.json"), encoding="utf-8") as f:
            return json.load(f)

    def test_every_key_that_is_written_is_described(self):
        self.file("a.yaml", STORY)
        self.scenario("b.yaml", source="stdin", size=None)
        self.scenario("c.yaml", source="stdin", size=None)
        closed = jsonschema.Draft202012Validator(strict(self.schema))
        for clock in ("virtual", "real"):
            whole = self.written("--clock", clock, "a.yaml", "b.yaml",
                                 "c.yaml")
            closed.validate(whole)
            a, _, c = whole["scenarios"]
            self.assertEqual((c["status"], len(a["dumps"])), ("skipped", 2))
            self.assertGreater(len(a["faults"][0]["places"]), 0)

    def test_damaged_results_are_refused_by_schema_and_program(self):
        self.file("a.yaml", STORY)
        whole = self.written("a.yaml")
        valid = jsonschema.Draft202012Validator(self.schema)
        one = ("scenarios", 0)
        dump = one + ("dumps", 0)
        rows = ((("format",), 2), (("scenarios",), {}),
                (one + ("title",), KeyError), (one + ("name",), None),
                (one + ("status",), "well"), (one + ("clock",), "sun"),
                (one + ("safe_bytes",), -1), (one + ("seed",), "1"),
                (one + ("read_back",), 1), (one + ("duration",), -0.5),
                (one + ("metrics",), []),
                (one + ("metrics", "parts"), True),
                (one + ("faults", 0, "strikes"), None),
                (one + ("faults", 0, "places", 0, "at"), "now"),
                (one + ("published", 0, "compares"), "soul"),
                (one + ("published", 0, "met"), "no"),
                (one + ("motion", 0, "speeds"), None),
                (dump + ("attempts", 0), 7),
                (dump + ("attempts", 0, "end"), "BANG"),
                (dump + ("attempts", 0, "bytes"), 1.5),
                (dump + ("volumes", 0, "capacity"), "4 MiB"),
                (dump + ("marks", 0, "kind"), "smudge"),
                (("units",), KeyError))
        self.assertTrue(valid.is_valid(whole))
        self.passes("report", "--compare", "out", "out")
        for path, value in rows:
            with self.subTest(path):
                bad = put(whole, path, value)
                self.assertFalse(valid.is_valid(bad))
                self.file("bad.json", json.dumps(bad))
                r = self.run_command("report", "--compare", "out", "bad.json")
                self.assertEqual(r.status, 2)
                self.assertIn("bad.json: ", r.err)
                if path[-1] not in ("format", "scenarios"):
                    self.assertIn(
                        "".join("[%d]" % key if isinstance(key, int)
                                else "." + key for key in path), r.err)


class Scenarios(CommandTest):
    schema = read_schema("sim", "scenario", "scenario.schema.json")

    def test_the_scenarios_of_the_tree_are_valid(self):
        valid = jsonschema.Draft202012Validator(self.schema)
        # One of each folder: a validator in Python is slow.
        folders = glob.glob(os.path.join(ROOT, "scenarios", "*", ""))
        self.assertGreater(len(folders), 5)
        for folder in folders:
            for path in sorted(glob.glob(folder + "*.yaml"))[:3]:
                with self.subTest(path), open(path, encoding="utf-8") as f:
                    valid.validate(load(f))

    def test_what_the_program_refuses_is_not_valid(self):
        valid = jsonschema.Draft202012Validator(self.schema)
        document = load(STORY)
        rows = ((("dumps",), KeyError), (("library", "drives"), ["lto99"]),
                (("library", "volumes", "capacity"), "4 parsecs"),
                (("splitter", "cache"), "attic"), (("colour",), "blue"),
                (("dumps", 0, "size"), -1), (("faults", 0, "fail"), "often"),
                (("expect", 0), 7), (("expect", 1), {"known": "it"}),
                (("published", 0, "kind"), "rumour"),
                (("faults", 1, "unreached"), "perhaps"))
        self.assertEqual(list(valid.iter_errors(document)), [])
        for path, value in rows:
            with self.subTest(path):
                bad = put(document, path, value)
                self.assertFalse(valid.is_valid(bad))
                self.file("bad.yaml", yaml.safe_dump(bad))
                self.assertEqual(
                    self.run_command("check", "bad.yaml").status, 2)


if __name__ == "__main__":
    main()
