/* tables.h: rows of the tables of field.h; private to this room. */
#ifndef REPORTS_JSON_TABLES_H
#define REPORTS_JSON_TABLES_H

#include "reports/json/field.h"

#define FIELD_AT(of, member, name, kind) \
	.key = (name), .type = (kind), .offset = offsetof(struct of, member)

#define TEXT(of, member, name) FIELD_AT(of, member, name, FIELD_TEXT)
#define TEXT_OR_NULL(of, member, name) \
	FIELD_AT(of, member, name, FIELD_TEXT_OR_NULL)
#define LINE(of, member, name)  FIELD_AT(of, member, name, FIELD_LINE)
#define COUNT(of, member, name) FIELD_AT(of, member, name, FIELD_COUNT)
#define COUNT_OR_NULL(of, member, name) \
	FIELD_AT(of, member, name, FIELD_COUNT_OR_NULL)
#define PLACE_OR_NULL(of, member, name) \
	FIELD_AT(of, member, name, FIELD_PLACE_OR_NULL)
#define BOOLEAN(of, member, name) FIELD_AT(of, member, name, FIELD_BOOLEAN)
#define REAL(of, member, name)    FIELD_AT(of, member, name, FIELD_REAL)
#define SECONDS(of, member, name) FIELD_AT(of, member, name, FIELD_SECONDS)
#define WORD(of, member, name, list) \
	FIELD_AT(of, member, name, FIELD_WORD), .words = (list)
#define ARRAY_COUNT(of, count) .count_offset = offsetof(struct of, count)
#define METRICS(of, name)                           \
	FIELD_AT(of, metrics, name, FIELD_METRICS), \
	    ARRAY_COUNT(of, metrics_count)
/* `list` is an array of structs, with its count next to it. */
#define LIST(of, list, name, rows)                              \
	FIELD_AT(of, list, name, FIELD_LIST), .table = &(rows), \
					      ARRAY_COUNT(of, list##_count)
/* A value that is null unless the member `there` is true. */
#define IF(of, there) .present = offsetof(struct of, there) + 1

extern const struct field_table field_expectations, field_faults, field_strikes,
    field_drives, field_speeds, field_published;

#endif
