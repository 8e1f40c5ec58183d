/* story_drives.c: what the drives did in all steps together; see story.h. */
#include <stdlib.h>
#include <string.h>

#include "sim/run/story.h"

/* Adds the times at the speeds of a step; both lists rise.  0, or -1. */
static int add_speeds(struct results_drive *to,
    const struct results_drive *from)
{
	struct results_speed *all =
	    calloc(to->speeds_count + from->speeds_count + 1, sizeof *all);
	size_t count = 0, i = 0, j = 0;

	if (all == NULL)
		return -1;
	while (i < to->speeds_count || j < from->speeds_count) {
		bool mine = j == from->speeds_count ||
		    (i < to->speeds_count &&
			to->speeds[i].bytes_per_s <=
			    from->speeds[j].bytes_per_s);
		const struct results_speed *next =
		    mine ? &to->speeds[i++] : &from->speeds[j++];

		if (count > 0 &&
		    all[count - 1].bytes_per_s == next->bytes_per_s)
			all[count - 1].ns += next->ns;
		else
			all[count++] = *next;
	}
	free(to->speeds);
	to->speeds = all;
	to->speeds_count = count;
	return 0;
}

static int add_drive(struct results_drive *to, const struct results_drive *from)
{
	struct series_drive *sums = &to->sums;

	for (size_t i = 0; i < SERIES_MOTIONS; i++)
		sums->motion_ns[i] += from->sums.motion_ns[i];
	sums->medium_bytes += from->sums.medium_bytes;
	sums->stops_for_data += from->sums.stops_for_data;
	sums->stops_for_filemarks += from->sums.stops_for_filemarks;
	sums->stops_forced += from->sums.stops_forced;
	sums->turns += from->sums.turns;
	sums->starved_ns += from->sums.starved_ns;
	sums->waited_ns += from->sums.waited_ns;
	sums->robot_ns += from->sums.robot_ns;
	return add_speeds(to, from);
}

/*
 * Returns the totals of the drive at a place of the library.  A drive that was
 * exchanged for one of another model has totals of its own.  NULL without memory.
 */
static struct results_drive *find_drive(struct story *t, size_t place,
    const char *model)
{
	struct results_scenario *r = t->results;
	size_t *at = &t->drives[place];
	struct results_drive *list = r->motions;

	if (*at > 0 && strcmp(list[*at - 1].model, model) == 0)
		return &list[*at - 1];
	list = realloc(list, (r->motions_count + 2) * sizeof *list);
	if (list == NULL)
		return NULL;
	r->motions = list;
	list += r->motions_count;
	*list = (struct results_drive){ .model = strdup(model) };
	if (list->model == NULL)
		return NULL;
	*at = ++r->motions_count;
	return list;
}

int story_take_drives(struct story *t, const struct results_scenario *from)
{
	struct results_drive *to;

	t->results->lost_blocks += from->lost_blocks;
	for (size_t i = 0; i < from->motions_count; i++) {
		to = find_drive(t, i, from->motions[i].model);
		if (to == NULL || add_drive(to, &from->motions[i]) != 0)
			return -1;
	}
	return 0;
}
