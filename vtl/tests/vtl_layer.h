/*
 * vtl_layer.h: a layer under the volumes' own (vtl/volume/vfs.h) that shows a
 * test what is done to the disk, and can make it fail.
 */
#ifndef VTL_TESTS_VTL_LAYER_H
#define VTL_TESTS_VTL_LAYER_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

enum layer_deed { LAYER_WRITE, LAYER_TRUNCATE, LAYER_SYNC, LAYER_DELETE };

/* What is about to be done. */
struct layer_event {
	enum layer_deed deed;
	bool journal;     /* to the journal, else to the database */
	const void *data; /* of a write */
	int bytes;
	sqlite3_int64 at;   /* of a write; the length of a truncate */
	sqlite3_file *real; /* but for a delete */
};

/*
 * Puts the layer under all databases that are opened from now on.  `hook` is
 * called before each deed; what it returns, if it is not SQLITE_OK, is what
 * becomes of it.  It may be called by the thread that writes behind, but by no
 * two at once.  A sync is never really done.
 */
void layer_put(int (*hook)(const struct layer_event *event));

/* Takes it away again; nothing may be open. */
void layer_remove(void);

#endif
