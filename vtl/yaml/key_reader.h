/*
 * key_reader.h: reads mappings by the tables of their keys, and values by the
 * type and range of their key.
 *
 * Invariants:
 *  1. A value that could not be read was reported, and its member is unchanged.
 */
#ifndef VTL_YAML_KEY_READER_H
#define VTL_YAML_KEY_READER_H

#include "vtl/yaml/errors.h"
#include "vtl/yaml/key.h"
#include "vtl/yaml/tree.h"

enum { KEY_KEYS_MAX = 40 };

/*
 * The state of reading one file.  The first member of the state of a reader
 * that has more.
 */
struct key_reader {
	struct yaml_errors *errors;
};

/* Adds an error at the place of a node. */
void key_error(struct key_reader *reader, const struct yaml_tree *node,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * Adds an error: the text of the node is not in the list `names`, which ends
 * with NULL.  Suggests a similar name.  `what` says what the names are: "drive
 * model".
 */
void key_unknown(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, const char *what, const char *const *names);

/*
 * Reads a mapping by its table into the structure at `to`, which may be NULL if
 * no key has a member.  Reports unknown, repeated and missing required keys.
 * An empty value is a mapping without keys.
 */
void key_read_map(struct key_reader *reader, const struct key_map *map,
    const struct yaml_tree *node, void *to);

/*
 * Reads a mapping of one kind, called `what` in messages: rows without a bit of
 * `kinds` do not exist.
 */
void key_read_kind(struct key_reader *reader, const struct key_map *map,
    const char *what, uint32_t kinds, const struct yaml_tree *node, void *to);

/*
 * These functions read a value.  Each returns true if the value is valid and in
 * the range of its key.  Otherwise it reports an error and changes nothing
 * else.
 */
bool key_read_text(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, const char **text);
bool key_read_size(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *bytes);
bool key_read_time(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, int64_t *time_ns);
bool key_read_count(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *count);
/* A rate from 1 kB/s to 1 TB/s. */
bool key_read_speed(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *bytes_per_s);
/* A percentage in tenths of a percent, from `min` to `max` of the key. */
bool key_read_share(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *permille);
/* A ratio from 1:1 to 10:1, in thousandths. */
bool key_read_ratio(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *permille);
/* A length in metres, up to 100 km, in millimetres. */
bool key_read_length(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *millimetres);
bool key_read_choice(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, unsigned *index);

/*
 * Reads a text of one line that is not empty, and stores a copy at `*line`.
 * `advice` says what to write.
 */
void key_read_line(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, const char *advice, char **line);

/*
 * Reads a value by its type, of those from SIZE to CHOICE and from SPEED to
 * LENGTH.  Stores it at `to`; if `to` is NULL, the value is only checked.
 */
bool key_read_value(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, void *to);

#endif
