/*
 * check_measuring.c: what a measure step finds out, on a tape in memory whose
 * times are known.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/steps/pattern.h"
#include "sim/run/steps/program.h"
#include "splitter/format/header.h"
#include "splitter/tests/run_suite.h"

enum {
	WRAP = 4 << 20,
	BLOCK = 64 << 10,
	OBJECTS = 4096,
	LOAD_NS = 3000000,
	UNLOAD_NS = 5000000,
	REWIND_NS = 7000000,
	LOCATE_NS = 11000000,
	FILEMARK_NS = 13000,
	SYNC_NS = 17000000
};

/* A block, or a filemark of 0 bytes. */
struct object {
	uint64_t bytes;
	char *data;
};

static struct {
	struct tape tape; /* first: cast to this */
	struct tape_library library;
	struct object objects[OBJECTS];
	size_t count, at;
	uint64_t byte;     /* of the medium, at the position */
	uint64_t capacity; /* the early warning is 1 MiB before it */
	uint64_t block_max;
	size_t fail_at; /* the write of this object fails; 0: none */
	enum tape_cause fail;
	size_t damaged; /* this object is read with a wrong byte; 0: none */
	unsigned loads;
} it;

static struct scenario scenario;
static struct scenario_step step;
static struct program_outcome outcome;
static struct model model;
static char err[512];

static void done(struct tape_result *r, int64_t now_ns, int64_t take_ns)
{
	tape_result_init(r, now_ns + take_ns);
}

/* Forward wraps take 100 MB/s, reverse ones 50 MB/s. */
static int64_t time_of(uint64_t bytes)
{
	int64_t ns = 0;

	while (bytes > 0) {
		uint64_t n = WRAP - it.byte % WRAP;

		if (n > bytes)
			n = bytes;
		ns += (int64_t)n * (it.byte / WRAP % 2 == 0 ? 10 : 20);
		it.byte += n;
		bytes -= n;
	}
	return ns;
}

static void limits(struct tape *t, struct tape_limits *l)
{
	(void)t;
	l->block_min_bytes = 4096;
	l->block_max_bytes = it.block_max;
}

static void position(struct tape *t, struct tape_position *p)
{
	(void)t;
	p->byte = it.byte;
}

static void put(const void *data, uint64_t bytes)
{
	struct object *o = &it.objects[it.at];

	ck_assert_uint_lt(it.at, OBJECTS);
	for (size_t i = it.at; i < it.count; i++) {
		free(it.objects[i].data);
		it.objects[i].data = NULL;
	}
	o->bytes = bytes;
	o->data = malloc(bytes + 1);
	if (bytes > 0)
		memcpy(o->data, data, bytes);
	it.count = ++it.at;
}

static void start_file(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	(void)t;
	put(block, bytes);
	done(r, now_ns, time_of(bytes));
}

static void label(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	it.at = 0;
	it.byte = 0;
	start_file(t, block, bytes, now_ns, r);
	put(NULL, 0);
}

static void write_run(struct tape *t, const struct tape_run *run,
    int64_t now_ns, struct tape_result *r)
{
	const char *data = run->data;
	uint64_t taken = 0;
	int64_t ns = 0;

	(void)t;
	done(r, now_ns, 0);
	while (taken < run->bytes) {
		uint64_t n = run->bytes - taken;

		if (n > run->block_bytes)
			n = run->block_bytes;
		if (it.fail_at > 0 && it.at == it.fail_at) {
			r->cause = it.fail;
			break;
		}
		if (it.byte + n > it.capacity) {
			r->cause = TAPE_PEOM;
			break;
		}
		put(data + taken, n);
		taken += n;
		ns += time_of(n);
		if (it.byte > it.capacity - (1 << 20)) {
			r->leom = true;
			break;
		}
	}
	r->bytes = taken;
	r->done_ns = now_ns + ns;
}

static void filemark(struct tape *t, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	(void)t;
	put(NULL, 0);
	done(r, now_ns, sync ? SYNC_NS : FILEMARK_NS);
}

