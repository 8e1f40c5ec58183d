/* cmd_label.c: labels volumes as free to be written to. */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tool/catalogue/catalogue.h"
#include "sim/command/cmd.h"
#include "splitter/base/signals.h"
#include "sim/command/tapes.h"
#include "sim/base/units.h"
#include "splitter/core/core.h"
#include "splitter/format/volume_policy.h"
#include "splitter/api/reader.h"
#include "splitter/base/sentence.h"

enum {
	KEY_OVERWRITE = 256,
	KEY_UNNAMED,
	KEY_YES,
	KEY_BLOCK,
	KEY_CATALOGUE,
	KEY_NO_CATALOGUE,
	LABEL_BLOCK_BYTES = 32 << 10,
	FAILED_MAX = 3 /* in a row: no fault empties a library */
};

struct arguments {
	struct tapes_spec tapes;
	struct tapes *opened;
	struct splitter_scan *scan; /* of all that was looked at */
	bool overwrite, unnamed, yes;
	uint64_t block_bytes;
	const char *path; /* of the catalogue, or NULL */
	bool no_catalogue;
	struct catalogue *catalogue; /* that knows what is lost, or NULL */
	unsigned refused;            /* or failed, in all */
	unsigned failed, unloaded;   /* in a row */
	bool no_storage; /* volumes cannot be stored: no more is tried */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	char err[256];

