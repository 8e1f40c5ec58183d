/*
 * sense.h: sense data of the modelled events, by name.
 *
 * The names are those of scenarios ("medium_error").  Keys and codes are those
 * of SCSI SPC and SSC.
 */
#ifndef VTL_SENSE_H
#define VTL_SENSE_H

#include <stdbool.h>
#include <stdint.h>

enum sense_key {
	SENSE_NO_SENSE = 0x0,
	SENSE_RECOVERED = 0x1,
	SENSE_NOT_READY = 0x2,
	SENSE_MEDIUM_ERROR = 0x3,
	SENSE_HARDWARE_ERROR = 0x4,
	SENSE_ILLEGAL_REQUEST = 0x5,
	SENSE_UNIT_ATTENTION = 0x6,
	SENSE_DATA_PROTECT = 0x7,
	SENSE_BLANK_CHECK = 0x8,
	SENSE_VOLUME_OVERFLOW = 0xd
};

struct sense {
	uint8_t key, asc, ascq;
	bool eom;      /* end of medium bit */
	bool filemark; /* filemark bit */
};

struct sense_event {
	const char *name;
	struct sense sense;
};

/* Returns the event with that name, or NULL. */
const struct sense_event *sense_find(const char *name);

/* Returns whether a write with this sense data has failed. */
bool sense_is_write_error(const struct sense *sense);

enum { SENSE_EVENTS_MAX = 64 };

/*
 * Returns whether this sense data can be the result of a block: an error, or a
 * recovered error.
 */
bool sense_is_block_error(const struct sense *sense);

/*
 * Stores the names of the events that can be the result of a block.  NULL ends
 * the list.
 */
void sense_block_error_names(const char *names[SENSE_EVENTS_MAX + 1]);

/* Returns all events.  An event without a name ends the list. */
const struct sense_event *sense_events(void);

#endif
