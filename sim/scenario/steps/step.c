/* step.c: the key `steps` of a scenario. */
#include "sim/scenario/step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/steps/impl.h"
#include "splitter/base/text.h"

enum { MEASURED_BYTES = 16 << 20 };

#define KIND(does) SCENARIO_STEP(STEP_##does)
#define WRITES     (KIND(WRITE) | KIND(APPEND) | KIND(RESUME))
#define PROGRAMS   (WRITES | KIND(LABEL) | KIND(SCAN) | KIND(READ) | KIND(VERIFY))
#define OF_VOLUME                                                             \
	(KIND(MEASURE) | KIND(ERASE) | KIND(MOVE) | KIND(SWAP) |              \
	    KIND(TAKE_OUT) | KIND(PUT_IN) | KIND(PROTECT) | KIND(UNPROTECT) | \
	    KIND(EXCHANGE_LABELS) | KIND(DUPLICATE) | KIND(OVERWRITE))

static const char *const *interrupt_words(void)
{
	static const char *const words[] = { "sigkill", "power", "pull", NULL };

	return words;
}

static void read_by(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	unsigned word;

	if (key_read_choice(keys, key, node, &word))
		scenario_reader_of(keys)->step->interrupt.by =
		    (enum scenario_interrupt_by)(word + 1);
}

static const char *const *operation_words(void)
{
	static const char *const words[] = { "header", "filemark", "label",
		"load", NULL };

	return words;
}

static void read_operation(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	static const enum splitter_fault_at operations[] = {
		SPLITTER_FAULT_HEADER, SPLITTER_FAULT_FILEMARK,
		SPLITTER_FAULT_LABEL, SPLITTER_FAULT_LOAD
	};
	struct scenario_interrupt *to =
	    &scenario_reader_of(keys)->step->interrupt;
	unsigned word;

	if (!key_read_choice(keys, key, node, &word))
		return;
	to->at_operation = true;
	to->what = operations[word];
}

static const struct key interrupt_keys[] = {
	{ .name = "by",
	    .type = KEY_CHOICE,
	    .words = interrupt_words,
	    .required = true,
	    .read = read_by,
	    .example = "sigkill",
	    .meaning = "What happens.",
	    .choices = "sigkill: The program is killed. The buffer of the "
		       "drive reaches the medium; no filemark follows.\n"
		       "power: The power fails. The buffer of the drive is "
		       "lost.\n"
		       "pull: A person pulls the volume out of the drive. The "
		       "buffer of the drive is lost; the program continues, "
		       "with an error.\n" },
	{ .name = "at",
	    .type = KEY_SIZE,
	    KEY_MEMBER(struct scenario_interrupt, at_bytes),
	    .range = "an offset in the dump",
	    .otherwise = "before the first block",
	    .example = "100 MB",
	    .meaning = "Before the drive takes the block of the dump that "
		       "has this byte." },
	{ .name = "before",
	    .type = KEY_CHOICE,
	    .words = operation_words,
	    .read = read_operation,
	    .example = "filemark",
	    .meaning = "Before an operation of this kind." },
	{ .name = "nth",
	    .type = KEY_COUNT,
	    .min = 1,
	    .max = UINT64_MAX,
	    KEY_MEMBER(struct scenario_interrupt, nth),
	    .initial = "1",
	    .only = "before",
	    .example = "3",
	    .meaning = "The Nth of these operations in this step." },
	{ .name = NULL }
};

const struct key_map scenario_interrupt_map = { "interrupt", interrupt_keys };

static void read_interrupt(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_step *step = scenario_reader_of(keys)->step;
	bool at, before;

	(void)key;
	step->interrupt.nth = 1;
	key_read_map(keys, &scenario_interrupt_map, node, &step->interrupt);
	if (node->kind != YAML_TREE_MAP)
		return;
	at = yaml_tree_get(node, "at") != NULL;
	before = yaml_tree_get(node, "before") != NULL;
	if (at && before)
		key_error(keys, node,
		    "interrupt takes only one of the keys \"at\" and "
		    "\"before\"");
}

/* Reads expectations, whose dumps must be dumps of the step. */
static void read_expect(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario *s = reader->scenario;
	struct metrics_expect *list = s->expects;
	size_t count = s->expects_count;

	s->expects = NULL;
	s->expects_count = 0;
	scenario_read_expect(keys, key, node);
	reader->step->expects = s->expects;
	reader->step->expects_count = s->expects_count;
	s->expects = list;
	s->expects_count = count;
}

static const char *const *measures_words(void)
{
	static const char *const words[] = { "rate", "blocks", "filemarks",
		"positions", "ends", "second_drive", NULL };

	return words;
}

