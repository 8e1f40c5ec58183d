/* log.c: entries for the catalogue, in order. */
#include "splitter/tool/catalogue/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tape/condition.h"

enum kind { LABEL, BEGIN, ATTEMPT, VOLUME, LOSE };

struct entry {
	struct entry *next;
	enum kind kind;
	/* The strings in these structures point to the members below. */
	struct splitter_volume volume;
	struct splitter_attempt attempt;
	struct splitter_part part;
	char date[SPLITTER_DATE_BYTES];
	char barcode[TAPE_BARCODE_BYTES], label[TAPE_BARCODE_BYTES];
	char xxh128[SPLITTER_DIGEST_BYTES];
	/* of the volume, before and after: owned, or NULL */
	struct tape_condition *conditions;
	char errors[TAPE_MESSAGE_BYTES];
};

struct catalogue_log {
	struct catalogue *catalogue;
	uint64_t dump_id;
	struct entry *first, **end; /* entries that wait */
	bool broken; /* an entry was lost, so no later entry is made */
};

struct catalogue_log *catalogue_log_new(struct catalogue *catalogue,
    uint64_t dump_id)
{
	struct catalogue_log *log = calloc(1, sizeof *log);

	if (log == NULL)
		return NULL;
	log->catalogue = catalogue;
	log->dump_id = dump_id;
	log->end = &log->first;
	return log;
}

/* Removes the first entry. */
static void drop_first(struct catalogue_log *log)
{
	struct entry *e = log->first;

	log->first = e->next;
	if (log->first == NULL)
		log->end = &log->first;
	free(e->conditions);
	free(e);
}

void catalogue_log_free(struct catalogue_log *log)
{
	if (log == NULL)
		return;
	while (log->first != NULL)
		drop_first(log);
	free(log);
}

static int enter(struct catalogue_log *log, const struct entry *e)
{
	struct catalogue *c = log->catalogue;

	switch (e->kind) {
	case LABEL:
		return catalogue_label(c, log->dump_id, &e->volume, e->date);
	case BEGIN:
		return catalogue_begin_attempt(c, log->dump_id, &e->volume,
		    &e->attempt, e->date);
	case ATTEMPT:
		return catalogue_add_attempt(c, log->dump_id, &e->attempt);
	case VOLUME:
		return catalogue_add_volume(c, log->dump_id, &e->volume,
		    e->date);
	case LOSE:
		break;
	}
	return catalogue_forget_parts(c, log->dump_id, e->part.volume,
	    e->part.file);
}

/* Makes all waiting entries, until an entry fails. */
static int enter_all(struct catalogue_log *log)
{
	while (log->first != NULL) {
		if (enter(log, log->first) != 0)
			return -1;
		drop_first(log);
	}
	return log->broken ? -1 : 0;
}

/*
 * Returns a new entry that is not in the list yet.  NULL if there is no memory.
 */
static struct entry *make(struct catalogue_log *log, enum kind kind,
    const char *date)
{
	struct entry *e = log->broken ? NULL : calloc(1, sizeof *e);

	if (e == NULL) {
		log->broken = true;
		return NULL;
	}
	e->kind = kind;
	snprintf(e->date, sizeof e->date, "%s", date);
	return e;
}

static void set_volume(struct entry *e, const struct splitter_volume *volume)
{
	snprintf(e->barcode, sizeof e->barcode, "%s", volume->barcode);
	snprintf(e->label, sizeof e->label, "%s", volume->label);
	e->volume = *volume;
	e->volume.barcode = e->barcode;
	e->volume.label = e->label;
	e->volume.message = "";
	e->volume.before = e->volume.after = NULL;
	e->volume.errors = "";
}

/*
 * Copies what drive and cartridge reported.  Without memory nothing is entered
 * of it.
 */
static void set_conditions(struct entry *e,
    const struct splitter_volume *volume)
{
	if (volume->before == NULL || volume->after == NULL)
		return;
	e->conditions = malloc(2 * sizeof *e->conditions);
	if (e->conditions == NULL)
		return;
	e->conditions[0] = *volume->before;
	e->conditions[1] = *volume->after;
	snprintf(e->errors, sizeof e->errors, "%s", volume->errors);
	e->volume.before = &e->conditions[0];
	e->volume.after = &e->conditions[1];
	e->volume.errors = e->errors;
}

static void set_attempt(struct entry *e, const struct splitter_attempt *attempt)
{
	snprintf(e->barcode, sizeof e->barcode, "%s", attempt->volume);
	snprintf(e->xxh128, sizeof e->xxh128, "%s", attempt->xxh128);
	e->attempt = *attempt;
	e->attempt.volume = e->barcode;
	e->attempt.xxh128 = e->xxh128;
	e->attempt.message = "";
}

static int add(struct catalogue_log *log, struct entry *e)
{
	bool waits = log->first != NULL;
	int rc;

	*log->end = e;
	log->end = &e->next;
	catalogue_set_wait(log->catalogue, !waits);
	rc = enter_all(log);
	catalogue_set_wait(log->catalogue, true);
	return rc;
}

int catalogue_log_label(struct catalogue_log *log,
    const struct splitter_volume *volume, const char *date)
{
	struct entry *e = make(log, LABEL, date);

	if (e == NULL)
		return -1;
	set_volume(e, volume);
	return add(log, e);
}

int catalogue_log_begin(struct catalogue_log *log,
    const struct splitter_volume *volume,
    const struct splitter_attempt *attempt, const char *date)
{
	struct entry *e = make(log, BEGIN, date);

	if (e == NULL)
		return -1;
	set_volume(e, volume);
	set_attempt(e, attempt);
	return add(log, e);
}

int catalogue_log_attempt(struct catalogue_log *log,
    const struct splitter_attempt *attempt)
{
	struct entry *e = make(log, ATTEMPT, "");

	if (e == NULL)
		return -1;
	set_attempt(e, attempt);
	return add(log, e);
}

int catalogue_log_volume(struct catalogue_log *log,
    const struct splitter_volume *volume, const char *date)
{
	struct entry *e = make(log, VOLUME, date);

	if (e == NULL)
		return -1;
	set_volume(e, volume);
	set_conditions(e, volume);
	return add(log, e);
}

int catalogue_log_forget_parts(struct catalogue_log *log,
    const struct splitter_part *part)
{
	struct entry *e = make(log, LOSE, "");

	if (e == NULL)
		return -1;
	e->part = *part;
	return add(log, e);
}

int catalogue_log_end(struct catalogue_log *log, struct catalogue_dump *dump)
{
	return enter_all(log) != 0 ? -1 : catalogue_end(log->catalogue, dump);
}
