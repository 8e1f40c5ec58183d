/* defect.c: the keys of faults that are defects of a volume. */
#include <stdio.h>

#include "reports/units.h"
#include "sim/scenario/faults/impl.h"

#define DEFECTS                                                 \
	(SCENARIO_KIND(FAIL_WRITE) | SCENARIO_KIND(FAIL_READ) | \
	    SCENARIO_KIND(FAIL_SLOW) | SCENARIO_KIND(FAIL_CORRUPT))

/*
 * Checks that the defect is within the capacity of its volume, which was read
 * before.
 */
static void check_at(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const struct scenario_fault *f = reader->fault;
	uint64_t capacity;
	char size[UNITS_BYTES];

	if (f->volume == 0)
		return;
	capacity = scenario_capacity(reader->scenario, f->volume - 1);
	if (capacity == 0 || f->at_bytes < capacity)
		return;
	units_size_exact(size, capacity);
	key_error(keys, node, "%s: never reached; volume %zu ends at %s",
	    key->name, f->volume, size);
}

static void check_block(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	(void)key;
	(void)node;
	reader->fault->of_volume.unit = VOLUME_OBJECTS;
}

/* Reports an error if the fault has no key `block`, which was read before. */
static void check_file(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct volume_defect *d = &reader->fault->of_volume;

	if (d->unit == VOLUME_BYTES)
		key_error(keys, node,
		    "%s: needs the key \"block\", a block of this file",
		    key->name);
	d->unit = VOLUME_FILE_BLOCKS;
}

/* Reports an error for the volumes of a scenario, which have no partitions. */
static void check_partition(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);

	if (!reader->by_barcode && reader->fault->of_volume.partition > 0)
		key_error(keys, node,
		    "%s: a volume of a scenario has only partition 0",
		    key->name);
}

/*
 * Reads a length: in bytes after the key `at`, in blocks after the key `block`.
 */
static void read_length(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct volume_defect *d = &reader->fault->of_volume;

	if (d->unit == VOLUME_BYTES)
		key_read_size(keys, key, node, &d->length);
	else
		key_read_count(keys, key, node, &d->length);
}

