/* pace.h: parses how fast virtual drives are, in real time. */
#ifndef SIM_PACE_H
#define SIM_PACE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Parses the factor of --pace: "2.5" is a drive that is 2.5 times as fast as
 * its model.  NULL is 1.  Returns the factor in permille; 0 with a message if
 * it is not from 0.001 to 1000000.
 */
uint32_t pace_parse(const char *text, char *err, size_t err_bytes);

#endif
