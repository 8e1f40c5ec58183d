/*
 * profile_keys.c: the keys of a profile, except those of a medium.
 */
#include "vtl/model/impl.h"

static const struct key host_keys[] = {
	{ .name = "command",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model, command_ns),
	    .required = true,
	    .read = profile_read_value,
	    .example = "60 us",
	    .meaning = "The time of a command to write or read a block, "
		       "apart from the bus." },
	{ .name = "bus",
	    .type = KEY_SPEED,
	    KEY_MEMBER(struct model, bus_bytes_per_s),
	    .required = true,
	    .range = "from 1 kB/s to 1 TB/s",
	    .read = profile_read_value,
	    .example = "800 MB/s",
	    .meaning = "The rate of the bus between host and drive." },
	{ .name = NULL },
};

const struct key_map profile_host_map = { "host", host_keys };

static const struct key buffer_keys[] = {
	{ .name = "size",
	    .type = KEY_SIZE,
	    KEY_MEMBER(struct model, buffer_bytes),
	    .required = true,
	    .min = 1,
	    .power = 44,
	    .read = profile_read_value,
	    .example = "1 GiB",
	    .meaning = "The size of the drive's buffer." },
	{ .name = "restart",
	    .type = KEY_SHARE,
	    KEY_MEMBER(struct model, restart_permille),
	    .required = true,
	    .min = 1,
	    .max = 1000,
	    .range = "from 0.1 % to 100 %",
	    .read = profile_read_value,
	    .example = "90 %",
	    .meaning = "A medium that stands starts when the buffer is this "
		       "full." },
	{ .name = "write_delay",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model, write_delay_ns),
	    .required = true,
	    .read = profile_read_value,
	    .example = "20 s",
	    .meaning = "A medium that stands starts when a block has waited "
		       "this long.",
	    .detail = "0: a block waits for as long as the buffer is not "
		      "as full as `restart` says." },
	{ .name = NULL },
};

const struct key_map profile_buffer_map = { "buffer", buffer_keys };

static const char *const *rule_words(void)
{
	static const char *const words[] = { [MODEL_BEST] = "best",
		[MODEL_BELOW] = "below",
		[MODEL_ABOVE] = "above",
		[MODEL_TOP] = "top",
		NULL };

	return words;
}

static const struct key motion_keys[] = {
	{ .name = "rule",
	    .type = KEY_CHOICE,
	    KEY_MEMBER(struct model, rule),
	    .required = true,
	    .words = rule_words,
	    .choices =
		"best: The speed at which the drive receives the most data; the "
		"lowest of equally good speeds.\n"
		"below: The highest speed that is not above the feed.\n"
		"above: The lowest speed that is not below the feed.\n"
		"top: The highest speed.\n",
	    .read = profile_read_value,
	    .example = "best",
	    .meaning = "The speed at which the medium starts, for the feed "
		       "since the last start." },
	{ .name = "backhitch",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model, hitch_ns),
	    .required = true,
	    .read = profile_read_value,
	    .example = "3 s",
	    .meaning = "The time of a backhitch at the highest speed: stop, "
		       "back, start." },
	{ .name = "backhitch_at_standstill",
	    .type = KEY_SHARE,
	    KEY_MEMBER(struct model, hitch_permille),
	    .required = true,
	    .min = 0,
	    .max = 1000,
	    .range = "from 0 % to 100 %",
	    .read = profile_read_value,
	    .example = "30 %",
	    .meaning = "The part of `backhitch` that does not depend on the "
		       "speed.",
	    .detail = "The rest is in proportion to the speed." },
	{ .name = "wrap_turn",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model, turn_ns),
	    .required = true,
	    .read = profile_read_value,
	    .example = "3 s",
	    .meaning = "The time from the end of a wrap to the beginning of "
		       "the next one." },
	{ .name = "window",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model, window_ns),
	    .required = true,
	    .read = profile_read_value,
	    .example = "4 s",
	    .meaning = "How long the drive watches before it forces a "
		       "higher speed.",
	    .detail = "0: it never does." },
	{ .name = "forced_share",
	    .type = KEY_SHARE,
	    KEY_MEMBER(struct model, forced_permille),
	    .required = true,
	    .min = 0,
	    .max = 1000,
	    .range = "from 0 % to 100 %",
	    .read = profile_read_value,
	    .example = "10 %",
	    .meaning = "A higher speed is forced if the host waited for "
		       "room for this part of the window." },
	{ .name = "sync_without_backhitch",
	    .type = KEY_BOOLEAN,
	    KEY_MEMBER(struct model, sync_without_hitch),
	    .required = true,
	    .words = key_boolean_words,
	    .read = profile_read_value,
	    .example = "false",
	    .meaning = "Whether the medium moves on after a synchronised "
		       "filemark without a backhitch." },
	{ .name = NULL },
};

