/*
 * impl.h: what the files of the volume share.  Each calls those above it.
 *
 *     sql.c           SQLite, and how its failures are recorded
 *     row.c           a row of objects in memory, and its key in the file
 *     sum.c           checksums of blocks (sum.h)
 *     deflate_pool.c  threads that deflate rows (deflate_pool.h)
 *     spec.c          what the volume is
 *     partition.c     its partitions
 *     attribute.c     its attributes
 *     schema.c        the format: SQL, versions, upgrades
 *     read.c, find.c  reading, and finding objects
 *     overwritten.c   rows that were cut off, until their space is used
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
 * A function here that fails records the failure and returns -1.  Each caller
 * then returns -1 too, up to the public function, which rolls back.
 *
 * Objects are stored as rows, each a run of similar ones.  The last row stays
 * open in memory until it is not continued any more, so that without payload a
 * run of any length takes one row.
 */
#ifndef VTL_VOLUME_IMPL_H
#define VTL_VOLUME_IMPL_H

#include <sqlite3.h>

#include "splitter/base/database/database.h"
#include "vtl/volume/volume.h"
#include "vtl/volume/sum.h"

enum {
	VOLUME_APPLICATION_ID = 0x54704c62, /* "TpLb" */
	VOLUME_FORMAT = 7,
	/* most bytes of payload in a row: some fit into a processor's cache */
	VOLUME_ROW_BYTES = 256 << 10,
	VOLUME_COMMIT_BYTES = 64 << 20, /* commit when as many are pending */
	VOLUME_ROW_FIGURES_BYTES = 96,  /* of a row, except data and sums */
	VOLUME_PAGE_BYTES = 64 << 10,   /* of a file with payload */
	VOLUME_CACHE_BYTES = 768 << 10, /* of SQLite's pages */
	/* see schema.c */
	VOLUME_OBJECT_BITS = 60,
	VOLUME_FILE_BITS = 32
};

/* The number of a last object of a partition. */
#define VOLUME_OBJECT_MAX ((UINT64_C(1) << VOLUME_OBJECT_BITS) - 1)

/*
 * The byte that a process locks, after the end of any volume; see file_lock.h.
 */
#define VOLUME_LOCK_BYTE ((int64_t)1 << 62)

/*
 * A run of blocks, or of filemarks (block_bytes 0).  Stored data ends with its
 * last byte that is not zero.
 */
struct volume_row {
	uint64_t first; /* number of the first object */
	uint64_t count; /* 0: no row */
	uint64_t block_bytes;
	uint64_t last_bytes;
	uint64_t at_byte;
	uint64_t file;
	uint64_t dump_id;
	uint64_t offset;
	bool has_data;
	bool keep; /* not to be joined with other rows */
	bool zlib;
	const uint8_t *data; /* NULL: only in the file */
	/* stored bytes (open row: taken); if deflated, the inflated length */
	uint64_t data_bytes;
	const uint8_t *sums; /* checksums of the blocks, with their zeros */
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
	struct file_lock *lock; /* the lock on the file */
	int format;             /* 1 .. VOLUME_FORMAT */
	struct volume_spec spec;
	bool is_protected;
	bool failed;       /* something failed since the last volume_settle() */
	bool may_not_grow; /* the file: `failed` because of this */
	bool broken;       /* the rollback failed */
	bool storage_failed; /* the last failure: volume_is_storage_error() */
	bool is_changed;     /* the medium, since the last volume_loaded() */
	uint32_t change_reference;
	uint64_t usable_bytes; /* of the medium, for all partitions */
	struct volume_partition partitions[VOLUME_PARTITIONS_MAX];
	unsigned partition_count;
	unsigned
	    partition; /* the active one: `end`, `open`, `cached` are of it */
	uint64_t pending_bytes;      /* stored since the last commit */
	uint64_t pending_file_bytes; /* and what that takes of the file */
	uint64_t free_bytes;         /* of the file, at the last commit */
	bool nothing_overwritten;    /* the table is empty: the file grows */
	bool deletes_at_once;        /* a cut sets no rows aside, frees none */
	struct volume_position end;
	bool ends_in_block;
	struct volume_row open; /* the last row, not yet in the file */
	struct volume_store open_store;
	struct deflate_pool *pool; /* NULL until a row is deflated */
	struct volume_row marks;   /* the filemarks found last */
	struct volume_row cached;  /* the row that was read last */
	struct volume_store cached_store;
	sqlite3_blob *cached_data; /* the blob of `cached`, or of another row */
	/* the part of cached_data that is in cached_store */
	uint64_t window_at, window_bytes;
	/* sorted by partition, unit, file and position */
	struct volume_defect *defects;
	size_t defect_count;
	uint64_t longest_defect; /* upper limit of all lengths */
	char message[VOLUME_MESSAGE_BYTES];
	char storage_error[VOLUME_MESSAGE_BYTES]; /* the first storage error */
};

/* sql.c */

/*
 * Opens the database of a volume with database_open().  *db is NULL, or the
 * caller closes it.
 */
const char *volume_open_database(const char *path, enum database_use use,
    sqlite3 **db);
