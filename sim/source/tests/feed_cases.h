/* feed_cases.h: random feeds. */
#ifndef SIM_TESTS_FEED_CASES_H
#define SIM_TESTS_FEED_CASES_H

#include "sim/source/feed.h"
#include "sim/source/feed_trace.h"

/* Draws feed number `number`; feeds of all kinds come up. */
void feed_cases_draw(struct feed_config *config, uint64_t number);

/* Returns random number `index` of a case. */
uint64_t feed_cases_random(uint64_t number, uint64_t index);

#endif
