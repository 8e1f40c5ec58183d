/* check_media.c: the types of media. */
#include <check.h>
#include <stdlib.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/media.h"

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

START_TEST(cleaning_cartridges_are_identified_by_their_barcode)
{
	ck_assert(media_is_cleaning("CLN001CU"));
	ck_assert(media_is_cleaning("CLNU01L1"));
	ck_assert(!media_is_cleaning("CLX001L8"));
	ck_assert(!media_is_cleaning("CL"));
}
END_TEST

START_TEST(a_medium_wears_with_its_loads)
{
	ck_assert_int_eq(media_wear(0, MEDIA_LIFE_LOADS), MEDIA_GOOD);
	ck_assert_int_eq(media_wear(18000, MEDIA_LIFE_LOADS), MEDIA_GOOD);
	ck_assert_int_eq(media_wear(18001, MEDIA_LIFE_LOADS),
	    MEDIA_NEARLY_WORN);
	ck_assert_int_eq(media_wear(20000, MEDIA_LIFE_LOADS),
	    MEDIA_NEARLY_WORN);
	ck_assert_int_eq(media_wear(20001, MEDIA_LIFE_LOADS), MEDIA_WORN);
	ck_assert_int_eq(media_wear(1, 1), MEDIA_GOOD);
	ck_assert_int_eq(media_wear(2, 1), MEDIA_WORN);
	ck_assert_int_eq(media_wear(UINT64_MAX, UINT64_MAX), MEDIA_NEARLY_WORN);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("media");
	TCase *t = tcase_create("media");

	suite_add_tcase(s, t);
	tcase_add_test(t, an_explicit_type_overrides_the_barcode);
	tcase_add_test(t, types_are_found_in_any_spelling);
	tcase_add_test(t, cleaning_cartridges_are_identified_by_their_barcode);
	tcase_add_test(t, a_medium_wears_with_its_loads);
	return run_suite(s);
}
