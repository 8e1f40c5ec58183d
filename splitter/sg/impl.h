/*
 * impl.h: what the files of the back end on SCSI commands share.  Each file
 * calls only files that are listed above it.
 *
 *   answer.c    what an answer means
 *   command.c   the commands that move the tape, and READ POSITION
 *   state.c     ends a file, rewinds
 *   write.c     label, start_file, write, filemark
 *   move.c      reads, goes to a file and to the end of data
 *   open.c      makes a volume ready, and gives it back
 *   library.c   what splitter/real and the callers call
 *   reload.c    unloads and loads, to be measured
 *
 * What may be written, and where: splitter/real/place.c.
 */
#ifndef SPLITTER_SG_IMPL_H
#define SPLITTER_SG_IMPL_H

#include <pthread.h>

#include "splitter/scsi/commands.h"
#include "splitter/scsi/facts/facts.h"
#include "splitter/sg/sg.h"

struct sg {
	/* first member: a struct real_drive * or struct tape * is cast to it */
	struct real_drive drive;
	struct sg_access access;
	/*
	 * The port; NULL: not open.  The thread of the tape alone changes it,
	 * under the lock, and reads it without; another thread asks it, under
	 * the lock, how long a command lasts.
	 */
	struct scsi_port *port;
	pthread_mutex_t port_lock;
	uint32_t largest_bytes; /* of one transfer */
	unsigned generation;    /* of an LTO drive; 0: unknown */
	struct scsi_unit unit;
	struct scsi_hold *hold;
	/* unit attentions when the reservation was last looked at */
	uint64_t attentions;
	bool no_long_form;   /* READ POSITION has no long form */
	unsigned partition;  /* of the last READ POSITION */
	bool no_locate_file; /* LOCATE(16) cannot go to a file */
	/* the file of the last READ POSITION; TAPE_POSITION_UNKNOWN */
	uint64_t file_reported;
	bool warned; /* of 0B/xx: once for each volume */
	uint64_t recovered;
};

/* --- answer.c --- */

/*
 * Takes what the last answer says besides its cause: notices, recovered errors.
 * Returns the cause.  Sets drive.leom if `writing`.
 */
enum tape_cause sg_cause(struct sg *sg, bool writing);

/* Returns the sense data of the last answer. */
struct tape_sense sg_sense(const struct sg *sg);

/*
 * Fills in the result of a read or a move that failed, from the last answer.
 * Nothing is written before the tape was rewound.
 */
void sg_fail_read(struct sg *sg, struct tape_result *result,
    enum tape_cause cause, const char *doing);

/*
 * Fills in the result of a write that failed, then asks for the position: see
 * real_fail_write().
 */
void sg_fail_write(struct sg *sg, struct tape_result *result,
    enum tape_cause cause, const char *doing);

/*
 * Makes sure that the drive is reserved for this run (scsi_hold_renew()).  Returns
 * false with a sentence in `err`.
 */
bool sg_renew_hold(struct sg *sg, char *err, size_t err_bytes);

/*
 * real_check_writable(), and fails if a command that only asked has met a unit
 * attention about the position, or a deferred error; or if the drive is not
 * reserved any more after a unit attention, and cannot be.
 */
bool sg_check_writable(struct sg *sg, const char *doing,
    struct tape_result *result);

/* --- command.c --- */

/*
 * Sends a command that moves the tape.  Sends it again if the drive certainly
 * has not executed it and is where it was: see sg.h.  Returns whether the
 * answer is GOOD.
 */
bool sg_send(struct sg *sg, const struct scsi_command *command);

/*
 * READ POSITION.  Returns 0 or an errno.  Stores TAPE_POSITION_UNKNOWN in
 * sg->file_reported if the drive does not report the file.
 */
int sg_ask_position(struct sg *sg, uint64_t *object);

/*
 * Each sends one command by sg_send(), and returns whether the answer is GOOD;
 * sg->unit has the answer.  sg_write_filemark() waits for the medium if `sync`.
 */
bool sg_write_block(struct sg *sg, const void *data, uint32_t bytes);
bool sg_read_block(struct sg *sg, void *buf, uint32_t bytes);
bool sg_write_filemark(struct sg *sg, bool sync);
bool sg_rewind_tape(struct sg *sg);
/* FORMAT MEDIUM: one partition. */
bool sg_format_medium(struct sg *sg);
enum sg_space { SG_SPACE_BLOCKS = 0, SG_SPACE_FILEMARKS = 1, SG_SPACE_EOD = 3 };
bool sg_space(struct sg *sg, enum sg_space what, int32_t count);
bool sg_locate_file(struct sg *sg, uint64_t file);
/* LOCATE to the beginning of partition 0. */
bool sg_locate_first(struct sg *sg);
/* Loads or unloads, and waits until that is done. */
bool sg_load(struct sg *sg, bool load);
/*
 * LOAD UNLOAD with IMMED: the answer is GOOD when the drive begins to load, and
 * TEST UNIT READY says when it has.  Waits for the load with a drive that has no
 * IMMED.
 */
bool sg_begin_load(struct sg *sg);

/* --- state.c --- */

/*
 * Ends the current file before the tape is moved or unloaded: writes the
 * filemark after an unfinished file, if the tape is known to be there.
 */
bool sg_end_file(struct sg *sg, struct tape_result *result);

/* Rewinds.  An unfinished file is ended with a filemark first. */
bool sg_rewind(struct sg *sg, struct tape_result *result);

/* Locks or unlocks the door: see real_ops.set_door. */
bool sg_set_door(struct sg *sg, bool lock, char *why, size_t why_bytes);

/* --- write.c: for struct tape_ops --- */

void sg_op_label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result);
void sg_op_start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result);
void sg_op_write(struct tape *tape, const struct tape_run *run, int64_t now_ns,
    struct tape_result *result);
void sg_op_filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result);
void sg_op_format(struct tape *tape, int64_t now_ns,
    struct tape_result *result);

/* --- move.c --- */

/* As real_ops.read and real_ops.go_to_file. */
void sg_read_object(struct sg *sg, void *buf, uint64_t buf_bytes,
    struct tape_result *result);
bool sg_go_to_file(struct sg *sg, uint64_t file, const char *doing,
    struct tape_result *result);
/* For struct tape_ops. */
void sg_op_locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result);

/* --- open.c --- */

/* Opens the port, unless it is open.  Returns 0 or an errno. */
int sg_open_port(struct sg *sg, struct tape_result *result);
void sg_close_port(struct sg *sg);

/*
 * Makes the volume in the drive ready, at BOT.  Returns ENOMEDIUM if the drive
 * is empty.  After a failure `result` has the cause.
 */
int sg_open(struct sg *sg, struct tape_result *result);

/* Ends an unfinished file, unlocks the door, and rewinds or ejects. */
void sg_close(struct sg *sg, struct tape_result *result);

/* Checks a block size; returns 0 or EINVAL with the result filled in. */
int sg_check_block(struct sg *sg, uint64_t bytes, struct tape_result *result);

#endif
