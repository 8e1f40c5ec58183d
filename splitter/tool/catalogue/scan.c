/* scan.c: enters the result of a scan. */
#include "splitter/tool/catalogue/impl.h"

#include <string.h>

/* SQL: these columns show whether a volume was written between two states. */
#define ATTEMPTS "select volume, file, dump, part, attempt, ended, safe "
#define VOLUMES  "select barcode, closed, at "

static int note_known(struct catalogue *c)
{
	return catalogue_run(c,
		   "create temp table known as " ATTEMPTS "from attempts", NULL,
		   0) != 0
	    ? -1
	    : catalogue_run(c,
		  "create temp table closed as " VOLUMES "from volumes", NULL,
		  0);
}

int catalogue_begin_scan(struct catalogue *c)
{
	return catalogue_begin_change(c) != 0
	    ? -1
	    : catalogue_end_change(c, note_known(c));
}

/* Records the volumes that have changed since the scan began. */
static int note_changed(struct catalogue *c)
{
	return catalogue_run(c,
	    "create temp table changed as "
	    "select volume from (" ATTEMPTS "from attempts except " ATTEMPTS
	    "from temp.known) union "
	    "select volume from (" ATTEMPTS "from temp.known except " ATTEMPTS
	    "from attempts) union "
	    "select barcode from (" VOLUMES "from volumes except " VOLUMES
	    "from temp.closed) union "
	    "select barcode from (" VOLUMES "from temp.closed except " VOLUMES
	    "from volumes)",
	    NULL, 0);
}

int catalogue_was_changed(struct catalogue *c, const char *volume)
{
	const struct catalogue_value value = CATALOGUE_TEXT(volume);

	return (int)catalogue_number(c,
	    "select count(*) from temp.changed "
	    "where volume = ?",
	    &value, 1);
}

/* Enters the result of a scan for one file. */
static int take_file(struct catalogue *c, const char *id,
    const struct splitter_scan_file *f, const struct splitter_scan_part *part)
{
	/* A file with the same number may be from an earlier run. */
	bool safe = f->proven && part->file == f->file &&
	    strcmp(part->volume, f->volume) == 0;
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(id),
		CATALOGUE_NUMBER(f->part),
		CATALOGUE_NUMBER(f->attempt),
		CATALOGUE_TEXT(f->volume),
		CATALOGUE_NUMBER(f->file),
		CATALOGUE_NUMBER(f->offset_bytes),
		CATALOGUE_NUMBER(safe ? part->bytes : 0),
		CATALOGUE_NUMBER(safe),
		CATALOGUE_TEXT(safe ? part->xxh128 : ""),
	};

	if (safe &&
	    catalogue_run(c,
		"update attempts set safe = 0 where dump "
		"= ?1 and part = ?2 and attempt <> ?3 and safe",
		values, 3) != 0)
		return -1;
	return catalogue_run(c,
	    "insert into attempts values (?1, ?2, ?3, ?4, "
	    "?5, ?6, case ?8 when 1 then ?7 end, '', '', ?8, ?9) on conflict "
	    "(dump, part, attempt) do update set volume = excluded.volume, "
	    "file = excluded.file, offset_bytes = excluded.offset_bytes, "
	    "bytes = ifnull(excluded.bytes, bytes), safe = max(safe, "
	    "excluded.safe), xxh128 = case excluded.xxh128 when '' then xxh128 "
	    "else excluded.xxh128 end where excluded.safe or not "
	    "attempts.safe",
	    values, CATALOGUE_COUNT(values));
}

static int take_files(struct catalogue *c, const struct splitter_scan *scan,
    size_t dump, const char *id)
{
	struct splitter_scan_file file;
	struct splitter_scan_part part;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < splitter_scan_file_count(scan, dump); i++) {
		splitter_scan_get_file(scan, dump, i, &file, sizeof file);
		rc = catalogue_was_changed(c, file.volume);
		if (rc == 1) {
			rc = 0;
			continue;
		}
		splitter_scan_get_part(scan, dump, file.part, &part,
		    sizeof part);
		if (rc == 0)
			rc = take_file(c, id, &file, &part);
	}
	return rc;
}

