/*
 * scenario.h: a scenario file, read and validated.
 *
 * Invariants of a scenario that was read without error:
 *  1. There is at least one drive (a model that exists) and one volume.  There
 *     is a dump, which a scenario with steps need not write.
 *  2. Sizes fit each other: every drive takes the block, a volume has room for
 *     two blocks, and there is a part size if the cache needs one.
 *  3. `faults[].volume` is a place in `volumes`, from 1.
 *  4. Each fault can happen: its cache is used, its offset is in its dump.
 *  5. Every expectation names a metric that exists, with a value of its type.
 *
 * The keys are described in the tables of this room (key.h), from which the
 * JSON Schema and the tables of tapelab-scenario(5) are made.  A key left empty
 * ("faults:") counts as not given, if it takes a mapping, or a list of faults,
 * expectations or published values.  Only the number 0 needs no unit.
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/compose/compose.h"
#include "sim/metrics/metrics.h"
#include "sim/scenario/step.h"
#include "sim/source/feed.h"
#include "splitter/filter/limit.h"
#include "splitter/tape/tape.h"
#include "vtl/changer/changer.h"
#include "vtl/drive/fault.h"
#include "vtl/drive/options.h"
#include "vtl/model/model.h"
#include "vtl/base/sense.h"
#include "vtl/volume/volume.h"

enum { SCENARIO_NAME_BYTES = 64 };

enum scenario_source { SOURCE_RANDOM, SOURCE_ZEROS, SOURCE_FILE, SOURCE_STDIN };
enum scenario_payload { PAYLOAD_AUTO, PAYLOAD_NONE, PAYLOAD_RAW, PAYLOAD_ZLIB };

struct scenario_volume {
	char barcode[33];
	uint64_t capacity_bytes;
	bool early_warning;           /* false: no early warning */
	uint64_t early_warning_bytes; /* distance from the end of the medium */
	const char *medium; /* medium type as in volume_spec; NULL: "" */
	enum scenario_holds holds;
	/* The place of the dump that it holds, from 1; 0: see `holds`. */
	size_t holds_dump;
	bool write_protected;
	uint64_t loads;      /* in its life, before the scenario begins */
	uint64_t life_loads; /* that it is made for; 0: as a new one */
};

/* How a dump is cut into parts and written. */
struct scenario_splitter {
	uint64_t block_bytes;       /* default 256 KiB */
	uint64_t buffer_bytes;      /* default 64 MiB */
	uint64_t part_bytes;        /* default 0: no limit */
	enum splitter_cache cache;  /* default none */
	char *spool_dir;            /* NULL: not given */
	uint64_t spool_bytes;       /* 0: no limit */
	uint64_t spool_bytes_per_s; /* 0: its bytes take no time */
	int64_t spool_latency_ns;
	/* Offsets at which slices end, without the last one. */
	uint64_t *slices;
	size_t slices_count; /* 0: drawn from the seed */
	bool has_streaming;  /* false: the drive decides */
	enum splitter_streaming streaming;
	unsigned start_fill_percent; /* default 100 */
	uint32_t max_volumes;        /* 0: no limit */
	uint32_t max_failed_volumes; /* default 3 */
};

/* A dump, and when it is written. */
struct scenario_dump {
	char name[SCENARIO_NAME_BYTES]; /* "": the only dump, without a name */
	enum scenario_source source;
	char *source_path;   /* SOURCE_FILE: path to open */
	uint64_t size_bytes; /* SOURCE_RANDOM, SOURCE_ZEROS */
	/* SOURCE_RANDOM: compresses to 1000; 0: incompressible */
	uint64_t compressible_permille;
	struct feed_config feed;  /* the seed is not set */
	struct feed_trace *trace; /* owned; NULL: the feed is no trace */
	struct scenario_splitter splitter;
	size_t after; /* place of the dump whose end it awaits; its own: none */
	int64_t start_ns; /* from the start of the scenario or from that end */
	uint64_t runs;    /* at least 1 */
	int64_t every_ns; /* from the start of a run to the next */
	bool has_retention;   /* its volumes are used again */
	int64_t retention_ns; /* from the end of a run */
};

/*
 * The kinds of faults (kind.h).  Defects of a volume are in the order of enum
 * volume_fail, operations of a library in that of enum splitter_fault_at.
 */
