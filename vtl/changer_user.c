/*
 * changer_user.c: sessions: which process uses which drives.
 *
 * A process is known by its number, the moment at which it began and the boot
 * of the machine, for numbers are used again.  A process that is dead but not
 * yet waited for counts as dead.
 */
#include "vtl/changer_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BOOT_BYTES = 40, STAT_START = 19 };	/* fields behind the state */

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
 * When a process began, in ticks since the boot: 0 if it is dead, -1 if that
 * cannot be read.
 */
static int64_t began(int64_t pid)
{
	char path[64], text[1024], *at;
	FILE *file;
	size_t n;
	int i;

	snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return errno == ENOENT || errno == ESRCH ? 0 : -1;
	n = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	text[n] = '\0';
	/* The name, in brackets, may hold anything: brackets and blanks too. */
	at = strrchr(text, ')');
	if (at == NULL || at[1] != ' ')
		return -1;
	at += 2;
	if (*at == 'Z' || *at == 'X')
		return 0;
	for (i = 0; i < STAT_START && at != NULL; i++) {
		at = strchr(at, ' ');
		if (at != NULL)
			at++;
	}
	return at != NULL ? (int64_t)strtoll(at, NULL, 10) : -1;
}

bool changer_lives(int64_t pid, int64_t start, const char *boot)
{
	char now[BOOT_BYTES];
	int64_t seen;

	if (strcmp(boot, this_boot(now)) != 0)
		return false;
	if (kill((pid_t)pid, 0) != 0 && errno == ESRCH)
		return false;
	seen = began(pid);
	return seen == -1 || start == -1 || seen == start;
}

enum changer_status changer_join(struct changer *changer)
{
	enum changer_status status;
	char boot[BOOT_BYTES] = "";
	int64_t pid = 0, start = 0;

	if (changer->session != 0)
		return CHANGER_OK;
	if (!changer->in_memory) {
		pid = getpid();
		start = began(pid);
		this_boot(boot);
	}
	status = changer_run(changer, "insert into sessions "
	    "(pid, start, boot, program) values (?, ?, ?, ?)", "iiss", pid,
	    start, boot, changer->program);
	if (status == CHANGER_OK)
		changer->session = sqlite3_last_insert_rowid(changer->db);
	return status;
}

/* Frees the drives of a session, and brings home what it had open. */
static enum changer_status end_session(struct changer *changer,
    int64_t session)
{
	struct changer_load load;
	enum changer_status status;
	int64_t address;

	for (;;) {
		status = changer_number(changer, &address, -1, "select "
		    "e.address from elements e join cartridges c "
		    "on c.address = e.address where e.session = ? "
		    "and not e.by_hand limit 1", "i", session);
		if (status != CHANGER_OK || address < 0)
			break;
		status = changer_look(changer, (unsigned)address, &load);
		if (status == CHANGER_OK)
			status = changer_carry_home(changer, &load);
		if (status == CHANGER_REFUSED)	/* no slot: it stays there */
			status = changer_run(changer, "update elements set "
			    "by_hand = 1 where address = ?", "i", address);
		if (status != CHANGER_OK)
			return status;
	}
	if (status == CHANGER_OK)
		status = changer_run(changer, "update elements set session "
		    "= null, open = 0 where session = ?", "i", session);
	if (status == CHANGER_OK)
		status = changer_run(changer, "delete from sessions "
		    "where id = ?", "i", session);
	return status;
}

enum changer_status changer_leave(struct changer *changer)
{
	int64_t session = changer->session;

	changer->session = 0;
	return end_session(changer, session);
}

/* A session, other than this one, whose process has died; 0: there is none. */
static enum changer_status find_dead(struct changer *changer, int64_t *dead)
{
	sqlite3_stmt *stmt = changer_prepare(changer, "select id, pid, start, "
	    "boot from sessions where id <> ?", "i", changer->session);
	const char *boot;

	*dead = 0;
	if (stmt == NULL)
		return CHANGER_ERROR;
	while (*dead == 0 && sqlite3_step(stmt) == SQLITE_ROW) {
		boot = (const char *)sqlite3_column_text(stmt, 3);
		if (boot != NULL && !changer_lives(
		    sqlite3_column_int64(stmt, 1),
		    sqlite3_column_int64(stmt, 2), boot))
			*dead = sqlite3_column_int64(stmt, 0);
	}
	return sqlite3_reset(stmt) == SQLITE_OK ? CHANGER_OK :
	    changer_fail(changer);
}

enum changer_status changer_reap(struct changer *changer, bool *reaped)
{
	enum changer_status status;
	int64_t dead;

	*reaped = false;
	if (changer->in_memory)
		return CHANGER_OK;
	do {
		status = find_dead(changer, &dead);
		if (status == CHANGER_OK && dead != 0) {
			status = end_session(changer, dead);
			*reaped = true;
		}
	} while (status == CHANGER_OK && dead != 0);
	return status;
}
