/* config.c: checks a configuration, and translates it to the internal form. */
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

/* Whether a label with these names can be read back. */
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
		    "dump: not a name; use 1 to 128 printable ASCII "
		    "characters, with no blank at either end");
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
	    "begun: not a date and time; write 2026-01-31T23:59:59Z");
}

bool splitter_barcodes_valid(const char *const *barcodes, size_t count)
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
		    "cache, streaming: unknown value; use one of the "
		    "enumeration");
	translate_sizes(c, &core);
	if (dump_run_check_sizes(&core, err, err_bytes) != 0)
		return -1;
	if (c->library != NULL &&
	    (c->library->ops == NULL || c->library->ops->load == NULL ||
		c->library->ops->unload == NULL))
		return wrong(err, err_bytes,
		    "library: an operation is missing; load and unload are "
		    "required");
	if (c->library == NULL && c->policy != NULL)
		return wrong(err, err_bytes,
		    "policy: needs a library; in handoff mode, call "
		    "splitter_start_part");
	if (c->cache == SPLITTER_CACHE_SPOOL && c->spool_dir == NULL)
		return wrong(err, err_bytes,
		    "spool_dir: the cache needs a folder for the spool");
	if (check_names(c, err, err_bytes) != 0)
		return -1;
	if (!splitter_barcodes_valid(c->append, c->append_count) ||
	    !splitter_barcodes_valid(c->overwrite, c->overwrite_count))
		return wrong(err, err_bytes,
		    "append, overwrite: not a list of barcodes or serial "
		    "numbers; use 1 to 32 printable ASCII characters each, with no blank at either "
		    "end");
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
	    "resume: the parts do not end with a whole block; use the block "
	    "size of the dump; a complete dump cannot be resumed");
}

void splitter_translate(struct splitter *s, struct dump_run_config *t)
{
	const struct splitter_config *c = &s->config;

	memset(t, 0, sizeof *t);
	translate_sizes(c, &t->core);
	t->core.start_parts = parts_count(s->parts);
	t->core.start_bytes = parts_end_bytes(s->parts);
	/* No attempt gets a number that may be on tape already. */
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
			.format = c->format,
			.test = c->test,
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
