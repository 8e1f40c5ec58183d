/*
 * check_splitter.c: the public interface: configurations, caches, policies,
 * misuse, and resumed dumps.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/api/tests/public_rig.h"
#include "splitter/tests/run_suite.h"

/* An invalid member of a configuration. */
static void no_init(void)
{
	pub.config.api = 0;
}
static void too_new(void)
{
	pub.config.api = SPLITTER_API + 1;
}
static void no_name(void)
{
	pub.config.dump = NULL;
}
static void bad_name(void)
{
	pub.config.dump = " friday";
}
static void bad_date(void)
{
	pub.config.begun = "yesterday";
}
static void small_block(void)
{
	pub.config.block_bytes = 512;
}
static void no_part(void)
{
	pub.config.part_bytes = 0;
	pub.config.cache = SPLITTER_CACHE_MEMORY;
}
static void bad_cache(void)
{
	pub.config.cache = (enum splitter_cache)9;
}
static void no_failed(void)
{
	pub.config.max_failed_volumes = 0;
}
static void bad_spool(void)
{
	pub.config.cache = SPLITTER_CACHE_SPOOL;
	pub.config.spool_dir = "/nowhere/at/all";
}
static enum splitter_decision policy(void *arg,
    const struct splitter_attempt *a)
{
	snprintf(arg, 256, "%s", a->message);
	return a->committed   ? SPLITTER_CONTINUE
	    : a->attempt == 1 ? SPLITTER_RETRY
			      : SPLITTER_GIVE_UP;
}
static void two_policies(void)
{
	pub.config.policy = policy;
	pub.config.library = NULL;
}
static void null_append(void)
{
	pub.config.append_count = 1;
}
static void bad_overwrite(void)
{
	static const char *const barcodes[] = { "A00001", "A00002 " };

	pub.config.overwrite = barcodes;
	pub.config.overwrite_count = 2;
}
static struct splitter_part resumed[2];
static void bad_resume(void)
{
	resumed[0] = (struct splitter_part){ .part = 2, .bytes = BLOCK };
	pub.config.resume = resumed;
	pub.config.resume_count = 1;
}
static void whole_resume(void)
{
	resumed[0] = (struct splitter_part){ .part = 1,
		.attempt = 1,
		.volume = "A1",
		.file = 1,
		.bytes = DUMP };
	pub.config.resume = resumed;
	pub.config.resume_count = 1;
}

static const struct mistake {
	const char *says;
	void (*spoil)(void);
} bad[] = {
	{ "call its _init function first", no_init },
	{ "install a newer library", too_new },
	{ "dump: not a name", no_name },
	{ "dump: not a name", bad_name },
	{ "2026-01-31T23:59:59Z", bad_date },
	{ "use 4096 at least", small_block },
	{ "it needs a part size", no_part },
	{ "streaming: unknown value", bad_cache },
	{ "max_failed_volumes", no_failed },
	{ "/nowhere/at/all", bad_spool },
	{ "policy: needs a library", two_policies },
	{ "not a list of barcodes", null_append },
	{ "not a list of barcodes", bad_overwrite },
	{ "not the parts of one dump", bad_resume },
	{ "do not end with a whole block", whole_resume },
};

START_TEST(an_invalid_configuration_is_refused_with_the_reason)
{
	pub_set_up(false);
	bad[_i].spoil();
	ck_assert_ptr_null(splitter_new(&pub.config, pub.err, sizeof pub.err));
	ck_assert_msg(strstr(pub.err, bad[_i].says) != NULL, "%s", pub.err);
	pub_tear_down();
}
END_TEST

/* Announces the dump, in slices of odd lengths, as it is pushed. */
static void push_slices(struct splitter *s)
{
	static const uint64_t most = 3 * BLOCK + 11;
	char name[] = "/tmp/check_splitter.XXXXXX";
	int fd = mkstemp(name);
	uint64_t at, n;

	ck_assert_int_eq(write(fd, "before", 6), 6);
	ck_assert_int_eq(write(fd, pub.source, DUMP), DUMP);
	for (at = 0; at < DUMP; at += n) {
		n = DUMP - at < most ? DUMP - at : most;
		ck_assert_int_eq(splitter_add_slice(s, name, 6 + at, n), 0);
		ck_assert_uint_eq(splitter_push(s, pub.source + at, n), n);
	}
	splitter_eof(s);
	splitter_wait(s);
	unlink(name);
	close(fd);
}

