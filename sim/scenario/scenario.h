/*
 * scenario.h: a scenario file, read and validated.
 *
 * Invariants of a scenario that was read without error:
 *  1. There is at least one drive (a model that exists) and one volume.
 *  2. Sizes fit each other: block within what the drive takes, capacity at
 *     least two blocks, a part size where the cache needs one.
 *  3. `faults[].volume` is a place in `volumes`, from 1.
 *  4. What a fault names is there to fail: the cache that it is about, an
 *     offset that the dump has.
 *  5. Every expectation names a metric that exists, with a value of its type.
 *
 * The keys, and what holds where one is left out:
 *
 *	title			required; one line
 *	library			required
 *	  drives		required; a list of 1 to 250 drives, each a
 *				model, or a mapping with
 *	    model		  required
 *	    behaviour		  of this drive; what it does not say is as
 *				  in that of the library
 *	  volumes		required; one mapping, or a list of them, with
 *	    capacity		  required; two blocks at least
 *	    early_warning	  a size before the end, or none (so is 0);
 *				  25 MiB, but a tenth of the capacity at most
 *	    count		  1; as many volumes alike, 65535 in all
 *	    barcode		  TL and the place in the list, "TL0001"
 *	  limit			each volume ends as if it were so small;
 *	    capacity		  required; less than that of a volume
 *	    early_warning	  as of a volume
 *	  payload		none, raw or zlib; what suits the run; not
 *				none where a drive compresses for real
 *	  robot
 *	    move_time		  0; how long a move of the robot takes
 *	  load_ahead		false; true or false
 *	  behaviour		of every drive; what it differs in from its
 *				model (see vtl/drive/options.h)
 *	    buffered		  false; true or false
 *	    buffer		  as the model has; a size
 *	    early_warning	  reported; reported, or none
 *	    early_warning_delay	  0; by so many blocks
 *	    pews		  0; a size before the early warning
 *	    residual		  exact; exact, over or under
 *	    compression		  100 %; a percentage from 10 % to 10000 %, or
 *				  a range from which a volume's is drawn
 *	    capacity		  100 %; of that of a volume, from 50 % to
 *				  100 %, or a range as above
 *	    block_overhead	  0; a size
 *	    filemark_size	  0; a size
 *	    media_initialization  0; a time
 *	    clean_after_loads	  never; so many loads, from 1
 *	dump			required
 *	  source		random; or zeros, stdin, a file's path as seen
 *				from the scenario's folder; {file: PATH} where
 *				the file has one of these names
 *	  size			required for random and zeros, else refused
 *	  compression_ratio	of random only; a ratio from 1:1 to 10:1
 *	  rate			a rate or a range; as fast as it is taken
 *	splitter
 *	  block			256 KiB; 4 KiB .. what every drive takes
 *	  buffer		64 MiB; rounded up to blocks, two at least
 *	  part			0, which is no limit
 *	  cache			none; memory and spool, which need a part;
 *				slices
 *	  spool			for the cache spool only; a mapping with
 *	    dir			  TMPDIR or /tmp; as seen from the scenario's
 *				  folder; looked for when the scenario is run
 *	    size		  a part and the buffer; a block at least
 *	  slices		for the cache slices only; where in the dump
 *				a slice ends, increasing; drawn from the seed
 *	  streaming		none, desired, required; as the drive needs
 *	  start_fill		100 %; a whole percentage from 1 %
 *	  max_volumes		no limit; a whole number from 1
 *	  max_failed_volumes	3; a whole number from 1
 *	faults			none; a list of mappings, whose keys hang on
 *	  fail			  required; what fails:
 *	    write, read, slow, corrupt: a defect of a volume; where, at or
 *	      block
 *	      volume		    required; the place in the list, from 1
 *	      at		    less than the capacity
 *	      block, file	    from 0; of the volume where no file is said
 *	      length		    one; of bytes or blocks
 *	      sense		    of write: medium_error, of read: read_error;
 *				    an event of vtl/base/sense.h with which a write
 *				    fails, or is recovered
 *	      once		    false; true or false; not of slow
 *	      recover_after, one_in  of read; from 1; neither, or one of them
 *	      slowdown		    of slow: required
 *	    block, header, filemark, label, load: an operation of the library
 *	      nth		    required; from 1
 *	      cause		    medium_error; see splitter/filter/fault.h
 *	      once		    false; else all later ones fail too
 *	    move		  the robot
 *	      nth		    required; from 1
 *	      mode		    required; see enum changer_how
 *	      once		    false; else all later ones fail too
 *	    barcode		  what the robot reads of a barcode
 *	      volume		    required; the place in the list, from 1
 *	    drive		  an operation of a drive; when, one of
 *	      nth, every, after_bytes, after_time, one_in or at; `slow` may do without
 *	      operation		    required; see vtl/drive/fault.h
 *	      drive		    any; the place in the list, from 1
 *	      volume		    any; the place in the list, from 1
 *	      nth		    from 1
 *	      every		    so many, from 1
 *	      after_bytes	    so many bytes of that operation
 *	      after_time	    a time, from the start of the run
 *	      one_in		    by chance; from 1
 *	      at, length	    a byte of the medium; 1 B
 *	      mode		    fail; see enum drive_how
 *	      sense		    medium_error; for `fail` only
 *	      deferred		    false; of a `fail` of a write only
 *	      once		    false; else all later ones fail too
 *	      duration		    as a host waits; for `hang` only
 *	      slowdown		    required for `slow`, else refused
 *	    spool_write		  an append to the spool
 *	      at		    required; a byte of the dump
 *	      once		    false; else all later ones fail too
 *	    spool_read		  a read of the spool
 *	      at		    required; a byte of the dump
 *	    slice		  a file of the holding disk
 *	      nth		    required; from 1
 *	      mode		    required; missing, truncated or corrupt
 *	    slice_announcement	  slices are not announced
 *	      nth		    required; from this one on
 *	    producer		  the source fails
 *	      at		    required; having brought so many bytes
 *	    stall		  the producer pauses
 *	      at, duration	    required; where, and how long
 *	    cancel		  the dump is cancelled
 *	      at or after_time	    one of the two: a byte, or a time
 *	expect			none; a list of comparisons, see metrics.h
 *
 * A key left empty ("faults:") is as good as left out, if it takes a list of
 * faults or expectations or a mapping.  Only the number 0 needs no unit.
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/metrics/metrics.h"
#include "splitter/filter/limit.h"
#include "splitter/tape/tape.h"
#include "vtl/changer/changer.h"
#include "vtl/drive/fault.h"
#include "vtl/drive/options.h"
#include "vtl/drive/model.h"
#include "vtl/base/sense.h"
#include "vtl/volume/volume.h"

enum scenario_source { SOURCE_RANDOM, SOURCE_ZEROS, SOURCE_FILE, SOURCE_STDIN };
enum scenario_payload { PAYLOAD_AUTO, PAYLOAD_NONE, PAYLOAD_RAW, PAYLOAD_ZLIB };
/* In the order of enum core_cache and enum core_streaming of the core. */
enum scenario_cache { CACHE_NONE, CACHE_MEMORY, CACHE_SPOOL, CACHE_SLICES };
enum scenario_streaming {
	STREAMING_NONE,
	STREAMING_DESIRED,
	STREAMING_REQUIRED
};

