/*
 * check_verify.c: verification before a resume.  Each volume is read once, and
 * the volume of the last part comes last.  A part that is not found there is
 * not safe.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/read/verify.h"
#include "splitter/tests/run_suite.h"
#include "splitter/st/tests/st_stage.h"

enum { ID = 7, VOLUMES = 3 };

static char block[2 * BLOCK];
static const char *const barcodes[VOLUMES] = { "MEM001L0", "MEM002L0",
	"MEM003L0" };

/* The parts of the dump: two on the first volume, one on each other volume. */
static const struct part_row table[] = {
	{ .part = 1, .attempt = 1, .file = 1, .bytes = BLOCK },
	{ .part = 2, .attempt = 3, .file = 2, .bytes = BLOCK },
	{ .part = 3, .attempt = 1, .file = 1, .bytes = BLOCK },
	{ .part = 4, .attempt = 1, .file = 1, .bytes = BLOCK },
};
static const unsigned volume_of[] = { 0, 0, 1, 2 };
enum { PARTS = sizeof table / sizeof *table };

/* A change of one volume after the dump was written. */
struct harm {
	const char *name;
	unsigned volume;  /* from 0 */
	uint64_t dump_id; /* id of the dump on the volume; 0: no dump */
	unsigned parts;   /* number of parts on the volume */
	uint64_t attempt; /* added to the attempt of the safe part */
	unsigned longer;  /* added to the size of the volume's blocks */
	enum splitter_parts_state state;
	uint64_t part; /* the first part that is not present */
	bool cut;      /* the last part on the volume has no data */
};

static const struct harm harms[] = {
	{ "nothing", 0, ID, 2, 0, 0, SPLITTER_PARTS_PRESENT, 0, false },
	{ "another dump of as many parts", 0, 8, 2, 0, 0,
	    SPLITTER_PARTS_OVERWRITTEN, 1, false },
	{ "another dump on a later volume", 1, 8, 1, 0, 0,
	    SPLITTER_PARTS_OVERWRITTEN, 3, false },
	{ "another dump on the last", 2, 8, 1, 0, 0, SPLITTER_PARTS_OVERWRITTEN,
	    4, false },
	{ "longer blocks", 1, 8, 1, 0, BLOCK, SPLITTER_PARTS_OVERWRITTEN, 3,
	    false },
	{ "it was cut short", 0, ID, 1, 0, 0, SPLITTER_PARTS_OVERWRITTEN, 2,
	    false },
	{ "the data of the last part is gone", 0, ID, 2, 0, 0,
	    SPLITTER_PARTS_OVERWRITTEN, 2, true },
	{ "a label, and nothing after it", 1, 8, 0, 0, 0,
	    SPLITTER_PARTS_OVERWRITTEN, 3, false },
	{ "another attempt", 2, ID, 1, 1, 0, SPLITTER_PARTS_OVERWRITTEN, 4,
	    false },
	{ "it is blank", 1, 0, 0, 0, 0, SPLITTER_PARTS_UNREADABLE, 3, false },
};

/* Writes a header, and one block of data unless the part was cut short. */
static void put_header(struct tape *tape, const struct header *h, bool label,
    bool data)
{
	const struct tape_run run = { .data = block,
		.bytes = h->block_bytes,
		.block_bytes = h->block_bytes };
	struct tape_result answer;

	header_format(h, "", 0, block, h->block_bytes);
	if (label) {
		tape->ops->label(tape, block, h->block_bytes, 0, &answer);
	} else {
		tape->ops->start_file(tape, block, h->block_bytes, 0, &answer);
		ck_assert_int_eq(answer.cause, TAPE_OK);
		if (data)
			tape->ops->write(tape, &run, 0, &answer);
		tape->ops->filemark(tape, true, 0, &answer);
	}
	ck_assert_int_eq(answer.cause, TAPE_OK);
}

/* Writes the contents of a volume: as the dump did, or with the harm. */
static void fill(struct tape *tape, unsigned volume, const struct harm *harm)
{
	bool harmed = harm->volume == volume;
	struct header h = { .type = HEADER_LABEL,
		.dump = "d",
		.sequence = 1,
		.dump_id = harmed ? harm->dump_id : ID,
		.block_bytes = BLOCK + (harmed ? harm->longer : 0) };
	unsigned parts = harmed ? harm->parts : PARTS, i;

	if (h.dump_id == 0)
		return;
	strcpy(h.volume, barcodes[volume]);
	put_header(tape, &h, true, false);
	h.type = HEADER_PART;
	for (i = 0; i < PARTS && parts > 0; i++) {
		if (volume_of[i] != volume)
			continue;
		h.part = table[i].part;
		h.attempt = table[i].attempt + (harmed ? harm->attempt : 0);
		h.file = table[i].file;
		h.offset_bytes = (uint64_t)i * BLOCK;
		put_header(tape, &h, false, !harmed || !harm->cut || parts > 1);
		parts--;
	}
}

static void fill_all(struct tape_library *library, const struct harm *harm)
{
	struct tape_result answer;
	struct tape *tape;
	unsigned i;

	for (i = 0; i < VOLUMES; i++) {
		tape = library->ops->load(library, 0, &answer);
		ck_assert_msg(tape != NULL, "%s", answer.message);
		fill(tape, i, harm);
		library->ops->unload(library, tape, TAPE_CLOSE_GOOD, 0,
		    &answer);
	}
}

