/* samples.h: records as a run produces them, for the tests of the reports. */
#ifndef REPORTS_TESTS_SAMPLES_H
#define REPORTS_TESTS_SAMPLES_H

#include <stddef.h>

#include "reports/results.h"

/* A text that no format may interpret, used as a title or a barcode. */
extern const char sample_hostile_text[];

/* A passed scenario without any data.  The caller frees it. */
struct results_scenario *sample_empty(const char *name);

/* Returns a dump of 5 GiB over four volumes, one of which has a bad spot. */
struct results_scenario *sample_four_volumes(const char *name);

/* Returns a dump of `parts` parts on as many volumes, one of which is bad. */
struct results_scenario *sample_many(const char *name, size_t parts);

/* Returns a dump of four parts on an ideal drive: no time passed. */
struct results_scenario *sample_instant(const char *name);

/* Returns the sample of four volumes with hostile text in every field. */
struct results_scenario *sample_hostile(const char *name);

/* Adds the scenario, which then belongs to the results. */
void sample_add(struct results *results, struct results_scenario *scenario);

/*
 * Adds the state at `at_ns` to the series, for the samples since the last call:
 * sums of bytes, and the integral of the fill.  Call sample_end() afterwards,
 * with the duration set.
 */
void sample_add_state(struct series *series, int64_t at_ns, double feed_bytes,
    double tape_bytes, double fill_byte_ns);
void sample_end(struct results_scenario *scenario);

#endif
