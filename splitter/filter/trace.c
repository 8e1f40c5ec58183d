/* trace.c: reports every operation; see trace.h. */
#include "splitter/filter/trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "splitter/filter/hook.h"

enum { REQUEST_BYTES = 128 };

const char trace_columns[] = "begun_ns\tdone_ns\tdrive\tvolume\toperation\t"
			     "request\tcause\tbytes\tleom\tmessage";

struct trace_library {
	struct hook_filter hook; /* first: cast to this */
	void (*line)(void *arg, const char *line);
	void *arg;
	int64_t (*clock_ns)(void);
};

/* The time at which an operation was requested, and the clock at that time. */
struct begun {
	int64_t at_ns, clock_ns;
};

struct trace_tape {
	struct filter_tape filter; /* first: cast to this */
	struct begun begun;        /* the operation in progress */
};

static struct begun begin(const struct tape_library *l, int64_t now_ns)
{
	const struct trace_library *library = (const struct trace_library *)l;

	return (struct begun){ .at_ns = now_ns,
		.clock_ns =
		    library->clock_ns != NULL ? library->clock_ns() : 0 };
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

static bool before(struct tape *tape, struct hook_request *request,
    struct tape_result *result)
{
	(void)result;
	((struct trace_tape *)tape)->begun =
	    begin(&hook_filter_of(tape)->filter.library, request->now_ns);
	return true;
}

static void after(struct tape *tape, const struct hook_request *request,
    struct tape_result *result)
{
	const struct tape_run *run = &request->run;
	char text[REQUEST_BYTES] = "-";

	switch (request->operation) {
	case HOOK_LABEL:
	case HOOK_HEADER:
	case HOOK_READ:
		snprintf(text, sizeof text, "bytes=%" PRIu64, request->bytes);
		break;
	case HOOK_WRITE:
		snprintf(text, sizeof text,
		    "bytes=%" PRIu64 " block=%" PRIu64 " dump=%" PRIx64
		    " offset=%" PRIu64,
		    run->bytes, run->block_bytes, run->dump_id, run->offset);
		break;
	case HOOK_FILEMARK:
		snprintf(text, sizeof text, request->sync ? "sync" : "nosync");
		break;
	case HOOK_LOCATE:
		snprintf(text, sizeof text, "file=%" PRIu64, request->file);
		break;
	default:
		break;
	}
	report((const struct trace_library *)hook_filter_of(tape), tape,
	    hook_operation_name(request->operation), text,
	    &((const struct trace_tape *)tape)->begun, result);
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

static const struct hooks hooks = {
	.name = "trace",
	.before = before,
	.after = after,
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
	struct trace_library *library = hook_filter_new(sizeof *library, inner,
	    &library_ops, &hooks, sizeof(struct trace_tape));

	if (library == NULL)
		return NULL;
	library->line = line;
	library->arg = arg;
	library->clock_ns = clock_ns;
	return &library->hook.filter.library;
}

void trace_library_free(struct tape_library *library)
{
	free(library);
}
