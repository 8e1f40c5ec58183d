/* scenario_dump.c: the key "dump" of a scenario. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/scenario/fields.h"
#include "sim/base/units.h"
#include "sim/base/text.h"

static const char *const source_words[] = { [SOURCE_RANDOM] = "random",
	[SOURCE_ZEROS] = "zeros",
	[SOURCE_FILE] = "file",
	[SOURCE_STDIN] = "stdin",
	NULL };

static void no_such_file(struct scenario_reader *reader,
    const struct yaml_tree *node, const char *reason)
{
	char message[YAML_ERROR_BYTES];
	struct text_quote quote;
	const char *near = text_nearest(node->text, source_words);

	snprintf(message, sizeof(message),
	    "source: the file %s cannot be "
	    "read: %s",
	    text_quote(&quote, node->text), reason);
	if (near != NULL)
		scenario_error(reader, node, "%s; did you mean \"%s\"?",
		    message, near);
	else
		scenario_error(reader, node,
		    "%s; it is looked for beside the "
		    "scenario",
		    message);
}

static void take_file(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	struct stat status;

	reader->source_bad = true;
	if (node->text[0] == '\0') {
		scenario_error(reader, node,
		    "source: a file's name is "
		    "missing here");
		return;
	}
	free(s->source_path);
	s->source = SOURCE_FILE;
	s->source_path = scenario_path_beside(s, node->text);
	if (s->source_path == NULL)
		scenario_error(reader, node, "no memory left");
	else if (stat(s->source_path, &status) != 0 ||
	    access(s->source_path, R_OK) != 0)
		no_such_file(reader, node, strerror(errno));
	else if (S_ISDIR(status.st_mode))
		scenario_error(reader, node,
		    "source: this is a folder; name "
		    "a file");
	else
		reader->source_bad = false;
}

static void read_source_file(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	const char *text;

	if (scenario_read_text(reader, key, node, &text))
		take_file(reader, node);
}

const struct scenario_field scenario_source_fields[] = {
	{ "file", true, read_source_file }, { NULL, false, NULL }
};

static void read_source(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	const enum scenario_source plain[] = { SOURCE_RANDOM, SOURCE_ZEROS,
		SOURCE_STDIN };
	const char *text;

	if (node->kind == YAML_TREE_MAP) {
		reader->source_bad = true; /* until a file is taken */
		scenario_read_map(reader, key, node, scenario_source_fields);
		return;
	}
	reader->source_bad = !scenario_read_text(reader, key, node, &text);
	if (reader->source_bad)
		return;
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (strcmp(source_words[plain[i]], text) == 0) {
			reader->scenario->source = plain[i];
			return;
		}
	}
	take_file(reader, node);
}

static void read_size(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	reader->size_at = node;
	reader->size_known = scenario_read_size(reader, key, node,
	    &reader->scenario->size_bytes);
}

/* "2.5:1", in thousandths. */
static void read_compressibility(struct scenario_reader *reader,
    const char *key, const struct yaml_tree *node)
{
	char number[32] = "", reason[YAML_ERROR_BYTES / 2];
	uint64_t *ratio = &reader->scenario->compressible_permille;
	const uint64_t thousandth = UNITS_PERCENT_ONE / 1000;
	const char *text, *colon;
	uint64_t value = 0;

	if (!scenario_read_text(reader, key, node, &text))
		return;
	colon = strstr(text, ":1");
	if (colon != NULL && colon[2] == '\0' && colon - text < 24)
		snprintf(number, sizeof(number), "%.*s%%", (int)(colon - text),
		    text);
	if (units_parse(UNITS_PERCENT, number, &value, reason,
		sizeof(reason)) != 0 ||
	    value % thousandth != 0 || value < UNITS_PERCENT_ONE ||
	    value > 10 * UNITS_PERCENT_ONE)
		scenario_error(reader, node,
		    "%s: this is a ratio from 1:1 to "
		    "10:1, such as 2.5:1",
		    key);
	else if (!reader->source_bad &&
	    reader->scenario->source != SOURCE_RANDOM)
		scenario_error(reader, node,
		    "%s: only of the source random; "
		    "what others bring is what it is",
		    key);
	else
		*ratio = value / thousandth;
}

static void read_rate(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	char reason[YAML_ERROR_BYTES / 2];
	uint64_t min, max;
	const char *text;

	if (!scenario_read_text(reader, key, node, &text))
		return;
	if (units_parse_range(UNITS_RATE, text, &min, &max, reason,
		sizeof(reason)) != 0) {
		scenario_error(reader, node, "%s: %s", key, reason);
	} else if (min == 0) {
		scenario_error(reader, node,
		    "rate: nothing would ever come "
		    "at 0; leave the rate out for as fast as it is taken");
	} else {
		s->has_rate = true;
		s->rate_min_bytes_per_s = min;
		s->rate_max_bytes_per_s = max;
	}
}

/* The source comes first: what is asked of the size hangs on it. */
const struct scenario_field scenario_dump_fields[] = {
	{ "source", false, read_source }, { "size", false, read_size },
	{ "compression_ratio", false, read_compressibility },
	{ "rate", false, read_rate }, { NULL, false, NULL }
};

void scenario_read_dump(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	enum scenario_source source;
	bool made;

	scenario_read_map(reader, key, node, scenario_dump_fields);
	if (reader->source_bad)
		return;
	if (node->kind != YAML_TREE_MAP && !yaml_tree_is_empty(node))
		return;
	source = reader->scenario->source;
	made = source == SOURCE_RANDOM || source == SOURCE_ZEROS;
	if (made && reader->size_at == NULL)
		scenario_error(reader, node,
		    "dump needs the key \"size\" when "
		    "its source is %s",
		    source_words[source]);
	reader->size_known = reader->size_known && made;
	scenario_check_slices(reader);
	if (!made && reader->size_at != NULL)
		scenario_error(reader, reader->size_at,
		    "size: how long the "
		    "dump is comes from its source (%s); leave the size out",
		    source_words[source]);
}
