/*
 * transaction.c: begins and commits transactions.  The first change after a
 * commit begins a transaction.  volume_sync() commits it; so do `commit_bytes`
 * that it stored.
 */
#include <stdio.h>

#include "vtl/volume/impl.h"
#include "vtl/volume/deflate_pool.h"

int volume_begin(struct volume *volume)
{
	if (volume->broken)
		return -1;
	if (volume->is_protected) {
		snprintf(volume->message, sizeof volume->message,
		    "volume %s is write-protected: permit writing to the file",
		    volume->path);
		return -1;
	}
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

	if (volume->open.count > 0)
		bytes += volume->open.data_bytes;
	if (volume->pool != NULL)
		bytes += deflate_pool_count(volume->pool) *
		    (uint64_t)VOLUME_BLOCK_MAX_BYTES;
	/*
	 * When the cache is full for the first time in a transaction, SQLite
	 * synchronises the journal.  Rows do not fill their pages.
	 */
	return bytes >= volume->commit_bytes ||
	    (bytes >= VOLUME_CACHE_BYTES / 4 &&
		volume->pending_bytes < 2 * VOLUME_CACHE_BYTES);
}

int volume_commit(struct volume *volume)
{
	volume->pending_bytes = 0;
	if (sqlite3_get_autocommit(volume->db))
		return 0;
	if (volume_free_overwritten(volume) != 0)
		return -1;
	return volume_exec(volume, "commit") == 0
	    ? 0
	    : volume_failed(volume, "synchronise");
}
