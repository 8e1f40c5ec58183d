/* check_feed_keys.c: the keys of feeds, and what is wrong with their values. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/scenario/reader.h"
#include "sim/source/feed_trace.h"
#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

#define LIBRARY \
	"title: t\nlibrary: {drives: [lto8], volumes: {capacity: 1 TB}}\n"
#define SECOND INT64_C(1000000000)
#define MB     UINT64_C(1000000)

static struct scenario_text result;
static char trace[] = "/tmp/check_feed_keys-XXXXXX";

/* Reads a feed, in which FILE is the path of a trace. */
static const struct feed_config *feed(const char *text)
{
	const char *file = strstr(text, "feed.tsv");
	char scenario[2048];
	int before = file != NULL ? (int)(file - text) : (int)strlen(text);

	snprintf(scenario, sizeof scenario,
	    LIBRARY "dump: {size: 1 GiB, feed: %.*s%s%s}\n", before, text,
	    file != NULL ? trace : "", file != NULL ? file + 8 : "");
	scenario_text_read(&result, scenario, strlen(scenario));
	ck_assert_msg(result.scenario != NULL, "%s%s", scenario, result.errors);
	return &result.scenario->dumps[0].feed;
}

static void done(void)
{
	scenario_text_clear(&result);
}

static void make_trace(void)
{
	static const char text[] = FEED_TRACE_HEADER "\n5\t7\n";
	int fd;

	strcpy(trace + sizeof trace - 7, "XXXXXX");
	fd = mkstemp(trace);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, sizeof text - 1), sizeof text - 1);
	close(fd);
}

static void remove_trace(void)
{
	unlink(trace);
}

START_TEST(example_of_each_key_is_valid)
{
	const struct key *kind = scenario_feed_map.keys, *key, *k;
	char text[1024], inner[512];
	int kinds = 0;

	for (; kind->name != NULL; kind++) {
		snprintf(text, sizeof text, "{%s: %s%s}", kind->name,
		    kind->example,
		    kind->map != NULL ? "" : ", constant: {rate: 1 B/s}");
		feed(text);
		done();
		for (key = kind->map != NULL ? kind->map->keys : NULL;
		     key != NULL && key->name != NULL; key++) {
			snprintf(inner, sizeof inner, "%s: %s", key->name,
			    key->example);
			for (k = kind->map->keys; k->name != NULL; k++)
				if (k != key && k->required)
					snprintf(strchr(inner, '\0'), 100,
					    ", %s: %s", k->name, k->example);
			if (strcmp(kind->name, "files") == 0 &&
			    strcmp(key->name, "size") != 0)
				strcat(inner,
				    strcmp(key->name, "median") == 0
					? ", mean: 20 KiB"
					: strcmp(key->name, "mean") == 0
					? ", median: 20 KiB"
					: ", median: 20 KiB, mean: 1 MiB");
			snprintf(text, sizeof text, "{%s: {%s}}", kind->name,
			    inner);
			feed(text);
			done();
		}
		kinds += kind->map != NULL;
	}
	ck_assert_int_eq(kinds, 8);
}
END_TEST

START_TEST(values_are_read)
{
	const struct feed_config *f =
	    feed("{open: true, start: 2 s, uniform: {rate: 1..2 MB/s}}");

	ck_assert_int_eq(f->kind, FEED_RATES);
	ck_assert(f->open);
	ck_assert_int_eq(f->start_ns, 2 * SECOND);
	ck_assert_uint_eq(f->rate_bytes_per_s.min, MB);
	ck_assert_uint_eq(f->rate_bytes_per_s.max, 2 * MB);
	ck_assert_int_eq(f->every_ns, SECOND);
	done();
	f = feed("{uniform: {rate: 1..2 MB/s, every: 64 KiB}}");
	ck_assert_int_eq(f->every_ns, 0);
	ck_assert_uint_eq(f->every_bytes, 65536);
	done();
	f = feed("{normal: {mean: 170 MB/s, deviation: 40 MB/s, every: 10 s}}");
	ck_assert_int_eq(f->rate_bytes_per_s.shape, FEED_NORMAL);
	ck_assert_uint_eq(f->rate_bytes_per_s.middle, 170 * MB);
	ck_assert_uint_eq(f->rate_bytes_per_s.spread, 40 * MB);
	ck_assert_uint_eq(f->rate_bytes_per_s.min, 1700000);
	ck_assert_int_eq(f->every_ns, 10 * SECOND);
	done();
	f = feed(
	    "{lognormal: {median: 100 MB/s, mean: 150 MB/s, max: 1 GB/s}}");
	ck_assert_int_eq(f->rate_bytes_per_s.shape, FEED_LOGNORMAL);
	ck_assert_uint_eq(f->rate_bytes_per_s.middle, 100 * MB);
	ck_assert_uint_eq(f->rate_bytes_per_s.spread,
	    feed_spread(100 * MB, 150 * MB));
	ck_assert_uint_eq(f->rate_bytes_per_s.max, 1000 * MB);
	done();
	f = feed("{bursts: {rate: 500 MB/s, on_time: 2 s, off_time: 1..5 s, "
		 "off_rate: 5 MB/s}}");
	ck_assert_int_eq(f->kind, FEED_BURSTS);
	ck_assert_uint_eq(f->on_ns.min, 2 * SECOND);
	ck_assert_uint_eq(f->off_ns.max, 5 * SECOND);
	ck_assert_uint_eq(f->off_bytes_per_s, 5 * MB);
	done();
	f = feed("{files: {median: 16 KiB, mean: 1 MiB, max: 1 GiB, "
		 "overhead: 0, rate: 200 MB/s}}");
	ck_assert_int_eq(f->kind, FEED_FILES);
	ck_assert_int_eq(f->file_bytes.shape, FEED_LOGNORMAL);
	ck_assert_uint_eq(f->file_bytes.min, 1);
	ck_assert_uint_eq(f->file_bytes.max, 1 << 30);
	ck_assert_uint_eq(f->file_ns.max, 0);
	done();
	f = feed("{network: {mean: 1 MB/s, deviation: 1 kB/s, memory: 3 s}}");
	ck_assert_int_eq(f->kind, FEED_NETWORK);
	ck_assert_int_eq(f->memory_ns, 3 * SECOND);
	done();
	f = feed("{trace: {file: feed.tsv, stretch: 250%}}");
	ck_assert_int_eq(f->kind, FEED_TRACE);
	ck_assert_uint_eq(f->trace->bytes, 7);
	ck_assert_uint_eq(f->stretch, 250000000);
	done();
}
END_TEST

