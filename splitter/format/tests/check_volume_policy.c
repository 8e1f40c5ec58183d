/* check_volume_policy.c: which volume may be written. */
#include <check.h>
#include <string.h>

#include "splitter/format/volume_policy.h"
#include "splitter/tests/run_suite.h"

static const char *const named[] = { "VOL001L8", "VOL002L8" };

#define NAMED            \
	{                \
		named, 2 \
	}
#define NONE            \
	{               \
		NULL, 0 \
	}

/* The labels of the rows. */
static const struct header scratch = { .type = HEADER_SCRATCH,
	.volume = "VOL001L8" };
static const struct header dumps = {
	.type = HEADER_LABEL, .volume = "VOL001L8", .dump = "friday"
};
static const struct header other = { .type = HEADER_SCRATCH,
	.volume = "VOL009L8" };

static const struct row {
	const char *name;
	struct volume_policy_rules rules;
	struct volume_policy_volume volume;
	enum volume_policy_verdict answer;
	const char *why; /* a word of the reason */
} rows[] = {
	{ "scratch", { false, NONE, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_LABEL, &scratch, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "scratch that is named", { false, NAMED, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_LABEL, &scratch, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "scratch without a barcode",
	    { false, NONE, NONE, false, false, false },
	    { "", VOLUME_POLICY_LABEL, &scratch, "", false, NULL, false, NULL,
		false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "blank", { false, NONE, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_BLANK, NULL, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "blank" },
	{ "blank that is named", { false, NAMED, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_BLANK, NULL, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "blank" },
	{ "blank, and blank ones may be",
	    { true, NONE, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_BLANK, NULL, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "blank without a name", { true, NONE, NONE, false, false, false },
	    { "", VOLUME_POLICY_BLANK, NULL, "", false, NULL, false, NULL,
		false },
	    VOLUME_POLICY_REFUSE, "name" },
	{ "dumps", { true, NONE, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_LABEL, &dumps, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "friday" },
	{ "dumps, named", { false, NAMED, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_LABEL, &dumps, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_APPEND, NULL },
	{ "dumps, without a barcode, named",
	    { false, NAMED, NONE, false, false, false },
	    { "", VOLUME_POLICY_LABEL, &dumps, "", false, NULL, false, NULL,
		false },
	    VOLUME_POLICY_APPEND, NULL },
	{ "dumps, to be overwritten",
	    { false, NONE, NAMED, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_LABEL, &dumps, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "dumps, without a barcode, to be overwritten",
	    { false, NONE, NAMED, false, false, false },
	    { "", VOLUME_POLICY_LABEL, &dumps, "", false, NULL, false, NULL,
		false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "the label of another volume",
	    { true, NAMED, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_LABEL, &other, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "VOL009L8" },
	/*
	 * Expected: the loaded volume is refused, because no permission was
	 * given to overwrite it.  Bug: a wrong cartridge with the right barcode
	 * was overwritten.
	 */
	{ "the label of another volume, the barcode to be overwritten",
	    { false, NONE, NAMED, false, false, false },
	    { "VOL002L8", VOLUME_POLICY_LABEL, &other, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "VOL009L8" },
	{ "the label of another volume, the label to be overwritten",
	    { false, NONE, NAMED, false, false, false },
	    { "VOL009L8", VOLUME_POLICY_LABEL, &dumps, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "VOL001L8" },
	{ "the label of another volume, both to be overwritten",
	    { false, NONE, NAMED, false, false, false },
	    { "VOL002L8", VOLUME_POLICY_LABEL, &dumps, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "the label of another volume, named to be appended to",
	    { false, NAMED, NONE, false, false, false },
	    { "VOL002L8", VOLUME_POLICY_LABEL, &dumps, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "VOL001L8" },
	{ "another may be overwritten",
	    { true, NAMED, NAMED, false, false, false },
	    { "VOL003L8", VOLUME_POLICY_FOREIGN, NULL, "tar", false, NULL,
		false, NULL, false },
	    VOLUME_POLICY_REFUSE, "tar" },
	{ "foreign", { true, NAMED, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_FOREIGN, NULL, "tar", false, NULL,
		false, NULL, false },
	    VOLUME_POLICY_REFUSE, "tar" },
	{ "foreign, to be overwritten",
	    { false, NONE, NAMED, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_FOREIGN, NULL, "tar", false, NULL,
		false, NULL, false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "foreign, without a barcode",
	    { false, NAMED, NAMED, false, false, false },
	    { "", VOLUME_POLICY_FOREIGN, NULL, "tar", false, NULL, false, NULL,
		false },
	    VOLUME_POLICY_REFUSE, "unnamed" },
	{ "encrypted", { true, NAMED, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_LOCKED, NULL, "encrypted", false, NULL,
		false, NULL, false },
	    VOLUME_POLICY_REFUSE, "encrypted" },
	{ "encrypted, to be overwritten",
	    { false, NONE, NAMED, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_LOCKED, NULL, "encrypted", false, NULL,
		false, NULL, false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "an error", { true, NAMED, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_ERROR, NULL, "medium error", false,
		NULL, false, NULL, false },
	    VOLUME_POLICY_REFUSE, "medium error" },
	/*
	 * Expected: an error is a refusal.  Bug: the error was ignored for a
	 * volume named in `overwrite`.
	 */
	{ "an error, to be overwritten",
	    { true, NAMED, NAMED, true, false, false },
	    { "VOL001L8", VOLUME_POLICY_ERROR, NULL, "medium error", false,
		NULL, false, NULL, false },
	    VOLUME_POLICY_REFUSE, "medium error" },
	{ "an error, and without a barcode",
	    { true, NONE, NAMED, true, false, false },
	    { "", VOLUME_POLICY_ERROR, NULL, "medium error", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "medium error" },
	{ "blank, to be overwritten",
	    { false, NONE, NAMED, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_BLANK, NULL, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "unnamed, foreign with a new name",
	    { false, NONE, NONE, true, false, false },
	    { "VOL003L8", VOLUME_POLICY_FOREIGN, NULL, "tar", false, NULL,
		false, NULL, false },
	    VOLUME_POLICY_ASK, "tar" },
	{ "unnamed, foreign without a name",
	    { false, NONE, NONE, true, false, false },
	    { "", VOLUME_POLICY_FOREIGN, NULL, "tar", false, NULL, false, NULL,
		false },
	    VOLUME_POLICY_REFUSE, "name" },
	{ "unnamed, dumps", { false, NONE, NONE, true, false, false },
	    { "", VOLUME_POLICY_LABEL, &dumps, "", false, NULL, false, NULL,
		false },
	    VOLUME_POLICY_ASK, "friday" },
	{ "unnamed, the label of another volume",
	    { false, NONE, NONE, true, false, false },
	    { "VOL003L8", VOLUME_POLICY_LABEL, &dumps, "", false, NULL, false,
		NULL, false },
	    VOLUME_POLICY_ASK, "VOL001L8" },
	{ "unnamed, scratch", { false, NONE, NONE, true, false, false },
	    { "", VOLUME_POLICY_LABEL, &scratch, "", false, NULL, false, NULL,
		false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "WORM, blank", { false, NONE, NONE, false, false, false },
	    { "VOL001LY", VOLUME_POLICY_BLANK, NULL, "", true, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "WORM" },
	{ "WORM, blank, and blank ones may be",
	    { true, NONE, NONE, false, false, false },
	    { "VOL001LY", VOLUME_POLICY_BLANK, NULL, "", true, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE,
	    "for ever; to overwrite it, name it: VOL001LY" },
	{ "WORM, blank, named", { false, NAMED, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_BLANK, NULL, "", true, NULL, false,
		NULL, false },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "WORM, dumps", { true, NONE, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_LABEL, &dumps, "", true, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "WORM" },
	{ "WORM, dumps, named", { false, NAMED, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_LABEL, &dumps, "", true, NULL, false,
		NULL, false },
	    VOLUME_POLICY_APPEND, NULL },
	{ "WORM, dumps, to be overwritten",
	    { false, NAMED, NAMED, true, false, false },
	    { "VOL001L8", VOLUME_POLICY_LABEL, &dumps, "", true, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "WORM" },
	{ "WORM, scratch", { true, NAMED, NONE, false, false, false },
	    { "VOL001L8", VOLUME_POLICY_LABEL, &scratch, "", true, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "WORM" },
	{ "WORM, foreign, to be overwritten",
	    { true, NAMED, NAMED, true, false, false },
	    { "VOL001L8", VOLUME_POLICY_FOREIGN, NULL, "tar", true, NULL, false,
		NULL, false },
	    VOLUME_POLICY_REFUSE, "WORM" },
	{ "WORM, blank, to be overwritten", { .overwrite = NAMED },
	    { .barcode = "VOL001L8",
		.found = VOLUME_POLICY_BLANK,
		.why = "",
		.worm = true },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	/* Another cartridge is in the drive than the person believes. */
	{ "foreign, claimed to be the named one", { .overwrite = NAMED },
	    { .barcode = "VOL001L8",
		.found = VOLUME_POLICY_FOREIGN,
		.why = "tar",
		.serial = "S9",
		.claimed = true },
	    VOLUME_POLICY_REFUSE, "name it: S9" },
	{ "foreign, claimed, and its memory agrees", { .overwrite = NAMED },
	    { .barcode = "VOL001L8",
		.found = VOLUME_POLICY_FOREIGN,
		.why = "tar",
		.serial = "S9",
		.mam_barcode = "VOL001L8",
		.claimed = true },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "foreign, claimed, without a serial number", { .overwrite = NAMED },
	    { .barcode = "VOL001L8",
		.found = VOLUME_POLICY_FOREIGN,
		.why = "tar",
		.claimed = true },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
	{ "claimed, and its label agrees", { .overwrite = NAMED },
	    { .barcode = "VOL001L8",
		.found = VOLUME_POLICY_LABEL,
		.label = &dumps,
		.why = "",
		.serial = "S9",
		.claimed = true },
	    VOLUME_POLICY_WRITE_LABEL, NULL },
};

START_TEST(a_volume_that_was_not_named_is_not_overwritten)
{
	const struct row *r = &rows[_i];
	char why[256] = "";

	ck_assert_msg(volume_policy_judge(&r->rules, &r->volume, why,
			  sizeof why) == r->answer,
	    "%s", r->name);
	if (r->why != NULL)
		ck_assert_msg(strstr(why, r->why) != NULL, "%s: %s", r->name,
		    why);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("volume_policy");
	TCase *tc = tcase_create("volume_policy");

	tcase_add_loop_test(tc, a_volume_that_was_not_named_is_not_overwritten,
	    0, sizeof rows / sizeof *rows);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
