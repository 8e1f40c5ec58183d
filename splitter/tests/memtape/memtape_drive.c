/* memtape_drive.c: the operations of a tape in memory. */
#include "splitter/tests/memtape/memtape_impl.h"

#include <stdlib.h>
#include <string.h>

/* Loses a block that was taken, as a deferred error does. */
static void lose_block(struct memtape_drive *d)
{
	struct memtape_volume *v = d->volume;

	if (v->count < 2 || v->objects[v->count - 1].bytes == 0 ||
	    v->objects[v->count - 2].bytes == 0)
		return; /* a filemark or a header is never lost */
	memtape_volume_cut(v, v->count - 1);
	d->at = v->count;
}

/* Moves the tape by itself before the configured write. */
static void stray(struct memtape_drive *d)
{
	const struct memtape_config *k = &d->library->config;

	if (d->reading || ++d->library->written != k->stray_nth)
		return;
	d->at = k->stray_to < d->volume->count ? k->stray_to : d->volume->count;
}

/* Applies a failure to a write; returns false if it failed. */
static bool goes_well(struct memtape_drive *d, enum memtape_what what,
    uint64_t bytes, struct tape_result *r)
{
	static const char *const names[] = { "block", "header", "filemark",
		"label", "load", "unload" };
	struct memtape_volume *v = d->volume;
	const struct memtape_failure *f;

	if (d->reading || v->kind == MEMTAPE_PROTECTED) {
		memtape_set_message(r, TAPE_WRITE_PROTECTED, names[what]);
		return false;
	}
	stray(d);
	if (d->broken != TAPE_OK) {
		memtape_complain(d->library, "%s: a %s was tried after %s",
		    v->barcode, names[what], tape_cause_name(d->broken));
		memtape_set_message(r, d->broken, names[what]);
		return false;
	}
	if (bytes > 0 && (v->full || v->bytes + bytes > v->capacity_bytes)) {
		v->full = true;
		r->leom = v->warned;
		memtape_set_message(r, TAPE_PEOM, names[what]);
		return false;
	}
	f = memtape_count_one(d->library, what);
	d->library->sealing[what] += d->sealing;
	if (f != NULL && f->cause == TAPE_OK)
		v->warned = true;
	if (f == NULL || f->cause == TAPE_OK)
		return true;
	if (f->cause == TAPE_PEOM)
		v->full = true;
	if (f->cause == TAPE_HARDWARE_ERROR || f->cause == TAPE_POSITION_LOST ||
	    f->cause == TAPE_STORAGE_FAILED)
		d->broken = f->cause;
	if (f->cause == TAPE_DEFERRED_ERROR)
		lose_block(d);
	r->leom = v->warned;
	memtape_set_message(r, f->cause, names[what]);
	return false;
}

void memtape_put(struct memtape_drive *d, const void *data, uint64_t bytes,
    struct tape_result *r)
{
	struct memtape_volume *v = d->volume;

	if (d->at != v->count && !memtape_strayed(d->library))
		memtape_complain(d->library, "%s: overwritten in the middle",
		    v->barcode);
	memtape_volume_cut(v, d->at);
	memtape_volume_add(v, data, bytes);
	d->at = v->count;
	v->changed = v->changing = true;
	if (v->warning_bytes != MEMTAPE_NO_WARNING &&
	    v->bytes > v->capacity_bytes - v->warning_bytes)
		v->warned = true;
	r->leom = v->warned;
}

static struct memtape_drive *begin(struct tape *tape, int64_t now_ns,
    struct tape_result *r)
{
	struct memtape_drive *d = (struct memtape_drive *)tape;

	tape_result_init(r, now_ns);
	if (d->volume == NULL) {
		memtape_complain(d->library, "an empty drive was used");
		abort();
	}
	return d;
}

static void op_limits(struct tape *tape, struct tape_limits *limits)
{
	const struct memtape_drive *d = (const struct memtape_drive *)tape;
	const struct memtape_config *k = &d->library->config;

	limits->block_min_bytes = 1;
	limits->block_max_bytes = k->block_max_bytes > 0
	    ? k->block_max_bytes
	    : MEMTAPE_BLOCK_MAX_BYTES;
	limits->streaming = k->streaming;
}

static void op_position(struct tape *tape, struct tape_position *p)
{
	const struct memtape_drive *d = (const struct memtape_drive *)tape;
	uint64_t i;

	memset(p, 0, sizeof *p);
	p->object = d->at;
	for (i = 0; i < d->at; i++) {
		p->file += d->volume->objects[i].bytes == 0;
		p->byte += d->volume->objects[i].bytes;
	}
}

static void op_label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	struct memtape_drive *d = begin(tape, now_ns, r);
	struct memtape_volume *v = d->volume;

	memtape_hook(d->library, MEMTAPE_LABEL);
	if (v->count > 0 && v->kind != MEMTAPE_PROTECTED &&
	    v->kind != MEMTAPE_SCRATCH && !v->overwrite)
		memtape_complain(d->library, "%s: labelled, but not blank",
		    v->barcode);
	if (!goes_well(d, MEMTAPE_LABEL, bytes, r))
		return;
	memtape_volume_cut(v, 0);
	d->at = 0;
	memtape_put(d, block, bytes, r);
	memtape_put(d, NULL, 0, r);
	r->bytes = bytes;
}

static void op_start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	struct memtape_drive *d = begin(tape, now_ns, r);
	bool sealing;

	memtape_hook(d->library, MEMTAPE_HEADER);
	sealing = memmem(block, bytes, "\ntype: end\n", 11) != NULL;
	if (d->volume->count == 0 || (d->in_file && !(sealing && d->sealing)))
		memtape_complain(d->library,
		    "%s: a header in the middle of "
		    "a file",
		    d->volume->barcode);
	if (d->volume->warned && !sealing)
		memtape_complain(d->library, "%s: a header after LEOM",
		    d->volume->barcode);
	d->sealing = sealing;
	if (!goes_well(d, MEMTAPE_HEADER, bytes, r))
		return;
	memtape_put(d, block, bytes, r);
	d->in_file = true;
	d->short_block = false;
	r->bytes = bytes;
}

