/*
 * chap_file.h: the file of CHAP names and secrets.
 *
 *     # initiator                user   secret         target's user and secret
 *     iqn.2026-11.org.example:a  backup a-long-secret
 *     iqn.2026-11.org.example:b  backup another-secret library its-own-secret
 *
 * A line for each initiator: its name, its CHAP user, its secret; for mutual
 * CHAP also the user and the secret of the target.  Fields are separated by
 * blanks.  '#' at the beginning of a line or after a blank begins a comment.
 *
 * Invariants:
 *
 *  1. The file is a regular file that only its owner may access (mode 0600 or
 *     less), and that belongs to the user of the process or to root.  The
 *     opened descriptor is checked, so the file cannot be exchanged in between.
 *  2. A secret has 12 to 255 characters: RFC 7143 (clause 9.2.1) requires 96
 *     bits.
 *  3. The secret of a target is not also that of an initiator, or an initiator
 *     could use the target's answers as its own (RFC 7143, clause 9.2.1).
 *  4. Each initiator has one line.
 *
 * A file that was read never changes, so any thread may use it.
 */
#ifndef VTL_ISCSI_CHAP_FILE_H
#define VTL_ISCSI_CHAP_FILE_H

#include <stddef.h>

#include "vtl/iscsi/name.h"

enum {
	CHAP_FIELD_BYTES = 256, /* of a user or secret, with terminating zero */
	CHAP_SECRET_MIN_BYTES = 12,
	CHAP_FILE_BYTES = 1048576, /* larger files are refused */
	CHAP_MESSAGE_BYTES = 512
};

struct chap_entry {
	char initiator[ISCSI_NAME_BYTES];
	char user[CHAP_FIELD_BYTES], secret[CHAP_FIELD_BYTES];
	/* "": one-way CHAP only */
	char target_user[CHAP_FIELD_BYTES], target_secret[CHAP_FIELD_BYTES];
};

struct chap_file;

/*
 * Reads a file.  Returns NULL on error, with a message that names the file and
 * the line, and never a secret.
 */
struct chap_file *chap_file_read(const char *path,
    char message[CHAP_MESSAGE_BYTES]);

/* The same from memory; `path` is for messages. */
struct chap_file *chap_file_parse(const char *path, const char *text,
    size_t bytes, char message[CHAP_MESSAGE_BYTES]);

/* Overwrites the secrets, and frees them.  NULL is allowed. */
void chap_file_free(struct chap_file *file);

/* Returns the line of an initiator; NULL: it has no line. */
const struct chap_entry *chap_file_find(const struct chap_file *file,
    const char *initiator);

#endif
