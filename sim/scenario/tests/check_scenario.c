/* check_scenario.c: how a valid scenario is read. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define GIB(n) ((uint64_t)(n) << 30)

static struct scenario_text result;

/* Reads a text that must be valid. */
static const struct scenario *read_good(const char *text)
{
	scenario_text_read(&result, text, strlen(text));
	ck_assert_msg(result.scenario != NULL, "%s", result.errors);
	return result.scenario;
}

START_TEST(the_example_of_the_manual_is_read)
{
	const struct scenario *s = read_good(
	    "title: A dump over four volumes, one of which has a bad spot\n"
	    "library:\n"
	    "  drives: [lto8]\n"
	    "  volumes: {count: 4, capacity: 2 GiB, early_warning: 64 MiB}\n"
	    "dump:\n"
	    "  source: random\n"
	    "  size: 5 GiB\n"
	    "  rate: 300..420 MB/s\n"
	    "splitter: {block: 256 KiB, buffer: 64 MiB, part: 1 GiB, "
	    "cache: memory}\n"
	    "faults:\n"
	    "  - {volume: 2, at: 1 GiB, fail: write, sense: medium_error}\n"
	    "expect:\n"
	    "  - outcome == DONE\n"
	    "  - restored == source\n"
	    "  - volumes_used == 4\n"
	    "  - write_rate_mean >= 250 MB/s\n"
	    "  - attempts == 1:1073741824 2:1006108672 | 3:1073741824F | "
	    "3:1073741824 4:1006108672 | 5:1073741824 6:135266304\n");

	ck_assert_str_eq(s->title,
	    "A dump over four volumes, one of which has a bad spot");
	ck_assert_uint_eq(s->drives_count, 1);
	ck_assert_ptr_eq(s->drives[0], model_find("lto8"));
	ck_assert_uint_eq(s->volumes_count, 4);
	ck_assert_uint_eq(s->volumes[3].capacity_bytes, GIB(2));
	ck_assert(s->volumes[3].early_warning);
	ck_assert_uint_eq(s->volumes[3].early_warning_bytes, MIB(64));
	ck_assert_str_eq(s->volumes[3].barcode, "TL0004");
	ck_assert_int_eq(s->dumps[0].source, SOURCE_RANDOM);
	ck_assert_uint_eq(s->dumps[0].size_bytes, GIB(5));
	ck_assert_int_eq(s->dumps[0].feed.kind, FEED_RATES);
	ck_assert_uint_eq(s->dumps[0].feed.rate_bytes_per_s.min, 300000000);
	ck_assert_uint_eq(s->dumps[0].feed.rate_bytes_per_s.max, 420000000);
	ck_assert_uint_eq(s->dumps[0].splitter.block_bytes, KIB(256));
	ck_assert_uint_eq(s->dumps[0].splitter.buffer_bytes, MIB(64));
	ck_assert_uint_eq(s->dumps[0].splitter.part_bytes, GIB(1));
	ck_assert_int_eq(s->dumps[0].splitter.cache, SPLITTER_CACHE_MEMORY);
	ck_assert_uint_eq(s->faults_count, 1);
	ck_assert_uint_eq(s->faults[0].volume, 2);
	ck_assert_uint_eq(s->faults[0].at_bytes, GIB(1));
	ck_assert_ptr_eq(s->faults[0].sense, sense_find("medium_error"));
	ck_assert(!s->faults[0].once);
	ck_assert_int_eq(s->faults[0].line, 11);
	ck_assert_uint_eq(s->expects_count, 5);
	ck_assert_int_eq(s->expects[3].id, METRIC_WRITE_RATE_MEAN);
	ck_assert_int_eq(s->expects[3].op, METRICS_GE);
	ck_assert_int_eq(s->expects[3].line, 16);
	ck_assert_str_eq(s->expects[3].text, "write_rate_mean >= 250 MB/s");
	scenario_text_clear(&result);
}
END_TEST

