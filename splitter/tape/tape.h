/*
 * tape.h: a tape, and the library of volumes that hands tapes out.
 *
 * A tape is a drive with a volume in it.  Real drives, virtual drives and the
 * filters before them implement this interface.
 *
 * Rules for those who implement or call it:
 *
 *  1. The caller of an operation passes the time `now_ns`.  The operation sets
 *     `done_ns`, the time at which it is complete; `done_ns >= now_ns`.  A tape
 *     in real time reads the clock when it has finished; a model computes the
 *     time.
 *  2. An operation waits for its device, and for nothing else.
 *  3. `bytes` in a result is what the tape has taken, in whole blocks (or the
 *     whole run).  A write ends at the block that reaches the early warning,
 *     the physical end or an error.  The block that reaches the early warning
 *     is on tape, the others are not.
 *  4. Bytes that a tape has taken are safe only after a synchronised filemark
 *     that follows them.
 *  5. One thread at a time uses a tape.
 *
 * None of the structs here changes its size: a later member takes the place of
 * a reserved one.  Whoever fills in a struct sets the reserved members to 0;
 * tape_result_init() does that for a result.  So programs and libraries of
 * different versions work together.
 *
 * Installed as <tapelab/tape.h>, next to enums.h.  Valid in C and in C++.
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
	TAPE_SERIAL_BYTES = 33,
	TAPE_MAKER_BYTES = 9,
	TAPE_GENERATION_BYTES = 33,
	TAPE_BLOCK_MIN_BYTES = 4096,
	/* larger than the maximum of any drive */
	TAPE_BLOCK_MAX_BYTES = 64 << 20
};

/* Sense data, as in SPC. */
struct tape_sense {
	uint8_t key, asc, ascq;
	bool valid;
};

/*
 * What the drive says of itself or of the cartridge next to a result, which it
 * does not change.  Bits of tape_result.remarks.
 */
enum tape_remark {
	TAPE_REMARK_CLEANING = 1 << 0, /* the drive asks to be cleaned */
	/* the drive predicts that it or the cartridge will fail */
	TAPE_REMARK_FAILURE = 1 << 1,
	/* TapeAlert flag 13h: nearing media life */
	TAPE_REMARK_NEARLY_WORN = 1 << 2,
	TAPE_REMARK_WORN = 1 << 3, /* TapeAlert flag 07h: media life */
};

struct tape_result {
	enum tape_cause cause;
	bool leom;       /* the early warning was reached, now or before */
	uint64_t bytes;  /* taken or delivered */
	int64_t done_ns; /* time at which the operation is complete */
	struct tape_sense sense;
	/* message for a person; "" when TAPE_OK */
	char message[TAPE_MESSAGE_BYTES];
	/*
	 * Bits of enum tape_remark.  A tape reports each in the result of the
	 * operation that met it or in a later one, and may report it again in
	 * all results until the unload.
	 */
	uint64_t remarks;
	uint64_t reserved[3];
};

/*
 * A run of contiguous blocks.  `data` may be NULL if the tape keeps no payload.
 * Only the last block may be short.  While the run is written, the tape may
 * call `progress`, if it is not NULL, with the number of bytes taken since the
 * last call.
 */
struct tape_run {
	const void *data;
	uint64_t bytes;
	uint64_t block_bytes;
	uint64_t dump_id; /* the dump to which the run belongs */
	uint64_t offset;  /* offset of the first byte in that dump */
	void (*progress)(void *arg, uint64_t bytes);
	void *progress_arg;
	uint64_t reserved[4];
};

/*
 * Equal writes in model time, begun at equal distances.  Each continues the one
 * before it, in the dump too.
 */
struct tape_repeat {
	struct tape_run run; /* the first; its data and progress are NULL */
	uint64_t times;      /* how many, > 0 */
	int64_t begin_ns;    /* when the first begins */
	int64_t every_ns;    /* distance of their beginnings */
	int64_t take_ns;     /* how long each must take */
	uint64_t reserved[4];
};

/* A block that was read. */
struct tape_block {
	uint64_t bytes;
	bool has_data; /* false: the volume keeps no payload */
	/*
	 * Without payload: the dump of the block, and its offset in the dump.
	 */
	uint64_t dump_id;
	uint64_t offset;
	uint64_t reserved[4];
};

struct tape_limits {
	uint64_t block_min_bytes;
	uint64_t block_max_bytes;
	/* whether the drive needs a full buffer */
	enum splitter_streaming streaming;
	bool worm; /* the volume is known to be write-once */
	uint64_t reserved[4];
};

#define TAPE_POSITION_UNKNOWN UINT64_MAX

