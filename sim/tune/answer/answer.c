/* answer.c: the recommendation; see answer.h. */
#include "sim/tune/answer/answer.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "reports/units.h"
#include "sim/tune/answer/impl.h"
#include "sim/tune/answer/hour.h"
#include "sim/tune/answer/say.h"

/* A throughput of this share of another one is nearly the same. */
#define NEARLY 0.97

/* Says why no point can be recommended. */
static void say_none(const struct tune_study *study, struct tune_doc *doc)
{
	const struct tune_choice *choice = &study->choice;
	char text[TUNE_TEXT_BYTES];

	tune_doc_add(doc, TUNE_DOC_HEADING, "No recommendation");
	tune_doc_add(doc, TUNE_DOC_TEXT,
	    "None of the %zu points of the sweep can be recommended.",
	    study->points_count);
	for (size_t i = 0; i < TUNE_LIMITS; i++)
		if (choice->broken[i] > 0)
			tune_doc_add(doc, TUNE_DOC_ITEM,
			    "%zu break the limit: %s.", choice->broken[i],
			    tune_limit_text((enum tune_limit)i,
				study->question.limits.value[i], text));
	if (choice->could_not_run == 0)
		return;
	tune_doc_add(doc, TUNE_DOC_ITEM, "%zu could not be run.",
	    choice->could_not_run);
	for (size_t i = 0; i < study->points_count; i++) {
		if (study->points[i].problem == NULL)
			continue;
		tune_doc_add(doc, TUNE_DOC_TEXT, "The first of them: %s",
		    study->points[i].problem);
		return;
	}
}

static const char *goal_of(const struct tune_study *study)
{
	switch (study->question.goal) {
	case TUNE_GOAL_WEAR:
		return "the fewest stops of the tape";
	case TUNE_GOAL_TAPE:
		return "the least tape";
	case TUNE_GOAL_MEMORY:
		return "the least memory for nearly the best throughput";
	default:
		return "the highest throughput";
	}
}

static void say_figures(const struct tune_study *study, struct tune_doc *doc)
{
	const struct tune_sample *s = &study->chosen;
	const struct tune_range *rate = &s->of[TUNE_RATE];
	char mean[TUNE_SAY_BYTES], data[TUNE_SAY_BYTES], mark[TUNE_SAY_BYTES],
	    forced[TUNE_SAY_BYTES], size[UNITS_BYTES];

	tune_say_rate(mean, rate->mean, rate->deviation);
	if (isnan(s->stops_data.mean))
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "Throughput %s. This drive has no motion in the model, so "
		    "nothing is known of stops.",
		    mean);
	else
		tune_doc_add(doc, TUNE_DOC_TEXT,
		    "Throughput %s. In an hour the tape stops %s times for "
		    "lack of data, %s times for filemarks, and %s times to "
		    "change its speed.",
		    mean,
		    tune_say_number(data, s->stops_data.mean,
			s->stops_data.deviation),
		    tune_say_number(mark, s->stops_mark.mean,
			s->stops_mark.deviation),
		    tune_say_number(forced, s->stops_forced.mean,
			s->stops_forced.deviation));
	units_size_exact(size,
	    tune_memory(&s->settings) * study->question.dumps);
	tune_doc_add(doc, TUNE_DOC_TEXT, "Memory for data: %s.%s", size,
	    s->settings.value[TUNE_CACHE] == SPLITTER_CACHE_NONE
		? " Without a part cache, a part that fails ends the dump: "
		  "it cannot be written again."
		: "");
}

/*
 * A drive whose tape stops often wears out, although its throughput is good:
 * names a point with fewer stops and nearly the same throughput.
 */
