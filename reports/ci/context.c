/* context.c: where faults struck, and which attempts failed. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/ci/reasons.h"
#include "reports/strike.h"
#include "reports/words.h"

/* The lines that are kept, and the number of the others. */
struct list {
	struct reasons_lines *lines;
	size_t max, more;
};

static int add(struct list *l, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int add(struct list *l, const char *format, ...)
{
	char **line;
	va_list args;
	int rc;

	if (l->lines->count >= l->max) {
		l->more++;
		return 0;
	}
	line = realloc(l->lines->line, (l->lines->count + 1) * sizeof *line);
	if (line == NULL)
		return -1;
	l->lines->line = line;
	va_start(args, format);
	rc = vasprintf(&line[l->lines->count], format, args);
	va_end(args);
	if (rc < 0)
		return -1;
	l->lines->count++;
	return 0;
}

static bool is_empty(const char *text)
{
	return text == NULL || text[0] == '\0';
}

static int add_strike(struct list *l, const struct results_scenario *s,
    const struct results_fault *f, const struct results_strike *k)
{
	char text[STRIKE_BYTES];

	return add(l, "fault at line %d, %s, struck at %s", f->line,
	    report_words_or_empty(f->text), report_strike_text(text, s, k));
}

static int add_fault(struct list *l, const struct results_scenario *s,
    const struct results_fault *f)
{
	if (f->strikes == 0)
		return add(l, "fault at line %d, %s, did not strike", f->line,
		    report_words_or_empty(f->text));
	for (size_t i = 0; i < f->places_count; i++)
		if (add_strike(l, s, f, &f->places[i]) != 0)
			return -1;
	if (f->strikes > f->places_count)
		return add(l,
		    "fault at line %d struck %" PRIu64 " times in all", f->line,
		    f->strikes);
	return 0;
}

static int add_attempt(struct list *l, const struct results_dump *d,
    const struct results_attempt *a)
{
	if (a->committed || is_empty(a->cause))
		return 0;
	return add(l,
	    "%s%s%spart %" PRIu64 ", attempt %" PRIu64
	    " failed on volume %s, file %" PRIu64 ": %s%s%s",
	    is_empty(d->name) ? "" : "dump ", report_words_or_empty(d->name),
	    is_empty(d->name) ? "" : ": ", a->part, a->attempt,
	    report_words_or_empty(a->volume), a->file, a->cause,
	    is_empty(a->message) ? "" : ": ",
	    report_words_or_empty(a->message));
}

static int add_dump(struct list *l, const struct results_dump *d)
{
	for (size_t i = 0; i < d->attempts_count; i++)
		if (add_attempt(l, d, &d->attempts[i]) != 0)
			return -1;
	for (size_t i = 0; i < d->warnings_count; i++)
		if (add(l, "%s", report_words_or_empty(d->warnings[i].text)) !=
		    0)
			return -1;
	return 0;
}

int reasons_context(const struct results_scenario *s, size_t max,
    struct reasons_lines *lines)
{
	struct list l = { lines, max - 1, 0 };

	*lines = (struct reasons_lines){ 0 };
	if (s->status == RESULTS_SKIPPED)
		return 0;
	if (!is_empty(s->reason) &&
	    add(&l, "the outcome is %s: %s", report_words_or_empty(s->outcome),
		s->reason) != 0)
		return -1;
	for (size_t i = 0; i < s->faults_count; i++)
		if (add_fault(&l, s, &s->faults[i]) != 0)
			return -1;
	for (size_t i = 0; i < s->dumps_count; i++)
		if (add_dump(&l, &s->dumps[i]) != 0)
			return -1;
	l.max = max;
	return l.more == 0 ? 0 : add(&l, "and %zu more lines", l.more);
}

void reasons_lines_free(struct reasons_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->line[i]);
	free(lines->line);
	*lines = (struct reasons_lines){ 0 };
}
