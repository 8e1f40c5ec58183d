/* handmade.c: volumes written header by header. */
#include "splitter/tests/handmade.h"

#include <check.h>
#include <string.h>

#include "splitter/format/end_record.h"

enum { BLOCK = HANDMADE_BLOCK };

struct header handmade_head(const struct handmade *m, enum header_type type,
    uint64_t file)
{
	struct header h = { .type = type,
		.dump = "d",
		.dump_id = 1,
		.sequence = 1,
		.block_bytes = BLOCK,
		.file = file };

	memcpy(h.volume, m->tape->barcode, sizeof h.volume);
	return h;
}

void handmade_put(struct handmade *m, const struct header *h)
{
	struct tape_result answer;
	char block[BLOCK];

	header_format(h, NULL, 0, block, BLOCK);
	if (h->type == HEADER_LABEL)
		m->tape->ops->label(m->tape, block, BLOCK, 0, &answer);
	else
		m->tape->ops->start_file(m->tape, block, BLOCK, 0, &answer);
	ck_assert_int_eq(answer.cause, TAPE_OK);
}

void handmade_mark(struct handmade *m)
{
	struct tape_result answer;

	m->tape->ops->filemark(m->tape, true, 0, &answer);
}

void handmade_volume(struct handmade *m)
{
	struct tape_library *library = memtape_library(m->tapes);
	struct tape_result answer;
	struct header h;

	m->tape = library->ops->load(library, 0, &answer);
	ck_assert_ptr_nonnull(m->tape);
	h = handmade_head(m, HEADER_LABEL, 0);
	handmade_put(m, &h);
}

void handmade_begin(struct handmade *m)
{
	const struct memtape_config config = { .drives = HANDMADE_VOLUMES,
		.volumes = HANDMADE_VOLUMES,
		.capacity_bytes = MEMTAPE_ENDLESS,
		.warning_bytes = MEMTAPE_NO_WARNING,
		.block_bytes = BLOCK };

	m->tapes = memtape_new(&config);
	m->sum = HANDMADE_SUM;
	m->outcome = NULL;
	handmade_volume(m);
}

void handmade_end(struct handmade *m)
{
	memtape_free(m->tapes);
}

void handmade_part(struct handmade *m, uint64_t number, uint64_t attempt,
    uint64_t offset, uint64_t file, uint64_t before_attempt,
    uint64_t before_bytes, uint64_t blocks)
{
	static const char data[8 * BLOCK];
	const struct tape_run run = {
		.data = data, .bytes = blocks * BLOCK, .block_bytes = BLOCK
	};
	struct header h = handmade_head(m, HEADER_PART, file);
	struct tape_result answer;

	h.part = number;
	h.attempt = attempt;
	h.offset_bytes = offset;
	h.before_attempt = before_attempt;
	h.before_bytes = before_bytes;
	strcpy(h.before_xxh128, before_attempt > 0 ? m->sum : "");
	handmade_put(m, &h);
	if (blocks > 0)
		m->tape->ops->write(m->tape, &run, 0, &answer);
}

void handmade_record(struct handmade *m, size_t count, uint64_t more,
    uint64_t file, uint64_t blocks)
{
	struct parts *parts = parts_new();
	struct part_row row = { .attempt = 1, .bytes = BLOCK };
	struct header h = handmade_head(m, HEADER_END, file);
	struct tape_result answer;
	char block[BLOCK];
	uint64_t i;

	memcpy(row.volume, m->tape->barcode, sizeof row.volume);
	strcpy(row.xxh128, m->sum);
	for (i = 0; i < count; i++) {
		row.part = row.file = i + 1;
		row.offset_bytes = i * BLOCK;
		row.bytes += i + 1 == count ? more : 0;
		ck_assert_int_eq(parts_add(parts, &row), 0);
	}
	strcpy(h.outcome, m->outcome != NULL ? m->outcome : "DONE");
	strcpy(h.xxh128, m->sum);
	h.bytes = parts_end_bytes(parts);
	if (blocks > end_record_blocks(count, BLOCK))
		blocks = end_record_blocks(count, BLOCK);
	for (i = 1; i <= blocks; i++) {
		end_record_format(&h, parts, i, block, BLOCK);
		m->tape->ops->start_file(m->tape, block, BLOCK, 0, &answer);
	}
	parts_free(parts);
}