static const char *const *compression_words(void)
{
	static const char *const words[] = { "as_found", "off", "on", NULL };

	return words;
}

static void read_faults(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario *s = reader->scenario;
	struct scenario_fault *list = s->faults;
	size_t count = s->faults_count;

	s->faults = NULL;
	s->faults_count = 0;
	scenario_read_faults(keys, key, node);
	reader->step->faults = s->faults;
	reader->step->faults_count = s->faults_count;
	s->faults = list;
	s->faults_count = count;
}

/* The dumps and the volumes come first: other keys are checked with them. */
static const struct key step_keys[] = {
	{ .name = "step",
	    .type = KEY_CHOICE,
	    .words = scenario_step_words,
	    .required = true,
	    .kinds = ~(uint32_t)0,
	    KEY_MEMBER(struct scenario_step, does),
	    .example = "write",
	    .meaning = "What happens." },
	{ .name = "dump",
	    .type = KEY_TEXT,
	    .required = true,
	    .kinds = KIND(RESUME) | KIND(READ),
	    .read = scenario_read_step_dumps,
	    .range = "the name of a dump",
	    .example = "nightly",
	    .meaning = "The dump, which a step above has written." },
	{ .name = "dump",
	    .type = KEY_TEXT,
	    .required = true,
	    .kinds = KIND(WRITE) | KIND(APPEND),
	    .read = scenario_read_step_dumps,
	    .range = "the name of a dump, or a list of names",
	    .example = "[nightly, weekly]",
	    .meaning = "The dump; several are written at the same time.",
	    .detail = "Several take any scratch volumes, without the "
		      "catalogue, and cannot be interrupted.",
	    .schema = "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": "
		      "\"array\", \"minItems\": 1, \"items\": {\"type\": "
		      "\"string\"}}]}" },
#define VOLUMES_SCHEMA                                                  \
	"{\"anyOf\": [{\"$ref\": \"#/$defs/volume_name\"}, {\"type\": " \
	"\"array\", \"minItems\": 1, \"items\": {\"$ref\": "            \
	"\"#/$defs/volume_name\"}}]}"
	{ .name = "volumes",
	    .type = KEY_TEXT,
	    .required = true,
	    .kinds = KIND(APPEND),
	    KEY_MEMBER(struct scenario_step, volumes),
	    .read = scenario_read_step_volumes,
	    .range = "a volume, or a list of volumes",
	    .example = "[TL0001, TL0002]",
	    .meaning = "The only volumes to use, in this order.",
	    .schema = VOLUMES_SCHEMA },
	{ .name = "volumes",
	    .type = KEY_TEXT,
	    .kinds = PROGRAMS & ~KIND(APPEND),
	    KEY_MEMBER(struct scenario_step, volumes),
	    .read = scenario_read_step_volumes,
	    .otherwise = "all volumes of the library, by slot",
	    .range = "a volume, or a list of volumes",
	    .example = "[TL0001, TL0002]",
	    .meaning = "The only volumes to use, in this order.",
	    .schema = VOLUMES_SCHEMA },
	{ .name = "overwrite",
	    .type = KEY_TEXT,
	    .kinds = WRITES | KIND(LABEL),
	    KEY_MEMBER(struct scenario_step, overwrite),
	    .read = scenario_read_step_volumes,
	    .range = "a volume, or a list of volumes",
	    .example = "TL0001",
	    .meaning = "Volumes whose data may be overwritten.",
	    .schema = VOLUMES_SCHEMA },
	{ .name = "assume_present",
	    .type = KEY_TEXT,
	    .kinds = KIND(RESUME),
	    KEY_MEMBER(struct scenario_step, assumed),
	    .read = scenario_read_step_volumes,
	    .range = "a volume, or a list of volumes",
	    .example = "TL0001",
	    .meaning = "Volumes that are not loaded, and whose parts are "
		       "assumed to be safe.",
	    .schema = VOLUMES_SCHEMA },
	{ .name = "interrupt",
	    .type = KEY_MAP,
	    .map = &scenario_interrupt_map,
	    .kinds = WRITES,
	    .read = read_interrupt,
	    .example = "{by: sigkill, at: 100 MB}",
	    .meaning = "What interrupts the step, and where." },
	{ .name = "faults",
	    .type = KEY_LIST,
	    .kinds = WRITES,
	    .read = read_faults,
	    .example = "[{fail: block, nth: 7}]",
	    .meaning = "The faults of the dumps of this step.",
	    .detail = "Faults of volumes, drives and the robot are those of "
		      "the whole scenario.",
	    .schema = "{\"$ref\": \"#/properties/faults\"}" },
	{ .name = "part",
	    .type = KEY_COUNT,
	    .kinds = KIND(READ),
	    .min = 1,
	    .max = INT64_MAX,
	    KEY_MEMBER(struct scenario_step, part),
	    .otherwise = "all parts",
	    .example = "3",
	    .meaning = "Reads this part alone." },
	{ .name = "salvage",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    .kinds = KIND(READ) | KIND(VERIFY),
	    KEY_MEMBER(struct scenario_step, salvage),
	    .initial = "false",
	    .example = "true",
	    .meaning = "Continues after missing and damaged data." },
	{ .name = "volume",
	    .type = KEY_TEXT,
	    .required = true,
	    .kinds = OF_VOLUME,
	    KEY_MEMBER(struct scenario_step, volume),
	    .read = scenario_read_step_volume,
	    .range = "a barcode, or a place in the list of volumes from 1",
	    .example = "TL0002",
	    .meaning = "The volume.",
	    .schema = "{\"$ref\": \"#/$defs/volume_name\"}" },
	{ .name = "long",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    .kinds = KIND(ERASE),
	    KEY_MEMBER(struct scenario_step, whole),
	    .initial = "false",
	    .example = "true",
	    .meaning = "Writes over the whole medium, which takes as long as "
		       "a full volume.",
	    .detail = "Otherwise the drive writes an end of data only." },
	{ .name = "with",
	    .type = KEY_TEXT,
	    .required = true,
	    .kinds = KIND(SWAP) | KIND(EXCHANGE_LABELS),
	    KEY_MEMBER(struct scenario_step, with),
	    .read = scenario_read_step_volume,
	    .range = "a barcode, or a place in the list of volumes from 1",
	    .example = "TL0003",
	    .meaning = "The other volume.",
	    .schema = "{\"$ref\": \"#/$defs/volume_name\"}" },
	{ .name = "what",
	    .type = KEY_CHOICE,
	    .words = measures_words,
	    .required = true,
	    .kinds = KIND(MEASURE),
	    KEY_MEMBER(struct scenario_step, measures),
	    .example = "rate",
	    .meaning = "What is measured.",
	    .choices =
		"rate: The rates of writing and reading, of each direction of "
		"the tape where the length of a wrap is known.\n"
		"blocks: Blocks of 4 KiB up to the largest of the drive.\n"
		"filemarks: The time of a filemark, with and without "
		"synchronisation, after each `size`.\n"
		"positions: The times of rewind, locate, unload and load.\n"
		"ends: The bytes up to the early warning and to the physical "
		"end of the tape.\n"
		"second_drive: The rate at which a second drive reads what the "
		"last step of `rate` before this one wrote on the volume, which "
		"must have the same `size`, `block` and `zeros`. It writes "
		"nothing. A virtual library may take the same drive again.\n" },
	{ .name = "size",
	    .type = KEY_SIZE,
	    .kinds = KIND(MEASURE),
	    .min = 4096,
	    .power = 61,
	    KEY_MEMBER(struct scenario_step, size_bytes),
	    .initial = "16 MiB",
	    .example = "20 GB",
	    .meaning = "How much is written, or read back." },
	{ .name = "block",
	    .type = KEY_SIZE,
	    .kinds = KIND(MEASURE),
	    .min = 4096,
	    .power = 26,
	    KEY_MEMBER(struct scenario_step, block_bytes),
	    .otherwise = "the block of the splitter",
	    .example = "1 MiB",
	    .meaning = "The size of a block." },
	{ .name = "zeros",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    .kinds = KIND(MEASURE),
	    KEY_MEMBER(struct scenario_step, zeros),
	    .initial = "false",
	    .example = "true",
	    .meaning = "Writes zeros, which a drive compresses, instead of "
		       "incompressible data." },
	{ .name = "compression",
	    .type = KEY_CHOICE,
	    .words = compression_words,
	    .kinds = KIND(MEASURE),
	    KEY_MEMBER(struct scenario_step, compression),
	    .initial = "as_found",
	    .example = "off",
	    .meaning = "The compression of a drive that exists.",
	    .detail = "A virtual drive keeps that of its behaviour.",
	    .choices = "as_found: It is not changed.\n"
		       "off: Off in this step.\n"
		       "on: On in this step.\n" },
	{ .name = "to",
	    .type = KEY_TEXT,
	    .required = true,
	    .kinds = KIND(MOVE),
	    .read = scenario_read_step_place,
	    .range = "`slot:N`, `drive:N` or `ie:N`, from 1",
	    .example = "slot:5",
	    .meaning = "The place to which the volume comes." },
	{ .name = "to",
	    .type = KEY_TEXT,
	    .kinds = KIND(PUT_IN) | KIND(CLEANING),
	    .read = scenario_read_step_place,
	    .otherwise = "the first empty slot",
	    .range = "`slot:N`, `drive:N` or `ie:N`, from 1",
	    .example = "slot:5",
	    .meaning = "The place to which the cartridge comes." },
	{ .name = "holds",
	    .type = KEY_CHOICE,
	    .words = scenario_holds_words,
	    .kinds = KIND(DUPLICATE) | KIND(OVERWRITE),
	    KEY_MEMBER(struct scenario_step, holds),
	    .initial = "blank",
	    .example = "tar",
	    .meaning = "What is on the cartridge afterwards; see `holds` of a "
		       "volume." },
	{ .name = "cartridge",
	    .type = KEY_TEXT,
	    .required = true,
	    .kinds = KIND(CLEANING),
	    .read = scenario_read_step_cleaning,
	    .range = "CLN and more of the characters A to Z and 0 to 9",
	    .example = "CLN001",
	    .meaning = "The barcode of the cleaning cartridge." },
	{ .name = "drive",
	    .type = KEY_COUNT,
	    .required = true,
	    .kinds = KIND(EXCHANGE_DRIVE),
	    .min = 1,
	    .max = CHANGER_DRIVES_MAX,
	    KEY_MEMBER(struct scenario_step, drive),
	    .example = "1",
	    .meaning = "The drive, from 1." },
	{ .name = "model",
	    .type = KEY_CHOICE,
	    .words = model_names,
	    .required = true,
	    .kinds = KIND(EXCHANGE_DRIVE),
	    .read = scenario_read_step_model,
	    .example = "lto7",
	    .meaning = "The model of the new drive." },
	{ .name = "time",
	    .type = KEY_TIME,
	    .required = true,
	    .kinds = KIND(WAIT),
	    KEY_MEMBER(struct scenario_step, duration_ns),
	    .range = "at most 10000 h",
	    .example = "24 h",
	    .meaning = "How long." },
	{ .name = "expect",
	    .type = KEY_LIST,
	    .kinds = ~(uint32_t)0,
	    .read = read_expect,
	    .example = "[result == done]",
	    .meaning = "The expectations of this step.",
	    .detail = "Metrics are those of the step, and of its dumps.",
	    .schema = "{\"$ref\": \"#/properties/expect\"}" },
	{ .name = NULL }
};

