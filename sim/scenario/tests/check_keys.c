/*
 * check_keys.c: the tables of keys say what the reader does.
 *
 * Every key is tried with the example that the manual page shows, and with its
 * default.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "sim/scenario/reader.h"
#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

#define LIBRARY "library: {drives: [lto8], volumes: {capacity: 20 TB}}\n"
#define VOLUMES "volumes: {capacity: 20 TB}"
#define DUMP    "dump: {size: 8 GiB}\n"

/* The scenario around each mapping, which replaces "%s". */
static const struct place {
	const struct key_map *map;
	const char *text;
} places[] = {
	{ &scenario_library_map, "title: t\n" DUMP "library: %s\n" },
	{ &scenario_drive_map,
	    "title: t\n" DUMP "library: {drives: [%s], " VOLUMES "}\n" },
	{ &scenario_volume_map,
	    "title: t\nsteps: [{step: scan}]\n"
	    "library: {drives: [lto8], volumes: %s}\n" },
	{ &scenario_limit_map,
	    "title: t\n" DUMP "library: {drives: [lto8], " VOLUMES
	    ", limit: %s}\n" },
	{ &scenario_behaviour_map,
	    "title: t\n" DUMP "library: {drives: [lto8], " VOLUMES
	    ", behaviour: %s}\n" },
	{ &scenario_robot_map,
	    "title: t\n" DUMP "library: {drives: [lto8], " VOLUMES
	    ", robot: %s}\n" },
	{ &scenario_dump_map,
	    "title: t\n" LIBRARY "dumps: [{name: nightly, size: 1 B}, %s]\n" },
	{ &scenario_splitter_map, "title: t\n" LIBRARY DUMP "splitter: %s\n" },
	{ &scenario_spool_map,
	    "title: t\n" LIBRARY DUMP
	    "splitter: {part: 1 GiB, cache: spool, spool: %s}\n" },
	{ &scenario_published_map,
	    "title: t\n" LIBRARY DUMP "published: [%s]\n" },
	{ &scenario_interrupt_map,
	    "title: t\n" LIBRARY "dumps: [{name: a, size: 8 GiB}]\n"
	    "steps: [{step: write, dump: a, interrupt: %s}]\n" },
	{ &scenario_expect_map, "title: t\n" LIBRARY DUMP "expect: [%s]\n" },
};
enum { PLACES = sizeof places / sizeof *places };

static struct scenario_text result;

static void add(char *text, size_t bytes, const char *format, const char *name,
    const char *value)
{
	size_t used = strlen(text);

	snprintf(text + used, bytes - used, format, name, value);
}

/* Returns whether the text of a mapping has a key. */
static bool has(const char *text, const char *name)
{
	char key[64];

	snprintf(key, sizeof key, "%s: ", name);
	return strstr(text, key) != NULL;
}

/*
 * Adds the keys that a key depends on, by its `only`, and a part for a cache.
 */
static void add_context(const struct key *key, char *text, size_t bytes)
{
	const char *colon = key->only != NULL ? strchr(key->only, ':') : NULL;

	if (colon != NULL && strchr(key->only, '`') == NULL)
		add(text, bytes, "%s%s, ", key->only, "");
	if (strstr(text, "cache: spool") != NULL ||
	    (strcmp(key->name, "cache") == 0 &&
		strcmp(key->example, "memory") == 0))
		add(text, bytes, "%s: %s, ", "part", "1 GiB");
}

/* Writes a mapping in braces: a key, and the keys that it needs. */
static void with_key(const struct place *place, const struct key *key,
    const char *value, char *text, size_t bytes)
{
	snprintf(text, bytes, "{");
	if (key != NULL)
		add_context(key, text, bytes);
	for (const struct key *k = place->map->keys; k->name != NULL; k++)
		if (k->required && k != key)
			add(text, bytes, "%s: %s, ", k->name, k->example);
	if (place->map == &scenario_dump_map &&
	    (key == NULL || strcmp(key->name, "size") != 0))
		add(text, bytes, "%s: %s, ", "size", "1 GiB");
	if (place->map == &scenario_dump_map &&
	    (key == NULL || strcmp(key->name, "name") != 0))
		add(text, bytes, "%s: %s, ", "name", "second");
	if (key != NULL && strcmp(key->name, "every") == 0)
		add(text, bytes, "%s: %s, ", "repeat", "2");
	if (key != NULL)
		add(text, bytes, "%s: %s", key->name, value);
	add(text, bytes, "%s%s", "}", "");
}

