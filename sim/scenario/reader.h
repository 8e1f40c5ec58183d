/*
 * reader.h: the state of reading a scenario, and the functions that its
 * readers share.
 *
 * Private to this room and to faults and steps, which read these keys; other
 * rooms include scenario.h and faults/entry.h.
 *
 * Invariants:
 *  1. A value that could not be read was reported, and its member is unchanged.
 *     Members that are 0 or marked bad are not checked against other values.
 */
#ifndef SIM_SCENARIO_READER_H
#define SIM_SCENARIO_READER_H

#include "sim/scenario/kind.h"
#include "sim/scenario/scenario.h"
#include "vtl/yaml/errors.h"
#include "vtl/yaml/key_reader.h"
#include "vtl/yaml/tree.h"

enum { SCENARIO_VOLUMES_MAX = 65535 };

/* Which values of a dump have no checked value: they are bad or vary. */
struct scenario_unknown {
	bool size, cache;
};

/* The name of the dump that a volume holds, until the dumps are known. */
struct scenario_held {
	const struct yaml_tree *node;
	size_t first, count; /* places of the volumes, from 0 */
};

/* The state of reading one file. */
struct scenario_reader {
	struct key_reader keys; /* first: see scenario_reader_of() */
	struct scenario *scenario;

	const struct yaml_tree *block_at; /* the block size; NULL: not given */
	bool part_bad, source_bad, volumes_bad, cache_bad;
	const struct yaml_tree *slices_at; /* NULL: not given, or bad */

	struct scenario_splitter *splitter; /* the splitter being read */
	struct scenario_dump *dump;         /* the dump being read */
	uint64_t feed_mean; /* mean of a lognormal distribution; 0: not given */
	/* For each dump, whether its size or its cache is not known. */
	struct scenario_unknown *unknown; /* owned */

	struct scenario_volume volume; /* the volume or limit being read */
	uint64_t volume_count;         /* the number of such volumes */
	const struct yaml_tree *holds; /* names the dump on them; or NULL */
	bool warning_given;
	/* Barcodes given in the file; owned. */
	const struct yaml_tree **barcodes;
	size_t barcodes_count;

	struct metrics_expect *expect;        /* the expectation being read */
	struct scenario_published *published; /* the value being read */
	bool metric_bad;                      /* its metric is not known */
	struct scenario_fault *fault;         /* the fault being read */
	struct scenario_step *step;           /* the step being read; or NULL */
	bool by_barcode; /* faults name volumes by barcode */
	/* The steps of the file, in their order; owned. */
	const struct yaml_tree **step_nodes;
	/* The values of `holds` that name a dump, with their volumes; owned. */
	struct scenario_held *held;
	size_t held_count;

	struct drive_options *behaviour; /* the behaviour being read */
	const struct model *model;       /* model of the drive being read */
};

/* Returns the reader of a scenario whose keys are being read. */
static inline struct scenario_reader *
scenario_reader_of(struct key_reader *keys)
{
	return (struct scenario_reader *)keys;
}

/*
 * Returns the path of the included file that the node is in, which belongs to
 * the scenario; NULL if it is in the scenario's own file, or without memory,
 * which was reported.
 */
const char *scenario_node_file(struct scenario_reader *reader,
    const struct yaml_tree *node);

/*
 * Returns the path of a file that the node names, relative to the file that the
 * node is in.  The result is a path to open, or, without `to_open`, one that is
 * relative to the folder of the scenario.  The caller frees it.  NULL without memory.
 */
char *scenario_node_path(struct scenario_reader *reader,
    const struct yaml_tree *node, const char *name, bool to_open);

/* The table of a whole scenario: all others are below it. */
extern const struct key_map scenario_top_map;

/*
 * The mappings below the top level, and the readers of keys that have one of
 * their own.
 */
