/*
 * impl.h: what the files of exclusive use share.  Each file calls only files
 * listed above it.
 *
 *     key.c      the key of this host, and whose keys are which
 *     record.c   the record of a run in a file
 *     reserve.c  reserving the unit, and ending that
 *     idle.c     waiting for what an earlier program left running
 *     restore.c  settings, door and partition as they were
 *     recover.c  what an earlier run left
 *     hold.c     taking a drive, and giving it back
 */
#ifndef SPLITTER_SCSI_HOLD_IMPL_H
#define SPLITTER_SCSI_HOLD_IMPL_H

#include "splitter/scsi/hold/hold.h"

enum {
	HOLD_HOST_BYTES = 65,
	HOLD_RECORD_PATH_BYTES = 2 * SCSI_PATH_BYTES,
	HOLD_CARTRIDGE_BYTES = 33
};

/* key.c */

/* Stores the identity of this host. */
void hold_host(const struct scsi_hold_options *options,
    char host[HOLD_HOST_BYTES]);

/* The key of a run: "TL", 3 bytes of the host, 3 bytes of its start. */
uint64_t hold_key(const char *host, int64_t started_s);

/* Returns whether a run of this host made the key; of any host. */
bool hold_key_is_own(uint64_t key, const char *host);
bool hold_key_is_tapelab(uint64_t key);

/* record.c */

/* What a run was about to change, and how it found the drive. */
struct hold_record {
	char serial[SCSI_SERIAL_BYTES]; /* of the drive; "": it has none */
	char device[SCSI_PATH_BYTES];
	char boot[64]; /* of the kernel that ran it */
	uint64_t pid, process_start;
	int64_t started_s;
	uint64_t key; /* 0: not registered */
	enum scsi_reserved reserved;
	char st_options[16];
	/* whether it had a cartridge, and its serial number; "": not known */
	bool loaded;
	char cartridge[HOLD_CARTRIDGE_BYTES];
	struct scsi_settings found;
};

/*
 * Stores the path of the record: the serial number of the drive, or its
 * address, makes its name.
 */
void hold_record_path(const struct scsi_hold_options *options,
    const char *serial, char path[HOLD_RECORD_PATH_BYTES]);

/* Fills in what identifies the drive and this process. */
void hold_record_begin(struct hold_record *record,
    const struct scsi_hold_options *options, const char *serial);

/* Writes the record to the disk.  Returns false with a sentence in `err`. */
bool hold_record_write(const char *path, const struct hold_record *record,
    char *err, size_t err_bytes);

enum hold_read { HOLD_NO_RECORD, HOLD_RECORD, HOLD_DAMAGED };

/* Reads a record.  It is a stranger's: every line is checked. */
enum hold_read hold_record_read(const char *path, struct hold_record *record);

/* Returns whether the process that wrote the record still runs. */
bool hold_record_lives(const struct hold_record *record);

/* reserve.c */

/* Describes who has the unit: "reserved (exclusive access), key ..., by ...". */
void hold_describe(const struct scsi_hold_options *options,
    const struct scsi_persistent *persistent, char *text, size_t text_bytes);

/*
 * Reserves the unit.  `key` is registered.  Before the first change calls
 * `record` with what is about to be done; false ends the attempt.  Returns
 * false with a sentence in `err`; then nothing is reserved or registered.
 */
bool hold_reserve(struct scsi_unit *unit,
    const struct scsi_hold_options *options, uint64_t key,
    bool (*record)(void *arg, enum scsi_reserved reserved), void *arg,
    enum scsi_reserved *reserved, char *err, size_t err_bytes);

/* As scsi_hold_renew(). */
bool hold_renew(struct scsi_unit *unit, const struct scsi_hold_options *options,
    enum scsi_reserved reserved, uint64_t key, char *err, size_t err_bytes);

/*
 * Ends reservation and registration.  Returns false with a sentence in `err`.
 */
bool hold_release(struct scsi_unit *unit, enum scsi_reserved reserved,
    uint64_t key, char *err, size_t err_bytes);

/* Calls options->notice with a message. */
void hold_notice(const struct scsi_hold_options *options, const char *format,
    ...) __attribute__((format(printf, 2, 3)));

/* restore.c */

/* Stores the settings of the drive, and which cartridge it has. */
void hold_find(struct scsi_unit *unit, struct hold_record *record);

/*
 * Stores which settings to restore in a drive that has the settings `now`: those
 * that were found.  Density and partition belong to a cartridge: they are as in
 * `now` if the drive has not the cartridge that was found.
 */
void hold_want(struct scsi_unit *unit, const struct hold_record *record,
    const struct scsi_settings *now, struct scsi_settings *want);

/*
 * Restores settings, partition and door.  A notice says which density or
 * partition is not restored, because the drive has another cartridge, is not
 * ready, or refuses it with this one: that is no failure.  Returns false with a
 * sentence in `err`.
 */
bool hold_restore(struct scsi_unit *unit,
    const struct scsi_hold_options *options, const struct hold_record *record,
    char *err, size_t err_bytes);

/* The longest wait: options->ready_wait_ns, or its default. */
int64_t hold_wait_ns(const struct scsi_hold_options *options);

enum hold_waited {
	HOLD_READY,     /* or empty, or whatever does not pass by waiting */
	HOLD_NOT_READY, /* still, after the longest wait */
	HOLD_FAILED     /* no answer, or the program was asked to end */
};

/*
 * Waits for a command that a killed process left running, and for a drive that
 * becomes ready.  Writes a sentence to `err` unless the drive is ready.
 */
enum hold_waited hold_wait(struct scsi_unit *unit,
    const struct scsi_hold_options *options, char *err, size_t err_bytes);

/* recover.c */

/*
 * Removes what an earlier run left on the drive with this serial number.
 * `*found` becomes whether it left anything.  Returns false with a sentence in
 * `err`: the run still lives, the record is of another drive, or something could
 * not be restored.
 */
bool hold_clean(struct scsi_unit *unit, const struct scsi_hold_options *options,
    const char *serial, const char *record_path, bool *found, char *err,
    size_t err_bytes);

#endif
