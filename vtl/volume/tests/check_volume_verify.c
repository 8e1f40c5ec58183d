/*
 * check_volume_verify.c: every error in a volume's file is reported, with its
 * place; a good file has none; and neither is changed.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/verify.h"
#include "vtl/volume/history.h"

enum { K = 1024, BLOCK = 4 * K, FILES = 3, PAYLOADS = 3, DAMAGES = 60 };

static char said[4096];

static void hear(void *arg, const char *message)
{
	size_t n = strlen(said);

	(void)arg;
	ck_assert_ptr_null(strchr(message, '\n'));
	snprintf(said + n, sizeof said - n, "%s\n", message);
}

static uint64_t verify(struct volume_counts *counts)
{
	said[0] = '\0';
	return volume_verify(scratch_path("v"), hear, NULL, counts);
}

static void safe(void *arg, uint64_t files)
{
	(void)arg;
	(void)files;
}

static void make(enum volume_payload payload)
{
	const struct volume_spec spec = scratch_spec(payload);
	const struct volume_defect defect = { .at = 5,
		.sense = { 3, 0x0c, 0, 0, 0 } };
	struct volume *volume = scratch_volume("v", &spec);

	ck_assert_int_eq(scratch_write_files(volume, BLOCK, 0, FILES, safe,
			     NULL),
	    0);
	ck_assert_int_eq(volume_defect_add(volume, &defect), 0);
	ck_assert_int_eq(volume_log_event(volume, "closed", "good"), 0);
	scratch_close(volume);
}

START_TEST(a_good_volume_has_no_errors)
{
	struct volume_counts counts;
	uint64_t sum;

	make(_i);
	sum = scratch_sum("v");
	ck_assert_msg(verify(&counts) == 0, "%s", said);
	ck_assert_uint_eq(scratch_sum("v"), sum);
	ck_assert_uint_eq(counts.filemarks, FILES);
	ck_assert_uint_eq(counts.bytes, counts.blocks * BLOCK);
	ck_assert_int_eq((int64_t)counts.blocks,
	    scratch_query("v", "select blocks from state"));
	ck_assert_uint_eq(counts.checked,
	    _i == VOLUME_PAYLOAD_NONE ? 0 : counts.blocks);
}
END_TEST

#define A_ROW                                               \
	"(select first from objects where data is not null" \
	" order by first limit 1 offset 1)"

/* Changes of a volume with payload raw, and the report for each. */
#define NOT_ITS_OWN "its tables, indices and views are not those of a volume"

static const struct {
	const char *sql, *says;
} faults[] = {
	{ "delete from objects where first = 0",
	    "is where object 0, file 0, "
	    "byte 0 should be" },
	{ "delete from objects where first = " A_ROW, "should be" },
	{ "update objects set count = count + 1 where first = " A_ROW,
	    "a row does not match its data" },
	{ "update objects set count = -1 where first = " A_ROW,
	    "has impossible values" },
	{ "update objects set count = 9223372036854775807 where first = " A_ROW,
	    "has impossible values" },
	{ "update objects set block_bytes = 1 << 40 where first = " A_ROW,
	    "has impossible values" },
	{ "update objects set last_bytes = 1 where first = " A_ROW,
	    "a row does not match its data" },
	{ "update objects set at_byte = at_byte + 1 where first = " A_ROW,
	    "should be" },
	{ "update objects set file = file + 1 where first = " A_ROW,
	    "should be" },
	{ "update objects set first = -3 where first = 0",
	    "there is an object with number -3" },
	{ "update objects set sums = x'00' where first = " A_ROW,
	    "a row does not match its data" },
	{ "update objects set sums = zeroblob(length(sums)) where first = " A_ROW,
	    "differs from its checksum" },
	{ "update objects set data = x'00' where first = " A_ROW,
	    "differs from its checksum" },
	{ "update objects set data = data || x'ff' where first = " A_ROW,
	    "a row does not match its data" },
	{ "update objects set data = 'text' where first = " A_ROW,
	    "differs from its checksum" },
	{ "update objects set data = 5 where first = " A_ROW,
	    "a row does not match its data" },
	{ "update objects set data = null where first = " A_ROW,
	    "a row does not match its data" },
	{ "update objects set zlib = 1 where first = " A_ROW,
	    "cannot be decompressed" },
	{ "update objects set zlib = 2 where first = " A_ROW,
	    "a row does not match its data" },
	{ "update defects set at_byte = -1",
	    "a defect is not valid, in row 1" },
	{ "update defects set sense_key = 99", "a defect is not valid" },
	{ "update defects set length = 0", "a defect is not valid" },
	{ "insert into defects (fail, file, block, factor) values ('slow', 1, "
	  "-1, 2)",
	    "a defect is not valid, in row 2" },
	{ "update defects set partition = 7", "a defect is not valid" },
	{ "insert into partitions values (1, 5, null)",
	    "its partitions are not valid" },
	{ "insert into partitions values (0, 5, 6)",
	    "its partitions are not valid" },
	{ "update volume set usable_bytes = 0",
	    "its usable capacity is not valid" },
	{ "update objects set first = first + (1 << 60), file = file + (1 << 32)"
	  " where first = (select max(first) from objects)",
	    "there is an object with number" },
	{ "update objects set file = file + (1 << 32) where first = " A_ROW,
	    "has impossible values" },
	{ "insert into attributes values (0, 70000, 0, x'00')",
	    "an attribute is not valid: 70000" },
	{ "insert into attributes values (1, 2048, 0, x'00')",
	    "an attribute is not valid: 2048" },
	{ "delete from history where id = 1",
	    "rows of its history are missing, before row 2" },
	{ "update volume set barcode = '../x'", "its barcode is not valid" },
	{ "update volume set medium = 'X9'", "its type of medium is unknown" },
	{ "update volume set capacity_bytes = 0", "its capacity is not valid" },
	{ "update volume set capacity_bytes = 1, early_warning_bytes = null",
	    "which do not fit into its capacity" },
	{ "update volume set capacity_bytes = 'many'",
	    "its capacity is not valid" },
	{ "update history set text = x'0001'",
	    "its history has a value that is not text" },
	{ "insert into defects (fail, file, block) values ('read', 1, 'x')",
	    "a defect is not valid" },
	{ "update objects set block_bytes = 'x' where first = 0",
	    "has impossible values" },
	{ "update objects set file = 'x' where first = (select min(first) "
	  "from objects where first > 0)",
	    "has impossible values" },
	{ "update objects set sums = x'00' where block_bytes = 0",
	    "a filemark has data" },
	{ "insert into objects select max(first + count), 1 << 40, 0, 0, "
	  "max(at_byte), max(file), 0, 0, null, null, 0 from objects",
	    "its last row is not valid" },
	{ "update objects set count = 1 << 21 where first = (select min(first) "
	  "from objects where block_bytes = 0)",
	    "has impossible values" },
	{ "drop view files", NOT_ITS_OWN },
	{ "drop table objects; create table objects (a)", NOT_ITS_OWN },
	{ "create trigger t after insert on objects begin delete from "
	  "history; end",
	    NOT_ITS_OWN },
	{ "create view mine as select * from objects", NOT_ITS_OWN },
	{ "create table mine (a)", NOT_ITS_OWN },
	{ "create index mine on objects (abs(count))", NOT_ITS_OWN },
};

