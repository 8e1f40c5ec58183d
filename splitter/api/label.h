/*
 * label.h: labels volumes as scratch: free to be written to.
 *
 * A public header of libsplitter, installed as <tapelab/label.h>.
 *
 *     splitter_label_config_init -> (load -> splitter_label_volume -> unload)*
 *
 * Invariants:
 *
 *  1. A volume that is not blank is labelled only if it is named in
 *     `overwrite`, or if `may_overwrite` agrees.
 *  2. A write-once volume gets no label.  It could never be used again.
 *  3. A volume whose first block cannot be read is not labelled.
 *  4. The volume is looked at again directly before the label is written.
 *
 * One thread at a time uses a tape and a scan.
 */
#ifndef SPLITTER_API_LABEL_H
#define SPLITTER_API_LABEL_H

#include "reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The result for a volume. */
enum splitter_label_status {
	SPLITTER_LABEL_WRITTEN,
	SPLITTER_LABEL_FAILED, /* it could not be written; see `cause` */
	/* The volume was not changed, because */
	SPLITTER_LABEL_IS_SCRATCH, /* it is labelled as scratch already */
	SPLITTER_LABEL_HAS_DUMPS,  /* there are dumps on it */
	SPLITTER_LABEL_WORM,       /* it is write-once */
	SPLITTER_LABEL_NO_NAME,    /* it has neither a barcode nor a label */
	SPLITTER_LABEL_REFUSED,    /* of another reason: see `message` */
	SPLITTER_LABEL_NO_MEMORY
};

struct splitter_label_config {
	size_t config_bytes; /* as in struct splitter_config */
	unsigned api;
	uint64_t block_bytes; /* of the label; default 32 KiB */
	/*
	 * Volumes to label whatever is on them; that is lost.  Names as in
	 * struct splitter_config.
	 */
	const char *const *overwrite;
	size_t overwrite_count;

	void *arg; /* of the functions below; any of them may be NULL */
	/*
	 * Decides about a volume that the rules refuse; `what` describes what
	 * is on it.  True: it is labelled.  Not called for a volume that has
	 * names of its own, as in struct splitter_config.
	 */
	bool (*may_overwrite)(void *arg, const char *what);
	/* The label is about to be written: all that is on it will be lost. */
	void (*before_label)(void *arg,
	    const struct splitter_scan_volume *volume);
	/* As in struct splitter_config. */
	bool format;
	/* The label says that only acceptance runs write to the volume. */
	bool test;
};

struct splitter_label_result {
	enum splitter_label_status status;
	enum tape_cause cause; /* FAILED: why */
	/* Give the volume back with this; after a failure it may be suspect. */
	enum tape_close close;
	char message[TAPE_MESSAGE_BYTES]; /* REFUSED, FAILED: why; or "" */
};

/* Sets the defaults that the comments above name, and 0 and NULL otherwise. */
void splitter_label_config_init(struct splitter_label_config *config,
    size_t config_bytes, unsigned api);

/*
 * Reads the first block of the volume that is loaded in `tape`, adds the volume
 * to `scan`, and labels it if that is allowed.  `*now_ns` becomes the time at
 * which that was done.  Returns 0 and the result, of which `result_bytes` are
 * filled in; -1 with a message if the configuration is not valid.
 */
int splitter_label_volume(struct splitter_scan *scan, struct tape *tape,
    const struct splitter_label_config *config, int64_t *now_ns,
    struct splitter_label_result *result, size_t result_bytes, char *err,
    size_t err_bytes);

#ifdef __cplusplus
}
#endif

#endif