/* A member that the drive does not report is TAPE_POSITION_UNKNOWN. */
struct tape_position {
	uint64_t file;   /* filemarks before this position */
	uint64_t object; /* blocks and filemarks before this position */
	uint64_t byte;   /* bytes of the medium before this position */
	uint64_t reserved[4];
};

/* A fact that not every drive reports. */
enum tape_known { TAPE_KNOWN_UNKNOWN, TAPE_KNOWN_NO, TAPE_KNOWN_YES };

/* What proves the answer TAPE_BLANK of `read` at the beginning of a volume. */
enum tape_blank_proof {
	TAPE_BLANK_PROOF_UNKNOWN,
	/*
	 * An errno: the driver reports no sense data.  The result of `read` has
	 * none.
	 */
	TAPE_BLANK_PROOF_ERRNO,
	/*
	 * Sense data.  The volume is blank only if the result of `read` has
	 * BLANK CHECK, 8/00/05; with any other sense data it counts as
	 * unreadable.
	 */
	TAPE_BLANK_PROOF_SENSE
};

#define TAPE_IDENTITY_UNKNOWN UINT64_MAX

/*
 * The cartridge in the drive, from its auxiliary memory (MAM, SPC-4) and the
 * drive.  Texts are printable ASCII without blanks at either end; "": unknown.
 * A text that the drive reports with other characters is unknown.
 */
struct tape_identity {
	char serial[TAPE_SERIAL_BYTES]; /* MAM 0401: medium serial number */
	char maker[TAPE_MAKER_BYTES];   /* MAM 0400: medium manufacturer */
	/* MAM 0806: the barcode that a host or library has stored there. */
	char barcode[TAPE_BARCODE_BYTES];
	/* What the drive calls the medium or its density: "LTO-8", "U-816". */
	char generation[TAPE_GENERATION_BYTES];
	/*
	 * MAM 0009: volume change reference, which changes when a volume is
	 * written for the first time after a load; TAPE_IDENTITY_UNKNOWN.
	 */
	uint64_t change_reference;
	unsigned partitions;        /* on the medium, from 1; 0: unknown */
	enum tape_known write_once; /* WORM medium */
	enum tape_blank_proof blank_proof;
	/*
	 * YES: only a person says the barcode of the tape; no library, robot or
	 * command does.
	 */
	enum tape_known barcode_claimed;
	uint64_t reserved[8];
};

struct tape;
struct tape_condition; /* condition.h */

/*
 * All operations but `repeat`, `identity`, `format` and `condition` are
 * required.
 */
struct tape_ops {
	const char *name;
	/*
	 * Reports what the drive and its volume can take.  Never fails.  All
	 * members are 0 before the call.
	 */
	void (*limits)(struct tape *, struct tape_limits *);
	/*
	 * Reports the position.  Takes no time.  Before the call file, object
	 * and byte are TAPE_POSITION_UNKNOWN.
	 */
	void (*position)(struct tape *, struct tape_position *);
	/*
	 * Rewinds, and writes the label block and a filemark.  A drive that
	 * reports its position must report BOT before the block is written.
	 */
	void (*label)(struct tape *, const void *block, uint64_t bytes,
	    int64_t now_ns, struct tape_result *);
	/*
	 * Writes the header block that begins a file.  In an end record: writes
	 * the next block of the file, which is a header too.
	 */
	void (*start_file)(struct tape *, const void *block, uint64_t bytes,
	    int64_t now_ns, struct tape_result *);
	void (*write)(struct tape *, const struct tape_run *, int64_t now_ns,
	    struct tape_result *);
	/*
	 * Writes a filemark.  With `sync` it completes when everything before
	 * the filemark is on the medium.
	 */
	void (*filemark)(struct tape *, bool sync, int64_t now_ns,
	    struct tape_result *);
	/*
	 * Reads the next block into `buf`, and reports its size in the struct
	 * tape_block, whose members are 0 before the call.  At a filemark the
	 * tape passes it and returns TAPE_FILEMARK; at the end of data it
	 * returns TAPE_EOD, on a volume that was never written TAPE_BLANK, and
	 * TAPE_INVALID if the block is longer than `buf_bytes`.
	 */
	void (*read)(struct tape *, void *buf, uint64_t buf_bytes,
	    struct tape_block *, int64_t now_ns, struct tape_result *);
	/*
	 * Positions at the first block of file `file` (0: the label).
	 * TAPE_EOD: the volume has fewer files.
	 */
	void (*locate)(struct tape *, uint64_t file, int64_t now_ns,
	    struct tape_result *);
	/* Positions at the end of data. */
	void (*locate_eod)(struct tape *, int64_t now_ns, struct tape_result *);
	void (*rewind)(struct tape *, int64_t now_ns, struct tape_result *);
	/*
	 * Carries out many writes at once, each exactly as `write` would.  Ends
	 * after the first that is answered in another way than with TAPE_OK, no
	 * LEOM, all bytes, and after `take_ns`.  Returns how many were carried
	 * out, and the result of the last; 0 if none was, and there is no
	 * result: the caller uses `write`.  Only for models.  May be NULL.
	 */
	uint64_t (*repeat)(struct tape *, const struct tape_repeat *,
	    struct tape_result *);
	/*
	 * Reports which cartridge is in the drive now.  All members are unknown
	 * before the call; the tape sets those that the drive reports, and
	 * leaves the others.  Never fails.  Asks the drive each time, moves no
	 * medium, changes nothing, and neither reads nor clears an error that
	 * waits for the next operation.  May be called at any time between load
	 * and unload; the writer calls it after the load, and again directly
	 * before the first block that it writes to a volume.  May be NULL: all
	 * is unknown.  tape_identify() calls it.
	 */
	void (*identity)(struct tape *, struct tape_identity *);
	/*
	 * Formats the medium as one partition, and rewinds to BOT.  Everything
	 * on the medium is lost, in all partitions.  TAPE_INVALID and a
	 * message: the drive or the driver cannot do that.  Only called if the
	 * volume has several partitions and the caller has asked for it.  May
	 * be NULL: this tape cannot format.
	 */
	void (*format)(struct tape *, int64_t now_ns, struct tape_result *);
	/*
	 * Reports the counters of the drive and the memory of the cartridge
	 * that is in it now.  All members are unknown before the call; the tape
	 * sets those that it knows.  Never fails.  As `identity`, it asks the
	 * drive each time, moves no medium and changes nothing, and may be
	 * called at any time between load and unload.  The writer calls it
	 * after the load and before the unload.  May be NULL: all is unknown.
	 */
	void (*condition)(struct tape *, struct tape_condition *);
};

