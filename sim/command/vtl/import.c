/*
 * import.c: moves volumes into a library and out of it.
 *
 * The file of a volume is moved between another folder and that of the library.
 * If the process is killed, the file is in one of the two folders, and can be
 * imported from there.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/command/cmd.h"
#include "sim/command/vtl/vtl.h"
#include "sim/command/vtl/file.h"
#include "vtl/base/file_lock.h"
#include "vtl/library/library.h"
#include "vtl/base/media.h"
#include "vtl/serve/remote.h"

enum { KEY_TO = 't', KEY_CLEANING = 256, KEY_MEDIUM };

struct arguments {
	struct vtl_args args; /* must be first: vtl_parse() uses it */
	const char *to;
	const char *cleaning;
	const char *medium; /* NULL: do not change it */
};

static int move(struct changer *changer, unsigned from, unsigned to)
{
	char message[SERVE_MESSAGE_BYTES];

	return serve_remote_move(changer, from, &to, message)
	    ? CMD_OK
	    : vtl_fail("%s", message);
}

/* Checks that no initiator prevents the use of import/export slots. */
static int check_ie(const struct changer *changer)
{
	char message[SERVE_MESSAGE_BYTES];

	return serve_remote_may_use_ie(changer_folder(changer), message)
	    ? CMD_OK
	    : vtl_fail("%s", message);
}

/* Returns the first empty import/export slot, or 0. */
static unsigned empty_slot(struct changer *changer)
{
	struct changer_element *elements;
	unsigned found = 0;
	size_t count, i;

	if (vtl_report_status(changer,
		changer_list(changer, &elements, &count)) != CMD_OK)
		return 0;
	for (i = 0; i < count && found == 0; i++)
		if (elements[i].kind == CHANGER_KIND_IE && !elements[i].full)
			found = elements[i].address;
	free(elements);
	if (found == 0)
		vtl_fail(
		    "every import/export slot is full: empty one, or use --to");
	return found;
}

static unsigned target(struct changer *changer, const struct arguments *a)
{
	return a->to != NULL
	    ? vtl_parse_element(changer, a->to, CHANGER_KIND_IE)
	    : empty_slot(changer);
}

static int report(const struct arguments *a, const char *barcode,
    unsigned address)
{
	char name[32];

	vtl_element_name(address, name);
	if (a->args.json)
		return vtl_print_json(json_pack("{s:s, s:s}", "barcode",
		    barcode, "to", name));
	printf("%s -> %s\n", barcode, name);
	return CMD_OK;
}

/* Puts the volume, whose file is already in the folder, into a slot. */
static int put(struct changer *changer, const struct arguments *a,
    const struct volume_spec *spec)
{
	struct changer_cartridge cartridge = { .barcode = spec->barcode,
		.medium = spec->medium };
	unsigned address = target(changer, a);
	char *file;
	int status;

	if (address == 0)
		return CMD_FAILED;
	if (asprintf(&file, "%s.tape", spec->barcode) < 0)
		return vtl_fail("out of memory");
	cartridge.file = file;
	status = vtl_report_status(changer,
	    changer_import(changer, address, &cartridge));
	free(file);
	return status == CMD_OK ? report(a, spec->barcode, address) : status;
}

static bool is_same(const char *a, const char *b)
{
	char *x = realpath(a, NULL), *y = realpath(b, NULL);
	bool same = x != NULL && y != NULL && strcmp(x, y) == 0;

	free(x);
	free(y);
	return same;
}

/* Moves the locked file, and puts the volume into the library. */
static int import_locked(struct changer *changer, const struct arguments *a,
    const char *from, const struct volume_spec *spec)
{
	char *to = library_volume_path(a->args.folder, spec->barcode);
	int status = CMD_FAILED;
	bool moved;

	if (to == NULL)
		return vtl_fail("out of memory");
	moved = !is_same(from, to);
	if (!moved || vtl_file_move(from, to) == 0) {
		status = put(changer, a, spec);
		if (status != CMD_OK && moved && vtl_file_move(to, from) != 0)
			vtl_fail("%s is now %s: import it from there",
			    spec->barcode, to);
	}
	free(to);
	return status;
}

static int import_file(struct changer *changer, const struct arguments *a,
    const char *from)
{
	struct volume_spec spec;
	char was[VOLUME_MEDIUM_BYTES], ignored[VOLUME_MEDIUM_BYTES];
	struct file_lock *lock =
	    vtl_file_lock_volume(from, a->medium, &spec, was);
	int status =
	    lock == NULL ? CMD_FAILED : import_locked(changer, a, from, &spec);

	file_lock_close(lock);
	/* Give a volume that was refused its old media type back. */
	if (lock != NULL && status != CMD_OK && strcmp(was, spec.medium) != 0 &&
	    access(from, F_OK) == 0)
		file_lock_close(vtl_file_lock_volume(from, was, &spec,
		    ignored));
	return status;
}

