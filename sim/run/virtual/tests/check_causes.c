/*
 * check_causes.c: the effect of each failure, by the table of causes: which
 * part fails, how its volume is closed, whether a filemark is written.
 *
 * A dump of 40 blocks in parts of 32, on volumes with room for all of it.
 */
#include <check.h>

#include "sim/run/virtual/tests/judge.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = 32768, MOST = 4 };

#define PART1   "1:1048576"
#define PART2   "2:262144"
#define WHOLE   PART1 " " PART2
#define DONE    SPLITTER_DONE, 40 * BLOCK
#define NOTHING SPLITTER_PARTIAL, 0

enum { NONE = SPLITTER_CACHE_NONE, MEMORY = SPLITTER_CACHE_MEMORY };

struct row {
	const char *name;
	struct memtape_failure failures[MOST];
	uint32_t cache;
	unsigned drives;
	const char *line;
	enum splitter_outcome outcome;
	uint64_t safe_bytes;
	const char *closes;
	int filemarks;
};

static const struct row on_data[] = {
	{ "PEOM in the first part: the retry is cut to what fitted",
	    { { MEMTAPE_BLOCK, 5, TAPE_PEOM, false } }, MEMORY, 1,
	    "1:131072F | 1:131072 2:131072 3:131072 4:131072 5:131072 6:131072 "
	    "7:131072 8:131072 9:131072 10:131072",
	    DONE, "full good", 11 },
	{ "PEOM in a later part: it is not cut",
	    { { MEMTAPE_BLOCK, 34, TAPE_PEOM, false } }, MEMORY, 1,
	    PART1 " 2:32768F | " PART2, DONE, "full good", 3 },
	{ "PEOM at the first block: no bytes, so nothing to cut to",
	    { { MEMTAPE_BLOCK, 1, TAPE_PEOM, false } }, MEMORY, 1,
	    "1:0F | " WHOLE, DONE, "full good", 3 },
	{ "PEOM at the first block, no cache: no byte was taken",
	    { { MEMTAPE_BLOCK, 1, TAPE_PEOM, false } }, NONE, 1,
	    "1:0F | " WHOLE, DONE, "full good", 3 },
	{ "PEOM, no cache", { { MEMTAPE_BLOCK, 2, TAPE_PEOM, false } }, NONE, 1,
	    "1:32768F", NOTHING, "full", 1 },
	{ "medium error", { { MEMTAPE_BLOCK, 5, TAPE_MEDIUM_ERROR, false } },
	    MEMORY, 1, "1:131072F | " WHOLE, DONE, "suspect good", 3 },
	{ "deferred error",
	    { { MEMTAPE_BLOCK, 5, TAPE_DEFERRED_ERROR, false } }, MEMORY, 1,
	    "1:131072F | " WHOLE, DONE, "suspect good", 3 },
	{ "medium error, no cache",
	    { { MEMTAPE_BLOCK, 5, TAPE_MEDIUM_ERROR, false } }, NONE, 1,
	    "1:131072F", NOTHING, "suspect", 1 },
	{ "drive error: no filemark, another drive",
	    { { MEMTAPE_BLOCK, 5, TAPE_HARDWARE_ERROR, false } }, MEMORY, 2,
	    "1:131072F | " WHOLE, DONE, "drive good", 2 },
	{ "drive error, and no other drive",
	    { { MEMTAPE_BLOCK, 5, TAPE_HARDWARE_ERROR, false } }, MEMORY, 1,
	    "1:131072F", NOTHING, "drive", 0 },
	{ "position lost: no filemark, any drive",
	    { { MEMTAPE_BLOCK, 5, TAPE_POSITION_LOST, false } }, MEMORY, 1,
	    "1:131072F | " WHOLE, DONE, "suspect good", 2 },
	{ "unknown error: as a medium error",
	    { { MEMTAPE_BLOCK, 5, TAPE_UNKNOWN_ERROR, false } }, MEMORY, 1,
	    "1:131072F | " WHOLE, DONE, "suspect good", 3 },
	{ "unknown error on the next volume too: as a drive error",
	    { { MEMTAPE_BLOCK, 5, TAPE_UNKNOWN_ERROR, false },
		{ MEMTAPE_BLOCK, 10, TAPE_UNKNOWN_ERROR, false } },
	    MEMORY, 2, "1:131072F | 1:131072F | " WHOLE, DONE,
	    "suspect drive good", 3 },
	{ "unknown error on every volume, one drive",
	    { { MEMTAPE_BLOCK, 21, TAPE_UNKNOWN_ERROR, true } }, MEMORY, 1,
	    "1:655360F | 1:0F", NOTHING, "suspect drive", 1 },
	{ "another error between two unknown ones",
	    { { MEMTAPE_BLOCK, 5, TAPE_UNKNOWN_ERROR, false },
		{ MEMTAPE_BLOCK, 10, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_BLOCK, 48, TAPE_UNKNOWN_ERROR, false } },
	    MEMORY, 1, "1:131072F | 1:131072F | " PART1 " 2:163840F | " PART2,
	    DONE, "suspect suspect suspect good", 5 },
	{ "protected all of a sudden: not untouched",
	    { { MEMTAPE_BLOCK, 5, TAPE_WRITE_PROTECTED, false } }, MEMORY, 1,
	    "1:131072F | " WHOLE, DONE, "suspect good", 0 },
	{ "LEOM", { { MEMTAPE_BLOCK, 5, TAPE_OK, false } }, NONE, 1,
	    "1:163840 | 2:1048576 3:98304", DONE, "good good", 3 },
};

