/*
 * impl.h: private to this room.
 *
 *     names.c      the names of recipes
 *     model.c      the model that a result describes
 *     predict.c    the model with the constants found, run like a recipe
 *     host.c       writes, filemarks, moves and waits, and where the tape is
 *     unit.c       units, values and curves
 *     late.c       how late the host is, and what a deviation proves
 *     cycle.c      bytes at a feed, then a synchronised filemark
 *     hosted.c ... a file for each recipe, or for two that are alike
 *     plan.c       what a run will take
 *     calibrate.c  the order of the recipes
 *
 * A file calls only files above it in this list.
 */
#ifndef SIM_CALIBRATE_IMPL_H
#define SIM_CALIBRATE_IMPL_H

#include "sim/calibrate/calibrate.h"

#define CAL_SECOND 1e9

enum {
	CAL_FIRST_FILE = 1, /* after the label */
	CAL_PERCENT = 5     /* a residual above this does not fit the model */
};

/* A file of the stream, which a locate can find. */
struct cal_file {
	uint64_t number;
	double byte; /* from the beginning of the first file */
};

struct calibration {
	const struct calibrate_config *config;
	struct calibrate_result *result;
	enum calibrate_recipe recipe;
	struct tape_limits limits;
	int64_t now_ns;
	int64_t recipe_ns; /* when the recipe began */
	bool ended;        /* stopped or failed: nothing more is done */
	bool leom, peom;   /* since the last move */
	bool written;      /* since the cartridge was loaded */

	/* Where the tape is. */
	bool lost;      /* move before the next write */
	uint64_t file;  /* its number */
	uint64_t at;    /* bytes from the beginning of the first file */
	uint64_t sent;  /* bytes, for the offset of the next run */
	uint64_t block; /* bytes of usual blocks */
	/* Blocks with which the host is nearly as fast as it can; 0: none. */
	uint64_t long_block;
	double long_bus;
	double wrap; /* bytes of a wrap, as known */

	/*
	 * How late sleeps ended, in seconds; 0 in virtual time.  A unit that was
	 * later than others is measured again: `late` is of the units that
	 * count, `late_ever` of all.
	 */
	double unit_late; /* most in what counts of this unit */
	double unit_most; /* most in this unit */
	double usual_late, late, late_ever;
	double unit_lates[CALIBRATE_SAMPLES_MAX]; /* of units that slept */
	size_t unit_lates_count;

	/* What recipes know of each other; 0: not known. */
	double bus, top; /* of usual blocks; highest speed; bytes per second */
	double buffer, threshold, hitch; /* bytes, and seconds */
	double delay;                    /* or what it is at least */
	/* By how much a late host may be wrong of them; 0 in virtual time. */
	double top_error, buffer_error;
	struct cal_file files[CALIBRATE_SAMPLES_MAX];
	size_t files_count;
	size_t stream_files; /* the first of them */
};

/* Returns whether time is real: the host may then be late. */
static inline bool cal_is_real(const struct calibration *c)
{
	return c->config->clock.now_ns != NULL;
}

/* host.c */

/*
 * Each returns false if the tape failed or the run is stopped: the recipe ends.
 * The early warning is no failure.
 */
bool cal_write(struct calibration *c, uint64_t bytes, uint64_t block);
bool cal_filemark(struct calibration *c, bool sync);
bool cal_locate(struct calibration *c, uint64_t file);
bool cal_rewind(struct calibration *c);
bool cal_wait_until(struct calibration *c, int64_t at_ns);

/* Notes that the host was so late, in seconds, in this unit. */
void cal_note_late(struct calibration *c, double late_s);

/*
 * Makes `bytes` bytes follow within one wrap: moves to the first file if they
 * do not, or if the position is not known.
 */
bool cal_make_room(struct calibration *c, double bytes);

