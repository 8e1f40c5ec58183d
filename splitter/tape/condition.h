/*
 * condition.h: what a drive and the cartridge in it report of their state: log
 * pages, TapeAlert flags, and the auxiliary memory (MAM) of the cartridge.
 *
 * A tape reports it when it is asked (tape_ops.condition), without a change of
 * anything.  The difference of two reports is what happened between them.
 * Several makers clear counters at an unload, so the second report is read
 * before the unload.
 *
 * As in tape.h, the structs here do not change their size.  Installed as
 * <tapelab/condition.h>.  Valid in C and in C++.
 */
#ifndef SPLITTER_CONDITION_H
#define SPLITTER_CONDITION_H

#include "tape.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TAPE_COUNTERS_MAX = 256 };

enum tape_counter_unit {
	TAPE_UNIT_COUNT,     /* of events or things */
	TAPE_UNIT_BYTES,     /* bytes */
	TAPE_UNIT_MEGABYTES, /* 10^6 bytes */
	TAPE_UNIT_MEBIBYTES, /* 2^20 bytes */
	TAPE_UNIT_DATA_SETS,
	TAPE_UNIT_HOURS,
	TAPE_UNIT_METRES,
	TAPE_UNIT_PERCENT, /* a ratio times 100 */
	TAPE_UNIT_FLAG
};

/* A parameter of a log page (SPC-4, SSC-4) that is a number. */
struct tape_counter {
	uint8_t page, subpage;
	uint16_t code;
	enum tape_counter_unit unit;
	/* the number only grows: a difference makes sense */
	bool grows;
	const char *name; /* as the maker calls it; a constant */
	uint64_t value;
};

/* A snapshot of the log pages.  Each parameter is there once. */
struct tape_counters {
	size_t count;
	struct tape_counter counter[TAPE_COUNTERS_MAX];
	bool has_alerts;
	uint64_t alerts; /* bit N - 1: TapeAlert flag N */
};

enum { TAPE_ALERTS = 64 };

/*
 * Returns the name of TapeAlert flag 1 to 64 (SSC-4, annex A), such as "Hard
 * error".
 */
const char *tape_alert_name(unsigned flag);

/* Returns a counter by log page and parameter code, or NULL. */
const struct tape_counter *
tape_counters_find(const struct tape_counters *counters, uint8_t page,
    uint16_t code);

/* Returns the unit after a number: " MB", " data sets", "" and so on. */
const char *tape_unit_text(enum tape_counter_unit unit);

/*
 * Returns whether a counter is about a volume, not only about the drive: error
 * counters, bytes, volume statistics, compression (pages 02h, 03h, 0Ch, 17h,
 * 1Bh, 32h).
 */
bool tape_counter_is_of_volume(const struct tape_counter *counter);

#define TAPE_CONDITION_UNKNOWN UINT64_MAX

/* A number that is not reported is TAPE_CONDITION_UNKNOWN, a text "". */
struct tape_condition {
	bool has_counters; /* the drive has log pages */
	/* Why there are no counters, as the end of a sentence; "". */
	char unknown[128];
	struct tape_counters counters;
	/* The memory of the cartridge: see struct tape_identity. */
	char serial[TAPE_SERIAL_BYTES];   /* 0401 */
	char maker[TAPE_MAKER_BYTES];     /* 0400 */
	char barcode[TAPE_BARCODE_BYTES]; /* 0806 */
	uint64_t loads;                   /* 0003 */
	uint64_t capacity_bytes;          /* 0001, of partition 0 */
	uint64_t remaining_bytes;         /* 0000, of partition 0 */
	uint64_t written_life_bytes;      /* 0220 */
	uint64_t read_life_bytes;         /* 0221 */
	/* The loads that such a cartridge is made for. */
	uint64_t life_loads;
	/*
	 * Set by the caller, or NULL: the tape also calls it with each log page
	 * (`code` is page and subpage) as received, with its header, and with
	 * the value of each attribute (`code` is its identifier) of the first
	 * partition.  A tape without SCSI commands calls it never.
	 */
	void (*raw)(void *arg, bool attribute, uint16_t code, const void *data,
	    size_t bytes);
	void *raw_arg;
	uint64_t reserved[8];
};

#ifdef __cplusplus
}
#endif

#endif
