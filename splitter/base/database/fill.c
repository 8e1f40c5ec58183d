/*
 * fill.c: see fill.h.
 *
 * A pattern is a database in memory with the tables and no rows.  It lives
 * until the process ends.  Patterns are not used once they are more than
 * PATTERNS_MAX, or if there is no memory for one: then the statements are
 * executed.
 */
#include "splitter/base/database/fill.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum { PATTERNS_MAX = 4 };

static struct pattern {
	struct database_layout layout;
	sqlite3 *db;
} patterns[PATTERNS_MAX];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int execute(sqlite3 *db, const struct database_layout *layout)
{
	char pragmas[200];

	snprintf(pragmas, sizeof pragmas,
	    "pragma page_size = %d; pragma auto_vacuum = %s; begin; "
	    "pragma application_id = %d; pragma user_version = %d;",
	    layout->page_bytes, layout->auto_vacuum ? "incremental" : "none",
	    layout->application_id, layout->version);
	if (sqlite3_exec(db, pragmas, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(db, layout->schema, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(db, "commit", NULL, NULL, NULL) != SQLITE_OK)
		return -1;
	return 0;
}

static bool is_alike(const struct database_layout *a,
    const struct database_layout *b)
{
	return a->page_bytes == b->page_bytes &&
	    a->auto_vacuum == b->auto_vacuum &&
	    a->application_id == b->application_id &&
	    a->version == b->version && a->schema == b->schema;
}

/* Makes a pattern.  Returns its database, or NULL. */
static sqlite3 *make(struct pattern *p, const struct database_layout *layout)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(":memory:", &db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK ||
	    execute(db, layout) != 0) {
		sqlite3_close(db);
		return NULL;
	}
	p->layout = *layout;
	return p->db = db;
}

/* Returns the pattern of a layout, or NULL.  The caller holds the lock. */
static sqlite3 *find(const struct database_layout *layout)
{
	for (int i = 0; i < PATTERNS_MAX; i++) {
		if (patterns[i].db == NULL)
			return make(&patterns[i], layout);
		if (is_alike(&patterns[i].layout, layout))
			return patterns[i].db;
	}
	return NULL;
}

static int copy(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");

	if (backup == NULL)
		return -1;
	sqlite3_backup_step(backup, -1);
	return sqlite3_backup_finish(backup) == SQLITE_OK ? 0 : -1;
}

int database_fill(sqlite3 *db, const struct database_layout *layout)
{
	sqlite3 *from;
	int rc;

	if (sqlite3_exec(db, "pragma synchronous = off", NULL, NULL, NULL) !=
	    SQLITE_OK)
		return -1;
	pthread_mutex_lock(&lock);
	from = find(layout);
	rc = from != NULL ? copy(db, from) : 1;
	pthread_mutex_unlock(&lock);
	return rc <= 0 ? rc : execute(db, layout);
}
