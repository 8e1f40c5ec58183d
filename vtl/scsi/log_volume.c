/*
 * log_volume.c: log pages of the volume: SSC-4, and those of LTO drives.
 *
 * Without a medium, page 17h only says so, and the capacities are 0.
 */
#include "vtl/scsi/impl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MB = 1000000, MIB_BITS = 20, NS_PER_MS = 1000000 };

static void count(struct scsi_log *log, uint16_t code, uint8_t bytes,
    uint64_t value)
{
	scsi_log_put(log, code, SCSI_LOG_COUNTER, bytes, value);
}

static void state(struct scsi_log *log, uint16_t code, uint8_t bytes,
    uint64_t value)
{
	scsi_log_put(log, code, SCSI_LOG_BINARY, bytes, value);
}

static uint64_t remaining(const struct scsi_capacity *capacity)
{
	const struct drive_capacity *m = &capacity->medium;

	return m->used_bytes < m->capacity_bytes
	    ? m->capacity_bytes - m->used_bytes
	    : 0;
}

/* Returns how much of the life of the volume is left, in percent. */
static uint64_t life_left(const struct scsi *unit)
{
	const struct volume_wear *wear = &unit->wear;
	uint64_t left;

	if (wear->loads >= wear->life_loads)
		return 0;
	left = wear->life_loads - wear->loads;
	/* Rounded up: a new volume has 100 %, and 0 % is the end. */
	return (uint64_t)ceil(100.0 * (double)left / (double)wear->life_loads);
}

/* What page 17h says of each partition, from this code on. */
enum { ENCRYPTED, NOT_ENCRYPTED, CAPACITY, USED, REMAINING, LISTS };

static void put_lists(struct scsi *unit, struct scsi_log *log)
{
	const unsigned count = volume_partitions(drive_volume(unit->drive));
	struct scsi_log_parameter *lists[LISTS];

	for (uint16_t i = 0; i < LISTS; i++) {
		scsi_log_put(log, 0x0200 + i, SCSI_LOG_PARTITIONS,
		    i < CAPACITY ? 6 : 4, 0);
		lists[i] = &log->parameters[log->count - 1];
		lists[i]->partitions = count;
	}
	for (unsigned p = 0; p < count; p++) {
		struct scsi_capacity capacity;

		/* A volume that cannot be read has no EOD. */
		if (!scsi_get_capacity(unit, p, &capacity)) {
			for (int i = 0; i < LISTS; i++)
				lists[i]->values[p] = UINT64_MAX;
			continue;
		}
		lists[ENCRYPTED]->values[p] = UINT64_MAX;
		lists[NOT_ENCRYPTED]->values[p] =
		    capacity.end.object > 0 ? 0 : UINT64_MAX;
		lists[CAPACITY]->values[p] =
		    capacity.medium.capacity_bytes / MB;
		lists[USED]->values[p] = capacity.medium.used_bytes / MB;
		lists[REMAINING]->values[p] = remaining(&capacity) / MB;
	}
}

/* Gets the sums over all partitions. */
static void get_sums(struct scsi *unit, struct scsi_capacity *sum)
{
	memset(sum, 0, sizeof *sum);
	for (unsigned p = 0; p < volume_partitions(drive_volume(unit->drive));
	     p++) {
		struct scsi_capacity capacity;

		scsi_get_capacity(unit, p, &capacity);
		sum->medium.capacity_bytes += capacity.medium.capacity_bytes;
		sum->medium.used_bytes += capacity.medium.used_bytes;
		sum->end.byte += capacity.end.byte;
	}
}

static void put_texts(struct scsi *unit, struct scsi_log *log)
{
	const char *barcode =
	    volume_get_spec(drive_volume(unit->drive))->barcode;
	const struct media_type *medium = drive_medium(unit->drive);
	char personality[SCSI_LOG_TEXT_BYTES] = "";

	if (medium != NULL)
		snprintf(personality, sizeof personality, "Ultrium-%d",
		    medium->generation > 0 ? medium->generation : 8);
	scsi_log_put_text(log, 0x0040, 32, barcode);
	/* A virtual medium has neither a lot nor a license: they are blank. */
	scsi_log_put_text(log, 0x0041, 8, "");
	scsi_log_put_text(log, 0x0042, 32, barcode);
	scsi_log_put_text(log, 0x0043, 8, "TAPELAB");
	scsi_log_put_text(log, 0x0044, 4, "");
	scsi_log_put_text(log, 0x0045, 9, personality);
}

