/* filter_stack.c: a stack of filters for tests. */
#include "splitter/filter/tests/filter_stack.h"

#include <stdlib.h>
#include <string.h>

#include "splitter/filter/filter.h"
#include "splitter/filter/trace.h"

static void slow_label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	filter_label(tape, block, bytes, now_ns, r);
	r->done_ns += SLOW_NS;
}

static void slow_start_file(struct tape *tape, const void *block,
    uint64_t bytes, int64_t now_ns, struct tape_result *r)
{
	filter_start_file(tape, block, bytes, now_ns, r);
	r->done_ns += SLOW_NS;
}

static void slow_write(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *r)
{
	filter_write(tape, run, now_ns, r);
	r->done_ns += SLOW_NS;
}

static void slow_filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	filter_filemark(tape, sync, now_ns, r);
	r->done_ns += SLOW_NS;
}

static struct tape *slow_load(struct tape_library *library, int64_t now_ns,
    struct tape_result *r)
{
	struct tape *tape = filter_load(library, now_ns, r);

	r->done_ns += SLOW_NS;
	return tape;
}

static const struct tape_ops slow_tape_ops = {
	.name = "slow",
	.label = slow_label,
	.start_file = slow_start_file,
	.write = slow_write,
	.filemark = slow_filemark,
};

static const struct tape_library_ops slow_library_ops = {
	.load = slow_load,
};

static void add_line(void *arg, const char *line)
{
	struct filter_stack *s = arg;
	size_t bytes = strlen(line);

	s->lines = realloc(s->lines, s->lines_bytes + bytes + 2);
	if (s->lines == NULL)
		abort();
	memcpy(s->lines + s->lines_bytes, line, bytes);
	s->lines_bytes += bytes + 1;
	strcpy(s->lines + s->lines_bytes - 1, "\n");
}

static struct tape_library *make(struct filter_stack *s, char letter,
    struct tape_library *inner)
{
	switch (letter) {
	case 'f':
		return fault_library_new(inner, s->faults, s->fault_count);
	case 'l':
		return limit_library_new(inner, &s->limit);
	case 't':
		return trace_library_new(inner, add_line, s, s->clock_ns);
	case 's':
		return filter_new(sizeof(struct filter), inner,
		    &slow_library_ops, &slow_tape_ops,
		    sizeof(struct filter_tape));
	}
	abort();
}

struct tape_library *filter_stack_up(struct filter_stack *s,
    struct tape_library *library)
{
	size_t i;

	s->top = library;
	for (i = 0; s->order[i] != '\0'; i++) {
		s->top = s->made[i] = make(s, s->order[i], s->top);
		if (s->top == NULL)
			abort();
	}
	return s->top;
}

void filter_stack_down(struct filter_stack *s)
{
	size_t i;

	for (i = strlen(s->order); i-- > 0; s->made[i] = NULL)
		switch (s->order[i]) {
		case 'f':
			fault_library_free(s->made[i]);
			break;
		case 'l':
			limit_library_free(s->made[i]);
			break;
		case 't':
			trace_library_free(s->made[i]);
			break;
		default:
			free(s->made[i]);
			break;
		}
	free(s->lines);
	s->lines = NULL;
	s->lines_bytes = 0;
}

static struct tape_library *up(void *arg, struct memtape *m)
{
	return filter_stack_up(arg, memtape_library(m));
}

void filter_stack_trial(struct filter_stack *s, const struct trial *t,
    struct trial_result *r)
{
	struct trial filtered = *t;

	filtered.over = up;
	filtered.over_arg = s;
	trial_engine(&filtered, r);
}
