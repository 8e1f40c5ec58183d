/*
 * usage.c: how much is written to and read from a volume in its life.
 *
 * An unload adds an event "used" to the history of the volume: "written BYTES,
 * read BYTES" of partition 0, and then "; partition N: written BYTES, read
 * BYTES" of others that were used.  Without an unload, as after a kill, nothing
 * is counted.
 */
#include "vtl/scsi/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PARTITIONS = VOLUME_PARTITIONS_MAX };

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
	uint64_t partition = 0;
	size_t i;

	if (text == NULL)
		return;
	for (i = 0; i < PARTITIONS; i++)
		memset(unit->amounts[i].last, 0, sizeof unit->amounts[i].last);
	do {
		struct scsi_amounts *a = &unit->amounts[partition];

		a->last[SCSI_WRITING] = number_after(&text, "written ");
		a->last[SCSI_READING] = number_after(&text, ", read ");
		for (i = 0; i < 2; i++)
			a->life[i] = add(a->life[i], a->last[i]);
		partition = number_after(&text, "; partition ");
		if (strncmp(text, ": ", 2) == 0)
			text += 2;
	} while (partition > 0 && partition < PARTITIONS);
}

void scsi_begin_usage(struct scsi *unit, struct volume *volume)
{
	memset(unit->amounts, 0, sizeof unit->amounts);
	volume_each_event(volume, "used", count, unit);
}

void scsi_get_usage(const struct scsi *unit, int partition,
    struct scsi_usage *usage)
{
	int from = partition == SCSI_ALL_PARTITIONS ? 0 : partition;
	int to = partition == SCSI_ALL_PARTITIONS ? PARTITIONS : partition + 1;

	memset(usage, 0, sizeof *usage);
	if (drive_volume(unit->drive) == NULL)
		return;
	usage->loads = unit->wear.loads;
	for (; from < to; from++) {
		const struct scsi_amounts *a = &unit->amounts[from];

		for (int i = 0; i < 2; i++) {
			usage->load_bytes[i] =
			    add(usage->load_bytes[i], a->load[i]);
			usage->last_bytes[i] =
			    add(usage->last_bytes[i], a->last[i]);
			usage->life_bytes[i] = add(usage->life_bytes[i],
			    add(a->life[i], a->load[i]));
		}
	}
}

void scsi_end_usage(struct scsi *unit, struct volume *volume)
{
	char text[80 * PARTITIONS];
	uint64_t sum = 0;
	size_t used = 0;

	for (unsigned i = 0; i < PARTITIONS; i++) {
		const uint64_t *n = unit->amounts[i].load;

		sum = add(sum, add(n[SCSI_WRITING], n[SCSI_READING]));
		if (i > 0 && n[SCSI_WRITING] + n[SCSI_READING] == 0)
			continue;
		if (i > 0)
			used += (size_t)snprintf(text + used,
			    sizeof text - used, "; partition %u: ", i);
		used += (size_t)snprintf(text + used, sizeof text - used,
		    "written %" PRIu64 ", read %" PRIu64, n[SCSI_WRITING],
		    n[SCSI_READING]);
	}
	if (sum == 0 || volume_is_protected(volume))
		return;
	if (volume_log_event(volume, "used", text) == 0)
		volume_sync(volume);
}
