/*
 * check_caches.c: the back ends of the part cache alone: what they return, and
 * their errors.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "splitter/buffer/slices.h"
#include "splitter/buffer/spool.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/trial/trial.h"

enum { DUMP = 100000, ERR = 256 };

static unsigned char *source;
static char err[ERR];
static char path[64];

static void begin(void)
{
	int fd;

	source = trial_source(5, DUMP);
	strcpy(path, "/tmp/tapelab-slice-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_eq(write(fd, source, DUMP), DUMP);
	close(fd);
}

static void end(void)
{
	unlink(path);
	free(source);
}

/*
 * Checks that the bytes [offset, offset + bytes) are read and equal the dump.
 */
static void gives_back(struct cache *c, uint64_t offset, uint64_t bytes)
{
	unsigned char *buf = malloc(bytes + 1);

	memset(buf, 0xee, bytes + 1);
	ck_assert_msg(c->ops->read(c, offset, buf, bytes, err, ERR) == 0, "%s",
	    err);
	ck_assert_mem_eq(buf, source + offset, bytes);
	ck_assert_int_eq(buf[bytes], 0xee);
	free(buf);
}

static void fails_to_read(struct cache *c, uint64_t offset, uint64_t bytes,
    const char *says)
{
	unsigned char *buf = malloc(bytes);

	ck_assert_int_eq(c->ops->read(c, offset, buf, bytes, err, ERR), -1);
	ck_assert_msg(strstr(err, says) != NULL, "\"%s\"", err);
	free(buf);
}

START_TEST(a_spool_wraps_and_returns_all_bytes_not_forgotten)
{
	struct cache *c = spool_new("/tmp", 0, 10000, err, ERR);
	uint64_t at, n, from = 0;

	ck_assert_msg(c != NULL, "%s", err);
	for (at = 0; at < DUMP; at += n) {
		n = 1 + trial_number(9, at) % 3000;
		if (n > DUMP - at)
			n = DUMP - at;
		ck_assert_msg(c->ops->append(c, at, source + at, n, err, ERR) ==
			0,
		    "%s", err);
		/*
		 * The number of bytes kept never exceeds the size of the spool.
		 */
		gives_back(c, from, at + n - from);
		if (at + n - from > 7000) {
			from = at + n - 1000;
			c->ops->forget(c, from);
			gives_back(c, from, at + n - from);
		}
	}
	c->ops->free(c);
}
END_TEST

START_TEST(a_full_spool_reports_it_and_keeps_its_bytes)
{
	struct cache *c = spool_new("/tmp", 0, 5000, err, ERR);

	ck_assert_int_eq(c->ops->append(c, 0, source, 4000, err, ERR), 0);
	ck_assert_int_eq(c->ops->append(c, 4000, source + 4000, 1001, err, ERR),
	    -1);
	ck_assert_msg(strstr(err, "the spool in /tmp is full") != NULL, "%s",
	    err);
	gives_back(c, 0, 4000);
	ck_assert_int_eq(c->ops->append(c, 4000, source + 4000, 1000, err, ERR),
	    0);
	gives_back(c, 0, 5000);
	c->ops->forget(c, 5000);
	ck_assert_int_eq(c->ops->append(c, 5000, source + 5000, 5000, err, ERR),
	    0);
	gives_back(c, 5000, 5000);
	c->ops->free(c);
}
END_TEST

START_TEST(a_spool_leaves_no_file_behind)
{
	char dir[] = "/tmp/tapelab-spool-dir-XXXXXX";
	struct cache *c;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	c = spool_new(dir, 0, 5000, err, ERR);
	ck_assert_int_eq(c->ops->append(c, 0, source, 4000, err, ERR), 0);
	/* The folder is empty, because the spool is an unlinked file. */
	ck_assert_int_eq(rmdir(dir), 0);
	gives_back(c, 0, 4000);
	c->ops->free(c);
}
END_TEST

START_TEST(a_missing_folder_is_named)
{
	ck_assert_ptr_null(spool_new("/nonexistent/x", 0, 5000, err, ERR));
	ck_assert_str_eq(err,
	    "cannot make a spool in /nonexistent/x: "
	    "No such file or directory");
}
END_TEST

/*
 * Expected: the spool of a resumed dump counts from the resume offset. Bug: it
 * counted from the beginning of the dump and was full at once.
 */
