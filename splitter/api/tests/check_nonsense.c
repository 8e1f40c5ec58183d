/*
 * check_nonsense.c: whatever one call of a program's tape or library answers,
 * the process is not aborted, the operation ends, and a message says why.
 *
 * Each call is spoiled in turn, in each way; see nonsense.h.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/api/label.h"
#include "splitter/api/reader.h"
#include "splitter/api/tests/nonsense.h"
#include "splitter/api/tests/public_rig.h"
#include "splitter/tests/run_suite.h"

/* Under a sanitizer only some calls are spoiled. */
enum { STRIDE = SANITIZED };

static char messages[8192];
static unsigned attempts_failed;
static struct splitter_part parts[8];
static size_t parts_count;

static void keep(const char *message)
{
	size_t n = strlen(messages);

	ck_assert_ptr_nonnull(message);
	ck_assert_uint_lt(strlen(message), TAPE_MESSAGE_BYTES);
	snprintf(messages + n, sizeof messages - n, "%s|", message);
}

static void on_warning(void *arg, const char *message, int64_t at_ns)
{
	(void)arg, (void)at_ns;
	keep(message);
}

static void on_part(void *arg, const struct splitter_attempt *a)
{
	(void)arg;
	keep(a->message);
	attempts_failed += !a->committed;
}

/* A dump over three volumes, two of which end without a warning. */
static void set_up(void)
{
	messages[0] = '\0';
	attempts_failed = 0;
	pub_set_up(false);
	memtape_size(pub.tapes, 0, 8 * BLOCK, MEMTAPE_NO_WARNING);
	memtape_size(pub.tapes, 1, 9 * BLOCK, 2 * BLOCK);
	pub.config.cache = SPLITTER_CACHE_MEMORY;
	pub.config.dump_id = 3;
	pub.config.attempt_done = on_part;
	pub.config.warning = on_warning;
}

/* A dump that is not DONE has a message. */
static void check_end(const struct nonsense_kind *kind,
    enum splitter_outcome outcome, const char *message)
{
	const char *operation = nonsense_operation();
	char answered[64];

	ck_assert(outcome == SPLITTER_DONE || message[0] != '\0');
	if (operation == NULL || !kind->impossible)
		return;
	/* A filemark after an attempt that failed does not hide why. */
	if (strcmp(operation, "filemark") == 0 && attempts_failed > 0)
		return;
	snprintf(answered, sizeof answered, "%s returned", operation);
	keep(message);
	ck_assert_msg(strstr(messages, answered) != NULL, "%s: %s: %s",
	    kind->name, operation, messages);
}

static void write_from(const struct nonsense_kind *kind, uint64_t offset)
{
	const struct splitter_summary *o;
	struct splitter *s;

	s = pub_begin();
	splitter_push(s, pub.source + offset, DUMP - offset);
	splitter_eof(s);
	o = splitter_wait(s);
	ck_assert_uint_le(o->safe_bytes, DUMP);
	check_end(kind, o->outcome, o->message);
	splitter_free(s);
}

static void write_dump(const struct nonsense_kind *kind)
{
	write_from(kind, 0);
}

/* The dump is resumed after its first part. */
static void resume(const struct nonsense_kind *kind)
{
	static const char *const append[] = { "MEM001L0", "MEM002L0",
		"MEM003L0", "MEM004L0" };

	memtape_again(pub.tapes);
	pub.config.append = append;
	pub.config.append_count = 4;
	pub.config.resume = parts;
	pub.config.resume_count = 1;
	pub.config.resume_volumes = 1;
	write_from(kind, PART);
}

static void write_end_record(const struct nonsense_kind *kind)
{
	static const char *const append[] = { "MEM003L0" };
	struct splitter_end_record_result record;

	pub.config.append = append;
	pub.config.append_count = 1;
	pub.config.resume = parts;
	pub.config.resume_count = parts_count;
	pub.config.resume_volumes = 3;
	ck_assert_int_eq(splitter_write_end_record(&pub.config, &record,
			     sizeof record, pub.err, sizeof pub.err),
	    0);
	keep(record.message);
	(void)kind;
}

static void verify(const struct nonsense_kind *kind)
{
	struct splitter_verify_config v;
	enum splitter_parts_state state;
	size_t part;

	splitter_verify_config_init(&v, sizeof v, SPLITTER_API);
	v.library = pub.config.library;
	v.dump_id = 3;
	v.block_bytes = BLOCK;
	v.parts = parts;
	v.parts_count = parts_count;
	pub.err[0] = '\0';
	state = splitter_verify_parts(&v, &part, pub.err, sizeof pub.err);
	ck_assert(state == SPLITTER_PARTS_PRESENT || pub.err[0] != '\0');
	if (state != SPLITTER_PARTS_PRESENT)
		ck_assert_uint_lt(part, parts_count);
	(void)kind;
}

static bool on_data(void *arg, const void *bytes, uint64_t count)
{
	(void)arg, (void)bytes;
	return count <= DUMP;
}

