/* dump.c: dumps begin, are resumed, and end. */
#include "splitter/tool/catalogue/impl.h"
#include "splitter/base/sentence.h"

#include <stdio.h>

int catalogue_put_dump(struct catalogue *c, const char *condition,
    const struct catalogue_dump *d)
{
	char id[CATALOGUE_ID_BYTES], sql[768];
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(id),
		CATALOGUE_TEXT(d->name),
		CATALOGUE_TEXT(d->begun),
		CATALOGUE_NUMBER(d->block_bytes),
		CATALOGUE_TEXT(d->fixed ? "fixed" : "variable"),
		CATALOGUE_TEXT(d->outcome),
		CATALOGUE_NUMBER(d->safe_bytes),
		CATALOGUE_TEXT(d->xxh128),
		CATALOGUE_NUMBER(d->volumes),
	};

	snprintf(sql, sizeof sql,
	    "insert into dumps values (?, ?, ?, ?, ?, "
	    "?, ?, ?, ?) on conflict (id) do update set name = excluded.name, "
	    "begun = excluded.begun, block_bytes = excluded.block_bytes, mode "
	    "= excluded.mode, outcome = excluded.outcome, safe_bytes = "
	    "excluded.safe_bytes, xxh128 = excluded.xxh128, volumes = "
	    "max(volumes, excluded.volumes) where %s",
	    condition);
	catalogue_id(d->id, id);
	return catalogue_run(c, sql, values, CATALOGUE_COUNT(values));
}

/* SQL: the end of the first part that is not followed by a safe part. */
#define SAFE_END                                                              \
	"case when exists (select 1 from attempts where dump = id and safe "  \
	"and part = 1) then (select offset_bytes + bytes from attempts as a " \
	"where dump = id and safe and not exists (select 1 from attempts as " \
	"b where b.dump = id and b.safe and b.part = a.part + 1) order by "   \
	"part limit 1) else -1 end"

int catalogue_update_ends(struct catalogue *c, const char *id)
{
	const struct catalogue_value value = CATALOGUE_TEXT(id);

	return catalogue_run(c,
	    CATALOGUE_NOT_WHOLE "safe_bytes = max(0, " SAFE_END
				") where ifnull(id = ?, 1) and " SAFE_END
				" < safe_bytes",
	    &value, id == NULL ? 0 : 1);
}

/* SQL condition: dumps of a name whose first part is lost. */
#define NOTHING_LEFT                                                        \
	"name = ? and safe_bytes = 0 and outcome in ('PARTIAL', 'FAILED') " \
	"and not exists (select 1 from attempts where dump = id and safe "  \
	"and part = 1)"

static int forget_name(struct catalogue *c, const char *name)
{
	const struct catalogue_value value = CATALOGUE_TEXT(name);

	static const char *const tables[] = {
		"delete from attempts where dump in (select id from dumps "
		"where " NOTHING_LEFT ")",
		"delete from counters where volume_use in (select id from "
		"volume_uses where dump in (select id from dumps "
		"where " NOTHING_LEFT "))",
		"delete from volume_uses where dump in (select id from dumps "
		"where " NOTHING_LEFT ")",
		"delete from dumps where " NOTHING_LEFT,
	};

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (catalogue_run(c, tables[i], &value, 1) != 0)
			return -1;
	return 0;
}

/*
 * Checks that the name is free.  First removes dumps of that name without a
 * safe byte.
 */
static int free_name(struct catalogue *c, const char *name)
{
	struct catalogue_dump known;
	int found;

	if (forget_name(c, name) != 0)
		return -1;
	found = catalogue_find(c, name, &known);
	if (found > 0)
		sentence(c->message, sizeof c->message,
		    "there is a dump "
		    "%s already, begun %s: use another name, "
		    "or resume that dump with --resume",
		    name, known.begun);
	return found == 0 ? 0 : -1;
}

/* Enters the dump as in progress. */
static int put_begun(struct catalogue *c, const struct catalogue_dump *d)
{
	struct catalogue_dump begun = *d;

	begun.outcome[0] = '\0';
	return catalogue_put_dump(c, "1", &begun);
}

