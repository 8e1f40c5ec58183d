/*
 * check_commands.c: the typed commands against the device server of a virtual
 * drive, and what answers of a device they refuse or survive.
 */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/scsi/commands.h"
#include "splitter/scsi/tests/two_units.h"
#include "splitter/tests/run_suite.h"

START_TEST(inquiry_and_its_pages)
{
	struct scsi_identification id;
	struct scsi_inquiry inquiry;
	char serial[SCSI_SERIAL_BYTES];
	uint8_t page[SCSI_VPD_BYTES];
	size_t bytes;

	ck_assert(scsi_send_inquiry(&two.unit, &inquiry));
	ck_assert_uint_eq(inquiry.type, SCSI_TYPE_TAPE);
	ck_assert_uint_eq(inquiry.version, 6);
	ck_assert(inquiry.removable);
	ck_assert(inquiry.has_residual);
	ck_assert_str_ne(inquiry.vendor, "");
	ck_assert_str_ne(inquiry.product, "");
	ck_assert(scsi_send_serial(&two.unit, serial));
	ck_assert_msg(strncmp(serial, "TL", 2) == 0, "%s", serial);
	ck_assert(scsi_send_identification(&two.unit, &id));
	ck_assert_str_eq(id.vendor_specific, "tapelab");
	ck_assert_uint_eq(strlen(id.naa), 16);
	ck_assert_ptr_nonnull(strstr(id.t10, serial));
	ck_assert(scsi_send_vpd(&two.unit, 0xb0, page, &bytes));
	ck_assert_uint_ge(bytes, 5);
	ck_assert(!scsi_send_vpd(&two.unit, 0xd7, page, &bytes));
	ck_assert(scsi_is_unsupported(&two.unit));
	/* None of them takes the unit attention of the new connection. */
	ck_assert_uint_eq(two.unit.attentions, 0);
}
END_TEST

START_TEST(a_transport_without_residuals_is_noticed)
{
	struct scsi_inquiry inquiry;
	char serial[SCSI_SERIAL_BYTES];

	served_port_drop_residuals(two.port, true);
	ck_assert(scsi_send_inquiry(&two.unit, &inquiry));
	ck_assert(!inquiry.has_residual);
	/* The length field says what came. */
	ck_assert(scsi_send_serial(&two.unit, serial));
	ck_assert_msg(strlen(serial) <= 10, "%s", serial);
}
END_TEST

START_TEST(block_limits)
{
	struct scsi_block_limits_data limits;

	ck_assert(scsi_send_block_limits(&two.unit, &limits));
	ck_assert_uint_eq(limits.least_bytes, 1);
	ck_assert_uint_ge(limits.most_bytes, 1 << 20);
}
END_TEST

