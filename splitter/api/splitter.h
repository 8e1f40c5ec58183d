/*
 * splitter.h: writes a byte stream of unknown length to tapes.
 *
 * The main header of libsplitter, installed as <tapelab/splitter.h>.  A dump (a
 * byte stream) is cut into parts; each part becomes a file on tape.  The parts
 * go to as many volumes as it takes.  A part that fails is written again from
 * the part cache.
 *
 * splitter_config.library selects one of two modes:
 *
 *   library mode  A library is given, and hands out the volumes.  The default
 *                 policy, or `policy`, decides what follows a failed part.
 *   handoff mode  No library is given.  The program hands over each volume with
 *                 splitter_use_tape, and starts each part with
 *                 splitter_start_part.
 *
 *     library:  new -> push, ... -> eof -> wait -> free
 *
 *     handoff:  new -> use_tape, start_part(false) ----+
 *                 |            ^                       v
 *                push, ...     | start_part(retry)   attempt_done
 *                 |            +------- decide <-------+
 *                eof                                   | after the last part
 *                 +----------> wait -> free <----------+
 *
 * Invariants:
 *
 *  1. A part is called safe only if a synchronised filemark follows it on tape.
 *  2. A retry of a part writes the same bytes as the first attempt, or fails.
 *  3. Nothing is overwritten that the program did not name: see label_blank.
 *  4. A dump that is cancelled ends within one operation of a drive.  Parts
 *     that are safe by then stay safe.
 *  5. Each tape that splitter_use_tape took is returned once, by tape_returned.
 *     splitter_wait returns later.
 *  6. Whatever the program's tapes and library answer, the process is not
 *     aborted: an impossible answer is an error of that operation.
 *
 * Units: sizes and offsets are bytes; times are nanoseconds since
 * splitter_new.  Parts, attempts, volumes and files are counted from 1 (file 0
 * of a volume is its label).  In a dump that is resumed the numbers of attempts
 * are large, so that no number is used twice.
 *
 * Threads: one thread at a time is the producer.  It calls splitter_reserve,
 * _commit, _push, _add_slice, _eof, _fail, _feed and _feed_fd.  Any thread and
 * any event may call splitter_use_tape, _start_part, _give_up, _cancel and
 * _get_progress.  One thread, after the producer is done, calls splitter_wait
 * and splitter_free; an event must not.  The library has its own thread for the
 * tape, and one for a spool.  The thread for the tape calls all events, the
 * policy and the operations of tapes, one at a time and without holding a lock.
 * Dumps share nothing.  The library does not touch signals.
 *
 * Errors: functions return NULL or -1, and a message says what to do.  It is
 * stored in `err`, of `err_bytes`: TAPE_MESSAGE_BYTES is enough, a smaller
 * buffer gets the beginning of the message.  After success `err` is undefined.
 * A wrong call is refused; only an invalid pointer can crash the program.  NULL
 * is invalid unless the comment of the function or member allows it.
 */
#ifndef SPLITTER_SPLITTER_H
#define SPLITTER_SPLITTER_H

#include "tape.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The version of this interface.  It grows with each addition.  A program
 * passes the version that it was compiled with, so that the library knows which
 * members its structs have.  Structs get new members at the end, enumerations
 * get new values.
 */
#define SPLITTER_API     1
#define SPLITTER_VERSION "1.0.0"

struct splitter;
struct splitter_digest; /* volumes.h */

/* A finished attempt.  Strings are valid until the event returns. */
struct splitter_attempt {
	uint64_t part, attempt;
	uint64_t offset_bytes, bytes; /* in the dump */
	enum splitter_end end;
	enum tape_cause cause; /* TAPE_OK unless it failed */
	/* The part is safe.  It may be lost later: see part_lost. */
	bool committed;
	bool last;               /* it ends the dump */
	bool can_retry;          /* it failed, and its bytes are cached */
	uint32_t failed_volumes; /* in a row, before this volume */
	const char *volume;
	uint64_t file;              /* on the volume */
	int64_t begun_ns, ended_ns; /* before the header, after the filemark */
	const char *xxh128;         /* as in splitter_part; "": it failed */
	const char *message;        /* why it failed, or "" */
};

/* A volume.  Strings are valid until the event returns. */
struct splitter_volume {
	const char *barcode;
	const char *label;     /* the name in the label that it had, or "" */
	uint64_t sequence;     /* its number among the volumes of the dump */
	enum tape_close close; /* volume_closed: why it was given back */
	bool labelled;         /* by this dump */
	bool appended;         /* the dump follows other files on it */
	bool leom;             /* it reached its early warning */
	const char *message;   /* why something failed, or "" */
	/*
	 * volume_closed: what drive and cartridge reported after the load and
	 * before the unload (condition.h).  NULL: the tape does not report it.
	 */
	const struct tape_condition *before, *after;
	/*
	 * volume_closed: the uncorrected errors that the drive has counted
	 * between the two, and the critical TapeAlert flags that it has set, as
	 * a sentence; "": none.
	 */
	const char *errors;
};

