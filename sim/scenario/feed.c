/* feed.c: the key `feed` of a dump: how its bytes come. */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/feed.h"
#include "sim/scenario/reader.h"
#include "sim/source/feed_trace.h"
#include "splitter/base/units.h"

enum { TIME_MAX_H = 10000 };
#define SECOND_NS UINT64_C(1000000000)

static struct feed_config *feed_of(struct key_reader *keys)
{
	return &scenario_reader_of(keys)->dump->feed;
}

static enum units_kind unit_of(const struct key *key)
{
	return key->type == KEY_RATE ? UNITS_RATE
	    : key->type == KEY_SIZE  ? UNITS_SIZE
				     : UNITS_TIME;
}

/* Reads a rate, size or time, or a range of them, from `key->min`. */
static bool read_range_of(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node, uint64_t *min, uint64_t *max)
{
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return false;
	if (units_parse_range(unit_of(key), text, min, max, reason,
		sizeof(reason)) != 0)
		key_error(keys, node, "%s: %s", key->name, reason);
	else if (*min < key->min)
		key_error(keys, node, "%s: must be above 0", key->name);
	else if (key->type == KEY_TIME && *max > TIME_MAX_H * 3600 * SECOND_NS)
		key_error(keys, node, "%s: too long; at most %d h", key->name,
		    TIME_MAX_H);
	else
		return true;
	return false;
}

void feed_key_range(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct feed_draw *draw =
	    (struct feed_draw *)((char *)feed_of(keys) + key->offset);
	uint64_t min, max;

	if (!read_range_of(keys, key, node, &min, &max))
		return;
	draw->min = min;
	draw->max = max;
}

void feed_key_one(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	uint64_t min, max;

	if (!read_range_of(keys, key, node, &min, &max))
		return;
	if (min == max)
		*(uint64_t *)((char *)feed_of(keys) + key->offset) = min;
	else
		key_error(keys, node, "%s: a range; write one value",
		    key->name);
}

void feed_key_mean(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	uint64_t min, max;

	if (!read_range_of(keys, key, node, &min, &max))
		return;
	if (min == max)
		reader->feed_mean = min;
	else
		key_error(keys, node, "%s: a range; write one value",
		    key->name);
}

void feed_key_every(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct feed_config *feed = feed_of(keys);
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t value;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (units_parse(UNITS_SIZE, text, &value, reason, sizeof(reason)) ==
		0 &&
	    value > 0) {
		feed->every_bytes = value;
		feed->every_ns = 0;
	} else if (units_parse(UNITS_TIME, text, &value, reason,
		       sizeof(reason)) != 0 ||
	    value == 0 || value > TIME_MAX_H * 3600 * SECOND_NS) {
		key_error(keys, node,
		    "%s: must be a time above 0, such as 1 s, or a size, such "
		    "as 512 KiB",
		    key->name);
	} else {
		feed->every_ns = (int64_t)value;
	}
}

void feed_key_stretch(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t value;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (units_parse(UNITS_PERCENT, text, &value, reason, sizeof(reason)) !=
	    0)
		key_error(keys, node, "%s: %s", key->name, reason);
	else if (value == 0)
		key_error(keys, node,
		    "%s: must be above 0%%; 100%% replays the trace as it is",
		    key->name);
	else
		feed_of(keys)->stretch = value;
}

void feed_key_trace(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	char reason[YAML_ERROR_BYTES / 2], *path;
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	path = scenario_node_path(reader, node, text, true);
	if (path == NULL) {
		key_error(keys, node, "out of memory");
		return;
	}
	reader->dump->trace =
	    feed_trace_read(path, text, reason, sizeof(reason));
	reader->dump->feed.trace = reader->dump->trace;
	free(path);
	if (reader->dump->trace == NULL)
		key_error(keys, node, "%s: %s", key->name, reason);
}

/* Reports a rate of which less than a byte comes in each stretch of time. */
static void check_every(struct key_reader *keys, const struct yaml_tree *node,
    const struct feed_config *feed)
{
	uint64_t rate = feed->rate_bytes_per_s.min;

	if (feed->every_ns > 0 && rate > 0 && rate < SECOND_NS &&
	    (uint64_t)feed->every_ns < (SECOND_NS + rate - 1) / rate)
		key_error(keys, node,
		    "every: too short; less than one byte comes in this time "
		    "at the lowest rate");
}

