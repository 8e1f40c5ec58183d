/* library.c: a library of one drive. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/format/header.h"
#include "splitter/base/sentence.h"
#include "splitter/st/impl.h"

/* How often to request a volume before giving up. */
enum { ASK_TIMES = 3 };

struct st_library {
	/* first member: a struct tape_library * is cast to this */
	struct tape_library library;
	struct st st;
	bool used;         /* the volume in the drive was handed out */
	bool drive_failed; /* do not use the drive any more */
	bool out;          /* a volume is loaded */
	/*
	 * A request for a volume failed: any volume may be in the drive, so its
	 * name is forgotten.
	 */
	bool change_failed;
	char other[96]; /* why the volume in the drive is wrong, or "" */
	/*
	 * How many times in a row a volume with the same first block was
	 * refused.
	 */
	unsigned refused;
	uint64_t refused_sum;
};

static struct st_library *library_of(struct tape_library *library)
{
	return (struct st_library *)library;
}

static void refuse(struct st_library *l, struct tape_result *r,
    enum tape_cause cause, const char *why)
{
	r->cause = cause;
	sentence(r->message, sizeof r->message, "%s: %s", l->st.device, why);
}

static bool may_load(struct st_library *l, struct tape_result *r)
{
	if (l->drive_failed)
		refuse(l, r, TAPE_NO_VOLUME,
		    "the drive has failed, and there is no other drive");
	else if (l->out)
		refuse(l, r, TAPE_NO_VOLUME, "a volume is already loaded");
	return r->cause == TAPE_OK;
}

