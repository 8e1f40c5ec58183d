/* impl.h: differences that are being collected; private to this room. */
#ifndef REPORTS_COMPARE_IMPL_H
#define REPORTS_COMPARE_IMPL_H

#include "reports/compare/compare.h"

/* The case that is being compared. */
struct compare {
	const struct comparison_options *options;
	struct comparison_case *c;
	const char *dump; /* "": the whole case */
	bool failed;      /* memory was short */
};

/*
 * Adds a difference.  `change` is NAN unless it is a number.  A difference of
 * COMPARISON_SPEED is a regression only if `worse`.
 */
void comparison_add(struct compare *compare, enum comparison_kind kind,
    const char *what, const char *before, const char *after, double change,
    bool worse);

/* Frees what a difference owns. */
void difference_clear(struct comparison_difference *difference);

/* Adds a difference if the texts differ; NULL is "". */
void comparison_add_text(struct compare *compare, enum comparison_kind kind,
    const char *what, const char *before, const char *after);

/* Adds a difference if the numbers differ. */
void comparison_add_count(struct compare *compare, enum comparison_kind kind,
    const char *what, uint64_t before, uint64_t after);

/* Compares metrics that both have. */
void comparison_add_metrics(struct compare *compare,
    const struct results_metric *before, size_t before_count,
    const struct results_metric *after, size_t after_count);

/* Compares the attempts, volumes and messages of a dump. */
void comparison_add_dump(struct compare *compare,
    const struct results_dump *before, const struct results_dump *after);

/* Compares all of a case that both results have. */
void comparison_add_case(struct compare *compare);

#endif
