/* rows.c: see rows.h. */
#include "sim/accept/rows.h"

#include <stdio.h>
#include <string.h>

#include "reports/metric.h"
#include "reports/units.h"
#include "splitter/base/sentence.h"
#include "vtl/motion/place.h"

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
	{ "filemark_time", "Filemark, not synchronised", LIMIT_NONE },
	{ "sync_filemark_time", "Filemark, synchronised", LIMIT_NONE },
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

/* Returns how the model handles the cartridge; NULL: that is not known. */
static const struct model_medium *medium_of(const struct model *model,
    const struct media_type *medium)
{
	if (model == NULL ||
	    (medium != NULL && model_use(model, medium) != MEDIA_WRITE))
		return NULL;
	return model_medium(model, medium);
}

/* Returns how long an unload rewinds, after the step has written. */
static int64_t unload_rewind_ns(const struct model *model,
    const struct model_medium *m, const struct scenario_step *step)
{
	/* Wherever it is but at its beginning. */
	int64_t by_bytes =
	    place_unload_rewind_ns(model, m, 1, step->size_bytes);

	return by_bytes > m->rewind_ns ? by_bytes : m->rewind_ns;
}

/* Returns the limit of a kind for a model; 0: no limit. */
static double limit_of(const struct rows_limits *l, const struct model *model,
    enum limit_kind kind, const struct scenario_step *step)
{
	const struct model_medium *m = medium_of(model, l->medium);
	double times = TIME_PERMILLE / 1000.0 / 1e9;
	double least = 1 - TOLERANCE_PERMILLE / 1000.0;

