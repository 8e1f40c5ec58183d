/* feed_kinds.c: the tables of the keys of a feed, one for each kind. */
#include "sim/scenario/feed.h"
#include "sim/scenario/reader.h"

#define TIME_RANGE "{\"$ref\": \"#/$defs/time_range\"}"
#define SIZE_RANGE "{\"$ref\": \"#/$defs/size_range\"}"
#define ONE_RATE   "{\"$ref\": \"#/$defs/rate\"}"

#define EVERY                                                              \
	{                                                                  \
		.name = "every", .type = KEY_TIME, .read = feed_key_every, \
		.initial = "1 s", .range = "above 0: a time, or a size",   \
		.example = "512 KiB",                                      \
		.meaning = "The time of the producer, or the number of "   \
			   "bytes, after which a new rate is drawn.",      \
		.schema = "{\"anyOf\": [{\"$ref\": \"#/$defs/time\"}, "    \
			  "{\"$ref\": \"#/$defs/size\"}]}"                 \
	}

/* Bounds of a rate, of which `first` is the middle. */
#define BOUNDS(what)                                                          \
	{ .name = "min",                                                      \
		.type = KEY_RATE,                                             \
		.read = feed_key_one,                                         \
		.min = 1,                                                     \
		.offset = offsetof(struct feed_config, rate_bytes_per_s.min), \
		.otherwise = "a hundredth of the " what,                      \
		.range = "one rate above 0, at most the " what,               \
		.example = "20 MB/s",                                         \
		.meaning = "The lowest rate.",                                \
		.schema = ONE_RATE },                                         \
	{                                                                     \
		.name = "max", .type = KEY_RATE, .read = feed_key_one,        \
		.min = 1,                                                     \
		.offset = offsetof(struct feed_config, rate_bytes_per_s.max), \
		.otherwise = "no limit",                                      \
		.range = "one rate, at least the " what,                      \
		.example = "800 MB/s", .meaning = "The highest rate.",        \
		.schema = ONE_RATE                                            \
	}

#define MIDDLE(key, text)                                                  \
	{                                                                  \
		.name = key, .type = KEY_RATE, .required = true,           \
		.read = feed_key_one, .min = 1,                            \
		.offset =                                                  \
		    offsetof(struct feed_config, rate_bytes_per_s.middle), \
		.range = "one rate above 0", .example = "170 MB/s",        \
		.meaning = text, .schema = ONE_RATE                        \
	}

#define DEVIATION                                                            \
	{                                                                    \
		.name = "deviation", .type = KEY_RATE, .required = true,     \
		.read = feed_key_one, .min = 1,                              \
		.offset =                                                    \
		    offsetof(struct feed_config, rate_bytes_per_s.spread),   \
		.range = "one rate above 0", .example = "40 MB/s",           \
		.meaning = "The standard deviation: two of three rates are " \
			   "within it.",                                     \
		.schema = ONE_RATE                                           \
	}

#define RATES(more)                                                        \
	{                                                                  \
		.name = "rate", .type = KEY_RATE, .required = true,        \
		.read = feed_key_range, .min = 1,                          \
		.offset = offsetof(struct feed_config, rate_bytes_per_s),  \
		.range = "above 0", .example = "500 MB/s", .meaning = more \
	}

static const struct key constant_keys[] = {
	RATES("The rate. It is one rate, not a range."), { .name = NULL }
};

static const struct key uniform_keys[] = {
	RATES("The range from which a rate is drawn, each as often."),
	EVERY,
	{ .name = NULL },
};

static const struct key normal_keys[] = {
	MIDDLE("mean", "The mean rate, before the bounds."),
	DEVIATION,
	BOUNDS("mean"),
	EVERY,
	{ .name = NULL },
};

static const struct key lognormal_keys[] = {
	MIDDLE("median", "Half of the rates are lower."),
	{ .name = "mean",
	    .type = KEY_RATE,
	    .required = true,
	    .read = feed_key_mean,
	    .min = 1,
	    .range = "one rate, at least the median",
	    .example = "200 MB/s",
	    .meaning = "The mean rate, before the bounds.",
	    .schema = ONE_RATE },
	BOUNDS("median"),
	EVERY,
	{ .name = NULL },
};

