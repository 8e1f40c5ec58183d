/*
 * scenario_fields.h: the keys of a scenario, as tables, and what reads them.
 *
 * Within this module: scenario.h is what others use.
 *
 * Invariants:
 *  1. A mapping's keys are read in the order of its table, whatever their order
 *     in the file; so a later key may be checked against an earlier one.
 *  2. A value that could not be read was reported, and leaves the field 0; what
 *     is 0 or marked bad is not checked against anything else.
 */
#ifndef SIM_SCENARIO_FIELDS_H
#define SIM_SCENARIO_FIELDS_H

#include "sim/scenario/scenario.h"
#include "sim/yaml/errors.h"
#include "sim/yaml/tree.h"

enum { SCENARIO_FIELDS_MAX = 24, SCENARIO_VOLUMES_MAX = 65535 };

/* The state of reading one file. */
struct scenario_reader {
	struct scenario *scenario;
	struct yaml_errors *errors;

	const struct yaml_tree *block_at; /* NULL: not given */
	bool part_bad, source_bad, volumes_bad;
	const struct yaml_tree *size_at;  /* dump.size; NULL: not given */
	bool size_known;                  /* and it was good */
	const struct yaml_tree *cache_at; /* NULL: not given, or bad */
	bool cache_bad;
	const struct yaml_tree *slices_at; /* NULL: not given, or bad */

	struct scenario_volume volume; /* the entry, or limit, that
						 * is read */
	uint64_t volume_count;         /* how many of it; 0: unread */
	bool warning_given;
	const struct yaml_tree *barcode_at; /* NULL: not given */
	const struct yaml_tree **barcodes;  /* all that are given; owned */
	size_t barcodes_count;

	struct scenario_fault *fault; /* the fault that is read */
	bool by_barcode;              /* it names volumes so */

	struct drive_options *behaviour; /* that is read */
	const struct model *model;       /* of the drive that is read */
};

/* A key of a mapping; a table of them ends with a name of NULL. */
struct scenario_field {
	const char *name;
	bool required;
	void (*read)(struct scenario_reader *reader, const char *key,
	    const struct yaml_tree *value);
};

extern const struct scenario_field scenario_top_fields[];
extern const struct scenario_field scenario_library_fields[];
extern const struct scenario_field scenario_drive_fields[];
extern const struct scenario_field scenario_robot_fields[];
extern const struct scenario_field scenario_volume_fields[];
extern const struct scenario_field scenario_limit_fields[];
extern const struct scenario_field scenario_behaviour_fields[];
extern const struct scenario_field scenario_dump_fields[];
extern const struct scenario_field scenario_source_fields[];
extern const struct scenario_field scenario_splitter_fields[];
extern const struct scenario_field scenario_spool_fields[];

/* The kinds of faults; the last has a word of NULL. */
struct scenario_fault_kind {
	const char *word; /* of the key "fail" */
	const char *what; /* "a write fault" */
	enum scenario_fail fail;
	const struct scenario_field *fields;
};
extern const struct scenario_fault_kind scenario_fault_kinds[];

/* Adds an error at the place of a node. */
void scenario_error(struct scenario_reader *reader,
    const struct yaml_tree *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Reads a mapping by its table: unknown keys, keys given twice, required keys
 * that are missing are errors.  `what` names the mapping in messages.  A value
 * left empty is a mapping without keys.
 */
void scenario_read_map(struct scenario_reader *reader, const char *what,
    const struct yaml_tree *node, const struct scenario_field *fields);

/*
 * The readers of values.  Each returns whether the value was good; where it
 * was not, an error was added and nothing else changed.
 */
bool scenario_read_text(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, const char **text);
bool scenario_read_size(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, uint64_t *bytes);
/* A size that must be less than 2^`power`. */
bool scenario_read_size_below(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, unsigned power, uint64_t *bytes);
bool scenario_read_time(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, int64_t *time_ns);
bool scenario_read_count(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, uint64_t min, uint64_t max, uint64_t *count);
bool scenario_read_word(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, const char *const *words, unsigned *index);

/*
 * `file` as seen from the folder of the scenario; the caller frees it.  NULL
 * without memory.
 */
char *scenario_path_beside(const struct scenario *scenario, const char *file);

/* The readers of the splitter's keys about the part cache. */
void scenario_read_cache(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);
void scenario_read_spool(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);
void scenario_read_slices(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);

/* The reader of what drives differ in from their models. */
void scenario_read_behaviour(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);

/* The keys of a fault of a drive, and what must hold between them. */
extern const struct scenario_field scenario_drive_fault_fields[];
void scenario_check_drive_fault(struct scenario_reader *reader,
    const struct yaml_tree *node);

/* The keys of defects of a volume, and what must hold between them. */
extern const struct scenario_field scenario_write_fault_fields[];
extern const struct scenario_field scenario_read_fault_fields[];
extern const struct scenario_field scenario_slow_fault_fields[];
extern const struct scenario_field scenario_corrupt_fault_fields[];
void scenario_check_defect(struct scenario_reader *reader,
    const struct yaml_tree *node);

/* The readers of a fault's keys that its kinds share. */
void scenario_read_sense(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);
void scenario_read_once(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);
void scenario_read_fail(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);
void scenario_read_fault_volume(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);

/* Reports slices behind the dump's end, once its size is known. */
void scenario_check_slices(struct scenario_reader *reader);

/* What a fault is where nothing is said. */
void scenario_fault_init(struct scenario_fault *fault);

/*
 * Reads a fault into `reader->fault`.  A kind that is not known leaves what
 * can be told without it.
 */
void scenario_read_fault(struct scenario_reader *reader,
    const struct yaml_tree *node);

/* The readers of the top level's keys. */
void scenario_read_library(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);
void scenario_read_volumes(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);
void scenario_read_limit(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);
void scenario_read_dump(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);
void scenario_read_splitter(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);
void scenario_read_faults(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);
void scenario_read_expect(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node);

/*
 * Reports barcodes that are given twice, and makes up those that are not given:
 * TL and the place in the list, four digits at least.
 */
void scenario_make_barcodes(struct scenario_reader *reader);

#endif
