/* vtl_defect.c: see vtl_defect.h. */
#include "sim/command/vtl/defect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/option.h"
#include "sim/base/units.h"

enum {
	KEY_AT = 0x200,
	KEY_BLOCK,
	KEY_FILE,
	KEY_LENGTH,
	KEY_SENSE,
	KEY_ONCE,
	KEY_TRIES,
	KEY_ONE_IN,
	KEY_TIMES
};

enum { TIMES_MAX = 1000000 };

static void parse_sense(struct vtl_defect_args *a, const char *arg,
    struct argp_state *state)
{
	const char *names[SENSE_EVENTS_MAX + 1];

	sense_block_names(names);
	a->sense = sense_find(names[option_word("--sense", arg, names, state)]);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct vtl_defect_args *a = state->input;
	struct volume_defect *d = &a->defect;

	switch (key) {
	case KEY_AT:
		a->at_given = true;
		d->at = option_value("--at", UNITS_SIZE, arg, state);
		return 0;
	case KEY_BLOCK:
		a->block_given = true;
		d->at = option_count("--block", arg, 0, INT64_MAX / 2, state);
		return 0;
	case KEY_FILE:
		a->file_given = true;
		d->file = option_count("--file", arg, 0, INT64_MAX, state);
		return 0;
	case KEY_LENGTH:
		a->length = arg;
		return 0;
	case KEY_SENSE:
		parse_sense(a, arg, state);
		return 0;
	case KEY_ONCE:
		d->once = true;
		return 0;
	case KEY_TRIES:
		d->tries = option_count("--tries", arg, 1, TIMES_MAX, state);
		return 0;
	case KEY_ONE_IN:
		d->one_in = option_count("--one-in", arg, 1, INT64_MAX, state);
		return 0;
	case KEY_TIMES:
		a->times_given = true;
		d->factor = option_count("--times", arg, 2, TIMES_MAX, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "at", KEY_AT, "SIZE", 0,
	    "where on a volume: the byte of the medium, "
	    "from its beginning",
	    2 },
	{ "block", KEY_BLOCK, "N", 0,
	    "or the block, from 0, filemarks "
	    "counted",
	    2 },
	{ "file", KEY_FILE, "N", 0,
	    "or the block of this file; the label is "
	    "file 0",
	    2 },
	{ "length", KEY_LENGTH, "SIZE|N", 0,
	    "how long it is, in bytes or "
	    "blocks (default 1)",
	    2 },
	{ "sense", KEY_SENSE, "EVENT", 0,
	    "write, read: what the drive answers "
	    "(default medium_error, read_error)",
	    2 },
	{ "tries", KEY_TRIES, "N", 0,
	    "read: so many fail, then one is "
	    "recovered",
	    2 },
	{ "one-in", KEY_ONE_IN, "N", 0,
	    "read: one in so many fails, by "
	    "chance",
	    2 },
	{ "times", KEY_TIMES, "N", 0, "slow: so many times as long", 2 },
	{ "once", KEY_ONCE, NULL, 0, "fail once; else it fails from then on",
	    2 },
	{ 0 }
};

const struct argp vtl_defect_argp = { .options = options, .parser = parse };

bool vtl_defect_said(const struct vtl_defect_args *a)
{
	return a->at_given || a->block_given || a->file_given ||
	    a->length != NULL || a->sense != NULL || a->times_given ||
	    a->defect.tries > 0 || a->defect.one_in > 0;
}

/* Why what was said does not go together, or NULL. */
static const char *objection(const struct vtl_defect_args *a,
    enum volume_fail fail)
{
	const struct volume_defect *d = &a->defect;
	bool reads = fail == VOLUME_READ;

	if (a->at_given == a->block_given)
		return "a defect of a volume has its place at a byte of the "
		       "medium, or at a block: give one of --at and --block";
	if (a->file_given && !a->block_given)
		return "--file: of which --block is one, which is missing";
	if (a->sense != NULL && !reads && fail != VOLUME_WRITE)
		return "--sense: only what fails to be written or read has "
		       "sense data";
	if (a->times_given != (fail == VOLUME_SLOW))
		return a->times_given ? "--times: only of what is slow"
				      : "say how slow it is: --times";
	if (!reads && d->tries + d->one_in > 0)
		return "--tries and --one-in are of reading";
	if (d->once && fail == VOLUME_SLOW)
		return "--once: what is slow is so each time";
	if ((d->tries > 0) + (d->one_in > 0) + d->once > 1)
		return "give one of --once, --tries and --one-in";
	return NULL;
}

bool vtl_defect_made(struct vtl_defect_args *a, enum volume_fail fail,
    struct argp_state *state)
{
	struct volume_defect *d = &a->defect;
	const char *why = objection(a, fail);

