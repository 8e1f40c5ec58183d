/* trial_vtime.h: the dump of a trial in virtual time. */
#ifndef SIM_TESTS_TRIAL_VTIME_H
#define SIM_TESTS_TRIAL_VTIME_H

#include "sim/run/virtual/stream.h"
#include "splitter/tests/trial/trial.h"

struct trial_virtual {
	struct feed_config feed;
	struct stream_disk spool;
	bool payload;
	bool size_known; /* by the executor, before the dump begins */
};

void trial_vtime(const struct trial *t, const struct trial_virtual *how,
    struct trial_result *result);

#endif
