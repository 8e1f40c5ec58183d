/*
 * access.h: which initiators may use the targets of a server, and which
 * logical units.
 *
 * Invariants:
 *
 *  1. With a CHAP file each initiator must authenticate, also for discovery.
 *  2. With at least one rule only the named initiators are allowed.
 *  3. A name does not prove anything without CHAP: it is what the initiator
 *     says.
 *
 * Filled before the server starts; then constant, so any thread may use it.
 */
#ifndef VTL_ISCSI_ACCESS_H
#define VTL_ISCSI_ACCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "vtl/iscsi/chap_file.h"

struct iscsi_access;

/* Returns NULL without memory.  At first every initiator is allowed. */
struct iscsi_access *iscsi_access_create(void);

/* NULL is allowed. */
void iscsi_access_free(struct iscsi_access *access);

/*
 * Adds the rule `text`: "IQN" (all logical units) or "IQN=LUNS", where LUNS is a list of
 * numbers and ranges such as "0,2-4" (--allow).  Several rules for an initiator
 * add up.  Returns 0; or -1 with a message, and then the rule may have been
 * added in part.
 */
int iscsi_access_allow(struct iscsi_access *access, const char *text,
    char message[CHAP_MESSAGE_BYTES]);

/* Requires CHAP with the file (--chap).  Returns 0; or -1 with a message. */
int iscsi_access_chap(struct iscsi_access *access, const char *path,
    char message[CHAP_MESSAGE_BYTES]);

/* The same with a file that was read; it belongs to `access` then. */
void iscsi_access_take_chap(struct iscsi_access *access,
    struct chap_file *file);

/* Returns whether there is a CHAP file. */
bool iscsi_access_needs_chap(const struct iscsi_access *access);

/* Returns the CHAP line of an initiator; NULL: it has no line. */
const struct chap_entry *iscsi_access_entry(const struct iscsi_access *access,
    const char *initiator);

/* Returns whether the rules allow the initiator to log in. */
bool iscsi_access_allows(const struct iscsi_access *access,
    const char *initiator);

/*
 * Returns whether the rules allow the initiator to use a logical unit of the
 * library: its LUN in the target with all devices.
 */
bool iscsi_access_allows_lun(const struct iscsi_access *access,
    const char *initiator, unsigned lun);

/*
 * Finds a rule that allows only logical units which a library with `count` of
 * them does not have.  Returns its initiator, and the first of them in `lun`;
 * NULL: no rule is so.
 */
const char *iscsi_access_find_beyond(const struct iscsi_access *access,
    size_t count, unsigned *lun);

#endif
