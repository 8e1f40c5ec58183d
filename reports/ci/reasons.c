/* reasons.c: lists why a case failed. */
#include "reports/ci/reasons.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/published.h"
#include "reports/words.h"

static bool is_empty(const char *text)
{
	return text == NULL || text[0] == '\0';
}

/* Where a reason is: a line of an included file, or of the scenario's file. */
struct line {
	const char *file; /* NULL or "": the scenario's file */
	int line;
};

/*
 * Returns the path of a file that a scenario includes: the path of the scenario
 * without its `file`, and then the included one.  NULL without memory.
 */
static char *path_of(const struct results_scenario *s, const char *file)
{
	const char *path = reasons_path(s);
	const char *own = report_words_or_empty(s->file);
	size_t length = strlen(path), end = strlen(own);
	char *result;

	if (is_empty(file))
		return strdup(path);
	if (length < end || strcmp(path + length - end, own) != 0)
		return strdup(file);
	if (asprintf(&result, "%.*s%s", (int)(length - end), path, file) < 0)
		return NULL;
	return result;
}

static int add(struct reasons *r, bool known, struct line line,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

static int add(struct reasons *r, bool known, struct line line,
    const char *format, ...)
{
	struct reason *list =
	    realloc(r->list, (r->count + 1) * sizeof *r->list);
	va_list args;
	int rc;

	if (list == NULL)
		return -1;
	r->list = list;
	list += r->count;
	*list = (struct reason){
		.known = known,
		.line = line.line,
		.path = path_of(r->scenario, line.file),
	};
	va_start(args, format);
	rc = vasprintf(&list->title, format, args);
	va_end(args);
	if (rc < 0 || list->path == NULL) {
		free(list->path);
		free(rc < 0 ? NULL : list->title);
		return -1;
	}
	r->count++;
	r->failures += !known;
	return 0;
}

/* `where` is "" or "step 3, write night: ". */
static int add_expectation(struct reasons *r, const char *where,
    const struct results_expectation *e)
{
	const struct line line = { e->file, e->line };
	bool known = !is_empty(e->known);

	if (!known && e->passed)
		return 0;
	if (known && e->passed)
		return add(r, false, line,
		    "%s%s: it now holds: remove `known`, which says: %s", where,
		    e->text, e->known);
	return add(r, known, line, "%s%s; but it was: %s%s%s", where, e->text,
	    e->actual, known ? "; known: " : "", known ? e->known : "");
}

static int add_expectations(struct reasons *r, const char *where,
    const struct results_expectation *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (add_expectation(r, where, &list[i]) != 0)
			return -1;
	return 0;
}

static int add_step(struct reasons *r, const struct results_scenario *s,
    size_t place)
{
	const struct results_step *step = &s->steps[place];
	char *where;
	int rc;

	if (asprintf(&where, "step %zu, %s: ", place + 1,
		report_words_or_empty(step->title)) < 0)
		return -1;
	rc = add_expectations(r, where, step->expectations,
	    step->expectations_count);
	if (rc == 0 && step->status == RESULTS_FAILED && r->failures == 0)
		rc = add(r, false, (struct line){ NULL, step->line },
		    "%s%s%s%s", where,
		    step->reached ? report_words_or_empty(step->result)
				  : "not reached",
		    is_empty(step->reason) ? "" : ": ",
		    report_words_or_empty(step->reason));
	free(where);
	return rc;
}

static int add_published(struct reasons *r, const struct results_published *v)
{
	char value[UNITS_BYTES], simulated[UNITS_BYTES];
	bool right = report_published_is_right(v);

	if (right && (v->verdict != RESULTS_NOT_MET || is_empty(v->known)))
		return 0;
	return add(r, right, (struct line){ v->file, v->line },
	    "published %s %s: %s; but it was: %s%s%s", v->metric,
	    report_published_value(value, v), report_published_words(v),
	    report_published_simulated(simulated, v),
	    is_empty(v->known) ? "" : "; known: ",
	    report_words_or_empty(v->known));
}

int reasons_of(const struct results_scenario *s, struct reasons *r)
{
	*r = (struct reasons){ .scenario = s };
	if (s->status == RESULTS_SKIPPED)
		return 0;
	if (!is_empty(s->problem) &&
	    add(r, false, (struct line){ NULL, 0 }, "%s", s->problem) != 0)
		return -1;
	if (add_expectations(r, "", s->expectations, s->expectations_count) !=
	    0)
		return -1;
	for (size_t i = 0; i < s->steps_count; i++)
		if (add_step(r, s, i) != 0)
			return -1;
	for (size_t i = 0; i < s->published_count; i++)
		if (add_published(r, &s->published[i]) != 0)
			return -1;
	if (s->status == RESULTS_FAILED && r->failures == 0)
		return add(r, false, (struct line){ NULL, 0 },
		    "the case failed, with the outcome %s",
		    report_words_or_empty(s->outcome));
	return 0;
}

void reasons_free(struct reasons *reasons)
{
	for (size_t i = 0; i < reasons->count; i++) {
		free(reasons->list[i].title);
		free(reasons->list[i].path);
	}
	free(reasons->list);
	*reasons = (struct reasons){ 0 };
}

const struct reason *reasons_first(const struct reasons *reasons, bool known)
{
	for (size_t i = 0; i < reasons->count; i++)
		if (reasons->list[i].known == known)
			return &reasons->list[i];
	return NULL;
}

const char *reasons_path(const struct results_scenario *s)
{
	return !is_empty(s->path) ? s->path : report_words_or_empty(s->file);
}
