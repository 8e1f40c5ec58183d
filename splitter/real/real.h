/*
 * real.h: what the back ends for a real drive share: a library of one drive,
 * and the rules for what may be written, and where.
 *
 * The library hands out the volume that is in the drive.  After that volume was
 * given back, a callback puts the next one in: it asks a person to do so, or
 * runs a command, or moves a robot.
 *
 *     report.c       time, results, notices
 *     ops.c          operations that are the same in each back end
 *     state.c        what is known of the tape after it moved, or failed
 *     place.c        where the tape must be before anything is written
 *     door.c         locks the door
 *     first_block.c  whether the cartridge is still the same
 *     library.c      hands volumes out
 *     command.c      a command that changes volumes
 *
 * A back end puts struct real_drive first in its own struct, and fills in the
 * functions of struct real_ops.  Where this header says "fails", the function
 * returns false and has filled in the result.
 *
 * One thread at a time uses a drive.
 */
#ifndef SPLITTER_REAL_REAL_H
#define SPLITTER_REAL_REAL_H

#include "splitter/tape/tape.h"

/* Describes the volume that must be put into the drive. */
struct real_wanted {
	const char *device;
	const char *barcode; /* barcode; "": any volume except the last one */
	const char *last;    /* barcode of the last volume, or "" */
	bool empty;          /* the drive is empty */
};

/*
 * Puts a volume into the drive, however long that takes.  Stores the volume's
 * barcode, or "" if it is unknown; the label is then read.  Returns 0; -1 with
 * a sentence in `err` if there is no such volume.
 */
typedef int real_change_fn(void *arg, const struct real_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes);

struct real_options {
	uint64_t fixed_bytes; /* size of all blocks; 0: variable */
	enum splitter_st_compression compression;
	bool eject;   /* eject each volume that is returned */
	bool reading; /* nothing will be written: do not lock the door */
	/*
	 * How long the drive may take to become ready; it is never waited for
	 * longer than its generation may take.
	 */
	int64_t load_wait_ns;
	/*
	 * Sleeps.  Returning false ends the wait.  NULL: the clock of the back
	 * end is used.
	 */
	bool (*sleep)(void *arg, int64_t ns);
	void *sleep_arg;
	/* barcode of the volume in the drive; NULL: unknown */
	const char *barcode;
	/* Only a person says it: see tape_identity.barcode_claimed. */
	bool barcode_claimed;
	real_change_fn *change; /* NULL: there is no other volume */
	/*
	 * The library ends after a volume was refused this often in a row; 0:
	 * no limit.
	 */
	unsigned refused_max;
	void *change_arg;
	/* Receives a message for a person that is not an error.  May be NULL. */
	void (*notice)(void *arg, const char *message);
	void *notice_arg;
};

struct real_drive;

struct real_ops {
	int64_t (*clock_ns)(struct real_drive *);
	/*
	 * Makes the volume in the drive ready, at BOT, after real_opened().
	 * Returns 0 or an errno; ENOMEDIUM: the drive is empty.  After a
	 * failure the result has the cause.
	 */
	int (*open)(struct real_drive *, struct tape_result *);
	/*
	 * Ends an unfinished file, unlocks the door, rewinds or ejects, and
	 * closes the device.
	 */
	void (*close)(struct real_drive *, struct tape_result *);
	/*
	 * Asks for the number of blocks and filemarks before the position.
	 * Returns 0 or an errno, and fills in no result.
	 */
	int (*ask_position)(struct real_drive *, uint64_t *object);
	/* Fills in the result of ask_position() before a write, that failed. */
	void (*fail_ask)(struct real_drive *, struct tape_result *,
	    const char *doing, int err);
	/* Rewinds; fails. */
	bool (*rewind)(struct real_drive *, struct tape_result *);
	/* Goes to the beginning of a file; fails. */
	bool (*go_to_file)(struct real_drive *, uint64_t file,
	    const char *doing, struct tape_result *);
	/* Spaces over blocks; fails. */
	bool (*pass_blocks)(struct real_drive *, uint64_t blocks,
	    const char *doing, struct tape_result *);
	/* Reads the next block, as tape_ops.read does. */
	void (*read)(struct real_drive *, void *buf, uint64_t buf_bytes,
	    struct tape_result *);
	/* Locks or unlocks the door.  false with a phrase in `why`: failed. */
	bool (*set_door)(struct real_drive *, bool lock, char *why,
	    size_t why_bytes);
};

