/* update.c: see update.h. */
#include "sim/metrics/update.h"
#include "sim/suite/update.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/grow.h"
#include "vtl/yaml/edit.h"
#include "vtl/yaml/file.h"

/* An expectation of a file, in all cases that have it. */
struct update_line {
	char *path;
	int line;
	char *text;
	char *updated;   /* the new text; NULL: unknown */
	const char *why; /* there is no new text */
	bool failed;     /* in a case */
	bool differs;    /* in another case it holds, or has another value */
};

/* Returns the path of the file that has the expectation. */
static char *path_of(const struct suite_entry *e, const char *file)
{
	const char *path = e->of->path;
	size_t root = strlen(path) - strlen(e->of->file);
	char *made;

	if (file == NULL || file[0] == '\0')
		return strdup(path);
	if (strcmp(path, "-") == 0)
		return strdup(file);
	return asprintf(&made, "%.*s%s", (int)root, path, file) < 0 ? NULL
								    : made;
}

static struct update_line *find_line(struct update *u, const char *path,
    const struct results_expectation *x)
{
	for (size_t i = 0; i < u->count; i++)
		if (u->lines[i].line == x->line &&
		    strcmp(u->lines[i].path, path) == 0 &&
		    strcmp(u->lines[i].text, x->text) == 0)
			return &u->lines[i];
	return NULL;
}

static void line_clear(struct update_line *l)
{
	free(l->path);
	free(l->text);
	free(l->updated);
}

static const char *text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* Takes `path`.  Returns 0, or -1 without memory. */
static int add_line(struct update *u, char *path,
    const struct results_expectation *x)
{
	struct update_line *l = grow_by_one(u->lines, u->count, sizeof *l);

	if (l == NULL) {
		free(path);
		return -1;
	}
	u->lines = l;
	l += u->count;
	*l = (struct update_line){ .path = path,
		.line = x->line,
		.text = strdup(x->text),
		.updated = x->updated != NULL ? strdup(x->updated) : NULL,
		.why = x->updated == NULL
		    ? metrics_update_reason(x->text, x->actual)
		    : "",
		.failed = !x->passed };
	if (l->text == NULL || (x->updated != NULL && l->updated == NULL)) {
		line_clear(l);
		return -1;
	}
	u->count++;
	return 0;
}

int update_add(struct update *u, const struct suite_entry *e,
    const struct results_scenario *s)
{
	for (size_t i = 0; i < s->expectations_count; i++) {
		const struct results_expectation *x = &s->expectations[i];
		struct update_line *l;
		char *path;

		if (x->known != NULL && x->known[0] != '\0')
			continue;
		path = path_of(e, x->file);
		if (path == NULL)
			return -1;
		l = find_line(u, path, x);
		if (l == NULL) {
			if (add_line(u, path, x) != 0)
				return -1;
			continue;
		}
		free(path);
		l->differs |= l->failed == x->passed ||
		    strcmp(text_or_empty(l->updated),
			text_or_empty(x->updated)) != 0;
		l->failed |= !x->passed;
	}
	return 0;
}

/* By file; in a file from its end, so that earlier places stay. */
static int by_place(const void *a, const void *b)
{
	const struct update_line *x = a, *y = b;
	int path = strcmp(x->path, y->path);

	return path != 0 ? path : y->line - x->line;
}

/* A file that is being changed. */
struct change {
	const char *path;
	char *text;
	char *diff; /* hunks, from the beginning of the file */
	bool changed;
};

/* Writes lines of a text with a mark before each. */
static void put_lines(FILE *to, char mark, const char *text, size_t bytes)
{
	while (bytes > 0) {
		const char *end = memchr(text, '\n', bytes);
		size_t length = end != NULL ? (size_t)(end - text) : bytes;

		fprintf(to, "%c%.*s\n", mark, (int)length, text);
		length += end != NULL;
		text += length;
		bytes -= length;
	}
}

/* Puts a hunk before the diff.  Returns 0, or -1 without memory. */
static int add_hunk(struct change *c, const char *changed,
    const struct yaml_edit *place, size_t form_bytes)
{
	size_t from = place->begin, to = place->end, new_to, bytes;
	int lines = place->last_line - place->line + 1, new_lines = 1;
	char *diff = NULL;
	FILE *f;

	while (from > 0 && c->text[from - 1] != '\n')
		from--;
	to += strcspn(c->text + to, "\n");
	new_to = place->begin + form_bytes;
	for (size_t i = place->begin; i < new_to; i++)
		new_lines += changed[i] == '\n';
	new_to += strcspn(changed + new_to, "\n");
	f = open_memstream(&diff, &bytes);
	if (f == NULL)
		return -1;
	fprintf(f, "@@ -%d,%d +%d,%d @@\n", place->line, lines, place->line,
	    new_lines);
	put_lines(f, '-', c->text + from, to - from);
	put_lines(f, '+', changed + from, new_to - from);
	fputs(text_or_empty(c->diff), f);
	if (fclose(f) != 0) {
		free(diff);
		return -1;
	}
	free(c->diff);
	c->diff = diff;
	return 0;
}

