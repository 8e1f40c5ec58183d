/*
 * check_changers.c: changers that differ: without identifiers of drives, with
 * wrong ones, with other allocation lengths.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/base/hex.h"
#include "splitter/changer/tests/loader_stage.h"
#include "splitter/tests/run_suite.h"

enum { READ_ELEMENT_STATUS = 0xb8, DVCID = 1 };

static bool without_dvcid(void *arg, struct scsi_command *command,
    struct scsi_answer *answer)
{
	(void)arg;
	if (command->cdb[0] != READ_ELEMENT_STATUS ||
	    !(command->cdb[6] & DVCID))
		return false;
	bent_port_sense(answer, 5, 0x24, 0);
	return true;
}

static const struct bend no_dvcid = { .before = without_dvcid };

START_TEST(without_identifiers_a_cartridge_proves_the_drive)
{
	loader_stage_begin(&no_dvcid);
	ck_assert_int_eq(loader_drives(los.loader)->drives[0].proof, PROOF_NOT);
	ck_proves("nst0");
	ck_assert_str_eq(los.barcode, "VTA001L8");
	ck_assert(loader_stage_is_loaded(2));
	/* Into each of the drives, and out of the first two. */
	ck_assert_uint_eq(loader_stage_moves(), 5);
	ck_assert_ptr_nonnull(strstr(los.said,
	    "it became ready when a cartridge"));
	/* On the way the other two were proven. */
	for (unsigned i = 0; i < DRIVES; i++)
		ck_assert_int_eq(loader_drives(los.loader)->drives[i].proof,
		    PROOF_LOADED);
	ck_changes("nst0", "");
	ck_assert_str_eq(los.barcode, "VTA002L8");
	ck_assert_int_eq(loader_stage_finish(), 0);
}
END_TEST

START_TEST(a_drive_that_is_not_empty_is_not_proven_by_loading)
{
	served_library_load(los.library, 2, 3);
	loader_stage_begin(&no_dvcid);
	ck_does_not_prove("nst0", "it must be empty");
	ck_assert_uint_eq(loader_stage_moves(), 0);
}
END_TEST

/*
 * The run was killed, and its only cartridge is in a drive that nothing proves.
 * Expected: the message says how it comes back.
 */
START_TEST(a_cartridge_that_a_killed_run_left_is_named_with_its_way_back)
{
	served_library_load(los.library, 2, 0);
	loader_stage_begin(&no_dvcid);
	ck_does_not_prove("nst0", "perhaps of a killed run");
	ck_assert_msg(strstr(los.err, "mtx unload 1 2") != NULL &&
		strstr(los.err, "VTA001L8 is in drive 2") != NULL,
	    "%s", los.err);
	ck_assert_uint_eq(loader_stage_moves(), 0);
}
END_TEST

START_TEST(a_drive_whose_state_is_unknown_is_not_proven_by_loading)
{
	fake_host_add(&los.host, 3, NULL);
	los.sg_in_use = true;
	loader_stage_begin(&no_dvcid);
	ck_does_not_prove("nst3", "it must be empty and unused");
	ck_assert_uint_eq(loader_stage_moves(), 0);
}
END_TEST

/* Finds the serial numbers of the drives in an answer, which has no tags. */
static uint8_t *serial_at(const struct scsi_command *command, unsigned drive)
{
	uint8_t *data = command->in;
	size_t each = get_be16(data + 8 + 2);

	return data + 16 + drive * each + 12 +
	    (command->cdb[1] & 0x10 ? 36 : 0) + 4 + 24;
}

static bool reports_drives(const struct scsi_command *command,
    const struct scsi_answer *answer)
{
	return command->cdb[0] == READ_ELEMENT_STATUS &&
	    (command->cdb[6] & DVCID) && answer->status == SCSI_GOOD &&
	    command->data_bytes > 16;
}

/* The serial number of the first drive, which is nst2, is that of all. */
static void all_the_same(void *arg, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	(void)arg;
	if (reports_drives(command, answer))
		for (unsigned i = 1; i < DRIVES; i++)
			memcpy(serial_at(command, i), serial_at(command, 0),
			    10);
}

static void exchanged(void *arg, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	uint8_t one[10];

	(void)arg;
	if (!reports_drives(command, answer))
		return;
	memcpy(one, serial_at(command, 0), 10);
	memcpy(serial_at(command, 0), serial_at(command, 2), 10);
	memcpy(serial_at(command, 2), one, 10);
}

/* NAA names of the drives, as page 83h of each has it. */
static uint8_t naa[DRIVES][8];

static void read_names(void)
{
	for (unsigned i = 0; i < DRIVES; i++) {
		struct served_port *port =
		    served_port_open(los.library, 1 + i, 1);
		struct scsi_identification id;
		struct scsi_unit unit;

		served_port_clear_attentions(port);
		scsi_unit_init(&unit, served_port_scsi(port));
		ck_assert(scsi_send_identification(&unit, &id));
		ck_assert_uint_eq(strlen(id.naa), 2 * sizeof naa[i]);
		for (size_t j = 0; j < sizeof naa[i]; j++)
			naa[i][j] = (uint8_t)(hex_digit(id.naa[2 * j]) << 4 |
			    hex_digit(id.naa[2 * j + 1]));
		served_port_close(port);
	}
}

