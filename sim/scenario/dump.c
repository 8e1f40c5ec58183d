/* dump.c: the key `dump` of a scenario. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/text.h"
#include "splitter/base/units.h"
#include "sim/scenario/reader.h"

static const char *const source_words[] = { [SOURCE_RANDOM] = "random",
	[SOURCE_ZEROS] = "zeros",
	[SOURCE_FILE] = "file",
	[SOURCE_STDIN] = "stdin",
	NULL };

static struct scenario_unknown *unknown(struct scenario_reader *reader)
{
	return &reader->unknown[reader->dump - reader->scenario->dumps];
}

static void no_such_file(struct scenario_reader *reader,
    const struct yaml_tree *node, const char *reason)
{
	char message[YAML_ERROR_BYTES];
	struct text_quote quote;
	const char *near = text_nearest(node->text, source_words);

	snprintf(message, sizeof(message),
	    "source: cannot read the file %s: %s",
	    text_quote(&quote, node->text), reason);
	if (near != NULL)
		key_error(&reader->keys, node, "%s; did you mean \"%s\"?",
		    message, near);
	else
		key_error(&reader->keys, node,
		    "%s; paths begin at the scenario's folder", message);
}

static void take_file(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct scenario_dump *s = reader->dump;
	struct stat status;

	reader->source_bad = true;
	if (node->text[0] == '\0') {
		key_error(&reader->keys, node, "source: empty; name a file");
		return;
	}
	free(s->source_path);
	s->source = SOURCE_FILE;
	s->source_path = scenario_node_path(reader, node, node->text, true);
	if (s->source_path == NULL)
		key_error(&reader->keys, node, "out of memory");
	else if (stat(s->source_path, &status) != 0 ||
	    access(s->source_path, R_OK) != 0)
		no_such_file(reader, node, strerror(errno));
	else if (S_ISDIR(status.st_mode))
		key_error(&reader->keys, node, "source: a folder; name a file");
	else
		reader->source_bad = false;
}

static void read_source_file(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const char *text;

	if (key_read_text(keys, key, node, &text))
		take_file(reader, node);
}

static const struct key source_keys[] = {
	{ .name = "file",
	    .type = KEY_TEXT,
	    .required = true,
	    .read = read_source_file,
	    .range = "a path, relative to the scenario's folder",
	    .example = "./random",
	    .meaning = "The file whose bytes are written." },
	{ .name = NULL }
};

const struct key_map scenario_source_map = { "source", source_keys };

/* Reports a second dump from the standard input. */
static void check_stdin(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	for (const struct scenario_dump *d = reader->scenario->dumps;
	     d != reader->dump; d++)
		if (d->source == SOURCE_STDIN) {
			key_error(&reader->keys, node,
			    "source: only one dump can read the standard "
			    "input");
			return;
		}
}

static void read_source(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const enum scenario_source plain[] = { SOURCE_RANDOM, SOURCE_ZEROS,
		SOURCE_STDIN };
	const char *text;

	if (node->kind == YAML_TREE_MAP) {
		reader->source_bad = true; /* true until a file is accepted */
		key_read_map(keys, &scenario_source_map, node, NULL);
		return;
	}
	reader->source_bad = !key_read_text(keys, key, node, &text);
	if (reader->source_bad)
		return;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (strcmp(source_words[plain[i]], text) == 0) {
			reader->dump->source = plain[i];
			if (plain[i] == SOURCE_STDIN)
				check_stdin(reader, node);
			return;
		}
	}
	take_file(reader, node);
}

static void size_is_known(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	(void)key;
	(void)node;
	unknown(reader)->size = false;
}

static void read_ratio(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	uint64_t ratio;

	if (!key_read_ratio(keys, key, node, &ratio))
		return;
	if (!reader->source_bad && reader->dump->source != SOURCE_RANDOM)
		key_error(keys, node,
		    "%s: only with source: random; remove this", key->name);
	else
		reader->dump->compressible_permille = ratio;
}

