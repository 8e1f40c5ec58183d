/*
 * impl.h: what the files of the volume share.  Each calls those above it.
 *
 *     sql.c           SQLite, and how its failures are recorded
 *     row.c           a row of objects in memory
 *     sum.c           checksums of blocks (sum.h)
 *     deflate_pool.c  threads that deflate rows (deflate_pool.h)
 *     spec.c          what the volume is
 *     schema.c        the format: SQL, versions, upgrades
 *     read.c, find.c  reading, and finding objects
 *     transaction.c   begin and commit
 *     write.c         appending and cutting
 *     defect.c        defects: those that a block covers
 *     defect_table.c  and their rows
 *     history.c       what was done to the volume
 *     create.c        making a volume
 *     lock.c          the lock on the file, and who holds it
 *     volume.c        the public functions, and what they roll back
 *     open.c          open and close
 *     fingerprint.c   whether a volume holds what it held (fingerprint.h)
 *     verify.c        looking for faults (verify.h)
 *
 * A function here that fails returns -1, with the failure recorded; its caller
 * does no more either, up to the public function, which rolls back.
 *
 * Objects are stored as rows, each a run of similar ones.  The last row stays
 * open in memory until it is not continued any more, so that without payload a
 * run of any length takes one row.
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
	VOLUME_ROW_BYTES = 1 << 20,    /* of payload in a row, at most */
	VOLUME_COMMIT_BYTES = 64 << 20 /* of payload in a transaction */
};

/* The byte that is locked, after the end of any volume; see file_lock.h. */
#define VOLUME_LOCK_BYTE ((int64_t)1 << 62)

/*
 * A run of blocks, or of filemarks (block_bytes 0).  Stored data ends with its
 * last byte that is not zero.
 */
struct volume_row {
	uint64_t first; /* object number */
	uint64_t count; /* 0: no row */
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
	uint64_t data_bytes; /* stored; inflated, if it is deflated */
	const uint8_t *sums; /* of each block with its zeros */
};

/* Memory for the data and sums of a row. */
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
	bool failed;            /* since the last volume_settle() */
	bool broken;            /* could not be rolled back */
	bool storage_failed;    /* see volume_is_storage_error */
	uint64_t pending_bytes; /* stored since the last commit */
	struct volume_position end;
	bool ends_in_block;
	struct volume_row open; /* not in the file yet */
	struct volume_store open_store;
	struct deflate_pool *pool; /* NULL until a row is deflated */
	struct volume_row marks;   /* the filemarks found last */
	struct volume_row cached;  /* the row read last, */
	struct volume_store cached_store;
	sqlite3_blob *cached_data;        /* its data; may be of another row */
	uint64_t window_at, window_bytes; /* the part of it in the store */
	struct volume_defect *defects;    /* by unit, file and position */
	size_t defect_count;
	uint64_t longest_defect; /* upper limit of all lengths */
	char message[VOLUME_MESSAGE_BYTES];
	char storage_error[VOLUME_MESSAGE_BYTES]; /* the first */
};

/* sql.c */

/* database_open() of a volume.  *db is NULL, or the caller's to close. */
const char *volume_open_database(const char *path, enum database_use use,
    sqlite3 **db);
/* Runs statements.  0, or -1 with nothing recorded. */
int volume_exec(struct volume *volume, const char *sql);
/* Compiles a statement.  0 or -1. */
int volume_prepare(struct volume *volume, const char *sql, sqlite3_stmt **stmt);
/* Why SQLite, or an allocation, failed, and what to do about it. */
const char *volume_error_reason(sqlite3 *db);
/* Records that SQLite failed in `doing`: volume_settle() rolls back.  -1. */
int volume_failed(struct volume *volume, const char *doing);
/* Records that the rows contradict each other; nothing is rolled back.  -1. */
int volume_damaged(struct volume *volume, const char *what);
/* Finalizes the statements that are kept; they are compiled when needed. */
void volume_forget_statements(struct volume *volume);

/* row.c */

/* Whether the figures of a row are possible. */
bool volume_figures_agree(const struct volume_row *row);
/* Bytes of the row's blocks. */
uint64_t volume_row_bytes(const struct volume_row *row);
/* Makes room for a row of these sizes.  0, or -1 when there is no memory. */
int volume_store_room(struct volume_store *store, size_t data_bytes,
    size_t sums_bytes);

/* spec.c */

