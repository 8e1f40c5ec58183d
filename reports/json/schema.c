/* schema.c: the JSON Schema of results.json, from the tables. */
#include <ctype.h>
#include <string.h>

#include "reports/json/field.h"
#include "reports/json/json.h"

/* Returns {"type": type}, or with null as a second type. */
static json_t *type_or_null(const struct field *field, const char *type)
{
	if (field_is_nullable(field))
		return json_pack("{s:[s, s]}", "type", type, "null");
	return json_pack("{s:s}", "type", type);
}

static json_t *with_minimum(json_t *schema)
{
	if (schema != NULL)
		json_object_set_new(schema, "minimum", json_integer(0));
	return schema;
}

static json_t *one_of(const char *const *words)
{
	json_t *list = json_array();

	for (; *words != NULL; words++)
		json_array_append_new(list, json_string(*words));
	return json_pack("{s:o}", "enum", list);
}

/* Returns the name of a table below "$defs". */
static const char *def_name(const struct field_table *table, char *to,
    size_t bytes)
{
	snprintf(to, bytes, "%s", table->name);
	for (char *c = to; *c != '\0'; c++)
		*c = *c == ' ' ? '_' : (char)tolower((unsigned char)*c);
	return to;
}

static json_t *list_of(const struct field_table *table)
{
	char name[64];

	def_name(table, name, sizeof name);
	return json_pack("{s:s, s:{s:o}}", "type", "array", "items", "$ref",
	    json_sprintf("#/$defs/%s", name));
}

static json_t *schema_of(const struct field *field)
{
	switch (field->type) {
	case FIELD_TEXT:
		return field->words != NULL ? one_of(field->words)
					    : type_or_null(field, "string");
	case FIELD_TEXT_OR_NULL:
		return type_or_null(field, "string");
	case FIELD_LINE:
	case FIELD_COUNT:
	case FIELD_COUNT_OR_NULL:
	case FIELD_PLACE_OR_NULL:
		return with_minimum(type_or_null(field, "integer"));
	case FIELD_BOOLEAN:
		return type_or_null(field, "boolean");
	case FIELD_REAL:
		return type_or_null(field, "number");
	case FIELD_SECONDS:
		return with_minimum(type_or_null(field, "number"));
	case FIELD_WORD:
		return one_of(field->words);
	case FIELD_METRICS:
		return json_pack("{s:s, s:{s:[s, s, s]}}", "type", "object",
		    "additionalProperties", "type", "string", "number", "null");
	case FIELD_LIST:
		return list_of(field->table);
	case FIELD_UNITS:
		return json_pack("{s:s, s:{s:[s, s, s, s]}}", "type", "object",
		    "additionalProperties", "enum", "B", "B/s", "s", "%");
	case FIELD_DERIVED:
		return json_loads(field->schema, 0, NULL);
	}
	return NULL;
}

/* Returns the meaning without the marks of literals. */
static json_t *description(const char *meaning)
{
	char text[1024];
	size_t used = 0;

	for (; *meaning != '\0' && used < sizeof text - 1; meaning++)
		if (*meaning != '`')
			text[used++] = *meaning;
	return json_stringn(text, used);
}

/* Returns the schema of an object that has all keys of a table. */
static json_t *object_of(const struct field_table *table)
{
	json_t *keys = json_object(), *required = json_array();

	for (const struct field *f = table->fields; f->key != NULL; f++) {
		json_t *schema = schema_of(f);

		json_object_set_new(schema, "description",
		    description(f->meaning));
		json_object_set_new(keys, f->key, schema);
		json_array_append_new(required, json_string(f->key));
	}
	return json_pack("{s:s, s:o, s:o}", "type", "object", "required",
	    required, "properties", keys);
}

int report_json_schema(FILE *to)
{
	json_t *root = json_pack("{s:s, s:s}", "$schema",
	    "https://json-schema.org/draft/2020-12/schema", "title",
	    "Results of tapelab run: results.json");
	json_t *whole = object_of(&field_results), *defs = json_object();
	int rc = -1;
	char name[64];

	for (size_t i = 0; field_tables[i] != NULL; i++)
		if (field_tables[i] != &field_results)
			json_object_set_new(defs,
			    def_name(field_tables[i], name, sizeof name),
			    object_of(field_tables[i]));
	if (json_object_update(root, whole) == 0 &&
	    json_object_set_new(root, "$defs", defs) == 0)
		rc = json_dumpf(root, to, JSON_INDENT(2)) == 0 &&
			fputc('\n', to) != EOF
		    ? 0
		    : -1;
	json_decref(whole);
	json_decref(root);
	return rc;
}
