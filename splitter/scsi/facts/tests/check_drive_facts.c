/*
 * check_drive_facts.c: what is known of a drive and its medium, and its counters, by
 * a virtual drive and by answers as other makers give them.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/scsi/facts/facts.h"
#include "splitter/scsi/tests/served_port.h"
#include "splitter/tests/run_suite.h"

static struct served_library *library;
static struct served_port *port;
static struct scsi_unit unit;
static struct scsi_facts facts;
static char err[512];

static void setup(void)
{
	library = served_library_new(NULL);
	port = served_port_open(library, 1, 0);
	scsi_unit_init(&unit, served_port_scsi(port));
	served_port_clear_attentions(port);
}

static void teardown(void)
{
	served_port_close(port);
	served_library_free(library);
}

static void read_facts(void)
{
	ck_assert_msg(scsi_facts_read(&unit, NULL, 256 << 10, &facts, err,
			  sizeof err),
	    "%s", err);
}

static void send(uint8_t opcode, const void *out, uint32_t bytes)
{
	struct scsi_command c = { .cdb = { opcode },
		.cdb_bytes = 6,
		.direction = bytes > 0 ? SCSI_DATA_OUT : SCSI_NO_DATA,
		.out = out,
		.data_bytes = bytes,
		.name = "a command" };

	c.cdb[4] = (uint8_t)bytes;
	ck_assert(scsi_send(&unit, &c));
}

START_TEST(facts_of_a_drive_and_its_medium)
{
	struct scsi_names names = { .driver = "iscsi_tcp",
		.link_speed = "12.0 Gbit" };

	served_library_load(library, 0, 0);
	ck_assert(scsi_facts_read(&unit, &names, 256 << 10, &facts, err,
	    sizeof err));
	ck_assert_int_eq(facts.virtual_by, SCSI_VIRTUAL_TAPELAB);
	ck_assert_str_eq(scsi_virtual_name(facts.virtual_by), "tapelab");
	ck_assert_msg(strncmp(facts.serial, "TL", 2) == 0, "%s", facts.serial);
	ck_assert_uint_eq(facts.generation, 8);
	ck_assert(facts.worm_capable);
	ck_assert_uint_eq(facts.largest_block_bytes, 256 << 10);
	ck_assert_str_eq(facts.names.driver, "iscsi_tcp");
	ck_assert_str_ne(facts.kernel, "");
	ck_assert_int_eq(unit.timeouts.source, SCSI_TIMEOUTS_REPORTED);
	ck_assert(facts.settings.has_mode && facts.settings.has_compression);
	ck_assert(facts.medium.loaded);
	ck_assert(!facts.medium.worm);
	ck_assert(!facts.medium.write_protected);
	ck_assert_str_eq(facts.medium.generation, "LTO-8");
	ck_assert(facts.medium.mam.valid);
	ck_assert_str_ne(facts.medium.mam.serial, "");
	ck_assert_uint_eq(facts.medium.mam.density, 0x5e);
	ck_assert(facts.medium.mam.has_loads);
	ck_assert_uint_eq(facts.medium.mam.loads, 1);
	ck_assert(facts.medium.mam.has_capacity);
	ck_assert_uint_eq(facts.medium.mam.capacity_mib, 64);
	ck_assert(facts.medium.mam.has_life);
	ck_assert(facts.medium.mam.has_change);
}
END_TEST

START_TEST(the_largest_block_of_the_drive_counts_too)
{
	ck_assert(scsi_facts_read(&unit, NULL, 64 << 20, &facts, err,
	    sizeof err));
	ck_assert_uint_eq(facts.largest_block_bytes, facts.blocks.most_bytes);
}
END_TEST

START_TEST(an_empty_drive_has_facts)
{
	read_facts();
	ck_assert(!facts.medium.loaded);
	ck_assert_int_eq(facts.medium.readiness, SCSI_NO_MEDIUM);
	ck_assert(!facts.medium.mam.valid);
	ck_assert_str_ne(facts.inquiry.product, "");
}
END_TEST

START_TEST(a_changer_is_no_drive)
{
	struct served_port *changer =
	    served_port_open(library, SERVED_CHANGER, 0);
	struct scsi_unit u;

	scsi_unit_init(&u, served_port_scsi(changer));
	ck_assert(!scsi_facts_read(&u, NULL, 256 << 10, &facts, err,
	    sizeof err));
	ck_assert_ptr_nonnull(strstr(err, "not a tape drive"));
	ck_assert_ptr_nonnull(strstr(err, "device type 08h"));
	served_port_close(changer);
}
END_TEST

START_TEST(a_drive_that_does_not_answer)
{
	served_port_instead(port,
	    &(struct served_instead){ .opcode = 0x12, .outcome = SCSI_LOST });
	ck_assert(!scsi_facts_read(&unit, NULL, 256 << 10, &facts, err,
	    sizeof err));
	ck_assert_ptr_nonnull(strstr(err, "INQUIRY: no answer"));
}
END_TEST

/* A drive as INQUIRY and its pages describe it; all else is unsupported. */
static struct fake_drive {
	const char *vendor, *product, *serial, *t10, *specific, *driver;
	enum scsi_virtual virtual_by;
	unsigned generation;
} drives[] = {
	{ "IBM", "ULT3580-TD8", "1013000A21", "IBM ULT3580-TD8", "", "mpt3sas",
	    SCSI_NOT_VIRTUAL, 8 },
	/* TL is no proof: other makers may begin a number so. */
	{ "HPE", "Ultrium 9-SCSI", "TL12345678", "", "", "mpt3sas",
	    SCSI_NOT_VIRTUAL, 9 },
	{ "IBM", "ULTRIUM-TDA", "1", "", "", "qla2xxx", SCSI_NOT_VIRTUAL, 10 },
	{ "QUANTUM", "ULTRIUM 4", "1", "", "", "qla2xxx", SCSI_NOT_VIRTUAL, 4 },
	{ "IBM", "03592E08", "1", "", "", "qla2xxx", SCSI_NOT_VIRTUAL, 0 },
	{ "IBM", "ULT3580-TD5", "XYZZY_A1", "", "", "mhvtl", SCSI_VIRTUAL_MHVTL,
	    5 },
	{ "Linux", "scsi_debug", "2000", "", "", "scsi_debug",
	    SCSI_VIRTUAL_SCSI_DEBUG, 0 },
	{ "IET", "VIRTUAL-TAPE", "beaf11", "", "", "iscsi_tcp",
	    SCSI_VIRTUAL_TGT, 0 },
	{ "IBM", "ULT3580-TD6", "1", "QUADSTOR ULT3580-TD6", "", "iscsi_tcp",
	    SCSI_VIRTUAL_QUADSTOR, 6 },
	{ "THUR", "ULTRIUM-TD8", "1", "", "", "iscsi_tcp", SCSI_VIRTUAL_THUR,
	    8 },
	{ "IBM", "ULT3580-TD8", "TL12345678", "", "tapelab", "iscsi_tcp",
	    SCSI_VIRTUAL_TAPELAB, 8 },
};

