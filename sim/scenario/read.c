/* read.c: a scenario file from its top level; see scenario.h. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/reader.h"
#include "splitter/base/units.h"

static void read_title(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	key_read_line(keys, key, node,
	    "say in one line what the scenario is about",
	    &reader->scenario->title);
}

/* Reads a rate that dumps share, into the member of its key. */
static void read_shared_rate(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	char reason[YAML_ERROR_BYTES / 2];
	uint64_t rate;
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (units_parse(UNITS_RATE, text, &rate, reason, sizeof(reason)) != 0)
		key_error(keys, node, "%s: %s", key->name, reason);
	else if (rate == 0)
		key_error(keys, node,
		    "%s: 0 would bring nothing; remove it for no limit",
		    key->name);
	else
		memcpy((char *)reader->scenario + key->offset, &rate,
		    sizeof(rate));
}

/*
 * The order matters: the library is checked against the block size of the
 * splitter, and faults name volumes of the library.
 */
static const struct key top_keys[] = {
	{ .name = "title",
	    .type = KEY_TEXT,
	    .required = true,
	    .read = read_title,
	    .range = "one line, without control characters",
	    .example = "\"Volume 2 has a bad spot\"",
	    .meaning = "Says what the scenario is about." },
	{ .name = "splitter",
	    .type = KEY_MAP,
	    .map = &scenario_splitter_map,
	    .read = scenario_read_splitter,
	    .example = "{part: 1 GiB, cache: memory}",
	    .meaning = "How the dump is cut into parts and written." },
	{ .name = "library",
	    .type = KEY_MAP,
	    .required = true,
	    .map = &scenario_library_map,
	    .example = "{drives: [lto8], volumes: {count: 4, capacity: 2 GiB}}",
	    .meaning = "The drives and the volumes." },
	{ .name = "dump",
	    .type = KEY_MAP,
	    .map = &scenario_dump_map,
	    .read = scenario_read_dump,
	    .otherwise = "a scenario has either `dump` or `dumps`",
	    .example = "{size: 5 GiB, rate: 300 MB/s}",
	    .meaning = "The bytes that are written." },
	{ .name = "dumps",
	    .type = KEY_LIST,
	    .map = &scenario_dump_map,
	    .read = scenario_read_dumps,
	    .otherwise = "a scenario has either `dump` or `dumps`",
	    .range = "1 to 1000 mappings, each with a `name`",
	    .example = "[{name: a, size: 5 GiB}, {name: b, size: 1 GiB}]",
	    .meaning = "Several dumps, which share the drives, the volumes "
		       "and the robot.",
	    .detail = "A dump takes volumes of its own. A dump that finds no "
		      "drive free waits for one.",
	    .schema = "{\"type\": \"array\", \"minItems\": 1, "
		      "\"maxItems\": 1000, \"items\": {\"allOf\": "
		      "[{\"$ref\": \"#/$defs/dump\"}, {\"required\": "
		      "[\"name\"]}]}}" },
	{ .name = "source_rate",
	    .type = KEY_RATE,
	    KEY_MEMBER(struct scenario, source_bytes_per_s),
	    .read = read_shared_rate,
	    .otherwise = "no limit",
	    .range = "above 0",
	    .example = "800 MB/s",
	    .meaning = "The rate that the sources of all dumps share.",
	    .detail = "Pieces are served in the order in which the dumps ask "
		      "for them, so dumps that want data at the same time get "
		      "equal shares.",
	    .schema = "{\"$ref\": \"#/$defs/rate\"}" },
	{ .name = "bus_rate",
	    .type = KEY_RATE,
	    KEY_MEMBER(struct scenario, bus_bytes_per_s),
	    .read = read_shared_rate,
	    .otherwise = "no limit",
	    .range = "above 0",
	    .example = "1600 MB/s",
	    .meaning = "The rate of a bus that all drives share, in virtual "
		       "time.",
	    .detail = "Writes pass the bus in the order in which they begin. "
		      "Each drive also has the bus of its own model.",
	    .schema = "{\"$ref\": \"#/$defs/rate\"}" },
	{ .name = "read_back",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    KEY_MEMBER(struct scenario, read_back),
	    .initial = "true",
	    .example = "false",
	    .meaning = "Whether the volumes are read back at the end, to "
		       "compare them with the source.",
	    .detail = "If not, `restored` is undefined." },
	{ .name = "faults",
	    .type = KEY_LIST,
	    .read = scenario_read_faults,
	    .example = "[{volume: 2, at: 1 GiB, fail: write}]",
	    .meaning = "The faults: a list of operations that fail." },
	{ .name = "steps",
	    .type = KEY_LIST,
	    .read = scenario_read_steps,
	    .otherwise = "the dumps are written once",
	    .example = "[{step: write, dump: a}, {step: read, dump: a}]",
	    .meaning = "What happens to the library, one step after the "
		       "other.",
	    .detail = "A scenario with steps need not have a dump." },
	{ .name = "acceptance",
	    .type = KEY_MAP,
	    .map = &scenario_acceptance_map,
	    .read = scenario_read_acceptance,
	    .otherwise = "the scenario is no test of a drive",
	    .example = "{kind: quick, time: 2 min, quick_scale: 64}",
	    .meaning = "How the scenario tests a drive that exists; see "
		       "tapelab-acceptance(7)." },
	{ .name = "expect",
	    .type = KEY_LIST,
	    .read = scenario_read_expect,
	    .example = "[outcome == DONE, volumes_used == 3]",
	    .meaning =
		"The expectations: a list of comparisons that must be true.",
	    .detail = "An entry may also be a mapping with the keys `that` "
		      "and `known`." },
	{ .name = "published",
	    .type = KEY_LIST,
	    .read = scenario_read_published,
	    .map = &scenario_published_map,
	    .example = "[{metric: duration, value: 190 min, tolerance: 5 %, "
		       "kind: validation, source: a data sheet}]",
	    .meaning = "Published or measured values: a list of values that "
		       "the simulation should reproduce." },
	{ .name = NULL, .map = &compose_map },
};

