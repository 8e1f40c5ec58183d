/*
 * random_case.h: random cases from a seed, for a reference to judge.
 *
 * A case depends only on its seed and number.
 */
#ifndef SIM_TESTS_RANDOM_CASE_H
#define SIM_TESTS_RANDOM_CASE_H

#include "sim/run/virtual/tests/reference.h"

void random_case_draw(struct reference_case *c, uint64_t seed, uint64_t number);

#endif
