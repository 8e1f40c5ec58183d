/* fault.c: the key `faults`, and the keys of most kinds of faults. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/units.h"
#include "sim/scenario/faults/impl.h"
#include "vtl/yaml/print.h"

#define KIND(fail) SCENARIO_KIND(FAIL_##fail)
#define OPERATIONS \
	(KIND(BLOCK) | KIND(HEADER) | KIND(FILEMARK) | KIND(LABEL) | KIND(LOAD))

/* The kinds of faults of a dump: of its source, its cache, its operations. */
#define OF_DUMP                                                            \
	(OPERATIONS | KIND(SPOOL_WRITE) | KIND(SPOOL_READ) | KIND(SLICE) | \
	    KIND(SLICE_ANNOUNCEMENT) | KIND(PRODUCER) | KIND(STALL) |      \
	    KIND(CANCEL))

/*
 * Reports an error if a fault of the spool or of slices is used without that
 * cache.
 */
static void check_cache(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	size_t dump = reader->fault->dump;
	enum scenario_fail fail = reader->fault->fail;
	enum splitter_cache cache = SPLITTER_CACHE_NONE;

	if (fail == FAIL_SPOOL_WRITE || fail == FAIL_SPOOL_READ)
		cache = SPLITTER_CACHE_SPOOL;
	if (fail == FAIL_SLICE || fail == FAIL_SLICE_ANNOUNCEMENT)
		cache = SPLITTER_CACHE_SLICES;
	if (cache == SPLITTER_CACHE_NONE || reader->unknown[dump].cache ||
	    reader->scenario->dumps[dump].splitter.cache == cache)
		return;
	key_error(&reader->keys, node,
	    "fail: %s needs cache: %s in the splitter", node->text,
	    splitter_cache_name(cache));
}

static void read_dump(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	scenario_find_dump(keys, key, node,
	    &scenario_reader_of(keys)->fault->dump);
}

/* Reports a fault that could be that of several dumps. */
static void check_dump(struct scenario_reader *reader,
    const struct scenario_kind *kind, const struct yaml_tree *node)
{
	if (reader->scenario->dumps_count > 1 &&
	    (SCENARIO_KIND(kind->fail) & OF_DUMP) != 0 &&
	    yaml_tree_get(node, "dump") == NULL)
		key_error(&reader->keys, node,
		    "%s needs the key \"dump\" if there are several dumps: the "
		    "name of the dump that it strikes",
		    kind->what);
}

/* Checks that an offset is less than the size of the dump plus `more`. */
static void check_offset(struct scenario_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t more)
{
	size_t dump = reader->fault->dump;
	uint64_t dump_bytes;
	char size[UNITS_BYTES];

	if (reader->unknown[dump].size)
		return;
	dump_bytes = reader->scenario->dumps[dump].size_bytes;
	if (reader->fault->at_bytes < dump_bytes + more)
		return;
	units_size_exact(size, dump_bytes);
	key_error(&reader->keys, node, "%s: never reached; the dump ends at %s",
	    key->name, size);
}

/* Checks a position between two bytes, or at the end of the dump. */
static void check_point(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	check_offset(reader, key, node, 1);
}

static void check_byte(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	check_offset(reader, key, node, 0);
}

enum { CAUSES_MAX = 16 };

static const char *const *cause_words(void)
{
	static const char *words[CAUSES_MAX + 1];
	const enum tape_cause *causes = splitter_fault_causes();

	/* The array is static, but every call stores the same words. */
	for (size_t i = 0; i < CAUSES_MAX && causes[i] != TAPE_OK; i++)
		words[i] = tape_cause_name(causes[i]);
	return words;
}

static void read_cause(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	unsigned word;

	if (key_read_choice(keys, key, node, &word))
		reader->fault->cause = splitter_fault_causes()[word];
}

static const char *const *slice_mode_words(void)
{
	static const char *const words[] = { [SLICE_MISSING] = "missing",
		[SLICE_TRUNCATED] = "truncated",
		[SLICE_CORRUPT] = "corrupt",
		NULL };

	return words;
}

