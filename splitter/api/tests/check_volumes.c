/*
 * check_volumes.c: volumes.h: names, digests, verifying the parts of a dump,
 * and an end record that is written alone; and the events before a write.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/api/tests/public_rig.h"
#include "splitter/tests/run_suite.h"

static char log_text[1024];

static void log_line(const char *format, const char *volume, uint64_t number)
{
	size_t n = strlen(log_text);

	snprintf(log_text + n, sizeof log_text - n, format, volume, number);
}

static void before_label(void *arg, const struct splitter_volume *v)
{
	(void)arg;
	log_line("label %s;", v->barcode, 0);
}

static void before_header(void *arg, const struct splitter_volume *v,
    const struct splitter_attempt *a)
{
	(void)arg;
	ck_assert_str_eq(v->barcode, a->volume);
	log_line("header %s.%" PRIu64 ";", a->volume, a->file);
}

static void part_lost(void *arg, const struct splitter_part *p,
    bool overwritten)
{
	(void)arg;
	log_line(overwritten ? "overwritten %s.%" PRIu64 ";"
			     : "lost %s.%" PRIu64 ";",
	    p->volume, p->file);
}

static struct splitter_part parts[8];
static size_t parts_count;
static char digest_text[SPLITTER_DIGEST_BYTES];

/* A dump whose writer died before the end record. */
static void write_without_end_record(void)
{
	struct splitter *s;

	log_text[0] = '\0';
	pub_set_up(false);
	pub.config.dump_id = 7;
	pub.config.end_record = false;
	pub.config.before_label = before_label;
	pub.config.before_header = before_header;
	pub.config.part_lost = part_lost;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	ck_assert(!splitter_wait(s)->sealed);
	for (parts_count = 0; splitter_get_part(s, parts_count,
				  &parts[parts_count], sizeof *parts) == 0;)
		parts_count++;
	splitter_free(s);
	memtape_again(pub.tapes);
}

static enum splitter_parts_state verify(struct splitter_verify_config *v,
    size_t *part)
{
	v->library = pub.config.library;
	v->dump_id = 7;
	v->block_bytes = BLOCK;
	v->parts = parts;
	v->parts_count = parts_count;
	return splitter_verify_parts(v, part, pub.err, sizeof pub.err);
}

START_TEST(names_and_barcodes_are_printable_ascii)
{
	char longest[SPLITTER_NAME_BYTES + 1];

	memset(longest, 'x', sizeof longest);
	longest[SPLITTER_NAME_BYTES - 1] = '\0';
	ck_assert(splitter_name_valid(longest));
	longest[SPLITTER_NAME_BYTES - 1] = 'x';
	longest[SPLITTER_NAME_BYTES] = '\0';
	ck_assert(!splitter_name_valid(longest));
	ck_assert(!splitter_name_valid(""));
	ck_assert(!splitter_name_valid("a "));
	ck_assert(!splitter_name_valid("a\n"));
	ck_assert(splitter_barcode_valid("A00001L8"));
	longest[TAPE_BARCODE_BYTES - 1] = '\0';
	ck_assert(splitter_barcode_valid(longest));
	longest[TAPE_BARCODE_BYTES - 1] = 'x';
	ck_assert(!splitter_barcode_valid(longest));
}
END_TEST

START_TEST(no_name_is_no_valid_name)
{
	ck_assert(!splitter_name_valid(NULL));
	ck_assert(!splitter_barcode_valid(NULL));
}
END_TEST

START_TEST(digest_is_xxh128_of_all_pieces)
{
	struct splitter_digest *digest = splitter_digest_new();

	ck_assert_ptr_nonnull(digest);
	splitter_digest_text(digest, digest_text);
	ck_assert_str_eq(digest_text, "99aa06d3014798d86001c324468d497f");
	splitter_digest_add(digest, "a", 1);
	splitter_digest_add(digest, "bc", 2);
	splitter_digest_text(digest, digest_text);
	ck_assert_str_eq(digest_text, "06b05ab6733a618578af5f94892f3950");
	splitter_digest_reset(digest);
	splitter_digest_text(digest, digest_text);
	ck_assert_str_eq(digest_text, "99aa06d3014798d86001c324468d497f");
	splitter_digest_free(digest);
	splitter_digest_free(NULL);
}
END_TEST

