/* compare.c: finds the cases of two results. */
#include "reports/compare/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/compare/impl.h"

struct comparison_options comparison_defaults(void)
{
	return (struct comparison_options){
		.tolerance = 0.05,
		.regression = { [COMPARISON_OUTCOME] = true,
		    [COMPARISON_SPEED] = true },
	};
}

const char *comparison_words(enum comparison_kind kind)
{
	static const char *const words[] = {
		[COMPARISON_SAME] = "the same",
		[COMPARISON_WORDING] = "wording only",
		[COMPARISON_FIGURES] = "other figures",
		[COMPARISON_NEW] = "new",
		[COMPARISON_VANISHED] = "vanished",
		[COMPARISON_SPEED] = "speed changed",
		[COMPARISON_ATTEMPTS] = "attempts changed",
		[COMPARISON_OUTCOME] = "outcome changed",
	};

	return words[kind];
}

/* A case of the old results, and its place in the new ones. */
struct old {
	const struct results_scenario *scenario;
	size_t place;   /* in the old results */
	bool found;     /* the new results have it */
	size_t follows; /* number of the new case before it; 0: it is first */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct old *)a)->scenario->name,
	    ((const struct old *)b)->scenario->name);
}

static int by_place(const void *a, const void *b)
{
	size_t x = ((const struct old *)a)->place,
	       y = ((const struct old *)b)->place;

	return (x > y) - (x < y);
}

/* Starts a case; a new or a vanished one is complete. */
static struct comparison_case *add_case(struct comparison *comparison,
    const struct results_scenario *before, const struct results_scenario *after)
{
	struct comparison_case *c = &comparison->cases[comparison->count++];

	*c = (struct comparison_case){
		.name = after != NULL ? after->name : before->name,
		.before = before,
		.after = after,
	};
	if (before == NULL)
		c->kind = COMPARISON_NEW;
	else if (after == NULL)
		c->kind = COMPARISON_VANISHED;
	c->regression = (before == NULL || after == NULL) &&
	    comparison->options.regression[c->kind];
	return c;
}

/* Adds the vanished cases that follow the new case `number`, from 1. */
static void add_vanished(struct comparison *comparison, const struct old *olds,
    size_t count, size_t number)
{
	for (size_t i = 0; i < count; i++)
		if (!olds[i].found && olds[i].follows == number)
			add_case(comparison, olds[i].scenario, NULL);
}

/*
 * Compares the case `number`, from 1, of the new results.  `olds` is sorted by
 * name.  Returns -1 without memory.
 */
static int add_new(struct comparison *comparison, struct old *olds,
    size_t count, const struct results_scenario *after, size_t number)
{
	const struct old key = { .scenario = after };
	struct old *old =
	    count == 0 ? NULL : bsearch(&key, olds, count, sizeof key, by_name);
	struct compare compare = {
		.options = &comparison->options,
		.c = add_case(comparison, old != NULL ? old->scenario : NULL,
		    after),
		.dump = "",
	};

	if (old == NULL)
		return 0;
	old->found = true;
	old->follows = number;
	comparison_add_case(&compare);
	return compare.failed ? -1 : 0;
}

/* Puts the vanished cases after those that they followed. */
static int arrange(struct comparison *comparison, struct old *olds,
    size_t count)
{
	struct comparison_case *cases = comparison->cases;
	size_t number = comparison->count, follows = 0;

	comparison->cases = calloc(number + count + 1, sizeof *cases);
	if (comparison->cases == NULL) {
		comparison->cases = cases;
		return -1;
	}
	comparison->count = 0;
	qsort(olds, count, sizeof *olds, by_place);
	for (size_t i = 0; i < count; i++)
		olds[i].follows = follows =
		    olds[i].found ? olds[i].follows : follows;
	add_vanished(comparison, olds, count, 0);
	for (size_t i = 0; i < number; i++) {
		comparison->cases[comparison->count++] = cases[i];
		add_vanished(comparison, olds, count, i + 1);
	}
	free(cases);
	return 0;
}

static void count_kinds(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++) {
		comparison->kinds[comparison->cases[i].kind]++;
		comparison->regressions += comparison->cases[i].regression;
	}
}

static int make(const struct results *before, const struct results *after,
    struct comparison *comparison, struct old *olds)
{
	bool common = false;

	for (size_t i = 0; i < before->count; i++)
		olds[i] = (struct old){ .scenario = before->scenarios[i],
			.place = i };
	if (before->count > 0)
		qsort(olds, before->count, sizeof *olds, by_name);
	for (size_t i = 0; i < after->count; i++)
		if (add_new(comparison, olds, before->count,
			after->scenarios[i], i + 1) != 0)
			return -1;
	for (size_t i = 0; i < before->count; i++)
		common |= olds[i].found;
	if (!common)
		return 1;
	if (arrange(comparison, olds, before->count) != 0)
		return -1;
	count_kinds(comparison);
	return 0;
}

int comparison_make(const struct results *before, const struct results *after,
    const struct comparison_options *options, struct comparison *comparison,
    char *err, size_t err_bytes)
{
	struct old *olds = calloc(before->count + 1, sizeof *olds);
	int rc = -1;

	*comparison = (struct comparison){ .options = *options };
	comparison->cases = calloc(after->count + 1, sizeof *comparison->cases);
	if (olds != NULL && comparison->cases != NULL)
		rc = make(before, after, comparison, olds);
	free(olds);
	if (rc == 0)
		return 0;
	if (rc > 0)
		snprintf(err, err_bytes,
		    "the results have no case in common, of %zu and %zu cases "
		    "(\"%s\", \"%s\"): compare runs of the same scenarios",
		    before->count, after->count,
		    before->count > 0 ? before->scenarios[0]->name : "",
		    after->count > 0 ? after->scenarios[0]->name : "");
	else
		snprintf(err, err_bytes, "no memory to compare the results");
	comparison_clear(comparison);
	return -1;
}

void comparison_clear(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++) {
		struct comparison_case *c = &comparison->cases[i];

		for (size_t j = 0; j < c->count; j++)
			difference_clear(&c->differences[j]);
		free(c->differences);
	}
	free(comparison->cases);
	*comparison = (struct comparison){ 0 };
}
