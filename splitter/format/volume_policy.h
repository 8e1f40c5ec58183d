/*
 * volume_policy.h: may this volume be written to?
 *
 * A pure function of what is at the beginning of a volume and of what the
 * caller has named.  The data on a volume that was not named is kept:
 *
 *     found                        may be written to
 *     label of a scratch volume    always; it gets a label of the dump
 *     blank: never written         if blank volumes may be labelled, or the
 *                                  barcode is in `overwrite`
 *     label of a volume with       after its last file, if it is in `append`;
 *     dumps                        from its beginning, if it is in `overwrite`
 *     not of tapelab, or a label   from its beginning, if its barcode is in
 *     that cannot be read          `overwrite`
 *     an error: the data on it     never
 *     is unknown
 *
 * Permission to overwrite is for the data that is on the volume, not for the
 * data that should be there: if barcode and label name two volumes, both must
 * be named.  Without a barcode the name in the label counts.  A volume without
 * either has no name, and is written to only if the caller lets a person decide
 * (`unnamed`).
 */
#ifndef SPLITTER_VOLUME_POLICY_H
#define SPLITTER_VOLUME_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "splitter/format/header.h"

/* A list of barcodes, which belong to the caller. */
struct volume_policy_list {
	const char *const *barcodes;
	size_t count;
};

struct volume_policy_rules {
	bool label_blank;                 /* may blank volumes be labelled? */
	struct volume_policy_list append; /* volumes that may be appended to */
	/* volumes whose data may be overwritten */
	struct volume_policy_list overwrite;
	bool unnamed; /* ask a person instead of refusing */
};

enum volume_policy_found {
	VOLUME_POLICY_BLANK,
	VOLUME_POLICY_LABEL,   /* of tapelab: `label` is set */
	VOLUME_POLICY_FOREIGN, /* readable, and no label of tapelab */
	VOLUME_POLICY_LOCKED,  /* the drive refuses to read it: encrypted */
	VOLUME_POLICY_ERROR    /* unknown: the label could not be read */
};

struct volume_policy_volume {
	const char *barcode; /* "" : there is none */
	enum volume_policy_found found;
	const struct header *label;
	const char *why; /* FOREIGN, LOCKED, ERROR: the reason */
	bool worm;       /* write-once medium */
};

enum volume_policy_verdict {
	VOLUME_POLICY_REFUSE,      /* leave the volume unchanged */
	VOLUME_POLICY_WRITE_LABEL, /* write from the beginning of the volume */
	VOLUME_POLICY_APPEND,      /* write after the last file of the volume */
	VOLUME_POLICY_ASK /* write from the beginning if a person agrees */
};

/* Returns whether the list has this barcode. */
bool volume_policy_has(const struct volume_policy_list *list,
    const char *barcode);

/*
 * Decides what to do with the volume.  `why` gets the reason for a refusal and
 * what can be done; for VOLUME_POLICY_ASK, `why` gets what is on the volume.
 */
enum volume_policy_verdict
volume_policy_judge(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *volume, char *why, size_t why_bytes);

#endif
