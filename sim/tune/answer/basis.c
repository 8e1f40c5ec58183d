/*
 * basis.c: what the answer rests on: what was measured, what is
 * published, and what is assumed, with what each assumption is worth.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/units.h"
#include "sim/tune/answer/impl.h"
#include "sim/tune/answer/say.h"

/* Keys that name the drive and say nothing about it. */
static bool is_name(const char *name)
{
	return strcmp(name, "name") == 0 || strcmp(name, "title") == 0 ||
	    strcmp(name, "maker") == 0;
}

/*
 * Whether a fact has an effect on a dump: not the density code, and nothing of
 * media that are not used.
 */
static bool matters(const struct tune_study *study,
    const struct tune_fact *fact)
{
	const char *medium = study->base.scenario->drives[0]->media[0].medium;
	size_t length = strlen(medium);

	if (is_name(fact->name) || strcmp(fact->name, "density") == 0 ||
	    strcmp(fact->name, "reads") == 0 ||
	    strcmp(fact->name, "block_max") == 0)
		return false;
	return strncmp(fact->name, "media.", 6) != 0 ||
	    (strncmp(fact->name + 6, medium, length) == 0 &&
		fact->name[6 + length] == '.');
}

static const char *say_source(const struct scenario_dump *d)
{
	switch (d->feed.kind) {
	case FEED_UNLIMITED:
		return "The source is as fast as its data is taken.";
	case FEED_TRACE:
		return "The source is a recorded trace. It is that of the "
		       "source alone only if what it was recorded into was "
		       "faster, such as /dev/null.";
	default:
		return "The source is as the scenario describes it.";
	}
}

static void say_measured(const struct tune_study *study, struct tune_doc *doc)
{
	const struct scenario *s = study->base.scenario;
	const struct tune_facts *facts = study->base.facts;
	size_t said = 0;

	tune_doc_add(doc, TUNE_DOC_TEXT, "Measured here:");
	for (size_t i = 0; i < s->dumps_count; i++)
		if (s->dumps[i].feed.kind == FEED_TRACE) {
			tune_doc_add(doc, TUNE_DOC_ITEM, "%s",
			    say_source(&s->dumps[i]));
			said++;
		}
	for (size_t i = 0; i < facts->count; i++) {
		const struct tune_fact *f = &facts->list[i];

		if (!facts->own || f->source != NULL || f->estimate ||
		    !matters(study, f))
			continue;
		tune_doc_add(doc, TUNE_DOC_ITEM, "%s: %s (%s)", f->name,
		    f->value, s->model_name);
		said++;
	}
	if (said == 0)
		tune_doc_add(doc, TUNE_DOC_ITEM,
		    "Nothing. A recorded source (tapelab record) and a "
		    "profile with measured values replace what is assumed.");
}

static void say_published(const struct tune_study *study, struct tune_doc *doc)
{
	const struct tune_facts *facts = study->base.facts;
	size_t said = 0;

	tune_doc_add(doc, TUNE_DOC_TEXT, "Published, of the drive %s:",
	    study->base.scenario->drives[0]->title);
	for (size_t i = 0; i < facts->count; i++) {
		const struct tune_fact *f = &facts->list[i];

		if (f->source == NULL || !matters(study, f))
			continue;
		tune_doc_add(doc, TUNE_DOC_ITEM, "%s: %s (%s)", f->name,
		    f->value, f->source);
		said++;
	}
	if (said == 0)
		tune_doc_add(doc, TUNE_DOC_ITEM, "Nothing.");
}

/* Widens the range by the recommendation under each doubt of this fact. */
static size_t worth(const struct tune_study *study, const char *fact,
    struct tune_range *rate, struct tune_range *stops)
{
	size_t count = 0;

	*rate = study->chosen.of[TUNE_RATE];
	*stops = study->chosen.stops_data;
	rate->low = rate->high = rate->mean;
	stops->low = stops->high = stops->mean;
	for (size_t i = 0; i < study->tests_count; i++) {
		const struct tune_test *t = &study->tests[i];
		const struct tune_figures *f = &t->chosen;
		double an_hour =
		    f->of[TUNE_STOPS_DATA] * 3600 / f->of[TUNE_DURATION];

		if (t->failed ||
		    strcmp(tune_doubt_get(t->doubt)->fact, fact) != 0)
			continue;
		rate->low = fmin(rate->low, f->of[TUNE_RATE]);
		rate->high = fmax(rate->high, f->of[TUNE_RATE]);
		stops->low = fmin(stops->low, an_hour);
		stops->high = fmax(stops->high, an_hour);
		count++;
	}
	return count;
}

static char *span(char buf[TUNE_SAY_BYTES], const struct tune_range *range,
    double unit)
{
	char low[TUNE_SAY_BYTES], high[TUNE_SAY_BYTES];

	tune_say_number(low, range->low / unit, range->deviation / unit);
	tune_say_number(high, range->high / unit, range->deviation / unit);
	if (strcmp(low, high) == 0)
		snprintf(buf, TUNE_SAY_BYTES, "%.100s", low);
	else
		snprintf(buf, TUNE_SAY_BYTES, "%.100s..%.100s", low, high);
	return buf;
}

static void add_assumption(const struct tune_study *study, const char *name,
    const char *fact, const char *value, struct tune_doc *doc)
{
	struct tune_range rate, stops;
	char a[TUNE_SAY_BYTES], b[TUNE_SAY_BYTES];
	bool varied = worth(study, fact, &rate, &stops) > 0;

	tune_doc_cells(doc, TUNE_DOC_ROW,
	    (const char *[]){ name, value, varied ? span(a, &rate, 1e6) : "-",
		varied ? span(b, &stops, 1) : "-", NULL });
}

static void say_assumed(const struct tune_study *study, struct tune_doc *doc)
{
	const struct scenario *s = study->base.scenario;
	const struct tune_facts *facts = study->base.facts;
	bool spool =
	    study->chosen.settings.value[TUNE_CACHE] == SPLITTER_CACHE_SPOOL;
	bool timed = s->splitter.spool_bytes_per_s > 0;

	tune_doc_add(doc, TUNE_DOC_TEXT,
	    "Assumed. The last columns say what an assumption is worth: the "
	    "throughput (MB/s) and the stops an hour for lack of data with its "
	    "other values (What it depends on); \"-\" was not varied.");
	tune_doc_cells(doc, TUNE_DOC_HEADER,
	    (const char *[]){ "Assumption", "Value", "MB/s", "Stops", NULL });
	if (s->dumps[0].feed.kind != FEED_TRACE)
		add_assumption(study, "rate of the source", "",
		    s->dumps[0].feed.kind == FEED_UNLIMITED ? "no limit"
							    : "scenario",
		    doc);
	for (size_t i = 0; i < facts->count; i++)
		if (facts->list[i].estimate && matters(study, &facts->list[i]))
			add_assumption(study, facts->list[i].name,
			    facts->list[i].name, facts->list[i].value, doc);
	if (spool)
		tune_doc_add(doc, TUNE_DOC_ITEM, "%s",
		    timed ? "The disk of the spool has the rate that the "
			    "scenario says."
			  : "The disk of the spool takes no time: the scenario "
			    "gives no rate (splitter.spool).");
	if (s->dumps_count == 1)
		tune_doc_add(doc, TUNE_DOC_ITEM,
		    "The machine does nothing else that slows the dump down.");
}

void tune_answer_basis(const struct tune_study *study, struct tune_doc *doc)
{
	tune_doc_add(doc, TUNE_DOC_HEADING, "What this rests on");
	say_measured(study, doc);
	say_published(study, doc);
	say_assumed(study, doc);
}
