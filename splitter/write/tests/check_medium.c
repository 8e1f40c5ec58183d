/*
 * check_medium.c: a volume is written only if the medium in the drive is the
 * one that was looked at, also while a person decided, is proven to be blank,
 * and has one partition.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/engine/engine.h"
#include "splitter/tests/memtape/memtape.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = 4096, SIZE = 6 * BLOCK };

static const char *const named[] = { "MEM001L0" };

/* How the tape behaves; all false: as a tape in memory. */
static struct behaviour {
	/* Identity: the cartridge is another one from this question on. */
	unsigned exchanged_at;
	/* The cartridge is another one after the first error. */
	bool exchanged_by_error;
	struct tape_sense sense; /* of TAPE_BLANK */
	bool has_sense;          /* the tape reports sense data */
	bool no_format;          /* it has no such operation */
	bool format_fails;
} how;

static unsigned questions;
static struct memtape *tapes;
static struct tape_ops plain, changed;
static char trouble[TAPE_MESSAGE_BYTES];
/* Answers for a person about an unnamed volume; NULL: there is no person. */
static bool (*person)(void *arg, const char *what);
static char asked_about[TAPE_MESSAGE_BYTES];

static void identity(struct tape *t, struct tape_identity *out)
{
	bool failed = memtape_count(tapes, MEMTAPE_BLOCK) >= 3;

	plain.identity(t, out);
	questions++;
	if ((how.exchanged_at > 0 && questions >= how.exchanged_at) ||
	    (how.exchanged_by_error && failed))
		strcpy(out->serial, "S2");
	if (how.has_sense)
		out->blank_proof = TAPE_BLANK_PROOF_SENSE;
}

static void read_block(struct tape *t, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	plain.read(t, buf, buf_bytes, block, now_ns, r);
	if (r->cause == TAPE_BLANK)
		r->sense = how.sense;
}

static void format(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	if (!how.format_fails) {
		plain.format(t, now_ns, r);
		return;
	}
	tape_result_init(r, now_ns);
	r->cause = TAPE_INVALID;
	strcpy(r->message, "this drive cannot format");
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *r)
{
	struct tape_library *inner = memtape_library(tapes);
	struct tape *t = inner->ops->load(inner, now_ns, r);

	(void)library;
	if (t == NULL)
		return NULL;
	if (t->ops != &changed)
		plain = *t->ops;
	changed = plain;
	changed.identity = identity;
	changed.read = read_block;
	changed.format = how.no_format ? NULL : format;
	t->ops = &changed;
	return t;
}

static void unload(struct tape_library *library, struct tape *t,
    enum tape_close close, int64_t now_ns, struct tape_result *r)
{
	struct tape_library *inner = memtape_library(tapes);

	(void)library;
	inner->ops->unload(inner, t, close, now_ns, r);
}

static void on_warning(void *arg, const char *message, int64_t at_ns)
{
	(void)arg, (void)at_ns;
	if (trouble[0] == '\0')
		snprintf(trouble, sizeof trouble, "%s", message);
}

/* Makes one volume on the medium S1. */
static void set_up(const struct memtape_failure *failure)
{
	const struct memtape_config config = { .drives = 1,
		.volumes = 1,
		.capacity_bytes = 100 * BLOCK,
		.warning_bytes = 20 * BLOCK,
		.block_bytes = BLOCK,
		.failures = failure,
		.failure_count = failure != NULL };

	how = (struct behaviour){ .no_format = false };
	questions = 0;
	person = NULL;
	trouble[0] = '\0';
	tapes = memtape_new(&config);
	memtape_identify(tapes, 0, "S1", 1);
}

/* Writes a dump.  Returns its outcome. */
static enum splitter_outcome write_dump(const struct volume_policy_rules *rules)
{
	static const struct tape_library_ops ops = { .load = load,
		.unload = unload };
	static const char source[SIZE];
	struct tape_library library = { &ops };
	static uint64_t dump_id;
	const struct dump_run_config k = {
		.core = { .block_bytes = BLOCK,
		    .buffer_bytes = 4 * BLOCK,
		    .max_failed_volumes = 3 },
		.writer = { .dump = "dump",
		    .dump_id = ++dump_id,
		    .block_bytes = BLOCK,
		    .volume_policy = *rules,
		    .may_overwrite = person,
		    .library = &library,
		    .events.warning = on_warning },
	};
	struct dump_run_outcome o;
	struct engine *e;
	char err[256];

	e = engine_start(&k, err, sizeof err);
	ck_assert_msg(e != NULL, "%s", err);
	engine_push(e, source, SIZE);
	engine_eof(e);
	engine_wait(e, &o);
	engine_free(e);
	return o.outcome;
}