static void put_text(uint8_t *at, const char *text, size_t bytes)
{
	size_t n = strlen(text);

	memset(at, ' ', bytes);
	memcpy(at, text, n < bytes ? n : bytes);
}

static size_t put_designator(uint8_t *at, uint8_t type, const char *text)
{
	size_t n = strlen(text);

	if (n == 0)
		return 0;
	at[0] = 2;
	at[1] = type;
	at[3] = (uint8_t)n;
	memcpy(at + 4, text, n);
	return 4 + n;
}

struct fake_port {
	struct scsi_port port;
	const struct fake_drive *drive;
};

static void fake_execute(struct scsi_port *p, const struct scsi_command *c,
    struct scsi_answer *a)
{
	const struct fake_drive *d = ((struct fake_port *)p)->drive;
	uint8_t data[256] = { 0 };
	size_t n = 0;

	a->has_residual = true;
	if (c->cdb[0] == 0x12 && c->cdb[1] == 0) {
		data[0] = 1;
		data[4] = 31;
		put_text(data + 8, d->vendor, 8);
		put_text(data + 16, d->product, 16);
		put_text(data + 32, "1", 4);
		n = 36;
	} else if (c->cdb[0] == 0x12 && c->cdb[2] == 0x80) {
		data[1] = 0x80;
		data[3] = 10;
		put_text(data + 4, d->serial, 10);
		n = 14;
	} else if (c->cdb[0] == 0x12 && c->cdb[2] == 0x83) {
		data[1] = 0x83;
		n = 4 + put_designator(data + 4, 0x01, d->t10);
		n += put_designator(data + n, 0x00, d->specific);
		data[3] = (uint8_t)(n - 4);
	} else {
		a->status = SCSI_CHECK_CONDITION;
		a->sense =
		    (struct scsi_sense){ .valid = true, .key = 5, .asc = 0x20 };
		a->residual = c->data_bytes;
		return;
	}
	memcpy(c->in, data, n);
	a->residual = c->data_bytes - (uint32_t)n;
}

