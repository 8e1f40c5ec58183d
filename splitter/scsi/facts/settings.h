/*
 * settings.h: the settings of a drive that a run may change, read before and
 * restored after.
 */
#ifndef SPLITTER_SCSI_SETTINGS_H
#define SPLITTER_SCSI_SETTINGS_H

#include "splitter/scsi/commands.h"

/* Each setting has a flag: whether the drive reports it. */
struct scsi_settings {
	bool has_mode;        /* the three that follow */
	uint32_t block_bytes; /* 0: variable */
	uint8_t density;
	uint8_t buffered_mode;
	bool has_compression;
	bool compression; /* DCE of page 0Fh */
	bool has_algorithm;
	uint8_t algorithm; /* SDCA of page 10h; 0: no compression */
	bool has_pews;
	uint16_t pews_mb; /* programmable early warning size, page 10h/01h */
	bool has_partition;
	uint32_t partition; /* the current one; only with a medium */
	bool has_door;
	bool door_locked; /* by any initiator (log page 11h, PAMR) */
};

/* Reads the settings.  Never fails: what is not reported has no flag. */
void scsi_settings_read(struct scsi_unit *unit, struct scsi_settings *settings);

/*
 * Sets what differs in `now` from `want`, except door and partition, and only
 * where both have the flag.  Returns true; false with a sentence in `err`
 * about the first setting that could not be set.  The others are still set.
 */
bool scsi_settings_apply(struct scsi_unit *unit,
    const struct scsi_settings *now, const struct scsi_settings *want,
    char *err, size_t err_bytes);

/*
 * Turns compression on or off, by page 0Fh, else by page 10h.  Returns false
 * with a sentence in `err`.
 */
bool scsi_set_compression(struct scsi_unit *unit, bool on, char *err,
    size_t err_bytes);

/* Sets the density alone.  Returns false: unit->answer says why. */
bool scsi_set_density(struct scsi_unit *unit, uint8_t density);

/* Sets the block length; 0: variable. */
bool scsi_set_block_bytes(struct scsi_unit *unit, uint32_t bytes, char *err,
    size_t err_bytes);

/*
 * Writes what differs: "block size 0, was 512, compression on, was off".
 * Returns whether anything differs.
 */
bool scsi_settings_compare(const struct scsi_settings *was,
    const struct scsi_settings *is, char *text, size_t text_bytes);

#endif
