/* model.c: the model that a result describes. */
#include <math.h>

#include "sim/calibrate/impl.h"

static const struct calibrate_value *found(const struct calibrate_result *r,
    enum calibrate_constant which)
{
	return r->of[which].found == CALIBRATE_FOUND ? &r->of[which] : NULL;
}

static void set_ns(const struct calibrate_result *r,
    enum calibrate_constant which, int64_t *ns)
{
	if (found(r, which) != NULL)
		*ns = llround(r->of[which].value * CAL_SECOND);
}

static void set_bytes(const struct calibrate_result *r,
    enum calibrate_constant which, uint64_t *bytes)
{
	if (found(r, which) != NULL)
		*bytes = (uint64_t)llround(r->of[which].value);
}

static void set_permille(const struct calibrate_result *r,
    enum calibrate_constant which, long least, uint32_t *permille)
{
	long value;

	if (found(r, which) == NULL)
		return;
	value = lround(r->of[which].value * 1000);
	*permille = (uint32_t)(value < least ? least
		: value > 1000               ? 1000
					     : value);
}

/*
 * The length of a wrap decides how many there are.  A capacity that was not
 * measured is one of whole wraps: the length that was measured is kept.
 */
static void set_wraps(const struct calibrate_result *r, struct model_medium *m)
{
	const struct calibrate_value *wrap = found(r, CALIBRATE_WRAP_BYTES);

	set_bytes(r, CALIBRATE_CAPACITY, &m->capacity_bytes);
	if (wrap != NULL && wrap->value > 0) {
		long wraps = lround((double)m->capacity_bytes / wrap->value);

		m->wraps = wraps < 1 ? 1 : (uint32_t)wraps;
		if (found(r, CALIBRATE_CAPACITY) == NULL)
			m->capacity_bytes =
			    (uint64_t)llround(m->wraps * wrap->value);
	}
	if (m->bands > m->wraps)
		m->bands = m->wraps;
	set_bytes(r, CALIBRATE_EARLY_WARNING, &m->early_warning_bytes);
	if (m->early_warning_bytes >= m->capacity_bytes)
		m->early_warning_bytes = m->capacity_bytes / 10;
}

/*
 * Speeds whose rule was not found are those expected: the highest is the one that
 * was measured, and those that are not lower than it are left out.
 */
static void set_speeds(const struct calibrate_result *r, struct model_medium *m)
{
	if (r->speeds_count > 0) {
		m->speeds = r->speeds_count;
		for (size_t i = 0; i < m->speeds; i++)
			m->speeds_bytes_per_s[i] =
			    (uint64_t)llround(r->speeds[i]);
	} else if (found(r, CALIBRATE_TOP_SPEED) != NULL) {
		uint64_t top =
		    (uint64_t)llround(r->of[CALIBRATE_TOP_SPEED].value);

		while (m->speeds > 1 &&
		    m->speeds_bytes_per_s[m->speeds - 2] >= top)
			m->speeds--;
		m->speeds_bytes_per_s[m->speeds - 1] = top;
	}
}

static void set_medium(const struct calibrate_result *r, struct model_medium *m)
{
	set_wraps(r, m);
	set_ns(r, CALIBRATE_REWIND, &m->rewind_ns);
	set_ns(r, CALIBRATE_LOCATE_START, &m->locate_start_ns);
	set_ns(r, CALIBRATE_LOCATE_LENGTH, &m->locate_length_ns);
	set_ns(r, CALIBRATE_LOCATE_WRAP, &m->locate_wrap_ns);
	set_ns(r, CALIBRATE_LOCATE_BAND, &m->locate_band_ns);
	set_ns(r, CALIBRATE_LOCATE_TURN, &m->locate_turn_ns);
	set_speeds(r, m);
}

static void set_unload_rewind(const struct calibrate_result *r, struct model *m)
{
	for (int i = 0; i < 3; i++) {
		enum calibrate_constant which = CALIBRATE_UNLOAD_REWIND_FEW + i;

		set_ns(r, which, &m->unload_rewind_ns[i]);
		if (r->of[which].found == CALIBRATE_CANNOT)
			m->unload_rewind_ns[i] = 0;
	}
}

struct model calibrate_model(const struct calibrate_config *config,
    const struct calibrate_result *r)
{
	struct model m = *config->base;

	m.profile = NULL;
	m.media_count = 1;
	m.media[0] = *config->medium;
	m.reads_count = 0;
	set_medium(r, &m.media[0]);
	set_ns(r, CALIBRATE_COMMAND, &m.command_ns);
	set_bytes(r, CALIBRATE_BUS, &m.bus_bytes_per_s);
	set_bytes(r, CALIBRATE_BUFFER_SIZE, &m.buffer_bytes);
	set_permille(r, CALIBRATE_RESTART, 1, &m.restart_permille);
	set_ns(r, CALIBRATE_WRITE_DELAY, &m.write_delay_ns);
	if (found(r, CALIBRATE_RULE) != NULL)
		m.rule = (enum model_rule)r->of[CALIBRATE_RULE].value;
	set_ns(r, CALIBRATE_HITCH, &m.hitch_ns);
	set_permille(r, CALIBRATE_HITCH_STANDSTILL, 0, &m.hitch_permille);
	set_ns(r, CALIBRATE_TURN, &m.turn_ns);
	set_ns(r, CALIBRATE_WINDOW, &m.window_ns);
	if (found(r, CALIBRATE_SYNC_HITCH) != NULL)
		m.sync_without_hitch = r->of[CALIBRATE_SYNC_HITCH].value != 0;
	set_ns(r, CALIBRATE_LOAD, &m.load_ns);
	set_ns(r, CALIBRATE_UNLOAD, &m.unload_ns);
	set_unload_rewind(r, &m);
	return m;
}
