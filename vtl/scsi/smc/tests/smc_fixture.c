/* smc_fixture.c: see smc_fixture.h. */
#include "vtl/scsi/smc/tests/smc_fixture.h"

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct device_identity robot_identities[ROBOT_DRIVES] = {
	{ .type = 1,
	    .vendor = "IBM",
	    .product = "ULT3580-TD8",
	    .serial = "TL00000001" },
	{ .type = 1,
	    .vendor = "HPE",
	    .product = "Ultrium 8-SCSI",
	    .serial = "TL2" },
	{ .type = 1,
	    .vendor = "QUANTUM",
	    .product = "ULTRIUM 8 OF 16B",
	    .serial = "TL00000003" },
};

static enum changer_status list(void *arg, unsigned first, unsigned last,
    size_t most, struct changer_element **elements, size_t *count)
{
	struct robot *f = arg;

	if (f->unreadable)
		return CHANGER_ERROR;
	*elements = calloc(f->count + 1, sizeof **elements);
	*count = 0;
	for (size_t i = 0; i < f->count && *count < most; i++)
		if (f->elements[i].address >= first &&
		    f->elements[i].address <= last)
			(*elements)[(*count)++] = f->elements[i];
	return CHANGER_OK;
}

static void get_drive(void *arg, unsigned drive, struct smc_drive *state)
{
	ck_assert_uint_lt(drive, ROBOT_DRIVES);
	*state = ((struct robot *)arg)->drives[drive];
}

static enum changer_reason move(void *arg, const struct smc_move *request,
    int64_t *done_ns)
{
	struct robot *f = arg;

	f->moves++;
	f->move = *request;
	*done_ns = request->now_ns + f->takes_ns;
	return f->reason;
}

static int64_t position(void *arg, unsigned address, int64_t now_ns)
{
	struct robot *f = arg;

	f->positions++;
	f->address = address;
	return now_ns + f->takes_ns;
}

static int64_t inventory(void *arg, unsigned first, unsigned last,
    int64_t now_ns)
{
	struct robot *f = arg;

	f->inventories++;
	f->first = first;
	f->last = last;
	return now_ns + f->takes_ns;
}

const struct smc_library robot_library = { list, get_drive, move, position,
	inventory };

static void add(struct robot *f, enum changer_kind kind, unsigned number,
    unsigned address, const char *barcode)
{
	struct changer_element *e = &f->elements[f->count++];

	e->kind = kind;
	e->number = number;
	e->address = address;
	e->full = barcode[0] != '\0';
	e->cleaning = strncmp(barcode, "CLN", 3) == 0;
	snprintf(e->barcode, sizeof e->barcode, "%s", barcode);
}

void robot_make(struct robot *f, const struct smc_options *options)
{
	static const struct smc_options usual;
	const struct device_identity identity = {
		.type = 8, .vendor = "STK", .product = "L700", .serial = "TLC"
	};

	memset(f, 0, sizeof *f);
	add(f, CHANGER_KIND_ROBOT, 0, 1, "");
	add(f, CHANGER_KIND_IE, 1, 16, "A00003L8");
	add(f, CHANGER_KIND_IE, 2, 17, "");
	add(f, CHANGER_KIND_DRIVE, 0, 256, "A00002LY");
	f->elements[3].source_address = 1026;
	add(f, CHANGER_KIND_DRIVE, 1, 257, "");
	add(f, CHANGER_KIND_DRIVE, 2, 258, "A00004L8");
	add(f, CHANGER_KIND_SLOT, 1, 1024, "A00001L8");
	add(f, CHANGER_KIND_SLOT, 2, 1025, "CLN001CU");
	add(f, CHANGER_KIND_SLOT, 3, 1026, "");
	for (size_t i = 0; i < ROBOT_DRIVES; i++)
		f->drives[i].identity = &robot_identities[i];
	f->drives[0].loaded = true;
	f->smc = smc_new(&robot_library, f, options != NULL ? options : &usual,
	    &identity);
	ck_assert_ptr_nonnull(f->smc);
	ck_assert(smc_count_elements(f->smc));
	robot_run(f, "03 00 00 00 12 00");
}

void robot_free(struct robot *f)
{
	smc_free(f->smc);
}

/* Converts text to bytes; returns their number. */
static size_t parse(const char *hex, uint8_t *bytes, size_t room)
{
	size_t n = 0;

	for (const char *p = hex; *p != '\0';) {
		char digits[3] = { p[0], p[1], '\0' };

		if (isspace((unsigned char)*p)) {
			p++;
			continue;
		}
		ck_assert(isxdigit((unsigned char)p[0]));
		ck_assert(isxdigit((unsigned char)p[1]));
		ck_assert_uint_lt(n, room);
		bytes[n++] = (uint8_t)strtoul(digits, NULL, 16);
		p += 2;
	}
	return n;
}

void robot_command(struct robot *f, unsigned nexus, const char *cdb,
    uint32_t expected)
{
	struct device_command command = {
		.nexus = nexus,
		.expected = expected,
		.out = f->out,
		.out_bytes = sizeof f->out,
		.in = f->in,
		.in_room =
		    expected < sizeof f->in ? expected : (uint32_t)sizeof f->in,
	};
	bool untouched = true;

	parse(cdb, command.cdb, sizeof command.cdb);
	memset(f->in, 0xee, sizeof f->in);
	device_execute(smc_device(f->smc), &command, 1000, &f->answer);
	for (size_t i = f->answer.in_bytes; i < sizeof f->in; i++)
		untouched = untouched && f->in[i] == 0xee;
	ck_assert(untouched);
}

void robot_run(struct robot *f, const char *cdb)
{
	robot_command(f, 0, cdb, ROBOT_ROOM);
}

void robot_good(const struct robot *f)
{
	const struct sense *s = &f->answer.decoded.sense;

	ck_assert_msg(f->answer.status == DEVICE_GOOD, "status %x %x/%02x/%02x",
	    f->answer.status, s->key, s->asc, s->ascq);
	ck_assert_uint_eq(f->answer.sense_bytes, 0);
}

void robot_fails(const struct robot *f, uint8_t key, uint8_t asc, uint8_t ascq)
{
	const uint8_t *s = f->answer.sense;

	ck_assert_int_eq(f->answer.status, DEVICE_CHECK_CONDITION);
	ck_assert_uint_ge(f->answer.sense_bytes, SCSI_SENSE_FIXED_BYTES);
	ck_assert_msg((s[2] & 0xf) == key && s[12] == asc && s[13] == ascq,
	    "%x/%02x/%02x instead of %x/%02x/%02x", s[2] & 0xf, s[12], s[13],
	    key, asc, ascq);
	ck_assert_uint_eq(f->answer.in_bytes, 0);
}

void robot_data(const struct robot *f, const char *hex)
{
	uint8_t bytes[ROBOT_ROOM];
	size_t n = parse(hex, bytes, sizeof bytes);

	for (size_t i = 0; i < n && i < f->answer.in_bytes; i++)
		if (f->in[i] != bytes[i])
			ck_abort_msg("byte %zu is %02x instead of %02x", i,
			    f->in[i], bytes[i]);
	ck_assert_uint_eq(f->answer.in_bytes, n);
}
