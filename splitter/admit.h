/*
 * admit.h: may this volume be written to?
 *
 * A pure function of what stands at the beginning of a volume and of what the
 * caller said.  What the caller did not name is safe:
 *
 *     found                            may be written to
 *     a label of a scratch volume      always; it gets a label of the dump
 *     blank: nothing was ever written  if blank volumes are to be labelled
 *     a label of a volume with dumps   behind them, if named to be appended to
 *     anything else, or unreadable     no
 *     whatever it is                   from its beginning, if named to be
 *                                      overwritten
 *
 * A label that names another volume than the barcode does is anything else:
 * one of the two is wrong.  Where there is no barcode the label is believed.
 */
#ifndef SPLITTER_ADMIT_H
#define SPLITTER_ADMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "splitter/header.h"

/* Barcodes; the caller's, kept by it. */
struct admit_list {
	const char *const *barcodes;
	size_t count;
};

struct admit_rules {
	bool label_blank;		/* may blank volumes be labelled? */
	struct admit_list append;	/* may be appended to */
	struct admit_list overwrite;	/* whatever is on them is lost */
};

enum admit_found {
	ADMIT_BLANK,
	ADMIT_LABEL,		/* of tapelab: `label` is set */
	ADMIT_FOREIGN,		/* readable, and no label of tapelab */
	ADMIT_UNREADABLE
};

struct admit_volume {
	const char *barcode;		/* "" : there is none */
	enum admit_found found;
	const struct header *label;
	const char *why;		/* FOREIGN, UNREADABLE: what it said */
};

enum admit_answer {
	ADMIT_REFUSE,		/* leave it as it is */
	ADMIT_WRITE_LABEL,	/* from its beginning */
	ADMIT_APPEND		/* behind what is on it */
};

/* Whether the barcode is one of the list. */
bool admit_has(const struct admit_list *list, const char *barcode);

/* What to do with the volume; why, and what can be done, where refused. */
enum admit_answer admit(const struct admit_rules *rules,
    const struct admit_volume *volume, char *why, size_t why_bytes);

#endif
