/* check_identity.c: the names of devices. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/pages/pages.h"

static void assert_names(const struct model *model, const char *vendor,
    const char *product)
{
	struct device_identity identity;

	memset(&identity, 0xee, sizeof identity);
	pages_drive_identity(model, &identity);
	ck_assert_uint_eq(identity.type, 0x01);
	ck_assert_str_eq(identity.vendor, vendor);
	ck_assert_str_eq(identity.product, product);
	ck_assert_str_eq(identity.revision, "TL01");
	ck_assert_str_eq(identity.serial, "");
	ck_assert_uint_eq(identity.naa, 0);
}

/* The names that LTFS compares (ibm_tape.c, hp_tape.c, quantum_tape.c). */
START_TEST(drives_have_the_names_of_real_ones)
{
	static const struct {
		const char *model, *vendor, *product;
	} drives[] = {
		{ "lto1-hp", "HP", "Ultrium 1-SCSI" },
		{ "lto1-ibm", "IBM", "ULTRIUM-TD1" },
		{ "lto4", "IBM", "ULTRIUM-TD4" },
		{ "lto5-hp", "HP", "Ultrium 5-SCSI" },
		{ "lto7", "IBM", "ULTRIUM-TD7" },
		{ "ltom8", "IBM", "ULTRIUM-TD8" },
		{ "lto8hh", "IBM", "ULTRIUM-HH8" },
		{ "lto9", "IBM", "ULTRIUM-TD9" },
		{ "lto10", "IBM", "ULTRIUM-TDA" },
		{ "ts1140jc", "IBM", "03592E07" },
		{ "ts1150jd", "IBM", "03592E08" },
		{ "t10000b", "STK", "T10000B" },
		{ "dlt8000", "QUANTUM", "DLT8000" },
		{ "instant", "TAPELAB", "VIRTUAL TAPE" },
	};

	for (size_t i = 0; i < sizeof drives / sizeof *drives; i++)
		assert_names(model_find(drives[i].model), drives[i].vendor,
		    drives[i].product);
}
END_TEST

/* A profile of a user has the names of its maker. */
START_TEST(other_makers_have_their_names)
{
	struct model model = *model_find("lto8");

	strcpy(model.name, "mine");
	strcpy(model.maker, "HPE");
	assert_names(&model, "HPE", "Ultrium 8-SCSI");
	strcpy(model.maker, "hp");
	assert_names(&model, "HPE", "Ultrium 8-SCSI");
	strcpy(model.maker, "Quantum");
	assert_names(&model, "QUANTUM", "ULTRIUM-TD8");
	strcpy(model.name, "mine-hh");
	assert_names(&model, "QUANTUM", "ULTRIUM-HH8");
	strcpy(model.name, "TS1160-mine");
	assert_names(&model, "IBM", "0359260F");
	strcpy(model.name, "mine-hh");
	strcpy(model.maker, "Acme");
	assert_names(&model, "TAPELAB", "VIRTUAL TAPE");
}
END_TEST

/* IBM's drives follow LTFS' least revisions, as big-endian numbers. */
START_TEST(ltfs_does_not_refuse_the_revision)
{
	struct device_identity identity;

	pages_drive_identity(model_find("lto8"), &identity);
	ck_assert_int_gt(memcmp(identity.revision, "B170", 4), 0);
	ck_assert_int_gt(memcmp(identity.revision, "HB81", 4), 0);
	ck_assert_int_gt(memcmp(identity.revision, "3694", 4), 0);
}
END_TEST

START_TEST(changers_are_found_by_product)
{
	struct device_identity identity;

	ck_assert(pages_changer_identity(NULL, &identity));
	ck_assert_uint_eq(identity.type, 0x08);
	ck_assert_str_eq(identity.vendor, "STK");
	ck_assert_str_eq(identity.product, "L700");
	ck_assert(pages_changer_identity("ibm 03584l32", &identity));
	ck_assert_str_eq(identity.vendor, "IBM");
	ck_assert_str_eq(identity.product, "03584L32");
	ck_assert(pages_changer_identity("MSL G3 Series", &identity));
	ck_assert_str_eq(identity.vendor, "HP");
	ck_assert(!pages_changer_identity("L7", &identity));
	for (const char *const *name = pages_changer_names(); *name != NULL;
	     name++) {
		ck_assert(pages_changer_identity(*name, &identity));
		ck_assert_uint_eq(strlen(identity.vendor) + 1 +
			strlen(identity.product),
		    strlen(*name));
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("identity");
	TCase *t = tcase_create("identity");

	tcase_add_test(t, drives_have_the_names_of_real_ones);
	tcase_add_test(t, other_makers_have_their_names);
	tcase_add_test(t, ltfs_does_not_refuse_the_revision);
	tcase_add_test(t, changers_are_found_by_product);
	suite_add_tcase(s, t);
	return run_suite(s);
}