enum scenario_fail {
	FAIL_WRITE,
	FAIL_READ,
	FAIL_SLOW,
	FAIL_CORRUPT,
	FAIL_BLOCK,
	FAIL_HEADER,
	FAIL_FILEMARK,
	FAIL_LABEL,
	FAIL_LOAD,
	FAIL_MOVE,
	FAIL_BARCODE,
	FAIL_DRIVE,
	FAIL_SPOOL_WRITE,
	FAIL_SPOOL_READ,
	FAIL_SLICE,
	FAIL_SLICE_ANNOUNCEMENT,
	FAIL_PRODUCER,
	FAIL_STALL,
	FAIL_CANCEL
};
enum scenario_slice_mode { SLICE_MISSING, SLICE_TRUNCATED, SLICE_CORRUPT };

/* A fault.  Only the members that its kind uses have a meaning. */
struct scenario_fault {
	enum scenario_fail fail;
	size_t dump;   /* place in `dumps`, from 0, of the kinds of a dump */
	size_t volume; /* place in `volumes`, from 1 */
	/* Defect: offset from BOT; other kinds: offset in the dump. */
	uint64_t at_bytes;
	/* Set for defects: see scenario_defect(). */
	struct volume_defect of_volume;
	const struct sense_event *sense;
	bool once;
	uint64_t nth; /* from 1 */
	enum tape_cause cause;
	enum scenario_slice_mode slice_mode; /* SLICE */
	enum changer_fault_mode move_mode;   /* MOVE */
	int64_t duration_ns;                 /* STALL */
	int64_t after_ns;            /* CANCEL; negative: cancelled at a byte */
	size_t drive;                /* DRIVE: from 1; 0: any */
	struct drive_fault of_drive; /* DRIVE: the fault, without its barcode */
	bool unreached;              /* it is expected never to strike */
	int line;
	char *text; /* the fault as a mapping on one line; owned */
};

/* How a published value came to be; the order of the words in a file. */
enum scenario_evidence { CALIBRATION, VALIDATION, BY_CONSTRUCTION };

/* A published value of a metric. */
struct scenario_published {
	int line;
	const char *file;       /* as in struct metrics_expect */
	enum metrics_id metric; /* a quantity */
	/* All values of the series are the same; `value` has no meaning. */
	bool same;
	double value; /* in the unit of the metric */
	/* Only the order within the series counts; without tolerance. */
	bool order;
	uint64_t tolerance_percent_1e6; /* UNITS_PERCENT_ONE is 1 % */
	enum scenario_evidence evidence;
	char *source;
	char *series, *point; /* NULL: none */
	char *known;          /* why it is not met; NULL: it must be met */
};

/* The runs of an acceptance, each of which has the tests of those before it. */
enum scenario_acceptance_run {
	SCENARIO_QUICK,
	SCENARIO_DEFAULT,
	SCENARIO_FILL,
	SCENARIO_RUNS
};

/* How the scenario tests a drive that exists. */
struct scenario_acceptance {
	bool given;
	enum scenario_acceptance_run kind; /* the first run that has it */
	int64_t time_ns; /* besides the transfer of its bytes */
	char *needs;     /* owned: name of a test; NULL: none */
	uint64_t scale[SCENARIO_RUNS];
};

struct scenario {
	char *title;
	char *path; /* path that was opened */
	/* Paths of the included files that expectations are in; owned. */
	char **files;
	size_t files_count;

	char *model_name; /* of the first drive, as the file has it */
	const struct model **drives;
	struct model **own_models; /* those of profiles; owned */
	size_t own_models_count;
	struct drive_options
	    *behaviours; /* one for each drive; the seed is not set */
	size_t drives_count;
	struct scenario_volume *volumes;
	size_t volumes_count;
	bool has_limit;
	struct limit limit; /* limit of every volume */
	enum scenario_payload payload;
	int64_t move_ns; /* time of a move by the robot */
	bool load_ahead;
	/* For drives without a behaviour of their own. */
	struct drive_options behaviour;

