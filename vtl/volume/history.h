/*
 * history.h: the history of a volume: texts that say what was done to it.
 *
 * Each row has the name of an event and a text.  How worn the medium is follows
 * from the events "loaded", "loads" and "life", so a copy of the file is as worn
 * as the original.  Nothing is ever removed from a history.
 */
#ifndef VTL_VOLUME_HISTORY_H
#define VTL_VOLUME_HISTORY_H

#include "vtl/volume/volume.h"

/* Adds a row to the history of the volume.  Returns 0 or -1. */
int volume_log_event(struct volume *volume, const char *event,
    const char *text);

/* Calls `each` for the texts of this event, oldest first.  Returns 0 or -1. */
int volume_each_event(struct volume *volume, const char *event,
    void (*each)(void *arg, const char *text), void *arg);

/* Counts the rows of the history with this event.  Returns 0 or -1. */
int volume_count_events(struct volume *volume, const char *event,
    uint64_t *count);

/*
 * Adds loads that the medium had before: an event "loads".  The caller
 * synchronises.  Returns 0 or -1.
 */
int volume_add_loads(struct volume *volume, uint64_t loads);

/*
 * Sets how many loads the medium is made for, at least 1: an event "life", of
 * which the last one counts.  The caller synchronises.  Returns 0 or -1.
 */
int volume_set_life(struct volume *volume, uint64_t loads);

/*
 * Logs that a drive with this serial number loaded the volume: an event
 * "loaded", which is synchronised.  A volume that is write-protected, or has an
 * older format, is left as it is.  If the file cannot be written, the load is
 * not counted; that fails no later operation.
 */
void volume_log_load(struct volume *volume, const char *serial);

/* How much of its life the medium has had. */
struct volume_wear {
	uint64_t loads;      /* the events "loaded", and volume_add_loads() */
	uint64_t life_loads; /* volume_set_life(), else MEDIA_LIFE_LOADS */
};

/* Gets the wear.  Returns 0 or -1. */
int volume_get_wear(struct volume *volume, struct volume_wear *wear);

#endif