void scsi_put_volume(struct scsi *unit, int64_t now_ns, struct scsi_log *log)
{
	const struct media_type *medium = drive_medium(unit->drive);
	struct scsi_usage usage;
	struct scsi_capacity sum;
	struct scsi_counts since;
	const struct alert_tally *written, *read;
	uint64_t ratio, load_ms = (uint64_t)(unit->load_ns / NS_PER_MS);
	const uint8_t density = drive_model(unit->drive)->density;

	if (drive_volume(unit->drive) == NULL) {
		state(log, 0x0000, 1, 0);
		return;
	}
	scsi_get_usage(unit, VOLUME_ALL_PARTITIONS, &usage);
	scsi_get_counts_since(unit, &unit->load_counts, now_ns, &since);
	written = &since.operations[SCSI_WRITING];
	read = &since.operations[SCSI_READING];
	get_sums(unit, &sum);
	ratio = sum.medium.used_bytes > 0
	    ? sum.end.byte * 100 / sum.medium.used_bytes
	    : 100;
	state(log, 0x0000, 1, 1);
	state(log, 0x0001, 4, usage.loads);
	state(log, 0x0002, 8,
	    media_data_sets(density, usage.bytes.life[SCSI_WRITING]));
	state(log, 0x0003, 4, since.retries);
	state(log, 0x0004, 2, written->uncorrected);
	state(log, 0x0005, 2, 0);
	state(log, 0x0006, 2, 0);
	state(log, 0x0007, 8,
	    media_data_sets(density, usage.bytes.life[SCSI_READING]));
	state(log, 0x0008, 4, read->corrected);
	state(log, 0x0009, 2, read->uncorrected);
	state(log, 0x000c, 2, written->uncorrected);
	state(log, 0x000d, 2, read->uncorrected);
	state(log, 0x000e, 4, usage.bytes.load[SCSI_WRITING] / MB);
	state(log, 0x000f, 4, usage.bytes.load[SCSI_READING] / MB);
	state(log, 0x0010, 8, usage.bytes.life[SCSI_WRITING] / MB);
	state(log, 0x0011, 8, usage.bytes.life[SCSI_READING] / MB);
	state(log, 0x0012, 2, ratio);
	state(log, 0x0013, 2, ratio);
	state(log, 0x0014, 6, load_ms);
	state(log, 0x0015, 6, load_ms);
	state(log, 0x0016, 4, sum.medium.capacity_bytes / MB);
	state(log, 0x0017, 4, sum.medium.used_bytes / MB);
	state(log, 0x0019, 1, life_left(unit));
	put_texts(unit, log);
	state(log, 0x0080, 1, scsi_is_protected(unit));
	state(log, 0x0081, 1, medium != NULL && medium->worm);
	state(log, 0x0082, 1, 0);
	/* Each turn is at one end of a wrap: the tape passes its middle. */
	state(log, 0x0101, 4, since.turns / 2);
	state(log, 0x0102, 4, since.turns);
	put_lists(unit, log);
}

/* Page 30h of IBM drives.  A block counts as a data set. */
void scsi_put_usage(struct scsi *unit, int64_t now_ns, struct scsi_log *log)
{
	struct scsi_counts counts;
	const struct alert_tally *written, *read;

	scsi_get_counts_since(unit, &unit->reset_counts, now_ns, &counts);
	written = &counts.operations[SCSI_WRITING];
	read = &counts.operations[SCSI_READING];
	count(log, 1, 4, unit->loads);
	count(log, 2, 8, written->blocks);
	count(log, 3, 4, counts.retries);
	count(log, 4, 2, written->uncorrected);
	count(log, 5, 2, 0);
	count(log, 6, 2, 0);
	count(log, 7, 8, read->blocks);
	count(log, 8, 4, read->corrected);
	count(log, 9, 2, read->uncorrected);
	count(log, 10, 2, 0);
	count(log, 11, 2, 0);
}

/*
 * Page 31h of LTO drives, in MiB: remaining and maximum capacity of the
 * partitions 0 and 1, then of 2 and 3 if the medium has them.
 */
void scsi_put_capacity(struct scsi *unit, int64_t now_ns, struct scsi_log *log)
{
	const struct volume *volume = drive_volume(unit->drive);
	unsigned partitions = volume != NULL ? volume_partitions(volume) : 0;

	(void)now_ns;
	for (unsigned first = 0; first < 2 || first < partitions; first += 2) {
		struct scsi_capacity c[2];
		uint16_t code = (uint16_t)(1 + 2 * first);

		for (unsigned i = 0; i < 2; i++) {
			memset(&c[i], 0, sizeof c[i]);
			if (first + i < partitions)
				scsi_get_capacity(unit, first + i, &c[i]);
		}
		state(log, code, 4, remaining(&c[0]) >> MIB_BITS);
		state(log, code + 1, 4, remaining(&c[1]) >> MIB_BITS);
		state(log, code + 2, 4, c[0].medium.capacity_bytes >> MIB_BITS);
		state(log, code + 3, 4, c[1].medium.capacity_bytes >> MIB_BITS);
	}
}
