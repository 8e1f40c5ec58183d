/* check_ring.c: every byte has a place, and every block is contiguous. */
#include <check.h>
#include <string.h>
#include <unistd.h>

#include "splitter/buffer/ring.h"
#include "splitter/tests/run_suite.h"

/* Sizes in bytes, and their block size. */
static const struct size {
	uint64_t bytes, block;
} sizes[] = {
	{ 8192, 4096 },
	{ 3 * 4096, 4096 },
	{ 2 * 5000, 5000 },
	{ 131 * 64512, 64512 },
	{ 7 * 10240, 10240 },
};

static void *at(const struct ring *ring, uint64_t offset, uint64_t *row)
{
	void *place = ring_at(ring, offset, row);

	ck_assert_ptr_nonnull(place);
	ck_assert_uint_gt(*row, 0);
	return place;
}

START_TEST(every_block_is_contiguous)
{
	const struct size *z = &sizes[_i];
	struct ring *ring;
	char err[256] = "", *place;
	uint64_t offset, row, n;

	ring = ring_new(z->bytes, err, sizeof err);
	ck_assert_msg(ring != NULL, "%s", err);
	/*
	 * The offsets pass the end of the ring twice, so that each place is
	 * used twice.
	 */
	for (offset = 0; offset < 2 * z->bytes; offset += z->block) {
		place = at(ring, offset, &row);
		ck_assert_uint_ge(row, z->block);
		memset(place, (int)(offset / z->block % 251), z->block);
		if (offset < z->bytes)
			continue;
		/*
		 * All blocks except the overwritten ones must still be in the
		 * ring.
		 */
		for (n = offset - z->bytes + z->block; n <= offset;
		     n += z->block)
			ck_assert_int_eq(*(unsigned char *)at(ring, n, &row),
			    n / z->block % 251);
	}
	ring_free(ring);
}
END_TEST

/* The producer fills pieces of any length, starting at any byte. */
START_TEST(pieces_from_any_byte_fill_the_ring)
{
	const struct size *z = &sizes[_i];
	struct ring *ring;
	char err[256] = "", *place;
	uint64_t offset, row, i, n;

	ring = ring_new(z->bytes, err, sizeof err);
	ck_assert_msg(ring != NULL, "%s", err);
	for (offset = 1; offset < 3 * z->bytes; offset += z->bytes / 7) {
		for (i = 0; i < z->bytes; i += row) {
			place = at(ring, offset + i, &row);
			if (row > z->bytes - i)
				row = z->bytes - i;
			/*
			 * The test checks only every 9th byte, because valgrind
			 * is slow.
			 */
			for (n = (9 - i % 9) % 9; n < row; n += 9)
				place[n] = (char)(offset + i + n);
		}
		for (i = 0; i < z->bytes; i += 999)
			ck_assert_int_eq(*(char *)at(ring, offset + i, &row),
			    (char)(offset + i));
	}
	ring_free(ring);
}
END_TEST

START_TEST(an_empty_ring_restarts_at_its_beginning)
{
	struct ring *ring;
	char err[256] = "", *first, *place;
	uint64_t row, offset = UINT64_C(1) << 62;

	ring = ring_new(8192, err, sizeof err);
	ck_assert_msg(ring != NULL, "%s", err);
	first = at(ring, 0, &row);
	ring_restart(ring, 4096, 4096, 4096);
	ck_assert_ptr_eq(at(ring, 4096, &row), first);
	ck_assert_ptr_eq(at(ring, 4096 + 4096, &row), first + 4096);
	ring_restart(ring, offset, offset, 4096);
	ck_assert_ptr_eq(at(ring, offset, &row), first);
	place = at(ring, offset + 8191, &row);
	ck_assert_ptr_eq(place, first + 8191);
	ring_free(ring);
}
END_TEST

START_TEST(bytes_in_use_keep_their_places_at_a_restart)
{
	enum { BLOCK = 4096 };
	struct ring *ring;
	char err[256] = "", *first;
	uint64_t row;

	ring = ring_new(8 * BLOCK, err, sizeof err);
	ck_assert_msg(ring != NULL, "%s", err);
	first = at(ring, 0, &row);
	ring_restart(ring, 5 * BLOCK, 6 * BLOCK, BLOCK);
	ck_assert_ptr_eq(at(ring, 5 * BLOCK, &row), first + 5 * BLOCK);
	ck_assert_uint_eq(row, BLOCK);
	ck_assert_ptr_eq(at(ring, 6 * BLOCK, &row), first);
	ck_assert_uint_eq(row, 5 * BLOCK);
	ck_assert_ptr_eq(at(ring, 11 * BLOCK, &row), first + 6 * BLOCK);
	ck_assert_uint_eq(row, 2 * BLOCK);
	/* Offset 13 uses the place of offset 5 again. */
	ck_assert_ptr_eq(at(ring, 13 * BLOCK, &row), first + 5 * BLOCK);
	ring_free(ring);
}
END_TEST

/* Adds and removes blocks, and restarts the ring again and again. */
START_TEST(bytes_in_use_survive_any_restart)
{
	const struct size *z = &sizes[_i];
	uint64_t block = z->block, from = 0, to = 0, n, row, x = 1;
	struct ring *ring;
	char err[256] = "", *place;
	int i;

	ring = ring_new(z->bytes, err, sizeof err);
	ck_assert_msg(ring != NULL, "%s", err);
	for (i = 0; i < 5000; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		if (x >> 60 < 4)
			ring_restart(ring, from, to, block);
		if (x >> 63 == 0 && to - from < z->bytes) {
			place = at(ring, to, &row);
			ck_assert_uint_ge(row, block);
			memset(place, (int)(to / block % 251), block);
			to += block;
		} else if (from < to) {
			from += block;
		}
		for (n = from; n < to; n += block) {
			place = at(ring, n, &row);
			ck_assert_uint_ge(row, block);
			ck_assert_int_eq(*(unsigned char *)place,
			    n / block % 251);
			ck_assert_int_eq((unsigned char)place[block - 1],
			    n / block % 251);
		}
	}
	ck_assert_uint_gt(to, 4 * z->bytes);
	ring_free(ring);
}
END_TEST

START_TEST(a_failed_allocation_is_reported)
{
	static const uint64_t absurd[] = { UINT64_MAX, UINT64_MAX / 2,
		INT64_MAX / 4 + 1, UINT64_C(1) << 60 };
	char err[256];
	size_t i;

	for (i = 0; i < sizeof absurd / sizeof *absurd; i++) {
		err[0] = '\0';
		ck_assert_ptr_null(ring_new(absurd[i], err, sizeof err));
		ck_assert_ptr_nonnull(strstr(err, "buffer"));
	}
	ring_free(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ring");
	TCase *tc = tcase_create("ring");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, every_block_is_contiguous, 0,
	    sizeof sizes / sizeof *sizes);
	tcase_add_loop_test(tc, pieces_from_any_byte_fill_the_ring, 0,
	    sizeof sizes / sizeof *sizes);
	tcase_add_test(tc, an_empty_ring_restarts_at_its_beginning);
	tcase_add_test(tc, bytes_in_use_keep_their_places_at_a_restart);
	tcase_add_loop_test(tc, bytes_in_use_survive_any_restart, 0,
	    sizeof sizes / sizeof *sizes);
	tcase_add_test(tc, a_failed_allocation_is_reported);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
