/*
 * sense.c: the table of events and their sense data.
 *
 * If drives may report an event with one of several sense keys, the table has
 * the one that makes the command fail.
 */
#include <stddef.h>
#include <string.h>

#include "vtl/base/sense.h"

#define EVENT(name, key, asc, ascq)                          \
	{                                                    \
		name,                                        \
		{                                            \
			SENSE_##key, asc, ascq, false, false \
		}                                            \
	}
#define EVENT_EOM(name, key, asc, ascq)                     \
	{                                                   \
		name,                                       \
		{                                           \
			SENSE_##key, asc, ascq, true, false \
		}                                           \
	}
#define EVENT_MARK(name, key, asc, ascq)                    \
	{                                                   \
		name,                                       \
		{                                           \
			SENSE_##key, asc, ascq, false, true \
		}                                           \
	}

static const struct sense_event events[] = {
	/* Errors of writing and reading. */
	EVENT("medium_error", MEDIUM_ERROR, 0x0c, 0x00), /* for writes */
	EVENT("read_error", MEDIUM_ERROR, 0x11, 0x00),
	EVENT("recovered_write", RECOVERED, 0x0c, 0x00),
	EVENT("recovered_read", RECOVERED, 0x17, 0x01),
	EVENT("eod_not_found", MEDIUM_ERROR, 0x14, 0x03),
	EVENT("position_lost", MEDIUM_ERROR, 0x3b, 0x00),
	EVENT("write_append_error", MEDIUM_ERROR, 0x50, 0x00),
	EVENT_EOM("volume_overflow", VOLUME_OVERFLOW, 0x00, 0x02),
	EVENT_EOM("early_warning", NO_SENSE, 0x00, 0x02),
	EVENT_EOM("programmable_early_warning", NO_SENSE, 0x00, 0x07),
	EVENT_MARK("filemark_detected", NO_SENSE, 0x00, 0x01),
	EVENT("end_of_data", BLANK_CHECK, 0x00, 0x05),
	EVENT("blank_tape", BLANK_CHECK, 0x00, 0x05),

	/* Errors of the cartridge. */
	EVENT("cartridge_fault", MEDIUM_ERROR, 0x52, 0x00),
	EVENT("incompatible_medium", MEDIUM_ERROR, 0x30, 0x00),
	EVENT("unknown_format", MEDIUM_ERROR, 0x30, 0x01),
	EVENT("cleaning_cartridge", MEDIUM_ERROR, 0x30, 0x03),
	EVENT("write_protected", DATA_PROTECT, 0x27, 0x00),
	EVENT("worm_overwrite", DATA_PROTECT, 0x30, 0x0c),
	EVENT("security_error", ILLEGAL_REQUEST, 0x74, 0x00),
	EVENT("unable_to_decrypt", DATA_PROTECT, 0x74, 0x01),
	EVENT("incorrect_encryption_key", DATA_PROTECT, 0x74, 0x03),

	/* Errors of the drive. */
	EVENT("hardware_error", HARDWARE_ERROR, 0x44, 0x00),
	EVENT("positioning_error", HARDWARE_ERROR, 0x15, 0x01),
	EVENT("load_failed", HARDWARE_ERROR, 0x53, 0x00),
	EVENT("cleaning_requested", RECOVERED, 0x00, 0x17),
	EVENT("failure_prediction", RECOVERED, 0x5d, 0x00),
	EVENT("temperature_exceeded", RECOVERED, 0x0b, 0x01),

	/* Changes of the drive's state. */
	EVENT("reset", UNIT_ATTENTION, 0x29, 0x00),
	EVENT("medium_changed", UNIT_ATTENTION, 0x28, 0x00),
	EVENT("becoming_ready", NOT_READY, 0x04, 0x01),
	EVENT("no_medium", NOT_READY, 0x3a, 0x00),
	{ NULL, { 0, 0, 0, false, false } }
};

const struct sense_event *sense_find(const char *name)
{
	for (const struct sense_event *e = events; e->name != NULL; e++)
		if (strcmp(e->name, name) == 0)
			return e;
	return NULL;
}

const struct sense_event *sense_events(void)
{
	return events;
}

bool sense_is_write_error(const struct sense *sense)
{
	return sense->key != SENSE_NO_SENSE && sense->key != SENSE_RECOVERED &&
	    sense->key != SENSE_BLANK_CHECK;
}

bool sense_is_block_error(const struct sense *sense)
{
	return sense->key == SENSE_RECOVERED || sense_is_write_error(sense);
}

void sense_block_error_names(const char *names[SENSE_EVENTS_MAX + 1])
{
	size_t count = 0;

	for (const struct sense_event *e = events;
	     e->name != NULL && count < SENSE_EVENTS_MAX; e++)
		if (sense_is_block_error(&e->sense))
			names[count++] = e->name;
	names[count] = NULL;
}
