/* nonsense.c: tapes and a library that answer one call with nonsense. */
#include "splitter/api/tests/nonsense.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static void bytes_of_half_a_block(struct tape_result *r)
{
	r->bytes = 1000;
}
static void bytes_endless(struct tape_result *r)
{
	r->bytes = UINT64_MAX;
}
static void cause_unknown(struct tape_result *r)
{
	r->cause = (enum tape_cause)4711;
}
static void cause_negative(struct tape_result *r)
{
	r->cause = (enum tape_cause) - 1;
}
static void cause_of_reading(struct tape_result *r)
{
	r->cause = TAPE_FILEMARK;
}
static void cause_no_volume(struct tape_result *r)
{
	r->cause = TAPE_NO_VOLUME;
}
static void cause_cancelled(struct tape_result *r)
{
	r->cause = TAPE_CANCELLED;
}
static void cause_invalid(struct tape_result *r)
{
	r->cause = TAPE_INVALID;
}
static void cause_peom(struct tape_result *r)
{
	r->cause = TAPE_PEOM;
}
static void cause_position_lost(struct tape_result *r)
{
	r->cause = TAPE_POSITION_LOST;
}
static void cause_hardware(struct tape_result *r)
{
	r->cause = TAPE_HARDWARE_ERROR;
}
static void leom(struct tape_result *r)
{
	r->leom = true;
}
static void past(struct tape_result *r)
{
	r->done_ns = INT64_MIN;
}
static void end_of_time(struct tape_result *r)
{
	r->done_ns = INT64_MAX;
}
static void message_without_end(struct tape_result *r)
{
	r->cause = TAPE_MEDIUM_ERROR;
	memset(r->message, '%', sizeof r->message);
}
static void message_without_letters(struct tape_result *r)
{
	r->cause = TAPE_UNKNOWN_ERROR;
	memset(r->message, '\n', sizeof r->message - 1);
}
static void all_bits(struct tape_result *r)
{
	memset(r, 0xff, sizeof *r);
	r->leom = true; /* a bool of any other value is undefined in C */
	r->sense.valid = true;
}

static void objects_go_back(struct tape_position *p)
{
	p->object = p->object > 0 ? p->object - 1 : 5;
}
static void at_beginning(struct tape_position *p)
{
	p->object = p->file = p->byte = 0;
}
static void far_away(struct tape_position *p)
{
	p->object = p->file = UINT64_MAX - 1;
}
static void position_unknown(struct tape_position *p)
{
	p->object = p->file = TAPE_POSITION_UNKNOWN;
}
static void file_unknown(struct tape_position *p)
{
	p->file = TAPE_POSITION_UNKNOWN;
}

static void no_limits(struct tape_limits *l)
{
	memset(l, 0, sizeof *l);
}
static void reversed_limits(struct tape_limits *l)
{
	l->block_min_bytes = UINT64_MAX;
	l->block_max_bytes = 1;
}
static void endless_limits(struct tape_limits *l)
{
	l->block_max_bytes = UINT64_MAX;
	l->streaming = (enum splitter_streaming)99;
}

static void block_too_long(struct tape_block *b)
{
	b->bytes = UINT64_MAX;
}
static void empty_block(struct tape_block *b)
{
	b->bytes = 0;
	b->has_data = true;
}
static void block_of_another_dump(struct tape_block *b)
{
	b->has_data = false;
	b->dump_id = b->offset = UINT64_MAX;
}

static struct tape *load_nothing(struct tape *loaded)
{
	(void)loaded;
	return NULL;
}
static struct tape *load_without_operations(struct tape *loaded)
{
	loaded->ops = NULL;
	return loaded;
}
static struct tape *load_long_barcode(struct tape *loaded)
{
	memset(loaded->barcode, 'B', sizeof loaded->barcode);
	return loaded;
}
static struct tape *load_odd_barcode(struct tape *loaded)
{
	strcpy(loaded->barcode, " \t\x80");
	return loaded;
}
static struct tape *load_odd_drive(struct tape *loaded)
{
	loaded->drive = UINT_MAX;
	return loaded;
}

const struct nonsense_kind nonsense_kinds[] = {
	{ .name = "half a block", .result = bytes_of_half_a_block },
	{ .name = "endless bytes", .result = bytes_endless },
	{ .name = "unknown cause",
	    .result = cause_unknown,
	    .impossible = true },
	{ .name = "negative cause",
	    .result = cause_negative,
	    .impossible = true },
	{ .name = "all bits", .result = all_bits, .impossible = true },
	{ .name = "cause of reading", .result = cause_of_reading },
	{ .name = "no volume", .result = cause_no_volume },
	{ .name = "cancelled", .result = cause_cancelled },
	{ .name = "invalid", .result = cause_invalid },
	{ .name = "peom", .result = cause_peom },
	{ .name = "position lost", .result = cause_position_lost },
	{ .name = "hardware error", .result = cause_hardware },
	{ .name = "leom", .result = leom },
	{ .name = "past", .result = past },
	{ .name = "end of time", .result = end_of_time },
	{ .name = "message without end", .result = message_without_end },
	{ .name = "message without letters",
	    .result = message_without_letters },
	{ .name = "objects go back", .position = objects_go_back },
	{ .name = "at the beginning", .position = at_beginning },
	{ .name = "far away", .position = far_away },
	{ .name = "position unknown", .position = position_unknown },
	{ .name = "file unknown", .position = file_unknown },
	{ .name = "no limits", .limits = no_limits },
	{ .name = "reversed limits", .limits = reversed_limits },
	{ .name = "endless limits", .limits = endless_limits },
	{ .name = "block too long", .block = block_too_long },
	{ .name = "empty block", .block = empty_block },
	{ .name = "block of another dump", .block = block_of_another_dump },
	{ .name = "load nothing", .load = load_nothing },
	{ .name = "load without operations",
	    .load = load_without_operations,
	    .impossible = true },
	{ .name = "load long barcode",
	    .load = load_long_barcode,
	    .impossible = true },
	{ .name = "load odd barcode", .load = load_odd_barcode },
	{ .name = "load odd drive", .load = load_odd_drive },
	{ .name = "progress of half a block",
	    .progress_bytes = 1000,
	    .impossible = true },
	{ .name = "progress beyond the run",
	    .progress_bytes = UINT64_MAX,
	    .impossible = true },
	{ .name = "late progress", .progress_bytes = 4096, .late = true },
};
const unsigned nonsense_kinds_count =
    sizeof nonsense_kinds / sizeof *nonsense_kinds;

