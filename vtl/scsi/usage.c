/*
 * usage.c: how much is written to and read from a volume in its life.
 *
 * An unload adds an event "used" to the history of the volume: "written BYTES,
 * read BYTES".  Without an unload, as after a kill, nothing is counted.
 */
#include "vtl/scsi/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static uint64_t add(uint64_t a, uint64_t b)
{
	return b < UINT64_MAX - a ? a + b : UINT64_MAX;
}

/*
 * Reads a number after a word, and moves `*text` after it.  Returns 0 if the
 * word is not there, or no number is.
 */
static uint64_t number_after(const char **text, const char *word)
{
	size_t n = strlen(word);
	uint64_t number = 0;

	if (strncmp(*text, word, n) != 0)
		return 0;
	for (*text += n; **text >= '0' && **text <= '9'; ++*text)
		number = number * 10 + (uint64_t)(**text - '0');
	return number;
}

/* Counts one event; what is not valid counts nothing. */
static void count(void *arg, const char *text)
{
	struct scsi *unit = arg;
	uint64_t bytes[2];

	if (text == NULL)
		return;
	bytes[SCSI_WRITING] = number_after(&text, "written ");
	bytes[SCSI_READING] = number_after(&text, ", read ");
	for (int i = 0; i < 2; i++) {
		unit->last_bytes[i] = bytes[i];
		unit->life_bytes[i] = add(unit->life_bytes[i], bytes[i]);
	}
}

void scsi_begin_usage(struct scsi *unit, struct volume *volume)
{
	for (int i = 0; i < 2; i++) {
		unit->bytes_before[i] = unit->counters[i].bytes;
		unit->last_bytes[i] = unit->life_bytes[i] = 0;
	}
	volume_each_event(volume, "used", count, unit);
}

void scsi_get_usage(const struct scsi *unit, struct scsi_usage *usage)
{
	memset(usage, 0, sizeof *usage);
	if (drive_volume(unit->drive) == NULL)
		return;
	usage->loads = unit->volume_loads;
	for (int i = 0; i < 2; i++) {
		usage->load_bytes[i] =
		    unit->counters[i].bytes - unit->bytes_before[i];
		usage->last_bytes[i] = unit->last_bytes[i];
		usage->life_bytes[i] =
		    add(unit->life_bytes[i], usage->load_bytes[i]);
	}
}

void scsi_end_usage(struct scsi *unit, struct volume *volume)
{
	uint64_t written = unit->counters[SCSI_WRITING].bytes -
	    unit->bytes_before[SCSI_WRITING];
	uint64_t read = unit->counters[SCSI_READING].bytes -
	    unit->bytes_before[SCSI_READING];
	char text[80];

	if (written + read == 0 || volume_is_protected(volume))
		return;
	snprintf(text, sizeof text, "written %" PRIu64 ", read %" PRIu64,
	    written, read);
	if (volume_log_event(volume, "used", text) == 0)
		volume_sync(volume);
}
