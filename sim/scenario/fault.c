/* scenario_fault.c: one fault of a scenario; its kind says which keys. */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/fields.h"
#include "sim/base/units.h"
#include "sim/base/text.h"

enum { KINDS_MAX = 24 };

/* The place of the volume with this barcode. */
static void read_barcode(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	const struct scenario *s = reader->scenario;
	struct text_quote quote;
	const char *text;

	if (!scenario_read_text(reader, key, node, &text))
		return;
	for (size_t i = 0; i < s->volumes_count; i++)
		if (strcmp(s->volumes[i].barcode, text) == 0)
			reader->fault->volume = i + 1;
	if (reader->fault->volume == 0)
		scenario_error(reader, node,
		    "volume: the library has no "
		    "volume %s; name one by its barcode",
		    text_quote(&quote, text));
}

void scenario_read_fault_volume(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	size_t volumes = reader->scenario->volumes_count;
	uint64_t number;

	if (reader->by_barcode) {
		read_barcode(reader, key, node);
		return;
	}
	if (!scenario_read_count(reader, key, node, 1, SIZE_MAX, &number))
		return;
	if (volumes == 0 || reader->volumes_bad)
		return;
	if (number > volumes)
		scenario_error(reader, node,
		    "volume: there are only %zu; "
		    "this is the place in the list of volumes, from 1",
		    volumes);
	else
		reader->fault->volume = (size_t)number;
}

/* An offset of the dump, `most` at the most where its size is known. */
static void read_offset(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, uint64_t behind)
{
	const struct scenario *s = reader->scenario;
	uint64_t *at = &reader->fault->at_bytes;
	char size[40];

	if (!scenario_read_size(reader, key, node, at))
		return;
	if (!reader->size_known || *at < s->size_bytes + behind)
		return;
	units_format_size(s->size_bytes, size, sizeof(size));
	scenario_error(reader, node,
	    "at: the dump ends at %s; this is never "
	    "reached",
	    size);
}

/* Between two bytes, or at the dump's end. */
static void read_point(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	read_offset(reader, key, node, 1);
}

static void read_byte(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	read_offset(reader, key, node, 0);
}

/* Where the kind is not known, and so not what it is an offset of. */
static void read_any_at(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_size(reader, key, node, &reader->fault->at_bytes);
}

void scenario_read_sense(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	const char *names[SENSE_EVENTS_MAX + 1];
	const struct sense_event *event;
	const char *text;
	unsigned word;

	if (!scenario_read_text(reader, key, node, &text))
		return;
	event = sense_find(text);
	if (event != NULL && !sense_tells_of_a_block(&event->sense)) {
		scenario_error(reader, node,
		    "sense: %s does not make a write "
		    "fail; use one that does, such as medium_error",
		    text);
		return;
	}
	sense_block_names(names);
	if (scenario_read_word(reader, key, node, names, &word))
		reader->fault->sense = event;
}

void scenario_read_once(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { "false", "true", NULL };
	unsigned word;

	if (scenario_read_word(reader, key, node, words, &word))
		reader->fault->once = word == 1;
}

static void read_nth(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_count(reader, key, node, 1, UINT64_MAX,
	    &reader->fault->nth);
}

static void read_cause(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const enum tape_cause causes[] = { TAPE_MEDIUM_ERROR, TAPE_PEOM,
		TAPE_DEFERRED, TAPE_HARDWARE_ERROR, TAPE_POSITION_LOST,
		TAPE_UNKNOWN, TAPE_PROTECTED, TAPE_STORAGE };
	enum { COUNT = sizeof(causes) / sizeof(causes[0]) };
	const char *words[COUNT + 1] = { NULL };
	unsigned word;

	for (size_t i = 0; i < COUNT; i++)
		words[i] = causes[i] == TAPE_PEOM ? "peom"
						  : tape_cause_name(causes[i]);
	if (scenario_read_word(reader, key, node, words, &word))
		reader->fault->cause = causes[word];
}

static void read_move_how(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	unsigned word;

	if (scenario_read_word(reader, key, node, changer_how_names(), &word))
		reader->fault->move_mode = (enum changer_how)word;
}

