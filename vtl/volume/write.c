/*
 * write.c: appends to a volume, and cuts off data that will be overwritten.
 *
 *  1. The open row is the last on the volume, and not in the file.
 *  2. A row with payload has at most VOLUME_ROW_BYTES (or one block), and is
 *     written to the file when it has no room for another block.  A row without
 *     payload grows as long as the next blocks continue it.
 *  3. Only the last block of a row may be short.
 *  4. A cut is a transaction of its own, so that SQLite need not save the pages
 *     that it frees before they are used again.  One that deletes many rows is
 *     several: its journal has a limited length.
 */
#include "vtl/volume/impl.h"
#include "vtl/volume/deflate_pool.h"

#include <stdlib.h>
#include <string.h>

/*
 * Writes a row and its data, `stored` of `bytes`, to the file.  Returns 0 or
 * -1.
 */
static int insert(struct volume *volume, const struct volume_row *row,
    const void *stored, uint64_t bytes)
{
	const uint64_t sums = row->has_data ? row->count * VOLUME_SUM_BYTES : 0;
	sqlite3_stmt *stmt;
	int i = 1;

	if (volume_begin_row(volume, VOLUME_ROW_FIGURES_BYTES + sums + bytes) !=
		0 ||
	    (volume->insert == NULL &&
		volume_prepare(volume,
		    "insert into objects values "
		    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		    &volume->insert) != 0))
		return -1;
	stmt = volume->insert;
	sqlite3_bind_int64(stmt, i++,
	    volume_object_key(volume->partition, row->first));
	sqlite3_bind_int64(stmt, i++, (int64_t)row->count);
	sqlite3_bind_int64(stmt, i++, (int64_t)row->block_bytes);
	sqlite3_bind_int64(stmt, i++, (int64_t)row->last_bytes);
	sqlite3_bind_int64(stmt, i++, (int64_t)row->at_byte);
	sqlite3_bind_int64(stmt, i++,
	    volume_file_key(volume->partition, row->file));
	sqlite3_bind_int64(stmt, i++, (int64_t)row->dump_id);
	sqlite3_bind_int64(stmt, i++, (int64_t)row->offset);
	if (row->has_data) {
		sqlite3_bind_blob64(stmt, i++, row->sums, sums, SQLITE_STATIC);
		sqlite3_bind_blob64(stmt, i++, stored, bytes, SQLITE_STATIC);
	} else {
		sqlite3_bind_null(stmt, i++);
		sqlite3_bind_null(stmt, i++);
	}
	sqlite3_bind_int(stmt, i++, row->zlib);
	sqlite3_step(stmt);
	if (sqlite3_reset(stmt) != SQLITE_OK)
		return volume_failed(volume, "write");
	return volume->pending_bytes < VOLUME_COMMIT_BYTES
	    ? 0
	    : volume_commit(volume);
}

/* Writes the oldest row of the deflate pool to the file. */
static int insert_deflated(struct volume *volume)
{
	struct volume_row row;
	const void *stored;
	uint64_t bytes;

	deflate_pool_take(volume->pool, &row, &stored, &bytes);
	return insert(volume, &row, stored, bytes);
}

static int insert_all_deflated(struct volume *volume)
{
	while (volume->pool != NULL && deflate_pool_count(volume->pool) > 0)
		if (insert_deflated(volume) != 0)
			return -1;
	return 0;
}

static int deflate_row(struct volume *volume, const struct volume_row *row)
{
	if (volume->pool == NULL && (volume->pool = deflate_pool_new()) == NULL)
		return volume_failed(volume, "write");
	if (deflate_pool_count(volume->pool) == DEFLATE_POOL_ROWS &&
	    insert_deflated(volume) != 0)
		return -1;
	deflate_pool_put(volume->pool, row, &volume->open_store);
	return 0;
}

static bool is_deflated(const struct volume *volume,
    const struct volume_row *row)
{
	return volume->spec.payload == VOLUME_PAYLOAD_ZLIB && row->has_data &&
	    !row->keep;
}

/* Ends the open row: writes it to the file, or to the deflate pool. */
static int end_row(struct volume *volume)
{
	struct volume_row row = volume->open;

	volume->open.count = 0;
	if (row.count == 0)
		return 0;
	if (row.has_data)
		row.data_bytes = volume_text_bytes(row.data, row.data_bytes);
	if (is_deflated(volume, &row))
		return deflate_row(volume, &row);
	return insert_all_deflated(volume) != 0
	    ? -1
	    : insert(volume, &row, row.data, row.data_bytes);
}