struct scenario_volume {
	char barcode[33];
	uint64_t capacity_bytes;
	bool early_warning;           /* false: the drive gives none */
	uint64_t early_warning_bytes; /* before the end */
	const char *medium;           /* as in volume_spec; NULL: "" */
};

/*
 * What fails; defects of a volume as in enum volume_fail, the operations of a
 * library as in enum fault_at.
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

/* Only what the kind of fault has is meaningful. */
struct scenario_fault {
	enum scenario_fail fail;
	size_t volume;                  /* from 1 */
	uint64_t at_bytes;              /* of a defect: of the medium from BOT;
					 * else of the dump */
	struct volume_defect of_volume; /* of a defect: see scenario_defect() */
	const struct sense_event *sense;
	bool once;
	uint64_t nth; /* from 1 */
	enum tape_cause cause;
	enum scenario_slice_mode slice_mode; /* SLICE */
	enum changer_how move_mode;          /* MOVE */
	int64_t duration_ns;                 /* STALL */
	int64_t after_ns;                    /* CANCEL; negative: at a byte */
	size_t drive;                        /* DRIVE: from 1; 0: any */
	struct drive_fault of_drive;         /* likewise; but for its barcode */
	int line;
};

struct scenario {
	char *title;
	char *path; /* as it was opened */

	const struct model **drives;
	struct drive_options *behaviours; /* of each, but for its seed */
	size_t drives_count;
	struct scenario_volume *volumes;
	size_t volumes_count;
	bool has_limit;
	struct limit limit; /* of every volume */
	enum scenario_payload payload;
	int64_t move_ns; /* of the robot */
	bool load_ahead;
	struct drive_options behaviour; /* where a drive has none of its own */

	enum scenario_source source;
	char *source_path;              /* SOURCE_FILE; ready to be opened */
	uint64_t size_bytes;            /* SOURCE_RANDOM, SOURCE_ZEROS */
	uint64_t compressible_permille; /* SOURCE_RANDOM: to 1000; 0: not */
	bool has_rate;                  /* false: as fast as it is taken */
	uint64_t rate_min_bytes_per_s;
	uint64_t rate_max_bytes_per_s; /* equal to min where not a range */

	uint64_t block_bytes;      /* default 256 KiB */
	uint64_t buffer_bytes;     /* default 64 MiB */
	uint64_t part_bytes;       /* default 0: no limit */
	enum scenario_cache cache; /* default none */
	char *spool_dir;           /* NULL: not given */
	uint64_t spool_bytes;      /* 0: as much as is needed */
	uint64_t *slices;          /* where each ends; but the last one */
	size_t slices_count;       /* 0: drawn from the seed */
	bool has_streaming;        /* false: as the drive needs it */
	enum scenario_streaming streaming;
	unsigned start_fill_percent; /* default 100 */
	uint32_t max_volumes;        /* 0: no limit */
	uint32_t max_failed_volumes; /* default 3 */

	struct scenario_fault *faults;
	size_t faults_count;
	struct metrics_expect *expects;
	size_t expects_count;
};

/*
 * Reads and validates the file at `path`.  Every error of the file is handed
 * to `report` as one line, "path:line:column: what is wrong; what to do",
 * in the order of lines; line and column count from 1, and are left out where
 * the file cannot be read at all.  A file that is not valid YAML has that one
 * error.  Returns the scenario, or NULL if there was any error.
 */
struct scenario *scenario_read(const char *path,
    void (*report)(void *arg, const char *message), void *arg);

/* What fits on the volume in this place, from 0, limit and all. */
uint64_t scenario_capacity(const struct scenario *scenario, size_t volume);

/* Whether a drive compresses for real, for which it needs what is written. */
bool scenario_deflates(const struct scenario *scenario);

/* Whether it is a defect of a volume, and which one a fault of that kind is. */
bool scenario_is_defect(enum scenario_fail fail);
void scenario_defect(const struct scenario_fault *fault,
    struct volume_defect *defect);

/* Frees a scenario and all it owns; NULL is allowed. */
void scenario_free(struct scenario *scenario);

#endif
