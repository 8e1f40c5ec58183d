/*
 * volume_fault.c: stores which defects of volumes are faults of the library, and
 * lists how often each fault has struck.
 *
 * A volume stores its defects.  The library knows those that were made through
 * it by their numbers, and the volume by its barcode: the number of a defect
 * that another library made means nothing here.
 */
#include "vtl/changer/impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"

enum changer_status changer_add_volume_fault(struct changer *changer,
    const struct changer_volume_fault *fault, int64_t *id)
{
	enum changer_status status = changer_begin(changer);

	*id = 0;
	if (status != CHANGER_OK)
		return status;
	status = changer_number_fault(changer, id);
	if (status == CHANGER_OK)
		status = changer_run(changer,
		    "insert into volume_faults (id, barcode, entry, once) "
		    "values (?, ?, ?, ?)",
		    "issi", *id, fault->barcode, fault->entry,
		    (int64_t)fault->once);
	return changer_end(changer, status, false);
}

static enum changer_status read_fault(struct changer *changer,
    sqlite3_stmt *stmt, struct changer_volume_fault *fault)
{
	const char *barcode = (const char *)sqlite3_column_text(stmt, 1);
	const char *entry = (const char *)sqlite3_column_text(stmt, 2);

	memset(fault, 0, sizeof *fault);
	fault->id = sqlite3_column_int64(stmt, 0);
	if (barcode != NULL)
		strncpy(fault->barcode, barcode, sizeof fault->barcode - 1);
	fault->once = sqlite3_column_int(stmt, 3) != 0;
	fault->strikes = (uint64_t)sqlite3_column_int64(stmt, 4);
	fault->entry = strdup(entry != NULL ? entry : "");
	return fault->entry != NULL ? CHANGER_OK : changer_no_memory(changer);
}

enum changer_status changer_list_volume_faults(struct changer *changer,
    struct changer_volume_fault **faults, size_t *count)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select id, barcode, entry, once, strikes from volume_faults order "
	    "by id",
	    "");
	enum changer_status status = CHANGER_OK;
	struct changer_volume_fault *more;

	*faults = NULL;
	*count = 0;
	if (stmt == NULL)
		return CHANGER_ERROR;
	while (status == CHANGER_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		more = grow_by_one(*faults, *count, sizeof *more);
		if (more == NULL) {
			status = changer_no_memory(changer);
			break;
		}
		*faults = more;
		status = read_fault(changer, stmt, &more[*count]);
		*count += status == CHANGER_OK;
	}
	if (sqlite3_reset(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	if (status == CHANGER_OK)
		return CHANGER_OK;
	changer_free_volume_faults(*faults, *count);
	*faults = NULL;
	*count = 0;
	return status;
}

void changer_free_volume_faults(struct changer_volume_fault *faults,
    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free(faults[i].entry);
	free(faults);
}

enum changer_status changer_strike_volume_fault(struct changer *changer,
    int64_t id, const char *barcode, uint64_t strikes)
{
	enum changer_status status = changer_begin(changer);

	if (status != CHANGER_OK)
		return status;
	status = changer_run(changer,
	    "update volume_faults set strikes = strikes + ? where id = ? and "
	    "barcode = ?",
	    "iis", strikes < INT64_MAX ? (int64_t)strikes : INT64_MAX, id,
	    barcode);
	if (status == CHANGER_OK && sqlite3_changes(changer->db) == 0)
		status = changer_error(changer, CHANGER_REFUSED,
		    "the library has no fault %" PRId64 " of volume %s", id,
		    barcode);
	return changer_end(changer, status, false);
}

enum changer_status changer_list_strikes(struct changer *changer,
    struct changer_strikes **list, size_t *count)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select id, strikes, once from robot_faults union all "
	    "select id, strikes, once from drive_faults union all "
	    "select id, strikes, once from volume_faults order by id",
	    "");
	enum changer_status status = CHANGER_OK;
	struct changer_strikes *more;

	*list = NULL;
	*count = 0;
	if (stmt == NULL)
		return CHANGER_ERROR;
	while (status == CHANGER_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		more = grow_by_one(*list, *count, sizeof *more);
		if (more == NULL) {
			status = changer_no_memory(changer);
			break;
		}
		*list = more;
		more[(*count)++] = (struct changer_strikes){
			.id = sqlite3_column_int64(stmt, 0),
			.strikes = (uint64_t)sqlite3_column_int64(stmt, 1),
			.once = sqlite3_column_int(stmt, 2) != 0,
		};
	}
	if (sqlite3_reset(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	if (status == CHANGER_OK)
		return CHANGER_OK;
	free(*list);
	*list = NULL;
	*count = 0;
	return status;
}
