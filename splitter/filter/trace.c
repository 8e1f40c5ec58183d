/* trace.c: reports every operation; see trace.h. */
#include "splitter/filter/trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "splitter/filter/filter.h"

enum { REQUEST_BYTES = 128 };

const char trace_columns[] = "begun_ns\tdone_ns\tdrive\tvolume\toperation\t"
			     "request\tcause\tbytes\tleom\tmessage";

struct trace_library {
	struct filter filter; /* first: cast to this */
	void (*line)(void *arg, const char *line);
	void *arg;
	int64_t (*clock_ns)(void);
};

/* The time at which an operation was requested, and the clock at that time. */
struct begun {
	int64_t at_ns, clock_ns;
};

static struct begun begin(const struct tape_library *l, int64_t now_ns)
{
	const struct trace_library *library = (const struct trace_library *)l;

	return (struct begun){ .at_ns = now_ns,
		.clock_ns =
		    library->clock_ns != NULL ? library->clock_ns() : 0 };
}

static struct begun begin_of(const struct tape *tape, int64_t now_ns)
{
	return begin(&((const struct filter_tape *)tape)->filter->library,
	    now_ns);
}

static int64_t ended(const struct trace_library *library,
    const struct begun *begun, const struct tape_result *r)
{
	return library->clock_ns == NULL
	    ? r->done_ns
	    : begun->at_ns + library->clock_ns() - begun->clock_ns;
}

/*
 * Copies the text of a field; control characters, which would end the field,
 * become blanks.
 */
static const char *field(const char *text, char *buf, size_t bytes)
{
	size_t i;

	for (i = 0; i + 1 < bytes && text[i] != '\0'; i++)
		buf[i] = (unsigned char)text[i] < ' ' || text[i] == '\x7f'
		    ? ' '
		    : text[i];
	buf[i] = '\0';
	return i > 0 ? buf : "-";
}

static void report(const struct trace_library *library, const struct tape *tape,
    const char *operation, const char *request, const struct begun *begun,
    const struct tape_result *r)
{
	const int64_t ended_ns = ended(library, begun, r);
	char line[TRACE_LINE_BYTES], drive[16] = "-";
	char barcode[TAPE_BARCODE_BYTES], message[TAPE_MESSAGE_BYTES];

	if (tape != NULL)
		snprintf(drive, sizeof drive, "%u", tape->drive);
	snprintf(line, sizeof line,
	    "%" PRId64 "\t%" PRId64 "\t%s\t%s\t%s\t%s\t%s\t%" PRIu64 "\t%s\t%s",
	    begun->at_ns, ended_ns, drive,
	    field(tape != NULL ? tape->barcode : "", barcode, sizeof barcode),
	    operation, request, tape_cause_name(r->cause), r->bytes,
	    r->leom ? "leom" : "-", field(r->message, message, sizeof message));
	library->line(library->arg, line);
}

static void report_operation(struct tape *tape, const char *operation,
    const struct begun *begun, const struct tape_result *result,
    const char *format, ...) __attribute__((format(printf, 5, 6)));

static void report_operation(struct tape *tape, const char *operation,
    const struct begun *begun, const struct tape_result *result,
    const char *format, ...)
{
	char request[REQUEST_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(request, sizeof request, format, args);
	va_end(args);
	report((const struct trace_library *)((struct filter_tape *)tape)
		   ->filter,
	    tape, operation, request, begun, result);
}

static void label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	const struct begun begun = begin_of(tape, now_ns);

	filter_label(tape, block, bytes, now_ns, result);
	report_operation(tape, "label", &begun, result, "bytes=%" PRIu64,
	    bytes);
}

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	const struct begun begun = begin_of(tape, now_ns);

	filter_start_file(tape, block, bytes, now_ns, result);
	report_operation(tape, "header", &begun, result, "bytes=%" PRIu64,
	    bytes);
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	const struct begun begun = begin_of(tape, now_ns);

	filter_write(tape, run, now_ns, result);
	report_operation(tape, "write", &begun, result,
	    "bytes=%" PRIu64 " block=%" PRIu64 " dump=%" PRIx64
	    " offset=%" PRIu64,
	    run->bytes, run->block_bytes, run->dump_id, run->offset);
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	const struct begun begun = begin_of(tape, now_ns);

	filter_filemark(tape, sync, now_ns, result);
	report_operation(tape, "filemark", &begun, result,
	    sync ? "sync" : "nosync");
}

static void read_block(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	const struct begun begun = begin_of(tape, now_ns);

	filter_read(tape, buf, buf_bytes, block, now_ns, result);
	report_operation(tape, "read", &begun, result, "bytes=%" PRIu64,
	    buf_bytes);
}

static void locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	const struct begun begun = begin_of(tape, now_ns);

	filter_locate(tape, file, now_ns, result);
	report_operation(tape, "locate", &begun, result, "file=%" PRIu64, file);
}

static void locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	const struct begun begun = begin_of(tape, now_ns);

	filter_locate_eod(tape, now_ns, result);
	report_operation(tape, "locate_eod", &begun, result, "-");
}

static void rewind_tape(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	const struct begun begun = begin_of(tape, now_ns);

	filter_rewind(tape, now_ns, result);
	report_operation(tape, "rewind", &begun, result, "-");
}

static void format(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	const struct begun begun = begin_of(tape, now_ns);

	filter_format(tape, now_ns, result);
	report_operation(tape, "format", &begun, result, "-");
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	const struct begun begun = begin(library, now_ns);
	struct tape *tape = filter_load(library, now_ns, result);

	report((struct trace_library *)library, tape, "load", "-", &begun,
	    result);
	return tape;
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	const struct begun begun = begin(library, now_ns);
	struct tape *tape = filter_load_named(library, barcode, now_ns, result);

	report((struct trace_library *)library, tape, "load", barcode, &begun,
	    result);
	return tape;
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	const struct begun begun = begin(library, now_ns);
	const struct tape closed = *tape;

	filter_unload(library, tape, why, now_ns, result);
	report((struct trace_library *)library, &closed, "unload",
	    tape_close_name(why), &begun, result);
}

static const struct tape_ops tape_ops = {
	.name = "trace",
	.limits = filter_limits,
	.position = filter_position,
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.filemark = filemark,
	.read = read_block,
	.locate = locate,
	.locate_eod = locate_eod,
	.rewind = rewind_tape,
	.identity = filter_identity,
	.format = format,
};

static const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};

struct tape_library *trace_library_new(struct tape_library *inner,
    void (*line)(void *arg, const char *line), void *arg,
    int64_t (*clock_ns)(void))
{
	struct trace_library *library = filter_new(sizeof *library, inner,
	    &library_ops, &tape_ops, sizeof(struct filter_tape));

	if (library == NULL)
		return NULL;
	library->line = line;
	library->arg = arg;
	library->clock_ns = clock_ns;
	return &library->filter.library;
}

void trace_library_free(struct tape_library *library)
{
	free(library);
}
