/*
 * check_commands.c: the typed commands against the device server of a virtual
 * drive, and what answers of a device they refuse or survive.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/scsi/commands.h"
#include "splitter/scsi/tests/served_port.h"
#include "splitter/tests/run_suite.h"

static struct served_library *library;
static struct served_port *port, *other_port;
static struct scsi_unit unit, other;

static void setup(void)
{
	library = served_library_new(NULL);
	port = served_port_open(library, 1, 0);
	other_port = served_port_open(library, 1, 1);
	scsi_unit_init(&unit, served_port_scsi(port));
	scsi_unit_init(&other, served_port_scsi(other_port));
}

static void teardown(void)
{
	served_port_close(port);
	served_port_close(other_port);
	served_library_free(library);
}

static void load(void)
{
	served_library_load(library, 0, 0);
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_READY);
	ck_assert_int_eq(scsi_send_ready(&other), SCSI_READY);
}

static void fail_next(int opcode, uint8_t key, uint8_t asc, uint8_t ascq)
{
	const struct served_sense sense = {
		.key = key, .asc = asc, .ascq = ascq, .information = -1
	};

	served_port_check(port, opcode, false, &sense);
}

static void status_next(int opcode, uint8_t status)
{
	served_port_instead(port,
	    &(struct served_instead){
		.opcode = opcode, .outcome = SCSI_ANSWERED, .status = status });
}

static const struct ready_case {
	uint8_t key, asc, ascq;
	enum scsi_readiness readiness;
} ready_cases[] = {
	{ 2, 0x3a, 0, SCSI_NO_MEDIUM },
	{ 2, 0x04, 0x00, SCSI_BECOMING_READY },
	{ 2, 0x04, 0x01, SCSI_BECOMING_READY },
	{ 2, 0x04, 0x07, SCSI_BECOMING_READY },
	{ 2, 0x04, 0x02, SCSI_NOT_LOADED },
	{ 2, 0x04, 0x03, SCSI_FAILED },
	{ 2, 0x30, 0x03, SCSI_CLEANING },
	{ 2, 0x30, 0x00, SCSI_WRONG_MEDIUM },
	{ 3, 0x30, 0x02, SCSI_WRONG_MEDIUM },
	{ 4, 0x44, 0x00, SCSI_FAILED },
	{ 5, 0x25, 0x00, SCSI_FAILED },
};

START_TEST(readiness_by_sense_data)
{
	const struct ready_case *c = &ready_cases[_i];

	served_port_clear_attentions(port);
	fail_next(0x00, c->key, c->asc, c->ascq);
	ck_assert_int_eq(scsi_send_ready(&unit), c->readiness);
	ck_assert_ptr_nonnull(scsi_readiness_text(c->readiness));
}
END_TEST

START_TEST(attentions_are_counted_and_the_command_is_sent_again)
{
	load();
	unit.attentions = 0;
	unit.position_lost = false;
	fail_next(0x00, 6, 0x2a, 0x01);
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_READY);
	ck_assert_uint_eq(unit.attentions, 1);
	ck_assert_uint_eq(unit.asc, 0x2a);
	ck_assert(!unit.position_lost);
	fail_next(0x00, 6, 0x28, 0x00);
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_READY);
	ck_assert_uint_eq(unit.attentions, 2);
	ck_assert(unit.position_lost);
}
END_TEST

START_TEST(endless_attentions_end)
{
	served_port_instead(port,
	    &(struct served_instead){ .opcode = 0,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x29 },
		.sense_bytes = 18,
		.for_good = true });
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_FAILED);
	ck_assert_uint_eq(served_port_count(port, 0x00), 11);
}
END_TEST

START_TEST(a_busy_drive_is_asked_again)
{
	int64_t begun_ns = served_library_now_ns(library);

	load();
	status_next(0x00, SCSI_BUSY);
	status_next(0x00, SCSI_TASK_SET_FULL);
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_READY);
	ck_assert_int_ge(served_library_now_ns(library) - begun_ns, 2000000000);
}
END_TEST

START_TEST(an_interrupted_wait_ends)
{
	load();
	served_port_end_sleeps(port);
	status_next(0x00, SCSI_BUSY);
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_BECOMING_READY);
}
END_TEST

START_TEST(a_lost_command_is_not_sent_again)
{
	load();
	served_port_instead(port,
	    &(struct served_instead){ .opcode = 0x12, .outcome = SCSI_LOST });
	ck_assert(!scsi_send_inquiry(&unit, &(struct scsi_inquiry){ 0 }));
	ck_assert_int_eq(unit.answer.outcome, SCSI_LOST);
	ck_assert_uint_eq(served_port_count(port, 0x12), 1);
	ck_assert_uint_eq(scsi_received(&unit), 0);
}
END_TEST

static void count_notice(void *arg, const char *message)
{
	ck_assert_ptr_nonnull(strstr(message, "waiting at most 16 min"));
	++*(unsigned *)arg;
}

START_TEST(a_loading_drive_is_waited_for)
{
	const struct served_library_spec spec = { .takes_time = true };
	struct served_library *paced = served_library_new(&spec);
	struct served_port *p = served_port_open(paced, 1, 0);
	unsigned notices = 0;

	served_library_load(paced, 0, 0);
	scsi_unit_init(&unit, served_port_scsi(p));
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_BECOMING_READY);
	ck_assert_int_eq(scsi_wait_ready(&unit, INT64_C(960000000000),
			     count_notice, &notices),
	    SCSI_READY);
	ck_assert_uint_eq(notices, 1);
	served_library_take(paced, 0);
	served_library_load(paced, 0, 0);
	ck_assert_int_eq(scsi_wait_ready(&unit, INT64_C(1000000000), NULL,
			     NULL),
	    SCSI_BECOMING_READY);
	served_port_end_sleeps(p);
	ck_assert_int_eq(scsi_wait_ready(&unit, INT64_C(960000000000), NULL,
			     NULL),
	    SCSI_BECOMING_READY);
	served_port_close(p);
	served_library_free(paced);
}
END_TEST

START_TEST(another_initiator_s_reservation_is_seen)
{
	load();
	ck_assert(scsi_send_reserve(&other));
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_RESERVED);
	ck_assert(!scsi_send_reserve(&unit));
	ck_assert_uint_eq(unit.answer.status, SCSI_RESERVATION_CONFLICT);
	ck_assert(scsi_send_release(&other));
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_READY);
}
END_TEST

START_TEST(inquiry_and_its_pages)
{
	struct scsi_identification id;
	struct scsi_inquiry inquiry;
	char serial[SCSI_SERIAL_BYTES];
	uint8_t page[SCSI_VPD_BYTES];
	size_t bytes;

	ck_assert(scsi_send_inquiry(&unit, &inquiry));
	ck_assert_uint_eq(inquiry.type, SCSI_TYPE_TAPE);
	ck_assert_uint_eq(inquiry.version, 6);
	ck_assert(inquiry.removable);
	ck_assert(inquiry.has_residual);
	ck_assert_str_ne(inquiry.vendor, "");
	ck_assert_str_ne(inquiry.product, "");
	ck_assert(scsi_send_serial(&unit, serial));
	ck_assert_msg(strncmp(serial, "TL", 2) == 0, "%s", serial);
	ck_assert(scsi_send_identification(&unit, &id));
	ck_assert_str_eq(id.vendor_specific, "tapelab");
	ck_assert_uint_eq(strlen(id.naa), 16);
	ck_assert_ptr_nonnull(strstr(id.t10, serial));
	ck_assert(scsi_send_vpd(&unit, 0xb0, page, &bytes));
	ck_assert_uint_ge(bytes, 5);
	ck_assert(!scsi_send_vpd(&unit, 0xd7, page, &bytes));
	ck_assert(scsi_is_unsupported(&unit));
	/* None of them takes the unit attention of the new connection. */
	ck_assert_uint_eq(unit.attentions, 0);
}
END_TEST

