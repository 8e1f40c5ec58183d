/*
 * check_mode_random.c: MODE SELECT with lists that are damaged at random.
 * Whatever the list, it is applied, or refused and nothing is applied; and what
 * MODE SENSE then gives can be given back.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/pages/tests/pages_fixture.h"
#include "vtl/tests/vtl_scratch.h"

enum { LISTS = 3000, LIST_MAX = 300 };

static const char *const models[] = { "lto8", "lto5-ibm", "lto4", "dlt8000",
	NULL /* a changer */ };

static struct pages_fixture f;
static uint64_t seed;

/* What MODE SENSE gives: all pages, with the block descriptor. */
struct modes {
	size_t bytes;
	uint8_t data[LIST_MAX];
};

static unsigned draw(unsigned limit)
{
	return (unsigned)(scratch_random(&seed) >> 33) % limit;
}

static void sense(struct modes *modes)
{
	static const uint8_t cdb[] = { 0x5a, 0, 0x3f, 0xff, 0, 0, 0, 0x10, 0,
		0 };

	PAGES_SEND(&f, cdb);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	ck_assert_uint_le(f.answer.in_bytes, LIST_MAX);
	modes->bytes = f.answer.in_bytes;
	memcpy(modes->data, f.in, modes->bytes);
}

static void select_list(const uint8_t *list, size_t bytes)
{
	const uint8_t cdb[] = { 0x55, 0x10, 0, 0, 0, 0, 0,
		(uint8_t)(bytes >> 8), (uint8_t)bytes, 0 };

	pages_send_as(&f, 0, cdb, sizeof cdb, list, (uint32_t)bytes);
}

/* Damages some bits or bytes, or the length; often none of the header. */
static size_t damage(uint8_t *list, size_t bytes)
{
	size_t first = draw(4) > 0 && bytes > 16 ? 16 : 0;

	for (unsigned n = draw(4); n > 0; n--) {
		size_t at = first + draw((unsigned)(bytes - first));

		if (draw(2) == 0)
			list[at] ^= (uint8_t)(1u << draw(8));
		else
			list[at] = (uint8_t)draw(256);
	}
	return draw(8) == 0 ? draw((unsigned)bytes + 1) : bytes;
}

/* Takes out all pages except one, sometimes. */
static size_t choose(uint8_t *list, size_t bytes)
{
	size_t header = list[7] > 0 ? 16 : 8, at = header, length = 0;
	unsigned skip = draw(16);

	if (draw(2) == 0)
		return bytes;
	while (at < bytes) {
		length = list[at] & 0x40 ? get_be16(list + at + 2) + 4u
					 : list[at + 1] + 2u;
		if (skip-- == 0 || at + length >= bytes)
			break;
		at += length;
	}
	memmove(list + header, list + at, length);
	return header + length;
}

static bool is_refused(void)
{
	const struct sense *sense = &f.answer.decoded.sense;

	if (f.answer.status == DEVICE_GOOD)
		return false;
	ck_assert_uint_eq(f.answer.status, DEVICE_CHECK_CONDITION);
	if (sense->key == SENSE_RECOVERED && sense->asc == 0x37)
		return false;
	ck_assert_uint_eq(sense->key, SENSE_ILLEGAL_REQUEST);
	ck_assert(sense->asc == 0x26 || sense->asc == 0x1a);
	return true;
}

static void try_one(unsigned *applied)
{
	struct modes before, after;
	uint8_t list[LIST_MAX];
	size_t bytes;

	sense(&before);
	memcpy(list, before.data, before.bytes);
	bytes = choose(list, before.bytes);
	bytes = damage(list, bytes);
	select_list(list, bytes);
	if (is_refused()) {
		sense(&after);
		ck_assert_uint_eq(after.bytes, before.bytes);
		ck_assert_mem_eq(after.data, before.data, before.bytes);
		return;
	}
	sense(&after);
	*applied += memcmp(after.data, before.data, before.bytes) != 0;
	memcpy(list, after.data, after.bytes);
	select_list(list, after.bytes);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	sense(&before);
	ck_assert_mem_eq(after.data, before.data, before.bytes);
}

START_TEST(a_list_is_applied_or_nothing_of_it)
{
	unsigned applied = 0;

	scratch_setup();
	if (models[_i] == NULL) {
		pages_make_changer(&f, NULL);
	} else {
		pages_make_drive(&f, models[_i]);
		pages_load(&f, _i == 1 ? "TST001L5" : "TST001L4");
	}
	seed = (uint64_t)_i + 1;
	for (unsigned i = 0; i < LISTS / SANITIZED; i++)
		try_one(&applied);
	/* Some lists change settings. */
	if (models[_i] != NULL)
		ck_assert_uint_gt(applied, LISTS / SANITIZED / 150);
	pages_free(&f);
	scratch_teardown();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mode_random");
	TCase *t = tcase_create("mode_random");

	tcase_add_loop_test(t, a_list_is_applied_or_nothing_of_it, 0,
	    sizeof models / sizeof *models);
	suite_add_tcase(s, t);
	return run_suite(s);
}
