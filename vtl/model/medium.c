/* medium.c: the sections of the media in a profile. */
#include <string.h>

#include "reports/units.h"
#include "vtl/model/impl.h"

static void check_bands(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	const struct model_medium *medium = profile_reader_of(keys)->medium;

	if (medium->wraps > 0 && medium->bands > medium->wraps)
		key_error(keys, node, "%s: more than the wraps", key->name);
}

static void check_capacity(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	const struct model_medium *medium = profile_reader_of(keys)->medium;

	if (medium->capacity_bytes > 0 &&
	    medium->wraps > medium->capacity_bytes)
		key_error(keys, node, "%s: more than the bytes of the capacity",
		    key->name);
}

static void check_early_warning(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	const struct model_medium *medium = profile_reader_of(keys)->medium;

	if (medium->capacity_bytes > 0 &&
	    medium->early_warning_bytes >= medium->capacity_bytes)
		key_error(keys, node, "%s: not less than the capacity",
		    key->name);
}

/*
 * Sets the time along the whole tape so that a locate from the beginning to a
 * place drawn from the whole tape takes the average.
 */
static void set_length(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	const struct profile_reader *reader = profile_reader_of(keys);
	struct model_medium *m = reader->medium;
	int64_t average = m->locate_length_ns, wraps = m->wraps;
	int64_t bands = m->bands, terms;
	char text[UNITS_BYTES];

	if (wraps == 0 || bands == 0)
		return; /* reported */
	terms = m->locate_start_ns + m->locate_wrap_ns / wraps * (wraps - 1) +
	    m->locate_band_ns / bands * (bands - 1) +
	    m->locate_turn_ns / wraps * (wraps / 2);
	if (terms <= average) {
		m->locate_length_ns = 2 * (average - terms);
		return;
	}
	units_time_exact(text, terms);
	key_error(keys, node,
	    "%s: too short; the terms of `locate` alone take %s on average",
	    key->name, text);
}

static void check_first_load(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	const struct model_medium *m = profile_reader_of(keys)->medium;
	int64_t least = model_first_load_least_ns(m);

	(void)key;
	if (m->first_load_mean_ns == 0 || m->first_load_most_ns == 0)
		return; /* reported */
	if (m->first_load_most_ns > m->first_load_max_ns || least < 0 ||
	    least > m->first_load_most_ns)
		key_error(keys, node,
		    "max: no first load has this mean if 19 of 20 take up to "
		    "`most`, and all up to `max`");
}

static const struct key first_load_keys[] = {
	{ .name = "mean",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model_medium, first_load_mean_ns),
	    .required = true,
	    .min = 1,
	    .read = profile_read_medium_value,
	    .example = "20 min",
	    .meaning = "The mean." },
	{ .name = "most",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model_medium, first_load_most_ns),
	    .required = true,
	    .min = 1,
	    .read = profile_read_medium_value,
	    .example = "30 min",
	    .meaning = "19 of 20 first loads take at most this long." },
	{ .name = "max",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model_medium, first_load_max_ns),
	    .required = true,
	    .min = 1,
	    .read = profile_read_medium_value,
	    .check = check_first_load,
	    .example = "120 min",
	    .meaning = "The longest first load." },
	{ .name = NULL },
};

const struct key_map profile_first_load_map = { "first_load", first_load_keys };

