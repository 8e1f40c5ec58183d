/*
 * read.c: finds and reads the objects on a volume.
 *
 * The row that was read last is cached, with its checksums, until the volume is
 * written to: reading block after block takes one query per row.  Only the
 * needed part of its data is read from the file: large blocks straight into the
 * caller's memory, others in windows.  A deflated row is inflated as a whole.
 *
 * A row in a file may have any values.  They are used only if they agree with
 * each other.
 */
#include "vtl/volume/impl.h"
#include "vtl/volume/deflate_pool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW_BYTES = 64 << 10, FIGURES_COUNT = 8 };

#define FIGURES                                                  \
	"first, count, block_bytes, last_bytes, at_byte, file, " \
	"dump_id, offset"

/*
 * Reads the numbers of a row.  A value that is not a number gives a row of 0
 * objects, which is not valid.
 */
static void read_figures(sqlite3_stmt *stmt, struct volume_row *row)
{
	int i = 1;

	memset(row, 0, sizeof *row);
	/* The key is always a number, so a scan can continue after this row. */
	row->first = (uint64_t)sqlite3_column_int64(stmt, 0);
	row->file = (uint64_t)sqlite3_column_int64(stmt, 5);
	if (!volume_row_from_keys(row))
		return;
	for (int column = 1; column < FIGURES_COUNT; column++)
		if (sqlite3_column_type(stmt, column) != SQLITE_INTEGER)
			return;
	row->count = (uint64_t)sqlite3_column_int64(stmt, i++);
	row->block_bytes = (uint64_t)sqlite3_column_int64(stmt, i++);
	row->last_bytes = (uint64_t)sqlite3_column_int64(stmt, i++);
	row->at_byte = (uint64_t)sqlite3_column_int64(stmt, i);
	i = 6; /* after `file` */
	row->dump_id = (uint64_t)sqlite3_column_int64(stmt, i++);
	row->offset = (uint64_t)sqlite3_column_int64(stmt, i++);
}

/* Binds the numbers of the objects `from` to `to` of a partition. */
static void bind_range(sqlite3_stmt *stmt, unsigned partition, uint64_t from,
    uint64_t to)
{
	sqlite3_bind_int64(stmt, 1, volume_object_key(partition, from));
	sqlite3_bind_int64(stmt, 2, volume_object_key(partition, to));
}

int volume_read_end(struct volume *volume, unsigned partition,
    struct volume_position *end, bool *in_block)
{
	sqlite3_stmt *stmt;
	struct volume_row row;
	int rc;

	memset(end, 0, sizeof *end);
	if (volume_prepare(volume,
		"select " FIGURES " from objects where first between ? and ? "
		"order by first desc limit 1",
		&stmt) != 0)
		return -1;
	bind_range(stmt, partition, 0, VOLUME_OBJECT_MAX);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		read_figures(stmt, &row);
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return volume_failed(volume, "read");
	if (rc != SQLITE_ROW)
		return 0;
	if (!volume_figures_agree(&row))
		return volume_damaged(volume, "its last row is not valid");
	end->object = row.first + row.count;
	end->byte = row.at_byte + volume_row_bytes(&row);
	end->file = row.file + (row.block_bytes == 0 ? row.count : 0);
	if (in_block != NULL)
		*in_block = row.block_bytes != 0;
	return 0;
}

int volume_load_end(struct volume *volume)
{
	volume->ends_in_block = false;
	return volume_read_end(volume, volume->partition, &volume->end,
	    &volume->ends_in_block);
}

int volume_next_row(struct volume *volume, uint64_t first,
    struct volume_row *row)
{
	sqlite3_stmt *stmt;
	int rc;

	if (volume_prepare(volume,
		"select " FIGURES " from objects where "
		"first between ? and ? order by first limit 1",
		&stmt) != 0)
		return -1;
	bind_range(stmt, volume->partition, first, VOLUME_OBJECT_MAX);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		read_figures(stmt, row);
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return volume_failed(volume, "read");
	return rc == SQLITE_ROW;
}

void volume_drop_cached_row(struct volume *volume)
{
	volume->cached.count = 0;
	volume->marks.count = 0;
	sqlite3_blob_close(volume->cached_data);
	volume->cached_data = NULL;
}

/* Opens the blob of the row's data, without reading it.  Returns 0 or -1. */
static int open_data(struct volume *volume, struct volume_row *row)
{
	sqlite3_blob *blob = volume->cached_data;
	sqlite3_int64 key = volume_object_key(volume->partition, row->first);
	int rc;

	rc = blob != NULL ? sqlite3_blob_reopen(blob, key)
			  : sqlite3_blob_open(volume->db, "main", "objects",
				"data", key, 0, &volume->cached_data);
	if (rc == SQLITE_ERROR) /* the value is no blob */
		return volume_damaged(volume, "a row does not match its data");
	if (rc != SQLITE_OK)
		return volume_failed(volume, "read");
	row->data_bytes = (uint64_t)sqlite3_blob_bytes(volume->cached_data);
	return 0;
}

