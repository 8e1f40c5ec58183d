/* fault.c: makes volumes, drives and the robot of a library fail. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/verb_options.h"
#include "reports/units.h"
#include "sim/base/option.h"
#include "sim/command/vtl/defect.h"
#include "sim/command/vtl/entry.h"
#include "sim/command/vtl/volume.h"
#include "splitter/base/clock.h"
#include "splitter/base/grow.h"
#include "vtl/serve/client.h"
#include "vtl/serve/remote.h"

enum { KEY_CLEAR = 256, KEY_ENTRY, KEY_REMOVE };

struct arguments {
	struct vtl_args args; /* must be first: vtl_parse() uses it */
	bool clear;
	int64_t *removed; /* numbers; owned */
	size_t removed_count;
	const char **entries; /* owned; the texts are not */
	size_t entries_count;
};

/* Returns the list with room for one more; ends the program without memory. */
static void *grow(void *list, size_t count, size_t bytes,
    struct argp_state *state)
{
	list = grow_by_one(list, count, bytes);
	if (list == NULL)
		argp_failure(state, CMD_USAGE, ENOMEM, "faults");
	return list;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_CLEAR:
		a->clear = true;
		return 0;
	case KEY_ENTRY:
		a->entries = grow(a->entries, a->entries_count,
		    sizeof *a->entries, state);
		a->entries[a->entries_count++] = arg;
		return 0;
	case KEY_REMOVE:
		a->removed = grow(a->removed, a->removed_count,
		    sizeof *a->removed, state);
		a->removed[a->removed_count++] =
		    (int64_t)option_count("--remove", arg, 1, INT64_MAX, state);
		return 0;
	case ARGP_KEY_END:
		if (!a->clear && a->entries_count == 0 && a->removed_count == 0)
			argp_error(state,
			    "no fault given: use --entry, --remove, or --clear "
			    "to remove all faults");
		return 0;
	default:
		return vtl_parse(key, arg, state);
	}
}

/*
 * Checks that the volume can be used, and has the place of the defect.  A fault that
 * is refused after the library knew it may have been seen by a server.
 */
static int check_defect(struct changer *changer, const char *barcode,
    const struct volume_defect *d)
{
	char message[VOLUME_MESSAGE_BYTES], size[UNITS_BYTES];
	struct changer_element element;
	struct serve_volume v;
	struct volume *volume;

	/* A volume that is in a drive of a server is open there. */
	if (!serve_remote_volume(changer_folder(changer), barcode,
		clock_now_ns() + SERVE_ANSWER_NS, &v)) {
		volume = vtl_volume_open(changer, barcode, &element, message);
		if (volume == NULL)
			return vtl_fail("%s", message);
		serve_read_volume(volume, &v);
		if (vtl_volume_close(changer, volume, message) != 0)
			return vtl_fail("%s", message);
	}
	if (d->unit != VOLUME_BYTES || d->at < v.capacity_bytes)
		return CMD_OK;
	units_size_exact(size, v.capacity_bytes);
	return vtl_fail("--entry: at: volume %s has a capacity of %s: give a "
			"place before that",
	    barcode, size);
}

/* Puts the defect into its volume. */
static int put_defect(struct changer *changer, const char *barcode,
    const struct volume_defect *d)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer_element element;
	struct volume *volume;
	int status = CMD_OK;
	bool served;

	if (serve_remote_add_defect(changer_folder(changer), barcode, d,
		&served, message) &&
	    served)
		return CMD_OK;
	if (served)
		return vtl_fail("--entry: %s", message);
	volume = vtl_volume_open(changer, barcode, &element, message);
	if (volume == NULL)
		return vtl_fail("%s", message);
	if (volume_defect_add(volume, d) != 0)
		status = vtl_fail("%s", volume_message(volume));
	if (vtl_volume_close(changer, volume, message) != 0 && status == CMD_OK)
		status = vtl_fail("%s", message);
	return status;
}

/*
 * Adds a defect.  The library knows it before the volume has it: after a crash
 * in between it is listed, and never strikes.
 */
static int add_defect(struct changer *changer, const struct vtl_entry *entry)
{
	struct changer_volume_fault fault = { .once = entry->defect.once,
		.entry = vtl_defect_entry(&entry->defect, entry->volume) };
	struct volume_defect defect = entry->defect;
	int status;

	if (fault.entry == NULL)
		return vtl_fail("out of memory");
	status = check_defect(changer, entry->volume, &defect);
	if (status != CMD_OK) {
		free(fault.entry);
		return status;
	}
	memcpy(fault.barcode, entry->volume, sizeof fault.barcode);
	status = vtl_report_status(changer,
	    changer_add_volume_fault(changer, &fault, &defect.fault));
	free(fault.entry);
	if (status != CMD_OK)
		return status;
	status = put_defect(changer, entry->volume, &defect);
	if (status != CMD_OK)
		changer_remove_fault(changer, defect.fault);
	return status;
}

