/* schema.c: the JSON Schema of scenarios. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/doc/doc.h"
#include "sim/scenario/doc/schema.h"
#include "vtl/base/media.h"

#define RANGE(unit) "(" NUMBER "( *" unit ")? *\\.\\. *)?" NUMBER " *" unit

/* The largest integer that every JSON parser reads without loss. */
static const uint64_t integer_max = (uint64_t)1 << 53;

/*
 * Rules about several keys of a mapping, which the table of keys cannot
 * express.
 */
static const struct {
	const struct key_map *map;
	const char *rules;
} rules[] = {
	/* A dump's splitter differs from this one, and may lack keys of it. */
	{ &scenario_top_map,
	    "{\"oneOf\": [{\"required\": [\"dump\"]}, {\"required\": "
	    "[\"dumps\"]}, {\"required\": [\"steps\"], \"properties\": "
	    "{\"dump\": false, \"dumps\": false}}], \"allOf\": [{\"properties\": {\"splitter\": "
	    "{\"allOf\": ["
	    "{\"if\": {\"required\": [\"cache\"], \"properties\": {\"cache\": "
	    "{\"enum\": [\"memory\", \"spool\"]}}}, \"then\": {\"required\": "
	    "[\"part\"], \"properties\": {\"part\": {\"not\": {\"const\": "
	    "0}}}}}, "
	    "{\"if\": {\"required\": [\"spool\"], \"properties\": {\"spool\": "
	    "{\"type\": \"object\"}}}, \"then\": {\"required\": [\"cache\"], "
	    "\"properties\": {\"cache\": {\"const\": \"spool\"}}}}, "
	    "{\"if\": {\"required\": [\"slices\"], \"properties\": "
	    "{\"slices\": {\"type\": \"array\"}}}, \"then\": {\"required\": "
	    "[\"cache\"], \"properties\": {\"cache\": {\"const\": "
	    "\"slices\"}}}}]}}}]}" },
	{ &scenario_dump_map,
	    "{\"if\": {\"properties\": {\"source\": {\"enum\": [\"random\", "
	    "\"zeros\"]}}}, \"then\": {\"required\": [\"size\"]}, \"else\": "
	    "{\"properties\": {\"size\": false}}}" },
};

/* The definitions below "$defs". */
static json_t *defs;

static json_t *parsed(const char *text)
{
	json_error_t error;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	if (json == NULL)
		fprintf(stderr, "not JSON: %s: %s\n", error.text, text);
	return json;
}

static json_t *ref(const char *name)
{
	return json_pack("{s:o}", "$ref", json_sprintf("#/$defs/%s", name));
}

static json_t *pattern(const char *format, const char *argument)
{
	return json_pack("{s:s, s:o}", "type", "string", "pattern",
	    json_sprintf(format, argument));
}

static json_t *words_of(const char *const *words)
{
	json_t *array = json_array();

	for (; *words != NULL; words++)
		json_array_append_new(array, json_string(*words));
	return json_pack("{s:o}", "enum", array);
}

/* Adds the description of a key: the text of the manual page without markup. */
static void describe(json_t *json, const struct key *key)
{
	char text[1024];
	size_t used = 0;

	snprintf(text, sizeof text, "%s%s%s%s", key->meaning,
	    key->otherwise != NULL ? " Default: " : "",
	    key->otherwise != NULL ? key->otherwise : "",
	    key->otherwise != NULL ? "." : "");
	for (const char *c = text; *c != '\0'; c++)
		if (*c != '`')
			text[used++] = *c;
	text[used] = '\0';
	json_object_set_new(json, "description", json_string(text));
	if (key->initial == NULL)
		return;
	if (key->type == KEY_BOOLEAN)
		json_object_set_new(json, "default",
		    json_boolean(strcmp(key->initial, "true") == 0));
	else if (key->type == KEY_COUNT || strcmp(key->initial, "0") == 0)
		json_object_set_new(json, "default",
		    json_integer(atoll(key->initial)));
	else
		json_object_set_new(json, "default", json_string(key->initial));
}

/*
 * Accepts the words of a list, and any name with one of these characters, which
 * no word contains.
 */
static json_t *or_name(json_t *words, const char *characters)
{
	return json_pack("{s:[o, o]}", "anyOf", words,
	    pattern("%s", characters));
}

