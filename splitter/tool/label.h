/*
 * label.h: labels the volumes of a library as scratch.
 *
 * Labels the named volumes, or all blank ones.  The reason why a volume was not
 * labelled is printed on standard error.  After three labels in a row that
 * failed, or 100 loads, no more volumes are tried: the drive or the library is
 * the likely cause.
 */
#ifndef SPLITTER_TOOL_LABEL_H
#define SPLITTER_TOOL_LABEL_H

#include "splitter/tool/tapes.h"

struct label_options {
	struct tapes_source tapes;
	/*
	 * Names of volumes that may be overwritten, whatever is on them:
	 * barcodes, medium serial numbers or names in labels.
	 */
	const char *const *overwrite;
	size_t overwrite_count;
	/* format a volume with several partitions that may be overwritten */
	bool format;
	/* for acceptance runs alone: see struct splitter_label_config */
	bool test;
	/* overwrite the volume in the drive, after a question */
	bool overwrite_unnamed;
	bool yes;             /* overwrite without the question */
	uint64_t block_bytes; /* block size of a label */
	/* catalogue that records the lost data; or NULL */
	const char *catalogue;
	bool no_catalogue;
	/* Called after each volume that was labelled. */
	void (*labelled)(void *arg, const char *barcode);
	void *arg;
};

enum label_end {
	LABEL_DONE,
	LABEL_NOT_ALL,     /* a volume was refused, or failed */
	LABEL_INTERRUPTED, /* by a signal */
	LABEL_NOT_BEGUN    /* no volume was touched; `err` has a message */
};

enum label_end label_volumes(const struct label_options *options, char *err,
    size_t err_bytes);

#endif
