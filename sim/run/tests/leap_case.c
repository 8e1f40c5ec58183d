/* leap_case.c: random scenarios with steady stretches; see leap_case.h. */
#include "sim/run/tests/leap_case.h"

#include <inttypes.h>
#include <stdbool.h>

#include "splitter/base/random.h"

enum { PIECE_MAX_BYTES = 8 << 20, PIECES_MAX = 1200, FAULTS_MAX = 4 };

struct draw {
	uint64_t state;
	FILE *out;
	uint64_t block, buffer, piece, part, size, capacity;
	unsigned volumes;
	bool spool, slices, several;
	const char *indent;
};

/* Returns a number from 0 to n - 1. */
static uint64_t draw(struct draw *d, uint64_t n)
{
	d->state = random_next(d->state, 1);
	return d->state % n;
}

static bool one_in(struct draw *d, uint64_t n)
{
	return draw(d, n) == 0;
}

/* Returns a number up to 2^bits; small ones are as likely as large ones. */
static uint64_t some(struct draw *d, uint64_t bits)
{
	return 1 + draw(d, UINT64_C(1) << (1 + draw(d, bits)));
}

static void draw_sizes(struct draw *d)
{
	d->block = one_in(d, 4) ? 4096 + 512 * draw(d, 500)
				: UINT64_C(4096) << draw(d, 10);
	d->buffer = d->block * (2 + some(d, 8));
	if (one_in(d, 5))
		d->buffer += draw(d, d->block);
	d->piece = d->buffer / 16;
	if (d->piece > PIECE_MAX_BYTES)
		d->piece = PIECE_MAX_BYTES;
	if (d->piece < d->block)
		d->piece = d->block;
	d->size = d->piece * (1 + draw(d, PIECES_MAX));
	if (one_in(d, 2))
		d->size += draw(d, d->piece);
	d->part = one_in(d, 3) ? 0 : d->size / (1 + draw(d, 12)) + d->block;
	d->volumes = 1 + (unsigned)draw(d, 4);
	d->capacity = d->size / d->volumes + 20 * d->block;
	d->capacity += draw(d, d->capacity);
}

static void write_behaviour(struct draw *d)
{
	static const char *const residuals[] = { "exact", "exact", "over",
		"under" };

	fprintf(d->out, "  behaviour:\n    residual: %s\n",
	    residuals[draw(d, 4)]);
	if (!one_in(d, 3)) {
		fprintf(d->out, "    buffered: true\n");
		if (one_in(d, 2))
			fprintf(d->out, "    buffer: %" PRIu64 " B\n",
			    d->block * some(d, 9));
	} else {
		fprintf(d->out, "    buffered: false\n");
	}
	if (one_in(d, 4))
		fprintf(d->out, "    early_warning_delay: %" PRIu64 "\n",
		    draw(d, 4));
	if (one_in(d, 5))
		fprintf(d->out, "    pews: %" PRIu64 " B\n",
		    draw(d, d->capacity / 2));
	if (one_in(d, 4))
		fprintf(d->out, "    compression: %" PRIu64 " %%\n",
		    50 + draw(d, 300));
	if (one_in(d, 6))
		fprintf(d->out, "    block_overhead: %" PRIu64 " B\n",
		    draw(d, 10000));
}

static void write_library(struct draw *d)
{
	static const char *const models[] = { "instant", "lto1-ibm", "lto3-hp",
		"lto5", "lto7", "lto8", "lto9", "dlt8000" };
	enum { MODELS = sizeof models / sizeof *models };
	uint64_t drives = 1 + draw(d, 2);

	fprintf(d->out, "library:\n  drives: [%s", models[draw(d, MODELS)]);
	while (--drives > 0)
		fprintf(d->out, ", %s", models[draw(d, MODELS)]);
	fprintf(d->out,
	    "]\n  volumes: {count: %u, capacity: %" PRIu64
	    " B, early_warning: %" PRIu64 " B}\n",
	    d->volumes + (unsigned)draw(d, 3), d->capacity,
	    draw(d, d->capacity / (1 + draw(d, 20))));
	if (one_in(d, 2))
		write_behaviour(d);
	if (one_in(d, 6)) {
		d->capacity = d->capacity / 2 + 2 * d->block;
		fprintf(d->out,
		    "  limit: {capacity: %" PRIu64 " B, early_warning: %" PRIu64
		    " B}\n",
		    d->capacity, draw(d, d->capacity / 2));
	}
	if (one_in(d, 5))
		fprintf(d->out, "  load_ahead: true\n");
}