static const struct {
	enum splitter_cache cache;
	enum splitter_outcome result;
	uint64_t safe_bytes;
	const char *story;
} caches[] = {
	{ SPLITTER_CACHE_NONE, SPLITTER_PARTIAL, PART, "1:16384 2:4096F" },
	{ SPLITTER_CACHE_MEMORY, SPLITTER_DONE, DUMP,
	    "1:16384 2:4096F 2:16384 3:8199" },
	{ SPLITTER_CACHE_SPOOL, SPLITTER_DONE, DUMP,
	    "1:16384 2:4096F 2:16384 3:8199" },
	{ SPLITTER_CACHE_SLICES, SPLITTER_DONE, DUMP,
	    "1:16384 2:4096F 2:16384 3:8199" },
};

START_TEST(a_failed_part_is_retried_from_each_cache)
{
	const struct splitter_summary *o;
	struct splitter *s;

	pub_set_up(true);
	pub.config.cache = caches[_i].cache;
	pub.config.spool_dir = "/tmp";
	s = pub_begin();
	if (pub.config.cache == SPLITTER_CACHE_SLICES) {
		push_slices(s);
	} else {
		ck_assert_int_eq(splitter_add_slice(s, "x", 0, 1), -1);
		splitter_push(s, pub.source, DUMP);
		splitter_eof(s);
	}
	o = splitter_wait(s);
	ck_assert_int_eq(o->outcome, caches[_i].result);
	ck_assert_uint_eq(o->safe_bytes, caches[_i].safe_bytes);
	ck_assert_str_eq(pub.story, caches[_i].story);
	pub_check_safe(s, o->safe_bytes);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

START_TEST(a_policy_is_asked_with_the_attempt)
{
	static const struct memtape_failure failures[] = {
		{ MEMTAPE_BLOCK, 6, TAPE_MEDIUM_ERROR, true },
	};
	char message[256] = "";
	struct splitter *s;

	pub_set_up(false);
	memtape_free(pub.tapes);
	pub.tapes_config.failures = failures;
	pub.tapes_config.failure_count = 1;
	pub.tapes = memtape_new(&pub.tapes_config);
	pub.config.library = memtape_library(pub.tapes);
	pub.config.cache = SPLITTER_CACHE_MEMORY;
	pub.config.policy = policy;
	pub.config.arg = message;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_PARTIAL);
	ck_assert_str_eq(pub.story, "1:16384 2:4096F 2:0F");
	ck_assert_str_ne(message, "");
	splitter_free(s);
	pub_tear_down();
}
END_TEST

