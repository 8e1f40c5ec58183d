/*
 * doubts.c: whether the recommendation depends on what is not known, and
 * a prediction that a measurement can disprove.
 */
#include <math.h>
#include <stdio.h>

#include "reports/units.h"
#include "sim/tune/answer/impl.h"
#include "sim/tune/answer/say.h"

static double stops_data(const struct tune_figures *f)
{
	return f->of[TUNE_STOPS_DATA] * 3600 / f->of[TUNE_DURATION];
}

/* Says whether the recommendation holds, and if not, what is better. */
static char *say_verdict(char buf[TUNE_SAY_BYTES],
    const struct tune_study *study, const struct tune_test *test)
{
	const struct tune_range from = { .mean = test->chosen.of[TUNE_RATE] },
				to = { .mean =
					    test->best.figures.of[TUNE_RATE] };
	char change[TUNE_SAY_BYTES], settings[TUNE_SAY_BYTES];

	if (test->holds)
		snprintf(buf, TUNE_SAY_BYTES, "yes");
	else
		snprintf(buf, TUNE_SAY_BYTES, "no: %.60s with %.180s",
		    tune_say_change(change, &from, &to, 0),
		    tune_say_settings(settings, &study->sweep,
			&test->best.settings));
	return buf;
}

static void add_row(const struct tune_study *study,
    const struct tune_test *test, struct tune_doc *doc)
{
	char rate[TUNE_SAY_BYTES], stops[TUNE_SAY_BYTES],
	    verdict[TUNE_SAY_BYTES];

	tune_say_rate(rate, test->chosen.of[TUNE_RATE],
	    study->chosen.of[TUNE_RATE].deviation);
	tune_say_number(stops, stops_data(&test->chosen),
	    study->chosen.stops_data.deviation);
	tune_doc_cells(doc, TUNE_DOC_ROW,
	    (const char *[]){ tune_doubt_get(test->doubt)->name,
		test->failed ? "cannot be run" : rate,
		test->failed ? "" : stops, say_verdict(verdict, study, test),
		NULL });
}

void tune_answer_doubts(const struct tune_study *study, struct tune_doc *doc)
{
	size_t broken = 0;

	tune_doc_add(doc, TUNE_DOC_HEADING, "What it depends on");
	for (size_t i = 0; i < study->tests_count; i++)
		broken += !study->tests[i].holds;
	if (study->tests_count == 0) {
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "The model of this drive has no constants that could be "
		    "otherwise.");
		return;
	}
	if (broken == 0)
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "The recommendation does not depend on what is not known: "
		    "with each other value of the unpublished constants it is "
		    "as good as its neighbours.");
	else
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "The recommendation depends on something that is not "
		    "known: %zu of %zu other values make another point better "
		    "than it.",
		    broken, study->tests_count);
	tune_doc_cells(doc, TUNE_DOC_HEADER,
	    (const char *[]){
		"If", "Throughput", "Stops for data, an hour", "Holds", NULL });
	for (size_t i = 0; i < study->tests_count; i++)
		add_row(study, &study->tests[i], doc);
}

static void widen(struct tune_range *range, double value)
{
	if (isnan(value))
		return;
	range->low = fmin(range->low, value);
	range->high = fmax(range->high, value);
}

static void say_bounds(struct tune_doc *doc, const char *what,
    const struct tune_range *range, double unit, const char *unit_name)
{
	char mean[TUNE_SAY_BYTES], low[TUNE_SAY_BYTES], high[TUNE_SAY_BYTES];
	double spread = range->deviation / unit;

	if (isnan(range->mean))
		return;
	tune_doc_cells(doc, TUNE_DOC_ROW,
	    (const char *[]){ what,
		tune_say_number(mean, range->mean / unit, spread),
		tune_say_number(low, range->low / unit, spread),
		tune_say_number(high, range->high / unit, spread), unit_name,
		NULL });
}

/* How to measure, so that the figures can be compared. */
static void say_measurement(const struct tune_study *study,
    struct tune_doc *doc)
{
	char size[UNITS_BYTES];

	tune_doc_add(doc, TUNE_DOC_TEXT,
	    "To compare: write much more than the buffer of the drive (%s), "
	    "and stop the clock after the tape is unloaded. A program that "
	    "returns before the last filemark is written looks faster than it "
	    "is. The drive counts its stops in its log pages.",
	    units_size_exact(size,
		study->base.scenario->drives[0]->buffer_bytes));
}

void tune_answer_prediction(const struct tune_study *study,
    struct tune_doc *doc)
{
	struct tune_range rate = study->chosen.of[TUNE_RATE],
			  data = study->chosen.stops_data,
			  mark = study->chosen.stops_mark,
			  forced = study->chosen.stops_forced;

	for (size_t i = 0; i < study->tests_count; i++) {
		const struct tune_test *test = &study->tests[i];
		const struct tune_figures *f = &test->chosen;
		double hours = f->of[TUNE_DURATION] / 3600;

		/* The rate of the source is given, not a doubt of the drive. */
		if (test->failed ||
		    tune_doubt_get(test->doubt)->kind == TUNE_DOUBT_FEED)
			continue;
		widen(&rate, f->of[TUNE_RATE]);
		widen(&data, f->of[TUNE_STOPS_DATA] / hours);
		widen(&mark, f->of[TUNE_STOPS_MARK] / hours);
		widen(&forced, f->of[TUNE_STOPS_FORCED] / hours);
	}
	tune_doc_add(doc, TUNE_DOC_HEADING, "Prediction");
	tune_doc_add(doc, TUNE_DOC_TEXT,
	    "With the recommended settings and this source a real drive does "
	    "the following. A measurement outside the bounds shows that the "
	    "model of the drive or of the source is wrong. The bounds are "
	    "those of all seeds and of all values of the unpublished "
	    "constants.");
	tune_doc_cells(doc, TUNE_DOC_HEADER,
	    (const char *[]){
		"Figure", "Expected", "At least", "At most", "Unit", NULL });
	say_bounds(doc, "throughput", &rate, 1e6, "MB/s");
	say_bounds(doc, "stops for lack of data", &data, 1, "an hour");
	say_bounds(doc, "stops for filemarks", &mark, 1, "an hour");
	say_bounds(doc, "stops to change speed", &forced, 1, "an hour");
	say_measurement(study, doc);
}
