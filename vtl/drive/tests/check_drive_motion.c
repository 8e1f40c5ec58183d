/*
 * check_drive_motion.c: a drive with a motion model: its times, losses and
 * counts do not depend on how runs are divided, and all its time is counted.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"

#define SECOND INT64_C(1000000000)

static const struct drive_options buffered = { .buffering = DRIVE_BUFFERED };
static const struct sense write_error = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 };
static const struct sense recovered = { SENSE_RECOVERED, 0x0c, 0, 0, 0 };

/* Stops, turns and starts come every few blocks of 100 bytes. */
static struct model lively(uint64_t *seed)
{
	struct model m = {
		.name = "lively",
		.block_max_bytes = 4096,
		.buffer_bytes = 500 + scratch_random(seed) % 3000,
		.restart_permille =
		    100 + (uint32_t)(scratch_random(seed) % 900),
		.command_ns = (int64_t)(scratch_random(seed) % 100000000),
		.bus_bytes_per_s = 100 + scratch_random(seed) % 9000,
		.write_delay_ns =
		    (int64_t)(scratch_random(seed) % 20) * SECOND / 4,
		.hitch_ns = (int64_t)(scratch_random(seed) % 5) * SECOND,
		.hitch_permille = 300,
		.turn_ns = (int64_t)(scratch_random(seed) % 3) * SECOND,
		.window_ns = (int64_t)(scratch_random(seed) % 3) * SECOND,
		.forced_permille = 100,
		.load_ns = 5 * SECOND,
		.unload_ns = 7 * SECOND,
		.media_count = 1,
		.media = { { .medium = "none",
		    .speeds_bytes_per_s = { 100, 200, 300, 400 },
		    .speeds = 1 + scratch_random(seed) % 4,
		    .capacity_bytes = 40000,
		    .wraps = 1 + (uint32_t)(scratch_random(seed) % 40),
		    .bands = 1,
		    .rewind_ns = 11 * SECOND,
		    .locate_start_ns = SECOND,
		    .locate_length_ns = 9 * SECOND } },
	};

	return m;
}

struct course {
	struct volume_position end;
	struct drive_motion_counts counts;
	int64_t ns;
	uint64_t failed, lost, acknowledged, warnings;
};

/* Adds defects, hard, recovered and slow ones, and a fault of the drive. */
static void spoil(struct drive *drive, uint64_t *seed)
{
	struct drive_fault fault = { .op = DRIVE_WRITE,
		.once = true,
		.nth = 1 + scratch_random(seed) % 200,
		.sense = write_error,
		.deferred = scratch_random(seed) % 2 == 0 };

	for (uint64_t i = scratch_random(seed) % 3; i > 0; i--) {
		struct volume_defect d = { .at = scratch_random(seed) % 20000,
			.sense = scratch_random(seed) % 2 == 0 ? write_error
							       : recovered };

		if (scratch_random(seed) % 3 == 0) {
			d.fail = VOLUME_FAIL_SLOW;
			d.length = 1000;
			d.slowdown = 3;
		}
		volume_defect_add(drive_volume(drive), &d);
	}
	if (scratch_random(seed) % 3 == 0)
		ck_assert_int_eq(drive_add_fault(drive, &fault), 0);
}

/* Writes blocks, in runs whose lengths come from `divide`. */
static void write_divided(struct drive_fixture *f, uint64_t blocks,
    struct course *c, uint64_t *divide)
{
	uint64_t n;

	while (blocks > 0 && c->failed == 0) {
		n = divide != NULL ? 1 + scratch_random(divide) % blocks
				   : blocks;
		fixture_write(f, n);
		n = f->result.bytes / FIXTURE_BLOCK;
		blocks -= n;
		c->acknowledged += n;
		c->failed +=
		    f->result.check && f->result.sense.key > SENSE_RECOVERED;
		c->warnings +=
		    f->result.check && f->result.sense.key == SENSE_RECOVERED;
	}
}

