/* check_scsi_sense.c: the bytes of sense data in both formats. */
#include <check.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/scsi.h"

static const struct {
	struct scsi_sense sense;
	bool descriptors;
	size_t bytes;
	uint8_t want[SCSI_SENSE_BYTES];
} encoded[] = {
	{ { .sense = { SENSE_NO_SENSE, 0, 2, true, false },
	      .has_information = true },
	    false, 18, { 0xf0, 0, 0x40, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 2 } },
	{ { .sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 }, .deferred = true },
	    false, 18, { 0x71, 0, 3, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x0c } },
	{ { .ili = true, .has_information = true, .information = -2 }, false,
	    18, { 0xf0, 0, 0x20, 0xff, 0xff, 0xff, 0xfe, 10 } },
	/* The information does not fit into 32 bits. */
	{ { .ili = true,
	      .has_information = true,
	      .information = INT64_C(1) << 33 },
	    false, 18, { 0x70, 0, 0x20, 0, 0, 0, 0, 10 } },
	{ { .sense = { SENSE_VOLUME_OVERFLOW, 0, 2, true, false },
	      .has_information = true,
	      .information = INT64_C(1) << 33 },
	    true, 24,
	    { 0x72, 0x0d, 0, 2, 0, 0, 0, 16, 4, 2, 0, 0x40, 0, 10, 0x80, 0, 0,
		0, 0, 2, 0, 0, 0, 0 } },
	{ { .sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 1 }, .deferred = true },
	    true, 12, { 0x73, 3, 0x0c, 0, 0, 0, 0, 4, 4, 2, 0, 0x80 } },
};

START_TEST(sense_data_has_these_bytes)
{
	uint8_t bytes[SCSI_SENSE_BYTES];

	ck_assert_uint_eq(scsi_sense_encode(&encoded[_i].sense,
			      encoded[_i].descriptors, bytes),
	    encoded[_i].bytes);
	ck_assert_mem_eq(bytes, encoded[_i].want, sizeof bytes);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("scsi_sense");
	TCase *t = tcase_create("scsi_sense");

	suite_add_tcase(s, t);
	tcase_add_loop_test(t, sense_data_has_these_bytes, 0,
	    sizeof encoded / sizeof encoded[0]);
	return run_suite(s);
}