START_TEST(a_transport_without_residuals_is_noticed)
{
	struct scsi_inquiry inquiry;
	char serial[SCSI_SERIAL_BYTES];

	served_port_drop_residuals(port, true);
	ck_assert(scsi_send_inquiry(&unit, &inquiry));
	ck_assert(!inquiry.has_residual);
	/* The length field says what came. */
	ck_assert(scsi_send_serial(&unit, serial));
	ck_assert_msg(strlen(serial) <= 10, "%s", serial);
}
END_TEST

START_TEST(block_limits)
{
	struct scsi_block_limits_data limits;

	ck_assert(scsi_send_block_limits(&unit, &limits));
	ck_assert_uint_eq(limits.least_bytes, 1);
	ck_assert_uint_ge(limits.most_bytes, 1 << 20);
}
END_TEST

START_TEST(time_outs_of_the_drive)
{
	/*
	 * Before the drive is asked, a command may wait for one that a killed
	 * process left running.
	 */
	for (unsigned code = 0; code < 256; code++)
		ck_assert_uint_ge(scsi_timeout_s(&unit.timeouts, (uint8_t)code,
				      SCSI_ANY_ACTION),
		    SCSI_LONG_TIMEOUT_S);
	ck_assert(scsi_send_opcodes(&unit, 8));
	ck_assert_int_eq(unit.timeouts.source, SCSI_TIMEOUTS_REPORTED);
	ck_assert_uint_eq(scsi_timeout_s(&unit.timeouts, 0x01, SCSI_ANY_ACTION),
	    600);
	ck_assert_uint_eq(scsi_timeout_s(&unit.timeouts, 0x92, SCSI_ANY_ACTION),
	    2940);
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_NO_MEDIUM);
	ck_assert_uint_eq(unit.command.timeout_s, 60);
}
END_TEST

