/* field.c: questions about rows of tables. */
#include "reports/json/field.h"

#include <string.h>

const struct field_table *field_table_named(const char *name)
{
	for (size_t i = 0; field_tables[i] != NULL; i++)
		if (strcmp(field_tables[i]->name, name) == 0)
			return field_tables[i];
	return NULL;
}

bool field_is_nullable(const struct field *field)
{
	return field->present != 0 || field->type == FIELD_TEXT_OR_NULL ||
	    field->type == FIELD_COUNT_OR_NULL ||
	    field->type == FIELD_PLACE_OR_NULL || field->type == FIELD_REAL;
}
