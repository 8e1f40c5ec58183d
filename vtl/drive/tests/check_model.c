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

int main(void)
{
	Suite *s = suite_create("model");
	TCase *t = tcase_create("model");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, a_model_is_found_in_any_spelling, 0,
	    sizeof names / sizeof names[0]);
	return run_suite(s);
}
