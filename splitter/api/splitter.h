/*
 * splitter.h: writes a byte stream of unknown length onto tapes.
 *
 * The public header of libsplitter, installed as <tapelab/splitter.h>; with
 * tape.h, which it includes, it is all that a program sees.  A dump is cut
 * into parts, each a file on tape, over as many volumes as it takes; a part
 * that failed is written again from the part cache.
 *
 * Two ways to use it, told apart by splitter_config.library:
 *
 *   whole    a library is given.  Volumes are taken from it, and what follows
 *            a failed part is decided inside, or by `policy`.
 *   element  no library is given.  The program hands over each volume with
 *            splitter_use_tape, and begins each part with splitter_start_part.
 *
 *     whole:    new -> push, ... -> eof -> wait -> free
 *
 *     element:  new -> use_tape, start_part(false) ----+
 *                 |            ^                       v
 *                push, ...     | start_part(retry)   attempt_done
 *                 |            +------- decide <-------+
 *                eof                                   | it was the last one
 *                 +----------> wait -> free <----------+
 *
 * Invariants:
 *
 *  1. What is called safe is on tape behind a synchronised filemark.
 *  2. A part is written again only with the bytes of the first time.
 *  3. Nothing that was not named is written over: see label_blank.
 *  4. A dump that was cancelled ends within one operation of a drive, whoever
 *     waits for what; parts that are safe by then stay so.
 *  5. A tape that splitter_use_tape took is given back by tape_returned, once, and
 *     splitter_wait returns after that.
 *
 * Units: sizes and offsets are bytes; times are nanoseconds since
 * splitter_new.  Numbers of parts, attempts, volumes and files are from 1 (file
 * 0 of a volume is its label).  Those of attempts are large in a dump that is
 * resumed, so that no attempt has the number of one before.
 *
 * Threads: one at a time is the producer, and calls splitter_reserve, _commit,
 * _push, _cache_inform, _eof, _fail, _feed and _feed_fd.  Any thread, and any
 * event, may call splitter_use_tape, _start_part, _give_up, _cancel and
 * _get_progress.  splitter_wait and splitter_free are for one thread, when the
 * producer is done, and not for an event.  The library has a thread of its own
 * for the tape, and one for a spool; events, the policy and all operations on
 * tapes are called by the first of them, one at a time, and without a lock.
 * Dumps share nothing, so each may have its threads.  It touches no signal.
 *
 * Errors: NULL or -1, and a sentence that says what can be done.  No misuse of
 * these functions ends the program, but pointers that lead nowhere.
 */
#ifndef SPLITTER_SPLITTER_H
#define SPLITTER_SPLITTER_H

#include "tape.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Grows with each addition to this header.  A program passes the one that it
 * was compiled with, so a newer library knows what the program knows.  Structs
 * get new members at their ends only, enumerations new values.
 */
#define SPLITTER_API     1
#define SPLITTER_VERSION "1.0.0"

struct splitter;
struct splitter_digest;

/* An attempt that has ended.  Strings live until the call returns. */
struct splitter_attempt {
	uint64_t part, attempt;
	uint64_t offset_bytes, bytes; /* in the dump */
	enum splitter_end end;
	enum tape_cause cause;   /* TAPE_OK unless it failed */
	bool committed;          /* the part is safe; should it be lost
					 * later, safe_bytes will be less */
	bool last;               /* the dump ends with it */
	bool can_retry;          /* it failed, and its bytes are there */
	uint32_t failed_volumes; /* in a row, before this one */
	const char *volume;
	uint64_t file;              /* on the volume */
	int64_t begun_ns, ended_ns; /* header begun, filemark done */
	const char *xxh128;         /* as in splitter_part; "": it failed */
	const char *message;        /* of what failed, or "" */
};

/* A volume that was loaded, or is given back.  Strings as above. */
struct splitter_volume {
	const char *barcode;
	const char *label;     /* the name in the label that it had, or "" */
	uint64_t sequence;     /* among those of the dump */
	enum tape_close close; /* once it is given back */
	bool labelled;         /* by this dump */
	bool appended;         /* used behind what was on it */
	bool leom;             /* it warned of its end */
	const char *message;   /* why, where something failed; or "" */
};