extern const struct key_map scenario_library_map;
extern const struct key_map scenario_drive_map;
extern const struct key_map scenario_volume_map;
extern const struct key_map scenario_limit_map;
extern const struct key_map scenario_behaviour_map;
extern const struct key_map scenario_splitter_map;
extern const struct key_map scenario_spool_map;
extern const struct key_map scenario_dump_map;
extern const struct key_map scenario_source_map;
extern const struct key_map scenario_feed_map;
extern const struct key_map scenario_robot_map;
extern const struct key_map scenario_expect_map;
extern const struct key_map scenario_published_map;

void scenario_read_volumes(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_limit(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_splitter(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_dump(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_feed(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_dumps(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_faults(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_expect(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

void scenario_read_published(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

/*
 * Reads the differences between a drive and its model into `reader->behaviour`.
 */
void scenario_read_behaviour(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

/* Reports an error unless exactly one of `dump` and `dumps` is given. */
void scenario_check_dumps(struct scenario_reader *reader,
    const struct yaml_tree *root);

/* Reads the keys of one dump into `reader->dump`. */
void scenario_read_one_dump(struct scenario_reader *reader,
    const struct yaml_tree *node);

/* Readers of the keys of a dump that are about the other dumps. */
void scenario_read_dump_name(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_dump_splitter(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

/*
 * Finds the dump that a value names.  Returns true and sets `*dump` to its
 * place, from 0; otherwise reports an error.
 */
bool scenario_find_dump(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node, size_t *dump);

/* The same for a name that is in the value of `key`. */
bool scenario_find_dump_called(struct scenario_reader *reader,
    const struct yaml_tree *node, const char *key, const char *name,
    size_t *dump);

/*
 * Reports a block that a drive does not take: where the block is given, or, if
 * it is the default, at `drives`.
 */
void scenario_check_block(struct scenario_reader *reader,
    const struct yaml_tree *drives, uint64_t block_bytes);

/*
 * These functions read the keys of the splitter that are about the part cache.
 */
void scenario_read_cache(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_spool(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);
void scenario_read_slices(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

/*
 * Reports an error if a cache that needs a part size has none: memory and spool
 * hold a whole part and the buffer.
 */
void scenario_check_part(struct scenario_reader *reader,
    const struct yaml_tree *node);

/* Reports slices that end after the end of the dump, whose size is known. */
void scenario_check_slices(struct scenario_reader *reader);

/*
 * Reports barcodes that are given twice.  A volume without a barcode gets one:
 * TL and its place in the list, with at least four digits.
 */
void scenario_make_barcodes(struct scenario_reader *reader);

extern const struct key_map scenario_acceptance_map;
void scenario_read_acceptance(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

/* Reads the steps of a story. */
extern const struct key_map scenario_step_map, scenario_interrupt_map;
void scenario_read_steps(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node);

/*
 * Checks what steps need: the dumps that volumes hold are written by a step
 * that comes first.  Called after all keys.
 */
void scenario_check_steps(struct scenario_reader *reader,
    const struct yaml_tree *root);

/*
 * Reads a volume, by its barcode or by its place in the list from 1.  Returns
 * false after an error, which was reported.
 */
bool scenario_find_volume(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node, size_t *place);
/*
 * Returns an array for the entries of a list, all zeros, and one more, which
 * the scenario owns.  `form` ends the message about a value that is no list.
 * Returns NULL if the value is empty, or an error was reported.
 */
void *scenario_new_entries(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node, size_t entry_bytes, const char *form);

/* Reads a fault into `reader->fault`. */
void scenario_read_fault(struct scenario_reader *reader,
    const struct yaml_tree *node);

/* Sets a fault to its defaults. */
void scenario_fault_init(struct scenario_fault *fault);

/* Returns the keys of a kind of fault. */
const struct key_map *scenario_fault_map(enum scenario_fail fail);
extern const struct key_map scenario_defect_map;
extern const struct key_map scenario_drive_fault_map;
extern const struct key_map scenario_other_fault_map;
/* Returns the words of sense data, ended by NULL. */
const char *const *scenario_sense_words(void);
void scenario_check_drive_fault(struct scenario_reader *reader,
    const struct yaml_tree *node);

#endif