START_TEST(missing_keys_have_their_defaults)
{
	const struct scenario *s = read_good(
	    "title: t\n"
	    "library: {drives: [instant], volumes: {capacity: 1 GiB}}\n"
	    "dump: {size: 1 MiB}\n"
	    "splitter:\n"
	    "faults:\n"
	    "expect:\n");

	ck_assert_uint_eq(s->volumes_count, 1);
	ck_assert_str_eq(s->volumes[0].barcode, "TL0001");
	ck_assert(s->volumes[0].early_warning);
	ck_assert_uint_eq(s->volumes[0].early_warning_bytes, MIB(25));
	ck_assert_int_eq(s->payload, PAYLOAD_AUTO);
	ck_assert_int_eq(s->move_ns, 0);
	ck_assert(!s->load_ahead);
	ck_assert_int_eq(s->dumps[0].source, SOURCE_RANDOM);
	ck_assert_int_eq(s->dumps[0].feed.kind, FEED_UNLIMITED);
	ck_assert_uint_eq(s->dumps[0].splitter.block_bytes, KIB(256));
	ck_assert_uint_eq(s->dumps[0].splitter.buffer_bytes, MIB(64));
	ck_assert_uint_eq(s->dumps[0].splitter.part_bytes, 0);
	ck_assert_int_eq(s->dumps[0].splitter.cache, SPLITTER_CACHE_NONE);
	ck_assert(!s->dumps[0].splitter.has_streaming);
	ck_assert_uint_eq(s->dumps[0].splitter.start_fill_percent, 100);
	ck_assert_uint_eq(s->dumps[0].splitter.max_volumes, 0);
	ck_assert_uint_eq(s->dumps[0].splitter.max_failed_volumes, 3);
	ck_assert_uint_eq(s->faults_count, 0);
	ck_assert_uint_eq(s->expects_count, 0);
	scenario_text_clear(&result);
}
END_TEST

START_TEST(a_list_of_volumes_keeps_its_order_and_every_barcode_is_unique)
{
	static const struct {
		const char *barcode;
		uint64_t capacity_bytes;
		uint64_t early_warning_bytes;
	} rows[] = {
		{ "TL0001", MIB(100), MIB(10) },
		{ "TL0008", MIB(10), 0 },
		{ "TL0009", MIB(10), 0 },
		{ "TL0002", MIB(10), 0 },
		{ "A1", MIB(10), MIB(1) },
		{ "TL0006", MIB(10), 0 },
		{ "TL0003", MIB(20), MIB(2) },
	};
	const struct scenario *s = read_good(
	    "title: t\n"
	    "library:\n"
	    "  drives: [instant, lto4]\n"
	    "  volumes:\n"
	    "    - capacity: 100 MiB\n"
	    "    - {count: 2, capacity: 10 MiB, early_warning: none}\n"
	    "    - {barcode: TL0002, capacity: 10 MiB, early_warning: 0}\n"
	    "    - {barcode: A1, capacity: 10 MiB, early_warning: 1 MiB}\n"
	    "    - {capacity: 10 MiB, early_warning: 0 B}\n"
	    "    - {count: 1, barcode: TL0003, capacity: 20 MiB}\n"
	    "  payload: raw\n"
	    "  robot: {move_time: 8.5 s}\n"
	    "  load_ahead: true\n"
	    "dump: {size: 0}\n");

	ck_assert_uint_eq(s->drives_count, 2);
	ck_assert_int_eq(s->payload, PAYLOAD_RAW);
	ck_assert_int_eq(s->move_ns, 8500000000);
	ck_assert(s->load_ahead);
	ck_assert_uint_eq(s->dumps[0].size_bytes, 0);
	ck_assert_uint_eq(s->volumes_count, sizeof(rows) / sizeof(rows[0]));
	for (size_t i = 0; i < s->volumes_count; i++) {
		const struct scenario_volume *volume = &s->volumes[i];

		ck_assert_str_eq(volume->barcode, rows[i].barcode);
		ck_assert_uint_eq(volume->capacity_bytes,
		    rows[i].capacity_bytes);
		ck_assert_uint_eq(volume->early_warning_bytes,
		    rows[i].early_warning_bytes);
		ck_assert(volume->early_warning ==
		    (rows[i].early_warning_bytes > 0));
	}
	scenario_text_clear(&result);
}
END_TEST

START_TEST(a_limit_applies_to_every_larger_volume)
{
	const struct scenario *s = read_good(
	    "title: t\n"
	    "library: {drives: [instant], limit: {capacity: 15 MiB},\n"
	    "  volumes: [{capacity: 10 MiB}, {capacity: 1 GiB}]}\n"
	    "dump: {size: 1 MiB}\n");

	ck_assert(s->has_limit);
	ck_assert(s->limit.early_warning);
	ck_assert_uint_eq(s->limit.early_warning_bytes, MIB(3) / 2);
	ck_assert_uint_eq(s->volumes[1].capacity_bytes, GIB(1));
	ck_assert_uint_eq(scenario_capacity(s, 0), MIB(10));
	ck_assert_uint_eq(scenario_capacity(s, 1), MIB(15));
	scenario_text_clear(&result);
	s = read_good(
	    "title: t\n"
	    "library: {drives: [instant], volumes: {capacity: 1 GiB},\n"
	    "  limit: {capacity: 15 MiB, early_warning: none}}\n"
	    "dump: {size: 1 MiB}\n");
	ck_assert(s->has_limit && !s->limit.early_warning);
	scenario_text_clear(&result);
}
END_TEST

