/*
 * key.h: the description of a key.
 *
 * A row of a table describes a key completely: how its value is read, in which
 * member it is stored, and its text in the manual page and the JSON Schema.
 * map.c reads a mapping by its table; doc/ prints the tables.  To add a key,
 * add a row, and the code that uses its value.
 *
 * Invariants:
 *  1. The keys of a mapping are read in the order of its table, whatever
 *     their order in the file: a key may be checked against keys above it.
 *  2. A key of faults has a row for each of its meanings.  No kind of fault
 *     has two rows with the same name.
 *  3. A table ends with a row without a name.
 */
#ifndef SIM_SCENARIO_KEY_H
#define SIM_SCENARIO_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t;
struct scenario_reader;
struct yaml_tree;

/* The type of a value, and of the member that stores it. */
enum scenario_type {
	SCENARIO_TEXT,       /* any text */
	SCENARIO_SIZE,       /* a size; uint64_t, bytes */
	SCENARIO_TIME,       /* a time; int64_t, nanoseconds */
	SCENARIO_COUNT,      /* a whole number; uint32_t or uint64_t */
	SCENARIO_BOOLEAN,    /* true or false; bool */
	SCENARIO_CHOICE,     /* a word; its index: an enum or bool */
	SCENARIO_RATE,       /* a rate, or a range of rates */
	SCENARIO_PERCENTAGE, /* a percentage, or a range of percentages */
	SCENARIO_RATIO,      /* a ratio, such as 2.5:1 */
	SCENARIO_MAP,        /* a mapping with keys of its own */
	SCENARIO_LIST        /* a list */
};

struct scenario_key;

/* A mapping. */
struct scenario_map {
	const char *what; /* in messages: "a volume" */
	const struct scenario_key *keys;
};

/* A member that is 0 or NULL does not apply. */
struct scenario_key {
	const char *name;
	enum scenario_type type;
	bool required;
	uint32_t
	    kinds; /* kinds of faults that take it: SCENARIO_KIND() | ... */

	/* How the value is read. */
	uint64_t min, max; /* COUNT; SIZE: min alone, in bytes */
	unsigned power;    /* SIZE: less than 2^power bytes */
	const char *const *(*words)(void); /* CHOICE: ended by NULL */
	const char *word; /* accepted instead of such a value: "none" */
	const struct scenario_map *map; /* MAP; LIST: of each entry */
	size_t offset, bytes;           /* of the member; see SCENARIO_MEMBER */
	/* Reads the value; NULL: it is read by its type. */
	void (*read)(struct scenario_reader *reader,
	    const struct scenario_key *key, const struct yaml_tree *value);
	/* Checks a valid value against other keys; may be NULL. */
	void (*check)(struct scenario_reader *reader,
	    const struct scenario_key *key, const struct yaml_tree *value);
	/*
	 * The value as it is written in a scenario, from the structure at
	 * `base`; a new reference, or NULL for the default.  NULL: the value
	 * is the member, by its type.  Used for single mappings (entry.h).
	 */
	struct json_t *(*json)(const void *base);

	/* Its description.  Sentences mark words of a scenario as `word`. */
	const char *initial;   /* the default, as a value */
	const char *otherwise; /* the default, in words */
	const char *range;     /* in words; NULL: from min, max and power */
	const char *only;      /* when it is allowed: "cache: spool" */
	const char *example;   /* a value */
	const char *meaning;   /* one plain sentence */
	const char *detail;    /* more sentences, for the manual page */
	const char *choices;   /* CHOICE: a line for each, "word: sentence." */
	const char *schema;    /* JSON; NULL: from the type */
};

#define SCENARIO_MEMBER(structure, member)     \
	.offset = offsetof(structure, member), \
	.bytes = sizeof(((structure *)NULL)->member)

/* The words of a boolean. */
const char *const *scenario_boolean_words(void);

/* The table of a whole scenario: all others are below it. */
extern const struct scenario_map scenario_top_map;

#endif
