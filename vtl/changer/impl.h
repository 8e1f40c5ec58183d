/*
 * impl.h: what the files of the changer share.
 *
 *     statement.c       statements, failures, names of elements
 *     check_rows.c      what the rows of the file may say
 *     client.c          sessions: their rows and their locks
 *     element.c         what lies in one element
 *     carry.c           a cartridge changes its element
 *     begin.c           transactions; what dead sessions left is put away
 *     list.c            what lies where
 *     robot_fault.c     what makes the robot fail
 *     move.c            moves that a person or a changer command asks for
 *     take.c            finding a cartridge and a drive for a session
 *     import_export.c   cartridges that come and go
 *     drive_settings.c  what drives differ in, and what makes them fail
 *     schema.c          the tables, and their older versions
 *     fill.c            the tables and elements of a new library
 *     open.c            opening and closing
 *     make.c            making one on disk
 *
 * A file calls only files above it in this list.
 */
#ifndef VTL_CHANGER_IMPL_H
#define VTL_CHANGER_IMPL_H

#include <sqlite3.h>

#include "vtl/changer/changer.h"
#include "splitter/base/database.h"
#include "splitter/base/database_version.h"
#include "vtl/drive/options.h"
#include "vtl/base/file_lock.h"

enum {
	CHANGER_APPLICATION_ID = 0x54704c43, /* "TpLC" */
	CHANGER_VERSION = 5,                 /* the newest, of library.db */
	CHANGER_STMTS = 128,
	CHANGER_PATIENCE_MS = 20000 /* for another's transaction */
};

/* The longest time that a library keeps: 10000 hours, as in a scenario. */
#define CHANGER_NS_MAX (INT64_C(10000) * 3600 * 1000000000)

/* A statement that was prepared, to be used again. */
struct changer_stmt {
	const char *sql;
	sqlite3_stmt *stmt;
};

struct changer {
	sqlite3 *db;
	struct changer_stmt stmts[CHANGER_STMTS]; /* by hash of `sql` */
	char *folder;                             /* "" in memory */
	char program[CHANGER_PROGRAM_BYTES];
	bool in_memory;
	bool read_only;
	struct file_lock *lock; /* of library.lock; NULL: there is none */
	int64_t client;         /* 0: none yet */
	int64_t move_ns;
	char message[VOLUME_MESSAGE_BYTES];
};

/* Bytes of library.lock that stand for sessions begin with 1. */
enum { CHANGER_LOCK_ALL = 0 };

/* What lies in an element; id 0: nothing. */
struct changer_contents {
	int64_t id;
	unsigned address;
	unsigned source_address;
	char barcode[VOLUME_BARCODE_BYTES];
	char medium[VOLUME_MEDIUM_BYTES]; /* as in volume_spec */
	bool cleaning;
};

/* statement.c */

