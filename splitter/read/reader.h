/*
 * reader.h: reads a dump back from its tapes.
 *
 * A scan knows where each part is.  The parts are read in their order and
 * passed on as they come.  The checksum of each is compared with the one that
 * proves it.  A range that cannot be read is a gap: every byte that was asked
 * for is passed on, or is in a gap that is reported.  Bytes that were passed on
 * and turn out to be damaged are reported too.
 *
 * One thread at a time; the scan must not change meanwhile.
 */
#ifndef SPLITTER_READER_H
#define SPLITTER_READER_H

#include "splitter/read/scan.h"

/* A range of the dump that is not, or may not be, what was written. */
struct reader_gap {
	enum splitter_gap_kind kind;
	uint64_t offset_bytes;
	uint64_t bytes; /* UINT64_MAX: the end of the gap is unknown */
	uint64_t part;
	const char *volume; /* "": unknown */
	const char *why;
};

struct reader_config {
	/* owned by the caller; needs load_named */
	struct tape_library *library;
	const struct scan *scan;
	size_t dump;   /* index of the dump in the scan */
	uint64_t part; /* reads this part alone; 0: all parts */
	/*
	 * True: continue after gaps, and pass on bytes that nothing proves.
	 * False: end at the first gap; but without an end record nothing can
	 * prove the last part, so it is passed on as UNPROVEN if a filemark
	 * follows it.
	 */
	bool salvage;
	/*
	 * The most bytes that may be missing in all, whatever headers claim.  A
	 * gap that would exceed it has no known end, and a part after it is
	 * left out.  0: no limit.
	 */
	uint64_t missing_max_bytes;
	void *arg;
	/* Receives the next bytes.  Returning false ends the reading. */
	bool (*data)(void *arg, const void *bytes, uint64_t count);
	/*
	 * Asks what to do about a volume that cannot be loaded.  May be NULL:
	 * the volume counts as missing.
	 */
	enum splitter_missing_decision (*volume_missing)(void *arg,
	    const char *barcode, const char *why);
	/*
	 * Reports a gap.  MISSING gaps come in the order of offsets.  May be
	 * NULL.
	 */
	void (*gap)(void *arg, const struct reader_gap *gap);
	/*
	 * Called before the first bytes of a part are passed on.  May be NULL.
	 */
	void (*begun)(void *arg, const struct scan_part *part);
	/*
	 * Receives what drives and volumes report of themselves (watch.h).  May
	 * be NULL.
	 */
	void (*warning)(void *arg, const char *message, int64_t at_ns);
};

struct reader_outcome {
	enum splitter_read_end end;
	bool out_of_memory;     /* nothing was read */
	uint64_t good_bytes;    /* passed on and proven */
	uint64_t missing_bytes; /* size of all gaps with a known end */
	bool open_end;          /* a gap has no known end */
	uint64_t unproven_bytes;
	uint64_t damaged_bytes;
	bool end_known;  /* an end record says where the dump ends */
	bool lost;       /* something is missing or damaged */
	bool later;      /* ended by SPLITTER_MISSING_LATER */
	bool over_limit; /* missing_max_bytes made a gap open */
	/* The checksum of the whole dump is the recorded one. */
	bool whole_proven;
	char message[TAPE_MESSAGE_BYTES]; /* why the dump is not WHOLE, or "" */
};

void reader_run(const struct reader_config *config,
    struct reader_outcome *outcome);

#endif
