/*
 * st_impl.h: what the files of the tape driver's back end share and nobody
 * else includes.
 *
 *   st_calls.c    a system call, and what it said
 *   st_cause.c    what an errno means
 *   st_state.c    what is known of the tape after it moved, or failed
 *   st_place.c    where the tape must stand before anything is written
 *   st_door.c     the lock of the drive's door
 *   st_position.c what the position that a drive reports is worth
 *   st_write.c    label, start_file, write, filemark
 *   st_move.c     read, locate, rewind
 *   st_open.c     opening the device with a volume in it, and closing it
 *   st_library.c  handing volumes out
 *
 * Functions that return an int return 0 or an errno.
 */
#ifndef SPLITTER_ST_IMPL_H
#define SPLITTER_ST_IMPL_H

#include <linux/mtio.h>
#include <stdatomic.h>

#include "splitter/st/st.h"

enum { ST_ALERT_BYTES = 8, ST_NAME_BYTES = 64 };

/* What MTIOCGET says, as far as it is asked for. */
struct st_status {
	uint64_t file;  /* TAPE_POSITION_UNKNOWN: the driver does not know */
	bool eot;       /* EOM was met, and the next write refused */
	bool eod;       /* refused it was; reading: end of data */
	bool ready;     /* a volume is loaded, */
	bool no_medium; /* or there is none; else the drive is busy */
	bool protected;
};

struct st {
	struct tape tape; /* first: cast to this */
	struct st_options options;
	const struct st_sys *sys;
	const char *device;
	char name[ST_NAME_BYTES]; /* of the device in sysfs */
	int fd;                   /* -1: closed */
	int read_only;            /* why it cannot be written to; 0: it can */
	uint64_t block_min_bytes, block_max_bytes;
	uint8_t alerts[ST_ALERT_BYTES]; /* up when it was loaded */
	bool alerts_known;
	bool worm; /* the drive says that it is write-once */

	uint64_t block_set; /* as MTSETBLK was called last */

	/* Where it stands, from what was asked last and was done since. */
	struct tape_position at;
	bool tells;   /* at.object can be asked for, */
	bool by_scsi; /* by SG_IO, since MTIOCPOS is of no use */
	bool counted; /* and it was proven that it counts blocks */
	bool at_bot;
	uint64_t first_sum; /* of what it begins with; 0: not read */
	bool doubted;       /* an error since may be of another cartridge */
	bool leom;          /* the early warning was met */
	bool full;          /* the physical end was met by a filemark */

	/* What may be written: see st_place.c. */
	uint64_t begun;         /* at.object where this file began */
	bool in_file;           /* something has no filemark behind it */
	bool dirty;             /* and to the driver too, or it was tried */
	bool failed;            /* in this file: its place proves nothing */
	bool astray;            /* reading or moving failed: rewind first */
	enum tape_cause broken; /* drive error, position lost; or TAPE_OK: */
				/* for as long as the volume is loaded */
	bool locked;            /* the door is, by this library */
	bool cannot_lock;       /* and the notice was given */

	int64_t now_ns, begun_ns;   /* of the operation: told, and clock */
	atomic_llong call_begun_ns; /* of the call that is out; 0: none */
	const char *_Atomic call;
};

/* An operation begins, and ends: its answer's time, and the early warning. */
struct st *st_begin(struct tape *tape, int64_t now_ns,
    struct tape_result *result);
void st_end(struct st *st, struct tape_result *result);

/* System calls, each again after EINTR.  `doing` is for who waits. */
int st_open_node(struct st *st, int flags); /* st->fd */
int st_close_node(struct st *st);
int st_put(struct st *st, const void *data, size_t bytes, size_t *taken);
int st_get(struct st *st, void *buf, size_t bytes, size_t *got);

/*
 * MTIOCTOP.  ENOSPC is of a block that was on its way: it met the early
 * warning, and the operation was not begun, so it is tried again.
 */
int st_op(struct st *st, short op, int count, const char *doing);

/* MTIOCGET, the position; with ENOSPC as above. */
int st_ask(struct st *st, struct st_status *status);
int st_where(struct st *st, uint64_t *object);

/* An attribute of the device in sysfs as a number; false: there is none. */
bool st_attribute(struct st *st, const char *attribute, unsigned long *value);
/* A file in sysfs as a number. */
bool st_number(struct st *st, const char *path, unsigned long *value);

