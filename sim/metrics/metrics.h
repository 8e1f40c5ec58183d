/*
 * metrics.h: the metrics of a run, and expectations, which compare them.
 *
 * One table describes every metric; expectations, results and the manual page
 * are made from it.
 *
 * An expectation is "metric op value", or "dump.metric op value" for a dump of
 * several.  The op is ==, !=, <, <=, > or >=; words, texts
 * and the attempts line have no order, and allow only == and !=, texts also
 * "contains".  Numbers allow "in A..B" and "== A +- B", where B may be a
 * percentage of A.  "metric pN" is the metric of this name with _pN.  Instead of
 * a metric there may be a fact (fact.h).  A value has
 * the type of its metric: a word, a whole number without unit, or a size, rate,
 * time or percentage with its unit (units.h).  The attempts line is
 * "1:5 2:6F | 2:6"; a dump without any attempt has the line "none".
 *
 * An expectation that is known not to hold has a reason.  It is met as long as
 * it does not hold.
 */
#ifndef SIM_METRICS_H
#define SIM_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum metrics_id {
	METRIC_OUTCOME,
	METRIC_ATTEMPTS,
	METRIC_SAFE_BYTES,
	METRIC_PARTS,
	METRIC_VOLUMES_USED,
	METRIC_RESTORED,
	METRIC_THROUGHPUT_MEAN,
	METRIC_WRITE_RATE_MEAN,
	METRIC_PART_RATE_MEAN,
	METRIC_DUMP_BYTES,
	METRIC_TAPE_BYTES,
	METRIC_FAILED_ATTEMPTS,
	METRIC_DURATION,
	METRIC_SPOOL_FULL_PARTS,
	METRIC_CACHE_READ_BYTES,
	METRIC_REWRITTEN_BYTES,
	METRIC_USED_BYTES,
	METRIC_WASTED_BYTES,
	METRIC_SEALED,
	METRIC_HOST_FIRST,
	METRIC_FEED_RATE_MEAN = METRIC_HOST_FIRST,
	METRIC_FEED_RATE_P5,
	METRIC_FEED_RATE_P50,
	METRIC_FEED_RATE_P95,
	METRIC_WRITE_RATE_P5,
	METRIC_WRITE_RATE_P50,
	METRIC_WRITE_RATE_P95,
	METRIC_PRODUCER_BLOCKED,
	METRIC_LATE_MAX,
	METRIC_LATE_MEAN,
	METRIC_DRIVE_STARVED,
	METRIC_DRIVE_WAIT,
	METRIC_BUFFER_FILL_MEAN,
	METRIC_BUFFER_FILL_P5,
	METRIC_BUFFER_FILL_P50,
	METRIC_BUFFER_FILL_P95,
	METRIC_BUFFER_FILL_MIN,
	METRIC_BUFFER_FILL_MAX,
	METRIC_MEMORY_BYTES,
	METRIC_SPOOL_BYTES,
	METRIC_TIME_WRITING,
	METRIC_TIME_LOADING,
	METRIC_TIME_HEADERS,
	METRIC_TIME_FILEMARKS,
	METRIC_TIME_VERIFYING,
	METRIC_TIME_UNLOADING,
	METRIC_TIME_IDLE,
	METRIC_DRIVE_FIRST,
	METRIC_RESTORE_MOUNTS = METRIC_DRIVE_FIRST,
	METRIC_RESTORE_TIME,
	METRIC_RESTORE_PART_MEAN,
	METRIC_RESTORE_PART_MAX,
	METRIC_RESTORE_LOCATE_MEAN,
	METRIC_STOPS_FOR_DATA,
	METRIC_STOPS_FOR_DATA_PER_HOUR,
	METRIC_STOPS_FOR_DATA_PER_TAPE,
	METRIC_STOPS_FOR_FILEMARKS,
	METRIC_STOPS_FOR_FILEMARKS_PER_HOUR,
	METRIC_STOPS_FOR_FILEMARKS_PER_TAPE,
	METRIC_SPEED_CHANGES_FORCED,
	METRIC_SPEED_CHANGES_FORCED_PER_HOUR,
	METRIC_SPEED_CHANGES_FORCED_PER_TAPE,
	METRIC_WRAP_TURNS,
	METRIC_MEDIUM_RATE_MEAN,
	METRIC_MEDIUM_RATE_P5,
	METRIC_MEDIUM_RATE_P50,
	METRIC_MEDIUM_RATE_P95,
	METRIC_DRIVE_FILL_MEAN,
	METRIC_DRIVE_FILL_P5,
	METRIC_DRIVE_FILL_P50,
	METRIC_DRIVE_FILL_P95,
	METRIC_DRIVE_FILL_MIN,
	METRIC_HOST_WAITED,
	METRIC_DRIVE_STREAMING,
	METRIC_DRIVE_TURNING,
	METRIC_DRIVE_BACKHITCH,
	METRIC_DRIVE_STANDING,
	METRIC_DRIVE_LOCATING,
	METRIC_DRIVE_READING,
	METRIC_DRIVE_LOADING,
	METRIC_DRIVE_REWINDING,
	METRIC_DRIVE_UNLOADING,
	METRIC_ROBOT_MOVING,
	METRIC_STEP_FIRST, /* from here on: of a step, not of a dump */
	METRIC_RESULT = METRIC_STEP_FIRST,
	METRIC_RESUMED_BYTES,
	METRIC_LABELLED_VOLUMES,
	METRIC_SCANNED_VOLUMES,
	METRIC_UNSCANNED_VOLUMES,
	METRIC_BLANK_VOLUMES,
	METRIC_SCRATCH_VOLUMES,
	METRIC_DUMP_VOLUMES,
	METRIC_FOREIGN_VOLUMES,
	METRIC_UNREADABLE_VOLUMES,
	METRIC_DUMPS_FOUND,
	METRIC_WHOLE_DUMPS,
	METRIC_NOTES,
	METRIC_GOOD_BYTES,
	METRIC_MISSING_BYTES,
	METRIC_DAMAGED_BYTES,
	METRIC_UNPROVEN_BYTES,
	METRIC_GAPS,
	METRIC_MEASURED_BYTES,
	METRIC_MEASURED_WRITE_RATE,
	METRIC_FORWARD_WRITE_RATE,
	METRIC_REVERSE_WRITE_RATE,
	METRIC_MEASURED_READ_RATE,
	METRIC_FORWARD_READ_RATE,
	METRIC_REVERSE_READ_RATE,
	METRIC_BLOCK_SIZES,
	METRIC_LARGEST_BLOCK,
	METRIC_FILEMARK_TIME,
	METRIC_SYNC_FILEMARK_TIME,
	METRIC_LOAD_TIME,
	METRIC_UNLOAD_TIME,
	METRIC_REWIND_TIME,
	METRIC_LOCATE_TIME,
	METRIC_LEOM_BYTES,
	METRIC_PEOM_BYTES,
	METRIC_MESSAGES,
	METRIC_PRINTED,
	METRIC_COUNT
};

