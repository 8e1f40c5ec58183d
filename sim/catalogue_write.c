/* catalogue_write.c: what is added to the catalogue. */
#include "sim/catalogue_impl.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(values)	((int)(sizeof(values) / sizeof *(values)))

#define PUT_DUMP \
	"insert into dumps values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) " \
	"do update set name = excluded.name, begun = excluded.begun, " \
	"block_bytes = excluded.block_bytes, mode = excluded.mode, outcome " \
	"= excluded.outcome, safe_bytes = excluded.safe_bytes, xxh128 = " \
	"excluded.xxh128"

static int put_dump(struct catalogue *c, const char *sql,
    const struct catalogue_dump *d, const char *outcome)
{
	char id[CATALOGUE_ID_BYTES];
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(id), CATALOGUE_TEXT(d->name),
		CATALOGUE_TEXT(d->begun), CATALOGUE_NUMBER(d->block_bytes),
		CATALOGUE_TEXT(d->fixed ? "fixed" : "variable"),
		CATALOGUE_TEXT(outcome), CATALOGUE_NUMBER(d->safe_bytes),
		CATALOGUE_TEXT(d->xxh128),
	};

	catalogue_id(d->id, id);
	return catalogue_run(c, sql, values, COUNT(values));
}

static int begin(struct catalogue *c)
{
	return catalogue_run(c, "begin immediate", NULL, 0);
}

/* All since begin() is on disk, or, where `rc` is not 0, none of it. */
static int end(struct catalogue *c, int rc)
{
	if (rc == 0)
		rc = catalogue_run(c, "commit", NULL, 0);
	if (rc != 0)
		sqlite3_exec(c->db, "rollback", NULL, NULL, NULL);
	return rc;
}

static int forget_name(struct catalogue *c, const char *name)
{
	const struct catalogue_value value = CATALOGUE_TEXT(name);

	if (catalogue_run(c, "delete from attempts where dump in (select id "
	    "from dumps where name = ? and safe_bytes = 0 and outcome in "
	    "('PARTIAL', 'FAILED'))", &value, 1) != 0)
		return -1;
	return catalogue_run(c, "delete from dumps where name = ? and "
	    "safe_bytes = 0 and outcome in ('PARTIAL', 'FAILED')", &value, 1);
}

int catalogue_begin(struct catalogue *c, const struct catalogue_dump *d)
{
	if (catalogue_claim(c, d->id) != 0 || begin(c) != 0)
		return -1;
	return end(c, forget_name(c, d->name) == 0 ?
	    put_dump(c, PUT_DUMP, d, "") : -1);
}

int catalogue_end(struct catalogue *c, const struct catalogue_dump *d)
{
	return put_dump(c, PUT_DUMP, d, d->outcome);
}

/*
 * A file ends what a volume holds: what was there, and behind it, is lost.  A
 * dump of which that was a part is not whole any more.
 */
static int forget_behind(struct catalogue *c, const char *volume,
    uint64_t file)
{
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(volume), CATALOGUE_NUMBER(file)
	};

	if (catalogue_run(c, "update dumps set xxh128 = '', outcome = case "
	    "outcome when 'DONE' then 'PARTIAL' else outcome end, safe_bytes "
	    "= min(safe_bytes, (select min(offset_bytes) from attempts where "
	    "dump = id and safe and volume = ?1 and file >= ?2)) where id in "
	    "(select dump from attempts where safe and volume = ?1 and file "
	    ">= ?2)", values, COUNT(values)) != 0)
		return -1;
	return catalogue_run(c, "delete from attempts where volume = ? and "
	    "file >= ?", values, COUNT(values));
}

static int put_attempt(struct catalogue *c, uint64_t dump_id,
    const struct writer_attempt *a)
{
	const struct core_report *r = &a->report;
	char id[CATALOGUE_ID_BYTES];
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(id), CATALOGUE_NUMBER(r->part),
		CATALOGUE_NUMBER(r->attempt), CATALOGUE_TEXT(a->volume),
		CATALOGUE_NUMBER(a->file), CATALOGUE_NUMBER(r->offset),
		CATALOGUE_NUMBER(r->bytes),
		CATALOGUE_TEXT(core_end_name(r->end)),
		CATALOGUE_TEXT(r->committed ? "" : core_cause_name(r->cause)),
		CATALOGUE_NUMBER(r->committed), CATALOGUE_TEXT(a->xxh128),
	};

	catalogue_id(dump_id, id);
	return catalogue_run(c, "insert or replace into attempts values "
	    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values, COUNT(values));
}