/* The volume comes first: other keys are checked against its capacity. */
static const struct key defect_keys[] = {
	{ .name = "fail",
	    .type = KEY_CHOICE,
	    .words = scenario_kind_words,
	    .required = true,
	    .kinds = DEFECTS,
	    KEY_MEMBER(struct scenario_fault, fail),
	    .example = "write",
	    .meaning = "What fails." },
	{ .name = "volume",
	    .type = KEY_COUNT,
	    .required = true,
	    .kinds = DEFECTS,
	    .min = 1,
	    .max = SIZE_MAX,
	    .read = scenario_read_fault_volume,
	    .range = "from 1 to the number of volumes",
	    .example = "2",
	    .meaning = "The volume: its place in the list of volumes, where "
		       "each volume of a `count` counts." },
	{ .name = "at",
	    .type = KEY_SIZE,
	    .kinds = DEFECTS,
	    KEY_MEMBER(struct scenario_fault, at_bytes),
	    .check = check_at,
	    .range = "less than the capacity",
	    .example = "1 GiB",
	    .meaning = "The byte of the medium, counted from BOT, label and "
		       "headers included.",
	    .detail = "The block that covers this byte is affected." },
	{ .name = "block",
	    .type = KEY_COUNT,
	    .kinds = DEFECTS,
	    .max = INT64_MAX / 2,
	    KEY_MEMBER(struct scenario_fault, of_volume.at),
	    .check = check_block,
	    .example = "7",
	    .meaning = "The block of the volume, counted from 0 as a drive "
		       "counts its position: filemarks count.",
	    .detail = "With `file`: the block of that file, from 0, which is "
		      "the label or a header." },
	{ .name = "file",
	    .type = KEY_COUNT,
	    .kinds = DEFECTS,
	    .max = INT64_MAX,
	    KEY_MEMBER(struct scenario_fault, of_volume.file),
	    .check = check_file,
	    .otherwise = "`block` counts from BOT",
	    .only = "block",
	    .example = "1",
	    .meaning = "The tape file of the block; 0 is the label." },
	{ .name = "partition",
	    .type = KEY_COUNT,
	    .kinds = DEFECTS,
	    .max = VOLUME_PARTITIONS_MAX - 1,
	    KEY_MEMBER(struct scenario_fault, of_volume.partition),
	    .check = check_partition,
	    .initial = "0",
	    .example = "0",
	    .meaning = "The partition of the volume, from whose beginning "
		       "bytes, blocks and files are counted.",
	    .detail = "Only a volume of a library on disk can have more than "
		      "partition 0, after a SCSI FORMAT MEDIUM." },
	{ .name = "length",
	    .type = KEY_SIZE,
	    .kinds = DEFECTS,
	    .min = 1,
	    .max = INT64_MAX / 2,
	    .power = 62,
	    .read = read_length,
	    .otherwise = "one byte, or one block",
	    .range = "a size from 1 B; with `block` a number of blocks from 1",
	    .example = "64 KiB",
	    .meaning = "The length of the affected region.",
	    .schema = "{\"anyOf\": [{\"$ref\": \"#/$defs/size\"}, {\"type\": "
		      "\"integer\", \"minimum\": 1}]}" },
	{ .name = "sense",
	    .type = KEY_CHOICE,
	    .words = scenario_sense_words,
	    .kinds = SCENARIO_KIND(FAIL_WRITE),
	    .read = scenario_read_sense,
	    .initial = "medium_error",
	    .example = "hardware_error",
	    .meaning = "The sense data of the error." },
	{ .name = "sense",
	    .type = KEY_CHOICE,
	    .words = scenario_sense_words,
	    .kinds = SCENARIO_KIND(FAIL_READ),
	    .read = scenario_read_sense,
	    .initial = "read_error",
	    .example = "recovered_read",
	    .meaning = "The sense data of the error." },
	{ .name = "recover_after",
	    .type = KEY_COUNT,
	    .kinds = SCENARIO_KIND(FAIL_READ),
	    .min = 1,
	    .max = 1000000,
	    KEY_MEMBER(struct scenario_fault, of_volume.recover_after),
	    .otherwise = "each read fails",
	    .example = "2",
	    .meaning = "This number of reads fail; the next one is recovered.",
	    .detail = "The count then begins again. Reads are counted from the "
		      "load of the volume, all reads over the spot together. "
		      "The recovered read reports `recovered_read`." },
	{ .name = "one_in",
	    .type = KEY_COUNT,
	    .kinds = SCENARIO_KIND(FAIL_READ),
	    .min = 1,
	    .max = INT64_MAX,
	    KEY_MEMBER(struct scenario_fault, of_volume.one_in),
	    .otherwise = "each read fails",
	    .example = "10",
	    .meaning = "One read in this number fails, by chance, drawn from "
		       "the seed." },
	{ .name = "slowdown",
	    .type = KEY_COUNT,
	    .required = true,
	    .kinds = SCENARIO_KIND(FAIL_SLOW),
	    .min = 2,
	    .max = 1000000,
	    KEY_MEMBER(struct scenario_fault, of_volume.slowdown),
	    .example = "10",
	    .meaning = "Slow-down factor: a block there takes this many times "
		       "longer." },
	{ .name = "once",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    .kinds = SCENARIO_KIND(FAIL_WRITE) | SCENARIO_KIND(FAIL_READ) |
		SCENARIO_KIND(FAIL_CORRUPT),
	    KEY_MEMBER(struct scenario_fault, once),
	    .initial = "false",
	    .example = "true",
	    .meaning = "`true`: the spot affects one block once, and is good "
		       "after that.",
	    .detail = "`false`: the spot stays bad, whatever is written over "
		      "it and whichever drive the volume is in. A run never "
		      "returns to a volume that it has closed, so the "
		      "difference shows on a volume that is kept "
		      "(tapelab-run(1))." },
	SCENARIO_UNREACHED_KEY(DEFECTS), { .name = NULL }
};

const struct key_map scenario_defect_map = { "a fault", defect_keys };