static void read_how(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { [SLICE_MISSING] = "missing",
		[SLICE_TRUNCATED] = "truncated",
		[SLICE_CORRUPT] = "corrupt",
		NULL };
	unsigned word;

	if (scenario_read_word(reader, key, node, words, &word))
		reader->fault->slice_mode = (enum scenario_slice_mode)word;
}

/* Where the kind is not known, and so not which words there are. */
static void read_any_how(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	const char *text;

	scenario_read_text(reader, key, node, &text);
}

static void read_for(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_time(reader, key, node, &reader->fault->duration_ns);
}

static void read_after(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_time(reader, key, node, &reader->fault->after_ns);
}

void scenario_read_fail(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	const struct scenario_fault_kind *kinds = scenario_fault_kinds;
	const char *words[KINDS_MAX + 1] = { NULL };
	unsigned word;

	for (size_t i = 0; kinds[i].word != NULL; i++)
		words[i] = kinds[i].word;
	if (scenario_read_word(reader, key, node, words, &word))
		reader->fault->fail = kinds[word].fail;
}

/* A fault of a cache needs that cache. */
static void read_spool_fail(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_fail(reader, key, node);
	if (!reader->cache_bad && reader->scenario->cache != CACHE_SPOOL)
		scenario_error(reader, node,
		    "fail: %s needs a spool; say "
		    "cache: spool in the splitter",
		    node->text);
}

static void read_slice_fail(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_fail(reader, key, node);
	if (!reader->cache_bad && reader->scenario->cache != CACHE_SLICES)
		scenario_error(reader, node,
		    "fail: %s needs slices; say "
		    "cache: slices in the splitter",
		    node->text);
}

static const struct scenario_field operation_fields[] = {
	{ "fail", true, scenario_read_fail }, { "nth", true, read_nth },
	{ "cause", false, read_cause }, { "once", false, scenario_read_once },
	{ NULL, false, NULL }
};

static const struct scenario_field move_fields[] = { { "fail", true,
							 scenario_read_fail },
	{ "nth", true, read_nth }, { "mode", true, read_move_how },
	{ "once", false, scenario_read_once }, { NULL, false, NULL } };

static const struct scenario_field barcode_fields[] = {
	{ "fail", true, scenario_read_fail },
	{ "volume", true, scenario_read_fault_volume }, { NULL, false, NULL }
};

static const struct scenario_field spool_write_fields[] = {
	{ "fail", true, read_spool_fail }, { "at", true, read_byte },
	{ "once", false, scenario_read_once }, { NULL, false, NULL }
};

static const struct scenario_field spool_read_fields[] = {
	{ "fail", true, read_spool_fail }, { "at", true, read_byte },
	{ NULL, false, NULL }
};

static const struct scenario_field slice_fields[] = {
	{ "fail", true, read_slice_fail }, { "nth", true, read_nth },
	{ "mode", true, read_how }, { NULL, false, NULL }
};

static const struct scenario_field announce_fields[] = { { "fail", true,
							     read_slice_fail },
	{ "nth", true, read_nth }, { NULL, false, NULL } };

static const struct scenario_field producer_fields[] = {
	{ "fail", true, scenario_read_fail }, { "at", true, read_point },
	{ NULL, false, NULL }
};

static const struct scenario_field stall_fields[] = {
	{ "fail", true, scenario_read_fail }, { "at", true, read_point },
	{ "duration", true, read_for }, { NULL, false, NULL }
};

static const struct scenario_field cancel_fields[] = {
	{ "fail", true, scenario_read_fail }, { "at", false, read_point },
	{ "after_time", false, read_after }, { NULL, false, NULL }
};

/* A key that says nothing where the kind is not known. */
static void read_nothing(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	(void)reader;
	(void)key;
	(void)node;
}

/* All keys that there are. */
static const struct scenario_field any_fields[] = { { "fail", true,
							scenario_read_fail },
	{ "volume", false, scenario_read_fault_volume },
	{ "at", false, read_any_at }, { "sense", false, scenario_read_sense },
	{ "once", false, scenario_read_once }, { "nth", false, read_nth },
	{ "cause", false, read_cause }, { "mode", false, read_any_how },
	{ "duration", false, read_for }, { "after_time", false, read_after },
	{ "operation", false, read_nothing }, { "drive", false, read_nothing },
	{ "every", false, read_nothing },
	{ "after_bytes", false, read_nothing },
	{ "one_in", false, read_nothing }, { "length", false, read_nothing },
	{ "deferred", false, read_nothing },
	{ "slowdown", false, read_nothing }, { "block", false, read_nothing },
	{ "file", false, read_nothing },
	{ "recover_after", false, read_nothing }, { NULL, false, NULL } };