/* Reports that there is no volume except the one in the drive, if any. */
static void no_other(struct st_library *l, struct tape_result *r, bool empty,
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
static bool change(struct st_library *l, const char *barcode, bool empty,
    struct tape_result *r)
{
	const struct st_options *options = &l->st.options;
	char last[TAPE_BARCODE_BYTES], err[TAPE_MESSAGE_BYTES / 2] = "";
	const struct st_wanted wanted = { .device = l->st.device,
		.barcode = barcode,
		.last = last,
		.empty = empty };

	memcpy(last, l->st.tape.barcode, sizeof last);
	memset(l->st.tape.barcode, 0, TAPE_BARCODE_BYTES);
	if (options->change != NULL &&
	    options->change(options->change_arg, &wanted, l->st.tape.barcode,
		err, sizeof err) == 0) {
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
static bool get_ready(struct st_library *l, const char *barcode,
    struct tape_result *r)
{
	int err = ENOMEDIUM, times;

	for (times = 0; times <= ASK_TIMES && err == ENOMEDIUM; times++) {
		if ((l->used || times > 0) && !change(l, barcode, times > 0, r))
			return false;
		l->used = true;
		tape_result_init(r, l->st.now_ns);
		err = st_open(&l->st, r);
	}
	l->out = err == 0;
	return l->out;
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *r)
{
	struct st_library *l = library_of(library);
	const unsigned most = l->st.options.refused_max;
	bool good = false;

	st_begin_operation(&l->st.tape, now_ns, r);
	l->other[0] = '\0';
	if (most > 0 && l->refused >= most)
		refuse(l, r, TAPE_NO_VOLUME,
		    "the same volume was put in several times and refused: "
		    "start again with another volume");
	else
		good = may_load(l, r) && get_ready(l, "", r);
	st_end_operation(&l->st, r);
	return good ? &l->st.tape : NULL;
}

/*
 * Returns whether the label has this barcode.  A blank volume has no name, and
 * is accepted as the requested volume, unless the last request failed.  Leaves
 * the tape at BOT.
 */
static bool has_label(struct st_library *l, const char *barcode,
    struct tape_result *r)
{
	struct st *st = &l->st;
	int64_t now_ns = st->now_ns;
	char *block = malloc(st->block_max_bytes), err[128];
	struct tape_block got;
	struct header h;
	bool good = false;

	if (block == NULL) {
		refuse(l, r, TAPE_UNKNOWN_ERROR, "no memory for a block");
		return false;
	}
	st_op_read(&st->tape, block, st->block_max_bytes, &got, now_ns, r);
	good = r->cause == TAPE_BLANK && !l->change_failed;
	if (r->cause == TAPE_OK &&
	    header_parse(block, got.bytes, &h, err, sizeof err) == 0) {
		good = strcmp(h.volume, barcode) == 0;
		snprintf(l->other, sizeof l->other,
		    "volume %s is in the "
		    "drive",
		    h.volume);
	}
	free(block);
	st_op_rewind(&st->tape, now_ns, r);
	return good && r->cause == TAPE_OK;
}

/*
 * Returns whether the loaded volume is the requested one.  Uses the barcode if
 * it is known, otherwise reads the label.
 */
static bool is_volume(struct st_library *l, const char *barcode,
    struct tape_result *r)
{
	const char *known = l->st.tape.barcode;
	char why[160];

	snprintf(l->other, sizeof l->other,
	    "the volume in the drive has no readable label");
	if (known[0] != '\0')
		snprintf(l->other, sizeof l->other,
		    "volume %s is in the "
		    "drive",
		    known);
	if (known[0] != '\0' ? strcmp(known, barcode) == 0
			     : has_label(l, barcode, r))
		return true;
	snprintf(why, sizeof why, "%s, not the requested one", l->other);
	refuse(l, r, TAPE_NO_VOLUME, why);
	return false;
}

static void give_back(struct st_library *l)
{
	struct tape_result ignored;

	tape_result_init(&ignored, 0);
	st_close(&l->st, &ignored);
	l->out = false;
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *r)
{
	struct st_library *l = library_of(library);
	const char *known = l->st.tape.barcode;
	struct tape *tape = NULL;
	int64_t begun_ns;
	int times;

	begun_ns = st_begin_operation(&l->st.tape, now_ns, r)->begun_ns;
	l->other[0] = '\0';
	/* The requested volume may still be in the drive after it was used. */
	l->used = l->used &&
	    (l->st.options.eject ||
		(known[0] != '\0' && strcmp(known, barcode) != 0));
	for (times = 0; tape == NULL && times < ASK_TIMES; times++) {
		tape_result_init(r, now_ns);
		if (!may_load(l, r) || !get_ready(l, barcode, r))
			break;
		if (is_volume(l, barcode, r))
			tape = &l->st.tape;
		else
			give_back(l);
	}
	if (tape != NULL)
		snprintf(tape->barcode, sizeof tape->barcode, "%s", barcode);
	l->st.now_ns = now_ns;
	l->st.begun_ns = begun_ns;
	st_end_operation(&l->st, r);
	return tape;
}

static void note_refused(struct st_library *l, enum tape_close why)
{
	if (why != TAPE_CLOSE_REFUSED ||
	    l->st.first_block_sum != l->refused_sum)
		l->refused = 0;
	l->refused += why == TAPE_CLOSE_REFUSED;
	l->refused_sum = l->st.first_block_sum;
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *r)
{
	struct st_library *l = library_of(library);
	struct st *st = st_begin_operation(tape, now_ns, r);

	/*
	 * If the caller does not know the position, the file gets no filemark.
	 */
	if (why != TAPE_CLOSE_GOOD && why != TAPE_CLOSE_FULL)
		st->in_file = false;
	st_close(st, r);
	note_refused(l, why);
	l->out = false;
	l->drive_failed |= why == TAPE_CLOSE_AVOID_DRIVE;
	st_end_operation(st, r);
}

static const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};

static void limits(struct tape *tape, struct tape_limits *out)
{
	const struct st *st = (const struct st *)tape;

	out->block_min_bytes = st->block_min_bytes;
	out->block_max_bytes = st->block_max_bytes;
	/* Modern drives match their speed to the data rate. */
	out->streaming = SPLITTER_STREAMING_NONE;
	out->worm = st->worm;
}

static void position(struct tape *tape, struct tape_position *out)
{
	const struct st *st = (const struct st *)tape;

	*out = st->at;
	if (!st->has_position)
		out->object = TAPE_POSITION_UNKNOWN;
}

static const struct tape_ops tape_ops = {
	.name = "st",
	.limits = limits,
	.position = position,
	.label = st_op_label,
	.start_file = st_op_start_file,
	.write = st_op_write,
	.filemark = st_op_filemark,
	.read = st_op_read,
	.locate = st_op_locate,
	.locate_eod = st_op_locate_eod,
	.rewind = st_op_rewind,
};

/* Finds the name of the device in sysfs.  The path may be a symbolic link. */
static void find_name(struct st *st)
{
	char *path = realpath(st->device, NULL);
	const char *from = path != NULL ? path : st->device;
	const char *slash = strrchr(from, '/');

	snprintf(st->name, sizeof st->name, "%s",
	    slash != NULL ? slash + 1 : from);
	free(path);
}

struct tape_library *st_library_new(const char *device,
    const struct st_options *options)
{
	struct st_library *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->library.ops = &library_ops;
	l->st.tape.ops = &tape_ops;
	l->st.options = *options;
	l->st.sys = options->sys != NULL ? options->sys : &device_calls_system;
	l->st.device = device;
	l->st.fd = -1;
	atomic_init(&l->st.call_begun_ns, 0);
	atomic_init(&l->st.call, NULL);
	if (options->barcode != NULL)
		snprintf(l->st.tape.barcode, TAPE_BARCODE_BYTES, "%s",
		    options->barcode);
	find_name(&l->st);
	return &l->library;
}

int st_library_probe(struct tape_library *library, uint64_t block_bytes,
    char *err, size_t err_bytes)
{
	struct st *st = &library_of(library)->st;
	struct tape_result r;
	int failed;

	st_begin_operation(&st->tape, 0, &r);
	failed = st_probe(st, block_bytes, &r);
	if (failed == 0 || failed == ENOMEDIUM)
		return 0;
	snprintf(err, err_bytes, "%s", r.message);
	return -1;
}

void st_library_free(struct tape_library *library)
{
	struct st_library *l = (struct st_library *)library;

	if (l != NULL && l->out) {
		st_end_file(&l->st);
		st_unlock(&l->st);
		st_close_node(&l->st);
	}
	free(l);
}

int64_t st_library_waiting_ns(const struct tape_library *library,
    const char **doing)
{
	const struct st *st = &((const struct st_library *)library)->st;
	int64_t begun_ns = atomic_load(&st->call_begun_ns);

	*doing = begun_ns == 0 ? NULL : atomic_load(&st->call);
	return *doing == NULL ? 0 : st->sys->clock_ns(st->sys->arg) - begun_ns;
}
