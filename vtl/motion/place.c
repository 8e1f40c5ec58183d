/* place.c: see place.h. */
#include "vtl/motion/place.h"

enum { FEW_GB = 5, MANY_GB = 50 };

static const uint64_t gb = 1000000000;

static uint64_t difference(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* Returns ns * part / whole, where part <= whole. */
static int64_t share_of(int64_t ns, uint64_t part, uint64_t whole)
{
	return (int64_t)((unsigned __int128)(uint64_t)ns * part / whole);
}

struct place place_of(const struct model_medium *medium, uint64_t byte)
{
	uint64_t length = medium->capacity_bytes / medium->wraps, at;
	struct place place;

	if (length == 0)
		length = 1;
	at = byte / length < medium->wraps ? byte % length : length;
	place.wrap = byte / length < medium->wraps ? (uint32_t)(byte / length)
						   : medium->wraps - 1;
	place.band =
	    (uint32_t)((uint64_t)place.wrap * medium->bands / medium->wraps);
	place.along = place.wrap % 2 == 0 ? at : length - at;
	place.length = length;
	return place;
}

int64_t place_locate_ns(const struct model_medium *medium, uint64_t from_byte,
    uint64_t to_byte)
{
	const struct place from = place_of(medium, from_byte);
	const struct place to = place_of(medium, to_byte);
	int64_t ns = medium->locate_start_ns;

	if (from_byte == to_byte)
		return 0;
	ns += share_of(medium->locate_length_ns,
	    difference(from.along, to.along), from.length);
	if (from.wrap != to.wrap)
		ns += medium->locate_wrap_ns;
	if (from.band != to.band)
		ns += medium->locate_band_ns;
	if (from.wrap % 2 != to.wrap % 2)
		ns += medium->locate_turn_ns;
	return ns;
}

int64_t place_rewind_ns(const struct model_medium *medium, uint64_t from_byte)
{
	const struct place from = place_of(medium, from_byte);
	int64_t start = medium->locate_start_ns;

	if (from_byte == 0)
		return 0;
	if (start > medium->rewind_ns)
		start = medium->rewind_ns;
	return start +
	    share_of(medium->rewind_ns - start, from.along, from.length);
}

int64_t place_unload_rewind_ns(const struct model *model,
    const struct model_medium *medium, uint64_t from_byte, uint64_t used_bytes)
{
	if (model->unload_rewind_ns[0] == 0)
		return place_rewind_ns(medium, from_byte);
	if (from_byte == 0 && used_bytes == 0)
		return 0;
	if (used_bytes < FEW_GB * gb)
		return model->unload_rewind_ns[0];
	return model->unload_rewind_ns[used_bytes < MANY_GB * gb ? 1 : 2];
}
