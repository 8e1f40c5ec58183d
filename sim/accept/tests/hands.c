/* hands.c: see hands.h. */
#include "sim/accept/tests/hands.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/accept/tests/accept_drive.h"

/* A person takes the cartridge out by force. */
void hands_take_out(void)
{
	const struct scsi_command allow = { .cdb = { 0x1e },
		.cdb_bytes = 6,
		.timeout_s = 60,
		.name = "PREVENT ALLOW MEDIUM REMOVAL" };
	struct scsi_answer a;

	scsi_execute(served_port_scsi(accept_drive.ports[0]), &allow, &a);
	served_library_take(accept_drive.served, 0);
	accept_drive.full[0] = false;
}

/* And puts in another one. */
void hands_exchange(void)
{
	hands_take_out();
	served_library_load(accept_drive.served, 0, 1);
	accept_drive.full[0] = true;
}

/* And puts in the same one. */
void hands_put_in_again(void)
{
	hands_take_out();
	served_library_load(accept_drive.served, 0, 0);
	accept_drive.full[0] = true;
}

int hands_jam(const struct real_wanted *wanted, char *barcode, char *why,
    size_t why_bytes)
{
	(void)wanted, (void)barcode;
	snprintf(why, why_bytes,
	    "the command \"mtx\" with \"load\" failed: it ended with status 1");
	return -1;
}

void hands_bring_other(void)
{
	if (accept_drive.full[0])
		served_library_take(accept_drive.served, 0);
	served_library_load(accept_drive.served, 0, 1);
	accept_drive.full[0] = true;
}

int hands_bring_other_under_its_name(const struct real_wanted *wanted,
    char *barcode, char *why, size_t why_bytes)
{
	(void)wanted, (void)why, (void)why_bytes;
	hands_bring_other();
	strcpy(barcode, served_library_barcode(accept_drive.served, 1));
	return 0;
}

int hands_bring_other_under_the_wanted_name(const struct real_wanted *wanted,
    char *barcode, char *why, size_t why_bytes)
{
	(void)why, (void)why_bytes;
	hands_bring_other();
	strcpy(barcode, wanted->barcode);
	return 0;
}

/* From now on the memory of no cartridge can be read. */
void hands_hide_memory(void)
{
	static const struct served_instead no_attributes = { .opcode = 0x8c,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x04, 0x10 },
		.sense_bytes = 18,
		.for_good = true };

	served_port_instead(accept_drive.ports[0], &no_attributes);
}

/* And the memory of that one cannot be read. */
int hands_bring_other_without_memory(const struct real_wanted *wanted,
    char *barcode, char *why, size_t why_bytes)
{
	hands_hide_memory();
	return hands_bring_other_under_the_wanted_name(wanted, barcode, why,
	    why_bytes);
}

/* The next program finds the other cartridge in the drive. */
static void open_with_other(void)
{
	accept_drive_close();
	hands_bring_other();
	accept_drive_open();
	served_port_clear_attentions(accept_drive.ports[0]);
}

/* Reads a block of 64 bytes; the answer is in `*a`. */
static bool read_block(char block[64], struct scsi_answer *a)
{
	const struct scsi_command read = { .cdb = { 0x08, 0, 0, 0, 64 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_IN,
		.in = block,
		.data_bytes = 64,
		.timeout_s = 60,
		.name = "READ(6)" };

	return scsi_execute(served_port_scsi(accept_drive.ports[0]), &read, a);
}

/* The other cartridge is blank: READ finds no data. */
void hands_other_is_blank(void)
{
	struct scsi_answer a;
	char block[64];

	open_with_other();
	ck_assert(!read_block(block, &a));
	ck_assert_uint_eq(a.sense.key, 8);
	ck_assert_uint_eq(a.sense.asc << 8 | a.sense.ascq, 5);
}

static const char foreign[64] = "of another program";

/* Another program writes a block on the other cartridge. */
void hands_write_other(void)
{
	const struct scsi_command write = { .cdb = { 0x0a, 0, 0, 0, 64 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_OUT,
		.out = foreign,
		.data_bytes = sizeof foreign,
		.timeout_s = 60,
		.name = "WRITE(6)" };
	struct scsi_answer a;

	open_with_other();
	ck_assert(scsi_execute(served_port_scsi(accept_drive.ports[0]), &write,
	    &a));
	accept_drive_close();
	served_library_take(accept_drive.served, 0);
	served_library_load(accept_drive.served, 0, 0);
	accept_drive_open();
}

void hands_other_is_foreign(void)
{
	struct scsi_answer a;
	char block[64] = "";

	open_with_other();
	ck_assert(read_block(block, &a));
	ck_assert_int_eq(memcmp(block, foreign, sizeof block), 0);
}
