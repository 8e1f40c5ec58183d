/* check_cause.c: what an answer means for a dump. */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "splitter/scsi/cause.h"
#include "splitter/tests/run_suite.h"

#define SENSE(k, a, q)                  \
	{                               \
		.status = 2, .sense = { \
			.valid = true,  \
			.key = k,       \
			.asc = a,       \
			.ascq = q       \
		}                       \
	}

static const struct cause_case {
	struct scsi_answer answer;
	bool writing;
	enum tape_cause cause;
	bool leom;
} cases[] = {
	{ { .status = 0 }, true, TAPE_OK, false },
	{ SENSE(1, 0x18, 2), true, TAPE_OK, false },
	{ SENSE(0, 0, 2), true, TAPE_OK, true },
	{ SENSE(0, 0, 7), true, TAPE_OK, true },
	{ { .status = 2, .sense = { .valid = true, .eom = true } }, true,
	    TAPE_OK, true },
	{ SENSE(0, 0, 1), false, TAPE_FILEMARK, false },
	{ { .status = 2, .sense = { .valid = true, .filemark = true } }, false,
	    TAPE_FILEMARK, false },
	{ { .status = 2, .sense = { .valid = true, .ili = true } }, false,
	    TAPE_OK, false },
	{ { .status = 2, .sense = { .valid = true, .eom = true, .ascq = 4 } },
	    false, TAPE_OK, false },
	{ SENSE(8, 0, 5), false, TAPE_EOD, false },
	{ SENSE(8, 0x14, 3), false, TAPE_EOD, false },
	{ SENSE(0x0d, 0, 2), true, TAPE_PEOM, false },
	{ SENSE(3, 0, 2), true, TAPE_PEOM, false },
	{ SENSE(3, 0, 2), false, TAPE_EOD, false },
	{ SENSE(3, 0x0c, 0), true, TAPE_MEDIUM_ERROR, false },
	{ SENSE(3, 0x11, 0), false, TAPE_MEDIUM_ERROR, false },
	{ SENSE(3, 0x3b, 0), true, TAPE_POSITION_LOST, false },
	{ SENSE(3, 0x30, 0), true, TAPE_INVALID, false },
	{ SENSE(4, 0x44, 0), true, TAPE_HARDWARE_ERROR, false },
	{ SENSE(2, 0x3a, 0), true, TAPE_NO_VOLUME, false },
	{ SENSE(2, 0x30, 0), true, TAPE_INVALID, false },
	{ SENSE(2, 0x04, 1), true, TAPE_POSITION_LOST, false },
	{ SENSE(2, 0x04, 2), true, TAPE_POSITION_LOST, false },
	{ SENSE(2, 0x04, 3), true, TAPE_HARDWARE_ERROR, false },
	{ SENSE(5, 0x24, 0), true, TAPE_INVALID, false },
	{ SENSE(5, 0x3b, 0), true, TAPE_POSITION_LOST, false },
	{ SENSE(6, 0x28, 0), true, TAPE_POSITION_LOST, false },
	{ SENSE(6, 0x29, 0), true, TAPE_POSITION_LOST, false },
	{ SENSE(6, 0x2a, 3), true, TAPE_POSITION_LOST, false },
	{ SENSE(7, 0x27, 0), true, TAPE_WRITE_PROTECTED, false },
	{ SENSE(0x0b, 0x14, 0), false, TAPE_MEDIUM_ERROR, false },
	{ SENSE(0x0b, 0x47, 0), true, TAPE_POSITION_LOST, false },
	{ SENSE(0x0e, 0x1d, 0), true, TAPE_HARDWARE_ERROR, false },
	/* The command itself was not executed, whatever was recovered. */
	{ { .status = 2,
	      .sense = { .valid = true, .deferred = true, .key = 1 } },
	    true, TAPE_DEFERRED_ERROR, false },
	{ { .status = 2,
	      .sense = { .valid = true, .deferred = true, .key = 3 } },
	    true, TAPE_DEFERRED_ERROR, false },
	{ { .status = SCSI_RESERVATION_CONFLICT }, true, TAPE_POSITION_LOST,
	    false },
	{ { .status = SCSI_TASK_ABORTED }, true, TAPE_POSITION_LOST, false },
	{ { .status = SCSI_BUSY }, true, TAPE_HARDWARE_ERROR, false },
	{ { .status = 2 }, true, TAPE_HARDWARE_ERROR, false },
	{ { .outcome = SCSI_LOST, .error = EIO }, true, TAPE_POSITION_LOST,
	    false },
	{ { .outcome = SCSI_NOT_SENT, .error = ENOMEM }, true,
	    TAPE_HARDWARE_ERROR, false },
};

