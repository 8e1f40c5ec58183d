/*
 * check_label.c: label.h: which volumes are labelled, and how they are closed.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/api/label.h"
#include "splitter/api/tests/public_rig.h"
#include "splitter/tests/run_suite.h"

static struct splitter_scan *scan;
static struct splitter_label_config config;
static struct splitter_label_result result;
static char what[256];

static void begin(void)
{
	struct splitter_scan_config c;

	pub_set_up(false);
	splitter_scan_config_init(&c, sizeof c, SPLITTER_API);
	scan = splitter_scan_new(&c, pub.err, sizeof pub.err);
	ck_assert_ptr_nonnull(scan);
	splitter_label_config_init(&config, sizeof config, SPLITTER_API);
	config.block_bytes = BLOCK;
	config.arg = what;
	what[0] = '\0';
}

static void end(void)
{
	splitter_scan_free(scan);
	memtape_free(pub.tapes);
	free(pub.source);
}

/* Labels the first volume of the library. */
static void label(void)
{
	struct tape_library *library = pub.config.library;
	struct tape_result loaded;
	struct tape *tape = library->ops->load(library, 0, &loaded);
	int64_t now_ns = 0;

	ck_assert_ptr_nonnull(tape);
	ck_assert_int_eq(splitter_label_volume(scan, tape, &config, &now_ns,
			     &result, sizeof result, pub.err, sizeof pub.err),
	    0);
	library->ops->unload(library, tape, result.close, now_ns, &loaded);
}

static void before_label(void *arg, const struct splitter_scan_volume *v)
{
	snprintf(arg, sizeof what, "%s", v->barcode);
}

static bool agree(void *arg, const char *text)
{
	snprintf(arg, sizeof what, "%s", text);
	return true;
}

static bool decline(void *arg, const char *text)
{
	snprintf(arg, sizeof what, "%s", text);
	return false;
}

START_TEST(blank_volume_gets_a_scratch_label)
{
	char block[BLOCK], value[16];
	struct tape_block got;
	struct tape_result read;
	struct tape *tape;

	begin();
	config.before_label = before_label;
	label();
	ck_assert_int_eq(result.status, SPLITTER_LABEL_WRITTEN);
	ck_assert_int_eq(result.cause, TAPE_OK);
	ck_assert_int_eq(result.close, TAPE_CLOSE_GOOD);
	ck_assert_str_eq(what, "MEM001L0");
	tape = memtape_reader(pub.tapes, 0);
	tape->ops->read(tape, block, BLOCK, &got, 0, &read);
	ck_assert_int_eq(splitter_header_check(block, got.bytes, pub.err,
			     sizeof pub.err),
	    0);
	splitter_header_value(block, got.bytes, "type", 0, value, sizeof value);
	ck_assert_str_eq(value, "scratch");
	ck_assert(splitter_scan_knows(scan, "MEM001L0"));
	end();
}
END_TEST

static const struct row {
	enum memtape_kind kind;
	bool overwrite;
	bool (*may_overwrite)(void *arg, const char *what);
	enum splitter_label_status status;
	const char *message;
} rows[] = {
	{ MEMTAPE_SCRATCH, false, NULL, SPLITTER_LABEL_IS_SCRATCH, "already" },
	{ MEMTAPE_SCRATCH, true, NULL, SPLITTER_LABEL_WRITTEN, "" },
	{ MEMTAPE_LABELLED, false, NULL, SPLITTER_LABEL_HAS_DUMPS, "dumps" },
	{ MEMTAPE_LABELLED, true, NULL, SPLITTER_LABEL_WRITTEN, "" },
	{ MEMTAPE_FOREIGN, false, NULL, SPLITTER_LABEL_REFUSED, "not written" },
	{ MEMTAPE_FOREIGN, true, NULL, SPLITTER_LABEL_WRITTEN, "" },
	{ MEMTAPE_FOREIGN, false, agree, SPLITTER_LABEL_WRITTEN, "" },
	{ MEMTAPE_FOREIGN, false, decline, SPLITTER_LABEL_REFUSED,
	    "not confirmed" },
	{ MEMTAPE_UNREADABLE, true, NULL, SPLITTER_LABEL_REFUSED, "" },
	{ MEMTAPE_UNREADABLE, false, agree, SPLITTER_LABEL_REFUSED, "" },
	{ MEMTAPE_OTHER_LABEL, true, NULL, SPLITTER_LABEL_REFUSED, "" },
	{ MEMTAPE_PROTECTED, false, NULL, SPLITTER_LABEL_FAILED, "" },
};

START_TEST(volume_is_labelled_as_the_rules_say)
{
	static const char *const named[] = { "MEM001L0" };
	const struct row *row = &rows[_i];

	begin();
	memtape_prepare(pub.tapes, 0, row->kind);
	config.overwrite = named;
	config.overwrite_count = row->overwrite;
	config.may_overwrite = row->may_overwrite;
	label();
	ck_assert_int_eq(result.status, row->status);
	ck_assert_msg(strstr(result.message, row->message) != NULL, "%s",
	    result.message);
	if (row->status == SPLITTER_LABEL_REFUSED)
		ck_assert_str_ne(result.message, "");
	ck_assert_int_eq(result.close == TAPE_CLOSE_REFUSED,
	    row->status != SPLITTER_LABEL_WRITTEN);
	end();
}
END_TEST

START_TEST(block_that_the_drive_does_not_take_is_refused)
{
	begin();
	config.block_bytes = 2 * MEMTAPE_BLOCK_MAX_BYTES;
	label();
	ck_assert_int_eq(result.status, SPLITTER_LABEL_FAILED);
	ck_assert_int_eq(result.cause, TAPE_INVALID);
	ck_assert_int_eq(result.close, TAPE_CLOSE_REFUSED);
	ck_assert_ptr_nonnull(strstr(result.message, "its drive takes blocks"));
	end();
}
END_TEST