	if (why != NULL) {
		argp_error(state, "%s", why);
		return false;
	}
	d->fail = fail;
	d->unit = a->at_given ? VOLUME_BYTES
	    : a->file_given   ? VOLUME_FILE_BLOCKS
			      : VOLUME_OBJECTS;
	if (a->length != NULL && a->at_given)
		d->length =
		    option_value("--length", UNITS_SIZE, a->length, state);
	else if (a->length != NULL)
		d->length = option_count("--length", a->length, 1,
		    INT64_MAX / 2, state);
	if (a->length != NULL && d->length == 0)
		argp_error(state, "--length: at least a byte");
	if (a->sense == NULL && fail == VOLUME_WRITE)
		a->sense = sense_find("medium_error");
	if (a->sense == NULL && fail == VOLUME_READ)
		a->sense = sense_find("read_error");
	if (a->sense != NULL)
		d->sense = a->sense->sense;
	return true;
}

static bool has_sense(const struct volume_defect *d)
{
	return d->fail == VOLUME_WRITE || d->fail == VOLUME_READ;
}

static void format_sense(const struct volume_defect *d, char sense[16])
{
	snprintf(sense, 16, "%x/%02X/%02X", d->sense.key, d->sense.asc,
	    d->sense.ascq);
}

static json_t *defect_json(const struct volume_defect *d)
{
	json_t *json =
	    json_pack("{s:s, s:I}", "fail", volume_fail_names()[d->fail],
		d->unit == VOLUME_BYTES ? "at" : "block", (json_int_t)d->at);
	char sense[16];

	if (d->unit == VOLUME_FILE_BLOCKS)
		json_object_set_new(json, "file",
		    json_integer((json_int_t)d->file));
	if (d->length > 1)
		json_object_set_new(json, "length",
		    json_integer((json_int_t)d->length));
	if (has_sense(d)) {
		format_sense(d, sense);
		json_object_set_new(json, "sense", json_string(sense));
	}
	if (d->fail == VOLUME_SLOW)
		json_object_set_new(json, "slowdown",
		    json_integer((json_int_t)d->factor));
	else
		json_object_set_new(json, "once", json_boolean(d->once));
	if (d->tries > 0)
		json_object_set_new(json, "recover_after",
		    json_integer((json_int_t)d->tries));
	if (d->one_in > 0)
		json_object_set_new(json, "one_in",
		    json_integer((json_int_t)d->one_in));
	return json;
}

json_t *vtl_defects_json(const struct volume *volume)
{
	json_t *json = json_array();
	const struct volume_defect *defects;
	size_t count, i;

	defects = volume_defects(volume, &count);
	for (i = 0; i < count; i++)
		json_array_append_new(json, defect_json(&defects[i]));
	return json;
}

static void print_place(const struct volume_defect *d)
{
	char size[40];

	if (d->unit == VOLUME_BYTES) {
		units_format_size(d->at, size, sizeof size);
		printf("at %s", size);
		units_format_size(d->length, size, sizeof size);
		if (d->length > 1)
			printf(", %s long", size);
		return;
	}
	printf("at block %" PRIu64, d->at);
	if (d->unit == VOLUME_FILE_BLOCKS)
		printf(" of file %" PRIu64, d->file);
	if (d->length > 1)
		printf(", %" PRIu64 " blocks long", d->length);
}

static void print_defect(const struct volume_defect *d)
{
	const char *once = d->once ? " once" : "";
	const char *does =
	    d->sense.key == SENSE_RECOVERED ? "is recovered" : "fails";
	char sense[16];

	printf("defect: ");
	print_place(d);
	format_sense(d, sense);
	switch (d->fail) {
	case VOLUME_WRITE:
		printf(", a write %s%s (sense %s)", does, once, sense);
		break;
	case VOLUME_READ:
		printf(", a read %s%s (sense %s)", does, once, sense);
		break;
	case VOLUME_SLOW:
		printf(", %" PRIu64 " times as long", d->factor);
		break;
	default:
		printf(", what is written is corrupted%s", once);
		break;
	}
	if (d->tries > 0)
		printf(", recovered after %" PRIu64 " tries", d->tries);
	if (d->one_in > 0)
		printf(", one in %" PRIu64, d->one_in);
	putchar('\n');
}

void vtl_defects_print(const struct volume *volume)
{
	const struct volume_defect *defects;
	size_t count, i;

	defects = volume_defects(volume, &count);
	for (i = 0; i < count; i++)
		print_defect(&defects[i]);
}
