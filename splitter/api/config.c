/* splitter_config.c: the public forms of things, and the internal ones. */
#include "splitter/api/impl.h"

#include <stdio.h>
#include <string.h>

#include "splitter/api/struct.h"
#include "splitter/api/volumes.h"

_Static_assert(sizeof((struct splitter_part *)0)->xxh128 == HEADER_SUM_BYTES,
    "a checksum of a header fits a public part");

static const struct splitter_config defaults = {
	.block_bytes = 256 << 10,
	.buffer_bytes = 16 << 20,
	.start_fill_bytes = UINT64_MAX,
	.spool_dir = "/var/tmp",
	.max_failed_volumes = 3,
	.end_record = true,
	.label_blank = true,
};

void splitter_config_init(struct splitter_config *config, size_t config_bytes,
    unsigned api)
{
	struct_init(config, config_bytes, api, &defaults, sizeof defaults);
}

int splitter_config_read(const struct splitter_config *from,
    struct splitter_config *to, char *err, size_t err_bytes)
{
	*to = defaults;
	return struct_read(from, to, sizeof *to, err, err_bytes);
}

static int wrong(char *err, size_t err_bytes, const char *what)
{
	snprintf(err, err_bytes, "%s", what);
	return -1;
}

/* Whether a label with these names can be read again. */
static int check_names(const struct splitter_config *c, char *err,
    size_t err_bytes)
{
	struct header h = { .type = HEADER_LABEL,
		.volume = "X",
		.block_bytes = TAPE_BLOCK_MIN_BYTES,
		.sequence = 1 };
	char block[TAPE_BLOCK_MIN_BYTES], why[TAPE_MESSAGE_BYTES];

	if (c->dump == NULL || !header_name_valid(c->dump))
		return wrong(err, err_bytes,
		    "the name of a dump is 1 to 128 "
		    "printable ASCII characters, without a blank at either "
		    "end");
	if (c->begun == NULL)
		return 0;
	snprintf(h.dump, sizeof h.dump, "%s", c->dump);
	if (strlen(c->begun) < sizeof h.begun) {
		memcpy(h.begun, c->begun, strlen(c->begun) + 1);
		header_format(&h, NULL, 0, block, sizeof block);
		if (header_parse(block, sizeof block, &h, why, sizeof why) == 0)
			return 0;
	}
	return wrong(err, err_bytes,
	    "when a dump was begun is written "
	    "2026-01-31T23:59:59Z");
}

/* Whether each of them can be the barcode of a volume. */
static bool barcodes_ok(const char *const *barcodes, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (barcodes == NULL || barcodes[i] == NULL ||
		    !header_barcode_valid(barcodes[i]))
			return false;
	return true;
}

static void translate_sizes(const struct splitter_config *c,
    struct core_config *core)
{
	*core = (struct core_config){
		.block_bytes = c->block_bytes,
		.part_bytes = c->part_bytes,
		.buffer_bytes = c->buffer_bytes,
		.start_fill_bytes = c->start_fill_bytes,
		.cache = c->cache,
		.streaming = c->streaming,
		.max_volumes = c->max_volumes,
		.max_failed_volumes = c->max_failed_volumes,
		.end_record = c->end_record,
	};
}

int splitter_check(const struct splitter_config *c, char *err, size_t err_bytes)
{
	struct core_config core;

	if ((unsigned)c->cache > SPLITTER_CACHE_SLICES ||
	    (unsigned)c->streaming > SPLITTER_STREAMING_REQUIRED)
		return wrong(err, err_bytes,
		    "cache and streaming are values "
		    "of their enumerations");
	translate_sizes(c, &core);
	if (dump_run_check_sizes(&core, err, err_bytes) != 0)
		return -1;
	if (c->library != NULL &&
	    (c->library->ops == NULL || c->library->ops->load == NULL ||
		c->library->ops->unload == NULL))
		return wrong(err, err_bytes,
		    "the library lacks an operation: "
		    "load and unload are needed");
	if (c->library == NULL && c->policy != NULL)
		return wrong(err, err_bytes,
		    "a policy needs a library: "
		    "without one, splitter_start_part decides");
	if (c->cache == SPLITTER_CACHE_SPOOL && c->spool_dir == NULL)
		return wrong(err, err_bytes, "a spool needs a folder");
	if (check_names(c, err, err_bytes) != 0)
		return -1;
	if (!barcodes_ok(c->append, c->append_count) ||
	    !barcodes_ok(c->overwrite, c->overwrite_count))
		return wrong(err, err_bytes,
		    "append and overwrite are lists "
		    "of barcodes: 1 to 32 printable ASCII characters each, "
		    "without a blank at either end");
	return splitter_check_parts(c->resume, c->resume_count, c->api, err,
	    err_bytes);
}

int splitter_check_end(const struct splitter *s, char *err, size_t err_bytes)
{
	uint64_t end = parts_end_bytes(s->parts);

	if (parts_count(s->parts) == 0 ||
	    (end > 0 && end % s->config.block_bytes == 0))
		return 0;
	return wrong(err, err_bytes,
	    "the parts to resume from do not end with a whole block: use the "
	    "block size of the dump; a complete dump cannot be resumed");
}

void splitter_translate(struct splitter *s, struct dump_run_config *t)
{
	const struct splitter_config *c = &s->config;

	memset(t, 0, sizeof *t);
	translate_sizes(c, &t->core);
	t->core.start_parts = parts_count(s->parts);
	t->core.start_bytes = parts_end_bytes(s->parts);
	/* Attempts are numbered behind all that may be on tape. */
	t->core.start_attempts = c->resume_next_attempt;
	t->core.later_attempts = c->resume_later_attempt;
	if (parts_count(s->parts) > 0 && c->resume_next_attempt == 0 &&
	    c->resume_later_attempt == 0) {
		t->core.later_attempts = splitter_draw_attempt();
		t->core.start_attempts = (uint32_t)t->core.later_attempts;
	}
	t->writer = (struct writer_config){
		.dump = c->dump,
		.dump_id = c->dump_id,
		.begun = c->begun,
		.block_bytes = c->block_bytes,
		.fixed = c->fixed_blocks,
		.volume_policy = {
			.label_blank = c->label_blank,
			.append = { c->append, c->append_count },
			.overwrite = { c->overwrite, c->overwrite_count },
			.unnamed = c->may_overwrite != NULL,
		},
		.may_overwrite = c->may_overwrite,
		.may_overwrite_arg = c->arg,
		.can_replay = c->cache != SPLITTER_CACHE_NONE,
		.parts = s->parts,
		.whole = (const struct sum *)c->resume_digest,
		.volumes_before = c->resume_volumes,
		.library = s->guard,
	};
}