/* Runs statements.  Returns 0, or -1 with no failure recorded. */
int volume_exec(struct volume *volume, const char *sql);
/* Compiles a statement.  Returns 0 or -1. */
int volume_prepare(struct volume *volume, const char *sql, sqlite3_stmt **stmt);
/* Returns why SQLite or an allocation failed, and what to do about it. */
const char *volume_error_reason(sqlite3 *db);
/*
 * Records that SQLite failed in `doing`; volume_settle() rolls back.  Returns
 * -1.
 */
int volume_failed(struct volume *volume, const char *doing);
/*
 * Records a failure for which this machine is not to blame, with this message;
 * nothing is rolled back.  Returns -1.
 */
int volume_refuse(struct volume *volume, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same: the rows contradict each other. */
int volume_damaged(struct volume *volume, const char *what);
/* Records that there is no memory to read; nothing is rolled back.  Returns -1. */
int volume_read_no_memory(struct volume *volume);
/* Finalizes the statements that are kept; they are compiled when needed. */
void volume_forget_statements(struct volume *volume);

/* row.c */

/* Return the numbers that stand for an object and a file in the file; see
 * schema.c. */
int64_t volume_object_key(unsigned partition, uint64_t object);
int64_t volume_file_key(unsigned partition, uint64_t file);
/*
 * Converts `first` and `file` of a row, which are those in the file, to numbers
 * in the partition that `first` tells.  Returns false if the two are not of one
 * partition.
 */
bool volume_row_from_keys(struct volume_row *row);
/* Returns whether the values of a row are possible. */
bool volume_figures_agree(const struct volume_row *row);
/* Returns the bytes of the row's blocks. */
uint64_t volume_row_bytes(const struct volume_row *row);
/*
 * Of a row with this many bytes of figures, sums and data, in a file with
 * payload: the most that it takes of the file, and what it takes of the page on
 * which it begins.  That page is in the journal when the row is deleted.
 */
uint64_t volume_row_file_bytes(uint64_t bytes);
uint64_t volume_row_leaf_bytes(uint64_t bytes);
/* Makes room for a row of these sizes.  Returns 0, or -1 without memory. */
int volume_store_room(struct volume_store *store, size_t data_bytes,
    size_t sums_bytes);

/* spec.c */

int volume_check_spec(const char *path, const struct volume_spec *spec,
    char *message);
/*
 * Inserts the row of the table `volume`.  Returns 0, or -1 on an error of
 * SQLite.
 */
int volume_insert_spec(sqlite3 *db, const struct volume_spec *spec);
/* Reads the row of the table `volume`.  Returns 0 or -1. */
int volume_load_spec(struct volume *volume);
/*
 * Does what volume_set_medium() does, within an open transaction.  Returns 0 or
 * -1.
 */
int volume_spec_set_medium(struct volume *volume, const char *code);

/* partition.c */

/*
 * Reads the partitions and the change reference.  A partition that is not there
 * any more is not active.  Returns 0 or -1.
 */
int volume_load_partitions(struct volume *volume);
/*
 * Does what volume_format() does, within an open transaction.  Returns 0 or -1.
 */
int volume_make_partitions(struct volume *volume, uint64_t usable_bytes,
    const struct volume_partition *partitions, unsigned count);
/*
 * Counts the first change after a load, within an open transaction.  Returns 0
 * or -1.
 */
int volume_count_change(struct volume *volume);

/* attribute.c: what the functions of volume.h do; a change needs an open
 * transaction.
 */

int volume_attributes_read(struct volume *volume, unsigned partition,
    uint16_t from, volume_each_attribute *each, void *arg);
int volume_attributes_store(struct volume *volume, unsigned partition,
    const struct volume_attribute *attributes, size_t count);

/* schema.c */

/* Returns the SQL that makes the tables and views of a new volume. */
const char *volume_schema(void);
/*
 * Returns the SQL that empties the table `overwritten`, and moves all rows of
 * `objects` into it.
 */
const char *volume_schema_set_aside(void);
/*
 * Checks that the file has the tables of its format, and no triggers.  Returns
 * 0 or -1.
 */
int volume_check_schema(struct volume *volume);
/*
 * Reads the version of the format.  Temporary views show an older volume as one
 * of the newest version.  Returns 0 or -1.
 */
int volume_load_format(struct volume *volume);
/*
 * Upgrades to the newest version, within an open transaction.  Returns 0 or -1.
 */
int volume_upgrade(struct volume *volume);

/* read.c, find.c: call volume_rows_flush() before these functions. */

/* Loads the row that contains `object` into `cached`.  Returns 0 or -1. */
int volume_cache_row(struct volume *volume, uint64_t object);
/* Empties `cached`.  Call this before the file changes. */
void volume_drop_cached_row(struct volume *volume);
/*
 * Gets the first row from object `first` on, without checks.  Returns 1, 0 if
 * there is no such row, or -1.
 */
int volume_next_row(struct volume *volume, uint64_t first,
    struct volume_row *row);
/* Reads EOD, as last committed, from the file.  Returns 0 or -1. */
int volume_load_end(struct volume *volume);
/*
 * Reads the EOD of any partition, as it is in the file.  `*in_block` as
 * volume_ends_in_block(); NULL: not needed.  Returns 0 or -1.
 */
int volume_read_end(struct volume *volume, unsigned partition,
    struct volume_position *end, bool *in_block);
/* Does what volume_read() does, for an object before EOD; `out` is zeroed. */
int volume_rows_read(struct volume *volume, uint64_t object, void *buf,
    uint64_t buf_bytes, struct volume_object *out);
/* Does what volume_find_file() does, for a file after the first one. */
int volume_rows_find_file(struct volume *volume, uint64_t file,
    struct volume_position *position);
/* Does what volume_find_object() does, for an object before EOD. */
int volume_rows_find_object(struct volume *volume, uint64_t object,
    struct volume_position *position);

/* overwritten.c: a transaction must be open. */

/*
 * Moves the objects from `position` on out of the table `objects`, if they are
 * most of the medium; otherwise, or if there is no room for it, does nothing.
 * The row that contains `position` stays as it is.  Returns 0 or -1.
 */
int volume_set_aside(struct volume *volume,
    const struct volume_position *position);
/*
 * Does the same with all objects of all partitions, also invalid ones.  Returns 0
 * or -1.
 */
int volume_set_all_aside(struct volume *volume);
/*
 * Frees rows that were set aside, as far as the next transaction needs space,
 * but not more than take some hundredths of a second.  Sets `free_bytes`.
 * Returns 0 or -1.
 */
int volume_free_overwritten(struct volume *volume);
/*
 * Deletes rows of the active partition from its end, at most from `object` on,
 * and as many as volume_free_overwritten() frees.  Returns 1 if there are more,
 * 0, or -1.
 */
int volume_delete_last(struct volume *volume, uint64_t object);

/* overwritten.c: no transaction need be open. */

/* Finds out how much of the file is free.  Returns 0 or -1. */
int volume_measure_free(struct volume *volume);

/* transaction.c */

/* Begins a transaction if none is open.  Returns 0 or -1. */
int volume_begin(struct volume *volume);
/* Commits the open transaction.  Returns 0 or -1. */
int volume_commit(struct volume *volume);
/*
 * Begins a transaction in which a row of this many bytes of figures, sums and
 * data is stored: commits first what is pending, if there is no space for both.
 * Returns 0 or -1.
 */
int volume_begin_row(struct volume *volume, uint64_t bytes);

/* write.c: a transaction must be open, except for flush and drop. */

int volume_rows_append(struct volume *volume, const struct volume_run *run);
int volume_rows_append_filemarks(struct volume *volume, uint64_t count);
int volume_rows_cut(struct volume *volume,
    const struct volume_position *position);
/*
 * Writes the open row, and the rows in the deflate pool, to the file.  Returns
 * 0 or -1.
 */
int volume_rows_flush(struct volume *volume);
/* Drops the open row and the rows in the deflate pool. */
void volume_rows_drop(struct volume *volume);

/* defect.c */

/* Adds a defect to the array in memory.  Returns 0 or -1. */
int volume_defect_remember(struct volume *volume,
    const struct volume_defect *defect);
/* Removes a defect, which must be in the array, from memory. */
void volume_defect_forget(struct volume *volume,
    const struct volume_defect *defect);

/* defect_table.c */

/* Reads the table into memory; skips invalid rows.  Returns 0 or -1. */
int volume_load_defects(struct volume *volume);
/* Adds a defect to the table and in memory.  Returns 0 or -1. */
int volume_defect_insert(struct volume *volume,
    const struct volume_defect *defect);
/* Deletes the row of a defect from the table.  Returns 0 or -1. */
int volume_defect_delete(struct volume *volume,
    const struct volume_defect *defect);

/* history.c */

/*
 * These do what volume_log_event(), volume_each_event() and
 * volume_count_events() do; volume_history_add() needs an open transaction.
 */
int volume_history_add(struct volume *volume, const char *event,
    const char *text);
int volume_history_each(struct volume *volume, const char *event,
    void (*each)(void *arg, const char *text), void *arg);
int volume_history_count(struct volume *volume, const char *event,
    uint64_t *count);

/* lock.c */

/*
 * Writes the message that the volume is in use, and by which process if known.
 */
void volume_report_holder(const char *path, char message[VOLUME_MESSAGE_BYTES]);
/*
 * Locks the file.  Returns NULL and a message on failure; errno is EBUSY if the
 * file is in use.
 */
struct file_lock *volume_lock(const char *path, bool is_protected,
    char message[VOLUME_MESSAGE_BYTES]);

/* volume.c */

/* Reads again from the file what is kept in memory.  Returns 0 or -1. */
int volume_reload(struct volume *volume);
/* Rolls back if a call failed; the message stays. */
void volume_settle(struct volume *volume);

/* wear.c */

/*
 * Logs an event of the use of the medium, and synchronises it.  A volume that is
 * write-protected or has an older format is left as it is.  If the file cannot
 * be written, that fails no later operation.
 */
void volume_log_use(struct volume *volume, const char *event, const char *text);

#endif
