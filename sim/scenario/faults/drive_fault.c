/* drive_fault.c: the keys of faults of a drive, and when they apply. */
#include <jansson.h>
#include <stdio.h>

#include "sim/scenario/faults/impl.h"

#define DRIVE .kinds = SCENARIO_KIND(FAIL_DRIVE)

static struct drive_fault *fault_of(struct scenario_reader *reader)
{
	return &reader->fault->of_drive;
}

static void read_drive(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	size_t drives = reader->scenario->drives_count;
	uint64_t number;

	if (!key_read_count(keys, key, node, &number) || drives == 0)
		return;
	if (number > drives)
		key_error(keys, node,
		    "%s: the library has only %zu; this is the place in the "
		    "list of drives, from 1",
		    key->name, drives);
	else
		reader->fault->drive = (size_t)number;
}

static void check_at(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	(void)key;
	(void)node;
	fault_of(reader)->end_byte = fault_of(reader)->begin_byte + 1;
}

/* Reads the length of the region, which begins at the key `at`. */
static void read_length(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct drive_fault *f = fault_of(reader);
	uint64_t bytes;

	if (!key_read_size(keys, key, node, &bytes))
		return;
	if (f->end_byte == 0)
		key_error(keys, node,
		    "%s: needs the key \"at\", where it begins", key->name);
	else
		f->end_byte = f->begin_byte + bytes;
}

/* Reports an error if the fault does not have the mode that this key needs. */
static void mode_is(struct scenario_reader *reader, const struct key *key,
    const struct yaml_tree *node, enum drive_fault_mode mode)
{
	if (fault_of(reader)->mode != mode)
		key_error(&reader->keys, node, "%s: only with mode: %s",
		    key->name, drive_fault_mode_names()[mode]);
}

static void check_hang(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	mode_is(reader, key, node, DRIVE_FAULT_HANG);
}

static void check_slow(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	mode_is(reader, key, node, DRIVE_FAULT_SLOW);
}

static void check_move(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	mode_is(reader, key, node, DRIVE_FAULT_MOVE);
}

/* Reads the sense data.  The key `mode` was read before. */
static void read_sense(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	unsigned word;

	if (key_read_choice(keys, key, node, &word))
		fault_of(reader)->sense = sense_find(key->words()[word])->sense;
	mode_is(reader, key, node, DRIVE_FAULT_FAIL);
}

static void check_deferred(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const struct drive_fault *f = fault_of(reader);

	if (f->deferred &&
	    (f->op != DRIVE_WRITE || f->mode != DRIVE_FAULT_FAIL ||
		f->sense.key == SENSE_RECOVERED))
		key_error(keys, node,
		    "%s: only an error of operation: write can be deferred",
		    key->name);
}

static void check_once(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	if (fault_of(reader)->mode == DRIVE_FAULT_SLOW)
		key_error(keys, node,
		    "%s: not allowed with mode: slow; use at or nth",
		    key->name);
}

static json_t *drive_json(const void *base)
{
	const struct scenario_fault *f = base;

	return f->drive == 0 ? NULL : json_integer((json_int_t)f->drive);
}

static json_t *volume_json(const void *base)
{
	const struct scenario_fault *f = base;

	return f->of_drive.barcode[0] == '\0'
	    ? NULL
	    : json_string(f->of_drive.barcode);
}

static json_t *at_json(const void *base)
{
	const struct drive_fault *f =
	    &((const struct scenario_fault *)base)->of_drive;

	return f->end_byte == 0 ? NULL : scenario_size_json(f->begin_byte);
}

static json_t *length_json(const void *base)
{
	const struct drive_fault *f =
	    &((const struct scenario_fault *)base)->of_drive;

	return f->end_byte <= f->begin_byte + 1
	    ? NULL
	    : scenario_size_json(f->end_byte - f->begin_byte);
}

/* Returns the mode as JSON, also if it is the default. */
static json_t *mode_json(const void *base)
{
	const struct scenario_fault *f = base;

	return json_string(drive_fault_mode_names()[f->of_drive.mode]);
}

static json_t *sense_json(const void *base)
{
	const struct drive_fault *f =
	    &((const struct scenario_fault *)base)->of_drive;
	const struct sense_event *e = sense_events();

	while (e->name != NULL &&
	    (e->sense.key != f->sense.key || e->sense.asc != f->sense.asc ||
		e->sense.ascq != f->sense.ascq))
		e++;
	if (f->mode != DRIVE_FAULT_FAIL)
		return NULL;
	return json_string(e->name != NULL ? e->name : "?");
}

