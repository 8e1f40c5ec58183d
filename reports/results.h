/*
 * results.h: the results of a run of scenarios.
 *
 * sim/run fills these structs in; reports/write writes them as files.
 *
 * Invariants:
 *  1.  In virtual time the results do not depend on the place or time of the
 *     run; neither do the files written from them.
 *  2. The structs own their strings; results_free() frees everything.
 *  3. Times are nanoseconds from the start of the scenario.
 *  4. Strings may have any bytes; NULL means "".  Reports replace bytes that
 *     are not UTF-8 by U+FFFD.
 *  5. A scenario without steps has at least one dump.  Only a single dump may
 *     have no name.
 *  6. A scenario with steps may have no dump.  Its dumps are in the order in
 *     which steps wrote them; those of one step are contiguous.
 */
#ifndef REPORTS_RESULTS_H
#define REPORTS_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reports/series.h"

/* The format of results.json; see tapelab-results(5). */
enum { RESULTS_FORMAT = 3 };

/* An attempt at a part. */
struct results_attempt {
	uint64_t part;         /* number of the part, from 1 */
	uint64_t attempt;      /* number of the attempt at this part, from 1 */
	char *volume;          /* barcode */
	uint64_t drive;        /* number of the drive, from 1; 0: unknown */
	uint64_t file;         /* file number on the volume */
	uint64_t offset_bytes; /* offset in the dump */
	uint64_t bytes;
	char *end;     /* EOF, EOP, LEOM, CUT, FAILED */
	char *cause;   /* why the attempt failed; "" if it did not fail */
	char *message; /* the same as a sentence; "" */
	bool committed;
	int64_t begun_ns,
	    ended_ns; /* start of the header, end of the filemark */
	double seconds;
};

enum results_kind {
	RESULTS_NULL, /* undefined in this run */
	RESULTS_TEXT,
	RESULTS_NUMBER, /* a count or a size: an integer */
	RESULTS_REAL    /* a rate, a time or a share */
};

struct results_metric {
	char *name;
	enum results_kind kind;
	char *unit; /* "B", "B/s", "s", "%", "" */
	char *text;
	uint64_t number;
	double real;
};

struct results_expectation {
	int line;
	/*
	 * The included file that has the line, in the form of the scenario's
	 * `file`; NULL or "": it is in the scenario's file.
	 */
	char *file;
	char *text;
	/*
	 * The scenario does not have it: it holds for every scenario, and is
	 * listed because it failed.  The line is the one that it is about.
	 */
	bool implied;
	bool passed;  /* the comparison holds */
	char *actual; /* value of the metric, with its unit */
	/* Why the comparison is known not to hold; "": it must hold. */
	char *known;
	/*
	 * The text with the actual value, with which it holds; NULL if it holds
	 * or has no such text.  Not in results.json.
	 */
	char *updated;
};

enum results_verdict {
	RESULTS_NOT_COMPARED, /* undefined, or no other value in the series */
	RESULTS_MET,
	RESULTS_NOT_MET
};

/* A published value of a metric, and its simulated value. */
struct results_published {
	int line;
	char *file; /* as in struct results_expectation */
	char *metric;
	char *unit; /* of both values: "B", "B/s", "s", "%", "" */
	/*
	 * No number is published, only that the series has the same value
	 * everywhere; `value` is then the mean of the series, or 0.
	 */
	bool same;
	bool order; /* only the order in the series counts, no tolerance */
	double value;
	double tolerance; /* as a share of the value: 0.1 is 10 % */
	char *kind;       /* calibration, validation, by construction */
	char *source;
	char *series; /* "": none */
	char *point;  /* name of the value in its series */
	char *known;  /* why it is known not to be met; "": it must be met */
	bool defined; /* the metric has a value in this run */
	double simulated;
	enum results_verdict verdict;
};

enum results_mark_kind {
	RESULTS_MARK_PART,   /* a part was committed */
	RESULTS_MARK_VOLUME, /* a volume was loaded */
	RESULTS_MARK_FAULT   /* an attempt, header, label or load failed */
};

struct results_mark {
	enum results_mark_kind kind;
	int64_t at_ns;
	char *label;
};

/*
 * A number that the drive or the memory of the cartridge reported, after the
 * load and before the unload.
 */