START_TEST(virtual_drives_and_generations_are_recognised)
{
	static const struct scsi_port_ops ops = { .execute = fake_execute };
	const struct fake_drive *d = &drives[_i];
	struct fake_port p = { .port = { .ops = &ops, .name = "/dev/sg3" },
		.drive = d };
	struct scsi_names names = { 0 };
	struct scsi_unit u;

	snprintf(names.driver, sizeof names.driver, "%s", d->driver);
	scsi_unit_init(&u, &p.port);
	ck_assert_msg(scsi_facts_read(&u, &names, 65536, &facts, err,
			  sizeof err),
	    "%s", err);
	ck_assert_int_eq(facts.virtual_by, d->virtual_by);
	ck_assert_int_eq(scsi_virtual_name(facts.virtual_by) == NULL,
	    d->virtual_by == SCSI_NOT_VIRTUAL);
	ck_assert_uint_eq(facts.generation, d->generation);
	ck_assert_int_eq(u.timeouts.source,
	    d->generation >= 1 ? SCSI_TIMEOUTS_GENERATION
			       : SCSI_TIMEOUTS_LONGEST);
	ck_assert_str_eq(facts.inquiry.vendor, d->vendor);
	ck_assert_str_eq(facts.serial, d->serial);
	/* Facts that are not reported have no flag. */
	ck_assert(!facts.settings.has_mode && !facts.has_encryption);
}
END_TEST

static const struct tape_counter *counter(const struct tape_counters *c,
    uint8_t page, uint16_t code)
{
	const struct tape_counter *found = tape_counters_find(c, page, code);

	ck_assert_msg(found != NULL, "%02x/%04x", page, code);
	return found;
}

START_TEST(counters_between_two_snapshots)
{
	struct tape_counters before, after, d;
	bool cleared;

	served_library_load(library, 0, 0);
	ck_assert(scsi_counters_read(&unit, TAPE_MAKER_IBM, &before));
	send(0x0a, "ninebytes", 9);
	send(0x0a, "ninebytes", 9);
	send(0x10, NULL, 0); /* flushes the buffer */
	ck_assert(scsi_counters_read(&unit, TAPE_MAKER_IBM, &after));
	tape_counters_subtract(&after, &before, &d, &cleared);
	ck_assert(!cleared);
	ck_assert_uint_eq(counter(&d, 0x02, 5)->value, 18);
	ck_assert_int_eq(counter(&d, 0x02, 5)->unit, TAPE_UNIT_BYTES);
	ck_assert_str_eq(counter(&d, 0x02, 5)->name, "Total bytes written");
	ck_assert_uint_eq(counter(&d, 0x02, 6)->value, 0);
	ck_assert_uint_eq(counter(&d, 0x0c, 0)->value, 18);
	/* A capacity does not grow: there is no difference. */
	ck_assert_ptr_nonnull(tape_counters_find(&after, 0x31, 3));
	ck_assert_ptr_null(tape_counters_find(&d, 0x31, 3));
	ck_assert(d.has_alerts);
	ck_assert_uint_eq(d.alerts, 0);
	/* The result may be an argument. */
	tape_counters_subtract(&after, &before, &after, &cleared);
	ck_assert_uint_eq(counter(&after, 0x02, 5)->value, 18);
}
END_TEST

START_TEST(cleared_counters_are_noticed)
{
	struct tape_counters before = { .count = 1,
		.counter = {
		    { .page = 2, .code = 3, .grows = true, .value = 100 } } };
	struct tape_counters after = before, d;
	bool cleared;

	after.counter[0].value = 7;
	tape_counters_subtract(&after, &before, &d, &cleared);
	ck_assert(cleared);
	ck_assert_uint_eq(d.counter[0].value, 7);
}
END_TEST

START_TEST(the_makers_count_in_different_units)
{
	static const uint8_t page[] = { 0x02, 0, 0, 24, 0, 5, 0x60, 8, 0, 0, 0,
		0, 0, 0, 1, 0, 0, 6, 0x60, 4, 0xff, 0xff, 0xff, 0xff, 0x80, 1,
		0x60, 0 };
	static const struct {
		const char *vendor;
		enum tape_counter_unit unit;
	} makers[] = { { "IBM", TAPE_UNIT_BYTES },
		{ "HP", TAPE_UNIT_DATA_SETS }, { "HPE", TAPE_UNIT_DATA_SETS },
		{ "QUANTUM", TAPE_UNIT_DATA_SETS },
		{ "TANDBERG", TAPE_UNIT_BYTES } };

	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
		struct tape_counters c = { 0 };

		scsi_counters_take(&c, tape_maker_of(makers[i].vendor), page,
		    sizeof page);
		ck_assert_uint_eq(c.count, 1); /* unknown: left out */
		ck_assert_int_eq(c.counter[0].unit, makers[i].unit);
		ck_assert_uint_eq(c.counter[0].value, 256);
	}
}
END_TEST

