/*
 * calibrate.h: finds the constants of a drive model by measuring a drive.
 *
 * A recipe writes to a tape in a certain way and computes constants from the
 * times of the answers.  It knows a drive only as a struct tape and a clock:
 * the same recipe runs on a real drive, and in virtual time, where `now` is
 * the time of the last answer.  A recipe consists of units; the samples of a
 * unit go into a journal, so that a run that was killed continues.
 *
 * Invariants:
 *  1. A constant is a value with its spread, or a reason: the recipe cannot
 *     find it on this drive, or the drive does not behave as the model says.
 *     A constant with a reason has no value.
 *  2. The tape is written only after its first filemark: the caller has
 *     labelled it, and everything after the label is lost.
 *  3. After an error nothing more is written.
 *  4. The result depends only on the configuration and the samples.
 *
 * The recipes, in the order of a run:
 *
 *     blocks     writes into an empty buffer: the time of a command, the bus
 *     buffer     a flush of a full buffer: the size of the buffer
 *     stream     three wraps at the bus rate: length and turn of a wrap
 *     fill       with `fill`: the whole tape: capacity, early warning
 *     place      locates and rewinds between files of the stream
 *     sync       synchronised filemarks every S bytes: backhitch, top speed
 *     delay      a few blocks, and a pause: the write delay
 *     threshold  bytes from standstill until the host waits: restart level
 *     speeds     synchronised filemarks at many feeds: speeds, rule, backhitch
 *     rates      streaming rate by block size
 *     hold       constant feeds between two speeds, compared with the model
 *     mount      unloads and loads in place
 *
 * One thread at a time uses a calibration.
 */
#ifndef SIM_CALIBRATE_H
#define SIM_CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "splitter/tape/tape.h"
#include "vtl/model/model.h"

enum { CALIBRATE_WHY_BYTES = 320, CALIBRATE_SAMPLES_MAX = 512 };

enum calibrate_recipe {
	CALIBRATE_BLOCKS,
	CALIBRATE_BUFFER,
	CALIBRATE_STREAM,
	CALIBRATE_FILL,
	CALIBRATE_PLACE,
	CALIBRATE_SYNC,
	CALIBRATE_DELAY,
	CALIBRATE_THRESHOLD,
	CALIBRATE_SPEEDS,
	CALIBRATE_RATES,
	CALIBRATE_HOLD,
	CALIBRATE_MOUNT,
	CALIBRATE_RECIPES
};

/* The constants.  Times are in seconds, sizes in bytes. */
enum calibrate_constant {
	CALIBRATE_COMMAND,          /* host.command */
	CALIBRATE_BUS,              /* host.bus, in bytes per second */
	CALIBRATE_BUFFER_SIZE,      /* buffer.size */
	CALIBRATE_RESTART,          /* buffer.restart, from 0 to 1 */
	CALIBRATE_WRITE_DELAY,      /* buffer.write_delay */
	CALIBRATE_RULE,             /* motion.rule, an enum model_rule */
	CALIBRATE_HITCH,            /* motion.backhitch */
	CALIBRATE_HITCH_STANDSTILL, /* from 0 to 1 */
	CALIBRATE_TURN,             /* motion.wrap_turn */
	CALIBRATE_SYNC_HITCH,       /* motion.sync_without_backhitch, 0 or 1 */
	CALIBRATE_WINDOW,           /* motion.window: 0, or not measured */
	CALIBRATE_LOAD,
	CALIBRATE_UNLOAD,
	CALIBRATE_UNLOAD_REWIND_FEW, /* mount.unload_rewind */
	CALIBRATE_UNLOAD_REWIND_SOME,
	CALIBRATE_UNLOAD_REWIND_MANY,
	CALIBRATE_LOCATE_START,
	CALIBRATE_LOCATE_WRAP,
	CALIBRATE_LOCATE_BAND,
	CALIBRATE_LOCATE_TURN,
	CALIBRATE_LOCATE_LENGTH, /* along the whole tape */
	CALIBRATE_REWIND,
	CALIBRATE_WRAP_BYTES,
	CALIBRATE_CAPACITY,
	CALIBRATE_EARLY_WARNING,
	CALIBRATE_TOP_SPEED, /* the highest speed, in bytes per second */
	CALIBRATE_CONSTANTS
};

enum calibrate_found {
	CALIBRATE_NOT_ASKED, /* the recipe was not run */
	CALIBRATE_FOUND,
	CALIBRATE_CANNOT, /* cannot be found on this drive: `why` */
	CALIBRATE_NO_FIT  /* the drive contradicts the model: `why` */
};

struct calibrate_value {
	enum calibrate_found found;
	double value, spread;
	size_t samples;
	/* What the spread is: "standard error", "half the range", ... */
	const char *statistic;
	/* Does not fit: the deviation, if a late host could explain one; 0. */
	double off_s;
	char why[CALIBRATE_WHY_BYTES];
};

/* What was measured, and what the model says with the constants found. */
struct calibrate_point {
	double x, measured, model;
};

enum calibrate_curve {
	CALIBRATE_CURVE_BLOCKS,    /* block, bytes: seconds of a write */
	CALIBRATE_CURVE_SYNC,      /* bytes between filemarks: seconds */
	CALIBRATE_CURVE_THRESHOLD, /* feed: bytes until the host waits */
	CALIBRATE_CURVE_SPEEDS,    /* feed: speed of the medium */
	CALIBRATE_CURVE_HITCH,     /* speed: seconds of a backhitch */
	CALIBRATE_CURVE_LOCATE,    /* distance, wraps: seconds */
	CALIBRATE_CURVE_REWIND,    /* distance, wraps: seconds */
	CALIBRATE_CURVE_RATES,     /* block, bytes: bytes per second */
	CALIBRATE_CURVE_HOLD,      /* feed: bytes per second accepted */
	CALIBRATE_CURVES
};

