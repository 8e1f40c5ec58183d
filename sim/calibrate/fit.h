/* fit.h: medians, and lines through points. */
#ifndef SIM_CALIBRATE_FIT_H
#define SIM_CALIBRATE_FIT_H

#include <stdbool.h>
#include <stddef.h>

enum { FIT_TERMS_MAX = 6 };

/* Sorts the values.  Returns their median; 0 of none. */
double fit_median(double *values, size_t count);

/*
 * Returns the same median, ten times as fast: for one that is needed with each
 * write.  Puts the values into another order, which is not that of their sizes.
 */
double fit_median_quickly(double *values, size_t count);

/* Returns half the range of the values. */
double fit_half_range(const double *values, size_t count);

struct fit {
	double term[FIT_TERMS_MAX];  /* the coefficients */
	double error[FIT_TERMS_MAX]; /* their standard errors */
	double worst;                /* the largest residual, without sign */
	double worst_share;          /* the largest by its measured value */
};

/*
 * Finds the coefficients with the least sum of squares of
 * y[i] - sum over k of term[k] x[i * terms + k].  Returns false if they are not
 * determined by the points.
 */
bool fit_terms(const double *x, const double *y, size_t count, size_t terms,
    struct fit *fit);

/* The same for y = term[0] + term[1] x. */
bool fit_line(const double *x, const double *y, size_t count, struct fit *fit);

#endif
