/*
 * snapshot.c: copies the files of a library: snapshots and clones; see
 * snapshot.h.
 *
 * A copy is made in a folder with another name, which gets its name when it is
 * complete.  The transaction keeps all cartridges where they are meanwhile, and
 * lets only one process make snapshots.
 */
#include "vtl/changer/impl.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/grow.h"
#include "vtl/base/files.h"
#include "vtl/changer/snapshot.h"

#define SNAPSHOTS "snapshots"
/* No snapshot can have this name. */
#define UNFINISHED SNAPSHOTS "/.new"

static enum changer_status cannot(struct changer *changer, const char *what)
{
	return changer_error(changer, CHANGER_ERROR,
	    "library %s: cannot copy it: %s: %s", changer->folder, what,
	    changer_error_reason(errno));
}

enum changer_status changer_check_no_user(struct changer *changer, bool any)
{
	enum changer_status status = CHANGER_OK;
	struct changer_client client;
	char name[32], by[CHANGER_CLIENT_BYTES];
	sqlite3_stmt *stmt;

	stmt = changer_prepare(changer,
	    "select elements.address, " CHANGER_CLIENT_COLUMNS
	    " from elements join clients on clients.id = elements.client"
	    " where clients.id <> ? and (? or exists (select 1 from cartridges"
	    " where cartridges.address = elements.address)) limit 1",
	    "ii", changer->client, (int64_t)any);
	if (stmt == NULL)
		return CHANGER_ERROR;
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		changer_read_client(changer, stmt, 1, &client);
		changer_element_name((unsigned)sqlite3_column_int64(stmt, 0),
		    name, sizeof name);
		changer_client_describe(&client, by, sizeof by);
		status = changer_refuse(changer, CHANGER_IN_USE,
		    CHANGER_REASON_IN_USE,
		    "library %s: %s is in use by %s: wait until that has ended",
		    changer->folder, name, by);
	}
	if (sqlite3_reset(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	return status;
}

enum changer_status changer_lock_volume(struct changer *changer,
    const char *path, struct file_lock **lock)
{
	char message[VOLUME_MESSAGE_BYTES];

	*lock = volume_lock_file(path, message);
	if (*lock != NULL)
		return CHANGER_OK;
	return changer_refuse(changer,
	    errno == EBUSY ? CHANGER_IN_USE : CHANGER_ERROR,
	    errno == EBUSY ? CHANGER_REASON_IN_USE : CHANGER_REASON_STATE, "%s",
	    message);
}

/* Copies a file from a folder to another; `optional`: if it is there. */
static enum changer_status copy_file(struct changer *changer, const char *from,
    const char *to, const char *name, bool optional)
{
	char source[PATH_MAX], target[PATH_MAX];

	if (snprintf(source, sizeof source, "%s/%s", from, name) >= PATH_MAX ||
	    snprintf(target, sizeof target, "%s/%s", to, name) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return cannot(changer, name);
	}
	if (files_copy(source, target) == 0 || (optional && errno == ENOENT))
		return CHANGER_OK;
	return cannot(changer, source);
}

/* Copies a volume, and the journal that a killed process left. */
static enum changer_status copy_volume(struct changer *changer,
    const char *from, const char *to, const char *file)
{
	char name[VOLUME_BARCODE_BYTES + 32], path[PATH_MAX];
	struct file_lock *lock;
	enum changer_status status;

	if (snprintf(path, sizeof path, "%s/%s", from, file) >= PATH_MAX ||
	    strchr(file, '/') != NULL) {
		errno = ENAMETOOLONG;
		return cannot(changer, file);
	}
	status = changer_lock_volume(changer, path, &lock);
	if (status != CHANGER_OK)
		return status;
	status = copy_file(changer, from, to, file, false);
	snprintf(name, sizeof name, "%s-journal", file);
	if (status == CHANGER_OK)
		status = copy_file(changer, from, to, name, true);
	file_lock_close(lock);
	return status;
}

enum changer_status changer_copy_volumes(struct changer *changer, sqlite3 *db,
    const char *from, const char *to)
{
	enum changer_status status = CHANGER_OK;
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db,
		"select file from cartridges where file is not null order by "
		"id",
		-1, &stmt, NULL) != SQLITE_OK)
		return changer_sqlite_error(changer);
	while (status == CHANGER_OK && sqlite3_step(stmt) == SQLITE_ROW)
		status = copy_volume(changer, from, to,
		    (const char *)sqlite3_column_text(stmt, 0));
	if (sqlite3_finalize(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	return status;
}

static int write_all(int fd, const unsigned char *data, sqlite3_int64 bytes)
{
	while (bytes > 0) {
		ssize_t n = write(fd, data, (size_t)bytes);

		if (n < 0)
			return -1;
		data += n;
		bytes -= n;
	}
	return 0;
}

/* Writes library.db, as it is in the database, to a new file. */
static enum changer_status write_state(struct changer *changer,
    const char *path)
{
	sqlite3_int64 bytes;
	unsigned char *data = sqlite3_serialize(changer->db, "main", &bytes, 0);
	int fd, rc;

	if (data == NULL)
		return changer_no_memory(changer);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	rc = fd == -1 ? -1 : write_all(fd, data, bytes);
	if (fd != -1 && close(fd) != 0)
		rc = -1;
	sqlite3_free(data);
	return rc == 0 ? CHANGER_OK : cannot(changer, path);
}

/* Copies library.db into a folder, without the clients. */
static enum changer_status copy_state(struct changer *changer,
    const char *folder)
{
	/* The copy is synchronised as a whole. */
	static const char forget[] =
	    "pragma synchronous = off;"
	    "delete from clients;"
	    "update elements set client = null, open = 0;";
	enum changer_status status;
	char path[PATH_MAX];
	const char *why;
	sqlite3 *db;

	if (snprintf(path, sizeof path, "%s/library.db", folder) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return cannot(changer, folder);
	}
	status = write_state(changer, path);
	if (status != CHANGER_OK)
		return status;
	why = database_open(&db, path, &changer_kind, DATABASE_WRITE);
	if (why == NULL &&
	    sqlite3_exec(db, forget, NULL, NULL, NULL) != SQLITE_OK)
		why = sqlite3_errmsg(db);
	if (why != NULL)
		status = changer_error(changer, CHANGER_ERROR,
		    "library %s: cannot copy it: %s: %s", changer->folder, path,
		    why);
	sqlite3_close(db);
	return status;
}

static int begin_sync_one(void *arg, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", (const char *)arg, name);
	files_begin_sync(path); /* it only saves time */
	return 0;
}

static int sync_one(void *arg, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/%s", (const char *)arg, name);
	return files_sync(path);
}

enum changer_status changer_sync_copy(struct changer *changer, char *folder,
    bool durable)
{
	if (durable &&
	    (files_each(folder, begin_sync_one, folder) != 0 ||
		files_each(folder, sync_one, folder) != 0 ||
		files_sync(folder) != 0))
		return cannot(changer, folder);
	return CHANGER_OK;
}

enum changer_status changer_copy_library(struct changer *changer, char *folder)
{
	enum changer_status status = changer_check_no_user(changer, false);

	if (status == CHANGER_OK &&
	    (files_remove(folder) != 0 || mkdir(folder, 0777) != 0))
		status = cannot(changer, folder);
	if (status == CHANGER_OK)
		status = changer_copy_volumes(changer, changer->db,
		    changer->folder, folder);
	return status == CHANGER_OK ? copy_state(changer, folder) : status;
}

/* Returns whether it can be the name of a snapshot. */
static bool name_ok(const char *name)
{
	static const char characters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "-_.";
	size_t n = strnlen(name, CHANGER_SNAPSHOT_NAME_BYTES);

	return n > 0 && n < CHANGER_SNAPSHOT_NAME_BYTES &&
	    strspn(name, characters) == n && strchr("-_.", name[0]) == NULL;
}

/* Gets the path that a snapshot of this name has. */
static enum changer_status snapshot_path(struct changer *changer,
    const char *name, char path[PATH_MAX])
{
	if (!name_ok(name))
		return changer_error(changer, CHANGER_REFUSED,
		    "%s is no name of a snapshot: use 1 to 64 letters, digits, "
		    "'-', '_' and '.', first a letter or a digit",
		    name);
	if (changer_path(changer, path, SNAPSHOTS, name))
		return CHANGER_OK;
	errno = ENAMETOOLONG;
	return cannot(changer, name);
}

enum changer_status changer_find_snapshot(struct changer *changer,
    const char *name, char path[PATH_MAX])
{
	enum changer_status status = snapshot_path(changer, name, path);
	struct stat st;

	if (status == CHANGER_OK && lstat(path, &st) != 0)
		status = changer_error(changer, CHANGER_REFUSED,
		    "library %s has no snapshot %s", changer->folder, name);
	return status;
}

enum changer_status changer_check_snapshot(struct changer *changer,
    const char *name)
{
	char path[PATH_MAX];
	enum changer_status status;
	struct stat st;

	changer_forget_error(changer);
	status = snapshot_path(changer, name, path);
	if (status == CHANGER_OK && lstat(path, &st) == 0)
		status = changer_error(changer, CHANGER_REFUSED,
		    "library %s has a snapshot %s already: use another name, "
		    "or remove it first",
		    changer->folder, name);
	return status;
}

enum changer_status changer_check_restore(struct changer *changer,
    const char *name)
{
	char path[PATH_MAX];

	changer_forget_error(changer);
	return changer_find_snapshot(changer, name, path);
}

static enum changer_status take(struct changer *changer, const char *name,
    bool durable)
{
	char path[PATH_MAX], folder[PATH_MAX], new[PATH_MAX];
	enum changer_status status = changer_check_snapshot(changer, name);

	if (status == CHANGER_OK)
		status = snapshot_path(changer, name, path);
	if (status != CHANGER_OK)
		return status;
	changer_path(changer, folder, SNAPSHOTS, "");
	changer_path(changer, new, UNFINISHED, "");
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return cannot(changer, folder);
	status = changer_copy_library(changer, new);
	if (status == CHANGER_OK)
		status = changer_sync_copy(changer, new, durable);
	if (status == CHANGER_OK && rename(new, path) != 0)
		status = cannot(changer, path);
	if (status != CHANGER_OK)
		files_remove(new);
	else if (durable && files_sync(folder) != 0)
		status = cannot(changer, folder);
	return status;
}

enum changer_status changer_take_snapshot(struct changer *changer,
    const char *name, bool durable)
{
	enum changer_status status = changer_begin(changer);

	return status == CHANGER_OK
	    ? changer_end(changer, take(changer, name, durable), false)
	    : status;
}

/* A list of snapshots that is filled. */
struct listing {
	struct changer *changer;
	struct changer_snapshot *list;
	size_t count;
	uint64_t volumes;
};

static int count_volume(void *arg, const char *name)
{
	size_t n = strlen(name), end = strlen(".tape");

	if (n > end && strcmp(name + n - end, ".tape") == 0)
		((struct listing *)arg)->volumes++;
	return 0;
}

static int add_snapshot(void *arg, const char *name)
{
	struct listing *l = arg;
	struct changer_snapshot *s;
	char path[PATH_MAX], state[PATH_MAX];
	struct stat st;

	if (snapshot_path(l->changer, name, path) != CHANGER_OK ||
	    snprintf(state, sizeof state, "%s/library.db", path) >= PATH_MAX ||
	    stat(state, &st) != 0)
		return 0;
	s = grow_by_one(l->list, l->count, sizeof *s);
	if (s == NULL) {
		errno = ENOMEM;
		return -1;
	}
	l->list = s;
	l->volumes = 0;
	if (files_each(path, count_volume, l) != 0)
		return 0; /* it was removed just now */
	s = &l->list[l->count++];
	strcpy(s->name, name);
	s->time_s = st.st_mtime;
	s->volumes = l->volumes;
	return 0;
}

enum changer_status changer_list_snapshots(struct changer *changer,
    struct changer_snapshot **snapshots, size_t *count)
{
	struct listing l = { .changer = changer };
	char folder[PATH_MAX];

	changer_path(changer, folder, SNAPSHOTS, "");
	if (files_each(folder, add_snapshot, &l) != 0 && errno != ENOENT) {
		free(l.list);
		return cannot(changer, folder);
	}
	changer_forget_error(changer);
	*snapshots = l.list;
	*count = l.count;
	return CHANGER_OK;
}

static enum changer_status remove_snapshot(struct changer *changer,
    const char *name)
{
	char path[PATH_MAX], new[PATH_MAX];
	enum changer_status status = changer_find_snapshot(changer, name, path);

	if (status != CHANGER_OK)
		return status;
	/* Its name goes first, so that half of it is never a snapshot. */
	changer_path(changer, new, UNFINISHED, "");
	if (files_remove(new) != 0 || rename(path, new) != 0 ||
	    files_remove(new) != 0)
		return changer_error(changer, CHANGER_ERROR,
		    "cannot remove %s: %s", path, strerror(errno));
	return CHANGER_OK;
}

enum changer_status changer_remove_snapshot(struct changer *changer,
    const char *name)
{
	enum changer_status status = changer_begin(changer);

	return status == CHANGER_OK
	    ? changer_end(changer, remove_snapshot(changer, name), false)
	    : status;
}