int volume_check_spec(const char *path, const struct volume_spec *spec,
    char *message);
/* Inserts its row.  0; -1: an error of SQLite. */
int volume_insert_spec(sqlite3 *db, const struct volume_spec *spec);
/* Reads what the volume is from the file.  0 or -1. */
int volume_load_spec(struct volume *volume);
/* volume_set_medium() in a transaction that is open.  0 or -1. */
int volume_spec_set_medium(struct volume *volume, const char *code);

/* schema.c */

/* The statements that make the tables and views of a new volume. */
const char *volume_schema(void);
/* Whether its tables are those of its format, and nothing acts by itself. */
int volume_check_schema(struct volume *volume);
/*
 * Reads the version of the format; an older volume is shown as one of the
 * newest.  0 or -1.
 */
int volume_load_format(struct volume *volume);
/* Upgrades to the newest version, in the transaction that is open.  0 or -1. */
int volume_upgrade(struct volume *volume);

/* read.c, find.c: rows in memory must have been flushed. */

/* Makes the row that `object` is in the row last read.  0 or -1. */
int volume_cache_row(struct volume *volume, uint64_t object);
/* Forgets that, as the file is about to change. */
void volume_drop_cached_row(struct volume *volume);
/* The figures of the first row from `first` on, right or wrong.  1, 0 or -1. */
int volume_next_row(struct volume *volume, uint64_t first,
    struct volume_row *row);
/* Reads from the file where it ends, as it was last committed.  0 or -1. */
int volume_load_end(struct volume *volume);
/* volume_read() of an object before EOD; `out` is zeroed. */
int volume_rows_read(struct volume *volume, uint64_t object, void *buf,
    uint64_t buf_bytes, struct volume_object *out);
/* volume_find_file() of a file after the first that is there. */
int volume_rows_find_file(struct volume *volume, uint64_t file,
    struct volume_position *position);
/* volume_find_object() of an object before EOD. */
int volume_rows_find_object(struct volume *volume, uint64_t object,
    struct volume_position *position);

/* transaction.c */

/* Begins a transaction if none is open.  0 or -1. */
int volume_begin(struct volume *volume);
/* Ends it.  0 or -1. */
int volume_commit(struct volume *volume);

/* write.c: a transaction must be open, except for flush and drop. */

int volume_rows_append(struct volume *volume, const struct volume_run *run);
int volume_rows_append_filemarks(struct volume *volume, uint64_t count);
int volume_rows_cut(struct volume *volume,
    const struct volume_position *position);
/* Puts the open row, and those being deflated, into the file.  0 or -1. */
int volume_rows_flush(struct volume *volume);
/* Drops them. */
void volume_rows_drop(struct volume *volume);

/* defect.c */

/* Adds a defect to those in memory.  0 or -1. */
int volume_defect_remember(struct volume *volume,
    const struct volume_defect *defect);
/* Removes one, which is of the array. */
void volume_defect_forget(struct volume *volume,
    const struct volume_defect *defect);

/* defect_table.c */

/* Reads the table into memory, without the rows that cannot be.  0 or -1. */
int volume_load_defects(struct volume *volume);
/* Adds a defect to the table and in memory.  0 or -1. */
int volume_defect_insert(struct volume *volume,
    const struct volume_defect *defect);
/* Deletes its row from the table.  0 or -1. */
int volume_defect_delete(struct volume *volume,
    const struct volume_defect *defect);

/* history.c */

/* volume_log_event() in a transaction that is open, and the other two. */
int volume_history_add(struct volume *volume, const char *event,
    const char *text);
int volume_history_each(struct volume *volume, const char *event,
    void (*each)(void *arg, const char *text), void *arg);
int volume_history_count(struct volume *volume, const char *event,
    uint64_t *count);

/* lock.c */

/* Leaves a message that it is in use, and by whom, where that can be known. */
void volume_report_holder(const char *path, char message[VOLUME_MESSAGE_BYTES]);
/* Locks the file.  NULL and a message; errno is EBUSY where it is in use. */
struct file_lock *volume_lock(const char *path, bool is_protected,
    char message[VOLUME_MESSAGE_BYTES]);

/* volume.c */

/* Reads what is kept in memory from the file.  0 or -1. */
int volume_reload(struct volume *volume);
/* Rolls back if something failed; the message stays. */
void volume_settle(struct volume *volume);

#endif
