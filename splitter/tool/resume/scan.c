/* scan.c: scans the volumes of a resumed dump. */
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

/*
 * Appends to an error message what was done about it, and what a person can do.
 */
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

/* Verifies the parts that are safe according to the catalogue. */
static enum splitter_parts_state verify_safe(const struct resume_point *safe,
    const struct resume_point_where *where, char *err, size_t err_bytes)
{
	const struct splitter_part *part;
	enum splitter_parts_state state;
	struct splitter_verify_config verify;
	size_t lost;

	splitter_verify_config_init(&verify, sizeof verify, SPLITTER_API);
	verify.library = tapes_library(where->tapes);
	verify.dump_id = safe->dump.id;
	verify.block_bytes = safe->dump.block_bytes;
	verify.parts = safe->parts.parts;
	verify.parts_count = safe->parts.count;
	verify.assumed = where->assumed->list;
	verify.assumed_count = where->assumed->count;
	verify.volume_begun = before_volume;
	state = splitter_verify_parts(&verify, &lost, err, err_bytes);
	/*
	 * After an interrupt the library requests no more volumes, so the
	 * volume counts as unreadable.
	 */
	if (state == SPLITTER_PARTS_UNREADABLE && signals_signal() != 0)
		state = SPLITTER_PARTS_STOPPED;
	part = lost < safe->parts.count ? &safe->parts.parts[lost] : NULL;
	switch (state) {
	case SPLITTER_PARTS_PRESENT:
		break;
	case SPLITTER_PARTS_OVERWRITTEN:
		if (catalogue_forget_parts(where->catalogue, safe->dump.id,
			part->volume, part->file) != 0)
			snprintf(err, err_bytes, "%s",
			    catalogue_message(where->catalogue));
		else
			advise(err, err_bytes,
			    ": nothing was written, and "
			    "it is no longer safe in the catalogue; write the "
			    "dump again, or, if no part after it is left, "
			    "resume again");
		break;
	case SPLITTER_PARTS_UNREADABLE:
		if (part == NULL)
			break;
		advise(err, err_bytes,
		    "; nothing was written: return that "
		    "volume, or, if you know that it is unchanged, give "
		    "--assume-present %s",
		    part->volume);
		break;
	case SPLITTER_PARTS_STOPPED:
		snprintf(err, err_bytes,
		    "interrupted while the volumes of the "
		    "dump were scanned: nothing was written");
		break;
	}
	return state;
}

/*
 * Returns whether a safe part is on the volume.  Such a volume is verified
 * later.
 */
static bool has_part(const struct resume_point *safe, const char *volume)
{
	size_t i;

	for (i = 0; i < safe->parts.count; i++)
		if (strcmp(safe->parts.parts[i].volume, volume) == 0)
			return true;
	return false;
}

/*
 * The volumes on which the dump has attempts, but no safe part.  Used with a
 * single drive.
 */
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

/*
 * Scans the volumes of the dump on which the catalogue has no safe part.  These
 * volumes come first, because the last volume with parts must stay in the
 * drive.
 */
static struct splitter_scan *scan_others(const struct resume_point *safe,
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
		    "dump were scanned: nothing was written");
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
		scan = scan_others(safe, where, err, err_bytes);
		if (scan == NULL)
			return NULL;
	}
	if (known)
		state = verify_safe(safe, where, err, err_bytes);
	/*
	 * Other volumes of a library may be unreadable too: the scan finds them
	 * all.
	 */
	*unseen = state == SPLITTER_PARTS_UNREADABLE && where->library;
	if (state != SPLITTER_PARTS_PRESENT && !*unseen) {
		splitter_scan_free(scan);
		return NULL;
	}
	if (scan != NULL)
		return scan;
	scan = scan_all(where->tapes, false, none, sizeof none);
	/*
	 * If a volume could not be scanned, its own reason is reported later.
	 */
	if (scan == NULL ||
	    (splitter_scan_not_scanned_count(scan) == 0 && none[0] != '\0' &&
		!known)) {
		snprintf(err, err_bytes, "%s", none);
		splitter_scan_free(scan);
		return NULL;
	}
	return scan;
}