static const struct key medium_keys[] = {
	{ .name = "capacity",
	    .type = KEY_SIZE,
	    KEY_MEMBER(struct model_medium, capacity_bytes),
	    .required = true,
	    .min = 1000,
	    .power = 60,
	    .read = profile_read_medium_value,
	    .range = "from 1 kB, and less than 2^60 bytes",
	    .example = "12 TB",
	    .meaning = "The native capacity of a whole cartridge.",
	    .detail = "The capacity divided by `wraps` is the length of a "
		      "wrap, whatever the capacity of a volume is." },
	{ .name = "speeds",
	    .type = KEY_LIST,
	    KEY_MEMBER(struct model_medium, speeds_bytes_per_s),
	    .required = true,
	    .read = profile_read_medium_value,
	    .range = "1 to 24 rates that rise, each from 1 kB/s to 1 TB/s",
	    .example = "[112 MB/s, 135 MB/s, 157.5 MB/s]",
	    .meaning = "The native rates at which the medium moves." },
	{ .name = "wraps",
	    .type = KEY_COUNT,
	    KEY_MEMBER(struct model_medium, wraps),
	    .required = true,
	    .min = 1,
	    .max = 1000000,
	    .read = profile_read_medium_value,
	    .check = check_capacity,
	    .example = "208",
	    .meaning = "The number of wraps, one after another, alternately "
		       "towards the end of the tape and back." },
	{ .name = "bands",
	    .type = KEY_COUNT,
	    KEY_MEMBER(struct model_medium, bands),
	    .required = true,
	    .min = 1,
	    .max = 1000,
	    .read = profile_read_medium_value,
	    .check = check_bands,
	    .example = "4",
	    .meaning = "The number of data bands." },
	{ .name = "length",
	    .type = KEY_LENGTH,
	    KEY_MEMBER(struct model_medium, length_mm),
	    .read = profile_read_medium_value,
	    .range = "from 1 m to 100000 m",
	    .example = "960 m",
	    .meaning = "The length of the tape.",
	    .detail = "It is shown, and decides nothing." },
	{ .name = "early_warning",
	    .type = KEY_SIZE,
	    KEY_MEMBER(struct model_medium, early_warning_bytes),
	    .required = true,
	    .power = 60,
	    .read = profile_read_medium_value,
	    .check = check_early_warning,
	    .example = "25 MiB",
	    .meaning = "The room between the early warning and the end." },
	{ .name = "rewind",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model_medium, rewind_ns),
	    .required = true,
	    .read = profile_read_medium_value,
	    .example = "55 s",
	    .meaning = "A rewind from the far end of the tape." },
	{ .name = "locate_average",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct model_medium, locate_length_ns),
	    .required = true,
	    .read = profile_read_medium_value,
	    .check = set_length,
	    .example = "59 s",
	    .meaning = "The mean time of a locate from the beginning of the "
		       "tape to a place drawn from all of it.",
	    .detail = "The time along the tape follows from it and from the "
		      "terms of `locate`." },
	{ .name = "first_load",
	    .type = KEY_MAP,
	    .map = &profile_first_load_map,
	    .otherwise = "a new cartridge is loaded like any other",
	    .example = "{mean: 20 min, most: 30 min, max: 120 min}",
	    .meaning = "How much longer the first load of a new cartridge "
		       "takes." },
	{ .name = NULL },
};

const struct key_map profile_medium_map = { "a medium", medium_keys };

static bool is_given(const struct model *model, const char *code)
{
	for (size_t i = 0; i < model->media_count; i++)
		if (strcmp(model->media[i].medium, code) == 0)
			return true;
	return false;
}

/* The wraps are needed before the terms of a locate: the order of the table. */
static void read_medium(struct key_reader *keys, const struct yaml_tree *name,
    const struct yaml_tree *node)
{
	struct profile_reader *reader = profile_reader_of(keys);
	struct model *model = reader->model;
	struct model_medium *medium = &model->media[model->media_count];

	memset(medium, 0, sizeof *medium);
	medium->locate_start_ns = reader->locate.locate_start_ns;
	medium->locate_wrap_ns = reader->locate.locate_wrap_ns;
	medium->locate_band_ns = reader->locate.locate_band_ns;
	medium->locate_turn_ns = reader->locate.locate_turn_ns;
	if (!profile_read_code(keys, name, medium->medium))
		return;
	if (is_given(model, medium->medium)) {
		key_error(keys, name, "%s is given twice", medium->medium);
		return;
	}
	reader->medium = medium;
	key_read_map(keys, &profile_medium_map, node, medium);
	model->media_count++;
}

void profile_read_media(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	if (node->kind == YAML_TREE_BROKEN)
		return;
	if (node->kind != YAML_TREE_MAP || node->count == 0 ||
	    node->count / 2 > MODEL_MEDIA_MAX) {
		key_error(keys, node,
		    "%s: must be a mapping with a section for each of 1 to %d "
		    "media, such as L8",
		    key->name, MODEL_MEDIA_MAX);
		return;
	}
	for (size_t i = 0; i + 1 < node->count; i += 2)
		read_medium(keys, node->items[i], node->items[i + 1]);
}