START_TEST(misuse_is_refused)
{
	struct splitter *s;
	struct tape tape = { .ops = NULL };
	uint64_t bytes;

	pub_set_up(false);
	s = pub_begin();
	ck_assert_int_eq(splitter_commit(s, 1), -1);
	ck_assert_ptr_nonnull(splitter_reserve(s, &bytes));
	ck_assert_int_eq(splitter_commit(s, bytes + 1), -1);
	ck_assert_int_eq(splitter_commit(s, 0), 0);
	ck_assert_int_eq(splitter_use_tape(s, &tape), -1);
	ck_assert_int_eq(splitter_start_part(s, false), -1);
	splitter_eof(s);
	splitter_eof(s);
	splitter_fail(s);
	ck_assert_ptr_null(splitter_reserve(s, &bytes));
	ck_assert_uint_eq(splitter_push(s, pub.source, 1), 0);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	splitter_cancel(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	ck_assert_str_eq(pub.story, "1:0");
	splitter_free(s);
	splitter_free(NULL);
	pub_tear_down();
}
END_TEST

/*
 * The first half of a dump, then the rest by a second one; _i: slices or
 * memory.
 */
START_TEST(a_dump_is_resumed)
{
	static const enum splitter_cache with[] = { SPLITTER_CACHE_SLICES,
		SPLITTER_CACHE_MEMORY };
	struct splitter_part part;
	struct splitter *s;
	unsigned i;

	pub_set_up(true);
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_PARTIAL);
	ck_assert_int_eq(splitter_get_part(s, 0, &resumed[0],
			     sizeof resumed[0]),
	    0);
	splitter_free(s);

	pub.config.cache = with[_i];
	pub.config.resume = resumed;
	pub.config.resume_count = pub.config.resume_volumes = 1;
	s = pub_begin();
	splitter_push(s, pub.source + PART, DUMP - PART);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	ck_assert_str_eq(pub.story, "1:16384 2:4096F 2:16384 3:8199");
	/* Attempt 1 at part 2 has failed before. */
	for (i = 1; i < 3; i++) {
		ck_assert_int_eq(splitter_get_part(s, i, &part, sizeof part),
		    0);
		ck_assert_uint_gt(part.attempt, 1000);
	}
	pub_check_safe(s, DUMP);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

/*
 * Expected: -1, since the end gives up the reserved room.
 * Bug: the process was aborted.
 */
START_TEST(commit_after_the_end_is_refused)
{
	struct splitter *s;
	uint64_t room;

	pub_set_up(false);
	s = pub_begin();
	ck_assert_ptr_nonnull(splitter_reserve(s, &room));
	ck_assert_uint_gt(room, 0);
	if (_i == 0)
		splitter_eof(s);
	else
		splitter_fail(s);
	ck_assert_int_eq(splitter_commit(s, room), -1);
	ck_assert_int_eq(splitter_wait(s)->outcome,
	    _i == 0 ? SPLITTER_DONE : SPLITTER_FAILED);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

/*
 * Expected: -1, since offsets would overflow.
 * Bug: the process was aborted.
 */
START_TEST(slice_beyond_the_end_of_any_file_is_refused)
{
	struct splitter *s;

	pub_set_up(false);
	pub.config.cache = SPLITTER_CACHE_SLICES;
	s = pub_begin();
	ck_assert_int_eq(splitter_add_slice(s, "f", 0, UINT64_MAX), -1);
	ck_assert_int_eq(splitter_add_slice(s, "f", UINT64_MAX, 1), -1);
	ck_assert_int_eq(splitter_add_slice(s, "f", 0, INT64_MAX), 0);
	ck_assert_int_eq(splitter_add_slice(s, "f", 0, 1), -1);
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

static struct tape *load_nothing(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	(void)library;
	tape_result_init(result, now_ns);
	result->cause = TAPE_NO_VOLUME;
	return NULL;
}

static void unload_nothing(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	(void)library, (void)tape, (void)why;
	tape_result_init(result, now_ns);
}

static char warned[TAPE_MESSAGE_BYTES];

static void keep_warning(void *arg, const char *message, int64_t at_ns)
{
	(void)arg, (void)at_ns;
	snprintf(warned, sizeof warned, "%s", message);
}

/* Expected: the text of the cause.  Bug: the warning was empty. */
START_TEST(failed_load_without_a_message_is_reported_by_its_cause)
{
	static const struct tape_library_ops ops = { .load = load_nothing,
		.unload = unload_nothing };
	struct tape_library library = { &ops };
	struct splitter *s;

	pub_set_up(false);
	pub.config.library = &library;
	pub.config.warning = keep_warning;
	s = pub_begin();
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_PARTIAL);
	ck_assert_str_eq(warned, tape_cause_text(TAPE_NO_VOLUME));
	ck_assert_str_eq(splitter_wait(s)->message, warned);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

static void end_in_event(void *arg)
{
	struct splitter **s = arg;

	ck_assert_ptr_null(splitter_wait(*s));
	splitter_free(*s);
	snprintf(warned, sizeof warned, "ended");
}

/* Bug: the tape thread joined itself, and the process was aborted. */
START_TEST(event_can_neither_wait_for_the_dump_nor_free_it)
{
	struct splitter *s;

	pub_set_up(false);
	pub.config.policy = NULL;
	pub.config.attempt_done = NULL;
	pub.config.ended = end_in_event;
	pub.config.arg = &s;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	ck_assert_str_eq(warned, "ended");
	splitter_free(s);
	pub_tear_down();
}
END_TEST

START_TEST(feed_without_a_function_fails_the_dump)
{
	struct splitter *s;

	pub_set_up(false);
	s = pub_begin();
	ck_assert_int_eq(splitter_feed(s, NULL, NULL), -1);
	ck_assert_int_eq(splitter_wait(s)->cause, TAPE_PRODUCER_FAILED);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("splitter");
	TCase *tc = tcase_create("splitter");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc,
	    an_invalid_configuration_is_refused_with_the_reason, 0,
	    sizeof bad / sizeof *bad);
	tcase_add_loop_test(tc, a_failed_part_is_retried_from_each_cache, 0,
	    sizeof caches / sizeof *caches);
	tcase_add_test(tc, a_policy_is_asked_with_the_attempt);
	tcase_add_test(tc, misuse_is_refused);
	tcase_add_loop_test(tc, a_dump_is_resumed, 0, 2);
	tcase_add_loop_test(tc, commit_after_the_end_is_refused, 0, 2);
	tcase_add_test(tc, slice_beyond_the_end_of_any_file_is_refused);
	tcase_add_test(tc,
	    failed_load_without_a_message_is_reported_by_its_cause);
	tcase_add_test(tc, event_can_neither_wait_for_the_dump_nor_free_it);
	tcase_add_test(tc, feed_without_a_function_fails_the_dump);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
