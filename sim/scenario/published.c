/* published.c: the key `published` of a scenario. */
#include <stdlib.h>
#include <string.h>

#include "splitter/base/units.h"
#include "sim/scenario/reader.h"

static const char *const *evidence_words(void)
{
	static const char *const words[] = { "calibration", "validation",
		"by construction", NULL };

	return words;
}

static void read_metric(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const char *name;
	unsigned index;

	reader->metric_bad = true;
	if (!key_read_choice(keys, key, node, &index))
		return;
	name = metrics_quantities()[index];
	for (int i = 0; i < METRIC_COUNT; i++)
		if (strcmp(metrics_def((enum metrics_id)i)->name, name) == 0)
			reader->published->metric = (enum metrics_id)i;
	reader->metric_bad = false;
}

static void read_value(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario_published *p = reader->published;
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	p->same = strcmp(text, key->word) == 0;
	if (p->same || reader->metric_bad)
		return;
	if (metrics_parse_quantity(p->metric, text, &p->value, reason,
		sizeof(reason)) != 0)
		key_error(keys, node, "%s: %s", key->name, reason);
	else if (!(p->value > 0))
		key_error(keys, node,
		    "%s: must be above 0, since errors are shares of it; use "
		    "an expectation instead",
		    key->name);
}

static void read_tolerance(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario_published *p = reader->published;
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t share;

	if (!key_read_text(keys, key, node, &text))
		return;
	p->order = strcmp(text, key->word) == 0;
	if (p->order)
		return;
	if (units_parse(UNITS_PERCENT, text, &share, reason, sizeof(reason)) !=
	    0)
		key_error(keys, node, "%s: %s", key->name, reason);
	else if (share == 0 || share > UINT64_C(100) * UNITS_PERCENT_ONE)
		key_error(keys, node,
		    "%s: must be above 0 %% and at most 100 %%", key->name);
	else
		p->tolerance_percent_1e6 = share;
}

static void read_source(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	key_read_line(keys, key, node,
	    "say in one line who published or measured the value",
	    &reader->published->source);
}

static void read_series(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	key_read_line(keys, key, node,
	    "write the name that all values of the series have",
	    &reader->published->series);
}

static void read_point(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	key_read_line(keys, key, node,
	    "write what differs from the other values, such as 64 KiB",
	    &reader->published->point);
}

static void read_known(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	key_read_line(keys, key, node,
	    "say in one line why the value is not reproduced",
	    &reader->published->known);
}

/* `value` comes after `metric`, whose type it has. */
static const struct key published_keys[] = {
	{ .name = "metric",
	    .type = KEY_CHOICE,
	    .required = true,
	    .words = metrics_quantities,
	    .read = read_metric,
	    .example = "write_rate_mean",
	    .meaning = "The metric that is compared with the value." },
	{ .name = "value",
	    .type = KEY_TEXT,
	    .required = true,
	    .word = "same",
	    .read = read_value,
	    .range = "above 0, with the unit of the metric",
	    .schema = "{\"type\": [\"string\", \"integer\"]}",
	    .example = "57 MB/s",
	    .meaning = "The published value.",
	    .detail = "`same` means that the source has no number, but says "
		      "that all values of the series are the same; each is "
		      "compared with their mean." },
	{ .name = "tolerance",
	    .type = KEY_PERCENTAGE,
	    .word = "order",
	    .read = read_tolerance,
	    .initial = "10 %",
	    .range = "above 0 % and at most 100 %",
	    .example = "5 %",
	    .meaning = "The largest difference, as a share of the value, with "
		       "which the value is met.",
	    .detail = "`order` means that only the order within the series is "
		      "compared." },
	{ .name = "kind",
	    .type = KEY_CHOICE,
	    .required = true,
	    .words = evidence_words,
	    KEY_MEMBER(struct scenario_published, evidence),
	    .example = "validation",
	    .meaning = "What the value proves if it is met.",
	    .choices = "calibration: Nothing: a constant of the model was "
		       "chosen to meet it.\n"
		       "validation: That the model predicts something that it "
		       "was not made from.\n"
		       "by construction: Nothing: a constant of the model is "
		       "computed from this value. It is shown, and not "
		       "counted.\n" },
	{ .name = "source",
	    .type = KEY_TEXT,
	    .required = true,
	    .read = read_source,
	    .range = "one line, without control characters",
	    .example = "\"measured on our library, 2026-03\"",
	    .meaning = "Who published or measured the value." },
	{ .name = "series",
	    .type = KEY_TEXT,
	    .read = read_series,
	    .range = "one line, without control characters",
	    .example = "\"HP drive, 2008\"",
	    .meaning = "The series that the value belongs to.",
	    .detail = "Each scenario is one point of a series. The reports "
		      "show the values of a series together." },
	{ .name = "point",
	    .type = KEY_TEXT,
	    .read = read_point,
	    .otherwise = "the name of the scenario",
	    .range = "one line, without control characters",
	    .example = "64 KiB",
	    .meaning = "What differs from the other values of the series." },
	{ .name = "known",
	    .type = KEY_TEXT,
	    .read = read_known,
	    .range = "one line, without control characters",
	    .example = "\"one constant for all blocks\"",
	    .meaning = "Why the value is known not to be met.",
	    .detail = "The scenario fails when the value is met: remove "
		      "`known` then." },
	{ .name = NULL },
};

const struct key_map scenario_published_map = { "a published value",
	published_keys };

static void read_one(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	struct scenario_published *p = &s->published[s->published_count++];

	p->line = node->line;
	p->file = scenario_node_file(reader, node);
	p->tolerance_percent_1e6 = UINT64_C(10) * UNITS_PERCENT_ONE;
	reader->published = p;
	reader->metric_bad = true;
	key_read_map(&reader->keys, &scenario_published_map, node, p);
	if ((p->same || p->order) && p->series == NULL)
		key_error(&reader->keys, node,
		    "\"%s\" needs the key \"series\": it compares the values "
		    "of several scenarios",
		    p->same ? "same" : "order");
	if (p->same && p->order)
		key_error(&reader->keys, node,
		    "values that are the \"same\" have no \"order\"");
}

void scenario_read_published(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario *s = reader->scenario;

	s->published = scenario_new_entries(keys, key, node,
	    sizeof *s->published,
	    "such as - {metric: duration, value: 190 min, kind: validation, "
	    "source: a data sheet}");
	if (s->published == NULL)
		return;
	for (size_t i = 0; i < node->count; i++)
		read_one(reader, node->items[i]);
}
