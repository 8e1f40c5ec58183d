/*
 * reader.h: puts a dump together from its tapes.
 *
 * What a scan found says where each part is.  They are read in their order, and
 * handed on as they come; each is summed, and the sum compared with what
 * proves it.  What cannot be read is a gap, and it is told, never passed over:
 * every byte from the beginning to the end of what was asked for is handed on
 * or in a gap.  What was handed on and turns out to be damaged, because its
 * sum is another, is told too.
 *
 * One thread at a time, and the scan is not to change meanwhile.
 */
#ifndef SPLITTER_READER_H
#define SPLITTER_READER_H

#include "splitter/read/scan.h"

enum reader_gap_kind {
	READER_MISSING, /* not there, or it cannot be read */
	READER_DAMAGED, /* handed on, and not what was written */
	READER_UNPROVEN /* handed on; nothing says that it is good */
};

/* A range of the dump that is not, or may not be, what was written. */
struct reader_gap {
	enum reader_gap_kind kind;
	uint64_t offset_bytes;
	uint64_t bytes; /* UINT64_MAX: to the end, unknown */
	uint64_t part;
	const char *volume; /* "" : not known */
	const char *why;
};

/* What to do about a volume that cannot be loaded. */
enum reader_volume {
	READER_VOLUME_MISSING, /* its parts are missing */
	READER_VOLUME_RETRY,   /* load it again */
	/* It can be had later: the reading ends, also with `salvage`. */
	READER_VOLUME_LATER
};

struct reader_config {
	struct tape_library *library; /* the caller's; it loads by name */
	const struct scan *scan;
	size_t dump;   /* of the scan */
	uint64_t part; /* this part alone; 0: all */
	/*
	 * Go on behind gaps, and hand on what is not proven.  Else the first
	 * that is missing, damaged or unproven ends it; but that without an
	 * end record nothing can prove the last part that is known: it is
	 * handed on, as unproven, if a filemark is behind it.
	 */
	bool salvage;
	/*
	 * No more than that in all is missing, whatever headers claim: what
	 * goes beyond is a gap to an end that is not known, and a part behind
	 * it is left out.  0: whatever they claim.
	 */
	uint64_t missing_max_bytes;
	void *arg;
	/* Takes the next bytes; false ends it (it has told why). */
	bool (*data)(void *arg, const void *bytes, uint64_t count);
	/* A volume cannot be loaded.  May be NULL: it is missing. */
	enum reader_volume (*volume_missing)(void *arg, const char *barcode,
	    const char *why);
	/* A gap, in the order of offsets where it is MISSING.  May be NULL. */
	void (*gap)(void *arg, const struct reader_gap *gap);
	/* A part is begun.  May be NULL. */
	void (*begun)(void *arg, const struct scan_part *part);
};

enum reader_end {
	READER_WHOLE,   /* all, to the end of a dump that is DONE */
	READER_PARTIAL, /* all there was; not all of a whole dump */
	READER_FAILED,  /* ended by a gap, or `data` */
	READER_NO_MEMORY
};

struct reader_outcome {
	enum reader_end end;
	uint64_t good_bytes;    /* handed on, and proven */
	uint64_t missing_bytes; /* in gaps whose end is known */
	bool open_end;          /* a gap has an end that is not known */
	uint64_t unproven_bytes;
	uint64_t damaged_bytes;
	bool end_known;  /* an end record says where it ends */
	bool lost;       /* something is missing or damaged */
	bool later;      /* ended by READER_VOLUME_LATER */
	bool over_limit; /* missing_max_bytes made a gap open */
	/* Of all that was asked for: the dump's sum is what the record says. */
	bool whole_proven;
	char message[TAPE_MESSAGE_BYTES]; /* why it is not WHOLE, or "" */
};

void reader_run(const struct reader_config *config,
    struct reader_outcome *outcome);

#endif