START_TEST(events_come_before_labels_and_headers)
{
	write_without_end_record();
	ck_assert_str_eq(log_text,
	    "label MEM001L0;header MEM001L0.1;header MEM001L0.2;header MEM001L0.3;");
	pub_tear_down();
}
END_TEST

START_TEST(parts_that_were_just_written_are_present)
{
	struct splitter_verify_config v;
	size_t part;

	write_without_end_record();
	splitter_verify_config_init(&v, sizeof v, SPLITTER_API);
	ck_assert_int_eq(verify(&v, &part), SPLITTER_PARTS_PRESENT);
	pub_tear_down();
}
END_TEST

START_TEST(overwritten_part_is_named)
{
	struct splitter_verify_config v;
	size_t part;

	write_without_end_record();
	splitter_verify_config_init(&v, sizeof v, SPLITTER_API);
	parts[1].attempt = 9; /* as if another attempt were there */
	parts[2].attempt = 9;
	ck_assert_int_eq(verify(&v, &part), SPLITTER_PARTS_OVERWRITTEN);
	ck_assert_uint_eq(part, 1);
	ck_assert_ptr_nonnull(strstr(pub.err, "MEM001L0"));
	pub_tear_down();
}
END_TEST

START_TEST(absent_volume_is_unreadable_or_assumed)
{
	static const char *const assumed[] = { "B00009" };
	struct splitter_verify_config v;
	size_t part;

	write_without_end_record();
	splitter_verify_config_init(&v, sizeof v, SPLITTER_API);
	strcpy(parts[2].volume, "B00009");
	ck_assert_int_eq(verify(&v, &part), SPLITTER_PARTS_UNREADABLE);
	ck_assert_ptr_nonnull(strstr(pub.err, "B00009"));
	v.assumed = assumed;
	v.assumed_count = 1;
	ck_assert_int_eq(verify(&v, &part), SPLITTER_PARTS_PRESENT);
	pub_tear_down();
}
END_TEST

static bool stop(void *arg, const char *volume)
{
	(void)volume;
	*(int *)arg += 1;
	return false;
}

START_TEST(verification_can_be_stopped)
{
	struct splitter_verify_config v;
	size_t part;
	int calls = 0;

	write_without_end_record();
	splitter_verify_config_init(&v, sizeof v, SPLITTER_API);
	v.volume_begun = stop;
	v.arg = &calls;
	ck_assert_int_eq(verify(&v, &part), SPLITTER_PARTS_STOPPED);
	ck_assert_int_eq(calls, 1);
	pub_tear_down();
}
END_TEST

START_TEST(verification_that_cannot_be_says_why)
{
	struct tape_library_ops without =
	    *memtape_library((write_without_end_record(), pub.tapes))->ops;
	struct tape_library library = { &without };
	const char *nothing = NULL;
	struct splitter_verify_config v;
	size_t part;

	splitter_verify_config_init(&v, sizeof v, SPLITTER_API + 1);
	ck_assert_int_eq(verify(&v, &part), SPLITTER_PARTS_UNREADABLE);
	ck_assert_ptr_nonnull(strstr(pub.err, "install a newer library"));
	splitter_verify_config_init(&v, sizeof v, SPLITTER_API);
	without.load_named = NULL;
	pub.config.library = &library;
	ck_assert_int_eq(verify(&v, &part), SPLITTER_PARTS_UNREADABLE);
	ck_assert_ptr_nonnull(strstr(pub.err, "load_named"));
	pub.config.library = memtape_library(pub.tapes);
	parts[0].part = 3;
	ck_assert_int_eq(verify(&v, &part), SPLITTER_PARTS_UNREADABLE);
	ck_assert_ptr_nonnull(strstr(pub.err, "in order"));
	v.assumed = NULL;
	v.assumed_count = 1;
	ck_assert_int_eq(verify(&v, &part), SPLITTER_PARTS_UNREADABLE);
	ck_assert_ptr_nonnull(strstr(pub.err, "assumed: not a list"));
	v.assumed = &nothing;
	ck_assert_int_eq(verify(&v, &part), SPLITTER_PARTS_UNREADABLE);
	ck_assert_ptr_nonnull(strstr(pub.err, "assumed: not a list"));
	pub_tear_down();
}
END_TEST