/* A key comes after all keys that it is checked against. */
static const struct key drive_fault_keys[] = {
	{ .name = "fail",
	    .type = KEY_CHOICE,
	    .words = scenario_kind_words,
	    .required = true,
	    DRIVE,
	    KEY_MEMBER(struct scenario_fault, fail),
	    .example = "drive",
	    .meaning = "What fails." },
	{ .name = "operation",
	    .type = KEY_CHOICE,
	    .words = drive_op_names,
	    .required = true,
	    DRIVE,
	    KEY_MEMBER(struct scenario_fault, of_drive.op),
	    .example = "write",
	    .meaning = "The operation that fails.",
	    .detail = "`write` and `read` count each block, labels and headers "
		      "included; a block that does not fit on the volume is "
		      "not counted. If `unload` fails, the cartridge stays in "
		      "the drive; the library tries once more, which counts "
		      "too, and then takes the cartridge out by hand." },
	{ .name = "drive",
	    .type = KEY_COUNT,
	    DRIVE,
	    .min = 1,
	    .max = SIZE_MAX,
	    .read = read_drive,
	    .json = drive_json,
	    .otherwise = "every drive",
	    .range = "from 1 to the number of drives",
	    .example = "1",
	    .meaning = "The drive: its place in the list of drives." },
	{ .name = "volume",
	    .type = KEY_COUNT,
	    DRIVE,
	    .min = 1,
	    .max = SIZE_MAX,
	    .read = scenario_read_fault_volume,
	    .json = volume_json,
	    .otherwise = "every volume",
	    .range = "from 1 to the number of volumes",
	    .example = "2",
	    .meaning = "Only while this volume is in the drive: its place in "
		       "the list of volumes." },
	{ .name = "nth",
	    .type = KEY_COUNT,
	    DRIVE,
	    .min = 1,
	    .max = UINT64_MAX,
	    KEY_MEMBER(struct scenario_fault, of_drive.nth),
	    .example = "16",
	    .meaning = "The Nth of these operations." },
	{ .name = "every",
	    .type = KEY_COUNT,
	    DRIVE,
	    .min = 1,
	    .max = UINT64_MAX,
	    KEY_MEMBER(struct scenario_fault, of_drive.every),
	    .example = "5",
	    .meaning = "Every Nth of these operations." },
	{ .name = "after_bytes",
	    .type = KEY_SIZE,
	    DRIVE,
	    .min = 1,
	    .power = 63,
	    KEY_MEMBER(struct scenario_fault, of_drive.after_bytes),
	    .range = "from 1 B",
	    .only = "operation: write` or `operation: read",
	    .example = "10 GB",
	    .meaning = "The first block with which the drive has written, or "
		       "read, more bytes than this.",
	    .detail = "Labels and headers count, too." },
	{ .name = "after_time",
	    .type = KEY_TIME,
	    DRIVE,
	    .min = 1,
	    KEY_MEMBER(struct scenario_fault, of_drive.after_ns),
	    .range = "1 ns to 10000 h",
	    .example = "30 s",
	    .meaning = "The first operation after this time, counted from the "
		       "start of the dump." },
	{ .name = "one_in",
	    .type = KEY_COUNT,
	    DRIVE,
	    .min = 1,
	    .max = UINT64_MAX,
	    KEY_MEMBER(struct scenario_fault, of_drive.one_in),
	    .example = "1000",
	    .meaning = "One operation in this number, by chance, drawn from "
		       "the seed." },
	{ .name = "at",
	    .type = KEY_SIZE,
	    DRIVE,
	    .power = 62,
	    KEY_MEMBER(struct scenario_fault, of_drive.begin_byte),
	    .check = check_at,
	    .json = at_json,
	    .example = "1 GiB",
	    .meaning = "The operations on the block that covers this byte of "
		       "the medium, counted from BOT, after compression." },
	{ .name = "length",
	    .type = KEY_SIZE,
	    DRIVE,
	    .min = 1,
	    .power = 62,
	    .read = read_length,
	    .json = length_json,
	    .initial = "1 B",
	    .only = "at",
	    .example = "64 KiB",
	    .meaning = "The length of the region, which begins at `at`." },
	{ .name = "mode",
	    .type = KEY_CHOICE,
	    .words = drive_fault_mode_names,
	    DRIVE,
	    KEY_MEMBER(struct scenario_fault, of_drive.mode),
	    .json = mode_json,
	    .initial = "fail",
	    .example = "reset",
	    .meaning = "How the operation fails.",
	    .choices = "fail: It does nothing and reports `sense`.\n"
		       "hang: It answers after `duration`, and the host resets "
		       "the drive.\n"
		       "reset: The drive is reset; its buffer and its position "
		       "are lost.\n"
		       "corrupt: The block on tape differs from the block that "
		       "was written, and nothing reports it. Only with "
		       "`operation: write`.\n"
		       "slow: It takes `slowdown` times longer. Only with "
		       "`operation: write` and `operation: read`.\n"
		       "move: Before the operation, which succeeds, the drive "
		       "writes its buffer, and the tape moves to `to_block`. "
		       "Nothing reports it. Not with `operation: read`.\n"
		       "silent_reset: The same, but the buffer is lost, and "
		       "the tape moves to BOT.\n" },
	{ .name = "sense",
	    .type = KEY_CHOICE,
	    .words = scenario_sense_words,
	    DRIVE,
	    .read = read_sense,
	    .json = sense_json,
	    .initial = "medium_error",
	    .only = "mode: fail",
	    .example = "hardware_error",
	    .meaning = "The sense data of the error." },
	{ .name = "deferred",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    DRIVE,
	    KEY_MEMBER(struct scenario_fault, of_drive.deferred),
	    .check = check_deferred,
	    .initial = "false",
	    .only = "operation: write, mode: fail",
	    .example = "true",
	    .meaning = "`true`: the block is acknowledged and never written; a "
		       "later command reports the error." },
	{ .name = "once",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    DRIVE,
	    KEY_MEMBER(struct scenario_fault, of_drive.once),
	    .check = check_once,
	    .initial = "false",
	    .example = "true",
	    .meaning = "`true`: one operation fails; `false`: all later ones "
		       "fail, too.",
	    .detail = "Not allowed with `mode: slow`." },
	{ .name = "duration",
	    .type = KEY_TIME,
	    DRIVE,
	    KEY_MEMBER(struct scenario_fault, of_drive.duration_ns),
	    .check = check_hang,
	    .otherwise = "the timeout of a host: 1500 s for a block, 1620 s "
			 "for a filemark, 2880 s for locate and space, 600 s "
			 "for rewind and unload, 960 s for load, 5 h for erase",
	    .range = "at most 10000 h",
	    .only = "mode: hang",
	    .example = "2 min",
	    .meaning = "How long the drive hangs." },
	{ .name = "slowdown",
	    .type = KEY_COUNT,
	    DRIVE,
	    .min = 2,
	    .max = 1000000,
	    KEY_MEMBER(struct scenario_fault, of_drive.slowdown),
	    .check = check_slow,
	    .only = "mode: slow",
	    .example = "4",
	    .meaning = "Slow-down factor: the operation takes this many times "
		       "longer.",
	    .detail = "Required with `mode: slow`." },
	{ .name = "to_block",
	    .type = KEY_COUNT,
	    DRIVE,
	    .max = UINT64_MAX,
	    KEY_MEMBER(struct scenario_fault, of_drive.to_object),
	    .check = check_move,
	    .initial = "0",
	    .only = "mode: move",
	    .example = "20",
	    .meaning = "The position to which the tape moves: the number of "
		       "blocks and filemarks between BOT and it.",
	    .detail = "0 is BOT. A position after EOD is EOD." },
	SCENARIO_UNREACHED_KEY(SCENARIO_KIND(FAIL_DRIVE)), { .name = NULL }
};

