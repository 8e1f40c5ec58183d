/*
 * table_drive.c: the metrics of the drives: motion, stops, and what a restore
 * would take.
 */
#include "sim/metrics/impl.h"

#define ROW(id) [id - METRIC_DRIVE_FIRST]

const struct metrics_def metrics_of_drive[METRICS_OF_DRIVE] = {
	ROW(METRIC_RESTORE_MOUNTS) = { .name = "restore_mounts",
	    .type = METRIC_NUMBER,
	    .unit = "",
	    .meaning = "Number of volumes that a restore of the safe parts "
		       "would load.",
	    .example = "restore_mounts <= 4" },
	ROW(METRIC_RESTORE_TIME) = { .name = "restore_time",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time that a restore of the safe parts would take, by "
		       "the model of the drive.",
	    .detail = "Each volume is moved, loaded, positioned, read at the "
		      "highest speed, rewound, unloaded and moved back.",
	    .example = "restore_time <= 12 h" },
	ROW(METRIC_RESTORE_PART_MEAN) = { .name = "restore_part_mean",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Mean time that a restore of a single part would "
		       "take, with its mount.",
	    .example = "restore_part_mean <= 10 min" },
	ROW(METRIC_RESTORE_PART_MAX) = { .name = "restore_part_max",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Longest time that a restore of a single part would "
		       "take, with its mount.",
	    .example = "restore_part_max <= 15 min" },
	ROW(METRIC_RESTORE_LOCATE_MEAN) = { .name = "restore_locate_mean",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Mean time of a locate from the beginning of a tape to "
		       "a part.",
	    .example = "restore_locate_mean <= 60 s" },
};
