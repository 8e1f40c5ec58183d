/*
 * evidence.h: what an acceptance run saw, in a file for other programs.
 *
 *     evidence.jsonl   a line for each entry, written at once
 *     evidence.json    all of them, when the run has ended; its SHA-256 is on
 *                      the paper
 *
 * Invariants:
 *  1. An entry is in the file before the run continues, so that a run that was
 *     killed loses none.
 *  2. The bytes of evidence.json depend on the entries alone.
 *
 * Any thread may add an entry.
 */
#ifndef SIM_ACCEPT_EVIDENCE_H
#define SIM_ACCEPT_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct evidence;

enum { EVIDENCE_SHA256_BYTES = 65 };

/*
 * Opens the file in the folder `dir`, and appends to it.  Unless the run
 * `continues` what is in the folder, the file must be new or empty: entries of
 * another run would get into the evidence of this one.  NULL with a message if
 * that is impossible.
 */
struct evidence *evidence_open(const char *dir, bool continues, char *err,
    size_t err_bytes);

/* What later entries are about: the name of a test; "" before the first. */
void evidence_set_test(struct evidence *evidence, const char *test);

/*
 * Adds an entry: its kind, such as "log page", what it is, such as "0x02", when
 * it was read, the decoded text, and the raw bytes (NULL: none).  `evidence` may
 * be NULL.
 */
void evidence_add(struct evidence *evidence, const char *kind, const char *what,
    const char *when, const char *text, const void *raw, size_t raw_bytes);

/* Returns 0, or -1 with a message: an entry could not be written. */
int evidence_check(struct evidence *evidence, char *err, size_t err_bytes);

/*
 * Writes evidence.json, and stores its SHA-256.  Returns 0, or -1 with a
 * message: also if an entry could not be written before.
 */
int evidence_finish(struct evidence *evidence,
    char sha256[EVIDENCE_SHA256_BYTES], char *err, size_t err_bytes);

/* NULL is allowed. */
void evidence_close(struct evidence *evidence);

#endif
