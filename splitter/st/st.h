/*
 * st.h: a real drive, through the tape driver of Linux: /dev/nst0.
 *
 * A library of one drive.  It hands out the volume that lies in the drive;
 * when that is given back, a callback is asked to have the next one put in: a
 * person, or a command that moves cartridges.
 *
 * Invariants:
 *
 *  1. What a system call answers is looked at, always: the driver tells an
 *     error once, to whichever call comes next, also one that only asks.
 *  2. A block counts as taken only if write() said that all of it was, or the
 *     drive's position shows it.  A synchronised filemark is good only if the
 *     drive, where it tells its position, stands where it must behind it.
 *  3. Only label, start_file, write and filemark put anything on tape; and
 *     unload, the filemark behind a file that was not finished.  After an error
 *     none of them does, before it is known that the tape stands in the file
 *     that was being written: st_place.c has the rules.
 *  4. Nothing of the driver's or the drive's set-up is changed but the block
 *     size and, if asked for, compression; and the door is locked while a
 *     volume is in use that may be written to.
 *  5. limits() and position() make no system call: they tell what the last
 *     operation found.
 *
 * The driver gives an errno and no sense data.  What it means:
 *
 *     it said          and was found out by             cause
 *     ENOSPC, write    the driver's status: EOD         none: the block before
 *                      met the early warning, this one is not on tape
 *     ENOSPC, write    the position: it is on tape      none, the same
 *     ENOSPC, write    the status: EOT; or again ENOSPC
 *                      behind the early warning         TAPE_PEOM
 *     ENOSPC, ioctl    a block that was on its way met
 *                      the early warning: asked again   none
 *     EIO, filemark    the status: EOT; the position
 *                      has not moved                    TAPE_PEOM
 *     EIO, writing     the position: before the file,
 *                      or it cannot be asked for        TAPE_POSITION_LOST
 *     EIO, read        the status: EOD                  TAPE_EOD; TAPE_BLANK
 *                                                       where nothing is
 *                                                       before it
 *     EIO              sysfs: position_lost_in_reset; the
 *                      status: file unknown that was
 *                      known, or refused too            TAPE_POSITION_LOST
 *     EIO, ENOMEDIUM   the status: no medium            TAPE_POSITION_LOST
 *     EIO              TapeAlert: hardware              TAPE_HARDWARE_ERROR
 *     EIO              TapeAlert: medium, cartridge     TAPE_MEDIUM_ERROR
 *     EIO              nothing                          TAPE_UNKNOWN_ERROR
 *     0, read          the status: EOD, EOT; else a
 *                      filemark                         TAPE_EOD,
 *                                                       TAPE_FILEMARK
 *     ENOMEM, read     a longer block, and it is passed TAPE_INVALID
 *     EINVAL, EOVERFLOW, EBUSY, E2BIG: not a block for
 *                      this drive or its adapter        TAPE_INVALID
 *     EACCES, EPERM, EROFS, EBADF                       TAPE_WRITE_PROTECTED
 *     ENXIO, ENODEV                                     TAPE_HARDWARE_ERROR
 *     any other                                         TAPE_UNKNOWN_ERROR
 *
 * TapeAlert is asked for through SG_IO, where this process may (it needs
 * CAP_SYS_RAWIO); only flags that were not up when the volume was loaded count.
 * What cannot be found out stays TAPE_UNKNOWN_ERROR, deferred errors too.
 *
 * A system call on a tape cannot be interrupted while the drive works, not by
 * SIGKILL either.  st_library_waiting() tells what is out, and for how long.
 */
#ifndef SPLITTER_ST_H
#define SPLITTER_ST_H

#include "splitter/st/sys.h"
#include "splitter/tape/tape.h"

enum st_compression {
	ST_COMPRESSION_AS_IT_IS,
	ST_COMPRESSION_ON,
	ST_COMPRESSION_OFF
};

/* Which volume is to be put into the drive. */
struct st_wanted {
	const char *device;
	const char *barcode; /* "": the next one, whichever that is */
	const char *last;    /* that was in the drive, or "" */
	bool empty;          /* there is none in the drive */
};

/*
 * Has a volume put into the drive, and takes as long as it takes.  Fills in
 * its barcode, or "" if that is not known: then the label says it.  Returns 0
 * when the volume is there; -1, with a sentence in `err`, if there is none.
 */
typedef int st_change_fn(void *arg, const struct st_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes);

struct st_options {
	uint64_t fixed_bytes; /* of a fixed block; 0: variable */
	enum st_compression compression;
	bool eject;           /* a volume that is given back */
	bool reading;         /* nothing is written: no lock */
	int64_t load_wait_ns; /* for a drive that gets ready */
	/* Sleeps so long; false: do not wait any longer.  NULL: sys does. */
	bool (*sleep)(void *arg, int64_t ns);
	void *sleep_arg;
	const char *barcode;  /* of what lies in it; NULL: unknown */
	st_change_fn *change; /* NULL: there is only that volume */
	/* So often in a row may a volume be refused; 0: does not matter. */
	unsigned refused_max;
	void *change_arg;
	/* What a person may want to know, and is no error; may be NULL. */
	void (*notice)(void *arg, const char *message);
	void *notice_arg;
	const struct st_sys *sys; /* NULL: st_sys_system */
};

/*
 * The library of the drive `device`, which is not opened before a volume is
 * asked for.  The strings and what `options` points to stay the caller's, and
 * are kept.  NULL if there is no memory.  Used by one thread at a time.
 */
struct tape_library *st_library_new(const char *device,
    const struct st_options *options);

/*
 * Whether the device is there, is one of a tape drive, and nobody else has it
 * open; a volume need not be in it.  A door that was left locked is unlocked.
 * Where `block_bytes` is not 0 and a volume is in the drive, it must take
 * blocks of that size.  0, or -1 with a sentence.
 */
int st_library_probe(struct tape_library *library, uint64_t block_bytes,
    char *err, size_t err_bytes);

/* Closes the device, if a tape is still out.  NULL is allowed. */
void st_library_free(struct tape_library *library);

/*
 * For how long the system call that is out has been so, and in `*doing` what
 * it is for; 0 and NULL where none is.  Any thread may ask.
 */
int64_t st_library_waiting_ns(const struct tape_library *library,
    const char **doing);

#endif
