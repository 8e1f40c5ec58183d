/* library.c: a library of one drive. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/format/header.h"
#include "splitter/base/sentence.h"
#include "splitter/real/real.h"

/* How often to request a volume before giving up. */
enum { ASK_TIMES = 3 };

static struct real_library *library_of(struct tape_library *library)
{
	return (struct real_library *)library;
}

static void refuse(struct real_library *l, struct tape_result *r,
    enum tape_cause cause, const char *why)
{
	r->cause = cause;
	sentence(r->message, sizeof r->message, "%s: %s", l->drive->device,
	    why);
}

static bool may_load(struct real_library *l, struct tape_result *r)
{
	if (l->drive_failed)
		refuse(l, r, TAPE_NO_VOLUME,
		    "the drive has failed, and there is no other drive");
	else if (l->out)
		refuse(l, r, TAPE_NO_VOLUME, "a volume is already loaded");
	return r->cause == TAPE_OK;
}

/* Reports that there is no volume except the one in the drive, if any. */
static void no_other(struct real_library *l, struct tape_result *r, bool empty,
    const char *err)
{
	const char *first =
	    empty ? "the drive is empty: put a cartridge in" : l->other;
	char why[TAPE_MESSAGE_BYTES - 64];

	if (err[0] == '\0' && !empty)
		err = "there is no other volume";
	snprintf(why, sizeof why, "%s%s%s", first,
	    first[0] != '\0' && err[0] != '\0' ? "; " : "", err);
	refuse(l, r, TAPE_NO_VOLUME, why);
}

/* Requests that a volume be put into the drive; "": any other volume. */
static bool change(struct real_library *l, const char *barcode, bool empty,
    struct tape_result *r)
{
	const struct real_options *options = &l->drive->options;
	char last[TAPE_BARCODE_BYTES], err[TAPE_MESSAGE_BYTES / 2] = "";
	const struct real_wanted wanted = { .device = l->drive->device,
		.barcode = barcode,
		.last = last,
		.empty = empty };

	memcpy(last, l->drive->tape.barcode, sizeof last);
	memset(l->drive->tape.barcode, 0, TAPE_BARCODE_BYTES);
	if (options->change != NULL &&
	    options->change(options->change_arg, &wanted,
		l->drive->tape.barcode, err, sizeof err) == 0) {
		l->change_failed = false;
		return true;
	}
	l->change_failed = true;
	no_other(l, r, empty, err);
	return false;
}

/*
 * Opens the volume in the drive.  If the drive is empty, requests a volume
 * first.
 */
static bool get_ready(struct real_library *l, const char *barcode,
    struct tape_result *r)
{
	int err = ENOMEDIUM, times;

	for (times = 0; times <= ASK_TIMES && err == ENOMEDIUM; times++) {
		if ((l->used || times > 0) && !change(l, barcode, times > 0, r))
			return false;
		l->used = true;
		tape_result_init(r, l->drive->now_ns);
		err = l->drive->ops->open(l->drive, r);
	}
	l->out = err == 0;
	return l->out;
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *r)
{
	struct real_library *l = library_of(library);
	const unsigned most = l->drive->options.refused_max;
	bool good = false;

	real_begin(&l->drive->tape, now_ns, r);
	l->other[0] = '\0';
	if (most > 0 && l->refused >= most)
		refuse(l, r, TAPE_NO_VOLUME,
		    "the same volume was put in several times and refused: "
		    "start again with another volume");
	else
		good = may_load(l, r) && get_ready(l, "", r);
	real_end(l->drive, r);
	return good ? &l->drive->tape : NULL;
}

/*
 * Returns whether the label has this barcode.  A blank volume has no name, and
 * is accepted as the requested volume, unless the last request failed.  Leaves
 * the tape at BOT.
 */
static bool has_label(struct real_library *l, const char *barcode,
    struct tape_result *r)
{
	struct real_drive *d = l->drive;
	int64_t now_ns = d->now_ns;
	char *block = malloc(d->block_max_bytes), err[128];
	struct tape_block got;
	struct header h;
	bool good = false;

