/*
 * leap_case.h: random scenarios with steady stretches, as text.
 *
 * A scenario depends only on its seed.
 */
#ifndef SIM_TESTS_LEAP_CASE_H
#define SIM_TESTS_LEAP_CASE_H

#include <stdint.h>
#include <stdio.h>

/* Writes the scenario, as a scenario file has it. */
void leap_case_write(uint64_t seed, FILE *out);

#endif
