/*
 * key.h: the description of a key.
 *
 * A row of a table describes a key completely: how its value is read, in which
 * member it is stored, and its text in the manual page and the JSON Schema.
 * map.c reads a mapping by its table; sim/scenario/doc/ prints the tables.  To
 * add a key, add a row, and the code that uses its value.
 *
 * Invariants:
 *  1. The keys of a mapping are read in the order of its table, whatever
 *     their order in the file: a key may be checked against keys above it.
 *  2. A key may have a row for each of several kinds of mapping.  No kind has
 *     two rows with the same name.
 *  3. A table ends with a row without a name.  The map of that row, if it has
 *     one, has keys that are read elsewhere: they are named in messages.
 */
#ifndef VTL_YAML_KEY_H
#define VTL_YAML_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t;
struct key_reader;
struct yaml_tree;

/* The type of a value, and of the member that stores it. */
enum key_type {
	KEY_TEXT,       /* any text */
	KEY_SIZE,       /* a size; uint64_t, bytes */
	KEY_TIME,       /* a time; int64_t, nanoseconds */
	KEY_COUNT,      /* a whole number; uint32_t or uint64_t */
	KEY_BOOLEAN,    /* true or false; bool */
	KEY_CHOICE,     /* a word; its index: an enum or bool */
	KEY_RATE,       /* a rate, or a range of rates */
	KEY_PERCENTAGE, /* a percentage, or a range of percentages */
	KEY_RATIO,      /* a ratio, such as 2.5:1 */
	KEY_SPEED,      /* one rate; uint64_t, bytes per second */
	KEY_SHARE,      /* one percentage; uint32_t, tenths of a percent */
	KEY_LENGTH,     /* a length, such as 846 m; uint32_t, millimetres */
	KEY_MAP,        /* a mapping with keys of its own */
	KEY_LIST        /* a list */
};

struct key;

/* A mapping, described by the table of its keys. */
struct key_map {
	const char *what; /* name in messages: "a volume" */
	const struct key *keys;
};

/* A row of a table.  A member that is 0 or NULL is not used for this key. */
struct key {
	const char *name;
	enum key_type type;
	bool required;
	/* A bit for each kind of mapping that takes the key. */
	uint32_t kinds;

	/* The range of the value, and where it is stored. */
	uint64_t min, max; /* COUNT; SIZE: min alone, in bytes */
	unsigned power;    /* SIZE: less than 2^power bytes */
	/* CHOICE: returns the words, ended by NULL. */
	const char *const *(*words)(void);
	const char *word; /* a word accepted instead of a value: "none" */
	/* MAP: the mapping.  LIST: the mapping of each entry. */
	const struct key_map *map;
	size_t offset, bytes; /* the member: see KEY_MEMBER */
	/* Reads the value.  NULL: the value is read by its type. */
	void (*read)(struct key_reader *keys, const struct key *key,
	    const struct yaml_tree *value);
	/* Checks a valid value against other keys; may be NULL. */
	void (*check)(struct key_reader *keys, const struct key *key,
	    const struct yaml_tree *value);
	/*
	 * Returns the value of the structure at `base` as a scenario writes it:
	 * a new reference, or NULL for the default.  If the function is NULL,
	 * the value is that of the member.  Used for single mappings (entry.h).
	 */
	struct json_t *(*json)(const void *base);

	/*
	 * The documentation of the key.  Sentences mark words of a scenario as
	 * `word`.
	 */
	const char *initial;   /* the default, as a value */
	const char *otherwise; /* the default, in words */
	/* The range in words; NULL: from min, max and power. */
	const char *range;
	const char *only;    /* condition for the key: "cache: spool" */
	const char *example; /* an example of a value */
	const char *meaning; /* one plain sentence */
	const char *detail;  /* more sentences, for the manual page */
	const char *choices; /* CHOICE: a line for each, "word: sentence." */
	const char *schema;  /* the schema as JSON; NULL: from the type */
};

#define KEY_MEMBER(structure, member)          \
	.offset = offsetof(structure, member), \
	.bytes = sizeof(((structure *)NULL)->member)

/* Returns the words of a boolean, ended by NULL. */
const char *const *key_boolean_words(void);

#endif