static void read_rate(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct feed_config *feed = &reader->dump->feed;
	char reason[YAML_ERROR_BYTES / 2];
	uint64_t min, max;
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (units_parse_range(UNITS_RATE, text, &min, &max, reason,
		sizeof(reason)) != 0) {
		key_error(keys, node, "%s: %s", key->name, reason);
	} else if (min == 0) {
		key_error(keys, node,
		    "%s: 0 would bring nothing; remove the rate for a producer "
		    "without a limit",
		    key->name);
	} else {
		feed->kind = FEED_RATES;
		feed->rate_bytes_per_s.min = min;
		feed->rate_bytes_per_s.max = max;
		feed->every_ns = 1000000000;
	}
}

static void read_after(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	size_t own = (size_t)(reader->dump - reader->scenario->dumps), after;

	if (!scenario_find_dump(keys, key, node, &after))
		return;
	if (after == own)
		key_error(keys, node,
		    "%s: a dump cannot come after itself; name one above it",
		    key->name);
	else
		reader->dump->after = after;
}

/* Checks that the times of the runs are known, and their bytes. */
static void check_runs(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);

	if (reader->dump->runs > 1 && !reader->source_bad &&
	    reader->dump->source == SOURCE_STDIN)
		key_error(keys, node,
		    "%s: the standard input can be read only once; use another "
		    "source",
		    key->name);
}

static void check_every(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	const struct scenario_dump *dump = scenario_reader_of(keys)->dump;

	if (dump->runs == 1 && dump->every_ns > 0)
		key_error(keys, node,
		    "%s: only with several runs; add repeat, or remove this",
		    key->name);
}

static void check_retention(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	(void)key;
	(void)node;
	scenario_reader_of(keys)->dump->has_retention = true;
}

