/* request.c: requests as text; request.h. */
#include "sim/tune/request.h"

#include <stdlib.h>
#include <string.h>

#include "sim/tune/points/json.h"
#include "splitter/base/grow.h"

int tune_texts_add(struct tune_texts *texts, const char *text)
{
	char **list = grow_by_one(texts->list, texts->count, sizeof *list);

	if (list == NULL)
		return -1;
	texts->list = list;
	texts->list[texts->count] = strdup(text);
	if (texts->list[texts->count] == NULL)
		return -1;
	texts->count++;
	return 0;
}

static void clear_texts(struct tune_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->list[i]);
	free(texts->list);
	*texts = (struct tune_texts){ .list = NULL };
}

void tune_request_clear(struct tune_request *request)
{
	free(request->path);
	free(request->now);
	clear_texts(&request->set);
	clear_texts(&request->vary);
	clear_texts(&request->limits);
	*request = (struct tune_request){ .path = NULL };
}

static json_t *texts_json(const struct tune_texts *texts, bool *failed)
{
	json_t *list = json_array();

	for (size_t i = 0; i < texts->count; i++)
		tune_json_append(list, json_string(texts->list[i]), failed);
	return list;
}

char *tune_request_text(const struct tune_request *r)
{
	bool failed = false;
	json_t *map = json_object();
	char *text = NULL;

	tune_json_put(map, "scenario", json_string(r->path), &failed);
	tune_json_put(map, "set", texts_json(&r->set, &failed), &failed);
	tune_json_put(map, "vary", texts_json(&r->vary, &failed), &failed);
	tune_json_put(map, "limits", texts_json(&r->limits, &failed), &failed);
	if (r->now != NULL)
		tune_json_put(map, "now", json_string(r->now), &failed);
	tune_json_put(map, "goal", json_integer((json_int_t)r->goal), &failed);
	tune_json_put(map, "seed", json_integer((json_int_t)r->seed), &failed);
	tune_json_put(map, "seeds", json_integer((json_int_t)r->seeds),
	    &failed);
	tune_json_put(map, "points_max",
	    json_integer((json_int_t)r->points_max), &failed);
	tune_json_put(map, "within",
	    json_integer((json_int_t)r->within_permyriad), &failed);
	if (!failed)
		text = tune_json_text(map, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(map);
	return text;
}

static int get_texts(const json_t *map, const char *key,
    struct tune_texts *texts)
{
	const json_t *list = json_object_get(map, key), *item;
	size_t i;

	if (!json_is_array(list))
		return -1;
	json_array_foreach(list, i, item) if (!json_is_string(item) ||
	    tune_texts_add(texts, json_string_value(item)) != 0) return -1;
	return 0;
}

/* Copies a text.  Returns 0, or -1 if it is missing and must not be. */
static int get_text(const json_t *map, const char *key, bool required,
    char **text)
{
	const char *value = json_string_value(json_object_get(map, key));

	*text = value != NULL ? strdup(value) : NULL;
	return *text == NULL && (required || value != NULL) ? -1 : 0;
}

static int get_number(const json_t *map, const char *key, uint64_t most,
    uint64_t *number)
{
	const json_t *value = json_object_get(map, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    (uint64_t)json_integer_value(value) > most)
		return -1;
	*number = (uint64_t)json_integer_value(value);
	return 0;
}

int tune_request_parse(const char *text, struct tune_request *r)
{
	json_t *map = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	int rc = -1;

	*r = (struct tune_request){ .path = NULL };
	if (get_text(map, "scenario", true, &r->path) == 0 &&
	    get_text(map, "now", false, &r->now) == 0 &&
	    get_texts(map, "set", &r->set) == 0 &&
	    get_texts(map, "vary", &r->vary) == 0 &&
	    get_texts(map, "limits", &r->limits) == 0 &&
	    get_number(map, "goal", TUNE_GOAL_MEMORY, &r->goal) == 0 &&
	    get_number(map, "seed", INT64_MAX - TUNE_SEEDS_MAX, &r->seed) ==
		0 &&
	    get_number(map, "seeds", TUNE_SEEDS_MAX, &r->seeds) == 0 &&
	    get_number(map, "points_max", TUNE_POINTS_MAX, &r->points_max) ==
		0 &&
	    get_number(map, "within", 10000, &r->within_permyriad) == 0)
		rc = r->seeds > 0 ? 0 : -1;
	json_decref(map);
	return rc;
}