/* Returns a rate in bytes a second, around those of drives. */
static uint64_t rate(struct draw *d)
{
	return 1000 * (1000 + draw(d, one_in(d, 3) ? 20000 : 500000));
}

/* Returns a time of some pieces, in microseconds. */
static uint64_t some_us(struct draw *d)
{
	return 1 + d->piece * some(d, 9) / (1 + rate(d) / 1000000);
}

static void write_feed(struct draw *d)
{
	uint64_t low = rate(d), high = low + draw(d, 2 * low);

	fprintf(d->out, "%s    open: %s\n", d->indent,
	    one_in(d, 4) ? "true" : "false");
	switch (draw(d, 6)) {
	case 0:
		fprintf(d->out, "%s    constant: {rate: %" PRIu64 " B/s}\n",
		    d->indent, low);
		break;
	case 1:
		fprintf(d->out,
		    "%s    bursts: {rate: %" PRIu64 " B/s, on_time: %" PRIu64
		    " us, off_time: %" PRIu64 " us}\n",
		    d->indent, low, some_us(d), some_us(d));
		break;
	case 2:
		fprintf(d->out,
		    "%s    bursts: {rate: %" PRIu64 " B/s, on_time: %" PRIu64
		    " us, off_time: %" PRIu64 " us, off_rate: %" PRIu64
		    " B/s}\n",
		    d->indent, high, some_us(d), some_us(d), low);
		break;
	case 3:
		fprintf(d->out,
		    "%s    files: {rate: %" PRIu64 " B/s, overhead: %" PRIu64
		    " us, size: %" PRIu64 " B}\n",
		    d->indent, high, some_us(d) / 8, d->piece * some(d, 8));
		break;
	case 4:
		fprintf(d->out,
		    "%s    network: {mean: %" PRIu64 " B/s, deviation: %" PRIu64
		    " B/s, every: %" PRIu64 " us, memory: %" PRIu64 " us}\n",
		    d->indent, high, low / 2, some_us(d), some_us(d));
		break;
	default:
		fprintf(d->out,
		    "%s    uniform: {rate: %" PRIu64 "..%" PRIu64
		    " B/s, every: %" PRIu64 " us}\n",
		    d->indent, low, high, some_us(d));
		break;
	}
}

/* Writes the source of a dump. */
static void write_source(struct draw *d)
{
	fprintf(d->out, "%s  source: %s\n%s  size: %" PRIu64 " B\n", d->indent,
	    one_in(d, 4) ? "zeros" : "random", d->indent, d->size);
	if (one_in(d, 6))
		return;
	if (one_in(d, 3)) {
		fprintf(d->out, "%s  rate: %" PRIu64 " B/s\n", d->indent,
		    rate(d));
		return;
	}
	fprintf(d->out, "%s  feed:\n", d->indent);
	write_feed(d);
}

/* Writes one dump, or several that share the drives and volumes. */
static void write_dumps(struct draw *d)
{
	d->several = one_in(d, 6);
	d->indent = d->several ? "  " : "";
	fprintf(d->out, d->several ? "dumps:\n" : "dump:\n");
	if (!d->several) {
		write_source(d);
		return;
	}
	for (uint64_t i = 0; i <= 1 + draw(d, 2); i++) {
		fprintf(d->out, "  - name: d%" PRIu64 "\n", i);
		write_source(d);
	}
}

