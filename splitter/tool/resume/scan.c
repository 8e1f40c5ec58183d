/* resume_point_scan.c: the volumes of a dump that is to be resumed are looked at. */
#include "splitter/tool/resume/impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/signals.h"
#include "splitter/tool/scan_all.h"
#include "splitter/base/sentence.h"

int resume_point_no_memory(char *err, size_t err_bytes)
{
	snprintf(err, err_bytes, "out of memory for the table of parts");
	return -1;
}

static bool before_volume(void *arg, const char *volume)
{
	(void)arg, (void)volume;
	return signals_signal() == 0;
}

/* Behind what is wrong: what was done about it, and what can be. */
static void advise(char *err, size_t err_bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void advise(char *err, size_t err_bytes, const char *format, ...)
{
	size_t n = strlen(err);
	va_list ap;

	va_start(ap, format);
	sentence_v(err + n, err_bytes - n, format, ap);
	va_end(ap);
}

/* Verifies that what the catalogue calls safe is on its volumes. */
static enum splitter_parts_state verify_safe(const struct resume_point *safe,
    const struct resume_point_where *where, char *err, size_t err_bytes)
{
	const struct splitter_part *part;
	enum splitter_parts_state state;
	struct splitter_verify verify;
	size_t lost;

	splitter_verify_init(&verify, sizeof verify, SPLITTER_API);
	verify.library = tapes_library(where->tapes);
	verify.dump_id = safe->dump.id;
	verify.block_bytes = safe->dump.block_bytes;
	verify.parts = safe->parts.parts;
	verify.parts_count = safe->parts.count;
	verify.assumed = where->assumed->list;
	verify.assumed_count = where->assumed->count;
	verify.volume_begun = before_volume;
	state = splitter_verify_parts(&verify, &lost, err, err_bytes);
	/* Nobody changes a volume any more. */
	if (state == SPLITTER_PARTS_UNREADABLE && signals_signal() != 0)
		state = SPLITTER_PARTS_STOPPED;
	part = lost < safe->parts.count ? &safe->parts.parts[lost] : NULL;
	switch (state) {
	case SPLITTER_PARTS_PRESENT:
		break;
	case SPLITTER_PARTS_OVERWRITTEN:
		if (catalogue_lose(where->catalogue, safe->dump.id,
			part->volume, part->file) != 0)
			snprintf(err, err_bytes, "%s",
			    catalogue_message(where->catalogue));
		else
			advise(err, err_bytes,
			    ": nothing was written, and "
			    "the catalogue calls it safe no more; write the "
			    "dump anew, or, if nothing behind that part is "
			    "left, give --resume again");
		break;
	case SPLITTER_PARTS_UNREADABLE:
		if (part == NULL)
			break;
		advise(err, err_bytes,
		    "; nothing was written: have that "
		    "volume at hand, or, if you know that it is as it was, "
		    "give --assume-present %s",
		    part->volume);
		break;
	case SPLITTER_PARTS_STOPPED:
		snprintf(err, err_bytes,
		    "interrupted while the volumes of the "
		    "dump were looked at: nothing was written");
		break;
	}
	return state;
}

/* Whether a part that is safe is on the volume: that is looked at later. */
static bool has_part(const struct resume_point *safe, const char *volume)
{
	size_t i;

	for (i = 0; i < safe->parts.count; i++)
		if (strcmp(safe->parts.parts[i].volume, volume) == 0)
			return true;
	return false;
}

/* The volumes of a drive on which the dump has attempts, and no part. */
struct others {
	const struct resume_point *safe;
	const struct resume_point_where *where;
	struct splitter_scan *scan;
	bool good;
};

static bool on_other(void *arg, const char *volume)
{
	struct others *o = arg;

	if (signals_signal() != 0)
		return false;
	if (!has_part(o->safe, volume) &&
	    !barcodes_have(o->where->assumed, volume))
		o->good = splitter_scan_named(o->scan,
			      tapes_library(o->where->tapes), volume) == 0;
	return o->good;
}

/* Before the volumes with parts, the last of which is to stay in the drive. */
static struct splitter_scan *look_at_others(const struct resume_point *safe,
    const struct resume_point_where *where, char *err, size_t err_bytes)
{
	struct others o = { safe, where, NULL, true };

	o.scan = scan_begin(where->tapes, false, err, err_bytes);
	if (o.scan == NULL)
		return NULL;
	if (catalogue_each_volume(where->catalogue, safe->dump.id, on_other,
		&o) != 0)
		snprintf(err, err_bytes, "%s",
		    catalogue_message(where->catalogue));
	else if (signals_signal() != 0)
		snprintf(err, err_bytes,
		    "interrupted while the volumes of the "
		    "dump were looked at: nothing was written");
	else if (!o.good)
		resume_point_no_memory(err, err_bytes);
	else
		return o.scan;
	splitter_scan_free(o.scan);
	return NULL;
}

struct splitter_scan *resume_point_scan(struct resume_point *safe,
    const struct resume_point_where *where, bool known, bool *unseen, char *err,
    size_t err_bytes)
{
	enum splitter_parts_state state = SPLITTER_PARTS_PRESENT;
	struct splitter_scan *scan = NULL;
	char none[512];

	if (known && !where->library) {
		scan = look_at_others(safe, where, err, err_bytes);
		if (scan == NULL)
			return NULL;
	}
	if (known)
		state = verify_safe(safe, where, err, err_bytes);
	/* In a library there may be others: all are to be named. */
	*unseen = state == SPLITTER_PARTS_UNREADABLE && where->library;
	if (state != SPLITTER_PARTS_PRESENT && !*unseen) {
		splitter_scan_free(scan);
		return NULL;
	}
	if (scan != NULL)
		return scan;
	scan = scan_all(where->tapes, false, none, sizeof none);
	/* Why no volume at all was looked at is said of each. */
	if (scan == NULL ||
	    (splitter_scan_not_scanned_count(scan) == 0 && none[0] != '\0' &&
		!known)) {
		snprintf(err, err_bytes, "%s", none);
		splitter_scan_free(scan);
		return NULL;
	}
	return scan;
}