/* A part that is safe. */
struct splitter_part {
	uint64_t part, attempt;
	uint64_t offset_bytes, bytes; /* in the dump */
	uint64_t file;                /* on the volume */
	char volume[TAPE_BARCODE_BYTES];
	char xxh128[33]; /* as xxhsum -H2 prints it */
};

struct splitter_progress {
	uint64_t accepted_bytes; /* from the producer */
	uint64_t waiting_bytes;  /* of them, not taken by a tape yet */
	uint64_t safe_bytes;
	uint64_t part;       /* the one in the works */
	uint64_t part_bytes; /* of it, taken in this attempt */
};

struct splitter_summary {
	enum splitter_outcome outcome;
	enum tape_cause cause; /* why it is not DONE */
	bool sealed;           /* the end record is on tape */
	/*
	 * Less than was committed where a tape was not where it was left, and
	 * parts on it were overwritten, or could not be verified.
	 */
	uint64_t safe_bytes;
	uint64_t accepted_bytes, parts;
	/* No volume was written to, and a drive takes no such blocks. */
	bool block_refused;
	uint64_t memory_bytes; /* of the buffer */
	int64_t duration_ns;
	int64_t producer_blocked_ns; /* the producer waited for room */
	int64_t drive_starved_ns;    /* a part was begun and waited */
	uint64_t underruns;          /* how often it did */
	uint64_t cache_failures;     /* the spool was full, or failed */
	const char *xxh128;          /* of what is safe; "" : not known */
	const char *message;         /* why it is not DONE, or "" */
	const char *cache_message;   /* of the last cache failure, or "" */
};

/*
 * What a dump is begun with.  Filled in by splitter_config_init, then changed.
 * Strings, lists, the library and what `arg` leads to are the caller's, and
 * stay as they are until splitter_free has returned.
 */
struct splitter_config {
	/*
	 * splitter_config_init sets both: the size of this struct and
	 * SPLITTER_API as the program was compiled.  The library reads no
	 * further than that size; members behind it have their defaults.
	 */
	size_t config_bytes;
	unsigned api;

	/* 1 to 128 printable ASCII characters, no blank at either end. */
	const char *dump;
	uint64_t dump_id;  /* in all headers; 0: a random one */
	const char *begun; /* 2026-01-31T23:59:59Z; NULL: not said */

	uint64_t block_bytes;      /* 4 KiB at least; default 256 KiB */
	uint64_t part_bytes;       /* rounded up to a block; 0: no limit; 0 */
	uint64_t buffer_bytes;     /* likewise, two at least; 16 MiB */
	uint64_t start_fill_bytes; /* a full buffer is: all of it */
	enum splitter_cache cache; /* none; memory and spool need a part */
	const char *spool_dir;     /* for a spool; /var/tmp */
	uint64_t spool_bytes;      /* at most; 0: as much as it needs; 0 */
	enum splitter_streaming streaming; /* none */
	uint32_t max_volumes;              /* tried in all; 0: no limit; 0 */
	/*
	 * In a row, tried, with nothing safe on them; then PARTIAL; 3.  Up to
	 * 16 that only made the limit of a part smaller do not count.
	 */
	uint32_t max_failed_volumes;
	bool end_record;   /* seal the dump where the tape is good; true */
	bool fixed_blocks; /* fill the last block up with zeros; false */

	/*
	 * What may be written to: a volume with a scratch label always, a
	 * blank one if label_blank (true), one with dumps behind them if its
	 * barcode is in `append`, and any other from its beginning if it is
	 * in `overwrite`, with the name in its label if that is another: what
	 * is on that one is lost.
	 */
	bool label_blank;
	const char *const *append;
	size_t append_count;
	const char *const *overwrite;
	size_t overwrite_count;
	/*
	 * Decides about a volume that may not be written to by the rules above
	 * and holds `what`: true, it is overwritten from its beginning.  May
	 * take any time; the volume is read again afterwards.  NULL: such a
	 * volume is refused.
	 */
	bool (*may_overwrite)(void *arg, const char *what);

