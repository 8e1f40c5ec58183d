/*
 * check_read_back.c: the volumes of a dump are the same as its source only if
 * every claim about the dump is true.
 *
 * A dump is written to three volumes, on the way from the first to the second
 * with an attempt that fails, and kept.  Then it is compared with claims of which
 * one is false.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/rng.h"
#include "sim/run/measure/verify.h"
#include "sim/run/run.h"
#include "sim/setup/workspace.h"
#include "sim/tests/scenario_text.h"
#include "splitter/format/header.h"
#include "splitter/tests/run_suite.h"
#include "vtl/model/model.h"
#include "vtl/volume/volume.h"

enum { VOLUMES = 3, SEED = 1, BLOCK = 64 << 10, SIZE = 28 * BLOCK };

static const char text[] =
    "title: read back\n"
    "library:\n"
    "  drives: [instant]\n"
    "  payload: raw\n"
    "  volumes: {count: 3, capacity: 1344 KiB, early_warning: 64 KiB}\n"
    "dump: {size: 1792 KiB}\n"
    "splitter: {block: 64 KiB, part: 512 KiB, cache: memory}\n"
    "faults:\n"
    "  - {fail: block, nth: 12, once: true}\n";

static char folder[] = "/tmp/tapelab-read-back-XXXXXX";
static struct results_scenario *results;
static char *paths[VOLUMES];
static struct content *content;
static char why[512];

/* Returns a source that was read to its end, as that of a dump. */
static struct content *read_source(uint64_t seed)
{
	const struct content_config source = { .source = CONTENT_RANDOM,
		.size_bytes = SIZE,
		.block_bytes = BLOCK,
		.seed = seed };
	char *buf = malloc(BLOCK);
	struct content *opened = content_open(&source, why, sizeof why);

	ck_assert(buf != NULL && opened != NULL);
	while (content_read(opened, buf, BLOCK, why, sizeof why) > 0)
		;
	free(buf);
	return opened;
}

