/*
 * reader.h: the state of reading a scenario, and the functions that its
 * readers share.
 *
 * Private to this room; other rooms include scenario.h and entry.h.
 *
 * Invariants:
 *  1. A value that could not be read was reported, and its member is unchanged.
 *     Members that are 0 or marked bad are not checked against other values.
 */
#ifndef SIM_SCENARIO_READER_H
#define SIM_SCENARIO_READER_H

#include "sim/scenario/key.h"
#include "sim/scenario/kind.h"
#include "sim/scenario/scenario.h"
#include "sim/yaml/errors.h"
#include "sim/yaml/tree.h"

enum { SCENARIO_KEYS_MAX = 24, SCENARIO_VOLUMES_MAX = 65535 };

/* The state of reading one file. */
struct scenario_reader {
	struct scenario *scenario;
	struct yaml_errors *errors;

	const struct yaml_tree *block_at; /* NULL: not given */
	bool part_bad, source_bad, volumes_bad;
	bool size_known; /* of the dump */
	bool cache_bad;
	const struct yaml_tree *slices_at; /* NULL: not given, or bad */

	struct scenario_volume volume; /* the volume or limit being read */
	uint64_t volume_count;         /* the number of such volumes */
	bool warning_given;
	const struct yaml_tree **barcodes; /* given in the file; owned */
	size_t barcodes_count;

	struct scenario_fault *fault; /* being read */
	bool by_barcode;              /* faults name volumes by barcode */

	struct drive_options *behaviour; /* being read */
	const struct model *model;       /* of the drive being read */
};

/* Adds an error at the place of a node. */
void scenario_error(struct scenario_reader *reader,
    const struct yaml_tree *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Reads a mapping by its table into the structure at `to`, which may be NULL
 * where no key has a member.  Unknown keys, keys given twice and required keys
 * that are missing are errors.  A value left empty is a mapping without keys.
 * `kind` is the kind of a fault, NULL for other mappings; keys that this kind
 * does not take are unknown.
 */
void scenario_read_map(struct scenario_reader *reader,
    const struct scenario_map *map, const struct yaml_tree *node,
    const struct scenario_kind *kind, void *to);

/*
 * The readers of values.  Each returns whether the value was good, within the
 * range of its key; where it was not, an error was added and nothing else
 * changed.
 */
bool scenario_read_text(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node,
    const char **text);
bool scenario_read_size(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node,
    uint64_t *bytes);
bool scenario_read_time(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node,
    int64_t *time_ns);
bool scenario_read_count(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node,
    uint64_t *count);
bool scenario_read_choice(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node,
    unsigned *index);

/*
 * Reads a value by the type of its key, one of SIZE, TIME, COUNT, BOOLEAN and
 * CHOICE, into the member at `to`; NULL: only checks it.
 */
bool scenario_read_value(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node, void *to);

/*
 * The value of a key at `value`, one of the same types, as it is written in a
 * scenario; a new reference.  NULL where it is 0, false or the first choice,
 * unless the key is required.
 */
struct json_t *scenario_value_json(const struct scenario_key *key,
    const void *value);
struct json_t *scenario_size_json(uint64_t bytes);

/*
 * `file` relative to the folder of the scenario; the caller frees it.  NULL
 * without memory.
 */
char *scenario_path_beside(const struct scenario *scenario, const char *file);

/* The mappings below the top level, and the readers that are not generic. */
extern const struct scenario_map scenario_library_map;
extern const struct scenario_map scenario_drive_map;
extern const struct scenario_map scenario_volume_map;
extern const struct scenario_map scenario_limit_map;
extern const struct scenario_map scenario_behaviour_map;
extern const struct scenario_map scenario_splitter_map;
extern const struct scenario_map scenario_spool_map;
extern const struct scenario_map scenario_dump_map;
extern const struct scenario_map scenario_source_map;
extern const struct scenario_map scenario_robot_map;

void scenario_read_volumes(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node);
void scenario_read_limit(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node);
void scenario_read_dump(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node);
void scenario_read_faults(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node);
void scenario_read_expect(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node);

/* Reads what a drive differs in from its model into `reader->behaviour`. */
void scenario_read_behaviour(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node);

/* The readers of the splitter's keys about the part cache. */
void scenario_read_cache(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node);
void scenario_read_spool(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node);
void scenario_read_slices(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node);

/* Reports slices after the dump's end, once its size is known. */
void scenario_check_slices(struct scenario_reader *reader);

/*
 * Reports barcodes that are given twice, and makes up those that are not given:
 * TL and the place in the list, at least four digits.
 */
void scenario_make_barcodes(struct scenario_reader *reader);

/* Reads a fault into `reader->fault`. */
void scenario_read_fault(struct scenario_reader *reader,
    const struct yaml_tree *node);

/* Sets a fault to its defaults. */
void scenario_fault_init(struct scenario_fault *fault);

/* The keys of faults, and what must hold between those of a drive. */
const struct scenario_map *scenario_fault_map(enum scenario_fail fail);
extern const struct scenario_map scenario_defect_map;
extern const struct scenario_map scenario_drive_fault_map;
extern const struct scenario_map scenario_other_fault_map;
void scenario_check_drive_fault(struct scenario_reader *reader,
    const struct yaml_tree *node);

/* The values that several kinds of faults read alike. */
const char *const *scenario_sense_words(void);
void scenario_read_fault_volume(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node);
void scenario_read_sense(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node);

#endif