const struct key_map profile_motion_map = { "motion", motion_keys };

static const struct key unload_rewind_keys[] = {
	{ .name = "below_5GB",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model, unload_rewind_ns[0]),
	    .required = true,
	    .min = 1,
	    .read = profile_read_value,
	    .example = "55 s",
	    .meaning = "After less than 5 GB were read and written since "
		       "the load." },
	{ .name = "below_50GB",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model, unload_rewind_ns[1]),
	    .required = true,
	    .min = 1,
	    .read = profile_read_value,
	    .example = "110 s",
	    .meaning = "After less than 50 GB." },
	{ .name = "otherwise",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model, unload_rewind_ns[2]),
	    .required = true,
	    .min = 1,
	    .read = profile_read_value,
	    .example = "165 s",
	    .meaning = "After more." },
	{ .name = NULL },
};

const struct key_map profile_unload_rewind_map = { "unload_rewind",
	unload_rewind_keys };

static const struct key mount_keys[] = {
	{ .name = "load",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model, load_ns),
	    .required = true,
	    .read = profile_read_value,
	    .example = "15 s",
	    .meaning = "The time of a load." },
	{ .name = "unload",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model, unload_ns),
	    .required = true,
	    .read = profile_read_value,
	    .example = "24 s",
	    .meaning = "The time of an unload, without the rewind." },
	{ .name = "unload_rewind",
	    .type = KEY_MAP,
	    .map = &profile_unload_rewind_map,
	    .otherwise = "a rewind like any other",
	    .example = "{below_5GB: 55 s, below_50GB: 110 s, otherwise: 165 s}",
	    .meaning = "The rewind of an unload, by what was read and written "
		       "since the load.",
	    .detail = "It takes this time wherever the tape stands, unless the "
		      "cartridge was not used." },
	{ .name = NULL },
};

const struct key_map profile_mount_map = { "mount", mount_keys };

static const struct key locate_keys[] = {
	{ .name = "start",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model_medium, locate_start_ns),
	    .required = true,
	    .read = profile_read_medium_value,
	    .example = "4.29 s",
	    .meaning = "The time that any move takes, whatever its distance." },
	{ .name = "wrap_change",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model_medium, locate_wrap_ns),
	    .required = true,
	    .read = profile_read_medium_value,
	    .example = "6.69 s",
	    .meaning = "More, for a move to another wrap." },
	{ .name = "band_change",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model_medium, locate_band_ns),
	    .required = true,
	    .read = profile_read_medium_value,
	    .example = "3.2 s",
	    .meaning = "More, for a move to another band." },
	{ .name = "direction_change",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model_medium, locate_turn_ns),
	    .required = true,
	    .read = profile_read_medium_value,
	    .example = "5.22 s",
	    .meaning = "More, for a move to a wrap of the other direction." },
	{ .name = NULL },
};

const struct key_map profile_locate_map = { "locate", locate_keys };

static const struct key compression_keys[] = {
	{ .name = "ratio",
	    .type = KEY_RATIO,
	    KEY_MEMBER(struct model, ratio_permille),
	    .required = true,
	    .range = "1:1 to 10:1",
	    .read = profile_read_value,
	    .example = "1.1:1",
	    .meaning = "The ratio of usual data." },
	{ .name = "ratio_max",
	    .type = KEY_RATIO,
	    KEY_MEMBER(struct model, ratio_max_permille),
	    .required = true,
	    .range = "1:1 to 10:1",
	    .read = profile_read_value,
	    .example = "3:1",
	    .meaning = "The highest ratio that the compressor passes." },
	{ .name = NULL },
};