/* The end record of the parts; the volume may be appended to, or not. */
static int write_end_record(struct splitter_end_record_result *record,
    bool append)
{
	static const char *const volumes[] = { "MEM001L0" };
	struct splitter_digest *digest = splitter_digest_new();
	int rc;

	splitter_digest_add(digest, pub.source, DUMP);
	splitter_digest_text(digest, digest_text);
	pub.config.append = volumes;
	pub.config.append_count = append;
	pub.config.resume = parts;
	pub.config.resume_count = parts_count;
	pub.config.resume_volumes = 1;
	pub.config.resume_digest = digest;
	rc = splitter_write_end_record(&pub.config, record, sizeof *record,
	    pub.err, sizeof pub.err);
	splitter_digest_free(digest);
	return rc;
}

START_TEST(end_record_alone_has_the_digest_of_all_bytes)
{
	struct splitter_end_record_result record;
	struct tape_result result;
	struct tape_block block;
	char header[BLOCK], value[SPLITTER_DIGEST_BYTES];
	struct tape *tape;

	write_without_end_record();
	ck_assert_int_eq(write_end_record(&record, true), 0);
	ck_assert(record.written);
	ck_assert_uint_eq(record.safe_bytes, DUMP);
	ck_assert_str_eq(record.message, "");
	tape = memtape_reader(pub.tapes, 0);
	tape->ops->locate(tape, 4, 0, &result);
	tape->ops->read(tape, header, BLOCK, &block, 0, &result);
	ck_assert_int_eq(splitter_header_check(header, BLOCK, pub.err,
			     sizeof pub.err),
	    0);
	splitter_header_value(header, BLOCK, "type", 0, value, sizeof value);
	ck_assert_str_eq(value, "end");
	splitter_header_value(header, BLOCK, "xxh128", 0, value, sizeof value);
	ck_assert_str_eq(value, digest_text);
	pub_tear_down();
}
END_TEST

START_TEST(end_record_is_not_written_to_another_volume)
{
	struct splitter_end_record_result record;

	write_without_end_record();
	ck_assert_int_eq(write_end_record(&record, false), 0);
	ck_assert(!record.written);
	ck_assert_int_eq(record.cause, TAPE_REFUSED);
	ck_assert_uint_eq(record.safe_bytes, DUMP);
	pub_tear_down();
}
END_TEST

START_TEST(end_record_reports_parts_that_were_overwritten)
{
	struct splitter_end_record_result record;

	write_without_end_record();
	parts[2].attempt = 9;
	log_text[0] = '\0';
	ck_assert_int_eq(write_end_record(&record, true), 0);
	ck_assert(!record.written);
	ck_assert_uint_eq(record.safe_bytes, 2 * PART);
	ck_assert_str_ne(record.message, "");
	ck_assert_str_eq(log_text, "overwritten MEM001L0.3;");
	pub_tear_down();
}
END_TEST

START_TEST(end_record_needs_parts)
{
	struct splitter_end_record_result record;

	write_without_end_record();
	parts_count = 0;
	ck_assert_int_eq(write_end_record(&record, true), -1);
	ck_assert_ptr_nonnull(strstr(pub.err, "needs the parts"));
	pub_tear_down();
}
END_TEST

