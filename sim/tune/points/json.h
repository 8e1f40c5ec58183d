/* json.h: JSON values that are complete, or known to be incomplete. */
#ifndef SIM_TUNE_JSON_H
#define SIM_TUNE_JSON_H

#include <jansson.h>
#include <stdbool.h>

/* Sets a key to a new value.  Sets `*failed` if memory is short. */
static inline void tune_json_put(json_t *map, const char *key, json_t *value,
    bool *failed)
{
	*failed |= json_object_set_new(map, key, value) != 0;
}

/* Appends a new value to a list.  Sets `*failed` if memory is short. */
static inline void tune_json_append(json_t *list, json_t *value, bool *failed)
{
	*failed |= json_array_append_new(list, value) != 0;
}

/*
 * Returns the value as text, with these flags of json_dumps(), which the caller
 * frees, or NULL without memory.  (json_dumps() itself may leave out a piece of
 * the text when memory is short.)
 */
char *tune_json_text(const json_t *json, size_t flags);

#endif