static void read_block(struct tape *t, void *buf, uint64_t room,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	const struct object *o = &it.objects[it.at];

	(void)t;
	done(r, now_ns, 0);
	if (it.at == it.count) {
		r->cause = it.count == 0 ? TAPE_BLANK : TAPE_EOD;
		return;
	}
	if (o->bytes > room) {
		r->cause = TAPE_INVALID;
		return;
	}
	it.at++;
	if (o->bytes == 0) {
		r->cause = TAPE_FILEMARK;
		return;
	}
	memcpy(buf, o->data, o->bytes);
	if (it.damaged == it.at)
		((char *)buf)[o->bytes - 1] ^= 1;
	block->bytes = r->bytes = o->bytes;
	block->has_data = true;
	r->done_ns += time_of(o->bytes);
}

static void go(size_t object)
{
	it.at = 0;
	it.byte = 0;
	while (it.at < object)
		it.byte += it.objects[it.at++].bytes;
}

static void locate(struct tape *t, uint64_t file, int64_t now_ns,
    struct tape_result *r)
{
	size_t i = 0;

	(void)t;
	done(r, now_ns, LOCATE_NS);
	for (; file > 0 && i < it.count; i++)
		file -= it.objects[i].bytes == 0;
	go(i);
	if (file > 0 || i == it.count)
		r->cause = TAPE_EOD;
}

static void locate_eod(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	go(it.count);
	done(r, now_ns, LOCATE_NS);
}

static void rewind_tape(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	go(0);
	done(r, now_ns, REWIND_NS);
}

static const struct tape_ops tape_ops = {
	.name = "times",
	.limits = limits,
	.position = position,
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.filemark = filemark,
	.read = read_block,
	.locate = locate,
	.locate_eod = locate_eod,
	.rewind = rewind_tape,
};

static struct tape *load(struct tape_library *l, int64_t now_ns,
    struct tape_result *r)
{
	(void)l;
	it.loads++;
	go(0);
	done(r, now_ns, LOAD_NS);
	return &it.tape;
}

static struct tape *load_named(struct tape_library *l, const char *barcode,
    int64_t now_ns, struct tape_result *r)
{
	(void)barcode;
	return load(l, now_ns, r);
}

static void unload(struct tape_library *l, struct tape *t, enum tape_close why,
    int64_t now_ns, struct tape_result *r)
{
	(void)l, (void)t, (void)why;
	done(r, now_ns, UNLOAD_NS);
}

static const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};

static struct tape_library *open_tapes(void *arg, const struct tapes_use *use,
    char *why, size_t why_bytes)
{
	(void)arg, (void)use, (void)why, (void)why_bytes;
	return &it.library;
}

static void close_tapes(void *arg, struct tape_library *tapes)
{
	(void)arg, (void)tapes;
}

static void write_label(enum header_type type, const char *volume,
    const char *purpose)
{
	struct header h = { .type = type, .block_bytes = BLOCK };
	char *block = malloc(BLOCK);
	struct tape_result r;

	strcpy(h.volume, volume);
	strcpy(h.purpose, purpose);
	strcpy(h.dump, "d");
	h.sequence = 1;
	header_format(&h, NULL, 0, block, BLOCK);
	label(&it.tape, block, BLOCK, 0, &r);
	free(block);
}

static void set_up(void)
{
	memset(&it, 0, sizeof it);
	it.tape.ops = &tape_ops;
	strcpy(it.tape.barcode, "TL0001");
	it.library.ops = &library_ops;
	it.capacity = 40 << 20;
	it.block_max = 1 << 20;
	model = (struct model){ .media_count = 1,
		.media = { { .capacity_bytes = 16 * (uint64_t)WRAP,
		    .wraps = 16,
		    .speeds = 1,
		    .speeds_bytes_per_s = { 100000000 } } } };
	step = (struct scenario_step){ .does = STEP_MEASURE,
		.size_bytes = 32 << 20 };
	memset(&outcome, 0, sizeof outcome);
	write_label(HEADER_SCRATCH, "TL0001", "test");
}

static void tear_down(void)
{
	program_clear(&outcome);
	for (size_t i = 0; i < OBJECTS; i++)
		free(it.objects[i].data);
}

