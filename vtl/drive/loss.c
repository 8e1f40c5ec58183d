/*
 * loss.c: blocks that were acknowledged and never reached the medium.
 *
 * They are listed for drive_losses(), and in the history of the volume.
 */
#include "vtl/drive/impl.h"
#include "splitter/base/grow.h"
#include "vtl/volume/history.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 256 };

/* Returns whether the lost blocks continue the last recorded loss. */
static bool continues(const struct drive_loss *loss, unsigned partition,
    const struct volume_run *run, uint64_t object, const struct sense *why)
{
	return loss->partition == partition &&
	    loss->object + loss->blocks == object &&
	    loss->dump_id == run->dump_id &&
	    loss->offset + loss->bytes == run->offset &&
	    memcmp(&loss->sense, why, sizeof *why) == 0;
}

void drive_record_loss(struct drive *drive, const struct volume_run *run,
    uint64_t object, const struct sense *why)
{
	uint64_t blocks = (run->bytes - 1) / run->block_bytes + 1;
	struct drive_loss *list = drive->losses;
	unsigned partition = volume_get_active(drive->volume);

	drive->all_lost_blocks += blocks;
	drive->lost_blocks += blocks;
	drive->lost_bytes += run->bytes;
	/*
	 * After a loss the drive is positioned at the first lost block, so
	 * consecutive losses can be adjacent.
	 */
	if (drive->losses_count > 0 &&
	    continues(&list[drive->losses_count - 1], partition, run, object,
		why)) {
		list[drive->losses_count - 1].blocks += blocks;
		list[drive->losses_count - 1].bytes += run->bytes;
		return;
	}
	list = grow_by_one(list, drive->losses_count, sizeof *list);
	if (list == NULL) {
		drive->unlisted_blocks += blocks;
		return;
	}
	drive->losses = list;
	list[drive->losses_count++] = (struct drive_loss){
		.partition = partition,
		.object = object,
		.blocks = blocks,
		.bytes = run->bytes,
		.dump_id = run->dump_id,
		.offset = run->offset,
		.sense = *why,
	};
}

/* Describes a loss.  Labels and headers belong to no dump. */
static void describe(const struct drive_loss *l, char text[TEXT_BYTES])
{
	char dump[80] = "", in[32] = "";

	if (l->partition > 0)
		snprintf(in, sizeof in, " of partition %u", l->partition);
	if (l->dump_id != 0)
		snprintf(dump, sizeof dump,
		    " of dump %016" PRIx64 " from %" PRIu64, l->dump_id,
		    l->offset);
	snprintf(text, TEXT_BYTES,
	    "objects %" PRIu64 " to %" PRIu64 "%s, %" PRIu64
	    " bytes%s: acknowledged, never on the medium (sense "
	    "%X/%02X/%02X)",
	    l->object, l->object + l->blocks - 1, in, l->bytes, dump,
	    l->sense.key, l->sense.asc, l->sense.ascq);
}

void drive_log_losses(struct drive *drive, size_t from)
{
	char text[TEXT_BYTES];

	for (; from < drive->losses_count; from++) {
		const struct drive_loss *l = &drive->losses[from];

		describe(l, text);
		if (volume_log_event(drive->volume, "lost", text) != 0)
			return;
	}
	if (drive->unlisted_blocks == 0)
		return;
	snprintf(text, sizeof text,
	    "%" PRIu64 " blocks, of which nothing is known for want of memory: "
	    "acknowledged, never on the medium",
	    drive->unlisted_blocks);
	if (volume_log_event(drive->volume, "lost", text) == 0)
		drive->unlisted_blocks = 0;
}

const struct drive_loss *drive_losses(const struct drive *drive, size_t *count)
{
	*count = drive->losses_count;
	return drive->losses;
}
