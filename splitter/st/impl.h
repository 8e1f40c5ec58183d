/*
 * impl.h: what the files of the tape driver's back end share.
 *
 *   calls.c            one system call
 *   cause.c            what an errno means
 *   state.c            ends a file, and rewinds
 *   settings.c         the settings that a run changes, as they were found
 *   door.c             the lock of the drive's door, by the driver
 *   identity.c         which cartridge is in the drive
 *   position_report.c  whether the position that a drive reports can be used
 *   write.c            label, start_file, write, filemark
 *   move.c             reads, goes to a file and to the end of data
 *   open.c             opens the device with a volume in it, and closes it
 *   library.c          what splitter/drive calls
 *
 * What may be written, and where: splitter/real/place.c.
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
	uint64_t file; /* TAPE_POSITION_UNKNOWN: the driver does not know */
	bool eot; /* the early warning was met, and the next write refused */
	/* when writing: the refused write; when reading: end of data */
	bool eod;
	bool ready; /* a volume is loaded */
	/* the drive is empty; neither of the two: the drive is busy */
	bool no_medium;
	bool protected;
	uint64_t block_bytes; /* that the driver uses; 0: variable */
};

struct st {
	/* first member: a struct real_drive * or struct tape * is cast to this */
	struct real_drive drive;
	const struct device_calls *sys;
	char name[ST_NAME_BYTES]; /* name of the device in sysfs */
	/*
	 * -1: closed.  Open from the first probe or load until the library is
	 * freed.
	 */
	int fd;
	/* TapeAlert flags when the volume was loaded */
	uint8_t alerts[ST_ALERT_BYTES];
	bool alerts_known;

	uint64_t block_set; /* block size of the last MTSETBLK */
	/* As they were found, if that is not restored yet: see settings.c. */
	uint64_t block_found;
	bool block_known;
	bool compresses_found, compression_changed;
	bool compression_noticed; /* that it is not set back */

	bool by_scsi; /* query with SG_IO, because MTIOCPOS does not work */
	bool counting_proven; /* the drive was seen to count blocks */
	/* the driver may write a filemark, or a write was tried */
	bool driver_dirty;

	/* when the call in progress began; 0: no call */
	atomic_llong call_begun_ns;
	const char *_Atomic call;
};

/*
 * System calls, each repeated after EINTR.  `doing` describes the call for
 * st_library_waiting_ns().
 */
int st_open_node(struct st *st, int flags); /* sets st->fd */
int st_close_node(struct st *st);
int st_write_block(struct st *st, const void *data, size_t bytes,
    size_t *taken);
int st_read_block(struct st *st, void *buf, size_t bytes, size_t *got);

/*
 * MTIOCTOP.  ENOSPC means that a block in the driver's buffer met the early
 * warning and the operation was not started; the operation is then tried again.
 */
int st_command(struct st *st, short op, int count, const char *doing);

/*
 * Gets the status (MTIOCGET) and the position.  Handles ENOSPC as st_command()
 * does.
 */
int st_get_status(struct st *st, struct st_status *status);
int st_get_position(struct st *st, uint64_t *object);

/*
 * Reads an attribute of the device in sysfs as a number.  Returns false if the
 * device has no such attribute.
 */
bool st_attribute(struct st *st, const char *attribute, unsigned long *value);
/* The same as text, without the end of its line. */
bool st_attribute_text(struct st *st, const char *attribute, char *text,
    size_t text_bytes);
/* Reads a file in sysfs as a number. */
bool st_number(struct st *st, const char *path, unsigned long *value);

/*
 * Sends a SCSI command that reads data.  Returns false if that is not permitted
 * or fails.
 */
bool st_scsi_read(struct st *st, const uint8_t *command, uint8_t command_bytes,
    void *buf, unsigned bytes);

/*
 * Sends a SCSI command (SG_IO; an sg_io_hdr_t) that does not move the medium.
 * Returns 0 or an errno.
 */
int st_scsi(struct st *st, void *header);

/*
 * Finds out whether and how the drive reports its position.  The tape must be
 * at BOT.
 */
void st_find_position(struct st *st);

/*
 * Finds out whether the drive counts blocks.  Call it after the first block of
 * the volume was read or written.  Returns an errno if the drive cannot be
 * queried, or reports an earlier error.
 */
int st_prove_counting(struct st *st);

/* Reads the TapeAlert flags.  Returns false if they cannot be read. */
bool st_alerts(struct st *st, uint8_t alerts[ST_ALERT_BYTES]);

/* Stores whether the drive compresses.  Returns false if it cannot be read. */
bool st_compression(struct st *st, bool *on);

/* Returns whether the drive reports that the volume is write-once (WORM). */
bool st_is_worm(struct st *st);

/*
 * Handles a read or a move that failed with `err`: finds the cause, and fills
 * in the result.  Nothing is written before the tape was rewound.
 */
void st_fail_read(struct st *st, struct tape_result *result, const char *doing,
    int err);

/*
 * Handles a write that failed with `err`: finds the cause, then queries the
 * position.  If the tape is not in the file that was being written, or the
 * drive does not respond, the cause is TAPE_POSITION_LOST.
 */
void st_fail_write(struct st *st, struct tape_result *result, const char *doing,
    int err);

/*
 * Ends the current file before the tape is moved or the device is closed.
 * Writes the filemark after an unfinished file, if the tape is known to be
 * there.  Otherwise prevents the driver from writing a filemark of its own.
 */
int st_end_file(struct st *st);

/* Rewinds.  An unfinished file is ended with a filemark first. */
int st_rewind(struct st *st);

/* The driver has this block size; it is the one to restore, if none is. */
void st_found_block(struct st *st, uint64_t bytes);

/* Sets compression, if that is asked for. */
void st_set_compression(struct st *st);

/*
 * Sets back what was changed, before the volume leaves the drive.  Gives a
 * notice of each setting that the driver refuses to set back.
 */
void st_restore_settings(struct st *st);

/* Locks or unlocks the door: see real_ops.set_door. */
bool st_set_door(struct st *st, bool lock, char *why, size_t why_bytes);
/* Unlocks the door even if another process has locked it. */
void st_force_unlock(struct st *st);

/* Goes to the beginning of a file. */
void st_locate_file(struct st *st, uint64_t file, const char *doing,
    struct tape_result *result);

/* Reads the next block or filemark. */
void st_read_object(struct st *st, void *buf, uint64_t buf_bytes,
    struct tape_result *result);

/* Sets the block size if it differs; 0: variable. */
int st_set_block(struct st *st, uint64_t bytes);

/*
 * Opens the device and checks that the drive exists and has a volume.  Returns
 * ENOMEDIUM if the drive is empty, and EINVAL if it does not accept blocks of
 * `block_bytes` (0: any).
 */
int st_probe(struct st *st, uint64_t block_bytes, struct tape_result *result);

/*
 * Opens the device and makes its volume ready, at BOT.  Returns ENOMEDIUM if
 * the drive is empty, and ECANCELED if options.sleep returned false.  After a
 * failure `result` has the cause.
 */
int st_open(struct st *st, struct tape_result *result);

/*
 * Ends an unfinished file, unlocks the door, restores settings, and rewinds or
 * ejects.  The device is closed and opened again: what the driver may still
 * write is on this volume.
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
void st_op_locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result);
void st_op_identity(struct tape *tape, struct tape_identity *identity);
void st_op_condition(struct tape *tape, struct tape_condition *condition);
void st_op_format(struct tape *tape, int64_t now_ns,
    struct tape_result *result);

#endif