static void take_course(struct course *c, uint64_t seed, uint64_t *divide)
{
	struct volume_spec spec = fixture_spec();
	const struct model model = lively(&seed);
	struct drive_fixture f = { .drive = drive_new(&model) };
	const struct drive_loss *losses;
	size_t count;

	memset(c, 0, sizeof *c);
	spec.capacity_bytes = 40000;
	drive_set_options(f.drive, &buffered);
	drive_load(f.drive, scratch_volume("v", &spec), 0, &f.result);
	f.now_ns = f.result.done_ns;
	if (seed % 2 == 0)
		spoil(f.drive, &seed);
	while (f.offset < 30000 && c->failed == 0) {
		write_divided(&f, 1 + scratch_random(&seed) % 40, c, divide);
		f.now_ns += (int64_t)(scratch_random(&seed) % 5) * SECOND;
		if (scratch_random(&seed) % 4 == 0 && c->failed == 0) {
			fixture_filemark(&f, scratch_random(&seed) % 2);
			c->failed += f.result.check &&
			    f.result.sense.key > SENSE_RECOVERED;
		}
		if (scratch_random(&seed) % 16 == 0) {
			drive_power_loss(f.drive, f.now_ns);
			c->failed++;
		}
	}
	drive_rewind(f.drive, f.now_ns, &f.result);
	c->ns = f.now_ns = f.result.done_ns;
	drive_get_motion_counts(f.drive, c->ns, &c->counts);
	losses = drive_losses(f.drive, &count);
	for (size_t i = 0; i < count; i++)
		c->lost += losses[i].blocks;
	volume_end(drive_volume(f.drive), &c->end);
	ck_assert_uint_eq(c->end.object - c->end.file + c->lost,
	    c->acknowledged);
	fixture_finish(&f);
	remove(scratch_path("v"));
}

START_TEST(results_do_not_depend_on_how_runs_are_divided)
{
	struct course whole, divided;

	for (uint64_t seed = 1; seed <= 150; seed += SANITIZED) {
		uint64_t divide = seed;

		take_course(&whole, seed, NULL);
		take_course(&divided, seed, &divide);
		/* A recovered error is reported once in each command. */
		whole.warnings = divided.warnings = 0;
		ck_assert_int_eq(whole.ns, divided.ns);
		ck_assert_mem_eq(&whole, &divided, sizeof whole);
	}
}
END_TEST

/* Writes like drive_repeat(), one by one. */
static uint64_t repeat_singly(struct drive *drive,
    const struct drive_repeat *repeat, struct drive_result *last)
{
	struct volume_run run = repeat->run;
	int64_t begin_ns = repeat->begin_ns;
	uint64_t done = 0;

	while (done < repeat->times) {
		drive_write(drive, &run, begin_ns, last);
		done++;
		if (last->check || last->bytes != run.bytes ||
		    last->done_ns - begin_ns != repeat->take_ns ||
		    drive_is_past_warning(drive))
			break;
		run.offset += run.bytes;
		begin_ns += repeat->every_ns;
	}
	return done;
}

