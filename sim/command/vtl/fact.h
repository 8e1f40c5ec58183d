/*
 * fact.h: facts about a library, and expressions that compare them.
 *
 * An expression is "SUBJECT FACT op VALUE" or "SUBJECT FACT", such as
 *
 *     fault 1 struck              volume VTA001L8 files == 3
 *     drive 0 loads >= 2          volume VTA001L8 element == slot:1
 *
 * The table of facts and the parser are those of expectations of scenarios
 * (sim/metrics/fact.h).
 */
#ifndef SIM_VTL_FACT_H
#define SIM_VTL_FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/metrics/fact.h"
#include "vtl/changer/changer.h"

struct fact_expression {
	const char *text;
	struct metrics_expect comparison;
	size_t column; /* of an error */
};

/*
 * Parses an expression, whose text must stay valid.  Returns 0, or -1 after an
 * error, which is printed.
 */
int fact_parse(const char *text, struct fact_expression *expression);
void fact_free(struct fact_expression *expression);

enum fact_result {
	FACT_HOLDS,
	FACT_FAILS,
	FACT_MISSING, /* fails: the library has no such subject */
	FACT_ERROR
};

enum { FACT_FOUND_BYTES = 320 };

/*
 * Evaluates an expression.  `found` becomes the present value in readable form,
 * or why the value is unknown.  A server, which knows a volume in its drive and
 * how often a fault has struck, is asked until clock_now_ns() is `until_ns`.
 */
enum fact_result fact_evaluate(struct changer *changer,
    const struct fact_expression *expression, int64_t until_ns,
    char found[FACT_FOUND_BYTES]);

#endif