static const struct scenario *read_map(const struct place *place,
    const char *map)
{
	char text[1024];

	snprintf(text, sizeof text, place->text, map);
	scenario_text_read(&result, text, strlen(text));
	ck_assert_msg(result.scenario != NULL, "%s%s", text, result.errors);
	return result.scenario;
}

START_TEST(example_of_each_key_is_valid)
{
	const struct place *place = &places[_i];
	const struct key *key = place->map->keys;
	char map[512];

	for (; key->name != NULL; key++) {
		with_key(place, key, key->example, map, sizeof map);
		read_map(place, map);
		scenario_text_clear(&result);
	}
}
END_TEST

/* Returns the structure that holds the values of a mapping; NULL: none. */
static const void *base_of(const struct place *place, const struct scenario *s)
{
	if (place->map == &scenario_behaviour_map)
		return &s->behaviour;
	if (place->map == &scenario_splitter_map ||
	    place->map == &scenario_spool_map)
		return &s->splitter;
	if (place->map == &scenario_dump_map)
		return &s->dumps[1];
	return place->map == &scenario_volume_map ||
		place->map == &scenario_limit_map
	    ? NULL
	    : s;
}

START_TEST(default_given_explicitly_changes_nothing)
{
	const struct place *place = &places[_i];
	const struct key *key = place->map->keys;
	char map[512], value[64];

	for (; key->name != NULL; key++) {
		const void *base;

		if (key->initial == NULL)
			continue;
		with_key(place, NULL, NULL, map, sizeof map);
		base = base_of(place, read_map(place, map));
		if (base != NULL && key->bytes > 0)
			memcpy(value, (const char *)base + key->offset,
			    key->bytes);
		scenario_text_clear(&result);
		with_key(place, key, key->initial, map, sizeof map);
		base = base_of(place, read_map(place, map));
		if (base != NULL && key->bytes > 0)
			ck_assert_msg(memcmp(value,
					  (const char *)base + key->offset,
					  key->bytes) == 0,
			    "%s", key->name);
		scenario_text_clear(&result);
	}
}
END_TEST

static bool takes(const struct scenario_kind *kind, const struct key *key)
{
	return (key->kinds & SCENARIO_KIND(kind->fail)) != 0;
}

/* Returns the key of a kind by its name, or NULL. */
static const struct key *key_of(const struct scenario_kind *kind,
    const char *name)
{
	const struct key *key = scenario_fault_map(kind->fail)->keys;

	for (; key->name != NULL; key++)
		if (takes(kind, key) && strcmp(key->name, name) == 0)
			return key;
	return NULL;
}

static void add_example(const struct scenario_kind *kind, const char *name,
    char *text, size_t bytes)
{
	if (!has(text, name))
		add(text, bytes, ", %s: %s", name, key_of(kind, name)->example);
}

/* Writes a fault in braces: a key of a kind, and the keys that it needs. */
static void fault_with(const struct scenario_kind *kind, const struct key *key,
    char *text, size_t bytes)
{
	const struct key *k = scenario_fault_map(kind->fail)->keys;
	bool one = kind->one_of[0] == NULL;

	snprintf(text, bytes, "{fail: %s", kind->word);
	add_example(kind, key->name, text, bytes);
	if (key->only != NULL && strchr(key->only, '`') != NULL)
		;
	else if (key->only != NULL && strchr(key->only, ':') != NULL)
		add(text, bytes, ", %s%s", key->only, "");
	else if (key->only != NULL)
		add_example(kind, key->only, text, bytes);
	for (; k->name != NULL; k++)
		if (k->required && takes(kind, k))
			add_example(kind, k->name, text, bytes);
	for (size_t i = 0; kind->one_of[i] != NULL; i++)
		one |= has(text, kind->one_of[i]);
	if (!one)
		add_example(kind, kind->one_of[0], text, bytes);
	add(text, bytes, "%s%s", "}", "");
}

/* Returns the cache that a kind of fault needs. */
static const char *cache_of(const struct scenario_kind *kind)
{
	if (strncmp(kind->word, "spool", 5) == 0)
		return "spool";
	return strncmp(kind->word, "slice", 5) == 0 ? "slices" : "memory";
}

