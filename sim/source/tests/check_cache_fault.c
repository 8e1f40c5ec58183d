/*
 * check_cache_fault.c: a part cache with injected faults, alone and over a
 * spool.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/source/cache_fault.h"
#include "splitter/buffer/spool.h"
#include "splitter/tests/run_suite.h"

static char err[256];

static struct cache *alone(bool appends, uint64_t limit_bytes)
{
	const struct cache_fault_config config = { .appends = appends,
		.limit_bytes = limit_bytes };
	struct cache *c = cache_fault_new(&config);

	ck_assert_ptr_nonnull(c);
	return c;
}

/* Makes the filter over a spool in /tmp. */
static struct cache *before_spool(void)
{
	struct cache_fault_config config = { .inner = NULL };
	struct cache *c;

	config.inner = spool_new("/tmp", 0, 4096, err, sizeof err);
	ck_assert_msg(config.inner != NULL, "%s", err);
	c = cache_fault_new(&config);
	ck_assert_ptr_nonnull(c);
	return c;
}

static int append(struct cache *c, uint64_t offset, uint64_t bytes)
{
	static const char data[4096] = { 7 };

	return c->ops->append(c, offset, data, bytes, err, sizeof err);
}

static int read_back(struct cache *c, uint64_t offset, uint64_t bytes)
{
	char data[4096];

	return c->ops->read(c, offset, data, bytes, err, sizeof err);
}

START_TEST(bytes_that_are_not_forgotten_count_against_the_limit)
{
	struct cache *c = alone(true, 1000);

	ck_assert_int_eq(append(c, 0, 600), 0);
	ck_assert_int_eq(append(c, 600, 400), 0);
	ck_assert_int_eq(append(c, 1000, 1), -1);
	ck_assert_str_eq(err, "the spool is full: it may take 1000 bytes");
	c->ops->forget(c, 600);
	ck_assert_int_eq(append(c, 1000, 600), 0);
	ck_assert_int_eq(append(c, 1600, 1), -1);
	/* The bytes are committed while later ones are appended. */
	c->ops->forget(c, 3000);
	ck_assert_int_eq(append(c, 1600, 600), 0);
	c->ops->free(c);
}
END_TEST

START_TEST(an_append_that_reaches_the_byte_fails)
{
	struct cache *c = alone(true, 0);

	ck_assert_int_eq(cache_fault_append(c, 100, true, 0), 0);
	ck_assert_int_eq(cache_fault_append(c, 300, false, 0), 0);
	ck_assert_int_eq(append(c, 0, 100), 0);
	ck_assert_int_eq(append(c, 100, 50), -1);
	ck_assert_ptr_nonnull(strstr(err, "at offset 100 of the dump"));
	ck_assert_int_eq(append(c, 100, 200), 0);
	ck_assert_int_eq(append(c, 300, 1), -1);
	ck_assert_int_eq(append(c, 300, 1), -1);
	ck_assert_int_eq(append(c, 900, 1), -1);
	c->ops->free(c);
}
END_TEST

START_TEST(a_read_of_a_lost_byte_fails)
{
	struct cache *c = alone(false, 0);

	ck_assert_ptr_null(c->ops->append);
	ck_assert_int_eq(cache_fault_read(c, 100, 200, "it is lost", 0), 0);
	ck_assert_int_eq(read_back(c, 0, 100), 0);
	ck_assert_int_eq(read_back(c, 0, 101), -1);
	ck_assert_str_eq(err, "it is lost");
	ck_assert_int_eq(read_back(c, 199, 1), -1);
	ck_assert_int_eq(read_back(c, 200, 100), 0);
	c->ops->free(c);
}
END_TEST

START_TEST(operations_without_a_fault_are_forwarded)
{
	struct cache *c = before_spool();
	char data[8] = { 0 };

	ck_assert_int_eq(cache_fault_append(c, 9, true, 0), 0);
	ck_assert_int_eq(cache_fault_read(c, 4, 5, "it is lost", 0), 0);
	ck_assert_int_eq(append(c, 0, 8), 0);
	ck_assert_int_eq(append(c, 8, 8), -1);
	ck_assert_int_eq(append(c, 8, 8), 0);
	ck_assert_int_eq(c->ops->read(c, 0, data, 4, err, sizeof err), 0);
	ck_assert_int_eq(data[0], 7);
	ck_assert_int_eq(read_back(c, 0, 8), -1);
	ck_assert_int_eq(c->ops->read(c, 8, data, 8, err, sizeof err), 0);
	c->ops->forget(c, 16);
	ck_assert_int_eq(append(c, 16, 4096), 0);
	c->ops->free(c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cache faults");
	TCase *tc = tcase_create("filter");

	tcase_add_test(tc,
	    bytes_that_are_not_forgotten_count_against_the_limit);
	tcase_add_test(tc, an_append_that_reaches_the_byte_fails);
	tcase_add_test(tc, a_read_of_a_lost_byte_fails);
	tcase_add_test(tc, operations_without_a_fault_are_forwarded);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
