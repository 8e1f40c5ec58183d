/*
 * check_loader.c: which drive is which, and cartridges in drives, with a served
 * library of three drives.
 *
 * The host numbers the drives in the other direction than the library: nst0 is
 * the drive in element 258.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/changer/loader.h"
#include "splitter/changer/tests/bent_port.h"
#include "splitter/changer/tests/fake_host.h"
#include "splitter/scsi/tests/served_port.h"
#include "splitter/tests/run_suite.h"

enum { DRIVES = 3, FIRST_DRIVE = 256, FIRST_SLOT = 1024 };
enum { MOVE_MEDIUM = 0xa5, READ_ELEMENT_STATUS = 0xb8, DVCID = 1 };

static const char *const names[] = { "VTA001L8", "VTA002L8" };

static struct served_library *library;
static struct served_port *port; /* of the changer */
static struct fake_host host;
static struct loader *loader;
static char err[512], barcode[TAPE_BARCODE_BYTES], said[2048];
static bool sg_in_use; /* sg nodes of drives cannot be opened */
static bool reading;   /* nothing is written */

/* The drive of a node: "sg1" is nst0, the last drive. */
static struct scsi_port *open_drive(void *arg, const char *path, char *why,
    size_t why_bytes)
{
	unsigned n = 0;

	(void)arg;
	ck_assert_int_eq(sscanf(strrchr(path, '/'), "/sg%u", &n), 1);
	snprintf(why, why_bytes, "%s: in use", path);
	return sg_in_use
	    ? NULL
	    : served_port_scsi(served_port_open(library, DRIVES + 1 - n, 1));
}

static bool pass_time(void *arg, int64_t ns)
{
	(void)arg;
	served_library_sleep(library, ns);
	return true;
}

static void note(void *arg, const char *message)
{
	(void)arg;
	snprintf(said + strlen(said), sizeof said - strlen(said), "%s\n",
	    message);
}

static void set_up(void)
{
	const struct served_library_spec spec = { .drives = DRIVES,
		.ie_slots = 2,
		.empty_slots = 1,
		.cleaning = true };

	library = served_library_new(&spec);
	port = served_port_open(library, SERVED_CHANGER, 0);
	fake_host_make(&host);
	for (unsigned n = 0; n < DRIVES; n++)
		fake_host_add(&host, n, NULL);
	said[0] = '\0';
	sg_in_use = reading = false;
}

static void tear_down(void)
{
	loader_free(loader);
	loader = NULL;
	served_library_free(library);
	fake_host_free(&host);
}

/* Opens the changer, whose port is bent, if `bend` is not NULL. */
static void begin_bent(const struct bend *bend)
{
	const struct loader_options options = { .names = names,
		.names_count = 2,
		.load_wait_ns = INT64_C(960000000000),
		.reading = reading,
		.host = { .system = &host.system, .open = open_drive },
		.sleep = pass_time,
		.notice = note };
	struct scsi_port *scsi = served_port_scsi(port);
	struct autochanger *changer;

	if (bend != NULL)
		scsi = bent_port_new(scsi, bend);
	changer = autochanger_on_port(scsi, err, sizeof err);
	ck_assert_msg(changer != NULL, "%s", err);
	loader = loader_new(changer, &options, err, sizeof err);
	ck_assert_msg(loader != NULL, "%s", err);
}

static void begin(void)
{
	begin_bent(NULL);
}

static const char *node(const char *name)
{
	static char path[SCSI_PATH_BYTES];

	return fake_host_node(&host, name, path);
}

static void proves(const char *name)
{
	ck_assert_msg(loader_prove(loader, node(name), barcode, err,
			  sizeof err) == 0,
	    "%s", err);
}

static void does_not_prove(const char *name, const char *words)
{
	ck_assert_int_eq(loader_prove(loader, node(name), barcode, err,
			     sizeof err),
	    -1);
	ck_assert_msg(strstr(err, words) != NULL, "%s", err);
}

static void changes(const char *name, const char *wanted)
{
	ck_assert_msg(loader_change(loader, node(name), wanted, false, barcode,
			  err, sizeof err) == 0,
	    "%s", err);
}

