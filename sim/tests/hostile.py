#!/usr/bin/env python3
"""Hostile databases: sets every column to invalid values.

Usage: hostile.py BUILD-FOLDER [EVERY [FIRST]]

A case is a library with two dumps, of which one database (library.db, a
volume, or catalogue.db) has a value in some column, or rows, that tapelab
never writes. The commands that read it are run one after the other. Each must
end by itself, within limits of time and memory, with a documented status, and
must not touch files outside the library. With EVERY, only each EVERYth case is
run, starting with FIRST.
"""
import itertools
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

PATIENCE_S = 120        # with a sanitizer, on a busy machine
MEMORY = 1 << 30

VALUES = (None, -1, 0, 1, 3, 255, 1 << 16, 1 << 31, 1 << 40, 1 << 62,
          (1 << 63) - 1, -(1 << 63), 1.5, 1e300, "", "x", "../home/id_rsa",
          "V001", "%s%n", "A" * 5000, "\x1b[2J\n", b"", b"\0", b"V\0\xff" * 9)

STRANGERS = {
    "lib/library.db": (
        "create trigger t after update on elements begin delete from "
        "cartridges; end",
        "create view v as select * from cartridges",
        "with recursive n(i) as (select 5000 union all select i + 1 from n "
        "where i < 90000) insert into elements (address, kind, number, "
        "model) select i, 'drive', i, 'lto8' from n",
        "insert into cartridges (barcode, file, address) values ('W1', "
        "'V001.tape', 4)",
        "insert into cartridges (barcode, file, address) values ('W1', "
        "'library.db', 4)",
        "update cartridges set file = 'V002.tape' where barcode = 'V001'",
        "update elements set kind = 'slot' where kind = 'drive'",
        "delete from elements where kind = 'drive'",
        "delete from elements",
        "delete from library",
        "with recursive n(i) as (select 1 union all select i + 1 from n "
        "where i < 50000) insert into robot_faults (mode, move, once) select "
        "'stuck', 1 << 40, 0 from n",
    ),
    "lib/V001.tape": (
        "create trigger t after insert on objects begin delete from "
        "history; end",
        "drop view files; create view files as select 1",
        "insert into objects select max(first + count), 1 << 40, 0, 0, "
        "max(at_byte), max(file), 0, 0, null, null, 0 from objects",
        "delete from objects; insert into objects values (0, 1 << 62, 0, 0, "
        "0, 0, 0, 0, null, null, 0)",
        "delete from objects; insert into objects values (0, 1 << 35, 4096, "
        "4096, 0, 0, 1, 0, null, null, 0)",
        "update objects set count = 1 << 30 where block_bytes = 0",
        "delete from objects; insert into objects values (0, 1 << 20, 0, 0, "
        "0, 0, 0, 0, null, null, 0)",
        "update objects set sums = zeroblob(8), data = zeroblob(60000000)",
        "update objects set zlib = 1",
        "update objects set data = 'text', sums = 'textual.'",
        "with recursive n(i) as (select 1 union all select i + 1 from n "
        "where i < 50000) insert into defects (fail, at_byte, sense_key, "
        "sense_asc) select 'write', i, 3, 12 from n",
        "insert into history (event, text) select 'lost', zeroblob(1 << 20)",
        "insert into history (event, text) values ('lost', char(27, 10, 255))",
        "insert into history (event, text) values ('lost', x'1bff00')",
    ),
    "lib/catalogue.db": (
        "create trigger t after insert on dumps begin delete from attempts; "
        "end",
        "drop view parts; create view parts as select 1",
        "update dumps set name = name || '\n'",
        "delete from dumps",
        "delete from attempts",
    ),
}

