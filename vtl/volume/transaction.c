/*
 * transaction.c: begins and commits transactions.  The first change after a
 * commit begins a transaction.  volume_sync() commits it; so does the payload
 * of VOLUME_COMMIT_BYTES.
 */
#include <stdio.h>

#include "vtl/volume/impl.h"

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