static void scan_and_read(const struct nonsense_kind *kind)
{
	struct splitter_scan_config c;
	struct splitter_read_config r;
	struct splitter_read_outcome outcome;
	struct splitter_scan *scan;
	char end[TAPE_MESSAGE_BYTES];

	(void)kind;
	memtape_again(pub.tapes);
	splitter_scan_config_init(&c, sizeof c, SPLITTER_API);
	scan = splitter_scan_new(&c, pub.err, sizeof pub.err);
	ck_assert_int_eq(splitter_scan_library(scan, pub.config.library, end,
			     sizeof end),
	    0);
	splitter_read_config_init(&r, sizeof r, SPLITTER_API);
	r.library = pub.config.library;
	r.scan = scan;
	r.salvage = true;
	r.missing_max_bytes = 1 << 20;
	r.data = on_data;
	if (splitter_scan_dump_count(scan) > 0)
		ck_assert_int_eq(splitter_read(&r, &outcome, sizeof outcome,
				     pub.err, sizeof pub.err),
		    0);
	splitter_scan_free(scan);
}

static void label(const struct nonsense_kind *kind)
{
	static const char *const named[] = { "MEM001L0" };
	struct tape_library *library = pub.config.library;
	struct splitter_label_config l;
	struct splitter_label_result labelled = { .close = TAPE_CLOSE_REFUSED };
	struct splitter_scan_config c;
	struct splitter_scan *scan;
	struct tape_result result;
	struct tape *tape;
	int64_t now_ns = 0;

	(void)kind;
	memtape_again(pub.tapes);
	splitter_scan_config_init(&c, sizeof c, SPLITTER_API);
	scan = splitter_scan_new(&c, pub.err, sizeof pub.err);
	splitter_label_config_init(&l, sizeof l, SPLITTER_API);
	l.block_bytes = BLOCK;
	l.overwrite = named;
	l.overwrite_count = 1;
	tape = library->ops->load(library, 0, &result);
	if (tape != NULL) {
		ck_assert_int_eq(splitter_label_volume(scan, tape, &l, &now_ns,
				     &labelled, sizeof labelled, pub.err,
				     sizeof pub.err),
		    0);
		ck_assert(labelled.status == SPLITTER_LABEL_WRITTEN ||
		    labelled.message[0] != '\0');
		library->ops->unload(library, tape, labelled.close, now_ns,
		    &result);
	}
	splitter_scan_free(scan);
}

/* A dump without an end record, whose parts are `parts`. */
static void write_before(void)
{
	struct splitter *s;

	pub.config.end_record = false;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	for (parts_count = 0; splitter_get_part(s, parts_count,
				  &parts[parts_count], sizeof *parts) == 0;)
		parts_count++;
	splitter_free(s);
	pub.config.end_record = true;
	memtape_again(pub.tapes);
	messages[0] = '\0';
	attempts_failed = 0;
}

/* Spoils each call of what `act` does, in the way that _i says. */
static void spoil_each(unsigned i, void (*act)(const struct nonsense_kind *),
    bool before)
{
	const struct nonsense_kind *kind = &nonsense_kinds[i];
	unsigned nth = 1 + i % STRIDE;
	bool met = true;

	for (; met; nth += STRIDE) {
		set_up();
		if (before)
			write_before();
		pub.config.library =
		    nonsense_begin(kind, nth, memtape_library(pub.tapes));
		act(kind);
		met = nonsense_operation() != NULL;
		nonsense_end();
		/* The tapes in memory may complain of the nonsense. */
		memtape_free(pub.tapes);
		free(pub.source);
	}
}

START_TEST(dump_ends_whatever_one_call_answers)
{
	spoil_each((unsigned)_i, write_dump, false);
}
END_TEST

START_TEST(resumed_dump_ends_whatever_one_call_answers)
{
	spoil_each((unsigned)_i, resume, true);
}
END_TEST

START_TEST(end_record_alone_ends_whatever_one_call_answers)
{
	spoil_each((unsigned)_i, write_end_record, true);
}
END_TEST

START_TEST(verification_ends_whatever_one_call_answers)
{
	spoil_each((unsigned)_i, verify, true);
}
END_TEST

START_TEST(scan_and_reading_end_whatever_one_call_answers)
{
	spoil_each((unsigned)_i, scan_and_read, true);
}
END_TEST

START_TEST(label_ends_whatever_one_call_answers)
{
	spoil_each((unsigned)_i, label, true);
}
END_TEST

int main(void)
{
	const int kinds = (int)nonsense_kinds_count;
	Suite *suite = suite_create("nonsense");
	TCase *tc = tcase_create("nonsense");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, dump_ends_whatever_one_call_answers, 0, kinds);
	tcase_add_loop_test(tc, resumed_dump_ends_whatever_one_call_answers, 0,
	    kinds);
	tcase_add_loop_test(tc, end_record_alone_ends_whatever_one_call_answers,
	    0, kinds);
	tcase_add_loop_test(tc, verification_ends_whatever_one_call_answers, 0,
	    kinds);
	tcase_add_loop_test(tc, scan_and_reading_end_whatever_one_call_answers,
	    0, kinds);
	tcase_add_loop_test(tc, label_ends_whatever_one_call_answers, 0, kinds);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
