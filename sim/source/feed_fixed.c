/*
 * feed_fixed.c: functions of fixed-point numbers of 32 binary places.
 *
 * Whole numbers alone, so the results are the same on every machine.
 */
#include "sim/source/feed_impl.h"

/* 1 and the natural logarithm of 2, with 62 binary places. */
#define ONE_62 (UINT64_C(1) << 62)
#define LN2_62 UINT64_C(3196577161300663914)
/* Terms of the series: the rest of it is below 2^-40. */
enum { TERMS = 12 };

uint64_t feed_root(feed_wide number)
{
	uint64_t root = 0;

	for (uint64_t bit = UINT64_C(1) << 63; bit > 0; bit >>= 1)
		if ((feed_wide)(root | bit) * (root | bit) <= number)
			root |= bit;
	return root;
}

/* Returns 2^fraction, with 62 binary places: the series of e^x, from its end. */
static uint64_t power_of_fraction(uint32_t fraction)
{
	uint64_t x = (uint64_t)((feed_wide)LN2_62 * fraction >> 32);
	uint64_t sum = ONE_62;

	for (unsigned k = TERMS; k > 0; k--)
		sum = ONE_62 + (uint64_t)((feed_wide)sum * x >> 62) / k;
	return sum;
}

uint64_t feed_power(uint64_t number, int64_t exponent)
{
	/* The whole part, rounded down, and what is left of it. */
	uint32_t fraction = (uint32_t)((uint64_t)exponent & (FEED_ONE - 1));
	int64_t whole = (exponent - (int64_t)fraction) / (int64_t)FEED_ONE;
	feed_wide power = (feed_wide)number * power_of_fraction(fraction);

	if (number == 0 || whole < -64)
		return 0;
	if (whole > 62)
		return UINT64_MAX;
	power >>= 62 - whole;
	return power > UINT64_MAX ? UINT64_MAX : (uint64_t)power;
}

uint64_t feed_logarithm(uint64_t number, uint64_t by)
{
	feed_wide ratio = ((feed_wide)number << 62) / by;
	uint64_t logarithm = 0;

	for (; ratio >= 2 * (feed_wide)ONE_62; ratio >>= 1)
		logarithm += FEED_ONE;
	for (uint64_t bit = FEED_ONE >> 1; bit > 0; bit >>= 1) {
		ratio = ratio * ratio >> 62;
		if (ratio < 2 * (feed_wide)ONE_62)
			continue;
		ratio >>= 1;
		logarithm |= bit;
	}
	return logarithm;
}

/*
 * Returns the logarithm to base 2 of the mean of 2^(spread * x), where x is the
 * sum of twelve uniform numbers of feed_normal().  The mean of one of them is
 * (2^(spread/2) - 2^(-spread/2)) / (spread ln 2).
 */
static uint64_t logarithm_of_mean(uint64_t spread)
{
	const uint64_t scale = UINT64_C(1) << 40;
	int64_t half = (int64_t)spread / 2;
	uint64_t high = feed_power(scale, half), low = feed_power(scale, -half);
	uint64_t width = (uint64_t)((feed_wide)spread * LN2_62 >> 54);

	return high - low <= width ? 0 : 12 * feed_logarithm(high - low, width);
}

/*
 * Of a normal distribution the deviation s has s^2 = 2 ln(mean / median).  For a
 * wide one the mean comes from its tails, which feed_normal() cuts off: then the
 * spread that gives this mean is searched.
 */
uint64_t feed_spread(uint64_t median, uint64_t mean)
{
	uint64_t want = feed_logarithm(mean, median);
	uint64_t spread = feed_root(((feed_wide)want << 65) / (LN2_62 >> 30));

	if (spread < FEED_ONE / 4)
		return spread;
	spread = 0;
	for (uint64_t bit = FEED_ONE << 4; bit > 0; bit >>= 1)
		if (logarithm_of_mean(spread | bit) <= want)
			spread |= bit;
	return spread;
}
