#!/usr/bin/env python3
"""libsplitter, as one finds it who has it installed.

It is installed in a folder of the test's, and everything else is built and run
with the installed files.  The two examples write dumps on volumes that are folders;
the dumps are put together from these and compared.
"""
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
BUILD = os.environ.get("BUILD", "build")
BLOCK = 4096
HEADERS = ["changer.h", "condition.h", "enums.h", "filters.h", "label.h", "reader.h",
           "release.h", "splitter.h", "st.h", "tape.h", "volumes.h"]
PATIENCE_S = 120        # for what can only hang when it is broken


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=PATIENCE_S, **more)


def must(command, **more):
    done = run(command, **more)
    if done.returncode != 0:
        raise AssertionError("%s: %s%s" % (
            " ".join(command), done.stdout.decode(), done.stderr.decode()))
    return done.stdout.decode()


def make(target, folder, *variables):
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    must(["make", "-s", "--no-print-directory", "B=" + BUILD,
          "DESTDIR=" + folder, *(variables or ["PREFIX=/opt/tapelab"]),
          target], cwd=ROOT, env=env)


def read(path):
    with open(path) as f:
        return f.read()


def files_in(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder)
                  for at, _, names in os.walk(folder) for name in names)


def words(text):
    return " ".join(re.findall(r"[\w*]+", text.replace("*", " * ")))


def declared(path):
    """The functions that a header declares, and how, as words."""
    text = re.sub(r"/\*.*?\*/|^#.*?$", "", read(path), flags=re.S | re.M)
    text = re.sub(r"\{[^{}]*\}", "", text.replace('extern "C" {', ""))
    return {m.group(2): words(m.group(0)) for m in re.finditer(
        r"^(\w[^\n;(]*?\s\**)((?:splitter|tape)_\w+)\([^;]*;", text, re.M)}


def shown(folder):
    """The same of the manual pages."""
    text = "".join(read(path) for path in glob.glob(folder + "/*.3")
                   if not os.path.islink(path))
    return {m.group(2): words(m.group(0).replace(".Ft", "").replace(
        ".Fn", "")) for m in re.finditer(
            r"^\.Ft (.*)\n\.Fn (\w+) .*$", text, re.M)}


