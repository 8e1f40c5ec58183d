/* entry_print.c: writes single mappings; see entry.h. */
#include <inttypes.h>
#include <stdio.h>

#include "sim/scenario/faults/entry.h"
#include "sim/scenario/faults/impl.h"

/* Returns the keys of a mapping whose values are not the default. */
static json_t *map_json(const struct key_map *map, const void *base)
{
	json_t *json = json_object(), *value;

	for (const struct key *key = map->keys; key->name != NULL; key++) {
		value = NULL;
		if (key->json != NULL)
			value = key->json(base);
		else if (key->bytes > 0)
			value = scenario_value_json(key,
			    (const char *)base + key->offset);
		if (value != NULL)
			json_object_set_new(json, key->name, value);
	}
	return json;
}

json_t *scenario_entry_behaviour_json(const struct drive_options *options)
{
	return map_json(&scenario_behaviour_map, options);
}

json_t *scenario_entry_fault_json(const struct drive_fault *fault, int drive)
{
	const struct scenario_fault f = { .fail = FAIL_DRIVE,
		.drive = (size_t)(drive + 1),
		.of_drive = *fault };

	return map_json(&scenario_drive_fault_map, &f);
}

void scenario_entry_print(const json_t *json, FILE *to)
{
	const char *key, *before = "{";
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	{
		fprintf(to, "%s%s: ", before, key);
		if (json_is_string(value))
			fputs(json_string_value(value), to);
		else if (json_is_integer(value))
			fprintf(to, "%" JSON_INTEGER_FORMAT,
			    json_integer_value(value));
		else
			fputs(json_is_true(value) ? "true" : "false", to);
		before = ", ";
	}
	fputs(before[0] == '{' ? "{}" : "}", to);
}
