/* doubts.c: whether the recommendation depends on what is not known. */
#include <math.h>
#include <stdlib.h>

#include "sim/tune/impl.h"
#include "sim/tune/seeds.h"
#include "sim/tune/tasks.h"

/* The number of points that are compared. */
static size_t rivals(const struct tune_study *study)
{
	return 2 + study->steps_count + study->has_now;
}

/* Returns the settings of a rival; 0 is the recommendation. */
static const struct tune_settings *rival(const struct tune_study *study,
    size_t number)
{
	if (number == 0)
		return &study->chosen.settings;
	if (number == 1)
		return &study->best.settings;
	number -= 2;
	return number < study->steps_count
	    ? &study->steps[number].sample.settings
	    : &study->now;
}

static struct tune_task task_of(const struct tune_study *study, size_t number,
    size_t doubt)
{
	return (struct tune_task){ .settings = *rival(study, number),
		.seed = study->seed,
		.doubt = doubt };
}

static bool applies(const struct tune_study *study, size_t doubt)
{
	const struct tune_doubt *d = tune_doubt_get(doubt);

	/* A published or measured value is no doubt. */
	return (*d->fact == '\0' ||
		   tune_facts_are_doubtful(study->base.facts, d->fact)) &&
	    tune_doubt_applies(d, study->base.scenario->drives[0]);
}

/*
 * Finds the best of the rivals.  Settings that break a limit, such as those of
 * today, are not among them.
 */
static void compare(const struct tune_study *study, size_t doubt,
    struct tune_test *test)
{
	struct tune_question question = study->question;
	const struct tune_record *r;
	struct tune_candidate c, chosen = { .problem = NULL };
	struct tune_task task;

	*test = (struct tune_test){ .doubt = doubt, .holds = true };
	for (size_t i = 0; i < rivals(study); i++) {
		task = task_of(study, i, doubt);
		r = tune_records_get(&study->records, &task);
		c = (struct tune_candidate){ .settings = task.settings,
			.problem = r->problem,
			.figures = r->figures };
		if (i == 0) {
			chosen = test->best = c;
			test->chosen = c.figures;
			test->failed = c.problem != NULL;
			continue;
		}
		if (c.problem != NULL ||
		    tune_broken_limit(&question, &c) != TUNE_LIMITS)
			continue;
		if (tune_score(&question, &c) >
		    tune_score(&question, &test->best))
			test->best = c;
	}
	/* These runs have one seed each: the spread adds to the tolerance. */
	if (!study->by_spread)
		question.tolerance += 3 *
		    tune_seeds_pairs(study, &test->best.settings,
			&chosen.settings);
	test->holds = tune_as_good(&question, &chosen, &test->best);
}

enum tune_status tune_study_doubt(struct tune_study *study, char *err,
    size_t err_bytes)
{
	struct tune_tasks tasks = { .list = NULL };
	enum tune_status status = TUNE_FAILED;
	int rc = 0;

	snprintf(err, err_bytes, "out of memory");
	study->tests = calloc(tune_doubt_count(), sizeof *study->tests);
	if (study->tests == NULL)
		return TUNE_FAILED;
	for (size_t doubt = 1; doubt < tune_doubt_count(); doubt++) {
		for (size_t i = 0;
		     applies(study, doubt) && i < rivals(study) && rc == 0;
		     i++) {
			struct tune_task task = task_of(study, i, doubt);

			rc = tune_tasks_add(&tasks, &task);
		}
	}
	if (rc == 0)
		status =
		    tune_tasks_run(study, &tasks, "doubts", err, err_bytes);
	tune_tasks_clear(&tasks);
	if (status != TUNE_COMPLETE)
		return status;
	for (size_t doubt = 1; doubt < tune_doubt_count(); doubt++)
		if (applies(study, doubt))
			compare(study, doubt,
			    &study->tests[study->tests_count++]);
	return TUNE_COMPLETE;
}

/* The highest speed of the drive, for data, or 0. */
static uint64_t top_of(const struct tune_study *study)
{
	const struct model_medium *medium =
	    &study->base.scenario->drives[0]->media[0];

	return medium->speeds > 0
	    ? medium->speeds_bytes_per_s[medium->speeds - 1]
	    : 0;
}

enum tune_status tune_study_feeds(struct tune_study *study, char *err,
    size_t err_bytes)
{
	struct tune_tasks tasks = { .list = NULL };
	enum tune_status status;
	uint64_t top = top_of(study);
	int rc = 0;

	for (size_t i = 0; i < TUNE_FEEDS && top > 0 && rc == 0; i++) {
		struct tune_task task = {
			.settings = study->chosen.settings,
			.seed = study->seed,
			.feed_bytes_per_s =
			    top / 100 * TUNE_FEED_TOP * (i + 1) / TUNE_FEEDS,
		};

		rc = tune_tasks_add(&tasks, &task);
	}
	snprintf(err, err_bytes, "out of memory");
	status = rc != 0
	    ? TUNE_FAILED
	    : tune_tasks_run(study, &tasks, "rates", err, err_bytes);
	for (size_t i = 0; i < tasks.count && status == TUNE_COMPLETE; i++)
		study->feeds[study->feeds_count++] = (struct tune_feed){
			.bytes_per_s = tasks.list[i].feed_bytes_per_s,
			.record =
			    tune_records_get(&study->records, &tasks.list[i]),
		};
	tune_tasks_clear(&tasks);
	return status;
}
