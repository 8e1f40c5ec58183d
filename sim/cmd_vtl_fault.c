/* cmd_vtl_fault.c: has volumes, drives and the robot of a library fail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cmd.h"
#include "sim/option.h"
#include "sim/units.h"
#include "sim/vtl_entry.h"
#include "sim/vtl_volume.h"

enum {
	KEY_VOLUME = 'V', KEY_AT = 256, KEY_FAIL, KEY_SENSE, KEY_ONCE, KEY_NTH,
	KEY_HOW, KEY_CLEAR, KEY_ENTRY
};

/* What the option --fail may say. */
enum fail { FAIL_NOT_SAID, FAIL_WRITE, FAIL_MOVE, FAIL_BARCODE };

struct arguments {
	struct vtl_args args;	/* first: vtl_parse() has it as its input */
	enum fail fail;
	const char *volume;
	bool at_given, once, clear;
	uint64_t at_bytes, nth;
	const struct sense_event *sense;
	unsigned how;
	bool how_given;
	const char **entries;	/* room for as many as there are words */
	size_t entries_count;
};

static void parse_sense(const char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	const char *names[SENSE_EVENTS_MAX + 1];

	sense_write_names(names);
	a->sense = sense_find(names[option_word("--sense", arg, names,
	    state)]);
}