static const struct row on_filemark[] = {
	{ "LEOM on the filemark: committed, next volume",
	    { { MEMTAPE_FILEMARK, 1, TAPE_OK, false } }, NONE, 1,
	    PART1 " | " PART2, DONE, "good good", 2 },
	{ "LEOM on the last filemark: no further volume",
	    { { MEMTAPE_FILEMARK, 2, TAPE_OK, false } }, NONE, 1, WHOLE, DONE,
	    "good", 2 },
	{ "medium error", { { MEMTAPE_FILEMARK, 1, TAPE_MEDIUM_ERROR, false } },
	    MEMORY, 1, PART1 "F | " WHOLE, DONE, "suspect good", 3 },
	{ "deferred error",
	    { { MEMTAPE_FILEMARK, 1, TAPE_DEFERRED_ERROR, false } }, MEMORY, 1,
	    PART1 "F | " WHOLE, DONE, "suspect good", 3 },
	{ "medium error on the last one, no cache",
	    { { MEMTAPE_FILEMARK, 2, TAPE_MEDIUM_ERROR, false } }, NONE, 1,
	    PART1 " 2:262144F", SPLITTER_PARTIAL, 1048576, "suspect", 2 },
	{ "PEOM in the first part: a block less may do",
	    { { MEMTAPE_FILEMARK, 1, TAPE_PEOM, false } }, MEMORY, 1,
	    PART1 "F | 1:1015808 2:294912", DONE, "full good", 3 },
	{ "drive error",
	    { { MEMTAPE_FILEMARK, 1, TAPE_HARDWARE_ERROR, false } }, MEMORY, 2,
	    PART1 "F | " WHOLE, DONE, "drive good", 3 },
	{ "position lost",
	    { { MEMTAPE_FILEMARK, 1, TAPE_POSITION_LOST, false } }, MEMORY, 1,
	    PART1 "F | " WHOLE, DONE, "suspect good", 3 },
	{ "unknown error on two volumes in a row",
	    { { MEMTAPE_FILEMARK, 1, TAPE_UNKNOWN_ERROR, false },
		{ MEMTAPE_FILEMARK, 2, TAPE_UNKNOWN_ERROR, false } },
	    MEMORY, 2, PART1 "F | " PART1 "F | " WHOLE, DONE,
	    "suspect drive good", 4 },
	{ "drive error after a part that failed",
	    { { MEMTAPE_BLOCK, 5, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_FILEMARK, 1, TAPE_HARDWARE_ERROR, false } },
	    MEMORY, 2, "1:131072F | " WHOLE, DONE, "drive good", 3 },
	{ "medium error after a part that met PEOM: suspect, not full",
	    { { MEMTAPE_BLOCK, 34, TAPE_PEOM, false },
		{ MEMTAPE_FILEMARK, 2, TAPE_MEDIUM_ERROR, false } },
	    MEMORY, 1, PART1 " 2:32768F | " PART2, DONE, "suspect good", 3 },
	{ "unknown error after PEOM, volume after volume: full only",
	    { { MEMTAPE_BLOCK, 34, TAPE_PEOM, false },
		{ MEMTAPE_FILEMARK, 2, TAPE_UNKNOWN_ERROR, false },
		{ MEMTAPE_BLOCK, 36, TAPE_PEOM, false },
		{ MEMTAPE_FILEMARK, 3, TAPE_UNKNOWN_ERROR, false } },
	    MEMORY, 1,
	    PART1 " 2:32768F | 2:32768F | 2:32768 3:32768 4:32768 5:32768 "
		  "6:32768 7:32768 8:32768 9:32768",
	    DONE, "full full good", 11 },
	{ "unknown error after a part that failed, then on the next volume",
	    { { MEMTAPE_BLOCK, 5, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_FILEMARK, 1, TAPE_UNKNOWN_ERROR, false },
		{ MEMTAPE_BLOCK, 6, TAPE_UNKNOWN_ERROR, false } },
	    MEMORY, 1, "1:131072F | 1:0F", NOTHING, "suspect drive", 1 },
};

