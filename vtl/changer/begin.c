/*
 * begin.c: begins transactions that change a library.
 *
 * Before each transaction, the cartridges of clients that have ended go back.
 */
#include "vtl/changer/impl.h"

#include <inttypes.h>

/* Returns the cartridges that a client had open, and frees its drives. */
static enum changer_status end_client(struct changer *changer, int64_t client)
{
	struct changer_contents contents;
	enum changer_status status;
	int64_t address;

	for (;;) {
		status = changer_number(changer, &address, -1,
		    "select e.address from elements e join cartridges c on "
		    "c.address = e.address where e.client = ? and not "
		    "e.by_hand limit 1",
		    "i", client);
		if (status != CHANGER_OK || address < 0)
			break;
		status = changer_inspect(changer, (unsigned)address, &contents);
		if (status == CHANGER_OK)
			status = changer_return_cartridge(changer, &contents);
		/* no slot is empty: it stays there */
		if (status == CHANGER_REFUSED)
			status = changer_run(changer,
			    "update elements set by_hand = 1 where address = ?",
			    "i", address);
		if (status != CHANGER_OK)
			return status;
	}
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "update elements set client = null, open = 0 where client "
		    "= ?",
		    "i", client);
	return status == CHANGER_OK ? changer_delete_client(changer, client)
				    : status;
}

enum changer_status changer_end_client(struct changer *changer)
{
	int64_t client = changer->client;

	changer->client = 0;
	return end_client(changer, client);
}

/* Finds another client that has ended; sets *dead to 0 if there is none. */
static enum changer_status find_dead(struct changer *changer, int64_t *dead)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select id from clients where id <> ? and host is not null", "i",
	    changer->client);

	*dead = 0;
	if (stmt == NULL)
		return CHANGER_ERROR;
	while (*dead == 0 && sqlite3_step(stmt) == SQLITE_ROW)
		if (!changer_client_is_alive(changer,
			sqlite3_column_int64(stmt, 0), true))
			*dead = sqlite3_column_int64(stmt, 0);
	return sqlite3_reset(stmt) == SQLITE_OK ? CHANGER_OK
						: changer_sqlite_error(changer);
}

static enum changer_status reap(struct changer *changer, bool *reaped)
{
	enum changer_status status;
	int64_t dead;

	*reaped = false;
	if (changer->in_memory)
		return CHANGER_OK;
	do {
		status = find_dead(changer, &dead);
		if (status == CHANGER_OK && dead != 0) {
			status = end_client(changer, dead);
			*reaped = true;
		}
	} while (status == CHANGER_OK && dead != 0);
	return status;
}

/*
 * Begins a transaction in which no restore is pending: that of a killed process
 * is completed first.
 */
static enum changer_status begin(struct changer *changer)
{
	enum changer_status status =
	    changer_run(changer, "begin immediate", "");

	while (status == CHANGER_OK && changer_restore_is_pending(changer)) {
		changer_end(changer, CHANGER_REFUSED, false);
		status = changer_complete_restore(changer);
		if (status == CHANGER_OK)
			status = changer_run(changer, "begin immediate", "");
	}
	return status;
}

enum changer_status changer_begin(struct changer *changer)
{
	enum changer_status status;
	bool reaped;

	changer_forget_error(changer);
	status = begin(changer);
	if (status != CHANGER_OK)
		return status;
	status = reap(changer, &reaped);
	/* Commit now: this must stay even if the caller's transaction fails. */
	if (status == CHANGER_OK && reaped) {
		status = changer_end(changer, status, false);
		if (status == CHANGER_OK)
			status = begin(changer);
		if (status != CHANGER_OK)
			return status;
	}
	return status == CHANGER_OK ? CHANGER_OK
				    : changer_end(changer, status, false);
}

static enum changer_status forget(struct changer *changer, int64_t client)
{
	enum changer_status status;
	int64_t has_host;

	status = changer_number(changer, &has_host, -1,
	    "select host is not null from clients where id = ?", "i", client);
	if (status != CHANGER_OK)
		return status;
	if (has_host == -1)
		return changer_error(changer, CHANGER_REFUSED,
		    "library %s has no client %" PRId64 "; \"tapelab vtl "
		    "status\" lists its clients",
		    changer->folder, client);
	if (has_host && changer->lock != NULL && client > 0 &&
	    file_lock_test(changer->lock, client) == FILE_LOCK_HELD)
		return changer_error(changer, CHANGER_REFUSED,
		    "client %" PRId64 " lives: its process holds its lock: end "
		    "that process",
		    client);
	return end_client(changer, client);
}

enum changer_status changer_forget_client(struct changer *changer,
    int64_t client)
{
	enum changer_status status = changer_begin(changer);

	return status == CHANGER_OK
	    ? changer_end(changer, forget(changer, client), false)
	    : status;
}
