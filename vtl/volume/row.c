/* row.c: sizes and checks of a row of objects in memory. */
#include <stdlib.h>
#include <string.h>

#include "vtl/volume/impl.h"

int64_t volume_object_key(unsigned partition, uint64_t object)
{
	return (int64_t)((uint64_t)partition << VOLUME_OBJECT_BITS | object);
}

int64_t volume_file_key(unsigned partition, uint64_t file)
{
	return (int64_t)((uint64_t)partition << VOLUME_FILE_BITS | file);
}

bool volume_row_from_keys(struct volume_row *row)
{
	uint64_t partition = row->first >> VOLUME_OBJECT_BITS;
	bool agree = row->file >> VOLUME_FILE_BITS == partition;

	row->first &= VOLUME_OBJECT_MAX;
	row->file &= (UINT64_C(1) << VOLUME_FILE_BITS) - 1;
	return agree;
}

bool volume_figures_agree(const struct volume_row *row)
{
	const uint64_t max = INT64_MAX;

	if (row->count == 0 || row->first > VOLUME_OBJECT_MAX ||
	    row->at_byte > max || row->file > VOLUME_FILEMARKS_MAX ||
	    row->count > VOLUME_OBJECT_MAX - row->first)
		return false;
	if (row->block_bytes == 0)
		return row->last_bytes == 0 &&
		    row->count <= VOLUME_FILEMARKS_MAX &&
		    row->file <= VOLUME_FILEMARKS_MAX - row->count;
	return row->block_bytes <= VOLUME_BLOCK_MAX_BYTES &&
	    row->last_bytes > 0 && row->last_bytes <= row->block_bytes &&
	    row->count <= (max - row->at_byte) / row->block_bytes;
}

uint64_t volume_row_bytes(const struct volume_row *row)
{
	return row->block_bytes == 0
	    ? 0
	    : (row->count - 1) * row->block_bytes + row->last_bytes;
}

uint64_t volume_row_file_bytes(uint64_t bytes)
{
	/*
	 * A row leaves the rest of its last page empty, and that of the page on
	 * which the row before it ends, if the two do not fit there.
	 */
	return bytes + (bytes < VOLUME_PAGE_BYTES ? bytes : VOLUME_PAGE_BYTES);
}

uint64_t volume_row_leaf_bytes(uint64_t bytes)
{
	/* SQLite's file format, 1.6: U, X and M, for a leaf of a table. */
	enum {
		USABLE = VOLUME_PAGE_BYTES,
		LOCAL_MAX = USABLE - 35,
		LOCAL_MIN = (USABLE - 12) * 32 / 255 - 23
	};
	uint64_t local;

	if (bytes <= LOCAL_MAX)
		return bytes;
	local = LOCAL_MIN + (bytes - LOCAL_MIN) % (USABLE - 4);
	return local <= LOCAL_MAX ? local : LOCAL_MIN;
}

uint64_t volume_text_bytes(const void *data, uint64_t bytes)
{
	static const uint8_t zeros[4096];
	const uint8_t *at = data;

	while (bytes >= sizeof zeros &&
	    memcmp(at + bytes - sizeof zeros, zeros, sizeof zeros) == 0)
		bytes -= sizeof zeros;
	while (bytes > 0 && at[bytes - 1] == 0)
		bytes--;
	return bytes;
}

int volume_store_room(struct volume_store *store, size_t data_bytes,
    size_t sums_bytes)
{
	void *p;

	if (data_bytes > store->data_room) {
		if ((p = realloc(store->data, data_bytes)) == NULL)
			return -1;
		store->data = p;
		store->data_room = data_bytes;
	}
	if (sums_bytes > store->sums_room) {
		if ((p = realloc(store->sums, sums_bytes)) == NULL)
			return -1;
		store->sums = p;
		store->sums_room = sums_bytes;
	}
	return 0;
}
