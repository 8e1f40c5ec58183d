/* check_media.c: which cartridge fits which drive. */
#include <check.h>
#include <stdlib.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/media.h"

static const struct {
	const char *model, *barcode;
	enum media_use use;
} rows[] = {
	{ "lto8", "ABC001L8", MEDIA_WRITE },
	{ "lto8", "ABC001L7", MEDIA_WRITE },
	{ "lto8", "ABC001M8", MEDIA_WRITE },
	{ "lto8", "ABC001L6", MEDIA_NONE },
	{ "lto8", "ABC001L9", MEDIA_NONE },
	{ "lto8", "ABC001LY", MEDIA_WRITE },
	{ "lto9", "ABC001M8", MEDIA_NONE },
	{ "lto9", "ABC001L8", MEDIA_WRITE },
	{ "lto9", "ABC001L7", MEDIA_NONE },
	{ "lto10", "ABC001LA", MEDIA_WRITE },
	{ "lto10", "ABC001PA", MEDIA_WRITE },
	{ "lto10", "ABC001LH", MEDIA_WRITE },
	{ "lto9", "ABC001PA", MEDIA_NONE },
	{ "lto10", "ABC001L9", MEDIA_NONE },
	{ "lto7", "ABC001L6", MEDIA_WRITE },
	{ "lto7", "ABC001L5", MEDIA_READ },
	{ "lto7", "ABC001L4", MEDIA_NONE },
	{ "lto7", "ABC001M8", MEDIA_NONE },
	{ "lto5", "ABC001LT", MEDIA_READ },
	{ "lto5", "ABC001L8", MEDIA_NONE },
	{ "lto1", "ABC001L1", MEDIA_WRITE },
	{ "lto2", "ABC001L1", MEDIA_WRITE },
	/* Only the end of the barcode counts, whatever its length. */
	{ "lto8", "ABC0001L6", MEDIA_NONE },
	{ "lto8", "L6", MEDIA_NONE },
	{ "lto8", "A-BARCODE-OF-THIRTY-TWO-LETTERL6", MEDIA_NONE },
	/*
	 * A medium of unknown type fits every drive, and these drives take
	 * every medium.
	 */
	{ "lto8", "TL0001", MEDIA_WRITE },
	{ "lto8", "6", MEDIA_WRITE },
	{ "lto8", "ABC001ZZ", MEDIA_WRITE },
	{ "instant", "ABC001L1", MEDIA_WRITE },
	{ "dlt8000", "ABC001L8", MEDIA_WRITE },
};

START_TEST(a_drive_takes_the_media_of_its_generation)
{
	ck_assert_int_eq(media_get_use(rows[_i].model,
			     media_find_type("", rows[_i].barcode)),
	    rows[_i].use);
}
END_TEST

START_TEST(an_explicit_type_overrides_the_barcode)
{
	ck_assert_str_eq(media_find_type("L6", "ABC001L8")->name, "LTO-6");
	ck_assert_ptr_null(media_find_type(media_any, "ABC001L8"));
	ck_assert_ptr_null(media_find_type("L0", "ABC001L8"));
	ck_assert_str_eq(media_find_type(NULL, "ABC001LH")->name,
	    "LTO-10 WORM");
	ck_assert(media_find_type(NULL, "ABC001LH")->worm);
}
END_TEST

START_TEST(types_are_found_in_any_spelling)
{
	static const struct {
		const char *text, *code;
	} names[] = {
		{ "L8", "L8" },
		{ "l8", "L8" },
		{ "LTO-8", "L8" },
		{ "lto 8 worm", "LY" },
		{ "LTO10P", "PA" },
		{ "LTO-7 M8", "M8" },
		{ "None", media_any },
		{ "LTO-11", NULL },
		{ "", NULL },
		{ "L8\n", NULL },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].code == NULL)
			ck_assert_ptr_null(media_code(names[i].text));
		else
			ck_assert_str_eq(media_code(names[i].text),
			    names[i].code);
	for (const char *const *code = media_codes(); *code != NULL; code++)
		ck_assert_str_eq(media_code(*code), *code);
}
END_TEST

START_TEST(new_media_have_a_type_that_every_drive_writes)
{
	static const struct {
		const char *models[3], *code;
	} libraries[] = {
		{ { "lto6" }, "L6" },
		{ { "lto8", "lto8hh" }, "L8" },
		{ { "lto8", "lto7" }, "L7" },
		{ { "lto7", "lto8" }, "L7" },
		{ { "ltom8" }, "M8" },
		{ { "ltom8", "lto8" }, "L8" },
		{ { "ltom8", "lto9" }, "L8" },
		{ { "lto10" }, "LA" },
		{ { "instant", "lto5" }, "L5" },
		{ { "lto9", "lto7" }, "L9" },
		{ { "dlt8000" }, NULL },
		{ { "instant" }, NULL },
	};

	for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
		const struct media_type *type;
		size_t n = 0;

		while (libraries[i].models[n] != NULL)
			n++;
		type = media_for_drives(libraries[i].models, n);
		if (libraries[i].code == NULL)
			ck_assert_ptr_null(type);
		else
			ck_assert_str_eq(type->code, libraries[i].code);
	}
}
END_TEST

START_TEST(cleaning_cartridges_are_identified_by_their_barcode)
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
	tcase_add_loop_test(t, a_drive_takes_the_media_of_its_generation, 0,
	    sizeof rows / sizeof rows[0]);
	tcase_add_test(t, an_explicit_type_overrides_the_barcode);
	tcase_add_test(t, types_are_found_in_any_spelling);
	tcase_add_test(t, new_media_have_a_type_that_every_drive_writes);
	tcase_add_test(t, cleaning_cartridges_are_identified_by_their_barcode);
	return run_suite(s);
}