static struct parts *make_parts(void)
{
	struct parts *parts = parts_new();
	struct part_row row;
	unsigned i;

	for (i = 0; i < PARTS; i++) {
		row = table[i];
		row.offset_bytes = (uint64_t)i * BLOCK;
		strcpy(row.volume, barcodes[volume_of[i]]);
		ck_assert_int_eq(parts_add(parts, &row), 0);
	}
	return parts;
}

/* The volumes that were requested, in this order. */
static struct {
	char text[128];
	unsigned left;
} asked;

static bool on_volume(void *arg, const char *volume)
{
	size_t n = strlen(asked.text);

	(void)arg;
	if (asked.left-- == 0)
		return false;
	snprintf(asked.text + n, sizeof asked.text - n, "%.6s ", volume);
	return true;
}

/* Verifies the parts.  Requests at most `most` volumes. */
static enum splitter_parts_state verify(struct tape_library *library,
    const char *assumed, unsigned most, struct part_row *row, char *err,
    size_t err_bytes)
{
	struct parts *parts = make_parts();
	const struct verify_config config = { .library = library,
		.parts = parts,
		.dump_id = ID,
		.block_bytes = BLOCK,
		.assumed = { &assumed, assumed != NULL },
		.volume_begun = on_volume };
	enum splitter_parts_state state;
	size_t part;

	memset(&asked, 0, sizeof asked);
	asked.left = most;
	err[0] = '\0';
	state = verify_parts(&config, &part, err, err_bytes);
	parts_get(parts, part, row);
	parts_free(parts);
	return state;
}

static void up(const struct harm *harm)
{
	stage_up(50, 0, VOLUMES, MEMTAPE_BLANK);
	fill_all(stage.rig.library, harm);
}

START_TEST(a_harmed_volume_is_detected)
{
	const struct harm *harm = &harms[_i];
	enum splitter_parts_state state;
	struct part_row row;
	char err[512], begin[64];

	up(harm);
	state = verify(stage.rig.library, NULL, VOLUMES, &row, err, sizeof err);
	ck_assert_msg(state == harm->state, "%s: %d, %s", harm->name, state,
	    err);
	if (state != SPLITTER_PARTS_PRESENT) {
		ck_assert_msg(row.part == harm->part, "%s: part %" PRIu64,
		    harm->name, row.part);
		snprintf(begin, sizeof begin, "volume %s, ",
		    barcodes[harm->volume]);
		ck_assert_msg(strstr(err, begin) == err, "%s: %s", harm->name,
		    err);
	}
	/* Verifies the same volumes in one drive each. */
	memtape_again(stage.tapes);
	ck_assert_int_eq(verify(memtape_library(stage.tapes), NULL, VOLUMES,
			     &row, err, sizeof err),
	    harm->state);
	stage_down();
}
END_TEST

START_TEST(each_volume_is_asked_for_once_and_the_last_one_last)
{
	struct part_row row;
	char err[512];

	up(&harms[0]);
	ck_assert_int_eq(verify(stage.rig.library, NULL, VOLUMES, &row, err,
			     sizeof err),
	    SPLITTER_PARTS_PRESENT);
	ck_assert_str_eq(asked.text, "MEM001 MEM002 MEM003 ");
	stage_down();
}
END_TEST

START_TEST(an_assumed_volume_is_not_asked_for)
{
	struct part_row row;
	char err[512];

	up(&harms[2]);
	ck_assert_int_eq(verify(stage.rig.library, barcodes[1], VOLUMES, &row,
			     err, sizeof err),
	    SPLITTER_PARTS_PRESENT);
	ck_assert_str_eq(asked.text, "MEM001 MEM003 ");
	ck_assert_int_eq(verify(stage.rig.library, barcodes[0], VOLUMES, &row,
			     err, sizeof err),
	    SPLITTER_PARTS_OVERWRITTEN);
	stage_down();
}
END_TEST

/* The library has one drive, and the volume in it is never changed. */
START_TEST(a_volume_that_cannot_be_loaded_is_unreadable)
{
	struct part_row row;
	char err[512];

	stage.rig.no_change = true;
	stage_up(50, 0, VOLUMES, MEMTAPE_BLANK);
	fill_all(memtape_library(stage.tapes), &harms[0]);
	ck_assert_int_eq(verify(stage.rig.library, NULL, VOLUMES, &row, err,
			     sizeof err),
	    SPLITTER_PARTS_UNREADABLE);
	ck_assert_uint_eq(row.part, 3);
	ck_assert_msg(strstr(err, "volume MEM002L0, which holds part 3") == err,
	    "%s", err);
	stage_down();
}
END_TEST

START_TEST(volume_begun_stops_the_verification)
{
	struct part_row row;
	char err[512];

	up(&harms[0]);
	ck_assert_int_eq(verify(stage.rig.library, NULL, 1, &row, err,
			     sizeof err),
	    SPLITTER_PARTS_STOPPED);
	ck_assert_str_eq(asked.text, "MEM001 ");
	stage_down();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("verify");
	TCase *tc = tcase_create("verify");

	tcase_add_loop_test(tc, a_harmed_volume_is_detected, 0,
	    sizeof harms / sizeof *harms);
	tcase_add_test(tc, each_volume_is_asked_for_once_and_the_last_one_last);
	tcase_add_test(tc, an_assumed_volume_is_not_asked_for);
	tcase_add_test(tc, a_volume_that_cannot_be_loaded_is_unreadable);
	tcase_add_test(tc, volume_begun_stops_the_verification);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
