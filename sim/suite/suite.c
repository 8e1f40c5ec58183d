/* suite.c: see suite.h. */
#include "sim/suite/suite.h"

#include <errno.h>
#include <fts.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reports/write/write.h"
#include "splitter/base/grow.h"

/* Returns the length of the suffix of a scenario, or 0 if there is no such. */
static size_t suffix_of(const char *name)
{
	static const char *const suffixes[] = { ".yaml", ".yml" };
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		size_t m = strlen(suffixes[i]);

		if (n > m && strcmp(name + n - m, suffixes[i]) == 0)
			return m;
	}
	return 0;
}

/* Returns whether a file in a folder is a scenario by its name. */
static bool is_scenario(const char *name)
{
	return name[0] != '.' && name[0] != '_' && suffix_of(name) > 0;
}

static bool has_name(const struct suite *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->files_count; i++)
		if (strcmp(s->files[i]->name, name) == 0)
			return true;
	return false;
}

/*
 * Returns the file's name without ".yaml", with a number if the name is in use.
 */
static char *name_of(const struct suite *s, const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *last = slash != NULL ? slash + 1 : file;
	size_t n = strlen(file) - (last[0] == '.' ? 0 : suffix_of(last));
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

static void file_free(struct suite_file *f)
{
	compose_free(f->compose);
	free(f->path);
	free(f->file);
	free(f->name);
	free(f);
}

static int add_file(struct suite *s, const char *path, const char *file)
{
	struct suite_file **files =
	    grow_by_one(s->files, s->files_count, sizeof *files);
	struct suite_file *f = calloc(1, sizeof *f);

	if (files != NULL)
		s->files = files;
	if (files == NULL || f == NULL) {
		free(f);
		return -1;
	}
	f->path = strdup(path);
	f->file = strdup(file);
	f->name = name_of(s, file);
	if (f->name != NULL && !report_name_ok(f->name))
		bad(s, path,
		    "a folder of this path has the name of a file of the "
		    "reports; rename the folder");
	if (f->path == NULL || f->file == NULL || f->name == NULL) {
		file_free(f);
		return -1;
	}
	files[s->files_count++] = f;
	return 0;
}

static int by_path(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int compare_files(const void *a, const void *b)
{
	const struct suite_file *const *x = a, *const *y = b;

	return strcmp((*x)->path, (*y)->path);
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
		    add_file(s, e->fts_path, e->fts_path + root_bytes) != 0) {
			return -1;
		}
	}
	return 0;
}

static int add_folder(struct suite *s, const char *path,
    const struct stat *not_below)
{
	size_t before = s->files_count, n = strlen(path);
	char *root[2] = { (char *)path, NULL };
	FTS *fts = fts_open(root, FTS_LOGICAL | FTS_NOCHDIR, by_path);
	int rc;

	if (fts == NULL) {
		bad(s, path, strerror(errno));
		return 0;
	}
	rc = walk(s, fts, n + (path[n - 1] == '/' ? 0 : 1), not_below);
	fts_close(fts);
	if (rc == 0 && s->files_count == before)
		bad(s, path, "no *.yaml or *.yml in this folder");
	/* Sort in byte order of paths: fts returns "a/b" before "a-b". */
	if (s->files_count > before)
		qsort(s->files + before, s->files_count - before,
		    sizeof *s->files, compare_files);
	return rc;
}

int suite_add(struct suite *s, const char *path, const char *not_below)
{
	struct stat st, out;
	const char *slash = strrchr(path, '/');
	bool has_out = not_below != NULL && stat(not_below, &out) == 0;

	if (strcmp(path, "-") == 0)
		return add_file(s, path, "stdin");
	if (stat(path, &st) != 0) {
		bad(s, path,
		    errno == ENOENT ? "no such scenario or folder"
				    : strerror(errno));
		return 0;
	}
	if (S_ISDIR(st.st_mode))
		return add_folder(s, path, has_out ? &out : NULL);
	return add_file(s, path, slash != NULL ? slash + 1 : path);
}

const char *suite_path(const struct suite_file *file)
{
	return strcmp(file->path, "-") == 0 ? "<stdin>" : file->path;
}

