/*
 * task.h: one run of a scenario with other settings, and what it measured.
 *
 * A task has settings and a seed.  Some tasks change something that no setting
 * can change, to see what the answer depends on: a constant of the drive's model
 * that is not published (a doubt), or the rate of the source.
 *
 * A record is the result of a task.  It is one line of JSON, in the journal and
 * in the pipe between processes.
 */
#ifndef SIM_TUNE_TASK_H
#define SIM_TUNE_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/tune/points/axis.h"
#include "sim/tune/points/facts.h"

/* What a run measures.  A figure that has no meaning in a run is NAN. */
enum tune_figure {
	TUNE_RATE,         /* bytes per second, over the whole dump */
	TUNE_DURATION,     /* seconds */
	TUNE_SAFE,         /* bytes */
	TUNE_PARTS,        /* committed parts */
	TUNE_VOLUMES,      /* volumes used */
	TUNE_WRITTEN,      /* bytes written to tape */
	TUNE_BLOCKED,      /* seconds: the source waited for room */
	TUNE_STARVED,      /* seconds: the drive waited for data in a part */
	TUNE_STOPS_DATA,   /* stops for lack of data */
	TUNE_STOPS_MARK,   /* stops for a filemark */
	TUNE_STOPS_FORCED, /* stops to change the speed */
	/* Seconds of the drives. */
	TUNE_STREAMING, /* the medium moves and takes data */
	TUNE_STANDING,
	TUNE_HITCHING, /* in backhitches */
	TUNE_TURNING,  /* at the ends of wraps */
	TUNE_LOCATING,
	TUNE_DRIVE_LOADING,
	TUNE_REWINDING,
	TUNE_DRIVE_UNLOADING,
	TUNE_ROBOT,        /* seconds of the robot */
	TUNE_RESTORE,      /* seconds: a restore of the dump */
	TUNE_RESTORE_PART, /* seconds: a restore of one part, mean */
	TUNE_USED,         /* bytes of tape used, with what cannot be used */
	TUNE_FEED,         /* bytes per second of the source, unblocked */
	TUNE_WRITING,      /* seconds of the host: in writes */
	TUNE_LOADING,      /* seconds of the host: in loads */
	TUNE_MARKING,      /* seconds of the host: in filemarks */
	TUNE_UNLOADING,    /* seconds of the host: in unloads */
	TUNE_IDLE,         /* seconds of the host: without a step */
	TUNE_FIGURES
};

struct tune_figures {
	double of[TUNE_FIGURES];
};

/* Returns the name of a figure in files, such as "stops_data". */
const char *tune_figure_name(enum tune_figure figure);

struct tune_task {
	struct tune_settings settings;
	uint64_t seed;
	uint64_t doubt;            /* place in the table of doubts; 0: none */
	uint64_t feed_bytes_per_s; /* 0: the source of the scenario */
};

/* A task that was run.  `problem` is owned; NULL: the run has figures. */
struct tune_record {
	struct tune_task task;
	char *problem;
	/*
	 * The problem is one of this machine, such as a full disk: the task is
	 * run again when the sweep is continued.
	 */
	bool transient;
	struct tune_figures figures;
};

/* What all tasks have in common.  Nothing is owned. */
struct tune_base {
	const char *path; /* of the scenario */
	const struct scenario_overrides *overrides;
	const struct scenario *scenario; /* read with these overrides */
	struct tune_settings settings;   /* of the scenario */
	const struct tune_facts *facts;  /* of the first drive */
};

/*
 * Runs a task, with its volumes in the empty `folder`.  Returns its record as a
 * line of JSON, which the caller frees, or NULL after an interrupt or without
 * memory.
 */
char *tune_task_run(const struct tune_base *base, const struct tune_task *task,
    const char *folder);

/*
 * Reads the scenario with the settings of the task.  Returns NULL with a
 * message if they do not fit together, or without memory.
 */
struct scenario *tune_task_scenario(const struct tune_base *base,
    const struct tune_task *task, char *err, size_t err_bytes);

/*
 * Returns the record as a line of JSON, without a newline, which the caller
 * frees, or NULL without memory.
 */
char *tune_record_line(const struct tune_record *record);

/*
 * Parses a line.  Returns 0, or -1 if it is no record.  The caller frees
 * record->problem.
 */
int tune_record_parse(const char *line, struct tune_record *record);

/* Orders tasks. */
int tune_task_compare(const struct tune_task *a, const struct tune_task *b);

#endif
