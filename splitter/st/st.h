/*
 * st.h: a tape drive through the tape driver (st) of Linux: /dev/nst0.
 *
 * A library of one drive.  It hands out the volume that is in the drive.  After
 * that volume was given back, a callback puts the next one in: it asks a person
 * to do so, or runs a command.
 *
 * Invariants:
 *
 *  1. The result of every system call is checked.  The driver reports an error
 *     once, to the next call, even if that call only asks for the status.
 *  2. A block counts as taken only if write() returned its full length, or the
 *     position of the drive proves it.  A synchronised filemark is good only if
 *     the drive is where it must be after it, where it reports its position.
 *  3. Only label, start_file, write and filemark write to the tape; and unload,
 *     which writes the filemark after an unfinished file.  After an error none
 *     of them writes before the tape is known to be in the file that was being
 *     written: splitter/real/place.c has the rules.
 *  4. No setting of the driver or the drive is changed, except the block size
 *     and, if it is asked for, compression.  Both are set back before a volume
 *     leaves the drive, and when the library is freed; compression only if this
 *     process may read it (CAP_SYS_RAWIO).  The door is locked while a volume is
 *     loaded that may be written to.
 *  5. The device is open from the first probe or load until the library is
 *     freed, so no other program of this host can open it; except for the moment
 *     in which it is closed and opened again: to see whether a volume is ready,
 *     and after each volume, because the driver may write a filemark then.
 *  6. limits() and position() make no system call: they return what the last
 *     operation found.
 *
 * The driver returns an errno and no sense data.  This is how it is
 * interpreted:
 *
 *     call, errno      distinguished by                 cause
 *     ENOSPC, write    the driver's status: EOD         none: the block before
 *                      met the early warning, this one is not on tape
 *     ENOSPC, write    the position: it is on tape      none, the same
 *     ENOSPC, write    the status: EOT; or ENOSPC again
 *                      after the early warning          TAPE_PEOM
 *     ENOSPC, ioctl    a block in the driver's buffer
 *                      met the early warning: asked
 *                      again                            none
 *     EIO, filemark    the status: EOT; the position
 *                      has not moved                    TAPE_PEOM
 *     EIO, writing     the position: before the file,
 *                      or not reported                  TAPE_POSITION_LOST
 *     EIO, read        the status: EOD                  TAPE_EOD; TAPE_BLANK
 *                                                       at BOT
 *     EIO              sysfs: position_lost_in_reset; the
 *                      status: file unknown that was
 *                      known, or the status fails too   TAPE_POSITION_LOST
 *     EIO, ENOMEDIUM   the status: no medium            TAPE_POSITION_LOST
 *     EIO              TapeAlert: hardware              TAPE_HARDWARE_ERROR
 *     EIO              TapeAlert: medium, cartridge     TAPE_MEDIUM_ERROR
 *     EIO              nothing                          TAPE_UNKNOWN_ERROR
 *     0, read          the status: EOD, EOT; otherwise
 *                      a filemark                       TAPE_EOD,
 *                                                       TAPE_FILEMARK
 *     ENOMEM, read     a longer block, which the tape
 *                      has passed                       TAPE_INVALID
 *     EINVAL, EOVERFLOW, EBUSY, E2BIG: not a block for
 *                      this drive or its adapter        TAPE_INVALID
 *     EACCES, EPERM, EROFS, EBADF                       TAPE_WRITE_PROTECTED
 *     ENXIO, ENODEV                                     TAPE_HARDWARE_ERROR
 *     any other                                         TAPE_UNKNOWN_ERROR
 *
 * TapeAlert is read through SG_IO, if this process may (it needs
 * CAP_SYS_RAWIO).  Only flags that were not set when the volume was loaded
 * count.  Without such evidence the cause is TAPE_UNKNOWN_ERROR, also for a
 * deferred error.
 *
 * A system call on a tape cannot be interrupted while the drive works, not even
 * by SIGKILL.  st_library_waiting_ns() reports the call in progress.
 */
#ifndef SPLITTER_ST_H
#define SPLITTER_ST_H

#include "splitter/base/device_calls.h"
#include "splitter/real/real.h"

/*
 * Creates the library of the drive `device`, which is opened by the first probe
 * or load, and stays open.  The caller keeps the ownership of the strings and of
 * what `options` points to; they must remain valid.  `sys` NULL:
 * device_calls_system.  Returns NULL if there is no memory.  One thread at a time
 * may use the library.
 */
struct tape_library *st_library_new(const char *device,
    const struct real_options *options, const struct device_calls *sys);

/*
 * Checks that the device exists, is a tape drive, and is not open in another
 * program.  The drive may be empty.  If it has a volume and `block_bytes` is
 * not 0, the drive must accept blocks of that size.  Unlocks a door that was
 * left locked.  Returns 0, or -1 with a message.
 */
int st_library_probe(struct tape_library *library, uint64_t block_bytes,
    char *err, size_t err_bytes);

/*
 * Frees the library, and closes the device.  NULL is allowed.
 */
void st_library_free(struct tape_library *library);

/*
 * Returns how long the system call in progress has taken, and stores in
 * `*doing` what it does; 0 and NULL if no call is in progress.  Any thread may
 * call this function.
 */
int64_t st_library_waiting_ns(const struct tape_library *library,
    const char **doing);

#endif