/* A safe part. */
struct splitter_part {
	uint64_t part, attempt;
	uint64_t offset_bytes, bytes; /* in the dump */
	uint64_t file;                /* on the volume */
	char volume[TAPE_BARCODE_BYTES];
	char xxh128[33]; /* as xxhsum -H2 prints it; "": unknown */
};

struct splitter_progress {
	uint64_t accepted_bytes; /* from the producer */
	uint64_t waiting_bytes;  /* of these: not taken by a tape yet */
	uint64_t safe_bytes;
	uint64_t part;       /* that is being written */
	uint64_t part_bytes; /* of it: taken in this attempt */
};

/* The result of a dump. */
struct splitter_summary {
	enum splitter_outcome outcome;
	enum tape_cause cause; /* why it is not DONE */
	bool sealed;           /* the end record is on tape */
	/*
	 * The dump is safe up to this offset.  It is less than what was
	 * committed if parts were lost: see part_lost.
	 */
	uint64_t safe_bytes;
	uint64_t accepted_bytes; /* from the producer */
	uint64_t parts;          /* that are safe */
	/* Nothing was written, because a drive takes no blocks of this size. */
	bool block_refused;
	uint64_t memory_bytes; /* of the buffer */
	int64_t duration_ns;
	int64_t producer_blocked_ns; /* the producer waited for room */
	int64_t drive_starved_ns;  /* within parts, the tape waited for data */
	uint64_t underruns;        /* how often it waited */
	uint64_t cache_failures;   /* the spool was full, or failed */
	const char *xxh128;        /* of the safe bytes; "": unknown */
	const char *message;       /* why it is not DONE, or "" */
	const char *cache_message; /* of the last cache failure, or "" */
};

/*
 * The configuration of a dump.  Call splitter_config_init, then set members.
 * Strings, lists, the library and `arg` belong to the program, which must keep
 * them unchanged until splitter_free has returned.
 */
struct splitter_config {
	/*
	 * Both are set by splitter_config_init: the size of this struct and
	 * SPLITTER_API, as the program was compiled.  The library reads no
	 * byte beyond that size; members that are missing have their defaults.
	 */
	size_t config_bytes;
	unsigned api;

	/* The name: 1 to 128 printable ASCII characters, no blank at an end. */
	const char *dump;
	uint64_t dump_id;  /* in all headers; 0: the library draws one */
	const char *begun; /* 2026-01-31T23:59:59Z; NULL: unknown */

	uint64_t block_bytes;  /* at least 4 KiB; default 256 KiB */
	uint64_t part_bytes;   /* rounded up to a block; default 0: no limit */
	uint64_t buffer_bytes; /* rounded up to 2 blocks; default 16 MiB */
	/* How full the buffer is when the tape starts; default: all of it. */
	uint64_t start_fill_bytes;
	/* Default none.  Memory and spool need part_bytes. */
	enum splitter_cache cache;
	const char *spool_dir; /* default /var/tmp */
	uint64_t spool_bytes;  /* the most for it; default 0: what it needs */
	enum splitter_streaming streaming; /* default none */
	uint32_t max_volumes; /* to be written to; default 0: no limit */
	/*
	 * The dump ends as PARTIAL after this many volumes in a row that were
	 * tried and got no safe part; default 3.  Up to 16 volumes that only
	 * reduced the part size do not count.
	 */
	uint32_t max_failed_volumes;
	bool end_record; /* write one, if possible; default true */
	/* Fill up the last block with zeros; default false. */
	bool fixed_blocks;

	/*
	 * Which volumes may be written to:
	 *  - a volume with a scratch label;
	 *  - a blank one, if label_blank (default true); a blank write-once
	 *    medium, if it is in `append` or `overwrite`;
	 *  - one with dumps on it, after them, if its barcode is in `append`;
	 *  - any, from its beginning, if it is named in `overwrite`: by its
	 *    barcode, its medium serial number or, without a barcode, the name
	 *    in its label.  If barcode and label name two volumes, or the label
	 *    was written to another medium, both names must be there.
	 * A refusal says which names to give.
	 */
	bool label_blank;
	const char *const *append;
	size_t append_count;
	const char *const *overwrite;
	size_t overwrite_count;
	/*
	 * Decides about a volume that these rules refuse; `what` describes
	 * what is on it.  True: it is overwritten from its beginning.  It may
	 * take its time; the volume is inspected again after it.  It is not
	 * called for a volume whose barcode a robot reports, nor for a medium
	 * that has a serial number or a barcode in its memory, unless these
	 * names are in `overwrite`.  NULL: such a volume is refused.
	 */
	bool (*may_overwrite)(void *arg, const char *what);