static int import_cleaning(struct changer *changer, const struct arguments *a)
{
	const struct changer_cartridge cartridge = { .barcode = a->cleaning };
	unsigned address;
	int status;

	if (!media_is_cleaning(a->cleaning))
		return vtl_fail(
		    "%s: the barcode of a cleaning cartridge begins with CLN",
		    a->cleaning);
	address = target(changer, a);
	if (address == 0)
		return CMD_FAILED;
	status = vtl_report_status(changer,
	    changer_import(changer, address, &cartridge));
	return status == CMD_OK ? report(a, a->cleaning, address) : status;
}

static error_t parse_import(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_TO:
		a->to = arg;
		return 0;
	case KEY_CLEANING:
		a->cleaning = arg;
		return 0;
	case KEY_MEDIUM:
		a->medium = vtl_parse_medium(arg, state);
		return 0;
	case ARGP_KEY_END:
		if (a->args.count == 0 && a->cleaning == NULL)
			argp_error(state,
			    "name the file of a volume, or use --cleaning");
		return 0;
	default:
		return vtl_parse(key, arg, state);
	}
}

int vtl_import(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "to", KEY_TO, "ELEMENT", 0,
		    "put it into this element, like a person who opens the "
		    "door (default: the first empty import/export slot); in a "
		    "drive it stays until it is unloaded",
		    1 },
		{ "cleaning", KEY_CLEANING, "BARCODE", 0,
		    "put in a cleaning cartridge; its barcode begins with CLN",
		    1 },
		{ "media-type", KEY_MEDIUM, "TYPE", 0,
		    "type of the volumes' medium, stored in their files: L8, "
		    "LTO-8, LY, 'LTO-8 WORM', ...; none fits every drive "
		    "(default: unchanged)",
		    1 },
		VTL_OPTION_JSON, { 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse_import,
		.args_doc = "LIB FILE...",
		.doc =
		    "Puts volumes into a library: moves their files into its "
		    "folder.\vExit status: 0 done; 1 a volume was refused; 2 "
		    "bad usage, or no library.",
	};
	struct arguments a = { .args.max = SIZE_MAX };
	struct changer *changer;
	int status = CMD_OK;
	size_t i;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	changer = vtl_open(a.args.folder, false);
	if (changer == NULL)
		return CMD_USAGE;
	status = check_ie(changer);
	if (status == CMD_OK) {
		if (a.cleaning != NULL)
			status = import_cleaning(changer, &a);
		for (i = 0; i < a.args.count && status == CMD_OK; i++)
			status = import_file(changer, &a, a.args.words[i]);
		serve_remote_changed(a.args.folder, true);
	}
	changer_close(changer);
	return status;
}

/*
 * Returns the new path of a volume; NULL if it has no file, or without memory.
 */
static char *target_path(struct changer *changer, const struct arguments *a,
    const char *barcode, struct changer_element *element, char **path)
{
	*path = NULL;
	if (changer_lock(changer, barcode, element, path) != CHANGER_OK)
		return NULL;
	changer_unlock(changer);
	return *path != NULL ? library_volume_path(a->to, barcode) : NULL;
}

/* Checks the target of an export before the robot moves anything. */
static int check_target(struct changer *changer, const struct arguments *a,
    const char *barcode)
{
	struct changer_element element;
	char *path, *to = target_path(changer, a, barcode, &element, &path);
	struct stat folder, file;
	const char *why = NULL;
	int rc = 0;

	if (path == NULL)
		;
	else if (to == NULL)
		why = "out of memory";
	else if (stat(a->to, &folder) != 0 || stat(path, &file) != 0)
		why = strerror(errno);
	else if (!S_ISDIR(folder.st_mode))
		why = "it is not a folder";
	else if (access(a->to, W_OK | X_OK) != 0)
		why = strerror(errno);
	else if (folder.st_dev != file.st_dev)
		why =
		    "they are on different file systems: use a folder on that "
		    "of the library first";
	else
		rc = vtl_file_check_target(path, to);
	if (why != NULL)
		rc = vtl_fail("cannot move %s to %s: %s", barcode, a->to, why);
	free(path);
	free(to);
	return rc == 0 ? CMD_OK : CMD_FAILED;
}

