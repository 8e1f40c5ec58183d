/*
 * check_resume_look.c: before a dump is gone on with, its volumes are looked
 * at: each once, the last one last, and what is not there is not safe.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/read/resume.h"
#include "splitter/tests/run_suite.h"
#include "splitter/st/tests/st_stage.h"

enum { ID = 7, VOLUMES = 3 };

static char block[2 * BLOCK];
static const char *const barcodes[VOLUMES] = { "MEM001L0", "MEM002L0",
	"MEM003L0" };

/* The parts of the dump: two on the first volume, one on each other. */
static const struct part_row table[] = {
	{ .part = 1, .attempt = 1, .file = 1, .bytes = BLOCK },
	{ .part = 2, .attempt = 3, .file = 2, .bytes = BLOCK },
	{ .part = 3, .attempt = 1, .file = 1, .bytes = BLOCK },
	{ .part = 4, .attempt = 1, .file = 1, .bytes = BLOCK },
};
static const unsigned volume_of[] = { 0, 0, 1, 2 };
enum { PARTS = sizeof table / sizeof *table };

/* What was done to one volume since. */
struct harm {
	const char *name;
	unsigned volume;  /* from 0 */
	uint64_t dump_id; /* of which a dump is on it; 0: none */
	unsigned parts;   /* how many of its parts are */
	uint64_t attempt; /* more than the one that is safe */
	unsigned longer;  /* its blocks are longer by so much */
	enum resume_held held;
	uint64_t gone; /* the part that is, or that is not seen */
	bool cut;      /* the last of its parts has no data */
};

static const struct harm harms[] = {
	{ "nothing", 0, ID, 2, 0, 0, RESUME_HELD, 0, false },
	{ "another dump of as many parts", 0, 8, 2, 0, 0, RESUME_GONE, 1,
	    false },
	{ "another dump on a later volume", 1, 8, 1, 0, 0, RESUME_GONE, 3,
	    false },
	{ "another dump on the last", 2, 8, 1, 0, 0, RESUME_GONE, 4, false },
	{ "longer blocks", 1, 8, 1, 0, BLOCK, RESUME_GONE, 3, false },
	{ "it was cut short", 0, ID, 1, 0, 0, RESUME_GONE, 2, false },
	{ "the data of the last part is gone", 0, ID, 2, 0, 0, RESUME_GONE, 2,
	    true },
	{ "a label, and nothing behind it", 1, 8, 0, 0, 0, RESUME_GONE, 3,
	    false },
	{ "another attempt", 2, ID, 1, 1, 0, RESUME_GONE, 4, false },
	{ "it is blank", 1, 0, 0, 0, 0, RESUME_UNSEEN, 3, false },
};

/* A part has a block of data, or, cut short, none. */
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

/* What is on a volume: as it was written, or with the harm. */
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

/* The volumes that are loaded, in their order, as they are asked for. */
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

/* The look with that harm; `most` volumes are looked at. */
static enum resume_held look(struct tape_library *library, const char *assumed,
    unsigned most, struct part_row *gone, char *err, size_t err_bytes)
{
	struct parts *parts = make_parts();
	const struct resume_volumes volumes = { .library = library,
		.parts = parts,
		.dump_id = ID,
		.block_bytes = BLOCK,
		.assumed = { &assumed, assumed != NULL },
		.each = on_volume };
	enum resume_held held;

	memset(&asked, 0, sizeof asked);
	asked.left = most;
	err[0] = '\0';
	held = resume_look(&volumes, gone, err, err_bytes);
	parts_free(parts);
	return held;
}

static void up(const struct harm *harm)
{
	stage_up(50, 0, VOLUMES, MEMTAPE_BLANK);
	fill_all(stage.rig.library, harm);
}

START_TEST(what_is_not_there_is_seen)
{
	const struct harm *harm = &harms[_i];
	struct part_row gone;
	enum resume_held held;
	char err[512], says[64];

	up(harm);
	held = look(stage.rig.library, NULL, VOLUMES, &gone, err, sizeof err);
	ck_assert_msg(held == harm->held, "%s: %d, %s", harm->name, held, err);
	if (held != RESUME_HELD) {
		ck_assert_msg(gone.part == harm->gone, "%s: part %" PRIu64,
		    harm->name, gone.part);
		snprintf(says, sizeof says, "volume %s, ",
		    barcodes[harm->volume]);
		ck_assert_msg(strstr(err, says) == err, "%s: %s", harm->name,
		    err);
	}
	/* In a drive of its own the same. */
	memtape_again(stage.tapes);
	ck_assert_int_eq(look(memtape_library(stage.tapes), NULL, VOLUMES,
			     &gone, err, sizeof err),
	    harm->held);
	stage_down();
}
END_TEST

START_TEST(each_volume_is_asked_for_once_and_the_last_one_last)
{
	struct part_row gone;
	char err[512];

	up(&harms[0]);
	ck_assert_int_eq(look(stage.rig.library, NULL, VOLUMES, &gone, err,
			     sizeof err),
	    RESUME_HELD);
	ck_assert_str_eq(asked.text, "MEM001 MEM002 MEM003 ");
	stage_down();
}
END_TEST

START_TEST(what_is_assumed_to_be_present_is_not_asked_for)
{
	struct part_row gone;
	char err[512];

	up(&harms[2]);
	ck_assert_int_eq(look(stage.rig.library, barcodes[1], VOLUMES, &gone,
			     err, sizeof err),
	    RESUME_HELD);
	ck_assert_str_eq(asked.text, "MEM001 MEM003 ");
	ck_assert_int_eq(look(stage.rig.library, barcodes[0], VOLUMES, &gone,
			     err, sizeof err),
	    RESUME_GONE);
	stage_down();
}
END_TEST

/* One drive that nobody feeds: what it has not cannot be seen. */
START_TEST(what_cannot_be_had_is_not_seen)
{
	struct part_row gone;
	char err[512];

	stage.rig.no_change = true;
	stage_up(50, 0, VOLUMES, MEMTAPE_BLANK);
	fill_all(memtape_library(stage.tapes), &harms[0]);
	ck_assert_int_eq(look(stage.rig.library, NULL, VOLUMES, &gone, err,
			     sizeof err),
	    RESUME_UNSEEN);
	ck_assert_uint_eq(gone.part, 3);
	ck_assert_msg(strstr(err, "volume MEM002L0, which holds part 3") == err,
	    "%s", err);
	stage_down();
}
END_TEST

START_TEST(it_ends_where_that_is_said)
{
	struct part_row gone;
	char err[512];

	up(&harms[0]);
	ck_assert_int_eq(look(stage.rig.library, NULL, 1, &gone, err,
			     sizeof err),
	    RESUME_STOPPED);
	ck_assert_str_eq(asked.text, "MEM001 ");
	stage_down();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("resume_look");
	TCase *tc = tcase_create("resume_look");

	tcase_add_loop_test(tc, what_is_not_there_is_seen, 0,
	    sizeof harms / sizeof *harms);
	tcase_add_test(tc, each_volume_is_asked_for_once_and_the_last_one_last);
	tcase_add_test(tc, what_is_assumed_to_be_present_is_not_asked_for);
	tcase_add_test(tc, what_cannot_be_had_is_not_seen);
	tcase_add_test(tc, it_ends_where_that_is_said);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
