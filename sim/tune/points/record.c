/* record.c: records as lines of JSON; task.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/tune/points/doubt.h"
#include "sim/tune/points/json.h"
#include "sim/tune/points/task.h"

static const char *const names[] = {
	[TUNE_RATE] = "throughput_mean",
	[TUNE_DURATION] = "duration",
	[TUNE_SAFE] = "safe_bytes",
	[TUNE_PARTS] = "parts",
	[TUNE_VOLUMES] = "volumes_used",
	[TUNE_WRITTEN] = "tape_bytes",
	[TUNE_BLOCKED] = "producer_blocked",
	[TUNE_STARVED] = "drive_starved",
	[TUNE_STOPS_DATA] = "stops_for_data",
	[TUNE_STOPS_MARK] = "stops_for_filemarks",
	[TUNE_STOPS_FORCED] = "speed_changes_forced",
	[TUNE_STREAMING] = "drive_streaming",
	[TUNE_STANDING] = "drive_standing",
	[TUNE_HITCHING] = "drive_backhitch",
	[TUNE_TURNING] = "drive_turning",
	[TUNE_LOCATING] = "drive_locating",
	[TUNE_DRIVE_LOADING] = "drive_loading",
	[TUNE_REWINDING] = "drive_rewinding",
	[TUNE_DRIVE_UNLOADING] = "drive_unloading",
	[TUNE_ROBOT] = "robot_moving",
	[TUNE_RESTORE] = "restore_time",
	[TUNE_RESTORE_PART] = "restore_part_mean",
	[TUNE_USED] = "used_bytes",
	[TUNE_FEED] = "feed_rate_mean",
	[TUNE_WRITING] = "time_writing",
	[TUNE_LOADING] = "time_loading",
	[TUNE_MARKING] = "time_filemarks",
	[TUNE_UNLOADING] = "time_unloading",
	[TUNE_IDLE] = "time_idle",
};

const char *tune_figure_name(enum tune_figure figure)
{
	return names[figure];
}

int tune_task_compare(const struct tune_task *a, const struct tune_task *b)
{
	int order = 0;

	for (size_t i = 0; i < TUNE_AXES && order == 0; i++)
		order = (a->settings.value[i] > b->settings.value[i]) -
		    (a->settings.value[i] < b->settings.value[i]);
	if (order == 0)
		order = (a->seed > b->seed) - (a->seed < b->seed);
	if (order == 0)
		order = (a->doubt > b->doubt) - (a->doubt < b->doubt);
	if (order == 0)
		order = (a->feed_bytes_per_s > b->feed_bytes_per_s) -
		    (a->feed_bytes_per_s < b->feed_bytes_per_s);
	return order;
}

/* A figure that is NAN is null. */
static json_t *figures_json(const struct tune_figures *figures, bool *failed)
{
	json_t *map = json_object();

	for (size_t i = 0; i < TUNE_FIGURES; i++)
		tune_json_put(map, names[i],
		    isnan(figures->of[i]) ? json_null()
					  : json_real(figures->of[i]),
		    failed);
	return map;
}

static json_t *record_json(const struct tune_record *record, bool *failed)
{
	const struct tune_task *task = &record->task;
	json_t *map = json_object();

	for (size_t i = 0; i < TUNE_AXES; i++)
		tune_json_put(map, tune_axis_name((enum tune_axis)i),
		    json_integer((json_int_t)task->settings.value[i]), failed);
	tune_json_put(map, "seed", json_integer((json_int_t)task->seed),
	    failed);
	tune_json_put(map, "doubt",
	    json_string(tune_doubt_get(task->doubt)->name), failed);
	tune_json_put(map, "feed",
	    json_integer((json_int_t)task->feed_bytes_per_s), failed);
	if (record->problem != NULL)
		tune_json_put(map, "problem", json_string(record->problem),
		    failed);
	if (record->transient)
		tune_json_put(map, "transient", json_true(), failed);
	if (record->problem == NULL)
		tune_json_put(map, "figures",
		    figures_json(&record->figures, failed), failed);
	return map;
}

char *tune_record_line(const struct tune_record *record)
{
	bool failed = false;
	json_t *json = record_json(record, &failed);
	char *line = failed ? NULL : tune_json_text(json, JSON_COMPACT);

	json_decref(json);
	return line;
}

/* Reads a number that is not negative.  Returns 0, or -1. */
static int get_number(const json_t *map, const char *key, uint64_t *number)
{
	const json_t *value = json_object_get(map, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return -1;
	*number = (uint64_t)json_integer_value(value);
	return 0;
}

static int get_figures(const json_t *map, struct tune_figures *figures)
{
	for (size_t i = 0; i < TUNE_FIGURES; i++) {
		const json_t *value = json_object_get(map, names[i]);

		if (json_is_null(value))
			figures->of[i] = NAN;
		else if (json_is_number(value))
			figures->of[i] = json_number_value(value);
		else
			return -1;
	}
	return 0;
}

static int get_task(const json_t *map, struct tune_task *task)
{
	const char *doubt = json_string_value(json_object_get(map, "doubt"));

	for (size_t i = 0; i < TUNE_AXES; i++)
		if (get_number(map, tune_axis_name((enum tune_axis)i),
			&task->settings.value[i]) != 0)
			return -1;
	if (doubt == NULL || get_number(map, "seed", &task->seed) != 0 ||
	    get_number(map, "feed", &task->feed_bytes_per_s) != 0)
		return -1;
	task->doubt = tune_doubt_find(doubt);
	return task->doubt == 0 && *doubt != '\0' ? -1 : 0;
}

int tune_record_parse(const char *line, struct tune_record *record)
{
	json_t *map = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	const char *problem;
	int rc;

	*record = (struct tune_record){ .problem = NULL };
	rc = get_task(map, &record->task);
	problem = json_string_value(json_object_get(map, "problem"));
	record->transient = json_is_true(json_object_get(map, "transient"));
	if (rc == 0 && problem != NULL) {
		record->problem = strdup(problem);
		rc = record->problem == NULL ? -1 : 0;
	} else if (rc == 0) {
		rc = get_figures(json_object_get(map, "figures"),
		    &record->figures);
	}
	json_decref(map);
	return rc;
}
