/* check_yaml_errors.c: the messages for a scenario with invalid YAML. */
#include <check.h>

#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

#define LIBRARY "library: {drives: [instant], volumes: {capacity: 1 GiB}}\n"
#define DUMP    "dump: {size: 1 GiB}\n"
#define GOOD    "title: t\n" LIBRARY DUMP

static const struct row {
	const char *text;
	const char *errors; /* all of them, each with its newline */
} rows[] = {
	/* Valid YAML that is not accepted. */
	{ "title: &a t\n" LIBRARY DUMP "expect: *a\n",
	    "1:8: anchors (&name) are not allowed; quote a value that begins "
	    "with &\n"
	    "4:9: aliases (*name) are not allowed; quote a value that begins "
	    "with *\n" },
	{ "title: !x t\n" LIBRARY DUMP,
	    "1:8: tags (!name) are not allowed; quote a value that begins "
	    "with !\n" },
	{ GOOD "---\ntitle: u\n",
	    "4:1: a second document begins here; put it into a file of its "
	    "own\n" },
	{ "a: [[[[[[[[[[[[[[[[[[[[[[[[\n",
	    "1:19: nested too deep; no key has a value like this\n" },

	/* Invalid YAML. */
	{ "title: a: b\n",
	    "1:9: not valid YAML: mapping values are not allowed in this "
	    "context; a value with \": \" in it must be in quotes\n" },
	{ "title t\nlibrary: x\n",
	    "2:8: not valid YAML: mapping values are not allowed in this "
	    "context; see YAML NOTES in tapelab-scenario(5)\n" },
	{ "library:\n\tdrives: [lto8]\n",
	    "2:1: not valid YAML: found character that cannot start any token "
	    "while scanning for the next token; indent with spaces, not "
	    "tabs\n" },
	{ "library:\n  drives: lto8\n\tvolumes: 1\n",
	    "3:1: not valid YAML: found a tab character that violates "
	    "indentation while scanning a plain scalar that begins in line 2; "
	    "indent with spaces, not tabs\n" },
	{ "title: @home\n",
	    "1:8: not valid YAML: found character that cannot start any token "
	    "while scanning for the next token; a value that begins with @ "
	    "must be in quotes\n" },
	{ "title: `x`\n",
	    "1:8: not valid YAML: found character that cannot start any token "
	    "while scanning for the next token; a value that begins with ` "
	    "must be in quotes\n" },
	{ "title: %x\n",
	    "1:8: not valid YAML: found character that cannot start any token "
	    "while scanning for the next token; a value that begins with % "
	    "must be in quotes\n" },
	{ "title: *.img\n",
	    "1:9: not valid YAML: did not find expected alphabetic or numeric "
	    "character while scanning an alias; see YAML NOTES in "
	    "tapelab-scenario(5)\n" },
	{ "title: & b\n",
	    "1:9: not valid YAML: did not find expected alphabetic or numeric "
	    "character while scanning an anchor; see YAML NOTES in "
	    "tapelab-scenario(5)\n" },
	{ "title: > 5 GiB\n",
	    "1:10: not valid YAML: did not find expected comment or line "
	    "break while scanning a block scalar; see YAML NOTES in "
	    "tapelab-scenario(5)\n" },
	{ "title: ]\n",
	    "1:8: not valid YAML: did not find expected node content while "
	    "parsing a block node; a value that begins with ] must be in "
	    "quotes\n" },
	{ "title: 'abc\n",
	    "2:1: not valid YAML: found unexpected end of stream while "
	    "scanning a quoted scalar that begins in line 1; see YAML NOTES "
	    "in tapelab-scenario(5)\n" },
	{ "title: \"abc\" def\n",
	    "1:14: not valid YAML: did not find expected key while parsing a "
	    "block mapping; see YAML NOTES in tapelab-scenario(5)\n" },
	{ "title: \"a\\qb\"\n",
	    "1:10: not valid YAML: found unknown escape character while "
	    "parsing a quoted scalar; see YAML NOTES in "
	    "tapelab-scenario(5)\n" },
	{ "expect: - outcome == DONE\n",
	    "1:9: not valid YAML: block sequence entries are not allowed in "
	    "this context; see YAML NOTES in tapelab-scenario(5)\n" },
	{ "splitter: {block: 4 KiB\npart: 0}\n",
	    "2:5: not valid YAML: did not find expected ',' or '}' while "
	    "parsing a flow mapping that begins in line 1; see YAML NOTES in "
	    "tapelab-scenario(5)\n" },
	{ GOOD "splitter: {buffer:}\n",
	    "4:18: not valid YAML: found unexpected ':' while scanning a "
	    "plain scalar; see YAML NOTES in tapelab-scenario(5)\n" },
	{ "library:\n  drives: [lto8]\n volumes: 1\n",
	    "3:2: not valid YAML: did not find expected key while parsing a "
	    "block mapping that begins in line 1; see YAML NOTES in "
	    "tapelab-scenario(5)\n" },
	{ "expect:\n  - a\n  b\n",
	    "4:1: not valid YAML: could not find expected ':' while scanning "
	    "a simple key that begins in line 3; see YAML NOTES in "
	    "tapelab-scenario(5)\n" },
	{ "- a\nb: c\n",
	    "2:1: not valid YAML: did not find expected '-' indicator while "
	    "parsing a block collection that begins in line 1; see YAML NOTES "
	    "in tapelab-scenario(5)\n" },
	{ "title: ä\nbad: ö \xff\n",
	    "2:8: not valid YAML: invalid leading UTF-8 octet; the file must "
	    "be text in UTF-8\n" },
	{ "title: a\x01\n",
	    "1:9: not valid YAML: control characters are not allowed; the "
	    "file must be text in UTF-8\n" },
};
enum { ROWS = sizeof rows / sizeof *rows };

START_TEST(every_error_is_reported_with_its_place)
{
	scenario_text_says(rows[_i].text, rows[_i].errors);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("yaml errors");
	TCase *tc = tcase_create("bad");

	tcase_add_loop_test(tc, every_error_is_reported_with_its_place, 0,
	    ROWS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
