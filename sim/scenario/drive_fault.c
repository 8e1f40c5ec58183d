/* scenario_drive_fault.c: a fault of a drive, and when it strikes. */
#include <stdio.h>

#include "sim/scenario/fields.h"

static struct drive_fault *fault_of(struct scenario_reader *reader)
{
	return &reader->fault->of_drive;
}

static void read_operation(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	unsigned word;

	if (scenario_read_word(reader, key, node, drive_op_names(), &word))
		fault_of(reader)->op = (enum drive_op)word;
}

static void read_drive(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	size_t drives = reader->scenario->drives_count;
	uint64_t number;

	if (!scenario_read_count(reader, key, node, 1, SIZE_MAX, &number) ||
	    drives == 0)
		return;
	if (number > drives)
		scenario_error(reader, node,
		    "drive: there are only %zu; "
		    "this is the place in the list of drives, from 1",
		    drives);
	else
		reader->fault->drive = (size_t)number;
}

static void read_nth(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_count(reader, key, node, 1, UINT64_MAX,
	    &fault_of(reader)->nth);
}

static void read_every(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_count(reader, key, node, 1, UINT64_MAX,
	    &fault_of(reader)->every);
}

static void read_behind(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	uint64_t *bytes = &fault_of(reader)->after_bytes;

	if (scenario_read_size_below(reader, key, node, 63, bytes) &&
	    *bytes == 0)
		scenario_error(reader, node,
		    "after_bytes: at least a byte; the "
		    "first one is nth: 1");
}

static void read_after(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	int64_t *ns = &fault_of(reader)->after_ns;

	if (scenario_read_time(reader, key, node, ns) && *ns == 0)
		scenario_error(reader, node,
		    "after_time: at least a nanosecond; "
		    "the first one is nth: 1");
}

static void read_one_in(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_count(reader, key, node, 1, UINT64_MAX,
	    &fault_of(reader)->one_in);
}

static void read_at(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct drive_fault *f = fault_of(reader);

	if (scenario_read_size_below(reader, key, node, 62, &f->begin_byte))
		f->end_byte = f->begin_byte + 1;
}

/* Behind `at`, which it begins at. */
static void read_length(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct drive_fault *f = fault_of(reader);
	uint64_t bytes;

	if (!scenario_read_size_below(reader, key, node, 62, &bytes))
		return;
	if (bytes == 0)
		scenario_error(reader, node, "length: at least a byte");
	else if (f->end_byte == 0)
		scenario_error(reader, node,
		    "length: of what begins at \"at\""
		    ", which is missing");
	else
		f->end_byte = f->begin_byte + bytes;
}

static void read_how(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	unsigned word;

	if (scenario_read_word(reader, key, node, drive_how_names(), &word))
		fault_of(reader)->how = (enum drive_how)word;
}

/* What a drive may say of any command; behind `how`. */
static void read_sense(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	const char *names[SENSE_EVENTS_MAX + 1];
	unsigned word;

	sense_block_names(names);
	if (scenario_read_word(reader, key, node, names, &word))
		fault_of(reader)->sense = sense_find(names[word])->sense;
	if (fault_of(reader)->how != DRIVE_FAIL)
		scenario_error(reader, node,
		    "sense: only what fails has "
		    "sense data of its own; say mode: fail");
}

static void read_deferred(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { "false", "true", NULL };
	struct drive_fault *f = fault_of(reader);
	unsigned word;

	if (!scenario_read_word(reader, key, node, words, &word))
		return;
	f->deferred = word == 1;
	if (f->deferred &&
	    (f->op != DRIVE_WRITE || f->how != DRIVE_FAIL ||
		f->sense.key == SENSE_RECOVERED))
		scenario_error(reader, node,
		    "deferred: only a write that "
		    "fails can be told of later");
}

static void read_once(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { "false", "true", NULL };
	unsigned word;

	if (scenario_read_word(reader, key, node, words, &word))
		fault_of(reader)->once = word == 1;
	if (fault_of(reader)->how == DRIVE_SLOW)
		scenario_error(reader, node,
		    "once: what is slow is so each "
		    "time; say when by another key, such as at");
}

static void read_for(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_time(reader, key, node, &fault_of(reader)->hang_ns);
	if (fault_of(reader)->how != DRIVE_HANG)
		scenario_error(reader, node,
		    "duration: how long it hangs; say "
		    "mode: hang");
}

static void read_times(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_count(reader, key, node, 2, 1000000,
	    &fault_of(reader)->factor);
	if (fault_of(reader)->how != DRIVE_SLOW)
		scenario_error(reader, node,
		    "slowdown: how much longer it "
		    "takes; say mode: slow");
}

static void read_to(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_count(reader, key, node, 0, UINT64_MAX,
	    &fault_of(reader)->to_object);
	if (fault_of(reader)->how != DRIVE_MOVE)
		scenario_error(reader, node,
		    "to_block: where the tape moves; say "
		    "mode: move");
}

/* What others are checked against comes first. */
const struct scenario_field scenario_drive_fault_fields[] = {
	{ "fail", true, scenario_read_fail },
	{ "operation", true, read_operation }, { "drive", false, read_drive },
	{ "volume", false, scenario_read_fault_volume },
	{ "nth", false, read_nth }, { "every", false, read_every },
	{ "after_bytes", false, read_behind },
	{ "after_time", false, read_after }, { "one_in", false, read_one_in },
	{ "at", false, read_at }, { "length", false, read_length },
	{ "mode", false, read_how }, { "sense", false, read_sense },
	{ "deferred", false, read_deferred }, { "once", false, read_once },
	{ "duration", false, read_for }, { "slowdown", false, read_times },
	{ "to_block", false, read_to }, { NULL, false, NULL }
};

static bool transfers(enum drive_op op)
{
	return op == DRIVE_WRITE || op == DRIVE_READ;
}

void scenario_check_drive_fault(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	static const char *const when[] = { "nth", "every", "after_bytes",
		"after_time", "one_in", "at" };
	const struct drive_fault *f = fault_of(reader);
	size_t given = 0;

	for (size_t i = 0; i < sizeof(when) / sizeof(when[0]); i++)
		given += yaml_tree_get(node, when[i]) != NULL;
	if (given > 1 || (given == 0 && f->how != DRIVE_SLOW))
		scenario_error(reader, node,
		    "a drive fault says when it "
		    "strikes by one of the keys \"nth\", \"every\", "
		    "\"after_bytes\", \"after_time\", \"one_in\", \"at\"");
	if (f->how == DRIVE_SLOW && yaml_tree_get(node, "slowdown") == NULL)
		scenario_error(reader, node,
		    "a drive fault that is slow "
		    "needs the key \"slowdown\"");
	if (yaml_tree_get(node, "operation") == NULL)
		return;
	if (f->how == DRIVE_CORRUPT && f->op != DRIVE_WRITE)
		scenario_error(reader, node,
		    "a drive fault that corrupts is "
		    "of the operation write");
	if ((f->how == DRIVE_MOVE || f->how == DRIVE_SILENT_RESET) &&
	    f->op == DRIVE_READ)
		scenario_error(reader, node,
		    "a drive that moves by itself, "
		    "or is reset silently, does so before any operation but "
		    "read");
	if ((f->how == DRIVE_SLOW || f->after_bytes > 0) && !transfers(f->op))
		scenario_error(reader, node,
		    "a drive fault that is slow, or "
		    "strikes behind some bytes, is of the operation write or "
		    "read");
}
