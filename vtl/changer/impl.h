/*
 * impl.h: what the files of the changer share.
 *
 *     statement.c       statements, errors, names of elements
 *     check_rows.c      what the rows may contain
 *     client.c          clients: their rows and their locks
 *     element.c         the contents of one element
 *     relocate.c        a cartridge changes its element
 *     restore.c         completes the restore of a snapshot
 *     begin.c           begins transactions; returns what ended clients left
 *     list.c            lists elements and their contents
 *     robot_fault.c     faults of the robot
 *     volume_fault.c    faults of volumes, and the strikes of all faults
 *     move.c            moves that a person or a changer command requests
 *     acquire.c         finds a cartridge and a drive for a client
 *     take_drives.c     gives all drives to one client
 *     import_export.c   cartridges come and go
 *     drive_settings.c  behaviour and faults of drives
 *     identity.c        names and numbers by which initiators know devices
 *     schema.c          the tables, and their older versions
 *     fill.c            the tables and elements of a new library
 *     open.c            opening and closing
 *     create.c          making a library on disk
 *     snapshot.c        copies of a library's files
 *     clone.c           clones, and the restore of snapshots
 *
 * A file calls only files above it in this list.
 */
#ifndef VTL_CHANGER_IMPL_H
#define VTL_CHANGER_IMPL_H

#include <limits.h>
#include <sqlite3.h>

#include "vtl/changer/changer.h"
#include "vtl/changer/identity.h"
#include "splitter/base/database/database.h"
#include "splitter/base/database/version.h"
#include "vtl/drive/options.h"
#include "vtl/base/file_lock.h"

enum {
	CHANGER_APPLICATION_ID = 0x54704c43, /* "TpLC" */
	CHANGER_VERSION = 8,                 /* the newest, of library.db */
	CHANGER_STMTS = 128,
	CHANGER_PATIENCE_MS = 20000 /* longest wait for another process */
};

/*
 * The longest duration that a library can store: 10000 hours, as in a scenario.
 */
#define CHANGER_NS_MAX (INT64_C(10000) * 3600 * 1000000000)

/* A prepared statement, for reuse. */
struct changer_stmt {
	const char *sql;
	sqlite3_stmt *stmt;
};

struct changer {
	sqlite3 *db;
	struct changer_stmt stmts[CHANGER_STMTS]; /* hash table by `sql` */
	char *folder;                             /* "" in memory */
	char program[CHANGER_PROGRAM_BYTES];
	bool in_memory;
	bool read_only;
	struct file_lock *lock; /* library.lock; NULL: missing */
	int64_t client;         /* 0: this changer is no client yet */
	int64_t move_ns;
	int64_t struck;   /* the fault that struck in the last move; 0: none */
	int64_t numbered; /* the last fault that was added; 0: none */
	struct model **models; /* those of the users' profiles; owned */
	size_t models_count;
	char message[VOLUME_MESSAGE_BYTES];
	enum changer_reason reason;
};

/*
 * Each user of the library takes a shared lock on this byte; a creation locks
 * it alone.  Client N locks byte N, from 1.
 */
enum { CHANGER_LOCK_ALL = 0 };

/* The cartridge in an element; id 0: the element is empty. */
struct changer_contents {
	int64_t id;
	unsigned address;
	unsigned source_address;
	char barcode[VOLUME_BARCODE_BYTES];
	char medium[VOLUME_MEDIUM_BYTES]; /* as in volume_spec */
	bool cleaning;
};

/* model.c */

/*
 * Returns the model of a drive by the columns `model` and `profile` of its row,
 * which may be null.  A profile is read once; its model lives as long as the
 * changer.  Returns NULL if the model is unknown, or after an error.
 */
const struct model *changer_model(struct changer *changer, const char *name,
    const char *profile);

/* Reads the profiles of all drives. */
enum changer_status changer_check_profiles(struct changer *changer);

void changer_free_models(struct changer *changer);

/* statement.c */

/* What library.db is. */
extern const struct database_kind changer_kind;

/* Returns what an error of the system means, and what to do. */
const char *changer_error_reason(int error);

/* Begins a request: no message, no reason. */
void changer_forget_error(struct changer *changer);