/*
 * Removes a cartridge, whose file (if it has one) is locked, from the library.
 */
static int remove_locked(struct changer *changer,
    const struct changer_element *element, const char *path, const char *to,
    unsigned address)
{
	const struct changer_cartridge back = { .barcode = element->barcode,
		.file = path != NULL ? strrchr(path, '/') + 1 : NULL,
		.medium = element->medium };
	int status = vtl_report_status(changer,
	    changer_export(changer, element->barcode));

	if (status != CMD_OK || path == NULL)
		return status;
	if (to != NULL && vtl_file_move(path, to) == 0)
		return CMD_OK;
	if (vtl_report_status(changer,
		changer_import(changer, address, &back)) != CMD_OK)
		vtl_fail("%s is now %s: import it from there", element->barcode,
		    path);
	return CMD_FAILED;
}

/* Takes the cartridge out of the import/export slot `address`. */
static int take_out(struct changer *changer, const struct arguments *a,
    const char *barcode, unsigned address)
{
	struct changer_element element;
	char *path, *to = target_path(changer, a, barcode, &element, &path);
	struct file_lock *lock = path != NULL ? vtl_file_lock(path) : NULL;
	int status = CMD_FAILED;

	if (path == NULL || lock != NULL)
		status = remove_locked(changer, &element, path, to, address);
	file_lock_close(lock);
	if (status == CMD_OK && a->args.json)
		status = vtl_print_json(json_pack("{s:s, s:s?}", "barcode",
		    barcode, "file", to));
	else if (status == CMD_OK)
		printf("%s -> %s\n", barcode, to != NULL ? to : "outside");
	free(path);
	free(to);
	return status;
}

/* Moves a cartridge back after an export that failed. */
static void put_back(struct changer *changer, const char *barcode,
    unsigned from, unsigned slot)
{
	struct changer_element *elements;
	char name[32], home[32];
	size_t count, i;

	vtl_element_name(slot, name);
	if (changer_list(changer, &elements, &count) != CHANGER_OK)
		return;
	for (i = 0; i < count; i++)
		if (elements[i].address == slot && elements[i].full)
			break;
	if (i == count)
		; /* the slot is empty */
	else if (strcmp(elements[i].barcode, barcode) == 0 &&
	    move(changer, slot, from) == CMD_OK)
		vtl_fail("%s is back in %s", barcode,
		    vtl_element_name(from, home));
	else
		vtl_fail("%s is now in %s", elements[i].barcode, name);
	free(elements);
}

static int export(struct changer *changer, const struct arguments *a,
    const char *barcode)
{
	unsigned from = vtl_parse_element(changer, barcode, CHANGER_KIND_ROBOT);
	unsigned to = from;
	int status = CMD_OK;

	if (from == 0)
		return CMD_FAILED;
	if (a->to != NULL)
		status = check_target(changer, a, barcode);
	if (status != CMD_OK)
		return status;
	if (from < CHANGER_IE_ADDRESS || from >= CHANGER_DRIVE_ADDRESS) {
		to = empty_slot(changer);
		if (to == 0)
			return CMD_FAILED;
		status = move(changer, from, to);
	}
	if (status != CMD_OK)
		return status;
	status = a->to != NULL ? take_out(changer, a, barcode, to)
			       : report(a, barcode, to);
	if (status != CMD_OK && to != from && a->to != NULL)
		put_back(changer, barcode, from, to);
	return status;
}

static error_t parse_export(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	if (key != KEY_TO)
		return vtl_parse(key, arg, state);
	a->to = arg;
	return 0;
}

int vtl_export(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "to", KEY_TO, "DIR", 0,
		    "then remove it from the library, and move its file into "
		    "this folder",
		    1 },
		VTL_OPTION_JSON, { 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse_export,
		.args_doc = "LIB BARCODE...",
		.doc =
		    "Moves cartridges to import/export slots.\vExit status: 0 "
		    "done; 1 a cartridge was not moved or removed; 2 bad "
		    "usage, or no library.",
	};
	struct arguments a = { .args = { .min = 1,
				   .max = SIZE_MAX,
				   .missing = "the barcode of a cartridge" } };
	struct changer *changer;
	int status = CMD_OK;
	size_t i;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	changer = vtl_open(a.args.folder, false);
	if (changer == NULL)
		return CMD_USAGE;
	status = check_ie(changer);
	if (status == CMD_OK) {
		for (i = 0; i < a.args.count && status == CMD_OK; i++)
			status = export(changer, &a, a.args.words[i]);
		serve_remote_changed(a.args.folder, true);
	}
	changer_close(changer);
	return status;
}
