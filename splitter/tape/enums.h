/*
 * enums.h: the enumerations that all layers share, and their names.
 *
 * Why an operation, an attempt or a dump fell short, how a volume is given
 * back, how an attempt and a dump end, and what a dump is configured with:
 * each of these has one enumeration, from the tape through the core and the
 * public interface to the reports, and one table of names, in enums.c.  The
 * core, which includes nothing else, includes this header: it is constants
 * and declarations alone, and includes nothing.
 *
 * Installed as <tapelab/enums.h>.  New values are added at the end of an
 * enumeration.
 */
#ifndef SPLITTER_ENUMS_H
#define SPLITTER_ENUMS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Why an operation, an attempt or a dump has failed or ended early. */
enum tape_cause {
	TAPE_OK = 0,

	/* Results of an operation of a tape or a library. */
	TAPE_PEOM,            /* physical end: nothing more goes on tape */
	TAPE_MEDIUM_ERROR,    /* error of the medium */
	TAPE_DEFERRED_ERROR,  /* an acknowledged block is not on tape */
	TAPE_HARDWARE_ERROR,  /* error of the drive, which is not used again */
	TAPE_POSITION_LOST,   /* reset, power on, cartridge exchanged */
	TAPE_UNKNOWN_ERROR,   /* an error whose kind cannot be known */
	TAPE_WRITE_PROTECTED, /* the volume cannot be written to */
	TAPE_BLANK,           /* read: nothing was ever written here */
	TAPE_FILEMARK,        /* read: a filemark comes next */
	TAPE_EOD,             /* read: end of data */
	TAPE_NO_VOLUME,       /* load: no more volumes, or no drive */
	TAPE_INVALID,         /* the caller asked for the impossible */
	/*
	 * The storage of a virtual volume failed, for instance because the disk
	 * of the host is full.  The volume has no fault, and the next volume
	 * would fail as well.  After a read, this cause is treated as a medium
	 * error: the next block may be readable.
	 */
	TAPE_STORAGE_FAILED,

	/* Causes of an attempt or a dump.  No tape may answer with them. */
	TAPE_REFUSED,     /* write-protected, foreign or no scratch volume */
	TAPE_CACHE_ERROR, /* the part cache cannot be read, or differs */
	TAPE_CANCELLED,
	TAPE_PRODUCER_FAILED
};

/*
 * Why a volume is given back.  The first four values are in order from good to
 * bad.
 */
enum tape_close {
	TAPE_CLOSE_GOOD,    /* may be appended to */
	TAPE_CLOSE_FULL,    /* good; the end of the volume was reached */
	TAPE_CLOSE_SUSPECT, /* failed; ask before writing on the volume again */
	TAPE_CLOSE_AVOID_DRIVE, /* suspect; do not use its drive again */
	TAPE_CLOSE_REFUSED      /* the volume was not written */
};

/* How an attempt at a part ends; FAILED has a cause. */
enum splitter_end {
	SPLITTER_END_NONE, /* never reported */
	SPLITTER_END_EOF,  /* the dump ends with this part */
	SPLITTER_END_EOP,  /* the part is full */
	SPLITTER_END_LEOM, /* the drive gave the early warning */
	SPLITTER_END_CUT,  /* the spool could hold no more */
	SPLITTER_END_FAILED
};

/* How a dump ends. */
enum splitter_outcome {
	SPLITTER_NO_OUTCOME, /* not ended; never reported */
	SPLITTER_DONE,       /* the whole dump is safe */
	SPLITTER_PARTIAL,    /* safe up to an offset: no volume, no retry */
	SPLITTER_FAILED      /* cancelled, or the producer failed */
};

/* What to do after an attempt has ended. */
enum splitter_decision { SPLITTER_CONTINUE, SPLITTER_RETRY, SPLITTER_GIVE_UP };

/* The part cache: from where a failed part can be written again. */
enum splitter_cache {
	SPLITTER_CACHE_NONE,   /* nothing: released when consumed */
	SPLITTER_CACHE_MEMORY, /* the buffer: released when committed */
	SPLITTER_CACHE_SPOOL,  /* a file: released when consumed and cached */
	SPLITTER_CACHE_SLICES  /* files of the caller: released when consumed */
};

/* When the buffer must be filled before the tape starts. */
enum splitter_streaming {
	SPLITTER_STREAMING_NONE,    /* never: one block is enough */
	SPLITTER_STREAMING_DESIRED, /* before the start of a part */
	/* before the start of a part and after each underrun */
	SPLITTER_STREAMING_REQUIRED
};

