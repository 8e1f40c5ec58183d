/*
 * admit.h: may this volume be written to?
 *
 * A pure function of what is at the beginning of a volume and of what the
 * caller has named.  A volume that nobody named keeps what is on it:
 *
 *     found                        may be written to
 *     label of a scratch volume    always; it gets a label of the dump
 *     blank: never written         if blank volumes are to be labelled, or if
 *                                  its barcode is one to be overwritten
 *     label of a volume with       after its last file, if named to be
 *     dumps                        appended to; from its beginning, if named
 *                                  to be overwritten
 *     not of tapelab, or a label   from its beginning, if its barcode is one
 *     that cannot be read          to be overwritten
 *     an error: nobody knows what  never
 *     is on it
 *
 * Permission to overwrite is for what is on the volume, not for what should
 * be: where barcode and label name two volumes, both must be named.  Without a
 * barcode the name in the label counts; a volume without either has no name,
 * and is written to only if the caller lets a person decide (`unnamed`).
 */
#ifndef SPLITTER_ADMIT_H
#define SPLITTER_ADMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "splitter/format/header.h"

/* Barcodes; the caller's, kept by it. */
struct admit_list {
	const char *const *barcodes;
	size_t count;
};

struct admit_rules {
	bool label_blank;            /* may blank volumes be labelled? */
	struct admit_list append;    /* may be appended to */
	struct admit_list overwrite; /* whatever is on them is lost */
	bool unnamed; /* a person is asked, instead of a refusal */
};

enum admit_found {
	ADMIT_BLANK,
	ADMIT_LABEL,   /* of tapelab: `label` is set */
	ADMIT_FOREIGN, /* readable, and no label of tapelab */
	ADMIT_LOCKED,  /* the drive refuses to read it: encrypted */
	ADMIT_ERROR    /* nobody knows: an error while looking */
};

struct admit_volume {
	const char *barcode; /* "" : there is none */
	enum admit_found found;
	const struct header *label;
	const char *why; /* FOREIGN, LOCKED, ERROR: the reason */
	bool worm;       /* write-once medium */
};

enum admit_answer {
	ADMIT_REFUSE,      /* leave it as it is */
	ADMIT_WRITE_LABEL, /* from its beginning */
	ADMIT_APPEND,      /* after what is on it */
	ADMIT_ASK          /* from its beginning, if a person agrees */
};

/* Whether the barcode is one of the list. */
bool admit_has(const struct admit_list *list, const char *barcode);

/*
 * What to do with the volume.  `why`: the reason for a refusal and what can be
 * done; for ADMIT_ASK what is on the volume.
 */
enum admit_answer admit(const struct admit_rules *rules,
    const struct admit_volume *volume, char *why, size_t why_bytes);

#endif