static const struct key fault_keys[] = {
	{ .name = "fail",
	    .type = KEY_CHOICE,
	    .words = scenario_kind_words,
	    .required = true,
	    .kinds = ~(uint32_t)0,
	    KEY_MEMBER(struct scenario_fault, fail),
	    .example = "block",
	    .meaning = "What fails." },
	{ .name = "dump",
	    .type = KEY_TEXT,
	    .kinds = OF_DUMP,
	    .read = read_dump,
	    .otherwise = "the only dump; required if there are several dumps",
	    .range = "the name of a dump",
	    .example = "nightly",
	    .meaning = "The dump that the fault strikes." },
	{ .name = "volume",
	    .type = KEY_COUNT,
	    .required = true,
	    .kinds = KIND(BARCODE),
	    .min = 1,
	    .max = SIZE_MAX,
	    .read = scenario_read_fault_volume,
	    .range = "from 1 to the number of volumes",
	    .example = "1",
	    .meaning = "The volume: its place in the list of volumes, where "
		       "each volume of a `count` counts." },
	{ .name = "nth",
	    .type = KEY_COUNT,
	    .required = true,
	    .kinds = OPERATIONS | KIND(MOVE),
	    .min = 1,
	    .max = UINT64_MAX,
	    KEY_MEMBER(struct scenario_fault, nth),
	    .example = "7",
	    .meaning = "The Nth of these operations in the whole library; "
		       "failed ones count." },
	{ .name = "nth",
	    .type = KEY_COUNT,
	    .required = true,
	    .kinds = KIND(SLICE),
	    .min = 1,
	    .max = UINT64_MAX,
	    KEY_MEMBER(struct scenario_fault, nth),
	    .example = "2",
	    .meaning = "The Nth slice of the dump." },
	{ .name = "nth",
	    .type = KEY_COUNT,
	    .required = true,
	    .kinds = KIND(SLICE_ANNOUNCEMENT),
	    .min = 1,
	    .max = UINT64_MAX,
	    KEY_MEMBER(struct scenario_fault, nth),
	    .example = "3",
	    .meaning = "The first slice that is not announced; later ones are "
		       "not announced, either." },
	{ .name = "at",
	    .type = KEY_SIZE,
	    .required = true,
	    .kinds = KIND(SPOOL_WRITE) | KIND(SPOOL_READ),
	    KEY_MEMBER(struct scenario_fault, at_bytes),
	    .check = check_byte,
	    .range = "less than the size of the dump",
	    .example = "1 MiB",
	    .meaning = "The byte of the dump at which the spool fails." },
	{ .name = "at",
	    .type = KEY_SIZE,
	    .required = true,
	    .kinds = KIND(PRODUCER) | KIND(STALL),
	    KEY_MEMBER(struct scenario_fault, at_bytes),
	    .check = check_point,
	    .range = "at most the size of the dump",
	    .example = "2 GiB",
	    .meaning = "When the producer has delivered this many bytes." },
	{ .name = "at",
	    .type = KEY_SIZE,
	    .kinds = KIND(CANCEL),
	    KEY_MEMBER(struct scenario_fault, at_bytes),
	    .check = check_point,
	    .range = "at most the size of the dump",
	    .example = "2 GiB",
	    .meaning = "When the producer has delivered this many bytes." },
	{ .name = "cause",
	    .type = KEY_CHOICE,
	    .words = cause_words,
	    .kinds = OPERATIONS,
	    .read = read_cause,
	    .initial = "medium_error",
	    .example = "hardware_error",
	    .meaning = "The cause that the operation reports.",
	    .detail = "A block with `deferred_error` is accepted, and the next "
		      "filemark fails." },
	{ .name = "mode",
	    .type = KEY_CHOICE,
	    .words = changer_fault_mode_names,
	    .required = true,
	    .kinds = KIND(MOVE),
	    KEY_MEMBER(struct scenario_fault, move_mode),
	    .example = "stuck",
	    .meaning = "How the move fails.",
	    .detail = "Except with `stuck` the volume is skipped.",
	    .choices = "stuck: Nothing moves, and the next load asks for the "
		       "same volume.\n"
		       "wrong_cartridge: The robot brings the volume of the "
		       "next slot. Its barcode shows the mistake, and it is "
		       "put back.\n"
		       "load_failed: The drive rejects the volume.\n"
		       "source_empty: The robot finds the slot empty.\n" },
	{ .name = "mode",
	    .type = KEY_CHOICE,
	    .words = slice_mode_words,
	    .required = true,
	    .kinds = KIND(SLICE),
	    KEY_MEMBER(struct scenario_fault, slice_mode),
	    .example = "missing",
	    .meaning = "How the file is damaged.",
	    .choices = "missing: It does not exist.\n"
		       "truncated: It ends in its middle.\n"
		       "corrupt: The byte in its middle has another value.\n" },
	{ .name = "duration",
	    .type = KEY_TIME,
	    .required = true,
	    .kinds = KIND(STALL),
	    KEY_MEMBER(struct scenario_fault, duration_ns),
	    .range = "at most 10000 h",
	    .example = "30 s",
	    .meaning = "How long the producer pauses." },
	{ .name = "after_time",
	    .type = KEY_TIME,
	    .kinds = KIND(CANCEL),
	    KEY_MEMBER(struct scenario_fault, after_ns),
	    .range = "at most 10000 h",
	    .example = "1 min",
	    .meaning = "When this time has passed since the start of the "
		       "dump." },
	{ .name = "once",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    .kinds = OPERATIONS | KIND(MOVE) | KIND(SPOOL_WRITE),
	    KEY_MEMBER(struct scenario_fault, once),
	    .initial = "false",
	    .example = "true",
	    .meaning = "`true`: one operation fails; `false`: all later ones "
		       "fail, too." },
	SCENARIO_UNREACHED_KEY(~(uint32_t)0), { .name = NULL }
};