/* The operation that fails by an injected fault. */
enum splitter_fault_at {
	SPLITTER_FAULT_BLOCK,    /* a data block is written */
	SPLITTER_FAULT_HEADER,   /* a header is written */
	SPLITTER_FAULT_FILEMARK, /* a filemark after a part */
	SPLITTER_FAULT_LABEL,    /* a volume is labelled */
	SPLITTER_FAULT_LOAD      /* a volume is loaded */
};

/* The kind of a volume, by its first block. */
enum splitter_volume_kind {
	SPLITTER_VOLUME_BLANK,      /* never written */
	SPLITTER_VOLUME_SCRATCH,    /* labelled, and free to be written */
	SPLITTER_VOLUME_DUMPS,      /* labelled for a dump */
	SPLITTER_VOLUME_FOREIGN,    /* not written by tapelab */
	SPLITTER_VOLUME_UNREADABLE, /* its first block cannot be read */
	SPLITTER_VOLUME_NOT_SCANNED /* the volume could not be loaded */
};

/*
 * A scan ends after this number of failed loads in a row: the drive is the
 * likely cause.
 */
enum { SPLITTER_FAILED_LOADS_MAX = 100 };

/* Why a range of a dump is a gap when it is read back. */
enum splitter_gap_kind {
	SPLITTER_GAP_MISSING, /* the data was not found or cannot be read */
	/* delivered, but the data is not what was written */
	SPLITTER_GAP_DAMAGED,
	SPLITTER_GAP_UNPROVEN /* delivered, but no checksum proves the data */
};

/* What to do if a volume cannot be loaded for reading. */
enum splitter_missing_decision {
	SPLITTER_MISSING_SKIP,  /* treat the parts on the volume as missing */
	SPLITTER_MISSING_RETRY, /* load the volume again */
	/*
	 * The volume will be available later: end the reading, also with
	 * `salvage`.
	 */
	SPLITTER_MISSING_LATER
};

/* How reading a dump back ends. */
enum splitter_read_end {
	SPLITTER_READ_WHOLE,   /* the whole dump was read; the dump is DONE */
	SPLITTER_READ_PARTIAL, /* all data of an incomplete dump was read */
	/* a gap or the callback `data` ended the reading */
	SPLITTER_READ_FAILED
};

/* Whether parts are still where they were written. */
enum splitter_parts_state {
	SPLITTER_PARTS_PRESENT,     /* all parts are in place */
	SPLITTER_PARTS_OVERWRITTEN, /* other data is in their place */
	SPLITTER_PARTS_UNREADABLE,  /* a volume cannot be loaded or read */
	SPLITTER_PARTS_STOPPED      /* volume_begun returned false */
};

/* How a real drive is used. */
enum splitter_backend {
	SPLITTER_BACKEND_ST, /* the tape driver of Linux */
	SPLITTER_BACKEND_SG, /* SCSI commands, through the sg driver */
	/* SG where its node may be opened, else ST */
	SPLITTER_BACKEND_ANY
};

/* The compression of a real drive. */
enum splitter_st_compression {
	SPLITTER_ST_COMPRESSION_UNCHANGED,
	SPLITTER_ST_COMPRESSION_ON,
	SPLITTER_ST_COMPRESSION_OFF
};

/*
 * Return the name of a value as reports, scenarios and options have it: "ok"
 * and "medium_error"; "suspect"; "LEOM"; "PARTIAL"; "spool"; "desired";
 * "block"; "not_scanned"; "missing".  Values that are never reported have the
 * name "".  A number that is no value of the enumeration gives "?".
 */
const char *tape_cause_name(enum tape_cause cause);
const char *tape_close_name(enum tape_close close);
const char *splitter_end_name(enum splitter_end end);
const char *splitter_outcome_name(enum splitter_outcome outcome);
const char *splitter_cache_name(enum splitter_cache cache);
const char *splitter_streaming_name(enum splitter_streaming streaming);
const char *splitter_fault_at_name(enum splitter_fault_at at);
const char *splitter_volume_kind_name(enum splitter_volume_kind kind);
const char *splitter_gap_kind_name(enum splitter_gap_kind kind);

/* Return the names by value, ended by NULL: what an option or a key may be. */
const char *const *splitter_cache_names(void);
const char *const *splitter_streaming_names(void);
const char *const *splitter_fault_at_names(void);

/* Returns the causes that an injected fault may have, ended by TAPE_OK. */
const enum tape_cause *splitter_fault_causes(void);

/*
 * Returns a cause as part of a sentence, for use where no other reason is
 * known.
 */
const char *tape_cause_text(enum tape_cause cause);

#ifdef __cplusplus
}
#endif

#endif