const struct key_map scenario_top_map = { "a scenario", top_keys };

static struct scenario *scenario_new(const char *path)
{
	struct scenario *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->path = strdup(path);
	s->dumps = calloc(1, sizeof(*s->dumps));
	if (s->path == NULL || s->dumps == NULL) {
		scenario_free(s);
		return NULL;
	}
	s->dumps_count = 1;
	s->dumps[0].runs = 1;
	s->read_back = true;
	s->empty_slots = 4;
	s->ie_slots = 2;
	s->splitter = (struct scenario_splitter){
		.block_bytes = (uint64_t)256 << 10,
		.buffer_bytes = (uint64_t)64 << 20,
		.start_fill_percent = 100,
		.max_failed_volumes = 3,
	};
	return s;
}

static void assert_fault(const struct scenario *s,
    const struct scenario_fault *fault)
{
	enum splitter_cache cache = s->dumps[fault->dump].splitter.cache;

	assert(fault->dump < s->dumps_count);
	switch (fault->fail) {
	case FAIL_WRITE:
	case FAIL_READ:
	case FAIL_SLOW:
	case FAIL_CORRUPT:
		assert(fault->volume >= 1 && fault->volume <= s->volumes_count);
		assert(fault->sense != NULL);
		break;
	case FAIL_BARCODE:
		assert(fault->volume >= 1 && fault->volume <= s->volumes_count);
		break;
	case FAIL_DRIVE:
		assert(fault->drive <= s->drives_count);
		assert(fault->volume <= s->volumes_count);
		break;
	case FAIL_SPOOL_WRITE:
	case FAIL_SPOOL_READ:
		assert(cache == SPLITTER_CACHE_SPOOL);
		break;
	case FAIL_SLICE:
	case FAIL_SLICE_ANNOUNCEMENT:
		assert(cache == SPLITTER_CACHE_SLICES && fault->nth >= 1);
		break;
	case FAIL_PRODUCER:
	case FAIL_STALL:
	case FAIL_CANCEL:
		break;
	default:
		assert(fault->nth >= 1 && fault->cause != TAPE_OK);
		break;
	}
}

static void assert_dump(const struct scenario *s,
    const struct scenario_splitter *k)
{
	assert((k->cache != SPLITTER_CACHE_MEMORY &&
		   k->cache != SPLITTER_CACHE_SPOOL) ||
	    k->part_bytes > 0);
	assert(k->cache == SPLITTER_CACHE_SLICES || k->slices_count == 0);
	for (size_t i = 0; i < s->drives_count; i++)
		assert(k->block_bytes <= s->drives[i]->block_max_bytes);
	for (size_t i = 0; i < s->volumes_count; i++)
		assert(scenario_capacity(s, i) / 2 >= k->block_bytes);
}

