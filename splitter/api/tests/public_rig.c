/* public_rig.c: a dump through the public interface, over tapes in memory. */
#include "splitter/api/tests/public_rig.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/trial/trial.h"

struct public_rig pub;

static void attempt_done(void *arg, const struct splitter_attempt *a)
{
	size_t n = strlen(pub.story);

	(void)arg;
	snprintf(pub.story + n, sizeof pub.story - n,
	    "%s%" PRIu64 ":%" PRIu64 "%s", n == 0 ? "" : " ", a->part, a->bytes,
	    a->committed ? "" : "F");
}

void pub_set_up(bool fails)
{
	static const struct memtape_failure failure = { MEMTAPE_BLOCK, 6,
		TAPE_MEDIUM_ERROR, false };

	pub.source = trial_source(0, DUMP);
	pub.tapes_config = (struct memtape_config){ .drives = 1,
		.volumes = 4,
		.block_bytes = BLOCK,
		.capacity_bytes = MEMTAPE_ENDLESS,
		.warning_bytes = MEMTAPE_NO_WARNING,
		.failures = &failure,
		.failure_count = fails };
	pub.tapes = memtape_new(&pub.tapes_config);
	pub.story[0] = '\0';
	splitter_config_init(&pub.config, sizeof pub.config, SPLITTER_API);
	pub.config.dump = "a dump";
	pub.config.block_bytes = BLOCK;
	pub.config.part_bytes = PART;
	pub.config.buffer_bytes = 4 * BLOCK;
	pub.config.library = memtape_library(pub.tapes);
	pub.config.attempt_done = attempt_done;
}

void pub_tear_down(void)
{
	ck_assert_str_eq(memtape_complaint(pub.tapes), "");
	memtape_free(pub.tapes);
	free(pub.source);
}

struct splitter *pub_begin(void)
{
	struct splitter *s = splitter_new(&pub.config, pub.err, sizeof pub.err);

	ck_assert_msg(s != NULL, "%s", pub.err);
	return s;
}

static unsigned volume_number(const char *barcode)
{
	unsigned i;

	for (i = 0; i < pub.tapes_config.volumes; i++)
		if (strcmp(memtape_volume(pub.tapes, i)->barcode, barcode) == 0)
			return i;
	ck_abort_msg("no volume %s", barcode);
	return 0;
}

/*
 * Checks that the part is on tape where its row says, with the source's bytes.
 */
static void check_part(const struct splitter_part *p)
{
	struct tape *tape = memtape_reader(pub.tapes, volume_number(p->volume));
	struct tape_result result;
	struct tape_block block;
	char header[BLOCK], data[BLOCK], value[32];
	uint64_t at;

	tape->ops->locate(tape, p->file, 0, &result);
	tape->ops->read(tape, header, BLOCK, &block, 0, &result);
	ck_assert_int_eq(splitter_header_check(header, block.bytes, pub.err,
			     sizeof pub.err),
	    0);
	ck_assert_int_gt(splitter_header_value(header, block.bytes, "part", 0,
			     value, sizeof value),
	    0);
	ck_assert_uint_eq(strtoull(value, NULL, 10), p->part);
	for (at = 0; at < p->bytes; at += block.bytes) {
		tape->ops->read(tape, data, BLOCK, &block, 0, &result);
		ck_assert_int_eq(result.cause, TAPE_OK);
		ck_assert_mem_eq(data, pub.source + p->offset_bytes + at,
		    block.bytes);
	}
	ck_assert_uint_eq(at, p->bytes);
}

void pub_check_safe(struct splitter *s, uint64_t safe_bytes)
{
	struct splitter_part part;
	uint64_t end = 0;
	size_t i;

	for (i = 0; splitter_get_part(s, i, &part, sizeof part) == 0; i++) {
		ck_assert_uint_eq(part.offset_bytes, end);
		check_part(&part);
		end += part.bytes;
	}
	ck_assert_uint_eq(i, splitter_part_count(s));
	ck_assert_uint_eq(end, safe_bytes);
}
