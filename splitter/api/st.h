/*
 * st.h: a tape drive of Linux as a library of volumes.
 *
 * A public header of libsplitter, installed as <tapelab/st.h>.
 *
 * The library uses the tape driver (st) of Linux, through a device such as
 * /dev/nst0, or sends SCSI commands, through the sg node of the drive, and hands
 * out the volume in the drive.  When that volume was given
 * back, a function of the program, which may run a command, puts the next one
 * into the drive.  Volumes can be loaded by name: a barcode that the function
 * reports is believed; otherwise the label is read.
 *
 *     struct splitter_st_config config;
 *
 *     splitter_st_config_init(&config, sizeof config, SPLITTER_API);
 *     config.device = "/dev/nst0";
 *     library = splitter_st_new(&config, err, sizeof err);
 *
 * Invariants:
 *
 *  1. Any node of the drive may be named: of the tape driver, of the sg driver,
 *     or a link to one, such as those in /dev/tape/by-id; except a node that
 *     rewinds the tape when it is closed (/dev/st0).
 *  2. After an error nothing is written before the drive has reported that the
 *     tape is in the file that was being written.  If the drive does not report
 *     positions, nothing more is written on that volume.
 *  3. No setting of the driver or the drive is changed, except the block size
 *     and, if it is asked for, compression.  The door is locked while a volume
 *     is loaded that may be written to.  All of it is set back at the end; with
 *     the tape driver, compression only with CAP_SYS_RAWIO.
 *  4. With SCSI commands no other program and no other host uses the drive from
 *     the first probe or load until splitter_st_free: its nodes are open, and it
 *     is reserved, where it can do that.  With the tape driver only other
 *     programs of this host are held off, except for the moment in which the
 *     device is closed and opened again, after each volume and to see whether
 *     one is ready.
 *  5. No command that moves the tape is sent twice.
 *
 * Times are nanoseconds, sizes are bytes.
 *
 * Threads: one thread at a time uses a library and its tape; any thread may
 * call splitter_st_waiting_ns.  The functions in the config are called by the
 * thread that loads a volume.
 *
 * A system call on a tape cannot be interrupted while the drive works.
 */
#ifndef SPLITTER_API_ST_H
#define SPLITTER_API_ST_H

#include "splitter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which volume must be put into the drive. */
struct splitter_st_wanted {
	const char *device;
	const char *barcode; /* "": any other than the last one */
	const char *last;    /* the volume before; "": none, or unknown */
	bool empty;          /* the drive is empty */
};

struct splitter_st_config {
	size_t config_bytes; /* as in struct splitter_config */
	unsigned api;
	const char *device;
	/* The size of all blocks that are written; 0: blocks may vary. */
	uint64_t fixed_block_bytes;
	enum splitter_st_compression compression;
	bool eject;   /* each volume that is given back */
	bool reading; /* nothing is written: do not lock the door */
	/*
	 * For a drive to become ready, at most; as long as its generation may
	 * take: 16 minutes or its own time-out, LTO-9 and unknown drives 234
	 * minutes.
	 */
	int64_t load_wait_ns;
	/*
	 * Stop after the same volume was refused this many times in a row; 0:
	 * no limit; 3.
	 */
	unsigned refused_max;
	const char *barcode; /* of the volume in the drive; NULL: unknown */

	void *arg; /* of the functions below; any of them may be NULL */
	/*
	 * Puts a volume into the drive, however long that takes, and stores
	 * its barcode, or "" where it is unknown.  Returns 0; -1 with a
	 * sentence in `err` if there is no such volume.  NULL: only
	 * the volume in the drive can be loaded.  See splitter_st_run_command.
	 */
	int (*change)(void *arg, const struct splitter_st_wanted *wanted,
	    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes);
	/* Sleeps; false: do not wait any longer for the drive. */
	bool (*sleep)(void *arg, int64_t ns);
	/* Receives a message for a person that is not an error. */
	void (*notice)(void *arg, const char *message);

	enum splitter_backend backend; /* ST */
	/*
	 * Only a person says `barcode`, and those that `change` stores; no
	 * robot or command does.  Such a barcode alone does not allow a medium
	 * that has a serial number to be overwritten.
	 */
	bool barcode_claimed;
};

/* Sets the defaults that the comments above name last; else 0 and NULL. */
void splitter_st_config_init(struct splitter_st_config *config,
    size_t config_bytes, unsigned api);

/*
 * The library of one drive.  The first probe or load opens the device.  The
 * config is copied; its strings stay the caller's, and must remain until
 * splitter_st_free.  NULL with a message in `err` if there is no memory, the
 * configuration is impossible, or the back end cannot use the device.
 */
struct tape_library *splitter_st_new(const struct splitter_st_config *config,
    char *err, size_t err_bytes);

/*
 * Which back end is used, and in `why` a sentence with the reason and what is
 * missing, such as "/dev/nst0: SCSI commands, through /dev/sg3"; "" if nothing is
 * known of the device.
 */
enum splitter_backend splitter_st_backend(const struct tape_library *library,
    char *why, size_t why_bytes);

/* Closes the device.  NULL is allowed. */
void splitter_st_free(struct tape_library *library);

/*
 * Whether the device exists, is that of a tape drive, and no other program has
 * it open.  The drive may be empty.  If it is not, and `block_bytes` is not 0,
 * the drive must take blocks of that size.  A door that was left locked is
 * unlocked.  0, or -1 with a message.
 */
int splitter_st_probe(struct tape_library *library, uint64_t block_bytes,
    char *err, size_t err_bytes);

/*
 * How long the system call or command that is in progress has been waiting for
 * the drive, and in `*doing` what it is for; 0 and NULL if nothing waits.
 */
int64_t splitter_st_waiting_ns(const struct tape_library *library,
    const char **doing);

/*
 * Runs `command` with sh to change the volume: for splitter_st_config.change.
 * The command finds in $1 the device, in $2 the barcode that is wanted ("": any
 * other), in $3 that of the volume before.  It exits with 0 when the volume is
 * in the drive, and may print its barcode as a line.
 */
int splitter_st_run_command(const char *command,
    const struct splitter_st_wanted *wanted, char barcode[TAPE_BARCODE_BYTES],
    char *err, size_t err_bytes);

#ifdef __cplusplus
}
#endif

#endif
