/* read.c: reading a dump back, for those who embed. */
#include <stdio.h>
#include <string.h>

#include "splitter/api/reader_impl.h"
#include "splitter/api/struct.h"
#include "splitter/filter/guard.h"
#include "splitter/read/reader.h"

static const struct splitter_read_config defaults;

void splitter_read_config_init(struct splitter_read_config *config,
    size_t config_bytes, unsigned api)
{
	struct_init(config, config_bytes, api, &defaults, sizeof defaults);
}

static bool on_data(void *arg, const void *bytes, uint64_t count)
{
	const struct splitter_read_config *c = arg;

	return c->data(c->arg, bytes, count);
}

static void on_gap(void *arg, const struct reader_gap *gap)
{
	const struct splitter_read_config *c = arg;
	const struct splitter_gap p = { .kind = gap->kind,
		.offset_bytes = gap->offset_bytes,
		.bytes = gap->bytes,
		.part = gap->part,
		.volume = gap->volume,
		.why = gap->why };

	c->gap(c->arg, &p);
}

static void on_part(void *arg, const struct scan_part *part)
{
	const struct splitter_read_config *c = arg;
	const struct splitter_scan_part p = api_scan_part(part);

	c->part_begun(c->arg, &p);
}

/* An answer that cannot be is as good as none. */
static enum splitter_missing_decision on_missing(void *arg, const char *barcode,
    const char *why)
{
	const struct splitter_read_config *c = arg;
	enum splitter_missing_decision answer =
	    c->volume_missing(c->arg, barcode, why);

	return (unsigned)answer > SPLITTER_MISSING_LATER ? SPLITTER_MISSING_SKIP
							 : answer;
}

static void on_warning(void *arg, const char *message, int64_t at_ns)
{
	const struct splitter_read_config *c = arg;

	(void)at_ns;
	c->warning(c->arg, message);
}

static int check(const struct splitter_read_config *c, char *err,
    size_t err_bytes)
{
	const char *why = NULL;

	if (c->library == NULL || c->scan == NULL || c->data == NULL)
		why = "a library, a scan and `data` are needed";
	else if (c->library->ops == NULL ||
	    c->library->ops->load_named == NULL ||
	    c->library->ops->load == NULL || c->library->ops->unload == NULL)
		why = "the library cannot load a volume by its barcode: load, "
		      "load_named and unload are needed";
	else if (c->dump >= splitter_scan_dump_count(c->scan))
		why = "the scan has no dump of that index";
	if (why != NULL)
		snprintf(err, err_bytes, "the dump cannot be read: %s", why);
	return why == NULL ? 0 : -1;
}

int splitter_read(const struct splitter_read_config *config,
    struct splitter_read_outcome *outcome, size_t outcome_bytes, char *err,
    size_t err_bytes)
{
	struct splitter_read_config c = defaults;
	struct splitter_read_outcome public;
	struct tape_library *guard;
	struct reader_outcome o;
	struct reader_config inner;

	if (struct_read(config, &c, sizeof c, err, err_bytes) != 0 ||
	    check(&c, err, err_bytes) != 0)
		return -1;
	guard = guard_library_new(c.library);
	if (guard == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	inner = (struct reader_config){
		.library = guard,
		.scan = c.scan->scan,
		.dump = c.dump,
		.part = c.part,
		.salvage = c.salvage,
		.missing_max_bytes = c.missing_max_bytes,
		.arg = &c,
		.data = on_data,
		.gap = c.gap != NULL ? on_gap : NULL,
		.begun = c.part_begun != NULL ? on_part : NULL,
		.warning = c.warning != NULL ? on_warning : NULL,
		.volume_missing = c.volume_missing != NULL ? on_missing : NULL,
	};
	reader_run(&inner, &o);
	guard_library_free(guard);
	if (o.out_of_memory) {
		snprintf(err, err_bytes, "%s", o.message);
		return -1;
	}
	public = (struct splitter_read_outcome){
		.end = o.end,
		.good_bytes = o.good_bytes,
		.missing_bytes = o.missing_bytes,
		.damaged_bytes = o.damaged_bytes,
		.unproven_bytes = o.unproven_bytes,
		.open_end = o.open_end,
		.end_known = o.end_known,
		.lost = o.lost,
		.later = o.later,
		.over_limit = o.over_limit,
		.whole_proven = o.whole_proven,
	};
	memcpy(public.message, o.message, sizeof public.message);
	struct_write(&public, sizeof public, outcome, outcome_bytes);
	return 0;
}
