/*
 * compose.h: composes the cases of a scenario file.
 *
 *     file + included files -> one tree              file.c
 *          -> the keys of this room                  keys.c
 *          -> combinations, and what each sets       matrix.c, condition.c
 *          -> a label and a tree for each case       label.c, compose.c
 *
 * A case is what sim/scenario reads and what tapelab runs: a tree without the
 * keys of this room, with a name, tags, a timeout, a clock and a seed.
 *
 * A value is taken from the first of these places that has it:
 *   arguments of --set; the row and the axes of the matrix; `overrides`; the
 *   file itself; the files that it includes, the last one first; `defaults`.
 * Mappings are merged key by key.  Other values, lists too, replace each other.
 *
 * Invariants:
 *  1. A node of a tree knows the line, column and file it was written in.  A
 *     value of the matrix has the place of the value, not that of the matrix.
 *  2. Cases are numbered from 0, in the order of the file: the last axis varies
 *     fastest, then the clocks, then the seeds.  Their names are unique.
 *  3. A case is composed when it is asked for: a file of a million cases takes
 *     the memory of one.
 *  4. At most COMPOSE_INCLUDES_MAX files are included in all, and none that is
 *     still being read.
 */
#ifndef SIM_COMPOSE_H
#define SIM_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/yaml/errors.h"
#include "vtl/yaml/key.h"
#include "vtl/yaml/tree.h"

enum { COMPOSE_INCLUDES_MAX = 100, COMPOSE_CASES_DEFAULT = 1000 };

/* The clock that a case is run with. */
enum compose_clock {
	COMPOSE_ANY_CLOCK, /* the file does not say */
	COMPOSE_VIRTUAL,
	COMPOSE_REAL
};

/* A file whose cases can be composed. */
struct compose;

struct compose_options {
	/* Arguments "KEY=VALUE" of --set (set.h), in order; not copied. */
	const char *const *set;
	size_t set_count;
	uint64_t cases_max; /* 0: COMPOSE_CASES_DEFAULT */
	bool has_seed;      /* this seed instead of those of the file */
	uint64_t seed;
};

struct compose_case {
	/*
	 * What tells the case from the others of its file, such as
	 * "[cache=none,seed=7]"; "" in a file with one case.  Owned.
	 */
	char *label;
	/* Without the keys of this room.  Owned; valid as long as the compose. */
	struct yaml_tree *tree;
	char **tags;        /* ended by NULL, or NULL; owned */
	int64_t timeout_ns; /* of real time; 0: not given */
	enum compose_clock clock;
	bool has_seed; /* false: the file does not say */
	uint64_t seed;
};

/* The keys of a file, for its documentation. */
extern const struct key_map compose_map;

/*
 * Reads the file at `path` and the files that it includes.  "-" is the standard
 * input.  `options` must exist as long as the result.  Returns NULL if there
 * are errors: all were added.
 */
struct compose *compose_read(const char *path,
    const struct compose_options *options, struct yaml_errors *errors);

/* Returns the text of the first file, which ends with a zero byte. */
const char *compose_text(const struct compose *compose);

/* Returns the number of cases, at least 1. */
uint64_t compose_count(const struct compose *compose);

/* Returns the label of a case, which the caller frees, or NULL without memory. */
char *compose_case_label(const struct compose *compose, uint64_t number);

/*
 * Composes a case.  Returns 0; the caller clears the case.  Returns -1 after an
 * error, which was added.
 */
int compose_case(const struct compose *compose, uint64_t number,
    struct compose_case *result, struct yaml_errors *errors);

void compose_case_clear(struct compose_case *result);

/* Frees a compose; NULL is allowed. */
void compose_free(struct compose *compose);

#endif
