/* value_json.c: values as JSON, as they are written in a scenario. */
#include <jansson.h>

#include "reports/units.h"
#include "sim/scenario/faults/impl.h"

json_t *scenario_size_json(uint64_t bytes)
{
	char text[UNITS_BYTES];

	return json_string(units_size_exact(text, bytes));
}

static json_t *time_json(int64_t ns)
{
	char text[UNITS_BYTES];

	return json_string(units_time_exact(text, ns));
}

/* Returns a member that is a bool or a number of 32 or 64 bits. */
static uint64_t number_of(const struct key *key, const void *value)
{
	if (key->bytes == sizeof(bool))
		return *(const bool *)value;
	if (key->bytes == sizeof(uint32_t))
		return *(const uint32_t *)value;
	return *(const uint64_t *)value;
}

json_t *scenario_value_json(const struct key *key, const void *value)
{
	uint64_t number = number_of(key, value);

	if (number == 0 && !key->required)
		return NULL;
	switch (key->type) {
	case KEY_SIZE:
		return scenario_size_json(number);
	case KEY_TIME:
		return time_json((int64_t)number);
	case KEY_COUNT:
		return json_integer((json_int_t)number);
	case KEY_BOOLEAN:
		return json_boolean(number != 0);
	case KEY_CHOICE:
		return json_string(key->words()[number]);
	default:
		return NULL;
	}
}