/* The state of reading a file. */
struct reading {
	struct suite *suite;
	char *label;   /* of the case that is being read */
	void *printed; /* tree of the printed messages (tsearch) */
	bool failed;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Prints an error, unless another case of the file has it, too. */
static void report(void *arg, const char *message)
{
	struct reading *r = arg;
	char *own = strdup(message);
	const char **found =
	    own != NULL ? tsearch(own, &r->printed, by_text) : NULL;

	r->failed = true;
	if (found != NULL && *found != own) {
		free(own);
		return;
	}
	/* Without memory the message may be printed again. */
	if (found == NULL)
		free(own);
	fprintf(stderr, "%s%s%s\n", message,
	    r->label != NULL && r->label[0] != '\0' ? "; in the case " : "",
	    r->label != NULL ? r->label : "");
}

void suite_entry_clear(struct suite_entry *e)
{
	for (size_t i = 0; e->tags != NULL && e->tags[i] != NULL; i++)
		free(e->tags[i]);
	free(e->tags);
	free(e->name);
	free(e->title);
}

/* Adds a case that was read.  Takes its tags.  Returns 0 or -1. */
static int add_entry(struct suite *s, const struct suite_file *f,
    uint64_t number, struct compose_case *found,
    const struct scenario *scenario)
{
	struct suite_entry *e = grow_by_one(s->entries, s->count, sizeof *e);

	if (e == NULL)
		return -1;
	s->entries = e;
	e += s->count;
	*e = (struct suite_entry){ .of = f,
		.number = number,
		.title = strdup(scenario->title),
		.timeout_ns = found->timeout_ns,
		.clock = found->clock,
		.has_seed = found->has_seed,
		.seed = found->seed,
		.reads_stdin = scenario_reads_stdin(scenario) };
	if (asprintf(&e->name, "%s%s", f->name, found->label) < 0)
		e->name = NULL;
	if (e->name == NULL || e->title == NULL) {
		suite_entry_clear(e);
		return -1;
	}
	for (size_t i = 0; i < scenario->dumps_count; i++)
		e->runs += scenario->dumps[i].runs;
	e->tags = found->tags;
	found->tags = NULL;
	s->count++;
	return 0;
}

/* Reads a case.  Returns 0; -1 without memory. */
static int read_case(struct reading *r, const struct suite_file *f,
    uint64_t number)
{
	struct compose_case found;
	struct scenario *scenario;
	int rc;

	free(r->label);
	r->label = compose_case_label(f->compose, number);
	scenario = r->label == NULL ? NULL
				    : scenario_read_case(f->compose, number,
					  suite_path(f), &found, report, r);
	if (scenario == NULL)
		return r->label == NULL ? -1 : 0;
	if (strcmp(f->path, "-") == 0 && scenario_reads_stdin(scenario))
		report(r,
		    "<stdin>: the dump reads the standard input, which is the "
		    "scenario itself; put the scenario into a file");
	rc = add_entry(r->suite, f, number, &found, scenario);
	scenario_free(scenario);
	compose_case_clear(&found);
	return rc;
}

static void read_file(struct suite *s, struct suite_file *f)
{
	struct reading r = { .suite = s };
	struct yaml_errors errors = { 0 };
	int rc = 0;

	f->compose = compose_read(f->path, &s->options, &errors);
	yaml_errors_report(&errors, suite_path(f), report, &r);
	yaml_errors_clear(&errors);
	for (uint64_t i = 0;
	     f->compose != NULL && i < compose_count(f->compose) && rc == 0;
	     i++)
		rc = read_case(&r, f, i);
	tdestroy(r.printed, free);
	free(r.label);
	if (rc != 0)
		bad(s, suite_path(f), "out of memory");
	f->bad = r.failed || rc != 0;
	s->bad += r.failed;
}

/* Entries own the names. */
static void keep(void *name)
{
	(void)name;
}

/* Reports two cases with one name, which only odd names of files can have. */
static void check_names(struct suite *s)
{
	void *names = NULL;

	for (size_t i = 0; i < s->count; i++) {
		const char **found =
		    tsearch(s->entries[i].name, &names, by_text);

		if (found != NULL && *found == s->entries[i].name)
			continue;
		bad(s, suite_path(s->entries[i].of),
		    found == NULL ? "out of memory"
				  : "a case has the name of another file; "
				    "rename the file");
	}
	tdestroy(names, keep);
}

int suite_read(struct suite *s)
{
	for (size_t i = 0; i < s->files_count; i++)
		read_file(s, s->files[i]);
	if (s->bad == 0)
		check_names(s);
	return s->bad == 0 ? 0 : -1;
}

/* Where the first message of reading a case again goes. */
struct first_message {
	char *err;
	size_t err_bytes;
};

static void keep_first(void *arg, const char *message)
{
	struct first_message *to = arg;

	if (to->err[0] == '\0')
		snprintf(to->err, to->err_bytes, "%s", message);
}

struct scenario *suite_scenario(const struct suite_entry *e, char *err,
    size_t err_bytes)
{
	struct first_message to = { err, err_bytes };
	struct compose_case found;
	struct scenario *scenario;

	err[0] = '\0';
	scenario = scenario_read_case(e->of->compose, e->number,
	    suite_path(e->of), &found, keep_first, &to);
	if (scenario != NULL)
		compose_case_clear(&found);
	return scenario;
}

void suite_free(struct suite *s)
{
	for (size_t i = 0; i < s->count; i++)
		suite_entry_clear(&s->entries[i]);
	free(s->entries);
	for (size_t i = 0; i < s->left_out_count; i++)
		suite_entry_clear(&s->left_out[i]);
	free(s->left_out);
	for (size_t i = 0; i < s->files_count; i++)
		file_free(s->files[i]);
	free(s->files);
}
