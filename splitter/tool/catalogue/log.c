/* catalogue_log.c: entries for the catalogue, in their order. */
#include "splitter/tool/catalogue/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { LABEL, BEGIN, ATTEMPT, VOLUME, LOSE };

struct entry {
	struct entry *next;
	enum kind kind;
	struct writer_volume volume;
	struct writer_attempt attempt;
	struct part_row row;
	char date[HEADER_DATE_BYTES];
};

struct catalogue_log {
	struct catalogue *catalogue;
	uint64_t dump_id;
	struct entry *first, **end; /* that wait */
	bool broken;                /* one is missing: no later one is made */
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

/* Takes the first entry out. */
static void drop_first(struct catalogue_log *log)
{
	struct entry *e = log->first;

	log->first = e->next;
	if (log->first == NULL)
		log->end = &log->first;
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
		return catalogue_add_volume(c, &e->volume, e->date);
	case LOSE:
		break;
	}
	return catalogue_lose(c, log->dump_id, e->row.volume, e->row.file);
}

/* Makes all entries that wait, until one fails. */
static int enter_all(struct catalogue_log *log)
{
	while (log->first != NULL) {
		if (enter(log, log->first) != 0)
			return -1;
		drop_first(log);
	}
	return log->broken ? -1 : 0;
}

static int add(struct catalogue_log *log, const struct entry *entry)
{
	bool waits = log->first != NULL;
	struct entry *e = log->broken ? NULL : malloc(sizeof *e);
	int rc;

	if (e == NULL) {
		log->broken = true;
		return -1;
	}
	*e = *entry;
	*log->end = e;
	log->end = &e->next;
	catalogue_be_patient(log->catalogue, !waits);
	rc = enter_all(log);
	catalogue_be_patient(log->catalogue, true);
	return rc;
}

int catalogue_log_label(struct catalogue_log *log,
    const struct writer_volume *volume, const char *date)
{
	struct entry e = { .kind = LABEL, .volume = *volume };

	snprintf(e.date, sizeof e.date, "%s", date);
	return add(log, &e);
}

int catalogue_log_begin(struct catalogue_log *log,
    const struct writer_volume *volume, const struct writer_attempt *attempt,
    const char *date)
{
	struct entry e = {
		.kind = BEGIN, .volume = *volume, .attempt = *attempt
	};

	snprintf(e.date, sizeof e.date, "%s", date);
	return add(log, &e);
}

int catalogue_log_attempt(struct catalogue_log *log,
    const struct writer_attempt *attempt)
{
	const struct entry e = { .kind = ATTEMPT, .attempt = *attempt };

	return add(log, &e);
}

int catalogue_log_volume(struct catalogue_log *log,
    const struct writer_volume *volume, const char *date)
{
	struct entry e = { .kind = VOLUME, .volume = *volume };

	snprintf(e.date, sizeof e.date, "%s", date);
	return add(log, &e);
}

int catalogue_log_lose(struct catalogue_log *log, const struct part_row *row)
{
	const struct entry e = { .kind = LOSE, .row = *row };

	return add(log, &e);
}

int catalogue_log_end(struct catalogue_log *log, struct catalogue_dump *dump)
{
	return enter_all(log) != 0 ? -1 : catalogue_end(log->catalogue, dump);
}