START_TEST(log_pages_and_their_parameters)
{
	struct scsi_log_id list[SCSI_LOG_PAGES_MAX];
	size_t count = scsi_send_log_list(&two.unit, list), bytes, at = 0;
	struct scsi_log_value value;
	unsigned seen = 0;
	uint8_t data[4096];
	bool has_17 = false;

	ck_assert_uint_ge(count, 10);
	for (size_t i = 0; i < count; i++) {
		has_17 |= list[i].page == 0x17;
		ck_assert_uint_ne(list[i].page, 0);
		ck_assert_uint_ne(list[i].subpage, 0xff);
		ck_assert(scsi_send_log_sense(&two.unit, list[i].page,
		    list[i].subpage, data, sizeof data, &bytes));
	}
	ck_assert(has_17);
	ck_assert(scsi_send_log_sense(&two.unit, 0x02, 0, data, sizeof data,
	    &bytes));
	while (scsi_log_next(data, bytes, &at, &value))
		seen |= 1u << value.code;
	ck_assert_uint_eq(seen, 0x7f);
	ck_assert(!scsi_send_log_sense(&two.unit, 0x3d, 0, data, sizeof data,
	    &bytes));
	ck_assert(scsi_is_unsupported(&two.unit));
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

	two_units_load();
	ck_assert(scsi_send_mode_sense(&two.unit, 0, 0, SCSI_MODE_CURRENT,
	    &mode));
	ck_assert(mode.has_descriptor);
	ck_assert_uint_eq(mode.density, 0x5e);
	ck_assert_uint_eq(mode.block_bytes, 0);
	ck_assert_uint_eq(mode.buffered_mode, 1);
	ck_assert(!mode.write_protected);
	ck_assert_ptr_null(mode.page);
	mode.block_bytes = 512;
	ck_assert(scsi_send_mode_select(&two.unit, &mode));
	ck_assert(scsi_send_mode_sense(&two.unit, 0x0f, 0, SCSI_MODE_CURRENT,
	    &mode));
	ck_assert_uint_eq(mode.block_bytes, 512);
	ck_assert_ptr_nonnull(mode.page);
	ck_assert_uint_eq(mode.page_bytes, 16);
	mode.page[2] ^= 0x80;
	ck_assert(scsi_send_mode_select(&two.unit, &mode));
	ck_assert(scsi_send_mode_sense(&two.unit, 0x10, 1, SCSI_MODE_CURRENT,
	    &mode));
	ck_assert_ptr_nonnull(mode.page);
	ck_assert(!scsi_send_mode_sense(&two.unit, 0x27, 0, SCSI_MODE_CURRENT,
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

	ck_assert(!scsi_send_read_attributes(&two.unit, 0, 0, data, sizeof data,
	    &bytes));
	two_units_load();
	ck_assert(scsi_send_write_attribute(&two.unit, 0, &text));
	ck_assert(scsi_send_read_attributes(&two.unit, 0, 0, data, sizeof data,
	    &bytes));
	while (scsi_attribute_next(data, bytes, &at, &a)) {
		has_serial |= a.id == 0x0401 && a.read_only && a.bytes == 32;
		if (a.id == 0x0806)
			scsi_attribute_text(&a, barcode, sizeof barcode);
	}
	ck_assert_uint_eq(at, bytes);
	ck_assert(has_serial);
	ck_assert_str_eq(barcode, "ABC001L8");
	ck_assert(!scsi_send_write_attribute(&two.unit, 0, &wrong));
	ck_assert(scsi_has_sense(&two.unit, 5, 0x26, 0));
	ck_assert(!scsi_send_write_attribute(&two.unit, 0, &huge));
	ck_assert_int_eq(two.unit.answer.outcome, SCSI_NOT_SENT);
	ck_assert_int_eq(two.unit.answer.error, EINVAL);
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
	two_units_load();
	ck_assert(scsi_send_prevent(&two.unit, true));
	ck_assert(scsi_send_prevent(&two.unit, false));
}
END_TEST

START_TEST(persistent_reservations)
{
	struct scsi_persistent p;
	char number[16];

	two_units_load();
	ck_assert(scsi_send_persistent_read(&two.unit, &p));
	ck_assert_uint_eq(p.count, 0);
	ck_assert_uint_eq(p.type, SCSI_NOT_RESERVED);
	ck_assert(scsi_send_persistent_out(&two.other, SCSI_PERSISTENT_REGISTER,
	    0, 0x1234));
	ck_assert(scsi_send_persistent_out(&two.other, SCSI_PERSISTENT_RESERVE,
	    0x1234, 0));
	ck_assert(scsi_send_persistent_read(&two.unit, &p));
	ck_assert(p.has_ports);
	ck_assert_uint_eq(p.count, 1);
	ck_assert_uint_eq(p.type, SCSI_EXCLUSIVE_ACCESS);
	ck_assert_uint_eq(p.key, 0x1234);
	ck_assert(p.registrants[0].holds);
	ck_assert_msg(strncmp(p.registrants[0].port, "iqn.", 4) == 0, "%s",
	    p.registrants[0].port);
	ck_assert(!scsi_send_mode_sense(&two.unit, 0, 0, SCSI_MODE_CURRENT,
	    &(struct scsi_mode_data){ 0 }));
	ck_assert_uint_eq(two.unit.answer.status, SCSI_RESERVATION_CONFLICT);
	ck_assert(!scsi_send_persistent_out(&two.unit, SCSI_PERSISTENT_RESERVE,
	    7, 0));
	ck_assert(scsi_send_persistent_out(&two.other, SCSI_PERSISTENT_RELEASE,
	    0x1234, 0));
	ck_assert(scsi_send_persistent_out(&two.other, SCSI_PERSISTENT_REGISTER,
	    0x1234, 0));
	ck_assert(scsi_send_persistent_read(&two.unit, &p));
	ck_assert_uint_eq(p.count, 0);
	ck_assert_str_eq(scsi_persistent_type_text(3, number),
	    "exclusive access");
	ck_assert_str_eq(scsi_persistent_type_text(9, number), "type 9");
}
END_TEST

START_TEST(reservations_without_full_status)
{
	struct scsi_persistent p;

	two_units_load();
	ck_assert(scsi_send_persistent_out(&two.other, SCSI_PERSISTENT_REGISTER,
	    0, 0x1234));
	ck_assert(scsi_send_persistent_out(&two.unit, SCSI_PERSISTENT_REGISTER,
	    0, 0x99));
	ck_assert(scsi_send_persistent_out(&two.other, SCSI_PERSISTENT_RESERVE,
	    0x1234, 0));
	two_units_fail_next(0x5e, 5, 0x24, 0);
	ck_assert(scsi_send_persistent_read(&two.unit, &p));
	ck_assert(!p.has_ports);
	ck_assert_uint_eq(p.count, 2);
	ck_assert_uint_eq(p.key, 0x1234);
	for (size_t i = 0; i < p.count; i++)
		ck_assert_int_eq(p.registrants[i].holds,
		    p.registrants[i].key == 0x1234);
	/* Another error is one. */
	two_units_fail_next(0x5e, 4, 0x44, 0);
	ck_assert(!scsi_send_persistent_read(&two.unit, &p));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("commands");
	TCase *t = tcase_create("commands");

	tcase_add_checked_fixture(t, two_units_up, two_units_down);
	tcase_add_test(t, inquiry_and_its_pages);
	tcase_add_test(t, a_transport_without_residuals_is_noticed);
	tcase_add_test(t, block_limits);
	tcase_add_test(t, log_pages_and_their_parameters);
	tcase_add_test(t, parameters_are_taken_with_care);
	tcase_add_test(t, mode_pages_are_read_and_set);
	tcase_add_test(t, attributes_are_read_and_written);
	tcase_add_test(t, attributes_are_taken_with_care);
	tcase_add_test(t, the_door_is_locked);
	tcase_add_test(t, persistent_reservations);
	tcase_add_test(t, reservations_without_full_status);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