const struct key_map scenario_step_map = { "a step", step_keys };

/* Returns the kind of a step, or reports an error and returns -1. */
static int kind_of(struct scenario_reader *reader, const struct yaml_tree *node)
{
	const struct yaml_tree *word =
	    node->kind == YAML_TREE_MAP ? yaml_tree_get(node, "step") : NULL;
	char message[YAML_ERROR_BYTES];
	struct text_quote quote;

	if (node->kind == YAML_TREE_BROKEN)
		return -1;
	if (word == NULL || word->kind != YAML_TREE_TEXT) {
		key_error(&reader->keys, node,
		    "a step needs the key \"step\": write - {step: write, "
		    "dump: a}");
		return -1;
	}
	for (int i = 0; i < SCENARIO_STEP_KINDS; i++)
		if (strcmp(word->text, scenario_step_kinds[i].word) == 0)
			return i;
	snprintf(message, sizeof message, "step: unknown step %s",
	    text_quote(&quote, word->text));
	text_suggest(message, sizeof message, word->text,
	    scenario_step_words());
	key_error(&reader->keys, word, "%s", message);
	return -1;
}

void scenario_read_steps(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario *s = reader->scenario;
	int kind;

	s->steps = scenario_new_entries(keys, key, node, sizeof *s->steps,
	    "such as - {step: write, dump: a}");
	if (s->steps == NULL)
		return;
	reader->step_nodes =
	    calloc(node->count + 1, sizeof(*reader->step_nodes));
	if (reader->step_nodes == NULL) {
		key_error(keys, node, "out of memory");
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		kind = kind_of(reader, node->items[i]);
		if (kind < 0)
			continue;
		reader->step_nodes[s->steps_count] = node->items[i];
		reader->step = &s->steps[s->steps_count++];
		reader->step->line = node->items[i]->line;
		reader->step->size_bytes = MEASURED_BYTES;
		key_read_kind(keys, &scenario_step_map,
		    scenario_step_kinds[kind].what, (uint32_t)1 << kind,
		    node->items[i], reader->step);
		reader->step = NULL;
	}
}