START_TEST(cause_of_an_answer)
{
	const struct cause_case *c = &cases[_i];
	bool leom = false;

	ck_assert_int_eq(scsi_cause(&c->answer, c->writing, &leom), c->cause);
	ck_assert_int_eq(leom, c->leom);
	/* Once met, the early warning stays. */
	leom = true;
	scsi_cause(&c->answer, c->writing, &leom);
	ck_assert(leom);
}
END_TEST

#define WAY       "look at cable and adapter"
#define CARTRIDGE "cannot use this cartridge"

enum { LOCATE = 0x92, WRITE = 0x0a };

/* `says` NULL: what the cause says. */
static const struct {
	struct scsi_answer answer;
	const char *says;
	uint8_t opcode; /* 0: WRITE */
} explained[] = {
	{ SENSE(0x0b, 0x08, 0), WAY, 0 },
	{ SENSE(0x0b, 0x47, 3), WAY, 0 },
	{ SENSE(0x0b, 0x4a, 0), WAY, LOCATE },
	{ SENSE(0x0b, 0x4b, 5), WAY, 0 },
	{ SENSE(0x0b, 0x4e, 0), WAY, 0 },
	{ SENSE(4, 0x08, 1), WAY, 0 },
	{ SENSE(0x0b, 0x43, 0), WAY, 0 },
	{ SENSE(0x0b, 0x49, 0), WAY, LOCATE },
	{ SENSE(0x0b, 0x44, 0), "aborted the command", 0 },
	{ SENSE(0x0b, 0x14, 0), NULL, 0 },
	{ SENSE(0x0b, 0x11, 0), NULL, 0 },
	{ SENSE(4, 0x44, 0), NULL, 0 },
	{ SENSE(3, 0x30, 0), CARTRIDGE, 0 },
	{ SENSE(2, 0x30, 1), CARTRIDGE, LOCATE },
	{ SENSE(5, 0x30, 5), CARTRIDGE, 0 },
	{ SENSE(7, 0x30, 5), CARTRIDGE, 0 },
	{ SENSE(7, 0x30, 0x0c), "write-once cartridge", 0 },
	{ SENSE(3, 0x30, 0x0c), "write-once cartridge", 0 },
	{ SENSE(7, 0x27, 0), NULL, 0 },
	{ SENSE(3, 0x3b, 0), "because of a medium error", 0 },
	{ SENSE(5, 0x3b, 0x0c), "not where the command expects it", LOCATE },
	{ SENSE(3, 0x0c, 0), NULL, 0 },
	{ SENSE(5, 0x74, 1), "encryption: the drive does not have", 0 },
	{ SENSE(7, 0x74, 2), "encryption: the drive does not have", 0 },
	{ SENSE(2, 0x74, 0x6f), "from its key manager", 0 },
	{ SENSE(2, 0x74, 0x6e), "its key manager in time", 0 },
	{ SENSE(5, 0x24, 0), NULL, 0 },
	{ SENSE(5, 0x24, 0), "refuses the command", LOCATE },
	{ SENSE(5, 0x20, 0), "refuses the command", 0 },
	{ SENSE(6, 0x29, 0), NULL, 0 },
	{ SENSE(6, 0x28, 0), NULL, 0 },
	{ { .status = SCSI_RESERVATION_CONFLICT },
	    "another initiator has reserved", 0 },
	{ { .status = SCSI_BUSY }, NULL, 0 },
	/* It is about an earlier command. */
	{ { .status = 2,
	      .sense = { .valid = true,
		  .deferred = true,
		  .key = 0x0b,
		  .asc = 0x47 } },
	    NULL, 0 },
	{ { .outcome = SCSI_LOST,
	      .error = EIO,
	      .sense = { .valid = true, .key = 0x0b, .asc = 0x47 } },
	    NULL, 0 },
};

START_TEST(an_answer_is_explained)
{
	const struct scsi_command command = { .cdb = { explained[_i].opcode != 0
						      ? explained[_i].opcode
						      : WRITE } };
	const char *text = scsi_explain(&command, &explained[_i].answer);

	if (explained[_i].says == NULL)
		ck_assert_ptr_null(text);
	else
		ck_assert_msg(text != NULL &&
			strstr(text, explained[_i].says) != NULL,
		    "%s", text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cause");
	TCase *t = tcase_create("cause");

	tcase_add_loop_test(t, cause_of_an_answer, 0,
	    sizeof cases / sizeof *cases);
	tcase_add_loop_test(t, an_answer_is_explained, 0,
	    sizeof explained / sizeof *explained);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
