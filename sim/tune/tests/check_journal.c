/* check_journal.c: the records of a sweep in a file. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/tune/points/journal.h"
#include "splitter/tests/run_suite.h"

static char folder[] = "/tmp/tapelab-journal-XXXXXX";
static char path[64], err[512], digest[] = "d", arguments[] = "{}";
static struct tune_records records;
static struct tune_journal_head head;

static void setup(void)
{
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/" TUNE_JOURNAL_NAME, folder);
	*digest = 'd';
	head = (struct tune_journal_head){ .digest = digest,
		.arguments = arguments,
		.shard = 1,
		.shards = 1 };
}

static void teardown(void)
{
	tune_records_clear(&records);
	unlink(path);
	rmdir(folder);
}

static struct tune_task task_of(uint64_t seed)
{
	struct tune_task task = { .seed = seed, .doubt = seed % 3 };

	task.settings.value[TUNE_BLOCK] = 1000 + seed;
	return task;
}

static void add(struct tune_journal *journal, uint64_t seed,
    const char *problem)
{
	struct tune_record record = { .task = task_of(seed),
		.problem = (char *)problem };
	char *line;

	for (size_t i = 0; i < TUNE_FIGURES; i++)
		record.figures.of[i] = i == 2 ? NAN : 1.0 / (double)(3 + i);
	line = tune_record_line(&record);
	ck_assert_int_eq(tune_journal_add(journal, line, err, sizeof err), 0);
	free(line);
}

static struct tune_journal *open_one(void)
{
	return tune_journal_open(folder, &head, &records, err, sizeof err);
}

/* A journal with the records 1 and 2. */
static void make(void)
{
	struct tune_journal *journal = open_one();

	ck_assert_msg(journal != NULL, "%s", err);
	add(journal, 1, NULL);
	add(journal, 2, "no \"room\"\n");
	tune_journal_close(journal);
}

static void append(const char *text)
{
	FILE *f = fopen(path, "a");

	fputs(text, f);
	fclose(f);
}

static off_t size_of(void)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_size;
}

START_TEST(records_are_read_again)
{
	const struct tune_record *r;
	struct tune_task task = task_of(1);

	make();
	tune_journal_close(open_one());
	ck_assert_uint_eq(records.count, 2);
	r = tune_records_get(&records, &task);
	ck_assert_ptr_null(r->problem);
	ck_assert(isnan(r->figures.of[2]));
	ck_assert(r->figures.of[4] == 1.0 / 7);
	task = task_of(2);
	r = tune_records_get(&records, &task);
	ck_assert_str_eq(r->problem, "no \"room\"\n");
	task = task_of(3);
	ck_assert_ptr_null(tune_records_get(&records, &task));
}
END_TEST

START_TEST(a_torn_line_is_ignored_and_cut_off)
{
	off_t size;

	make();
	size = size_of();
	append("{\"block\":1024,\"buf");
	tune_journal_close(open_one());
	ck_assert_uint_eq(records.count, 2);
	ck_assert_int_eq(size_of(), size);
}
END_TEST

START_TEST(a_torn_head_is_written_again)
{
	append("{\"tune\":\"d");
	make();
	tune_journal_close(open_one());
	ck_assert_uint_eq(records.count, 2);
}
END_TEST

START_TEST(a_damaged_record_is_refused_with_its_line)
{
	make();
	append("{\"block\":1024}\n");
	ck_assert_ptr_null(open_one());
	ck_assert_ptr_nonnull(strstr(err, ":4: the record is damaged"));
}
END_TEST

START_TEST(a_journal_of_another_sweep_is_refused)
{
	make();
	*digest = 'e';
	ck_assert_ptr_null(open_one());
	ck_assert_ptr_nonnull(strstr(err, "is of another sweep"));
	*digest = 'd';
	head.shards = 2;
	ck_assert_ptr_null(open_one());
	ck_assert_ptr_nonnull(strstr(err, "of another share"));
}
END_TEST

START_TEST(a_journal_in_use_is_refused)
{
	struct tune_journal *first = open_one();

	ck_assert_ptr_null(open_one());
	ck_assert_ptr_nonnull(strstr(err, "is in use by another tapelab"));
	tune_journal_close(first);
}
END_TEST

static const struct {
	const char *text, *says;
} bad_heads[] = {
	{ "{}\n", ":1: this is not a journal" },
	{ "text\n", ":1: this is not a journal" },
	{ "{\"tune\":\"d\",\"format\":1}\n",
	    ":1: format 1, and this tapelab reads format 2" },
	{ "{\"tune\":\"d\",\"format\":2}\n",
	    ":1: the head of the journal is "
	    "damaged" },
	{ "{\"tune\":\"d\",\"format\":2,\"shard\":3,\"shards\":2,"
	  "\"arguments\":\"\"}\n",
	    ":1: the head of the journal is damaged" },
};

START_TEST(a_bad_head_is_refused)
{
	struct tune_journal_head read;

	append(bad_heads[_i].text);
	ck_assert_int_eq(tune_journal_read(folder, &read, &records, err,
			     sizeof err),
	    -1);
	ck_assert_msg(strstr(err, bad_heads[_i].says) != NULL, "%s", err);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("journal");
	TCase *tc = tcase_create("journal");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, records_are_read_again);
	tcase_add_test(tc, a_torn_line_is_ignored_and_cut_off);
	tcase_add_test(tc, a_torn_head_is_written_again);
	tcase_add_test(tc, a_damaged_record_is_refused_with_its_line);
	tcase_add_test(tc, a_journal_of_another_sweep_is_refused);
	tcase_add_test(tc, a_journal_in_use_is_refused);
	tcase_add_loop_test(tc, a_bad_head_is_refused, 0,
	    sizeof bad_heads / sizeof *bad_heads);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
