/*
 * uses.h: what drives and cartridges reported of the volumes of a dump.
 *
 * A list, in the order in which volumes were closed, of those whose tape reports
 * its condition.  One thread at a time.
 */
#ifndef SPLITTER_TOOL_WRITE_USES_H
#define SPLITTER_TOOL_WRITE_USES_H

#include "splitter/api/splitter.h"
#include "splitter/tape/condition.h"

struct write_use {
	char barcode[TAPE_BARCODE_BYTES];
	enum tape_close close;
	struct tape_condition before, after;
	char errors[TAPE_MESSAGE_BYTES]; /* as in splitter_volume; "" */
};

struct write_uses {
	struct write_use **list;
	size_t count;
};

/*
 * Adds a volume that was closed.  Returns its entry, which belongs to the list;
 * NULL: its tape does not report its condition, or there is no memory.
 */
const struct write_use *write_uses_add(struct write_uses *uses,
    const struct splitter_volume *volume);

/*
 * Returns by how much a counter has grown.  A counter that became smaller was
 * cleared, and counts from 0.  UINT64_MAX: it is not known.
 */
uint64_t write_use_growth(const struct write_use *use, uint8_t page,
    uint16_t code);

/*
 * Stores a sentence about the use of a volume: the cartridge, bytes, errors, new
 * TapeAlert flags.  "": nothing is known.
 */
void write_use_text(const struct write_use *use, char *text, size_t text_bytes);

/* Returns how many volumes had errors. */
size_t write_uses_errors(const struct write_uses *uses);

void write_uses_clear(struct write_uses *uses);

#endif
