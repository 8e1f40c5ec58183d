/* clone.c: clones a library, and restores a snapshot; see snapshot.h. */
#include "vtl/changer/impl.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vtl/base/files.h"
#include "vtl/changer/snapshot.h"

static enum changer_status cannot(struct changer *changer, const char *path)
{
	return changer_error(changer, CHANGER_ERROR, "cannot make %s: %s", path,
	    changer_error_reason(errno));
}

/* Takes the message of another changer, or of its opening. */
static enum changer_status take_message(struct changer *changer,
    const char *message)
{
	return changer_error(changer, CHANGER_ERROR, "%s", message);
}

/* Draws new numbers for the devices of the library in a folder. */
static enum changer_status renew(struct changer *changer, const char *folder,
    bool durable)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *copy =
	    changer_open(folder, changer->program, false, durable, message);
	enum changer_status status = CHANGER_OK;

	if (copy == NULL)
		return take_message(changer, message);
	if (changer_renew_identities(copy) != CHANGER_OK)
		status = take_message(changer, changer_message(copy));
	changer_close(copy);
	return status;
}

/* Gives the complete folder its name, which must not exist. */
static enum changer_status give_name(struct changer *changer, const char *new,
    const char *folder)
{
	struct stat st;

	if (renameat2(AT_FDCWD, new, AT_FDCWD, folder, RENAME_NOREPLACE) == 0)
		return CHANGER_OK;
	/* Some file systems have no such rename. */
	if (errno == EINVAL && lstat(folder, &st) != 0 &&
	    rename(new, folder) == 0)
		return CHANGER_OK;
	return cannot(changer, folder);
}

static enum changer_status clone(struct changer *changer, const char *folder,
    char *new, bool durable)
{
	enum changer_status status = changer_copy_library(changer, new);

	if (status == CHANGER_OK)
		status = renew(changer, new, durable);
	if (status == CHANGER_OK)
		status = changer_sync_copy(changer, new, durable);
	if (status == CHANGER_OK)
		status = give_name(changer, new, folder);
	if (status != CHANGER_OK)
		files_remove(new);
	return status;
}

/* Gets the path that an unfinished clone has. */
static enum changer_status unfinished_path(struct changer *changer,
    const char *folder, char new[PATH_MAX])
{
	size_t n = strlen(folder);

	while (n > 1 && folder[n - 1] == '/')
		n--;
	if (snprintf(new, PATH_MAX, "%.*s.new-%ld", (int)n, folder,
		(long)getpid()) < PATH_MAX)
		return CHANGER_OK;
	errno = ENAMETOOLONG;
	return cannot(changer, folder);
}

enum changer_status changer_check_clone(struct changer *changer,
    const char *folder)
{
	char above[PATH_MAX];
	enum changer_status status;
	struct stat st;

	changer_forget_error(changer);
	if (lstat(folder, &st) == 0)
		return changer_error(changer, CHANGER_REFUSED,
		    "%s exists already: use another name, or remove it first",
		    folder);
	if (errno != ENOENT)
		return cannot(changer, folder);
	status = unfinished_path(changer, folder, above);
	if (status == CHANGER_OK &&
	    faccessat(AT_FDCWD, dirname(above), W_OK | X_OK, AT_EACCESS) != 0)
		status = cannot(changer, folder);
	return status;
}

enum changer_status changer_clone(struct changer *changer, const char *folder,
    bool durable)
{
	char new[PATH_MAX];
	enum changer_status status = changer_check_clone(changer, folder);

	if (status == CHANGER_OK)
		status = unfinished_path(changer, folder, new);
	if (status == CHANGER_OK)
		status = changer_begin(changer);
	return status == CHANGER_OK
	    ? changer_end(changer, clone(changer, folder, new, durable), false)
	    : status;
}

/* Opens the library.db of a snapshot.  NULL after an error. */
static sqlite3 *open_state(struct changer *changer, const char *folder)
{
	char path[PATH_MAX];
	const char *why = "its path is too long";
	sqlite3 *db = NULL;

	if (snprintf(path, sizeof path, "%s/library.db", folder) < PATH_MAX)
		why = database_open(&db, path, &changer_kind, DATABASE_READ);
	if (why == NULL)
		return db;
	changer_error(changer, CHANGER_ERROR, "cannot open snapshot %s: %s",
	    folder, why);
	sqlite3_close(db);
	return NULL;
}

/* Returns whether the two files have the same size and time. */
static bool is_same(const char *a, const char *b)
{
	struct stat one, other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 &&
	    one.st_size == other.st_size &&
	    one.st_mtim.tv_sec == other.st_mtim.tv_sec &&
	    one.st_mtim.tv_nsec == other.st_mtim.tv_nsec;
}

/* Compares one volume of the library with the snapshot in `folder`. */
static enum changer_status compare(struct changer *changer, sqlite3 *snapshot,
    const char *folder, const char *file, bool *has, bool *same)
{
	char own[PATH_MAX], kept[PATH_MAX];
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(snapshot,
		"select 1 from cartridges where file = ?", -1, &stmt,
		NULL) != SQLITE_OK)
		return changer_sqlite_error(changer);
	sqlite3_bind_text(stmt, 1, file, -1, SQLITE_STATIC);
	*has = sqlite3_step(stmt) == SQLITE_ROW;
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return changer_sqlite_error(changer);
	*same = changer_path(changer, own, ".", file) &&
	    snprintf(kept, sizeof kept, "%s/%s", folder, file) < PATH_MAX &&
	    is_same(own, kept);
	return CHANGER_OK;
}