static void measure(enum scenario_measures what)
{
	const struct story_device device = { .open = open_tapes,
		.close = close_tapes };
	struct stock *stock =
	    stock_on_device(&scenario, &device, "/", err, sizeof err);
	struct step_tapes tapes = { .stock = stock, .program = "test" };
	const struct program_measurement how = { .step = &step,
		.barcode = "TL0001",
		.seed = 5,
		.block_bytes = BLOCK,
		.model = &model };

	step.measures = what;
	program_measure(&how, &tapes, &outcome);
	step_tapes_clear(&tapes);
	stock_free(stock);
}

static double real(enum metrics_id id)
{
	ck_assert_msg(outcome.values[id].defined, "%s: %s",
	    metrics_def(id)->name, outcome.reason);
	return outcome.values[id].real;
}

static void near(enum metrics_id id, double expected)
{
	ck_assert_double_ge(real(id), 0.98 * expected);
	ck_assert_double_le(real(id), 1.02 * expected);
}

START_TEST(forward_and_reverse_wraps_are_measured_apart)
{
	measure(MEASURE_RATE);
	ck_assert_str_eq(outcome.result, "done");
	near(METRIC_FORWARD_WRITE_RATE, 100e6);
	near(METRIC_REVERSE_WRITE_RATE, 50e6);
	near(METRIC_FORWARD_READ_RATE, 100e6);
	near(METRIC_REVERSE_READ_RATE, 50e6);
	near(METRIC_MEASURED_READ_RATE, 66.7e6);
	/* The filemark belongs to the writing. */
	near(METRIC_MEASURED_WRITE_RATE, 64.5e6);
	ck_assert_str_eq(outcome.values[METRIC_RESTORED].text, "source");
}
END_TEST

START_TEST(without_a_model_no_wrap_is_known)
{
	model.media[0].speeds = 0;
	measure(MEASURE_RATE);
	ck_assert_str_eq(outcome.result, "done");
	ck_assert(!outcome.values[METRIC_FORWARD_WRITE_RATE].defined);
	ck_assert(outcome.values[METRIC_MEASURED_WRITE_RATE].defined);
}
END_TEST

START_TEST(every_size_of_blocks_is_read_back)
{
	measure(MEASURE_BLOCKS);
	ck_assert_str_eq(outcome.result, "done");
	/* 4 KiB to 1 MiB, and one that is no power of two. */
	ck_assert_uint_eq(outcome.values[METRIC_BLOCK_SIZES].number, 10);
	ck_assert_uint_eq(outcome.values[METRIC_LARGEST_BLOCK].number, 1 << 20);
}
END_TEST

START_TEST(filemarks_cost_what_the_drive_takes)
{
	step.size_bytes = 1 << 20;
	measure(MEASURE_FILEMARKS);
	near(METRIC_FILEMARK_TIME, FILEMARK_NS / 1e9);
	near(METRIC_SYNC_FILEMARK_TIME, SYNC_NS / 1e9);
}
END_TEST

START_TEST(the_mechanism_is_timed)
{
	measure(MEASURE_POSITIONS);
	near(METRIC_REWIND_TIME, REWIND_NS / 1e9);
	near(METRIC_LOCATE_TIME, LOCATE_NS / 1e9);
	near(METRIC_UNLOAD_TIME, UNLOAD_NS / 1e9);
	near(METRIC_LOAD_TIME, LOAD_NS / 1e9);
	ck_assert_uint_eq(it.loads, 2);
}
END_TEST

START_TEST(both_ends_are_found_and_everything_is_read_back)
{
	measure(MEASURE_ENDS);
	ck_assert_str_eq(outcome.result, "done");
	/* A label and a header come first. */
	ck_assert_uint_eq(outcome.values[METRIC_LEOM_BYTES].number,
	    (39 << 20) - BLOCK + BLOCK - BLOCK);
	ck_assert_uint_eq(outcome.values[METRIC_PEOM_BYTES].number,
	    (40 << 20) - 2 * BLOCK);
	ck_assert_str_eq(outcome.values[METRIC_RESTORED].text, "source");
}
END_TEST

