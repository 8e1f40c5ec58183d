/*
 * check_elements.c: what a host learns of the elements: ranges, where a
 * cartridge came from; and moves that only a host requests.
 */
#include <check.h>
#include <stdlib.h>

#include "splitter/tests/run_suite.h"
#include "vtl/changer/tests/changer_fixture.h"

START_TEST(a_robot_can_bring_a_cartridge_to_a_drive_that_cannot_use_it)
{
	struct changer *c = changer_fixture();

	ck_assert_int_eq(changer_move_any(c, fixture_slot(1), fixture_drive(1)),
	    CHANGER_OK);
	ck_assert_int_eq(changer_reason(c), CHANGER_REASON_NONE);
	ck_assert_uint_eq(fixture_where(c, "A00001L8"), fixture_drive(1));
	/* A request is refused for the other reasons as before. */
	ck_assert_int_eq(changer_move_any(c, fixture_slot(2), fixture_drive(1)),
	    CHANGER_REFUSED);
	ck_assert_int_eq(changer_reason(c), CHANGER_REASON_DESTINATION_FULL);
	changer_close(c);
}
END_TEST

/* Returns the one element with this address. */
static struct changer_element element(struct changer *c, unsigned address)
{
	struct changer_element *e, found;
	size_t n;

	ck_assert_int_eq(changer_list_range(c, address, address, 1, &e, &n),
	    CHANGER_OK);
	ck_assert_uint_eq(n, 1);
	found = e[0];
	free(e);
	ck_assert_uint_eq(found.address, address);
	return found;
}

START_TEST(an_import_export_slot_tells_who_put_the_cartridge_there)
{
	struct changer *c = changer_fixture();

	ck_assert_int_eq(fixture_put(c, CHANGER_IE_ADDRESS, "NEW", "x"),
	    CHANGER_OK);
	ck_assert_uint_eq(element(c, CHANGER_IE_ADDRESS).source_address, 0);
	ck_assert_int_eq(changer_move(c, CHANGER_IE_ADDRESS, fixture_slot(4)),
	    CHANGER_OK);
	ck_assert_int_eq(changer_move(c, fixture_slot(1), fixture_drive(0)),
	    CHANGER_OK);
	ck_assert_int_eq(changer_move(c, fixture_drive(0), CHANGER_IE_ADDRESS),
	    CHANGER_OK);
	ck_assert_uint_eq(element(c, CHANGER_IE_ADDRESS).source_address,
	    fixture_slot(1));
	ck_assert_int_eq(changer_move(c, CHANGER_IE_ADDRESS, fixture_slot(1)),
	    CHANGER_OK);
	/* A cartridge that was put into a drive by hand has no slot. */
	ck_assert_int_eq(fixture_put(c, fixture_drive(0), "HAND", "h"),
	    CHANGER_OK);
	ck_assert_int_eq(changer_move(c, fixture_drive(0), CHANGER_IE_ADDRESS),
	    CHANGER_OK);
	ck_assert_uint_eq(element(c, CHANGER_IE_ADDRESS).source_address,
	    fixture_drive(0));
	changer_close(c);
}
END_TEST

START_TEST(a_range_of_elements_is_listed)
{
	static const struct {
		unsigned first, last;
		size_t most, count;
		unsigned address; /* of the first */
	} rows[] = {
		{ 0, 65535, 100, 8, 1 },
		{ 0, 65535, SIZE_MAX, 8, 1 },
		{ 16, 255, 100, 1, 16 },
		{ 257, 1023, 100, 1, 257 },
		{ 1025, 65535, 2, 2, 1025 },
		{ 1025, 65535, 0, 0, 0 },
		{ 1028, 65535, 9, 0, 0 },
	};
	struct changer *c = changer_fixture();
	struct changer_element *e;
	size_t n;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ck_assert_int_eq(changer_list_range(c, rows[i].first,
				     rows[i].last, rows[i].most, &e, &n),
		    CHANGER_OK);
		ck_assert_uint_eq(n, rows[i].count);
		if (n > 0)
			ck_assert_uint_eq(e[0].address, rows[i].address);
		free(e);
	}
	changer_close(c);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("elements");
	TCase *t = tcase_create("elements");

	suite_add_tcase(s, t);
	tcase_add_test(t,
	    a_robot_can_bring_a_cartridge_to_a_drive_that_cannot_use_it);
	tcase_add_test(t,
	    an_import_export_slot_tells_who_put_the_cartridge_there);
	tcase_add_test(t, a_range_of_elements_is_listed);
	return run_suite(s);
}
