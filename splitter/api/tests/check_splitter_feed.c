/* check_splitter_feed.c: the public interface: producers and progress. */
#include <check.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "splitter/api/tests/public_rig.h"
#include "splitter/tests/run_suite.h"

struct reader {
	uint64_t at, fail_at;
};

static int64_t read_source(void *arg, void *to, uint64_t bytes)
{
	struct reader *r = arg;
	uint64_t n = DUMP - r->at < bytes ? DUMP - r->at : bytes;

	if (r->at >= r->fail_at)
		return -1;
	if (n > 1000)
		n = 1000;
	memcpy(to, pub.source + r->at, n);
	r->at += n;
	return (int64_t)n;
}

START_TEST(a_dump_is_fed_by_a_function)
{
	struct reader all = { 0, UINT64_MAX }, some = { 0, PART + 1 };
	struct splitter *s;

	pub_set_up(false);
	s = pub_begin();
	ck_assert_int_eq(splitter_feed(s, read_source, &all), 0);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	pub_check_safe(s, DUMP);
	splitter_free(s);
	pub_tear_down();

	pub_set_up(false);
	s = pub_begin();
	ck_assert_int_eq(splitter_feed(s, read_source, &some), -1);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_FAILED);
	ck_assert_int_eq(splitter_wait(s)->cause, TAPE_PRODUCER_FAILED);
	pub_check_safe(s, splitter_wait(s)->safe_bytes);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

/* The pipe stays open, and no more data comes: only the end can wake it. */
START_TEST(an_input_without_data_does_not_block_the_end)
{
	struct splitter *s;
	int fds[2];

	pub_set_up(true);
	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(write(fds[1], pub.source, DUMP), DUMP);
	s = pub_begin();
	ck_assert_int_eq(splitter_feed_fd(s, fds[0]), 1);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_PARTIAL);
	pub_check_safe(s, PART);
	splitter_free(s);
	close(fds[0]);
	close(fds[1]);
	pub_tear_down();
}
END_TEST

START_TEST(an_input_that_cannot_be_read_is_reported)
{
	static const int numbers[] = { 1000, -1, INT_MIN };
	struct splitter *s;

	pub_set_up(false);
	s = pub_begin();
	ck_assert_int_eq(splitter_feed_fd(s, numbers[_i]), -1);
	ck_assert_int_eq(errno, EBADF);
	ck_assert_int_eq(splitter_wait(s)->cause, TAPE_PRODUCER_FAILED);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

START_TEST(progress_has_accepted_and_safe_bytes)
{
	struct splitter_progress p;
	struct splitter *s;

	pub_set_up(false);
	pub.config.library = NULL;
	s = pub_begin();
	splitter_push(s, pub.source, 3 * BLOCK);
	splitter_get_progress(s, &p, sizeof p);
	ck_assert_uint_eq(p.accepted_bytes, 3 * BLOCK);
	ck_assert_uint_eq(p.waiting_bytes, 3 * BLOCK);
	ck_assert_uint_eq(p.safe_bytes, 0);
	ck_assert_uint_eq(p.part, 1);
	splitter_free(s);

	pub.config.library = memtape_library(pub.tapes);
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	splitter_wait(s);
	memset(&p, 0xff, sizeof p);
	splitter_get_progress(s, &p, offsetof(struct splitter_progress, part));
	ck_assert_uint_eq(p.safe_bytes, DUMP);
	ck_assert_uint_eq(p.waiting_bytes, 0);
	ck_assert_uint_eq(p.part, UINT64_MAX); /* not requested */
	splitter_free(s);
	pub_tear_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("splitter feed");
	TCase *tc = tcase_create("splitter feed");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_dump_is_fed_by_a_function);
	tcase_add_test(tc, an_input_without_data_does_not_block_the_end);
	tcase_add_loop_test(tc, an_input_that_cannot_be_read_is_reported, 0, 3);
	tcase_add_test(tc, progress_has_accepted_and_safe_bytes);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