static json_t *choice(const struct key *key)
{
	if (key->words == model_names)
		return ref("model_name");
	if (key->words == media_codes)
		return or_name(words_of(media_codes()), "[- ]");
	if (key->words == scenario_sense_words)
		return ref("block_sense");
	return words_of(key->words());
}

static json_t *count(const struct key *key)
{
	json_t *json = json_pack("{s:s, s:I}", "type", "integer", "minimum",
	    (json_int_t)key->min);

	if (key->max < integer_max)
		json_object_set_new(json, "maximum",
		    json_integer((json_int_t)key->max));
	return json;
}

static json_t *map_ref(const struct key_map *map);

static json_t *by_type(const struct key *key)
{
	switch (key->type) {
	case KEY_TEXT:
		return json_pack("{s:s, s:i}", "type", "string", "minLength",
		    1);
	case KEY_SIZE:
		return ref("size");
	case KEY_TIME:
		return ref("time");
	case KEY_COUNT:
		return count(key);
	case KEY_BOOLEAN:
		return json_pack("{s:s}", "type", "boolean");
	case KEY_CHOICE:
		return choice(key);
	case KEY_RATE:
		return pattern("^%s$", RANGE(SIZE_UNITS "/s"));
	case KEY_PERCENTAGE:
		return pattern("^%s$", RANGE("%"));
	case KEY_RATIO:
		return pattern("^%s:1$", NUMBER);
	case KEY_SPEED:
		return pattern("^%s$", NUMBER " *" SIZE_UNITS "/s");
	case KEY_SHARE:
		return pattern("^%s$", NUMBER " *%");
	case KEY_LENGTH:
		return pattern("^%s$", "[0-9]+ *m");
	case KEY_MAP:
		return map_ref(key->map);
	case KEY_LIST:
		break;
	}
	if (key->map != NULL)
		return json_pack("{s:[s, s], s:o}", "type", "array", "null",
		    "items", map_ref(key->map));
	return json_pack("{s:s}", "type", "array");
}

static json_t *value_of(const struct key *key)
{
	json_t *json = key->schema != NULL ? parsed(key->schema) : by_type(key);

	if (key->word != NULL)
		json = json_pack("{s:[{s:s}, o]}", "anyOf", "const", key->word,
		    json);
	if (key->type == KEY_MAP && !key->required)
		json =
		    json_pack("{s:[o, {s:s}]}", "anyOf", json, "type", "null");
	describe(json, key);
	return json;
}

/* Returns the schema of a mapping of some kinds, a bit each; 0: of any. */
static json_t *object_of_kinds(const struct key_map *map, uint32_t kinds)
{
	json_t *required = json_array(), *properties = json_object();
	const struct key *key = map->keys;

	for (; key->name != NULL; key++) {
		if (kinds != 0 && (key->kinds & kinds) == 0)
			continue;
		json_object_set_new(properties, key->name, value_of(key));
		if (key->required)
			json_array_append_new(required, json_string(key->name));
	}
	return json_pack("{s:s, s:b, s:o, s:o}", "type", "object",
	    "additionalProperties", 0, "required", required, "properties",
	    properties);
}

static json_t *object_of(const struct key_map *map,
    const struct scenario_kind *kind)
{
	return object_of_kinds(map,
	    kind != NULL ? SCENARIO_KIND(kind->fail) : 0);
}

/* Adds the rules of a map to the schema of its objects. */
static void add_rules(json_t *json, const struct key_map *map)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].map == map) {
			json_t *more = parsed(rules[i].rules);

			json_object_update(json, more);
			json_decref(more);
		}
}

/*
 * Returns a reference to the definition of a mapping, which is added if it is
 * missing.  The definition of "a volume" is called "volume".
 */
static json_t *map_ref(const struct key_map *map)
{
	const char *name = map->what;
	json_t *json;

	if (strncmp(name, "a ", 2) == 0 || strncmp(name, "an ", 3) == 0)
		name = strchr(name, ' ') + 1;

	if (json_object_get(defs, name) == NULL) {
		json = object_of(map, NULL);
		add_rules(json, map);
		json_object_set_new(defs, name, json);
	}
	return ref(name);
}