START_TEST(a_drive_without_time_outs_has_those_of_its_generation)
{
	fail_next(0xa3, 5, 0x20, 0);
	ck_assert(!scsi_send_opcodes(&unit, 9));
	ck_assert_int_eq(unit.timeouts.source, SCSI_TIMEOUTS_GENERATION);
	/* A new cartridge is initialized for two hours. */
	ck_assert_uint_eq(scsi_timeout_s(&unit.timeouts, 0x1b, SCSI_ANY_ACTION),
	    14000);
	ck_assert_uint_eq(scsi_timeout_s(&unit.timeouts, 0x01, SCSI_ANY_ACTION),
	    600);
	fail_next(0xa3, 5, 0x20, 0);
	ck_assert(!scsi_send_opcodes(&unit, 0));
	ck_assert_int_eq(unit.timeouts.source, SCSI_TIMEOUTS_LONGEST);
	for (unsigned code = 0; code < 256; code++) {
		uint32_t s = scsi_timeout_s(&unit.timeouts, (uint8_t)code,
		    SCSI_ANY_ACTION);

		ck_assert_uint_ge(s,
		    scsi_moves_medium((uint8_t)code) ? 14000 : 60);
	}
}
END_TEST

START_TEST(time_outs_are_taken_with_care)
{
	/* a command without a time-out, one with service action, one cut */
	static const uint8_t data[] = { 0, 0, 0, 99, 0x00, 0, 0, 0, 0, 0, 0, 6,
		0xa3, 0, 0, 0x0c, 0, 3, 0, 12, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		100, 0x01, 0, 0, 0, 0, 2, 0, 6, 0, 10, 0, 0 };
	struct scsi_timeouts t = { 0 };

	ck_assert(scsi_timeouts_take(&t, data, sizeof data));
	ck_assert_uint_eq(t.count, 1);
	ck_assert_uint_eq(scsi_timeout_s(&t, 0xa3, 0x0c), 100);
	ck_assert_uint_eq(scsi_timeout_s(&t, 0xa3, 0x0d), 60);
	/* A time-out of 0 is unknown. */
	ck_assert_uint_eq(scsi_timeout_s(&t, 0x01, SCSI_ANY_ACTION), 14000);
	for (size_t bytes = 0; bytes < sizeof data; bytes++)
		scsi_timeouts_take(&t, data, bytes);
	ck_assert(!scsi_timeouts_take(&t, data, 12));
}
END_TEST

