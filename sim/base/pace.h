/* pace.h: parses how long virtual drives take, in real time. */
#ifndef SIM_PACE_H
#define SIM_PACE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Parses the factor of --pace, by which the times of models are multiplied:
 * "0.01" is a drive that is 100 times as fast as its model.  NULL is 1.  Returns
 * the speed in permille; 0 with a message if the factor is not from 0.000001 to
 * 1000.
 */
uint32_t pace_parse(const char *text, char *err, size_t err_bytes);

#endif