static const struct scenario_fault *read_fault(const struct scenario_kind *kind,
    const char *fault)
{
	char text[1024];

	snprintf(text, sizeof text,
	    "title: t\ndump: {name: nightly, size: 8 GiB}\n"
	    "library: {drives: [lto8], volumes: {count: 3, "
	    "capacity: 20 TB}}\nsplitter: {part: 1 GiB, cache: %s}\n"
	    "faults: [%s]\n",
	    cache_of(kind), fault);
	scenario_text_read(&result, text, strlen(text));
	ck_assert_msg(result.scenario != NULL, "%s%s", text, result.errors);
	return result.scenario->faults;
}

START_TEST(example_of_each_key_of_a_fault_is_valid)
{
	const struct scenario_kind *kind = &scenario_kinds[_i];
	const struct key *key = scenario_fault_map(kind->fail)->keys;
	char fault[512];

	for (; key->name != NULL; key++) {
		if (!takes(kind, key))
			continue;
		fault_with(kind, key, fault, sizeof fault);
		ck_assert_int_eq(read_fault(kind, fault)->fail, kind->fail);
		scenario_text_clear(&result);
	}
}
END_TEST

START_TEST(default_of_a_fault_given_explicitly_changes_nothing)
{
	const struct scenario_kind *kind = &scenario_kinds[_i];
	const struct key *key = scenario_fault_map(kind->fail)->keys;
	char fault[512], more[600];

	for (; key->name != NULL; key++) {
		struct scenario_fault plain, other;

		if (!takes(kind, key) || key->initial == NULL ||
		    key->only != NULL)
			continue;
		fault_with(kind, key_of(kind, "fail"), fault, sizeof fault);
		plain = *read_fault(kind, fault);
		scenario_text_clear(&result);
		fault[strlen(fault) - 1] = '\0';
		snprintf(more, sizeof more, "%s, %s: %s}", fault, key->name,
		    key->initial);
		other = *read_fault(kind, more);
		plain.text = other.text = NULL; /* their own */
		ck_assert_msg(memcmp(&plain, &other, sizeof plain) == 0, "%s",
		    more);
		scenario_text_clear(&result);
	}
}
END_TEST

START_TEST(kind_of_fault_has_no_key_twice_and_takes_the_keys_it_names)
{
	const struct scenario_kind *kind = &scenario_kinds[_i];
	const struct key *key = scenario_fault_map(kind->fail)->keys;

	ck_assert_int_eq(kind->fail, _i);
	for (; key->name != NULL; key++)
		if (takes(kind, key))
			ck_assert_msg(key_of(kind, key->name) == key, "%s",
			    key->name);
	for (size_t i = 0; kind->one_of[i] != NULL; i++)
		ck_assert_ptr_nonnull(key_of(kind, kind->one_of[i]));
	for (size_t i = 0; kind->at_most_one_of[i] != NULL; i++)
		ck_assert_ptr_nonnull(key_of(kind, kind->at_most_one_of[i]));
}
END_TEST

START_TEST(example_of_each_metric_is_an_expectation_of_it)
{
	for (int i = 0; i < METRIC_COUNT; i++) {
		const struct metrics_def *def = metrics_def((enum metrics_id)i);
		struct metrics_expect expect = { .line = 1 };
		char err[512] = "";
		size_t column;

		ck_assert_msg(metrics_parse(def->example, &expect, &column, err,
				  sizeof err) == 0,
		    "%s", err);
		ck_assert_int_eq(expect.id, i);
		metrics_expect_free(&expect);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scenario keys");
	TCase *tc = tcase_create("keys");

	tcase_add_loop_test(tc, example_of_each_key_is_valid, 0, PLACES);
	tcase_add_loop_test(tc, default_given_explicitly_changes_nothing, 0,
	    PLACES);
	tcase_add_loop_test(tc, example_of_each_key_of_a_fault_is_valid, 0,
	    SCENARIO_KINDS);
	tcase_add_loop_test(tc,
	    default_of_a_fault_given_explicitly_changes_nothing, 0,
	    SCENARIO_KINDS);
	tcase_add_loop_test(tc,
	    kind_of_fault_has_no_key_twice_and_takes_the_keys_it_names, 0,
	    SCENARIO_KINDS);
	tcase_add_test(tc, example_of_each_metric_is_an_expectation_of_it);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
