/*
 * restore.c: the second half of a restore, which also completes the restore of
 * a process that was killed.
 *
 *     restore.new      the first half prepares it: library.db and volumes
 *        | rename: from here on the restore is completed
 *     restore.pending  its volumes change places with those of the library;
 *        |             what they replace lies in restore.pending/old
 *        | commit of library.db; rename
 *     restore.done     what was replaced; is removed
 *
 * Renames are repeated until nothing is left to do.  library.db is changed in
 * one transaction, during which no other process can read or change it.  It is
 * known whether that was committed: the library.db of each restore has a number
 * of its own in sqlite_sequence, which the transaction copies.
 *
 * A volume is moved after its journal, so that a journal never lies next to
 * another volume.
 */
#include "vtl/changer/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vtl/base/files.h"

#define PENDING "restore.pending"
#define OLD     PENDING "/old"

static const char number_sql[] =
    "select seq from sqlite_sequence where name = 'restore'";

bool changer_path(const struct changer *changer, char path[PATH_MAX],
    const char *below, const char *name)
{
	return snprintf(path, PATH_MAX, "%s/%s%s%s", changer->folder, below,
		   name[0] != '\0' ? "/" : "", name) < PATH_MAX;
}

static enum changer_status cannot(struct changer *changer, const char *what)
{
	return changer_error(changer, CHANGER_ERROR,
	    "library %s: cannot restore a snapshot: %s: %s", changer->folder,
	    what, changer_error_reason(errno));
}

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/*
 * Renames a file of the folder `from` in the library to the folder `to`, if it
 * exists.  "": the library's own folder.
 */
static enum changer_status move_file(struct changer *changer, const char *from,
    const char *to, const char *name)
{
	char source[PATH_MAX], target[PATH_MAX];
	const char *below = from[0] != '\0' ? from : ".";

	if (!changer_path(changer, source, below, name) ||
	    !changer_path(changer, target, to[0] != '\0' ? to : ".", name)) {
		errno = ENAMETOOLONG;
		return cannot(changer, name);
	}
	if (!exists(source) || rename(source, target) == 0)
		return CHANGER_OK;
	return cannot(changer, source);
}

/* Renames a volume, after its journal. */
static enum changer_status move_volume(struct changer *changer,
    const char *from, const char *to, const char *file)
{
	char journal[VOLUME_BARCODE_BYTES + 32];
	enum changer_status status;

	snprintf(journal, sizeof journal, "%s-journal", file);
	status = move_file(changer, from, to, journal);
	return status == CHANGER_OK ? move_file(changer, from, to, file)
				    : status;
}

