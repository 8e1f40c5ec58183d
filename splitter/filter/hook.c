/* hook.c: see hook.h. */
#include "splitter/filter/hook.h"

struct hook_filter *hook_filter_of(const struct tape *tape)
{
	return (struct hook_filter *)((const struct filter_tape *)tape)->filter;
}

const char *hook_operation_name(enum hook_operation operation)
{
	static const char *const names[] = {
		[HOOK_LABEL] = "label",
		[HOOK_HEADER] = "header",
		[HOOK_WRITE] = "write",
		[HOOK_FILEMARK] = "filemark",
		[HOOK_READ] = "read",
		[HOOK_LOCATE] = "locate",
		[HOOK_LOCATE_EOD] = "locate_eod",
		[HOOK_REWIND] = "rewind",
		[HOOK_FORMAT] = "format",
	};

	return names[operation];
}

bool hook_operation_writes(enum hook_operation operation)
{
	switch (operation) {
	case HOOK_LABEL:
	case HOOK_HEADER:
	case HOOK_WRITE:
	case HOOK_FILEMARK:
	case HOOK_FORMAT:
		return true;
	default:
		return false;
	}
}

static bool before(struct tape *tape, struct hook_request *request,
    struct tape_result *result)
{
	return hook_filter_of(tape)->hooks->before(tape, request, result);
}

static void after(struct tape *tape, const struct hook_request *request,
    struct tape_result *result)
{
	hook_filter_of(tape)->hooks->after(tape, request, result);
}

static void label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct hook_request request = {
		.operation = HOOK_LABEL, .now_ns = now_ns, .bytes = bytes
	};

	if (!before(tape, &request, result))
		return;
	filter_label(tape, block, bytes, now_ns, result);
	after(tape, &request, result);
}

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct hook_request request = {
		.operation = HOOK_HEADER, .now_ns = now_ns, .bytes = bytes
	};

	if (!before(tape, &request, result))
		return;
	filter_start_file(tape, block, bytes, now_ns, result);
	after(tape, &request, result);
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	struct hook_request request = {
		.operation = HOOK_WRITE, .now_ns = now_ns, .run = *run
	};

	if (!before(tape, &request, result))
		return;
	filter_write(tape, &request.run, now_ns, result);
	after(tape, &request, result);
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	struct hook_request request = {
		.operation = HOOK_FILEMARK, .now_ns = now_ns, .sync = sync
	};

	if (!before(tape, &request, result))
		return;
	filter_filemark(tape, sync, now_ns, result);
	after(tape, &request, result);
}

static void read_block(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	struct hook_request request = { .operation = HOOK_READ,
		.now_ns = now_ns,
		.bytes = buf_bytes,
		.block = block };

	if (!before(tape, &request, result))
		return;
	filter_read(tape, buf, buf_bytes, block, now_ns, result);
	after(tape, &request, result);
}

static void locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	struct hook_request request = {
		.operation = HOOK_LOCATE, .now_ns = now_ns, .file = file
	};

	if (!before(tape, &request, result))
		return;
	filter_locate(tape, file, now_ns, result);
	after(tape, &request, result);
}

/* The operations whose only argument is a time. */
static void move(struct tape *tape, enum hook_operation operation,
    void (*forward)(struct tape *tape, int64_t now_ns,
	struct tape_result *result),
    int64_t now_ns, struct tape_result *result)
{
	struct hook_request request = { .operation = operation,
		.now_ns = now_ns };

	if (!before(tape, &request, result))
		return;
	forward(tape, now_ns, result);
	after(tape, &request, result);
}

static void locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	move(tape, HOOK_LOCATE_EOD, filter_locate_eod, now_ns, result);
}

static void rewind_tape(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	move(tape, HOOK_REWIND, filter_rewind, now_ns, result);
}

static void format(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	move(tape, HOOK_FORMAT, filter_format, now_ns, result);
}

static const struct tape_ops tape_ops = {
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.filemark = filemark,
	.read = read_block,
	.locate = locate,
	.locate_eod = locate_eod,
	.rewind = rewind_tape,
	.format = format,
};

void *hook_filter_new(size_t bytes, struct tape_library *next,
    const struct tape_library_ops *ops, const struct hooks *hooks,
    size_t tape_bytes)
{
	struct hook_filter *filter =
	    filter_new(bytes, next, ops, &tape_ops, tape_bytes);

	if (filter == NULL)
		return NULL;
	filter->hooks = hooks;
	filter->filter.tape_ops.name = hooks->name;
	return filter;
}
