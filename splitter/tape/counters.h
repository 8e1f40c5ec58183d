/*
 * counters.h: the counters of log pages, under the maker's names.
 *
 * TapeAlert flags come from page 12h alone: page 2Eh clears them, and the
 * monitoring of a library would not see them.
 */
#ifndef SPLITTER_TAPE_COUNTERS_H
#define SPLITTER_TAPE_COUNTERS_H

#include "splitter/tape/condition.h"

enum tape_maker {
	TAPE_MAKER_OTHER,
	TAPE_MAKER_IBM,
	TAPE_MAKER_HP,     /* HP, HPE */
	TAPE_MAKER_QUANTUM /* Quantum, Seagate, Certance */
};

/* Log pages, and parameters of the error counters 02h and 03h. */
enum {
	TAPE_PAGE_WRITE_ERRORS = 0x02,
	TAPE_PAGE_READ_ERRORS = 0x03,
	TAPE_PAGE_DEVICE = 0x0c,
	TAPE_PAGE_VOLUME = 0x17,
	TAPE_PAGE_COMPRESSION = 0x1b,
	TAPE_PAGE_OLD_COMPRESSION = 0x32,
	TAPE_ERRORS_CORRECTED = 0x0003,
	TAPE_ERRORS_UNCORRECTED = 0x0006
};

/* Returns the maker by the vendor of INQUIRY. */
enum tape_maker tape_maker_of(const char *vendor);

/*
 * Adds a parameter if it has a name for this maker, is not there yet, and there
 * is room.
 */
void tape_counters_add(struct tape_counters *counters, enum tape_maker maker,
    uint8_t page, uint16_t code, uint64_t value);

/*
 * Stores what happened between two snapshots: counters that grow, and that are
 * in both, as differences; flags that are set after and not before.  A counter
 * that became smaller was cleared: its difference is its value after, and
 * `*cleared` becomes true.  The result may be one of the arguments.
 */
void tape_counters_subtract(const struct tape_counters *after,
    const struct tape_counters *before, struct tape_counters *difference,
    bool *cleared);

/*
 * Sets all members except `raw` and `raw_arg` to unknown, then calls `condition`
 * of the tape if it has that function.  What breaks the rules of condition.h
 * becomes unknown.
 */
void tape_get_condition(struct tape *tape, struct tape_condition *condition);

/* The TapeAlert flags of SSC-4, annex A. */
enum {
	TAPE_ALERT_MEDIA_LIFE = 7,
	TAPE_ALERT_NEARING_MEDIA_LIFE = 19,
	TAPE_ALERT_CLEAN_NOW = 20,
	TAPE_ALERT_CLEAN_PERIODIC = 21,
	TAPE_ALERT_PREDICTIVE_FAILURE = 38
};

/* How serious a TapeAlert flag is. */
enum tape_alert_severity {
	TAPE_ALERT_INFORMATION,
	TAPE_ALERT_WARNING,
	TAPE_ALERT_CRITICAL
};

enum tape_alert_severity tape_alert_severity(unsigned flag);

/* Returns whether flag 1 to 64 is set. */
static inline bool tape_alert_is_set(uint64_t alerts, unsigned flag)
{
	return alerts >> (flag - 1) & 1;
}

/* Parameters of log pages that have a name. */
struct tape_counter_name {
	uint8_t page;
	uint16_t code;
	enum tape_maker maker; /* OTHER: all that have no row of their own */
	enum tape_counter_unit unit;
	bool grows;
	const char *name;
};

/* Returns the row of a parameter, or NULL. */
const struct tape_counter_name *tape_counter_name(enum tape_maker maker,
    uint8_t page, uint16_t code);

#endif
