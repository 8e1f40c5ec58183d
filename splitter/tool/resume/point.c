/* point.c: the resume point of a dump. */
#include "splitter/tool/resume/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tool/volumes_unread.h"
#include "splitter/base/sentence.h"
#include "splitter/tool/report.h"

/*
 * Looks for the dump in the catalogue.  Returns 1 if found, 0 if not, -1 on an
 * error.
 */
static int ask_catalogue(struct resume_point *safe, const char *name,
    struct catalogue *c, char *err, size_t err_bytes)
{
	int found = catalogue_find(c, name, &safe->dump);

	/* A dump that another process writes must not be scanned. */
	if (found == 1 && catalogue_claim(c, safe->dump.id) != 0)
		found = -1;
	if (found == 1 &&
	    (catalogue_get_parts(c, safe->dump.id, &safe->parts,
		 &safe->attempts) != 0 ||
		catalogue_last_volume(c, safe->dump.id, safe->volume) < 0))
		found = -1;
	if (found < 0)
		snprintf(err, err_bytes, "%s", catalogue_message(c));
	return found;
}

static int refuse_done(const struct resume_point *safe, const char *name,
    char *err, size_t err_bytes)
{
	if (strcmp(safe->dump.outcome, "DONE") != 0)
		return 0;
	sentence(err, err_bytes,
	    "the dump %s is DONE: there is nothing to "
	    "resume",
	    name);
	return -1;
}

/*
 * Returns the index of the dump with this id in the scan; -1 if there is none.
 */
static long find_id(const struct splitter_scan *scan, uint64_t id)
{
	struct splitter_scan_dump d;
	size_t i;

	for (i = 0; i < splitter_scan_dump_count(scan); i++) {
		splitter_scan_get_dump(scan, i, &d, sizeof d);
		if (d.id == id)
			return (long)i;
	}
	return -1;
}

/*
 * Returns the index of the dump with the given name; -1 with a message on an
 * error.
 */
static long find_name(const struct splitter_scan *scan, const char *name,
    char *err, size_t err_bytes)
{
	size_t dump;

	return splitter_scan_find_dump(scan, name, &dump, err, err_bytes) == 0
	    ? (long)dump
	    : -1;
}

