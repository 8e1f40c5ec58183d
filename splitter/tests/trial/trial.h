/*
 * trial.h: one dump over tapes in memory, by the engine, and its result.
 *
 * The dump is written, read back and compared; the result is text for tests.
 */
#ifndef SPLITTER_TESTS_TRIAL_H
#define SPLITTER_TESTS_TRIAL_H

#include "splitter/engine/engine.h"
#include "splitter/tests/trial/course.h"
#include "splitter/tests/memtape/memtape.h"

#define TRIAL_DUMP "a dump on trial"
enum { TRIAL_ID = 0x7a1 };

struct trial {
	struct core_config core;
	struct memtape_config tapes;
	uint64_t dump_bytes;
	uint64_t seed; /* seed of the bytes and of the sizes of the pieces */
	bool refuse_blank;
	policy_fn *policy;
	/* Prepares the volumes before the dump; may be NULL. */
	void (*prepare)(struct memtape *m);
	/*
	 * Called after the end of the dump, before the dump is read back; may
	 * be NULL.
	 */
	void (*ended)(void);
	/*
	 * Returns the library that writes on the volumes; NULL: the library of
	 * memtape is used.
	 */
	struct tape_library *(*over)(void *arg, struct memtape *m);
	/* Frees it, before the volumes are compared; NULL: nothing does. */
	void (*over_ended)(void *arg);
	void *over_arg;
	/* Whether only the safe bytes are read back: see safe_back.h. */
	bool safe_only;
};

enum { TRIAL_LINE_BYTES = 8192 };

struct trial_result {
	struct dump_run_outcome outcome;
	bool refused;                /* no dump was started: see `wrong` */
	bool unannounced;            /* there was no memory for a slice */
	char line[TRIAL_LINE_BYTES]; /* the attempts, see course_line */
	char closes[1024];           /* see course_closes */
	char wrong[512];             /* the first error, or "" */
	uint64_t counts[MEMTAPE_UNLOAD + 1];
	unsigned loaded, warnings;
	unsigned lost; /* number of parts lost after they were committed */
	bool strayed;  /* the tape has moved by itself */
	uint64_t run_max_bytes;
};

/* Returns bytes that depend only on the seed; the caller frees them. */
unsigned char *trial_source(uint64_t seed, uint64_t bytes);

/* Returns a number that depends only on the seed and an index. */
uint64_t trial_number(uint64_t seed, uint64_t index);

/* Fills in the configuration, which is the same for both executors. */
void trial_config(const struct trial *t, struct memtape *tapes,
    struct course *course, struct dump_run_config *config);

/* Fills in the result after the end of the dump, and frees the two. */
void trial_ended(const struct trial *t, struct memtape *tapes,
    struct course *course, const unsigned char *source,
    struct trial_result *result);

/* Writes the dump through the engine, in pieces of all sizes. */
void trial_engine(const struct trial *t, struct trial_result *result);

/*
 * Writes the result as "DONE 4711 1:4096 2:615", with `wrong` if there is an
 * error.
 */
char *trial_text(const struct trial_result *r, char *text, size_t bytes);

#endif