static const struct volume_policy_rules blank = { .label_blank = true };

/* Checks that nothing was written, and why. */
static void ck_refused(const struct volume_policy_rules *rules, const char *why)
{
	const struct memtape_volume before = *memtape_volume(tapes, 0);

	ck_assert_int_eq(write_dump(rules), SPLITTER_PARTIAL);
	ck_assert_uint_eq(memtape_volume(tapes, 0)->count, before.count);
	ck_assert_int_eq(memtape_volume(tapes, 0)->changed, before.changed);
	ck_assert_msg(strstr(trouble, why) != NULL, "%s", trouble);
	ck_assert_str_eq(memtape_complaint(tapes), "");
	memtape_free(tapes);
}

static void ck_label(struct header *h)
{
	const struct memtape_object *o = memtape_volume(tapes, 0)->objects;
	char err[256];

	ck_assert_int_eq(header_parse((const char *)o->data, o->bytes, h, err,
			     sizeof err),
	    0);
}

START_TEST(a_label_records_its_medium)
{
	struct volume_policy_rules rules = { .label_blank = true, .test = _i };
	struct header h;

	set_up(NULL);
	how.sense = (struct tape_sense){ 8, 0, 5, true };
	ck_assert_int_eq(write_dump(&rules), SPLITTER_DONE);
	ck_label(&h);
	ck_assert_str_eq(h.serial, "S1");
	ck_assert_str_eq(h.purpose, _i ? "test" : "");
	/* At the look, and before the first block. */
	ck_assert_uint_eq(questions, 2);
	memtape_free(tapes);
}
END_TEST

START_TEST(a_volume_for_tests_is_written_by_acceptance_runs_alone)
{
	const struct volume_policy_rules test = { .label_blank = true,
		.test = true };

	set_up(NULL);
	ck_assert_int_eq(write_dump(&test), SPLITTER_DONE);
	memtape_again(tapes);
	if (_i == 0) {
		ck_refused(&blank, "only an acceptance run writes to it");
		return;
	}
	memtape_allow(tapes, 0);
	ck_assert_int_eq(write_dump(&test), SPLITTER_DONE);
	memtape_free(tapes);
}
END_TEST

START_TEST(a_medium_that_was_exchanged_after_the_look_is_not_written)
{
	set_up(NULL);
	how.exchanged_at = 2;
	ck_refused(&blank, "its medium serial number is S2, not S1");
}
END_TEST

/* Not even a filemark is written. */
START_TEST(a_medium_that_was_exchanged_with_an_error_is_not_written)
{
	const struct memtape_failure failure = { MEMTAPE_BLOCK, 3,
		TAPE_MEDIUM_ERROR, false };

	set_up(&failure);
	how.exchanged_by_error = true;
	ck_assert_int_eq(write_dump(&blank), SPLITTER_PARTIAL);
	ck_assert_uint_eq(memtape_count(tapes, MEMTAPE_FILEMARK), 0);
	memtape_free(tapes);
}
END_TEST

static const struct blank_row {
	bool has_sense;
	struct tape_sense sense;
	bool proven;
} blank_rows[] = {
	{ false, { .valid = false }, true },
	{ false, { 8, 0x00, 0x05, true }, true },
	{ false, { 8, 0x14, 0x03, true }, false }, /* no end of data */
	{ false, { 3, 0x11, 0x00, true }, false },
	{ true, { .valid = false }, false },
	{ true, { 8, 0x00, 0x05, true }, true },
	{ true, { 8, 0x14, 0x03, true }, false },
	{ true, { 8, 0x00, 0x00, true }, false },
};

START_TEST(blank_counts_only_when_proven)
{
	const struct blank_row *row = &blank_rows[_i];

	set_up(NULL);
	how.has_sense = row->has_sense;
	how.sense = row->sense;
	if (!row->proven) {
		ck_refused(&blank, "does not prove that the volume is blank");
		return;
	}
	ck_assert_int_eq(write_dump(&blank), SPLITTER_DONE);
	memtape_free(tapes);
}
END_TEST

START_TEST(a_partitioned_medium_is_formatted_only_on_request)
{
	struct volume_policy_rules rules = { .overwrite = { named, 1 } };

	set_up(NULL);
	memtape_identify(tapes, 0, "S1", 2);
	ck_refused(&rules, "several partitions");
	rules.format = true;
	set_up(NULL);
	memtape_identify(tapes, 0, "S1", 2);
	ck_refused(&blank, "several partitions");
	set_up(NULL);
	memtape_identify(tapes, 0, "S1", 2);
	memtape_prepare(tapes, 0, MEMTAPE_FOREIGN);
	ck_assert_int_eq(write_dump(&rules), SPLITTER_DONE);
	ck_assert_uint_eq(memtape_volume(tapes, 0)->partitions, 1);
	memtape_free(tapes);
}
END_TEST