enum { FAULTS = sizeof faults / sizeof faults[0] };

START_TEST(an_error_is_reported)
{
	struct volume_counts counts;
	uint64_t sum;

	make(VOLUME_PAYLOAD_RAW);
	scratch_sql("v", faults[_i].sql);
	sum = scratch_sum("v");
	ck_assert_uint_gt(verify(&counts), 0);
	ck_assert_msg(strstr(said, faults[_i].says) != NULL, "%s", said);
	ck_assert_msg(strstr(said, scratch_path("v")) != NULL, "%s", said);
	ck_assert_uint_eq(scratch_sum("v"), sum);
}
END_TEST

/* Changes a byte, or truncates the file, at a place given by the seed. */
static void damage(uint64_t *seed, bool cut)
{
	FILE *f = fopen(scratch_path("v"), "r+");
	struct stat st;
	long at;
	int c;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(stat(scratch_path("v"), &st), 0);
	at = (long)(scratch_random(seed) % (uint64_t)st.st_size);
	if (scratch_random(seed) % 3 == 0)
		at %= 4096; /* hit the beginning of the file more often */
	fseek(f, at, SEEK_SET);
	c = getc(f);
	fseek(f, at, SEEK_SET);
	putc(c ^ (1 << scratch_random(seed) % 8), f);
	fclose(f);
	if (cut)
		ck_assert_int_eq(truncate(scratch_path("v"), at), 0);
}

/*
 * Expected: a flipped bit is reported, or is in an unused place, so that
 * everything that was written is there.
 */
START_TEST(no_damage_is_unnoticed)
{
	uint64_t seed = (uint64_t)_i, sum;
	struct volume_counts counts, whole;
	struct volume *volume;

	make(_i % PAYLOADS);
	ck_assert_uint_eq(verify(&whole), 0);
	rename(scratch_path("v"), scratch_path("good"));
	for (int i = 0; i < DAMAGES / 4; i += (int)part_step(3)) {
		scratch_copy("good", "v");
		damage(&seed, i % 5 == 0);
		sum = scratch_sum("v");
		if (verify(&counts) == 0) {
			ck_assert_int_ne(i % 5, 0);
			ck_assert_mem_eq(&counts, &whole, sizeof whole);
			volume = scratch_open("v");
			scratch_check_files(volume, BLOCK, FILES);
			scratch_close(volume);
		}
		ck_assert_uint_eq(scratch_sum("v"), sum);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_verify");
	TCase *t = tcase_create("volume_verify");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_good_volume_has_no_errors, 0, PAYLOADS);
	tcase_add_loop_test(t, an_error_is_reported, 0, FAULTS);
	tcase_add_loop_test(t, no_damage_is_unnoticed, 0, 4 * PAYLOADS);
	return run_suite(s);
}
