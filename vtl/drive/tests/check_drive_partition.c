/*
 * check_drive_partition.c: random commands over several partitions, compared
 * with a reference in memory; and the times of moves between partitions.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/motion/place.h"
#include "vtl/tests/drive_fixture.h"

enum {
	PARTS = 3,
	OBJECTS = 300,
	BLOCK = 1000,
	STEPS = 2500 / SANITIZED,
	FILEMARK = -1
};

static struct drive *drive;
static struct drive_result result;
static int64_t now_ns;

/* What the medium should have: offsets of blocks in the dump, or FILEMARK. */
static struct model_part {
	size_t count;
	int64_t objects[OBJECTS];
} parts[PARTS];
static unsigned at_part;
static size_t at;

static void done(void)
{
	ck_assert_int_ge(result.done_ns, now_ns);
	now_ns = result.done_ns;
}

static void expect(uint8_t key)
{
	ck_assert_msg(result.check ? result.sense.key == key : key == 0xff,
	    "sense %X/%02X/%02X, expected key %X", result.sense.key,
	    result.sense.asc, result.sense.ascq, key);
}

static void expect_good(void)
{
	expect(0xff);
}

static void check_position(void)
{
	struct volume_position place;
	uint64_t file = 0;

	for (size_t i = 0; i < at; i++)
		file += parts[at_part].objects[i] == FILEMARK;
	drive_position(drive, &place);
	ck_assert_uint_eq(drive_partition(drive), at_part);
	ck_assert_uint_eq(place.object, at);
	ck_assert_uint_eq(place.file, file);
	ck_assert_uint_eq(place.byte, (at - file) * BLOCK);
}

static void write_blocks(uint64_t count)
{
	static int64_t offset;
	struct model_part *p = &parts[at_part];
	struct volume_run run = { .bytes = count * BLOCK,
		.block_bytes = BLOCK,
		.dump_id = 1 + at_part };

	if (at + count > OBJECTS)
		return;
	run.offset = (uint64_t)offset;
	drive_write(drive, &run, now_ns, &result);
	done();
	expect_good();
	for (; count > 0; count--, offset += BLOCK)
		p->objects[at++] = offset;
	p->count = at;
}

static void write_filemarks(uint64_t count, bool immediate)
{
	struct model_part *p = &parts[at_part];

	if (at + count > OBJECTS)
		return;
	drive_write_filemarks(drive, count, immediate, now_ns, &result);
	done();
	expect_good();
	if (count == 0)
		return;
	for (; count > 0; count--)
		p->objects[at++] = FILEMARK;
	p->count = at;
}

static void read_object(void)
{
	const struct model_part *p = &parts[at_part];
	struct volume_object object;

	drive_read(drive, NULL, BLOCK, &object, now_ns, &result);
	done();
	if (at == p->count) {
		expect(SENSE_BLANK_CHECK);
	} else if (p->objects[at] == FILEMARK) {
		expect(SENSE_NO_SENSE);
		at++;
	} else {
		expect_good();
		ck_assert_uint_eq(object.dump_id, 1 + at_part);
		ck_assert_int_eq((int64_t)object.offset, p->objects[at++]);
	}
}

static void locate(uint64_t r)
{
	unsigned to = (unsigned)(r % PARTS);
	struct drive_target target = { .changes_partition = r >> 8 & 1,
		.partition = to };
	const struct model_part *p;

	if (target.changes_partition)
		at_part = to;
	p = &parts[at_part];
	target.number = (r >> 16) % (p->count + 2);
	if (r >> 9 & 1)
		target.kind = DRIVE_TO_EOD;
	drive_locate(drive, &target, now_ns, &result);
	done();
	at = target.kind == DRIVE_TO_EOD || target.number > p->count
	    ? p->count
	    : target.number;
	if (target.kind == DRIVE_TO_OBJECT && target.number > p->count)
		expect(SENSE_BLANK_CHECK);
	else
		expect_good();
}

static void space_filemarks(int64_t count)
{
	const struct model_part *p = &parts[at_part];
	uint64_t left;
	int64_t n = count;

	drive_space_filemarks(drive, count, &left, now_ns, &result);
	done();
	for (; n > 0 && at < p->count; at++)
		n -= p->objects[at] == FILEMARK;
	for (; n < 0 && at > 0; at--)
		n += p->objects[at - 1] == FILEMARK;
	ck_assert_uint_eq(left, (uint64_t)(n < 0 ? -n : n));
	if (n == 0)
		expect_good();
	else
		expect(n > 0 ? SENSE_BLANK_CHECK : SENSE_NO_SENSE);
}

