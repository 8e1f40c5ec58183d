/* measuring.c: what all measurements do with a tape; see measuring.h. */
#include "sim/run/steps/measuring.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/clock.h"
#include "splitter/base/sentence.h"
#include "splitter/base/signals.h"

enum {
	HEADER_BYTES = 4096,
	/* The longest write without a look at the signals. */
	RUN_BYTES = 4 << 20
};

void measuring_fail(struct measuring *m, const char *format, ...)
{
	va_list ap;

	if (m->failed)
		return;
	m->failed = true;
	m->to->result = "failed";
	va_start(ap, format);
	sentence_v(m->to->reason, sizeof m->to->reason, format, ap);
	va_end(ap);
}

void measuring_take_time(struct measuring *m)
{
	m->now_ns = m->real ? clock_now_ns() : m->result.done_ns;
}

bool measuring_done(struct measuring *m, const char *doing)
{
	measuring_take_time(m);
	if (m->result.cause == TAPE_OK)
		return true;
	m->to->cause = m->result.cause;
	measuring_fail(m, "volume %s: cannot %s: %s", m->barcode, doing,
	    tape_result_text(&m->result));
	return false;
}

void measuring_set(struct measuring *m, enum metrics_id id, double value)
{
	m->to->values[id].defined = true;
	m->to->values[id].real = value;
	m->to->values[id].number = value > 0 ? (uint64_t)value : 0;
}

uint64_t measuring_wrap_bytes(const struct measuring *m)
{
	const struct model_medium *medium;

	if (m->model == NULL)
		return 0;
	medium = model_medium(m->model, NULL);
	return medium->speeds == 0 ? 0 : model_wrap_bytes(medium);
}

bool measuring_locate(struct measuring *m, uint64_t file)
{
	m->tape->ops->locate(m->tape, file, m->now_ns, &m->result);
	if (m->result.cause == TAPE_EOD) {
		measuring_take_time(m);
		m->tape->ops->locate_eod(m->tape, m->now_ns, &m->result);
	}
	return measuring_done(m, "locate a file");
}

static void format_header(const struct measuring *m, uint64_t file,
    char header[HEADER_BYTES])
{
	memset(header, 0, HEADER_BYTES);
	snprintf(header, HEADER_BYTES,
	    "measurement of tapelab on volume %s, file %" PRIu64 "\n",
	    m->barcode, file);
}

bool measuring_begin_file(struct measuring *m, uint64_t file)
{
	char header[HEADER_BYTES];

	format_header(m, file, header);
	m->tape->ops->start_file(m->tape, header, sizeof header, m->now_ns,
	    &m->result);
	m->file = file;
	return measuring_done(m, "begin a file");
}

bool measuring_filemark(struct measuring *m, bool sync)
{
	m->tape->ops->filemark(m->tape, sync, m->now_ns, &m->result);
	return measuring_done(m, "write a filemark");
}

/* Returns whether the step continues. */
static bool goes_on(struct measuring *m)
{
	if (signals_signal() != 0)
		measuring_fail(m, "interrupted");
	return !m->failed;
}

uint64_t measuring_write(struct measuring *m, uint64_t offset, uint64_t bytes,
    uint64_t block_bytes)
{
	uint64_t written = 0;
	bool leom = false;

	while (written < bytes && !leom && goes_on(m)) {
		struct tape_run run = { .block_bytes = block_bytes,
			.offset = offset + written,
			.bytes = bytes - written };

		if (run.bytes > RUN_BYTES && RUN_BYTES >= block_bytes)
			run.bytes = RUN_BYTES;
		run.data = pattern_blocks(m->pattern, run.offset, block_bytes,
		    &run.bytes);
		m->tape->ops->write(m->tape, &run, m->now_ns, &m->result);
		written += m->result.bytes;
		leom = m->result.leom;
		if (m->result.cause == TAPE_PEOM) {
			measuring_take_time(m);
			break;
		}
		if (!measuring_done(m, "write"))
			break;
	}
	return written;
}

/* Reads a block.  Returns whether that was possible. */
static bool read_block(struct measuring *m, void *buf, uint64_t room,
    struct tape_block *block)
{
	memset(block, 0, sizeof *block);
	m->tape->ops->read(m->tape, buf, room, block, m->now_ns, &m->result);
	return measuring_done(m, "read");
}

bool measuring_read_header(struct measuring *m, uint64_t file)
{
	char expected[HEADER_BYTES], found[HEADER_BYTES];
	struct tape_block block;

	format_header(m, file, expected);
	if (!read_block(m, found, sizeof found, &block))
		return false;
	if (block.bytes == sizeof found && block.has_data &&
	    memcmp(expected, found, sizeof found) == 0)
		return true;
	measuring_fail(m,
	    "volume %s: the first block of file %" PRIu64
	    " is not the one that was written",
	    m->barcode, file);
	program_word(m->to, METRIC_RESTORED, "different");
	return false;
}

/* Reads one block and compares it. */
static bool compare_block(struct measuring *m, char *buf, uint64_t offset,
    uint64_t bytes, uint64_t room)
{
	struct tape_block block;

	if (!read_block(m, buf, room, &block))
		return false;
	if (block.bytes == bytes && block.has_data &&
	    pattern_same(m->pattern, offset, buf, bytes))
		return true;
	sentence(m->to->difference, sizeof m->to->difference,
	    "volume %s, file %" PRIu64 ", offset %" PRIu64
	    ": the block that was read differs from the one that was written",
	    m->barcode, m->file, offset);
	measuring_fail(m, "%s", m->to->difference);
	program_word(m->to, METRIC_RESTORED, "different");
	return false;
}

bool measuring_read(struct measuring *m, uint64_t offset, uint64_t bytes,
    uint64_t block_bytes)
{
	char *buf = malloc(block_bytes);
	uint64_t at = 0;

	if (buf == NULL) {
		m->to->out_of_memory = true;
		return false;
	}
	while (at < bytes && goes_on(m)) {
		uint64_t n =
		    bytes - at < block_bytes ? bytes - at : block_bytes;

		if (!compare_block(m, buf, offset + at, n, block_bytes))
			break;
		at += n;
	}
	free(buf);
	return at == bytes;
}

bool measuring_load(struct measuring *m)
{
	struct tape_library *library = tapes_library(m->tapes);

	m->tape = tape_load_named(library, m->barcode, m->now_ns, &m->result);
	if (m->tape != NULL) {
		measuring_take_time(m);
		return true;
	}
	measuring_done(m, "be loaded");
	measuring_fail(m, "volume %s: cannot be loaded", m->barcode);
	return false;
}

void measuring_unload(struct measuring *m)
{
	struct tape_library *library = tapes_library(m->tapes);

	if (m->tape == NULL)
		return;
	library->ops->unload(library, m->tape,
	    m->failed ? TAPE_CLOSE_SUSPECT : TAPE_CLOSE_GOOD, m->now_ns,
	    &m->result);
	m->tape = NULL;
	measuring_done(m, "be unloaded");
}
