/* snapshot_rig.c: see snapshot_rig.h. */
#include "vtl/changer/tests/snapshot_rig.h"

#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "vtl/changer/snapshot.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

struct changer *snapshot_open_library(const char *name)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c =
	    changer_open(scratch_path(name), "a test", false, false, message);

	ck_assert_msg(c != NULL, "%s", message);
	return c;
}

void snapshot_expect(struct changer *c, enum changer_status status,
    enum changer_status want)
{
	ck_assert_msg(status == want, "status %d: %s", (int)status,
	    changer_message(c));
}

/* Appends what a query returns, column by column, to the text. */
static void add_query(char *text, size_t bytes, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;
	size_t n = strlen(text);

	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
	    SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++) {
			const char *value =
			    (const char *)sqlite3_column_text(stmt, i);

			n += (size_t)snprintf(text + n, bytes - n, "%s ",
			    value != NULL ? value : "-");
		}
	}
	sqlite3_finalize(stmt);
	ck_assert_uint_lt(n, bytes);
}

/* Describes a library: its rows, except clients, and its volumes' bytes. */
void snapshot_describe(const char *library, char *text, size_t bytes)
{
	char path[64], file[64];
	sqlite3_stmt *stmt;
	sqlite3 *db;
	size_t n;

	text[0] = '\0';
	snprintf(path, sizeof path, "%s/library.db", library);
	ck_assert_int_eq(sqlite3_open(scratch_path(path), &db), SQLITE_OK);
	add_query(text, bytes, db, "select move_ns, moves from library");
	add_query(text, bytes, db,
	    "select address, number, model, by_hand, loads, serial, naa"
	    " from elements order by address");
	add_query(text, bytes, db, "select * from cartridges order by id");
	add_query(text, bytes, db, "select mode, move from robot_faults");
	ck_assert_int_eq(sqlite3_prepare_v2(db,
			     "select file from cartridges where file is not "
			     "null order by file",
			     -1, &stmt, NULL),
	    SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		snprintf(file, sizeof file, "%s/%s", library,
		    (const char *)sqlite3_column_text(stmt, 0));
		n = strlen(text);
		snprintf(text + n, bytes - n, "%lx ",
		    (unsigned long)scratch_sum(file));
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static void write_volume(const char *file, uint64_t blocks)
{
	struct volume *volume = scratch_open(file);

	ck_assert_int_eq(scratch_append(volume, blocks * 512, 512, 1, 0), 0);
	ck_assert_int_eq(volume_append_filemarks(volume, 1), 0);
	scratch_close(volume);
}

/* Changes everything that a library has. */
void snapshot_change(void)
{
	const struct changer_cartridge new = { .barcode = "NEW001L8",
		.file = "NEW001L8.tape" };
	const struct changer_fault fault = { .nth = 3, .once = true };
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct changer *c = snapshot_open_library("lib");

	write_volume("lib/VTA002L8.tape", 9);
	strcpy(spec.barcode, "NEW001L8");
	scratch_close(scratch_volume("lib/NEW001L8.tape", &spec));
	snapshot_expect(c, changer_import(c, CHANGER_SLOT_ADDRESS + 5, &new),
	    CHANGER_OK);
	snapshot_expect(c,
	    changer_move(c, CHANGER_SLOT_ADDRESS, CHANGER_DRIVE_ADDRESS),
	    CHANGER_OK);
	snapshot_expect(c, changer_add_fault(c, &fault), CHANGER_OK);
	changer_close(c);
}

/* Makes a library, and its snapshot "a". */
void snapshot_setup(void)
{
	struct changer *c;

	scratch_setup();
	on_disk_make(NULL);
	write_volume("lib/VTA001L8.tape", 3);
	c = snapshot_open_library("lib");
	snapshot_expect(c, changer_take_snapshot(c, "a", false), CHANGER_OK);
	changer_close(c);
}