START_TEST(the_splitter_accepts_all_its_keys)
{
	const struct scenario *s = read_good(
	    "title: t\n"
	    "library: {drives: [lto9], volumes: {capacity: 1.5 GiB}}\n"
	    "dump: {source: zeros, size: 3250585 B, rate: 1.5 MB/s}\n"
	    "splitter:\n"
	    "  block: 8 MiB\n"
	    "  buffer: 0\n"
	    "  part: 1 kB\n"
	    "  cache: none\n"
	    "  streaming: required\n"
	    "  start_fill: 75 %\n"
	    "  max_volumes: 7\n"
	    "  max_failed_volumes: 1\n"
	    "faults:\n"
	    "- {volume: 1, at: 0, fail: write, sense: reset, once: true}\n");

	ck_assert_int_eq(s->dumps[0].source, SOURCE_ZEROS);
	ck_assert_uint_eq(s->dumps[0].size_bytes, 3250585);
	ck_assert_uint_eq(s->dumps[0].feed.rate_bytes_per_s.min, 1500000);
	ck_assert_uint_eq(s->dumps[0].feed.rate_bytes_per_s.max, 1500000);
	ck_assert_uint_eq(s->volumes[0].capacity_bytes, 1610612736);
	ck_assert_uint_eq(s->dumps[0].splitter.block_bytes, MIB(8));
	ck_assert_uint_eq(s->dumps[0].splitter.buffer_bytes, 0);
	ck_assert_uint_eq(s->dumps[0].splitter.part_bytes, 1000);
	ck_assert(s->dumps[0].splitter.has_streaming);
	ck_assert_int_eq(s->dumps[0].splitter.streaming,
	    SPLITTER_STREAMING_REQUIRED);
	ck_assert_uint_eq(s->dumps[0].splitter.start_fill_percent, 75);
	ck_assert_uint_eq(s->dumps[0].splitter.max_volumes, 7);
	ck_assert_uint_eq(s->dumps[0].splitter.max_failed_volumes, 1);
	ck_assert(s->faults[0].once);
	scenario_text_clear(&result);
}
END_TEST

START_TEST(every_fault_accepts_its_keys)
{
	const struct scenario *s = read_good(
	    "title: t\n"
	    "library: {drives: [lto9], volumes: {capacity: 1 GiB}}\n"
	    "dump: {size: 2 MiB}\n"
	    "splitter: {block: 64 KiB, part: 1 MiB, cache: spool,\n"
	    "  spool: {dir: sub/dir, size: 256 KiB}}\n"
	    "faults:\n"
	    "- {fail: block, nth: 7}\n"
	    "- {fail: header, nth: 1, cause: peom, once: true}\n"
	    "- {fail: filemark, nth: 2, cause: deferred_error}\n"
	    "- {fail: label, nth: 3, cause: write_protected}\n"
	    "- {fail: load, nth: 4, cause: hardware_error}\n"
	    "- {fail: spool_write, at: 1 MiB, once: true}\n"
	    "- {fail: spool_read, at: 2097151 B}\n"
	    "- {fail: producer, at: 2 MiB}\n"
	    "- {fail: stall, at: 0, duration: 1.5 s}\n"
	    "- {fail: cancel, at: 1 B}\n"
	    "- {fail: cancel, after_time: 3 min}\n"
	    "- {fail: move, nth: 5, mode: load_failed, once: true}\n");
	const struct scenario_fault *f = s->faults;

	ck_assert_uint_eq(s->faults_count, 12);
	ck_assert_int_eq(f[11].fail, FAIL_MOVE);
	ck_assert_int_eq(f[11].move_mode, CHANGER_FAULT_LOAD_FAILED);
	ck_assert_uint_eq(f[11].nth, 5);
	ck_assert(f[11].once);
	ck_assert_int_eq(s->dumps[0].splitter.cache, SPLITTER_CACHE_SPOOL);
	ck_assert_str_eq(s->dumps[0].splitter.spool_dir, "/tmp/sub/dir");
	ck_assert_uint_eq(s->dumps[0].splitter.spool_bytes, KIB(256));
	ck_assert_int_eq(f[0].fail, FAIL_BLOCK);
	ck_assert_uint_eq(f[0].nth, 7);
	ck_assert_int_eq(f[0].cause, TAPE_MEDIUM_ERROR);
	ck_assert(!f[0].once);
	ck_assert_int_eq(f[1].fail, FAIL_HEADER);
	ck_assert_int_eq(f[1].cause, TAPE_PEOM);
	ck_assert(f[1].once);
	ck_assert_int_eq(f[2].fail, FAIL_FILEMARK);
	ck_assert_int_eq(f[2].cause, TAPE_DEFERRED_ERROR);
	ck_assert_int_eq(f[3].fail, FAIL_LABEL);
	ck_assert_int_eq(f[3].cause, TAPE_WRITE_PROTECTED);
	ck_assert_int_eq(f[4].fail, FAIL_LOAD);
	ck_assert_int_eq(f[4].cause, TAPE_HARDWARE_ERROR);
	ck_assert_int_eq(f[5].fail, FAIL_SPOOL_WRITE);
	ck_assert(f[5].once);
	ck_assert_uint_eq(f[5].at_bytes, MIB(1));
	ck_assert_int_eq(f[6].fail, FAIL_SPOOL_READ);
	ck_assert_int_eq(f[7].fail, FAIL_PRODUCER);
	ck_assert_uint_eq(f[7].at_bytes, MIB(2));
	ck_assert_int_eq(f[8].fail, FAIL_STALL);
	ck_assert_int_eq(f[8].duration_ns, 1500000000);
	ck_assert_int_eq(f[9].fail, FAIL_CANCEL);
	ck_assert_int_eq(f[9].after_ns, -1);
	ck_assert_int_eq(f[10].after_ns, 180000000000);
	scenario_text_clear(&result);
}
END_TEST