/* Reads `bytes` of the row's data into the store.  Returns 0 or -1. */
static int read_data(struct volume *volume, uint64_t at, uint64_t bytes)
{
	struct volume_store *store = &volume->cached_store;

	volume->window_bytes = 0;
	if (volume_store_room(store, bytes, 0) != 0)
		return volume_read_no_memory(volume);
	if (bytes > 0 &&
	    sqlite3_blob_read(volume->cached_data, store->data, (int)bytes,
		(int)at) != SQLITE_OK)
		return volume_failed(volume, "read");
	volume->window_at = at;
	volume->window_bytes = bytes;
	return 0;
}

/* Inflates the row's data.  Returns 0 or -1. */
static int inflate_data(struct volume *volume, struct volume_row *row)
{
	struct volume_store *store = &volume->cached_store;
	uint64_t bytes = volume_row_bytes(row);
	uint8_t *stream = malloc(row->data_bytes + 1);
	int rc = 0;

	if (stream == NULL || volume_store_room(store, bytes, 0) != 0)
		rc = volume_read_no_memory(volume);
	else if (sqlite3_blob_read(volume->cached_data, stream,
		     (int)row->data_bytes, 0) != SQLITE_OK)
		rc = volume_failed(volume, "read");
	else if (!deflate_pool_inflate(stream, row->data_bytes, store->data,
		     &bytes))
		rc = volume_damaged(volume,
		    "compressed data cannot be "
		    "decompressed");
	free(stream);
	row->data = store->data;
	row->data_bytes = bytes;
	return rc;
}

/* Reads the checksums of the row of `stmt`, and opens its data. */
static int read_payload(struct volume *volume, sqlite3_stmt *stmt,
    struct volume_row *row)
{
	struct volume_store *store = &volume->cached_store;
	const void *sums = sqlite3_column_blob(stmt, 8);
	size_t sums_bytes = (size_t)sqlite3_column_bytes(stmt, 8);
	sqlite3_int64 zlib = sqlite3_column_int64(stmt, 9);
	int type = sqlite3_column_type(stmt, 8);

	if ((type != SQLITE_NULL && type != SQLITE_BLOB) ||
	    sqlite3_column_type(stmt, 9) != SQLITE_INTEGER)
		return volume_damaged(volume, "a row does not match its data");
	row->has_data = type != SQLITE_NULL;
	if (!row->has_data)
		return 0;
	if (row->block_bytes == 0 ||
	    sums_bytes / VOLUME_SUM_BYTES != row->count ||
	    volume_row_bytes(row) > VOLUME_BLOCK_MAX_BYTES || zlib < 0 ||
	    zlib > 1)
		return volume_damaged(volume, "a row does not match its data");
	if (volume_store_room(store, 0, sums_bytes) != 0)
		return volume_read_no_memory(volume);
	memcpy(store->sums, sums, sums_bytes);
	row->sums = store->sums;
	row->zlib = zlib != 0;
	volume->window_bytes = 0;
	if (open_data(volume, row) != 0)
		return -1;
	if (row->data_bytes > volume_row_bytes(row))
		return volume_damaged(volume, "a row does not match its data");
	return row->zlib ? inflate_data(volume, row) : 0;
}

int volume_cache_row(struct volume *volume, uint64_t object)
{
	struct volume_row row = { .count = 0 };
	sqlite3_stmt *stmt;
	int rc = 0;

	if (volume->cached.count > 0 && object >= volume->cached.first &&
	    object - volume->cached.first < volume->cached.count)
		return 0;
	if (volume->find == NULL &&
	    volume_prepare(volume,
		"select " FIGURES
		", sums, zlib from objects where first between ? and ?"
		" order by first desc limit 1",
		&volume->find) != 0)
		return -1;
	stmt = volume->find;
	volume->cached.count = 0;
	bind_range(stmt, volume->partition, 0, object);
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		read_figures(stmt, &row);
		rc =
		    volume_figures_agree(&row) && object - row.first < row.count
		    ? read_payload(volume, stmt, &row)
		    : volume_damaged(volume, "a row is missing or not valid");
	} else if (sqlite3_errcode(volume->db) == SQLITE_DONE) {
		rc = volume_damaged(volume, "its first row is missing");
	}
	if (sqlite3_reset(stmt) != SQLITE_OK)
		return volume_failed(volume, "read");
	if (rc == 0)
		volume->cached = row;
	return rc;
}

/*
 * Copies `stored` bytes of a block, from byte `begin` of the row, into `buf`.
 */
