/*
 * strikes.h: counts where the faults of a scenario strike.
 *
 * Drives, robot, filters, sources and caches report each strike here; the
 * results get a fault for each of the scenario, with the first strikes.  The
 * executors say which dump uses which volume, and which attempt is in progress:
 * so a strike on a volume is one of an attempt.
 *
 * Threads: in real time several threads call these functions, except
 * strikes_new() and strikes_free().
 */
#ifndef SIM_STRIKES_H
#define SIM_STRIKES_H

#include "reports/results.h"
#include "sim/scenario/scenario.h"
#include "vtl/library/library.h"

struct strikes;

/*
 * Adds the faults to the results, which must outlive the strikes.  Returns NULL
 * without memory; the results then have some of the faults.
 */
struct strikes *strikes_new(const struct scenario *scenario,
    struct results_scenario *results);
void strikes_free(struct strikes *strikes);

/*
 * Virtual time: returns the variable that has the time of the step in progress.
 */
int64_t *strikes_clock_ns(struct strikes *strikes);

/* Virtual time: the time of the results at which the models begin. */
void strikes_set_base(struct strikes *strikes, int64_t base_ns);

/* Real time: the time on the clock that is 0 in the results. */
void strikes_set_origin(struct strikes *strikes, int64_t origin_ns);

/*
 * The dump with this place in the scenario uses the volume; "": no volume.
 * `strikes` may be NULL here and in the functions about attempts.
 */
void strikes_volume(struct strikes *strikes, size_t dump, const char *barcode);

/*
 * The attempt that will have this place in the results of the dump, from 1, is
 * in progress; 0: no attempt.  One that does not end is not counted as an
 * attempt: its header could not be written.
 */
void strikes_attempt(struct strikes *strikes, size_t dump, size_t attempt);

/* The attempt in progress has ended, and is in the results. */
void strikes_end_attempt(struct strikes *strikes, size_t dump);

/*
 * Observes a library: the one of the dumps or, with `reading_back`, the one in
 * which their volumes are read.
 */
void strikes_watch(struct strikes *strikes, struct library *library,
    bool reading_back);

/*
 * A fault of the scenario, from 0, strikes the operation of a filter
 * (splitter/filter/fault.h).
 */
void strikes_operation(struct strikes *strikes, size_t fault,
    const struct tape *tape, int64_t now_ns);

/*
 * A fault of the scenario strikes the source or the part cache of its dump, at
 * an offset of the dump.
 */
void strikes_of_dump(void *strikes, size_t fault, uint64_t offset);

/* Returns whether memory was short, so that the results have gaps. */
bool strikes_have_gaps(const struct strikes *strikes);

#endif