static uint64_t higher(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/*
 * Checks that each part was found on a volume, or is on one that is assumed to
 * be present.  A later part can prove a part that is no longer on any volume.
 */
static int see_parts(const struct resume_point *safe,
    const struct splitter_scan *scan, size_t dump,
    const struct barcodes *assumed, char *err, size_t err_bytes)
{
	const struct splitter_part *row;
	struct splitter_scan_part part;
	size_t i;

	for (i = 0; i < safe->parts.count; i++) {
		row = &safe->parts.parts[i];
		splitter_scan_get_part(scan, dump, row->part, &part,
		    sizeof part);
		if (part.present ||
		    (row->volume[0] != '\0' &&
			barcodes_have(assumed, row->volume)))
			continue;
		snprintf(err, err_bytes,
		    "part %" PRIu64 " of the dump is on "
		    "none of the volumes that were scanned%s%s: nothing was "
		    "written; return all volumes of the dump, or write "
		    "it again",
		    row->part,
		    row->volume[0] != '\0' ? ", which was on volume " : "",
		    row->volume);
		return -1;
	}
	return 0;
}

/* Takes the parts that the tapes prove, and the attempts after them. */
static int take_parts(struct resume_point *safe,
    const struct splitter_scan *scan, size_t dump)
{
	struct part_list *list = &safe->parts;
	struct splitter_scan_attempts attempts;
	size_t count =
	    splitter_scan_proven_parts(scan, dump, NULL, 0, SPLITTER_API);

	list->parts = calloc(count + 1, sizeof *list->parts);
	if (list->parts == NULL)
		return -1;
	list->room = count + 1;
	list->count = splitter_scan_proven_parts(scan, dump, list->parts, count,
	    SPLITTER_API);
	splitter_scan_get_attempts(scan, dump, count + 1, &attempts,
	    sizeof attempts);
	safe->attempts.next = attempts.next;
	safe->attempts.later = attempts.later;
	return 0;
}

/* Takes the dump, with its safe parts, from the tapes. */
static int take_dump(struct resume_point *safe,
    const struct splitter_scan *scan, size_t i, const struct barcodes *assumed,
    char *err, size_t err_bytes)
{
	struct splitter_scan_dump d;

	splitter_scan_get_dump(scan, i, &d, sizeof d);
	if (d.split != 0) {
		snprintf(err, err_bytes,
		    "from part %" PRIu64 " on the volumes "
		    "hold two different streams under the id of the dump: "
		    "nothing was written; write it again",
		    d.split);
		return -1;
	}
	safe->dump.id = d.id;
	strcpy(safe->dump.name, d.name);
	strcpy(safe->dump.begun, d.begun);
	safe->dump.block_bytes = d.block_bytes;
	safe->dump.fixed = d.fixed_blocks;
	strcpy(safe->dump.outcome, d.outcome);
	safe->dump.volumes = d.volumes;
	return take_parts(safe, scan, i) != 0
	    ? resume_point_no_memory(err, err_bytes)
	    : see_parts(safe, scan, i, assumed, err, err_bytes);
}

/* Returns whether the tapes have the whole dump, up to its end. */
static bool is_done_on_tape(const struct splitter_scan *scan, size_t dump)
{
	size_t i,
	    count =
		splitter_scan_proven_parts(scan, dump, NULL, 0, SPLITTER_API);
	struct splitter_scan_part part;
	struct splitter_scan_dump d;

	splitter_scan_get_dump(scan, dump, &d, sizeof d);
	if (strcmp(d.outcome, "DONE") != 0 ||
	    splitter_scan_proven_bytes(scan, dump) != d.safe_bytes)
		return false;
	for (i = 1; i <= count; i++) {
		splitter_scan_get_part(scan, dump, i, &part, sizeof part);
		if (!part.present)
			return false;
	}
	return true;
}

/*
 * Takes higher attempt numbers from the tapes.  Fails if the dump is DONE on
 * tape, and the catalogue does not know that.
 */
static int compare_dump(struct resume_point *safe,
    const struct splitter_scan *scan, size_t i, char *err, size_t err_bytes)
{
	struct catalogue_attempts *a = &safe->attempts;
	struct splitter_scan_attempts seen;
	struct splitter_scan_dump d;

	splitter_scan_get_dump(scan, i, &d, sizeof d);
	if (is_done_on_tape(scan, i)) {
		sentence(err, err_bytes,
		    "the dump %s is DONE: there is "
		    "nothing to resume, but the catalogue does not know it; "
		    "run tapelab scan --rebuild",
		    d.name);
		return -1;
	}
	safe->dump.volumes = higher(safe->dump.volumes, d.volumes);
	splitter_scan_get_attempts(scan, i, safe->parts.count + 1, &seen,
	    sizeof seen);
	a->next = higher(a->next, seen.next);
	a->later = higher(a->later, seen.later);
	return 0;
}

struct naming {
	struct volumes_unread *unseen;
	const char *why;
	bool good;
};

static bool on_named(void *arg, const char *volume)
{
	struct naming *n = arg;

	n->good = volumes_unread_add(n->unseen, volume, n->why);
	return n->good;
}

/*
 * Records the volumes of the parts: each was scanned, or is assumed to be
 * present.
 */
static bool note_parts(const struct resume_point *safe,
    struct volumes_unread *unseen, const struct barcodes *assumed)
{
	const struct splitter_part *row;
	bool good = true;
	size_t i;

	for (i = 0; good && i < safe->parts.count; i++) {
		row = &safe->parts.parts[i];
		good = barcodes_have(assumed, row->volume)
		    ? volumes_unread_add(unseen, row->volume, "")
		    : volumes_unread_add_read(unseen, row->volume);
	}
	return good;
}

/*
 * Records all volumes that may hold data of the dump, and whether they were
 * scanned.
 */
static int note_volumes(const struct resume_point *safe,
    const struct resume_point_where *where, const struct splitter_scan *scan,
    long dump, struct volumes_unread *unseen, char *err, size_t err_bytes)
{
	struct naming in_catalogue = { unseen,
		where->library ? "the catalogue "
				 "names it, and it is not in the library"
			       : "the catalogue "
				 "names it, and it was not put into the drive",
		true };
	struct naming on_tape = { unseen,
		where->library ? "an end record "
				 "names it, and it is not in the library"
			       : "an end record "
				 "names it, and it was not put into the drive",
		true };
	bool good = volumes_unread_add_scan(unseen, scan);

	/*
	 * With a single drive, the scan does not contain the volumes of the
	 * parts.
	 */
	if (good && !where->library && safe->parts.count > 0)
		good = note_parts(safe, unseen, where->assumed);
	if (good && safe->dump.id != 0 && where->catalogue != NULL &&
	    catalogue_each_volume(where->catalogue, safe->dump.id, on_named,
		&in_catalogue) != 0) {
		snprintf(err, err_bytes, "%s",
		    catalogue_message(where->catalogue));
		return -1;
	}
	if (dump >= 0)
		splitter_scan_each_named(scan, (size_t)dump, on_named,
		    &on_tape);
	return good && in_catalogue.good && on_tape.good
	    ? 0
	    : resume_point_no_memory(err, err_bytes);
}

/*
 * Draws random numbers for the next attempts.  Volumes that were not scanned
 * may have attempts with unknown numbers, and the new numbers must differ from
 * these.
 */
static void draw_attempts(struct resume_point *safe, uint32_t attempt)
{
	uint64_t drawn = attempt != 0 ? attempt : splitter_draw_attempt();

	safe->attempts.next = higher(safe->attempts.next, drawn);
	safe->attempts.later = higher(safe->attempts.later, drawn);
}

/*
 * Returns whether an earlier run has drawn random numbers.  Volumes that were
 * not scanned may still exist then.
 */
static bool were_drawn(const struct resume_point *safe)
{
	bool drawn = splitter_attempt_was_drawn(higher(safe->attempts.next,
	    safe->attempts.later));
	size_t i;

	for (i = 0; !drawn && i < safe->parts.count; i++)
		drawn =
		    splitter_attempt_was_drawn(safe->parts.parts[i].attempt);
	return drawn;
}

/* Combines what was found in the catalogue and on the tapes. */
static int put_together(struct resume_point *safe,
    const struct resume_point_where *where, const struct splitter_scan *scan,
    struct volumes_unread *unseen, bool known, char *err, size_t err_bytes)
{
	char why[512] = "";
	long i = known ? find_id(scan, safe->dump.id)
		       : find_name(scan, where->name, why, sizeof why);
	int rc = 0;

	if (!known)
		rc = i < 0 ? -1
			   : take_dump(safe, scan, (size_t)i, where->assumed,
				 why, sizeof why);
	else if (i >= 0)
		rc = compare_dump(safe, scan, (size_t)i, why, sizeof why);
	if (note_volumes(safe, where, scan, i, unseen, err, err_bytes) != 0)
		return -1;
	if (volumes_unread_check(unseen, where->name, err, err_bytes) == 0) {
		if (rc != 0)
			snprintf(err, err_bytes, "%s", why);
		return rc;
	}
	if (rc != 0)
		report_print("%s", why);
	return -1;
}

/*
 * Fails because a part was not found, and also lists all other volumes that
 * were not scanned.
 */
static int list_unseen(struct resume_point *safe,
    const struct resume_point_where *where, const struct splitter_scan *scan,
    struct volumes_unread *unseen, char *err, size_t err_bytes)
{
	char why[512];

	snprintf(why, sizeof why, "%s", err);
	if (put_together(safe, where, scan, unseen, true, err, err_bytes) != 0)
		report_print("%s", why);
	else
		snprintf(err, err_bytes, "%s", why);
	return -1;
}

int resume_point_find(struct resume_point *safe,
    const struct resume_point_where *where, char *err, size_t err_bytes)
{
	struct volumes_unread *unseen;
	struct splitter_scan *scan = NULL;
	bool part_unseen = false;
	int known = 0, rc = -1;

	memset(safe, 0, sizeof *safe);
	if (where->catalogue != NULL)
		known = ask_catalogue(safe, where->name, where->catalogue, err,
		    err_bytes);
	if (known < 0)
		return -1;
	if (known == 1 && refuse_done(safe, where->name, err, err_bytes) != 0)
		return -1;
	unseen = volumes_unread_new(where->assumed);
	if (unseen == NULL)
		resume_point_no_memory(err, err_bytes);
	else
		scan = resume_point_scan(safe, where, known == 1, &part_unseen,
		    err, err_bytes);
	if (scan != NULL && part_unseen)
		rc = list_unseen(safe, where, scan, unseen, err, err_bytes);
	else if (scan != NULL)
		rc = put_together(safe, where, scan, unseen, known == 1, err,
		    err_bytes);
	if (rc == 0 && known == 0)
		rc = refuse_done(safe, where->name, err, err_bytes);
	/*
	 * Random numbers are needed unless the catalogue knows all volumes of
	 * the dump.
	 */
	if (rc == 0 &&
	    (known == 0 || volumes_unread_assumes(unseen) || were_drawn(safe) ||
		(!where->library && safe->dump.outcome[0] == '\0')))
		draw_attempts(safe, where->attempt);
	splitter_scan_free(scan);
	volumes_unread_free(unseen);
	return rc;
}

struct reading {
	struct input *source;
	char *err;
	size_t err_bytes;
};

static int64_t read_source(void *arg, void *buf, uint64_t bytes)
{
	struct reading *r = arg;

	return input_read(r->source, buf, bytes, r->err, r->err_bytes);
}

enum resume_skip_result resume_point_skip(struct resume_point *safe,
    struct input *source, char *err, size_t err_bytes)
{
	struct reading reading = { source, err, err_bytes };
	const struct resume_skip skip = {
		.parts = &safe->parts, .read = read_source, .arg = &reading
	};

	safe->digest = splitter_digest_new();
	if (safe->digest != NULL)
		return resume_skip(&skip, safe->digest, err, err_bytes);
	resume_point_no_memory(err, err_bytes);
	return RESUME_SKIP_NO_MEMORY;
}

void resume_point_clear(struct resume_point *safe)
{
	part_list_clear(&safe->parts);
	splitter_digest_free(safe->digest);
	memset(safe, 0, sizeof *safe);
}
