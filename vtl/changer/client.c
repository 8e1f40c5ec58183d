/*
 * client.c: sessions: who uses which drives, and who of them lives.
 *
 * A session locks the byte of library.lock that has its number, before others
 * can see its row, and until its process ends.  So whoever changes something
 * knows which sessions have died: those whose byte is free.  A session whose
 * row names no host was made by a tapelab that knew no such locks.
 */
#include "vtl/changer/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BOOT_BYTES = 40, SESSION_TRIES = 1000 };

static char *lock_path(const char *folder)
{
	char *path;

	return asprintf(&path, "%s/library.lock", folder) < 0 ? NULL : path;
}

static enum changer_status lock_unusable(struct changer *changer,
    const char *why)
{
	return changer_say(changer, CHANGER_ERROR,
	    "library %s: cannot use "
	    "its library.lock: %s",
	    changer->folder, why);
}

enum changer_status changer_open_lock(struct changer *changer, bool looks)
{
	char *path = lock_path(changer->folder);

	if (path == NULL)
		return changer_no_memory(changer);
	changer->lock =
	    file_lock_open(path, looks ? FILE_LOCK_READ : FILE_LOCK_WRITE);
	free(path);
	if (changer->lock != NULL &&
	    file_lock_take(changer->lock, CHANGER_LOCK_ALL, true) ==
		FILE_LOCK_FAILED)
		return lock_unusable(changer, file_lock_reason(errno));
	if (changer->lock != NULL || looks || errno == ENOENT)
		return CHANGER_OK;
	return lock_unusable(changer,
	    errno == ELOOP || errno == EINVAL ? "it is not a regular file"
					      : strerror(errno));
}

enum changer_status changer_make_lock(struct changer *changer)
{
	enum changer_status status;
	int64_t sessions;
	char *path;

	if (changer->lock != NULL)
		return CHANGER_OK;
	status = changer_number(changer, &sessions, 0,
	    "select count(*) from "
	    "sessions where host is not null",
	    "");
	if (status != CHANGER_OK || sessions > 0)
		return status;
	path = lock_path(changer->folder);
	if (path == NULL)
		return changer_no_memory(changer);
	changer->lock = file_lock_open(path, FILE_LOCK_CREATE);
	free(path);
	return changer->lock != NULL ? CHANGER_OK
				     : lock_unusable(changer, strerror(errno));
}

/* Whether a session, which has a host or has none, may live. */
bool changer_session_lives(const struct changer *changer, int64_t session,
    bool has_host)
{
	return !has_host || changer->lock == NULL || session <= 0 ||
	    file_lock_ask(changer->lock, session) != FILE_LOCK_TAKEN ||
	    session == changer->session;
}

void changer_read_user(struct changer *changer, sqlite3_stmt *stmt, int column,
    struct changer_user *user)
{
	const char *program =
	    (const char *)sqlite3_column_text(stmt, column + 2);
	const char *host = (const char *)sqlite3_column_text(stmt, column + 3);
	int64_t session = sqlite3_column_int64(stmt, column);

	memset(user, 0, sizeof *user);
	if (sqlite3_column_type(stmt, column) == SQLITE_NULL ||
	    !changer_session_lives(changer, session, host != NULL))
		return;
	user->session = session;
	user->pid = sqlite3_column_int64(stmt, column + 1);
	user->is_locked = host != NULL && changer->lock != NULL;
	snprintf(user->program, sizeof user->program, "%s",
	    program != NULL ? program : "");
	snprintf(user->host, sizeof user->host, "%s", host != NULL ? host : "");
}

static void this_host(char host[CHANGER_HOST_BYTES])
{
	char *at;

	if (gethostname(host, CHANGER_HOST_BYTES - 1) != 0)
		host[0] = '\0';
	host[CHANGER_HOST_BYTES - 1] = '\0';
	/* It is shown to others, on their terminals. */
	for (at = host; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
}

void changer_user_name(const struct changer_user *user, char *buf,
    size_t buf_bytes)
{
	char here[CHANGER_HOST_BYTES];
	bool away;

	this_host(here);
	away = user->host[0] != '\0' && strcmp(user->host, here) != 0;
	snprintf(buf, buf_bytes, "process %" PRId64 " (%s)%s%s", user->pid,
	    user->program, away ? " on host " : "", away ? user->host : "");
	if (!user->is_locked)
		snprintf(buf + strlen(buf), buf_bytes - strlen(buf),
		    ", of which nobody knows whether it lives: if it has "
		    "ended, run \"tapelab vtl status LIB --forget-session %" PRId64
		    "\"",
		    user->session);
}

/* Which boot of the machine this is; "" if it does not tell. */
static const char *this_boot(char boot[BOOT_BYTES])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	boot[0] = '\0';
	if (file == NULL)
		return boot;
	if (fgets(boot, BOOT_BYTES, file) == NULL)
		boot[0] = '\0';
	boot[strcspn(boot, "\n")] = '\0';
	fclose(file);
	return boot;
}

