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

/* Purpose and options of an open. */
struct tapes_use {
	bool reading; /* nothing is written to them */
	/*
	 * With `reading`: all volumes of a library, also where only some may be
	 * written to, and no filter before them.  Their state is remembered
	 * for tapes_inherit().
	 */
	bool inspecting;
	uint64_t fixed_block_bytes; /* fixed-block mode; 0: variable */
	uint64_t block_bytes;       /* to be written; 0: not known */
	bool unnamed;     /* the volume in the drive may be overwritten */
	const char *only; /* this volume alone; NULL: those of the source */
};

/* A volume that could not be loaded. */
struct tapes_missed {
	char barcode[TAPE_BARCODE_BYTES]; /* "": not known */
	bool in_use; /* others use it, or all drives: not now */
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

/* The first member of what `open` allocates. */
struct tapes {
	const struct tapes_ops *ops;
	struct tape_library *library; /* hands out the volumes */
};

/* Strings and lists are the program's, and stay as they are. */
struct tapes_source {
	/* Opens the tapes.  NULL with a message. */
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
 * Which volume the last load that failed was to load; without a barcode if
 * that is not known, or was asked before.
 */
void tapes_take_missed(struct tapes *tapes, struct tapes_missed *missed);

/*
 * Calls `each` for every volume anywhere in the library, until it
 * returns false; for none if the source names volumes, or is a drive.  `why`
 * says why a volume must stay where it is; NULL: it may be loaded.  Returns 0,
 * or -1 with a message.
 */
int tapes_each(struct tapes *tapes,
    bool (*each)(void *arg, const char *barcode, const char *why), void *arg,
    char *err, size_t err_bytes);

/*
 * tapes_each_lost() reports also on the volumes that were read through `from`,
 * which was opened for inspecting.  Returns 0, or -1 if there is no memory.
 */
int tapes_inherit(struct tapes *tapes, const struct tapes *from);

/*
 * Calls `each` for every volume that was written through these tapes and is
 * lost: it no longer holds what was written.  Also, with `lost` false, for one
 * that could not be inspected, because it has left the library or others write
 * to it.  `why` says so.  `tapes` may be NULL.
 */
void tapes_each_lost(struct tapes *tapes,
    void (*each)(void *arg, const char *barcode, bool lost, const char *why),
    void *arg);

/*
 * Whether the volume in the drive may be overwritten; `what` describes what is
 * on it.  Asks a person, except with `yes`.  False once another volume was
 * asked for: then it is not the volume that was in the drive at the start.
 */
bool tapes_may_overwrite(const struct tapes *tapes, const char *what, bool yes);

/* Gives back what is loaded, and frees.  NULL is allowed. */
void tapes_close(struct tapes *tapes);

#endif