static void fails(const char *name, const char *wanted, const char *words)
{
	ck_assert_int_eq(loader_change(loader, node(name), wanted, false,
			     barcode, err, sizeof err),
	    -1);
	ck_assert_msg(strstr(err, words) != NULL, "%s", err);
}

static char away[512];

static void note_away(void *arg, const char *code, const char *where)
{
	(void)arg;
	snprintf(away + strlen(away), sizeof away - strlen(away), "%s %s;",
	    code, where);
}

static int finish(void)
{
	away[0] = '\0';
	return loader_finish(loader, note_away, NULL, err, sizeof err);
}

/* Whether the drive, from 0, has loaded a cartridge. */
static bool is_loaded(unsigned drive)
{
	struct served_port *p = served_port_open(library, drive + 1, 2);
	struct scsi_unit unit;
	bool ready;

	scsi_unit_init(&unit, served_port_scsi(p));
	ready = scsi_send_ready(&unit) == SCSI_READY;
	served_port_close(p);
	return ready;
}

static unsigned moves(void)
{
	return served_port_count(port, MOVE_MEDIUM);
}

START_TEST(serial_numbers_prove_the_drives)
{
	static const char *const st[] = { "nst2", "nst1", "nst0" };
	static const char *const sg[] = { "sg3", "sg2", "sg1" };

	begin();
	ck_assert_uint_eq(loader_drives(loader)->count, DRIVES);
	for (unsigned i = 0; i < DRIVES; i++) {
		const struct proven_drive *d =
		    &loader_drives(loader)->drives[i];

		ck_assert_uint_eq(d->address, FIRST_DRIVE + i);
		ck_assert_int_eq(d->proof, PROOF_SERIAL);
		ck_assert_str_eq(d->node->names.st, node(st[i]));
		ck_assert_str_eq(d->node->names.sg, node(sg[i]));
		ck_assert_ptr_nonnull(strstr(d->node->names.by_id,
		    "/dev/tape/by-id/scsi-"));
	}
	ck_assert_uint_eq(moves(), 0);
}
END_TEST

START_TEST(the_drive_of_a_node_is_loaded_and_put_away)
{
	begin();
	ck_assert_str_eq(loader_proof(loader), "");
	proves("nst0");
	ck_assert_ptr_nonnull(strstr(loader_proof(loader),
	    "nst0 is drive 2 (element 258): both report the serial number "));
	ck_assert_str_eq(barcode, "");
	changes("nst0", "");
	ck_assert_str_eq(barcode, "VTA001L8");
	ck_assert(is_loaded(2));
	changes("nst0", "");
	ck_assert_str_eq(barcode, "VTA002L8");
	fails("nst0", "", "all cartridges named with --volume were loaded");
	ck_assert_int_eq(finish(), 0);
	ck_assert_str_eq(away, "");
	ck_assert(!is_loaded(2));
	ck_assert_uint_eq(moves(), 4);
}
END_TEST

START_TEST(two_drives_are_used_at_once)
{
	begin();
	proves("nst0");
	proves("sg2");
	changes("nst0", "VTA002L8");
	changes("sg2", "VTA001L8");
	ck_assert(is_loaded(2) && is_loaded(1));
	fails("nst0", "VTA001L8", "VTA001L8 is in drive 1 (element 257)");
	ck_assert_int_eq(finish(), 0);
}
END_TEST

START_TEST(no_inventory_of_the_robot_is_started)
{
	static const int codes[] = { 0x07, 0x37, 0xe7 };

	begin();
	proves("nst0");
	changes("nst0", "");
	ck_assert_int_eq(finish(), 0);
	ck_assert_uint_gt(served_port_count(port, READ_ELEMENT_STATUS), 0);
	for (size_t i = 0; i < 3; i++)
		ck_assert_uint_eq(served_port_count(port, codes[i]), 0);
}
END_TEST

START_TEST(a_drive_that_was_not_proven_gets_nothing)
{
	begin();
	proves("nst0");
	/* By serial number all drives are proven: only one with no node. */
	fails("nst9", "", "nst9");
	ck_assert_uint_eq(moves(), 0);
}
END_TEST