static void erase(void)
{
	drive_erase(drive, false, now_ns, &result);
	done();
	expect_good();
	parts[at_part].count = at;
}

static void reload(void)
{
	struct volume *volume = drive_unload(drive, now_ns, &result);

	done();
	ck_assert_ptr_nonnull(volume);
	scratch_close(volume);
	drive_load(drive, scratch_open("v"), now_ns, &result);
	done();
	at_part = 0;
	at = 0;
}

static void step(uint64_t r)
{
	switch (r % 12) {
	case 0:
	case 1:
	case 2:
		write_blocks(1 + r / 16 % 9);
		break;
	case 3:
	case 4:
		write_filemarks(r / 16 % 3, r / 64 % 2);
		break;
	case 5:
	case 6:
	case 7:
		locate(r / 16);
		break;
	case 8:
		space_filemarks((int64_t)(r / 16 % 9) - 4);
		break;
	case 9:
		if (r / 16 % 16 == 0)
			reload();
		else if (r / 16 % 16 == 1)
			erase();
		break;
	default:
		read_object();
		break;
	}
	check_position();
}

static void make(const char *model, const struct drive_options *options,
    uint64_t capacity)
{
	struct volume_spec spec = fixture_spec();

	spec.capacity_bytes = capacity;
	now_ns = 0;
	at_part = 0;
	at = 0;
	memset(parts, 0, sizeof parts);
	drive = drive_new(model != NULL ? model_find(model) : &fixture_model);
	ck_assert_ptr_nonnull(drive);
	drive_set_options(drive, options);
	drive_load(drive, scratch_volume("v", &spec), 0, &result);
	done();
}

static void format(const uint64_t *sizes, unsigned count)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += sizes[i];
	drive_format(drive, sum, sizes, count, now_ns, &result);
	done();
	expect_good();
}

static void finish(void)
{
	struct volume *volume = drive_unload(drive, now_ns, &result);

	ck_assert_ptr_nonnull(volume);
	scratch_close(volume);
	drive_free(drive);
}

START_TEST(random_commands_do_as_the_reference)
{
	static const uint64_t sizes[PARTS] = { 1 << 20, 2 << 20, 1 << 20 };
	static const struct drive_options options[] = {
		{ .buffering = DRIVE_UNBUFFERED },
		{ .buffering = DRIVE_BUFFERED },
		{ .buffering = DRIVE_BUFFERED, .holds_buffer = true },
		{ .buffering = DRIVE_BUFFERED, .zlib = true },
	};
	uint64_t seed = (uint64_t)_i;

	make(_i % 2 == 0 ? "LTO-8" : NULL, &options[_i / 2], 4 << 20);
	format(sizes, PARTS);
	for (unsigned i = 0; i < STEPS; i++)
		step(scratch_random(&seed));
	for (unsigned i = 0; i < PARTS; i++) {
		const struct drive_target to = { .changes_partition = true,
			.partition = i };

		drive_locate(drive, &to, now_ns, &result);
		done();
		at_part = i;
		for (at = 0; at < parts[i].count;)
			read_object();
		read_object();
	}
	finish();
}
END_TEST

/* Goes to the beginning of a partition.  Returns the time that this took. */
static int64_t go(unsigned partition)
{
	const struct drive_target to = { .changes_partition = true,
		.partition = partition };
	int64_t begin_ns = now_ns;

	drive_locate(drive, &to, now_ns, &result);
	done();
	expect_good();
	return result.done_ns - begin_ns;
}

