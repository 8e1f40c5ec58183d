/* check_mtx_status.c: what "mtx status" prints, and what a command does. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/changer/autochanger.h"
#include "splitter/changer/mtx_status.h"
#include "splitter/tests/run_suite.h"

static struct inventory inventory;
static char err[512];

static int parse(const char *text)
{
	char *copy = strdup(text);
	int rc;

	memset(&inventory, 0, sizeof inventory);
	rc = mtx_status_parse(copy, &inventory, err, sizeof err);
	free(copy);
	return rc;
}

static void tear_down(void)
{
	inventory_clear(&inventory);
}

static const char library[] =
    "  Storage Changer /dev/sg3:2 Drives, 4 Slots ( 1 Import/Export )\n"
    "Data Transfer Element 0:Full (Storage Element 3 Loaded):VolumeTag = "
    "A00003L8                        \n"
    "Data Transfer Element 1:Full (Unknown Storage Element Loaded)\n"
    "      Storage Element 1:Full :VolumeTag=A00001L8            \n"
    "      Storage Element 2:Full :VolumeTag=A:1:AlternateVolumeTag=B\r\n"
    "      Storage Element 3:Empty\n"
    "      Storage Element 4 IMPORT/EXPORT:Empty:VolumeTag=\n";

START_TEST(elements_are_read)
{
	static const struct element expected[] = {
		{ .kind = ELEMENT_SLOT,
		    .address = 1,
		    .full = true,
		    .barcode = "A00001L8" },
		{ .kind = ELEMENT_SLOT,
		    .address = 2,
		    .full = true,
		    .barcode = "A:1" },
		{ .kind = ELEMENT_SLOT, .address = 3 },
		{ .kind = ELEMENT_IE, .address = 4 },
		{ .kind = ELEMENT_DRIVE,
		    .full = true,
		    .has_source = true,
		    .source = 3,
		    .barcode = "A00003L8" },
		{ .kind = ELEMENT_DRIVE, .address = 1, .full = true },
	};

	ck_assert_msg(parse(library) == 0, "%s", err);
	ck_assert_uint_eq(inventory.count, 6);
	for (size_t i = 0; i < 6; i++) {
		const struct element *e = &inventory.elements[i];
		const struct element *x = &expected[i];

		ck_assert_msg(e->kind == x->kind && e->address == x->address &&
			e->number == x->address && e->full == x->full &&
			e->has_source == x->has_source &&
			e->source == x->source &&
			strcmp(e->barcode, x->barcode) == 0,
		    "element %zu: %u \"%s\"", i, e->address, e->barcode);
	}
}
END_TEST

static const struct {
	const char *text, *says;
} broken[] = {
	{ "", "must print a line for each drive" },
	{ "nothing\n", "must print a line for each drive" },
	{ "Data Transfer Element 0:Empty\n", "and for each slot" },
	{ "Data Transfer Element 1:Empty\nStorage Element 1:Empty\n",
	    "from \"Data Transfer Element 0\"" },
	{ "Data Transfer Element 0:Empty\nStorage Element 0:Empty\n",
	    "from \"Storage Element 1\"" },
	{ "Data Transfer Element 0:Empty\nStorage Element 1:Empty\n"
	  "Storage Element 1:Empty\n",
	    "reports element 1 twice" },
	{ "Data Transfer Element x:Empty\n", "mtx does not print" },
	{ "Data Transfer Element 99999999999:Empty\n", "mtx does not print" },
	{ "Data Transfer Element 0:Half\n", "mtx does not print" },
	{ "Data Transfer Element 0\n", "mtx does not print" },
	{ "Data Transfer Element 0:Full (Storage Element 1 Loaded\n",
	    "mtx does not print" },
	{ "Data Transfer Element 0:Full:VolumeTag A\n", "mtx does not print" },
	{ "Data Transfer Element 0:Full:VolumeTag="
	  "0123456789012345678901234567890123456789\n",
	    "mtx does not print" },
};

START_TEST(other_texts_are_errors)
{
	ck_assert_int_eq(parse(broken[_i].text), -1);
	ck_assert_msg(strstr(err, broken[_i].says) != NULL, "%s", err);
}
END_TEST

START_TEST(a_text_that_is_no_barcode_is_none)
{
	ck_assert_int_eq(parse("Data Transfer Element 0:Empty\n"
			       "Storage Element 1:Full:VolumeTag=A\x01\n"),
	    0);
	ck_assert_str_eq(inventory.elements[0].barcode, "");
}
END_TEST

static char folder[] = "/tmp/check_mtx_status.XXXXXX";

/* Makes a command that logs its arguments, and then runs `script`. */
static struct autochanger *command(const char *script, char text[256])
{
	char path[64];
	FILE *f;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/script", folder);
	snprintf(text, 256, "sh %s -f '/dev/sg 3'", path);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fprintf(f, "echo \"$#:$*\" >> %s/log\n%s", folder, script);
	fclose(f);
	return autochanger_by_command(text);
}

