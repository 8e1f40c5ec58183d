/*
 * steps.c: the next steps up and down, the settings of today, and the
 * points that nothing beats.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/units.h"
#include "sim/tune/answer/impl.h"
#include "sim/tune/answer/say.h"
#include "sim/tune/seeds.h"

enum { FRONT_ROWS_MAX = 12, FRONT_POINTS_MAX = 20000 };

static char *stops_text(char buf[TUNE_SAY_BYTES],
    const struct tune_sample *sample)
{
	char data[TUNE_SAY_BYTES], mark[TUNE_SAY_BYTES], forced[TUNE_SAY_BYTES];

	if (isnan(sample->stops_data.mean))
		snprintf(buf, TUNE_SAY_BYTES, "-");
	else
		snprintf(buf, TUNE_SAY_BYTES, "%.80s + %.80s + %.80s",
		    tune_say_number(data, sample->stops_data.mean,
			sample->stops_data.deviation),
		    tune_say_number(mark, sample->stops_mark.mean,
			sample->stops_mark.deviation),
		    tune_say_number(forced, sample->stops_forced.mean,
			sample->stops_forced.deviation));
	return buf;
}

static void add_row(const struct tune_study *study, const char *name,
    const char *value, const struct tune_sample *sample, struct tune_doc *doc)
{
	char rate[TUNE_SAY_BYTES], change[TUNE_SAY_BYTES],
	    stops[TUNE_SAY_BYTES], memory[UNITS_BYTES];
	const struct tune_range *r = &sample->of[TUNE_RATE];

	if (sample->problem != NULL) {
		tune_doc_cells(doc, TUNE_DOC_ROW,
		    (const char *[]){
			name, value, "cannot be run", "", "", "", NULL });
		return;
	}
	tune_say_rate(rate, r->mean, r->deviation);
	tune_say_change(change, &study->chosen.of[TUNE_RATE], r, sample->pairs);
	stops_text(stops, sample);
	units_size_exact(memory,
	    tune_memory(&sample->settings) * study->question.dumps);
	tune_doc_cells(doc, TUNE_DOC_ROW,
	    (const char *[]){ name, value, rate, change, stops, memory, NULL });
}

void tune_answer_steps(const struct tune_study *study, struct tune_doc *doc)
{
	char value[TUNE_TEXT_BYTES];

	tune_doc_add(doc, TUNE_DOC_HEADING, "The next steps");
	tune_doc_add(doc, TUNE_DOC_TEXT,
	    "One setting is changed, the others stay. Stops are those in an "
	    "hour: for lack of data + for filemarks + to change speed. "
	    "Points are compared seed by seed: differences within three times "
	    "the spread of %llu seeds are \"the same\".",
	    (unsigned long long)study->seeds);
	tune_doc_cells(doc, TUNE_DOC_HEADER,
	    (const char *[]){ "Setting", "Value", "Throughput", "Change",
		"Stops", "Memory", NULL });
	add_row(study, "recommended", "", &study->chosen, doc);
	for (size_t i = 0; i < study->steps_count; i++) {
		const struct tune_step *step = &study->steps[i];

		tune_axis_text(step->axis,
		    step->sample.settings.value[step->axis], value);
		add_row(study, tune_axis_name(step->axis), value, &step->sample,
		    doc);
	}
}

/* Makes a candidate of the means of a point. */
static struct tune_candidate mean_of(const struct tune_sample *sample)
{
	struct tune_candidate c = { .settings = sample->settings };

	for (size_t i = 0; i < TUNE_FIGURES; i++)
		c.figures.of[i] = sample->of[i].mean;
	return c;
}

/*
 * Whether today's tape stops much more often than with the recommendation: by
 * half, and once an hour.
 */
static bool stops_more(const struct tune_sample *today,
    const struct tune_sample *chosen)
{
	return today->stops_data.mean > 1.5 * chosen->stops_data.mean + 1;
}

/* Says what is gained.  Returns whether to leave it as it is. */
static bool say_gain(const struct tune_study *study, const char *settings,
    struct tune_doc *doc)
{
	const struct tune_sample *today = &study->today, *best = &study->chosen;
	const struct tune_candidate a = mean_of(today), b = mean_of(best);
	const bool good = tune_as_good(&study->question, &a, &b);
	char rate[TUNE_SAY_BYTES], change[TUNE_SAY_BYTES];

	tune_say_rate(rate, today->of[TUNE_RATE].mean,
	    today->of[TUNE_RATE].deviation);
	if (!good)
		tune_doc_add(doc, TUNE_DOC_STRONG,
		    "The settings of today (%s) give %s; with the "
		    "recommendation the throughput is %s.",
		    settings, rate,
		    tune_say_change(change, &today->of[TUNE_RATE],
			&best->of[TUNE_RATE],
			tune_seeds_pairs(study, &best->settings,
			    &today->settings)));
	else if (stops_more(today, best))
		tune_doc_add(doc, TUNE_DOC_STRONG,
		    "The throughput stays as it is (%s with the settings of "
		    "today: %s), but the tape stops less often.",
		    rate, settings);
	else
		tune_doc_add(doc, TUNE_DOC_STRONG,
		    "Leave it as it is: with the settings of today (%s) the "
		    "throughput is %s, and the recommendation gains nothing "
		    "that is more than %s.",
		    settings, rate, tune_say_share(change, study->tolerance));
	return good && !stops_more(today, best);
}