/* Sets the message, and the reason by `status`; returns `status`. */
enum changer_status changer_error(struct changer *changer,
    enum changer_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with this reason. */
enum changer_status changer_refuse(struct changer *changer,
    enum changer_status status, enum changer_reason reason, const char *format,
    ...) __attribute__((format(printf, 4, 5)));

/* Sets the message of SQLite's last error.  Returns CHANGER_ERROR. */
enum changer_status changer_sqlite_error(struct changer *changer);

/* Sets the message that memory is short.  Returns CHANGER_ERROR. */
enum changer_status changer_no_memory(struct changer *changer);

/*
 * Prepares a statement and binds its parameters: `types` has one character for
 * each argument, 'i' for an int64_t and 's' for a string or NULL.  `sql` is a
 * literal.  The changer owns the statement; the caller resets it with
 * sqlite3_reset().  NULL on an error, whose message is set.
 */
sqlite3_stmt *changer_prepare(struct changer *changer, const char *sql,
    const char *types, ...);

/* Prepares a statement and runs it to its end. */
enum changer_status changer_run(struct changer *changer, const char *sql,
    const char *types, ...);

/*
 * Gets the first number that a statement returns, or `otherwise` if it returns
 * no row.
 */
enum changer_status changer_number(struct changer *changer, int64_t *number,
    int64_t otherwise, const char *sql, const char *types, ...);

/*
 * Ends a transaction: commits it if `status` is CHANGER_OK or `keep` is set;
 * else rolls it back.  Returns `status`, or CHANGER_ERROR if the commit failed.
 */
enum changer_status changer_end(struct changer *changer,
    enum changer_status status, bool keep);

/* check_rows.c */

/* Checks all rows of library.db.  CHANGER_ERROR: one is invalid. */
enum changer_status changer_check_rows(struct changer *changer);

/* Returns whether a cartridge of a library on disk may have this barcode. */
bool changer_barcode_ok(const char *barcode);

/* Returns whether `file` is the file name of the volume with this barcode. */
bool changer_file_ok(const char *barcode, const char *file);

/* client.c */

/*
 * Opens library.lock, if it exists.  Call it before SQLite opens library.db:
 * SQLite would report a file system without locks as a busy database.  With
 * `read_only`, a file that cannot be opened is no error.
 */
enum changer_status changer_open_lock(struct changer *changer, bool read_only);

/*
 * Makes library.lock if it is missing and there are no clients: clients may
 * hold locks on a file that was removed.
 */
enum changer_status changer_make_lock(struct changer *changer);

/* Makes this changer a client, unless it is a client already. */
enum changer_status changer_register(struct changer *changer);

/* Sets the client back to `client` (0: none); call this after a rollback. */
void changer_unregister(struct changer *changer, int64_t client);

/*
 * Returns whether a client lives or may live; `has_host` says whether its row
 * has a host.  The client of this changer lives.
 */
bool changer_client_is_alive(const struct changer *changer, int64_t client,
    bool has_host);

/* Deletes the row of a client. */
enum changer_status changer_delete_client(struct changer *changer,
    int64_t client);

/* The columns that changer_read_client() reads. */
#define CHANGER_CLIENT_COLUMNS \
	"clients.id, clients.pid, clients.program, clients.host"

/*
 * Reads the columns CHANGER_CLIENT_COLUMNS, from `column` on.  client->id is 0
 * if they are null, or if the client has ended.
 */
void changer_read_client(struct changer *changer, sqlite3_stmt *stmt,
    int column, struct changer_client *client);

/* element.c */

/* Copies the text of a column, cut to `bytes`; "" for null. */
void changer_copy_text(char *to, size_t bytes, sqlite3_stmt *stmt, int column);

/* Copies the code of a medium type from a column; "" for null. */
void changer_read_medium(sqlite3_stmt *stmt, int column,
    char medium[VOLUME_MEDIUM_BYTES]);

/* Gets the contents of an element.  CHANGER_REFUSED: no such element. */
enum changer_status changer_inspect(struct changer *changer, unsigned address,
    struct changer_contents *contents);

/* relocate.c */

bool changer_is_drive(unsigned address);

/* Puts `contents` into the empty element `to`. */
enum changer_status changer_relocate(struct changer *changer,
    const struct changer_contents *contents, unsigned to);

/*
 * Puts `contents` back to its source address or, if that is full, into the
 * first empty slot.  CHANGER_REFUSED: no slot is empty.
 */
enum changer_status changer_return_cartridge(struct changer *changer,
    const struct changer_contents *contents);

/* restore.c */

/*
 * Writes the path of a name in a folder of the library; "": of the folder.
 * Returns false if it is too long.
 */
bool changer_path(const struct changer *changer, char path[PATH_MAX],
    const char *below, const char *name);

/* Returns the number of the last restore; 0: there was none. */
int64_t changer_restore_number(struct changer *changer);

/* Sets it; library.db is then that of another restore. */
enum changer_status changer_set_restore_number(struct changer *changer,
    int64_t number);

/* Returns whether the restore of a killed process is not complete. */
bool changer_restore_is_pending(const struct changer *changer);

/* Completes that restore; outside a transaction. */
enum changer_status changer_complete_restore(struct changer *changer);

/*
 * Completes the restore that is pending, within an exclusive transaction, which
 * it ends.  If that is not possible, nothing is restored.
 */
enum changer_status changer_finish_restore(struct changer *changer);

/* begin.c */

/*
 * Begins a transaction that changes the library, after it has removed the
 * clients that have ended.  changer_end() ends it.
 */
enum changer_status changer_begin(struct changer *changer);

/* Ends the client of this changer: its cartridges go back. */
enum changer_status changer_end_client(struct changer *changer);

/* move.c */

/*
 * Checks that no other client uses the element.  CHANGER_REFUSED: another
 * client uses this drive.
 */
enum changer_status changer_check_not_in_use(struct changer *changer,
    unsigned address);

/*
 * Prepares that a person or a changer command loads `contents` into a drive: a
 * cleaning cartridge cleans it; another one must fit, unless `any` is set.
 */
enum changer_status changer_load_by_hand(struct changer *changer,
    const struct changer_contents *contents, unsigned drive, bool any);

/* robot_fault.c */

/*
 * Counts a move before it is made, and applies the fault that hits it, if any:
 * returns CHANGER_MOVE_FAILED or CHANGER_ROBOT_STUCK, or changes *contents to
 * another cartridge.
 */
enum changer_status changer_attempt_move(struct changer *changer,
    struct changer_contents *contents, unsigned to);

/* drive_settings.c */

/* Stores how a drive differs from its model; within a transaction. */
enum changer_status changer_write_behaviour(struct changer *changer,
    unsigned drive, const struct drive_options *options);

/*
 * Counts a new fault of the library, in a transaction.  *id is its number.
 */
enum changer_status changer_number_fault(struct changer *changer, int64_t *id);

/* identity.c */

/*
 * Draws new serial numbers and NAA of all drives and of the changer; within a
 * transaction.
 */
enum changer_status changer_draw_identities(struct changer *changer);

/* Stores the identity of the changer or of a drive; within a transaction. */
enum changer_status changer_write_identity(struct changer *changer,
    unsigned address, const struct changer_identity *identity);

/* schema.c */

extern const struct database_version changer_versions[CHANGER_VERSION];

/*
 * Checks that library.db has a known version and the tables of a library, and
 * checks each row.  A library of an older version is upgraded; with
 * `read_only`, temporary views show it as one of the newest version instead.
 */
enum changer_status changer_check_version(struct changer *changer,
    bool read_only);

/* fill.c */

/* Makes the tables and the elements of a new library. */
enum changer_status changer_fill_new(struct changer *changer,
    const struct changer_spec *spec);

/* snapshot.c */

/*
 * Checks, within a transaction, that no other client uses a drive with a
 * cartridge; with `any`, any drive.  CHANGER_IN_USE.
 */
enum changer_status changer_check_no_user(struct changer *changer, bool any);

/* Locks the file of a volume.  CHANGER_IN_USE: another program uses it. */
enum changer_status changer_lock_volume(struct changer *changer,
    const char *path, struct file_lock **lock);

/* Copies the volumes that a database lists from one folder to another. */
enum changer_status changer_copy_volumes(struct changer *changer, sqlite3 *db,
    const char *from, const char *to);

/* Waits until a copy is on the disk, if `durable`. */
enum changer_status changer_sync_copy(struct changer *changer, char *folder,
    bool durable);

/* Copies the library into a new folder, within a transaction. */
enum changer_status changer_copy_library(struct changer *changer, char *folder);

/* Gets the path of a snapshot.  CHANGER_REFUSED: it does not exist. */
enum changer_status changer_find_snapshot(struct changer *changer,
    const char *name, char path[PATH_MAX]);

/* open.c */

/*
 * Makes a new library in the empty file `path`.  Returns NULL and a message on
 * failure.
 */
struct changer *changer_connect_new(const char *folder, const char *path,
    const struct changer_spec *spec, bool durable,
    char message[VOLUME_MESSAGE_BYTES]);

#endif