START_TEST(label_that_fails_makes_the_volume_suspect)
{
	static const struct memtape_failure failure = { MEMTAPE_LABEL, 1,
		TAPE_MEDIUM_ERROR, false };

	begin();
	memtape_free(pub.tapes);
	pub.tapes_config.failures = &failure;
	pub.tapes_config.failure_count = 1;
	pub.tapes = memtape_new(&pub.tapes_config);
	pub.config.library = memtape_library(pub.tapes);
	label();
	ck_assert_int_eq(result.status, SPLITTER_LABEL_FAILED);
	ck_assert_int_eq(result.cause, TAPE_MEDIUM_ERROR);
	ck_assert_int_eq(result.close, TAPE_CLOSE_SUSPECT);
	end();
}
END_TEST

/* The cartridge is exchanged after this read; 0: never. */
static unsigned exchanged_after, reads;
static struct tape_ops plain;

static void read_and_exchange(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	plain.read(tape, buf, buf_bytes, block, now_ns, r);
	reads++;
}

static void identify_either(struct tape *tape, struct tape_identity *out)
{
	plain.identity(tape, out);
	if (exchanged_after > 0 && reads >= exchanged_after)
		strcpy(out->serial, "S2");
}

/* Labels a blank tape on the medium S1. */
static void label_exchanged(struct tape *tape)
{
	int64_t now_ns = 0;

	reads = 0;
	ck_assert_int_eq(splitter_label_volume(scan, tape, &config, &now_ns,
			     &result, sizeof result, pub.err, sizeof pub.err),
	    0);
}

/*
 * Expected: the serial number of the medium is asked for again directly before
 * the first write.  Bug: it was asked for before the first block was read.
 */
START_TEST(a_medium_that_is_exchanged_after_it_was_read_is_not_labelled)
{
	struct tape_ops changed;
	struct tape_result r;
	struct tape *tape;

	begin();
	memtape_identify(pub.tapes, 0, "S1", 1);
	tape = pub.config.library->ops->load(pub.config.library, 0, &r);
	plain = changed = *tape->ops;
	changed.read = read_and_exchange;
	changed.identity = identify_either;
	tape->ops = &changed;
	config.before_label = before_label;
	exchanged_after = 0;
	config.block_bytes = 2 * MEMTAPE_BLOCK_MAX_BYTES;
	label_exchanged(tape); /* counts the reads, and writes nothing */
	ck_assert_uint_gt(reads, 0);
	exchanged_after = reads;
	config.block_bytes = BLOCK;
	label_exchanged(tape);
	ck_assert_int_eq(result.status, SPLITTER_LABEL_REFUSED);
	ck_assert_int_eq(result.close, TAPE_CLOSE_REFUSED);
	ck_assert_ptr_nonnull(strstr(result.message,
	    "another cartridge is in the drive: its medium serial number is "
	    "S2, not S1"));
	ck_assert_str_eq(what, "");
	ck_assert_uint_eq(memtape_volume(pub.tapes, 0)->count, 0);
	tape->ops = &plain;
	end();
}
END_TEST

/* A tape without one operation is refused, and not called. */
START_TEST(tape_that_lacks_an_operation_is_refused)
{
	struct tape_ops ops = { .name = "none" };
	struct tape tape = { .ops = &ops };
	int64_t now_ns = 0;

	begin();
	ck_assert_int_eq(splitter_label_volume(scan, &tape, &config, &now_ns,
			     &result, sizeof result, pub.err, sizeof pub.err),
	    0);
	ck_assert_int_eq(result.status, SPLITTER_LABEL_REFUSED);
	ck_assert_ptr_nonnull(strstr(result.message, "lacks an operation"));
	end();
}
END_TEST

START_TEST(configuration_that_cannot_be_is_refused)
{
	struct tape *tape;
	int64_t now_ns = 0;

	begin();
	tape = memtape_reader(pub.tapes, 0);
	config.block_bytes = 100;
	ck_assert_int_eq(splitter_label_volume(scan, tape, &config, &now_ns,
			     &result, sizeof result, pub.err, sizeof pub.err),
	    -1);
	ck_assert_ptr_nonnull(strstr(pub.err, "block_bytes"));
	config.block_bytes = BLOCK;
	config.overwrite_count = 1;
	ck_assert_int_eq(splitter_label_volume(scan, tape, &config, &now_ns,
			     &result, sizeof result, pub.err, sizeof pub.err),
	    -1);
	ck_assert_ptr_nonnull(strstr(pub.err, "overwrite"));
	config.api = SPLITTER_API + 1;
	ck_assert_int_eq(splitter_label_volume(scan, tape, &config, &now_ns,
			     &result, sizeof result, pub.err, sizeof pub.err),
	    -1);
	ck_assert_ptr_nonnull(strstr(pub.err, "install a newer library"));
	end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("label");
	TCase *tc = tcase_create("label");

	tcase_add_test(tc, blank_volume_gets_a_scratch_label);
	tcase_add_loop_test(tc, volume_is_labelled_as_the_rules_say, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_test(tc, block_that_the_drive_does_not_take_is_refused);
	tcase_add_test(tc, label_that_fails_makes_the_volume_suspect);
	tcase_add_test(tc,
	    a_medium_that_is_exchanged_after_it_was_read_is_not_labelled);
	tcase_add_test(tc, tape_that_lacks_an_operation_is_refused);
	tcase_add_test(tc, configuration_that_cannot_be_is_refused);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