struct calibrate_series {
	struct calibrate_point *points; /* owned */
	size_t count;
};

enum calibrate_end {
	CALIBRATE_DONE,
	CALIBRATE_STOPPED, /* `stopped` said so; the journal has the units */
	CALIBRATE_FAILED   /* `message` says why */
};

struct calibrate_result {
	enum calibrate_end end;
	char message[TAPE_MESSAGE_BYTES];
	struct calibrate_value of[CALIBRATE_CONSTANTS];
	/* The speeds that were seen, if the rule fits. */
	double speeds[MODEL_SPEEDS_MAX], speeds_spread[MODEL_SPEEDS_MAX];
	size_t speeds_count;
	bool follows_feed; /* it matches each feed: no steps were seen */
	/* Rate over whole wraps away from the beginning, and back; 0: none. */
	double forward_bytes_per_s, reverse_bytes_per_s;
	/* Repositions by the drive's counters, and by the model; < 0: none. */
	double repositions, repositions_model;
	double filemark_s, empty_sync_s; /* immediate; nothing was buffered */
	struct calibrate_series curves[CALIBRATE_CURVES];
	uint64_t written_bytes; /* in this run */
};

/* How time passes while the host waits. */
struct calibrate_clock {
	/* NULL: virtual time, in which a wait takes no time. */
	int64_t (*now_ns)(void *arg);
	/* Sleeps until at_ns; may return earlier after a signal. */
	void (*sleep_until)(void *arg, int64_t at_ns);
	void *arg;
};

/* The counters of a drive. */
struct calibrate_counters {
	uint64_t repositions;
	uint64_t medium_bytes; /* written to the medium; 0: not known */
};

struct calibrate_config {
	/* At any position; labelled.  Its blocks are those of `limits`. */
	struct tape *tape;
	struct calibrate_clock clock;
	int64_t now_ns; /* when the calibration begins */
	/*
	 * What is expected.  It decides how much is written, and nothing else.
	 */
	const struct model *base;
	const struct model_medium *medium; /* of the base */
	bool fill;                         /* write the whole tape */
	/* Incompressible bytes to write; NULL: the tape keeps no payload. */
	const void *data;
	uint64_t data_bytes;

	void *arg; /* of the functions below; each of them may be NULL */
	/* Reads the counters.  Returns false if the drive does not have them. */
	bool (*counters)(void *arg, int64_t now_ns,
	    struct calibrate_counters *counters);
	/* Unloads the cartridge but leaves it in the drive; loads it again. */
	void (*unload)(void *arg, int64_t now_ns, struct tape_result *result);
	void (*load)(void *arg, int64_t now_ns, struct tape_result *result);
	const char *no_mount; /* without them: why, "it ..." */
	/*
	 * The journal.  `recall` returns whether it has the unit, and its
	 * samples.  `record` returns 0, or -1 with a message.
	 */
	bool (*recall)(void *arg, const char *unit, double *samples,
	    size_t *count);
	int (*record)(void *arg, const char *unit, const double *samples,
	    size_t count, char *err, size_t err_bytes);
	/*
	 * The first write after a load gives the cartridge another volume change
	 * reference: `writing` is called before it, and `written` after it.  Both
	 * as `record`.
	 */
	int (*writing)(void *arg, char *err, size_t err_bytes);
	int (*written)(void *arg, char *err, size_t err_bytes);
	bool (*stopped)(void *arg); /* true: end before the next write */
	/* Called after each unit, and in long ones. */
	void (*progress)(void *arg, enum calibrate_recipe recipe,
	    double recipe_s);
};

/*
 * Runs all recipes that the configuration allows.  The caller clears the result
 * in each case.
 */
void calibrate_run(const struct calibrate_config *config,
    struct calibrate_result *result);

void calibrate_result_clear(struct calibrate_result *result);

/* What a run will take, as far as the base is right. */
struct calibrate_plan {
	double seconds[CALIBRATE_RECIPES]; /* 0: it is not run */
	double all_s;
	uint64_t bytes;
	uint64_t repositions; /* stops of the medium */
	double passes;        /* over the whole length of the tape */
};

void calibrate_plan(const struct calibrate_config *config,
    struct calibrate_plan *plan);

/* Returns the name of a recipe: "blocks". */
const char *calibrate_recipe_name(enum calibrate_recipe recipe);

enum calibrate_unit {
	CALIBRATE_SECONDS,
	CALIBRATE_BYTES,
	CALIBRATE_BYTES_PER_S,
	CALIBRATE_SHARE, /* from 0 to 1 */
	CALIBRATE_RULES, /* an enum model_rule */
	CALIBRATE_YES_NO
};

/* Returns the key of a profile that has the constant: "host.command". */
const char *calibrate_key(enum calibrate_constant which);
/* Returns what it is, for people: "time of a command". */
const char *calibrate_title(enum calibrate_constant which);
enum calibrate_unit calibrate_unit_of(enum calibrate_constant which);

/* Returns "best", "below", "above" or "top". */
const char *calibrate_rule_name(enum model_rule rule);

/* Returns the constant of a model and one of its media. */
double calibrate_expected(const struct model *model,
    const struct model_medium *medium, enum calibrate_constant which);

/*
 * Returns the model that the result describes: the base, with all that was
 * found for its medium.  It has one medium.
 */
struct model calibrate_model(const struct calibrate_config *config,
    const struct calibrate_result *result);

#endif