const struct scenario_fault_kind scenario_fault_kinds[] = {
	{ "write", "a write fault", FAIL_WRITE, scenario_write_fault_fields },
	{ "read", "a read fault", FAIL_READ, scenario_read_fault_fields },
	{ "slow", "a slow fault", FAIL_SLOW, scenario_slow_fault_fields },
	{ "corrupt", "a corrupt fault", FAIL_CORRUPT,
	    scenario_corrupt_fault_fields },
	{ "block", "a block fault", FAIL_BLOCK, operation_fields },
	{ "header", "a header fault", FAIL_HEADER, operation_fields },
	{ "filemark", "a filemark fault", FAIL_FILEMARK, operation_fields },
	{ "label", "a label fault", FAIL_LABEL, operation_fields },
	{ "load", "a load fault", FAIL_LOAD, operation_fields },
	{ "move", "a move fault", FAIL_MOVE, move_fields },
	{ "barcode", "a barcode fault", FAIL_BARCODE, barcode_fields },
	{ "drive", "a drive fault", FAIL_DRIVE, scenario_drive_fault_fields },
	{ "spool_write", "a spool_write fault", FAIL_SPOOL_WRITE,
	    spool_write_fields },
	{ "spool_read", "a spool_read fault", FAIL_SPOOL_READ,
	    spool_read_fields },
	{ "slice", "a slice fault", FAIL_SLICE, slice_fields },
	{ "slice_announcement", "a slice_announcement fault",
	    FAIL_SLICE_ANNOUNCEMENT, announce_fields },
	{ "producer", "a producer fault", FAIL_PRODUCER, producer_fields },
	{ "stall", "a stall fault", FAIL_STALL, stall_fields },
	{ "cancel", "a cancel fault", FAIL_CANCEL, cancel_fields },
	{ NULL, "a fault", FAIL_WRITE, any_fields }
};

/* The kind of a fault, or the last of the table where it is none. */
static const struct scenario_fault_kind *kind_of(const struct yaml_tree *node)
{
	const struct scenario_fault_kind *kind = scenario_fault_kinds;
	const struct yaml_tree *fail =
	    node->kind == YAML_TREE_MAP ? yaml_tree_get(node, "fail") : NULL;

	while (kind->word != NULL &&
	    (fail == NULL || fail->kind != YAML_TREE_TEXT ||
		strcmp(fail->text, kind->word) != 0))
		kind++;
	return kind;
}

void scenario_fault_init(struct scenario_fault *fault)
{
	*fault = (struct scenario_fault){ .cause = TAPE_MEDIUM_ERROR,
		.after_ns = -1,
		.sense = sense_find("medium_error") };
	fault->of_drive.sense = fault->sense->sense;
}

void scenario_read_fault(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	const struct scenario_fault_kind *kind = kind_of(node);
	bool at, after;

	if (kind->word != NULL && scenario_is_defect(kind->fail))
		reader->fault->of_volume.fail =
		    (enum volume_fail)(kind->fail - FAIL_WRITE);
	if (kind->fail == FAIL_READ)
		reader->fault->sense = sense_find("read_error");
	scenario_read_map(reader, kind->what, node, kind->fields);
	if (kind->fail == FAIL_DRIVE)
		scenario_check_drive_fault(reader, node);
	if (kind->word != NULL && scenario_is_defect(kind->fail))
		scenario_check_defect(reader, node);
	if (kind->fail != FAIL_CANCEL)
		return;
	at = yaml_tree_get(node, "at") != NULL;
	after = yaml_tree_get(node, "after_time") != NULL;
	if (at == after)
		scenario_error(reader, node,
		    at ? "a cancel fault takes \"at\" "
			 "or \"after_time\", not both"
		       : "a cancel fault needs the key "
			 "\"at\" or \"after_time\"");
}