START_TEST(log_pages_and_their_parameters)
{
	struct scsi_log_id list[SCSI_LOG_PAGES_MAX];
	size_t count = scsi_send_log_list(&unit, list), bytes, at = 0;
	struct scsi_log_value value;
	unsigned seen = 0;
	uint8_t data[4096];
	bool has_17 = false;

	ck_assert_uint_ge(count, 10);
	for (size_t i = 0; i < count; i++) {
		has_17 |= list[i].page == 0x17;
		ck_assert_uint_ne(list[i].page, 0);
		ck_assert_uint_ne(list[i].subpage, 0xff);
		ck_assert(scsi_send_log_sense(&unit, list[i].page,
		    list[i].subpage, data, sizeof data, &bytes));
	}
	ck_assert(has_17);
	ck_assert(scsi_send_log_sense(&unit, 0x02, 0, data, sizeof data,
	    &bytes));
	while (scsi_log_next(data, bytes, &at, &value))
		seen |= 1u << value.code;
	ck_assert_uint_eq(seen, 0x7f);
	ck_assert(!scsi_send_log_sense(&unit, 0x3d, 0, data, sizeof data,
	    &bytes));
	ck_assert(scsi_is_unsupported(&unit));
}
END_TEST

START_TEST(parameters_are_taken_with_care)
{
	/* a value of 10 bytes, and one that is cut */
	static const uint8_t page[] = { 2, 0, 0, 99, 0, 5, 0, 10, 1, 1, 1, 2, 3,
		4, 5, 6, 7, 8, 0, 6, 0, 4, 1 };
	struct scsi_log_value value;
	size_t at = 0;

	ck_assert(scsi_log_next(page, sizeof page, &at, &value));
	ck_assert_uint_eq(value.code, 5);
	ck_assert_uint_eq(scsi_log_number(&value), 0x0102030405060708);
	ck_assert(!scsi_log_next(page, sizeof page, &at, &value));
}
END_TEST

START_TEST(mode_pages_are_read_and_set)
{
	struct scsi_mode_data mode;

	load();
	ck_assert(scsi_send_mode_sense(&unit, 0, 0, SCSI_MODE_CURRENT, &mode));
	ck_assert(mode.has_descriptor);
	ck_assert_uint_eq(mode.density, 0x5e);
	ck_assert_uint_eq(mode.block_bytes, 0);
	ck_assert_uint_eq(mode.buffered_mode, 1);
	ck_assert(!mode.write_protected);
	ck_assert_ptr_null(mode.page);
	mode.block_bytes = 512;
	ck_assert(scsi_send_mode_select(&unit, &mode));
	ck_assert(scsi_send_mode_sense(&unit, 0x0f, 0, SCSI_MODE_CURRENT,
	    &mode));
	ck_assert_uint_eq(mode.block_bytes, 512);
	ck_assert_ptr_nonnull(mode.page);
	ck_assert_uint_eq(mode.page_bytes, 16);
	mode.page[2] ^= 0x80;
	ck_assert(scsi_send_mode_select(&unit, &mode));
	ck_assert(scsi_send_mode_sense(&unit, 0x10, 1, SCSI_MODE_CURRENT,
	    &mode));
	ck_assert_ptr_nonnull(mode.page);
	ck_assert(!scsi_send_mode_sense(&unit, 0x27, 0, SCSI_MODE_CURRENT,
	    &mode));
	ck_assert_ptr_null(mode.page);
}
END_TEST