START_TEST(an_unknown_cartridge_in_the_drive_is_refused)
{
	served_library_load(library, 2, 3);
	begin();
	does_not_prove("nst0",
	    "drive 2 (element 258), is cartridge VTA004L8, "
	    "which is not named with --volume");
	fails("nst0", "VTA001L8", "VTA004L8 in drive 2");
	ck_assert_int_eq(finish(), 0);
	ck_assert_uint_eq(moves(), 0);
}
END_TEST

START_TEST(what_a_killed_run_left_is_noticed_and_put_away)
{
	served_library_load(library, 2, 1);
	begin();
	ck_assert_ptr_nonnull(strstr(said,
	    "cartridge VTA002L8 is in drive 2 (element 258), and belongs in "
	    "slot 2 (element 1025)"));
	proves("nst0");
	ck_assert_str_eq(barcode, "VTA002L8");
	ck_assert_int_eq(finish(), 0);
	ck_assert(!is_loaded(2));
	ck_assert_uint_eq(moves(), 1);
}
END_TEST

START_TEST(the_kernel_knows_the_serial_number_of_a_drive_in_use)
{
	/* as vtl makes them: read from the drive itself first */
	char serials[DRIVES][SCSI_SERIAL_BYTES];

	begin();
	for (unsigned i = 0; i < DRIVES; i++)
		strcpy(serials[i], loader_drives(loader)->drives[i].serial);
	fake_host_free(&host);
	fake_host_make(&host);
	for (unsigned n = 0; n < DRIVES; n++) {
		char padded[SCSI_SERIAL_BYTES + 4];

		snprintf(padded, sizeof padded, " %s  ",
		    serials[DRIVES - 1 - n]);
		fake_host_add(&host, n, padded);
	}
	sg_in_use = true;
	loader_free(loader);
	port = served_port_open(library, SERVED_CHANGER, 0);
	begin();
	for (unsigned i = 0; i < DRIVES; i++)
		ck_assert_int_eq(loader_drives(loader)->drives[i].proof,
		    PROOF_SERIAL);
}
END_TEST

/* --- changers that differ --- */

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
	begin_bent(&no_dvcid);
	ck_assert_int_eq(loader_drives(loader)->drives[0].proof, PROOF_NOT);
	proves("nst0");
	ck_assert_str_eq(barcode, "VTA001L8");
	ck_assert(is_loaded(2));
	/* Into each of the drives, and out of the first two. */
	ck_assert_uint_eq(moves(), 5);
	ck_assert_ptr_nonnull(strstr(said, "it became ready when a cartridge"));
	/* On the way the other two were proven. */
	for (unsigned i = 0; i < DRIVES; i++)
		ck_assert_int_eq(loader_drives(loader)->drives[i].proof,
		    PROOF_LOADED);
	changes("nst0", "");
	ck_assert_str_eq(barcode, "VTA002L8");
	ck_assert_int_eq(finish(), 0);
}
END_TEST

START_TEST(a_drive_that_is_not_empty_is_not_proven_by_loading)
{
	served_library_load(library, 2, 3);
	begin_bent(&no_dvcid);
	does_not_prove("nst0", "it must be empty");
	ck_assert_uint_eq(moves(), 0);
}
END_TEST

