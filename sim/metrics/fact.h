/*
 * fact.h: facts about faults, drives, volumes, attempts and messages.
 *
 * A comparison of a fact is one of
 *
 *     SUBJECT FACT op VALUE       fault 1 struck == 2
 *     SUBJECT FACT                drive 1 loads
 *
 * where a subject is "fault N", "drive N", "volume BARCODE" or "attempts[N].",
 * or is missing for facts of a whole run, such as "warnings".  Without an op a
 * number must be more than 0, and a word must be "yes".
 *
 * One table describes the facts of runs of scenarios and of virtual libraries.
 * Who compares them gets their values: sim/run/measure/facts.h, or
 * sim/command/vtl/fact.h.
 */
#ifndef SIM_METRICS_FACT_H
#define SIM_METRICS_FACT_H

#include "sim/metrics/metrics.h"
#include "sim/metrics/parser.h"

enum fact_subject {
	FACT_FAULT,
	FACT_DRIVE,
	FACT_VOLUME,
	FACT_ATTEMPT,
	FACT_OF_ALL, /* no subject */
	FACT_SUBJECTS
};

enum fact_id {
	FAULT_STRUCK,
	FAULT_ATTEMPT,
	FAULT_VOLUME,
	FAULT_MEDIUM_BYTE,
	FAULT_DUMP_BYTE,
	FAULT_TIME,
	FAULT_SPENT,
	DRIVE_HOLDS,
	DRIVE_LOADS,
	DRIVE_CLEANINGS,
	DRIVE_USED,
	VOLUME_ELEMENT,
	VOLUME_FILES,
	VOLUME_WRITTEN,
	VOLUME_HAS_END, /* "closed" in a library; VOLUME_CLOSED: in a run */
	VOLUME_PROTECTED,
	VOLUME_CLOSED,
	VOLUME_REASON,
	VOLUME_LOADS,
	ATTEMPT_CAUSE,
	ATTEMPT_END,
	ATTEMPT_VOLUME,
	ATTEMPT_DRIVE,
	ATTEMPT_FILE,
	ATTEMPT_PART,
	ATTEMPT_OFFSET,
	ATTEMPT_BYTES,
	ATTEMPT_DURATION,
	ATTEMPT_MESSAGE,
	ALL_WARNINGS,
	ALL_LOST_BLOCKS,
	FACTS
};

/* Who knows a fact. */
enum fact_of { FACT_OF_LIBRARY = 1, FACT_OF_RUN = 2 };

/* A row of the table. */
struct fact {
	enum fact_subject subject;
	unsigned of; /* enum fact_of */
	struct metrics_def def;
};

const struct fact *fact_of(enum fact_id id);
enum fact_id fact_id_of(const struct fact *fact);

/*
 * Returns whether the text at the parser begins with a subject, or with a fact
 * that has none, and not with a metric.
 */
bool fact_begins(const struct parser *parser, unsigned of);

/*
 * Parses the comparison of a fact up to the end of the text, which has no blanks
 * at its end.  `of` says whose facts are known.  Returns 0, or -1 with an error;
 * metrics_expect_free() frees what `expect` owns in both cases.
 */
int fact_parse_comparison(struct parser *parser, unsigned of,
    struct metrics_expect *expect);

/* Returns whether the comparison holds for this value. */
bool fact_holds(const struct metrics_expect *expect,
    const struct metrics_value *found);

#endif
