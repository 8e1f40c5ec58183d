/* tape.c: what all tapes share. */
#include "splitter/tape/counters.h"

#include <stdio.h>
#include <string.h>

void tape_result_init(struct tape_result *result, int64_t done_ns)
{
	/* Each operation has a result: clear no more than its user reads. */
	result->cause = TAPE_OK;
	result->leom = false;
	result->bytes = 0;
	result->done_ns = done_ns;
	memset(&result->sense, 0, sizeof result->sense);
	result->message[0] = '\0';
	result->remarks = 0;
	memset(result->reserved, 0, sizeof result->reserved);
}

const char *tape_result_text(const struct tape_result *result)
{
	if (result->message[0] != '\0')
		return result->message;
	return tape_cause_text(result->cause);
}

struct tape *tape_load_named(struct tape_library *library, const char *barcode,
    int64_t now_ns, struct tape_result *result)
{
	if (library->ops->load_named != NULL)
		return library->ops->load_named(library, barcode, now_ns,
		    result);
	tape_result_init(result, now_ns);
	result->cause = TAPE_NO_VOLUME;
	snprintf(result->message, sizeof result->message,
	    "volume %s: this library cannot load a volume by its barcode",
	    barcode);
	return NULL;
}

/*
 * Clears a text that has no end, or is not printable; otherwise removes the
 * blanks at both ends.
 */
static void check_text(char *text, size_t bytes)
{
	size_t i, begin;

	for (i = 0; i < bytes && text[i] != '\0'; i++)
		if (text[i] < ' ' || text[i] > '~')
			break;
	if (i == bytes || text[i] != '\0')
		i = 0;
	while (i > 0 && text[i - 1] == ' ')
		i--;
	text[i] = '\0';
	begin = strspn(text, " ");
	memmove(text, text + begin, i + 1 - begin);
}

/* Drops counters without a name or with an impossible unit. */
static void check_counters(struct tape_counters *c)
{
	size_t kept = 0;

	if (c->count > TAPE_COUNTERS_MAX)
		c->count = 0;
	for (size_t i = 0; i < c->count; i++)
		if (c->counter[i].name != NULL &&
		    (unsigned)c->counter[i].unit <= TAPE_UNIT_FLAG)
			c->counter[kept++] = c->counter[i];
	c->count = kept;
}

void tape_get_condition(struct tape *tape, struct tape_condition *condition)
{
	struct tape_condition *c = condition;

	*c = (struct tape_condition){
		.loads = TAPE_CONDITION_UNKNOWN,
		.capacity_bytes = TAPE_CONDITION_UNKNOWN,
		.remaining_bytes = TAPE_CONDITION_UNKNOWN,
		.written_life_bytes = TAPE_CONDITION_UNKNOWN,
		.read_life_bytes = TAPE_CONDITION_UNKNOWN,
		.life_loads = TAPE_CONDITION_UNKNOWN,
		.raw = c->raw,
		.raw_arg = c->raw_arg,
	};
	if (tape->ops->condition == NULL)
		return;
	tape->ops->condition(tape, c);
	check_counters(&c->counters);
	check_text(c->unknown, sizeof c->unknown);
	check_text(c->serial, sizeof c->serial);
	check_text(c->maker, sizeof c->maker);
	check_text(c->barcode, sizeof c->barcode);
}

void tape_identify(struct tape *tape, struct tape_identity *identity)
{
	struct tape_identity *i = identity;

	memset(i, 0, sizeof *i);
	i->change_reference = TAPE_IDENTITY_UNKNOWN;
	if (tape->ops->identity == NULL)
		return;
	tape->ops->identity(tape, i);
	check_text(i->serial, sizeof i->serial);
	check_text(i->maker, sizeof i->maker);
	check_text(i->barcode, sizeof i->barcode);
	check_text(i->generation, sizeof i->generation);
	if ((unsigned)i->write_once > TAPE_KNOWN_YES)
		i->write_once = TAPE_KNOWN_UNKNOWN;
	if ((unsigned)i->blank_proof > TAPE_BLANK_PROOF_SENSE)
		i->blank_proof = TAPE_BLANK_PROOF_UNKNOWN;
	if ((unsigned)i->barcode_claimed > TAPE_KNOWN_YES)
		i->barcode_claimed = TAPE_KNOWN_UNKNOWN;
}