START_TEST(a_drive_whose_state_is_unknown_is_not_proven_by_loading)
{
	fake_host_add(&host, 3, NULL);
	sg_in_use = true;
	begin_bent(&no_dvcid);
	does_not_prove("nst3", "it must be empty and unused");
	ck_assert_uint_eq(moves(), 0);
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

START_TEST(wrong_serial_numbers_prove_nothing)
{
	const struct bend bend = { .after = wrong_serials[_i].bend };

	begin_bent(&bend);
	does_not_prove(wrong_serials[_i].device, wrong_serials[_i].says);
	ck_assert_ptr_nonnull(strstr(err, "nothing is moved for it"));
	for (unsigned i = 0; i < DRIVES; i++) {
		const struct proven_drive *d =
		    &loader_drives(loader)->drives[i];

		ck_assert_int_eq(d->proof, PROOF_NOT);
		ck_assert_str_ne(d->why, "");
	}
	ck_assert_uint_eq(moves(), 0);
}
END_TEST

/* The changer has exchanged two serial numbers: the drive stays empty. */
START_TEST(a_drive_that_stays_empty_ends_the_moves)
{
	const struct bend bend = { .after = exchanged };

	begin_bent(&bend);
	proves("nst0");
	if (_i == 0) {
		/* The loader asks the drive. */
		fails("nst0", "",
		    "it is another drive, or the cartridge was "
		    "not loaded");
	} else {
		/* Only the library of the drive can: it says so thrice. */
		sg_in_use = true;
		changes("nst0", "");
		for (int i = 0; i < 2; i++)
			ck_assert_int_eq(loader_change(loader, node("nst0"), "",
					     true, barcode, err, sizeof err),
			    0);
		ck_assert_int_eq(loader_change(loader, node("nst0"), "", true,
				     barcode, err, sizeof err),
		    -1);
		ck_assert_ptr_nonnull(strstr(err, "it is another drive"));
	}
	fails("nst0", "VTA002L8", "no other cartridge is loaded");
	ck_assert_uint_eq(moves(), 1);
}
END_TEST

/* The barcode in the memory of the cartridge is another program's. */
START_TEST(the_memory_of_the_cartridge_must_have_the_barcode)
{
	static const char *const stored[] = {
		"VTA001L8                        ",
		"A00009L8                        ",
		"A00009L8                        ",
		/* Expected: it is the same.  Bug: the media type was required.
		 */
		"VTA001                          ",
	};
	struct served_port *drive = served_port_open(library, 3, 2);
	const struct scsi_attribute attribute = { .id = 0x0806,
		.format = 1,
		.value = (const uint8_t *)stored[_i],
		.bytes = 32 };
	struct scsi_unit unit;

	served_library_load(library, 2, 0);
	scsi_unit_init(&unit, served_port_scsi(drive));
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_READY);
	ck_assert(scsi_send_write_attribute(&unit, 0, &attribute));
	served_port_close(drive);
	served_library_take(library, 2);
	reading = _i == 2;
	begin();
	proves("nst0");
	if (_i != 1) {
		changes("nst0", "");
		ck_assert_int_eq(strstr(said, "the barcode A00009L8") != NULL,
		    reading);
	} else {
		fails("nst0", "",
		    "reports the barcode A00009L8 from the "
		    "memory of its cartridge");
		fails("nst0", "VTA002L8", "no other cartridge is loaded");
	}
	ck_assert_int_eq(finish(), 0);
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
	begin_bent(&differing[_i]);
	ck_assert_uint_ge(loader_inventory(loader)->count, 3 + 2 + 6);
	proves("nst0");
	changes("nst0", "VTA002L8");
	ck_assert_str_eq(barcode, "VTA002L8");
	ck_assert(is_loaded(2));
	ck_assert_int_eq(finish(), 0);
}
END_TEST

/* --- commands that fail --- */

START_TEST(unit_attentions_are_taken)
{
	begin();
	proves("nst0");
	served_library_reset(library, SERVED_CHANGER);
	changes("nst0", "");
	served_port_check(port, MOVE_MEDIUM, false,
	    &(struct served_sense){ .key = 6, .asc = 0x28, .ascq = 1 });
	changes("nst0", "");
	served_library_reconnect(library, 0);
	ck_assert_int_eq(finish(), 0);
}
END_TEST

START_TEST(a_move_that_the_changer_refuses_is_reported)
{
	begin();
	proves("nst0");
	served_port_check(port, MOVE_MEDIUM, false,
	    &(struct served_sense){ .key = 4, .asc = 0x15, .ascq = 1 });
	fails("nst0", "VTA001L8", "(4/15/01)");
	ck_assert_int_eq(finish(), 0);
	ck_assert_uint_eq(moves(), 1);
}
END_TEST

/* Another program uses a drive whose cartridge is named here, too. */
START_TEST(a_cartridge_in_a_drive_in_use_stays)
{
	served_library_load(library, 2, 1);
	begin();
	sg_in_use = true;
	ck_assert_int_eq(finish(), -1);
	ck_assert_msg(strstr(err, "its cartridge stays in it") != NULL, "%s",
	    err);
	ck_assert_ptr_nonnull(strstr(away, "VTA002L8 in drive 2"));
	ck_assert_uint_eq(moves(), 0);
	ck_assert(is_loaded(2));
}
END_TEST

