/*
 * dump_run.h: the configuration of a dump, and its result.
 *
 * The same for both executors, in real and in virtual time.
 */
#ifndef SPLITTER_DUMP_RUN_H
#define SPLITTER_DUMP_RUN_H

#include <stddef.h>

#include "splitter/write/writer.h"

/* Describes a step that was carried out. */
struct dump_sample {
	int64_t now_ns;
	uint64_t accepted_bytes; /* bytes accepted from the producer so far */
	uint64_t waiting_bytes;  /* accepted bytes that no tape has taken yet */
	const struct core_step *step;
	const struct core_result *result;
	int64_t begun_ns; /* start of the step, which ends now */
};

struct dump_run_config {
	struct core_config core;
	/* The executor sets the members ring, clock, cache and end_record. */
	struct writer_config writer;
	/*
	 * The back end of the part cache: a spool or slices.  The caller frees
	 * it after the end of the dump.  NULL for the caches none and memory.
	 */
	struct cache *cache;
	/* Called in the same way as writer_events; may be NULL. */
	void (*sample)(void *arg, const struct dump_sample *);
	void *sample_arg;
	/*
	 * In real time the tape thread calls this function last; may be NULL.
	 */
	void (*ended)(void *arg);
	void *ended_arg;
};

struct dump_run_outcome {
	enum splitter_outcome outcome;
	enum tape_cause cause; /* the reason if the outcome is not DONE */
	bool sealed;
	uint64_t safe_bytes; /* the offset `safe` of core.h */
	/* checksum of the safe bytes; "": unknown */
	char xxh128[HEADER_SUM_BYTES];
	uint64_t accepted_bytes; /* bytes accepted from the producer */
	uint64_t ring_bytes;     /* memory that the buffer takes */
	uint64_t run_bytes;      /* the longest run of a write */
	uint64_t cache_bytes;    /* the most that was in the spool */
	int64_t duration_ns;
	/* Virtual time: how long loads waited for a free drive. */
	int64_t drive_wait_ns;
	int64_t
	    producer_blocked_ns; /* time that the producer waited for room */
	int64_t
	    drive_starved_ns; /* time within parts that the tape waited for data */
	/*
	 * The time between the moments at which bytes were due and accepted,
	 * its mean over all bytes.  0 if the executor's source waits.
	 */
	int64_t late_max_ns, late_mean_ns;
	uint64_t underruns;      /* how often the tape waited for data */
	uint64_t cache_failures; /* how often the spool was full, or failed */
	char cache_message
	    [TAPE_MESSAGE_BYTES]; /* message of the last cache failure, or "" */
	char message[TAPE_MESSAGE_BYTES];
	/* No volume was written, and a drive does not accept such blocks. */
	bool block_refused;
};

/*
 * Checks whether the sizes can be used together.  Returns 0; -1 with a message
 * that says what to change.  core_init asserts these rules.
 */
int dump_run_check(const struct dump_run_config *config, char *err,
    size_t err_bytes);

/*
 * Like dump_run_check(), but does not check the part cache, which need not
 * exist yet.
 */
int dump_run_check_sizes(const struct core_config *config, char *err,
    size_t err_bytes);

/*
 * Finds what must be appended to the cache next.  Sets the offset and returns
 * the number of bytes: whole blocks, except at the end of the dump; 0: nothing
 * now.
 */
uint64_t dump_run_to_cache(const struct core *core, uint64_t *offset);

/* Reports to the core that the spool holds the dump up to `upto`. */
void dump_run_cached(struct core *core, uint64_t upto,
    struct dump_run_outcome *outcome);

/*
 * Fills in the outcome, except for the times and the spool, from a core that has ended and
 * its writer.
 */
void dump_run_ended(const struct core *core, const struct core_step *done,
    const struct writer *writer, struct dump_run_outcome *outcome);

#endif
