/* rows.c: see rows.h. */
#include "sim/accept/rows.h"

#include <stdio.h>
#include <string.h>

#include "reports/metric.h"
#include "reports/units.h"
#include "splitter/base/sentence.h"

enum {
	/* What a rate or a capacity may be below the profile's, in permille. */
	TOLERANCE_PERMILLE = 100,
	/* What a time may be, in permille of the profile's. */
	TIME_PERMILLE = 1500,
	REASON_BYTES = 512
};

/* What a value is compared with. */
enum limit_kind {
	LIMIT_NONE,
	LIMIT_RATE,     /* at least the top speed */
	LIMIT_CAPACITY, /* at least the capacity up to the early warning */
	LIMIT_LOAD,     /* at most the time of the profile */
	LIMIT_UNLOAD,
	LIMIT_REWIND,
	LIMIT_LOCATE
};

static const struct measured {
	const char *metric, *what;
	enum limit_kind limit;
} measured[] = {
	{ "measured_write_rate", "Write rate", LIMIT_RATE },
	{ "forward_write_rate", "Write rate, forward wraps", LIMIT_RATE },
	{ "reverse_write_rate", "Write rate, reverse wraps", LIMIT_RATE },
	{ "measured_read_rate", "Read rate", LIMIT_RATE },
	{ "forward_read_rate", "Read rate, forward wraps", LIMIT_RATE },
	{ "reverse_read_rate", "Read rate, reverse wraps", LIMIT_RATE },
	{ "largest_block", "Largest block", LIMIT_NONE },
	{ "block_sizes", "Block sizes", LIMIT_NONE },
	{ "filemark_time", "Filemark, not synchronized", LIMIT_NONE },
	{ "sync_filemark_time", "Filemark, synchronized", LIMIT_NONE },
	{ "load_time", "Load", LIMIT_LOAD },
	{ "unload_time", "Unload", LIMIT_UNLOAD },
	{ "rewind_time", "Rewind", LIMIT_REWIND },
	{ "locate_time", "Locate", LIMIT_LOCATE },
	{ "leom_bytes", "Capacity to the early warning", LIMIT_CAPACITY },
	{ "peom_bytes", "Capacity to the physical end", LIMIT_CAPACITY },
};

uint64_t rows_top_speed(const struct model *model)
{
	const struct model_medium *m =
	    model != NULL ? model_medium(model, NULL) : NULL;

	return m != NULL && m->speeds > 0 ? m->speeds_bytes_per_s[m->speeds - 1]
					  : 0;
}

double rows_source_least(const struct rows_limits *limits)
{
	return 1.5 * (double)rows_top_speed(limits->model);
}

bool rows_source_suffices(const struct rows_limits *limits)
{
	return limits->source_bytes_per_s >= rows_source_least(limits);
}

/* Returns the limit of a kind; 0: no limit. */
static double limit_of(const struct rows_limits *l, enum limit_kind kind)
{
	const struct model_medium *m =
	    l->model != NULL ? model_medium(l->model, NULL) : NULL;
	double times = TIME_PERMILLE / 1000.0 / 1e9;
	double least = 1 - TOLERANCE_PERMILLE / 1000.0;

	if (m == NULL || m->speeds == 0)
		return 0;
	switch (kind) {
	case LIMIT_RATE:
		return least * (double)rows_top_speed(l->model);
	case LIMIT_CAPACITY:
		return least *
		    (double)(l->capacity_bytes > 0 ? l->capacity_bytes
						   : m->capacity_bytes);
	case LIMIT_LOAD:
		return times *
		    (double)(l->model->load_ns + m->first_load_max_ns);
	case LIMIT_UNLOAD:
		return times * (double)(l->model->unload_ns + m->rewind_ns);
	case LIMIT_REWIND:
		return times * (double)m->rewind_ns;
	case LIMIT_LOCATE:
		return times *
		    (double)(m->locate_length_ns + m->locate_start_ns +
			m->locate_wrap_ns + m->locate_band_ns +
			m->locate_turn_ns);
	default:
		return 0;
	}
}

static bool is_least(enum limit_kind kind)
{
	return kind == LIMIT_RATE || kind == LIMIT_CAPACITY;
}

/* Writes a value with its unit. */
static const char *value_text(char buf[UNITS_BYTES], const char *unit,
    double value)
{
	if (strcmp(unit, "B/s") == 0)
		return units_rate(buf, value);
	if (strcmp(unit, "s") == 0)
		return units_time(buf, value);
	if (strcmp(unit, "B") == 0)
		return units_size_decimal(buf, (uint64_t)value);
	snprintf(buf, UNITS_BYTES, "%.0f", value);
	return buf;
}

/* The cause may lie elsewhere: the row is not judged. */
static void leave_open(struct acceptance *a, struct acceptance_row *row,
    const char *why)
{
	row->judgement = ACCEPTANCE_NOT_JUDGED;
	acceptance_set(&row->why, why);
	acceptance_add_doubt(a, why);
}