START_TEST(resumed_dump_has_the_digest_of_all_bytes)
{
	static const char *const volumes[] = { "MEM001L0" };
	struct splitter_digest *digest = splitter_digest_new();
	struct splitter *s;

	write_without_end_record();
	splitter_digest_add(digest, pub.source, PART);
	pub.config.append = volumes;
	pub.config.append_count = 1;
	pub.config.resume = parts;
	pub.config.resume_count = 1;
	pub.config.resume_volumes = 1;
	pub.config.resume_digest = digest;
	pub.config.resume_next_attempt = 5;
	pub.config.resume_later_attempt = 3;
	pub.config.end_record = true;
	log_text[0] = '\0';
	s = pub_begin();
	splitter_push(s, pub.source + PART, DUMP - PART);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	splitter_digest_add(digest, pub.source + PART, DUMP - PART);
	splitter_digest_text(digest, digest_text);
	ck_assert_str_eq(splitter_wait(s)->xxh128, digest_text);
	ck_assert_int_eq(splitter_get_part(s, 1, &parts[1], sizeof *parts), 0);
	ck_assert_uint_ge(parts[1].attempt, 5);
	ck_assert_int_eq(splitter_get_part(s, 2, &parts[2], sizeof *parts), 0);
	ck_assert_uint_ge(parts[2].attempt, 3);
	splitter_free(s);
	splitter_digest_free(digest);
	pub_tear_down();
}
END_TEST

static bool answer_yes(void *arg, const char *what)
{
	snprintf(arg, 256, "%s", what);
	return true;
}

static bool answer_no(void *arg, const char *what)
{
	snprintf(arg, 256, "%s", what);
	return false;
}

START_TEST(volume_is_overwritten_only_if_the_program_says_so)
{
	char what[256] = "";
	struct splitter *s;

	pub_set_up(false);
	memtape_prepare(pub.tapes, 0, MEMTAPE_FOREIGN);
	pub.config.label_blank = false;
	pub.config.arg = what;
	pub.config.may_overwrite = _i == 0 ? answer_no : answer_yes;
	pub.config.max_volumes = 1;
	s = pub_begin();
	splitter_push(s, pub.source, BLOCK);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome,
	    _i == 0 ? SPLITTER_PARTIAL : SPLITTER_DONE);
	ck_assert_str_ne(what, "");
	splitter_free(s);
	/* The tape in memory does not expect its volume to be overwritten. */
	if (_i == 0)
		ck_assert_str_eq(memtape_complaint(pub.tapes), "");
	memtape_free(pub.tapes);
	free(pub.source);
}
END_TEST

static TCase *make_case(void)
{
	TCase *tc = tcase_create("volumes");

	tcase_add_test(tc, names_and_barcodes_are_printable_ascii);
	tcase_add_test(tc, no_name_is_no_valid_name);
	tcase_add_test(tc, digest_is_xxh128_of_all_pieces);
	tcase_add_test(tc, events_come_before_labels_and_headers);
	tcase_add_test(tc, parts_that_were_just_written_are_present);
	tcase_add_test(tc, overwritten_part_is_named);
	tcase_add_test(tc, absent_volume_is_unreadable_or_assumed);
	tcase_add_test(tc, verification_can_be_stopped);
	tcase_add_test(tc, verification_that_cannot_be_says_why);
	tcase_add_test(tc, end_record_alone_has_the_digest_of_all_bytes);
	tcase_add_test(tc, end_record_is_not_written_to_another_volume);
	tcase_add_test(tc, end_record_reports_parts_that_were_overwritten);
	tcase_add_test(tc, end_record_needs_parts);
	tcase_add_test(tc, resumed_dump_has_the_digest_of_all_bytes);
	tcase_add_loop_test(tc,
	    volume_is_overwritten_only_if_the_program_says_so, 0, 2);
	return tc;
}

int main(void)
{
	Suite *suite = suite_create("volumes");

	suite_add_tcase(suite, make_case());
	return run_suite(suite);
}
