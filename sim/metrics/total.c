/* total.c: the metrics of several dumps together; see total.h. */
#include "sim/metrics/total.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How the values of the dumps are put together. */
enum rule {
	SUM,    /* of counts, sizes and times */
	LENGTH, /* the time in which all dumps are written */
	MEAN,   /* each dump counts as its duration */
	LEAST,
	MOST,
	USED_MEAN, /* each dump counts as the tape that it used */
	PER_HOUR,  /* of a count, in the length of all dumps */
	RATE_OF,   /* of all bytes, in the time that they took */
	OVERALL,   /* the bytes of all dumps, in their length */
	LAST_WORD, /* the word that comes last in the list of words */
	LINES,     /* the attempts lines, one after the other */
	NONE
};

/* Metrics whose rule is not that of their type. */
static const struct {
	enum metrics_id id;
	enum rule rule;
	enum metrics_id bytes; /* RATE_OF: bytes; PER_HOUR: the count */
} exceptions[] = {
	{ METRIC_DURATION, LENGTH, 0 },
	{ METRIC_THROUGHPUT_MEAN, OVERALL, 0 },
	{ METRIC_WRITE_RATE_MEAN, RATE_OF, METRIC_TAPE_BYTES },
	{ METRIC_PART_RATE_MEAN, RATE_OF, METRIC_TAPE_BYTES },
	{ METRIC_FEED_RATE_MEAN, RATE_OF, METRIC_DUMP_BYTES },
	{ METRIC_LATE_MAX, MOST, 0 },
	{ METRIC_LATE_MEAN, MEAN, 0 },
	{ METRIC_BUFFER_FILL_MEAN, MEAN, 0 },
	{ METRIC_BUFFER_FILL_MIN, LEAST, 0 },
	{ METRIC_BUFFER_FILL_MAX, MOST, 0 },
	{ METRIC_RESTORE_PART_MEAN, MEAN, 0 },
	{ METRIC_RESTORE_PART_MAX, MOST, 0 },
	{ METRIC_RESTORE_LOCATE_MEAN, MEAN, 0 },
	{ METRIC_STOPS_FOR_DATA_PER_HOUR, PER_HOUR, METRIC_STOPS_FOR_DATA },
	{ METRIC_STOPS_FOR_DATA_PER_TAPE, USED_MEAN, 0 },
	{ METRIC_STOPS_FOR_FILEMARKS_PER_HOUR, PER_HOUR,
	    METRIC_STOPS_FOR_FILEMARKS },
	{ METRIC_STOPS_FOR_FILEMARKS_PER_TAPE, USED_MEAN, 0 },
	{ METRIC_SPEED_CHANGES_FORCED_PER_HOUR, PER_HOUR,
	    METRIC_SPEED_CHANGES_FORCED },
	{ METRIC_SPEED_CHANGES_FORCED_PER_TAPE, USED_MEAN, 0 },
	{ METRIC_MEDIUM_RATE_MEAN, RATE_OF, METRIC_USED_BYTES },
	{ METRIC_DRIVE_FILL_MEAN, MEAN, 0 },
	{ METRIC_DRIVE_FILL_MIN, LEAST, 0 },
};

struct dumps {
	const struct metrics_value *values;
	size_t count;
	double duration_s;
};

static const struct metrics_value *value(const struct dumps *d, size_t dump,
    enum metrics_id id)
{
	return &d->values[dump * METRIC_COUNT + id];
}

static enum rule rule_of(enum metrics_id id, enum metrics_id *bytes)
{
	for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
		if (exceptions[i].id == id) {
			*bytes = exceptions[i].bytes;
			return exceptions[i].rule;
		}
	switch (metrics_def(id)->type) {
	case METRIC_NUMBER:
	case METRIC_SIZE:
	case METRIC_TIME:
		return SUM;
	case METRIC_WORD:
		return LAST_WORD;
	case METRIC_ATTEMPTS_LINE:
		return LINES;
	case METRIC_TEXT:
	case METRIC_DECIMAL:
	case METRIC_RATE:
	case METRIC_SHARE:
		break;
	}
	return NONE;
}

/* Returns the place of a word in the list of its metric. */
static size_t place_of(enum metrics_id id, const char *word)
{
	const char *const *words = metrics_def(id)->words;
	size_t i = 0;

	while (words[i] != NULL && strcmp(words[i], word) != 0)
		i++;
	return i;
}

static int last_word(const struct dumps *d, enum metrics_id id,
    struct metrics_value *to)
{
	const char *last = value(d, 0, id)->text;

	for (size_t i = 0; i < d->count; i++) {
		const char *word = value(d, i, id)->text;

		if (!value(d, i, id)->defined)
			return 0;
		if (place_of(id, word) > place_of(id, last))
			last = word;
	}
	to->text = strdup(last);
	to->defined = to->text != NULL;
	return to->defined ? 0 : -1;
}

static int lines(const struct dumps *d, enum metrics_id id,
    struct metrics_value *to)
{
	size_t bytes;
	FILE *f = open_memstream(&to->text, &bytes);
	bool any = false;

	if (f == NULL)
		return -1;
	for (size_t i = 0; i < d->count; i++) {
		const char *line = value(d, i, id)->text;

		if (line == NULL || line[0] == '\0')
			continue;
		fprintf(f, "%s%s", any ? " | " : "", line);
		any = true;
	}
	to->defined = fclose(f) == 0;
	return to->defined ? 0 : -1;
}