	switch (key) {
	case KEY_OVERWRITE:
		a->overwrite = true;
		return 0;
	case KEY_UNNAMED:
		a->unnamed = true;
		return 0;
	case KEY_YES:
		a->yes = true;
		return 0;
	case KEY_BLOCK:
		if (units_parse(UNITS_SIZE, arg, &a->block_bytes, err,
			sizeof err) != 0)
			argp_error(state, "--block: %s", err);
		if (a->block_bytes < TAPE_BLOCK_MIN_BYTES)
			argp_error(state,
			    "--block: %s is too small: use %d B "
			    "at least",
			    arg, TAPE_BLOCK_MIN_BYTES);
		return 0;
	case KEY_CATALOGUE:
		a->path = arg;
		return 0;
	case KEY_NO_CATALOGUE:
		a->no_catalogue = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->tapes;
		return 0;
	case ARGP_KEY_ARG:
		return ARGP_ERR_UNKNOWN;
	case ARGP_KEY_END:
		if (a->overwrite && a->tapes.volumes_count == 0)
			argp_error(state,
			    "--overwrite loses what is on the "
			    "volumes: name them, with --volume");
		if (a->unnamed && a->tapes.device == NULL)
			argp_error(state,
			    "--overwrite-unnamed goes with "
			    "--device: in a library each volume has a "
			    "barcode");
		if (a->yes && !a->unnamed)
			argp_error(state,
			    "--yes goes with "
			    "--overwrite-unnamed");
		if (a->path != NULL && a->no_catalogue)
			argp_error(state,
			    "--catalogue and --no-catalogue "
			    "exclude each other");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = { { NULL, 0, NULL, 0,
						  "What is written:", 2 },
	{ "overwrite", KEY_OVERWRITE, NULL, 0,
	    "label the volumes that are "
	    "named whatever is on them: it is lost",
	    2 },
	{ "overwrite-unnamed", KEY_UNNAMED, NULL, 0,
	    "label the volume that is "
	    "in the drive of --device now, after a question that shows what "
	    "is on it",
	    2 },
	{ "yes", KEY_YES, NULL, 0, "answer that question with yes", 2 },
	{ "block", KEY_BLOCK, "SIZE", 0, "of the label (default 32 KiB)", 2 },
	{ "catalogue", KEY_CATALOGUE, "FILE", 0,
	    "where it is told what is "
	    "lost (default: in the library, or below XDG_STATE_HOME)",
	    2 },
	{ "no-catalogue", KEY_NO_CATALOGUE, NULL, 0, "do without", 2 }, { 0 } };

/* What stands at the beginning, as volume_policy.h has it. */
static enum volume_policy_found found_of(const struct splitter_scan_volume *v)
{
	switch (v->kind) {
	case SPLITTER_VOLUME_BLANK:
		return VOLUME_POLICY_BLANK;
	case SPLITTER_VOLUME_SCRATCH:
	case SPLITTER_VOLUME_DUMPS:
		return VOLUME_POLICY_LABEL;
	case SPLITTER_VOLUME_FOREIGN:
		return VOLUME_POLICY_FOREIGN;
	default:
		return v->locked ? VOLUME_POLICY_LOCKED : VOLUME_POLICY_ERROR;
	}
}

/* What to do with a volume that is not write-once; see volume_policy_judge(). */
static enum volume_policy_verdict ask_rules(const struct arguments *a,
    const struct splitter_scan_volume *v, const char *barcode, char *why,
    size_t bytes)
{
	const struct volume_policy_list named = { a->tapes.volumes,
		a->tapes.volumes_count };
	const struct volume_policy_rules rules = { .label_blank = true,
		.overwrite =
		    a->overwrite ? named : (struct volume_policy_list){ 0 },
		.unnamed = a->unnamed };
	struct header label = { .type = v->kind == SPLITTER_VOLUME_SCRATCH
		    ? HEADER_SCRATCH
		    : HEADER_LABEL };
	const struct volume_policy_volume volume = { .barcode = barcode,
		.found = found_of(v),
		.label = &label,
		.why = v->why };
	bool agree = barcode[0] == '\0' || strcmp(barcode, v->label) == 0;

	snprintf(label.volume, sizeof label.volume, "%s", v->label);
	snprintf(label.dump, sizeof label.dump, "%s", v->dump);
	if (v->kind == SPLITTER_VOLUME_SCRATCH && agree && !a->overwrite &&
	    !a->unnamed) {
		snprintf(why, bytes, "it is labelled as scratch already");
		return VOLUME_POLICY_REFUSE;
	}
	if (v->kind == SPLITTER_VOLUME_DUMPS && agree && !a->overwrite &&
	    !a->unnamed) {
		snprintf(why, bytes,
		    "there are dumps on it: --overwrite "
		    "loses them");
		return VOLUME_POLICY_REFUSE;
	}
	return volume_policy_judge(&rules, &volume, why, bytes);
}

/* Whether the volume may be labelled; if not, the reason. */
static bool may_label(const struct arguments *a,
    const struct splitter_scan_volume *v, const char *barcode, char *why,
    size_t bytes)
{
	enum volume_policy_verdict answer;

	if (v->worm) {
		snprintf(why, bytes,
		    "it is a write-once medium (WORM): a "
		    "scratch label would make it unusable; tapelab write "
		    "--label-blank takes it while it is blank");
		return false;
	}
	if (v->barcode[0] == '\0' && v->kind != SPLITTER_VOLUME_UNREADABLE) {
		snprintf(why, bytes,
		    "it has no name: give it one with "
		    "--volume");
		return false;
	}
	answer = ask_rules(a, v, barcode, why, bytes);
	if (answer != VOLUME_POLICY_ASK)
		return answer == VOLUME_POLICY_WRITE_LABEL;
	if (tapes_may_overwrite(a->opened, why, a->yes))
		return true;
	snprintf(why, bytes, "overwriting it was not confirmed");
	return false;
}

/* What will be lost is, from now on. */
static void forget(const struct arguments *a, const char *barcode)
{
	if (a->catalogue != NULL &&
	    catalogue_forget(a->catalogue, barcode) != 0)
		fprintf(stderr, "tapelab: %s\n",
		    catalogue_message(a->catalogue));
}

/* Writes the label, and answers with what the tape said. */
static void write_label(const struct arguments *a, struct tape *tape,
    const struct splitter_scan_volume *v, int64_t *now_ns,
    struct tape_result *answer)
{
	struct header h = { .type = HEADER_SCRATCH,
		.block_bytes = a->block_bytes };
	struct tape_limits limits = { .worm = false };
	char *block;

	tape_result_init(answer, *now_ns);
	answer->cause = TAPE_INVALID;
	tape->ops->limits(tape, &limits);
	if (a->block_bytes > limits.block_max_bytes) {
		snprintf(answer->message, sizeof answer->message,
		    "its drive "
		    "takes blocks of %" PRIu64
		    " bytes at most, not of %" PRIu64,
		    limits.block_max_bytes, a->block_bytes);
		return;
	}
	block = malloc(a->block_bytes);
	if (block == NULL) {
		snprintf(answer->message, sizeof answer->message,
		    "out of memory");
		return;
	}
	forget(a, v->barcode);
	/* The label that is lost may name another one. */
	if (v->label[0] != '\0' && strcmp(v->label, v->barcode) != 0)
		forget(a, v->label);
	snprintf(h.volume, sizeof h.volume, "%s", v->barcode);
	header_format(&h, NULL, 0, block, a->block_bytes);
	tape->ops->label(tape, block, a->block_bytes, *now_ns, answer);
	*now_ns = answer->done_ns;
	free(block);
}

static void note_label(struct arguments *a, const char *barcode,
    const struct tape_result *answer)
{
	if (answer->cause == TAPE_OK) {
		printf("%s\n", barcode);
		a->failed = 0;
	} else {
		fprintf(stderr, "tapelab: volume %s is not labelled: %s\n",
		    barcode, answer->message);
		a->refused++;
	}
}

/* One volume, and how it is to be given back; -1 if there is no memory. */
static int label_one(struct arguments *a, struct tape *tape, int64_t *now_ns,
    enum tape_close *close)
{
	struct tape_result answer;
	struct splitter_scan_volume v;
	char why[TAPE_MESSAGE_BYTES];

	*close = TAPE_CLOSE_REFUSED;
	if (splitter_scan_label(a->scan, tape, now_ns) != 0)
		return -1;
	splitter_scan_get_volume(a->scan,
	    splitter_scan_volume_count(a->scan) - 1, &v, sizeof v);
	if (!may_label(a, &v, tape->barcode, why, sizeof why)) {
		/* Unasked, only blank ones are meant. */
		if (a->tapes.volumes_count > 0 || a->unnamed ||
		    v.kind == SPLITTER_VOLUME_BLANK ||
		    v.kind == SPLITTER_VOLUME_UNREADABLE) {
			fprintf(stderr, "tapelab: %s%s is left as it is: %s\n",
			    v.barcode[0] != '\0' ? "volume "
						 : "the volume "
						   "in the drive",
			    v.barcode, why);
			a->refused++;
		}
	} else {
		write_label(a, tape, &v, now_ns, &answer);
		*close = core_close_reason(answer.cause, false);
		a->failed += *close != TAPE_CLOSE_REFUSED;
		a->no_storage = answer.cause == TAPE_STORAGE_FAILED;
		note_label(a, v.barcode, &answer);
	}
	return 0;
}

/* Also what is still wrong then is a label that is not safe. */
static void give_back(struct arguments *a, struct tape_library *library,
    struct tape *tape, enum tape_close close, int64_t *now_ns)
{
	struct tape_result answer;

	library->ops->unload(library, tape, close, *now_ns, &answer);
	*now_ns = answer.done_ns;
	if (answer.cause == TAPE_OK)
		return;
	fprintf(stderr, "tapelab: %s\n", answer.message);
	if (close == TAPE_CLOSE_GOOD)
		a->refused++;
}

/* Whether too many labels in a row have failed; then it says so. */
static bool is_enough(const struct arguments *a)
{
	if (a->failed == FAILED_MAX)
		fprintf(stderr,
		    "tapelab: %d volumes in a row could not be "
		    "labelled, and no more are tried: look at the drive\n",
		    FAILED_MAX);
	if (a->unloaded == SPLITTER_FAILED_LOADS_MAX)
		fprintf(stderr,
		    "tapelab: %d volumes in a row could not be "
		    "loaded, and no more are tried: look at the library\n",
		    SPLITTER_FAILED_LOADS_MAX);
	return a->failed == FAILED_MAX || a->no_storage ||
	    a->unloaded == SPLITTER_FAILED_LOADS_MAX;
}

/* No volume was loaded; false if there are no more. */
static bool note_unloaded(struct arguments *a, enum tape_close before,
    const struct tape_result *answer)
{
	struct tapes_missed missed;

	tapes_take_missed(a->opened, &missed);
	/* That no volume is left is no failure, but that no drive is. */
	if (answer->cause == TAPE_NO_VOLUME && before != TAPE_CLOSE_AVOID_DRIVE)
		return false;
	fprintf(stderr, "tapelab: %s\n", tape_result_text(answer));
	a->refused++;
	a->unloaded++;
	a->no_storage = answer->cause == TAPE_STORAGE_FAILED;
	if (missed.barcode[0] != '\0')
		splitter_scan_not_scanned(a->scan, missed.barcode,
		    missed.in_use, tape_result_text(answer));
	return answer->cause != TAPE_NO_VOLUME;
}

/* A volume that was loaded, from its look to its return.  0; -1: no memory. */
static int handle(struct arguments *a, struct tape *tape, int64_t *now_ns,
    enum tape_close *close)
{
	int rc = label_one(a, tape, now_ns, close);

	a->unloaded = 0;
	give_back(a, tapes_library(a->opened), tape, *close, now_ns);
	return rc;
}

/* A volume that the library did not hand out: why. */
static bool on_rest(void *arg, const char *barcode, const char *why)
{
	struct arguments *a = arg;
	struct tape_result answer;
	enum tape_close close;
	struct tape *tape = NULL;
	int64_t now_ns = 0;

	if (signals_signal() != 0)
		return false;
	if (splitter_scan_knows(a->scan, barcode))
		return true;
	if (why == NULL && a->unloaded < SPLITTER_FAILED_LOADS_MAX) {
		tape = tape_load_named(tapes_library(a->opened), barcode, 0,
		    &answer);
		now_ns = answer.done_ns;
		why = tape_result_text(&answer);
	}
	if (tape != NULL)
		return handle(a, tape, &now_ns, &close) == 0 && !is_enough(a);
	a->unloaded++;
	fprintf(stderr, "tapelab: volume %s was not looked at: %s\n", barcode,
	    why != NULL ? why
			: "too many volumes in a row could not be "
			  "loaded");
	return true;
}

/* No volume at all was looked at: that is no success. */
static void say_none(struct arguments *a, const struct tape_result *last)
{
	if (a->unloaded > 0) /* each was named with its reason */
		fprintf(stderr, "tapelab: no volume could be looked at\n");
	else if (a->refused == 0)
		fprintf(stderr, "tapelab: no volume was looked at: %s\n",
		    tape_result_text(last));
	a->refused++;
}

static int label_all(struct arguments *a)
{
	struct tape_library *library = tapes_library(a->opened);
	struct tape_result answer;
	enum tape_close close = TAPE_CLOSE_REFUSED;
	struct tape *tape;
	int64_t now_ns = 0;
	char err[512] = "out of memory";
	int rc = 0;

	while (rc == 0 && !is_enough(a) && signals_signal() == 0) {
		tape = library->ops->load(library, now_ns, &answer);
		now_ns = answer.done_ns;
		if (tape == NULL && note_unloaded(a, close, &answer))
			continue;
		if (tape == NULL)
			break;
		rc = handle(a, tape, &now_ns, &close);
	}
	if (rc == 0 && a->failed < FAILED_MAX && !a->no_storage &&
	    close != TAPE_CLOSE_AVOID_DRIVE)
		rc = tapes_each(a->opened, on_rest, a, err, sizeof err);
	if (rc != 0)
		fprintf(stderr, "tapelab: %s\n", err);
	else if (signals_signal() != 0)
		fprintf(stderr,
		    "tapelab: interrupted: no volume is labelled "
		    "but those that were printed\n");
	else if (splitter_scan_read_count(a->scan) == 0)
		say_none(a, &answer);
	return signals_signal() != 0    ? CMD_LOST
	    : rc != 0 || a->refused > 0 ? CMD_USAGE
					: CMD_OK;
}

/* None is made here: one that is not there knows of nothing. */
static int open_catalogue(struct arguments *a, char *err, size_t err_bytes)
{
	char *path;
	int rc = 0;

	if ((!a->overwrite && !a->unnamed) || a->no_catalogue)
		return 0;
	path = a->path != NULL ? strdup(a->path)
			       : catalogue_path(a->tapes.library);
	if (path == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	if (access(path, F_OK) == 0) {
		a->catalogue = catalogue_open(path, err, err_bytes);
		rc = a->catalogue == NULL ? -1 : 0;
	} else if (a->path != NULL) {
		sentence(err, err_bytes, "there is no catalogue %s: %s", path,
		    strerror(errno));
		rc = -1;
	}
	free(path);
	return rc;
}

static int run(struct arguments *a)
{
	const struct tapes_use use = { .unnamed = a->unnamed };
	struct splitter_scan_config config;
	char err[512];
	int status;

	splitter_scan_config_init(&config, sizeof config, SPLITTER_API);
	a->scan = splitter_scan_new(&config, err, sizeof err);
	if (a->scan != NULL)
		a->opened = tapes_open(&a->tapes, &use, err, sizeof err);
	if (a->opened != NULL && open_catalogue(a, err, sizeof err) == 0) {
		status = label_all(a);
	} else {
		fprintf(stderr, "tapelab: %s\n", err);
		status = signals_signal() != 0 ? CMD_LOST : CMD_USAGE;
	}
	splitter_scan_free(a->scan);
	catalogue_close(a->catalogue);
	tapes_close(a->opened);
	return status;
}

int cmd_label(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &tapes_argp, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.children = children,
		.doc =
		    "Labels volumes as scratch: free to be written to.\n\v"
		    "All that are blank, or those that are named.  The barcodes "
		    "of those that were labelled are printed.  Exit status: 0; 2 "
		    "bad usage, or one that was named was not labelled, or one "
		    "could not be loaded, or a label failed; 5 it was "
		    "interrupted.",
	};
	struct arguments a = { .tapes.program = "tapelab label",
		.block_bytes = LABEL_BLOCK_BYTES };
	int status = CMD_USAGE;

	if (cmd_begin(&argp, argc, argv, &a))
		status = run(&a);
	tapes_spec_clear(&a.tapes);
	return status;
}
