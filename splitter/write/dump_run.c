/* dump_run.c: what both executors need at the start and at the end. */
#include "splitter/write/dump_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

int dump_run_check_sizes(const struct core_config *k, char *err,
    size_t err_bytes)
{
	if (k->block_bytes < TAPE_BLOCK_MIN_BYTES) {
		snprintf(err, err_bytes,
		    "a block of %" PRIu64 " bytes is too "
		    "small: use %d at least",
		    k->block_bytes, TAPE_BLOCK_MIN_BYTES);
		return -1;
	}
	if (k->block_bytes > TAPE_BLOCK_MAX_BYTES) {
		snprintf(err, err_bytes,
		    "a block of %" PRIu64 " bytes is more "
		    "than any drive takes: use %d at most",
		    k->block_bytes, TAPE_BLOCK_MAX_BYTES);
		return -1;
	}
	if (k->part_bytes == 0 &&
	    (k->cache == SPLITTER_CACHE_MEMORY ||
		k->cache == SPLITTER_CACHE_SPOOL)) {
		snprintf(err, err_bytes,
		    "this part cache holds a whole part, "
		    "so it needs a part size");
		return -1;
	}
	if (k->max_failed_volumes == 0) {
		snprintf(err, err_bytes,
		    "max_failed_volumes must be at least 1");
		return -1;
	}
	if (k->part_bytes > INT64_MAX || k->buffer_bytes > INT64_MAX / 4) {
		snprintf(err, err_bytes, "a size is above 2^61 bytes");
		return -1;
	}
	return 0;
}

int dump_run_check(const struct dump_run_config *config, char *err,
    size_t err_bytes)
{
	const struct core_config *k = &config->core;
	bool on_disk = k->cache == SPLITTER_CACHE_SPOOL ||
	    k->cache == SPLITTER_CACHE_SLICES;

	if (dump_run_check_sizes(k, err, err_bytes) != 0)
		return -1;
	if (on_disk != (config->cache != NULL)) {
		snprintf(err, err_bytes,
		    on_disk ? "the part cache needs a "
			      "spool, or a list of slices"
			    : "this part cache takes no "
			      "spool and no slices");
		return -1;
	}
	return 0;
}

uint64_t dump_run_to_cache(const struct core *core, uint64_t *offset)
{
	uint64_t bytes;

	*offset =
	    core->cached > core->committed ? core->cached : core->committed;
	if (core->cache_failed || core->accepted <= *offset)
		return 0;
	bytes = core->accepted - *offset;
	return core->eof ? bytes : bytes - bytes % core->config.block_bytes;
}

void dump_run_cached(struct core *core, uint64_t upto,
    struct dump_run_outcome *outcome)
{
	core_cached(core, upto);
	if (upto > core->committed &&
	    upto - core->committed > outcome->cache_bytes)
		outcome->cache_bytes = upto - core->committed;
}

/* Writes why the core requested no more volumes. */
static void say_limit(const struct core *core, const char *last, char *text,
    size_t bytes)
{
	const struct core_config *k = &core->config;

	if (core->failed_volumes_in_row >= k->max_failed_volumes)
		sentence(text, bytes,
		    "stopped after %" PRIu32 " volumes in a "
		    "row with nothing committed (max_failed_volumes)%s%s",
		    core->failed_volumes_in_row,
		    last[0] != '\0' ? "; the last: " : "", last);
	else if (k->max_volumes > 0 && core->volumes >= k->max_volumes)
		sentence(text, bytes,
		    "stopped after %" PRIu64 " volumes "
		    "(max_volumes)%s%s",
		    core->volumes, last[0] != '\0' ? "; the last: " : "", last);
}

void dump_run_ended(const struct core *core, const struct core_step *done,
    const struct writer *writer, struct dump_run_outcome *o)
{
	const char *message = writer_message(writer);

	o->outcome = done->outcome;
	o->cause = done->cause;
	o->sealed = done->sealed;
	o->safe_bytes = core->safe;
	writer_sum(writer, o->xxh128);
	o->accepted_bytes = core->accepted;
	o->ring_bytes = core_ring_bytes(core);
	o->run_bytes = core_run_bytes(core);
	o->block_refused = core->volumes == 0 && writer_block_refused(writer);
	o->message[0] = '\0';
	if (done->outcome == SPLITTER_DONE)
		return;
	if (done->cause == TAPE_NO_VOLUME)
		say_limit(core, message, o->message, sizeof o->message);
	if (o->message[0] != '\0')
		return;
	if (message[0] != '\0')
		snprintf(o->message, sizeof o->message, "%s", message);
	else
		snprintf(o->message, sizeof o->message, "%s",
		    tape_cause_text(done->cause));
}