static double real_of(const struct metrics_value *v, enum metrics_id id)
{
	return metrics_quantity(id, v);
}

/* The mean, in which each dump counts as its duration. */
static double mean(const struct dumps *d, enum metrics_id id)
{
	double sum = 0, weight = 0;

	for (size_t i = 0; i < d->count; i++) {
		double s = value(d, i, METRIC_DURATION)->real;

		sum += real_of(value(d, i, id), id) * s;
		weight += s;
	}
	return weight > 0 ? sum / weight : real_of(value(d, 0, id), id);
}

/* The mean, in which each dump counts as the tape that it used. */
static double used_mean(const struct dumps *d, enum metrics_id id)
{
	double sum = 0, weight = 0;

	for (size_t i = 0; i < d->count; i++) {
		double used = (double)value(d, i, METRIC_USED_BYTES)->number;

		sum += real_of(value(d, i, id), id) * used;
		weight += used;
	}
	return weight > 0 ? sum / weight : 0;
}

/* A count of all dumps, per hour of their length. */
static double per_hour(const struct dumps *d, enum metrics_id count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < d->count; i++)
		sum += value(d, i, count)->number;
	return d->duration_s > 0 ? (double)sum * 3600 / d->duration_s : 0;
}

/* The rate of all bytes, in the time that they took. */
static double rate_of(const struct dumps *d, enum metrics_id id,
    enum metrics_id bytes)
{
	double all = 0, seconds = 0;

	for (size_t i = 0; i < d->count; i++) {
		double n = (double)value(d, i, bytes)->number;
		double rate = value(d, i, id)->real;

		if (rate <= 0)
			continue;
		all += n;
		seconds += n / rate;
	}
	return seconds > 0 ? all / seconds : 0;
}

static double extreme(const struct dumps *d, enum metrics_id id, bool most)
{
	double found = real_of(value(d, 0, id), id);

	for (size_t i = 1; i < d->count; i++) {
		double v = real_of(value(d, i, id), id);

		if (most ? v > found : v < found)
			found = v;
	}
	return found;
}

static void sum(const struct dumps *d, enum metrics_id id,
    struct metrics_value *to)
{
	for (size_t i = 0; i < d->count; i++) {
		to->number += value(d, i, id)->number;
		to->real += value(d, i, id)->real;
	}
	to->defined = true;
}

static void set(struct metrics_value *to, double real, bool defined)
{
	to->real = defined ? real : 0;
	to->defined = defined;
}

static int total_of(const struct dumps *d, enum metrics_id id,
    struct metrics_value *to)
{
	enum metrics_id bytes = METRIC_DUMP_BYTES;
	enum rule rule = rule_of(id, &bytes);
	struct metrics_value accepted = { .number = 0 };

	if (rule == LAST_WORD)
		return last_word(d, id, to);
	if (rule == LINES)
		return lines(d, id, to);
	for (size_t i = 0; i < d->count; i++)
		if (!value(d, i, id)->defined && rule != LENGTH &&
		    rule != OVERALL)
			return 0;
	switch (rule) {
	case SUM:
		sum(d, id, to);
		break;
	case LENGTH:
		set(to, d->duration_s, true);
		break;
	case OVERALL:
		sum(d, METRIC_DUMP_BYTES, &accepted);
		set(to,
		    d->duration_s > 0 ? (double)accepted.number / d->duration_s
				      : 0,
		    d->duration_s > 0 || accepted.number == 0);
		break;
	case MEAN:
		set(to, mean(d, id), true);
		break;
	case USED_MEAN:
		set(to, used_mean(d, id), true);
		break;
	case PER_HOUR:
		set(to, per_hour(d, bytes), true);
		break;
	case RATE_OF:
		set(to, rate_of(d, id, bytes), true);
		break;
	case LEAST:
	case MOST:
		set(to, extreme(d, id, rule == MOST), true);
		break;
	default:
		break;
	}
	return 0;
}

/* Copies the values of a single dump. */
static int copy(const struct metrics_value *values,
    struct metrics_value total[METRIC_COUNT])
{
	bool good = true;

	for (size_t i = 0; i < METRIC_COUNT; i++) {
		total[i] = values[i];
		if (values[i].text != NULL) {
			total[i].text = strdup(values[i].text);
			good &= total[i].text != NULL;
		}
	}
	return good ? 0 : -1;
}

/* A single dump that began late, or whose runs are apart. */
static void spread_out(const struct dumps *d,
    struct metrics_value total[METRIC_COUNT])
{
	set(&total[METRIC_DURATION], d->duration_s, true);
	set(&total[METRIC_THROUGHPUT_MEAN],
	    (double)total[METRIC_DUMP_BYTES].number / d->duration_s, true);
}

int metrics_total(const struct metrics_value *values, size_t count,
    double duration_s, struct metrics_value total[METRIC_COUNT])
{
	const struct dumps d = { values, count, duration_s };

	memset(total, 0, METRIC_COUNT * sizeof *total);
	if (count == 1) {
		if (copy(values, total) != 0)
			return -1;
		if (total[METRIC_DURATION].real < duration_s)
			spread_out(&d, total);
		return 0;
	}
	for (size_t i = 0; count > 0 && i < METRIC_STEP_FIRST; i++)
		if (total_of(&d, (enum metrics_id)i, &total[i]) != 0)
			return -1;
	return 0;
}
