/*
 * compression.c: the size of data on the medium, if the drive compresses with
 * zlib.
 *
 *  1. The size of a block is that of its zlib stream, and at most its length.
 *     It is its length if its bytes are not stored, or cannot be read.
 *  2. Sizes depend only on what is on the volume: each drive that compresses
 *     finds the same.
 *  3. The sizes of the objects from BOT on are known, without a gap.  Those of
 *     a volume written before are found by reading it once, when they are first
 *     needed; that of a block is added before it goes into the buffer.
 *  4. Without memory for the sizes, a block takes its length.
 */
#include "vtl/drive/impl.h"
#include "splitter/base/grow.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { LEVEL = 1, SCRATCH_BYTES = 16 << 10 };

struct drive_compression {
	z_stream z;
	bool deflates;  /* z is initialised */
	uint8_t *block; /* buffer for a block that is read back */
	size_t block_room;
	/* for each object, the bytes of the medium up to its end */
	uint64_t *ends;
	size_t count;
};

struct drive_compression *drive_compression_new(void)
{
	return calloc(1, sizeof(struct drive_compression));
}

void drive_compression_free(struct drive_compression *compression)
{
	if (compression == NULL)
		return;
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

/* Returns the size of the zlib stream of a block, at most `bytes`. */
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
	z->avail_in = (uInt)bytes; /* at most VOLUME_BLOCK_MAX_BYTES */
	do {
		z->next_out = scratch;
		z->avail_out = sizeof scratch;
		rc = deflate(z, Z_FINISH);
	} while (rc == Z_OK && z->total_out < bytes);
	return rc == Z_STREAM_END && z->total_out < bytes ? z->total_out
							  : bytes;
}

/* Adds the size of the next object.  Returns false if there is no memory. */
static bool add_size(struct drive_compression *compression, uint64_t bytes)
{
	uint64_t *ends =
	    grow_by_one(compression->ends, compression->count, sizeof *ends);

	if (ends == NULL)
		return false;
	compression->ends = ends;
	if (compression->count > 0)
		bytes += compression->ends[compression->count - 1];
	compression->ends[compression->count++] = bytes;
	return true;
}

/*
 * Reads an object.  `*whole` is set if its data is stored and was read.
 * Returns false if nothing is known about the object.
 */
static bool read_object(const struct drive *drive, uint64_t object,
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

/*
 * Finds the sizes of all objects before `object`, or before EOD if that comes
 * first (`*ended`).  Returns false on an error.
 */
static bool find_sizes(const struct drive *drive, uint64_t object, bool *ended)
{
	struct drive_compression *compression = drive->compression;
	struct volume_object found;
	struct volume_position end;
	bool whole;

	volume_end(drive->volume, &end);
	*ended = object > end.object;
	while (compression->count < (*ended ? end.object : object)) {
		if (!read_object(drive, compression->count, &found, &whole))
			return false;
		if (!add_size(compression,
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
	if (!find_sizes(drive, drive->position.object, &ended))
		return;
	/* After the end of the volume, only filemarks have no size yet. */
	while (compression->count < drive->position.object)
		if (!add_size(compression, 0))
			return;
	add_size(compression,
	    kept ? deflated(compression, block->data, block->bytes)
		 : block->bytes);
}

uint64_t drive_compressed_before(const struct drive *drive,
    const struct volume_position *position)
{
	const struct drive_compression *compression = drive->compression;
	uint64_t object = position->object;
	bool ended;

	if (!find_sizes(drive, object, &ended))
		return position->byte;
	if (ended && object > compression->count)
		object = compression->count;
	return object > 0 ? compression->ends[object - 1] : 0;
}
