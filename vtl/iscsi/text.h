/*
 * text.h: key=value texts of iSCSI (RFC 7143, clause 6.1).
 *
 * A text is a sequence of "key=value", each with a terminating zero byte.  It
 * may be spread over several PDUs, split at any byte.
 *
 * Invariants:
 *
 *  1. A text has at most `limit_bytes`, also in sum over several PDUs.
 *  2. The pairs that iscsi_text_next() returns have a key of 1 to 63
 *     characters that RFC 7143 allows and a value of at most
 *     ISCSI_TEXT_VALUE_BYTES without zero bytes.
 *
 * Threads: a text belongs to one connection.
 */
#ifndef VTL_ISCSI_TEXT_H
#define VTL_ISCSI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum {
	ISCSI_TEXT_BYTES = 65536,
	ISCSI_TEXT_KEYS = 64,
	ISCSI_TEXT_KEY_BYTES = 63,
	ISCSI_TEXT_VALUE_BYTES = 8192,
	ISCSI_TEXT_ALIAS_BYTES = 256
};

/* Begins as zeros. */
struct iscsi_text {
	char *data;
	size_t bytes, room;
	size_t limit_bytes; /* 0: ISCSI_TEXT_BYTES */
	bool no_memory;     /* an append failed for want of memory */
};

/* Frees the memory; the text is then empty. */
void iscsi_text_free(struct iscsi_text *text);

/* Makes the text empty, and keeps its memory. */
void iscsi_text_clear(struct iscsi_text *text);

/*
 * Appends bytes of a PDU.  Returns false if the text would be longer than
 * its limit, or without memory.
 */
bool iscsi_text_append(struct iscsi_text *text, const void *data, size_t bytes);

/* Appends one pair.  Returns false like iscsi_text_append(). */
bool iscsi_text_add(struct iscsi_text *text, const char *key,
    const char *value);
bool iscsi_text_add_number(struct iscsi_text *text, const char *key,
    unsigned long value);

/*
 * Checks a complete text.  Returns NULL; or what is wrong with it, a part of a
 * sentence for the log: no terminating zero byte, no '=', a key or value that
 * is too long, more than ISCSI_TEXT_KEYS pairs.
 */
const char *iscsi_text_check(const struct iscsi_text *text);

struct iscsi_pair {
	char key[ISCSI_TEXT_KEY_BYTES + 1];
	const char *value; /* in the text */
};

/*
 * Finds the next pair of a text that iscsi_text_check() accepted.  *at begins
 * with 0.  Returns false after the last pair.  Empty strings are skipped.
 */
bool iscsi_text_next(const struct iscsi_text *text, size_t *at,
    struct iscsi_pair *pair);

/* Returns the value of the first pair with this key; NULL: no such pair. */
const char *iscsi_text_find(const struct iscsi_text *text, const char *key);

/* Returns whether a comma-separated list has the word. */
bool iscsi_text_list_has(const char *list, const char *word);

#endif