static const struct key network_keys[] = {
	MIDDLE("mean", "The mean rate, before the bounds."),
	DEVIATION,
	BOUNDS("mean"),
	{ .name = "every",
	    .type = KEY_TIME,
	    .min = 1,
	    KEY_MEMBER(struct feed_config, every_ns),
	    .initial = "1 s",
	    .example = "100 ms",
	    .meaning = "The time of the producer after which the rate "
		       "changes." },
	{ .name = "memory",
	    .type = KEY_TIME,
	    .min = 1,
	    KEY_MEMBER(struct feed_config, memory_ns),
	    .initial = "10 s",
	    .example = "30 s",
	    .meaning = "The time after which 37 % of a deviation from the "
		       "mean is left." },
	{ .name = NULL },
};

static const struct key bursts_keys[] = {
	RATES("The rate of a burst, drawn for each burst."),
	{ .name = "on_time",
	    .type = KEY_TIME,
	    .required = true,
	    .read = feed_key_range,
	    .min = 1,
	    .offset = offsetof(struct feed_config, on_ns),
	    .range = "a time or a range of times, above 0, at most 10000 h",
	    .example = "2 s",
	    .meaning = "The length of a burst.",
	    .schema = TIME_RANGE },
	{ .name = "off_time",
	    .type = KEY_TIME,
	    .required = true,
	    .read = feed_key_range,
	    .min = 1,
	    .offset = offsetof(struct feed_config, off_ns),
	    .range = "a time or a range of times, above 0, at most 10000 h",
	    .example = "1..5 s",
	    .meaning = "The time between two bursts.",
	    .schema = TIME_RANGE },
	{ .name = "off_rate",
	    .type = KEY_RATE,
	    .read = feed_key_one,
	    .offset = offsetof(struct feed_config, off_bytes_per_s),
	    .otherwise = "no bytes come",
	    .range = "one rate",
	    .example = "5 MB/s",
	    .meaning = "The rate between two bursts.",
	    .schema = ONE_RATE },
	{ .name = NULL },
};

static const struct key files_keys[] = {
	RATES("The rate at which the bytes of a file come, drawn for each "
	      "file."),
	{ .name = "overhead",
	    .type = KEY_TIME,
	    .required = true,
	    .read = feed_key_range,
	    .offset = offsetof(struct feed_config, file_ns),
	    .range = "a time or a range of times, at most 10000 h",
	    .example = "2..10 ms",
	    .meaning = "The time before the first byte of each file: to find "
		       "and to open it.",
	    .schema = TIME_RANGE },
	{ .name = "size",
	    .type = KEY_SIZE,
	    .read = feed_key_range,
	    .min = 1,
	    .offset = offsetof(struct feed_config, file_bytes),
	    .otherwise = "drawn by `median` and `mean`",
	    .range = "a size or a range of sizes, above 0",
	    .example = "4..256 KiB",
	    .meaning = "The size of a file.",
	    .schema = SIZE_RANGE },
	{ .name = "median",
	    .type = KEY_SIZE,
	    .min = 1,
	    KEY_MEMBER(struct feed_config, file_bytes.middle),
	    .otherwise = "the files have a `size`",
	    .range = "at least 1 B",
	    .example = "16 KiB",
	    .meaning = "Half of the files are smaller: the sizes have a "
		       "lognormal distribution." },
	{ .name = "mean",
	    .type = KEY_SIZE,
	    .read = feed_key_mean,
	    .min = 1,
	    .otherwise = "the files have a `size`",
	    .range = "at least the median",
	    .example = "1 MiB",
	    .meaning = "The mean size of the files." },
	{ .name = "max",
	    .type = KEY_SIZE,
	    .min = 1,
	    KEY_MEMBER(struct feed_config, file_bytes.max),
	    .otherwise = "no limit",
	    .range = "at least the median",
	    .only = "median` and `mean",
	    .example = "10 GiB",
	    .meaning = "No file is larger." },
	{ .name = NULL },
};

