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
	ROW(METRIC_STOPS_FOR_DATA) = { .name = "stops_for_data",
	    .type = METRIC_NUMBER,
	    .unit = "",
	    .meaning = "Number of times that a drive ran out of data and "
		       "stopped: each takes a backhitch and wears tape and "
		       "drive.",
	    .detail = "The metrics from `stops_for_data` to `robot_moving` "
		      "are those of the drives and the robot, in virtual "
		      "time or with paced drives. A drive without a buffer, "
		      "or one that takes no time, has no stops.",
	    .example = "stops_for_data == 0" },
	ROW(METRIC_STOPS_FOR_DATA_PER_HOUR) = { .name =
						    "stops_for_data_per_hour",
	    .type = METRIC_DECIMAL,
	    .unit = "",
	    .meaning = "`stops_for_data` divided by the duration in hours.",
	    .example = "stops_for_data_per_hour <= 12" },
	ROW(METRIC_STOPS_FOR_DATA_PER_TAPE) = { .name =
						    "stops_for_data_per_tape",
	    .type = METRIC_DECIMAL,
	    .unit = "",
	    .meaning = "`stops_for_data` divided by the number of full tapes "
		       "that the dump would fill: the sum of `used_bytes` "
		       "divided by the capacity, of each volume.",
	    .example = "stops_for_data_per_tape <= 300" },
	ROW(METRIC_STOPS_FOR_FILEMARKS) = { .name = "stops_for_filemarks",
	    .type = METRIC_NUMBER,
	    .unit = "",
	    .meaning = "Number of stops because everything had to be on the "
		       "medium: at synchronised filemarks and flushes.",
	    .example = "stops_for_filemarks <= 100" },
	ROW(METRIC_STOPS_FOR_FILEMARKS_PER_HOUR) = { .name =
							 "stops_for_filemarks_per_hour",
	    .type = METRIC_DECIMAL,
	    .unit = "",
	    .meaning = "`stops_for_filemarks` divided by the duration in "
		       "hours.",
	    .example = "stops_for_filemarks_per_hour <= 60" },
	ROW(METRIC_STOPS_FOR_FILEMARKS_PER_TAPE) = { .name =
							 "stops_for_filemarks_per_tape",
	    .type = METRIC_DECIMAL,
	    .unit = "",
	    .meaning = "`stops_for_filemarks` divided by the number of full "
		       "tapes, as in `stops_for_data_per_tape`.",
	    .example = "stops_for_filemarks_per_tape <= 200" },
	ROW(METRIC_SPEED_CHANGES_FORCED) = { .name = "speed_changes_forced",
	    .type = METRIC_NUMBER,
	    .unit = "",
	    .meaning = "Number of stops of a drive to start again at a "
		       "higher speed, because its buffer was full.",
	    .detail = "These are stops too: `stops_for_data` and "
		      "`stops_for_filemarks` do not count them.",
	    .example = "speed_changes_forced <= 10" },
	ROW(METRIC_SPEED_CHANGES_FORCED_PER_HOUR) = { .name =
							  "speed_changes_forced_per_hour",
	    .type = METRIC_DECIMAL,
	    .unit = "",
	    .meaning = "`speed_changes_forced` divided by the duration in "
		       "hours.",
	    .example = "speed_changes_forced_per_hour <= 60" },
	ROW(METRIC_SPEED_CHANGES_FORCED_PER_TAPE) = { .name =
							  "speed_changes_forced_per_tape",
	    .type = METRIC_DECIMAL,
	    .unit = "",
	    .meaning = "`speed_changes_forced` divided by the number of full "
		       "tapes, as in `stops_for_data_per_tape`.",
	    .example = "speed_changes_forced_per_tape <= 200" },
	ROW(METRIC_WRAP_TURNS) = { .name = "wrap_turns",
	    .type = METRIC_NUMBER,
	    .unit = "",
	    .meaning = "Number of turns of media at the end of a wrap.",
	    .detail = "A turn is no stop: `stops_for_data` does not count it.",
	    .example = "wrap_turns <= 100" },
	ROW(METRIC_MEDIUM_RATE_MEAN) = { .name = "medium_rate_mean",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Rate at which the medium took data while it "
		       "streamed: after compression, and with labels and "
		       "headers.",
	    .detail = "This is the mean of the speeds of the drive, by time. "
		      "0 if the medium never streamed.",
	    .example = "medium_rate_mean >= 112 MB/s" },
	ROW(METRIC_MEDIUM_RATE_P5) = { .name = "medium_rate_p5",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Rate of the medium that was not exceeded in 5 % of "
		       "the time in which it streamed.",
	    .example = "medium_rate_p5 >= 112 MB/s" },
	ROW(METRIC_MEDIUM_RATE_P50) = { .name = "medium_rate_p50",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Rate of the medium that was not exceeded in half of "
		       "the time in which it streamed.",
	    .example = "medium_rate_p50 >= 112 MB/s" },
	ROW(METRIC_MEDIUM_RATE_P95) = { .name = "medium_rate_p95",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Rate of the medium that was not exceeded in 95 % of "
		       "the time in which it streamed.",
	    .example = "medium_rate_p95 >= 112 MB/s" },
	ROW(METRIC_DRIVE_FILL_MEAN) = { .name = "drive_fill_mean",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Mean fill of the buffer of the drive, among the "
		       "samples within parts.",
	    .detail = "0 if there is no such sample or no buffer.",
	    .example = "drive_fill_mean >= 10 %" },
	ROW(METRIC_DRIVE_FILL_P5) = { .name = "drive_fill_p5",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Fill of the buffer of the drive that was not "
		       "exceeded in 5 % of the samples within parts.",
	    .example = "drive_fill_p5 >= 10 %" },
	ROW(METRIC_DRIVE_FILL_P50) = { .name = "drive_fill_p50",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Fill of the buffer of the drive that was not "
		       "exceeded in half of the samples within parts.",
	    .example = "drive_fill_p50 >= 10 %" },
	ROW(METRIC_DRIVE_FILL_P95) = { .name = "drive_fill_p95",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Fill of the buffer of the drive that was not "
		       "exceeded in 95 % of the samples within parts.",
	    .example = "drive_fill_p95 >= 10 %" },
	ROW(METRIC_DRIVE_FILL_MIN) = { .name = "drive_fill_min",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Lowest fill of the buffer of the drive, among the "
		       "samples within parts before the end of the dump.",
	    .example = "drive_fill_min >= 1 %" },
	ROW(METRIC_HOST_WAITED) = { .name = "host_waited",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which a write waited for room in the buffer "
		       "of a drive.",
	    .example = "host_waited <= 1 min" },
	ROW(METRIC_DRIVE_STREAMING) = { .name = "drive_streaming",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which media streamed: they were written at "
		       "one of the speeds of the drive.",
	    .example = "drive_streaming >= 1 h" },
	ROW(METRIC_DRIVE_TURNING) = { .name = "drive_turning",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time of turns at the ends of wraps.",
	    .example = "drive_turning <= 5 min" },
	ROW(METRIC_DRIVE_BACKHITCH) = { .name = "drive_backhitch",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time of backhitches: a medium stopped, went back and "
		       "started again.",
	    .example = "drive_backhitch <= 30 s" },
	ROW(METRIC_DRIVE_STANDING) = { .name = "drive_standing",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which a loaded medium stood still and the "
		       "drive waited.",
	    .example = "drive_standing <= 1 min" },
	ROW(METRIC_DRIVE_LOCATING) = { .name = "drive_locating",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which drives located or spaced to another "
		       "place.",
	    .example = "drive_locating == 0" },
	ROW(METRIC_DRIVE_READING) = { .name = "drive_reading",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which drives read, such as labels.",
	    .example = "drive_reading <= 10 s" },
	ROW(METRIC_DRIVE_LOADING) = { .name = "drive_loading",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which drives loaded volumes, without the "
		       "robot.",
	    .example = "drive_loading <= 2 min" },
	ROW(METRIC_DRIVE_REWINDING) = { .name = "drive_rewinding",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which drives rewound.",
	    .example = "drive_rewinding <= 5 min" },
	ROW(METRIC_DRIVE_UNLOADING) = { .name = "drive_unloading",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which drives unloaded volumes, without the "
		       "rewind.",
	    .example = "drive_unloading <= 2 min" },
	ROW(METRIC_ROBOT_MOVING) = { .name = "robot_moving",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which the robot moved cartridges.",
	    .example = "robot_moving <= 2 min" },
};
