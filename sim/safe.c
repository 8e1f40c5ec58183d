/* safe.c: what is safe of a dump that is to be resumed. */
#include "sim/safe.h"

#include <stdio.h>
#include <string.h>

#include "sim/interrupt.h"
#include "splitter/resume.h"
#include "splitter/scan.h"

static int no_memory(char *err, size_t err_bytes)
{
	snprintf(err, err_bytes, "out of memory for the table of parts");
	return -1;
}

/* 1: the catalogue knows it; 0: it does not; -1. */
static int ask_catalogue(struct safe *safe, const char *name,
    struct catalogue *c, char *err, size_t err_bytes)
{
	int64_t volumes = 0;
	int found = catalogue_find(c, name, &safe->dump);

	/* What another process writes of it is not to be looked at. */
	if (found == 1 && catalogue_claim(c, safe->dump.id) != 0)
		found = -1;
	if (found == 1) {
		safe->parts = catalogue_table(c, safe->dump.id,
		    &safe->attempts);
		volumes = catalogue_volumes(c, safe->dump.id);
		if (safe->parts == NULL || volumes < 0 ||
		    catalogue_last_volume(c, safe->dump.id, safe->volume) < 0)
			found = -1;
		safe->volumes = (uint64_t)volumes;
	}
	if (found < 0)
		snprintf(err, err_bytes, "%s", catalogue_message(c));
	return found;
}

static int ask_scan(struct safe *safe, const struct scan *scan,
    const char *name, char *err, size_t err_bytes)
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
	safe->volumes = d.volumes;
	safe->parts = scan_table(scan, (size_t)i, &safe->attempts);
	return safe->parts != NULL ? 0 : no_memory(err, err_bytes);
}

static bool on_volume(void *arg, const struct scan_volume *volume)
{
	(void)arg, (void)volume;
	return interrupt_signal() == 0;
}

static int ask_tapes(struct safe *safe, const char *name,
    struct tape_library *library, char *err, size_t err_bytes)
{
	struct scan *scan = scan_new();
	int rc;

	if (scan == NULL || scan_library(scan, library, on_volume, NULL) != 0)
		rc = no_memory(err, err_bytes);
	else
		rc = ask_scan(safe, scan, name, err, err_bytes);
	/* What a part of the volumes says is not to be gone on from. */
	if (interrupt_signal() != 0) {
		snprintf(err, err_bytes, "interrupted while the tapes were "
		    "looked at: nothing was written");
		rc = -1;
	}
	scan_free(scan);
	return rc;
}

int safe_find(struct safe *safe, const char *name,
    struct catalogue *catalogue, struct tape_library *library, bool *scanned,
    char *err, size_t err_bytes)
{
	int found = 0;

	memset(safe, 0, sizeof *safe);
	if (catalogue != NULL)
		found = ask_catalogue(safe, name, catalogue, err, err_bytes);
	*scanned = found == 0;
	if (found == 0 &&
	    ask_tapes(safe, name, library, err, err_bytes) != 0)
		return -1;
	if (found < 0)
		return -1;
	if (strcmp(safe->dump.outcome, "DONE") != 0)
		return 0;
	snprintf(err, err_bytes, "the dump %.100s is DONE: there is nothing to "
	    "resume", name);
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

int safe_skip(struct safe *safe, struct source *source, char *err,
    size_t err_bytes)
{
	struct reading reading = { source, err, err_bytes };
	const struct resume resume = { .parts = safe->parts,
		.read = read_source, .arg = &reading };

	safe->whole = sum_new();
	if (safe->whole == NULL)
		return no_memory(err, err_bytes);
	return resume_skip(&resume, safe->whole, err, err_bytes) ==
	    RESUME_SAME ? 0 : -1;
}

void safe_clear(struct safe *safe)
{
	parts_free(safe->parts);
	if (safe->whole != NULL)
		sum_free(safe->whole);
	memset(safe, 0, sizeof *safe);
}