static void say_wear(const struct tune_study *study, struct tune_doc *doc)
{
	struct tune_question question = study->question;
	struct tune_choice choice;
	const struct tune_candidate *c;
	char settings[TUNE_SAY_BYTES], rate[TUNE_SAY_BYTES],
	    stops[TUNE_SAY_BYTES];
	const struct tune_sample *chosen = &study->chosen;
	double now = chosen->stops_data.mean + chosen->stops_mark.mean +
	    chosen->stops_forced.mean;
	double then;

	question.goal = TUNE_GOAL_WEAR;
	question.limits.given[TUNE_LIMIT_THROUGHPUT] = true;
	question.limits.value[TUNE_LIMIT_THROUGHPUT] =
	    (uint64_t)(study->chosen.of[TUNE_RATE].mean * NEARLY);
	tune_choose(&question, study->points, study->points_count, &choice);
	if (isnan(now) || choice.chosen == TUNE_NO_POINT)
		return;
	c = &study->points[choice.chosen];
	then = tune_stops(&c->figures) * 3600 / c->figures.of[TUNE_DURATION];
	if (then > now / 2 || now - then < 1)
		return;
	tune_doc_add(doc, TUNE_DOC_ITEM,
	    "Fewer stops, %s an hour for all three causes together, at "
	    "%s: %s (--goal wear).",
	    tune_say_number(stops, then, 0),
	    tune_say_rate(rate, c->figures.of[TUNE_RATE],
		study->chosen.of[TUNE_RATE].deviation),
	    tune_say_settings(settings, &study->sweep, &c->settings));
}

static void say_choice(const struct tune_study *study, struct tune_doc *doc)
{
	const struct tune_choice *choice = &study->choice;
	char settings[TUNE_SAY_BYTES], share[TUNE_SAY_BYTES],
	    best[TUNE_SAY_BYTES], text[TUNE_TEXT_BYTES];

	tune_say_settings(settings, &study->sweep, &study->best.settings);
	tune_say_rate(best, study->best.of[TUNE_RATE].mean,
	    study->best.of[TUNE_RATE].deviation);
	tune_doc_add(doc, TUNE_DOC_TEXT,
	    "The goal is %s. Of %zu points this is the cheapest that is within "
	    "%s of the best%s (%s: %s).",
	    goal_of(study), study->points_count,
	    tune_say_share(share, study->tolerance),
	    study->by_spread ? ", which is three times the spread of the seeds"
			     : "",
	    best, settings);
	for (size_t i = 0; i < TUNE_LIMITS; i++)
		if (choice->broken[i] > 0)
			tune_doc_add(doc, TUNE_DOC_ITEM,
			    "%zu points were left out by the limit: %s.",
			    choice->broken[i],
			    tune_limit_text((enum tune_limit)i,
				study->question.limits.value[i], text));
	if (choice->could_not_run > 0)
		tune_doc_add(doc, TUNE_DOC_ITEM,
		    "%zu points could not be run; points.tsv says why.",
		    choice->could_not_run);
}

static void say_recommendation(const struct tune_plan *plan,
    struct tune_doc *doc)
{
	const struct tune_study *study = &plan->study;
	char settings[TUNE_SAY_BYTES];

	tune_doc_add(doc, TUNE_DOC_HEADING, "Recommendation");
	tune_doc_add(doc, TUNE_DOC_STRONG, "%s",
	    tune_say_settings(settings, &study->sweep,
		&study->chosen.settings));
	say_figures(study, doc);
	say_choice(study, doc);
	if (study->question.goal != TUNE_GOAL_WEAR)
		say_wear(study, doc);
	if (plan->block_asked)
		tune_doc_add(doc, TUNE_DOC_ITEM,
		    "Blocks above 1 MiB were measured, and are not "
		    "recommended: many host adapters and drivers limit a "
		    "transfer to 1 MiB or less, and a volume that one machine "
		    "wrote must be readable on another. --limit block=16MiB "
		    "allows them.");
}

void tune_answer(const struct tune_plan *plan, const struct tune_plots *plots,
    struct tune_doc *doc)
{
	const struct tune_study *study = &plan->study;

	if (study->choice.chosen == TUNE_NO_POINT) {
		say_none(study, doc);
		return;
	}
	say_recommendation(plan, doc);
	tune_answer_today(study, doc);
	tune_answer_steps(study, doc);
	tune_curves_add(plots, TUNE_CURVE_THROUGHPUT, doc);
	tune_curves_add(plots, TUNE_CURVE_STOPS, doc);
	tune_answer_limits(study, doc);
	tune_curves_add(plots, TUNE_CURVE_FEED, doc);
	tune_hour_add(plots, doc);
	tune_answer_doubts(study, doc);
	tune_answer_prediction(study, doc);
	tune_answer_programs(study, doc);
	tune_answer_basis(study, doc);
	tune_answer_front(study, doc);
	tune_curves_add(plots, TUNE_CURVE_MAP, doc);
}