enum changer_status changer_compare_snapshot(struct changer *changer,
    const char *name,
    void (*each)(void *arg, const char *barcode, enum changer_loss loss),
    void *arg)
{
	enum changer_status status;
	char folder[PATH_MAX];
	sqlite3_stmt *stmt;
	sqlite3 *snapshot;
	bool has = false, same = false;

	changer_forget_error(changer);
	status = changer_find_snapshot(changer, name, folder);
	if (status != CHANGER_OK)
		return status;
	snapshot = open_state(changer, folder);
	if (snapshot == NULL)
		return CHANGER_ERROR;
	stmt = changer_prepare(changer,
	    "select barcode, file from cartridges where file is not null "
	    "order by barcode",
	    "");
	if (stmt == NULL)
		status = CHANGER_ERROR;
	while (status == CHANGER_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		status = compare(changer, snapshot, folder,
		    (const char *)sqlite3_column_text(stmt, 1), &has, &same);
		if (status == CHANGER_OK && (!has || !same))
			each(arg, (const char *)sqlite3_column_text(stmt, 0),
			    has ? CHANGER_LOSS_CHANGES : CHANGER_LOSS_VOLUME);
	}
	if (stmt != NULL && sqlite3_reset(stmt) != SQLITE_OK &&
	    status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	sqlite3_close(snapshot);
	return status;
}

/* Checks that no other process uses a volume of the library. */
static enum changer_status check_volumes(struct changer *changer)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select file from cartridges where file is not null", "");
	enum changer_status status = CHANGER_OK;
	struct file_lock *lock;
	char path[PATH_MAX];

	if (stmt == NULL)
		return CHANGER_ERROR;
	while (status == CHANGER_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		if (!changer_path(changer, path, ".",
			(const char *)sqlite3_column_text(stmt, 0)) ||
		    access(path, F_OK) != 0)
			continue; /* it comes back */
		status = changer_lock_volume(changer, path, &lock);
		if (status == CHANGER_OK)
			file_lock_close(lock);
	}
	if (sqlite3_reset(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	return status;
}

/*
 * Checks library.db in the folder, brings it to the newest version, and numbers
 * the restore.
 */
static enum changer_status prepare_state(struct changer *changer,
    const char *folder, bool durable)
{
	int64_t number = changer_restore_number(changer) + 1;
	char message[VOLUME_MESSAGE_BYTES], lock[PATH_MAX];
	enum changer_status status;
	struct changer *copy =
	    changer_open(folder, changer->program, false, durable, message);

	if (copy == NULL)
		return take_message(changer, message);
	status = changer_set_restore_number(copy, number);
	if (status != CHANGER_OK)
		take_message(changer, changer_message(copy));
	changer_close(copy);
	if (snprintf(lock, sizeof lock, "%s/library.lock", folder) < PATH_MAX)
		unlink(lock);
	return status;
}

/* Copies a snapshot to restore.new, which is not there yet. */
static enum changer_status prepare(struct changer *changer, char *snapshot,
    char *new, bool durable)
{
	enum changer_status status;
	char from[PATH_MAX], to[PATH_MAX];
	sqlite3 *db;

	if (files_remove(new) != 0 || mkdir(new, 0777) != 0 ||
	    snprintf(from, sizeof from, "%s/library.db", snapshot) >=
		PATH_MAX ||
	    snprintf(to, sizeof to, "%s/library.db", new) >= PATH_MAX ||
	    files_copy(from, to) != 0)
		return cannot(changer, new);
	status = prepare_state(changer, new, durable);
	db = status == CHANGER_OK ? open_state(changer, new) : NULL;
	if (db == NULL)
		return CHANGER_ERROR;
	status = changer_copy_volumes(changer, db, snapshot, new);
	sqlite3_close(db);
	return status == CHANGER_OK ? changer_sync_copy(changer, new, durable)
				    : status;
}

/* Restores within a transaction, which it ends. */
static enum changer_status restore(struct changer *changer, char *snapshot,
    bool durable)
{
	char new[PATH_MAX], pending[PATH_MAX];
	enum changer_status status = changer_check_no_user(changer, true);

	changer_path(changer, new, "restore.new", "");
	changer_path(changer, pending, "restore.pending", "");
	if (status == CHANGER_OK)
		status = check_volumes(changer);
	if (status == CHANGER_OK) {
		status = prepare(changer, snapshot, new, durable);
		if (status == CHANGER_OK && rename(new, pending) != 0)
			status = cannot(changer, pending);
		if (status != CHANGER_OK)
			files_remove(new);
	}
	if (status != CHANGER_OK)
		return changer_end(changer, status, false);
	if (durable)
		files_sync(changer->folder);
	return changer_finish_restore(changer);
}

enum changer_status changer_restore_snapshot(struct changer *changer,
    const char *name, bool durable)
{
	enum changer_status status;
	char snapshot[PATH_MAX];

	/* What ended clients left comes first. */
	status = changer_begin(changer);
	if (status == CHANGER_OK)
		status = changer_end(changer,
		    changer_find_snapshot(changer, name, snapshot), false);
	/* No process reads the library while it changes. */
	if (status == CHANGER_OK)
		status = changer_run(changer, "begin exclusive", "");
	return status == CHANGER_OK ? restore(changer, snapshot, durable)
				    : status;
}
