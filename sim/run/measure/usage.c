/* usage.c: what drives do, and for which dump; see usage.h. */
#include "sim/run/measure/usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/drive/drive.h"

enum { NOBODY = SIZE_MAX, NS_PER_S = 1000000000 };

/* The account of a drive. */
struct account {
	struct drive *drive; /* NULL after usage_end() */
	size_t dump;         /* that uses the drive; NOBODY */
	/* What the drive had done when the account was last closed. */
	struct series_drive closed;
	struct usage_drive result;
};

struct usage {
	struct library *library;
	int64_t robot_ns; /* moves that belong to a dump already */
	struct account *accounts;
	size_t drives;
	struct series_drive *dumps; /* from the accounts that were closed */
	size_t *last;               /* the drive that a dump used last */
	size_t dumps_count;
};

struct usage *usage_new(struct library *library, size_t dumps)
{
	struct usage *u = calloc(1, sizeof *u);
	size_t i;

	if (u == NULL)
		return NULL;
	while (library_drive(library, u->drives) != NULL)
		u->drives++;
	u->library = library;
	u->dumps_count = dumps;
	u->accounts = calloc(u->drives + 1, sizeof *u->accounts);
	u->dumps = calloc(dumps + 1, sizeof *u->dumps);
	u->last = calloc(dumps + 1, sizeof *u->last);
	if (u->accounts == NULL || u->dumps == NULL || u->last == NULL) {
		usage_free(u);
		return NULL;
	}
	for (i = 0; i < u->drives; i++) {
		u->accounts[i].drive = library_drive(library, i);
		u->accounts[i].dump = NOBODY;
	}
	for (i = 0; i < dumps; i++)
		u->last[i] = NOBODY;
	return u;
}

void usage_free(struct usage *u)
{
	if (u == NULL)
		return;
	free(u->accounts);
	free(u->dumps);
	free(u->last);
	free(u);
}

bool usage_has_motion(const struct usage *u)
{
	for (size_t i = 0; i < u->drives; i++)
		if (u->accounts[i].drive != NULL &&
		    drive_model(u->accounts[i].drive)->media[0].speeds > 0)
			return true;
	return false;
}

/* Adds the streaming at all speeds, and the bytes that media took. */
static void add_speeds(const struct model *model,
    const struct drive_motion_counts *counts, struct series_drive *to)
{
	series_area byte_ns = 0;

	for (size_t i = 0; i < model->media_count; i++)
		for (size_t k = 0; k < model->media[i].speeds; k++) {
			to->motion_ns[SERIES_STREAMING] +=
			    counts->speed_ns[i][k];
			byte_ns += (series_area)counts->speed_ns[i][k] *
			    model->media[i].speeds_bytes_per_s[k];
		}
	to->medium_bytes = (uint64_t)(byte_ns / NS_PER_S);
}

/* Returns what a drive has done since it was made. */
static struct series_drive done(struct drive *drive, int64_t now_ns)
{
	struct drive_motion_counts counts;
	struct series_drive to = { .medium_bytes = 0 };

	drive_get_motion_counts(drive, now_ns, &counts);
	add_speeds(drive_model(drive), &counts, &to);
	to.motion_ns[SERIES_TURNING] = counts.turn_ns;
	to.motion_ns[SERIES_BACKHITCH] = counts.hitch_ns;
	to.motion_ns[SERIES_STANDING] = counts.standing_ns;
	to.motion_ns[SERIES_LOCATING] = counts.locate_ns;
	to.motion_ns[SERIES_READING] = counts.read_ns;
	to.motion_ns[SERIES_LOADING] = counts.load_ns;
	to.motion_ns[SERIES_REWINDING] = counts.rewind_ns;
	to.motion_ns[SERIES_UNLOADING] = counts.unload_ns;
	to.stops_for_data = counts.stops_for_data;
	to.stops_for_filemarks = counts.stops_for_flush;
	to.stops_forced = counts.stops_forced;
	to.turns = counts.turns;
	to.starved_ns = counts.starved_ns;
	to.waited_ns = counts.waited_ns;
	return to;
}

/* Adds the sums that `now` has more than `before`. */
static void add(struct series_drive *to, const struct series_drive *now,
    const struct series_drive *before)
{
	for (int m = 0; m < SERIES_MOTIONS; m++)
		to->motion_ns[m] += now->motion_ns[m] - before->motion_ns[m];
	to->medium_bytes += now->medium_bytes - before->medium_bytes;
	to->stops_for_data += now->stops_for_data - before->stops_for_data;
	to->stops_for_filemarks +=
	    now->stops_for_filemarks - before->stops_for_filemarks;
	to->stops_forced += now->stops_forced - before->stops_forced;
	to->turns += now->turns - before->turns;
	to->starved_ns += now->starved_ns - before->starved_ns;
	to->waited_ns += now->waited_ns - before->waited_ns;
}

