/* report_scratch.c: a temporary folder for tests of the reports. */
#include "reports/tests/report_scratch.h"

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *counted_ending;
static size_t counted;

static void join(char path[SCRATCH_PATH_BYTES], const char *dir,
    const char *name)
{
	int n = snprintf(path, SCRATCH_PATH_BYTES, "%s/%s", dir, name);

	assert(n > 0 && n < SCRATCH_PATH_BYTES);
}

void report_scratch_make(char dir[SCRATCH_PATH_BYTES])
{
	const char *tmp = getenv("TMPDIR");

	join(dir, tmp != NULL ? tmp : "/tmp", "tapelab-reports-XXXXXX");
	if (mkdtemp(dir) == NULL) {
		perror(dir);
		abort();
	}
}

static int remove_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void report_scratch_remove(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

char *report_scratch_read(const char *dir, const char *name, size_t *bytes)
{
	char path[SCRATCH_PATH_BYTES], *text;
	struct stat st;
	FILE *in;

	join(path, dir, name);
	in = fopen(path, "r");
	if (in == NULL)
		return NULL;
	if (fstat(fileno(in), &st) < 0)
		abort();
	text = calloc(1, (size_t)st.st_size + 1);
	if (text == NULL ||
	    fread(text, 1, (size_t)st.st_size, in) != (size_t)st.st_size)
		abort();
	fclose(in);
	if (bytes != NULL)
		*bytes = (size_t)st.st_size;
	return text;
}

void report_scratch_write(const char *dir, const char *name, const char *text)
{
	char path[SCRATCH_PATH_BYTES];
	FILE *out;

	join(path, dir, name);
	out = fopen(path, "w");
	if (out == NULL || fputs(text, out) < 0 || fclose(out) != 0 ||
	    chmod(path, 0755) < 0) {
		perror(path);
		abort();
	}
}

bool report_scratch_exists(const char *dir, const char *name)
{
	char path[SCRATCH_PATH_BYTES];

	join(path, dir, name);
	return access(path, F_OK) == 0;
}

bool report_scratch_has(const char *dir, const char *name, const char *text)
{
	char *whole = report_scratch_read(dir, name, NULL);
	bool found;

	if (whole == NULL) {
		fprintf(stderr, "%s/%s is not there\n", dir, name);
		abort();
	}
	found = strstr(whole, text) != NULL;
	free(whole);
	return found;
}

static int count_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	size_t path_bytes = strlen(path), end_bytes = strlen(counted_ending);

	(void)st, (void)type, (void)ftw;
	counted += path_bytes >= end_bytes &&
	    strcmp(path + path_bytes - end_bytes, counted_ending) == 0;
	return 0;
}

size_t report_scratch_count(const char *dir, const char *ending)
{
	counted = 0;
	counted_ending = ending;
	nftw(dir, count_one, 16, FTW_PHYS);
	return counted;
}
