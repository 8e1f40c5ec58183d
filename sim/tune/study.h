/*
 * study.h: all runs that an answer needs, and what they say together.
 *
 *     sweep  each point once
 *     seeds  the best points again, with other seeds: the spread, below which
 *            a difference means nothing
 *     choice the recommendation, and the next steps up and down from it
 *     doubts these points again, with other values of what is not known
 *     advice the best point that each program can have
 *     slow   the buffers for a source below the lowest speed of the drive
 *     feeds  the recommendation with sources of other rates
 *
 * Each run is a task with a record in the journal, so a study that was
 * interrupted continues where it was, and its answer is the same.
 *
 * Threads: as pool.h.
 */
#ifndef SIM_TUNE_STUDY_H
#define SIM_TUNE_STUDY_H

#include "sim/tune/choose.h"
#include "sim/tune/points/doubt.h"
#include "sim/tune/points/journal.h"
#include "sim/tune/program.h"
#include "sim/tune/points/sweep.h"

enum {
	TUNE_STEPS_MAX = 2 * TUNE_AXES,
	TUNE_FEEDS = 24,
	TUNE_FEED_TOP = 120, /* percent of the highest speed */
	TUNE_SLOW_BUFFERS = 5,
	TUNE_SLOW_FILLS = 3
};

extern const uint64_t tune_slow_buffers[TUNE_SLOW_BUFFERS]; /* bytes */
extern const uint64_t tune_slow_fills[TUNE_SLOW_FILLS];     /* percent */

/* A figure over the seeds. */
struct tune_range {
	double mean, low, high;
	double deviation; /* standard deviation of one run */
};

/* A point with all its seeds. */
struct tune_sample {
	struct tune_settings settings;
	const char *problem; /* not owned; NULL: it was run */
	struct tune_range of[TUNE_FIGURES];
	struct tune_range stops_data, stops_mark, stops_forced; /* in an hour */
	/*
	 * Standard deviation of its throughput as a share of that of the
	 * recommendation, seed by seed.
	 */
	double pairs;
};

/* The next value of one setting. */
struct tune_step {
	enum tune_axis axis;
	bool up;
	struct tune_sample sample;
};

/* What a doubt does to the recommendation. */
struct tune_test {
	size_t doubt;
	struct tune_figures chosen; /* the recommendation */
	struct tune_candidate best; /* the best of it and its neighbours */
	bool holds;  /* the recommendation is as good as the best */
	bool failed; /* a run of this doubt had a problem */
};

struct tune_feed {
	uint64_t bytes_per_s; /* of the source */
	const struct tune_record *record;
};

/* The recommendation for a program (program.h). */
struct tune_advice {
	bool found; /* false: nothing that it has is within the limits */
	struct tune_candidate chosen;
};

struct tune_study {
	/* What the caller sets.  Nothing is owned. */
	struct tune_base base;
	struct tune_sweep sweep;
	struct tune_question question;
	uint64_t seed, seeds; /* the first seed, and how many */
	bool has_now;
	struct tune_settings now; /* the settings of today */
	unsigned jobs, shard, shards;
	bool show;                    /* progress on stderr */
	struct tune_journal *journal; /* NULL: none */
	struct tune_records records;

	/* What a study finds; tune_study_clear() frees it. */
	struct tune_candidate *points; /* in the order of the sweep */
	size_t points_count;
	struct tune_choice choice;
	double tolerance; /* by which the choice was made */
	bool by_spread;   /* that tolerance is the spread of the seeds */
	struct tune_sample chosen, best, today;
	struct tune_step steps[TUNE_STEPS_MAX];
	size_t steps_count;
	struct tune_test *tests;
	size_t tests_count;
	struct tune_advice advice[TUNE_PROGRAMS];
	struct tune_feed feeds[TUNE_FEEDS];
	size_t feeds_count;
	/*
	 * A source below the lowest speed: stops for lack of data in an hour,
	 * for each buffer of tune_slow_buffers and each start_fill of
	 * tune_slow_fills; NAN if it could not be run.
	 */
	bool has_slow;
	double slow[TUNE_SLOW_BUFFERS][TUNE_SLOW_FILLS];
	char problem[512]; /* the task whose process died */
};

enum tune_status {
	TUNE_COMPLETE,
	TUNE_INTERRUPTED,
	TUNE_FAILED, /* with a message */
	TUNE_BROKEN  /* the process of a task died, with a message */
};

/*
 * Runs the points of the sweep, or the share of the shard, that have no record.
 */
enum tune_status tune_study_sweep(struct tune_study *study, char *err,
    size_t err_bytes);

/*
 * Concludes a sweep whose points all have records.  If no point can be
 * recommended, choice.chosen is TUNE_NO_POINT, and the other results are
 * empty.
 */
enum tune_status tune_study_conclude(struct tune_study *study, char *err,
    size_t err_bytes);

/* Returns the number of points of the share that have no record yet. */
uint64_t tune_study_missing(const struct tune_study *study);

/* Frees what the study found and its records, but not `study` itself. */
void tune_study_clear(struct tune_study *study);

#endif