/* Sets missing bounds of a distribution, and reports bounds that do not fit. */
static void check_bounds(struct key_reader *keys, const struct yaml_tree *node,
    struct feed_draw *draw)
{
	if (draw->middle == 0)
		return;
	if (draw->min == 0)
		draw->min = draw->middle / 100 + (draw->middle < 100);
	if (draw->max == 0)
		draw->max = INT64_MAX;
	if (draw->min > draw->middle)
		key_error(keys, node, "min: above the %s",
		    draw->shape == FEED_NORMAL ? "mean" : "median");
	if (draw->max < draw->middle)
		key_error(keys, node, "max: below the %s",
		    draw->shape == FEED_NORMAL ? "mean" : "median");
}

static void check_lognormal(struct key_reader *keys,
    const struct yaml_tree *node, struct feed_draw *draw)
{
	uint64_t mean = scenario_reader_of(keys)->feed_mean;

	draw->shape = FEED_LOGNORMAL;
	check_bounds(keys, node, draw);
	if (draw->middle == 0 || mean == 0)
		return;
	if (mean < draw->middle)
		key_error(keys, node,
		    "mean: below the median; the mean of a lognormal "
		    "distribution is above it");
	else
		draw->spread = feed_spread(draw->middle, mean);
}

static void check_files(struct key_reader *keys, const struct yaml_tree *node,
    struct feed_config *feed)
{
	struct feed_draw *size = &feed->file_bytes;
	const struct yaml_tree *range, *median, *mean, *max;

	if (node->kind != YAML_TREE_MAP)
		return;
	range = yaml_tree_get(node, "size");
	median = yaml_tree_get(node, "median");
	mean = yaml_tree_get(node, "mean");
	max = yaml_tree_get(node, "max");
	size->min = size->min > 0 ? size->min : 1;
	if (range != NULL && (median != NULL || mean != NULL || max != NULL))
		key_error(keys, range,
		    "size: the files have a median, mean or max; remove the "
		    "size, or these");
	else if (range == NULL && (median == NULL || mean == NULL))
		key_error(keys, node,
		    "files needs the key \"size\", or the keys \"median\" and "
		    "\"mean\"");
	else if (range == NULL)
		check_lognormal(keys, node, size);
}

static void check(struct key_reader *keys, const struct yaml_tree *node,
    const char *name)
{
	struct feed_config *feed = feed_of(keys);
	struct feed_draw *rate = &feed->rate_bytes_per_s;

	if (strcmp(name, "constant") == 0 && rate->min != rate->max)
		key_error(keys, node,
		    "rate: a range; use uniform for a rate that varies");
	if (strcmp(name, "normal") == 0 || strcmp(name, "network") == 0) {
		rate->shape = FEED_NORMAL;
		check_bounds(keys, node, rate);
	}
	if (strcmp(name, "lognormal") == 0)
		check_lognormal(keys, node, rate);
	if (feed->kind == FEED_FILES)
		check_files(keys, node, feed);
	if (feed->kind == FEED_RATES || feed->kind == FEED_NETWORK)
		check_every(keys, node, feed);
}

static enum feed_kind kind_of(const char *name)
{
	static const struct {
		const char *name;
		enum feed_kind kind;
	} kinds[] = {
		{ "bursts", FEED_BURSTS },
		{ "files", FEED_FILES },
		{ "network", FEED_NETWORK },
		{ "trace", FEED_TRACE },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(name, kinds[i].name) == 0)
			return kinds[i].kind;
	return FEED_RATES;
}

void feed_key_kind(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct feed_config *feed = &reader->dump->feed;

	if (node->kind == YAML_TREE_BROKEN)
		return;
	if (feed->kind != FEED_UNLIMITED) {
		key_error(keys, node,
		    "%s: the dump has a rate or another kind of feed; remove "
		    "one of them",
		    key->name);
		return;
	}
	feed->kind = kind_of(key->name);
	feed->every_ns = (int64_t)SECOND_NS;
	feed->memory_ns = 10 * (int64_t)SECOND_NS;
	feed->stretch = 100 * (uint64_t)UNITS_PERCENT_ONE;
	reader->feed_mean = 0;
	key_read_map(keys, key->map, node, feed);
	check(keys, node, key->name);
}