struct results_reading {
	char *source; /* "02h/0006": log page and parameter; "MAM 0003" */
	char *name;
	char *unit; /* "B", "MB", "data sets", ... or "" */
	bool has_before;
	uint64_t before;
	uint64_t after;
};

/* A volume that was loaded; once for each load. */
struct results_volume {
	char *barcode;
	uint64_t drive;          /* number of the drive, from 1; 0: unknown */
	int64_t loaded_ns;       /* when the load ended */
	uint64_t capacity_bytes; /* 0: unknown */
	uint64_t written_bytes;  /* on the medium, label and headers included */
	bool finished;           /* no later dump can be appended */
	char *closed;            /* good, full, suspect, refused, ... */
	char *reason;            /* a sentence, or "" */
	/* What drive and cartridge reported; the rest is "" and 0 if not. */
	bool reported;
	char *serial; /* medium serial number, or "" */
	/* TapeAlert flags: "Write failure (6), Medium (4)"; "": none */
	char *alerts_before, *alerts_after;
	char *errors; /* that the drive reported meanwhile: a sentence, or "" */
	struct results_reading *readings; /* without those that stayed 0 */
	size_t readings_count;
};

/*
 * Something went wrong that ended no attempt: a load, label, header or end
 * record failed.
 */
struct results_warning {
	int64_t at_ns;
	char *text; /* a sentence */
};

/* Where a fault of the scenario struck. */
struct results_strike {
	int64_t at_ns;
	/* After the dumps, while their volumes were read back. */
	bool reading_back;
	/*
	 * The dump, and its attempt in progress: places in the arrays `dumps`
	 * and `attempts`, from 1; 0: no dump or attempt was concerned.
	 */
	size_t dump, attempt;
	char *volume;         /* barcode; "": no volume was concerned */
	uint64_t drive;       /* from 1; 0: no drive was concerned */
	bool on_medium;       /* `medium_byte` has a meaning */
	uint64_t medium_byte; /* offset from BOT */
	bool in_dump;         /* `dump_byte` has a meaning */
	uint64_t dump_byte;   /* offset in the dump */
};

/* Strikes of one fault that are listed; all are counted. */
enum { RESULTS_STRIKES_MAX = 16 };

/* A fault of the scenario. */
struct results_fault {
	int line;
	char *text;     /* as a mapping: "{fail: block, nth: 7}" */
	char *kind;     /* the value of its key `fail` */
	bool unreached; /* it is expected never to strike */
	uint64_t strikes;
	struct results_strike *places; /* the first strikes */
	size_t places_count;
};

/* Time at one speed. */
struct results_speed {
	uint64_t bytes_per_s;
	int64_t ns;
};

/* A drive, and what it did for all dumps. */
struct results_drive {
	char *model;
	struct series_drive sums;
	struct results_speed *speeds; /* at which it streamed, rising */
	size_t speeds_count;
};

enum results_status { RESULTS_PASSED, RESULTS_FAILED, RESULTS_SKIPPED };

/* What a dump spends its time on, as the host sees it. */
enum results_host {
	RESULTS_HOST_WRITING,
	RESULTS_HOST_IDLE, /* no data has arrived */
	RESULTS_HOST_FILEMARKS,
	RESULTS_HOST_HEADERS,
	RESULTS_HOST_LOADING,
	RESULTS_HOST_VERIFYING,
	RESULTS_HOST_UNLOADING,
	RESULTS_HOST_KINDS
};

/* A dump of a scenario. */
struct results_dump {
	size_t step;   /* number of the step that wrote it; 0: no steps */
	char *name;    /* "": the only dump, without a name */
	char *folder;  /* its folder below --out */
	char *outcome; /* DONE, PARTIAL, FAILED */
	char *reason;  /* why the outcome is not DONE; "" if it is DONE */
	uint64_t safe_bytes;
	struct results_attempt *attempts;
	size_t attempts_count;
	struct results_volume *volumes;
	size_t volumes_count;
	/* None for the only dump of a scenario without steps, if it runs once
	 * and starts at once: the scenario's. */
	struct results_metric *metrics;
	size_t metrics_count;
	struct results_mark *marks;
	size_t marks_count;
	struct results_warning *warnings;
	size_t warnings_count;
	struct series series;
	int64_t host_ns[RESULTS_HOST_KINDS]; /* together the duration */
	int64_t begun_ns;
	int64_t ended_ns;
	uint64_t buffer_bytes; /* size of the buffer: 100 % of buffer fill */
};

