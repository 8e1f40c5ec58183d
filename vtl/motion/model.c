/* model.c: the motion of a drive model.  See motion.h. */
#include <string.h>

#include "vtl/motion/motion.h"

void motion_model_of(const struct model *model,
    const struct model_medium *medium, uint64_t buffer_bytes,
    struct motion_model *to)
{
	*to = (struct motion_model){
		.speeds = medium->speeds,
		.rule = model->rule,
		.hitch_ns = model->hitch_ns,
		.hitch_permille = model->hitch_permille,
		.sync_without_hitch = model->sync_without_hitch,
		.turn_ns = model->turn_ns,
		.wrap_bytes = model_wrap_bytes(medium),
		.buffer_bytes = buffer_bytes,
		.restart_bytes = buffer_bytes / 1000 * model->restart_permille +
		    buffer_bytes % 1000 * model->restart_permille / 1000,
		.write_delay_ns = model->write_delay_ns,
		.window_ns = model->window_ns,
		.forced_permille = model->forced_permille,
		.command_ns = model->command_ns,
		.bus_bytes_per_s = model->bus_bytes_per_s,
	};
	if (to->restart_bytes == 0)
		to->restart_bytes = 1;
	memcpy(to->speeds_bytes_per_s, medium->speeds_bytes_per_s,
	    sizeof to->speeds_bytes_per_s);
}
