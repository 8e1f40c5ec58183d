/*
 * scenario_defect.c: a fault that is a defect of a volume: where it lies, and
 * what it does.
 */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/fields.h"
#include "sim/base/units.h"

static struct volume_defect *defect_of(struct scenario_reader *reader)
{
	return &reader->fault->of_volume;
}

/* A byte of the medium, on the volume that was read before. */
static void read_at(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct scenario_fault *f = reader->fault;
	uint64_t capacity;
	char size[40];

	if (!scenario_read_size(reader, key, node, &f->at_bytes))
		return;
	if (f->volume == 0)
		return;
	capacity = scenario_capacity(reader->scenario, f->volume - 1);
	if (capacity == 0 || f->at_bytes < capacity)
		return;
	units_format_size(capacity, size, sizeof(size));
	scenario_error(reader, node,
	    "at: volume %zu ends at %s; nothing is "
	    "ever written there",
	    f->volume, size);
}

static void read_block(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	if (scenario_read_count(reader, key, node, 0, INT64_MAX / 2,
		&defect_of(reader)->at))
		defect_of(reader)->unit = VOLUME_OBJECTS;
}

/* Behind `block`, which is one of it. */
static void read_file(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct volume_defect *d = defect_of(reader);

	if (!scenario_read_count(reader, key, node, 0, INT64_MAX, &d->file))
		return;
	if (d->unit == VOLUME_BYTES)
		scenario_error(reader, node,
		    "file: of which \"block\" is "
		    "one, which is missing");
	d->unit = VOLUME_FILE_BLOCKS;
}

/* Of bytes, or of blocks; behind the place. */
static void read_length(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct volume_defect *d = defect_of(reader);
	bool good = d->unit == VOLUME_BYTES
	    ? scenario_read_size_below(reader, key, node, 62, &d->length)
	    : scenario_read_count(reader, key, node, 1, INT64_MAX / 2,
		  &d->length);

	if (good && d->length == 0)
		scenario_error(reader, node, "length: at least a byte");
}

static void read_tries(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_count(reader, key, node, 1, 1000000,
	    &defect_of(reader)->tries);
}

static void read_one_in(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_count(reader, key, node, 1, INT64_MAX,
	    &defect_of(reader)->one_in);
}

static void read_times(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_count(reader, key, node, 2, 1000000,
	    &defect_of(reader)->factor);
}

/* The volume comes first: the place is checked against it. */
#define PLACE                                                               \
	{ "volume", true, scenario_read_fault_volume },                     \
	    { "at", false, read_at }, { "block", false, read_block },       \
	    { "file", false, read_file }, { "length", false, read_length }, \
	{                                                                   \
		"fail", true, scenario_read_fail                            \
	}

const struct scenario_field scenario_write_fault_fields[] = { PLACE,
	{ "sense", false, scenario_read_sense },
	{ "once", false, scenario_read_once }, { NULL, false, NULL } };

const struct scenario_field scenario_read_fault_fields[] = { PLACE,
	{ "sense", false, scenario_read_sense },
	{ "recover_after", false, read_tries },
	{ "one_in", false, read_one_in }, { "once", false, scenario_read_once },
	{ NULL, false, NULL } };

const struct scenario_field scenario_slow_fault_fields[] = { PLACE,
	{ "slowdown", true, read_times }, { NULL, false, NULL } };

const struct scenario_field scenario_corrupt_fault_fields[] = { PLACE,
	{ "once", false, scenario_read_once }, { NULL, false, NULL } };

void scenario_check_defect(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct scenario_fault *f = reader->fault;
	bool at = yaml_tree_get(node, "at") != NULL;
	bool block = yaml_tree_get(node, "block") != NULL;
	const char *what = volume_fail_names()[f->of_volume.fail];

	if (at == block)
		scenario_error(reader, node,
		    at ? "a %s fault takes \"at\" or "
			 "\"block\", not both"
		       : "a %s fault needs the key \"at\" "
			 "or \"block\"",
		    what);
	if (f->once + (f->of_volume.tries > 0) + (f->of_volume.one_in > 0) > 1)
		scenario_error(reader, node,
		    "a %s fault takes one of "
		    "\"once\", \"recover_after\" and \"one_in\"",
		    what);
}

bool scenario_is_defect(enum scenario_fail fail)
{
	return fail >= FAIL_WRITE && fail <= FAIL_CORRUPT;
}

void scenario_defect(const struct scenario_fault *fault,
    struct volume_defect *defect)
{
	static const struct sense none;

	*defect = fault->of_volume;
	defect->once = fault->once;
	if (defect->unit == VOLUME_BYTES)
		defect->at = fault->at_bytes;
	defect->sense =
	    defect->fail == VOLUME_WRITE || defect->fail == VOLUME_READ
	    ? fault->sense->sense
	    : none;
}
