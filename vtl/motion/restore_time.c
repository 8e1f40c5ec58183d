/* restore_time.c: see restore_time.h. */
#include "vtl/motion/restore_time.h"

#include "splitter/base/later.h"
#include "vtl/motion/place.h"

enum { NS_PER_S = 1000000000 };

/* Returns the time for some bytes; 0 if the rate is 0. */
static int64_t transfer_ns(uint64_t bytes, uint64_t bytes_per_s)
{
	unsigned __int128 ns;

	if (bytes_per_s == 0)
		return 0;
	ns = (unsigned __int128)bytes * NS_PER_S / bytes_per_s;
	return ns > LATER_MOST_NS ? LATER_MOST_NS : (int64_t)ns;
}

static int64_t read_ns(const struct model *model,
    const struct restore_part *part)
{
	const struct model_medium *m = part->medium;
	uint64_t top = m->speeds > 0 ? m->speeds_bytes_per_s[m->speeds - 1] : 0;
	uint32_t turns = place_of(m, part->end_byte).wrap -
	    place_of(m, part->begin_byte).wrap;
	int64_t medium_ns, host_ns;

	medium_ns =
	    later_add(transfer_ns(part->end_byte - part->begin_byte, top),
		later_times(model->turn_ns, turns));
	host_ns = later_add(later_times(model->command_ns, part->blocks),
	    transfer_ns(part->host_bytes, model->bus_bytes_per_s));
	return medium_ns > host_ns ? medium_ns : host_ns;
}

/* Adds the time of the volume whose first part is at `first`. */
static void add_volume(const struct model *model, int64_t move_ns,
    const struct restore_part *first, const struct restore_part *end,
    struct restore_time *time)
{
	const struct restore_part *part;
	uint64_t at = 0, used = 0;

	time->mounts++;
	time->mount_ns = later_add(time->mount_ns,
	    later_add(model->load_ns, later_times(move_ns, 2)));
	for (part = first; part < end; part++) {
		time->locate_ns = later_add(time->locate_ns,
		    place_locate_ns(part->medium, at, part->begin_byte));
		time->read_ns = later_add(time->read_ns, read_ns(model, part));
		at = part->end_byte;
		used += part->end_byte - part->begin_byte;
	}
	time->unload_ns = later_add(time->unload_ns,
	    later_add(model->unload_ns,
		place_unload_rewind_ns(model, first->medium, at, used)));
}

struct restore_time restore_time(const struct model *model, int64_t move_ns,
    const struct restore_part *parts, size_t count)
{
	struct restore_time time = { 0 };
	size_t first = 0;

	for (size_t i = 1; i <= count; i++) {
		if (i < count && parts[i].volume == parts[first].volume)
			continue;
		add_volume(model, move_ns, &parts[first], &parts[i], &time);
		first = i;
	}
	time.total_ns = later_add(later_add(time.mount_ns, time.locate_ns),
	    later_add(time.read_ns, time.unload_ns));
	return time;
}
