/*
 * client.c: registers the clients of a library, and finds out which of them
 * live.
 *
 * Client N locks byte N of library.lock before other processes can see its row,
 * and until its process ends.  A client whose byte is not locked has ended.  A
 * row without a host is that of an older tapelab, which held no lock.
 */
#include "vtl/changer/impl.h"
#include "splitter/base/grow.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CLIENT_TRIES = 1000 };

static char *lock_path(const char *folder)
{
	char *path;

	return asprintf(&path, "%s/library.lock", folder) < 0 ? NULL : path;
}

static enum changer_status lock_unusable(struct changer *changer,
    const char *why)
{
	return changer_error(changer, CHANGER_ERROR,
	    "library %s: cannot use its library.lock: %s", changer->folder,
	    why);
}

enum changer_status changer_open_lock(struct changer *changer, bool read_only)
{
	char *path = lock_path(changer->folder);

	if (path == NULL)
		return changer_no_memory(changer);
	changer->lock =
	    file_lock_open(path, read_only ? FILE_LOCK_READ : FILE_LOCK_WRITE);
	free(path);
	if (changer->lock != NULL &&
	    file_lock_take(changer->lock, CHANGER_LOCK_ALL, true) ==
		FILE_LOCK_FAILED)
		return lock_unusable(changer, file_lock_reason(errno));
	if (changer->lock != NULL || read_only || errno == ENOENT)
		return CHANGER_OK;
	return lock_unusable(changer,
	    errno == ELOOP || errno == EINVAL ? "it is not a regular file"
					      : strerror(errno));
}

enum changer_status changer_make_lock(struct changer *changer)
{
	enum changer_status status;
	int64_t clients;
	char *path;

	if (changer->lock != NULL)
		return CHANGER_OK;
	status = changer_number(changer, &clients, 0,
	    "select count(*) from clients where host is not null", "");
	if (status != CHANGER_OK || clients > 0)
		return status;
	path = lock_path(changer->folder);
	if (path == NULL)
		return changer_no_memory(changer);
	changer->lock = file_lock_open(path, FILE_LOCK_CREATE);
	free(path);
	return changer->lock != NULL ? CHANGER_OK
				     : lock_unusable(changer, strerror(errno));
}

bool changer_client_is_alive(const struct changer *changer, int64_t client,
    bool has_host)
{
	return !has_host || changer->lock == NULL || client <= 0 ||
	    file_lock_test(changer->lock, client) != FILE_LOCK_TAKEN ||
	    client == changer->client;
}

void changer_read_client(struct changer *changer, sqlite3_stmt *stmt,
    int column, struct changer_client *client)
{
	const char *program =
	    (const char *)sqlite3_column_text(stmt, column + 2);
	const char *host = (const char *)sqlite3_column_text(stmt, column + 3);
	int64_t id = sqlite3_column_int64(stmt, column);

	memset(client, 0, sizeof *client);
	if (sqlite3_column_type(stmt, column) == SQLITE_NULL ||
	    !changer_client_is_alive(changer, id, host != NULL))
		return;
	client->id = id;
	client->pid = sqlite3_column_int64(stmt, column + 1);
	client->has_lock = host != NULL && changer->lock != NULL;
	snprintf(client->program, sizeof client->program, "%s",
	    program != NULL ? program : "");
	snprintf(client->host, sizeof client->host, "%s",
	    host != NULL ? host : "");
}