static const struct key trace_keys[] = {
	{ .name = "file",
	    .type = KEY_TEXT,
	    .required = true,
	    .read = feed_key_trace,
	    .range = "a path, relative to the scenario's folder",
	    .example = "feed.tsv",
	    .meaning = "The trace, as tapelab-record(1) writes it." },
	{ .name = "stretch",
	    .type = KEY_PERCENTAGE,
	    .read = feed_key_stretch,
	    .initial = "100%",
	    .range = "above 0%",
	    .example = "250%",
	    .meaning = "How much longer the trace takes than it took." },
	{ .name = NULL },
};

static const struct key_map constant_map = { "constant", constant_keys },
			    uniform_map = { "uniform", uniform_keys },
			    normal_map = { "normal", normal_keys },
			    lognormal_map = { "lognormal", lognormal_keys },
			    network_map = { "network", network_keys },
			    bursts_map = { "bursts", bursts_keys },
			    files_map = { "files", files_keys },
			    trace_map = { "trace", trace_keys };

#define KIND(of, like, text)                                      \
	.type = KEY_MAP, .map = &of##_map, .read = feed_key_kind, \
	.example = like, .meaning = text

static const struct key feed_keys[] = {
	{ .name = "open",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    KEY_MEMBER(struct feed_config, open),
	    .initial = "false",
	    .example = "true",
	    .meaning = "Whether the source continues while the dump does not "
		       "take its bytes.",
	    .detail = "The bytes of an open feed come at their time, whatever "
		      "the dump does; those that find no room are late, and "
		      "are taken as soon as there is room. The metrics "
		      "`late_max` and `late_mean` say how late. A source that "
		      "is not open waits: its own time does not advance while "
		      "it waits for room in the buffer." },
	{ .name = "start",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct feed_config, start_ns),
	    .initial = "0",
	    .example = "2 h",
	    .meaning = "The time before the first byte, from the start of the "
		       "dump." },
	{ .name = "constant",
	    KIND(constant, "{rate: 300 MB/s}",
		"A constant rate, like the key `rate` of the dump.") },
	{ .name = "uniform",
	    KIND(uniform, "{rate: 90..250 MB/s, every: 10 s}",
		"A rate that is drawn from a range, each rate as often.") },
	{ .name = "normal",
	    KIND(normal, "{mean: 170 MB/s, deviation: 40 MB/s}",
		"A rate that is drawn from a normal distribution. A rate "
		"beyond the bounds is drawn again.") },
	{ .name = "lognormal",
	    KIND(lognormal, "{median: 150 MB/s, mean: 170 MB/s}",
		"A rate that is drawn from a lognormal distribution: few "
		"rates are much higher. A rate beyond the bounds is drawn "
		"again.") },
	{ .name = "bursts",
	    KIND(bursts, "{rate: 500 MB/s, on_time: 2 s, off_time: 1..5 s}",
		"Bursts of bytes, with pauses between them.") },
	{ .name = "files",
	    KIND(files, "{size: 4..256 KiB, overhead: 2 ms, rate: 200 MB/s}",
		"Many files, each of which takes some time to open.") },
	{ .name = "network",
	    KIND(network, "{mean: 170 MB/s, deviation: 40 MB/s}",
		"A rate that remembers the rate before, like that of a shared "
		"network: a first-order autoregressive process. At the bounds "
		"it stays there.") },
	{ .name = "trace",
	    KIND(trace, "{file: feed.tsv}",
		"A feed that was recorded with tapelab-record(1). It is "
		"repeated if it has fewer bytes than the dump.") },
	{ .name = NULL },
};

const struct key_map scenario_feed_map = { "feed", feed_keys };

void scenario_read_feed(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct feed_config *feed = &scenario_reader_of(keys)->dump->feed;

	(void)key;
	if (node->kind == YAML_TREE_BROKEN)
		return;
	key_read_map(keys, &scenario_feed_map, node, feed);
	if (feed->open && feed->kind == FEED_UNLIMITED)
		key_error(keys, node,
		    "open: a feed without a rate is never late; add a rate, or "
		    "a kind of feed");
}