/* Ends the run with a message. */
bool cal_fail(struct calibration *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* unit.c */

/* A unit measures `*count` samples, at most CALIBRATE_SAMPLES_MAX. */
typedef bool cal_measure(struct calibration *c, const void *arg,
    double *samples, size_t *count);

/*
 * Gets the samples of a unit from the journal, or measures them and records
 * them.  Returns false if the run has ended.
 */
bool cal_unit(struct calibration *c, cal_measure *measure, const void *arg,
    double *samples, size_t *count, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* Set a constant. */
void cal_found(struct calibration *c, enum calibrate_constant which,
    double value, double spread, size_t samples, const char *statistic);
void cal_without(struct calibration *c, enum calibrate_constant which,
    enum calibrate_found found, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool cal_is_found(const struct calibration *c, enum calibrate_constant which);

void cal_point(struct calibration *c, enum calibrate_curve curve, double x,
    double measured, double model);

/* late.c */

/* Measures how late this host is; nothing in virtual time. */
void cal_look_at_host(struct calibration *c);

/*
 * Returns how wrong a time may be on which several measurements agree, in
 * seconds; 0 in virtual time.  It comes from the sleeps of the units that count.
 */
double cal_error(const struct calibration *c);

/* As cal_error(), of a time that was measured once: from all sleeps. */
double cal_error_once(const struct calibration *c);

/*
 * Returns how long a deviation must be that the host cannot have caused, in s; 0 in
 * virtual time.  It comes from all sleeps of this run.
 */
double cal_doubt(const struct calibration *c);

/*
 * Sets a constant whose value may be wrong by `error`, because the host is late:
 * then that is its spread, if it is more than `spread`.  With an error as large
 * as the value, the constant cannot be found.
 */
void cal_found_late(struct calibration *c, enum calibrate_constant which,
    double value, double spread, double error, size_t samples,
    const char *statistic);

/* Sets a constant to "cannot be found", because the host is so late. */
void cal_too_late(struct calibration *c, enum calibrate_constant which,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * Sets a constant to "does not fit", or, if the host explains a deviation of
 * `off_s` seconds between times, to "cannot be found".
 */
void cal_contradict(struct calibration *c, enum calibrate_constant which,
    double off_s, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* At the end: the host may have been later since a verdict. */
void cal_judge_again(struct calibration *c);

/* cycle.c */

struct cal_cycle {
	double feed; /* bytes per second; 0: as fast as the bus */
	double bytes;
};

/*
 * Writes whole blocks of about these bytes at this feed, and a synchronised
 * filemark.  `*all_s`: from the call to the answer; `*flush_s`: of the filemark
 * alone.  `*bytes`: what was written.
 */
bool cal_run_cycle(struct calibration *c, const struct cal_cycle *cycle,
    double *all_s, double *flush_s, double *bytes);

/*
 * Two short cycles: then the drive is as after any flush, and knows the feed.
 */
bool cal_prime(struct calibration *c, double feed);

/*
 * Writes as fast as the bus until the host waits for room in the buffer, but at
 * most so far; `*waits`: it does.  `*rate`: of the host before that.  After
 * cal_prime().
 */
bool cal_write_until_waiting(struct calibration *c, double most, bool *waits,
    double *rate);

/* full.c */

/* A buffer that was kept full for a while. */
struct cal_full {
	double rate;    /* of the tape meanwhile; 0: the host never waited */
	double filled;  /* rate of the host before */
	double drained; /* bytes that it may lack: the host stood still */
};

/* Fills the buffer and keeps it full for a while. */
bool cal_keep_full(struct calibration *c, double most, struct cal_full *full);

/* The recipes, which are called in the order of the enumeration. */
void cal_blocks(struct calibration *c);
void cal_buffer(struct calibration *c);
void cal_stream(struct calibration *c);
void cal_fill(struct calibration *c);
void cal_place(struct calibration *c);
void cal_sync(struct calibration *c);
void cal_delay(struct calibration *c);
void cal_threshold(struct calibration *c);
void cal_speeds(struct calibration *c);
void cal_rates(struct calibration *c);
void cal_hold(struct calibration *c);
void cal_mount(struct calibration *c);

/* speed_rule.c */

/*
 * The achieved feed, and the speed and the backhitch measured with it; and how
 * late the host was meanwhile, in seconds.
 */
struct cal_speed {
	double feed, speed, hitch, late;
};

/*
 * Stores the places of lone speeds that cal_judge_speeds() would take for
 * disturbances, at most `most`; returns how many.  In virtual time there are
 * none.
 */
size_t cal_lone_speeds(const struct calibration *c,
    const struct cal_speed *seen, size_t count, size_t *places, size_t most);

/* Finds speeds, their rule, and how the backhitch depends on them. */
void cal_judge_speeds(struct calibration *c, const struct cal_speed *seen,
    size_t count);

/* predict.c */

/*
 * Returns the rate at which the calibrated drive accepts blocks of this size
 * at this feed (0: as fast as it can) in `seconds` after a start at the beginning
 * of the tape; < 0 without memory.
 */
double cal_predict(const struct calibration *c, double feed, uint64_t block,
    double seconds);

#endif