static void check_run(struct memtape_drive *d, const struct tape_run *run)
{
	if (!d->in_file || d->sealing)
		memtape_complain(d->library, "%s: data without a header",
		    d->volume->barcode);
	if (d->volume->warned)
		memtape_complain(d->library, "%s: data after LEOM",
		    d->volume->barcode);
	if (d->short_block)
		memtape_complain(d->library, "%s: data after a short block",
		    d->volume->barcode);
	if (run->bytes == 0 || run->offset % run->block_bytes != 0)
		memtape_complain(d->library, "%s: a run of %llu bytes at %llu",
		    d->volume->barcode, (unsigned long long)run->bytes,
		    (unsigned long long)run->offset);
}

static void write_block(struct memtape_drive *d, const struct tape_run *run,
    uint64_t n, struct tape_result *r)
{
	struct memtape *m = d->library;
	const unsigned char *p = run->data;
	struct memtape_object *o;

	if (p != NULL)
		p += r->bytes;
	memtape_put(d, m->config.no_payload ? NULL : p, n, r);
	o = &d->volume->objects[d->at - 1];
	o->dump_id = run->dump_id;
	o->offset = run->offset + r->bytes;
	d->short_block = n < run->block_bytes;
	if (p != NULL && m->counts[MEMTAPE_BLOCK] == m->config.scribble_nth)
		((unsigned char *)(uintptr_t)p)[-1] ^= 0x10;
	r->bytes += n;
	if (run->progress != NULL)
		run->progress(run->progress_arg, n);
}

static void op_write(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *r)
{
	struct memtape_drive *d = begin(tape, now_ns, r);
	uint64_t n;

	check_run(d, run);
	while (r->bytes < run->bytes) {
		n = run->bytes - r->bytes;
		if (n > run->block_bytes)
			n = run->block_bytes;
		memtape_hook(d->library, MEMTAPE_BLOCK);
		if (!goes_well(d, MEMTAPE_BLOCK, n, r))
			return;
		write_block(d, run, n, r);
		if (r->leom)
			return;
	}
}

static void op_filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	struct memtape_drive *d = begin(tape, now_ns, r);

	memtape_hook(d->library, MEMTAPE_FILEMARK);
	if (!sync || !d->in_file)
		memtape_complain(d->library, "%s: a filemark %s",
		    d->volume->barcode,
		    sync ? "without a file" : "that makes nothing safe");
	if (!goes_well(d, MEMTAPE_FILEMARK, 0, r))
		return;
	memtape_put(d, NULL, 0, r);
	d->in_file = false;
}

static void op_read(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	struct memtape_drive *d = begin(tape, now_ns, r);
	const struct memtape_object *o;

	memset(block, 0, sizeof *block);
	if (d->volume->kind == MEMTAPE_UNREADABLE) {
		memtape_set_message(r, TAPE_MEDIUM_ERROR, "read");
		return;
	}
	if (d->at == d->volume->count) {
		memtape_set_message(r, d->at == 0 ? TAPE_BLANK : TAPE_EOD,
		    "read");
		return;
	}
	o = &d->volume->objects[d->at++];
	if (o->bytes == 0) {
		memtape_set_message(r, TAPE_FILEMARK, "read");
		return;
	}
	if (o->bytes > buf_bytes) {
		memtape_set_message(r, TAPE_INVALID,
		    "a block larger than the buffer");
		return;
	}
	block->bytes = r->bytes = o->bytes;
	block->has_data = o->data != NULL;
	block->dump_id = o->dump_id;
	block->offset = o->offset;
	if (o->data != NULL)
		memcpy(buf, o->data, o->bytes);
}

static void op_locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *r)
{
	struct memtape_drive *d = begin(tape, now_ns, r);
	const struct memtape_volume *v = d->volume;

	for (d->at = 0; d->at < v->count && file > 0; d->at++)
		file -= v->objects[d->at].bytes == 0;
	if (file > 0)
		memtape_set_message(r, TAPE_EOD, "locate");
}

static void op_locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *r)
{
	struct memtape_drive *d = begin(tape, now_ns, r);

	d->at = d->volume->count;
	r->leom = d->volume->warned;
}

static void op_rewind(struct tape *tape, int64_t now_ns, struct tape_result *r)
{
	begin(tape, now_ns, r)->at = 0;
}

static void op_identity(struct tape *tape, struct tape_identity *out)
{
	const struct memtape_volume *v =
	    ((const struct memtape_drive *)tape)->volume;

	memcpy(out->serial, v->serial, sizeof out->serial);
	out->partitions = v->partitions;
	out->blank_proof = TAPE_BLANK_PROOF_ERRNO;
}

static void op_format(struct tape *tape, int64_t now_ns, struct tape_result *r)
{
	struct memtape_drive *d = begin(tape, now_ns, r);

	memtape_volume_cut(d->volume, 0);
	d->volume->partitions = 1;
	d->volume->changed = d->volume->changing = true;
	d->at = 0;
}

const struct tape_ops memtape_ops = {
	.name = "memtape",
	.limits = op_limits,
	.position = op_position,
	.label = op_label,
	.start_file = op_start_file,
	.write = op_write,
	.filemark = op_filemark,
	.read = op_read,
	.locate = op_locate,
	.locate_eod = op_locate_eod,
	.rewind = op_rewind,
	.identity = op_identity,
	.format = op_format,
};