START_TEST(tapealert_is_not_cleared)
{
	const struct drive_fault fault = { .op = DRIVE_WRITE,
		.nth = 1,
		.once = true,
		.sense = { .key = 3, .asc = 0x0c } };
	struct tape_counters before, c, d;
	const struct scsi_command write = { .cdb = { 0x0a, 0, 0, 0, 4, 0 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_OUT,
		.out = "data",
		.data_bytes = 4,
		.name = "WRITE(6)" };
	bool cleared;

	served_library_load(library, 0, 0);
	ck_assert(scsi_counters_read(&unit, TAPE_MAKER_OTHER, &before));
	ck_assert_uint_eq(before.alerts, 0);
	served_library_fault(library, 0, &fault);
	ck_assert(!scsi_ask(&unit, &write));
	for (int i = 0; i < 2; i++) {
		ck_assert(scsi_counters_read(&unit, TAPE_MAKER_OTHER, &c));
		ck_assert_uint_ne(c.alerts, 0);
	}
	tape_counters_subtract(&c, &before, &d, &cleared);
	ck_assert_uint_eq(d.alerts, c.alerts);
	ck_assert_uint_eq(counter(&d, 0x02, 6)->value, 1);
	for (unsigned flag = 1; flag <= 64; flag++)
		if (d.alerts >> (flag - 1) & 1)
			ck_assert_str_ne(tape_alert_name(flag), "Unknown flag");
}
END_TEST

START_TEST(names_of_alerts)
{
	ck_assert_str_eq(tape_alert_name(20), "Cleaning required");
	ck_assert_int_eq(tape_alert_severity(20), TAPE_ALERT_CRITICAL);
	ck_assert_int_eq(tape_alert_severity(36), TAPE_ALERT_WARNING);
	ck_assert_int_eq(tape_alert_severity(10), TAPE_ALERT_INFORMATION);
	ck_assert_str_eq(tape_alert_name(64), "Unknown flag");
	ck_assert_str_eq(tape_alert_name(65), "Unknown flag");
	ck_assert_str_eq(tape_alert_name(0), "Unknown flag");
	ck_assert_int_eq(tape_alert_severity(48), TAPE_ALERT_WARNING);
}
END_TEST

static void take_page(void *arg, struct scsi_log_id id, const uint8_t *data,
    size_t bytes)
{
	uint64_t *pages = arg;

	ck_assert_uint_eq(data[0] & 0x3f, id.page);
	ck_assert_uint_ge(bytes, 4);
	*pages |= UINT64_C(1) << id.page;
}

START_TEST(raw_pages_without_the_one_that_clears_flags)
{
	uint64_t pages = 0;

	ck_assert_uint_gt(scsi_raw_log_pages(&unit, take_page, &pages), 8);
	ck_assert(pages >> 0x02 & 1);
	ck_assert(pages >> 0x12 & 1);
	ck_assert(pages >> 0x17 & 1);
	ck_assert(!(pages >> 0x2e & 1));
}
END_TEST

static void take_attribute(void *arg, const struct scsi_attribute *a)
{
	uint32_t *last = arg;

	ck_assert_uint_gt(a->id + 1u, *last);
	*last = a->id + 1u;
}

START_TEST(raw_attributes_in_order)
{
	uint32_t last = 0;

	ck_assert_uint_eq(scsi_raw_attributes(&unit, 0, take_attribute, &last),
	    0);
	served_library_load(library, 0, 0);
	ck_assert_uint_gt(scsi_raw_attributes(&unit, 0, take_attribute, &last),
	    15);
	ck_assert_uint_gt(last, 0x0400);
	/* All of them came at once: nothing was refused. */
	ck_assert_uint_eq(unit.answer.status, SCSI_GOOD);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("drive_facts");
	TCase *t = tcase_create("facts");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, facts_of_a_drive_and_its_medium);
	tcase_add_test(t, the_largest_block_of_the_drive_counts_too);
	tcase_add_test(t, an_empty_drive_has_facts);
	tcase_add_test(t, a_changer_is_no_drive);
	tcase_add_test(t, a_drive_that_does_not_answer);
	tcase_add_loop_test(t, virtual_drives_and_generations_are_recognised, 0,
	    sizeof drives / sizeof *drives);
	tcase_add_test(t, counters_between_two_snapshots);
	tcase_add_test(t, cleared_counters_are_noticed);
	tcase_add_test(t, the_makers_count_in_different_units);
	tcase_add_test(t, tapealert_is_not_cleared);
	tcase_add_test(t, names_of_alerts);
	tcase_add_test(t, raw_pages_without_the_one_that_clears_flags);
	tcase_add_test(t, raw_attributes_in_order);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
