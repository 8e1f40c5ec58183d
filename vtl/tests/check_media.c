/* check_media.c: which cartridge fits which drive. */
#include <check.h>
#include <stdlib.h>

#include "splitter/tests/run_suite.h"
#include "vtl/media.h"

static const struct {
	const char *model, *barcode;
	enum media_use use;
} rows[] = {
	{ "lto8", "ABC001L8", MEDIA_WRITE },
	{ "lto8", "ABC001L7", MEDIA_WRITE },
	{ "lto8", "ABC001M8", MEDIA_WRITE }, { "lto8", "ABC001L6", MEDIA_NONE },
	{ "lto8", "ABC001L9", MEDIA_NONE }, { "lto8", "ABC001LY", MEDIA_WRITE },
	{ "lto9", "ABC001M8", MEDIA_NONE }, { "lto9", "ABC001L8", MEDIA_WRITE },
	{ "lto9", "ABC001L7", MEDIA_NONE },
	{ "lto10", "ABC001LA", MEDIA_WRITE },
	{ "lto10", "ABC001L9", MEDIA_NONE },
	{ "lto7", "ABC001L6", MEDIA_WRITE },
	{ "lto7", "ABC001L5", MEDIA_READ }, { "lto7", "ABC001L4", MEDIA_NONE },
	{ "lto7", "ABC001M8", MEDIA_NONE }, { "lto5", "ABC001LT", MEDIA_READ },
	{ "lto5", "ABC001L8", MEDIA_NONE }, { "lto1", "ABC001L1", MEDIA_WRITE },
	{ "lto2", "ABC001L1", MEDIA_WRITE },
	/* What tells no type goes everywhere, and everything into these. */
	{ "lto8", "TL0001", MEDIA_WRITE }, { "lto8", "ABC0001L6", MEDIA_WRITE },
	{ "lto8", "ABC001ZZ", MEDIA_WRITE },
	{ "instant", "ABC001L1", MEDIA_WRITE },
	{ "dlt8000", "ABC001L8", MEDIA_WRITE },
};

START_TEST(a_drive_takes_what_its_generation_takes)
{
	ck_assert_int_eq(media_use(rows[_i].model, rows[_i].barcode),
	    rows[_i].use);
}
END_TEST

START_TEST(cleaning_cartridges_are_told_by_their_barcode)
{
	ck_assert(media_is_cleaning("CLN001CU"));
	ck_assert(media_is_cleaning("CLNU01L1"));
	ck_assert(!media_is_cleaning("CLX001L8"));
	ck_assert(!media_is_cleaning("CL"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("media");
	TCase *t = tcase_create("media");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, a_drive_takes_what_its_generation_takes, 0,
	    sizeof rows / sizeof rows[0]);
	tcase_add_test(t, cleaning_cartridges_are_told_by_their_barcode);
	return run_suite(s);
}