	struct tape_library *library; /* NULL: handoff mode */
	/*
	 * Library mode: decides what follows an attempt.  NULL: the dump
	 * continues after a good attempt, and retries a failed one if its
	 * bytes are cached.  A part that cannot be retried is given up in any
	 * case.
	 */
	enum splitter_decision (*policy)(void *arg,
	    const struct splitter_attempt *attempt);
	void *arg; /* of the functions here and below */

	/*
	 * To resume a dump: its safe parts, in order and without a gap, and the
	 * number of volumes that they are on.  All parts are whole blocks.  The
	 * producer then brings the bytes after these parts.
	 */
	const struct splitter_part *resume;
	size_t resume_count;
	uint64_t resume_volumes;
	/* The digest of the bytes of these parts; NULL: unknown. */
	const struct splitter_digest *resume_digest;
	/*
	 * The highest numbers of attempts that may be on tape: at the next
	 * part, and at parts after it.  They are not used again.  Both 0: the
	 * library draws numbers above 2^20.
	 */
	uint32_t resume_next_attempt;
	uint32_t resume_later_attempt;

	/* Events; any may be NULL. */

	/* A label is about to be written: all that is on it will be lost. */
	void (*before_label)(void *arg, const struct splitter_volume *volume);
	/*
	 * The header of an attempt is about to be written: what is on the
	 * volume from that file on will be lost.  Set in the attempt: part,
	 * attempt, offset_bytes, volume, file, begun_ns; other members are 0.
	 */
	void (*before_header)(void *arg, const struct splitter_volume *volume,
	    const struct splitter_attempt *attempt);
	/*
	 * A part is not safe any more: it was overwritten on its volume
	 * (`overwritten`), could not be verified there, or follows such a part.
	 * Called for each of them, in order; then the dump ends.
	 */
	void (*part_lost)(void *arg, const struct splitter_part *part,
	    bool overwritten);
	/*
	 * An attempt has ended, and it is known whether the dump has another
	 * byte.  In handoff mode the program must decide what follows, except
	 * after the last part and after an attempt that cannot be retried.
	 */
	void (*attempt_done)(void *arg, const struct splitter_attempt *attempt);
	void (*volume_loaded)(void *arg, const struct splitter_volume *volume,
	    int64_t at_ns);
	void (*volume_closed)(void *arg, const struct splitter_volume *volume,
	    int64_t at_ns);
	/*
	 * Something failed that is not an attempt: a volume was refused, or
	 * could not be loaded, labelled or given a header; the spool is full;
	 * safe parts, or other dumps on the volume, may be lost.  Or nothing
	 * failed, and the drive asks to be cleaned, predicts a failure or
	 * reports a worn volume: once for each volume.  Errors that the drive
	 * has counted are not here but in splitter_volume.errors.
	 */
	void (*warning)(void *arg, const char *message, int64_t at_ns);
	/*
	 * Handoff mode: the dump waits for splitter_use_tape.  If another
	 * thread calls that at this moment, volume_loaded follows at once.
	 */
	void (*tape_wanted)(void *arg);
	/*
	 * Handoff mode: the program has its tape back.  `why` says what is
	 * known of the volume; TAPE_CLOSE_REFUSED: it was not written to.  The
	 * program must do what tape_library_ops.unload does.
	 */
	void (*tape_returned)(void *arg, struct tape *tape,
	    enum tape_close why);
	/* The dump has ended; splitter_wait no longer waits. */
	void (*ended)(void *arg);

	/*
	 * A volume with several partitions that is named in `overwrite`, or
	 * that may_overwrite() agrees to, is formatted as one partition.
	 * Default false: such a volume is refused.
	 */
	bool format;
	/*
	 * An acceptance run: volumes get a label with the purpose "test", and
	 * volumes with such a label may be written to from their beginning.
	 * Default false: they are refused unless named in `overwrite`.
	 */
	bool test;
	/*
	 * Receives all log pages of the drive and the attributes of the
	 * cartridge, as received, after the load and (`unloading`) before the
	 * unload of each volume: see `raw` of struct tape_condition.  May be
	 * NULL; then only the pages with known counters are read.
	 */
	void (*raw)(void *arg, const struct splitter_volume *volume,
	    bool unloading, bool attribute, uint16_t code, const void *data,
	    size_t bytes);
};

