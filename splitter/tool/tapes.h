/*
 * tapes.h: where a tool finds its tapes.
 *
 * The tool knows no library of its own.  The program supplies a tapes_source,
 * which opens tapes for one use at a time: a struct tape_library, with
 * additional queries for a backup tool.  A member of `ops` may be NULL if the
 * library does not support it.
 *
 * One thread at a time uses a struct tapes, except that its library is used by
 * the thread that writes.
 */
#ifndef SPLITTER_TOOL_TAPES_H
#define SPLITTER_TOOL_TAPES_H

#include "splitter/tape/tape.h"
#include "splitter/tool/reported.h"

/* The purpose and the options of an open. */
struct tapes_use {
	bool reading; /* the tapes are only read */
	/*
	 * Only with `reading`: hands out all volumes of a library, even if only
	 * some may be written, and ignores filters.  Records the state of the
	 * volumes for tapes_inherit().
	 */
	bool inspecting;
	/* block size in fixed-block mode; 0: variable */
	uint64_t fixed_block_bytes;
	uint64_t block_bytes; /* size of the blocks to be written; 0: unknown */
	bool unnamed;         /* the volume in the drive may be overwritten */
	/* the only volume to use; NULL: those of the source */
	const char *only;
};

/* A volume that could not be loaded. */
struct tapes_missed {
	char barcode[TAPE_BARCODE_BYTES]; /* "": unknown */
	bool in_use; /* other programs use the volume, or all drives */
};

struct tapes;

struct tapes_ops {
	void (*take_missed)(struct tapes *, struct tapes_missed *);
	int (*each)(struct tapes *,
	    bool (*each)(void *arg, const char *barcode, const char *why),
	    void *arg, char *err, size_t err_bytes);
	int (*inherit)(struct tapes *, const struct tapes *from);
	void (*each_lost)(struct tapes *,
	    void (*each)(void *arg, const char *barcode, bool lost,
		const char *why),
	    void *arg);
	bool (*may_overwrite)(const struct tapes *, const char *what, bool yes);
	void (*close)(struct tapes *);
};

/*
 * The tapes of a program.  It is the first member of the structure that `open`
 * allocates.
 */
struct tapes {
	const struct tapes_ops *ops;
	struct tape_library *library; /* hands out the volumes */
	struct reported warned;       /* messages of tapes_warn() */
};

/*
 * Opens tapes for a tool.  The program owns the strings and lists, and must not
 * change them.
 */
struct tapes_source {
	/* Opens the tapes.  Returns NULL with a message on an error. */
	struct tapes *(*open)(void *arg, const struct tapes_use *use, char *err,
	    size_t err_bytes);
	void *arg;
	const char *library; /* the folder of a library; NULL: one drive */
	/* The only volumes to use, in this order; 0: all, in any order. */
	const char *const *volumes;
	size_t volumes_count;
};

struct tape_library *tapes_library(const struct tapes *tapes);

/*
 * Stores which volume the last failed load was about.  The barcode is "" if it
 * is not known, or if this function has returned it already.
 */
void tapes_take_missed(struct tapes *tapes, struct tapes_missed *missed);

/*
 * Calls `each` for every volume in the library until `each` returns false.
 * Calls it for no volume if the source names volumes, or is a single drive.
 * `why` is the reason why a volume must stay where it is; NULL: the volume may
 * be loaded.  Returns 0, or -1 with a message.
 */
int tapes_each(struct tapes *tapes,
    bool (*each)(void *arg, const char *barcode, const char *why), void *arg,
    char *err, size_t err_bytes);

/*
 * Makes tapes_each_lost() also report the volumes that were read through
 * `from`, which was opened for inspecting.  Returns 0, or -1 if there is no
 * memory.
 */
int tapes_inherit(struct tapes *tapes, const struct tapes *from);

/*
 * Calls `each` for every volume that was written through these tapes and no
 * longer holds what was written (`lost`).  Also calls it, with `lost` false,
 * for each volume that could not be inspected, because it has left the library
 * or another program writes to it.  `why` is the reason.  `tapes` may be NULL.
 */
void tapes_each_lost(struct tapes *tapes,
    void (*each)(void *arg, const char *barcode, bool lost, const char *why),
    void *arg);

/*
 * Returns whether the volume in the drive may be overwritten.  `what` describes
 * its contents.  Asks a person, except with `yes`. Returns false after another
 * volume was requested, because the drive no longer has the volume from the
 * start.
 */
bool tapes_may_overwrite(const struct tapes *tapes, const char *what, bool yes);

/*
 * Prints what a drive says of itself or of a volume, once for these tapes: a
 * volume may be loaded several times.
 */
void tapes_warn(struct tapes *tapes, const char *message);

/*
 * Returns the loaded volume to the library, and frees the tapes.  NULL is
 * allowed.
 */
void tapes_close(struct tapes *tapes);

#endif