const struct key_map scenario_other_fault_map = { "a fault", fault_keys };

const struct key_map *scenario_fault_map(enum scenario_fail fail)
{
	if (scenario_is_defect(fail))
		return &scenario_defect_map;
	return fail == FAIL_DRIVE ? &scenario_drive_fault_map
				  : &scenario_other_fault_map;
}

/* Returns the kind of a fault; NULL if it is unknown. */
static const struct scenario_kind *kind_of(const struct yaml_tree *node)
{
	const struct yaml_tree *fail =
	    node->kind == YAML_TREE_MAP ? yaml_tree_get(node, "fail") : NULL;

	if (fail == NULL || fail->kind != YAML_TREE_TEXT)
		return NULL;
	for (size_t i = 0; i < SCENARIO_KINDS; i++)
		if (strcmp(fail->text, scenario_kinds[i].word) == 0)
			return &scenario_kinds[i];
	return NULL;
}

/* Returns how many of these keys a fault has. */
static size_t given(const struct yaml_tree *node, const char *const *keys)
{
	size_t count = 0;

	for (; *keys != NULL; keys++)
		count += yaml_tree_get(node, *keys) != NULL;
	return count;
}

/* Writes the keys as a list: "a", "b" or "c". */
static void list(const char *const *keys, char *buf, size_t buf_bytes)
{
	size_t used = 0;

	for (size_t i = 0; keys[i] != NULL && used < buf_bytes; i++)
		used +=
		    (size_t)snprintf(buf + used, buf_bytes - used, "%s\"%s\"",
			i == 0                    ? ""
			    : keys[i + 1] == NULL ? " or "
						  : ", ",
			keys[i]);
}

/*
 * Checks groups of keys: of one group exactly one key must be given, of the
 * other at most one.
 */