struct real_drive {
	struct tape tape; /* first: a struct tape * is cast to this */
	const struct real_ops *ops;
	struct real_options options;
	const char *device;
	/* errno that says why writing is impossible; 0: possible */
	int read_only;
	uint64_t block_min_bytes, block_max_bytes;
	bool worm;        /* the drive reports a write-once volume */
	bool locked;      /* the door was locked through this library */
	bool lock_failed; /* locking failed, and a notice was given */

	/* The position, from the last query and the operations after it. */
	struct tape_position at;
	bool has_position; /* the drive reports at.object */
	bool at_bot;
	uint64_t first_block_sum; /* sum of the first block; 0: not read */
	/* an error may have hidden an exchange of the cartridge */
	bool may_be_other;
	/*
	 * The cartridge may have been exchanged after the load, and before
	 * anything was read from it: the barcode may be that of another one.
	 * Nothing is written until it is loaded again.
	 */
	bool may_be_unknown;
	/* real_may_be_other() was called since the first block was read */
	bool reported;
	uint64_t remarks; /* of the volume and the drive: see tape_result */
	bool leom;        /* the early warning was met */
	bool full;        /* a filemark met the physical end */

	/* What may be written: see place.c. */
	uint64_t file_begin; /* at.object at the beginning of this file */
	bool in_file;        /* the file has no filemark yet */
	/* an operation failed in this file: its position proves nothing */
	bool failed;
	bool must_rewind; /* reading or moving failed: rewind before writing */
	/* TAPE_OK, or the reason why nothing more is written on this volume. */
	enum tape_cause write_error;

	int64_t now_ns;   /* the caller's time when the operation began */
	int64_t begun_ns; /* the same moment by the clock */
};

/* --- report.c --- */

/*
 * Begins an operation. real_end() sets the time, the early warning and the
 * remarks in its result.
 */
struct real_drive *real_begin(struct tape *tape, int64_t now_ns,
    struct tape_result *result);
void real_end(struct real_drive *drive, struct tape_result *result);

/* Passes a message that is not an error to the caller. */
void real_notice(struct real_drive *drive, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Fills in the result of a failed operation: the cause, and a message. */
void real_report(struct real_drive *drive, struct tape_result *result,
    enum tape_cause cause, const char *doing, const char *why);

/*
 * Returns the text of a cause, with advice for a tape device where there is
 * any.
 */
const char *real_explain(enum tape_cause cause, const char *doing);

/*
 * Returns what to add to a message that a drive of this generation of LTO (0:
 * unknown) is not ready yet; or "".
 */
const char *real_first_load(unsigned generation);

/* Returns the barcode of the volume for a message, or "(no barcode)". */
const char *real_volume(const struct real_drive *drive);

/* For tape_identity.barcode_claimed. */
enum tape_known real_barcode_claimed(const struct tape *tape);

/* --- ops.c: for struct tape_ops --- */

/* What is known, without a question to the drive. */
void real_limits(struct tape *tape, struct tape_limits *limits);
void real_position(struct tape *tape, struct tape_position *position);

/* By real_ops.read, .go_to_file and .rewind. */
void real_op_read(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result);
void real_op_locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result);
void real_op_rewind(struct tape *tape, int64_t now_ns,
    struct tape_result *result);

/* --- state.c --- */

/* A volume is being opened: nothing is known of its position. */
void real_opened(struct real_drive *drive);

