/* choose.c: see choose.h. */
#include "sim/tune/choose.h"

#include <math.h>

/* Rounds up to whole blocks, as the splitter does. */
static uint64_t whole_blocks(uint64_t bytes, uint64_t block_bytes)
{
	return (bytes + block_bytes - 1) / block_bytes * block_bytes;
}

uint64_t tune_memory(const struct tune_settings *s)
{
	uint64_t block = s->value[TUNE_BLOCK];
	uint64_t buffer = whole_blocks(s->value[TUNE_BUFFER], block);

	if (buffer < 2 * block)
		buffer = 2 * block;
	return s->value[TUNE_CACHE] == SPLITTER_CACHE_MEMORY
	    ? buffer + whole_blocks(s->value[TUNE_PART], block)
	    : buffer;
}

uint64_t tune_spool(const struct tune_settings *s)
{
	return s->value[TUNE_CACHE] == SPLITTER_CACHE_SPOOL
	    ? s->value[TUNE_PART]
	    : 0;
}

static double or_zero(double figure)
{
	return isnan(figure) ? 0 : figure;
}

double tune_stops(const struct tune_figures *f)
{
	return or_zero(f->of[TUNE_STOPS_DATA]) +
	    or_zero(f->of[TUNE_STOPS_MARK]) + or_zero(f->of[TUNE_STOPS_FORCED]);
}

static double stops_an_hour(const struct tune_figures *f)
{
	double hours = f->of[TUNE_DURATION] / 3600;

	return hours > 0 ? tune_stops(f) / hours : 0;
}

static bool breaks(const struct tune_question *q,
    const struct tune_candidate *c, enum tune_limit limit)
{
	const struct tune_settings *s = &c->settings;
	double value = (double)q->limits.value[limit];

	switch (limit) {
	case TUNE_LIMIT_MEMORY:
		return (double)tune_memory(s) * (double)q->dumps > value;
	case TUNE_LIMIT_SPOOL:
		return (double)tune_spool(s) * (double)q->dumps > value;
	case TUNE_LIMIT_BLOCK:
		return (double)s->value[TUNE_BLOCK] > value;
	case TUNE_LIMIT_PART:
		/* A part without a limit may be a whole volume. */
		return s->value[TUNE_PART] == 0 ||
		    (double)s->value[TUNE_PART] > value;
	case TUNE_LIMIT_DRIVES:
		return (double)s->value[TUNE_DRIVES] > value;
	case TUNE_LIMIT_STOPS:
		return stops_an_hour(&c->figures) > value;
	case TUNE_LIMIT_THROUGHPUT:
		return !(c->figures.of[TUNE_RATE] >= value);
	case TUNE_LIMITS:
		break;
	}
	return false;
}

enum tune_limit tune_broken_limit(const struct tune_question *q,
    const struct tune_candidate *c)
{
	for (size_t i = 0; i < TUNE_LIMITS; i++)
		if (q->limits.given[i] && breaks(q, c, (enum tune_limit)i))
			return (enum tune_limit)i;
	return TUNE_LIMITS;
}

double tune_score(const struct tune_question *q, const struct tune_candidate *c)
{
	switch (q->goal) {
	case TUNE_GOAL_WEAR:
		return -tune_stops(&c->figures);
	case TUNE_GOAL_TAPE:
		return -or_zero(c->figures.of[TUNE_USED]);
	default:
		return or_zero(c->figures.of[TUNE_RATE]);
	}
}

bool tune_as_good(const struct tune_question *q, const struct tune_candidate *c,
    const struct tune_candidate *best)
{
	double top = tune_score(q, best);

	return tune_score(q, c) >= top - fabs(top) * q->tolerance;
}

static int order(double a, double b)
{
	return (a > b) - (a < b);
}

/*
 * Returns the memory without the rounding to whole blocks, which would make a
 * small block look cheaper for a buffer of a few blocks.
 */
static double memory_asked(const struct tune_settings *s)
{
	return (double)s->value[TUNE_BUFFER] +
	    (s->value[TUNE_CACHE] == SPLITTER_CACHE_MEMORY
		    ? (double)s->value[TUNE_PART]
		    : 0);
}

int tune_compare_cost(const struct tune_question *q,
    const struct tune_candidate *a, const struct tune_candidate *b)
{
	const uint64_t *x = a->settings.value, *y = b->settings.value;
	/* A part without a limit is the largest. */
	const double part_a =
			 x[TUNE_PART] == 0 ? INFINITY : (double)x[TUNE_PART],
		     part_b =
			 y[TUNE_PART] == 0 ? INFINITY : (double)y[TUNE_PART];
	const int orders[] = {
		order(memory_asked(&a->settings), memory_asked(&b->settings)),
		order((double)tune_spool(&a->settings),
		    (double)tune_spool(&b->settings)),
		order((double)x[TUNE_DRIVES], (double)y[TUNE_DRIVES]),
		order(tune_stops(&a->figures), tune_stops(&b->figures)),
		order((double)x[TUNE_BUFFER], (double)y[TUNE_BUFFER]),
		order(part_b, part_a),
		order((double)x[TUNE_START_FILL], (double)y[TUNE_START_FILL]),
		order((double)y[TUNE_BLOCK], (double)x[TUNE_BLOCK]),
		order(tune_score(q, b), tune_score(q, a)),
	};

	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		if (orders[i] != 0)
			return orders[i];
	return 0;
}

void tune_choose(const struct tune_question *q,
    const struct tune_candidate *list, size_t count, struct tune_choice *choice)
{
	*choice = (struct tune_choice){ .best = TUNE_NO_POINT,
		.chosen = TUNE_NO_POINT };
	for (size_t i = 0; i < count; i++) {
		enum tune_limit limit;

		if (list[i].problem != NULL) {
			choice->could_not_run++;
			continue;
		}
		limit = tune_broken_limit(q, &list[i]);
		if (limit != TUNE_LIMITS)
			choice->broken[limit]++;
		else if (choice->best == TUNE_NO_POINT ||
		    tune_score(q, &list[i]) >
			tune_score(q, &list[choice->best]))
			choice->best = i;
	}
	for (size_t i = 0; i < count && choice->best != TUNE_NO_POINT; i++)
		if (list[i].problem == NULL &&
		    tune_broken_limit(q, &list[i]) == TUNE_LIMITS &&
		    tune_as_good(q, &list[i], &list[choice->best]) &&
		    (choice->chosen == TUNE_NO_POINT ||
			tune_compare_cost(q, &list[i], &list[choice->chosen]) <
			    0))
			choice->chosen = i;
}
