/*
 * soak_judge.h: runs drawn scenarios, and says which is not as it must be.
 *
 * A case is written as a file, read as a user's is, run, read back and
 * compared: with what its text expects, which is what the reference says, and
 * with what holds in any run.
 */
#ifndef SIM_TESTS_SOAK_JUDGE_H
#define SIM_TESTS_SOAK_JUDGE_H

#include "reports/results.h"
#include "sim/tests/soak_case.h"

enum soak_verdict {
	SOAK_GOOD,
	SOAK_UNREADABLE,  /* its text is no scenario */
	SOAK_IMPOSSIBLE,  /* it could not be run */
	SOAK_TWO_COURSES, /* two runs from its seed differed */
	SOAK_LOST,        /* what is called safe is not there */
	SOAK_DIFFERS,     /* the reference says something else */
	SOAK_IMPLAUSIBLE, /* what holds in any run does not */
	SOAK_DIED,        /* an assertion, or a signal */
	SOAK_HANGS
};

enum { SOAK_WHY_BYTES = 4096, SOAK_LINE_BYTES = 32768 };

struct soak_finding {
	enum soak_verdict verdict;
	char why[SOAK_WHY_BYTES];
};

/* Notes what was found, unless something was found before. */
void soak_find(struct soak_finding *finding, enum soak_verdict verdict,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The attempts of a run as the reference writes them. */
void soak_write_line(const struct results_scenario *r, char *line,
    size_t line_bytes);

/*
 * The reference's answer to each case, "OUTCOME SAFE ATTEMPTS", in `answers`,
 * each the caller's to free; "" where it is not asked, of hard cases, which
 * are all or none of these.  `folder` is for a file.  Ends the program with a
 * message where there is no reference.
 */
void soak_ask(const struct soak_case *cases, size_t count, const char *folder,
    char **answers);

/*
 * Whether attempt `i` was committed when it ended: one that is not may be a
 * part that was lost later.
 */
bool soak_was_committed(const struct results_scenario *r, size_t i);

/* Judges a case in this process; the file of its text lies in `folder`. */
void soak_judge(const struct soak_case *c, const char *answer,
    const char *folder, struct soak_finding *finding);

/*
 * Judges cases in another process, until one is not good.  Returns its place,
 * with what was found, or `count`.
 */
size_t soak_judge_all(const struct soak_case *cases, char *const *answers,
    size_t count, const char *folder, struct soak_finding *finding);

/*
 * Makes a case that failed as small as it can be and still fail in the same
 * way; the answer becomes that to the small one.
 */
void soak_shrink(struct soak_case *c, char **answer, const char *folder,
    struct soak_finding *finding);

#endif