/* Says why something is not done; returns the status. */
enum changer_status changer_error(struct changer *changer,
    enum changer_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reports an error of SQLite.  CHANGER_ERROR. */
enum changer_status changer_sqlite_error(struct changer *changer);

/* Says that there is no memory.  CHANGER_ERROR. */
enum changer_status changer_no_memory(struct changer *changer);

/*
 * A statement with its parameters bound: `types` has a character for each
 * argument, 'i' for an int64_t and 's' for a string or NULL.  `sql` is a
 * literal.  The statement is the changer's: sqlite3_reset() when done with it.
 * NULL on an error, which was reported.
 */
sqlite3_stmt *changer_prepare(struct changer *changer, const char *sql,
    const char *types, ...);

/* Runs such a statement to its end. */
enum changer_status changer_run(struct changer *changer, const char *sql,
    const char *types, ...);

/* The number that such a statement gives, or `otherwise` without a row. */
enum changer_status changer_number(struct changer *changer, int64_t *number,
    int64_t otherwise, const char *sql, const char *types, ...);

/*
 * Ends a transaction: keeps what was done if `status` is CHANGER_OK, or if it
 * is to be kept all the same; else undoes it.  Returns `status`, or
 * CHANGER_ERROR.
 */
enum changer_status changer_end(struct changer *changer,
    enum changer_status status, bool keep);

/* check_rows.c */

/* Whether all that the tables of the file say can be.  CHANGER_ERROR: not. */
enum changer_status changer_check_rows(struct changer *changer);

/* Whether a cartridge of a library on disk may have that barcode. */
bool changer_barcode_ok(const char *barcode);

/* Whether a volume with that barcode has that file in the folder. */
bool changer_file_ok(const char *barcode, const char *file);

/* client.c */

/*
 * Opens library.lock, whose bytes the sessions lock, if it is there: before
 * SQLite, which would take a file system without locks for one that is busy.
 * Who only looks goes without where it cannot be opened.
 */
enum changer_status changer_open_lock(struct changer *changer, bool looks);

/*
 * Makes it where it is missing.  Not where there are sessions, which may hold
 * locks on a file that was removed.
 */
enum changer_status changer_make_lock(struct changer *changer);

/* Makes the session of this changer, if it has none. */
enum changer_status changer_register(struct changer *changer);

/* Forgets a session that changer_register() made, and that was rolled back. */
void changer_unregister(struct changer *changer, int64_t client);

/* Whether a session, which has a host or has none, may live. */
bool changer_client_is_alive(const struct changer *changer, int64_t client,
    bool has_host);

/* Deletes the row of a session. */
enum changer_status changer_delete_client(struct changer *changer,
    int64_t client);

/* The columns of a client, for a statement in which `s` is its table. */
#define CHANGER_CLIENT_COLUMNS \
	"clients.id, clients.pid, clients.program, clients.host"

/*
 * The session in these columns, from `column` on, if it lives; else
 * client->id is 0.
 */
void changer_read_client(struct changer *changer, sqlite3_stmt *stmt,
    int column, struct changer_client *client);

/* element.c */

/* Copies the text of a column, cut to `bytes`; "" for null. */
void changer_copy_text(char *to, size_t bytes, sqlite3_stmt *stmt, int column);

/* The text of a column that is a code of a type of medium; else "". */
void changer_read_medium(sqlite3_stmt *stmt, int column,
    char medium[VOLUME_MEDIUM_BYTES]);

/* What lies there.  CHANGER_REFUSED where there is no such element. */
enum changer_status changer_inspect(struct changer *changer, unsigned address,
    struct changer_contents *load);

/* carry.c */

bool changer_is_drive(unsigned address);

/* Carries `load` to an empty element. */
enum changer_status changer_relocate(struct changer *changer,
    const struct changer_contents *load, unsigned to);

/* Carries it to where it came from, or to another slot that is empty. */
enum changer_status changer_return_cartridge(struct changer *changer,
    const struct changer_contents *load);

/* begin.c */

/*
 * Begins a transaction that changes something; sessions that have died are
 * gone.  changer_end() ends it.
 */
enum changer_status changer_begin(struct changer *changer);

/* Ends the session: what it has in its drives goes back. */
enum changer_status changer_end_client(struct changer *changer);

/* move.c */

/* Refuses an element that somebody else uses, if it is a drive. */
enum changer_status changer_check_not_in_use(struct changer *changer,
    unsigned address);

/*
 * What happens to a cartridge in a drive that a person, or a changer command,
 * puts there: it stays; one that cleans, cleans.  Refuses what the drive does
 * not take.
 */
enum changer_status changer_load_by_hand(struct changer *changer,
    const struct changer_contents *load, unsigned drive);

/* robot_fault.c */

/*
 * Counts a move, before it is made, and strikes it if it is to fail: then
 * CHANGER_MOVE_FAILED or CHANGER_ROBOT_STUCK, or *load is another cartridge.
 */
enum changer_status changer_attempt_move(struct changer *changer,
    struct changer_contents *load, unsigned to);

/* drive_settings.c */

/* Keeps what a drive differs in; within a transaction. */
enum changer_status changer_write_behaviour(struct changer *changer,
    unsigned drive, const struct drive_options *options);

/* schema.c */

extern const struct database_version changer_versions[CHANGER_VERSION];

/*
 * Checks that library.db is of a known version and has the tables of a library,
 * and each of their rows.  A library of an older version is upgraded; if it is
 * only read, it is shown as one of the newest version instead, and statements
 * need to know that version alone.
 */
enum changer_status changer_check_version(struct changer *changer,
    bool read_only);

/* fill.c */

/* Makes the tables and the elements of a new library. */
enum changer_status changer_fill_new(struct changer *changer,
    const struct changer_spec *spec);

/* open.c */

/* The state of a new library, in an empty file.  NULL and a message. */
struct changer *changer_connect_new(const char *folder, const char *path,
    const struct changer_spec *spec, bool durable,
    char message[VOLUME_MESSAGE_BYTES]);

#endif