START_TEST(a_spool_of_a_resumed_dump_counts_from_the_resume_offset)
{
	struct cache *c = spool_new("/tmp", 20000, 5000, err, ERR);

	ck_assert_msg(c->ops->append(c, 20000, source + 20000, 5000, err,
			  ERR) == 0,
	    "%s", err);
	gives_back(c, 20000, 5000);
	ck_assert_int_eq(c->ops->append(c, 25000, source + 25000, 1, err, ERR),
	    -1);
	c->ops->free(c);
}
END_TEST

/*
 * The test changes a limit of its process.  Check runs it in a child process,
 * which ends afterwards.
 */
START_TEST(a_full_disk_is_a_full_spool)
{
	struct cache *c = spool_new("/tmp", 0, 50000, err, ERR);
	struct rlimit limit = { 6000, 6000 };

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(c->ops->append(c, 0, source, 5000, err, ERR), 0);
	ck_assert_int_eq(c->ops->append(c, 5000, source + 5000, 5000, err, ERR),
	    -1);
	ck_assert_msg(strstr(err, "cannot write the spool in /tmp at offset") !=
		NULL,
	    "%s", err);
	gives_back(c, 0, 5000);
	c->ops->free(c);
}
END_TEST

/* Announces the dump's file in pieces of odd lengths. */
static struct cache *sliced(uint64_t upto)
{
	struct cache *c = slices_new(0, err, ERR);
	uint64_t at, n;

	for (at = 0; at < upto; at += n) {
		n = 1 + trial_number(3, at) % 777;
		if (n > upto - at)
			n = upto - at;
		ck_assert_uint_eq(slices_announce(c, path, at, n), at + n);
	}
	return c;
}

START_TEST(slices_return_any_range)
{
	struct cache *c = sliced(DUMP);
	uint64_t i, at, n;

	for (i = 0; i < 200; i++) {
		at = trial_number(1, i) % DUMP;
		n = 1 + trial_number(2, i) % (DUMP - at);
		gives_back(c, at, n);
	}
	gives_back(c, 0, DUMP);
	c->ops->forget(c, 5000);
	gives_back(c, 5000, DUMP - 5000);
	c->ops->forget(c, DUMP - 1);
	gives_back(c, DUMP - 1, 1);
	c->ops->forget(c, DUMP);
	c->ops->free(c);
}
END_TEST

START_TEST(missing_slices_are_an_error_of_the_retry)
{
	struct cache *c = sliced(5000);

	gives_back(c, 0, 5000);
	fails_to_read(c, 4000, 1001, "no slice was announced for offset 5000");
	c->ops->free(c);
}
END_TEST

START_TEST(a_truncated_slice_is_named)
{
	struct cache *c = sliced(DUMP);

	ck_assert_int_eq(truncate(path, 50000), 0);
	gives_back(c, 0, 50000);
	fails_to_read(c, 49000, 2000, "the file ends early");
	ck_assert_ptr_nonnull(strstr(err, path));
	c->ops->free(c);
}
END_TEST

START_TEST(a_missing_slice_is_named)
{
	struct cache *c = sliced(DUMP);

	unlink(path);
	fails_to_read(c, 0, 10, "No such file or directory");
	ck_assert_ptr_nonnull(strstr(err, path));
	c->ops->free(c);
}
END_TEST

START_TEST(an_announced_slice_is_opened_only_for_a_read)
{
	struct cache *c = slices_new(0, err, ERR);

	ck_assert_uint_eq(slices_announce(c, "/nonexistent", 0, 10), 10);
	ck_assert_uint_eq(slices_announce(c, path, 10, 90), 100);
	c->ops->forget(c, 10);
	gives_back(c, 10, 90);
	c->ops->free(c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("caches");
	TCase *tc = tcase_create("spool and slices");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, a_spool_wraps_and_returns_all_bytes_not_forgotten);
	tcase_add_test(tc, a_full_spool_reports_it_and_keeps_its_bytes);
	tcase_add_test(tc,
	    a_spool_of_a_resumed_dump_counts_from_the_resume_offset);
	tcase_add_test(tc, a_spool_leaves_no_file_behind);
	tcase_add_test(tc, a_missing_folder_is_named);
	tcase_add_test(tc, a_full_disk_is_a_full_spool);
	tcase_add_test(tc, slices_return_any_range);
	tcase_add_test(tc, missing_slices_are_an_error_of_the_retry);
	tcase_add_test(tc, a_truncated_slice_is_named);
	tcase_add_test(tc, a_missing_slice_is_named);
	tcase_add_test(tc, an_announced_slice_is_opened_only_for_a_read);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