COMMANDS = {
    "lib/library.db": (
        ("vtl", "status", "lib"), ("vtl", "list", "--json", "lib"),
        ("vtl", "behaviour", "lib"), ("vtl", "load", "lib", "V002", "1"),
        ("vtl", "verify", "lib"), ("scan", "-l", "lib"),
        ("write", "-l", "lib", "-d", "n", "--buffer", "1 MiB"),
        ("vtl", "unload", "lib", "1"), ("vtl", "move", "lib", "V003", "ie:1"),
        ("vtl", "export", "--to", "out", "lib", "V001"),
        ("vtl", "import", "lib", "out/V001.tape"),
    ),
    "lib/V001.tape": (
        ("vtl", "list", "lib"), ("vtl", "show", "lib", "V001"),
        ("vtl", "files", "--text", "--json", "lib", "V001"),
        ("vtl", "verify", "lib", "V001"), ("scan", "-l", "lib"),
        ("read", "-l", "lib", "-d", "d"),
        ("read", "-l", "lib", "-d", "d", "--salvage", "--max-missing",
         "1 MiB"),
        ("vtl", "fault", "--entry", "{fail: write, volume: V001, at: 1 B}",
         "lib"),
        ("write", "-l", "lib", "-d", "n", "--volume", "V001", "--overwrite",
         "V001", "--buffer", "1 MiB"),
        ("label", "-l", "lib", "--volume", "V001"),
        ("vtl", "export", "--to", "out", "lib", "V001"),
        ("vtl", "import", "lib", "out/V001.tape"),
    ),
    "lib/catalogue.db": (
        ("write", "-l", "lib", "-d", "p", "--resume", "--buffer", "1 MiB"),
        ("write", "-l", "lib", "-d", "n", "--buffer", "1 MiB"),
        ("write", "-l", "lib", "-d", "d", "--resume", "--buffer", "1 MiB"),
        ("scan", "-l", "lib", "--rebuild"),
        ("label", "-l", "lib", "--volume", "V003"),
    ),
}

STATUSES = (0, 1, 2, 4, 5)


class Failure(Exception):
    """A command did what none may do."""


