/* liar.c: a library and a tape that forward all, and lie once. */
#include "splitter/api/tests/liar.h"

#include <string.h>

struct liar liar;

bool liar_lies_now(void)
{
	return ++liar.calls == liar.lies_at;
}

static void lie(struct tape_result *result)
{
	if (liar_lies_now())
		liar.lie(result);
}

static void limits(struct tape *t, struct tape_limits *l)
{
	(void)t;
	liar.below->ops->limits(liar.below, l);
}

void liar_no_position(struct tape *t, struct tape_position *at)
{
	(void)t;
	*at = (struct tape_position){ .file = TAPE_POSITION_UNKNOWN,
		.object = TAPE_POSITION_UNKNOWN,
		.byte = TAPE_POSITION_UNKNOWN };
}

void liar_position(struct tape *t, struct tape_position *at)
{
	(void)t;
	liar.below->ops->position(liar.below, at);
}

static void label(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	(void)t;
	liar.below->ops->label(liar.below, block, bytes, now_ns, r);
}

void lie_label(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	label(t, block, bytes, now_ns, r);
	lie(r);
}

static void start_file(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	(void)t;
	liar.below->ops->start_file(liar.below, block, bytes, now_ns, r);
}

void lie_header(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	start_file(t, block, bytes, now_ns, r);
	lie(r);
}

void liar_write(struct tape *t, const struct tape_run *run, int64_t now_ns,
    struct tape_result *r)
{
	(void)t;
	liar.below->ops->write(liar.below, run, now_ns, r);
}

void lie_write(struct tape *t, const struct tape_run *run, int64_t now_ns,
    struct tape_result *r)
{
	liar_write(t, run, now_ns, r);
	lie(r);
}

/* Reports blocks as written that were not handed over. */
void lie_progress(struct tape *t, const struct tape_run *run, int64_t now_ns,
    struct tape_result *r)
{
	liar_write(t, run, now_ns, r);
	if (liar_lies_now() && run->progress != NULL)
		run->progress(run->progress_arg, liar.progress_bytes);
}

static void filemark(struct tape *t, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	(void)t;
	liar.below->ops->filemark(liar.below, sync, now_ns, r);
}

void lie_filemark(struct tape *t, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	filemark(t, sync, now_ns, r);
	lie(r);
}

static void read_block(struct tape *t, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	liar.below->ops->read(liar.below, buf, buf_bytes, block, now_ns, r);
}

void lie_read(struct tape *t, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	read_block(t, buf, buf_bytes, block, now_ns, r);
	if (liar_lies_now()) {
		tape_result_init(r, now_ns);
		block->bytes = buf_bytes + 1;
		block->has_data = true;
	}
}

static void locate(struct tape *t, uint64_t file, int64_t now_ns,
    struct tape_result *r)
{
	(void)t;
	liar.below->ops->locate(liar.below, file, now_ns, r);
}

static void locate_eod(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	liar.below->ops->locate_eod(liar.below, now_ns, r);
}

static void rewind_tape(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	liar.below->ops->rewind(liar.below, now_ns, r);
}

static const struct tape_ops honest = {
	.name = "liar",
	.limits = limits,
	.position = liar_position,
	.label = label,
	.start_file = start_file,
	.write = liar_write,
	.filemark = filemark,
	.read = read_block,
	.locate = locate,
	.locate_eod = locate_eod,
	.rewind = rewind_tape,
};

struct tape *liar_load(struct tape_library *l, int64_t now_ns,
    struct tape_result *r)
{
	(void)l;
	liar.below = liar.inner->ops->load(liar.inner, now_ns, r);
	if (liar.below == NULL)
		return NULL;
	liar.tape = *liar.below;
	liar.tape.ops = &liar.ops;
	return &liar.tape;
}

struct tape *lie_load(struct tape_library *l, int64_t now_ns,
    struct tape_result *r)
{
	struct tape *tape = liar_load(l, now_ns, r);

	if (tape != NULL && liar_lies_now())
		liar.lie(r);
	return tape;
}

struct tape *lie_load_nothing(struct tape_library *l, int64_t now_ns,
    struct tape_result *r)
{
	if (!liar_lies_now())
		return liar_load(l, now_ns, r);
	tape_result_init(r, now_ns);
	return NULL;
}

struct tape *lie_load_without_read(struct tape_library *l, int64_t now_ns,
    struct tape_result *r)
{
	static struct tape_ops poor;
	struct tape *tape = liar_load(l, now_ns, r);

	if (tape != NULL && liar_lies_now()) {
		poor = honest;
		poor.read = NULL;
		tape->ops = &poor;
	}
	return tape;
}

struct tape *lie_load_endless_barcode(struct tape_library *l, int64_t now_ns,
    struct tape_result *r)
{
	struct tape *tape = liar_load(l, now_ns, r);

	if (tape != NULL && liar_lies_now())
		memset(tape->barcode, 'A', sizeof tape->barcode);
	return tape;
}

static void unload(struct tape_library *l, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *r)
{
	(void)l;
	(void)tape;
	liar.inner->ops->unload(liar.inner, liar.below, why, now_ns, r);
}

void liar_begin(const struct liar_way *way, struct tape_library_ops *ops,
    struct tape_library *inner)
{
	memset(&liar, 0, sizeof liar);
	*ops = (struct tape_library_ops){ .load = way->load != NULL ? way->load
								    : liar_load,
		.unload = unload };
	liar.library.ops = ops;
	liar.inner = inner;
	liar.lies_at = 1;
	liar.lie = way->lie;
	liar.progress_bytes = way->progress_bytes;
	liar.ops = honest;
	if (way->ops.label != NULL)
		liar.ops.label = way->ops.label;
	if (way->ops.start_file != NULL)
		liar.ops.start_file = way->ops.start_file;
	if (way->ops.write != NULL)
		liar.ops.write = way->ops.write;
	if (way->ops.filemark != NULL)
		liar.ops.filemark = way->ops.filemark;
	if (way->ops.read != NULL)
		liar.ops.read = way->ops.read;
}
