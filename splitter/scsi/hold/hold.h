/*
 * hold.h: exclusive use of a drive for a run, and the drive left as found.
 *
 * Invariants:
 *
 *  1. While a run holds a drive, its sg node is open with O_EXCL (the port),
 *     its st node is open, and the unit is reserved for this host: by
 *     PERSISTENT RESERVE (exclusive access, APTPL 0) or, where the drive does
 *     not have that, by RESERVE.  The drive loses both without power; whoever
 *     writes calls scsi_hold_renew().
 *  2. A reservation or registration of another program or host is never
 *     pre-empted, cleared or changed.  The drive is then refused, with key,
 *     type and holder.
 *  3. Before anything is changed, a record of the settings and of what is about
 *     to be changed is in a file, named by the serial number of the drive.  It
 *     is removed when everything is as before.  Density and partition belong
 *     to a cartridge: they are restored only if the drive still has it (by the
 *     serial number in its memory, where that is known), is ready, and takes
 *     them.  Otherwise, unless the drive is empty, a notice says so, and the
 *     record is removed all the same.
 *  4. A registration of this program is recognised by its key: "TL", a hash of
 *     this host, and the start of the run.  Only such registrations of this
 *     host are removed by scsi_hold_recover().
 *
 * The record makes `tapelab release`, and the next run, able to restore a drive
 * that a killed run left.
 */
#ifndef SPLITTER_SCSI_HOLD_H
#define SPLITTER_SCSI_HOLD_H

#include "splitter/scsi/node/names.h"
#include "splitter/scsi/node/node.h"
#include "splitter/scsi/facts/settings.h"

struct scsi_hold;

enum scsi_reserved {
	SCSI_RESERVED_NOT, /* the drive has neither command */
	SCSI_RESERVED_PERSISTENT,
	SCSI_RESERVED_SPC2 /* RESERVE(6) */
};

struct scsi_hold_options {
	const struct scsi_names *names;   /* of the drive */
	const struct scsi_system *system; /* that the names are of; or NULL */
	/* for the st node and its ioctl; NULL: those of the system */
	const struct device_calls *calls;
	/*
	 * Folder of the records, which is made if it does not exist.  NULL:
	 * scsi_hold_folder().
	 */
	const char *folder;
	/*
	 * Identity of this host, at most 64 bytes; NULL: /etc/machine-id, or
	 * the name of the host.
	 */
	const char *host;
	int64_t started_s; /* start of the run, seconds since 1970 */
	/*
	 * How long to wait for a command that an earlier program left running,
	 * for a drive that is busy, and for it to become ready, in all; 0:
	 * 14,000 s.
	 */
	int64_t ready_wait_ns;
	/* A person's message that is not an error.  May be NULL. */
	void (*notice)(void *arg, const char *message);
	void *notice_arg;
};

/*
 * Returns the folder of the records: tapelab/ in $XDG_STATE_HOME, else in
 * ~/.local/state, else in /var/lib.
 */
void scsi_hold_folder(char folder[SCSI_PATH_BYTES]);

/*
 * Waits until the drive answers: it may still execute a command that a killed
 * process left running.  Reports by `notice` after 5 s and each minute which
 * command that is and since when, as far as it can be known.  A drive that
 * answers BUSY does not answer yet.  Call this before the first command to a
 * drive.  Returns false with a sentence in `err`: there is no answer, or the
 * wait has ended or was interrupted.
 */
bool scsi_hold_wait_idle(struct scsi_unit *unit,
    const struct scsi_hold_options *options, char *err, size_t err_bytes);

/*
 * Takes the drive of `unit`, whose port is already open.  What an earlier run
 * of this host left is put in order first, with a notice.  Waits for a command
 * that a killed process left running.  Returns NULL with a sentence in `err` if
 * the drive is in use, reserved by another initiator, or has a record of a run
 * that still lives; then nothing is changed.  `unit` stays the caller's.
 */
struct scsi_hold *scsi_hold_begin(struct scsi_unit *unit,
    const struct scsi_hold_options *options, char *err, size_t err_bytes);

/* The settings as they were found, for the report. */
const struct scsi_settings *scsi_hold_found(const struct scsi_hold *hold);

enum scsi_reserved scsi_hold_reserved(const struct scsi_hold *hold);

/*
 * Makes sure that the drive is still reserved for this run: a loss of power, and
 * with RESERVE any reset, ends a reservation.  If no initiator has it reserved
 * now, it is registered and reserved again, with a notice; a RESERVE is made
 * again without one, as the drive does not say whether it was lost.  Call this
 * before each volume, and after a unit attention before anything is written.
 * Returns false with a sentence in `err` if another initiator has reserved the
 * drive, or it cannot be reserved.
 */
bool scsi_hold_renew(struct scsi_hold *hold, char *err, size_t err_bytes);

/*
 * Restores everything, unlocks the door unless it was found locked, ends
 * reservation and registration, closes the st node, removes the record, and
 * frees the hold.  Returns true; false with a sentence in `err` about what could
 * not be restored: then the record stays, for `tapelab release`.  The caller has
 * moved the tape to where it belongs.  It must be called after an error or a
 * signal, too.  NULL is allowed.
 */
bool scsi_hold_end(struct scsi_hold *hold, char *err, size_t err_bytes);

/*
 * `tapelab release`: removes what runs of this host left on the drive, and
 * restores what its record says.  Reports each thing that was done or found by
 * `notice`: restored settings, removed registrations, reservations and
 * registrations of others (key, type, holder), programs that have the drive
 * open, a door that another initiator locked.  Returns whether the drive is
 * free of what tapelab of this host left; false with a sentence in `err`.  A
 * drive that is not ready after the wait is released as far as that needs no
 * medium.
 */
bool scsi_hold_recover(struct scsi_unit *unit,
    const struct scsi_hold_options *options, char *err, size_t err_bytes);

#endif
