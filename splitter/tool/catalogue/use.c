/*
 * use.c: what drives and cartridges reported of the use of a volume by a dump.
 *
 * Only counters that are about the volume are kept, and no raw pages.
 */
#include "splitter/tool/catalogue/impl.h"

#include <stdio.h>
#include <string.h>

/* All flags, and ", " between them. */
enum { FLAGS_BYTES = 4 * TAPE_ALERTS };

/* Lists the flags that are set.  Returns NULL if they were not reported. */
static const char *list_flags(const struct tape_condition *c,
    char text[FLAGS_BYTES])
{
	size_t n = 0;

	text[0] = '\0';
	for (unsigned flag = 1; flag <= TAPE_ALERTS; flag++)
		if (c->counters.alerts >> (flag - 1) & 1)
			n += (size_t)snprintf(text + n, FLAGS_BYTES - n, "%s%u",
			    n > 0 ? ", " : "", flag);
	return c->counters.has_alerts ? text : NULL;
}

static int put_counter(struct catalogue *c, int64_t use,
    const struct tape_counters *before, const struct tape_counter *after)
{
	const char *unit = tape_unit_text(after->unit);
	const struct tape_counter *was =
	    tape_counters_find(before, after->page, after->code);
	const struct catalogue_value values[] = {
		{ NULL, use },
		CATALOGUE_NUMBER(after->page),
		CATALOGUE_NUMBER(after->code),
		CATALOGUE_TEXT(after->name),
		CATALOGUE_TEXT(unit + strspn(unit, " ")),
		CATALOGUE_NUMBER_OR_NULL(was != NULL ? was->value : UINT64_MAX),
		CATALOGUE_NUMBER(after->value),
	};

	return catalogue_run(c,
	    "insert or replace into counters values (?, ?, ?, ?, ?, ?, ?)",
	    values, CATALOGUE_COUNT(values));
}

static int put_counters(struct catalogue *c, const struct splitter_volume *v)
{
	const struct tape_counters *after = &v->after->counters;
	int64_t use = sqlite3_last_insert_rowid(c->db);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < after->count; i++)
		if (tape_counter_is_of_volume(&after->counter[i]))
			rc = put_counter(c, use, &v->before->counters,
			    &after->counter[i]);
	return rc;
}

/* Text, or null. */
static struct catalogue_value flags_value(const char *text)
{
	return (struct catalogue_value){ text, CATALOGUE_NULL };
}

int catalogue_put_use(struct catalogue *c, const char *id,
    const struct splitter_volume *v, const char *date)
{
	const struct tape_condition *b = v->before, *a = v->after;
	char flags[2][FLAGS_BYTES];

	if (b == NULL || a == NULL)
		return 0;
	const struct catalogue_value values[] = {
		CATALOGUE_TEXT(id),
		CATALOGUE_TEXT(v->barcode),
		CATALOGUE_TEXT(date),
		CATALOGUE_TEXT(a->serial),
		CATALOGUE_TEXT(a->maker),
		CATALOGUE_TEXT(a->barcode),
		CATALOGUE_NUMBER_OR_NULL(a->capacity_bytes),
		CATALOGUE_NUMBER_OR_NULL(b->loads),
		CATALOGUE_NUMBER_OR_NULL(a->loads),
		CATALOGUE_NUMBER_OR_NULL(b->remaining_bytes),
		CATALOGUE_NUMBER_OR_NULL(a->remaining_bytes),
		CATALOGUE_NUMBER_OR_NULL(b->written_life_bytes),
		CATALOGUE_NUMBER_OR_NULL(a->written_life_bytes),
		CATALOGUE_NUMBER_OR_NULL(b->read_life_bytes),
		CATALOGUE_NUMBER_OR_NULL(a->read_life_bytes),
		flags_value(list_flags(b, flags[0])),
		flags_value(list_flags(a, flags[1])),
		CATALOGUE_TEXT(v->errors),
	};

	if (catalogue_run(c,
		"insert into volume_uses values (null, ?, ?, ?, ?, ?, ?, ?, "
		"?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		values, CATALOGUE_COUNT(values)) != 0)
		return -1;
	return put_counters(c, v);
}