/* A message of a step, as a program would print it. */
struct results_message {
	char *text;
};

/*
 * A step of a scenario.  Its metrics are those of the step: for a step that
 * writes, of its dumps together.
 */
struct results_step {
	int line;     /* in the scenario's file */
	char *kind;   /* write, label, scan, ...; tapelab-scenario(5) */
	char *title;  /* what it does: "write night", "read night, part 3" */
	char *result; /* done, partial, failed, refused, killed, ... */
	char *reason; /* why the result is not done; "" if it is */
	bool reached; /* false: the scenario ended before this step */
	enum results_status status; /* whether its expectations are met */
	int64_t begun_ns, ended_ns;
	/* Its dumps are dumps[first_dump ..] of the scenario. */
	size_t first_dump, dumps_count;
	struct results_message *messages;
	size_t messages_count;
	struct results_metric *metrics;
	size_t metrics_count;
	struct results_expectation *expectations;
	size_t expectations_count;
};

/* A scenario.  Its own metrics and sums are those of all dumps together. */
struct results_scenario {
	char *name; /* also its folder below --out: a relative
				   path without ".", "..", used once */
	char *title;
	char *file; /* never an absolute path */
	char *text; /* of the file: the scenario as it is written; or "" */
	/*
	 * For the files for CI only, and not in results.json: the path of the
	 * scenario file from the folder of the run, and the command that runs
	 * the case again.  NULL: unknown.
	 */
	char *path;
	char *repeat;
	uint64_t seed;
	char *clock;  /* "virtual" or "real" */
	char *drives; /* the models, each with a count: "2 lto8, lto5-ibm" */
	enum results_status status;
	char *outcome;  /* DONE, PARTIAL, FAILED */
	char *reason;   /* why the outcome is not DONE; "" if it is DONE */
	char *problem;  /* why it was skipped or could not be judged, or "" */
	bool traced;    /* the folder of each dump has a trace.tsv */
	bool read_back; /* the volumes were read back, to compare them */
	uint64_t safe_bytes;
	struct results_dump *dumps;
	size_t dumps_count;
	struct results_step *steps;
	size_t steps_count;
	struct results_drive *motions; /* of drives; none if it is not known */
	size_t motions_count;
	struct results_metric *metrics;
	size_t metrics_count;
	struct results_expectation *expectations;
	size_t expectations_count;
	struct results_published *published;
	size_t published_count;
	uint64_t lost_blocks; /* that drives acknowledged and never wrote */
	struct results_fault *faults; /* in the order of the file */
	size_t faults_count;
	int64_t duration_ns;
};

struct results {
	struct results_scenario **scenarios; /* owned */
	size_t count;
	char *version; /* of the tapelab that made the results; or NULL */
};

/*
 * Returns whether an expectation is met: whether it holds or, if it is known
 * not to hold, whether it does not.
 */
bool results_expectation_is_met(const struct results_expectation *expectation);

/*
 * Adds an empty dump to a scenario that has a name.  `name` is "" for the only
 * dump.  Its series begins with steps of `step_ns`.  Returns 0, or -1 without
 * memory.  The dumps move in memory.
 */
int results_add_dump(struct results_scenario *scenario, const char *name,
    int64_t step_ns);

/*
 * Returns whether a fault did what the scenario says: it struck, or it never
 * struck and is `unreached`.
 */
bool results_fault_is_right(const struct results_fault *fault);

/*
 * Returns the folder of a dump below --out, which the caller frees; NULL without
 * memory.  `dump` is "" for the only dump.
 */
char *results_dump_folder(const char *scenario, const char *dump);

/* Returns the number of attempts, and of loaded volumes, of all dumps. */
size_t results_attempts(const struct results_scenario *scenario);
size_t results_volumes(const struct results_scenario *scenario);

/* Returns a reading of a volume, or NULL.  `source` is as in the struct. */
const struct results_reading *
results_find_reading(const struct results_volume *volume, const char *source);

/* Frees what drive and cartridge reported of a volume. */
void results_clear_readings(struct results_volume *volume);

/* Frees the results of a scenario, and `scenario` itself. */
void results_scenario_free(struct results_scenario *scenario);

/* Frees the scenarios and the array, but not `results` itself. */
void results_free(struct results *results);

#endif
