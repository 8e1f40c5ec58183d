/* suite.c: the scenarios that are named on a command line. */
#include "sim/run/suite.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reports/write/write.h"
#include "splitter/base/grow.h"

static const char suffix[] = ".yaml";

static bool is_scenario(const char *name)
{
	size_t n = strlen(name), m = sizeof suffix - 1;

	return n > m && name[0] != '.' && strcmp(name + n - m, suffix) == 0;
}

static bool has_name(const struct suite *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (strcmp(s->entries[i].name, name) == 0)
			return true;
	return false;
}

/*
 * Returns the file's name without ".yaml", with a number if the name is in use.
 */
static char *name_of(const struct suite *s, const char *file)
{
	size_t n = strlen(file) -
	    (is_scenario(strrchr(file, '/') != NULL ? strrchr(file, '/') + 1
						    : file)
		    ? sizeof suffix - 1
		    : 0);
	unsigned i;
	char *name;

	if (asprintf(&name, "%.*s", (int)n, file) < 0)
		return NULL;
	/* Neither another scenario nor a file of the reports has this name. */
	for (i = 2; has_name(s, name) || (i == 2 && !report_name_ok(name));
	     i++) {
		free(name);
		if (asprintf(&name, "%.*s-%u", (int)n, file, i) < 0)
			return NULL;
	}
	return name;
}

static void bad(struct suite *s, const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	s->bad++;
}

static int add_entry(struct suite *s, const char *path, const char *file)
{
	struct suite_entry *e = grow_by_one(s->entries, s->count, sizeof *e);

	if (e == NULL)
		return -1;
	s->entries = e;
	e += s->count;
	memset(e, 0, sizeof *e);
	e->path = strdup(path);
	e->file = strdup(file);
	e->name = name_of(s, file);
	if (e->name != NULL && !report_name_ok(e->name))
		bad(s, path,
		    "a folder of this path has the name of a file of the "
		    "reports; rename the folder");
	if (e->path == NULL || e->file == NULL || e->name == NULL) {
		free(e->path);
		free(e->file);
		free(e->name);
		return -1;
	}
	s->count++;
	return 0;
}

static int by_path(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct suite_entry *)a)->path,
	    ((const struct suite_entry *)b)->path);
}

static int walk(struct suite *s, FTS *fts, size_t root_bytes,
    const struct stat *not_below)
{
	FTSENT *e;

	while ((e = fts_read(fts)) != NULL) {
		if (e->fts_info == FTS_D && not_below != NULL &&
		    e->fts_statp->st_ino == not_below->st_ino &&
		    e->fts_statp->st_dev == not_below->st_dev) {
			fts_set(fts, e, FTS_SKIP);
		} else if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR) {
			bad(s, e->fts_path, strerror(e->fts_errno));
		} else if ((e->fts_info == FTS_SLNONE ||
			       e->fts_info == FTS_NS ||
			       e->fts_info == FTS_DEFAULT) &&
		    is_scenario(e->fts_name)) {
			bad(s, e->fts_path,
			    e->fts_info == FTS_DEFAULT
				? "it is not a regular file"
				: strerror(e->fts_errno != 0 ? e->fts_errno
							     : ENOENT));
		} else if (e->fts_info == FTS_F && is_scenario(e->fts_name) &&
		    add_entry(s, e->fts_path, e->fts_path + root_bytes) != 0) {
			return -1;
		}
	}
	return 0;
}

static int add_folder(struct suite *s, const char *path,
    const struct stat *not_below)
{
	size_t before = s->count, n = strlen(path);
	char *root[2] = { (char *)path, NULL };
	FTS *fts = fts_open(root, FTS_LOGICAL | FTS_NOCHDIR, by_path);
	int rc;

	if (fts == NULL) {
		bad(s, path, strerror(errno));
		return 0;
	}
	rc = walk(s, fts, n + (path[n - 1] == '/' ? 0 : 1), not_below);
	fts_close(fts);
	if (rc == 0 && s->count == before)
		bad(s, path, "no *.yaml in this folder");
	/* Sort in byte order of paths: fts returns "a/b" before "a-b". */
	if (s->count > before)
		qsort(s->entries + before, s->count - before,
		    sizeof *s->entries, compare_entries);
	return rc;
}

int suite_add(struct suite *s, const char *path, const char *not_below)
{
	struct stat st, out;
	const char *slash = strrchr(path, '/');
	bool has_out = not_below != NULL && stat(not_below, &out) == 0;

	if (stat(path, &st) != 0) {
		bad(s, path,
		    errno == ENOENT ? "no such scenario or folder"
				    : strerror(errno));
		return 0;
	}
	if (S_ISDIR(st.st_mode))
		return add_folder(s, path, has_out ? &out : NULL);
	return add_entry(s, path, slash != NULL ? slash + 1 : path);
}

static void report(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "%s\n", message);
}

int suite_read(struct suite *s, const struct scenario_overrides *overrides)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		s->entries[i].scenario = scenario_read_with(s->entries[i].path,
		    overrides, report, NULL);
		s->bad += s->entries[i].scenario == NULL;
	}
	return s->bad == 0 ? 0 : -1;
}

void suite_free(struct suite *s)
{
	size_t i;

	for (i = 0; i < s->count; i++) {
		free(s->entries[i].path);
		free(s->entries[i].file);
		free(s->entries[i].name);
		scenario_free(s->entries[i].scenario);
	}
	free(s->entries);
}