/* A changer that reports NAA names instead of serial numbers. */
static void by_name(void *arg, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	static const uint8_t header[] = { 1, 3, 0, sizeof naa[0] };

	(void)arg;
	if (!reports_drives(command, answer))
		return;
	for (unsigned i = 0; i < DRIVES; i++) {
		uint8_t *to = serial_at(command, i) - 24 - 4;

		memset(to, 0, 4 + 24 + 10);
		memcpy(to, header, sizeof header);
		memcpy(to + sizeof header, naa[i], sizeof naa[i]);
	}
}

static void others(void *arg, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	(void)arg;
	if (reports_drives(command, answer))
		for (unsigned i = 0; i < DRIVES; i++)
			*serial_at(command, i) = 'X';
}

static const struct {
	void (*bend)(void *, const struct scsi_command *, struct scsi_answer *);
	const char *device, *says;
} wrong_serials[] = {
	{ all_the_same, "nst2", "for several drives" },
	{ all_the_same, "nst0", "the changer has no drive with its serial" },
	{ others, "nst0", "the changer has no drive with its serial number" },
};

START_TEST(a_name_of_page_83h_proves_a_drive)
{
	const struct bend bend = { .after = by_name };

	read_names();
	loader_stage_begin(&bend);
	ck_proves("nst0");
	ck_assert_uint_eq(loader_stage_moves(), 0);
	for (unsigned i = 0; i < DRIVES; i++) {
		const struct proven_drive *d =
		    &loader_drives(los.loader)->drives[i];

		ck_assert_int_eq(d->proof, PROOF_SERIAL);
		ck_assert_int_eq(strncmp(d->serial, "naa.", 4), 0);
	}
	ck_changes("nst0", "");
	ck_assert(loader_stage_is_loaded(2));
	ck_assert_int_eq(loader_stage_finish(), 0);
}
END_TEST

/* The drives cannot be asked: the kernel kept one name for two of them. */
START_TEST(a_name_that_two_drives_have_proves_nothing)
{
	const struct bend bend = { .after = by_name };
	uint8_t page[16] = { 1, 0x83, 0, 12, 1, 3, 0, 8 };

	read_names();
	memcpy(page + 8, naa[2], sizeof naa[2]);
	fake_host_keep(&los.host, 0, 0x83, page, sizeof page);
	fake_host_keep(&los.host, 1, 0x83, page, sizeof page);
	los.sg_in_use = true;
	loader_stage_begin(&bend);
	ck_does_not_prove("nst0", "nothing is moved for it");
	ck_assert_ptr_nonnull(strstr(loader_drives(los.loader)->drives[2].why,
	    "several tape drives of this host have the name naa."));
	ck_assert_uint_eq(loader_stage_moves(), 0);
}
END_TEST

START_TEST(wrong_serial_numbers_prove_nothing)
{
	const struct bend bend = { .after = wrong_serials[_i].bend };

	loader_stage_begin(&bend);
	ck_does_not_prove(wrong_serials[_i].device, wrong_serials[_i].says);
	ck_assert_ptr_nonnull(strstr(los.err, "nothing is moved for it"));
	for (unsigned i = 0; i < DRIVES; i++) {
		const struct proven_drive *d =
		    &loader_drives(los.loader)->drives[i];

		ck_assert_int_eq(d->proof, PROOF_NOT);
		ck_assert_str_ne(d->why, "");
	}
	ck_assert_uint_eq(loader_stage_moves(), 0);
}
END_TEST

/* The changer has exchanged two serial numbers: the drive stays empty. */
START_TEST(a_drive_that_stays_empty_ends_the_moves)
{
	const struct bend bend = { .after = exchanged };

	loader_stage_begin(&bend);
	ck_proves("nst0");
	if (_i == 0) {
		/* The loader asks the drive. */
		ck_fails("nst0", "",
		    "it is another drive, or the cartridge was "
		    "not loaded");
	} else {
		/* Only the library of the drive can: it says so thrice. */
		los.sg_in_use = true;
		ck_changes("nst0", "");
		for (int i = 0; i < 2; i++)
			ck_assert_int_eq(loader_change(los.loader,
					     loader_stage_node("nst0"), "",
					     true, los.barcode, los.err,
					     sizeof los.err),
			    0);
		ck_assert_int_eq(loader_change(los.loader,
				     loader_stage_node("nst0"), "", true,
				     los.barcode, los.err, sizeof los.err),
		    -1);
		ck_assert_ptr_nonnull(strstr(los.err, "it is another drive"));
	}
	ck_fails("nst0", "VTA002L8", "no other cartridge is loaded");
	ck_assert_uint_eq(loader_stage_moves(), 1);
}
END_TEST