enum metrics_type {
	METRIC_WORD,          /* one of a set of words */
	METRIC_TEXT,          /* sentences */
	METRIC_ATTEMPTS_LINE, /* the attempts line; blanks do not count */
	METRIC_NUMBER,        /* a count */
	METRIC_DECIMAL,       /* a number with decimals, without a unit */
	METRIC_SIZE,          /* bytes */
	METRIC_RATE,          /* bytes per second */
	METRIC_TIME,          /* seconds */
	METRIC_SHARE          /* percent, from 0 to 100 */
};

struct metrics_def {
	const char *name;
	enum metrics_type type;
	const char *unit; /* "B", "B/s", "s", "%", "" */
	/* METRIC_WORD: ended by NULL; NULL: any word */
	const char *const *words;
	const char *meaning; /* one sentence */
	const char *detail;  /* more sentences; or NULL */
	const char *example; /* an expectation */
};

struct metrics_value {
	bool defined;    /* false: the metric has no meaning in this run */
	char *text;      /* METRIC_WORD, METRIC_ATTEMPTS_LINE; owned */
	uint64_t number; /* METRIC_NUMBER, METRIC_SIZE */
	double real;     /* the other types */
};

enum metrics_op {
	METRICS_EQ,
	METRICS_NE,
	METRICS_LT,
	METRICS_LE,
	METRICS_GT,
	METRICS_GE,
	METRICS_IN,      /* value <= found <= upper */
	METRICS_CONTAINS /* a text that contains the value */
};

struct fact;

struct metrics_expect {
	int line;
	/* The included file that has the line; NULL: the scenario's own. */
	const char *file;
	char *text;   /* text of the expectation; owned */
	char *dump;   /* name of a dump; owned.  NULL: all dumps together */
	size_t place; /* the place of the dump, for the caller */
	/* Why it is known not to hold; NULL: it must hold.  Owned. */
	char *known;
	/* A fact (fact.h) instead of the metric `id`; NULL: the metric. */
	const struct fact *fact;
	char *subject;   /* owned: a barcode; or NULL */
	uint64_t number; /* of a fault, drive or attempt */
	bool is_bare;    /* a fact without an op */
	enum metrics_id id;
	enum metrics_op op;
	struct metrics_value value;
	struct metrics_value upper; /* METRICS_IN */
};

/* Returns the row of a metric in the table. */
const struct metrics_def *metrics_def(enum metrics_id id);

/* Returns whether the values of a metric are numbers, which have an order. */
bool metrics_is_quantity(enum metrics_id id);

/* Returns the names of the metrics of dumps that are quantities, then NULL. */
const char *const *metrics_quantities(void);

/*
 * Parses a value of a metric that is a quantity: "190 min" of a time.  Returns
 * it in the unit of the metric.  Returns 0, or -1 with a message in `err`.
 */
int metrics_parse_quantity(enum metrics_id id, const char *text, double *value,
    char *err, size_t err_bytes);

/* Returns a defined value of a metric that is a quantity, in its unit. */
double metrics_quantity(enum metrics_id id, const struct metrics_value *value);

/*
 * Parses "metric op value".  Returns 0, or -1 with a message (without file and
 * line) in `err` and the place of the error in `text`, from 0, in `*column`.
 * `expect->line` is the caller's.
 */
int metrics_parse(const char *text, struct metrics_expect *expect,
    size_t *column, char *err, size_t err_bytes);

/*
 * Returns whether the expectation holds.  It does not hold if the value is
 * undefined.
 */
bool metrics_holds(const struct metrics_expect *expect,
    const struct metrics_value values[METRIC_COUNT]);

/* Writes the value in readable form, "412.3 MB/s", or "undefined". */
void metrics_format(enum metrics_id id, const struct metrics_value *value,
    char *buf, size_t buf_bytes);

/* Frees what the expectation owns, not `expect` itself. */
void metrics_expect_free(struct metrics_expect *expect);

#endif
