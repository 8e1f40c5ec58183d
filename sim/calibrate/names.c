/* names.c: the names of recipes. */
#include "sim/calibrate/calibrate.h"

const char *calibrate_recipe_name(enum calibrate_recipe recipe)
{
	static const char *const names[CALIBRATE_RECIPES] = {
		[CALIBRATE_BLOCKS] = "blocks",
		[CALIBRATE_BUFFER] = "buffer",
		[CALIBRATE_STREAM] = "stream",
		[CALIBRATE_FILL] = "fill",
		[CALIBRATE_PLACE] = "place",
		[CALIBRATE_SYNC] = "sync",
		[CALIBRATE_DELAY] = "delay",
		[CALIBRATE_THRESHOLD] = "threshold",
		[CALIBRATE_SPEEDS] = "speeds",
		[CALIBRATE_RATES] = "rates",
		[CALIBRATE_HOLD] = "hold",
		[CALIBRATE_MOUNT] = "mount",
	};

	return names[recipe];
}

static const struct constant {
	const char *key, *title;
	enum calibrate_unit unit;
} constants[CALIBRATE_CONSTANTS] = {
	[CALIBRATE_COMMAND] = { "host.command", "time of a command",
	    CALIBRATE_SECONDS },
	[CALIBRATE_BUS] = { "host.bus", "rate of the bus",
	    CALIBRATE_BYTES_PER_S },
	[CALIBRATE_BUFFER_SIZE] = { "buffer.size", "buffer of the drive",
	    CALIBRATE_BYTES },
	[CALIBRATE_RESTART] = { "buffer.restart", "restart level",
	    CALIBRATE_SHARE },
	[CALIBRATE_WRITE_DELAY] = { "buffer.write_delay", "write delay",
	    CALIBRATE_SECONDS },
	[CALIBRATE_RULE] = { "motion.rule", "rule of the speeds",
	    CALIBRATE_RULES },
	[CALIBRATE_HITCH] = { "motion.backhitch",
	    "backhitch at the highest speed", CALIBRATE_SECONDS },
	[CALIBRATE_HITCH_STANDSTILL] = { "motion.backhitch_at_standstill",
	    "part of it at standstill", CALIBRATE_SHARE },
	[CALIBRATE_TURN] = { "motion.wrap_turn", "turn at the end of a wrap",
	    CALIBRATE_SECONDS },
	[CALIBRATE_SYNC_HITCH] = { "motion.sync_without_backhitch",
	    "filemarks without backhitch", CALIBRATE_YES_NO },
	[CALIBRATE_WINDOW] = { "motion.window", "window of forced speeds",
	    CALIBRATE_SECONDS },
	[CALIBRATE_LOAD] = { "mount.load", "load", CALIBRATE_SECONDS },
	[CALIBRATE_UNLOAD] = { "mount.unload", "unload", CALIBRATE_SECONDS },
	[CALIBRATE_UNLOAD_REWIND_FEW] = { "mount.unload_rewind.below_5GB",
	    "rewind of an unload, below 5 GB", CALIBRATE_SECONDS },
	[CALIBRATE_UNLOAD_REWIND_SOME] = { "mount.unload_rewind.below_50GB",
	    "rewind of an unload, below 50 GB", CALIBRATE_SECONDS },
	[CALIBRATE_UNLOAD_REWIND_MANY] = { "mount.unload_rewind.otherwise",
	    "rewind of an unload, otherwise", CALIBRATE_SECONDS },
	[CALIBRATE_LOCATE_START] = { "locate.start", "locate: any move",
	    CALIBRATE_SECONDS },
	[CALIBRATE_LOCATE_WRAP] = { "locate.wrap_change",
	    "locate: to another wrap", CALIBRATE_SECONDS },
	[CALIBRATE_LOCATE_BAND] = { "locate.band_change",
	    "locate: to another band", CALIBRATE_SECONDS },
	[CALIBRATE_LOCATE_TURN] = { "locate.direction_change",
	    "locate: to the other direction", CALIBRATE_SECONDS },
	[CALIBRATE_LOCATE_LENGTH] = { "media.locate_average",
	    "locate: along the whole tape", CALIBRATE_SECONDS },
	[CALIBRATE_REWIND] = { "media.rewind", "rewind from the far end",
	    CALIBRATE_SECONDS },
	[CALIBRATE_WRAP_BYTES] = { "media.wraps", "length of a wrap",
	    CALIBRATE_BYTES },
	[CALIBRATE_CAPACITY] = { "media.capacity", "capacity",
	    CALIBRATE_BYTES },
	[CALIBRATE_EARLY_WARNING] = { "media.early_warning",
	    "from the early warning to the end", CALIBRATE_BYTES },
	[CALIBRATE_TOP_SPEED] = { "media.speeds", "highest speed",
	    CALIBRATE_BYTES_PER_S },
};

