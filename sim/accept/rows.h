/*
 * rows.h: measured values as rows of the record, with their limits.
 *
 * The limits are those of the profile of the drive's model, with a tolerance,
 * and the expectations of the scenario.
 */
#ifndef SIM_ACCEPT_ROWS_H
#define SIM_ACCEPT_ROWS_H

#include "reports/acceptance.h"
#include "reports/results.h"
#include "sim/scenario/step.h"
#include "vtl/model/model.h"

/*
 * The fact that says which drive the second one is, and how the names of its
 * values begin.
 */
#define ROWS_SECOND_FACT "Second drive"
#define ROWS_SECOND      "Read-back on a second drive"

/* The value of a test that has read back everything that it wrote. */
#define ROWS_READ_BACK "Read-back here"

/* What the rows of a test are compared with. */
struct rows_limits {
	const struct model *model; /* NULL: not known */
	/*
	 * The drive may be this one as well: what misses the limit of `model` and
	 * not the one of this model is not judged.  NULL: it is `model`.
	 */
	const struct model *slower;
	/* The type of the cartridge; NULL: that of the model's own media. */
	const struct media_type *medium;
	uint64_t capacity_bytes; /* of the cartridge; 0: that of the model */
	/*
	 * What the source delivers without a tape.  A rate below its limit is
	 * not judged if this is less than 1.5 times the drive's top speed.
	 */
	double source_bytes_per_s;
	/*
	 * Which other devices of the host adapter were used during the test; ""
	 * or NULL: none is known.  Then a rate or a time that misses its limit
	 * is not judged.
	 */
	const char *adapter;
	/*
	 * What the link to the drive delivers.  A rate below its limit is not
	 * judged if this is less than 1.1 times the drive's top speed.  0: not
	 * known.
	 */
	double link_bytes_per_s;
	/*
	 * What else may be the cause of any limit that is missed; "" or NULL:
	 * nothing is known.  Then nothing that misses its limit is judged.
	 */
	const char *elsewhere;
};

/* Returns the top speed of the model; 0: not known. */
uint64_t rows_top_speed(const struct model *model);

/* Returns what the source must deliver for the drive; 0: not known. */
double rows_source_least(const struct rows_limits *limits);

/* Returns whether the source is fast enough for the drive. */
bool rows_source_suffices(const struct rows_limits *limits);

/*
 * Adds a row for each value that the steps of the test measured, `steps` being
 * the same ones of its scenario, and one for
 * each expectation that is not met.  Adds faults for rows that are not met, and
 * doubts for those that could not be judged, unless `blames_nothing`: then the
 * rows are not judged.  Returns whether all rows are met or not judged; memory
 * that is short counts as not.
 */
bool rows_of_test(struct acceptance *record, const char *test,
    const struct results_scenario *results, const struct scenario_step *steps,
    const struct rows_limits *limits, const char *blames_nothing);

/*
 * Replaces the rows ROWS_READ_BACK of all tests by one with their number, when all
 * tests have ended: the paper has two sheets.  Returns 0, or -1 without memory.
 */
int rows_join_read_back(struct acceptance *record);

#endif