/* Judges a row by its limit.  Returns whether it is met, or not judged. */
static bool judge(struct acceptance *a, struct acceptance_row *row,
    const struct measured *what, double value, double limit,
    const struct rows_limits *l)
{
	bool met = is_least(what->limit) ? value >= limit : value <= limit;
	char text[REASON_BYTES], rate[UNITS_BYTES];

	row->judgement = met ? ACCEPTANCE_MET : ACCEPTANCE_NOT_MET;
	if (met)
		return true;
	if (what->limit == LIMIT_RATE && !rows_source_suffices(l)) {
		sentence(text, sizeof text,
		    "the source delivers only %s, less than 1.5 times the top "
		    "speed of the drive",
		    units_rate(rate, l->source_bytes_per_s));
		leave_open(a, row, text);
		return true;
	}
	if (what->limit != LIMIT_CAPACITY && l->adapter != NULL &&
	    l->adapter[0] != '\0') {
		sentence(text, sizeof text,
		    "%s: other devices of the host adapter were in use: %s",
		    row->test, l->adapter);
		leave_open(a, row, text);
		return true;
	}
	sentence(text, sizeof text, "%s: %s %s, limit %s", row->test, row->what,
	    row->value, row->limit);
	acceptance_add_fault(a, text);
	return false;
}

/* Writes what was measured, and with which data if these are special. */
static const char *what_text(char buf[REASON_BYTES],
    const struct measured *what, const struct scenario_step *step)
{
	bool whole =
	    what->limit == LIMIT_RATE && step->measures == MEASURE_ENDS;

	snprintf(buf, REASON_BYTES, "%s%s%s%s", what->what,
	    whole ? ", whole tape" : "", step->zeros ? ", zeros" : "",
	    step->compression == COMPRESSION_ON        ? ", compression on"
		: !step->zeros                         ? ""
		: step->compression == COMPRESSION_OFF ? ", compression off"
						       : "");
	return buf;
}

/* Writes where a limit comes from. */
static const char *source_text(char buf[REASON_BYTES], enum limit_kind kind,
    const struct rows_limits *l)
{
	if (kind == LIMIT_CAPACITY && l->capacity_bytes > 0)
		return "memory of the cartridge, 10 % less";
	snprintf(buf, REASON_BYTES, "profile %s, %s", l->model->name,
	    is_least(kind) ? "10 % less" : "1.5 times its time");
	return buf;
}

static bool add_metric(struct acceptance *a, const char *test,
    const struct results_metric *m, const struct scenario_step *step,
    const struct rows_limits *l, const char *blames_nothing)
{
	char value[UNITS_BYTES], most[UNITS_BYTES], text[REASON_BYTES];
	struct acceptance_row *row;
	double limit;
	size_t i = 0;

	while (i < sizeof measured / sizeof *measured &&
	    strcmp(measured[i].metric, m->name) != 0)
		i++;
	if (i == sizeof measured / sizeof *measured || m->kind == RESULTS_NULL)
		return true;
	row = acceptance_add_row(a, test, what_text(text, &measured[i], step),
	    value_text(value, m->unit, report_metric_value(m)));
	if (row == NULL)
		return false;
	limit = limit_of(l, measured[i].limit);
	if (limit == 0) {
		return acceptance_set(&row->source, "no limit is known") == 0;
	}
	snprintf(text, sizeof text, "%s %s",
	    is_least(measured[i].limit) ? ">=" : "<=",
	    value_text(most, m->unit, limit));
	if (acceptance_set(&row->limit, text) != 0)
		return false;
	if (acceptance_set(&row->source,
		source_text(text, measured[i].limit, l)) != 0)
		return false;
	if (blames_nothing == NULL)
		return judge(a, row, &measured[i], report_metric_value(m),
		    limit, l);
	return acceptance_set(&row->why, blames_nothing) == 0;
}

static bool add_expectation(struct acceptance *a, const char *test,
    const struct results_expectation *e, const char *file, const char *printed,
    const char *blames_nothing)
{
	char text[REASON_BYTES];
	struct acceptance_row *row;

	if (results_expectation_is_met(e))
		return true;
	row = acceptance_add_row(a, test, e->text, e->actual);
	snprintf(text, sizeof text, "%s:%d", file, e->line);
	if (row == NULL || acceptance_set(&row->limit, e->text) != 0 ||
	    acceptance_set(&row->source, text) != 0)
		return false;
	if (blames_nothing != NULL)
		return acceptance_set(&row->why, blames_nothing) == 0;
	row->judgement = ACCEPTANCE_NOT_MET;
	sentence(text, sizeof text, "%s: expected %s, but it was %s%s%s", test,
	    e->text, e->actual, printed[0] != '\0' ? ": " : "", printed);
	acceptance_add_fault(a, text);
	return false;
}

/* Returns why a step is not done: what was printed first, or its reason. */
static const char *reason_of(const struct results_step *step)
{
	return step->messages_count > 0 ? step->messages[0].text : step->reason;
}

bool rows_of_test(struct acceptance *a, const char *test,
    const struct results_scenario *s, const struct scenario_step *steps,
    const struct rows_limits *limits, const char *blames_nothing)
{
	bool met = true;

	for (size_t i = 0; i < s->steps_count; i++) {
		const struct results_step *step = &s->steps[i];

		for (size_t j = 0; j < step->metrics_count; j++)
			met &= add_metric(a, test, &step->metrics[j], &steps[i],
			    limits, blames_nothing);
		for (size_t j = 0; j < step->expectations_count; j++)
			met &= add_expectation(a, test, &step->expectations[j],
			    s->file, reason_of(step), blames_nothing);
	}
	for (size_t i = 0; i < s->expectations_count; i++)
		met &= add_expectation(a, test, &s->expectations[i], s->file,
		    s->reason, blames_nothing);
	return met;
}
