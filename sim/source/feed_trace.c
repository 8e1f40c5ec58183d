/* feed_trace.c: reads traces; see feed_trace.h. */
#include "sim/source/feed_trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"
#include "splitter/base/later.h"
#include "splitter/base/sentence.h"

enum { LINE_BYTES = 256 };

struct reader {
	FILE *file;
	const char *name;
	unsigned long line; /* number of the line that was read last */
	char text[LINE_BYTES];
	char *err;
	size_t err_bytes;
};

/* Reports what is wrong with the last line.  Returns -1. */
__attribute__((format(printf, 2, 3))) static int wrong(struct reader *r,
    const char *format, ...)
{
	char reason[LINE_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof reason, format, args);
	va_end(args);
	sentence(r->err, r->err_bytes, "%s:%lu: %s", r->name, r->line, reason);
	return -1;
}

/* Reads a line without its end.  Returns 1, 0 at the end, or -1. */
static int next_line(struct reader *r)
{
	size_t n = 0;
	int c;

	r->line++;
	while ((c = getc(r->file)) != EOF && c != '\n') {
		if (c == '\0')
			return wrong(r, "a byte 0; a trace is a text file");
		if (n + 1 == sizeof r->text)
			return wrong(r, "longer than %d characters",
			    LINE_BYTES - 1);
		r->text[n++] = (char)c;
	}
	if (ferror(r->file)) {
		sentence(r->err, r->err_bytes, "%s: cannot be read: %s",
		    r->name, strerror(errno));
		return -1;
	}
	if (n > 0 && r->text[n - 1] == '\r')
		n--;
	r->text[n] = '\0';
	return c == EOF && n == 0 ? 0 : 1;
}

/* Reads a whole number that ends at `end`; `what` is its column. */
static int number(struct reader *r, const char *what, const char *text,
    const char *end, uint64_t most, uint64_t *value)
{
	uint64_t n = 0;
	unsigned digit;

	if (text == end)
		return wrong(r, "%s is empty; write a whole number", what);
	for (const char *c = text; c < end; c++) {
		if (*c < '0' || *c > '9')
			return wrong(r,
			    "%s: \"%.*s\" is not a whole number from 0", what,
			    (int)(end - text), text);
		digit = (unsigned)(*c - '0');
		if (n > (most - digit) / 10)
			return wrong(r,
			    "%s: %.*s is too large; at most %" PRIu64, what,
			    (int)(end - text), text, most);
		n = n * 10 + digit;
	}
	*value = n;
	return 0;
}

static int row(struct reader *r, struct feed_trace_row *row)
{
	const char *tab = strchr(r->text, '\t');
	const char *end = r->text + strlen(r->text);
	uint64_t time_ns = 0;

	if (tab == NULL)
		return wrong(r,
		    "one column; a row has a time, a tab and a number of "
		    "bytes");
	if (strchr(tab + 1, '\t') != NULL)
		return wrong(r, "more than two columns; remove the others");
	if (number(r, "time_ns", r->text, tab, LATER_MOST_NS, &time_ns) != 0 ||
	    number(r, "bytes", tab + 1, end, INT64_MAX, &row->bytes) != 0)
		return -1;
	row->time_ns = (int64_t)time_ns;
	return 0;
}

static int add(struct reader *r, struct feed_trace *t,
    const struct feed_trace_row *new)
{
	int64_t before = t->count > 0 ? t->rows[t->count - 1].time_ns : 0;
	struct feed_trace_row *grown;

	if (new->time_ns < before)
		return wrong(r,
		    "time_ns: %" PRId64 " is before the time of the row "
		    "above, %" PRId64 "; times never fall",
		    new->time_ns, before);
	if (new->bytes > INT64_MAX - t->bytes)
		return wrong(r, "bytes: all rows together are 2^63 or more");
	if (new->bytes == 0 && new->time_ns == before)
		return 0;
	if (t->count == FEED_TRACE_ROWS_MAX)
		return wrong(r,
		    "more than %d rows; record with a longer --resolution",
		    FEED_TRACE_ROWS_MAX);
	grown = grow_by_one(t->rows, t->count, sizeof *grown);
	if (grown == NULL)
		return wrong(r, "out of memory for the rows");
	t->rows = grown;
	t->rows[t->count++] = *new;
	t->bytes += new->bytes;
	return 0;
}

static int read_header(struct reader *r)
{
	int rc;

	do
		rc = next_line(r);
	while (rc > 0 && r->text[0] == '#');
	if (rc < 0)
		return -1;
	if (rc == 0 || strcmp(r->text, FEED_TRACE_HEADER) != 0)
		return wrong(r,
		    "a trace begins with the line \"time_ns\", a tab, "
		    "\"bytes\"; tapelab record writes one");
	return 0;
}

static int read_rows(struct reader *r, struct feed_trace *t)
{
	struct feed_trace_row new;
	int rc;

	if (read_header(r) != 0)
		return -1;
	while ((rc = next_line(r)) > 0)
		if (row(r, &new) != 0 || add(r, t, &new) != 0)
			return -1;
	if (rc == 0 && t->bytes == 0)
		return wrong(r, "no row has bytes; there is nothing to replay");
	return rc;
}

struct feed_trace *feed_trace_read(const char *path, const char *name,
    char *err, size_t err_bytes)
{
	struct feed_trace *t = calloc(1, sizeof *t);
	struct reader r = { .name = name, .err = err, .err_bytes = err_bytes };
	int rc;

	if (t == NULL) {
		snprintf(err, err_bytes, "%s: out of memory", name);
		return NULL;
	}
	r.file = fopen(path, "re");
	if (r.file == NULL) {
		sentence(err, err_bytes, "%s: cannot be opened: %s", name,
		    strerror(errno));
		feed_trace_free(t);
		return NULL;
	}
	rc = read_rows(&r, t);
	fclose(r.file);
	if (rc == 0)
		return t;
	feed_trace_free(t);
	return NULL;
}

void feed_trace_free(struct feed_trace *t)
{
	if (t == NULL)
		return;
	free(t->rows);
	free(t);
}