	struct scenario_splitter splitter; /* default of the dumps */
	struct scenario_dump *dumps;       /* at least one */
	size_t dumps_count;
	bool has_names;              /* dumps are given as a list, with names */
	uint64_t source_bytes_per_s; /* rate of all sources; 0: no limit */
	uint64_t bus_bytes_per_s;    /* rate of all drives; 0: no limit */
	bool read_back; /* read the volumes back, to compare them */

	struct scenario_fault *faults;
	size_t faults_count;
	struct scenario_step *steps;
	size_t steps_count; /* 0: the dumps are written once */
	/* Of a library with steps: besides the slots of the volumes. */
	uint32_t empty_slots, ie_slots;
	struct scenario_acceptance acceptance;
	struct metrics_expect *expects;
	size_t expects_count;
	struct scenario_published *published;
	size_t published_count;
};

/*
 * Reads and validates the file at `path`.  Calls `report` with each error as
 * one line, "path:line:column: what is wrong; what to do", in the order of
 * lines.  Line and column count from 1; they are missing if the file cannot be
 * read.  A file that is not valid YAML has only that error.  Returns the
 * scenario, or NULL if there was an error.
 */
struct scenario *scenario_read(const char *path,
    void (*report)(void *arg, const char *message), void *arg);

/* Arguments "KEY=VALUE" that override values of a file, in order (set.h). */
struct scenario_overrides {
	const char *const *list;
	size_t count;
};

/*
 * Like scenario_read(), with values of the file overridden.  A file with several
 * cases is an error.  An error of an
 * override, or of its value, has no line and column, and names the argument:
 * "path: --set KEY=VALUE: what is wrong".
 */
struct scenario *scenario_read_with(const char *path,
    const struct scenario_overrides *overrides,
    void (*report)(void *arg, const char *message), void *arg);

/*
 * Reads a case of a file (compose.h).  `path` is the one from which the file was
 * read, or the name of the standard input.  Like scenario_read() otherwise.
 * `found` gets the case, without its tree, and the caller clears it, unless
 * there was an error.
 */
struct scenario *scenario_read_case(const struct compose *compose,
    uint64_t number, const char *path, struct compose_case *found,
    void (*report)(void *arg, const char *message), void *arg);

/* Reads the tree of a case, which the caller keeps, like scenario_read_case(). */
struct scenario *scenario_read_tree(const struct yaml_tree *tree,
    const char *path, void (*report)(void *arg, const char *message),
    void *arg);

/*
 * Returns the capacity of a volume, counted from 0, after the limit is applied.
 */
uint64_t scenario_capacity(const struct scenario *scenario, size_t volume);

/*
 * Returns whether a drive compresses with zlib, which needs the bytes of the
 * dump.
 */
bool scenario_needs_payload(const struct scenario *scenario);

/*
 * Returns the name in reports of an included file, of which `path` was opened:
 * `file` is that of the scenario.  The caller frees it.  "" if `path` is NULL;
 * NULL without memory.
 */
char *scenario_included_file(const struct scenario *scenario, const char *file,
    const char *path);

/*
 * Returns the path of `file` relative to the folder of the scenario.  The
 * caller frees it.  NULL without memory.
 */
char *scenario_path_beside(const struct scenario *scenario, const char *file);

/*
 * Returns whether dumps share the library, or use it again: there are several,
 * or a dump has several runs.
 */
bool scenario_shares_library(const struct scenario *scenario);

/* Returns whether the volumes of a dump are used again. */
bool scenario_has_retention(const struct scenario *scenario);

/* Returns whether a dump reads the standard input. */
bool scenario_reads_stdin(const struct scenario *scenario);

/* Returns whether a fault of this kind is a defect of a volume. */
bool scenario_is_defect(enum scenario_fail fail);

/* Sets `*defect` to the defect that a fault of such a kind describes. */
void scenario_defect(const struct scenario_fault *fault,
    struct volume_defect *defect);

/*
 * Multiplies the sizes of dumps, parts, volumes, limits, measurements and the
 * places of interrupts; not those of blocks and buffers.
 */
void scenario_scale(struct scenario *scenario, uint64_t by);

/*
 * Halves blocks until they have at most `most` bytes, from 1.  Returns whether a
 * block was longer.
 */
bool scenario_limit_blocks(struct scenario *scenario, uint64_t most);

/* Frees a scenario and all it owns; NULL is allowed. */
void scenario_free(struct scenario *scenario);

#endif
