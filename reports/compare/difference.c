/* difference.c: collects the differences of a case. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/compare/impl.h"
#include "reports/words.h"

/* Returns whether the case failed before and passes now. */
static bool is_repaired(const struct comparison_case *c)
{
	return c->before != NULL && c->after != NULL &&
	    c->before->status != RESULTS_PASSED &&
	    c->after->status == RESULTS_PASSED;
}

static bool is_regression(const struct compare *compare,
    enum comparison_kind kind, bool worse)
{
	if (!compare->options->regression[kind])
		return false;
	if (kind == COMPARISON_OUTCOME)
		return !is_repaired(compare->c);
	return kind != COMPARISON_SPEED || worse;
}

/* Moves the last difference to its place: the most severe first. */
static void sort_last(struct comparison_case *c)
{
	struct comparison_difference last = c->differences[c->count - 1];
	size_t i = c->count - 1;

	for (; i > 0 && c->differences[i - 1].kind < last.kind; i--)
		c->differences[i] = c->differences[i - 1];
	c->differences[i] = last;
}

void difference_clear(struct comparison_difference *d)
{
	free(d->dump);
	free(d->what);
	free(d->before);
	free(d->after);
}

void comparison_add(struct compare *compare, enum comparison_kind kind,
    const char *what, const char *before, const char *after, double change,
    bool worse)
{
	struct comparison_case *c = compare->c;
	struct comparison_difference *list =
	    realloc(c->differences, (c->count + 1) * sizeof *list);

	if (list == NULL) {
		compare->failed = true;
		return;
	}
	c->differences = list;
	list += c->count;
	*list = (struct comparison_difference){
		.kind = kind,
		.regression = is_regression(compare, kind, worse),
		.dump = strdup(compare->dump),
		.what = strdup(what),
		.before = strdup(report_words_or_empty(before)),
		.after = strdup(report_words_or_empty(after)),
		.change = change,
	};
	if (list->dump == NULL || list->what == NULL || list->before == NULL ||
	    list->after == NULL) {
		difference_clear(list);
		compare->failed = true;
		return;
	}
	c->count++;
	c->regression |= list->regression;
	if (kind > c->kind)
		c->kind = kind;
	sort_last(c);
}

void comparison_add_text(struct compare *compare, enum comparison_kind kind,
    const char *what, const char *before, const char *after)
{
	before = report_words_or_empty(before);
	after = report_words_or_empty(after);
	if (strcmp(before, after) != 0)
		comparison_add(compare, kind, what, before, after, NAN, true);
}

void comparison_add_count(struct compare *compare, enum comparison_kind kind,
    const char *what, uint64_t before, uint64_t after)
{
	char old[32], new[32];

	if (before == after)
		return;
	snprintf(old, sizeof old, "%" PRIu64, before);
	snprintf(new, sizeof new, "%" PRIu64, after);
	comparison_add(compare, kind, what, old, new, NAN, true);
}
