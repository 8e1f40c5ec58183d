/* first_block.c: see first_block.h. */
#include "splitter/format/first_block.h"

#include <stdio.h>

#include "splitter/format/foreign.h"

/* Judges a block that was read without an error. */
static enum first_block judge_block(const struct cursor *c,
    struct header *header, char *why, size_t why_bytes)
{
	why[0] = '\0';
	if (!c->got.has_data) {
		snprintf(why, why_bytes, "data of an unknown program");
		return FIRST_BLOCK_FOREIGN;
	}
	if (header_parse(c->block, c->got.bytes, header, why, why_bytes) == 0)
		return FIRST_BLOCK_HEADER;
	foreign_describe(c->block, c->got.bytes, why, why_bytes);
	return FIRST_BLOCK_FOREIGN;
}

/*
 * Returns whether the answer TAPE_BLANK proves that nothing was ever written.
 * A missing end of data is a BLANK CHECK too, but the data before it is there.
 */
static bool is_proven_blank(const struct cursor *c)
{
	const struct tape_sense *sense = &c->result.sense;
	struct tape_identity identity;

	if (sense->valid)
		return sense->key == 0x8 && sense->asc == 0 && sense->ascq == 5;
	tape_identify(c->tape, &identity);
	return identity.blank_proof != TAPE_BLANK_PROOF_SENSE;
}

enum first_block first_block_judge(const struct cursor *c,
    struct header *header, char *why, size_t why_bytes)
{
	if (c->result.cause == TAPE_OK)
		return judge_block(c, header, why, why_bytes);
	snprintf(why, why_bytes, "%s", tape_result_text(&c->result));
	switch (c->result.cause) {
	case TAPE_BLANK:
		if (is_proven_blank(c))
			return FIRST_BLOCK_BLANK;
		snprintf(why, why_bytes,
		    "the drive does not prove that the volume is blank: %s "
		    "(sense %X/%02X/%02X)",
		    tape_result_text(&c->result), c->result.sense.key,
		    c->result.sense.asc, c->result.sense.ascq);
		return FIRST_BLOCK_UNREADABLE;
	case TAPE_FILEMARK:
	case TAPE_EOD:
	case TAPE_INVALID: /* the block is longer than the buffer */
		return FIRST_BLOCK_FOREIGN;
	default:
		return FIRST_BLOCK_UNREADABLE;
	}
}