void tune_answer_today(const struct tune_study *study, struct tune_doc *doc)
{
	const struct tune_sample *today = &study->today;
	char settings[TUNE_SAY_BYTES], stops[TUNE_SAY_BYTES],
	    chosen[TUNE_SAY_BYTES];
	bool leave;

	if (!study->has_now)
		return;
	tune_doc_add(doc, TUNE_DOC_HEADING, "Compared with today");
	tune_say_settings(settings, &study->sweep, &today->settings);
	if (today->problem != NULL) {
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "The settings of today (%s) could not be run: %s", settings,
		    today->problem);
		return;
	}
	leave = say_gain(study, settings, doc);
	stops_text(stops, today);
	stops_text(chosen, &study->chosen);
	if (!isnan(today->stops_data.mean))
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "Stops an hour, for lack of data + for filemarks + to change "
		    "speed: %s today, %s with the recommendation.",
		    stops, chosen);
	if (!leave &&
	    today->settings.value[TUNE_BLOCK] !=
		study->chosen.settings.value[TUNE_BLOCK])
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "The block size changes: see the warning below about "
		    "volumes that were written before.");
}

/* Whether `a` is at least as good as `b` in all, and better in something. */
static bool beats(const struct tune_candidate *a,
    const struct tune_candidate *b)
{
	const double better[] = {
		a->figures.of[TUNE_RATE] - b->figures.of[TUNE_RATE],
		(double)tune_memory(&b->settings) -
		    (double)tune_memory(&a->settings),
		tune_stops(&b->figures) - tune_stops(&a->figures),
		(double)b->settings.value[TUNE_PART] -
		    (double)a->settings.value[TUNE_PART],
	};
	bool some = false;

	for (size_t i = 0; i < sizeof better / sizeof *better; i++) {
		if (better[i] < 0)
			return false;
		some |= better[i] > 0;
	}
	return some;
}

static bool on_front(const struct tune_study *study, size_t point)
{
	const struct tune_candidate *c = &study->points[point];

	if (c->problem != NULL ||
	    tune_broken_limit(&study->question, c) != TUNE_LIMITS)
		return false;
	for (size_t i = 0; i < study->points_count; i++)
		if (study->points[i].problem == NULL &&
		    tune_broken_limit(&study->question, &study->points[i]) ==
			TUNE_LIMITS &&
		    beats(&study->points[i], c))
			return false;
	return true;
}

static int by_memory(const void *a, const void *b)
{
	const struct tune_candidate *const *x = a, *const *y = b;
	uint64_t m = tune_memory(&(*x)->settings),
		 n = tune_memory(&(*y)->settings);
	double r = (*x)->figures.of[TUNE_RATE], s = (*y)->figures.of[TUNE_RATE];

	return m != n ? (m > n) - (m < n) : (r < s) - (r > s);
}

static void add_front_row(const struct tune_study *study,
    const struct tune_candidate *c, struct tune_doc *doc)
{
	char settings[TUNE_SAY_BYTES], rate[TUNE_SAY_BYTES],
	    stops[TUNE_SAY_BYTES], memory[UNITS_BYTES], part[TUNE_TEXT_BYTES];

	tune_say_settings(settings, &study->sweep, &c->settings);
	tune_say_rate(rate, c->figures.of[TUNE_RATE],
	    study->best.of[TUNE_RATE].deviation);
	tune_say_number(stops,
	    tune_stops(&c->figures) * 3600 / c->figures.of[TUNE_DURATION], 0);
	units_size_exact(memory,
	    tune_memory(&c->settings) * study->question.dumps);
	tune_axis_text(TUNE_PART, c->settings.value[TUNE_PART], part);
	tune_doc_cells(doc, TUNE_DOC_ROW,
	    (const char *[]){ settings, memory, rate, stops, part, NULL });
}

void tune_answer_front(const struct tune_study *study, struct tune_doc *doc)
{
	const struct tune_candidate **list =
	    calloc(study->points_count + 1, sizeof(struct tune_candidate *));
	size_t count = 0, shown;

	if (list == NULL) {
		doc->failed = true;
		return;
	}
	/* Each point is compared with each other. */
	if (study->points_count > FRONT_POINTS_MAX) {
		free(list);
		return;
	}
	for (size_t i = 0; i < study->points_count; i++)
		if (on_front(study, i))
			list[count++] = &study->points[i];
	qsort(list, count, sizeof(struct tune_candidate *), by_memory);
	shown = count < FRONT_ROWS_MAX ? count : FRONT_ROWS_MAX;
	tune_doc_add(doc, TUNE_DOC_HEADING, "Points that no other point beats");
	tune_doc_add(doc, TUNE_DOC_TEXT,
	    "Of %zu points this is true: no other point is at least as good in "
	    "throughput, memory, stops and bytes at risk (the part). The table "
	    "shows %zu of them. Stops are those for all three causes together.",
	    count, shown);
	tune_doc_cells(doc, TUNE_DOC_HEADER,
	    (const char *[]){ "Settings", "Memory", "Throughput",
		"All stops an hour", "At risk", NULL });
	for (size_t i = 0; i < shown; i++)
		add_front_row(study,
		    list[shown < 2 ? i : i * (count - 1) / (shown - 1)], doc);
	free(list);
}
