/*
 * check_vtape.c: uses a virtual tape like the splitter: written data is read
 * back, and errors have a cause and a message.
 */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/library/tests/vtape_rig.h"
#include "vtl/library/vtape.h"
#include "vtl/tests/vtl_scratch.h"

enum { BLOCK = 32 << 10, DUMP = 5 };

static struct tape_result r;
static uint8_t header[BLOCK] = "tapelab-format: 1\n";
static uint8_t data[64 * BLOCK], got[BLOCK];

static void write_at(struct tape *tape, uint64_t offset, uint64_t bytes)
{
	const struct tape_run run = { .data = data,
		.bytes = bytes,
		.block_bytes = BLOCK,
		.dump_id = DUMP,
		.offset = offset };

	scratch_fill(data, bytes, DUMP, offset);
	tape->ops->write(tape, &run, 0, &r);
}

static void expect_read(struct tape *tape, enum tape_cause cause,
    uint64_t bytes, uint64_t offset, bool has_data)
{
	struct tape_block block;

	tape->ops->read(tape, got, sizeof got, &block, 0, &r);
	ck_assert_msg(r.cause == cause, "%s", r.message);
	ck_assert_uint_eq(r.bytes, bytes);
	ck_assert_uint_eq(block.bytes, bytes);
	if (cause != TAPE_OK)
		return;
	ck_assert_int_eq(block.has_data, has_data);
	ck_assert_uint_eq(block.offset, offset);
}