/* The source comes before the keys that depend on it. */
static const struct key dump_keys[] = {
	{ .name = "name",
	    .type = KEY_TEXT,
	    .read = scenario_read_dump_name,
	    .otherwise = "the name of the scenario; entries of `dumps` need a "
			 "name",
	    .range = "1 to 63 letters, digits, `.`, `_` and `-`, first a "
		     "letter or a digit; no other dump has the name",
	    .example = "archive",
	    .meaning = "The name of the dump, in headers and results.",
	    .schema = "{\"type\": \"string\", \"pattern\": "
		      "\"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$\"}" },
	{ .name = "splitter",
	    .type = KEY_MAP,
	    .map = &scenario_splitter_map,
	    .read = scenario_read_dump_splitter,
	    .otherwise = "the `splitter` of the scenario",
	    .example = "{part: 2 GiB}",
	    .meaning = "How this dump differs from the `splitter` of the "
		       "scenario." },
	{ .name = "source",
	    .type = KEY_TEXT,
	    .map = &scenario_source_map,
	    .read = read_source,
	    .initial = "random",
	    .example = "zeros",
	    .meaning = "Where the bytes come from.",
	    .choices = "random: Drawn from the seed of the run.\n"
		       "zeros: Zeros.\n"
		       "stdin: The standard input of the run. If several "
		       "scenarios of one run read it, only the first is run, "
		       "and the others are skipped.\n"
		       "PATH: The bytes of a file, relative to the scenario's "
		       "folder.\n"
		       "{file: PATH}: The same, for a file with one of these "
		       "names.\n",
	    .schema = "{\"anyOf\": [{\"type\": \"string\", \"minLength\": 1}, "
		      "{\"$ref\": \"#/$defs/source\"}]}" },
	{ .name = "size",
	    .type = KEY_SIZE,
	    KEY_MEMBER(struct scenario_dump, size_bytes),
	    .check = size_is_known,
	    .only = "source: random` or `source: zeros",
	    .example = "5 GiB",
	    .meaning = "The size of the dump; it may be 0.",
	    .detail = "Required with these two sources." },
	{ .name = "compression_ratio",
	    .type = KEY_RATIO,
	    .read = read_ratio,
	    .otherwise = "the dump cannot be compressed",
	    .range = "1:1 to 10:1",
	    .only = "source: random",
	    .example = "2.5:1",
	    .meaning = "How far the dump can be compressed.",
	    .detail = "`payload: zlib` and `compression: zlib` come within a "
		      "few percent of it. Other drives compress by their own "
		      "percentage, whatever the dump is." },
	{ .name = "rate",
	    .type = KEY_RATE,
	    .read = read_rate,
	    .otherwise = "no limit, while the buffer has room",
	    .range = "above 0",
	    .example = "300..420 MB/s",
	    .meaning = "The rate at which the producer delivers the dump.",
	    .detail =
		"For a range, a random rate is used for each second of the "
		"producer's own time, drawn from the seed. That time does not "
		"advance while the producer waits for room in the buffer." },
	{ .name = "feed",
	    .type = KEY_MAP,
	    .map = &scenario_feed_map,
	    .read = scenario_read_feed,
	    .example =
		"{bursts: {rate: 500 MB/s, on_time: 2 s, off_time: 3 s}}",
	    .meaning = "How the bytes of the dump come.",
	    .detail = "At most one kind of feed; it takes the place of "
		      "`rate`." },
	{ .name = "after",
	    .type = KEY_TEXT,
	    .read = read_after,
	    .otherwise = "the dump does not wait for another one",
	    .range = "the name of a dump above this one",
	    .example = "nightly",
	    .meaning = "The dump begins when that dump has ended, after all of "
		       "its runs." },
	{ .name = "start",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct scenario_dump, start_ns),
	    .initial = "0",
	    .example = "30 min",
	    .meaning = "When the dump begins: after this time from the start "
		       "of the scenario or, with `after`, from the end of that "
		       "dump." },
	{ .name = "repeat",
	    .type = KEY_COUNT,
	    .min = 1,
	    .max = 100000,
	    KEY_MEMBER(struct scenario_dump, runs),
	    .check = check_runs,
	    .initial = "1",
	    .example = "365",
	    .meaning = "How many times the dump is written.",
	    .detail = "Each run has bytes, a feed and volumes of its own. On "
		      "the volumes its name is that of the dump with `.1`, "
		      "`.2` and so on. The results of the dump are those of "
		      "all its runs: counts, sizes and times are sums." },
	{ .name = "every",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct scenario_dump, every_ns),
	    .check = check_every,
	    .initial = "0",
	    .only = "repeat",
	    .example = "24 h",
	    .meaning = "The time from the start of a run to the start of the "
		       "next.",
	    .detail = "A run also waits for the end of the run before it." },
	{ .name = "retention",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct scenario_dump, retention_ns),
	    .check = check_retention,
	    .otherwise = "the volumes of the dump are never used again",
	    .example = "720 h",
	    .meaning = "After this time from the end of a run, other runs and "
		       "dumps may overwrite the volumes of that run.",
	    .detail = "Blank volumes are used first, and then the volume that "
		      "expired first. A run is not read back if one of its "
		      "volumes has expired." },
	{ .name = NULL }
};

const struct key_map scenario_dump_map = { "dump", dump_keys };

void scenario_read_one_dump(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	const struct yaml_tree *size = NULL;
	enum scenario_source source;
	bool made;

	unknown(reader)->size = true;
	key_read_map(&reader->keys, &scenario_dump_map, node, reader->dump);
	source = reader->dump->source;
	made = source == SOURCE_RANDOM || source == SOURCE_ZEROS;
	if (!made || reader->source_bad)
		unknown(reader)->size = true;
	if (reader->source_bad ||
	    (node->kind != YAML_TREE_MAP && !yaml_tree_is_empty(node)))
		return;
	if (node->kind == YAML_TREE_MAP)
		size = yaml_tree_get(node, "size");
	if (made && size == NULL)
		key_error(&reader->keys, node,
		    "dump needs the key \"size\" when its source is %s",
		    source_words[source]);
	if (!unknown(reader)->size)
		scenario_check_slices(reader);
	if (!made && size != NULL)
		key_error(&reader->keys, size,
		    "size: the source (%s) has a length of its own; remove the "
		    "size",
		    source_words[source]);
}