START_TEST(a_medium_that_cannot_be_formatted_is_left_unchanged)
{
	const struct volume_policy_rules rules = { .overwrite = { named, 1 },
		.format = true };

	set_up(NULL);
	memtape_identify(tapes, 0, "S1", 2);
	how.no_format = _i == 0;
	how.format_fails = _i == 1;
	ck_refused(&rules, "cannot format");
}
END_TEST

static bool agree(void *arg, const char *what)
{
	(void)arg;
	snprintf(asked_about, sizeof asked_about, "%s", what);
	return true;
}

static bool decline(void *arg, const char *what)
{
	return !agree(arg, what);
}

/* Answers yes after another person has exchanged the cartridge. */
static bool agree_too_late(void *arg, const char *what)
{
	memtape_prepare(tapes, 0, MEMTAPE_LABELLED);
	return agree(arg, what);
}

static const struct unnamed {
	const char *name;
	enum memtape_kind kind;
	bool (*person)(void *arg, const char *what);
	const char *what; /* a word of the text that is shown */
	/* a word of the refusal; NULL: the volume is overwritten */
	const char *says;
} unnamed[] = {
	{ "foreign", MEMTAPE_FOREIGN, agree, "unknown program", NULL },
	{ "with a dump", MEMTAPE_LABELLED, agree, "an older one", NULL },
	{ "of another name", MEMTAPE_OTHER_LABEL, agree, "XEM001L0", NULL },
	{ "not agreed to", MEMTAPE_FOREIGN, decline, "unknown program",
	    "not confirmed" },
	{ "exchanged", MEMTAPE_FOREIGN, agree_too_late, "unknown program",
	    "have changed" },
	{ "unreadable", MEMTAPE_UNREADABLE, agree, "", "cannot be read" },
};

START_TEST(an_unnamed_volume_is_overwritten_if_a_person_agrees)
{
	const struct volume_policy_rules rules = { .unnamed = true };
	const struct unnamed *u = &unnamed[_i];

	set_up(NULL);
	memtape_identify(tapes, 0, "", 1);
	memtape_prepare(tapes, 0, u->kind);
	asked_about[0] = '\0';
	person = u->person;
	if (u->says == NULL) {
		memtape_allow(tapes, 0);
		ck_assert_int_eq(write_dump(&rules), SPLITTER_DONE);
		ck_assert(memtape_volume(tapes, 0)->changed);
		ck_assert_str_eq(memtape_complaint(tapes), "");
		memtape_free(tapes);
	} else {
		ck_refused(&rules, u->says);
	}
	ck_assert_msg(strstr(asked_about, u->what) != NULL, "%s: %s", u->name,
	    asked_about);
}
END_TEST

START_TEST(a_person_is_not_asked_about_a_medium_that_has_a_serial_number)
{
	const struct volume_policy_rules rules = { .unnamed = true };

	set_up(NULL);
	memtape_prepare(tapes, 0, MEMTAPE_FOREIGN);
	asked_about[0] = '\0';
	person = agree;
	ck_refused(&rules, "to overwrite it, name it: S1");
	ck_assert_str_eq(asked_about, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("medium");
	TCase *tc = tcase_create("medium");

	tcase_add_loop_test(tc, a_label_records_its_medium, 0, 2);
	tcase_add_loop_test(tc,
	    a_volume_for_tests_is_written_by_acceptance_runs_alone, 0, 2);
	tcase_add_test(tc,
	    a_medium_that_was_exchanged_after_the_look_is_not_written);
	tcase_add_test(tc,
	    a_medium_that_was_exchanged_with_an_error_is_not_written);
	tcase_add_loop_test(tc, blank_counts_only_when_proven, 0,
	    sizeof blank_rows / sizeof *blank_rows);
	tcase_add_test(tc, a_partitioned_medium_is_formatted_only_on_request);
	tcase_add_loop_test(tc,
	    a_medium_that_cannot_be_formatted_is_left_unchanged, 0, 2);
	tcase_add_loop_test(tc,
	    an_unnamed_volume_is_overwritten_if_a_person_agrees, 0,
	    sizeof unnamed / sizeof *unnamed);
	tcase_add_test(tc,
	    a_person_is_not_asked_about_a_medium_that_has_a_serial_number);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
