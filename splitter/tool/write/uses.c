/* uses.c: see uses.h. */
#include "splitter/tool/write/uses.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"
#include "splitter/base/sentence.h"

/* Log pages: errors of writing and of reading, and amounts. */
enum { WRITE_ERRORS = 0x02, READ_ERRORS = 0x03, AMOUNTS = 0x0c };
enum { CORRECTED = 0x0003, UNCORRECTED = 0x0006, RECEIVED = 0x0000 };

const struct write_use *write_uses_add(struct write_uses *uses,
    const struct splitter_volume *v)
{
	struct write_use *use, **list;

	if (v->before == NULL || v->after == NULL)
		return NULL;
	list = grow_by_one(uses->list, uses->count, sizeof *list);
	if (list == NULL)
		return NULL;
	uses->list = list;
	use = calloc(1, sizeof *use);
	if (use == NULL)
		return NULL;
	snprintf(use->barcode, sizeof use->barcode, "%s", v->barcode);
	use->close = v->close;
	use->before = *v->before;
	use->after = *v->after;
	snprintf(use->errors, sizeof use->errors, "%s", v->errors);
	list[uses->count++] = use;
	return use;
}

uint64_t write_use_growth(const struct write_use *use, uint8_t page,
    uint16_t code)
{
	const struct tape_counter *before =
	    tape_counters_find(&use->before.counters, page, code);
	const struct tape_counter *after =
	    tape_counters_find(&use->after.counters, page, code);

	if (before == NULL || after == NULL)
		return UINT64_MAX;
	return after->value < before->value ? after->value
					    : after->value - before->value;
}

/* Writing and reading together. */
static uint64_t errors_of(const struct write_use *use, uint16_t code)
{
	uint64_t writing = write_use_growth(use, WRITE_ERRORS, code);
	uint64_t reading = write_use_growth(use, READ_ERRORS, code);

	if (writing == UINT64_MAX || reading == UINT64_MAX)
		return writing != UINT64_MAX ? writing : reading;
	return writing + reading;
}

static void add_cartridge(const struct tape_condition *c, char *text,
    size_t bytes)
{
	if (c->serial[0] == '\0')
		return;
	sentence_add(text, bytes, "", " (serial number %s", c->serial);
	if (c->loads != TAPE_CONDITION_UNKNOWN)
		sentence_add(text, bytes, "", ", loads: %" PRIu64, c->loads);
	if (c->written_life_bytes != TAPE_CONDITION_UNKNOWN)
		sentence_add(text, bytes, "",
		    ", %" PRIu64 " MB written in its life",
		    c->written_life_bytes / 1000000);
	sentence_add(text, bytes, "", ")");
}

static void add_alerts(const struct write_use *use, char *text, size_t bytes)
{
	uint64_t alerts =
	    use->after.counters.alerts & ~use->before.counters.alerts;
	unsigned found = 0;

	if (!use->before.counters.has_alerts || !use->after.counters.has_alerts)
		return;
	sentence_add(text, bytes, "; ", "TapeAlert: ");
	for (unsigned flag = 1; flag <= TAPE_ALERTS; flag++)
		if (alerts >> (flag - 1) & 1)
			sentence_add(text, bytes, "", "%s%s (%u)",
			    found++ > 0 ? ", " : "", tape_alert_name(flag),
			    flag);
	if (found == 0)
		sentence_add(text, bytes, "", "no new flag");
}

void write_use_text(const struct write_use *use, char *text, size_t bytes)
{
	uint64_t received = write_use_growth(use, AMOUNTS, RECEIVED);
	uint64_t corrected = errors_of(use, CORRECTED);
	uint64_t uncorrected = errors_of(use, UNCORRECTED);
	char what[TAPE_MESSAGE_BYTES] = "";

	text[0] = '\0';
	if (!use->after.has_counters)
		return;
	if (received != UINT64_MAX)
		sentence_add(what, sizeof what, ", ", "%" PRIu64 " MB written",
		    received / 1000000);
	if (corrected != UINT64_MAX)
		sentence_add(what, sizeof what, ", ",
		    "errors corrected %" PRIu64, corrected);
	if (uncorrected != UINT64_MAX)
		sentence_add(what, sizeof what, ", ", "not corrected %" PRIu64,
		    uncorrected);
	add_alerts(use, what, sizeof what);
	sentence_add(text, bytes, "", "volume %s",
	    use->barcode[0] != '\0' ? use->barcode : "(no barcode)");
	add_cartridge(&use->after, text, bytes);
	sentence_add(text, bytes, ": ", "%s", what);
}

size_t write_uses_errors(const struct write_uses *uses)
{
	size_t errors = 0;

	for (size_t i = 0; i < uses->count; i++)
		errors += uses->list[i]->errors[0] != '\0';
	return errors;
}

void write_uses_clear(struct write_uses *uses)
{
	for (size_t i = 0; i < uses->count; i++)
		free(uses->list[i]);
	free(uses->list);
	memset(uses, 0, sizeof *uses);
}
