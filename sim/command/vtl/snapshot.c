/* snapshot.c: copies a library: snapshots, restores, clones. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/verb_options.h"
#include "sim/command/print.h"
#include "sim/command/vtl/vtl.h"
#include "vtl/base/files.h"
#include "splitter/base/date.h"
#include "vtl/changer/snapshot.h"
#include "vtl/serve/remote.h"

enum { KEY_REMOVE = 256, KEY_FORCE };

struct arguments {
	struct vtl_args args; /* must be first: vtl_parse() uses it */
	bool remove, force;
};

static int list(struct changer *changer, bool as_json)
{
	json_t *json = as_json ? json_array() : NULL;
	struct changer_snapshot *snapshots;
	char time[DATE_BYTES];
	size_t count, i;
	int status = vtl_report_status(changer,
	    changer_list_snapshots(changer, &snapshots, &count));

	if (status != CMD_OK) {
		json_decref(json);
		return status;
	}
	for (i = 0; i < count; i++) {
		date_text(snapshots[i].time_s, time);
		if (as_json)
			json_array_append_new(json,
			    json_pack("{s:s, s:s, s:I}", "snapshot",
				snapshots[i].name, "time", time, "volumes",
				(json_int_t)snapshots[i].volumes));
		else
			printf("%s: %s, %" PRIu64 " volumes\n",
			    snapshots[i].name, time, snapshots[i].volumes);
	}
	free(snapshots);
	return as_json ? vtl_print_json(json) : CMD_OK;
}

static int snapshot(struct changer *changer, const struct arguments *a)
{
	char message[SERVE_MESSAGE_BYTES];

	if (a->args.count == 0)
		return list(changer, a->args.json);
	if (a->remove)
		return vtl_report_status(changer,
		    changer_remove_snapshot(changer, a->args.words[0]));
	return serve_remote_snapshot(changer, a->args.words[0], message)
	    ? CMD_OK
	    : vtl_fail("%s", message);
}

/* What a restore loses. */
struct losses {
	size_t removed;
	json_t *json;
};

static void add_loss(void *arg, const char *barcode, enum changer_loss loss)
{
	struct losses *losses = arg;
	const bool removed = loss == CHANGER_LOSS_VOLUME;

	losses->removed += removed;
	json_array_append_new(losses->json,
	    json_pack("{s:s, s:b}", "barcode", barcode, "removed",
		(int)removed));
}

static void print_losses(const json_t *losses)
{
	const json_t *loss;
	size_t i;

	json_array_foreach(losses, i, loss) printf("%s: %s\n",
	    json_string_value(json_object_get(loss, "barcode")),
	    json_is_true(json_object_get(loss, "removed"))
		? "removed"
		: "as in the snapshot");
}

static int restore(struct changer *changer, const struct arguments *a)
{
	struct losses losses = { .json = json_array() };
	char message[SERVE_MESSAGE_BYTES];
	const char *name = a->args.words[0];
	int status;

	status = vtl_report_status(changer,
	    changer_compare_snapshot(changer, name, add_loss, &losses));
	if (status == CMD_OK && losses.removed > 0 && !a->force)
		status = vtl_fail(
		    "library %s: %zu volume%s not in snapshot %s, and would be "
		    "removed: export them, or use --force",
		    changer_folder(changer), losses.removed,
		    losses.removed == 1 ? " is" : "s are", name);
	if (status == CMD_OK && !serve_remote_restore(changer, name, message))
		status = vtl_fail("%s", message);
	if (status == CMD_OK && a->args.json)
		return vtl_print_json(losses.json);
	if (status == CMD_OK)
		print_losses(losses.json);
	json_decref(losses.json);
	return status;
}

/* The name of a clone, without its folder. */
struct leftovers {
	const char *folder, *name;
};