/* Asserts the invariants of scenario.h. */
static void assert_valid(const struct scenario *s)
{
	assert(s->title != NULL);
	assert(s->drives_count > 0 && s->volumes_count > 0);
	assert(s->dumps_count > 0);
	for (size_t i = 0; i < s->dumps_count; i++) {
		assert((s->dumps[i].name[0] != '\0') || !s->has_names);
		assert(s->dumps[i].after <= i && s->dumps[i].runs > 0);
		assert_dump(s, &s->dumps[i].splitter);
	}
	for (size_t i = 0; i < s->volumes_count; i++) {
		const struct scenario_volume *volume = &s->volumes[i];

		assert(volume->early_warning_bytes < volume->capacity_bytes);
		assert(volume->barcode[0] != '\0');
	}
	for (size_t i = 0; i < s->faults_count; i++)
		assert_fault(s, &s->faults[i]);
}

/* Reads a tree; errors are added.  Returns NULL if there are errors. */
static struct scenario *read_tree(const char *path,
    const struct yaml_tree *root, struct yaml_errors *errors)
{
	struct scenario_reader reader = { .keys.errors = errors };

	reader.scenario = scenario_new(path);
	reader.unknown = calloc(1, sizeof(*reader.unknown));
	if (reader.scenario == NULL || reader.unknown == NULL) {
		yaml_errors_add(errors, 0, 0, "out of memory");
	} else {
		reader.behaviour = &reader.scenario->behaviour;
		reader.splitter = &reader.scenario->splitter;
		reader.dump = reader.scenario->dumps;
		key_read_map(&reader.keys, &scenario_top_map, root,
		    reader.scenario);
		scenario_check_dumps(&reader, root);
		scenario_check_steps(&reader, root);
	}
	free(reader.barcodes);
	free(reader.unknown);
	free(reader.step_nodes);
	free(reader.held);
	if (errors->count == 0) {
		assert_valid(reader.scenario);
		return reader.scenario;
	}
	scenario_free(reader.scenario);
	return NULL;
}

static void report_all(struct yaml_errors *errors, const char *path,
    void (*report)(void *arg, const char *message), void *arg)
{
	yaml_errors_report(errors, path, report, arg);
	yaml_errors_clear(errors);
}

struct scenario *scenario_read_tree(const struct yaml_tree *tree,
    const char *path, void (*report)(void *arg, const char *message), void *arg)
{
	struct yaml_errors errors = { 0 };
	struct scenario *s = read_tree(path, tree, &errors);

	report_all(&errors, path, report, arg);
	return s;
}

struct scenario *scenario_read_case(const struct compose *compose,
    uint64_t number, const char *path, struct compose_case *found,
    void (*report)(void *arg, const char *message), void *arg)
{
	struct yaml_errors errors = { 0 };
	struct scenario *s = NULL;

	if (compose_case(compose, number, found, &errors) == 0) {
		s = read_tree(path, found->tree, &errors);
		yaml_tree_free(found->tree);
		found->tree = NULL;
		if (s == NULL)
			compose_case_clear(found);
	}
	report_all(&errors, path, report, arg);
	return s;
}

struct scenario *scenario_read(const char *path,
    void (*report)(void *arg, const char *message), void *arg)
{
	static const struct scenario_overrides none;

	return scenario_read_with(path, &none, report, arg);
}

struct scenario *scenario_read_with(const char *path,
    const struct scenario_overrides *overrides,
    void (*report)(void *arg, const char *message), void *arg)
{
	const struct compose_options options = { .set = overrides->list,
		.set_count = overrides->count,
		.cases_max = UINT64_MAX };
	struct yaml_errors errors = { 0 };
	struct compose_case found = { 0 };
	struct scenario *s = NULL;
	struct compose *c = compose_read(path, &options, &errors);

	if (c != NULL && compose_count(c) > 1)
		yaml_errors_add(&errors, 0, 0,
		    "the file has %llu cases, and one is expected; choose one "
		    "with --set, such as --set matrix= and the values of a case",
		    (unsigned long long)compose_count(c));
	report_all(&errors, path, report, arg);
	if (c != NULL && compose_count(c) == 1)
		s = scenario_read_case(c, 0, path, &found, report, arg);
	compose_case_clear(&found);
	compose_free(c);
	return s;
}