const struct key_map scenario_drive_fault_map = { "a fault", drive_fault_keys };

static bool transfers(enum drive_op op)
{
	return op == DRIVE_WRITE || op == DRIVE_READ;
}

void scenario_check_drive_fault(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	const struct drive_fault *f = fault_of(reader);

	if (f->mode == DRIVE_FAULT_SLOW &&
	    yaml_tree_get(node, "slowdown") == NULL)
		key_error(&reader->keys, node,
		    "a drive fault with mode: slow needs the key \"slowdown\"");
	if (yaml_tree_get(node, "operation") == NULL)
		return;
	if (f->mode == DRIVE_FAULT_CORRUPT && f->op != DRIVE_WRITE)
		key_error(&reader->keys, node,
		    "a drive fault with mode: corrupt needs operation: write");
	if ((f->mode == DRIVE_FAULT_MOVE ||
		f->mode == DRIVE_FAULT_SILENT_RESET) &&
	    f->op == DRIVE_READ)
		key_error(&reader->keys, node,
		    "a drive fault with mode: %s is not allowed with "
		    "operation: read",
		    drive_fault_mode_names()[f->mode]);
	if ((f->mode == DRIVE_FAULT_SLOW || f->after_bytes > 0) &&
	    !transfers(f->op))
		key_error(&reader->keys, node,
		    "a drive fault with mode: slow or after_bytes needs "
		    "operation: write or read");
}
