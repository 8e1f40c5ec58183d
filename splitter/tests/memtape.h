/*
 * memtape.h: a tape library in memory, whose operations take no time.
 *
 * Its volumes count as Table A of the splitter's rules does: the label, each
 * header and the data count towards the capacity, a filemark costs nothing;
 * the block that ends more than capacity - early warning bytes from BOT meets
 * LEOM and is on tape; the block that would end beyond the capacity meets PEOM
 * and is not.  A list of failures says what else goes wrong.
 *
 * Invariants:
 *  1. Failures count blocks, headers, filemarks, labels and loads over the
 *     whole library, never runs.  A block, header or label that does not fit
 *     is not counted: capacity is tested before failures.
 *  2. A caller who does what tape.h does not allow, or what no tape that is
 *     written with care sees (data behind LEOM, a write on a drive that has
 *     failed, a file without a header), is complained of.
 *  3. The tape thread alone uses it while a dump is under way.
 */
#ifndef SPLITTER_TESTS_MEMTAPE_H
#define SPLITTER_TESTS_MEMTAPE_H

#include "splitter/tape/tape.h"

#define MEMTAPE_NO_WARNING      UINT64_MAX
#define MEMTAPE_ENDLESS         (UINT64_MAX / 2)
#define MEMTAPE_BLOCK_MAX_BYTES (UINT64_C(4) << 20)

enum memtape_what {
	MEMTAPE_BLOCK,
	MEMTAPE_HEADER,
	MEMTAPE_FILEMARK,
	MEMTAPE_LABEL,
	MEMTAPE_LOAD,
	MEMTAPE_UNLOAD
};

/* What a volume is before the dump. */
enum memtape_kind {
	MEMTAPE_BLANK,
	MEMTAPE_FOREIGN,
	MEMTAPE_LABELLED,
	MEMTAPE_PROTECTED,
	MEMTAPE_UNREADABLE,
	MEMTAPE_SCRATCH,    /* labelled, and free to be written to */
	MEMTAPE_OTHER_LABEL /* labelled as another volume */
};

/* The nth such thing, from 1, fails; TAPE_OK: it meets LEOM early. */
struct memtape_failure {
	enum memtape_what what;
	uint64_t nth;
	enum tape_cause cause;
	bool for_good; /* and all that come after it */
};

struct memtape_config {
	unsigned drives, volumes;
	uint64_t capacity_bytes;
	/* Each volume but the first is so much smaller; down to that size. */
	uint64_t shrink_bytes, least_bytes;
	uint64_t warning_bytes;   /* or MEMTAPE_NO_WARNING */
	uint64_t block_bytes;     /* of labels that are there before */
	uint64_t block_max_bytes; /* of the drives; 0: 4 MiB */
	int need;                 /* enum splitter_streaming */
	const struct memtape_failure *failures;
	unsigned failure_count;
	/* As this block, from 2, is taken, the byte before it changes. */
	uint64_t scribble_nth;
	/*
	 * Before the Nth thing of those above MEMTAPE_LOAD that is written, 0:
	 * never, the tape moves by itself, to so many objects from BOT.
	 */
	uint64_t stray_nth, stray_to;
	bool no_payload; /* keeps lengths and offsets only */
	/* Called before each operation of a kind; may wait. */
	void (*hook)(void *arg, enum memtape_what what, uint64_t nth);
	void *hook_arg;
};

/* What lies on a volume: a block, or (bytes 0) a filemark. */
struct memtape_object {
	unsigned char *data; /* NULL: a filemark, or no payload */
	uint64_t bytes;
	uint64_t dump_id, offset;
};

struct memtape_volume {
	char barcode[TAPE_BARCODE_BYTES];
	enum memtape_kind kind;
	uint64_t capacity_bytes, warning_bytes;
	struct memtape_object *objects;
	uint64_t count, room;
	uint64_t bytes; /* of all blocks */
	bool warned;    /* LEOM was met, in earnest or early */
	bool full;      /* PEOM was met */
	bool changed;   /* written to, */
	bool changing;  /* since memtape_again() */
	bool given_back;
	bool overwrite; /* may be labelled whatever is on it */
	bool missing;   /* cannot be loaded to be read */
	enum tape_close close;
	unsigned drive; /* that it was in last */
};

struct memtape;

/* How large volume `i`, from 0, of such a library is. */
uint64_t memtape_capacity(const struct memtape_config *config, unsigned i);

struct memtape *memtape_new(const struct memtape_config *config);
void memtape_free(struct memtape *m);

/* Makes volume `i`, from 0, one of this kind; before it is loaded. */
void memtape_prepare(struct memtape *m, unsigned i, enum memtape_kind kind);

/* Gives volume `i` a capacity and a warning of its own. */
void memtape_size(struct memtape *m, unsigned i, uint64_t capacity_bytes,
    uint64_t warning_bytes);

struct tape_library *memtape_library(struct memtape *m);

/*
 * How many such things there were, those that failed included, those of end
 * records not.
 */
uint64_t memtape_count(const struct memtape *m, enum memtape_what what);

/* Whether the tape has moved by itself. */
bool memtape_strayed(const struct memtape *m);

/* How many volumes were asked for and handed out. */
unsigned memtape_loaded(const struct memtape *m);

/* Hands the volumes out all over again, with what is on them. */
void memtape_again(struct memtape *m);

/* For looking: volume `i`; NULL behind the last. */
const struct memtape_volume *memtape_volume(const struct memtape *m,
    unsigned i);

/*
 * Volume `i` in a drive for reading that never fails, at BOT.  The same tape
 * each time; the one before is gone.
 */
struct tape *memtape_reader(struct memtape *m, unsigned i);

/* The first thing that its caller did wrong, or "". */
const char *memtape_complaint(const struct memtape *m);

#endif
