/* list.c: lists the elements of a library and their contents. */
#include "vtl/changer/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum changer_kind kind_of(const char *word)
{
	switch (word[0]) {
	case 'r':
		return CHANGER_KIND_ROBOT;
	case 'i':
		return CHANGER_KIND_IE;
	case 'd':
		return CHANGER_KIND_DRIVE;
	}
	return CHANGER_KIND_SLOT;
}

static enum changer_status read_element(struct changer *changer,
    sqlite3_stmt *stmt, struct changer_element *e)
{
	const char *kind = (const char *)sqlite3_column_text(stmt, 1);
	const char *model = (const char *)sqlite3_column_text(stmt, 3);
	const char *profile = (const char *)sqlite3_column_text(stmt, 17);

	memset(e, 0, sizeof *e);
	if (kind == NULL)
		return changer_no_memory(changer);
	e->address = (unsigned)sqlite3_column_int64(stmt, 0);
	e->kind = kind_of(kind);
	e->number = (unsigned)sqlite3_column_int64(stmt, 2);
	e->by_hand = sqlite3_column_int(stmt, 4) != 0;
	e->cleanings = (unsigned)sqlite3_column_int64(stmt, 5);
	e->full = sqlite3_column_type(stmt, 6) != SQLITE_NULL;
	e->loads = (uint64_t)sqlite3_column_int64(stmt, 18);
	if (e->full) {
		changer_copy_text(e->barcode, sizeof e->barcode, stmt, 7);
		e->cleaning = sqlite3_column_type(stmt, 8) == SQLITE_NULL;
		e->source_address = (unsigned)sqlite3_column_int64(stmt, 9);
		e->unreadable = sqlite3_column_int(stmt, 10) != 0;
		e->uses = (unsigned)sqlite3_column_int64(stmt, 11);
		changer_read_medium(stmt, 16, e->medium);
	}
	if (e->kind != CHANGER_KIND_DRIVE)
		return CHANGER_OK;
	e->model = changer_model(changer, model, profile);
	if (e->model == NULL && profile != NULL)
		return CHANGER_ERROR; /* has a message */
	if (e->model == NULL)
		return changer_error(changer, CHANGER_ERROR,
		    "library %s: drive %u has a model that this tapelab does "
		    "not know: %s",
		    changer->folder, e->number, model != NULL ? model : "");
	changer_read_client(changer, stmt, 12, &e->client);
	return CHANGER_OK;
}

/* Columns of elements, cartridges and clients, as read_element() reads them. */
#define COLUMNS                                                    \
	"e.address, e.kind, e.number, e.model, e.by_hand, "        \
	"e.cleanings, c.id, c.barcode, c.file, c.source_address, " \
	"c.unreadable, c.uses, " CHANGER_CLIENT_COLUMNS            \
	", c.medium, e.profile, e.loads"

/* The tables that have COLUMNS. */
#define BY_RANGE                                                            \
	" from elements e left join cartridges c on "                       \
	"c.address = e.address left join clients on clients.id = e.client " \
	"where e.address between ? and ? order by e.address limit ?"
#define BY_BARCODE                                              \
	" from cartridges c join elements e on c.address = "    \
	"e.address left join clients on clients.id = e.client " \
	"where c.barcode = ?"

static enum changer_status read_range(struct changer *changer, unsigned first,
    unsigned last, int64_t most, struct changer_element **elements,
    size_t *count)
{
	enum changer_status status = CHANGER_OK;
	sqlite3_stmt *stmt;
	int64_t rows;

	if (changer_number(changer, &rows, 0,
		"select count(*) from elements where address between ? and ?",
		"ii", (int64_t)first, (int64_t)last) != CHANGER_OK)
		return CHANGER_ERROR;
	if (rows > most)
		rows = most;
	stmt = changer_prepare(changer, "select " COLUMNS BY_RANGE, "iii",
	    (int64_t)first, (int64_t)last, rows);
	if (stmt == NULL)
		return CHANGER_ERROR;
	*elements = calloc((size_t)rows + 1, sizeof **elements);
	if (*elements == NULL)
		status = changer_no_memory(changer);
	while (status == CHANGER_OK && *count < (size_t)rows &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		status = read_element(changer, stmt, &(*elements)[(*count)++]);
	if (sqlite3_reset(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	return status;
}

enum changer_status changer_list(struct changer *changer,
    struct changer_element **elements, size_t *count)
{
	return changer_list_range(changer, 0, UINT16_MAX, UINT16_MAX, elements,
	    count);
}

enum changer_status changer_list_range(struct changer *changer, unsigned first,
    unsigned last, size_t most, struct changer_element **elements,
    size_t *count)
{
	enum changer_status status;

	*elements = NULL;
	*count = 0;
	changer_forget_error(changer);
	status = changer_run(changer, "begin", "");
	if (status != CHANGER_OK)
		return status;
	status = read_range(changer, first, last,
	    most < UINT16_MAX ? (int64_t)most : UINT16_MAX, elements, count);
	if (changer_end(changer, status, false) == CHANGER_OK)
		return CHANGER_OK;
	free(*elements);
	*elements = NULL;
	*count = 0;
	return status != CHANGER_OK ? status : CHANGER_ERROR;
}

static enum changer_status find(struct changer *changer, const char *barcode,
    struct changer_element *element, char **path)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select " COLUMNS BY_BARCODE, "s", barcode);
	enum changer_status status;
	const char *file;

	if (stmt == NULL)
		return CHANGER_ERROR;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		status = read_element(changer, stmt, element);
	else
		status = changer_error(changer, CHANGER_REFUSED,
		    "the library has no cartridge %s", barcode);
	file = (const char *)sqlite3_column_text(stmt, 8);
	if (status == CHANGER_OK && file != NULL &&
	    !changer_file_ok(element->barcode, file))
		status = changer_error(changer, CHANGER_ERROR,
		    "library %s: the file name of volume %s does not match its "
		    "barcode: has another program changed library.db?",
		    changer->folder, element->barcode);
	if (status == CHANGER_OK && !element->cleaning &&
	    (file == NULL ||
		asprintf(path, "%s/%s", changer->folder, file) < 0)) {
		*path = NULL;
		status = changer_no_memory(changer);
	}
	sqlite3_reset(stmt);
	return status;
}

enum changer_status changer_lock(struct changer *changer, const char *barcode,
    struct changer_element *element, char **path)
{
	enum changer_status status;

	*path = NULL;
	changer_forget_error(changer);
	/* Until this transaction ends, no other process can commit. */
	status = changer_run(changer, "begin", "");
	if (status != CHANGER_OK)
		return status;
	status = find(changer, barcode, element, path);
	if (status != CHANGER_OK)
		changer_unlock(changer);
	return status;
}

void changer_unlock(struct changer *changer)
{
	sqlite3_exec(changer->db, "rollback", NULL, NULL, NULL);
}