/* IBM 3584: identifiers alone, all the rest is questionable. */
static bool alone(void *arg, struct scsi_command *command,
    struct scsi_answer *answer)
{
	(void)arg;
	if (command->cdb[0] != READ_ELEMENT_STATUS ||
	    !(command->cdb[6] & DVCID) || !(command->cdb[1] & 0x10))
		return false;
	bent_port_sense(answer, 5, 0x24, 0);
	return true;
}

static void questionable(void *arg, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	uint8_t *data = command->in;

	(void)arg;
	if (!reports_drives(command, answer))
		return;
	for (unsigned i = 0; i < DRIVES; i++) {
		uint8_t *d = data + 16 + i * get_be16(data + 10);

		d[2] = 4;
		d[4] = 0x81;
	}
}

static bool exact_allocation(void *arg, struct scsi_command *command,
    struct scsi_answer *answer)
{
	uint32_t *total = arg;
	uint32_t allocation = get_be24(command->cdb + 7);

	if (command->cdb[0] != READ_ELEMENT_STATUS)
		return false;
	if (allocation == 8 || allocation == *total)
		return false;
	bent_port_sense(answer, 5, 0x24, 0);
	return true;
}

static void note_total(void *arg, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	if (command->cdb[0] == READ_ELEMENT_STATUS &&
	    answer->status == SCSI_GOOD)
		*(uint32_t *)arg =
		    8 + get_be24((const uint8_t *)command->in + 5);
}

/* Never more than 300 bytes: five slots, or two drives. */
static bool short_answers(void *arg, struct scsi_command *command,
    struct scsi_answer *answer)
{
	(void)arg;
	(void)answer;
	if (command->cdb[0] == READ_ELEMENT_STATUS &&
	    command->data_bytes > 300) {
		put_be24(command->cdb + 7, 300);
		command->data_bytes = 300;
	}
	return false;
}

/* The adapter transfers no more at once, and says so. */
static bool small_adapter(void *arg, struct scsi_command *command,
    struct scsi_answer *answer)
{
	(void)arg;
	if (command->cdb[0] != READ_ELEMENT_STATUS ||
	    command->data_bytes <= 300)
		return false;
	if (command->data_bytes == 64 << 10)
		return short_answers(arg, command, answer);
	answer->outcome = SCSI_NOT_SENT;
	answer->error = EINVAL;
	return true;
}

/* Also cut within a descriptor. */
static bool torn_answers(void *arg, struct scsi_command *command,
    struct scsi_answer *answer)
{
	(void)arg;
	(void)answer;
	if (command->cdb[0] == READ_ELEMENT_STATUS && command->data_bytes > 150)
		command->data_bytes = 150;
	return false;
}

static bool no_addresses(void *arg, struct scsi_command *command,
    struct scsi_answer *answer)
{
	(void)arg;
	if (command->cdb[0] != 0x1a)
		return false;
	bent_port_sense(answer, 5, 0x24, 0);
	return true;
}

static bool no_robot(void *arg, struct scsi_command *command,
    struct scsi_answer *answer)
{
	(void)arg;
	if (command->cdb[0] != READ_ELEMENT_STATUS ||
	    (command->cdb[1] & 15) != ELEMENT_ROBOT)
		return false;
	bent_port_sense(answer, 5, 0x24, 0);
	return true;
}

static uint32_t total;

static const struct bend differing[] = {
	{ .before = NULL },
	{ .before = alone, .after = questionable },
	{ .before = exact_allocation, .after = note_total, .arg = &total },
	{ .before = short_answers },
	{ .before = small_adapter },
	{ .before = torn_answers },
	{ .before = no_addresses },
	{ .before = no_robot },
};

START_TEST(changers_differ_and_work)
{
	loader_stage_begin(&differing[_i]);
	ck_assert_uint_ge(loader_inventory(los.loader)->count, 3 + 2 + 6);
	ck_proves("nst0");
	ck_changes("nst0", "VTA002L8");
	ck_assert_str_eq(los.barcode, "VTA002L8");
	ck_assert(loader_stage_is_loaded(2));
	ck_assert_int_eq(loader_stage_finish(), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("changers");
	TCase *tcase = tcase_create("changers");

	tcase_add_checked_fixture(tcase, loader_stage_up, loader_stage_down);
	tcase_add_test(tcase, without_identifiers_a_cartridge_proves_the_drive);
	tcase_add_test(tcase,
	    a_drive_that_is_not_empty_is_not_proven_by_loading);
	tcase_add_test(tcase,
	    a_cartridge_that_a_killed_run_left_is_named_with_its_way_back);
	tcase_add_test(tcase,
	    a_drive_whose_state_is_unknown_is_not_proven_by_loading);
	tcase_add_test(tcase, a_name_of_page_83h_proves_a_drive);
	tcase_add_test(tcase, a_name_that_two_drives_have_proves_nothing);
	tcase_add_loop_test(tcase, wrong_serial_numbers_prove_nothing, 0,
	    sizeof wrong_serials / sizeof wrong_serials[0]);
	tcase_add_loop_test(tcase, a_drive_that_stays_empty_ends_the_moves, 0,
	    2);
	tcase_add_loop_test(tcase, changers_differ_and_work, 0,
	    sizeof differing / sizeof differing[0]);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