	struct tape_library *library; /* NULL: the element */
	/*
	 * The whole: what follows an attempt.  NULL: goes on after a good one,
	 * retries where that can be.  What cannot be retried is given up.
	 */
	enum splitter_decision (*policy)(void *arg,
	    const struct splitter_attempt *attempt);
	void *arg; /* of the policy and the events */

	/*
	 * A dump that is gone on with: its parts that are safe, without a gap
	 * (all but the dump's last is whole blocks), and on how many volumes
	 * they are.  The first byte to bring is the one behind them.  The end
	 * record then has no checksum of the whole dump.
	 */
	const struct splitter_part *resume;
	size_t resume_count;
	uint64_t resume_volumes;
	/* The digest of the bytes of these parts; NULL: not known. */
	const struct splitter_digest *resume_digest;
	/*
	 * Numbers of attempts that may be on tape are not used again: the
	 * first attempt at the next part, and at each part after it, has at
	 * least these numbers.  Both 0: drawn at random, from 2^20 on.
	 */
	uint32_t resume_next_attempt;
	uint32_t resume_later_attempt;

	/* Events; any may be NULL. */

	/*
	 * A label is about to be written: all that is on the volume will be
	 * lost.
	 */
	void (*before_label)(void *arg, const struct splitter_volume *volume);
	/*
	 * The header of an attempt is about to be written: what is on the
	 * volume from that file on will be lost.  The attempt has its part,
	 * attempt, offset_bytes, volume, file and begun_ns; the rest is 0.
	 */
	void (*before_header)(void *arg, const struct splitter_volume *volume,
	    const struct splitter_attempt *attempt);
	/*
	 * A part that was safe is not safe any more: it was overwritten on its
	 * volume (`overwritten`), could not be verified there, or follows such
	 * a part.  Called for each, in their order; then the dump ends.
	 */
	void (*part_lost)(void *arg, const struct splitter_part *part,
	    bool overwritten);
	/*
	 * An attempt has ended.  In the element this asks for a decision, but
	 * after the last part and after one that cannot be retried.  It comes
	 * when it is known whether the dump has a further byte.
	 */
	void (*attempt_done)(void *arg, const struct splitter_attempt *attempt);
	void (*volume_loaded)(void *arg, const struct splitter_volume *volume,
	    int64_t at_ns);
	void (*volume_closed)(void *arg, const struct splitter_volume *volume,
	    int64_t at_ns);
	/*
	 * What is no attempt, and went wrong: a volume was refused, or could
	 * not be loaded, labelled or given a header; a spool is full; parts
	 * that were committed are lost, see splitter_part_count, or what other
	 * dumps had on the volume may be.
	 */
	void (*warning)(void *arg, const char *message, int64_t at_ns);
	/*
	 * Element: it waits for splitter_use_tape.  One that is called at this
	 * moment may be the answer already: then volume_loaded follows.
	 */
	void (*tape_wanted)(void *arg);
	/*
	 * Element: the tape is the program's again, and `why` says what is
	 * known of its volume: TAPE_CLOSE_REFUSED, it was not written to.
	 * What tape_library_ops.unload is to do is the program's, here.
	 */
	void (*tape_returned)(void *arg, struct tape *tape,
	    enum tape_close why);
	/* The dump has ended; splitter_wait does not wait any more. */
	void (*ended)(void *arg);
};

/*
 * Fills in the defaults that are named last in the comments above, NULL and 0
 * otherwise.  `config_bytes` is its size and `api` SPLITTER_API, both as the
 * program was compiled.
 */
void splitter_config_init(struct splitter_config *config, size_t config_bytes,
    unsigned api);

/*
 * Begins a dump.  NULL with a sentence in `err` if there is no memory, thread
 * or spool to be had, or the configuration cannot be.
 */