START_TEST(a_move_whose_answer_was_lost_is_not_sent_again)
{
	const struct served_instead lost = {
		.opcode = MOVE_MEDIUM, .executed = _i == 0, .outcome = SCSI_LOST
	};

	begin();
	proves("nst0");
	served_port_instead(port, &lost);
	if (_i == 0)
		changes("nst0", "");
	else
		fails("nst0", "", "no answer of the device");
	ck_assert_uint_eq(moves(), 1);
	ck_assert_int_eq(finish(), 0);
}
END_TEST

START_TEST(another_program_that_moves_cartridges_ends_the_run)
{
	begin();
	proves("nst0");
	changes("nst0", "");
	served_library_move(library, FIRST_SLOT + 3, FIRST_SLOT + 5);
	fails("nst0", "", "another program or person has changed");
	ck_assert_int_eq(finish(), -1);
	ck_assert_str_eq(away,
	    "VTA001L8 in drive 2 (element 258), and belongs "
	    "in slot 1 (element 1024);");
	ck_assert_ptr_nonnull(strstr(err, "1 cartridge is not in its slot"));
	ck_assert_uint_eq(moves(), 1);
}
END_TEST

START_TEST(a_label_that_became_unreadable_ends_the_run)
{
	begin();
	proves("nst0");
	served_library_unreadable(library, 0);
	fails("nst0", "VTA001L8",
	    "slot 1 (element 1024): VTA001L8 was "
	    "expected, and a cartridge without barcode");
	ck_assert_uint_eq(moves(), 0);
}
END_TEST

START_TEST(a_drive_is_no_changer)
{
	struct scsi_port *drive =
	    served_port_scsi(served_port_open(library, 1, 0));

	ck_assert_ptr_null(autochanger_on_port(drive, err, sizeof err));
	ck_assert_msg(strstr(err, "not a medium changer") != NULL, "%s", err);
	served_port_close(port);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("loader");
	TCase *tcase = tcase_create("loader");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, serial_numbers_prove_the_drives);
	tcase_add_test(tcase, the_drive_of_a_node_is_loaded_and_put_away);
	tcase_add_test(tcase, two_drives_are_used_at_once);
	tcase_add_test(tcase, no_inventory_of_the_robot_is_started);
	tcase_add_test(tcase, a_drive_that_was_not_proven_gets_nothing);
	tcase_add_test(tcase, an_unknown_cartridge_in_the_drive_is_refused);
	tcase_add_test(tcase, what_a_killed_run_left_is_noticed_and_put_away);
	tcase_add_test(tcase,
	    the_kernel_knows_the_serial_number_of_a_drive_in_use);
	tcase_add_test(tcase, without_identifiers_a_cartridge_proves_the_drive);
	tcase_add_test(tcase,
	    a_drive_that_is_not_empty_is_not_proven_by_loading);
	tcase_add_test(tcase,
	    a_drive_whose_state_is_unknown_is_not_proven_by_loading);
	tcase_add_loop_test(tcase, wrong_serial_numbers_prove_nothing, 0,
	    sizeof wrong_serials / sizeof wrong_serials[0]);
	tcase_add_loop_test(tcase, a_drive_that_stays_empty_ends_the_moves, 0,
	    2);
	tcase_add_loop_test(tcase,
	    the_memory_of_the_cartridge_must_have_the_barcode, 0, 4);
	tcase_add_loop_test(tcase, changers_differ_and_work, 0,
	    sizeof differing / sizeof differing[0]);
	tcase_add_test(tcase, unit_attentions_are_taken);
	tcase_add_test(tcase, a_move_that_the_changer_refuses_is_reported);
	tcase_add_test(tcase, a_cartridge_in_a_drive_in_use_stays);
	tcase_add_loop_test(tcase,
	    a_move_whose_answer_was_lost_is_not_sent_again, 0, 2);
	tcase_add_test(tcase,
	    another_program_that_moves_cartridges_ends_the_run);
	tcase_add_test(tcase, a_label_that_became_unreadable_ends_the_run);
	tcase_add_test(tcase, a_drive_is_no_changer);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
