/*
 * counters.h: the counters of a drive's log pages, under the maker's names.
 *
 * A snapshot is a list of numbers.  The difference of two snapshots is what
 * happened between them.  Several makers clear counters at unload, so the
 * second snapshot is taken before the unload.
 *
 * TapeAlert flags come from page 12h alone: page 2Eh clears them, and the
 * monitoring of a library would not see them.
 */
#ifndef SPLITTER_SCSI_COUNTERS_H
#define SPLITTER_SCSI_COUNTERS_H

#include "splitter/scsi/commands.h"

enum { SCSI_COUNTERS_MAX = 256 };

enum scsi_counter_unit {
	SCSI_COUNT,     /* of events or things */
	SCSI_BYTES,     /* bytes */
	SCSI_MEGABYTES, /* 10^6 bytes */
	SCSI_MEBIBYTES, /* 2^20 bytes */
	SCSI_DATA_SETS,
	SCSI_HOURS,
	SCSI_METRES,
	SCSI_PERCENT, /* a ratio times 100 */
	SCSI_FLAG
};

enum scsi_maker {
	SCSI_MAKER_OTHER,
	SCSI_MAKER_IBM,
	SCSI_MAKER_HP,     /* HP, HPE */
	SCSI_MAKER_QUANTUM /* Quantum, Seagate, Certance */
};

struct scsi_counter {
	uint8_t page, subpage;
	uint16_t code;
	enum scsi_counter_unit unit;
	/* the number only grows: a difference makes sense */
	bool grows;
	const char *name; /* as the maker calls it; a constant */
	uint64_t value;
};

struct scsi_counters {
	size_t count;
	struct scsi_counter counter[SCSI_COUNTERS_MAX];
	bool has_alerts;
	uint64_t alerts; /* bit N - 1: TapeAlert flag N */
};

/* Returns the maker by the vendor of INQUIRY. */
enum scsi_maker scsi_maker_of(const char *vendor);

/*
 * Reads pages 02h, 03h, 06h, 0Ch, 12h, 14h, 17h, 1Bh, 30h, 31h and 32h,
 * as far as the drive has them, and keeps the parameters that have a name.
 * Returns false if the drive has no log pages at all.
 */
bool scsi_counters_read(struct scsi_unit *unit, enum scsi_maker maker,
    struct scsi_counters *counters);

/* Takes the parameters of one page, with its header, into the snapshot. */
void scsi_counters_take(struct scsi_counters *counters, enum scsi_maker maker,
    const uint8_t *page, size_t bytes);

/* Returns a counter, or NULL. */
const struct scsi_counter *
scsi_counters_find(const struct scsi_counters *counters, uint8_t page,
    uint16_t code);

/*
 * Stores what happened between two snapshots: counters that grow, and that are
 * in both, as differences; flags that are set after and not before.  A counter
 * that became smaller was cleared: its difference is its value after, and
 * `*cleared` becomes true.  The result may be one of the arguments.
 */
void scsi_counters_subtract(const struct scsi_counters *after,
    const struct scsi_counters *before, struct scsi_counters *difference,
    bool *cleared);

/* How serious a TapeAlert flag is (SSC-4, annex A). */
enum scsi_alert_severity {
	SCSI_ALERT_INFORMATION,
	SCSI_ALERT_WARNING,
	SCSI_ALERT_CRITICAL
};

/* Returns the name of a flag (1 to 64), such as "Hard error". */
const char *scsi_alert_name(unsigned flag);
enum scsi_alert_severity scsi_alert_severity(unsigned flag);

#endif