static void this_host(char host[CHANGER_HOST_BYTES])
{
	char *at;

	if (gethostname(host, CHANGER_HOST_BYTES - 1) != 0)
		host[0] = '\0';
	host[CHANGER_HOST_BYTES - 1] = '\0';
	/*
	 * Replace control characters: other programs print the name on
	 * terminals.
	 */
	for (at = host; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
}

void changer_client_describe(const struct changer_client *client, char *buf,
    size_t buf_bytes)
{
	char here[CHANGER_HOST_BYTES];
	bool away;

	this_host(here);
	away = client->host[0] != '\0' && strcmp(client->host, here) != 0;
	snprintf(buf, buf_bytes, "process %" PRId64 " (%s)%s%s", client->pid,
	    client->program, away ? " on host " : "", away ? client->host : "");
	if (!client->has_lock)
		snprintf(buf + strlen(buf), buf_bytes - strlen(buf),
		    ", which may have ended: in that case run \"tapelab vtl "
		    "status LIB --forget-client %" PRId64 "\"",
		    client->id);
}

static enum changer_status insert_client(struct changer *changer,
    int64_t *client)
{
	char host[CHANGER_HOST_BYTES] = "";
	enum changer_status status;

	if (!changer->in_memory)
		this_host(host);
	status = changer_run(changer,
	    "insert into clients (pid, program, host) values (?, ?, ?)", "iss",
	    (int64_t)getpid(), changer->program, host);
	*client = sqlite3_last_insert_rowid(changer->db);
	return status;
}

enum changer_status changer_delete_client(struct changer *changer,
    int64_t client)
{
	return changer_run(changer, "delete from clients where id = ?", "i",
	    client);
}

static enum changer_status lock_missing(struct changer *changer)
{
	return changer_error(changer, CHANGER_ERROR,
	    "library %s: its library.lock is missing, but it has clients: end "
	    "all programs that use the library, then run \"tapelab vtl status "
	    "LIB --forget-client N\" for each client that \"tapelab vtl "
	    "status\" prints",
	    changer->folder);
}

enum changer_status changer_register(struct changer *changer)
{
	enum file_lock_result result = FILE_LOCK_HELD;
	enum changer_status status;
	int64_t client = 0;
	int i;

	if (changer->client != 0)
		return CHANGER_OK;
	if (!changer->in_memory &&
	    (changer->lock == NULL || !file_lock_is_open(changer->lock)))
		return lock_missing(changer);
	/*
	 * If the byte is locked already, its client lives, but its row was
	 * lost.
	 */
	for (i = 0; i < CLIENT_TRIES && result == FILE_LOCK_HELD; i++) {
		status =
		    i > 0 ? changer_delete_client(changer, client) : CHANGER_OK;
		if (status == CHANGER_OK)
			status = insert_client(changer, &client);
		if (status != CHANGER_OK)
			return status;
		result = changer->in_memory
		    ? FILE_LOCK_TAKEN
		    : file_lock_take(changer->lock, client, false);
	}
	if (result != FILE_LOCK_TAKEN)
		return changer_error(changer, CHANGER_ERROR,
		    "library %s: cannot lock a byte of its library.lock: %s",
		    changer->folder,
		    result == FILE_LOCK_HELD
			? "other programs hold locks on all of them"
			: file_lock_reason(errno));
	changer->client = client;
	return CHANGER_OK;
}

void changer_unregister(struct changer *changer, int64_t client)
{
	if (changer->client == client)
		return;
	if (!changer->in_memory)
		file_lock_release(changer->lock, changer->client);
	changer->client = client;
}

static enum changer_status read_clients(struct changer *changer,
    sqlite3_stmt *stmt, struct changer_client **clients, size_t *count)
{
	struct changer_client *more, client;

	while (sqlite3_step(stmt) == SQLITE_ROW) {
		changer_read_client(changer, stmt, 0, &client);
		if (client.id == 0)
			continue;
		more = grow_by_one(*clients, *count, sizeof *more);
		if (more == NULL) {
			sqlite3_reset(stmt);
			return changer_no_memory(changer);
		}
		*clients = more;
		(*clients)[(*count)++] = client;
	}
	return sqlite3_reset(stmt) == SQLITE_OK ? CHANGER_OK
						: changer_sqlite_error(changer);
}

enum changer_status changer_list_clients(struct changer *changer,
    struct changer_client **clients, size_t *count)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select " CHANGER_CLIENT_COLUMNS
	    " from clients order by clients.id",
	    "");
	enum changer_status status = CHANGER_ERROR;

	*clients = NULL;
	*count = 0;
	if (stmt != NULL)
		status = read_clients(changer, stmt, clients, count);
	if (status == CHANGER_OK)
		return CHANGER_OK;
	free(*clients);
	*clients = NULL;
	*count = 0;
	return status;
}