struct splitter *splitter_new(const struct splitter_config *config, char *err,
    size_t err_bytes);

/*
 * Waits until there is room for a byte at least; returns where the next bytes
 * of the dump go, and in `*bytes` how many may be put there.  NULL: no more are
 * wanted; the dump has ended, or was cancelled.
 */
void *splitter_reserve(struct splitter *s, uint64_t *bytes);

/* The first `bytes` of what was reserved are there.  -1: it was not so much. */
int splitter_commit(struct splitter *s, uint64_t bytes);

/*
 * Copies `bytes` in, waiting for room.  Returns how many were taken: fewer
 * only where no more are wanted.
 */
uint64_t splitter_push(struct splitter *s, const void *data, uint64_t bytes);

/*
 * With SPLITTER_CACHE_SLICES: the next `bytes` of the dump are in the file
 * `name`, which is copied, from `offset` on.  In order, and before these bytes
 * are pushed; the file is opened when a retry needs it.  -1: it is another
 * cache, or there is no memory: a retry of that part will fail.
 */
int splitter_add_slice(struct splitter *s, const char *name, uint64_t offset,
    uint64_t bytes);

/*
 * The dump ends here; or the producer failed, and the dump has.  An end told
 * behind a cancel changes nothing.  Only the first of them counts.
 */
void splitter_eof(struct splitter *s);
void splitter_fail(struct splitter *s);

/*
 * The producer as a loop: has `read` fill the buffer until it returns 0, the
 * end, or less than 0, a failure, and tells eof or fail.  Returns what read
 * returned last; 1 if no more was wanted, which is told between two reads.
 */
int splitter_feed(struct splitter *s,
    int64_t (*read)(void *arg, void *to, uint64_t bytes), void *arg);

/*
 * The same from a file, pipe or socket, which stays the caller's.  Returns 0
 * at its end, -1 with errno if it could not be read; 1 if no more was wanted,
 * which is told at once, also where nothing comes.
 */
int splitter_feed_fd(struct splitter *s, int fd);

/*
 * Element: the next volume, at any place, to be written on when one is wanted.
 * The tape is lent until tape_returned.  -1, and it is still the caller's: one is
 * waiting already, the dump has ended, there is a library, or it is NULL.
 */
int splitter_use_tape(struct splitter *s, struct tape *tape);

/*
 * Element: begins the first or the next part (`retry` false), or tries the
 * part that failed again (true).  Once for each, in the attempt_done that asks
 * for it or any time later; whether before splitter_use_tape or after is the
 * same.  -1: nothing of that kind is to be begun.
 */
int splitter_start_part(struct splitter *s, bool retry);

/*
 * Element: there are no more volumes, or no more attempts are to be made.  The
 * dump ends PARTIAL where it would wait for one of the two above, or does.
 */
void splitter_give_up(struct splitter *s);

/* Ends the dump as soon as can be.  Not for a signal handler. */
void splitter_cancel(struct splitter *s);

/* How far it is; `bytes` is the size of the struct for the program. */
void splitter_get_progress(struct splitter *s,
    struct splitter_progress *progress, size_t bytes);

/*
 * Waits until the dump has ended.  What it returns is valid, as are the
 * strings in it, until splitter_free.
 */
const struct splitter_summary *splitter_wait(struct splitter *s);

/*
 * The parts that are safe, those that were resumed included.  To be called in
 * an event, or behind splitter_wait.  `i` is from 0; -1: there is none.  Where
 * parts are lost after they were committed there are fewer than before: the
 * last ones are gone, `warning` says of the first of them why, and the dump
 * ends.
 */
size_t splitter_part_count(const struct splitter *s);
int splitter_get_part(const struct splitter *s, size_t i,
    struct splitter_part *part, size_t bytes);

/* Cancels a dump that nobody waited for, waits, and frees.  NULL is allowed. */
void splitter_free(struct splitter *s);

/* The version of the library that is linked, "1.0.0". */
const char *splitter_version(void);

#ifdef __cplusplus
}
#endif

#endif
