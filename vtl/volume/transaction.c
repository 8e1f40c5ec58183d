/*
 * transaction.c: begins and commits transactions.
 *
 *  1. The first change after a commit begins a transaction.  volume_sync()
 *     commits it; so do VOLUME_COMMIT_BYTES that it stored.
 *  2. As long as rows are overwritten, a transaction takes no more of the file
 *     than was free when it began.  So a volume on a full disk can be written
 *     again, whatever its rows were and are.
 */
#include "vtl/volume/impl.h"
#include "vtl/volume/deflate_pool.h"

int volume_begin(struct volume *volume)
{
	if (volume->broken)
		return -1;
	if (volume->is_protected)
		return volume_refuse(volume,
		    "volume %s is write-protected: permit writing to the file",
		    volume->path);
	volume_drop_cached_row(volume);
	if (!sqlite3_get_autocommit(volume->db))
		return 0;
	return volume_exec(volume, "begin") == 0
	    ? volume_upgrade(volume)
	    : volume_failed(volume, "write");
}

bool volume_may_wait(const struct volume *volume, uint64_t runs,
    uint64_t data_bytes)
{
	/*
	 * A full row has more than half of VOLUME_ROW_BYTES.  The ends of a run
	 * may be rows of their own, and so may be what is open.
	 */
	const uint64_t rows = 2 * data_bytes / VOLUME_ROW_BYTES + 2 * runs + 1;
	uint64_t bytes = volume->pending_bytes + data_bytes +
	    rows * VOLUME_ROW_FIGURES_BYTES;

	if (!volume->nothing_overwritten)
		return true; /* a row may have to wait for space */

	if (volume->open.count > 0)
		bytes += volume->open.data_bytes;
	if (volume->pool != NULL)
		bytes += deflate_pool_count(volume->pool) *
		    (uint64_t)VOLUME_BLOCK_MAX_BYTES;
	/*
	 * When the cache is full for the first time in a transaction, SQLite
	 * synchronises the journal.  Rows do not fill their pages.
	 */
	return bytes >= VOLUME_COMMIT_BYTES ||
	    (bytes >= VOLUME_CACHE_BYTES / 4 &&
		volume->pending_bytes < 2 * VOLUME_CACHE_BYTES);
}

int volume_commit(struct volume *volume)
{
	volume->pending_bytes = volume->pending_file_bytes = 0;
	if (sqlite3_get_autocommit(volume->db))
		return 0;
	if (volume_free_overwritten(volume) != 0)
		return -1;
	return volume_exec(volume, "commit") == 0
	    ? 0
	    : volume_failed(volume, "synchronise");
}

int volume_begin_row(struct volume *volume, uint64_t bytes)
{
	const uint64_t file_bytes = volume_row_file_bytes(bytes);

	while (!volume->nothing_overwritten && !volume->deletes_at_once &&
	    volume->pending_file_bytes + file_bytes > volume->free_bytes)
		if (volume_begin(volume) != 0 || volume_commit(volume) != 0)
			return -1;
	volume->pending_bytes += bytes;
	volume->pending_file_bytes += file_bytes;
	return volume_begin(volume);
}
