/*
 * volume_impl.h: what the files of the volume share.
 *
 *     volume_schema.c   the format: SQL, making a volume, telling one
 *     volume_spec.c     what a volume is
 *     volume_vfs.c      a layer between SQLite and the system (volume_vfs.h)
 *     volume.c          open, transactions, failure, close
 *     volume_write.c    appending and cutting
 *     volume_pack.c     rows that are deflated meanwhile (volume_pack.h)
 *     volume_read.c     finding and reading
 *     volume_find.c     where an object lies
 *     volume_defect.c   defects: those that a block lies over
 *     volume_defect_table.c  and their rows
 *     volume_who.c      the lock on the file, and who has it
 *     volume_mark.c     whether it holds what it held (volume_mark.h)
 *     volume_verify.c   looking for faults (volume_verify.h)
 *
 * Objects are stored as rows, each a run of like ones.  The last row is kept
 * open in memory until something that does not continue it comes, so that a
 * run of any length costs one row where no payload is stored.
 */
#ifndef VTL_VOLUME_IMPL_H
#define VTL_VOLUME_IMPL_H

#include <sqlite3.h>

#include "splitter/base/database.h"
#include "vtl/volume/volume.h"
#include "vtl/volume/sum.h"

enum {
	VOLUME_APPLICATION_ID = 0x54704c62, /* "TpLb" */
	VOLUME_FORMAT = 4,
	VOLUME_FORMAT_MEDIUM = 4,      /* the first that may say its type */
	VOLUME_ROW_BYTES = 1 << 20,    /* of payload in a row, at most */
	VOLUME_COMMIT_BYTES = 64 << 20 /* of payload in a transaction */
};

/* Of the file, behind all that a volume can hold; see file_lock.h. */
#define VOLUME_LOCK_BYTE ((int64_t)1 << 62)

/*
 * A run of blocks, or of filemarks (block_bytes 0).  Stored data is cut after
 * its last byte that is not zero.
 */
struct volume_row {
	uint64_t first; /* object number */
	uint64_t count; /* 0: there is no such row */
	uint64_t block_bytes;
	uint64_t last_bytes;
	uint64_t at_byte;
	uint64_t file;
	uint64_t dump_id;
	uint64_t offset;
	bool has_data;
	bool keep; /* a row of its own */
	bool zlib;
	const uint8_t *data; /* NULL: only in the file */
	uint64_t data_bytes; /* stored; of a zlib stream, what it holds */
	const uint8_t *sums; /* of each block, whole */
};

/* Memory that a row's data and sums lie in. */
struct volume_store {
	uint8_t *data, *sums;
	size_t data_room, sums_room;
};

struct volume {
	sqlite3 *db;
	sqlite3_stmt *insert, *find;
	char *path;
	struct file_lock *lock; /* of the file */
	int format;             /* 1 .. VOLUME_FORMAT */
	struct volume_spec spec;
	bool is_protected;
	bool broken;            /* cannot even be rolled back */
	bool machine_failed;    /* see volume_machine_failed */
	uint64_t pending_bytes; /* stored since the last commit */
	struct volume_place end;
	bool ends_in_block;
	struct volume_row open; /* not in the file yet */
	struct volume_store open_store;
	struct pack *pack;       /* NULL until a row is deflated */
	struct volume_row marks; /* the filemarks last looked up */
	struct volume_row seen;  /* the row last read, */
	struct volume_store seen_store;
	sqlite3_blob *seen_data;          /* its data, or that of another row */
	uint64_t window_at, window_bytes; /* what of it is in the store */
	struct volume_defect *defects;    /* by unit, file and place */
	size_t defect_count;
	uint64_t longest_defect; /* at least; 0: there was none */
	char message[VOLUME_MESSAGE_BYTES];
	char lost[VOLUME_MESSAGE_BYTES]; /* see volume_lost() */
};

/* volume_schema.c */

/* database_open() of a volume.  *db is NULL, or the caller's to close. */
const char *volume_open_database(const char *path, enum database_use use,
    sqlite3 **db);
/* Whether its tables are those of its format, and nothing acts by itself. */
int volume_check_schema(struct volume *volume);
int volume_load_format(struct volume *volume);
/* Makes it one of this format, in the transaction that is open.  0 or -1. */
int volume_migrate(struct volume *volume);

/* volume_spec.c */

int volume_check_spec(const char *path, const struct volume_spec *spec,
    char *message);
/* Puts it into the table.  0, or -1 as SQLite says. */
int volume_insert_spec(sqlite3 *db, const struct volume_spec *spec);
/* Reads what the volume is from the file.  0 or -1. */
int volume_load_spec(struct volume *volume);

/* volume.c */

/* Begins a transaction if none is open.  0 or -1. */
int volume_begin(struct volume *volume);
/* Ends it.  0 or -1. */
int volume_commit(struct volume *volume);
/* Why SQLite, or an allocation beside it, failed, and what to do about it. */
const char *volume_reason(sqlite3 *db);
/* Reports such an error, forgets all behind the last commit.  -1. */
int volume_fail(struct volume *volume, const char *doing);
/* Reports a volume whose rows contradict each other.  -1. */
int volume_damaged(struct volume *volume, const char *what);
/* The statements that are kept: they are prepared again when needed. */
void volume_forget_statements(struct volume *volume);
int volume_exec(struct volume *volume, const char *sql);
int volume_prepare(struct volume *volume, const char *sql, sqlite3_stmt **stmt);

/* volume_write.c */

/* Puts the open row, and those being deflated, into the file.  0 or -1. */
int volume_flush(struct volume *volume);
/* Drops them. */
void volume_drop_rows(struct volume *volume);
/* Makes room for a row of these sizes.  0, or -1 when there is no memory. */
int volume_store_room(struct volume_store *store, size_t data_bytes,
    size_t sums_bytes);

/* volume_read.c */

/* Makes the row that `object` is in the row last read.  0 or -1. */
int volume_see(struct volume *volume, uint64_t object);
/* Forgets that, as the file is about to change. */
void volume_unsee(struct volume *volume);
/* Whether the figures of a row can be. */
bool volume_figures_agree(const struct volume_row *row);
/* The figures of the first row from `first` on, right or wrong.  1, 0 or -1. */
int volume_next_row(struct volume *volume, uint64_t first,
    struct volume_row *row);
/* Bytes of the row's blocks. */
uint64_t volume_row_bytes(const struct volume_row *row);
/* Reads from the file where it ends, as it was last committed.  0 or -1. */
int volume_load_end(struct volume *volume);

/* volume_who.c */

/* Leaves a message that it is in use, and by whom, where that can be known. */
void volume_say_who(const char *path, char message[VOLUME_MESSAGE_BYTES]);

/* Locks the file.  NULL and a message; errno is EBUSY where it is in use. */
struct file_lock *volume_lock(const char *path, bool is_protected,
    char message[VOLUME_MESSAGE_BYTES]);

/* volume_defect.c */

/* Puts it among them, as it is.  0 or -1. */
int volume_defect_remember(struct volume *volume,
    const struct volume_defect *defect);

/* volume_defect_table.c */

/* Reads them from the file; what cannot be is left out.  0 or -1. */
int volume_load_defects(struct volume *volume);
/* Takes its row away.  0 or -1. */
int volume_defect_delete(struct volume *volume,
    const struct volume_defect *defect);

#endif