/* Returns the alternatives for `oneOf`: each requires one of these keys. */
static json_t *exactly_one(const char *const *keys)
{
	json_t *array = json_array();

	for (; *keys != NULL; keys++)
		json_array_append_new(array,
		    json_pack("{s:[s]}", "required", *keys));
	return array;
}

static json_t *no_two(const char *const *keys)
{
	json_t *array = json_array();

	for (size_t i = 0; keys[i] != NULL; i++)
		for (size_t j = 0; j < i; j++)
			json_array_append_new(array,
			    json_pack("{s:[s, s]}", "required", keys[j],
				keys[i]));
	return json_pack("{s:o}", "anyOf", array);
}

/* A feed has at most one kind: one of the keys that are mappings. */
static void feed_rules(void)
{
	const char *kinds[KEY_KEYS_MAX + 1];
	size_t count = 0;

	for (const struct key *key = scenario_feed_map.keys; key->name != NULL;
	     key++)
		if (key->type == KEY_MAP)
			kinds[count++] = key->name;
	kinds[count] = NULL;
	json_object_set_new(json_object_get(defs, "feed"), "not",
	    no_two(kinds));
}

static json_t *fault_ref(const struct scenario_kind *kind)
{
	json_t *json = object_of(scenario_fault_map(kind->fail), kind);
	json_t *fail =
	    json_object_get(json_object_get(json, "properties"), "fail");
	char name[64];

	json_object_clear(fail);
	json_object_set_new(fail, "enum", json_pack("[s]", kind->word));
	json_object_set_new(json, "description", json_string(kind->meaning));
	if (kind->fail == FAIL_DRIVE) {
		json_object_set_new(json, "if",
		    json_pack("{s:[s], s:{s:{s:s}}}", "required", "mode",
			"properties", "mode", "const", "slow"));
		json_object_set_new(json, "then",
		    json_pack("{s:[s]}", "required", "slowdown"));
		json_object_set_new(json, "else",
		    json_pack("{s:o}", "oneOf", exactly_one(kind->one_of)));
	} else if (kind->one_of[0] != NULL) {
		json_object_set_new(json, "oneOf", exactly_one(kind->one_of));
	}
	if (kind->at_most_one_of[0] != NULL)
		json_object_set_new(json, "not", no_two(kind->at_most_one_of));
	snprintf(name, sizeof name, "%s_fault", kind->word);
	json_object_set_new(defs, name, json);
	return ref(name);
}

static json_t *faults(void)
{
	json_t *kinds = json_array();

	for (size_t i = 0; i < SCENARIO_KINDS; i++)
		json_array_append_new(kinds, fault_ref(&scenario_kinds[i]));
	return json_pack("{s:[s, s], s:{s:o}}", "type", "array", "null",
	    "items", "anyOf", kinds);
}

static json_t *step_ref(size_t i)
{
	const struct scenario_step_kind *kind = &scenario_step_kinds[i];
	json_t *json = object_of_kinds(&scenario_step_map, SCENARIO_STEP(i));
	json_t *step =
	    json_object_get(json_object_get(json, "properties"), "step");
	char name[64];

	json_object_clear(step);
	json_object_set_new(step, "enum", json_pack("[s]", kind->word));
	json_object_set_new(json, "description", json_string(kind->meaning));
	snprintf(name, sizeof name, "%s_step", kind->word);
	json_object_set_new(defs, name, json);
	return ref(name);
}

static json_t *steps(void)
{
	json_t *kinds = json_array();

	json_object_set_new(defs, "volume_name",
	    json_pack("{s:[{s:s, s:s}, {s:s, s:i}]}", "anyOf", "type", "string",
		"pattern", "^[A-Z0-9]{1,32}$", "type", "integer", "minimum",
		0));
	for (size_t i = 0; i < SCENARIO_STEP_KINDS; i++)
		json_array_append_new(kinds, step_ref(i));
	return json_pack("{s:[s, s], s:{s:o}}", "type", "array", "null",
	    "items", "anyOf", kinds);
}

static json_t *expectations(void)
{
	json_object_set_new(defs, "comparison",
	    json_pack("{s:s, s:o}", "type", "string", "anyOf",
		schema_comparisons()));
	return json_pack("{s:[s, s], s:{s:[o, o]}}", "type", "array", "null",
	    "items", "anyOf", ref("comparison"), map_ref(&scenario_expect_map));
}

