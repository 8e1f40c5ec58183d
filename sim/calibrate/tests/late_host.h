/*
 * late_host.h: a host in real time, played in virtual time.
 *
 * It sleeps longer than it asked for, and sees an answer later than the drive
 * gave it: each time a little, and sometimes, when another process runs, much
 * more.  It may also stop for a while at random times: what ends meanwhile is seen
 * at the end of the stop.  The drive itself is as before.
 */
#ifndef SIM_CALIBRATE_TESTS_LATE_HOST_H
#define SIM_CALIBRATE_TESTS_LATE_HOST_H

#include <stdint.h>

#include "sim/calibrate/calibrate.h"

struct late_host {
	struct tape tape;   /* first: cast to this */
	struct tape *drive; /* the tape that the host writes to */
	int64_t now_ns;
	uint64_t seed;
	double usual_s; /* late each time, by up to this */
	double rare_s;  /* late sometimes, by up to this */
	double share;   /* of the sleeps and long answers that are so late */
	/* This share of the answers is late by up to this, but no sleep is. */
	double still_s, still_share;
	/* Stops: the longest, and the mean time from one to the next; 0: none. */
	double stop_s, stop_every_s;
	int64_t stop_from_ns, stop_to_ns; /* the stop that is next, or lasts */
};

/*
 * How late a host may be: an idle one, a busy one, one that other processes stop
 * at random times, ones that stand still.
 */
enum { LATE_QUIET, LATE_BUSY, LATE_LOADED, LATE_HOSTS = 6 };

extern const struct late_host late_hosts[LATE_HOSTS];

/* Puts the host between a calibration and its drive. */
void late_host_between(struct late_host *host, struct calibrate_config *config);

#endif