/* Closes the account of a drive. */
static void close_account(struct usage *u, struct account *a, int64_t now_ns)
{
	struct series_drive now = done(a->drive, now_ns);

	if (a->dump != NOBODY)
		add(&u->dumps[a->dump], &now, &a->closed);
	a->closed = now;
}

/* The moves of the robot since the last call belong to a dump. */
static void add_moves(struct usage *u, size_t dump)
{
	int64_t robot_ns = library_robot_busy_ns(u->library);

	u->dumps[dump].robot_ns += robot_ns - u->robot_ns;
	u->robot_ns = robot_ns;
}

void usage_loaded(struct usage *u, size_t dump, unsigned drive)
{
	add_moves(u, dump);
	if (drive >= u->drives)
		return;
	u->accounts[drive].dump = dump;
	u->last[dump] = drive;
}

void usage_unloaded(struct usage *u, size_t dump, int64_t now_ns)
{
	size_t drive = u->last[dump];

	add_moves(u, dump);
	if (drive != NOBODY)
		close_account(u, &u->accounts[drive], now_ns);
}

struct series_drive usage_of_dump(struct usage *u, size_t dump, int64_t now_ns)
{
	struct series_drive to = u->dumps[dump], now;
	size_t i;

	for (i = 0; i < u->drives; i++) {
		struct account *a = &u->accounts[i];

		if (a->dump != dump || a->drive == NULL)
			continue;
		now = done(a->drive, now_ns);
		add(&to, &now, &a->closed);
		if (i == u->last[dump])
			to.fill_bytes = drive_get_fill(a->drive, now_ns);
	}
	return to;
}

uint64_t usage_buffer_bytes(const struct usage *u)
{
	const struct drive *drive;
	uint64_t most = 0, bytes;

	for (size_t i = 0; i < u->drives; i++) {
		drive = u->accounts[i].drive;
		if (drive == NULL || !drive_is_buffered(drive))
			continue;
		bytes = drive_get_options(drive)->buffer_bytes;
		if (bytes == 0)
			bytes = drive_model(drive)->buffer_bytes;
		if (bytes > most)
			most = bytes;
	}
	return most;
}

static int by_speed(const void *a, const void *b)
{
	const struct results_speed *x = a, *y = b;

	return (x->bytes_per_s > y->bytes_per_s) -
	    (x->bytes_per_s < y->bytes_per_s);
}

/* Lists the time at each speed; media may share a speed. */
static void list_speeds(const struct model *model,
    const struct drive_motion_counts *counts, struct usage_drive *to)
{
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < model->media_count; i++)
		for (size_t k = 0; k < model->media[i].speeds; k++)
			to->speed[count++] = (struct results_speed){
				.bytes_per_s =
				    model->media[i].speeds_bytes_per_s[k],
				.ns = counts->speed_ns[i][k],
			};
	qsort(to->speed, count, sizeof *to->speed, by_speed);
	for (size_t i = 0; i < count; i++) {
		if (to->speed[i].ns == 0)
			continue;
		if (kept > 0 &&
		    to->speed[kept - 1].bytes_per_s == to->speed[i].bytes_per_s)
			to->speed[kept - 1].ns += to->speed[i].ns;
		else
			to->speed[kept++] = to->speed[i];
	}
	to->speeds = kept;
}

void usage_end(struct usage *u, int64_t now_ns)
{
	struct drive_motion_counts counts;

	for (size_t i = 0; i < u->drives; i++) {
		struct account *a = &u->accounts[i];

		if (a->drive == NULL)
			continue;
		close_account(u, a, now_ns);
		snprintf(a->result.model, sizeof a->result.model, "%s",
		    drive_model(a->drive)->name);
		a->result.sums = a->closed;
		drive_get_motion_counts(a->drive, now_ns, &counts);
		list_speeds(drive_model(a->drive), &counts, &a->result);
		a->drive = NULL;
	}
}

size_t usage_drives(const struct usage *u)
{
	return u->drives;
}

const struct usage_drive *usage_drive(const struct usage *u, size_t i)
{
	return &u->accounts[i].result;
}