START_TEST(defects_are_read)
{
	const struct scenario *s = read_good(
	    "title: t\n"
	    "library: {drives: [lto9], volumes: {capacity: 1 GiB}}\n"
	    "dump: {size: 2 MiB}\n"
	    "faults:\n"
	    "- {fail: write, volume: 1, at: 5 B, sense: recovered_write}\n"
	    "- {fail: read, volume: 1, block: 7, length: 3, recover_after: 4}\n"
	    "- {fail: read, volume: 1, file: 2, block: 0, one_in: 9}\n"
	    "- {fail: slow, volume: 1, at: 1 kB, length: 2 kB, slowdown: 10}\n"
	    "- {fail: corrupt, volume: 1, at: 1 MiB, once: true}\n");
	struct volume_defect d[5];

	ck_assert_uint_eq(s->faults_count, 5);
	for (size_t i = 0; i < 5; i++) {
		ck_assert(scenario_is_defect(s->faults[i].fail));
		scenario_defect(&s->faults[i], &d[i]);
	}
	ck_assert(d[0].fail == VOLUME_FAIL_WRITE && d[0].at == 5 &&
	    d[0].unit == VOLUME_BYTES && d[0].sense.key == SENSE_RECOVERED);
	ck_assert(d[1].fail == VOLUME_FAIL_READ &&
	    d[1].unit == VOLUME_OBJECTS && d[1].at == 7 && d[1].length == 3 &&
	    d[1].recover_after == 4 && d[1].sense.asc == 0x11);
	ck_assert(d[2].unit == VOLUME_FILE_BLOCKS && d[2].file == 2 &&
	    d[2].at == 0 && d[2].one_in == 9);
	ck_assert(d[3].fail == VOLUME_FAIL_SLOW && d[3].at == 1000 &&
	    d[3].length == 2000 && d[3].slowdown == 10 &&
	    d[3].sense.key == SENSE_NO_SENSE && !d[3].once);
	ck_assert(d[4].fail == VOLUME_FAIL_CORRUPT && d[4].at == MIB(1) &&
	    d[4].once);
	scenario_text_clear(&result);
}
END_TEST

START_TEST(slices_are_kept_in_order)
{
	const struct scenario *s = read_good(
	    "title: t\n"
	    "library: {drives: [lto9], volumes: {capacity: 1 GiB}}\n"
	    "dump: {size: 2 MiB}\n"
	    "splitter: {cache: slices, slices: [277 B, 1 MiB, 2 MiB]}\n"
	    "faults:\n"
	    "- {fail: slice, nth: 2, mode: corrupt}\n"
	    "- {fail: slice_announcement, nth: 3}\n");

	ck_assert_int_eq(s->dumps[0].splitter.cache, SPLITTER_CACHE_SLICES);
	ck_assert_uint_eq(s->dumps[0].splitter.slices_count, 3);
	ck_assert_uint_eq(s->dumps[0].splitter.slices[0], 277);
	ck_assert_uint_eq(s->dumps[0].splitter.slices[2], MIB(2));
	ck_assert_int_eq(s->faults[0].fail, FAIL_SLICE);
	ck_assert_int_eq(s->faults[0].slice_mode, SLICE_CORRUPT);
	ck_assert_uint_eq(s->faults[0].nth, 2);
	ck_assert_int_eq(s->faults[1].fail, FAIL_SLICE_ANNOUNCEMENT);
	scenario_text_clear(&result);
}
END_TEST