/* Removes a defect from its volume, if the library still has the volume. */
static int take_defect(struct changer *changer,
    const struct changer_volume_fault *fault)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer_element element;
	struct volume *volume;
	int status = CMD_OK;
	size_t count;
	bool served;

	if (serve_remote_remove_defect(changer_folder(changer), fault->barcode,
		fault->id, &served, message) &&
	    served)
		return CMD_OK;
	if (served)
		return vtl_fail("%s", message);
	volume = vtl_volume_open(changer, fault->barcode, &element, message);
	if (volume == NULL && element.address == 0)
		return CMD_OK;
	if (volume == NULL)
		return vtl_fail("%s", message);
	if (volume_defect_remove(volume, fault->id, &count) != 0)
		status = vtl_fail("%s", volume_message(volume));
	if (vtl_volume_close(changer, volume, message) != 0 && status == CMD_OK)
		status = vtl_fail("%s", message);
	return status;
}

/* Removes the fault with this number, or all faults of volumes (0). */
static int take_defects(struct changer *changer, int64_t id)
{
	struct changer_volume_fault *faults;
	int status;
	size_t count, i;

	status = vtl_report_status(changer,
	    changer_list_volume_faults(changer, &faults, &count));
	if (status != CMD_OK)
		return status;
	for (i = 0; i < count && status == CMD_OK; i++) {
		if (id != 0 && faults[i].id != id)
			continue;
		status = take_defect(changer, &faults[i]);
		if (status == CMD_OK && id == 0)
			status = vtl_report_status(changer,
			    changer_remove_fault(changer, faults[i].id));
	}
	changer_free_volume_faults(faults, count);
	return status;
}

static int remove_fault(struct changer *changer, int64_t id)
{
	int status = take_defects(changer, id);

	return status == CMD_OK
	    ? vtl_report_status(changer, changer_remove_fault(changer, id))
	    : status;
}

static int clear(struct changer *changer)
{
	int status = take_defects(changer, 0);

	return status == CMD_OK
	    ? vtl_report_status(changer, changer_clear_faults(changer))
	    : status;
}

/* Prints the number of the fault that was added, or adds it to the JSON. */
static void report(const struct changer *changer, json_t *json)
{
	const int64_t id = changer_added_fault(changer);

	if (json != NULL)
		json_array_append_new(json,
		    json_pack("{s:I}", "id", (json_int_t)id));
	else
		printf("fault %" PRId64 "\n", id);
}

static int add_entry(struct changer *changer, const struct vtl_entry *entry,
    json_t *json)
{
	int status = entry->kind == VTL_ENTRY_DEFECT
	    ? add_defect(changer, entry)
	    : vtl_entry_add(changer, entry);

	/* That of a barcode has no number. */
	if (status == CMD_OK && entry->kind != VTL_ENTRY_BARCODE)
		report(changer, json);
	return status;
}

static int fault(struct changer *changer, const struct arguments *a)
{
	struct vtl_entry *entries =
	    calloc(a->entries_count + 1, sizeof *entries);
	json_t *json = a->args.json ? json_array() : NULL;
	int status;
	size_t i;

	if (entries == NULL) {
		json_decref(json);
		return vtl_fail("out of memory");
	}
	status = vtl_entry_read(changer, "--entry", a->entries, entries,
	    a->entries_count);
	if (status == CMD_OK && a->clear)
		status = clear(changer);
	for (i = 0; i < a->removed_count && status == CMD_OK; i++)
		status = remove_fault(changer, a->removed[i]);
	for (i = 0; i < a->entries_count && status == CMD_OK; i++)
		status = add_entry(changer, &entries[i], json);
	free(entries);
	serve_remote_changed(changer_folder(changer), false);
	if (json != NULL && vtl_print_json(json) != CMD_OK)
		status = CMD_FAILED;
	return status;
}

static const struct argp_option options[] = {
	{ "entry", KEY_ENTRY, "FAULT", VERB_OPTION_REPEATS,
	    "add this fault, written like an entry of faults in a scenario: "
	    "'{fail: write, volume: VTA001L8, at: 1 GiB}'; may be repeated",
	    1 },
	{ "clear", KEY_CLEAR, NULL, VERB_OPTION_LINE_ONLY,
	    "first remove all faults", 1 },
	{ "remove", KEY_REMOVE, "N",
	    VERB_OPTION_LINE_ONLY | VERB_OPTION_REPEATS,
	    "first remove fault N, as \"tapelab vtl status\" numbers them; may "
	    "be repeated",
	    1 },
	VTL_OPTION_JSON, { 0 }
};

int vtl_fault(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB",
		.doc =
		    "Makes volumes, drives or the robot of a library "
		    "fail, and prints the numbers of the new faults.\vExit status: 0 done; 1 no such volume, or it is "
		    "in use; 2 bad usage, or no library.",
	};
	struct arguments a = { 0 };
	struct changer *changer;
	int status = CMD_USAGE;

	if (cmd_parse(&argp, argc, argv, &a)) {
		changer = vtl_open(a.args.folder, false);
		if (changer != NULL)
			status = fault(changer, &a);
		changer_close(changer);
	}
	free(a.entries);
	free(a.removed);
	return status;
}
