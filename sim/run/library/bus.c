/* bus.c: a bus that the drives share; see bus.h. */
#include "sim/run/library/bus.h"

#include <stdlib.h>

#include "splitter/filter/filter.h"

struct bus {
	struct filter filter; /* first: cast to this */
	struct shared_rate *rate;
};

/* A transfer over the bus: when it begins, and when it ends. */
struct transfer {
	int64_t begun_ns, ended_ns;
};

static struct transfer pass(struct tape *tape, uint64_t bytes, int64_t now_ns)
{
	const struct filter_tape *t = (const struct filter_tape *)tape;
	struct shared_rate *rate = ((struct bus *)t->filter)->rate;
	struct transfer transfer = { .begun_ns = now_ns };

	if (transfer.begun_ns < rate->free_ns)
		transfer.begun_ns = rate->free_ns;
	transfer.ended_ns = shared_rate_serve(rate, bytes, now_ns);
	return transfer;
}

static void end(const struct transfer *transfer, struct tape_result *result)
{
	if (result->done_ns < transfer->ended_ns)
		result->done_ns = transfer->ended_ns;
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	struct transfer transfer = pass(tape, run->bytes, now_ns);

	filter_write(tape, run, transfer.begun_ns, result);
	end(&transfer, result);
}

static void label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct transfer transfer = pass(tape, bytes, now_ns);

	filter_label(tape, block, bytes, transfer.begun_ns, result);
	end(&transfer, result);
}

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct transfer transfer = pass(tape, bytes, now_ns);

	filter_start_file(tape, block, bytes, transfer.begun_ns, result);
	end(&transfer, result);
}

static const struct tape_ops tape_ops = {
	.name = "bus",
	.label = label,
	.start_file = start_file,
	.write = write_run,
};

struct tape_library *bus_library_new(struct tape_library *next,
    struct shared_rate *rate)
{
	struct bus *bus = filter_new(sizeof *bus, next, NULL, &tape_ops,
	    sizeof(struct filter_tape));

	if (bus == NULL)
		return NULL;
	bus->rate = rate;
	return &bus->filter.library;
}

void bus_library_free(struct tape_library *library)
{
	free(library);
}
