/* samples.h: records as a run produces them, for the tests of the reports. */
#ifndef REPORTS_TESTS_SAMPLES_H
#define REPORTS_TESTS_SAMPLES_H

#include <stddef.h>

#include "reports/results.h"

/* Text that no format may interpret, as a title or a barcode. */
extern const char sample_hostile_text[];

/* A passed scenario without any data.  The caller frees it. */
struct results_scenario *sample_empty(const char *name);

/* A dump of 5 GiB over four volumes, one of which has a bad spot. */
struct results_scenario *sample_four_volumes(const char *name);

/* `parts` parts on as many volumes, one of them bad. */
struct results_scenario *sample_many(const char *name, size_t parts);

/* Four parts on an ideal drive: no time passed. */
struct results_scenario *sample_instant(const char *name);

/* All of the first sample's texts, and more, are hostile. */
struct results_scenario *sample_hostile(const char *name);

/* Adds the scenario, which then belongs to the results. */
void sample_add(struct results *results, struct results_scenario *scenario);

#endif
