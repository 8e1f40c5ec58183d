/* write.c: attempts and volumes, and what is lost of them. */
#include "splitter/tool/catalogue/impl.h"

#include <string.h>

/*
 * SQL: removes the attempts that match a condition.  A dump with such an
 * attempt is no longer complete.
 */
#define LOSE(condition)                                                     \
	CATALOGUE_NOT_WHOLE                                                 \
	"safe_bytes = min(safe_bytes, (select "                             \
	"min(offset_bytes) from attempts where dump = id and safe "         \
	"and " condition ")) where id in (select dump from attempts where " \
	"safe and " condition ")",                                          \
	    "delete from attempts where " condition

static int lose(struct catalogue *c, const char *dumps, const char *attempts,
    const struct catalogue_value *values, int count)
{
	return catalogue_run(c, dumps, values, count) != 0
	    ? -1
	    : catalogue_run(c, attempts, values, count);
}

/*
 * Removes the entries of file `file` and later files on a volume: that data is
 * overwritten or cut off.
 */
static int forget_from(struct catalogue *c, const char *volume, uint64_t file)
{
	const struct catalogue_value values[] = { CATALOGUE_TEXT(volume),
		CATALOGUE_NUMBER(file) };

	return lose(c, LOSE("volume = ?1 and file >= ?2"), values,
	    CATALOGUE_COUNT(values));
}

int catalogue_forget_parts(struct catalogue *c, uint64_t dump_id,
    const char *volume, uint64_t file)
{
	char id[CATALOGUE_ID_BYTES];
	const struct catalogue_value values[] = { CATALOGUE_TEXT(volume),
		CATALOGUE_NUMBER(file), CATALOGUE_TEXT(id) };

	catalogue_id(dump_id, id);
	if (catalogue_begin_change(c) != 0)
		return -1;
	return catalogue_end_change(c,
	    lose(c,
		LOSE("volume = ?1 and file >= "
		     "?2 and dump = ?3"),
		values, CATALOGUE_COUNT(values)));
}

static int put_attempt(struct catalogue *c, uint64_t dump_id,
    const struct splitter_attempt *a)
{
	char id[CATALOGUE_ID_BYTES];
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(id),
		CATALOGUE_NUMBER(a->part),
		CATALOGUE_NUMBER(a->attempt),
		CATALOGUE_TEXT(a->volume),
		CATALOGUE_NUMBER(a->file),
		CATALOGUE_NUMBER(a->offset_bytes),
		CATALOGUE_NUMBER(a->bytes),
		CATALOGUE_TEXT(splitter_end_name(a->end)),
		CATALOGUE_TEXT(a->committed ? "" : tape_cause_name(a->cause)),
		CATALOGUE_NUMBER(a->committed),
		CATALOGUE_TEXT(a->xxh128),
	};

	catalogue_id(dump_id, id);
	/* The size of an attempt in progress is not known yet. */
	return catalogue_run(c,
	    "insert or replace into attempts values "
	    "(?1, ?2, ?3, ?4, ?5, ?6, case ?8 when '' then null else ?7 end, "
	    "?8, ?9, ?10, ?11)",
	    values, CATALOGUE_COUNT(values));
}

int catalogue_add_attempt(struct catalogue *c, uint64_t dump_id,
    const struct splitter_attempt *a)
{
	if (catalogue_begin_change(c) != 0)
		return -1;
	return catalogue_end_change(c,
	    forget_from(c, a->volume, a->file) == 0 ? put_attempt(c, dump_id, a)
						    : -1);
}

static int put_volume(struct catalogue *c, const char *barcode,
    const char *closed, const char *date)
{
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(barcode),
		CATALOGUE_TEXT(closed),
		CATALOGUE_TEXT(date),
	};

	return catalogue_run(c,
	    "insert or replace into volumes values "
	    "(?, ?, ?)",
	    values, CATALOGUE_COUNT(values));
}

/*
 * Enters that a dump writes a volume from file `file` on, and how many volumes
 * the dump has used.
 */
static int use_volume(struct catalogue *c, uint64_t dump_id,
    const struct splitter_volume *v, uint64_t file, const char *date)
{
	char id[CATALOGUE_ID_BYTES];
	const struct catalogue_value values[] = { CATALOGUE_TEXT(id),
		CATALOGUE_NUMBER(v->sequence) };

	catalogue_id(dump_id, id);
	if (forget_from(c, v->barcode, file) != 0 ||
	    put_volume(c, v->barcode, "", date) != 0)
		return -1;
	return catalogue_run(c,
	    "update dumps set volumes = max(volumes, ?2) "
	    "where id = ?1",
	    values, CATALOGUE_COUNT(values));
}

/*
 * Removes the entries of other dumps under the old label name of a volume, if
 * that name differs from the barcode.  Entries of this dump under that name are
 * kept: they are about a volume that really has this name.
 */
static int forget_name(struct catalogue *c, uint64_t dump_id,
    const struct splitter_volume *v)
{
	char id[CATALOGUE_ID_BYTES];
	const struct catalogue_value values[] = { CATALOGUE_TEXT(v->label),
		CATALOGUE_TEXT(id) };

	if (v->label[0] == '\0' || strcmp(v->label, v->barcode) == 0)
		return 0;
	catalogue_id(dump_id, id);
	return lose(c, LOSE("volume = ?1 and dump <> ?2"), values,
	    CATALOGUE_COUNT(values));
}

int catalogue_label(struct catalogue *c, uint64_t dump_id,
    const struct splitter_volume *v, const char *date)
{
	if (catalogue_begin_change(c) != 0)
		return -1;
	return catalogue_end_change(c,
	    forget_name(c, dump_id, v) == 0 ? use_volume(c, dump_id, v, 0, date)
					    : -1);
}

int catalogue_begin_attempt(struct catalogue *c, uint64_t dump_id,
    const struct splitter_volume *v, const struct splitter_attempt *a,
    const char *date)
{
	if (catalogue_begin_change(c) != 0)
		return -1;
	return catalogue_end_change(c,
	    use_volume(c, dump_id, v, a->file, date) == 0
		? put_attempt(c, dump_id, a)
		: -1);
}

int catalogue_forget(struct catalogue *c, const char *volume)
{
	const struct catalogue_value value = CATALOGUE_TEXT(volume);

	if (catalogue_begin_change(c) != 0)
		return -1;
	return catalogue_end_change(c,
	    forget_from(c, volume, 0) == 0
		? catalogue_run(c, "delete from volumes where barcode = ?",
		      &value, 1)
		: -1);
}

int catalogue_add_volume(struct catalogue *c, uint64_t dump_id,
    const struct splitter_volume *v, const char *date)
{
	char id[CATALOGUE_ID_BYTES];

	catalogue_id(dump_id, id);
	if (catalogue_begin_change(c) != 0)
		return -1;
	return catalogue_end_change(c,
	    put_volume(c, v->barcode, tape_close_name(v->close), date) == 0
		? catalogue_put_use(c, id, v, date)
		: -1);
}