int catalogue_add_attempt(struct catalogue *c, uint64_t dump_id,
    const struct writer_attempt *a)
{
	if (begin(c) != 0)
		return -1;
	return end(c, forget_behind(c, a->volume, a->file) == 0 ?
	    put_attempt(c, dump_id, a) : -1);
}

int catalogue_forget(struct catalogue *c, const char *volume)
{
	const struct catalogue_value value = CATALOGUE_TEXT(volume);

	if (begin(c) != 0)
		return -1;
	return end(c, forget_behind(c, volume, 0) == 0 ? catalogue_run(c,
	    "delete from volumes where barcode = ?", &value, 1) : -1);
}

int catalogue_add_volume(struct catalogue *c, const struct writer_volume *v,
    const char *date)
{
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(v->barcode),
		CATALOGUE_TEXT(core_close_name(v->close)),
		CATALOGUE_TEXT(date),
	};

	return catalogue_run(c, "insert or replace into volumes values "
	    "(?, ?, ?)", values, COUNT(values));
}

/* What a scan found of one file. */
static int take_file(struct catalogue *c, const char *id,
    const struct scan_file *f, const struct scan_part *part)
{
	/* A file of the same number may be what an earlier run left. */
	bool safe = f->proven && part->file == f->file &&
	    strcmp(part->volume, f->volume) == 0;
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(id), CATALOGUE_NUMBER(f->part),
		CATALOGUE_NUMBER(f->attempt), CATALOGUE_TEXT(f->volume),
		CATALOGUE_NUMBER(f->file), CATALOGUE_NUMBER(f->offset_bytes),
		CATALOGUE_NUMBER(safe ? part->bytes : 0),
		CATALOGUE_NUMBER(safe), CATALOGUE_TEXT(safe ? part->xxh128 :
		    ""),
	};

	if (safe && catalogue_run(c, "update attempts set safe = 0 where dump "
	    "= ?1 and part = ?2 and attempt <> ?3 and safe", values, 3) != 0)
		return -1;
	return catalogue_run(c, "insert into attempts values (?1, ?2, ?3, ?4, "
	    "?5, ?6, case ?8 when 1 then ?7 end, '', '', ?8, ?9) on conflict "
	    "(dump, part, attempt) do update set volume = excluded.volume, "
	    "file = excluded.file, offset_bytes = excluded.offset_bytes, "
	    "bytes = ifnull(excluded.bytes, bytes), safe = max(safe, "
	    "excluded.safe), xxh128 = case excluded.xxh128 when '' then xxh128 "
	    "else excluded.xxh128 end where excluded.safe or not "
	    "attempts.safe", values, COUNT(values));
}

static int take_files(struct catalogue *c, const struct scan *scan,
    size_t dump, const char *id)
{
	struct scan_file file;
	struct scan_part part;
	size_t i;

	for (i = 0; i < scan_files(scan, dump); i++) {
		scan_get_file(scan, dump, i, &file);
		scan_get_part(scan, dump, file.part, &part);
		if (take_file(c, id, &file, &part) != 0)
			return -1;
	}
	return 0;
}

static int take_dump(struct catalogue *c, const struct scan *scan, size_t i)
{
	struct scan_dump found;
	struct catalogue_dump d = { .id = 0 };
	char id[CATALOGUE_ID_BYTES];
	struct parts *table;
	uint64_t attempts;

	scan_get_dump(scan, i, &found);
	d.id = found.id;
	strcpy(d.name, found.name);
	strcpy(d.begun, found.begun);
	d.block_bytes = found.block_bytes;
	d.fixed = found.fixed;
	strcpy(d.outcome, found.outcome);
	strcpy(d.xxh128, found.xxh128);
	d.safe_bytes = found.end_bytes;
	if (d.outcome[0] == '\0') {
		table = scan_table(scan, i, &attempts);
		if (table == NULL)
			return -1;
		d.safe_bytes = parts_end_bytes(table);
		parts_free(table);
	}
	catalogue_id(d.id, id);
	/* An end that is known is not lost where it was not scanned. */
	if (put_dump(c, PUT_DUMP " where excluded.outcome <> '' or "
	    "dumps.outcome = ''", &d, d.outcome) != 0)
		return -1;
	return take_files(c, scan, i, id);
}

int catalogue_take_scan(struct catalogue *c, const struct scan *scan)
{
	size_t i;
	int rc = 0;

	if (begin(c) != 0)
		return -1;
	for (i = 0; rc == 0 && i < scan_dumps(scan); i++)
		rc = take_dump(c, scan, i);
	return end(c, rc);
}
