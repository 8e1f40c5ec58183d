/*
 * impl.h: what the files of this room share.
 *
 * Invariants:
 *  1. Trees refer to names of files that the compose owns, and to arguments of
 *     --set that its caller owns.
 */
#ifndef SIM_COMPOSE_IMPL_H
#define SIM_COMPOSE_IMPL_H

#include "sim/compose/compose.h"
#include "vtl/yaml/key_reader.h"

/* The longest value that is shown in a label, and the longest label. */
enum { LABEL_VALUE_MAX = 40, LABEL_MAX = 160 };

/* A list of which each case has one entry. */
struct compose_axis {
	/* The path that is set; NULL: entries are rows. */
	const struct yaml_tree *path;
	const struct yaml_tree *values; /* a LIST that is not empty */
	char **labels;                  /* of the values; owned */
};

struct compose {
	const struct compose_options *options;
	char *text;   /* of the first file; owned */
	char **files; /* paths of the included files; owned */
	size_t files_count;
	/* The first file with those that it includes, without --set. */
	struct yaml_tree *base;
	struct yaml_tree *defaults; /* NULL: not given */
	struct yaml_tree *matrix;   /* NULL: not given */
	struct compose_axis *axes;
	size_t axes_count;
	/* Lists of MAP below `matrix`; NULL: not given. */
	const struct yaml_tree *when, *exclude;
	enum compose_clock clocks[2];
	size_t clocks_count; /* 0: not given */
	uint64_t *seeds;
	size_t seeds_count; /* 0: not given */
	uint64_t combinations;
	/* The combinations that are not excluded; NULL: all are cases. */
	uint64_t *kept;
	uint64_t count; /* number of cases */
};

/* The state of reading the keys of this room. */
struct compose_reader {
	struct key_reader keys; /* first: see compose_reader_of() */
	struct compose *compose;
	char **tags; /* of the case being read, ended by NULL; owned */
	int64_t timeout_ns;
};

static inline struct compose_reader *compose_reader_of(struct key_reader *keys)
{
	return (struct compose_reader *)keys;
}

/* The entries chosen for a combination. */
struct compose_choice {
	size_t *values; /* one for each axis */
	enum compose_clock clock;
	size_t clock_place, seed_place;
};

/*
 * Reads a file and those that it includes into one tree; NULL: the standard
 * input.  Their paths are added to the compose.  Returns NULL if there are
 * errors: all were added.
 */
struct yaml_tree *compose_read_files(struct compose *compose, const char *path,
    struct yaml_errors *errors);

/* Gives the values of `defaults` to the keys that `root` does not have. */
int compose_apply_defaults(struct yaml_tree *root,
    const struct yaml_tree *defaults, struct yaml_errors *errors);

/* Moves the keys of this room out of `root` to a new MAP; NULL: no memory. */
struct yaml_tree *compose_take_keys(struct yaml_tree *root,
    struct yaml_errors *errors);

/*
 * Reads the keys of a file from such a MAP.  Values that stay in use are taken
 * out of it.  Errors are added.
 */
void compose_read_keys(struct compose_reader *reader, struct yaml_tree *keys);

/* Reads `matrix`, and counts the combinations.  Errors are added. */
void compose_read_matrix(struct compose *compose, struct yaml_errors *errors);

/* Returns the entries of a combination in `choice`, whose array has room. */
void compose_choose(const struct compose *compose, uint64_t combination,
    struct compose_choice *choice);

/*
 * Sets the entries of a combination in the tree.  Returns 0, or -1 after an
 * error, which was added.
 */
int compose_apply_choice(const struct compose *compose,
    const struct compose_choice *choice, struct yaml_tree *root,
    struct yaml_errors *errors);

/* Returns whether the conditions of a mapping hold in a tree. */
bool compose_matches(const struct yaml_tree *conditions,
    const struct yaml_tree *root, const struct compose *compose,
    const struct compose_choice *choice);

/* Returns the labels of the values of an axis, or NULL without memory. */
char **compose_labels(const struct compose *compose,
    const struct compose_axis *axis);

/* Returns the label of a combination, or NULL without memory. */
char *compose_label(const struct compose *compose,
    const struct compose_choice *choice);

#endif
