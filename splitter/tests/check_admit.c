/* check_admit.c: which volume may be written to. */
#include <check.h>
#include <string.h>

#include "splitter/admit.h"
#include "splitter/tests/run_suite.h"

static const char *const named[] = { "VOL001L8", "VOL002L8" };

#define NAMED	{ named, 2 }
#define NONE	{ NULL, 0 }

/* What a label says, where there is one. */
static const struct header scratch = { .type = HEADER_SCRATCH,
    .volume = "VOL001L8" };
static const struct header dumps = { .type = HEADER_LABEL,
    .volume = "VOL001L8", .dump = "friday" };
static const struct header other = { .type = HEADER_SCRATCH,
    .volume = "VOL009L8" };

static const struct row {
	const char *name;
	struct admit_rules rules;
	struct admit_volume volume;
	enum admit_answer answer;
	const char *why;	/* a word of it */
} rows[] = {
	{ "scratch", { false, NONE, NONE },
	  { "VOL001L8", ADMIT_LABEL, &scratch, "" }, ADMIT_WRITE_LABEL, NULL },
	{ "scratch that is named", { false, NAMED, NONE },
	  { "VOL001L8", ADMIT_LABEL, &scratch, "" }, ADMIT_WRITE_LABEL, NULL },
	{ "scratch without a barcode", { false, NONE, NONE },
	  { "", ADMIT_LABEL, &scratch, "" }, ADMIT_WRITE_LABEL, NULL },
	{ "blank", { false, NONE, NONE },
	  { "VOL001L8", ADMIT_BLANK, NULL, "" }, ADMIT_REFUSE, "blank" },
	{ "blank that is named", { false, NAMED, NONE },
	  { "VOL001L8", ADMIT_BLANK, NULL, "" }, ADMIT_REFUSE, "blank" },
	{ "blank, and blank ones may be", { true, NONE, NONE },
	  { "VOL001L8", ADMIT_BLANK, NULL, "" }, ADMIT_WRITE_LABEL, NULL },
	{ "blank without a name", { true, NONE, NONE },
	  { "", ADMIT_BLANK, NULL, "" }, ADMIT_REFUSE, "name" },
	{ "dumps", { true, NONE, NONE },
	  { "VOL001L8", ADMIT_LABEL, &dumps, "" }, ADMIT_REFUSE, "friday" },
	{ "dumps, named", { false, NAMED, NONE },
	  { "VOL001L8", ADMIT_LABEL, &dumps, "" }, ADMIT_APPEND, NULL },
	{ "dumps, without a barcode, named", { false, NAMED, NONE },
	  { "", ADMIT_LABEL, &dumps, "" }, ADMIT_APPEND, NULL },
	{ "dumps, to be overwritten", { false, NONE, NAMED },
	  { "VOL001L8", ADMIT_LABEL, &dumps, "" }, ADMIT_WRITE_LABEL, NULL },
	{ "dumps, without a barcode, to be overwritten",
	  { false, NONE, NAMED }, { "", ADMIT_LABEL, &dumps, "" },
	  ADMIT_WRITE_LABEL, NULL },
	{ "the label of another volume", { true, NAMED, NONE },
	  { "VOL001L8", ADMIT_LABEL, &other, "" }, ADMIT_REFUSE, "VOL009L8" },
	{ "the label of another volume, to be overwritten",
	  { false, NONE, NAMED }, { "VOL002L8", ADMIT_LABEL, &other, "" },
	  ADMIT_WRITE_LABEL, NULL },
	{ "another is to be overwritten", { true, NAMED, NAMED },
	  { "VOL003L8", ADMIT_FOREIGN, NULL, "tar" }, ADMIT_REFUSE, "tar" },
	{ "foreign", { true, NAMED, NONE },
	  { "VOL001L8", ADMIT_FOREIGN, NULL, "tar" }, ADMIT_REFUSE, "tar" },
	{ "foreign, to be overwritten", { false, NONE, NAMED },
	  { "VOL001L8", ADMIT_FOREIGN, NULL, "tar" }, ADMIT_WRITE_LABEL,
	  NULL },
	{ "unreadable", { true, NAMED, NONE },
	  { "VOL001L8", ADMIT_UNREADABLE, NULL, "medium error" },
	  ADMIT_REFUSE, "medium error" },
	{ "unreadable, to be overwritten", { false, NONE, NAMED },
	  { "VOL001L8", ADMIT_UNREADABLE, NULL, "medium error" },
	  ADMIT_WRITE_LABEL, NULL },
	{ "unreadable and without a barcode", { true, NONE, NAMED },
	  { "", ADMIT_UNREADABLE, NULL, "medium error" }, ADMIT_REFUSE,
	  "medium error" },
};

START_TEST(what_was_not_named_is_safe)
{
	const struct row *r = &rows[_i];
	char why[256] = "";

	ck_assert_msg(admit(&r->rules, &r->volume, why, sizeof why) ==
	    r->answer, "%s", r->name);
	if (r->why != NULL)
		ck_assert_msg(strstr(why, r->why) != NULL, "%s: %s", r->name,
		    why);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("admit");
	TCase *tc = tcase_create("admit");

	tcase_add_loop_test(tc, what_was_not_named_is_safe, 0,
	    sizeof rows / sizeof *rows);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
