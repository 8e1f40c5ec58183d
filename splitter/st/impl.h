/*
 * impl.h: what the files of the tape driver's back end share.
 *
 *   calls.c            one system call
 *   cause.c            what an errno means
 *   state.c            what is known of the tape after it moved, or failed
 *   position_check.c   where the tape must be before anything is written
 *   door.c             the lock of the drive's door
 *   position_report.c  whether the position that a drive reports can be used
 *   write.c            label, start_file, write, filemark
 *   move.c             read, locate, rewind
 *   open.c             opens the device with a volume in it, and closes it
 *   library.c          hands volumes out
 *
 * Functions that return an int return 0 or an errno.
 */
#ifndef SPLITTER_ST_IMPL_H
#define SPLITTER_ST_IMPL_H

#include <linux/mtio.h>
#include <stdatomic.h>

#include "splitter/st/st.h"

enum { ST_ALERT_BYTES = 8, ST_NAME_BYTES = 64 };

/* The result of MTIOCGET. */
struct st_status {
	uint64_t file;  /* TAPE_POSITION_UNKNOWN: the driver does not know */
	bool eot;       /* the early warning was met, the next write refused */
	bool eod;       /* that write was refused; or, reading: end of data */
	bool ready;     /* a volume is loaded */
	bool no_medium; /* the drive is empty; neither: it is busy */
	bool protected;
};

struct st {
	struct tape tape; /* first: cast to this */
	struct st_options options;
	const struct st_sys *sys;
	const char *device;
	char name[ST_NAME_BYTES]; /* of the device in sysfs */
	int fd;                   /* -1: closed */
	int read_only;            /* an errno: why it is; 0: it is not */
	uint64_t block_min_bytes, block_max_bytes;
	uint8_t alerts[ST_ALERT_BYTES]; /* set when the volume was loaded */
	bool alerts_known;
	bool worm; /* the drive says that the volume is write-once */

	uint64_t block_set; /* by the last MTSETBLK */

	/* Where the tape is, by the last question and what was done since. */
	struct tape_position at;
	bool has_position;    /* the drive reports at.object, */
	bool by_scsi;         /* through SG_IO: MTIOCPOS does not work, */
	bool counting_proven; /* and it was seen to count blocks */
	bool at_bot;
	uint64_t first_block_sum; /* of the first block; 0: not read */
	bool may_be_other; /* the cartridge, since an error was reported */
	bool leom;         /* the early warning was met */
	bool full;         /* a filemark met the physical end */

	/* What may be written: see position_check.c. */
	uint64_t file_begin; /* at.object where this file began */
	bool in_file;        /* no filemark follows what was written last */
	bool driver_dirty;   /* for the driver too, or a write was tried */
	bool failed;         /* in this file: its position proves nothing */
	bool must_rewind;    /* before writing: reading or moving failed */
	/* TAPE_OK; otherwise nothing is written on this volume any more. */
	enum tape_cause write_error;
	bool locked;      /* the door, by this library */
	bool lock_failed; /* and the notice was given */

	int64_t now_ns;             /* the caller's, when the operation began */
	int64_t begun_ns;           /* the same moment by the clock */
	atomic_llong call_begun_ns; /* of the call in progress; 0: none */
	const char *_Atomic call;
};

/* The begin of an operation; its end sets time and early warning. */
struct st *st_begin_operation(struct tape *tape, int64_t now_ns,
    struct tape_result *result);
void st_end_operation(struct st *st, struct tape_result *result);

/*
 * System calls, each repeated after EINTR.  `doing` is shown to whoever asks
 * what the program waits for.
 */
int st_open_node(struct st *st, int flags); /* st->fd */
int st_close_node(struct st *st);
int st_write_block(struct st *st, const void *data, size_t bytes,
    size_t *taken);
int st_read_block(struct st *st, void *buf, size_t bytes, size_t *got);

/*
 * MTIOCTOP.  ENOSPC belongs to a block in the driver's buffer: that one met the
 * early warning, and the operation was not started.  So it is tried again.
 */
int st_command(struct st *st, short op, int count, const char *doing);

/* MTIOCGET, and the position; with ENOSPC as above. */
int st_get_status(struct st *st, struct st_status *status);
int st_get_position(struct st *st, uint64_t *object);

