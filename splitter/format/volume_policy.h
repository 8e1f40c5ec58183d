/*
 * volume_policy.h: may this volume be written to?
 *
 * A pure function of what is at the beginning of a volume and of what the
 * caller has named.  The data on a volume that was not named is kept:
 *
 *     found                        may be written to
 *     label of a scratch volume    always; it gets a label of the dump
 *     label for tests              from its beginning by an acceptance run
 *                                  (`test`), or if it is named; a backup
 *                                  appends nothing to it
 *     blank: never written         if blank volumes may be labelled, or it is
 *                                  named; write-once: only if it is named
 *     label of a volume with       after its last file, if it is in `append`;
 *     dumps                        from its beginning, if it is named
 *     not of tapelab, or a label   from its beginning, if it is named
 *     that cannot be read
 *     several partitions           formatted as one, if it is named and
 *                                  `format` is set
 *     an error: the data on it     never
 *     is unknown
 *
 * A volume is named if one of its names is in `overwrite`: its barcode, its
 * medium serial number, or, without a barcode, the name in its label.  A barcode
 * that only a person says does not name a medium that has a serial number, unless
 * the label or the memory of the medium has that barcode too: the person may have
 * put in another cartridge.
 *
 * Permission to overwrite is for the data that is on the volume, not for the
 * data that should be there.  Three pairs of names can disagree, because the
 * label and the medium record what was true when they were written:
 *
 *     barcode                and the volume that the label names: a sticker is
 *                            on another cartridge, or a changer is wrong
 *     barcode                and the one that a library has stored in the
 *                            memory of the medium (MAM 0806): the same
 *     medium serial number   and the one that the label records: a copy of the
 *                            label is on another cartridge
 *
 * Then each name of that pair must be in `overwrite`, and nothing else writes
 * to the volume.  A name that is unknown does not disagree.
 *
 * A volume without any name is written to only if the caller lets a person
 * decide (`unnamed`).  A barcode that a robot reports is a name; one that a person
 * says, who may decide, is the new name of the volume.  A person does not decide
 * about a medium that has a serial number, or a barcode in its memory, unless each
 * of these names is in `overwrite` as well: only names tell apart the cartridge
 * that the person means from the one that is in the drive.
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
	/* Ask a person about a volume without a name instead of refusing it. */
	bool unnamed;
	/* A named volume with several partitions may be formatted as one. */
	bool format;
	bool test; /* an acceptance run: volumes labelled for tests are free */
};

enum volume_policy_found {
	VOLUME_POLICY_BLANK,
	VOLUME_POLICY_LABEL,   /* of tapelab: `label` is set */
	VOLUME_POLICY_FOREIGN, /* readable, and no label of tapelab */
	VOLUME_POLICY_LOCKED,  /* the drive refuses to read it: encrypted */
	VOLUME_POLICY_ERROR    /* unknown: the label could not be read */
};

struct volume_policy_volume {
	const char *barcode; /* "": no barcode */
	enum volume_policy_found found;
	const struct header *label;
	const char *why;    /* FOREIGN, LOCKED, ERROR: the reason */
	bool worm;          /* write-once medium */
	const char *serial; /* of the medium; NULL or "": unknown */
	bool partitioned;   /* several partitions */
	/* The barcode in the memory of the medium; NULL or "": unknown. */
	const char *mam_barcode;
	bool claimed;  /* only a person says the barcode */
	bool reported; /* a robot, or a command, reports the barcode */
};

enum volume_policy_verdict {
	VOLUME_POLICY_REFUSE,      /* leave the volume unchanged */
	VOLUME_POLICY_WRITE_LABEL, /* write from the beginning of the volume */
	VOLUME_POLICY_APPEND,      /* write after the last file of the volume */
	VOLUME_POLICY_ASK,   /* write from the beginning if a person agrees */
	VOLUME_POLICY_FORMAT /* format as one partition, then write as above */
};

/* Returns whether the list has this barcode. */
bool volume_policy_has(const struct volume_policy_list *list,
    const char *barcode);

/*
 * Decides what to do with the volume.  `why` gets the reason for a refusal and
 * what can be done, with the names to be given; for VOLUME_POLICY_ASK, `why`
 * gets what is on the volume.  If the person agrees, a volume with several
 * partitions is formatted first.
 */
enum volume_policy_verdict
volume_policy_judge(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *volume, char *why, size_t why_bytes);

#endif