const struct key_map profile_compression_map = { "compression",
	compression_keys };

static const struct key top_keys[] = {
	{ .name = "name",
	    .type = KEY_TEXT,
	    KEY_MEMBER(struct model, name),
	    .required = true,
	    .range = "1 to 31 characters",
	    .read = profile_read_name,
	    .example = "lto8",
	    .meaning = "The name of the model, of the characters a-z, 0-9 "
		       "and -." },
	{ .name = "title",
	    .type = KEY_TEXT,
	    KEY_MEMBER(struct model, title),
	    .required = true,
	    .range = "1 to 79 characters",
	    .read = profile_read_line,
	    .example = "LTO-8, full height",
	    .meaning = "The name of the drive for people." },
	{ .name = "maker",
	    .type = KEY_TEXT,
	    KEY_MEMBER(struct model, maker),
	    .range = "1 to 31 characters",
	    .otherwise = "no maker",
	    .read = profile_read_line,
	    .example = "IBM",
	    .meaning = "The maker of the drive." },
	{ .name = "density",
	    .type = KEY_TEXT,
	    KEY_MEMBER(struct model, density),
	    .range = "0x01 to 0xff",
	    .otherwise = "no code",
	    .read = profile_read_value,
	    .example = "0x5e",
	    .meaning = "The density code of the drive's own medium." },
	{ .name = "block_max",
	    .type = KEY_SIZE,
	    KEY_MEMBER(struct model, block_max_bytes),
	    .required = true,
	    .min = 512,
	    .power = 25,
	    .range = "from 512 B, and less than 32 MiB",
	    .read = profile_read_value,
	    .example = "8 MiB",
	    .meaning = "The largest block." },
	{ .name = "host",
	    .type = KEY_MAP,
	    .map = &profile_host_map,
	    .required = true,
	    .example = "{command: 60 us, bus: 800 MB/s}",
	    .meaning = "The host's side of the drive." },
	{ .name = "buffer",
	    .type = KEY_MAP,
	    .map = &profile_buffer_map,
	    .required = true,
	    .example = "{size: 1 GiB, restart: 90 %, write_delay: 20 s}",
	    .meaning = "The drive's buffer." },
	{ .name = "motion",
	    .type = KEY_MAP,
	    .map = &profile_motion_map,
	    .required = true,
	    .example = "{rule: best, backhitch: 3 s, ...}",
	    .meaning = "How the medium moves." },
	{ .name = "mount",
	    .type = KEY_MAP,
	    .map = &profile_mount_map,
	    .required = true,
	    .example = "{load: 15 s, unload: 24 s}",
	    .meaning = "Loads and unloads." },
	{ .name = "locate",
	    .type = KEY_MAP,
	    .map = &profile_locate_map,
	    .required = true,
	    .example = "{start: 4.29 s, ...}",
	    .meaning = "The terms of a locate that do not depend on the "
		       "distance." },
	{ .name = "compression",
	    .type = KEY_MAP,
	    .map = &profile_compression_map,
	    .required = true,
	    .example = "{ratio: 1.1:1, ratio_max: 3:1}",
	    .meaning = "The compression." },
	{ .name = "media",
	    .type = KEY_MAP,
	    .map = &profile_medium_map,
	    .required = true,
	    .read = profile_read_media,
	    .range = "1 to 4 sections",
	    .example = "{L8: {capacity: 12 TB, ...}, L7: {...}}",
	    .meaning =
		"A section for each medium that the drive writes, called "
		"by its code; its own medium is the first.",
	    .detail =
		"A write-once medium has the section of the medium of its "
		"generation. `none`: the drive takes every medium." },
	{ .name = "reads",
	    .type = KEY_LIST,
	    .read = profile_read_reads,
	    .range = "at most 4 codes of media",
	    .otherwise = "it reads what it writes",
	    .example = "[L6]",
	    .meaning = "The media that the drive reads, and does not write." },
	{ .name = NULL },
};

const struct key_map profile_map = { "a profile", top_keys };
