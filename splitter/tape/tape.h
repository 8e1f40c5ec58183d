/*
 * tape.h: what the splitter asks of a tape and of the library it lies in.
 *
 * A tape is a drive with a volume in it.  Real drives, virtual drives and the
 * filters that stack on them all have this form; so has the library that
 * hands the volumes out.
 *
 * Invariants, for whoever implements or calls it:
 *
 *  1. Every operation is told the time `now_ns` and answers with the time at
 *     which it is complete, `done_ns >= now_ns`.  A tape that works in real
 *     time reads the clock when it has finished; a model computes.
 *  2. An operation never blocks on anything but its device.
 *  3. `bytes` in an answer is what the tape has taken, in whole blocks (or the
 *     whole run).  A write stops at the block that meets the early warning,
 *     the physical end or an error; the block that meets the early warning is
 *     on tape, the others are not.
 *  4. Nothing taken is safe until a synchronised filemark behind it succeeded.
 *  5. A tape is used by one thread at a time.
 *
 * It is installed as <tapelab/tape.h>, beside enums.h; it is valid in C and
 * in C++.
 */
#ifndef SPLITTER_TAPE_H
#define SPLITTER_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enums.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
	TAPE_MESSAGE_BYTES = 512,
	TAPE_BARCODE_BYTES = 33, /* 32 characters and the end */
	TAPE_BLOCK_MIN_BYTES = 4096,
	TAPE_BLOCK_MAX_BYTES = 64 << 20 /* more than any drive takes */
};

struct tape_sense {
	uint8_t key, asc, ascq;
	bool valid;
};

struct tape_result {
	enum tape_cause cause;
	bool leom;       /* the early warning was met, now or before */
	uint64_t bytes;  /* taken or delivered */
	int64_t done_ns; /* when the operation is complete */
	struct tape_sense sense;
	char message[TAPE_MESSAGE_BYTES]; /* for a person; "" when OK */
};

/*
 * A run of contiguous blocks.  `data` may be NULL where only the provenance
 * counts (a model without payload).  Only the last block may be short.
 * `progress`, where it is set, may be called while the run is written, with
 * the bytes that the tape has taken since the last call.
 */
struct tape_run {
	const void *data;
	uint64_t bytes;
	uint64_t block_bytes;
	uint64_t dump_id; /* provenance: which dump, */
	uint64_t offset;  /* and where in it the run begins */
	void (*progress)(void *arg, uint64_t bytes);
	void *progress_arg;
};

/* What was read: one block, or its provenance where there is no payload. */
struct tape_block {
	uint64_t bytes;
	bool has_data;    /* false: a volume without payload */
	uint64_t dump_id; /* meaningful where has_data is false */
	uint64_t offset;
};

struct tape_limits {
	uint64_t block_min_bytes;
	uint64_t block_max_bytes;
	/* 0: feed it as you like; 1: a full buffer before a part; 2: and */
	int need;  /* after each underrun: enum splitter_streaming */
	bool worm; /* the volume is known to be write-once */
};

#define TAPE_POSITION_UNKNOWN UINT64_MAX

/* A member that the drive does not tell is TAPE_POSITION_UNKNOWN. */
struct tape_position {
	uint64_t file;   /* filemarks before this place */
	uint64_t object; /* blocks and filemarks before this place */
	uint64_t byte;   /* bytes of the medium before this place */
};

struct tape;

struct tape_ops {
	const char *name;
	/*
	 * What the drive and its volume can take.  Never fails.  All members
	 * are zero before the call.
	 */
	void (*limits)(struct tape *, struct tape_limits *);
	/* Where the tape stands.  Takes no time. */
	void (*position)(struct tape *, struct tape_position *);
	/* Rewinds and writes the label block and a filemark. */
	void (*label)(struct tape *, const void *block, uint64_t bytes,
	    int64_t now_ns, struct tape_result *);
	/*
	 * Writes the header block that begins a file; or, in an end record,
	 * the next block of the file, which is a header too.
	 */
	void (*start_file)(struct tape *, const void *block, uint64_t bytes,
	    int64_t now_ns, struct tape_result *);
	void (*write)(struct tape *, const struct tape_run *, int64_t now_ns,
	    struct tape_result *);
	/* A filemark; `sync` waits until all before it is on the medium. */
	void (*filemark)(struct tape *, bool sync, int64_t now_ns,
	    struct tape_result *);
	/*
	 * Reads the next block into `buf`.  A filemark is passed and answered
	 * with TAPE_FILEMARK, the end of data with TAPE_EOD, a volume that was
	 * never written with TAPE_BLANK.
	 */
	void (*read)(struct tape *, void *buf, uint64_t buf_bytes,
	    struct tape_block *, int64_t now_ns, struct tape_result *);
	/* Goes to the first block of file `file` (0: the label). */
	void (*locate)(struct tape *, uint64_t file, int64_t now_ns,
	    struct tape_result *);
	/* Goes to the end of data, and verifies that it is there. */
	void (*locate_eod)(struct tape *, int64_t now_ns, struct tape_result *);
	void (*rewind)(struct tape *, int64_t now_ns, struct tape_result *);
};

struct tape {
	const struct tape_ops *ops;
	/* Of the volume in the drive: printable ASCII; "": not known. */
	char barcode[TAPE_BARCODE_BYTES];
	unsigned drive; /* from 0 */
};

struct tape_library;

/*
 * A library hands out volumes, in its own order.  `load` takes the next one,
 * in a drive that has not been given back with TAPE_CLOSE_AVOID_DRIVE, and answers
 * with the tape; NULL and TAPE_NO_VOLUME when there are no more volumes or no
 * drive, NULL and another cause when this volume could not be loaded (asking
 * again takes the one after it).  `load_named` takes the volume with this
 * barcode, whether it was handed out before or not, to be read: TAPE_NO_VOLUME
 * where there is none; NULL if this library cannot look for a volume.
 * `unload` takes the tape back: it writes the
 * filemark that is missing behind an unfinished file, where the volume is good
 * or full, and unloads.  On a suspect one it writes nothing: the tape may be
 * elsewhere.  The tape is not to be used after that.
 */
struct tape_library_ops {
	struct tape *(*load)(struct tape_library *, int64_t now_ns,
	    struct tape_result *);
	struct tape *(*load_named)(struct tape_library *, const char *barcode,
	    int64_t now_ns, struct tape_result *);
	void (*unload)(struct tape_library *, struct tape *, enum tape_close,
	    int64_t now_ns, struct tape_result *);
};

struct tape_library {
	const struct tape_library_ops *ops;
};

/* What `load_named` answers; TAPE_NO_VOLUME where a library has none. */
struct tape *tape_load_named(struct tape_library *library, const char *barcode,
    int64_t now_ns, struct tape_result *result);

/* Clears a result and sets its time. */
void tape_result_init(struct tape_result *result, int64_t done_ns);

/* The message of a result; a description of its cause where there is none. */
const char *tape_result_text(const struct tape_result *result);

#ifdef __cplusplus
}
#endif

#endif