static void write_splitter(struct draw *d)
{
	static const char *const needs[] = { "none", "desired", "required" };
	static const char *const caches[] = { "none", "none", "memory",
		"memory", "spool", "slices" };
	uint64_t cache = draw(d, 6);

	d->spool = cache == 4;
	d->slices = cache == 5;
	if (d->part == 0 && cache >= 2 && cache <= 4)
		d->part = d->size / 3 + d->block;
	fprintf(d->out,
	    "splitter:\n  block: %" PRIu64 " B\n  buffer: %" PRIu64
	    " B\n  part: %" PRIu64 " B\n  cache: %s\n",
	    d->block, d->buffer, d->part, caches[cache]);
	if (one_in(d, 2))
		fprintf(d->out,
		    "  streaming: %s\n  start_fill: %" PRIu64 " %%\n",
		    needs[draw(d, 3)], 1 + draw(d, 100));
	if (d->spool && one_in(d, 2))
		fprintf(d->out, "  spool: {size: %" PRIu64 " B%s}\n",
		    d->block + draw(d, d->part),
		    one_in(d, 3) ? ", rate: 300 MB/s" : "");
}

static void write_defect(struct draw *d)
{
	static const char *const kinds[] = { "write", "slow", "corrupt" };
	const char *kind = kinds[draw(d, 3)];

	fprintf(d->out,
	    "  - {fail: %s, volume: %" PRIu64 ", at: %" PRIu64
	    " B, length: %" PRIu64 " B%s}\n",
	    kind, 1 + draw(d, d->volumes), draw(d, d->capacity),
	    1 + draw(d, d->capacity / 8),
	    kind[0] == 's'     ? ", slowdown: 7"
		: one_in(d, 3) ? ", once: true"
			       : "");
}

static void write_drive_fault(struct draw *d)
{
	fprintf(d->out,
	    "  - {fail: drive, operation: write, nth: %" PRIu64
	    ", sense: medium_error%s}\n",
	    some(d, 14), one_in(d, 2) ? ", once: true" : "");
}

/* Writes a fault, or none. */
static void write_fault(struct draw *d)
{
	static const char *const causes[] = { "medium_error", "peom",
		"deferred_error", "hardware_error", "unknown_error" };
	static const char *const operations[] = { "block", "block", "block",
		"header", "filemark", "label", "load" };
	uint64_t operation = draw(d, 7);

	switch (draw(d, 7)) {
	case 0:
	case 1:
		write_defect(d);
		break;
	case 2:
		write_drive_fault(d);
		break;
	case 3:
		fprintf(d->out,
		    "  - {fail: stall, at: %" PRIu64 " B, duration: %" PRIu64
		    " us}\n",
		    draw(d, d->size), some_us(d));
		break;
	case 4:
		if (one_in(d, 3))
			fprintf(d->out,
			    "  - {fail: cancel, after_time: %" PRIu64 " us}\n",
			    some_us(d) * 50);
		else if (one_in(d, 2))
			fprintf(d->out,
			    "  - {fail: producer, at: %" PRIu64 " B}\n",
			    draw(d, d->size));
		break;
	default:
		fprintf(d->out,
		    "  - {fail: %s, nth: %" PRIu64 ", cause: %s, once: %s}\n",
		    operations[operation],
		    operation < 3 ? some(d, 14) : 1 + draw(d, 6),
		    operation == 6 ? "medium_error" : causes[draw(d, 5)],
		    one_in(d, 4) ? "false" : "true");
		break;
	}
}

void leap_case_write(uint64_t seed, FILE *out)
{
	struct draw d = { .state = random_next(seed, 77), .out = out };
	uint64_t faults;

	fprintf(out, "title: Seed %" PRIu64 " of check_leap\n", seed);
	draw_sizes(&d);
	write_library(&d);
	write_dumps(&d);
	write_splitter(&d);
	/* Most faults name a dump, if there are several. */
	faults = !d.several && one_in(&d, 2) ? draw(&d, FAULTS_MAX) : 0;
	if (faults > 0)
		fprintf(out, "faults:\n");
	while (faults-- > 0)
		write_fault(&d);
}
