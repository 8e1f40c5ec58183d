/*
 * too_long.h: recognises dumps that cannot end in simulated time.
 *
 * The world ends a run when its time is up (world.h).  A feed that draws a rate
 * for each second at 1 B/s needs minutes to get there, so such a dump is
 * recognised beforehand.
 */
#ifndef SIM_TOO_LONG_H
#define SIM_TOO_LONG_H

#include <stddef.h>

#include "sim/scenario/scenario.h"

/*
 * Returns 0; or -1 with a message if the only dump of the scenario surely takes
 * more than WORLD_MAX_YEARS because of its feed.  Dumps that something else can
 * end earlier are never refused.
 */
int too_long_check(const struct scenario *scenario, char *err,
    size_t err_bytes);

#endif
