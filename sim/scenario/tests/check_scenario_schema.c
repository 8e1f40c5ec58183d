/* check_scenario_schema.c: the schema and the reader name the same words. */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/fields.h"
#include "splitter/tests/run_suite.h"
#include "vtl/base/media.h"

static const char schema_path[] = "sim/scenario/scenario.schema.json";

static json_t *schema;

static void load_schema(void)
{
	json_error_t error;

	schema = json_load_file(schema_path, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(schema != NULL, "%s:%d: %s", schema_path, error.line,
	    error.text);
}

static void drop_schema(void)
{
	json_decref(schema);
}

/* What lies at a path of keys, "properties/dump/properties". */
static json_t *at(const char *path)
{
	json_t *node = schema;
	char key[64];

	while (*path != '\0') {
		size_t length = strcspn(path, "/");

		snprintf(key, sizeof(key), "%.*s", (int)length, path);
		if (json_is_array(node))
			node = json_array_get(node, (size_t)atoi(key));
		else
			node = json_object_get(node, key);
		ck_assert_msg(node != NULL, "%s is missing", key);
		path += length + (path[length] == '/');
	}
	return node;
}

static bool lists(const json_t *array, const char *word)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (strcmp(json_string_value(json_array_get(array, i)), word) ==
		    0)
			return true;
	return false;
}

static const struct row {
	const char *path; /* of the mapping in the schema */
	const struct scenario_field *fields;
} rows[] = {
	{ "", scenario_top_fields },
	{ "properties/library", scenario_library_fields },
	{ "$defs/drive", scenario_drive_fields },
	{ "properties/library/properties/robot", scenario_robot_fields },
	{ "$defs/volume", scenario_volume_fields },
	{ "properties/library/properties/limit", scenario_limit_fields },
	{ "properties/library/properties/behaviour",
	    scenario_behaviour_fields },
	{ "properties/dump", scenario_dump_fields },
	{ "properties/dump/properties/source/anyOf/1", scenario_source_fields },
	{ "properties/splitter", scenario_splitter_fields },
	{ "properties/splitter/properties/spool", scenario_spool_fields },
};

static void has_the_keys(const json_t *map, const char *path,
    const struct scenario_field *field)
{
	const json_t *properties = json_object_get(map, "properties");
	const json_t *required = json_object_get(map, "required");
	size_t count = 0;

	ck_assert(json_is_false(json_object_get(map, "additionalProperties")));
	for (; field->name != NULL; field++, count++) {
		ck_assert_msg(json_object_get(properties, field->name) != NULL,
		    "%s: no %s", path, field->name);
		ck_assert_msg(lists(required, field->name) == field->required,
		    "%s: %s", path, field->name);
	}
	ck_assert_uint_eq(json_object_size(properties), count);
}

START_TEST(the_schema_has_the_keys_of_the_reader)
{
	has_the_keys(at(rows[_i].path), rows[_i].path, rows[_i].fields);
}
END_TEST

/* What the schema has for faults with this word. */
static json_t *fault_of(const char *word)
{
	const json_t *refs = at("properties/faults/items/anyOf");

	for (size_t i = 0; i < json_array_size(refs); i++) {
		const char *ref =
		    json_string_value(json_object_get(json_array_get(refs, i),
			"$ref"));
		json_t *map;

		ck_assert(ref != NULL && strncmp(ref, "#/", 2) == 0);
		map = at(ref + 2);
		if (lists(json_object_get(json_object_get(json_object_get(map,
							      "properties"),
					      "fail"),
			      "enum"),
			word))
			return map;
	}
	ck_abort_msg("the schema has no fault \"%s\"", word);
	return NULL;
}

START_TEST(the_schema_has_every_kind_of_fault_with_its_keys)
{
	const struct scenario_fault_kind *kind = scenario_fault_kinds;

	for (; kind->word != NULL; kind++)
		has_the_keys(fault_of(kind->word), kind->word, kind->fields);
}
END_TEST

START_TEST(the_schema_has_the_drives_and_the_events)
{
	const json_t *drives = at("$defs/model/enum");
	const json_t *events = at("$defs/block_sense/enum");
	const char *senses[SENSE_EVENTS_MAX + 1];
	size_t count = 0;

	for (const char *const *name = model_names(); *name != NULL; name++) {
		ck_assert_msg(lists(drives, *name), "%s", *name);
		count++;
	}
	ck_assert_uint_eq(json_array_size(drives), count);
	for (count = 0; media_codes()[count] != NULL; count++)
		ck_assert_msg(lists(at("$defs/volume/properties/media_type/"
				       "enum"),
				  media_codes()[count]),
		    "%s", media_codes()[count]);
	ck_assert_uint_eq(json_array_size(at("$defs/volume/properties/"
					     "media_type/enum")),
	    count);
	sense_block_names(senses);
	for (count = 0; senses[count] != NULL; count++)
		ck_assert_msg(lists(events, senses[count]), "%s",
		    senses[count]);
	ck_assert_uint_eq(json_array_size(events), count);
}
END_TEST

START_TEST(the_schema_has_every_metric)
{
	char *patterns = json_dumps(at("properties/expect/items"), 0);

	for (int i = 0; i < METRIC_COUNT; i++) {
		const char *name = metrics_def((enum metrics_id)i)->name;

		ck_assert_msg(strstr(patterns, name) != NULL, "%s", name);
	}
	free(patterns);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scenario schema");
	TCase *tcase = tcase_create("schema");

	tcase_add_checked_fixture(tcase, load_schema, drop_schema);
	tcase_add_loop_test(tcase, the_schema_has_the_keys_of_the_reader, 0,
	    sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tcase, the_schema_has_every_kind_of_fault_with_its_keys);
	tcase_add_test(tcase, the_schema_has_the_drives_and_the_events);
	tcase_add_test(tcase, the_schema_has_every_metric);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