/* A tape.  A program puts this struct first in its own struct for a tape. */
struct tape {
	const struct tape_ops *ops;
	/*
	 * The barcode of the volume in the drive: printable ASCII; "": unknown.
	 */
	char barcode[TAPE_BARCODE_BYTES];
	unsigned drive; /* number of the drive, from 0 */
};

struct tape_library;

struct tape_library_ops {
	/*
	 * Loads the next volume, in the library's own order, into a drive that
	 * was not given back with TAPE_CLOSE_AVOID_DRIVE.  NULL and
	 * TAPE_NO_VOLUME: there are no more volumes, or no drive.  NULL and
	 * another cause: this volume could not be loaded; the next call tries
	 * the volume after it.
	 */
	struct tape *(*load)(struct tape_library *, int64_t now_ns,
	    struct tape_result *);
	/*
	 * Loads the volume with this barcode for reading, also if it was handed
	 * out before.  TAPE_NO_VOLUME: the library does not have the volume.
	 * The function pointer is NULL if the library cannot load by barcode.
	 */
	struct tape *(*load_named)(struct tape_library *, const char *barcode,
	    int64_t now_ns, struct tape_result *);
	/*
	 * Takes the tape back and unloads it; the caller does not use it any
	 * more.  With TAPE_CLOSE_GOOD and TAPE_CLOSE_FULL it first writes the
	 * filemark after a file that has none yet.  With any other reason it
	 * writes nothing: the tape may be at another position.
	 */
	void (*unload)(struct tape_library *, struct tape *, enum tape_close,
	    int64_t now_ns, struct tape_result *);
	void (*reserved[4])(void);
};

/*
 * A library.  A program puts this struct first in its own struct for a library.
 */
struct tape_library {
	const struct tape_library_ops *ops;
};

/*
 * Calls `load_named`.  The result is TAPE_NO_VOLUME if the library has no such
 * function.
 */
struct tape *tape_load_named(struct tape_library *library, const char *barcode,
    int64_t now_ns, struct tape_result *result);

/*
 * Sets all members to unknown, then calls `identity` of the tape if it has that
 * function.  Removes blanks at both ends of a text.  A text without an end, or
 * with other characters than printable ASCII, becomes "", and an unknown
 * enumerator the one for unknown.
 */
void tape_identify(struct tape *tape, struct tape_identity *identity);

/*
 * Sets `done_ns`, the message to "", and all other members to 0.  The bytes
 * after the end of the message stay as they are.
 */
void tape_result_init(struct tape_result *result, int64_t done_ns);

/*
 * Returns the message of a result, or a description of its cause if the message
 * is empty.
 */
const char *tape_result_text(const struct tape_result *result);

#ifdef __cplusplus
}
#endif

#endif
