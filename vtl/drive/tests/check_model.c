/* check_model.c: drive models are found by any spelling of their names. */
#include <check.h>
#include <stdlib.h>

#include "splitter/tests/run_suite.h"
#include "vtl/drive/model.h"

static const struct {
	const char *written, *name; /* NULL: no such model */
} names[] = {
	{ "lto8", "lto8" },
	{ "LTO8", "lto8" },
	{ "LTO-8", "lto8" },
	{ "lto 8", "lto8" },
	{ "LTO-8 FH", "lto8" },
	{ "LTO-8 full-height", "lto8" },
	{ "LTO8 HH", "lto8hh" },
	{ "LTO-8 Half-Height", "lto8hh" },
	{ "HH LTO Gen 8", "lto8hh" },
	{ "LTO Gen 9", "lto9" },
	{ "IBM Ultrium 8", "lto8" },
	{ "LTO Ultrium 8", "lto8" },
	{ "LTO-8 Ultrium", "lto8" },
	{ "HPE LTO-7 Ultrium", "lto7" },
	{ "Ultrium", NULL },
	{ "ULT3580-TD8", "lto8" },
	{ "ULTRIUM-HH8", "lto8hh" },
	{ "ULT3580-TDA", "lto10" },
	{ "HPE Ultrium 9-SCSI", "lto9" },
	{ "HP Ultrium 5-SCSI", "lto5" },
	{ "Quantum ULTRIUM-HH9", "lto9hh" },
	{ "LTO-7 M8", "ltom8" },
	{ "M8", "ltom8" },
	{ "LTO-M8", "ltom8" },
	{ "TS1140", "ts1140jc" },
	{ "03592E08", "ts1150jd" },
	{ "IBM TS1150 JD", "ts1150jd" },
	{ "STK T10000B", "t10000b" },
	{ "DLT 8000", "dlt8000" },
	{ "Quantum DLT8000", "dlt8000" },
	{ "Instant", "instant" },
	{ "", NULL },
	{ "LTO", NULL },
	{ "lto11", NULL },
	{ "LTO-7 HH", NULL },
	{ "ibm", NULL },
	{ "8", NULL },
	{ "lto8\n", NULL },
	{ "lto8,lto7", NULL },
	{ "hh", NULL },
	{ "fh", NULL },
	{ "hhlto", NULL },
	{ "scsi", NULL },
	{ "ltoltoltoltoltoltoltoltoltoltoltoltoltoltoltoltoltoltoltoltolto8",
	    NULL },
	{ "genhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh",
	    NULL },
};

START_TEST(a_model_is_found_in_any_spelling)
{
	const struct model *model = model_find(names[_i].written);

	if (names[_i].name == NULL)
		ck_assert_ptr_null(model);
	else
		ck_assert_str_eq(model != NULL ? model->name : "none",
		    names[_i].name);
}
END_TEST

static void check_medium(const struct model_medium *medium)
{
	ck_assert_uint_gt(medium->speeds, 0);
	ck_assert_uint_gt(medium->speeds_bytes_per_s[0], 0);
	for (size_t i = 1; i < medium->speeds; i++)
		ck_assert_uint_gt(medium->speeds_bytes_per_s[i],
		    medium->speeds_bytes_per_s[i - 1]);
	ck_assert_uint_ge(medium->wraps, medium->bands);
	ck_assert_uint_gt(medium->bands, 0);
	ck_assert_uint_gt(medium->capacity_bytes, 0);
	ck_assert_int_gt(medium->rewind_ns, 0);
	ck_assert_int_gt(medium->locate_length_ns, 0);
}

START_TEST(each_model_keeps_its_invariants)
{
	const struct model *model = model_find(model_names()[_i]);

	ck_assert_str_eq(model->name, model_names()[_i]);
	ck_assert_uint_gt(model->buffer_bytes, 0);
	ck_assert_uint_ge(model->restart_permille, 1);
	ck_assert_uint_le(model->restart_permille, 1000);
	ck_assert_uint_gt(model->media_count, 0);
	ck_assert_uint_gt(model->media[0].wraps, 0);
	if (_i == 0) /* "instant" */
		ck_assert_uint_eq(model->media[0].speeds, 0);
	for (size_t i = 0; _i > 0 && i < model->media_count; i++)
		check_medium(&model->media[i]);
}
END_TEST

START_TEST(a_medium_has_its_own_values)
{
	static const struct {
		const char *model, *medium, *is;
	} rows[] = {
		{ "lto9", "L9", "L9" },
		{ "lto9", "L8", "L8" },
		{ "lto9", "LZ", "L9" },
		{ "lto9", "LY", "L8" },
		{ "lto10", "LA", "LA" },
		{ "lto10", "LH", "LA" },
		{ "lto10", "PA", "PA" },
		{ "lto8", "M8", "M8" },
		{ "lto8", "L1", "L8" },
		{ "lto8", "none", "L8" },
		{ "instant", "L8", "none" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_str_eq(model_medium(model_find(rows[i].model),
				     media_find_type(rows[i].medium, ""))
				     ->medium,
		    rows[i].is);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("model");
	TCase *t = tcase_create("model");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, a_model_is_found_in_any_spelling, 0,
	    sizeof names / sizeof names[0]);
	tcase_add_loop_test(t, each_model_keeps_its_invariants, 0, 18);
	tcase_add_test(t, a_medium_has_its_own_values);
	return run_suite(s);
}
