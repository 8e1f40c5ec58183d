/*
 * impl.h: what the files of an acceptance run share.
 *
 *     evidence.c, watch.c, rows.c, errors.c, earlier.c, plan.c, plan_print.c
 *                   without the state of a run
 *     save.c        the journal; what stops the run
 *     second.c      the second drive, and what was read back there
 *     flags.c       TapeAlert flags
 *     cartridge.c   which cartridge is in the drive, and its counters
 *     reload.c      the times of an unload and a load
 *     judge.c       what the result of a test is
 *     test.c        one test
 *     accept.c      the run
 *
 * A file calls only files above it in this list.
 */
#ifndef SIM_ACCEPT_IMPL_H
#define SIM_ACCEPT_IMPL_H

#include "sim/accept/accept.h"
#include "sim/accept/earlier.h"
#include "sim/accept/errors.h"
#include "sim/accept/plan.h"
#include "sim/accept/rows.h"
#include "sim/accept/watch.h"
#include "sim/run/run.h"

enum { ACCEPT_TEXT_BYTES = TAPE_MESSAGE_BYTES };

struct acceptance_run {
	const struct accept_config *config;
	struct accept_device *device; /* NULL: the second could not be opened */
	bool on_second;               /* the device is the second drive */
	struct acceptance record;
	struct accept_plan plan;
	struct evidence *evidence;
	struct earlier earlier;
	struct rows_limits limits;
	struct story_device story;
	struct watch_seen seen;     /* of the test in progress */
	struct tape_library *watch; /* open; or NULL */
	struct tape_library *inner; /* of the device, below it */
	/* Counters at the load; what was counted in the test. */
	struct tape_counters loaded, test;
	/* `seen` at the load. */
	uint64_t loaded_written_bytes, loaded_read_bytes, loaded_labels,
	    loaded_failed_writes;
	bool has_loaded;
	/* The step in progress overwrites what the person gave leave for. */
	bool overwrites;
	/* It was unloaded for its time, and is not loaded again. */
	bool timed_unload;
	/* What of the test in progress was not looked at. */
	bool errors_unseen, alerts_unseen, counters_cleared;
	/* What others did in the test in progress. */
	struct accept_others others; /* the bytes: since the load */
	/* The TapeAlert flags of a drive when they were last read; or NULL. */
	const struct accept_device *flags_of;
	uint64_t flags;
	/*
	 * What in the test in progress may be the cause of a limit that it misses,
	 * and is no fault of the drive; or "".
	 */
	char elsewhere[ACCEPT_TEXT_BYTES];
	/*
	 * The first attempt of the test met an error that may be one of this
	 * cartridge, "" if it is not known; and that was a medium error for which
	 * no other cause is known.
	 */
	char bad[TAPE_BARCODE_BYTES];
	bool medium_before;
	/* The first drive's, in the test that uses the second one too. */
	struct watch_seen first_seen;
	struct tape_counters first_test;
	/*
	 * Why a cartridge was refused, so that the test in progress says nothing
	 * of the drive; or "".
	 */
	char refused[ACCEPT_TEXT_BYTES];
};

/* save.c */

/* Writes the journal and the paper.  Returns 0, or -1 with a message. */
int accept_save(const struct acceptance_run *r, char *err, size_t err_bytes);

/*
 * The same while a test is in progress: without the change references of the
 * cartridges, which it may change, and be killed then.
 */
int accept_save_running(struct acceptance_run *r, char *err, size_t err_bytes);

/*
 * Adds a doubt: a limit that the test in progress misses is not judged, because
 * its cause may be this.  `test` is the name before the doubt, or NULL.
 */
void accept_leave_open(struct acceptance_run *r, const char *test,
    const char *why);

/* Stops the run, in the journal too; the first reason counts. */
void accept_stop(struct acceptance_run *r, const char *why);
bool accept_is_stopped(const struct acceptance_run *r);

/* second.c */

/*
 * Closes the first drive and opens the second one, for a story; `arg` is the
 * run.
 */
bool second_begin(void *arg, char *err, size_t err_bytes);

/*
 * Adds the rows of the step on the second drive, and what it says of the first
 * one: a fault only if that one had read everything back itself
 * (`first_read_back`), the second one has no trouble of its own, and nothing else
 * may be the cause.
 */
void second_judge(struct acceptance_run *r, struct acceptance_test *test,
    const struct results_step *step, bool first_read_back);

/* flags.c */

/*
 * A cartridge will be unloaded: a cartridge that is worn, or cleaning that is due,
 * is a doubt, whenever the flag was set.
 */
void flags_of_cartridge(struct acceptance_run *r, const char *cartridge,
    struct tape *tape, const struct tape_counters *counters);

/* Keeps which flags were set before the first cartridge was used. */
void flags_found(struct acceptance_run *r,
    const struct tape_counters *counters);

/*
 * Adds faults and doubts for the flags that were set during the test; ends the run
 * after a serious one, unless it belongs to an error of a cartridge that the test
 * is judged by.
 */
void flags_judge(struct acceptance_run *r, const char *test);

/* cartridge.c */

/* Makes the tapes of the stories: those of the device, with the watch before it. */
void cartridge_make_story(struct acceptance_run *r);

/*
 * Counts what the drive did with the cartridge, which will be unloaded; and begins
 * to count again, after it was loaded without a move.
 */
void cartridge_before_unload(struct acceptance_run *r, struct tape *tape);
void cartridge_after_load(struct acceptance_run *r);

/* Takes what others did to the first drive since the last call. */
void cartridge_take_others(struct acceptance_run *r);

/* reload.c */

/*
 * For a story: unloads the cartridge and loads it again, as story_device.reload;
 * `arg` is the run.
 */
int reload_cartridge(void *arg, struct tape *tape, struct story_reload *times,
    char *err, size_t err_bytes);

/* judge.c */

/* The result of a test. */
enum judge_next {
	JUDGE_DONE,
	JUDGE_AGAIN /* on another cartridge */
};

/*
 * Adds the rows of a test, its faults and doubts, and sets its result.
 * `others` says whether there are cartridges that it was not run on.
 */
enum judge_next judge_test(struct acceptance_run *r,
    struct acceptance_test *test, const struct results_scenario *results,
    bool others);

/* test.c */

/*
 * Carries out the test at this place of the plan.  Returns 0; 1 if it was
 * interrupted; -1 with a message if the journal could not be written.
 */
int test_run(struct acceptance_run *r, size_t place, char *err,
    size_t err_bytes);

#endif