/* A course with repeated writes, or the same writes one by one. */
static void take_repeated_course(struct course *c, uint64_t seed, bool singly)
{
	struct volume_spec spec = fixture_spec();
	const struct model lively_model = lively(&seed);
	const struct model *model =
	    seed % 8 == 0 ? model_find("instant") : &lively_model;
	struct drive_options options = {
		.buffering = seed % 4 == 1 ? DRIVE_UNBUFFERED : DRIVE_BUFFERED,
		.layout.ratio_permille = seed % 3 == 0 ? 1500 : 0,
	};
	struct drive_fixture f = { .drive = drive_new(model) };

	memset(c, 0, sizeof *c);
	spec.capacity_bytes = 200000;
	drive_set_options(f.drive, &options);
	drive_load(f.drive, scratch_volume("v", &spec), 0, &f.result);
	f.now_ns = f.result.done_ns;
	if (seed % 5 == 0)
		spoil(f.drive, &seed);
	for (int i = 0; i < 60 && c->failed == 0; i++) {
		struct drive_repeat r = {
			.run = { .bytes = FIXTURE_BLOCK *
				(1 + scratch_random(&seed) % 4),
			    .block_bytes = FIXTURE_BLOCK,
			    .dump_id = 1 },
			.times = 1 + scratch_random(&seed) % 60,
		};
		uint64_t n;

		/* A write says how long the others take. */
		r.take_ns = -f.now_ns;
		fixture_write(&f, r.run.bytes / FIXTURE_BLOCK);
		r.take_ns += f.now_ns;
		r.run.offset = f.offset;
		r.begin_ns = f.now_ns + r.take_ns;
		r.every_ns = r.take_ns +
		    (int64_t)(scratch_random(&seed) % 3) * SECOND / 10;
		if (r.every_ns == 0)
			r.every_ns = 1;
		n = singly ? repeat_singly(f.drive, &r, &f.result)
			   : drive_repeat(f.drive, &r, &f.result);
		f.offset += (n - 1) * r.run.bytes + f.result.bytes;
		f.now_ns = f.result.done_ns;
		c->acknowledged += n;
		c->failed +=
		    f.result.check && f.result.sense.key != SENSE_NO_SENSE;
		if (scratch_random(&seed) % 8 == 0)
			fixture_filemark(&f, scratch_random(&seed) % 2);
	}
	drive_flush(f.drive, f.now_ns, &f.result);
	c->ns = f.now_ns = f.result.done_ns;
	drive_get_motion_counts(f.drive, c->ns, &c->counts);
	volume_end(drive_volume(f.drive), &c->end);
	c->warnings = f.result.check;
	fixture_finish(&f);
	remove(scratch_path("v"));
}

START_TEST(repeated_writes_are_those_of_single_writes)
{
	struct course singly, at_once;

	for (uint64_t seed = 1; seed <= 200; seed += SANITIZED) {
		take_repeated_course(&singly, seed, true);
		take_repeated_course(&at_once, seed, false);
		ck_assert_int_eq(singly.ns, at_once.ns);
		ck_assert_mem_eq(&singly, &at_once, sizeof singly);
	}
}
END_TEST

static int64_t sum_of(const struct drive_motion_counts *c)
{
	int64_t sum = c->load_ns + c->standing_ns + c->hitch_ns + c->turn_ns +
	    c->read_ns + c->locate_ns + c->rewind_ns + c->unload_ns;

	for (size_t i = 0; i < MODEL_MEDIA_MAX; i++)
		for (size_t k = 0; k < MODEL_SPEEDS_MAX; k++)
			sum += c->speed_ns[i][k];
	return sum;
}

static struct drive_fixture real_drive(const struct drive_options *options)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct drive_fixture f = { .drive = drive_new(model_find("lto9")) };

	drive_set_options(f.drive, options);
	drive_load(f.drive, scratch_volume("v", &spec), SECOND, &f.result);
	f.now_ns = f.result.done_ns;
	return f;
}

/* Writes blocks of 1 MiB, 100 in a run, as fast as the drive takes them. */
static void write_runs(struct drive_fixture *f, uint64_t runs)
{
	struct volume_run run = {
		.bytes = 100 << 20, .block_bytes = 1 << 20, .dump_id = 1
	};

	for (; runs > 0; runs--) {
		drive_write(f->drive, &run, f->now_ns, &f->result);
		ck_assert(!f->result.check);
		ck_assert_uint_eq(f->result.bytes, run.bytes);
		f->now_ns = f->result.done_ns;
		run.offset += run.bytes;
	}
}