static const struct row on_header[] = {
	{ "LEOM: the file is closed, and is no attempt",
	    { { MEMTAPE_HEADER, 1, TAPE_OK, false } }, NONE, 1, WHOLE, DONE,
	    "good good", 3 },
	{ "LEOM on the second", { { MEMTAPE_HEADER, 2, TAPE_OK, false } }, NONE,
	    1, PART1 " | " PART2, DONE, "good good", 3 },
	{ "PEOM", { { MEMTAPE_HEADER, 2, TAPE_PEOM, false } }, NONE, 1,
	    PART1 " | " PART2, DONE, "full good", 2 },
	{ "medium error", { { MEMTAPE_HEADER, 1, TAPE_MEDIUM_ERROR, false } },
	    NONE, 1, WHOLE, DONE, "suspect good", 2 },
	{ "drive error", { { MEMTAPE_HEADER, 1, TAPE_HARDWARE_ERROR, false } },
	    NONE, 2, WHOLE, DONE, "drive good", 2 },
	{ "position lost", { { MEMTAPE_HEADER, 2, TAPE_POSITION_LOST, false } },
	    NONE, 1, PART1 " | " PART2, DONE, "suspect good", 2 },
	{ "unknown error on two volumes in a row",
	    { { MEMTAPE_HEADER, 1, TAPE_UNKNOWN_ERROR, false },
		{ MEMTAPE_HEADER, 2, TAPE_UNKNOWN_ERROR, false } },
	    NONE, 2, WHOLE, DONE, "suspect drive good", 2 },
	{ "unknown error on a label, then on a header",
	    { { MEMTAPE_LABEL, 1, TAPE_UNKNOWN_ERROR, false },
		{ MEMTAPE_HEADER, 1, TAPE_UNKNOWN_ERROR, false } },
	    NONE, 1, "none", NOTHING, "suspect drive", 0 },
	{ "protected, but it was labelled: not untouched",
	    { { MEMTAPE_HEADER, 1, TAPE_WRITE_PROTECTED, false } }, NONE, 1,
	    WHOLE, DONE, "suspect good", 2 },
	{ "protected after a part",
	    { { MEMTAPE_HEADER, 2, TAPE_WRITE_PROTECTED, false } }, NONE, 1,
	    PART1 " | " PART2, DONE, "suspect good", 2 },
	{ "medium error on the header of the retry",
	    { { MEMTAPE_BLOCK, 21, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_HEADER, 2, TAPE_MEDIUM_ERROR, false } },
	    MEMORY, 1, "1:655360F | " WHOLE, DONE, "suspect suspect good", 3 },
	{ "unknown error on the filemark after LEOM, then on a header",
	    { { MEMTAPE_HEADER, 1, TAPE_OK, false },
		{ MEMTAPE_FILEMARK, 1, TAPE_UNKNOWN_ERROR, false },
		{ MEMTAPE_HEADER, 2, TAPE_UNKNOWN_ERROR, false } },
	    NONE, 1, "none", NOTHING, "suspect drive", 1 },
};