def run(program, folder, command, stdin=b""):
    """Run a command; return its status and output."""
    environment = dict(os.environ, HOME=os.path.join(folder, "home"),
                       TMPDIR=os.path.join(folder, "tmp"), LC_ALL="C")
    with subprocess.Popen(
            [program, *command], cwd=folder, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE) as process:
        try:
            out, err = process.communicate(stdin, PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return process.returncode, out, err


class Template:
    """The library with which every case starts."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        for name in ("home", "tmp", "out"):
            os.makedirs(os.path.join(folder, name))
        with open(os.path.join(folder, "home", "id_rsa"), "w",
                  encoding="ascii") as f:
            f.write("secret\n")
        self.do("vtl", "create", "--drives", "2", "--drive-model", "lto8",
                "--volumes", "3", "--slots", "5", "--ie-slots", "2",
                "--capacity", "2 MiB", "--barcode-prefix", "V",
                "--barcode-suffix", "", "lib")
        self.do("label", "-l", "lib")
        small = ("--block", "32 KiB", "--part", "128 KiB", "--buffer",
                 "1 MiB", "--max-volumes", "1")
        self.do("write", "-l", "lib", "-d", "d", *small, "--volume", "V001",
                stdin=bytes(range(32, 127)) * 3000)
        self.do("write", "-l", "lib", "-d", "p", *small, "--volume", "V002",
                "--limit", "500 kB", status=4, stdin=bytes(1 << 20))
        self.do("vtl", "behaviour", "lib", "{buffered: true}")
        self.do("vtl", "fault", "lib", "--entry",
                "{fail: move, mode: stuck, nth: 900}")
        self.do("vtl", "fault", "lib", "--entry",
                "{fail: drive, operation: write, nth: 900000}")
        self.do("vtl", "fault", "lib", "--entry",
                "{fail: write, volume: V001, at: 1500 kB}")

    def do(self, *command, status=0, stdin=b""):
        got, out, err = run(self.program, self.folder, command, stdin)
        if got != status:
            raise Failure("%s: %d\n%s" % (command, got, (out + err).decode()))

    def cases(self):
        """Yield (database, change) in a fixed order."""
        for name, statements in STRANGERS.items():
            for statement in statements:
                yield name, (statement,)
        for name in COMMANDS:
            for table, column in columns(os.path.join(self.folder, name)):
                for value, every in itertools.product(VALUES, (False, True)):
                    yield name, (table, column, value, every)


def columns(path):
    """Return every column of every table of a database."""
    db = sqlite3.connect(path)
    tables = [row[0] for row in db.execute(
        "select name from sqlite_master where type = 'table' order by name")]
    found = [(table, row[1]) for table in tables if table != "sqlite_sequence"
             for row in db.execute("pragma table_info(%s)" % table)]
    db.close()
    return found


def allow_null(db, table):
    """Remove "not null" from a table; return how to restore it."""
    db.execute("pragma writable_schema = on")
    text = db.execute("select sql from sqlite_master where name = ?",
                      (table,)).fetchone()[0]
    db.execute("update sqlite_master set sql = ? where name = ?",
               (text.replace(" not null", ""), table))
    return text


def spoil(path, what):
    """Make the change; return False if SQLite refuses it."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("pragma ignore_check_constraints = on")
    try:
        if len(what) == 1:
            db.executescript(what[0])
            return True
        table, column, value, every = what
        text = allow_null(db, table)
        db.close()
        db = sqlite3.connect(path, isolation_level=None)
        db.execute("pragma ignore_check_constraints = on")
        try:
            db.execute("update %s set %s = ? %s" % (
                table, column, "" if every else "where %s is (select min(%s) "
                "from %s)" % (column, column, table)), (value,))
            done = True
        except sqlite3.DatabaseError:
            done = False
        db.execute("pragma writable_schema = on")
        db.execute("update sqlite_master set sql = ? where name = ?",
                   (text, table))
        return done
    finally:
        db.close()


def listing(folder):
    """Return every file outside the library with its contents."""
    found = {}
    for name in ("home", "tmp", "."):
        place = os.path.join(folder, name)
        for entry in sorted(os.listdir(place)):
            path = os.path.join(place, entry)
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    found[name + "/" + entry] = f.read()
    return found


def judge(status, out, err):
    """Return why the result of a command is wrong, or None."""
    text = err.decode(errors="replace")
    if status not in STATUSES:
        return "it ended with status %d" % status
    if "AddressSanitizer" in text or "runtime error:" in text:
        return "a sanitizer complains"
    if status != 0 and not out and not err:
        return "it failed without a message"
    if "out of memory" in text:
        return "it asked for more memory than there is"
    if b"\x1b" in out + err:
        return "it sent a control character to the terminal"
    return None


def run_case(template, case):
    """Run one case; return whether SQLite accepted it. Raises Failure."""
    name, what = case
    with tempfile.TemporaryDirectory(dir=os.path.dirname(
            template.folder)) as top:
        folder = os.path.join(top, "w")
        shutil.copytree(template.folder, folder)
        if not spoil(os.path.join(folder, name), what):
            return False
        before = listing(folder)
        for command in COMMANDS[name]:
            try:
                status, out, err = run(template.program, folder, command,
                                       bytes(100000))
                wrong = judge(status, out, err)
            except subprocess.TimeoutExpired as e:
                out, err = e.stdout or b"", e.stderr or b""
                wrong = "it does not end"
            if wrong is None and listing(folder) != before:
                wrong = "it touched a file outside of the library"
            if wrong is None and set(os.listdir(os.path.join(
                    folder, "out"))) - {"V001.tape"}:
                wrong = "it put out another file"
            if wrong is not None:
                raise Failure("%s: %r\ntapelab %s: %s\n%s" % (
                    name, what, " ".join(command), wrong,
                    (out[-1000:] + err[-3000:]).decode(errors="replace")))
    return True


def run_some(build, every=1, first=0, end=None, told=print):
    """Run each `every`th case; return how many passed and failed."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    before = resource.getrlimit(resource.RLIMIT_AS)
    if "san" not in os.path.basename(build):        # sanitizers need more
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, before[1]))
    passed = failed = 0

    def one(case):
        try:
            return run_case(template, case), None
        except Failure as e:
            return True, str(e)

    with tempfile.TemporaryDirectory(prefix="tapelab-hostile-",
                                     dir=place) as top:
        template = Template(os.path.abspath(build + "/tapelab"),
                            os.path.join(top, "template"))
        cases = list(template.cases())[first:end:every]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for made, wrong in pool.map(one, cases):
                passed += made and wrong is None
                failed += wrong is not None
                if wrong is not None:
                    told("failed: " + wrong)
    resource.setrlimit(resource.RLIMIT_AS, before)
    return passed, failed


def main():
    numbers = [int(word) for word in sys.argv[2:]]
    passed, failed = run_some(sys.argv[1], *numbers)
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
