/* cmd_vtl_fault.c: has volumes, drives and the robot of a library fail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/base/option.h"
#include "sim/base/units.h"
#include "sim/command/vtl/defect.h"
#include "sim/command/vtl/entry.h"
#include "sim/command/vtl/volume.h"

enum {
	KEY_VOLUME = 'V',
	KEY_FAIL = 256,
	KEY_NTH,
	KEY_HOW,
	KEY_CLEAR,
	KEY_ENTRY
};

/* What the option --fail may say; defects of a volume come first. */
enum fail { FAIL_MOVE = VOLUME_FAILS, FAIL_BARCODE, FAIL_NOT_SAID };

struct arguments {
	struct vtl_args args; /* first: vtl_parse() has it as its input */
	enum fail fail;
	struct vtl_defect_args defect;
	const char *volume;
	bool clear;
	uint64_t nth; /* 0: not said */
	unsigned how;
	bool how_given;
	const char **entries; /* room for as many as there are words */
	size_t entries_count;
};

/* Nothing that is said is passed over. */
static void check_alone(const struct arguments *a, struct argp_state *state)
{
	bool once = a->defect.defect.once;

	if (a->fail != FAIL_MOVE && (a->how_given || a->nth > 0))
		argp_error(state, "--how and --nth are of move");
	if (a->volume != NULL &&
	    (a->fail == FAIL_MOVE || a->fail == FAIL_NOT_SAID))
		argp_error(state,
		    "--volume is of write, read, slow, corrupt "
		    "and barcode");
	if (once &&
	    (a->fail == FAIL_BARCODE ||
		(a->fail == FAIL_NOT_SAID &&
		    (a->clear || a->entries_count > 0))))
		argp_error(state,
		    "--once is of write, read, corrupt and "
		    "move");
}

/* What goes together. */
static void check(struct arguments *a, struct argp_state *state)
{
	if (a->fail >= FAIL_MOVE && vtl_defect_said(&a->defect))
		argp_error(state,
		    "--at, --block, --file, --length, --sense, "
		    "--tries, --one-in and --times are of write, read, slow "
		    "and corrupt");
	check_alone(a, state);
	switch ((int)a->fail) {
	case FAIL_NOT_SAID:
		if (!a->clear && a->entries_count == 0)
			argp_error(state,
			    "say what is to fail: --fail "
			    "write, read, slow, corrupt, move or barcode, or "
			    "--entry; or --clear");
		return;
	case FAIL_MOVE:
		if (!a->how_given)
			argp_error(state,
			    "say how the move fails: --how "
			    "stuck, wrong_cartridge, load_failed or "
			    "source_empty");
		return;
	case FAIL_BARCODE:
		if (a->volume == NULL)
			argp_error(state,
			    "say whose barcode cannot be read: "
			    "--volume");
		return;
	default:
		if (a->volume == NULL)
			argp_error(state,
			    "say on which volume: name "
			    "--volume");
		vtl_defect_made(&a->defect, (enum volume_fail)a->fail, state);
		return;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	static const char *const fails[] = { "write", "read", "slow", "corrupt",
		"move", "barcode", NULL };
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->defect;
		return vtl_parse(key, arg, state);
	case KEY_VOLUME:
		a->volume = arg;
		return 0;
	case KEY_FAIL:
		a->fail = (enum fail)option_word("--fail", arg, fails, state);
		return 0;
	case KEY_NTH:
		a->nth = option_count("--nth", arg, 1, INT32_MAX, state);
		return 0;
	case KEY_HOW:
		a->how_given = true;
		a->how = option_word("--how", arg, changer_how_names(), state);
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

static int add_defect(struct changer *changer, const char *barcode,
    const struct volume_defect *d)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer_element element;
	struct volume *volume;
	int status = CMD_OK;
	char size[40];

	volume = vtl_volume_open(changer, barcode, &element, message);
	if (volume == NULL)
		return vtl_fail("%s", message);
	if (d->unit == VOLUME_BYTES &&
	    d->at >= volume_spec(volume)->capacity_bytes) {
		units_format_size(volume_spec(volume)->capacity_bytes, size,
		    sizeof size);
		status = vtl_fail("--at: volume %s ends at %s; nothing is "
				  "ever written there",
		    barcode, size);
	} else if (volume_defect_add(volume, d) != 0) {
		status = vtl_fail("%s", volume_message(volume));
	}
	if (vtl_volume_close(changer, volume, message) != 0 && status == CMD_OK)
		status = vtl_fail("%s", message);
	return status;
}

static int add_entry(struct changer *changer, const struct vtl_entry *entry)
{
	return entry->kind == VTL_ENTRY_DEFECT
	    ? add_defect(changer, entry->volume, &entry->defect)
	    : vtl_entry_add(changer, entry);
}

static int add_fault(struct changer *changer, const struct arguments *a)
{
	const struct changer_fault move = { .how = (enum changer_how)a->how,
		.nth = a->nth > 0 ? a->nth : 1,
		.once = a->defect.defect.once };

	switch ((int)a->fail) {
	case FAIL_NOT_SAID:
		return CMD_OK;
	case FAIL_MOVE:
		return vtl_complain(changer, changer_add_fault(changer, &move));
	case FAIL_BARCODE:
		return vtl_complain(changer, changer_blot(changer, a->volume));
	default:
		return add_defect(changer, a->volume, &a->defect.defect);
	}
}

static int fault(struct changer *changer, const struct arguments *a)
{
	struct vtl_entry *entries =
	    calloc(a->entries_count + 1, sizeof *entries);
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
	{ "fail", KEY_FAIL, "WHAT", 0,
	    "write, read, slow or corrupt: a place "
	    "on a volume; move: the robot; barcode: what the robot reads from "
	    "outside",
	    1 },
	{ "volume", KEY_VOLUME, "BARCODE", 0,
	    "which has that place, or whose "
	    "barcode cannot be read",
	    1 },
	{ "how", KEY_HOW, "HOW", 0,
	    "move: stuck, wrong_cartridge, "
	    "load_failed or source_empty",
	    1 },
	{ "nth", KEY_NTH, "N", 0, "move: the Nth from now (default 1)", 1 },
	{ "entry", KEY_ENTRY, "FAULT", 0,
	    "a fault as a scenario has it, such "
	    "as '{fail: drive, operation: write, nth: 9}'; may be given again",
	    1 },
	{ "clear", KEY_CLEAR, NULL, 0,
	    "take away all faults of drives, of the "
	    "robot and of barcodes first",
	    1 },
	{ 0 }
};

int vtl_fault(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &vtl_defect_argp, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB",
		.children = children,
		.doc =
		    "Has a volume, a drive or the robot of a library fail.\v"
		    "Exit status: 0; 1 there is no such volume, or it is in use; "
		    "2 bad usage, or no library.",
	};
	struct arguments a = { .fail = FAIL_NOT_SAID };
	struct changer *changer;
	int status = CMD_USAGE;

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