static const struct {
	const char *feed, *error;
} bad[] = {
	{ "{constant: {rate: 1..2 MB/s}}",
	    "rate: a range; use uniform for a rate that varies" },
	{ "{constant: {rate: 0 B/s}}", "rate: must be above 0" },
	{ "{constant: {}}", "constant needs the key \"rate\"" },
	{ "{constant: {rate: 1 MB/s}, uniform: {rate: 1..2 MB/s}}",
	    "uniform: the dump has a rate or another kind of feed; remove one "
	    "of them" },
	{ "{open: true}", "open: a feed without a rate is never late" },
	{ "{uniform: {rate: 1..2 B/s, every: 10 ms}}",
	    "every: too short; less than one byte comes" },
	{ "{uniform: {rate: 1..2 B/s, every: 0 s}}",
	    "every: must be a time above 0, such as 1 s, or a size" },
	{ "{uniform: {rate: 2..1 B/s}}", "rate: " },
	{ "{uniform: {rate: 1..2 B/s, every: never}}",
	    "every: must be a time" },
	{ "{normal: {mean: 2 MB/s, deviation: 1 MB/s, min: 3 MB/s}}",
	    "min: above the mean" },
	{ "{normal: {mean: 2 MB/s, deviation: 1 MB/s, max: 1 MB/s}}",
	    "max: below the mean" },
	{ "{normal: {mean: 1..2 MB/s, deviation: 1 MB/s}}",
	    "mean: a range; write one value" },
	{ "{lognormal: {median: 2 MB/s, mean: 1 MB/s}}",
	    "mean: below the median" },
	{ "{lognormal: {median: 2 MB/s, mean: 3 MB/s, max: 1 MB/s}}",
	    "max: below the median" },
	{ "{bursts: {rate: 1 MB/s, on_time: 0 s, off_time: 1 s}}",
	    "on_time: must be above 0" },
	{ "{bursts: {rate: 1 MB/s, on_time: 1 s, off_time: 10001 h}}",
	    "off_time: too long; at most 10000 h" },
	{ "{files: {rate: 1 MB/s, overhead: 1 ms}}",
	    "files needs the key \"size\", or the keys" },
	{ "{files: {rate: 1 MB/s, overhead: 1 ms, size: 1 B, mean: 2 B}}",
	    "size: the files have a median, mean or max" },
	{ "{files: {rate: 1 MB/s, overhead: 1 ms, size: 1 B, max: 2 B}}",
	    "size: the files have a median, mean or max" },
	{ "{network: {mean: 1 MB/s, deviation: 1 B/s, memory: 0}}",
	    "memory: too short" },
	{ "{trace: {file: /nowhere/t.tsv}}",
	    "file: /nowhere/t.tsv: cannot be opened" },
	{ "{trace: {file: /dev/null}}", "file: /dev/null:1: a trace begins" },
	{ "{trace: {file: feed.tsv, stretch: 0%}}",
	    "stretch: must be above 0%" },
	{ "{steady: {rate: 1 MB/s}}", "unknown key \"steady\" in feed" },
};

START_TEST(a_wrong_value_is_refused)
{
	char text[1024];

	snprintf(text, sizeof text, LIBRARY "dump: {size: 1 GiB, feed: %s}\n",
	    bad[_i].feed);
	scenario_text_read(&result, text, strlen(text));
	ck_assert_msg(strstr(result.errors, bad[_i].error) != NULL &&
		strncmp(result.errors, "3:", 2) == 0,
	    "%s%s", text, result.errors);
	done();
}
END_TEST

START_TEST(a_rate_and_a_kind_of_feed_are_refused)
{
	scenario_text_says(LIBRARY
	    "dump: {size: 1 GiB, rate: 1 MB/s, feed: {constant: {rate: 1 MB/s}}}",
	    "3:52: constant: the dump has a rate or another kind of feed; "
	    "remove one of them\n");
	scenario_text_says(LIBRARY
	    "dump: {size: 1 GiB, rate: 1 MB/s, feed: {open: true}}",
	    "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("feed_keys");
	TCase *tc = tcase_create("feed_keys");

	tcase_add_checked_fixture(tc, make_trace, remove_trace);
	tcase_add_test(tc, example_of_each_key_is_valid);
	tcase_add_test(tc, values_are_read);
	tcase_add_loop_test(tc, a_wrong_value_is_refused, 0,
	    sizeof bad / sizeof *bad);
	tcase_add_test(tc, a_rate_and_a_kind_of_feed_are_refused);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