/* The tape is in file `file`, at an unknown block. */
void real_moved_to(struct real_drive *drive, uint64_t file);
/* The tape was rewound. */
void real_rewound(struct real_drive *drive);
/* The tape has passed a block of `bytes`; a filemark. */
void real_moved_past(struct real_drive *drive, uint64_t bytes);
/* A block of `bytes` was written; a filemark. */
void real_took(struct real_drive *drive, uint64_t bytes);
void real_marked(struct real_drive *drive);

/*
 * Sets the cause TAPE_POSITION_LOST.  Nothing more is written on this volume.
 */
void real_lose_position(struct real_drive *drive, struct tape_result *result,
    const char *doing, const char *why);

/* --- place.c --- */

/*
 * Call this after a write that failed; `result` has its cause, and `why` is a
 * phrase about it.  Asks for the position.  If the tape is not in the file that
 * was being written, or the drive does not respond, the cause becomes
 * TAPE_POSITION_LOST.
 */
void real_fail_write(struct real_drive *drive, struct tape_result *result,
    const char *doing, const char *why);

/*
 * Returns whether the volume may be written at all.  If not, fills in the
 * result.
 */
bool real_check_writable(struct real_drive *drive, const char *doing,
    struct tape_result *result);

/*
 * Prepares the beginning of a file: locks the door, and compares the position
 * with the expected one.  Returns false if nothing may be written, with the
 * result filled in.  Within a file the function does nothing.  At BOT a file
 * may begin only with a label (`labels`).
 */
bool real_begin_file(struct real_drive *drive, bool labels, const char *doing,
    struct tape_result *result);

/*
 * Returns whether the drive is at the expected position after a synchronised
 * filemark.  This detects a drive that counts wrongly at the end, or loses a
 * block.
 */
bool real_check_position(struct real_drive *drive, const char *doing,
    struct tape_result *result);

/* --- door.c --- */

/*
 * Locks the door.  If the drive cannot do that, gives a notice once per volume.
 */
void real_lock(struct real_drive *drive);
/* Unlocks the door if it was locked through this library. */
void real_unlock(struct real_drive *drive);

/* --- first_block.c --- */

/* What was read at the beginning of the volume, if it is no block. */
enum { REAL_FIRST_UNREAD, REAL_FIRST_BLANK, REAL_FIRST_MARK };

/*
 * The drive was reset, or its cartridge may have been exchanged.  The first block
 * is read again before anything is written; if none was read yet, nothing is
 * written as long as this volume is loaded.
 */
void real_may_be_other(struct real_drive *drive);

/*
 * Records the first block of the volume: the sum of its bytes, or what was read
 * instead.  The result fails if the volume began with another block before, and
 * nothing was written since.
 */
void real_first_block(struct real_drive *drive, const void *block, size_t bytes,
    struct tape_result *result);
void real_first_other(struct real_drive *drive, uint64_t what,
    struct tape_result *result);

/*
 * If an error may have hidden an exchange of the cartridge, compares the first
 * block of the volume with the one that was read before.  The tape must be at
 * BOT, and is at BOT afterwards.  Returns false if the volume may be another
 * one, with the result filled in.
 */
bool real_is_same_volume(struct real_drive *drive, const char *doing,
    struct tape_result *result);

/* --- library.c --- */

struct real_library {
	/* first member: a struct tape_library * is cast to this */
	struct tape_library library;
	struct real_drive *drive;
	bool used;         /* the volume in the drive was handed out */
	bool drive_failed; /* do not use the drive any more */
	bool out;          /* a volume is loaded */
	/*
	 * A request for a volume failed: any volume may be in the drive, so its
	 * name is forgotten.
	 */
	bool change_failed;
	char other[96]; /* why the volume in the drive is wrong, or "" */
	/*
	 * How many times in a row a volume with the same first block was
	 * refused.
	 */
	unsigned refused;
	uint64_t refused_sum;
};

/* `drive` has its tape_ops, real_ops and options. */
void real_library_init(struct real_library *library, struct real_drive *drive);

#endif