START_TEST(a_byte_that_was_changed_is_found)
{
	it.damaged = 100;
	measure(MEASURE_RATE);
	ck_assert_str_eq(outcome.result, "failed");
	ck_assert_ptr_nonnull(strstr(outcome.difference, "differs"));
	ck_assert_str_eq(outcome.values[METRIC_RESTORED].text, "different");
}
END_TEST

START_TEST(after_an_error_nothing_more_is_written)
{
	it.fail_at = 50;
	it.fail = TAPE_MEDIUM_ERROR;
	measure(MEASURE_RATE);
	ck_assert_str_eq(outcome.result, "failed");
	ck_assert_int_eq(outcome.cause, TAPE_MEDIUM_ERROR);
	ck_assert_uint_eq(it.count, 50);
}
END_TEST

/* A volume that may not be measured with is left as it is. */
static void is_refused(void)
{
	size_t before = it.count;

	measure(MEASURE_RATE);
	ck_assert_str_eq(outcome.result, "failed");
	ck_assert_ptr_nonnull(strstr(outcome.reason, "label it first"));
	ck_assert_uint_eq(it.count, before);
}

START_TEST(a_blank_volume_is_not_written)
{
	it.count = 0;
	is_refused();
}
END_TEST

START_TEST(a_volume_of_another_name_is_not_written)
{
	write_label(HEADER_SCRATCH, "TL0002", "test");
	is_refused();
}
END_TEST

START_TEST(a_volume_with_a_dump_is_not_written)
{
	write_label(HEADER_LABEL, "TL0001", "test");
	is_refused();
}
END_TEST

START_TEST(a_scratch_volume_that_is_not_for_tests_is_not_written)
{
	write_label(HEADER_SCRATCH, "TL0001", "");
	is_refused();
}
END_TEST

START_TEST(a_pattern_depends_on_seed_and_offset_alone)
{
	struct pattern *a = pattern_new(1, BLOCK, false);
	struct pattern *b = pattern_new(2, BLOCK, false);
	uint64_t bytes = 3 * BLOCK, again = BLOCK;
	const char *run = pattern_blocks(a, 0, BLOCK, &bytes);
	char *copy = malloc(3 * BLOCK);

	ck_assert_uint_eq(bytes, 3 * BLOCK);
	memcpy(copy, run, 3 * BLOCK);
	ck_assert(pattern_same(a, BLOCK, copy + BLOCK, BLOCK));
	ck_assert(!pattern_same(a, 0, copy + BLOCK, BLOCK));
	ck_assert(!pattern_same(b, BLOCK, copy + BLOCK, BLOCK));
	/* Another run begins elsewhere, with the same block. */
	run = pattern_blocks(a, BLOCK, BLOCK, &again);
	ck_assert_int_eq(memcmp(run, copy + BLOCK, BLOCK), 0);
	copy[2 * BLOCK - 1] ^= 1;
	ck_assert(!pattern_same(a, BLOCK, copy + BLOCK, BLOCK));
	free(copy);
	pattern_free(a);
	pattern_free(b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("measuring");
	TCase *tcase = tcase_create("measuring");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, forward_and_reverse_wraps_are_measured_apart);
	tcase_add_test(tcase, without_a_model_no_wrap_is_known);
	tcase_add_test(tcase, every_size_of_blocks_is_read_back);
	tcase_add_test(tcase, filemarks_cost_what_the_drive_takes);
	tcase_add_test(tcase, the_mechanism_is_timed);
	tcase_add_test(tcase, both_ends_are_found_and_everything_is_read_back);
	tcase_add_test(tcase, a_byte_that_was_changed_is_found);
	tcase_add_test(tcase, after_an_error_nothing_more_is_written);
	tcase_add_test(tcase, a_blank_volume_is_not_written);
	tcase_add_test(tcase, a_volume_of_another_name_is_not_written);
	tcase_add_test(tcase, a_volume_with_a_dump_is_not_written);
	tcase_add_test(tcase,
	    a_scratch_volume_that_is_not_for_tests_is_not_written);
	tcase_add_test(tcase, a_pattern_depends_on_seed_and_offset_alone);
	suite_add_tcase(s, tcase);
	return run_suite(s);
}