static void add_defs(void)
{
	json_object_set_new(defs, "size",
	    json_pack("{s:s, s:[o, {s:i}]}", "description",
		"A number and a unit, such as 64 MiB.", "anyOf",
		pattern("^%s$", NUMBER " *" SIZE_UNITS), "const", 0));
	json_object_set_new(defs, "time",
	    json_pack("{s:s, s:[o, {s:i}]}", "description",
		"A number and a unit, such as 3 s.", "anyOf",
		pattern("^%s$", NUMBER " *" TIME_UNITS), "const", 0));
	json_object_set_new(defs, "rate",
	    pattern("^%s$", NUMBER " *" SIZE_UNITS "/s"));
	json_object_set_new(defs, "size_range",
	    json_pack("{s:[o, {s:i}]}", "anyOf",
		pattern("^%s$", RANGE(SIZE_UNITS)), "const", 0));
	json_object_set_new(defs, "time_range",
	    json_pack("{s:[o, {s:i}]}", "anyOf",
		pattern("^%s$", RANGE(TIME_UNITS)), "const", 0));
	json_object_set_new(defs, "model", words_of(model_names()));
	json_object_set_new(json_object_get(defs, "model"), "description",
	    json_string("A drive model; instant takes no time."));
	json_object_set_new(defs, "model_name",
	    or_name(ref("model"), "[- A-Z/.]|^lto[1235]$"));
	json_object_set_new(json_object_get(defs, "model_name"), "description",
	    json_string("A drive model, another spelling of it, such as LTO-8, "
			"or the path of a profile, such as ./mine.yaml."));
	json_object_set_new(defs, "block_sense",
	    words_of(scenario_sense_words()));
	json_decref(map_ref(&scenario_drive_map));
	json_decref(map_ref(&scenario_volume_map));
	json_decref(map_ref(&scenario_behaviour_map));
	json_decref(map_ref(&scenario_source_map));
	json_decref(map_ref(&scenario_limit_map));
}

static void replace(json_t *properties, const char *key, json_t *value)
{
	json_t *old = json_object_get(properties, key);

	json_object_set(value, "description",
	    json_object_get(old, "description"));
	json_object_set_new(properties, key, value);
}

/*
 * Adds the keys of a file.  A file that takes values from elsewhere may lack
 * keys that a scenario needs.
 */
static void add_file_keys(json_t *top)
{
	json_t *file = object_of(&compose_map, NULL);
	json_t *whole = json_object();

	json_object_update(json_object_get(top, "properties"),
	    json_object_get(file, "properties"));
	json_object_set(whole, "required", json_object_get(top, "required"));
	json_object_set(whole, "oneOf", json_object_get(top, "oneOf"));
	json_object_del(top, "required");
	json_object_del(top, "oneOf");
	json_object_set_new(top, "anyOf",
	    json_pack("[o, {s:[s]}, {s:[s]}, {s:[s]}, {s:[s]}]", whole,
		"required", "include", "required", "defaults", "required",
		"overrides", "required", "matrix"));
	json_decref(file);
}

int doc_schema(FILE *to)
{
	json_t *root, *top;
	int failed;

	defs = json_object();
	add_defs();
	top = object_of(&scenario_top_map, NULL);
	add_rules(top, &scenario_top_map);
	add_file_keys(top);
	replace(json_object_get(top, "properties"), "faults", faults());
	replace(json_object_get(top, "properties"), "expect", expectations());
	replace(json_object_get(top, "properties"), "steps", steps());
	feed_rules();
	root = json_pack("{s:s, s:s, s:s}", "$schema",
	    "https://json-schema.org/draft/2020-12/schema", "title",
	    "tapelab scenario", "description",
	    "A dump, the library to which it is written, what goes wrong, and "
	    "what the run must come to.");
	json_object_update(root, top);
	json_object_set_new(root, "$defs", defs);
	failed = json_dumpf(root, to, JSON_INDENT(2));
	fputc('\n', to);
	json_decref(top);
	json_decref(root);
	return failed == 0 ? 0 : -1;
}