	if (m == NULL || m->speeds == 0)
		return 0;
	switch (kind) {
	case LIMIT_RATE:
		return least * (double)m->speeds_bytes_per_s[m->speeds - 1];
	case LIMIT_CAPACITY:
		return least *
		    (double)(l->capacity_bytes > 0 ? l->capacity_bytes
						   : m->capacity_bytes);
	case LIMIT_LOAD:
		return times * (double)model->load_ns;
	case LIMIT_UNLOAD:
		return times *
		    (double)(model->unload_ns +
			unload_rewind_ns(model, m, step));
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
    const char *why, const char *doubt)
{
	row->judgement = ACCEPTANCE_NOT_JUDGED;
	acceptance_set(&row->why, why);
	acceptance_add_doubt(a, doubt);
}

/* Returns whether the link may be slower than the drive. */
static bool is_link_slow(const struct rows_limits *l)
{
	return l->link_bytes_per_s > 0 &&
	    l->link_bytes_per_s < 1.1 * (double)rows_top_speed(l->model);
}

static bool meets(const struct measured *what, double value, double limit)
{
	return is_least(what->limit) ? value >= limit : value <= limit;
}

/*
 * Writes what may be the cause of a limit that is missed, and is no fault of the
 * drive, as a sentence.  Returns whether there is such a cause.
 */
static bool find_cause(const struct acceptance_row *row,
    const struct measured *what, double value, double slower,
    const struct rows_limits *l, char text[REASON_BYTES])
{
	char rate[UNITS_BYTES];

	if (what->limit == LIMIT_RATE && !rows_source_suffices(l))
		sentence(text, REASON_BYTES,
		    "the source delivers only %s, less than 1.5 times the top "
		    "speed of the drive",
		    units_rate(rate, l->source_bytes_per_s));
	else if (what->limit == LIMIT_RATE && is_link_slow(l))
		sentence(text, REASON_BYTES,
		    "the link to the drive delivers only %s, less than 1.1 "
		    "times the top speed of the drive: look at cable and "
		    "adapter",
		    units_rate(rate, l->link_bytes_per_s));
	else if (what->limit != LIMIT_CAPACITY && l->adapter != NULL &&
	    l->adapter[0] != '\0')
		sentence(text, REASON_BYTES,
		    "%s: other devices of the host adapter were in use: %s",
		    row->test, l->adapter);
	else if (l->slower != NULL && meets(what, value, slower))
		sentence(text, REASON_BYTES,
		    "%s: %s %s is enough for a drive %s and not for %s, and the "
		    "drive does not say which it is",
		    row->test, row->what, row->value, l->slower->name,
		    l->model->name);
	else
		return false;
	return true;
}

/*
 * Judges a row by its limit, and by the one of the slower model.  Returns whether
 * it is met, or not judged.
 */
static bool judge(struct acceptance *a, struct acceptance_row *row,
    const struct measured *what, double value, double limit, double slower,
    const struct rows_limits *l)
{
	char text[REASON_BYTES];

	if (meets(what, value, limit)) {
		row->judgement = ACCEPTANCE_MET;
		return true;
	}
	if (l->elsewhere != NULL && l->elsewhere[0] != '\0') {
		sentence(text, sizeof text, "%s: %s %s, limit %s: %s",
		    row->test, row->what, row->value, row->limit, l->elsewhere);
		leave_open(a, row, l->elsewhere, text);
		return true;
	}
	if (find_cause(row, what, value, slower, l, text)) {
		leave_open(a, row, text, text);
		return true;
	}
	row->judgement = ACCEPTANCE_NOT_MET;
	sentence(text, sizeof text, "%s: %s %s, limit %s", row->test, row->what,
	    row->value, row->limit);
	acceptance_add_fault(a, text);
	return false;
}

/* Writes what was measured, with the compression that was set, if any. */
static const char *what_text(char buf[REASON_BYTES],
    const struct measured *what, const struct scenario_step *step)
{
	bool whole =
	    what->limit == LIMIT_RATE && step->measures == MEASURE_ENDS;

	snprintf(buf, REASON_BYTES, "%s%s%s%s", what->what,
	    whole ? ", whole tape" : "", step->zeros ? ", zeros" : "",
	    what->limit != LIMIT_RATE                  ? ""
		: step->compression == COMPRESSION_ON  ? ", compression on"
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
	double limit, slower;
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
	limit = limit_of(l, l->model, measured[i].limit, step);
	slower = limit_of(l, l->slower, measured[i].limit, step);
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
		    limit, slower, l);
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

/* Returns whether the step has measured a value. */
static bool has_metric(const struct results_step *step, const char *name)
{
	for (size_t i = 0; i < step->metrics_count; i++)
		if (strcmp(step->metrics[i].name, name) == 0)
			return step->metrics[i].kind != RESULTS_NULL;
	return false;
}

/* A drive that does not hold its cartridge shows no times of its own. */
static bool add_unmeasured(struct acceptance *a, const char *test,
    const struct results_step *step, const char *metric, const char *what)
{
	struct acceptance_row *row;

	if (has_metric(step, metric))
		return true;
	row = acceptance_add_row(a, test, what, "not measured");
	return row != NULL &&
	    acceptance_set(&row->why,
		"the drive cannot unload a cartridge and hold it: its time "
		"would be that of a changer or of a person") == 0;
}

/* Returns whether everything that a test read back is what was written. */
static bool is_read_back(const struct results_scenario *s)
{
	static const char name[] = "restored == source";
	bool found = false;

	for (size_t i = 0; i < s->steps_count; i++)
		for (size_t j = 0; j < s->steps[i].expectations_count; j++) {
			const struct results_expectation *e =
			    &s->steps[i].expectations[j];

			if (strcmp(e->text, name) != 0)
				continue;
			if (strcmp(e->actual, "source") != 0)
				return false;
			found = true;
		}
	return found;
}

static bool set_read_back(struct acceptance_row *row)
{
	return acceptance_set(&row->limit, "source") == 0 &&
	    acceptance_set(&row->source, "what the drive was given to write") ==
	    0;
}

/* Adds that the test has read back what it wrote.  If not, its row says so. */
static bool add_read_back(struct acceptance *a, const char *test,
    const struct results_scenario *s)
{
	struct acceptance_row *row;

	if (!is_read_back(s))
		return true;
	row = acceptance_add_row(a, test, ROWS_READ_BACK, "source");
	if (row == NULL)
		return false;
	row->judgement = ACCEPTANCE_MET;
	return set_read_back(row);
}

int rows_join_read_back(struct acceptance *a)
{
	size_t count = acceptance_remove_values(a, ROWS_READ_BACK);
	struct acceptance_row *row;
	char text[48];

	if (count == 0)
		return 0;
	snprintf(text, sizeof text, "source, %zu test%s", count,
	    count == 1 ? "" : "s");
	row = acceptance_add_row(a, "", ROWS_READ_BACK, text);
	if (row == NULL || !set_read_back(row))
		return -1;
	row->judgement = ACCEPTANCE_MET;
	return 0;
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
		if (steps[i].does != STEP_MEASURE ||
		    steps[i].measures != MEASURE_POSITIONS ||
		    step->status != RESULTS_PASSED)
			continue;
		met &= add_unmeasured(a, test, step, "unload_time", "Unload");
		met &= add_unmeasured(a, test, step, "load_time", "Load");
	}
	met &= add_read_back(a, test, s);
	for (size_t i = 0; i < s->expectations_count; i++)
		met &= add_expectation(a, test, &s->expectations[i], s->file,
		    s->reason, blames_nothing);
	return met;
}