/* A SCSI command that reads; false: not permitted, or it failed. */
bool st_scsi(struct st *st, const uint8_t *command, uint8_t command_bytes,
    void *buf, unsigned bytes);

/* At BOT: finds out whether and how the drive reports its position. */
void st_find_position(struct st *st);

/*
 * The first block of the volume was just read or written: whether the drive
 * counts blocks.  An errno where it cannot be asked, or has an error to tell.
 */
int st_prove_counting(struct st *st);

/* The TapeAlert flags; false: they cannot be asked for. */
bool st_alerts(struct st *st, uint8_t alerts[ST_ALERT_BYTES]);

/* Whether the drive says that the volume is write-once (WORM). */
bool st_is_worm(struct st *st);

/*
 * Reading or moving failed with `err`: finds the cause out, and says it.
 * Nothing is written before the tape has been rewound.
 */
void st_fail(struct st *st, struct tape_result *result, const char *doing,
    int err);

/* The answer has this cause, with a sentence. */
void st_say(struct st *st, struct tape_result *result, enum tape_cause cause,
    const char *doing, const char *why);

/* Tells the caller what is no error. */
void st_notice(struct st *st, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Writing failed with `err`.  After st_fail's questions the drive is asked
 * where the tape is; if it is not in the file that was being written, or the
 * drive cannot answer, the cause is TAPE_POSITION_LOST.
 */
void st_fail_write(struct st *st, struct tape_result *result, const char *doing,
    int err);

/* Nothing is written any more on the volume that is loaded. */
void st_lose(struct st *st, struct tape_result *result, const char *doing,
    const char *why);

/* False, with an answer: nothing may be written where the tape stands. */
bool st_may_write(struct st *st, const char *doing, struct tape_result *result);

/*
 * Before the first thing of a file: locks the door, and holds the position
 * against the one that is expected.  False, with an answer: nothing is to be
 * written.  Within a file it does nothing.  At BOT, nothing but a label
 * (`labels`) begins.
 */
bool st_begin_file(struct st *st, bool labels, const char *doing,
    struct tape_result *result);

/*
 * Before the tape is moved or the device closed: writes the filemark that is
 * missing after an unfinished file, if it is known that the tape stands
 * there.  In any other case it sees to it that the driver writes none of its
 * own.
 */
int st_settle(struct st *st);

/* The tape is somewhere in file `file`: the block is unknown. */
void st_stand(struct st *st, uint64_t file);

/* Goes to BOT; a file that was not ended gets its filemark. */
int st_to_bot(struct st *st);

/* Locks the door; a drive that cannot is a notice, once a volume. */
void st_lock(struct st *st);
/* Unlocks it, if this library has locked it; a failure is a notice. */
void st_unlock(struct st *st);
/* Unlocks it, whoever has locked it. */
void st_unlock_anyway(struct st *st);

/* Goes to the beginning of a file. */
void st_go_to(struct st *st, uint64_t file, const char *doing,
    struct tape_result *result);

/*
 * At BOT, which is where it stays: after an error the beginning of the volume
 * is read again.  False, with an answer, where that is not what was read
 * before: then it may be another cartridge.
 */
bool st_is_same_volume(struct st *st, const char *doing,
    struct tape_result *result);

/* Sets the block size, 0: variable, unless it is set already. */
int st_set_block(struct st *st, uint64_t bytes);

/*
 * Whether there is a drive, and a volume in it; ENOMEDIUM: there is none;
 * EINVAL: it takes no blocks of `block_bytes` (0: does not matter).
 */
int st_look(struct st *st, uint64_t block_bytes, struct tape_result *result);

/*
 * Opens the device and gets the volume in it ready, at BOT.  ENOMEDIUM: there
 * is none; ECANCELED: options.sleep says so.  Where it fails, `result` has the
 * cause and it is closed.
 */
int st_open(struct st *st, struct tape_result *result);

/*
 * Ends a file that was not ended, unlocks the door, rewinds or ejects, and
 * closes.
 */
void st_close(struct st *st, struct tape_result *result);

void st_op_label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result);
void st_op_start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result);
void st_op_write(struct tape *tape, const struct tape_run *run, int64_t now_ns,
    struct tape_result *result);
void st_op_filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result);
void st_op_read(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result);
void st_op_locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result);
void st_op_locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result);
void st_op_rewind(struct tape *tape, int64_t now_ns,
    struct tape_result *result);

#endif