static void all_time_is_counted(const struct drive_options *options)
{
	struct drive_fixture f = real_drive(options);
	struct drive_motion_counts c;
	struct volume_object object;

	write_runs(&f, 2000);
	fixture_filemark(&f, false);
	f.now_ns += 100 * SECOND;
	write_runs(&f, 20);
	drive_locate_object(f.drive, 1000, f.now_ns, &f.result);
	for (int i = 0; i < 100; i++)
		drive_read(f.drive, NULL, 0, &object, f.result.done_ns,
		    &f.result);
	drive_rewind(f.drive, f.result.done_ns, &f.result);
	f.now_ns = f.result.done_ns;
	drive_get_motion_counts(f.drive, f.now_ns, &c);
	ck_assert_int_eq(c.loaded_ns, f.now_ns - SECOND);
	ck_assert_int_eq(sum_of(&c), c.loaded_ns);
	ck_assert_int_eq(c.load_ns, model_find("lto9")->load_ns);
	ck_assert_int_gt(c.locate_ns, 0);
	ck_assert_int_gt(c.read_ns, 0);
	ck_assert_int_gt(c.rewind_ns, 0);
	ck_assert_int_gt(c.standing_ns, 90 * SECOND);
	ck_assert_uint_ge(c.stops_for_flush, 1);
	ck_assert_uint_eq(c.stops_for_data, 0);
	/* 212 GB, and 58 GB in a wrap */
	ck_assert_uint_eq(c.turns, 3);
	fixture_finish(&f);
}

START_TEST(all_time_of_a_buffered_drive_is_counted)
{
	all_time_is_counted(&buffered);
}
END_TEST

START_TEST(all_time_of_a_drive_without_buffer_is_counted)
{
	static const struct drive_options none;

	all_time_is_counted(&none);
}
END_TEST

START_TEST(a_drive_tells_what_it_does)
{
	struct drive_fixture f = real_drive(&buffered);
	uint64_t bytes_per_s;

	ck_assert_int_eq(drive_get_motion(f.drive, 2 * SECOND, &bytes_per_s),
	    DRIVE_LOADING);
	ck_assert_int_eq(drive_get_motion(f.drive, f.now_ns, &bytes_per_s),
	    DRIVE_STANDING);
	write_runs(&f, 12);
	ck_assert_int_eq(drive_get_motion(f.drive, f.now_ns, &bytes_per_s),
	    DRIVE_STREAMING);
	/* The volume is an L8. */
	ck_assert_uint_eq(bytes_per_s, 365000000);
	ck_assert_uint_gt(drive_get_fill(f.drive, f.now_ns), 900 << 20);
	f.now_ns += 10 * SECOND;
	ck_assert_uint_eq(drive_get_fill(f.drive, f.now_ns), 0);
	drive_rewind(f.drive, f.now_ns, &f.result);
	ck_assert_int_eq(drive_get_motion(f.drive, f.now_ns + SECOND,
			     &bytes_per_s),
	    DRIVE_REWINDING);
	f.now_ns = f.result.done_ns;
	scratch_close(drive_unload(f.drive, f.now_ns, &f.result));
	ck_assert_int_eq(drive_get_motion(f.drive, f.now_ns + SECOND,
			     &bytes_per_s),
	    DRIVE_UNLOADING);
	ck_assert_int_eq(drive_get_motion(f.drive, f.result.done_ns,
			     &bytes_per_s),
	    DRIVE_UNLOADED);
	drive_free(f.drive);
}
END_TEST

START_TEST(a_look_changes_no_result)
{
	struct drive_fixture f = real_drive(&buffered), g;
	struct drive_motion_counts c;
	uint64_t bytes_per_s;
	int64_t ns;

	write_runs(&f, 200);
	drive_flush(f.drive, f.now_ns, &f.result);
	ns = f.result.done_ns;
	fixture_finish(&f);
	remove(scratch_path("v"));
	g = real_drive(&buffered);
	for (int i = 0; i < 200; i++) {
		struct volume_run run = { .bytes = 100 << 20,
			.block_bytes = 1 << 20,
			.dump_id = 1,
			.offset = (uint64_t)i * (100 << 20) };

		drive_get_motion_counts(g.drive, g.now_ns - SECOND, &c);
		drive_get_motion(g.drive, g.now_ns, &bytes_per_s);
		drive_get_fill(g.drive, g.now_ns);
		drive_write(g.drive, &run, g.now_ns, &g.result);
		g.now_ns = g.result.done_ns;
	}
	drive_flush(g.drive, g.now_ns, &g.result);
	ck_assert_int_eq(g.result.done_ns, ns);
	fixture_finish(&g);
}
END_TEST