class Installed(unittest.TestCase):
    """All tests of what is installed, which is done once."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        make("install", cls.folder)
        cls.prefix = cls.folder + "/opt/tapelab"
        cls.work = tempfile.mkdtemp()
        for name in os.listdir(ROOT + "/splitter/api/examples"):
            shutil.copy(ROOT + "/splitter/api/examples/" + name, cls.work)
        shared = ["filetape.c", "show.c"]
        cls().build("handoff", ["handoff.c"] + shared)
        for name in ("write", "readback"):
            cls().build(name, [name + ".c", "shelf.c"] + shared)
        cls().build("drive", ["drive.c"])

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)
        shutil.rmtree(cls.work)

    def env(self, **more):
        return dict({"PATH": os.environ["PATH"], "TMPDIR": self.work,
                     "PKG_CONFIG_SYSROOT_DIR": self.folder,
                     "PKG_CONFIG_PATH": self.prefix + "/lib/pkgconfig",
                     "LD_LIBRARY_PATH": self.prefix + "/lib"}, **more)

    def flags(self, *what):
        return must(["pkg-config", *what, "splitter"],
                    env=self.env()).split()

    def build(self, name, sources, compiler=("cc", "-std=c11",
              "-D_GNU_SOURCE"), libs=None):
        must([*compiler, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o",
              name] + sources + self.flags("--cflags") + ["-pthread"] +
             (libs or self.flags("--libs")), cwd=self.work, env=self.env())

    def test_headers_library_pages_and_command(self):
        there = files_in(self.prefix)
        for name in ("bin/tapelab", "include/tapelab/splitter.h",
                     "include/tapelab/tape.h", "lib/libsplitter.a",
                     "lib/libsplitter.so", "lib/libsplitter.so.1",
                     "lib/pkgconfig/splitter.pc", "share/man/man1/tapelab.1",
                     "share/man/man5/tapelab-header.5",
                     "share/man/man3/splitter.3",
                     "share/tapelab/scenario.schema.json",
                     "share/tapelab/results.schema.json",
                     "share/bash-completion/completions/tapelab",
                     "share/zsh/site-functions/_tapelab",
                     "share/doc/tapelab/README.md",
                     "share/doc/tapelab/examples/library/write.c",
                     "share/doc/tapelab/examples/scenarios/"
                     "four_volumes_one_bad_spot.yaml"):
            self.assertIn(name, there)
        self.assertEqual(sorted(os.listdir(self.prefix + "/include/tapelab")),
                         HEADERS)

    def test_each_function_has_a_page_by_its_name(self):
        pages = self.prefix + "/share/man/man3"
        for name in self.functions():
            self.assertTrue(os.path.exists("%s/%s.3" % (pages, name)), name)
        self.assertEqual(shown(pages), self.functions())

    def test_a_program_of_version_1_0_runs_with_this_library(self):
        """It was compiled with the headers of that version."""
        source = ROOT + "/splitter/api/tests/abi-1.0/"
        old = tempfile.mkdtemp(dir=self.work)
        os.mkdir(old + "/tapelab")
        for name in os.listdir(source):
            if name.endswith(".h"):
                shutil.copy(source + name, old + "/tapelab")
        must(["cc", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra",
              "-Werror", "-I" + old, "-o", old + "/program",
              source + "program.c"] + self.flags("--libs"), env=self.env())
        self.assertEqual(must([old + "/program"], env=self.env()), "ok\n")

    def test_the_library_does_not_need_sqlite(self):
        lib = self.prefix + "/lib/"
        self.assertNotIn("sqlite", must(["ldd", lib + "libsplitter.so"]))
        for name, option in ("libsplitter.so", "-D"), ("libsplitter.a", "-g"):
            undefined = must(["nm", option, "-u", lib + name])
            self.assertNotIn("sqlite", undefined)
            self.assertIn("XXH3", undefined)

    def test_the_library_holds_no_tool(self):
        """Neither the rooms around the library, nor signals and databases."""
        names = must(["nm", self.prefix + "/lib/libsplitter.a"])
        for prefix in "catalogue_", "signals_", "database_", "write_dump":
            self.assertNotIn(prefix, names)

    def test_command_and_library_have_one_version(self):
        header = read(self.prefix + "/include/tapelab/splitter.h")
        version = re.search(r'SPLITTER_VERSION\s+"(.*)"', header).group(1)
        self.assertIn(version, must([self.prefix + "/bin/tapelab",
                                     "--version"]))

    def test_every_scenario_of_the_tree_is_an_example(self):
        self.assertEqual(
            files_in(self.prefix + "/share/doc/tapelab/examples/scenarios"),
            files_in(ROOT + "/scenarios"))

    def test_the_installed_command_completes_the_shells(self):
        for shell, path in (("bash", "bash-completion/completions/tapelab"),
                            ("zsh", "zsh/site-functions/_tapelab")):
            printed = must([self.prefix + "/bin/tapelab", "completion", shell])
            self.assertEqual(read(self.prefix + "/share/" + path), printed)

    def test_the_link_named_mtx_is_the_command_apart_from_the_others(self):
        done = run([self.prefix + "/libexec/tapelab/mtx", "--help"])
        self.assertIn(b"usage: tapelab mtx", done.stdout)
        self.assertEqual(os.listdir(self.prefix + "/bin"), ["tapelab"])

    def test_uninstall_leaves_only_what_is_not_its_own(self):
        folder = self.work + "/copy"
        other = ["opt/tapelab/lib/libother.so",
                 "opt/tapelab/share/doc/tapelab/mine"]
        shutil.copytree(self.folder, folder, symlinks=True)
        for path in other:
            with open(folder + "/" + path, "w"):
                pass
        make("uninstall", folder)
        self.assertEqual(files_in(folder), other)
        self.assertEqual(os.listdir(folder + "/opt/tapelab/share/doc/tapelab"),
                         ["mine"])
        for path in ("share/tapelab", "libexec/tapelab", "include/tapelab"):
            self.assertFalse(os.path.exists(folder + "/opt/tapelab/" + path))

    def test_folders_may_have_the_names_of_the_gnu_standards(self):
        folder = self.work + "/gnu folders"
        make("install", folder, "prefix=/usr",
             "libdir=/usr/lib/triplet", "libexecdir=/libexec",
             "datarootdir=/data", "docdir=/doc", "mandir=/pages")
        for path in ("usr/bin/tapelab", "usr/lib/triplet/libsplitter.so.1",
                     "usr/lib/triplet/pkgconfig/splitter.pc",
                     "data/tapelab/scenario.schema.json", "doc/README.md",
                     "pages/man1/tapelab.1", "libexec/tapelab/mtx"):
            self.assertTrue(os.path.exists(folder + "/" + path), path)
        self.assertIn("libdir=/usr/lib/triplet\n", read(
            folder + "/usr/lib/triplet/pkgconfig/splitter.pc"))
        make("uninstall", folder, "prefix=/usr",
             "libdir=/usr/lib/triplet", "libexecdir=/libexec",
             "datarootdir=/data", "docdir=/doc", "mandir=/pages")
        self.assertEqual(files_in(folder), [])

    def functions(self):
        include = self.prefix + "/include/tapelab/"
        return {name: how for header in HEADERS
                for name, how in declared(include + header).items()}

    def test_what_the_headers_declare_is_exported_and_no_more(self):
        shared = must(["nm", "-D", "--defined-only",
                       self.prefix + "/lib/libsplitter.so"])
        symbols = [line.split()[2] for line in shared.splitlines()
                   if line.split()[1] != "A"]
        self.assertEqual({s.split("@@")[0] for s in symbols},
                         set(self.functions()))
        self.assertEqual({s.split("@@")[1] for s in symbols}, {"SPLITTER_1"})

    def test_the_static_library_has_no_other_global_names(self):
        static = must(["nm", "-g", "--defined-only",
                       self.prefix + "/lib/libsplitter.a"])
        self.assertEqual({line.split()[2] for line in static.splitlines()
                          if len(line.split()) == 3}, set(self.functions()))

    def test_the_package_lists_the_symbols(self):
        lines = read(ROOT + "/.ci/debian/libsplitter1.symbols").splitlines()
        self.assertEqual({line.split("@")[0].strip() for line in lines[2:]},
                         set(self.functions()) | {"SPLITTER_1"})

    def test_the_package_is_built_with_the_libraries_that_are_listed(self):
        with open(ROOT + "/.ci/packages", encoding="utf-8") as f:
            needed = {line.split()[0] for line in f
                      if line[0] != "#" and "build" in line.split()[1]}
        control = read(ROOT + "/.ci/debian/control")
        depends = re.search(r"Build-Depends:((?:\n .*)+)", control).group(1)
        self.assertEqual(set(re.findall(r"^ ([\w.+-]+)", depends, re.M)) -
                         {"debhelper-compat"}, needed - {"gcc"})

    def test_soname_and_version_are_those_of_the_header(self):
        header = read(self.prefix + "/include/tapelab/splitter.h")
        version = re.search(r'SPLITTER_VERSION\s+"(.*)"', header).group(1)
        dynamic = must(["objdump", "-p",
                        self.prefix + "/lib/libsplitter.so"])
        self.assertIn("libsplitter.so." + version.split(".")[0],
                      re.search(r"SONAME\s+(.*)", dynamic).group(1))
        self.assertEqual(self.flags("--modversion"), [version])

    def test_the_header_is_all_that_a_cxx_program_needs(self):
        with open(self.work + "/version.cc", "w") as f:
            f.write("".join("#include <tapelab/%s>\n" % header
                            for header in HEADERS) + "#include <cstring>\n"
                    "int main() { return std::strcmp(splitter_version(),\n"
                    "    SPLITTER_VERSION) != 0; }\n")
        self.build("version", ["version.cc"], ("g++", "-std=c++11"))
        must([self.work + "/version"], env=self.env())

    def setUp(self):
        self.volumes = tempfile.mkdtemp(dir=self.work)

    def write(self, example, dump, options, volumes, env=None):
        command = [self.work + "/" + example, "-b", str(BLOCK),
                   "-p", str(16 * BLOCK)] + options + list(volumes)
        done = run(command, input=dump, cwd=self.volumes,
                   env=env or self.env())
        self.table = [line.split() for line in
                      done.stdout.decode().splitlines()]
        self.err = done.stderr.decode()
        return done.returncode

    def story(self):
        """ "1.1A 1.2B": part, attempt and volume, F where it failed. """
        return " ".join("%s.%s%s%s" % (
            row[0], row[1], row[2], "F" if row[6] == "FAILED" else "")
            for row in self.table[:-1])

    def restored(self):
        """Return the safe parts, as they are on the volumes."""
        dump = b""
        for row in self.table[:-1]:
            if row[6] == "FAILED":
                continue
            with open(os.path.join(self.volumes, row[2], row[3]), "rb") as f:
                header = f.read(BLOCK)
                part = f.read()
            self.assertIn(b"\npart: %s\nattempt: %s\n" % (
                row[0].encode(), row[1].encode()), header)
            self.assertEqual(len(part), int(row[5]))
            self.assertEqual(len(dump), int(row[4]))
            dump += part
        return dump

    def both(self, options, story, status=0, safe=None, blocks=40, extra=5):
        """The same dump by both examples."""
        dump = os.urandom(blocks * BLOCK + extra)
        for example in ("handoff", "write"):
            volumes = [v + example[0] for v in "ABC"]
            self.assertEqual(self.write(example, dump, options, volumes),
                             status, self.err)
            self.assertEqual(self.story(), re.sub(
                "([ABC])", r"\1" + example[0], story))
            self.assertEqual(self.restored(), dump[:safe])
            self.assertEqual(self.table[-1][1], str(len(dump[:safe])))

    def test_one_volume(self):
        self.both([], "1.1A 2.1A 3.1A")

    def test_an_empty_dump_has_one_part(self):
        self.both([], "1.1A", blocks=0, extra=0)

    def test_volumes_that_warn(self):
        # Label, then 1 + 16 and 1 + 5: the 24th block is the last.
        self.both(["-s", str(25 * BLOCK), "-w", str(2 * BLOCK)],
                  "1.1A 2.1A 3.1B 4.1B")

    def test_a_volume_that_ends_without_warning_fails_a_part(self):
        self.both(["-s", str(25 * BLOCK)], "1.1A 2.1AF 2.2B 3.1BF 3.2C")

    def test_no_more_volumes(self):
        self.both(["-s", str(25 * BLOCK)],
                  "1.1A 2.1AF 2.2B 3.1BF 3.2C 4.1CF", 4, 48 * BLOCK, 60)
        self.assertIn("no more volumes", self.err)

    def test_a_volume_that_fails(self):
        dump = os.urandom(40 * BLOCK)
        self.assertEqual(self.write("write", dump, ["-f", "20"], "ABC"), 0)
        self.assertEqual(self.story(), "1.1A 2.1AF 2.2B 3.1B")
        self.assertIn("medium_error", self.table[1])
        self.assertEqual(self.restored(), dump)

    def test_a_program_that_tries_a_part_but_once(self):
        dump = os.urandom(40 * BLOCK)
        self.assertEqual(self.write("handoff", dump, [
            "-s", str(25 * BLOCK), "-a", "1"], "ABC"), 4)
        self.assertEqual(self.story(), "1.1A 2.1AF")
        self.assertEqual(self.restored(), dump[:16 * BLOCK])
        self.assertEqual(os.listdir(self.volumes), ["A"])

    def test_a_volume_that_holds_another_dump_is_left_alone(self):
        first, dump = os.urandom(BLOCK), os.urandom(BLOCK)
        self.assertEqual(self.write("write", first, [], "A"), 0)
        self.assertEqual(self.write("handoff", dump, [], "AB"), 0)
        self.assertEqual(self.story(), "1.1B")
        self.assertIn("volume A is left unchanged", self.err)
        self.assertIn("volume A: was not written to", self.err)

    def test_a_cancel_ends_it_where_no_byte_comes(self):
        """The pipe stays open: only the cancel can end it."""
        command = [self.work + "/handoff", "-b", str(BLOCK), "-p",
                   str(16 * BLOCK), "-c", "2", "A"]
        dump = os.urandom(33 * BLOCK)
        p = subprocess.Popen(command, cwd=self.volumes, env=self.env(),
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
        p.stdin.write(dump)
        p.stdin.flush()
        self.assertEqual(p.wait(timeout=PATIENCE_S), 5)
        self.table = [line.split() for line in
                      p.stdout.read().decode().splitlines()]
        self.assertEqual(self.restored(), dump[:32 * BLOCK])
        self.assertEqual(self.table[-1][0], "FAILED")
        p.stdin.close()
        p.stdout.close()

    def read_back(self, *arguments):
        return run([self.work + "/readback", "-b", str(BLOCK), *arguments],
                   cwd=self.volumes, env=self.env())

    def test_a_dump_is_read_back_from_its_volumes(self):
        dump = os.urandom(40 * BLOCK + 5)
        self.assertEqual(self.write("write", dump, ["-s", str(25 * BLOCK)],
                                    "ABC"), 0)
        done = self.read_back("example", "A", "B", "C")
        self.assertEqual((done.returncode, done.stdout), (0, dump),
                         done.stderr)
        # The first volume alone has the first part, and proves it.
        shutil.rmtree(self.volumes + "/B")
        done = self.read_back("example", "A", "C")
        self.assertEqual((done.returncode, done.stdout),
                         (5, dump[:16 * BLOCK]), done.stderr)
        self.assertIn(b"missing from byte %d on" % (16 * BLOCK), done.stderr)
        done = self.read_back("-s", "example", "A", "C")
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertEqual(done.stdout, dump[:16 * BLOCK] + dump[32 * BLOCK:])

    def test_an_unknown_dump_is_not_found(self):
        done = self.read_back("other", "A")
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"other", done.stderr)

    def test_what_is_no_tape_drive_is_refused(self):
        done = run([self.work + "/drive", "/dev/null"], env=self.env())
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"/dev/null: ", done.stderr)

    def test_the_library_needs_no_sqlite(self):
        dynamic = must(["objdump", "-p",
                        self.prefix + "/lib/libsplitter.so"])
        self.assertNotIn("sqlite", dynamic)

    def static(self, name, libs, compiler):
        """A program that runs with no library of ours installed."""
        self.build(name, ["write.c", "shelf.c", "filetape.c", "show.c"],
                   compiler, libs)
        dump = os.urandom(40 * BLOCK)
        self.assertEqual(self.write(name, dump, [], "A", {
            "PATH": os.environ["PATH"], "TMPDIR": self.work}), 0)
        self.assertEqual(self.restored(), dump)

    def test_linked_with_the_static_library(self):
        self.static("static", [self.prefix + "/lib/libsplitter.a"] + [
            f for f in self.flags("--libs", "--static")
            if f != "-lsplitter"], ("cc", "-std=c11", "-D_GNU_SOURCE"))

    def test_linked_with_static_libraries_alone(self):
        """Failed to link: libxxhash.a lacks what the library asked for."""
        self.static("alone", self.flags("--libs", "--static"),
                    ("cc", "-static", "-std=c11", "-D_GNU_SOURCE"))

    def test_the_trace_tells_of_each_operation(self):
        self.write("write", b"x" * BLOCK, ["-t"], "A")
        lines = [line.split("\t") for line in self.err.splitlines()]
        self.assertEqual([line[4] for line in lines if line[4] in (
            "load", "label", "header", "unload")],
            ["load", "label", "header", "header", "unload"])


if __name__ == "__main__":
    os.chdir(ROOT)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    result = unittest.main(exit=False, verbosity=1).result
    bad = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.testsRun - bad, bad))
    sys.exit(1 if bad else 0)