static void write_dump(void)
{
	struct run_options options = { .seed = SEED, .keep_volumes = true };
	struct scenario_text read;
	char err[512], name[16];

	strcpy(folder + sizeof folder - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	options.folder = folder;
	scenario_text_read(&read, text, sizeof text - 1);
	ck_assert_msg(read.scenario != NULL, "%s", read.errors);
	ck_assert_int_eq(run_scenario(read.scenario, "dump", "dump.yaml",
			     &options, &results, err, sizeof err),
	    RUN_JUDGED);
	scenario_text_clear(&read);
	ck_assert_int_eq(results->status, RESULTS_PASSED);
	for (int i = 0; i < VOLUMES; i++) {
		snprintf(name, sizeof name, "TL%04d", i + 1);
		paths[i] = library_volume_path(folder, name);
	}
	content = read_source(SEED);
}

static void remove_dump(void)
{
	for (int i = 0; i < VOLUMES; i++) {
		unlink(paths[i]);
		free(paths[i]);
	}
	rmdir(folder);
	content_close(content);
	results_scenario_free(results);
}

static struct verify_config truth(void)
{
	const struct results_dump *d = &results->dumps[0];

	return (struct verify_config){ .attempts = d->attempts,
		.attempts_count = d->attempts_count,
		.safe_bytes = SIZE,
		.content = content,
		.dump = "dump",
		.dump_id = rng_at(SEED, RNG_DUMP_ID, 0),
		.block_bytes = BLOCK };
}

static enum verify_result verify(struct verify_config *config)
{
	static const char *media[VOLUMES];
	const struct model *drive = model_find("instant");
	const struct library_spec spec = { .paths = (const char *const *)paths,
		.media = media,
		.volume_count = VOLUMES,
		.drives = &drive,
		.drive_count = 1,
		.instant = true };
	struct library *library = library_new(&spec);
	enum verify_result result;

	ck_assert_ptr_nonnull(library);
	config->library = library;
	why[0] = '\0';
	result = verify_dump(config, why, sizeof why);
	library_free(library);
	return result;
}

START_TEST(the_truth_is_the_same)
{
	struct verify_config config = truth();

	/* 1, then 2 fails; 2 and 3 on the next volume; 4 */
	ck_assert_uint_eq(results->dumps[0].attempts_count, 6);
	ck_assert(!results->dumps[0].attempts[1].committed);
	ck_assert_int_eq(verify(&config), VERIFY_SAME);
	ck_assert_str_eq(why, "");
}
END_TEST

enum claim {
	OTHER_DUMP,
	OTHER_NAME,
	OTHER_BLOCK,
	MORE_BYTES,
	FEWER_BYTES,
	FAILED_ATTEMPT,
	MISSING_PART,
	OTHER_PART,
	OTHER_ATTEMPT,
	OTHER_FILE,
	OTHER_OFFSET,
	SHORTER_PART,
	OTHER_VOLUME,
	PARTS_EXCHANGED,
	CLAIMS
};

static const char *const says[CLAIMS] = {
	[OTHER_DUMP] = "a header is of another dump",
	[OTHER_NAME] = "a header is of another dump",
	[OTHER_BLOCK] = "does not begin with a header",
	[MORE_BYTES] = "are reported as safe",
	[FEWER_BYTES] = "are reported as safe",
	[FAILED_ATTEMPT] = "begins at offset",
	[MISSING_PART] = "begins at offset",
	[OTHER_PART] = "the header is of another part",
	[OTHER_ATTEMPT] = "the header is of another part",
	[OTHER_FILE] = "the header is of another part",
	[OTHER_OFFSET] = "begins at offset",
	[SHORTER_PART] = "does not end with a filemark",
	[OTHER_VOLUME] = "volume TL0003",
	[PARTS_EXCHANGED] = "begins at offset",
};

/* Changes one thing in what is claimed. */
static void lie(enum claim claim, struct verify_config *c,
    struct results_attempt *a)
{
	struct results_attempt first = a[0];

	switch (claim) {
	case OTHER_DUMP:
		c->dump_id++;
		break;
	case OTHER_NAME:
		c->dump = "another";
		break;
	case OTHER_BLOCK:
		c->block_bytes *= 2;
		break;
	case MORE_BYTES:
		c->safe_bytes++;
		break;
	case FEWER_BYTES:
		c->safe_bytes -= BLOCK;
		break;
	case FAILED_ATTEMPT:
		a[1].committed = true;
		break;
	case MISSING_PART:
		a[2].committed = false;
		break;
	case OTHER_PART:
		a[3].part++;
		break;
	case OTHER_ATTEMPT:
		a[2].attempt++;
		break;
	case OTHER_FILE:
		a[2].file++;
		break;
	case OTHER_OFFSET:
		a[2].offset_bytes += BLOCK;
		break;
	case SHORTER_PART:
		a[0].bytes -= BLOCK;
		break;
	case OTHER_VOLUME:
		a[0].volume = a[c->attempts_count - 1].volume;
		break;
	case PARTS_EXCHANGED:
		a[0] = a[2];
		a[2] = first;
		break;
	default:
		break;
	}
}

START_TEST(a_false_claim_is_different)
{
	struct verify_config config = truth();
	size_t bytes = config.attempts_count * sizeof *config.attempts;
	struct results_attempt *attempts = malloc(bytes);

	ck_assert_ptr_nonnull(attempts);
	memcpy(attempts, config.attempts, bytes);
	config.attempts = attempts;
	lie((enum claim)_i, &config, attempts);
	ck_assert_int_eq(verify(&config), VERIFY_DIFFERENT);
	ck_assert_msg(strstr(why, says[_i]) != NULL, "%d: %s", _i, why);
	free(attempts);
}
END_TEST

static void append(struct volume *volume, const void *data, uint64_t bytes,
    bool keep)
{
	const struct volume_run run = { .data = data,
		.bytes = bytes,
		.block_bytes = bytes,
		.dump_id = keep ? 0 : rng_at(SEED, RNG_DUMP_ID, 0),
		.keep = keep };

	ck_assert_int_eq(volume_append(volume, &run), 0);
}

/*
 * Writes the last part again, with a header that says that the part before it
 * had `more` bytes more, or another checksum.
 */
static void rewrite_last_part(uint64_t more, bool other_sum)
{
	const struct results_dump *d = &results->dumps[0];
	const struct results_attempt *a = &d->attempts[d->attempts_count - 1];
	char message[VOLUME_MESSAGE_BYTES];
	char *block = malloc(BLOCK), *data = malloc(a->bytes), err[256];
	struct volume *volume = NULL;
	struct volume_position at;
	struct volume_object object;
	struct header h;
	uint64_t blocks = a->bytes / BLOCK;

	ck_assert(block != NULL && data != NULL);
	for (int i = 0; i < VOLUMES && volume == NULL; i++)
		if (strstr(paths[i], a->volume) != NULL)
			volume = volume_open(paths[i], false, message);
	ck_assert_ptr_nonnull(volume);
	ck_assert_int_eq(volume_find_file(volume, a->file, &at), 1);
	ck_assert_int_eq(volume_read(volume, at.object, block, BLOCK, &object),
	    0);
	ck_assert_int_eq(header_parse(block, BLOCK, &h, err, sizeof err), 0);
	for (uint64_t i = 0; i < blocks; i++)
		ck_assert_int_eq(volume_read(volume, at.object + 1 + i,
				     data + i * BLOCK, BLOCK, &object),
		    0);
	h.before_bytes += more;
	if (other_sum)
		h.before_xxh128[0] = h.before_xxh128[0] == '0' ? '1' : '0';
	header_format(&h, "", 0, block, BLOCK);
	ck_assert_int_eq(volume_cut(volume, &at), 0);
	append(volume, block, BLOCK, true);
	for (uint64_t i = 0; i < blocks; i++)
		append(volume, data + i * BLOCK, BLOCK, false);
	ck_assert_int_eq(volume_append_filemarks(volume, 1), 0);
	ck_assert_int_eq(volume_close(volume, message), 0);
	free(block);
	free(data);
}

START_TEST(a_header_must_prove_the_part_before)
{
	struct verify_config config = truth();

	rewrite_last_part(0, false);
	ck_assert_int_eq(verify(&config), VERIFY_SAME);
	rewrite_last_part(_i == 0 ? 1 : 0, _i == 1);
	ck_assert_int_eq(verify(&config), VERIFY_DIFFERENT);
	ck_assert_msg(strstr(why, "does not prove the part before") != NULL,
	    "%s", why);
}
END_TEST

/* Runs a scenario whose volume changes a block silently. */
static void run_changed(const char *expect)
{
	struct run_options options = { .seed = SEED };
	struct scenario_text read;
	char err[512], whole[1024];

	snprintf(whole, sizeof whole,
	    "title: a block is changed\n"
	    "library: {drives: [instant], volumes: {capacity: 4 MiB}}\n"
	    "dump: {size: 1 MiB}\n"
	    "splitter: {block: 64 KiB, part: 512 KiB, cache: memory}\n"
	    "faults: [{fail: corrupt, volume: 1, block: 5}]\n"
	    "expect: [%s]\n",
	    expect);
	scenario_text_read(&read, whole, strlen(whole));
	ck_assert_msg(read.scenario != NULL, "%s", read.errors);
	results_scenario_free(results);
	ck_assert_int_eq(run_scenario(read.scenario, "changed", "c.yaml",
			     &options, &results, err, sizeof err),
	    RUN_JUDGED);
	scenario_text_clear(&read);
}

START_TEST(safe_bytes_that_differ_fail_a_scenario)
{
	run_changed("outcome == DONE");
	ck_assert(results->expectations[0].passed);
	ck_assert_int_eq(results->status, RESULTS_FAILED);
	ck_assert_ptr_nonnull(strstr(results->problem, "differs"));
	run_changed("restored == source");
	ck_assert_int_eq(results->status, RESULTS_FAILED);
	ck_assert_ptr_nonnull(strstr(results->problem, "differs"));
}
END_TEST

START_TEST(a_difference_may_be_expected)
{
	run_changed("restored == different");
	ck_assert_int_eq(results->status, RESULTS_PASSED);
	ck_assert_str_eq(results->problem, "");
}
END_TEST

START_TEST(another_source_is_different)
{
	struct verify_config config = truth();
	struct content *other = read_source(SEED + 1);

	config.content = other;
	ck_assert_int_eq(verify(&config), VERIFY_DIFFERENT);
	ck_assert_ptr_nonnull(strstr(why, "differs from the source"));
	content_close(other);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("read back");
	TCase *tc = tcase_create("read back");

	tcase_add_checked_fixture(tc, write_dump, remove_dump);
	tcase_add_test(tc, the_truth_is_the_same);
	tcase_add_loop_test(tc, a_false_claim_is_different, 0, CLAIMS);
	tcase_add_test(tc, another_source_is_different);
	tcase_add_loop_test(tc, a_header_must_prove_the_part_before, 0, 2);
	tcase_add_test(tc, safe_bytes_that_differ_fail_a_scenario);
	tcase_add_test(tc, a_difference_may_be_expected);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