START_TEST(attributes_are_read_and_written)
{
	const struct scsi_attribute text = {
		.id = 0x0806,
		.format = 1,
		.value = (const uint8_t *)"ABC001L8                        ",
		.bytes = 32,
	};
	const struct scsi_attribute wrong = {
		.id = 0x0401, .value = (const uint8_t *)"x", .bytes = 1
	};
	const struct scsi_attribute huge = { .id = 0x0803, .bytes = 3000 };
	struct scsi_attribute a;
	uint8_t data[4096];
	size_t bytes, at = 0;
	char barcode[33] = "";
	bool has_serial = false;

	ck_assert(!scsi_send_read_attributes(&unit, 0, 0, data, sizeof data,
	    &bytes));
	load();
	ck_assert(scsi_send_write_attribute(&unit, 0, &text));
	ck_assert(scsi_send_read_attributes(&unit, 0, 0, data, sizeof data,
	    &bytes));
	while (scsi_attribute_next(data, bytes, &at, &a)) {
		has_serial |= a.id == 0x0401 && a.read_only && a.bytes == 32;
		if (a.id == 0x0806)
			scsi_attribute_text(&a, barcode, sizeof barcode);
	}
	ck_assert_uint_eq(at, bytes);
	ck_assert(has_serial);
	ck_assert_str_eq(barcode, "ABC001L8");
	ck_assert(!scsi_send_write_attribute(&unit, 0, &wrong));
	ck_assert(scsi_has_sense(&unit, 5, 0x26, 0));
	ck_assert(!scsi_send_write_attribute(&unit, 0, &huge));
	ck_assert_int_eq(unit.answer.outcome, SCSI_NOT_SENT);
	ck_assert_int_eq(unit.answer.error, EINVAL);
}
END_TEST

START_TEST(attributes_are_taken_with_care)
{
	static const uint8_t data[] = { 0, 3, 0x80, 0, 8, 0, 0, 0, 0, 0, 0, 0,
		7, 4, 0, 0x81, 0xff, 0xff, 'I' };
	struct scsi_attribute a;
	size_t at = 0;

	ck_assert(scsi_attribute_next(data, sizeof data, &at, &a));
	ck_assert_uint_eq(scsi_attribute_number(&a), 7);
	ck_assert(a.read_only);
	ck_assert(!scsi_attribute_next(data, sizeof data, &at, &a));
}
END_TEST

START_TEST(the_door_is_locked)
{
	load();
	ck_assert(scsi_send_prevent(&unit, true));
	ck_assert(scsi_send_prevent(&unit, false));
}
END_TEST

START_TEST(persistent_reservations)
{
	struct scsi_persistent p;
	char number[16];

	load();
	ck_assert(scsi_send_persistent_read(&unit, &p));
	ck_assert_uint_eq(p.count, 0);
	ck_assert_uint_eq(p.type, SCSI_NOT_RESERVED);
	ck_assert(scsi_send_persistent_out(&other, SCSI_PERSISTENT_REGISTER, 0,
	    0x1234));
	ck_assert(scsi_send_persistent_out(&other, SCSI_PERSISTENT_RESERVE,
	    0x1234, 0));
	ck_assert(scsi_send_persistent_read(&unit, &p));
	ck_assert(p.has_ports);
	ck_assert_uint_eq(p.count, 1);
	ck_assert_uint_eq(p.type, SCSI_EXCLUSIVE_ACCESS);
	ck_assert_uint_eq(p.key, 0x1234);
	ck_assert(p.registrants[0].holds);
	ck_assert_msg(strncmp(p.registrants[0].port, "iqn.", 4) == 0, "%s",
	    p.registrants[0].port);
	ck_assert(!scsi_send_mode_sense(&unit, 0, 0, SCSI_MODE_CURRENT,
	    &(struct scsi_mode_data){ 0 }));
	ck_assert_uint_eq(unit.answer.status, SCSI_RESERVATION_CONFLICT);
	ck_assert(!scsi_send_persistent_out(&unit, SCSI_PERSISTENT_RESERVE, 7,
	    0));
	ck_assert(scsi_send_persistent_out(&other, SCSI_PERSISTENT_RELEASE,
	    0x1234, 0));
	ck_assert(scsi_send_persistent_out(&other, SCSI_PERSISTENT_REGISTER,
	    0x1234, 0));
	ck_assert(scsi_send_persistent_read(&unit, &p));
	ck_assert_uint_eq(p.count, 0);
	ck_assert_str_eq(scsi_persistent_type_text(3, number),
	    "exclusive access");
	ck_assert_str_eq(scsi_persistent_type_text(9, number), "type 9");
}
END_TEST