int volume_rows_flush(struct volume *volume)
{
	return end_row(volume) != 0 ? -1 : insert_all_deflated(volume);
}

void volume_rows_drop(struct volume *volume)
{
	volume->open.count = 0;
	deflate_pool_free(volume->pool);
	volume->pool = NULL;
}

/*
 * Returns whether the next block of the run continues the open row.  Blocks
 * without a dump have no offset to compare.
 */
static bool continues(const struct volume_row *open,
    const struct volume_run *run, bool has_data)
{
	return open->count > 0 && !open->keep && !run->keep &&
	    open->block_bytes == run->block_bytes &&
	    open->last_bytes == open->block_bytes &&
	    open->has_data == has_data && open->dump_id == run->dump_id &&
	    (run->dump_id == 0 ||
		open->offset + open->count * open->block_bytes == run->offset);
}

static void start_row(struct volume *volume, const struct volume_run *run,
    bool has_data)
{
	volume->open = (struct volume_row){
		.first = volume->end.object,
		.block_bytes = run->block_bytes,
		.at_byte = volume->end.byte,
		.file = volume->end.file,
		.dump_id = run->dump_id,
		.offset = run->offset,
		.has_data = has_data,
		.keep = run->keep,
	};
}

/* Makes room in the open row for `more` blocks, except their last `zeros`. */
static int grow(struct volume *volume, uint64_t more, uint64_t zeros,
    uint64_t row_max)
{
	struct volume_row *open = &volume->open;
	uint64_t blocks = open->count + more, bytes;

	/*
	 * A row that grows in pieces will probably become full: reserve it all.
	 */
	if (open->count > 0 && blocks < row_max)
		blocks = row_max;
	bytes = blocks * open->block_bytes - zeros;
	/*
	 * At least a byte: the data of a block of zeros is empty, and not NULL,
	 * which SQLite would take for no data.
	 */
	if (volume_store_room(&volume->open_store, bytes > 0 ? bytes : 1,
		blocks * VOLUME_SUM_BYTES) != 0)
		return volume_failed(volume, "write");
	open->data = volume->open_store.data;
	open->sums = volume->open_store.sums;
	return 0;
}

/*
 * Copies the blocks and their sums to the end of the open row.  If the blocks
 * fill a whole row, the row points to the caller's bytes instead: the caller
 * writes such a row to the file before it returns.
 */
static int store(struct volume *volume, const struct volume_run *run,
    uint64_t blocks, uint64_t row_max)
{
	struct volume_row *open = &volume->open;
	bool borrow =
	    open->count == 0 && blocks == row_max && !is_deflated(volume, open);
	const uint8_t *data = run->data;
	uint64_t left = run->bytes, text = run->bytes - run->zeros;
	uint8_t *sums;

	open->data_bytes = open->count * open->block_bytes + text;
	if (borrow) {
		if (volume_store_room(&volume->open_store, 0,
			blocks * VOLUME_SUM_BYTES) != 0)
			return volume_failed(volume, "write");
		open->data = data;
		open->sums = volume->open_store.sums;
	} else {
		if (grow(volume, blocks, run->zeros, row_max) != 0)
			return -1;
		memcpy(volume->open_store.data +
			open->count * open->block_bytes,
		    data, text);
	}
	sums = volume->open_store.sums + open->count * VOLUME_SUM_BYTES;
	for (uint64_t i = 0; i < blocks; i++) {
		uint64_t n = left < run->block_bytes ? left : run->block_bytes;

		volume_sum_with_zeros(data, n - run->zeros, run->zeros,
		    sums + i * VOLUME_SUM_BYTES);
		data += n;
		left -= n;
	}
	return 0;
}

/* Moves the front of the run into the open row; `run` becomes the rest. */
static int take(struct volume *volume, struct volume_run *run)
{
	struct volume_row *open = &volume->open;
	uint64_t blocks = (run->bytes - 1) / run->block_bytes + 1;
	uint64_t row_max = VOLUME_ROW_BYTES / run->block_bytes;
	struct volume_run piece = *run;

	if (row_max == 0)
		row_max = 1;
	if (open->has_data && blocks > row_max - open->count) {
		blocks = row_max - open->count;
		piece.bytes = blocks * run->block_bytes;
	}
	if (open->has_data && store(volume, &piece, blocks, row_max) != 0)
		return -1;
	open->count += blocks;
	open->last_bytes = piece.bytes - (blocks - 1) * run->block_bytes;
	volume->end.object += blocks;
	volume->end.byte += piece.bytes;
	run->bytes -= piece.bytes;
	run->offset += piece.bytes;
	if (run->data != NULL && run->bytes > 0)
		run->data = (const uint8_t *)run->data + piece.bytes;
	return open->has_data && open->count == row_max ? end_row(volume) : 0;
}

