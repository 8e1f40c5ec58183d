/*
 * check_volume_file.c: a volume is one file, and the same operations make the
 * same file.
 */
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/history.h"

enum { K = 1024, M = 1024 * 1024, DUMP = 77, PAYLOADS = 3 };

static char *slurp(const char *name, size_t *bytes)
{
	int fd = open(scratch_path(name), O_RDONLY);
	struct stat st;
	char *p;

	ck_assert_int_eq(fstat(fd, &st), 0);
	*bytes = (size_t)st.st_size;
	p = malloc(*bytes);
	ck_assert_int_eq(read(fd, p, *bytes), st.st_size);
	close(fd);
	return p;
}

START_TEST(the_same_operations_make_the_same_file)
{
	const struct volume_spec spec = scratch_spec(_i);
	size_t bytes[2];
	char *p[2];

	for (int i = 0; i < 2; i++) {
		const char *name = i == 0 ? "a" : "another";
		struct volume *volume = scratch_volume(name, &spec);

		scratch_append(volume, 5 * M, 64 * K, DUMP, 0);
		volume_append_filemarks(volume, 1);
		volume_log_event(volume, "closed", "good");
		scratch_close(volume);
		p[i] = slurp(name, &bytes[i]);
	}
	ck_assert_uint_eq(bytes[0], bytes[1]);
	ck_assert_mem_eq(p[0], p[1], bytes[0]);
	free(p[0]);
	free(p[1]);
}
END_TEST

START_TEST(one_file_is_left)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct volume *volume = scratch_volume("v", &spec);

	scratch_append(volume, 5 * M, 64 * K, DUMP, 0);
	scratch_close(volume);
	ck_assert_int_ne(access(scratch_path("v-journal"), F_OK), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("volume_file");
	TCase *t = tcase_create("volume_file");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, the_same_operations_make_the_same_file, 0,
	    PAYLOADS);
	tcase_add_test(t, one_file_is_left);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