/* An attribute of the device in sysfs as a number; false: there is none. */
bool st_attribute(struct st *st, const char *attribute, unsigned long *value);
/* A file in sysfs as a number. */
bool st_number(struct st *st, const char *path, unsigned long *value);

/* A SCSI command that reads; false: not permitted, or failed. */
bool st_scsi_read(struct st *st, const uint8_t *command, uint8_t command_bytes,
    void *buf, unsigned bytes);

/* At BOT: finds out whether and how the drive reports its position. */
void st_find_position(struct st *st);

/*
 * After the first block of the volume was read or written: finds out whether
 * the drive counts blocks.  Returns an errno if the drive cannot be asked, or
 * reports an error of before.
 */
int st_prove_counting(struct st *st);

/* The TapeAlert flags; false: they cannot be read. */
bool st_alerts(struct st *st, uint8_t alerts[ST_ALERT_BYTES]);

/* Whether the drive says that the volume is write-once (WORM). */
bool st_is_worm(struct st *st);

/*
 * Reading or moving failed with `err`: finds the cause, and fills in the
 * result.  Nothing is written before the tape was rewound.
 */
void st_fail_read(struct st *st, struct tape_result *result, const char *doing,
    int err);

/* Fills in a result that failed: the cause, and a message. */
void st_report(struct st *st, struct tape_result *result, enum tape_cause cause,
    const char *doing, const char *why);

/* Passes the caller a message that is not an error. */
void st_notice(struct st *st, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Writing failed with `err`.  Finds the cause, then asks the drive where the
 * tape is.  If that is not in the file that was being written, or the drive
 * does not answer, the cause is TAPE_POSITION_LOST.
 */
void st_fail_write(struct st *st, struct tape_result *result, const char *doing,
    int err);

/* Fails with TAPE_POSITION_LOST: nothing more is written on this volume. */
void st_lose_position(struct st *st, struct tape_result *result,
    const char *doing, const char *why);

/*
 * Whether something may be written where the tape is.  False: the result is
 * filled in.
 */
bool st_check_writable(struct st *st, const char *doing,
    struct tape_result *result);

/*
 * Before a file is begun: locks the door, and compares the position with the
 * expected one.  False: nothing must be written, and the result is filled in.
 * Within a file it does nothing.  At BOT only a label (`labels`) may begin a
 * file.
 */
bool st_begin_file(struct st *st, bool labels, const char *doing,
    struct tape_result *result);

/*
 * Before the tape is moved or the device closed: writes the filemark that is
 * missing after an unfinished file, if the tape is known to be there.
 * Otherwise it makes sure that the driver writes no filemark of its own.
 */
int st_end_file(struct st *st);

/* The tape is in file `file`; the block is unknown. */
void st_moved_to(struct st *st, uint64_t file);

/* Rewinds; an unfinished file gets its filemark. */
int st_rewind(struct st *st);

/* Locks the door.  If the drive cannot, gives a notice once per volume. */
void st_lock(struct st *st);
/* Unlocks the door, if this library has locked it. */
void st_unlock(struct st *st);
/* Unlocks the door, whoever has locked it. */
void st_force_unlock(struct st *st);

/* Goes to the beginning of a file. */
void st_locate_file(struct st *st, uint64_t file, const char *doing,
    struct tape_result *result);

/*
 * Leaves the tape at BOT.  After an error the first block of the volume is read
 * again and compared with what was read before: the error may have been the
 * only sign that the cartridge was exchanged.  False: it may be another one,
 * and the result is filled in.
 */
bool st_is_same_volume(struct st *st, const char *doing,
    struct tape_result *result);

/* Sets the block size, unless it is set; 0: variable. */
int st_set_block(struct st *st, uint64_t bytes);

/*
 * Whether the drive exists and has a volume.  ENOMEDIUM: it is empty; EINVAL:
 * it takes no blocks of `block_bytes` (0: any).
 */
int st_probe(struct st *st, uint64_t block_bytes, struct tape_result *result);

/*
 * Opens the device and makes the volume in it ready, at BOT.  ENOMEDIUM: the
 * drive is empty; ECANCELED: options.sleep returned false.  After a failure
 * `result` has the cause, and the device is closed.
 */
int st_open(struct st *st, struct tape_result *result);

/*
 * Ends an unfinished file, unlocks the door, rewinds or ejects, and closes the
 * device.
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