static void cannot(const struct update_line *l, const char *why)
{
	fprintf(stderr, "%s:%d: %s: not updated: %s\n",
	    strcmp(l->path, "-") == 0 ? "<stdin>" : l->path, l->line, l->text,
	    why);
}

/* Changes an expectation in the text.  Returns 0, or -1 without memory. */
static int change_line(struct change *c, const struct update_line *l)
{
	struct yaml_edit place;
	char *form, *changed;
	int rc;

	form = yaml_edit_value(c->text, l->line, l->text, l->updated, &place);
	if (form == NULL) {
		cannot(l,
		    "it has changed in the file since it was read, or is "
		    "not written as one value; edit it");
		return 0;
	}
	rc = asprintf(&changed, "%.*s%s%s", (int)place.begin, c->text, form,
		 c->text + place.end) < 0
	    ? -1
	    : 0;
	if (rc == 0)
		rc = add_hunk(c, changed, &place, strlen(form));
	if (rc == 0) {
		free(c->text);
		c->text = changed;
		c->changed = true;
	}
	free(form);
	return rc;
}

/* Replaces a file.  Returns 0, or -1 with errno. */
static int replace_file(const char *path, const char *text)
{
	char *real = realpath(path, NULL), *other = NULL;
	struct stat st;
	FILE *f = NULL;
	int fd = -1, rc = -1, error;

	if (real != NULL && stat(real, &st) == 0 &&
	    asprintf(&other, "%s.new-XXXXXX", real) >= 0)
		fd = mkstemp(other);
	if (fd != -1)
		f = fdopen(fd, "w");
	if (f != NULL && fchmod(fd, st.st_mode & 07777) == 0 &&
	    fputs(text, f) >= 0 && fflush(f) == 0 && fsync(fd) == 0)
		rc = 0;
	error = errno;
	if (f != NULL && fclose(f) != 0 && rc == 0) {
		rc = -1;
		error = errno;
	}
	if (rc == 0 && (rc = rename(other, real)) != 0)
		error = errno;
	if (rc != 0 && fd != -1)
		unlink(other);
	free(real);
	free(other);
	errno = error;
	return rc;
}

/* Returns whether the expectation must be changed; prints why it cannot be. */
static bool is_wanted(const struct update_line *l)
{
	if (!l->failed)
		return false;
	if (strcmp(l->path, "-") == 0)
		cannot(l, "it was read from the standard input");
	else if (l->differs)
		cannot(l,
		    "cases have different values; give it in rows of "
		    "the matrix");
	else if (l->updated == NULL)
		cannot(l, l->why);
	else
		return true;
	return false;
}

/* Changes the expectations of one file.  Returns 0 or -1. */
static int update_file(const struct update_line *lines, size_t count)
{
	struct change c = { .path = lines[0].path };
	struct yaml_errors errors = { 0 };
	size_t bytes;
	int rc = 0;

	for (size_t i = 0; i < count && rc == 0; i++) {
		if (!is_wanted(&lines[i]))
			continue;
		if (c.text == NULL)
			c.text =
			    yaml_file_read(c.path, "scenario", &bytes, &errors);
		rc = c.text == NULL ? -1 : change_line(&c, &lines[i]);
	}
	yaml_errors_clear(&errors);
	if (rc == 0 && c.changed) {
		printf("--- %s\n+++ %s\n%s", c.path, c.path, c.diff);
		fflush(stdout);
		rc = replace_file(c.path, c.text);
	}
	if (rc != 0)
		fprintf(stderr, "%s: cannot be updated: %s\n", c.path,
		    strerror(errno));
	free(c.text);
	free(c.diff);
	return rc;
}

int update_files(struct update *u)
{
	size_t end;
	int rc = 0;

	if (u->count > 0)
		qsort(u->lines, u->count, sizeof *u->lines, by_place);
	for (size_t i = 0; i < u->count; i = end) {
		for (end = i + 1; end < u->count &&
		     strcmp(u->lines[i].path, u->lines[end].path) == 0;
		     end++)
			;
		rc |= update_file(&u->lines[i], end - i);
	}
	return rc;
}

void update_clear(struct update *u)
{
	for (size_t i = 0; i < u->count; i++)
		line_clear(&u->lines[i]);
	free(u->lines);
}