START_TEST(written_data_is_read_back)
{
	const struct volume_spec spec = vtape_rig_spec(_i, true);
	const bool raw = _i == VOLUME_PAYLOAD_RAW;
	struct tape *tape = vtape_rig_load(scratch_volume("v", &spec));
	struct tape_position at;
	uint8_t want[BLOCK];

	tape->ops->label(tape, header, BLOCK, 0, &r);
	ck_assert(r.cause == TAPE_OK && r.bytes == BLOCK && !r.leom);
	for (uint64_t file = 1; file < 4; file++) {
		tape->ops->start_file(tape, header, BLOCK, 0, &r);
		ck_assert(r.cause == TAPE_OK && r.bytes == BLOCK);
		write_at(tape, file * 10 * BLOCK, 3 * BLOCK - 1);
		ck_assert(r.cause == TAPE_OK && r.bytes == 3 * BLOCK - 1);
		tape->ops->filemark(tape, true, 0, &r);
		ck_assert_int_eq(r.cause, TAPE_OK);
	}
	tape->ops->position(tape, &at);
	ck_assert(at.file == 4 && at.object == 17 && at.byte == 13 * BLOCK - 3);
	for (uint64_t file = 3; file > 0; file--) {
		tape->ops->locate(tape, file, 0, &r);
		ck_assert_int_eq(r.cause, TAPE_OK);
		expect_read(tape, TAPE_OK, BLOCK, 0, true);
		ck_assert_mem_eq(got, header, BLOCK);
		for (uint64_t i = 0; i < 3; i++) {
			uint64_t offset = (file * 10 + i) * BLOCK;
			uint64_t n = i == 2 ? BLOCK - 1 : BLOCK;

			expect_read(tape, TAPE_OK, n, offset, raw);
			scratch_fill(want, n, DUMP, offset);
			if (raw)
				ck_assert_mem_eq(got, want, n);
		}
		expect_read(tape, TAPE_FILEMARK, 0, 0, false);
		if (file == 3)
			expect_read(tape, TAPE_EOD, 0, 0, false);
	}
	tape->ops->rewind(tape, 0, &r);
	expect_read(tape, TAPE_OK, BLOCK, 0, true);
	tape->ops->locate_eod(tape, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	expect_read(tape, TAPE_EOD, 0, 0, false);
	tape->ops->locate(tape, 5, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_EOD);
	vtape_rig_finish(tape);
}
END_TEST

START_TEST(an_empty_volume_is_blank)
{
	const struct volume_spec spec = vtape_rig_spec(_i, true);
	struct tape *tape = vtape_rig_load(scratch_volume("v", &spec));

	expect_read(tape, TAPE_BLANK, 0, 0, false);
	ck_assert_str_eq(r.message,
	    "volume TST001L8, file 0, object 0, byte 0: read: the volume is "
	    "blank (sense 8/00/05)");
	tape->ops->locate(tape, 0, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	tape->ops->locate(tape, 1, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_BLANK);
	vtape_rig_finish(tape);
}
END_TEST

/*
 * Parts of these sizes are written after a label on one volume.  The results
 * are how much of the last part fits, and how the part ends.  The numbers are
 * those of scenarios/spanning.
 */
static const struct {
	bool leom;
	uint64_t parts[5]; /* the list ends with 0 */
	uint64_t taken;
	bool met;
	enum tape_cause cause;
} spans[] = {
	{ true, { 1048576, 1048576, 1048576 }, 294912, true, TAPE_OK },
	{ false, { 1048576, 1048576, 1048576 }, 393216, false, TAPE_PEOM },
	{ false, { 2424832, 825753 }, 98304, false, TAPE_PEOM },
	{ false, { 3145728 }, 2555904, false, TAPE_PEOM },
	{ true, { 2457600 }, 2457600, true, TAPE_OK },
	{ true, { 2424832 }, 2424832, false, TAPE_OK },
	{ true, { 557056, 557056, 557056, 326656 }, 326656, false, TAPE_OK },
};

/*
 * Writes runs of up to 8 blocks until a run is cut short.  Returns the bytes
 * that were written.
 */
static uint64_t write_part(struct tape *tape, uint64_t bytes)
{
	uint64_t at = 0, n;

	tape->ops->start_file(tape, header, BLOCK, 0, &r);
	ck_assert(r.cause == TAPE_OK && !r.leom);
	while (at < bytes && r.cause == TAPE_OK && !r.leom) {
		n = bytes - at < 8 * BLOCK ? bytes - at : 8 * BLOCK;
		write_at(tape, at, n);
		at += r.bytes;
	}
	return at;
}

START_TEST(a_volume_holds_the_expected_amount)
{
	const struct volume_spec spec =
	    vtape_rig_spec(VOLUME_PAYLOAD_RAW, spans[_i].leom);
	struct tape *tape = vtape_rig_load(scratch_volume("v", &spec));
	const uint64_t *part = spans[_i].parts;

	tape->ops->label(tape, header, BLOCK, 0, &r);
	for (; part[1] != 0; part++) {
		ck_assert_uint_eq(write_part(tape, *part), *part);
		tape->ops->filemark(tape, true, 0, &r);
		ck_assert(r.cause == TAPE_OK && !r.leom);
	}
	ck_assert_uint_eq(write_part(tape, *part), spans[_i].taken);
	ck_assert_int_eq(r.cause, spans[_i].cause);
	ck_assert_int_eq(r.leom, spans[_i].met);
	tape->ops->filemark(tape, true, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	ck_assert_int_eq(r.leom, spans[_i].met);
	vtape_rig_finish(tape);
}
END_TEST

START_TEST(the_header_that_meets_the_early_warning_reports_it)
{
	const struct volume_spec spec =
	    vtape_rig_spec(VOLUME_PAYLOAD_NONE, true);
	struct tape *tape = vtape_rig_load(scratch_volume("v", &spec));

	tape->ops->label(tape, header, BLOCK, 0, &r);
	ck_assert_uint_eq(write_part(tape, 2424832), 2424832);
	tape->ops->filemark(tape, true, 0, &r);
	ck_assert(!r.leom);
	tape->ops->start_file(tape, header, BLOCK, 0, &r);
	ck_assert(r.cause == TAPE_OK && r.leom && r.bytes == BLOCK);
	ck_assert_str_eq(r.message, "");
	ck_assert(r.sense.valid && r.sense.key == 0 && r.sense.ascq == 2);
	tape->ops->rewind(tape, 0, &r);
	ck_assert(!r.leom);
	vtape_rig_finish(tape);
}
END_TEST

START_TEST(a_read_error_names_its_block_without_advice_on_writing)
{
	const struct volume_spec spec =
	    vtape_rig_spec(VOLUME_PAYLOAD_RAW, true);
	const struct sense_event *event = sense_find("read_error");
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_defect defect = { .at = 3 * BLOCK,
		.fail = VOLUME_FAIL_READ };
	struct tape *tape = vtape_rig_load(volume);
	struct tape_block block;
	int i;

	tape->ops->label(tape, header, BLOCK, 0, &r);
	ck_assert_uint_eq(write_part(tape, 5 * BLOCK), 5 * BLOCK);
	ck_assert_ptr_nonnull(event);
	defect.sense = event->sense;
	volume_defect_add(volume, &defect);
	tape->ops->locate(tape, 1, 0, &r);
	for (i = 0; i < 5 && r.cause == TAPE_OK; i++)
		tape->ops->read(tape, got, BLOCK, &block, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_MEDIUM_ERROR);
	/* The position counts label, filemark, header and block. */
	ck_assert_ptr_eq(strstr(r.message,
			     "volume TST001L8, file 1, object 4, byte 98304: "
			     "read: medium error (sense"),
	    r.message);
	vtape_rig_finish(tape);
}
END_TEST

/* Events at a spot on the medium, each with its cause and message. */
static const struct {
	const char *event;
	enum tape_cause cause;
	const char *says;
} causes[] = {
	{ "medium_error", TAPE_MEDIUM_ERROR,
	    "medium error: do not write to this volume again (sense 3/0C/00)" },
	{ "write_append_error", TAPE_MEDIUM_ERROR, "(sense 3/50/00)" },
	{ "position_lost", TAPE_POSITION_LOST,
	    "the drive has lost its position (sense 3/3B/00)" },
	{ "reset", TAPE_POSITION_LOST, "(sense 6/29/00)" },
	{ "medium_changed", TAPE_POSITION_LOST, "(sense 6/28/00)" },
	{ "hardware_error", TAPE_HARDWARE_ERROR,
	    "hardware error: the drive needs service (sense 4/44/00)" },
	{ "write_protected", TAPE_WRITE_PROTECTED,
	    "the volume is write-protected (sense 7/27/00)" },
	{ "worm_overwrite", TAPE_WRITE_PROTECTED, "(sense 7/30/0C)" },
	{ "volume_overflow", TAPE_PEOM, "the volume is full (sense D/00/02)" },
	{ "becoming_ready", TAPE_UNKNOWN_ERROR,
	    "the drive is not ready (sense 2/04/01)" },
};

START_TEST(an_error_has_a_cause_and_a_message)
{
	const struct volume_spec spec =
	    vtape_rig_spec(VOLUME_PAYLOAD_NONE, true);
	const struct sense_event *event = sense_find(causes[_i].event);
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_defect defect = { .at = 5 * BLOCK, .once = true };
	struct tape *tape;

	ck_assert_ptr_nonnull(event);
	defect.sense = event->sense;
	volume_defect_add(volume, &defect);
	tape = vtape_rig_load(volume);
	tape->ops->label(tape, header, BLOCK, 0, &r);
	ck_assert_uint_eq(write_part(tape, 8 * BLOCK), 3 * BLOCK);
	ck_assert_int_eq(r.cause, causes[_i].cause);
	ck_assert_msg(strstr(r.message, causes[_i].says) != NULL, "%s",
	    r.message);
	ck_assert_ptr_eq(strstr(r.message,
			     "volume TST001L8, file 1, object 6, byte 163840: "
			     "write: "),
	    r.message);
	ck_assert(r.sense.valid && r.sense.key == event->sense.key);
	vtape_rig_finish(tape);
}
END_TEST

START_TEST(a_block_that_does_not_fit_the_drive_is_invalid)
{
	const struct volume_spec spec =
	    vtape_rig_spec(VOLUME_PAYLOAD_RAW, true);
	struct tape *tape = vtape_rig_load(scratch_volume("v", &spec));
	struct tape_run run = { .bytes = 1, .block_bytes = 1 };
	struct tape_limits limits;
	struct tape_block block;

	tape->ops->label(tape, header, BLOCK, 0, &r);
	tape->ops->rewind(tape, 0, &r);
	tape->ops->read(tape, got, BLOCK - 1, &block, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_INVALID);
	ck_assert_uint_eq(block.bytes, BLOCK);
	ck_assert_ptr_nonnull(strstr(r.message, "longer than the buffer"));
	expect_read(tape, TAPE_FILEMARK, 0, 0, false);
	tape->ops->limits(tape, &limits);
	ck_assert_int_eq(limits.streaming, SPLITTER_STREAMING_NONE);
	run.block_bytes = limits.block_max_bytes + 1;
	tape->ops->write(tape, &run, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_INVALID);
	ck_assert_ptr_nonnull(strstr(r.message, "longer than the drive"));
	vtape_rig_finish(tape);
}
END_TEST

START_TEST(a_full_disk_is_a_storage_failure)
{
	const struct volume_spec spec =
	    vtape_rig_spec(VOLUME_PAYLOAD_RAW, true);
	struct rlimit limit;
	struct stat st;
	struct tape *tape = vtape_rig_load(scratch_volume("v", &spec));

	tape->ops->label(tape, header, BLOCK, 0, &r);
	ck_assert_int_eq(stat(scratch_path("v"), &st), 0);
	limit.rlim_cur = limit.rlim_max = (rlim_t)st.st_size + 100000;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	/* SQLite keeps this amount in its cache until the filemark. */
	write_part(tape, 500000);
	tape->ops->filemark(tape, true, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_STORAGE_FAILED);
	ck_assert_ptr_eq(
	    strstr(r.message,
		"volume TST001L8, file 1, object 2, byte 32768: write a "
		"filemark: this host cannot write its file (sense 3/0C/00): "
		"volume "),
	    r.message);
	ck_assert_msg(strstr(r.message, "the file may not grow") != NULL, "%s",
	    r.message);
	tape->ops->filemark(tape, true, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	vtape_rig_finish(tape);
}
END_TEST

enum { FDS = 64 };

/*
 * Returns whether the descriptor is open for a file whose path ends with `end`.
 */
static bool is_open(int fd, const char *end)
{
	char name[64], path[4096];
	ssize_t n;

	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	n = readlink(name, path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	return n > (ssize_t)strlen(end) &&
	    strcmp(path + n - strlen(end), end) == 0;
}

/*
 * Makes reads of files with this ending fail.  `kept` gets a copy of each
 * descriptor, or -1 for other files.
 */
static void stop_reading(const char *end, int kept[FDS])
{
	int fd, to = open("/dev/null", O_WRONLY);

	for (fd = 0; fd < FDS; fd++) {
		kept[fd] = is_open(fd, end) ? fcntl(fd, F_DUPFD, FDS) : -1;
		if (kept[fd] >= 0)
			dup2(to, fd);
	}
	close(to);
}

static void go_on_reading(const int kept[FDS])
{
	int fd;

	for (fd = 0; fd < FDS; fd++)
		if (kept[fd] >= 0) {
			dup2(kept[fd], fd);
			close(kept[fd]);
		}
}

/* Bug: the error was reported as a medium error of a good volume. */
START_TEST(a_read_error_of_the_machine_is_not_a_medium_error)
{
	const struct volume_spec spec =
	    vtape_rig_spec(VOLUME_PAYLOAD_RAW, true);
	struct tape *tape = vtape_rig_load(scratch_volume("v", &spec));
	struct tape_block block;
	char message[VOLUME_MESSAGE_BYTES];
	struct drive *drive;
	int i, kept[FDS];

	tape->ops->label(tape, header, BLOCK, 0, &r);
	ck_assert_uint_eq(write_part(tape, 2000000), 2000000);
	tape->ops->filemark(tape, true, 0, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	stop_reading("/v", kept);
	tape->ops->locate(tape, 1, 0, &r);
	for (i = 0; i < 300 && r.cause == TAPE_OK; i++)
		tape->ops->read(tape, got, BLOCK, &block, 0, &r);
	ck_assert_msg(r.cause == TAPE_STORAGE_FAILED, "%d %s", r.cause,
	    r.message);
	ck_assert_msg(strstr(r.message,
			  "this host cannot read its file (sense 3/11/00): "
			  "volume ") != NULL,
	    "%s", r.message);
	go_on_reading(kept);
	/* The volume may have lost data. */
	drive = vtape_drive(tape);
	volume_close(drive_remove_volume(drive), message);
	drive_free(drive);
	vtape_free(tape);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("vtape");
	TCase *t = tcase_create("vtape");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, written_data_is_read_back, 0, 2);
	tcase_add_loop_test(t, an_empty_volume_is_blank, 0, 2);
	tcase_add_loop_test(t, a_volume_holds_the_expected_amount, 0,
	    sizeof spans / sizeof spans[0]);
	tcase_add_test(t, the_header_that_meets_the_early_warning_reports_it);
	tcase_add_loop_test(t, an_error_has_a_cause_and_a_message, 0,
	    sizeof causes / sizeof causes[0]);
	tcase_add_test(t,
	    a_read_error_names_its_block_without_advice_on_writing);
	tcase_add_test(t, a_block_that_does_not_fit_the_drive_is_invalid);
	tcase_add_test(t, a_full_disk_is_a_storage_failure);
	tcase_add_test(t, a_read_error_of_the_machine_is_not_a_medium_error);
	return run_suite(s);
}