/* Calls `each` for the files of the volumes that a database lists. */
static enum changer_status each_volume(struct changer *changer, sqlite3 *db,
    enum changer_status (*each)(struct changer *changer, sqlite3 *other,
	const char *file),
    sqlite3 *other)
{
	enum changer_status status = CHANGER_OK;
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db,
		"select file from cartridges where file is not null", -1, &stmt,
		NULL) != SQLITE_OK)
		return changer_sqlite_error(changer);
	while (status == CHANGER_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		const char *file = (const char *)sqlite3_column_text(stmt, 0);

		/* The rows of a stranger's snapshot name only volumes. */
		if (strchr(file, '/') == NULL &&
		    strlen(file) < VOLUME_BARCODE_BYTES + 16)
			status = each(changer, other, file);
	}
	if (sqlite3_finalize(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	return status;
}

/* A volume of the snapshot takes the place of the one of the library. */
static enum changer_status put_in(struct changer *changer, sqlite3 *other,
    const char *file)
{
	enum changer_status status = CHANGER_OK;
	char path[PATH_MAX];

	(void)other;
	/* If it is not there, it is in its place already. */
	if (!changer_path(changer, path, PENDING, file) || !exists(path))
		return CHANGER_OK;
	status = move_volume(changer, "", OLD, file);
	return status == CHANGER_OK ? move_volume(changer, PENDING, "", file)
				    : status;
}

/* A volume of the library that the snapshot does not have is put away. */
static enum changer_status put_away(struct changer *changer, sqlite3 *other,
    const char *file)
{
	sqlite3_stmt *stmt;
	bool has;

	if (sqlite3_prepare_v2(other, "select 1 from cartridges where file = ?",
		-1, &stmt, NULL) != SQLITE_OK)
		return changer_sqlite_error(changer);
	sqlite3_bind_text(stmt, 1, file, -1, SQLITE_STATIC);
	has = sqlite3_step(stmt) == SQLITE_ROW;
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return changer_sqlite_error(changer);
	return has ? CHANGER_OK : move_volume(changer, "", OLD, file);
}

/* Undoes put_in(): what is in its place goes back. */
static enum changer_status take_out(struct changer *changer, sqlite3 *other,
    const char *file)
{
	char path[PATH_MAX];

	(void)other;
	if (changer_path(changer, path, PENDING, file) && exists(path))
		return CHANGER_OK;
	return move_volume(changer, "", PENDING, file);
}

static enum changer_status put_back(struct changer *changer, sqlite3 *other,
    const char *file)
{
	(void)other;
	return move_volume(changer, OLD, "", file);
}

/* Runs a statement with the columns of a row of another one. */
static int insert_row(sqlite3_stmt *from, sqlite3_stmt *to)
{
	for (int i = 0; i < sqlite3_column_count(from); i++)
		sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
	sqlite3_step(to);
	return sqlite3_reset(to);
}

/* Replaces all rows of a table by those of another database. */
static int copy_table(sqlite3 *to, sqlite3 *from, const char *table)
{
	sqlite3_stmt *read = NULL, *write = NULL;
	char *delete = sqlite3_mprintf("delete from \"%w\"", table);
	char *select = sqlite3_mprintf("select * from \"%w\"", table);
	char *insert = NULL, *marks = NULL;
	int rc = SQLITE_NOMEM, columns;

	if (delete == NULL || select == NULL)
		goto out;
	rc = sqlite3_exec(to, delete, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(from, select, -1, &read, NULL);
	if (rc != SQLITE_OK)
		goto out;
	columns = sqlite3_column_count(read);
	marks = calloc((size_t)columns + 1, 2);
	rc = SQLITE_NOMEM;
	if (marks == NULL)
		goto out;
	for (int i = 0; i < columns; i++)
		memcpy(marks + 2 * i, i + 1 < columns ? "?," : "?", 2);
	insert =
	    sqlite3_mprintf("insert into \"%w\" values (%s)", table, marks);
	if (insert == NULL)
		goto out;
	rc = sqlite3_prepare_v2(to, insert, -1, &write, NULL);
	while (rc == SQLITE_OK && sqlite3_step(read) == SQLITE_ROW)
		rc = insert_row(read, write);
	if (rc == SQLITE_OK)
		rc = sqlite3_reset(read);
out:
	sqlite3_finalize(read);
	sqlite3_finalize(write);
	sqlite3_free(delete);
	sqlite3_free(select);
	sqlite3_free(insert);
	free(marks);
	return rc;
}

/*
 * Replaces all of library.db, except the clients and the numbers that they and
 * faults have had: no number is used twice.
 */
static enum changer_status copy_tables(struct changer *changer, sqlite3 *from)
{
	static const char after[] =
	    "update sqlite_sequence set seq = max(seq, (select last_fault from "
	    "library)) where name = 'drive_faults'";
	sqlite3_stmt *tables;
	int rc;

	rc = sqlite3_prepare_v2(from,
	    "select name from sqlite_schema where type = 'table' and name not "
	    "like 'sqlite%' and name <> 'clients'",
	    -1, &tables, NULL);
	while (rc == SQLITE_OK && sqlite3_step(tables) == SQLITE_ROW)
		rc = copy_table(changer->db, from,
		    (const char *)sqlite3_column_text(tables, 0));
	if (rc == SQLITE_OK)
		rc = sqlite3_finalize(tables);
	else
		sqlite3_finalize(tables);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(changer->db, after, NULL, NULL, NULL);
	return rc == SQLITE_OK ? CHANGER_OK : changer_sqlite_error(changer);
}

/* Stores the number of the restore, by which it is known as committed. */
static enum changer_status store_number(struct changer *changer, int64_t number)
{
	enum changer_status status = changer_run(changer,
	    "delete from sqlite_sequence where name = 'restore'", "");

	return status == CHANGER_OK
	    ? changer_run(changer,
		  "insert into sqlite_sequence values ('restore', ?)", "i",
		  number)
	    : status;
}

/* Copies library.db.  The drives of this changer stay its own. */
static enum changer_status copy_state(struct changer *changer, sqlite3 *from,
    int64_t number)
{
	enum changer_status status;
	int64_t own = 0;

	if (changer->client != 0) {
		status = changer_number(changer, &own, 0,
		    "select count(*) from elements where client = ?", "i",
		    changer->client);
		if (status != CHANGER_OK)
			return status;
	}
	status = copy_tables(changer, from);
	if (status == CHANGER_OK && own > 0)
		status = changer_run(changer,
		    "update elements set client = ? where kind = 'drive'", "i",
		    changer->client);
	if (status == CHANGER_OK)
		status = store_number(changer, number);
	/* A restore that this program did not prepare may have any rows. */
	if (status == CHANGER_OK)
		status = changer_check_rows(changer);
	return status == CHANGER_OK ? changer_number(changer, &changer->move_ns,
					  0, "select move_ns from library", "")
				    : status;
}

/* Puts the volumes back as they were before the restore. */
static void undo(struct changer *changer, sqlite3 *from)
{
	char message[VOLUME_MESSAGE_BYTES], pending[PATH_MAX], new[PATH_MAX];

	memcpy(message, changer->message, sizeof message);
	if (each_volume(changer, from, take_out, NULL) == CHANGER_OK &&
	    each_volume(changer, from, put_back, NULL) == CHANGER_OK &&
	    each_volume(changer, changer->db, put_back, NULL) == CHANGER_OK &&
	    changer_path(changer, pending, PENDING, "") &&
	    changer_path(changer, new, "restore.new", "") &&
	    rename(pending, new) == 0)
		files_remove(new);
	memcpy(changer->message, message, sizeof message);
}

/* Moves the volumes, and copies library.db, within a transaction. */
static enum changer_status complete(struct changer *changer, sqlite3 *from,
    int64_t number)
{
	enum changer_status status;
	char old[PATH_MAX];

	if (!changer_path(changer, old, OLD, "") ||
	    (mkdir(old, 0777) != 0 && errno != EEXIST))
		return cannot(changer, OLD);
	status = each_volume(changer, from, put_in, NULL);
	if (status == CHANGER_OK)
		status = each_volume(changer, changer->db, put_away, from);
	return status == CHANGER_OK ? copy_state(changer, from, number)
				    : status;
}

/*
 * Removes what was replaced.  What remains of it does no harm: the number says
 * that the restore is complete.
 */
static void clean_up(struct changer *changer)
{
	char pending[PATH_MAX], done[PATH_MAX];

	if (!changer_path(changer, pending, PENDING, "") ||
	    !changer_path(changer, done, "restore.done", ""))
		return;
	files_remove(done);
	if (rename(pending, done) == 0)
		files_remove(done);
}

/* Reads the number of the restore in a database; 0: none. */
static int64_t read_number(sqlite3 *db)
{
	sqlite3_stmt *stmt;
	int64_t number = 0;

	if (sqlite3_prepare_v2(db, number_sql, -1, &stmt, NULL) != SQLITE_OK)
		return 0;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		number = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return number;
}

int64_t changer_restore_number(struct changer *changer)
{
	return read_number(changer->db);
}

enum changer_status changer_set_restore_number(struct changer *changer,
    int64_t number)
{
	return store_number(changer, number);
}

enum changer_status changer_finish_restore(struct changer *changer)
{
	enum changer_status status;
	char path[PATH_MAX];
	const char *why;
	sqlite3 *from;
	int64_t number;

	if (!changer_path(changer, path, PENDING, "library.db")) {
		errno = ENAMETOOLONG;
		return changer_end(changer, cannot(changer, PENDING), false);
	}
	why = database_open(&from, path, &changer_kind, DATABASE_READ);
	if (why != NULL) {
		sqlite3_close(from);
		changer_error(changer, CHANGER_ERROR,
		    "library %s: cannot complete the restore of a snapshot: "
		    "%s: %s",
		    changer->folder, path, why);
		return changer_end(changer, CHANGER_ERROR, false);
	}
	number = read_number(from);
	status = CHANGER_OK;
	if (number != read_number(changer->db))
		status = complete(changer, from, number);
	status = changer_end(changer, status, false);
	if (status == CHANGER_OK)
		clean_up(changer);
	else
		undo(changer, from);
	sqlite3_close(from);
	return status;
}

bool changer_restore_is_pending(const struct changer *changer)
{
	char path[PATH_MAX];

	return !changer->in_memory &&
	    changer_path(changer, path, PENDING, "") && access(path, F_OK) == 0;
}

enum changer_status changer_complete_restore(struct changer *changer)
{
	enum changer_status status;

	if (!changer_restore_is_pending(changer))
		return CHANGER_OK;
	status = changer_run(changer, "begin exclusive", "");
	if (status != CHANGER_OK)
		return status;
	/* Another process may have completed it meanwhile. */
	return changer_restore_is_pending(changer)
	    ? changer_finish_restore(changer)
	    : changer_end(changer, CHANGER_OK, false);
}