static struct {
	struct tape_library library;
	struct tape_library *inner;
	struct tape tape;
	struct tape *below;
	const struct nonsense_kind *kind;
	unsigned nth, calls;
	const char *operation;
	struct tape_run late; /* whose progress is called too late */
} it;

/* Whether this call is the one. */
static bool is_now(bool counted, const char *operation)
{
	if (!counted || ++it.calls != it.nth)
		return false;
	it.operation = operation;
	return true;
}

static void spoil(const char *operation, struct tape_result *r)
{
	if (is_now(it.kind->result != NULL, operation))
		it.kind->result(r);
}

static void limits(struct tape *t, struct tape_limits *l)
{
	(void)t;
	it.below->ops->limits(it.below, l);
	if (is_now(it.kind->limits != NULL, "limits"))
		it.kind->limits(l);
}

static void position(struct tape *t, struct tape_position *p)
{
	(void)t;
	it.below->ops->position(it.below, p);
	if (is_now(it.kind->position != NULL, "position"))
		it.kind->position(p);
}

static void label(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	(void)t;
	it.below->ops->label(it.below, block, bytes, now_ns, r);
	spoil("label", r);
}

static void start_file(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	(void)t;
	it.below->ops->start_file(it.below, block, bytes, now_ns, r);
	spoil("header", r);
}

static void write_run(struct tape *t, const struct tape_run *run,
    int64_t now_ns, struct tape_result *r)
{
	bool progress = it.kind->progress_bytes > 0 && run->progress != NULL;

	(void)t;
	it.below->ops->write(it.below, run, now_ns, r);
	spoil("write", r);
	if (!is_now(progress, "write"))
		return;
	if (it.kind->late)
		it.late = *run;
	else
		run->progress(run->progress_arg, it.kind->progress_bytes);
}

static void filemark(struct tape *t, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	(void)t;
	it.below->ops->filemark(it.below, sync, now_ns, r);
	spoil("filemark", r);
}

static void read_block(struct tape *t, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	it.below->ops->read(it.below, buf, buf_bytes, block, now_ns, r);
	spoil("read", r);
	if (is_now(it.kind->block != NULL, "read"))
		it.kind->block(block);
}

static void locate(struct tape *t, uint64_t file, int64_t now_ns,
    struct tape_result *r)
{
	(void)t;
	it.below->ops->locate(it.below, file, now_ns, r);
	spoil("locate", r);
}

static void locate_eod(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	it.below->ops->locate_eod(it.below, now_ns, r);
	spoil("locate_eod", r);
}

static void rewind_tape(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	it.below->ops->rewind(it.below, now_ns, r);
	spoil("rewind", r);
}

static const struct tape_ops tape_ops = {
	.name = "nonsense",
	.limits = limits,
	.position = position,
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.filemark = filemark,
	.read = read_block,
	.locate = locate,
	.locate_eod = locate_eod,
	.rewind = rewind_tape,
};

static struct tape *loaded(struct tape *below, struct tape_result *r)
{
	struct tape *tape = NULL;

	spoil("load", r);
	it.below = below;
	if (below != NULL) {
		it.tape = *below;
		it.tape.ops = &tape_ops;
		tape = &it.tape;
		if (is_now(it.kind->load != NULL, "load"))
			tape = it.kind->load(tape);
	}
	return tape;
}

static struct tape *load(struct tape_library *l, int64_t now_ns,
    struct tape_result *r)
{
	(void)l;
	return loaded(it.inner->ops->load(it.inner, now_ns, r), r);
}

static struct tape *load_named(struct tape_library *l, const char *barcode,
    int64_t now_ns, struct tape_result *r)
{
	(void)l;
	return loaded(tape_load_named(it.inner, barcode, now_ns, r), r);
}

static void unload(struct tape_library *l, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *r)
{
	(void)l, (void)tape;
	it.inner->ops->unload(it.inner, it.below, why, now_ns, r);
	spoil("unload", r);
	/* The last moment: the memory is given up with the tape. */
	if (it.late.progress != NULL)
		it.late.progress(it.late.progress_arg, it.kind->progress_bytes);
	it.late.progress = NULL;
}

struct tape_library *nonsense_begin(const struct nonsense_kind *kind,
    unsigned nth, struct tape_library *inner)
{
	static const struct tape_library_ops ops = {
		.load = load, .load_named = load_named, .unload = unload
	};

	memset(&it, 0, sizeof it);
	it.library.ops = &ops;
	it.inner = inner;
	it.kind = kind;
	it.nth = nth;
	return &it.library;
}

const char *nonsense_operation(void)
{
	return it.operation;
}

void nonsense_end(void)
{
	memset(&it, 0, sizeof it);
}