const char *calibrate_key(enum calibrate_constant which)
{
	return constants[which].key;
}

const char *calibrate_title(enum calibrate_constant which)
{
	return constants[which].title;
}

enum calibrate_unit calibrate_unit_of(enum calibrate_constant which)
{
	return constants[which].unit;
}

const char *calibrate_rule_name(enum model_rule rule)
{
	static const char *const rules[] = { [MODEL_BEST] = "best",
		[MODEL_BELOW] = "below",
		[MODEL_ABOVE] = "above",
		[MODEL_TOP] = "top" };

	return rules[rule];
}

static double seconds(int64_t ns)
{
	return (double)ns / 1e9;
}

static double of_medium(const struct model_medium *d,
    enum calibrate_constant which)
{
	switch (which) {
	case CALIBRATE_LOCATE_START:
		return seconds(d->locate_start_ns);
	case CALIBRATE_LOCATE_WRAP:
		return seconds(d->locate_wrap_ns);
	case CALIBRATE_LOCATE_BAND:
		return seconds(d->locate_band_ns);
	case CALIBRATE_LOCATE_TURN:
		return seconds(d->locate_turn_ns);
	case CALIBRATE_LOCATE_LENGTH:
		return seconds(d->locate_length_ns);
	case CALIBRATE_REWIND:
		return seconds(d->rewind_ns);
	case CALIBRATE_WRAP_BYTES:
		return (double)(d->capacity_bytes / d->wraps);
	case CALIBRATE_CAPACITY:
		return (double)d->capacity_bytes;
	case CALIBRATE_EARLY_WARNING:
		return (double)d->early_warning_bytes;
	default: /* CALIBRATE_TOP_SPEED */
		return (double)d->speeds_bytes_per_s[d->speeds - 1];
	}
}

double calibrate_expected(const struct model *m, const struct model_medium *d,
    enum calibrate_constant which)
{
	switch (which) {
	case CALIBRATE_COMMAND:
		return seconds(m->command_ns);
	case CALIBRATE_BUS:
		return (double)m->bus_bytes_per_s;
	case CALIBRATE_BUFFER_SIZE:
		return (double)m->buffer_bytes;
	case CALIBRATE_RESTART:
		return (double)m->restart_permille / 1e3;
	case CALIBRATE_WRITE_DELAY:
		return seconds(m->write_delay_ns);
	case CALIBRATE_RULE:
		return m->rule;
	case CALIBRATE_HITCH:
		return seconds(m->hitch_ns);
	case CALIBRATE_HITCH_STANDSTILL:
		return (double)m->hitch_permille / 1e3;
	case CALIBRATE_TURN:
		return seconds(m->turn_ns);
	case CALIBRATE_SYNC_HITCH:
		return m->sync_without_hitch;
	case CALIBRATE_WINDOW:
		return seconds(m->window_ns);
	case CALIBRATE_LOAD:
		return seconds(m->load_ns);
	case CALIBRATE_UNLOAD:
		return seconds(m->unload_ns);
	case CALIBRATE_UNLOAD_REWIND_FEW:
		return seconds(m->unload_rewind_ns[0]);
	case CALIBRATE_UNLOAD_REWIND_SOME:
		return seconds(m->unload_rewind_ns[1]);
	case CALIBRATE_UNLOAD_REWIND_MANY:
		return seconds(m->unload_rewind_ns[2]);
	default:
		return of_medium(d, which);
	}
}
