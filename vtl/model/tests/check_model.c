/* check_model.c: drive models are found by any spelling of their names. */
#include <check.h>
#include <stdlib.h>

#include "splitter/base/random.h"
#include "splitter/tests/run_suite.h"
#include "vtl/model/model.h"

static const struct {
	const char *written, *name; /* NULL: no such model */
} names[] = {
	{ "lto8", "lto8" },
	{ "lto5", "lto5-ibm" },
	{ "LTO-5 IBM", "lto5-ibm" },
	{ "HP LTO-5", "lto5-hp" },
	{ "lto5-hp", "lto5-hp" },
	{ "HPE Ultrium 5", "lto5-hp" },
	{ "Ultrium 5-SCSI", "lto5-hp" },
	{ "ULT3580-TD5", "lto5-ibm" },
	{ "lto5 hh hp", NULL },
	{ "Ultrium 4-SCSI", "lto4" },
	{ "HP LTO-8", "lto8" },
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
	{ "HP Ultrium 5-SCSI", "lto5-hp" },
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

static const struct {
	const char *model, *barcode;
	enum media_use use;
} uses[] = {
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
	ck_assert_int_eq(model_use(model_find(uses[_i].model),
			     media_find_type("", uses[_i].barcode)),
	    uses[_i].use);
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
		{ { "instant", "lto5-ibm" }, "L5" },
		{ { "lto9", "lto7" }, "L9" },
		{ { "dlt8000" }, NULL },
		{ { "instant" }, NULL },
	};

	for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
		const struct media_type *type;
		const struct model *models[3];
		size_t n = 0;

		for (; libraries[i].models[n] != NULL; n++)
			models[n] = model_find(libraries[i].models[n]);
		type = model_common_medium(models, n);
		if (libraries[i].code == NULL)
			ck_assert_ptr_null(type);
		else
			ck_assert_str_eq(type->code, libraries[i].code);
	}
}
END_TEST

START_TEST(the_usual_early_warning_is_that_of_the_model)
{
	static const struct model_medium early = { .medium = "L8",
		.early_warning_bytes = 7000 };
	struct model model = { .media_count = 1 };
	const struct media_type *l8 = media_find_type("L8", "");

	model.media[0] = early;
	ck_assert_uint_eq(model_early_warning_bytes(&model, l8, 1 << 20), 7000);
	ck_assert_uint_eq(model_early_warning_bytes(&model, l8, 60000), 6000);
	ck_assert_uint_eq(model_early_warning_bytes(model_find("instant"), NULL,
			      1 << 30),
	    25 << 20);
}
END_TEST

START_TEST(first_loads_have_the_mean_and_the_shares_of_the_profile)
{
	const struct model_medium *m = &model_find("lto9")->media[0];
	enum { DRAWS = 20000, MINUTE_MS = 60000 };
	int64_t sum_ms = 0;
	uint64_t seed = 1;
	int most = 0;

	for (int i = 0; i < DRAWS; i++) {
		int64_t ns =
		    model_first_load_ns(m, seed = random_next(seed, 1));

		ck_assert_int_gt(ns, 0);
		ck_assert_int_le(ns, m->first_load_max_ns);
		most += ns <= m->first_load_most_ns;
		sum_ms += ns / 1000000;
	}
	ck_assert_int_ge(sum_ms / DRAWS, 20 * MINUTE_MS * 98 / 100);
	ck_assert_int_le(sum_ms / DRAWS, 20 * MINUTE_MS * 102 / 100);
	ck_assert_int_ge(most, DRAWS * 94 / 100);
	ck_assert_int_le(most, DRAWS * 96 / 100);
	ck_assert_int_eq(model_first_load_ns(&model_find("lto9")->media[1],
			     seed),
	    0);
	ck_assert_int_eq(model_first_load_ns(&model_find("lto8")->media[0], 7),
	    0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("model");
	TCase *t = tcase_create("model");
	int models = 0;

	while (model_names()[models] != NULL)
		models++;

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, a_model_is_found_in_any_spelling, 0,
	    sizeof names / sizeof names[0]);
	tcase_add_loop_test(t, each_model_keeps_its_invariants, 0, models);
	tcase_add_test(t, a_medium_has_its_own_values);
	tcase_add_loop_test(t, a_drive_takes_the_media_of_its_generation, 0,
	    sizeof uses / sizeof *uses);
	tcase_add_test(t, new_media_have_a_type_that_every_drive_writes);
	tcase_add_test(t, the_usual_early_warning_is_that_of_the_model);
	tcase_add_test(t,
	    first_loads_have_the_mean_and_the_shares_of_the_profile);
	return run_suite(s);
}