START_TEST(a_partition_begins_with_a_wrap_of_its_own)
{
	static const struct drive_options options = { .buffering =
							  DRIVE_UNBUFFERED };
	const struct model *model = model_find("LTO-8");
	const struct model_medium *medium = &model->media[0];
	uint64_t wrap = medium->capacity_bytes / medium->wraps;
	/* The first has one wrap and a byte: two wraps are its own. */
	const uint64_t sizes[] = { wrap + 1, 5 * wrap, wrap };
	int64_t ns;

	make("LTO-8", &options, 7 * wrap + 1);
	ns = now_ns;
	format(sizes, 3);
	ns = now_ns - ns;
	ck_assert_int_eq(ns,
	    place_locate_ns(medium, 0, 2 * wrap) +
		place_locate_ns(medium, 2 * wrap, 7 * wrap) +
		place_rewind_ns(medium, 7 * wrap));
	ck_assert_int_eq(go(1), place_locate_ns(medium, 0, 2 * wrap));
	ck_assert_int_eq(go(1), 0);
	ck_assert_int_eq(go(2), place_locate_ns(medium, 2 * wrap, 7 * wrap));
	ck_assert_int_eq(go(0), place_rewind_ns(medium, 7 * wrap));
	write_blocks(4);
	ck_assert_int_eq(go(1), place_locate_ns(medium, 4 * BLOCK, 2 * wrap));
	finish();
}
END_TEST

/* Writes blocks of 100 bytes until one does not fit.  Returns how many did. */
static int fill(void)
{
	const struct volume_run run = { .bytes = 100, .block_bytes = 100 };
	int blocks = 0;

	do
		drive_write(drive, &run, now_ns, &result);
	while (result.bytes == 100 && ++blocks < 100);
	expect(SENSE_VOLUME_OVERFLOW);
	return blocks;
}

START_TEST(each_partition_ends_at_its_own_capacity)
{
	static const uint64_t sizes[] = { 300, 700, 500 };
	const struct drive_options options = { .buffering = DRIVE_UNBUFFERED };
	struct drive_capacity capacity;

	make(NULL, &options, 1500);
	format(sizes, 3);
	for (unsigned i = 3; i-- > 0;) {
		go(i);
		ck_assert_int_eq(fill(), (int)sizes[i] / 100);
	}
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_int_eq(drive_get_capacity(drive, i, &capacity), 0);
		ck_assert_uint_eq(capacity.capacity_bytes, sizes[i]);
		ck_assert_uint_eq(capacity.used_bytes, sizes[i]);
	}
	finish();
}
END_TEST

START_TEST(a_silent_reset_leads_to_partition_0)
{
	static const uint64_t sizes[] = { 500, 500 };
	const struct drive_options options = { .buffering = DRIVE_UNBUFFERED };
	const struct drive_fault fault = {
		.nth = 2, .op = DRIVE_WRITE, .mode = DRIVE_FAULT_SILENT_RESET
	};
	const struct volume_run run = { .bytes = 100, .block_bytes = 100 };

	make(NULL, &options, 1000);
	format(sizes, 2);
	ck_assert_int_eq(drive_add_fault(drive, &fault), 0);
	go(1);
	for (int i = 0; i < 2; i++) {
		drive_write(drive, &run, now_ns, &result);
		expect_good();
		ck_assert_uint_eq(drive_partition(drive), i == 0 ? 1 : 0);
	}
	finish();
}
END_TEST

START_TEST(a_lost_block_is_of_its_partition)
{
	static const uint64_t sizes[] = { 500, 500 };
	const struct drive_options options = { .buffering = DRIVE_BUFFERED,
		.holds_buffer = true };
	const struct volume_run run = { .bytes = 100, .block_bytes = 100 };
	const struct drive_loss *losses;
	size_t count;

	make(NULL, &options, 1000);
	format(sizes, 2);
	go(1);
	drive_write(drive, &run, now_ns, &result);
	drive_power_loss(drive, now_ns);
	losses = drive_losses(drive, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(losses[0].partition, 1);
	ck_assert_uint_eq(losses[0].object, 0);
	scratch_close(drive_remove_volume(drive));
	drive_free(drive);
	ck_assert_int_eq(scratch_query("v",
			     "select count(*) from history where event = 'lost'"
			     " and text like '% of partition 1, 100 bytes%'"),
	    1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("drive_partition");
	TCase *t = tcase_create("drive_partition");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, random_commands_do_as_the_reference, 0, 8);
	tcase_add_test(t, a_partition_begins_with_a_wrap_of_its_own);
	tcase_add_test(t, each_partition_ends_at_its_own_capacity);
	tcase_add_test(t, a_silent_reset_leads_to_partition_0);
	tcase_add_test(t, a_lost_block_is_of_its_partition);
	return run_suite(s);
}