START_TEST(reservations_without_full_status)
{
	struct scsi_persistent p;

	load();
	ck_assert(scsi_send_persistent_out(&other, SCSI_PERSISTENT_REGISTER, 0,
	    0x1234));
	ck_assert(scsi_send_persistent_out(&unit, SCSI_PERSISTENT_REGISTER, 0,
	    0x99));
	ck_assert(scsi_send_persistent_out(&other, SCSI_PERSISTENT_RESERVE,
	    0x1234, 0));
	fail_next(0x5e, 5, 0x24, 0);
	ck_assert(scsi_send_persistent_read(&unit, &p));
	ck_assert(!p.has_ports);
	ck_assert_uint_eq(p.count, 2);
	ck_assert_uint_eq(p.key, 0x1234);
	for (size_t i = 0; i < p.count; i++)
		ck_assert_int_eq(p.registrants[i].holds,
		    p.registrants[i].key == 0x1234);
	/* Another error is one. */
	fail_next(0x5e, 4, 0x44, 0);
	ck_assert(!scsi_send_persistent_read(&unit, &p));
}
END_TEST

START_TEST(an_answer_names_the_device)
{
	char text[256];

	fail_next(0x05, 5, 0x20, 0);
	ck_assert(!scsi_send_block_limits(&unit,
	    &(struct scsi_block_limits_data){ 0 }));
	scsi_unit_text(&unit, text, sizeof text);
	ck_assert_ptr_nonnull(strstr(text, unit.port->name));
	ck_assert_ptr_nonnull(strstr(text,
	    ": READ BLOCK LIMITS: Illegal Request, Invalid command operation "
	    "code (5/20/00)"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("commands");
	TCase *t = tcase_create("commands");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, readiness_by_sense_data, 0,
	    sizeof ready_cases / sizeof *ready_cases);
	tcase_add_test(t, attentions_are_counted_and_the_command_is_sent_again);
	tcase_add_test(t, endless_attentions_end);
	tcase_add_test(t, a_busy_drive_is_asked_again);
	tcase_add_test(t, an_interrupted_wait_ends);
	tcase_add_test(t, a_lost_command_is_not_sent_again);
	tcase_add_test(t, a_loading_drive_is_waited_for);
	tcase_add_test(t, another_initiator_s_reservation_is_seen);
	tcase_add_test(t, inquiry_and_its_pages);
	tcase_add_test(t, a_transport_without_residuals_is_noticed);
	tcase_add_test(t, block_limits);
	tcase_add_test(t, time_outs_of_the_drive);
	tcase_add_test(t,
	    a_drive_without_time_outs_has_those_of_its_generation);
	tcase_add_test(t, time_outs_are_taken_with_care);
	tcase_add_test(t, log_pages_and_their_parameters);
	tcase_add_test(t, parameters_are_taken_with_care);
	tcase_add_test(t, mode_pages_are_read_and_set);
	tcase_add_test(t, attributes_are_read_and_written);
	tcase_add_test(t, attributes_are_taken_with_care);
	tcase_add_test(t, the_door_is_locked);
	tcase_add_test(t, persistent_reservations);
	tcase_add_test(t, reservations_without_full_status);
	tcase_add_test(t, an_answer_names_the_device);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
