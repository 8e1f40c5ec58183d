/*
 * compare.h: compares the results of two runs, a baseline and a new one.
 *
 *     results.json -> reports/json -> struct results --+
 *                                                      +-> struct comparison
 *     a run, or another results.json -> struct results -+      |
 *                                            text, Markdown, index.html
 *
 * Cases are compared by name.  Each difference has a kind, and a case has the
 * most severe kind of its differences.
 *
 * Invariants:
 *  1. The comparison depends only on the two results and the options, so that
 *     its text is the same wherever it was made.
 *  2. Cases are in the order of the new results.  A vanished case follows the
 *     case that it followed in the old results.
 *  3. Differences of a case are sorted by kind, the most severe first, and
 *     within a kind in the order of the results.
 *  4. The comparison borrows both results: they must outlive it.
 */
#ifndef REPORTS_COMPARE_H
#define REPORTS_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "reports/results.h"

/* How much a difference matters; more severe kinds are greater. */
enum comparison_kind {
	COMPARISON_SAME,
	COMPARISON_WORDING,  /* titles, reasons, messages, labels */
	COMPARISON_FIGURES,  /* other metrics, or speed within the tolerance */
	COMPARISON_NEW,      /* the case is only in the new results */
	COMPARISON_VANISHED, /* the case is only in the old results */
	COMPARISON_SPEED,    /* a rate or a duration beyond the tolerance */
	COMPARISON_ATTEMPTS, /* attempts, volumes, causes, strikes of faults */
	/* Outcome, safe bytes, data read back, or whether the case passed. */
	COMPARISON_OUTCOME,
	COMPARISON_KINDS
};

struct comparison_options {
	double tolerance; /* of speed, as a share: 0.05 is 5 % */
	/*
	 * Which kinds are a regression.  An outcome always is, unless the case
	 * failed before and passes now; speed is one if it became worse.
	 */
	bool regression[COMPARISON_KINDS];
};

struct comparison_difference {
	enum comparison_kind kind;
	bool regression;
	char *dump;   /* name of the dump; "": the whole case */
	char *what;   /* "outcome", "throughput_mean", "attempt 3", "reason" */
	char *before; /* with unit; "": absent */
	char *after;
	double change; /* as a share of `before`; NaN if it is not a number */
};

struct comparison_case {
	const char *name;
	enum comparison_kind kind; /* the most severe of the differences */
	bool regression;           /* of at least one difference */
	const struct results_scenario *before; /* NULL: COMPARISON_NEW */
	const struct results_scenario *after;  /* NULL: COMPARISON_VANISHED */
	struct comparison_difference *differences;
	size_t count;
};

struct comparison {
	struct comparison_options options; /* of comparison_make() */
	struct comparison_case *cases;
	size_t count;
	size_t kinds[COMPARISON_KINDS]; /* number of cases of each kind */
	size_t regressions;             /* number of cases with one */
};

/* Returns the options of `tapelab report --compare` without options. */
struct comparison_options comparison_defaults(void);

/*
 * Compares two results.  Returns 0, or -1 with a message: memory is short, or
 * the results have no case in common.  The caller clears the comparison after
 * success.
 */
int comparison_make(const struct results *before, const struct results *after,
    const struct comparison_options *options, struct comparison *comparison,
    char *err, size_t err_bytes);

/* Frees what the comparison owns, but neither results nor `comparison`. */
void comparison_clear(struct comparison *comparison);

/*
 * Writes a difference as "throughput_mean: 300 MB/s -> 250 MB/s (-16.7 %)",
 * with the name of its dump before it.  Long texts are cut.  The caller frees
 * the text; NULL without memory.
 */
char *comparison_difference_text(const struct comparison_difference *d);

/* The limit of a comment of GitHub is 65536 characters. */
enum { COMPARISON_MARKDOWN_BYTES_MAX = 60000 };

/*
 * Prints the comparison as text, or as Markdown for a merge request of at most
 * COMPARISON_MARKDOWN_BYTES_MAX bytes.  `before` and `after` name the results.
 * Return 0, or -1 without memory.
 */
int comparison_text(FILE *out, const struct comparison *comparison,
    const char *before, const char *after);
int comparison_markdown(FILE *out, const struct comparison *comparison,
    const char *before, const char *after);

/* Returns a kind in words for people: "outcome changed", "wording only". */
const char *comparison_words(enum comparison_kind kind);

#endif