static void put_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static void never(void *arg, const char *message)
{
	(void)arg;
	ck_abort_msg("%s", message);
}

/* Checks how `source` is read in a scenario in the current folder. */
static void source_is(const char *path, const char *source,
    enum scenario_source kind, const char *source_path)
{
	char text[512];
	struct scenario *s;

	snprintf(text, sizeof(text),
	    "title: t\n"
	    "library: {drives: [instant], volumes: {capacity: 1 GiB}}\n"
	    "dump: {source: %s}\n",
	    source);
	put_file(path, text);
	s = scenario_read(path, never, NULL);
	ck_assert_ptr_nonnull(s);
	ck_assert_str_eq(s->path, path);
	ck_assert_int_eq(s->dumps[0].source, kind);
	if (source_path == NULL)
		ck_assert_ptr_null(s->dumps[0].source_path);
	else
		ck_assert_str_eq(s->dumps[0].source_path, source_path);
	scenario_free(s);
}

START_TEST(a_source_file_is_relative_to_the_scenario)
{
	char folder[] = "/tmp/tapelab-source-XXXXXX";
	char path[64], file[64], quoted[80];

	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/s.yaml", folder);
	snprintf(file, sizeof(file), "%s/random", folder);
	put_file(file, "data");
	source_is(path, "stdin", SOURCE_STDIN, NULL);
	source_is(path, "{file: random}", SOURCE_FILE, file);
	snprintf(quoted, sizeof(quoted), "\"%s\"", file);
	source_is(path, quoted, SOURCE_FILE, file);
	ck_assert_int_eq(chdir(folder), 0);
	source_is("s.yaml", "./random", SOURCE_FILE, "./random");
	source_is("./s.yaml", "{file: random}", SOURCE_FILE, "./random");
	unlink(file);
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(every_drive_and_every_event_is_found_by_its_name)
{
	size_t count = 0;

	for (const char *const *name = model_names(); *name != NULL; name++) {
		const struct model *model = model_find(*name);

		ck_assert_msg(model != NULL, "%s", *name);
		ck_assert_str_eq(model->name, *name);
		ck_assert_uint_ge(model->block_max_bytes, MIB(8));
		count++;
	}
	ck_assert_uint_eq(count, 22);
	ck_assert_ptr_null(model_find("lto"));
	ck_assert_ptr_null(model_find(""));
	ck_assert_uint_eq(model_find("instant")->media[0].speeds, 0);
	ck_assert_uint_eq(model_find("instant")->block_max_bytes, MIB(16));
	ck_assert_uint_eq(model_find("lto8")->media[0].speeds, 12);
	ck_assert_int_eq(model_find("lto8")->hitch_ns, 3000000000);
	for (const struct sense_event *e = sense_events(); e->name != NULL; e++)
		ck_assert_ptr_eq(sense_find(e->name), e);
	ck_assert_uint_eq(sense_find("medium_error")->sense.key, 3);
	ck_assert_uint_eq(sense_find("medium_error")->sense.asc, 0x0c);
	ck_assert_ptr_null(sense_find("no_such_event"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scenario");
	TCase *tcase = tcase_create("good");

	tcase_add_test(tcase, the_example_of_the_manual_is_read);
	tcase_add_test(tcase, missing_keys_have_their_defaults);
	tcase_add_test(tcase,
	    a_list_of_volumes_keeps_its_order_and_every_barcode_is_unique);
	tcase_add_test(tcase, a_limit_applies_to_every_larger_volume);
	tcase_add_test(tcase, the_splitter_accepts_all_its_keys);
	tcase_add_test(tcase, every_fault_accepts_its_keys);
	tcase_add_test(tcase, defects_are_read);
	tcase_add_test(tcase, slices_are_kept_in_order);
	tcase_add_test(tcase, a_source_file_is_relative_to_the_scenario);
	tcase_add_test(tcase, every_drive_and_every_event_is_found_by_its_name);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