static void check_together(struct scenario_reader *reader,
    const struct scenario_kind *kind, const struct yaml_tree *node)
{
	char keys[YAML_ERROR_BYTES / 2];
	size_t count;

	if (kind->one_of[0] != NULL) {
		count = given(node, kind->one_of);
		list(kind->one_of, keys, sizeof(keys));
		if (count > 1)
			key_error(&reader->keys, node,
			    "%s takes only one of the keys %s", kind->what,
			    keys);
		else if (count == 0 &&
		    !(kind->fail == FAIL_DRIVE &&
			reader->fault->of_drive.mode == DRIVE_FAULT_SLOW))
			key_error(&reader->keys, node, "%s needs the key %s",
			    kind->what, keys);
	}
	if (kind->at_most_one_of[0] != NULL &&
	    given(node, kind->at_most_one_of) > 1) {
		list(kind->at_most_one_of, keys, sizeof(keys));
		key_error(&reader->keys, node,
		    "%s takes only one of the keys %s", kind->what, keys);
	}
}

/*
 * Collects the keys of all kinds, for a fault of an unknown kind.  A value is
 * checked, but not stored, if all kinds agree on its type.
 */
static void all_keys(struct key keys[KEY_KEYS_MAX + 1])
{
	static const struct key_map *const maps[] = { &scenario_other_fault_map,
		&scenario_defect_map, &scenario_drive_fault_map };
	size_t count = 0, at;

	for (size_t m = 0; m < sizeof(maps) / sizeof(maps[0]); m++) {
		const struct key *key = maps[m]->keys;

		for (; key->name != NULL; key++) {
			for (at = 0; at < count; at++)
				if (strcmp(keys[at].name, key->name) == 0)
					break;
			if (at == count) {
				keys[count++] = *key;
				keys[at].required = at == 0;
				keys[at].bytes = 0;
				keys[at].check = NULL;
				continue;
			}
			if (keys[at].type != key->type ||
			    keys[at].words != key->words)
				keys[at].type = KEY_TEXT;
			if (keys[at].read != key->read)
				keys[at].read = NULL;
		}
	}
	keys[count] = (struct key){ .name = NULL };
}

void scenario_fault_init(struct scenario_fault *fault)
{
	*fault = (struct scenario_fault){ .cause = TAPE_MEDIUM_ERROR,
		.after_ns = -1,
		.sense = sense_find("medium_error") };
	fault->of_drive.sense = fault->sense->sense;
}

void scenario_read_fault(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	const struct scenario_kind *kind = kind_of(node);
	struct key keys[KEY_KEYS_MAX + 1];
	const struct key_map all = { "a fault", keys };

	if (kind == NULL) {
		all_keys(keys);
		key_read_map(&reader->keys, &all, node, NULL);
		return;
	}
	if (scenario_is_defect(kind->fail))
		reader->fault->of_volume.fail =
		    (enum volume_fail)(kind->fail - FAIL_WRITE);
	if (kind->fail == FAIL_READ)
		reader->fault->sense = sense_find("read_error");
	key_read_kind(&reader->keys, scenario_fault_map(kind->fail), kind->what,
	    SCENARIO_KIND(kind->fail), node, reader->fault);
	check_cache(reader, yaml_tree_get(node, "fail"));
	check_dump(reader, kind, node);
	check_together(reader, kind, node);
	if (kind->fail == FAIL_DRIVE)
		scenario_check_drive_fault(reader, node);
}

void scenario_read_faults(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario *s = reader->scenario;

	s->faults = scenario_new_entries(keys, key, node, sizeof *s->faults,
	    "such as - {volume: 2, at: 1 GiB, fail: write}");
	if (s->faults == NULL)
		return;
	for (size_t i = 0; i < node->count; i++) {
		reader->fault = &s->faults[s->faults_count++];
		scenario_fault_init(reader->fault);
		reader->fault->line = node->items[i]->line;
		reader->fault->text = yaml_tree_print(node->items[i]);
		scenario_read_fault(reader, node->items[i]);
	}
}
