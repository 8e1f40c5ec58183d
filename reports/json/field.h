/*
 * field.h: the keys of results.json, as tables.
 *
 * A table describes the members of a struct.  results.json is written and read
 * by the tables, and its JSON Schema and the lists of tapelab-results(5) are
 * printed from them: a new member needs a row, and nothing else.
 *
 * Invariants:
 *  1. Members are read back as they were written, except strings that are not
 *     UTF-8, times below a nanosecond, and members without a row.
 *  2. The reader requires all keys: after a release, a new row also changes
 *     RESULTS_FORMAT.
 *  3. A key of a row is always written.  A row that allows null writes it for a
 *     value that is absent.
 */
#ifndef REPORTS_JSON_FIELD_H
#define REPORTS_JSON_FIELD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum field_type {
	FIELD_TEXT,          /* char * */
	FIELD_TEXT_OR_NULL,  /* char *; "" and NULL are null */
	FIELD_LINE,          /* int: a line of a file */
	FIELD_COUNT,         /* uint64_t */
	FIELD_COUNT_OR_NULL, /* uint64_t; 0 is null */
	FIELD_PLACE_OR_NULL, /* size_t, from 1; 0 is null */
	FIELD_BOOLEAN,
	FIELD_REAL,    /* double; not finite is null */
	FIELD_SECONDS, /* int64_t, in nanoseconds */
	FIELD_WORD,    /* an enumeration: `words` in its order */
	FIELD_METRICS, /* an array of struct results_metric: one object */
	FIELD_LIST,    /* an array of structs of `table` */
	FIELD_UNITS,   /* the units of all metrics that are written before */
	FIELD_DERIVED  /* `get` from other members; read by `set`, if any */
};

struct field_table;

struct field {
	const char *key;
	enum field_type type;
	size_t offset;
	size_t count_offset; /* of arrays: a size_t */
	/* FIELD_LIST: an array of pointers, the elements of which are freed */
	bool pointers;
	/* Offset of a bool that says whether the value is there, plus one. */
	size_t present;
	const struct field_table *table;
	/*
	 * FIELD_WORD: the words.  FIELD_TEXT: the only texts, or NULL.  Ended by
	 * NULL.
	 */
	const char *const *words;
	/*
	 * FIELD_DERIVED: returns the value; sets the members by a value, and
	 * returns false if they cannot have it; the JSON Schema of the value.
	 */
	json_t *(*get)(const void *from);
	bool (*set)(void *to, const json_t *value);
	const char *schema;
	/* Sentences; `code` is a literal.  The type is not repeated. */
	const char *meaning;
};

struct field_table {
	const char *name;           /* in the schema, and in the manual page */
	size_t bytes;               /* of the struct */
	const struct field *fields; /* ended by a key of NULL */
};

extern const struct field_table field_results;

/* All tables, ended by NULL. */
extern const struct field_table *const field_tables[];

/* Returns the table of a name, or NULL. */
const struct field_table *field_table_named(const char *name);

/*
 * Writes a struct as the file `name` in the folder `dir`, completely or not at
 * all.  Returns 0, or -1 with a message.
 */
int field_file_write(const struct field_table *table, const void *from,
    const char *dir, const char *name, char *err, size_t err_bytes);

/*
 * Reads a file into a struct, the members of which are 0.  `remedy` ends the
 * message about a file that is damaged, or whose key "format" has another number.
 * Returns 0, or -1 with a message that says which version wrote the file, or where
 * it is damaged; the struct then has some of its members.
 */
int field_file_read(const char *path, const struct field_table *table,
    int format, void *to, const char *remedy, char *err, size_t err_bytes);

/* Returns whether null is a value of the field. */
bool field_is_nullable(const struct field *field);

#endif
