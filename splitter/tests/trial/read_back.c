/* read_back.c: reads a dump back with a scan and the reader. */
#include "splitter/tests/trial/read_back.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	const struct read_back *b;
	uint64_t offset;
	bool blind; /* the tapes store no bytes */
	char *err;
	size_t err_bytes;
};

struct scan *read_back_scan(struct memtape *tapes)
{
	const struct memtape_volume *v;
	struct scan *scan = scan_new();
	int64_t now_ns = 0;
	unsigned i;

	for (i = 0; (v = memtape_volume(tapes, i)) != NULL; i++)
		if (v->changed && !v->missing &&
		    scan_tape(scan, memtape_reader(tapes, i), &now_ns) != 0)
			abort();
	return scan;
}

static bool on_data(void *arg, const void *bytes, uint64_t count)
{
	struct reading *r = arg;
	const struct read_back *b = r->b;

	if (count > b->source_bytes - r->offset ||
	    memcmp(bytes, b->source + r->offset, count) != 0) {
		snprintf(r->err, r->err_bytes,
		    "reader: %" PRIu64 " bytes at "
		    "%" PRIu64 " are not those of the source",
		    count, r->offset);
		return false;
	}
	r->offset += count;
	return true;
}

static void on_gap(void *arg, const struct reader_gap *gap)
{
	struct reading *r = arg;
	const struct read_back *b = r->b;

	if (gap->kind == SPLITTER_GAP_MISSING)
		r->offset += gap->bytes == UINT64_MAX ? 0 : gap->bytes;
	r->blind |= strstr(gap->why, "payload is none") != NULL;
	if (r->err[0] != '\0' || r->blind || gap->offset_bytes >= b->safe_bytes)
		return;
	if (gap->kind == SPLITTER_GAP_UNPROVEN && !b->sealed &&
	    gap->offset_bytes + gap->bytes == b->safe_bytes)
		return;
	snprintf(r->err, r->err_bytes,
	    "reader: a gap at %" PRIu64 ", part %" PRIu64 ": %.150s",
	    gap->offset_bytes, gap->part, gap->why);
}

static void run(struct reading *r, const struct scan *scan, size_t dump)
{
	const struct read_back *b = r->b;
	const struct reader_config config = {
		.library = memtape_library(b->tapes),
		.scan = scan,
		.dump = dump,
		.salvage = true,
		.arg = r,
		.data = on_data,
		.gap = on_gap,
	};
	struct reader_outcome o;

	reader_run(&config, &o);
	if (r->err[0] != '\0' || r->blind)
		return;
	if (r->offset < b->safe_bytes)
		snprintf(r->err, r->err_bytes,
		    "reader: %" PRIu64 " bytes are "
		    "there, %" PRIu64 " were called safe: %.100s",
		    r->offset, b->safe_bytes, o.message);
	else if (o.end == SPLITTER_READ_WHOLE ? !b->done : b->done && b->sealed)
		snprintf(r->err, r->err_bytes, "reader: %scalled whole: %.150s",
		    o.end == SPLITTER_READ_WHOLE ? "" : "not ", o.message);
}

bool read_back_same(const struct read_back *b, char *err, size_t err_bytes)
{
	struct reading r = { .b = b, .err = err, .err_bytes = err_bytes };
	struct scan *scan = read_back_scan(b->tapes);
	char why[256];
	long dump = scan_find(scan, b->dump, why, sizeof why);

	err[0] = '\0';
	if (dump >= 0)
		run(&r, scan, (size_t)dump);
	else if (b->safe_bytes > 0 || b->done)
		snprintf(err, err_bytes, "reader: %.200s", why);
	scan_free(scan);
	return err[0] == '\0';
}