START_TEST(a_recovered_error_is_a_retry)
{
	const struct volume_defect d = { .at = 5 << 20, .sense = recovered };
	struct drive_fixture f = real_drive(&buffered);
	struct drive_motion_counts c;

	volume_defect_add(drive_volume(f.drive), &d);
	write_runs(&f, 1);
	drive_write_filemarks(f.drive, 1, false, f.now_ns, &f.result);
	ck_assert(f.result.check && f.result.sense.key == SENSE_RECOVERED);
	drive_get_motion_counts(f.drive, f.result.done_ns, &c);
	ck_assert_uint_eq(c.retries, 1);
	ck_assert_int_gt(c.hitch_ns, SECOND / 2);
	f.now_ns = f.result.done_ns;
	fixture_finish(&f);
}
END_TEST

/* 100 MiB of data that compress to 50 MiB take half the time. */
START_TEST(compressed_data_is_written_faster)
{
	struct drive_options options = buffered;
	int64_t ns[2];

	for (int i = 0; i < 2; i++) {
		struct drive_fixture f;

		options.layout.ratio_permille = i == 0 ? 1000 : 2000;
		f = real_drive(&options);
		write_runs(&f, 11);
		ns[i] = f.now_ns;
		drive_flush(f.drive, f.now_ns, &f.result);
		ns[i] = f.result.done_ns - ns[i];
		f.now_ns = f.result.done_ns;
		fixture_finish(&f);
		remove(scratch_path("v"));
	}
	ck_assert_int_lt(ns[1], ns[0] / 100 * 60);
}
END_TEST

/* The drive takes at most three times its 30 MB/s. */
START_TEST(data_that_compresses_well_is_limited_by_the_compressor)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct drive_fixture f = { .drive = drive_new(model_find("lto2-hp")) };
	const struct drive_options options = { .layout.ratio_permille = 9000 };
	int64_t begun_ns;

	strcpy(spec.barcode, "TST001L2");
	drive_set_options(f.drive, &options);
	drive_load(f.drive, scratch_volume("v", &spec), 0, &f.result);
	begun_ns = f.now_ns = f.result.done_ns;
	write_runs(&f, 60);
	ck_assert_int_gt(f.now_ns - begun_ns, 69 * SECOND);
	ck_assert_int_lt(f.now_ns - begun_ns, 74 * SECOND);
	fixture_finish(&f);
}
END_TEST

START_TEST(a_drive_that_takes_no_time_takes_none)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct drive_fixture f = { .drive = drive_new(model_find("lto9")) };

	drive_take_no_time(f.drive);
	drive_set_options(f.drive, &buffered);
	drive_load(f.drive, scratch_volume("v", &spec), 0, &f.result);
	write_runs(&f, 20);
	fixture_filemark(&f, false);
	drive_rewind(f.drive, f.now_ns, &f.result);
	scratch_close(drive_unload(f.drive, f.now_ns, &f.result));
	ck_assert_int_eq(f.result.done_ns, 0);
	drive_free(f.drive);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_motion");
	TCase *t = tcase_create("drive_motion");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, results_do_not_depend_on_how_runs_are_divided);
	tcase_add_test(t, repeated_writes_are_those_of_single_writes);
	tcase_add_test(t, all_time_of_a_buffered_drive_is_counted);
	tcase_add_test(t, all_time_of_a_drive_without_buffer_is_counted);
	tcase_add_test(t, a_drive_tells_what_it_does);
	tcase_add_test(t, a_look_changes_no_result);
	tcase_add_test(t, a_recovered_error_is_a_retry);
	tcase_add_test(t, compressed_data_is_written_faster);
	tcase_add_test(t,
	    data_that_compresses_well_is_limited_by_the_compressor);
	tcase_add_test(t, a_drive_that_takes_no_time_takes_none);
	return run_suite(s);
}
