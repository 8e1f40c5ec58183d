/*
 * drive_compression.c: how much lies on a medium before an object, where a drive
 * compresses for real.
 *
 *  1. A block takes what zlib makes of it, as a stream of its own, and never
 *     more than its length.  One whose bytes are not kept takes its length; so
 *     does one that cannot be read any more.
 *  2. That hangs on nothing but what is on the volume: another drive that
 *     compresses finds the same.
 *  3. What is known is that of the objects from BOT on without a gap.  What was
 *     written before is read once, when it is first asked for; what waits in
 *     the buffer is known before it is taken.
 *  4. Where there is no memory to know it, all takes its length.
 */
#include "vtl/drive/impl.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { LEVEL = 1, SCRATCH_BYTES = 16 << 10, ENDS_ROOM = 256 };

struct drive_compression {
	z_stream z;
	bool deflates;  /* z is set up */
	uint8_t *block; /* one that is read again */
	size_t block_room;
	uint64_t *ends; /* so much lies up to the end of each object */
	size_t count, room;
};

struct drive_compression *drive_compression_new(void)
{
	return calloc(1, sizeof(struct drive_compression));
}

void drive_compression_free(struct drive_compression *compression)
{
	if (compression->deflates)
		deflateEnd(&compression->z);
	free(compression->block);
	free(compression->ends);
	free(compression);
}

void drive_compression_forget(struct drive_compression *compression,
    uint64_t object)
{
	if (compression->count > object)
		compression->count = object;
}

/* What zlib makes of a block. */
static uint64_t deflated(struct drive_compression *compression,
    const void *data, uint64_t bytes)
{
	uint8_t scratch[SCRATCH_BYTES];
	z_stream *z = &compression->z;
	int rc;

	if (!compression->deflates)
		compression->deflates = deflateInit(z, LEVEL) == Z_OK;
	if (!compression->deflates || deflateReset(z) != Z_OK)
		return bytes;
	z->next_in = (Bytef *)(uintptr_t)data;
	z->avail_in = (uInt)bytes; /* VOLUME_BLOCK_MAX_BYTES at most */
	do {
		z->next_out = scratch;
		z->avail_out = sizeof scratch;
		rc = deflate(z, Z_FINISH);
	} while (rc == Z_OK && z->total_out < bytes);
	return rc == Z_STREAM_END && z->total_out < bytes ? z->total_out
							  : bytes;
}

/* Notes how much the next object takes.  False: there is no memory. */
static bool note(struct drive_compression *compression, uint64_t bytes)
{
	size_t room =
	    compression->room == 0 ? ENDS_ROOM : 2 * compression->room;
	uint64_t *ends;

	if (compression->count == compression->room) {
		ends = reallocarray(compression->ends, room, sizeof *ends);
		if (ends == NULL)
			return false;
		compression->ends = ends;
		compression->room = room;
	}
	if (compression->count > 0)
		bytes += compression->ends[compression->count - 1];
	compression->ends[compression->count++] = bytes;
	return true;
}

/* Reads an object, all of it where it is kept.  False: it cannot be known. */
static bool look(const struct drive *drive, uint64_t object,
    struct volume_object *out, bool *whole)
{
	struct drive_compression *compression = drive->compression;
	uint8_t *block;
	int rc = volume_read(drive->volume, object, compression->block,
	    compression->block_room, out);

	if (rc == 0 && out->has_data && out->bytes > compression->block_room) {
		block = reallocarray(compression->block, out->bytes, 1);
		if (block == NULL)
			return false;
		compression->block = block;
		compression->block_room = out->bytes;
		rc = volume_read(drive->volume, object, block, out->bytes, out);
	}
	*whole = rc == 0 && out->has_data;
	return rc == 0 || out->bytes > 0;
}

/* Comes to know all before an object, or before EOD.  False: it cannot. */
static bool learn(const struct drive *drive, uint64_t object, bool *ended)
{
	struct drive_compression *compression = drive->compression;
	struct volume_object found;
	struct volume_position end;
	bool whole;

	volume_end(drive->volume, &end);
	*ended = object > end.object;
	while (compression->count < (*ended ? end.object : object)) {
		if (!look(drive, compression->count, &found, &whole))
			return false;
		if (!note(compression,
			whole ? deflated(compression, compression->block,
				    found.bytes)
			      : found.bytes))
			return false;
	}
	return true;
}

void drive_compression_add(struct drive *drive, const struct volume_run *block)
{
	struct drive_compression *compression = drive->compression;
	bool ended,
	    kept = block->data != NULL &&
	    (block->keep ||
		volume_get_spec(drive->volume)->payload != VOLUME_PAYLOAD_NONE);

	drive_compression_forget(compression, drive->position.object);
	if (!learn(drive, drive->position.object, &ended))
		return;
	/* Behind what the volume has, filemarks are all that is not known. */
	while (compression->count < drive->position.object)
		if (!note(compression, 0))
			return;
	note(compression,
	    kept ? deflated(compression, block->data, block->bytes)
		 : block->bytes);
}

uint64_t drive_compressed_before(const struct drive *drive,
    const struct volume_position *position)
{
	const struct drive_compression *compression = drive->compression;
	uint64_t object = position->object;
	bool ended;

	if (!learn(drive, object, &ended))
		return position->byte;
	if (ended && object > compression->count)
		object = compression->count;
	return object > 0 ? compression->ends[object - 1] : 0;
}