static void end_command(struct autochanger *changer, const char *expected)
{
	char path[64], log[512] = "";
	FILE *f;

	autochanger_close(changer);
	snprintf(path, sizeof path, "%s/log", folder);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	log[fread(log, 1, sizeof log - 1, f)] = '\0';
	fclose(f);
	ck_assert_str_eq(log, expected);
	unlink(path);
	snprintf(path, sizeof path, "%s/script", folder);
	unlink(path);
	rmdir(folder);
}

START_TEST(a_command_gets_the_arguments_of_mtx)
{
	const struct element slot = { .kind = ELEMENT_SLOT, .address = 3 };
	const struct element drive = { .kind = ELEMENT_DRIVE, .address = 1 };
	char text[256];
	struct autochanger *c = command("echo 'Storage Element 1:Empty'\n"
					"echo 'Data Transfer Element 0:Empty'\n"
					"[ \"$3\" != unload ]\n",
	    text);

	ck_assert_int_eq(c->ops->read(c, &inventory, err, sizeof err), 0);
	ck_assert_uint_eq(inventory.count, 2);
	ck_assert_int_eq(c->ops->move(c, &slot, &drive, err, sizeof err),
	    AUTOCHANGER_MOVED);
	ck_assert_int_eq(c->ops->move(c, &drive, &slot, err, sizeof err),
	    AUTOCHANGER_FAILED);
	ck_assert_ptr_nonnull(strstr(err,
	    "\"unload\" failed: it ended with status 1"));
	end_command(c,
	    "3:-f /dev/sg 3 status\n"
	    "5:-f /dev/sg 3 load 3 1\n"
	    "5:-f /dev/sg 3 unload 3 1\n");
}
END_TEST

static const struct {
	const char *script, *says;
} failing[] = {
	{ "exit 1\n", "with \"status\" failed: it ended with status 1" },
	{ "kill -9 $$\n", "it ended with status 137" },
	{ "no_such_command_here\n",
	    "it ended with status 127: there is no such command" },
	{ "/dev/null\n", "it ended with status 126: it is not executable" },
	{ "printf 'a\\000b'\n", "it printed a zero byte" },
	{ "echo 'Storage Element 1:?'\n", "a line that mtx does not print" },
};

START_TEST(a_command_that_fails_is_named)
{
	char text[256];
	struct autochanger *c = command(failing[_i].script, text);

	ck_assert_int_eq(c->ops->read(c, &inventory, err, sizeof err), -1);
	ck_assert_msg(strstr(err, failing[_i].says) != NULL, "%s", err);
	ck_assert_ptr_nonnull(strstr(err, "the command \"sh /tmp/check_mtx"));
	end_command(c, "3:-f /dev/sg 3 status\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mtx_status");
	TCase *tcase = tcase_create("mtx_status");

	tcase_add_checked_fixture(tcase, NULL, tear_down);
	tcase_add_test(tcase, elements_are_read);
	tcase_add_loop_test(tcase, other_texts_are_errors, 0,
	    sizeof broken / sizeof broken[0]);
	tcase_add_test(tcase, a_text_that_is_no_barcode_is_none);
	tcase_add_test(tcase, a_command_gets_the_arguments_of_mtx);
	tcase_add_loop_test(tcase, a_command_that_fails_is_named, 0,
	    sizeof failing / sizeof failing[0]);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
