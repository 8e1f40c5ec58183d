/*
 * usage.h: how much is written to and read from a volume in its life.
 *
 * The end of a load adds an event "used" to the history of the volume: "written
 * BYTES, read BYTES" of partition 0, and then "; partition N: written BYTES, read
 * BYTES" of others that were used.  Without that end, as after a kill, nothing is
 * counted.
 */
#ifndef VTL_VOLUME_USAGE_H
#define VTL_VOLUME_USAGE_H

#include "vtl/volume/volume.h"

/* Bytes of a partition; [0]: written, [1]: read. */
struct volume_amounts {
	uint64_t load[2]; /* in this load: counted by the owner of the struct */
	uint64_t last[2]; /* in the load before */
	uint64_t life[2]; /* in all loads before */
};

struct volume_usage {
	struct volume_amounts of[VOLUME_PARTITIONS_MAX];
};

/* Reads the usage of a volume that is loaded.  Nothing is used in this load. */
void volume_usage_begin(struct volume_usage *usage, struct volume *volume);

/*
 * Stores the amounts of a partition, or the sums over all of them: `life` with
 * those of this load.
 */
enum { VOLUME_ALL_PARTITIONS = -1 };
void volume_usage_get(const struct volume_usage *usage, int partition,
    struct volume_amounts *amounts);

/*
 * Adds what was done in this load to the history of the volume, and synchronises
 * it; not if it is write-protected or has an older format.  If the file cannot
 * be written, that is not counted, and fails no later operation.
 */
void volume_usage_end(const struct volume_usage *usage, struct volume *volume);

#endif