int catalogue_begin(struct catalogue *c, const struct catalogue_dump *d)
{
	if (catalogue_claim(c, d->id) != 0 || catalogue_begin_change(c) != 0)
		return -1;
	return catalogue_end_change(c,
	    free_name(c, d->name) == 0 ? put_begun(c, d) : -1);
}

/* Enters a part that was found on tape. */
static int put_part(struct catalogue *c, const char *id,
    const struct splitter_part *row)
{
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(id),
		CATALOGUE_NUMBER(row->part),
		CATALOGUE_NUMBER(row->attempt),
		CATALOGUE_TEXT(row->volume),
		CATALOGUE_NUMBER(row->file),
		CATALOGUE_NUMBER(row->offset_bytes),
		CATALOGUE_NUMBER(row->bytes),
		CATALOGUE_TEXT(row->xxh128),
	};

	return catalogue_run(c,
	    "insert or replace into attempts values (?1, "
	    "?2, ?3, ?4, ?5, ?6, ?7, '', '', 1, ?8)",
	    values, CATALOGUE_COUNT(values));
}

/*
 * Checks that the number and the total size of the safe parts in the catalogue
 * are unchanged.
 */
static int same_parts(struct catalogue *c, const char *id,
    const struct part_list *parts)
{
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(id),
		CATALOGUE_NUMBER(parts->count),
		CATALOGUE_NUMBER(part_list_end_bytes(parts)),
	};
	int64_t same = catalogue_number(c,
	    "select count(*) = ?2 and "
	    "ifnull(sum(bytes), 0) = ?3 from attempts where dump = ?1 and "
	    "safe",
	    values, CATALOGUE_COUNT(values));

	if (same == 0)
		snprintf(c->message, sizeof c->message,
		    "a volume of the dump "
		    "was overwritten meanwhile: nothing was written; list what is "
		    "left of the dump with tapelab scan");
	return same == 1 ? 0 : -1;
}

static int resume(struct catalogue *c, const struct catalogue_dump *d,
    const struct part_list *parts)
{
	char id[CATALOGUE_ID_BYTES];
	const struct catalogue_value value = CATALOGUE_TEXT(id);
	int64_t known;
	size_t i;
	int rc;

	catalogue_id(d->id, id);
	known = catalogue_number(c, "select count(*) from dumps where id = ?",
	    &value, 1);
	if (known < 0 || (known == 1 && same_parts(c, id, parts) != 0))
		return -1;
	rc = put_begun(c, d);
	for (i = 0; rc == 0 && known == 0 && i < parts->count; i++)
		rc = put_part(c, id, &parts->parts[i]);
	return rc;
}

int catalogue_resume(struct catalogue *c, const struct catalogue_dump *d,
    const struct part_list *parts)
{
	if (catalogue_claim(c, d->id) != 0 || catalogue_begin_change(c) != 0)
		return -1;
	return catalogue_end_change(c, resume(c, d, parts));
}

/* Reads the end of the dump from the catalogue. */
static int read_end(struct catalogue *c, const char *id,
    struct catalogue_dump *d)
{
	const struct catalogue_value value = CATALOGUE_TEXT(id);
	sqlite3_stmt *s = catalogue_prepare(c,
	    "select outcome, safe_bytes, "
	    "xxh128 from dumps where id = ?",
	    &value, 1);
	int rc = s == NULL ? -1 : catalogue_step(c, s);

	if (rc != 1)
		return rc;
	return catalogue_read_end(c, s, d);
}

int catalogue_end(struct catalogue *c, struct catalogue_dump *d)
{
	char id[CATALOGUE_ID_BYTES];

	catalogue_id(d->id, id);
	if (catalogue_begin_change(c) != 0)
		return -1;
	return catalogue_end_change(c,
	    catalogue_put_dump(c, "1", d) == 0 &&
		    catalogue_update_ends(c, id) == 0
		? read_end(c, id, d)
		: -1);
}