/* Reports a file NAME.new-PID of a process that has ended. */
static int print_leftover(void *arg, const char *file)
{
	const struct leftovers *l = arg;
	const size_t n = strlen(l->name);
	char *end = NULL;
	long pid = 0;

	if (strncmp(file, l->name, n) == 0 &&
	    strncmp(file + n, ".new-", strlen(".new-")) == 0)
		pid = strtol(file + n + strlen(".new-"), &end, 10);
	if (pid > 0 && *end == '\0' && kill((pid_t)pid, 0) == -1 &&
	    errno == ESRCH)
		vtl_warn("%s%s: left by a clone that was killed: remove it",
		    l->folder, file);
	return 0;
}

/*
 * Reports what clones of the same name have left that were killed.  It is not
 * removed: a program on another host may still be making it.
 */
static void print_leftovers(const char *path)
{
	const char *slash = strrchr(path, '/');
	const size_t n = slash != NULL ? (size_t)(slash - path) + 1 : 0;
	char *folder = strndup(path, n);
	struct leftovers l = { folder, path + n };

	if (folder != NULL && l.name[0] != '\0')
		files_each(n > 0 ? folder : ".", print_leftover, &l);
	free(folder);
}

static int clone(struct changer *changer, const struct arguments *a)
{
	char message[SERVE_MESSAGE_BYTES];
	const bool good =
	    serve_remote_clone(changer, a->args.words[0], message);

	print_leftovers(a->args.words[0]);
	if (!good)
		return vtl_fail("%s", message);
	if (!a->args.json)
		return CMD_OK;
	return vtl_print_json(json_pack("{s:s, s:s}", "library",
	    changer_folder(changer), "clone", a->args.words[0]));
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_REMOVE:
		a->remove = true;
		return 0;
	case KEY_FORCE:
		a->force = true;
		return 0;
	case ARGP_KEY_END:
		if (a->remove && a->args.count == 0)
			argp_error(state, "name the snapshot to remove");
		return 0;
	default:
		return vtl_parse(key, arg, state);
	}
}

static int run(const struct argp *argp, int argc, char **argv,
    struct arguments *a,
    int (*verb)(struct changer *changer, const struct arguments *a))
{
	struct changer *changer;
	int status;

	if (!cmd_parse(argp, argc, argv, a))
		return CMD_USAGE;
	changer = vtl_open(a->args.folder, false);
	if (changer == NULL)
		return CMD_USAGE;
	status = verb(changer, a);
	changer_close(changer);
	return status;
}

int vtl_snapshot(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "remove", KEY_REMOVE, NULL, VERB_OPTION_LINE_ONLY,
		    "remove this snapshot", 1 },
		VTL_OPTION_JSON, { 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB [NAME]",
		.doc = "Takes a snapshot of a library, or lists the snapshots."
		       "\vExit status: 0 done; 1 not taken or removed; 2 bad "
		       "usage, or no library.",
	};
	struct arguments a = { .args = { .max = 1 } };

	return run(&argp, argc, argv, &a, snapshot);
}

int vtl_restore(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "force", KEY_FORCE, NULL, VERB_OPTION_LINE_ONLY,
		    "also remove volumes that are not in the snapshot", 1 },
		VTL_OPTION_JSON, { 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB NAME",
		.doc = "Makes a library what it was when the snapshot was "
		       "taken, and prints the volumes that change.\vExit "
		       "status: 0 done; 1 not restored; 2 bad usage, or no "
		       "library.",
	};
	struct arguments a = { .args = { .min = 1,
				   .max = 1,
				   .missing = "the snapshot to restore" } };

	return run(&argp, argc, argv, &a, restore);
}

int vtl_clone(int argc, char **argv)
{
	static const struct argp_option options[] = { VTL_OPTION_JSON, { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB NEW",
		.doc = "Copies a library to the new folder NEW.  Its devices "
		       "get new serial numbers.\vExit status: 0 done; 1 not "
		       "cloned; 2 bad usage, or no library.",
	};
	struct arguments a = { .args = { .min = 1,
				   .max = 1,
				   .missing = "the folder of the clone" } };

	return run(&argp, argc, argv, &a, clone);
}
