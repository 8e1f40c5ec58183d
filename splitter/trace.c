/* trace.c: tells of every operation; see trace.h. */
#include "splitter/trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "splitter/filter.h"

enum { ASKED_BYTES = 128, LINE_BYTES = 3 * TAPE_MESSAGE_BYTES };

struct trace_library {
	struct filter filter;		/* first: cast to this */
	void (*line)(void *arg, const char *line);
	void *arg;
};

/* Text for a field: nothing in it that would end the field. */
static const char *field(const char *text, char *buf, size_t bytes)
{
	size_t i;

	for (i = 0; i + 1 < bytes && text[i] != '\0'; i++)
		buf[i] = (unsigned char)text[i] < ' ' || text[i] == '\x7f' ?
		    ' ' : text[i];
	buf[i] = '\0';
	return i > 0 ? buf : "-";
}

static void tell(const struct trace_library *library, const struct tape *tape,
    const char *operation, const char *asked, int64_t begun_ns,
    const struct tape_result *r)
{
	char line[LINE_BYTES], drive[16] = "-", barcode[TAPE_BARCODE_BYTES];
	char message[TAPE_MESSAGE_BYTES];

	if (tape != NULL)
		snprintf(drive, sizeof drive, "%u", tape->drive);
	snprintf(line, sizeof line, "%" PRId64 "\t%" PRId64
	    "\t%s\t%s\t%s\t%s\t%s\t%" PRIu64 "\t%s\t%s", begun_ns, r->done_ns,
	    drive, field(tape != NULL ? tape->barcode : "", barcode,
	    sizeof barcode), operation, asked, tape_cause_name(r->cause),
	    r->bytes, r->leom ? "leom" : "-",
	    field(r->message, message, sizeof message));
	library->line(library->arg, line);
}

static void tell_of(struct tape *tape, const char *operation,
    int64_t begun_ns, const struct tape_result *result, const char *format,
    ...) __attribute__((format(printf, 5, 6)));

static void tell_of(struct tape *tape, const char *operation,
    int64_t begun_ns, const struct tape_result *result, const char *format,
    ...)
{
	char asked[ASKED_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(asked, sizeof asked, format, args);
	va_end(args);
	tell((const struct trace_library *)((struct filter_tape *)tape)->filter,
	    tape, operation, asked, begun_ns, result);
}

static void label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	filter_label(tape, block, bytes, now_ns, result);
	tell_of(tape, "label", now_ns, result, "bytes=%" PRIu64, bytes);
}

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	filter_start_file(tape, block, bytes, now_ns, result);
	tell_of(tape, "header", now_ns, result, "bytes=%" PRIu64, bytes);
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	filter_write(tape, run, now_ns, result);
	tell_of(tape, "write", now_ns, result, "bytes=%" PRIu64 " block=%"
	    PRIu64 " dump=%" PRIx64 " offset=%" PRIu64, run->bytes,
	    run->block_bytes, run->dump_id, run->offset);
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	filter_filemark(tape, sync, now_ns, result);
	tell_of(tape, "filemark", now_ns, result, sync ? "sync" : "nosync");
}

static void read_block(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	filter_read(tape, buf, buf_bytes, block, now_ns, result);
	tell_of(tape, "read", now_ns, result, "bytes=%" PRIu64, buf_bytes);
}

static void locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	filter_locate(tape, file, now_ns, result);
	tell_of(tape, "locate", now_ns, result, "file=%" PRIu64, file);
}

static void locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	filter_locate_eod(tape, now_ns, result);
	tell_of(tape, "locate_eod", now_ns, result, "-");
}

static void rewind_tape(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	filter_rewind(tape, now_ns, result);
	tell_of(tape, "rewind", now_ns, result, "-");
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct tape *tape = filter_load(library, now_ns, result);

	tell((struct trace_library *)library, tape, "load", "-", now_ns,
	    result);
	return tape;
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	struct tape *tape = filter_load_named(library, barcode, now_ns,
	    result);

	tell((struct trace_library *)library, tape, "load", barcode, now_ns,
	    result);
	return tape;
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	static const char *const reasons[] = {
		[TAPE_CLOSE_GOOD] = "good", [TAPE_CLOSE_FULL] = "full",
		[TAPE_CLOSE_SUSPECT] = "suspect", [TAPE_CLOSE_DRIVE] = "drive",
		[TAPE_CLOSE_REFUSED] = "refused",
	};
	const struct tape gone = *tape;

	filter_unload(library, tape, why, now_ns, result);
	tell((struct trace_library *)library, &gone, "unload", reasons[why],
	    now_ns, result);
}

static const struct tape_ops tape_ops = {
	.name = "trace",
	.limits = filter_limits, .position = filter_position,
	.label = label, .start_file = start_file, .write = write_run,
	.filemark = filemark, .read = read_block, .locate = locate,
	.locate_eod = locate_eod, .rewind = rewind_tape,
};

static const struct tape_library_ops library_ops = {
	.load = load, .load_named = load_named, .unload = unload,
};

struct tape_library *trace_library_new(struct tape_library *inner,
    void (*line)(void *arg, const char *line), void *arg)
{
	struct trace_library *library = filter_new(sizeof *library, inner,
	    &library_ops, &tape_ops, sizeof(struct filter_tape));

	if (library == NULL)
		return NULL;
	library->line = line;
	library->arg = arg;
	return &library->filter.library;
}

void trace_library_free(struct tape_library *library)
{
	free(library);
}