/*
 * Sets the defaults that the comments above name, and 0 and NULL otherwise.
 * Pass the size of the struct and SPLITTER_API.
 */
void splitter_config_init(struct splitter_config *config, size_t config_bytes,
    unsigned api);

/*
 * Begins a dump.  NULL with a message in `err` if the configuration is not
 * valid, or memory, a thread or the spool cannot be had.
 */
struct splitter *splitter_new(const struct splitter_config *config, char *err,
    size_t err_bytes);

/*
 * Waits for room for one byte or more.  Returns where the next bytes of the
 * dump go, and in `*bytes` how many there is room for.  NULL: the dump takes no
 * more bytes; it has ended, or was cancelled.
 */
void *splitter_reserve(struct splitter *s, uint64_t *bytes);

/*
 * The first `bytes` of the reserved room are filled.  -1: more than was
 * reserved, or the end of the dump was reported meanwhile.
 */
int splitter_commit(struct splitter *s, uint64_t bytes);

/*
 * Copies `bytes`, and waits for room.  Returns the number that was taken: fewer
 * only if the dump takes no more bytes.
 */
uint64_t splitter_push(struct splitter *s, const void *data, uint64_t bytes);

/*
 * With SPLITTER_CACHE_SLICES: the next `bytes` of the dump are also in the file
 * `name`, from `offset` on.  Call it in order, before these bytes are pushed.
 * The name is copied; the file is opened when a retry needs it.  -1: another
 * cache, an impossible number, or no memory; then a retry of the part fails.
 */
int splitter_add_slice(struct splitter *s, const char *name, uint64_t offset,
    uint64_t bytes);

/*
 * eof: the dump is complete.  fail: the producer failed, and the dump ends as
 * FAILED.  Only the first call counts; after splitter_cancel none does.
 */
void splitter_eof(struct splitter *s);
void splitter_fail(struct splitter *s);

/*
 * A producer as a loop.  `read` fills the buffer and returns the number of
 * bytes; 0 at the end of the dump; less than 0 if it failed.  Calls eof or fail
 * at the end.  Returns the last result of `read`, or 1 if the dump takes no
 * more bytes; that is checked between two reads.
 */
int splitter_feed(struct splitter *s,
    int64_t (*read)(void *arg, void *to, uint64_t bytes), void *arg);

/*
 * The same for a file, pipe or socket; the program closes it.  Returns 0 at its
 * end; -1 with errno if it could not be read; 1 at once if the dump takes no
 * more bytes, even while nothing comes.
 */
int splitter_feed_fd(struct splitter *s, int fd);

/*
 * Handoff mode: hands over the next volume, at any position.  The tape is lent
 * until tape_returned.  -1, and the program keeps the tape: one is waiting
 * already, the dump has ended, it has a library, or `tape` is NULL.
 */
int splitter_use_tape(struct splitter *s, struct tape *tape);

/*
 * Handoff mode: starts the first or next part (`retry` false), or retries the
 * failed part (true).  Call it once for each, from attempt_done or later, and
 * before or after splitter_use_tape.  -1: no such start is due.
 */
int splitter_start_part(struct splitter *s, bool retry);

/*
 * Handoff mode: there are no more volumes, or no more attempts.  The dump ends
 * as PARTIAL when it waits for one of the two functions above.
 */
void splitter_give_up(struct splitter *s);

/* Ends the dump soon; see invariant 4.  Not for a signal handler. */
void splitter_cancel(struct splitter *s);

/* Fills in `bytes` of the progress: the size of the program's struct. */
void splitter_get_progress(struct splitter *s,
    struct splitter_progress *progress, size_t bytes);

/*
 * Waits until the dump has ended.  The summary and its strings are valid until
 * splitter_free.  NULL, without waiting, if an event, the policy or a tape
 * calls it.
 */
const struct splitter_summary *splitter_wait(struct splitter *s);

/*
 * The safe parts, with those that were resumed.  Call these from an event, or
 * after splitter_wait.  `i` counts from 0; -1: there is no such part.  The list
 * becomes shorter if parts are lost.
 */
size_t splitter_part_count(const struct splitter *s);
int splitter_get_part(const struct splitter *s, size_t i,
    struct splitter_part *part, size_t bytes);

/*
 * Cancels the dump unless splitter_wait was called; waits; frees.  Does nothing
 * if `s` is NULL, or if an event, the policy or a tape calls it.
 */
void splitter_free(struct splitter *s);

/* The version of the library in use, "1.0.0". */
const char *splitter_version(void);

#ifdef __cplusplus
}
#endif

#endif