static int copy_stored(struct volume *volume, const struct volume_row *row,
    uint64_t begin, uint8_t *buf, uint64_t stored)
{
	uint64_t n = row->data_bytes - begin;

	if (row->data != NULL) {
		memcpy(buf, row->data + begin, stored);
		return 0;
	}
	if (stored >= WINDOW_BYTES) {
		if (sqlite3_blob_read(volume->cached_data, buf, (int)stored,
			(int)begin) != SQLITE_OK)
			return volume_failed(volume, "read");
		return 0;
	}
	if (begin < volume->window_at ||
	    begin + stored > volume->window_at + volume->window_bytes)
		if (read_data(volume, begin,
			n < WINDOW_BYTES ? n : WINDOW_BYTES) != 0)
			return -1;
	memcpy(buf, volume->cached_store.data + (begin - volume->window_at),
	    stored);
	return 0;
}

/*
 * Reads block `i` of the row into `buf`, which has room for it.  Returns 0 or
 * -1.
 */
static int copy_block(struct volume *volume, const struct volume_row *row,
    uint64_t i, uint8_t *buf, uint64_t bytes)
{
	uint64_t begin = i * row->block_bytes, stored = 0;
	uint8_t sum[VOLUME_SUM_BYTES];

	if (row->data_bytes > begin)
		stored = row->data_bytes - begin;
	if (stored > bytes)
		stored = bytes;
	if (stored > 0 && copy_stored(volume, row, begin, buf, stored) != 0)
		return -1;
	memset(buf + stored, 0, bytes - stored);
	volume_sum(buf, bytes, sum);
	if (memcmp(sum, row->sums + i * VOLUME_SUM_BYTES, sizeof sum) == 0)
		return 0;
	return volume_refuse(volume,
	    "volume %s: object %" PRIu64 " differs from its checksum: read it "
	    "from another copy",
	    volume->path, row->first + i);
}

int volume_rows_read(struct volume *volume, uint64_t object, void *buf,
    uint64_t buf_bytes, struct volume_object *out)
{
	const struct volume_row *row = &volume->cached;
	uint64_t i;

	if (volume_cache_row(volume, object) != 0)
		return -1;
	if (row->block_bytes == 0) {
		out->kind = VOLUME_FILEMARK;
		return 0;
	}
	i = object - row->first;
	out->kind = VOLUME_BLOCK;
	out->bytes = i + 1 == row->count ? row->last_bytes : row->block_bytes;
	out->has_data = row->has_data;
	out->dump_id = row->dump_id;
	out->offset = row->offset + i * row->block_bytes;
	if (!row->has_data || buf == NULL || buf_bytes < out->bytes)
		return 0;
	return copy_block(volume, row, i, buf, out->bytes);
}

uint64_t volume_alike(const struct volume *volume, uint64_t object,
    uint64_t most)
{
	const struct volume_row *row = &volume->cached;
	uint64_t left;

	if (row->count == 0 || row->block_bytes == 0 || row->has_data ||
	    object <= row->first || object - row->first >= row->count)
		return 0;
	left = row->count - (object - row->first) -
	    (row->last_bytes < row->block_bytes);
	return left < most ? left : most;
}

/*
 * Loads the row of filemark number `mark`, from 0, into `marks`.  Returns 0 or
 * -1.
 */
static int find_mark(struct volume *volume, uint64_t mark)
{
	struct volume_row *row = &volume->marks;
	sqlite3_stmt *stmt;
	int rc;

	if (row->count > 0 && mark >= row->file &&
	    mark - row->file < row->count)
		return 0;
	row->count = 0;
	if (volume_prepare(volume,
		"select " FIGURES " from "
		"objects where block_bytes = 0 and file between ? and ? "
		"order by file desc limit 1",
		&stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1, volume_file_key(volume->partition, 0));
	sqlite3_bind_int64(stmt, 2, volume_file_key(volume->partition, mark));
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		read_figures(stmt, row);
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return volume_failed(volume, "read");
	if (rc == SQLITE_ROW && volume_figures_agree(row) &&
	    mark - row->file < row->count)
		return 0;
	row->count = 0;
	return volume_damaged(volume, "a filemark is missing");
}

int volume_rows_find_file(struct volume *volume, uint64_t file,
    struct volume_position *position)
{
	const struct volume_row *row = &volume->marks;

	/* A file begins after the filemark of the file before it. */
	if (find_mark(volume, file - 1) != 0)
		return -1;
	position->object = row->first + (file - 1 - row->file) + 1;
	position->byte = row->at_byte;
	position->file = file;
	if (position->object > volume->end.object ||
	    position->byte > volume->end.byte)
		return volume_damaged(volume, "a filemark is missing");
	return 1;
}