static const struct row on_label[] = {
	{ "LEOM", { { MEMTAPE_LABEL, 1, TAPE_OK, false } }, NONE, 1, WHOLE,
	    DONE, "good good", 2 },
	{ "PEOM", { { MEMTAPE_LABEL, 1, TAPE_PEOM, false } }, NONE, 1, WHOLE,
	    DONE, "full good", 2 },
	{ "medium error", { { MEMTAPE_LABEL, 1, TAPE_MEDIUM_ERROR, false } },
	    NONE, 1, WHOLE, DONE, "suspect good", 2 },
	{ "drive error", { { MEMTAPE_LABEL, 1, TAPE_HARDWARE_ERROR, false } },
	    NONE, 2, WHOLE, DONE, "drive good", 2 },
	{ "position lost", { { MEMTAPE_LABEL, 1, TAPE_POSITION_LOST, false } },
	    NONE, 1, WHOLE, DONE, "suspect good", 2 },
	{ "protected: untouched",
	    { { MEMTAPE_LABEL, 1, TAPE_WRITE_PROTECTED, false } }, NONE, 1,
	    WHOLE, DONE, "refused good", 2 },
	{ "a volume that cannot be loaded",
	    { { MEMTAPE_LOAD, 1, TAPE_MEDIUM_ERROR, false } }, NONE, 1, WHOLE,
	    DONE, "good", 2 },
	{ "a drive that fails as it loads",
	    { { MEMTAPE_LOAD, 1, TAPE_HARDWARE_ERROR, false } }, NONE, 2, WHOLE,
	    DONE, "good", 2 },
};

#define ROWS(table) (sizeof(table) / sizeof *(table))

static void run_row(const struct row *row)
{
	struct trial t = {
		.core = { .block_bytes = BLOCK,
		    .part_bytes = 32 * BLOCK,
		    .buffer_bytes = 8 * BLOCK,
		    .cache = row->cache,
		    .start_fill_bytes = BLOCK,
		    .max_failed_volumes = 4 },
		.tapes = { .drives = row->drives,
		    .volumes = 9,
		    .capacity_bytes = MEMTAPE_ENDLESS,
		    .warning_bytes = MEMTAPE_NO_WARNING,
		    .block_bytes = BLOCK,
		    .failures = row->failures },
		.dump_bytes = 40 * BLOCK,
		.seed = 4,
	};
	const struct judge must = {
		.name = row->name,
		.outcome = row->outcome,
		.safe_bytes = row->safe_bytes,
		.line = row->line,
		.closes = row->closes,
		.filemarks = row->filemarks,
	};

	while (t.tapes.failure_count < MOST &&
	    row->failures[t.tapes.failure_count].nth > 0)
		t.tapes.failure_count++;
	judge_trial(&t, &must);
}

START_TEST(failures_of_data_follow_the_table)
{
	run_row(&on_data[_i]);
}
END_TEST

START_TEST(failures_of_filemarks_follow_the_table)
{
	run_row(&on_filemark[_i]);
}
END_TEST

START_TEST(failures_of_headers_follow_the_table)
{
	run_row(&on_header[_i]);
}
END_TEST

START_TEST(failures_of_labels_and_loads_follow_the_table)
{
	run_row(&on_label[_i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("causes");
	TCase *tc = tcase_create("table");

	tcase_add_loop_test(tc, failures_of_data_follow_the_table, 0,
	    ROWS(on_data));
	tcase_add_loop_test(tc, failures_of_filemarks_follow_the_table, 0,
	    ROWS(on_filemark));
	tcase_add_loop_test(tc, failures_of_headers_follow_the_table, 0,
	    ROWS(on_header));
	tcase_add_loop_test(tc, failures_of_labels_and_loads_follow_the_table,
	    0, ROWS(on_label));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
