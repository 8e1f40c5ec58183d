/*
 * soak_judge.h: runs random scenarios and finds those with a wrong result.
 *
 * A case is written to a file, read as a user's scenario is, run, and read
 * back.  The result is compared with the expectations in its text, which come
 * from the reference, and with rules that hold for any run.
 */
#ifndef SIM_TESTS_SOAK_JUDGE_H
#define SIM_TESTS_SOAK_JUDGE_H

#include "reports/results.h"
#include "sim/tests/soak/soak_case.h"

enum soak_verdict {
	SOAK_GOOD,
	SOAK_UNREADABLE,  /* the text of the case is not a scenario */
	SOAK_IMPOSSIBLE,  /* the case could not be run */
	SOAK_TWO_COURSES, /* two runs with the same seed differed */
	SOAK_LOST,        /* safe data could not be read back */
	SOAK_DIFFERS,     /* the result differs from the reference */
	SOAK_IMPLAUSIBLE, /* a rule that always holds is violated */
	SOAK_DIED,        /* the process died of an assertion or a signal */
	SOAK_HANGS
};

enum { SOAK_WHY_BYTES = 4096, SOAK_LINE_BYTES = 32768 };

struct soak_finding {
	enum soak_verdict verdict;
	char why[SOAK_WHY_BYTES];
};

/* Notes a finding, unless there is one already. */
void soak_find(struct soak_finding *finding, enum soak_verdict verdict,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Writes the attempts of a run in the form of the reference. */
void soak_write_line(const struct results_scenario *r, char *line,
    size_t line_bytes);

/*
 * Asks the reference for the result of each case, "OUTCOME SAFE ATTEMPTS", into
 * `answers`; the caller frees each.  Either all cases are hard or none.  For
 * hard cases the reference is not asked, and the answers are "".  `folder` is
 * for a temporary file.  Ends the program with a message if the reference
 * cannot be run.
 */
void soak_ask(const struct soak_case *cases, size_t count, const char *folder,
    char **answers);

/*
 * Returns whether attempt `i` was committed when it ended.  An attempt that is
 * not committed may be a part that was lost later.
 */
bool soak_was_committed(const struct results_scenario *r, size_t i);

/* Judges a case in this process; the file with its text is in `folder`. */
void soak_judge(const struct soak_case *c, const char *answer,
    const char *folder, struct soak_finding *finding);

/*
 * Judges cases in a child process until one fails.  Returns its index, with the
 * findings, or `count`.
 */
size_t soak_judge_all(const struct soak_case *cases, char *const *answers,
    size_t count, const char *folder, struct soak_finding *finding);

/*
 * Reduces a failed case as far as it still fails in the same way.  The answer
 * becomes that of the reduced case.
 */
void soak_shrink(struct soak_case *c, char **answer, const char *folder,
    struct soak_finding *finding);

#endif
