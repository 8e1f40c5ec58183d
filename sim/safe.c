/* safe.c: what is safe of a dump that is to be resumed. */
#include "sim/safe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/interrupt.h"
#include "sim/look.h"

static int no_memory(char *err, size_t err_bytes)
{
	snprintf(err, err_bytes, "out of memory for the table of parts");
	return -1;
}

/* 1: the catalogue knows it; 0: it does not; -1. */
static int ask_catalogue(struct safe *safe, const char *name,
    struct catalogue *c, char *err, size_t err_bytes)
{
	int found = catalogue_find(c, name, &safe->dump);

	/* What another process writes of it is not to be looked at. */
	if (found == 1 && catalogue_claim(c, safe->dump.id) != 0)
		found = -1;
	if (found == 1) {
		safe->parts = catalogue_table(c, safe->dump.id,
		    &safe->attempts);
		if (safe->parts == NULL || catalogue_last_volume(c,
		    safe->dump.id, safe->volume) < 0)
			found = -1;
	}
	if (found < 0)
		snprintf(err, err_bytes, "%s", catalogue_message(c));
	return found;
}

/* What a part behind it proves need not be on a volume any more. */
static int see_parts(const struct safe *safe, const struct scan *scan,
    size_t dump, const struct admit_list *trusted, char *err,
    size_t err_bytes)
{
	struct scan_part part;
	struct part_row row;
	size_t i;

	for (i = 0; i < parts_count(safe->parts); i++) {
		parts_get(safe->parts, i, &row);
		scan_get_part(scan, dump, row.part, &part);
		if (part.present || (row.volume[0] != '\0' &&
		    admit_has(trusted, row.volume)))
			continue;
		snprintf(err, err_bytes, "part %" PRIu64 " of the dump is on "
		    "none of the volumes that were looked at%s%s: nothing was "
		    "written; have all volumes of the dump at hand, or write "
		    "it anew", row.part, row.volume[0] != '\0' ?
		    ", and was on volume " : "", row.volume);
		return -1;
	}
	return 0;
}

static int ask_scan(struct safe *safe, const struct scan *scan,
    const char *name, const struct admit_list *trusted, char *err,
    size_t err_bytes)
{
	long i = scan_find(scan, name, err, err_bytes);
	struct scan_dump d;

	if (i < 0)
		return -1;
	scan_get_dump(scan, (size_t)i, &d);
	safe->dump.id = d.id;
	strcpy(safe->dump.name, d.name);
	strcpy(safe->dump.begun, d.begun);
	safe->dump.block_bytes = d.block_bytes;
	safe->dump.fixed = d.fixed;
	strcpy(safe->dump.outcome, d.outcome);
	safe->dump.volumes = d.volumes;
	safe->parts = scan_table(scan, (size_t)i, &safe->attempts);
	return safe->parts == NULL ? no_memory(err, err_bytes) :
	    see_parts(safe, scan, (size_t)i, trusted, err, err_bytes);
}

static int ask_tapes(struct safe *safe, const char *name,
    struct tapes *tapes, const struct admit_list *trusted, char *err,
    size_t err_bytes)
{
	struct scan *scan = look_at_all(tapes, false, err, err_bytes);
	int rc = -1;

	if (scan != NULL)
		look_report_missed(scan);
	if (scan != NULL && err[0] == '\0')
		rc = ask_scan(safe, scan, name, trusted, err, err_bytes);
	scan_free(scan);
	return rc;
}

int safe_find(struct safe *safe, const char *name,
    struct catalogue *catalogue, struct tapes *tapes,
    const struct admit_list *trusted, bool *scanned, char *err,
    size_t err_bytes)
{
	int found = 0;

	memset(safe, 0, sizeof *safe);
	if (catalogue != NULL)
		found = ask_catalogue(safe, name, catalogue, err, err_bytes);
	*scanned = found == 0;
	if (found == 0 &&
	    ask_tapes(safe, name, tapes, trusted, err, err_bytes) != 0)
		return -1;
	if (found < 0)
		return -1;
	if (strcmp(safe->dump.outcome, "DONE") != 0)
		return 0;
	snprintf(err, err_bytes, "the dump %.100s is DONE: there is nothing to "
	    "resume", name);
	return -1;
}

static bool before_volume(void *arg, const char *volume)
{
	(void)arg, (void)volume;
	return interrupt_signal() == 0;
}

/* Behind what is wrong: what was done about it, and what can be. */
static void advise(char *err, size_t err_bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void advise(char *err, size_t err_bytes, const char *format, ...)
{
	size_t n = strlen(err);
	va_list ap;

	va_start(ap, format);
	vsnprintf(err + n, err_bytes - n, format, ap);
	va_end(ap);
}

int safe_look(struct safe *safe, struct catalogue *catalogue,
    struct tape_library *library, const struct admit_list *trusted, char *err,
    size_t err_bytes)
{
	const struct resume_volumes volumes = { .library = library,
		.parts = safe->parts, .dump_id = safe->dump.id,
		.block_bytes = safe->dump.block_bytes, .trusted = *trusted,
		.each = before_volume };
	struct part_row row;
	enum resume_held held = resume_look(&volumes, &row, err, err_bytes);

	/* Nobody changes a volume any more. */
	if (held == RESUME_UNSEEN && interrupt_signal() != 0)
		held = RESUME_STOPPED;
	switch (held) {
	case RESUME_HELD:
		return 0;
	case RESUME_GONE:
		if (catalogue_lose(catalogue, safe->dump.id, row.volume,
		    row.file) != 0)
			snprintf(err, err_bytes, "%s",
			    catalogue_message(catalogue));
		else
			advise(err, err_bytes, ": nothing was written, and "
			    "the catalogue calls it safe no more; write the "
			    "dump anew, or, if nothing behind that part is "
			    "left, give --resume again");
		break;
	case RESUME_UNSEEN:
		advise(err, err_bytes, "; nothing was written: have that "
		    "volume at hand, or, if you know that it is as it was, "
		    "give --trust %s", row.volume);
		break;
	case RESUME_STOPPED:
		snprintf(err, err_bytes, "interrupted while the volumes of the "
		    "dump were looked at: nothing was written");
		break;
	}
	return -1;
}

struct reading {
	struct source *source;
	char *err;
	size_t err_bytes;
};

static int64_t read_source(void *arg, void *buf, uint64_t bytes)
{
	struct reading *r = arg;

	return source_read(r->source, buf, bytes, r->err, r->err_bytes);
}

enum resume_end safe_skip(struct safe *safe, struct source *source, char *err,
    size_t err_bytes)
{
	struct reading reading = { source, err, err_bytes };
	const struct resume resume = { .parts = safe->parts,
		.read = read_source, .arg = &reading };

	safe->whole = sum_new();
	if (safe->whole != NULL)
		return resume_skip(&resume, safe->whole, err, err_bytes);
	no_memory(err, err_bytes);
	return RESUME_NO_MEMORY;
}

void safe_clear(struct safe *safe)
{
	parts_free(safe->parts);
	if (safe->whole != NULL)
		sum_free(safe->whole);
	memset(safe, 0, sizeof *safe);
}