int volume_rows_append(struct volume *volume, const struct volume_run *run)
{
	struct volume_run rest = *run;
	bool has_data = run->data != NULL &&
	    (run->keep || volume->spec.payload != VOLUME_PAYLOAD_NONE);

	while (rest.bytes > 0) {
		if (!continues(&volume->open, &rest, has_data)) {
			if (end_row(volume) != 0)
				return -1;
			start_row(volume, &rest, has_data);
		}
		if (take(volume, &rest) != 0)
			return -1;
	}
	volume->ends_in_block = true;
	return 0;
}

int volume_rows_append_filemarks(struct volume *volume, uint64_t count)
{
	struct volume_row row;

	if (volume_rows_flush(volume) != 0)
		return -1;
	if (count == 0)
		return 0;
	if (count > VOLUME_FILEMARKS_MAX - volume->end.file)
		return volume_refuse(volume,
		    "volume %s "
		    "is full: it has the maximum of %d filemarks: write on "
		    "another volume",
		    volume->path, (int)VOLUME_FILEMARKS_MAX);
	row = (struct volume_row){
		.first = volume->end.object,
		.count = count,
		.at_byte = volume->end.byte,
		.file = volume->end.file,
	};
	if (insert(volume, &row, NULL, 0) != 0)
		return -1;
	volume->end.object += count;
	volume->end.file += count;
	volume->ends_in_block = false;
	return 0;
}

/*
 * Runs a statement with the parameters ?1, an object of the active partition,
 * and ?2 and ?3, the first and last that it can have.
 */
static int change(struct volume *volume, const char *sql, uint64_t object)
{
	sqlite3_stmt *stmt;

	if (volume_prepare(volume, sql, &stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1,
	    volume_object_key(volume->partition, object));
	sqlite3_bind_int64(stmt, 2, volume_object_key(volume->partition, 0));
	sqlite3_bind_int64(stmt, 3,
	    volume_object_key(volume->partition, VOLUME_OBJECT_MAX));
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "write");
}

/*
 * Stores the row undeflated if a cut at `object` is within a deflated row.
 * Returns 0 or -1.
 */
static int inflate_row(struct volume *volume, uint64_t object)
{
	const struct volume_row *row = &volume->cached;
	sqlite3_stmt *stmt;

	if (object == 0 || volume_cache_row(volume, object - 1) != 0)
		return object == 0 ? 0 : -1;
	if (!row->zlib || row->first + row->count == object)
		return 0;
	if (volume_prepare(volume,
		"update objects set data = ?2, zlib = 0"
		" where first = ?1",
		&stmt) != 0)
		return -1;
	sqlite3_bind_int64(stmt, 1,
	    volume_object_key(volume->partition, row->first));
	sqlite3_bind_blob64(stmt, 2, row->data, row->data_bytes, SQLITE_STATIC);
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK
	    ? 0
	    : volume_failed(volume, "write");
}

/*
 * Deletes the objects from `object` on, the last ones first, in as many
 * transactions as that takes; the last one stays open.  Returns 0 or -1.
 */
static int delete_from(struct volume *volume, uint64_t object)
{
	int rc;

	while ((rc = volume_delete_last(volume, object)) > 0)
		if (volume_commit(volume) != 0 || volume_begin(volume) != 0)
			return -1;
	return rc;
}

int volume_rows_cut(struct volume *volume,
    const struct volume_position *position)
{
	if (volume_rows_flush(volume) != 0 ||
	    inflate_row(volume, position->object) != 0)
		return -1;
	volume_drop_cached_row(volume);
	if (volume_set_aside(volume, position) != 0 ||
	    delete_from(volume, position->object) != 0 ||
	    change(volume,
		"update objects set count = ?1 - first,"
		" last_bytes = block_bytes,"
		" sums = substr(sums, 1, 8 * (?1 - first)),"
		" data = substr(data, 1, block_bytes * (?1 - first))"
		" where first = (select max(first) from objects"
		" where first between ?2 and ?3) and first + count > ?1",
		position->object) != 0 ||
	    volume_commit(volume) != 0)
		return -1;
	if (volume_load_end(volume) != 0)
		return -1;
	return memcmp(&volume->end, position, sizeof *position) == 0
	    ? 0
	    : volume_damaged(volume, "its rows are not contiguous");
}
