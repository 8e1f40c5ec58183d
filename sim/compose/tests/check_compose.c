/*
 * check_compose.c: include, overrides, defaults, matrix, clocks, seeds, tags and
 * timeout.
 *
 * Files are written to a folder.  A test compares the text of all cases, which
 * shows the values in question, or all errors.
 */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/compose/compose.h"
#include "splitter/tests/run_suite.h"

static char folder[] = "/tmp/tapelab-compose-XXXXXX";
static char seen[16384];
static struct compose_options options;

static void setup(void)
{
	strcpy(folder + sizeof folder - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	options = (struct compose_options){ 0 };
}

static const char *const names[] = { "a.yaml", "b.yaml", "c.yaml", "sub/d.yaml",
	"sub/e.yaml" };

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void teardown(void)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlink(path_of(names[i]));
	rmdir(path_of("sub"));
	ck_assert_int_eq(rmdir(folder), 0);
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(path_of(name), "w");

	ck_assert(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void add(const char *format, ...)
{
	size_t used = strlen(seen);
	va_list args;

	va_start(args, format);
	vsnprintf(seen + used, sizeof seen - used, format, args);
	va_end(args);
}

/* Adds a tree as flow YAML. */
static void add_tree(const struct yaml_tree *node)
{
	bool map = node->kind == YAML_TREE_MAP;

	if (node->kind == YAML_TREE_TEXT) {
		add("%s", node->text);
		return;
	}
	add("%s", map ? "{" : "[");
	for (size_t i = 0; i < node->count; i++) {
		add("%s", i == 0 ? "" : map && i % 2 != 0 ? ": " : ", ");
		add_tree(node->items[i]);
	}
	add("%s", map ? "}" : "]");
}

static void add_case(const struct compose_case *c)
{
	static const char *const clocks[] = { "", " virtual", " real" };

	add("%s ", c->label);
	add_tree(c->tree);
	for (size_t i = 0; c->tags != NULL && c->tags[i] != NULL; i++)
		add(" #%s", c->tags[i]);
	if (c->timeout_ns > 0)
		add(" %lld s", (long long)(c->timeout_ns / 1000000000));
	add("%s", clocks[c->clock]);
	if (c->has_seed)
		add(" seed %llu", (unsigned long long)c->seed);
	add("\n");
}

static void add_error(void *arg, const char *message)
{
	size_t length = strlen(folder);

	(void)arg;
	if (strncmp(message, folder, length) == 0)
		message += length + 1;
	add("%s\n", message);
}

/* Sets `seen` to the cases of a.yaml, or to its errors. */
static void compose(void)
{
	struct yaml_errors errors = { 0 };
	struct compose_case found;
	struct compose *c;

	seen[0] = '\0';
	c = compose_read(path_of("a.yaml"), &options, &errors);
	ck_assert((c == NULL) == (errors.count > 0));
	for (uint64_t i = 0; c != NULL && i < compose_count(c); i++)
		if (compose_case(c, i, &found, &errors) == 0) {
			add_case(&found);
			compose_case_clear(&found);
		}
	yaml_errors_report(&errors, path_of("a.yaml"), add_error, NULL);
	yaml_errors_clear(&errors);
	compose_free(c);
}

static void composes(const char *text, const char *expected)
{
	put("a.yaml", text);
	compose();
	ck_assert_str_eq(seen, expected);
}

START_TEST(a_file_without_these_keys_is_one_case)
{
	composes("title: t\nx: [1, {y: 2}]\n", " {title: t, x: [1, {y: 2}]}\n");
}
END_TEST

START_TEST(a_file_prefers_its_values_to_those_it_includes)
{
	put("b.yaml", "x: 1\nm: {p: 1, q: 1}\nl: [1, 2]\n");
	put("c.yaml", "x: 2\ny: 2\nm: {q: 2, r: 2}\n");
	composes("include: b.yaml\nm: {p: 0}\nl: [0]\n",
	    " {m: {p: 0, q: 1}, l: [0], x: 1}\n");
	composes("include: [b.yaml, c.yaml]\nm: {p: 0}\n",
	    " {m: {p: 0, q: 2, r: 2}, x: 2, y: 2, l: [1, 2]}\n");
}
END_TEST

START_TEST(an_included_file_includes_others_beside_it)
{
	ck_assert_int_eq(mkdir(path_of("sub"), 0700), 0);
	put("sub/d.yaml", "include: e.yaml\nx: 1\n");
	put("sub/e.yaml", "include: ../b.yaml\ny: 1\n");
	put("b.yaml", "z: 1\n");
	composes("include: sub/d.yaml\n", " {x: 1, y: 1, z: 1}\n");
}
END_TEST

START_TEST(an_empty_key_removes_what_is_included)
{
	put("b.yaml", "faults: [{at: 1}]\n");
	composes("include: b.yaml\nfaults:\n", " {faults: }\n");
}
END_TEST

START_TEST(overrides_replace_values_at_their_paths)
{
	put("b.yaml", "l: [{v: 1}, {v: 2}]\noverrides: {x: 1, l.1.v: 5}\n");
	composes("include: b.yaml\nx: 0\noverrides: {l.2.v: 9, m.n: 3}\n",
	    " {x: 0, l: [{v: 5}, {v: 9}], m: {n: 3}}\n");
}
END_TEST

START_TEST(defaults_fill_keys_and_entries_of_lists)
{
	put("b.yaml", "defaults: {m: {p: 1, q: 1}, x: 1}\n");
	composes("include: b.yaml\ndefaults: {m: {p: 2}, faults: {at: 7}}\n"
		 "faults: [{at: 1}, {volume: 2}, text]\n",
	    " {faults: [{at: 1}, {volume: 2, at: 7}, text], "
	    "m: {p: 2, q: 1}, x: 1}\n");
	/* A mapping is no list of faults. */
	composes("defaults: {faults: {at: 7}}\ny: 1\n", " {y: 1}\n");
	/* Entries that a row brings have defaults, too. */
	composes("defaults: {faults: {at: 7}}\n"
		 "matrix: {rows: [{name: r, faults: [{volume: 1}]}]}\n",
	    "[r] {faults: [{volume: 1, at: 7}]}\n");
}
END_TEST

START_TEST(a_matrix_has_all_combinations)
{
	composes("m: {y: 0}\nmatrix:\n  x: [1 MiB, a/b]\n  m.y: [[k], 9]\n",
	    "[x=1MiB,y=k] {m: {y: [k]}, x: 1 MiB}\n"
	    "[x=1MiB,y=9] {m: {y: 9}, x: 1 MiB}\n"
	    "[x=a_b,y=k] {m: {y: [k]}, x: a/b}\n"
	    "[x=a_b,y=9] {m: {y: 9}, x: a/b}\n");
}
END_TEST

START_TEST(labels_tell_values_apart)
{
	composes("matrix:\n  x: [a b, ab, {q: 1}, '', "
		 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddee]\n",
	    "[x=ab] {x: a b}\n[x=2] {x: ab}\n[x=3] {x: {q: 1}}\n"
	    "[x=none] {x: }\n"
	    "[x=5] {x: aaaaaaaaaabbbbbbbbbbccccccccccddddddddddee}\n");
	composes("matrix:\n  a.x: [1]\n  b.x: [2]\n  rows: [{z.y: 1}, {q: [], "
		 "name: a name}]\n",
	    "[a.x=1,b.x=2,y=1] {a: {x: 1}, b: {x: 2}, z: {y: 1}}\n"
	    "[a.x=1,b.x=2,a-name] {a: {x: 1}, b: {x: 2}, q: []}\n");
}
END_TEST

START_TEST(rows_and_conditions_add_expectations)
{
	composes("expect: [e]\nmatrix:\n  x: [1, 2, 3]\n"
		 "  rows:\n  - {name: r, y: 1, expect: [r]}\n"
		 "  when:\n  - {if: {x: [2, 3]}, expect: [w], z: 1}\n"
		 "  - {if: {x: 3, y: 1}, expect: [v]}\n"
		 "  exclude:\n  - {x: 1}\n",
	    "[x=2,r] {x: 2, y: 1, z: 1, expect: [e, r, w]}\n"
	    "[x=3,r] {x: 3, y: 1, z: 1, expect: [e, r, w, v]}\n");
	/* All conditions of an entry must hold. */
	composes("matrix:\n  x: [1, 2]\n  y: [1, 2]\n"
		 "  when:\n  - {if: {x: 1, y: 2}, z: 1}\n",
	    "[x=1,y=1] {x: 1, y: 1}\n[x=1,y=2] {x: 1, y: 2, z: 1}\n"
	    "[x=2,y=1] {x: 2, y: 1}\n[x=2,y=2] {x: 2, y: 2}\n");
}
END_TEST

START_TEST(clocks_and_seeds_make_cases)
{
	composes("x: 1\nclocks: [virtual, real]\nseeds: [7, 1..2]\n",
	    "[clock=virtual,seed=7] {x: 1} virtual seed 7\n"
	    "[clock=virtual,seed=1] {x: 1} virtual seed 1\n"
	    "[clock=virtual,seed=2] {x: 1} virtual seed 2\n"
	    "[clock=real,seed=7] {x: 1} real seed 7\n"
	    "[clock=real,seed=1] {x: 1} real seed 1\n"
	    "[clock=real,seed=2] {x: 1} real seed 2\n");
	composes("x: 1\nclocks: real\nseeds: 3\n", " {x: 1} real seed 3\n");
	composes("clocks: [virtual, real]\n"
		 "matrix: {when: [{if: {clock: real}, x: 1}]}\n",
	    "[clock=virtual] {} virtual\n[clock=real] {x: 1} real\n");
	options.has_seed = true;
	options.seed = 5;
	composes("x: 1\nseeds: 1..10\n", " {x: 1} seed 5\n");
}
END_TEST

START_TEST(tags_and_timeout_may_differ_between_cases)
{
	composes("tags: [a, b]\ntimeout: 5 s\n"
		 "matrix:\n  x: [1, 2]\n"
		 "  when: [{if: {x: 2}, tags: c, timeout: 9 s}]\n",
	    "[x=1] {x: 1} #a #b 5 s\n[x=2] {x: 2} #c 9 s\n");
}
END_TEST

START_TEST(set_replaces_all_other_values)
{
	static const char *const set[] = { "x=7", "tags=[t]", "m.y=3" };

	options.set = set;
	options.set_count = 3;
	composes("defaults: {m: {y: 1, z: 1}}\nmatrix: {x: [1], w: [2]}\n",
	    "[x=1,w=2] {m: {y: 3, z: 1}, x: 7, w: 2} #t\n");
	options.set = (const char *const[]){ "matrix=", "seeds=[4, 5]" };
	options.set_count = 2;
	composes("a: 1\nmatrix: {x: [1, 2]}\nseeds: 1..9\n",
	    "[seed=4] {a: 1} seed 4\n[seed=5] {a: 1} seed 5\n");
}
END_TEST

static const struct {
	const char *a, *b, *errors;
} wrong[] = {
	{ "include: b.yaml\n", "include: a.yaml\n",
	    "b.yaml:1:10: include: a.yaml includes itself; "
	    "remove one of the includes\n" },
	{ "x: 1\ninclude: [a.yaml]\n", "",
	    "a.yaml:2:11: include: a.yaml includes itself; remove one of the "
	    "includes\n" },
	{ "include: none.yaml\n", "",
	    "a.yaml:1:10: include: cannot open \"none.yaml\": No such file or "
	    "directory\n" },
	{ "include: {b.yaml: 1}\n", "",
	    "a.yaml:1:10: include: write the path of a file, or a list of "
	    "them\n" },
	{ "include: /b.yaml\n", "",
	    "a.yaml:1:10: include: the path must be relative to the folder of "
	    "this file\n" },
	{ "include: b.yaml\n", "x: [\n",
	    "b.yaml:2:1: not valid YAML: did not find expected node content "
	    "while parsing a flow node; see YAML NOTES in "
	    "tapelab-scenario(5)\n" },
	{ "include: b.yaml\n", "- 1\n",
	    "b.yaml:1:1: an included file must be a mapping of keys of a "
	    "scenario\n" },
	{ "include: b.yaml\nx: 1\n", "m: {y: 1, y: 2}\n",
	    "b.yaml:1:11: \"y\" is given twice, first in line 1\n" },
	{ "include: b.yaml\n", "m: 1\noverrides: {m.x: 1}\n",
	    "b.yaml:2:13: m.x: m is one value and has no key \"x\"\n" },
	{ "overrides: 1\n", "",
	    "a.yaml:1:12: overrides: must be a mapping of paths, such as "
	    "splitter.part, and their values\n" },
	{ "defaults: [1]\n", "", "a.yaml:1:11: defaults: must be a mapping\n" },
	{ "matrix: {x: 1}\n", "",
	    "a.yaml:1:13: matrix: x needs a list of values, such as [1 MiB, 2 "
	    "MiB]\n" },
	{ "matrix: {seeds: [1]}\n", "",
	    "a.yaml:1:10: \"seeds\" is the same for all cases of a file; give "
	    "it outside of the matrix\n" },
	{ "x: {y: 1}\nmatrix:\n  x.y.z: [1]\n", "",
	    "a.yaml:3:3: x.y.z: x.y is one value and has no key \"z\"\n" },
	{ "matrix: {rows: [1]}\n", "",
	    "a.yaml:1:17: rows: an entry must be a mapping of paths and "
	    "values\n" },
	{ "matrix: {x: [1], when: [{y: 1}]}\n", "",
	    "a.yaml:1:25: when: an entry needs the key \"if\", a mapping of "
	    "paths and values\n" },
	{ "matrix:\n  x: [1]\n  when:\n  - {if: {x: 2}}\n  exclude:\n"
	  "  - {x: 3}\n",
	    "",
	    "a.yaml:4:5: when: no case matches; values are compared as they "
	    "are written\n"
	    "a.yaml:6:5: exclude: no case matches; values are compared as they "
	    "are written\n" },
	{ "matrix: {x: [1], exclude: [{x: 1}]}\n", "",
	    "a.yaml:1:9: matrix: all cases are excluded\n" },
	{ "x: 1\nmatrix: {x: [1, 2]}\nseeds: 1..1000\n", "",
	    "a.yaml:2:9: matrix, clocks and seeds make 2000 cases, and at most "
	    "1000 are allowed; to run them, add the option "
	    "--max-cases=2000\n" },
	{ "clocks: [real, slow, real]\n", "",
	    "a.yaml:1:16: clocks: unknown value \"slow\"; use one of "
	    "virtual, real\n"
	    "a.yaml:1:22: clocks: \"real\" is given twice\n" },
	{ "seeds: [1, 2..x]\n", "",
	    "a.yaml:1:12: seeds: \"x\" is not a whole number without a "
	    "unit; write whole numbers or a range, such as 1..10\n" },
	{ "seeds: [2..1, 1..2, 2]\n", "",
	    "a.yaml:1:8: seeds: 2 is given twice\n"
	    "a.yaml:1:9: seeds: the range is empty; write the smaller number "
	    "first\n" },
	{ "tags: [a b]\n", "",
	    "a.yaml:1:8: tags: \"a b\" is not a word of letters, digits, "
	    "\".\", \"_\" and \"-\"\n" },
	{ "timeout: 5\n", "",
	    "a.yaml:1:10: timeout: a time needs a unit, such as 3 s; there are "
	    "ns, us, ms, s, min, h\n" },
};

START_TEST(an_error_names_its_file_and_line)
{
	put("b.yaml", wrong[_i].b);
	composes(wrong[_i].a, wrong[_i].errors);
}
END_TEST

START_TEST(files_that_include_each_other_twice_end)
{
	char text[4096] = "include: [";

	for (int i = 0; i < 101; i++)
		strcat(text, i == 0 ? "b.yaml" : ", b.yaml");
	put("b.yaml", "x: 1\n");
	strcat(text, "]\n");
	composes(text,
	    "a.yaml:1:11: include: more than 100 files are included\n");
}
END_TEST

START_TEST(a_million_cases_are_composed_one_by_one)
{
	struct yaml_errors errors = { 0 };
	struct compose_case found;
	struct compose *c;

	options.cases_max = 1000000;
	put("a.yaml", "x: 1\nmatrix: {rows: [{name: r}]}\nseeds: 1..1000000\n");
	c = compose_read(path_of("a.yaml"), &options, &errors);
	ck_assert_ptr_nonnull(c);
	ck_assert_uint_eq(compose_count(c), 1000000);
	ck_assert_int_eq(compose_case(c, 999999, &found, &errors), 0);
	ck_assert_str_eq(found.label, "[r,seed=1000000]");
	compose_case_clear(&found);
	compose_free(c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("compose");
	TCase *tc = tcase_create("compose");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_file_without_these_keys_is_one_case);
	tcase_add_test(tc, a_file_prefers_its_values_to_those_it_includes);
	tcase_add_test(tc, an_included_file_includes_others_beside_it);
	tcase_add_test(tc, an_empty_key_removes_what_is_included);
	tcase_add_test(tc, overrides_replace_values_at_their_paths);
	tcase_add_test(tc, defaults_fill_keys_and_entries_of_lists);
	tcase_add_test(tc, a_matrix_has_all_combinations);
	tcase_add_test(tc, labels_tell_values_apart);
	tcase_add_test(tc, rows_and_conditions_add_expectations);
	tcase_add_test(tc, clocks_and_seeds_make_cases);
	tcase_add_test(tc, tags_and_timeout_may_differ_between_cases);
	tcase_add_test(tc, set_replaces_all_other_values);
	tcase_add_loop_test(tc, an_error_names_its_file_and_line, 0,
	    sizeof wrong / sizeof *wrong);
	tcase_add_test(tc, files_that_include_each_other_twice_end);
	tcase_add_test(tc, a_million_cases_are_composed_one_by_one);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