	if (block == NULL) {
		refuse(l, r, TAPE_UNKNOWN_ERROR, "no memory for a block");
		return false;
	}
	d->tape.ops->read(&d->tape, block, d->block_max_bytes, &got, now_ns, r);
	good = r->cause == TAPE_BLANK && !l->change_failed;
	if (r->cause == TAPE_OK &&
	    header_parse(block, got.bytes, &h, err, sizeof err) == 0) {
		good = strcmp(h.volume, barcode) == 0;
		snprintf(l->other, sizeof l->other, "volume %s is in the drive",
		    h.volume);
	}
	free(block);
	d->tape.ops->rewind(&d->tape, now_ns, r);
	return good && r->cause == TAPE_OK;
}

/*
 * Returns whether the loaded volume is the requested one.  Uses the barcode if
 * it is known, otherwise reads the label.
 */
static bool is_volume(struct real_library *l, const char *barcode,
    struct tape_result *r)
{
	const char *known = l->drive->tape.barcode;
	char why[160];

	snprintf(l->other, sizeof l->other,
	    "the volume in the drive has no readable label");
	if (known[0] != '\0')
		snprintf(l->other, sizeof l->other, "volume %s is in the drive",
		    known);
	if (known[0] != '\0' ? strcmp(known, barcode) == 0
			     : has_label(l, barcode, r))
		return true;
	snprintf(why, sizeof why, "%s, not the requested one", l->other);
	refuse(l, r, TAPE_NO_VOLUME, why);
	return false;
}

static void give_back(struct real_library *l)
{
	struct tape_result ignored;

	tape_result_init(&ignored, 0);
	l->drive->ops->close(l->drive, &ignored);
	l->out = false;
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *r)
{
	struct real_library *l = library_of(library);
	const char *known = l->drive->tape.barcode;
	struct tape *tape = NULL;
	int64_t begun_ns;
	int times;

	begun_ns = real_begin(&l->drive->tape, now_ns, r)->begun_ns;
	l->other[0] = '\0';
	/* The requested volume may still be in the drive after it was used. */
	l->used = l->used &&
	    (l->drive->options.eject ||
		(known[0] != '\0' && strcmp(known, barcode) != 0));
	for (times = 0; tape == NULL && times < ASK_TIMES; times++) {
		tape_result_init(r, now_ns);
		if (!may_load(l, r) || !get_ready(l, barcode, r))
			break;
		if (is_volume(l, barcode, r))
			tape = &l->drive->tape;
		else
			give_back(l);
	}
	if (tape != NULL)
		snprintf(tape->barcode, sizeof tape->barcode, "%s", barcode);
	l->drive->now_ns = now_ns;
	l->drive->begun_ns = begun_ns;
	real_end(l->drive, r);
	return tape;
}

static void note_refused(struct real_library *l, enum tape_close why)
{
	if (why != TAPE_CLOSE_REFUSED ||
	    l->drive->first_block_sum != l->refused_sum)
		l->refused = 0;
	l->refused += why == TAPE_CLOSE_REFUSED;
	l->refused_sum = l->drive->first_block_sum;
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *r)
{
	struct real_library *l = library_of(library);
	struct real_drive *d = real_begin(tape, now_ns, r);

	/*
	 * If the caller does not know the position, the file gets no filemark.
	 */
	if (why != TAPE_CLOSE_GOOD && why != TAPE_CLOSE_FULL)
		d->in_file = false;
	d->ops->close(d, r);
	note_refused(l, why);
	l->out = false;
	l->drive_failed |= why == TAPE_CLOSE_AVOID_DRIVE;
	real_end(d, r);
}

static const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};

void real_library_init(struct real_library *l, struct real_drive *drive)
{
	const char *barcode = drive->options.barcode;

	*l = (struct real_library){ .library.ops = &library_ops,
		.drive = drive };
	if (barcode != NULL)
		snprintf(drive->tape.barcode, TAPE_BARCODE_BYTES, "%s",
		    barcode);
}
