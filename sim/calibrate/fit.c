/* fit.c: see fit.h. */
#include "sim/calibrate/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

double fit_median(double *values, size_t count)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof *values, compare);
	return count % 2 == 1 ? values[count / 2]
			      : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void swap(double *a, double *b)
{
	double value = *a;

	*a = *b;
	*b = value;
}

/*
 * Hoare's algorithm FIND: the value at place `k` becomes that of the order of
 * sizes, and no value before it is larger.
 */
static void select_place(double *values, size_t count, ptrdiff_t k)
{
	ptrdiff_t from = 0, to = (ptrdiff_t)count - 1;

	while (from < to) {
		ptrdiff_t i = from, j = to;
		double middle = values[k];

		do {
			while (values[i] < middle)
				i++;
			while (middle < values[j])
				j--;
			if (i <= j)
				swap(&values[i++], &values[j--]);
		} while (i <= j);
		if (j < k)
			from = i;
		if (k < i)
			to = j;
	}
}

double fit_median_quickly(double *values, size_t count)
{
	size_t half = count / 2;
	double lower = -INFINITY;

	if (count == 0)
		return 0;
	select_place(values, count, (ptrdiff_t)half);
	if (count % 2 == 1)
		return values[half];
	for (size_t i = 0; i < half; i++)
		lower = fmax(lower, values[i]);
	return (lower + values[half]) / 2;
}

double fit_half_range(const double *values, size_t count)
{
	double low = INFINITY, high = -INFINITY;

	for (size_t i = 0; i < count; i++) {
		low = fmin(low, values[i]);
		high = fmax(high, values[i]);
	}
	return count > 0 ? (high - low) / 2 : 0;
}

/* The normal equations: a matrix, the unit matrix right of it, and a column. */
struct system {
	double a[FIT_TERMS_MAX][2 * FIT_TERMS_MAX + 1];
	size_t n;
};

static void swap_rows(struct system *s, size_t i, size_t k)
{
	double row[2 * FIT_TERMS_MAX + 1];

	memcpy(row, s->a[i], sizeof row);
	memcpy(s->a[i], s->a[k], sizeof row);
	memcpy(s->a[k], row, sizeof row);
}

/* Solves by Gauss and Jordan, with the inverse.  False: it is singular. */
static bool solve(struct system *s)
{
	size_t wide = 2 * s->n + 1;

	for (size_t i = 0; i < s->n; i++) {
		double scale = fabs(s->a[i][i]);
		size_t best = i;

		for (size_t k = i + 1; k < s->n; k++)
			if (fabs(s->a[k][i]) > fabs(s->a[best][i]))
				best = k;
		if (!(fabs(s->a[best][i]) > 1e-9 * (scale + 1)))
			return false;
		swap_rows(s, i, best);
		for (size_t j = wide; j-- > i;)
			s->a[i][j] /= s->a[i][i];
		for (size_t k = 0; k < s->n; k++) {
			double part = s->a[k][i];

			for (size_t j = i; k != i && j < wide; j++)
				s->a[k][j] -= part * s->a[i][j];
		}
	}
	return true;
}

/* Scales a column of x by its largest value, so that units do not matter. */
static double scale_of(const double *x, size_t count, size_t terms, size_t k)
{
	double most = 0;

	for (size_t i = 0; i < count; i++)
		most = fmax(most, fabs(x[i * terms + k]));
	return most;
}

static void judge(const double *x, const double *y, size_t count, size_t terms,
    struct fit *fit, double *squares)
{
	fit->worst = fit->worst_share = *squares = 0;
	for (size_t i = 0; i < count; i++) {
		double rest = y[i];

		for (size_t k = 0; k < terms; k++)
			rest -= fit->term[k] * x[i * terms + k];
		*squares += rest * rest;
		fit->worst = fmax(fit->worst, fabs(rest));
		if (y[i] != 0)
			fit->worst_share =
			    fmax(fit->worst_share, fabs(rest / y[i]));
	}
}

bool fit_terms(const double *x, const double *y, size_t count, size_t terms,
    struct fit *fit)
{
	struct system s = { .n = terms };
	double scale[FIT_TERMS_MAX], squares;

	memset(fit, 0, sizeof *fit);
	if (terms > FIT_TERMS_MAX || count < terms)
		return false;
	for (size_t k = 0; k < terms; k++)
		if ((scale[k] = scale_of(x, count, terms, k)) <= 0)
			return false;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < terms; k++) {
			double xk = x[i * terms + k] / scale[k];

			for (size_t j = 0; j < terms; j++)
				s.a[k][j] += xk * x[i * terms + j] / scale[j];
			s.a[k][2 * terms] += xk * y[i];
		}
	for (size_t k = 0; k < terms; k++)
		s.a[k][terms + k] = 1;
	if (!solve(&s))
		return false;
	for (size_t k = 0; k < terms; k++)
		fit->term[k] = s.a[k][2 * terms] / scale[k];
	judge(x, y, count, terms, fit, &squares);
	for (size_t k = 0; k < terms && count > terms; k++)
		fit->error[k] = sqrt(squares / (double)(count - terms) *
				    fabs(s.a[k][terms + k])) /
		    scale[k];
	return true;
}

bool fit_line(const double *x, const double *y, size_t count, struct fit *fit)
{
	double *both = calloc(count > 0 ? count : 1, 2 * sizeof *both);
	bool good;

	for (size_t i = 0; both != NULL && i < count; i++) {
		both[2 * i] = 1;
		both[2 * i + 1] = x[i];
	}
	good = both != NULL && fit_terms(both, y, count, 2, fit);
	free(both);
	return good;
}
