/* volumes_unread.c: see volumes_unread.h. */
#include "splitter/tool/volumes_unread.h"
#include "splitter/base/sentence.h"
#include "splitter/base/grow.h"
#include "splitter/tool/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct volume {
	char barcode[TAPE_BARCODE_BYTES];
	char why[TAPE_MESSAGE_BYTES];
	bool seen, assumed;
};

struct volumes_unread {
	const struct barcodes *assumed;
	struct volume *volumes;
	size_t count;
};

struct volumes_unread *volumes_unread_new(const struct barcodes *assumed)
{
	struct volumes_unread *u = calloc(1, sizeof *u);

	if (u != NULL)
		u->assumed = assumed;
	return u;
}

void volumes_unread_free(struct volumes_unread *u)
{
	if (u == NULL)
		return;
	free(u->volumes);
	free(u);
}

static struct volume *find(struct volumes_unread *u, const char *barcode)
{
	size_t i;

	for (i = 0; i < u->count; i++)
		if (strcmp(u->volumes[i].barcode, barcode) == 0)
			return &u->volumes[i];
	return NULL;
}

/*
 * Returns the entry of the volume.  Adds the volume as not scanned if it is
 * new.  NULL if there is no memory.
 */
static struct volume *get(struct volumes_unread *u, const char *barcode)
{
	struct volume *v = find(u, barcode), *more;

	if (v != NULL)
		return v;
	more = grow_by_one(u->volumes, u->count, sizeof *more);
	if (more == NULL)
		return NULL;
	u->volumes = more;
	v = &u->volumes[u->count++];
	memset(v, 0, sizeof *v);
	snprintf(v->barcode, sizeof v->barcode, "%s", barcode);
	v->assumed = barcodes_have(u->assumed, v->barcode);
	return v;
}

bool volumes_unread_add_read(struct volumes_unread *u, const char *volume)
{
	struct volume *v = get(u, volume);

	if (v != NULL)
		v->seen = true;
	return v != NULL;
}

bool volumes_unread_add(struct volumes_unread *u, const char *volume,
    const char *why)
{
	struct volume *v = get(u, volume);

	if (v != NULL && !v->seen && v->why[0] == '\0')
		snprintf(v->why, sizeof v->why, "%s", why);
	return v != NULL;
}

/*
 * Adds the volumes that could not be loaded and whose barcodes are unknown.
 * The notes of the scan have the reasons.
 */
static bool take_notes(struct volumes_unread *u,
    const struct splitter_scan *scan)
{
	struct splitter_scan_note n;
	size_t i;

	for (i = 0; i < splitter_scan_note_count(scan); i++) {
		splitter_scan_get_note(scan, i, &n, sizeof n);
		if (n.volume[0] == '\0' && !volumes_unread_add(u, "", n.text))
			return false;
	}
	return true;
}

/* Stores the reason why a volume that was loaded does not count as scanned. */
static void say_incomplete(const struct splitter_scan *scan,
    const struct splitter_scan_volume *v, char *why, size_t why_bytes)
{
	struct splitter_scan_note n;
	size_t i;

	for (i = 0; i < splitter_scan_note_count(scan); i++) {
		splitter_scan_get_note(scan, i, &n, sizeof n);
		if (!n.unread || strcmp(n.volume, v->barcode) != 0)
			continue;
		sentence(why, why_bytes,
		    "it could not be read to its end: "
		    "file %" PRIu64 ": %s",
		    n.file, n.text);
		return;
	}
	snprintf(why, why_bytes, "it could not be read to its end");
}

bool volumes_unread_add_scan(struct volumes_unread *u,
    const struct splitter_scan *scan)
{
	char why[TAPE_MESSAGE_BYTES];
	struct splitter_scan_volume v;
	bool good = true;
	size_t i;

	for (i = 0; good && i < splitter_scan_volume_count(scan); i++) {
		splitter_scan_get_volume(scan, i, &v, sizeof v);
		if (v.complete) {
			good = volumes_unread_add_read(u, v.barcode);
		} else if (v.why[0] != '\0') {
			good = volumes_unread_add(u, v.barcode, v.why);
		} else {
			say_incomplete(scan, &v, why, sizeof why);
			good = volumes_unread_add(u, v.barcode, why);
		}
	}
	return good && take_notes(u, scan);
}

bool volumes_unread_assumes(const struct volumes_unread *u)
{
	size_t i;

	for (i = 0; i < u->count; i++)
		if (!u->volumes[i].seen && u->volumes[i].assumed)
			return true;
	return false;
}

/* Prints a volume that was not scanned; "": its barcode is unknown. */
static void print_unread(const char *barcode, const char *why)
{
	if (barcode[0] == '\0')
		report_print("%s", why);
	else
		report_print("volume %s was not scanned: %s", barcode, why);
}

void volumes_unread_print(const struct splitter_scan *scan)
{
	struct splitter_scan_volume v;
	struct splitter_scan_note n;
	size_t i;

	for (i = 0; splitter_scan_get_note(scan, i, &n, sizeof n) == 0; i++)
		if (n.volume[0] == '\0')
			print_unread("", n.text);
	for (i = 0; splitter_scan_get_volume(scan, i, &v, sizeof v) == 0; i++)
		if (v.kind == SPLITTER_VOLUME_NOT_SCANNED)
			print_unread(v.barcode, v.why);
}

/* Lists the options that are missing, as many as fit into `text`. */
static void list_options(const struct volumes_unread *u, char *text,
    size_t bytes)
{
	static const char option[] = " --assume-present ";
	size_t i, used = 0;

	text[0] = '\0';
	for (i = 0; i < u->count; i++) {
		const struct volume *v = &u->volumes[i];

		if (v->seen || v->assumed || v->barcode[0] == '\0')
			continue;
		if (used + sizeof option + strlen(v->barcode) + 4 >= bytes) {
			strcpy(text + used, " ...");
			return;
		}
		used +=
		    (size_t)sprintf(text + used, "%s%s", option, v->barcode);
	}
}

int volumes_unread_check(const struct volumes_unread *u, const char *dump,
    char *err, size_t err_bytes)
{
	char options[256];
	size_t i, missed = 0;

	for (i = 0; i < u->count; i++) {
		const struct volume *v = &u->volumes[i];

		if (v->seen)
			continue;
		if (v->assumed)
			report_print("volume %s is not scanned: "
				     "the parts of the dump on it are "
				     "assumed to be safe",
			    v->barcode);
		else
			print_unread(v->barcode, v->why);
		missed += !v->assumed;
	}
	if (missed == 0)
		return 0;
	list_options(u, options, sizeof options);
	sentence(err, err_bytes,
	    "the dump %s is not resumed, and nothing "
	    "was written: %zu volume%s, which may hold parts of it, %s not "
	    "scanned%s%s",
	    dump, missed, missed == 1 ? "" : "s", missed == 1 ? "was" : "were",
	    options[0] == '\0' ? ""
			       : "; if you know that they are unchanged, give",
	    options);
	return -1;
}