/* What goes together. */
static void check(const struct arguments *a, struct argp_state *state)
{
	switch (a->fail) {
	case FAIL_NOT_SAID:
		if (!a->clear && a->entries_count == 0)
			argp_error(state, "say what is to fail: --fail "
			    "write, move or barcode, or --entry; or "
			    "--clear");
		return;
	case FAIL_WRITE:
		if (a->volume == NULL || !a->at_given)
			argp_error(state, "a write fails on a volume, at a "
			    "byte of the medium: name --volume and --at");
		return;
	case FAIL_MOVE:
		if (!a->how_given)
			argp_error(state, "say how the move fails: --how "
			    "stuck, wrong_cartridge, load_failed or "
			    "source_empty");
		return;
	case FAIL_BARCODE:
		if (a->volume == NULL)
			argp_error(state, "say whose barcode cannot be read: "
			    "--volume");
		return;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const fails[] = { "write", "move", "barcode",
		NULL };
	struct arguments *a = state->input;

	switch (key) {
	case KEY_VOLUME:
		a->volume = arg;
		return 0;
	case KEY_AT:
		a->at_given = true;
		a->at_bytes = option_value("--at", UNITS_SIZE, arg, state);
		return 0;
	case KEY_FAIL:
		a->fail = (enum fail)(FAIL_WRITE + option_word("--fail", arg,
		    fails, state));
		return 0;
	case KEY_SENSE:
		parse_sense(arg, state);
		return 0;
	case KEY_ONCE:
		a->once = true;
		return 0;
	case KEY_NTH:
		a->nth = option_count("--nth", arg, 1, INT32_MAX, state);
		return 0;
	case KEY_HOW:
		a->how_given = true;
		a->how = option_word("--how", arg, changer_how_names(),
		    state);
		return 0;
	case KEY_CLEAR:
		a->clear = true;
		return 0;
	case KEY_ENTRY:
		a->entries[a->entries_count++] = arg;
		return 0;
	case ARGP_KEY_END:
		check(a, state);
		return 0;
	default:
		return vtl_parse(key, arg, state);
	}
}

static int add_defect(struct changer *changer, const struct arguments *a)
{
	const struct volume_defect defect = { .at = a->at_bytes,
		.sense = a->sense->sense, .once = a->once };
	char message[VOLUME_MESSAGE_BYTES];
	struct changer_element element;
	struct volume *volume;
	int status = CMD_OK;
	char size[40];

	volume = vtl_volume_open(changer, a->volume, &element, message);
	if (volume == NULL)
		return vtl_fail("%s", message);
	if (a->at_bytes >= volume_spec(volume)->capacity_bytes) {
		units_format_size(volume_spec(volume)->capacity_bytes, size,
		    sizeof size);
		status = vtl_fail("--at: volume %s ends at %s; nothing is "
		    "ever written there", a->volume, size);
	} else if (volume_defect_add(volume, &defect) != 0) {
		status = vtl_fail("%s", volume_message(volume));
	}
	if (vtl_volume_close(changer, volume, message) != 0 &&
	    status == CMD_OK)
		status = vtl_fail("%s", message);
	return status;
}

static int add_entry(struct changer *changer, const struct vtl_entry *entry)
{
	const struct arguments spot = { .volume = entry->volume,
		.at_bytes = entry->at_bytes, .sense = entry->sense,
		.once = entry->once };

	return entry->kind == VTL_ENTRY_SPOT ? add_defect(changer, &spot) :
	    vtl_entry_add(changer, entry);
}

static int add_fault(struct changer *changer, const struct arguments *a)
{
	const struct changer_fault move = { .how = (enum changer_how)a->how,
		.nth = a->nth, .once = a->once };

	switch (a->fail) {
	case FAIL_NOT_SAID:
		break;
	case FAIL_WRITE:
		return add_defect(changer, a);
	case FAIL_MOVE:
		return vtl_complain(changer, changer_add_fault(changer,
		    &move));
	case FAIL_BARCODE:
		return vtl_complain(changer, changer_blot(changer,
		    a->volume));
	}
	return CMD_OK;
}

static int fault(struct changer *changer, const struct arguments *a)
{
	struct vtl_entry *entries = calloc(a->entries_count + 1,
	    sizeof *entries);
	int status;
	size_t i;

	if (entries == NULL)
		return vtl_fail("out of memory");
	status = vtl_entry_read(changer, "--entry", a->entries, entries,
	    a->entries_count);
	if (status == CMD_OK && a->clear)
		status = vtl_complain(changer, changer_clear_faults(changer));
	if (status == CMD_OK)
		status = add_fault(changer, a);
	for (i = 0; i < a->entries_count && status == CMD_OK; i++)
		status = add_entry(changer, &entries[i]);
	free(entries);
	return status;
}

static const struct argp_option options[] = {
	{ "fail", KEY_FAIL, "WHAT", 0, "write: a spot on a volume; move: the "
	    "robot; barcode: what the robot reads from outside", 1 },
	{ "volume", KEY_VOLUME, "BARCODE", 0, "on which the write fails, or "
	    "whose barcode cannot be read", 1 },
	{ "at", KEY_AT, "SIZE", 0, "write: the byte of the medium, from its "
	    "beginning", 1 },
	{ "sense", KEY_SENSE, "EVENT", 0, "write: what the drive answers "
	    "(default medium_error)", 1 },
	{ "how", KEY_HOW, "HOW", 0, "move: stuck, wrong_cartridge, "
	    "load_failed or source_empty", 1 },
	{ "nth", KEY_NTH, "N", 0, "move: the Nth from now (default 1)", 1 },
	{ "once", KEY_ONCE, NULL, 0, "fail once; else write and move fail "
	    "from then on", 1 },
	{ "entry", KEY_ENTRY, "FAULT", 0, "a fault as a scenario has it, such "
	    "as '{fail: drive, operation: write, nth: 9}'; may be given again",
	    1 },
	{ "clear", KEY_CLEAR, NULL, 0, "take away all faults of drives, of the "
	    "robot and of barcodes first", 1 },
	{ 0 }
};

int vtl_fault(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options, .parser = parse, .args_doc = "LIB",
		.doc = "Has a volume, a drive or the robot of a library fail.\v"
		"Exit status: 0; 1 there is no such volume, or it is in use; "
		"2 bad usage, or no library.",
	};
	struct arguments a = { .nth = 1 };
	struct changer *changer;
	int status = CMD_USAGE;

	a.sense = sense_find("medium_error");
	a.entries = calloc((size_t)argc + 1, sizeof *a.entries);
	if (a.entries == NULL)
		return vtl_fail("out of memory");
	if (cmd_parse(&argp, argc, argv, &a)) {
		changer = vtl_open(a.args.folder, false);
		if (changer != NULL)
			status = fault(changer, &a);
		changer_close(changer);
	}
	free(a.entries);
	return status;
}