/*
 * The row of a session.  `start` and `boot` are for a tapelab that knew no
 * locks, and had the library open before it got this format: with -1 it looks
 * only whether there is such a process.
 */
static enum changer_status insert_session(struct changer *changer,
    int64_t *session)
{
	char boot[BOOT_BYTES] = "", host[CHANGER_HOST_BYTES] = "";
	enum changer_status status;

	if (!changer->in_memory) {
		this_boot(boot);
		this_host(host);
	}
	status = changer_run(changer,
	    "insert into sessions "
	    "(pid, start, boot, program, host) values (?, -1, ?, ?, ?)",
	    "isss", (int64_t)getpid(), boot, changer->program, host);
	*session = sqlite3_last_insert_rowid(changer->db);
	return status;
}

enum changer_status changer_delete_session(struct changer *changer,
    int64_t session)
{
	return changer_run(changer, "delete from sessions where id = ?", "i",
	    session);
}

static enum changer_status lock_missing(struct changer *changer)
{
	return changer_say(changer, CHANGER_ERROR,
	    "library %s: its "
	    "library.lock is missing, and there are sessions: see that all "
	    "programs that use the library have ended, then run \"tapelab vtl "
	    "status LIB --forget-session N\" for each that \"tapelab vtl "
	    "status\" shows",
	    changer->folder);
}

enum changer_status changer_join(struct changer *changer)
{
	enum file_lock_result result = FILE_LOCK_HELD;
	enum changer_status status;
	int64_t session = 0;
	int i;

	if (changer->session != 0)
		return CHANGER_OK;
	if (!changer->in_memory &&
	    (changer->lock == NULL || !file_lock_is_open(changer->lock)))
		return lock_missing(changer);
	/* A number whose byte is locked is that of a row that was lost. */
	for (i = 0; i < SESSION_TRIES && result == FILE_LOCK_HELD; i++) {
		status = i > 0 ? changer_delete_session(changer, session)
			       : CHANGER_OK;
		if (status == CHANGER_OK)
			status = insert_session(changer, &session);
		if (status != CHANGER_OK)
			return status;
		result = changer->in_memory
		    ? FILE_LOCK_TAKEN
		    : file_lock_take(changer->lock, session, false);
	}
	if (result != FILE_LOCK_TAKEN)
		return changer_say(changer, CHANGER_ERROR,
		    "library %s cannot "
		    "be used: cannot lock a byte of its library.lock: %s",
		    changer->folder,
		    result == FILE_LOCK_HELD ? "others hold all of them"
					     : file_lock_reason(errno));
	changer->session = session;
	return CHANGER_OK;
}

void changer_unjoin(struct changer *changer, int64_t session)
{
	if (changer->session == session)
		return;
	if (!changer->in_memory)
		file_lock_drop(changer->lock, changer->session);
	changer->session = session;
}

static enum changer_status read_users(struct changer *changer,
    sqlite3_stmt *stmt, struct changer_user **users, size_t *count)
{
	struct changer_user *more, user;

	while (sqlite3_step(stmt) == SQLITE_ROW) {
		changer_read_user(changer, stmt, 0, &user);
		if (user.session == 0)
			continue;
		more = reallocarray(*users, *count + 1, sizeof *more);
		if (more == NULL) {
			sqlite3_reset(stmt);
			return changer_no_memory(changer);
		}
		*users = more;
		(*users)[(*count)++] = user;
	}
	return sqlite3_reset(stmt) == SQLITE_OK ? CHANGER_OK
						: changer_fail(changer);
}

enum changer_status changer_users(struct changer *changer,
    struct changer_user **users, size_t *count)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    changer->format >= CHANGER_FORMAT_LOCKS
		? "select " CHANGER_SESSION " from sessions s order by s.id"
		: "select " CHANGER_SESSION_OLD
		  " from sessions s order by s.id",
	    "");
	enum changer_status status = CHANGER_ERROR;

	*users = NULL;
	*count = 0;
	if (stmt != NULL)
		status = read_users(changer, stmt, users, count);
	if (status == CHANGER_OK)
		return CHANGER_OK;
	free(*users);
	*users = NULL;
	*count = 0;
	return status;
}