static int take_dump(struct catalogue *c, const struct splitter_scan *scan,
    size_t i)
{
	struct splitter_scan_dump found;
	struct catalogue_dump d = { .id = 0 };
	char id[CATALOGUE_ID_BYTES];

	splitter_scan_get_dump(scan, i, &found, sizeof found);
	d.id = found.id;
	strcpy(d.name, found.name);
	strcpy(d.begun, found.begun);
	d.block_bytes = found.block_bytes;
	d.fixed = found.fixed_blocks;
	strcpy(d.outcome, found.outcome);
	strcpy(d.xxh128, found.xxh128);
	d.safe_bytes = d.outcome[0] != '\0'
	    ? found.safe_bytes
	    : splitter_scan_proven_bytes(scan, i);
	catalogue_id(d.id, id);
	d.volumes = found.volumes;
	/* If the end of the dump was not scanned, a known end is kept. */
	if (catalogue_put_dump(c,
		"excluded.outcome = 'DONE' or "
		"dumps.outcome = '' or (excluded.outcome <> '' and dumps.outcome "
		"<> 'DONE')",
		&d) != 0)
		return -1;
	return take_files(c, scan, i, id);
}

/* Records where attempts were found, for forget_absent(). */
static int note_present(struct catalogue *c, const struct splitter_scan *scan,
    size_t dump)
{
	char id[CATALOGUE_ID_BYTES];
	struct splitter_scan_dump found;
	struct splitter_scan_file f;
	size_t i;

	splitter_scan_get_dump(scan, dump, &found, sizeof found);
	catalogue_id(found.id, id);
	for (i = 0; i < splitter_scan_file_count(scan, dump); i++) {
		splitter_scan_get_file(scan, dump, i, &f, sizeof f);
		const struct catalogue_value values[] = {
			CATALOGUE_TEXT(f.volume),
			CATALOGUE_NUMBER(f.file),
			CATALOGUE_TEXT(id),
			CATALOGUE_NUMBER(f.part),
			CATALOGUE_NUMBER(f.attempt),
		};

		if (catalogue_run(c,
			"insert or replace into temp.seen values "
			"(?, ?, ?, ?, ?)",
			values, CATALOGUE_COUNT(values)) != 0)
			return -1;
	}
	return 0;
}

/*
 * Removes the entries of a completely scanned volume for attempts that were not
 * found on that volume.
 */
static int forget_absent(struct catalogue *c, const struct splitter_scan *scan,
    size_t volume)
{
	struct splitter_scan_volume v;

	splitter_scan_get_volume(scan, volume, &v, sizeof v);
	const struct catalogue_value value = CATALOGUE_TEXT(v.barcode);

	return !v.complete
	    ? 0
	    : catalogue_run(c,
		  "delete from attempts where "
		  "volume = ? and volume not in (select volume from temp.changed) "
		  "and not exists (select 1 from temp.seen as s where "
		  "s.volume = attempts.volume and s.file = attempts.file and s.dump "
		  "= attempts.dump and s.part = attempts.part and s.attempt = "
		  "attempts.attempt)",
		  &value, 1);
}

static int take_scan(struct catalogue *c, const struct splitter_scan *scan)
{
	size_t i;
	int rc = note_changed(c);

	if (rc == 0)
		rc = catalogue_run(c,
		    "create temp table seen (volume, file, "
		    "dump, part, attempt, primary key (volume, file)) without "
		    "rowid",
		    NULL, 0);
	for (i = 0; rc == 0 && i < splitter_scan_dump_count(scan); i++)
		rc = note_present(c, scan, i);
	for (i = 0; rc == 0 && i < splitter_scan_volume_count(scan); i++)
		rc = forget_absent(c, scan, i);
	for (i = 0; rc == 0 && i < splitter_scan_dump_count(scan); i++)
		rc = take_dump(c, scan, i);
	if (rc == 0)
		rc = catalogue_update_ends(c, NULL);
	return rc != 0 ? rc : catalogue_run(c, "drop table temp.seen", NULL, 0);
}

int catalogue_enter_scan(struct catalogue *c, const struct splitter_scan *scan)
{
	return catalogue_begin_change(c) != 0
	    ? -1
	    : catalogue_end_change(c, take_scan(c, scan));
}
