/* accept.c: `tapelab run --device`: an acceptance run of a drive that exists. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "reports/output.h"
#include "sim/accept/accept.h"
#include "sim/accept/open.h"
#include "sim/accept/trial.h"
#include "sim/command/cmd.h"
#include "sim/command/run/impl.h"
#include "sim/command/tape/terminal.h"
#include "sim/command/tape/volume_changer.h"
#include "splitter/api/changer.h"
#include "splitter/base/date.h"
#include "splitter/base/signals.h"

/* What the callbacks of the drive need. */
struct accepting {
	const struct arguments *arguments;
	struct tapes_spec spec;
	struct volume_changer *changer;
	struct accept_opened *opened;
	char barcode[TAPE_BARCODE_BYTES]; /* of the cartridge in the drive */
	const char **names;               /* of the cartridges */
	size_t names_count;
};

static int change(void *arg, const struct real_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	struct accepting *a = arg;
	const struct splitter_st_wanted st = { .device = wanted->device,
		.barcode = wanted->barcode,
		.last = wanted->last,
		.empty = wanted->empty };

	return volume_changer_change(a->changer, &st, barcode, err, err_bytes);
}

static void date(void *arg, char to[21])
{
	(void)arg;
	date_text(time(NULL), to);
}

static bool confirm(void *arg)
{
	struct accepting *a = arg;

	if (!terminal_agrees(
		"Everything on the named cartridges will be lost.  "
		"Begin?"))
		return false;
	a->spec.not_agreed = false;
	volume_changer_agreed(a->changer);
	return true;
}

/*
 * Names the cartridges, each once: those of --volume; without it, those of
 * --overwrite.  With it --overwrite only gives leave: it may have another name of
 * the same cartridge, of its label or its memory.
 */
static int name_cartridges(struct accepting *a)
{
	const struct texts *from = a->arguments->volumes.count > 0
	    ? &a->arguments->volumes
	    : &a->arguments->overwrite;

	a->names = calloc(from->count + 1, sizeof *a->names);
	if (a->names == NULL)
		return -1;
	for (size_t i = 0; i < from->count; i++) {
		size_t j = 0;

		while (j < a->names_count &&
		    strcmp(a->names[j], from->list[i]) != 0)
			j++;
		if (j == a->names_count)
			a->names[a->names_count++] = from->list[i];
	}
	return 0;
}

/* What is looked for among the drives of the changer. */
struct proven {
	const struct scsi_names *names;
	bool found;
};

static void look_at_drive(void *arg, const struct splitter_changer_drive *drive)
{
	struct proven *p = arg;

	p->found |= drive->proof != SPLITTER_CHANGER_NOT_PROVEN &&
	    drive->sg[0] != '\0' && strcmp(drive->sg, p->names->sg) == 0;
}

/*
 * Where serial numbers do not prove which drive of the changer the device is, a
 * cartridge is loaded to find out: before the plan, which needs the drive.  So the
 * person is asked before that.  Returns 0, or -1 with a message.
 */
static int ask_to_prove(struct accepting *a, char *err, size_t err_bytes)
{
	struct splitter_changer_config config;
	struct splitter_changer *changer;
	struct scsi_names names;
	struct proven proven = { &names, false };
	char question[512];
	int rc;

	if (a->spec.changer == NULL || a->arguments->yes)
		return 0;
	if (scsi_find_drive(a->spec.device, NULL, &names, err, err_bytes) != 0)
		return -1;
	splitter_changer_config_init(&config, sizeof config, SPLITTER_API);
	config.changer = a->spec.changer;
	config.volumes = a->spec.volumes;
	config.volumes_count = a->spec.volumes_count;
	changer = splitter_changer_open(&config, err, err_bytes);
	if (changer == NULL)
		return -1;
	rc = splitter_changer_drives(changer, look_at_drive, &proven, err,
	    err_bytes);
	splitter_changer_close(changer);
	if (rc != 0 || proven.found)
		return rc;
	snprintf(question, sizeof question,
	    "No serial number tells which drive of %s is %s.  To find out, a "
	    "named cartridge is loaded into one empty drive after the other.  "
	    "Begin?",
	    a->spec.changer, a->spec.device);
	if (terminal_agrees(question)) {
		a->spec.not_agreed = false;
		return 0;
	}
	snprintf(err, err_bytes,
	    "%s: it is not known which drive of the changer this is, and no "
	    "person agreed to load a cartridge to find out: nothing was moved; "
	    "--yes agrees",
	    a->spec.device);
	return -1;
}

static struct accept_opened *open_drive(struct accepting *a, char *err,
    size_t err_bytes)
{
	const struct accept_open_config config = {
		.device = a->spec.device,
		.barcode = a->barcode,
		.element = volume_changer_element(a->changer),
		.eject = volume_changer_is_robot(a->changer),
		.change = change,
		.sleep = cmd_sleep,
		.notice = cmd_notice,
		.arg = a,
		.started_s = time(NULL),
	};

	return accept_open(&config, err, err_bytes);
}

/* Leaves drive and changer as they were found; see tapes_spec.not_agreed. */
static void close_both(struct accepting *a)
{
	accept_close(a->opened);
	volume_changer_close(a->changer);
	a->opened = NULL;
	a->changer = NULL;
}

/* Opens the changer for the second drive, and that drive. */
static struct accept_device *open_second(void *arg, char *err, size_t err_bytes)
{
	struct accepting *a = arg;

	close_both(a);
	a->spec.device = a->arguments->second;
	a->changer =
	    volume_changer_open(&a->spec, true, a->barcode, err, err_bytes);
	if (a->changer != NULL)
		a->opened = open_drive(a, err, err_bytes);
	return a->opened != NULL ? accept_opened_device(a->opened) : NULL;
}

/* Refuses a second drive before the run: it cannot be opened, or is the first. */
static int try_second(struct accepting *a, char *err, size_t err_bytes)
{
	struct scsi_names first, second;
	int rc = 0;

	if (a->arguments->second == NULL)
		return 0;
	if (scsi_find_drive(a->arguments->device, NULL, &first, err,
		err_bytes) != 0 ||
	    scsi_find_drive(a->arguments->second, NULL, &second, err,
		err_bytes) != 0)
		return -1;
	if (first.sg[0] != '\0' && strcmp(first.sg, second.sg) == 0) {
		snprintf(err, err_bytes,
		    "--second-device: %s is the drive of --device",
		    a->arguments->second);
		return -1;
	}
	a->spec.device = a->arguments->second;
	if (ask_to_prove(a, err, err_bytes) != 0 ||
	    open_second(a, err, err_bytes) == NULL)
		rc = -1;
	close_both(a);
	return rc;
}

/* Opens changer and drive.  Returns 0, or -1 with a message. */
static int open_all(struct accepting *a, char *err, size_t err_bytes)
{
	char name[TAPE_BARCODE_BYTES];

	if (name_cartridges(a) != 0) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	a->spec = (struct tapes_spec){ .program = "tapelab run",
		.device = a->arguments->device,
		.changer = a->arguments->changer,
		.volumes = a->names,
		.volumes_count = a->names_count,
		.not_agreed = !a->arguments->yes };
	if (try_second(a, err, err_bytes) != 0)
		return -1;
	a->spec.device = a->arguments->device;
	if (ask_to_prove(a, err, err_bytes) != 0)
		return -1;
	a->changer =
	    volume_changer_open(&a->spec, false, a->barcode, err, err_bytes);
	if (a->changer == NULL)
		return -1;
	/* Without a robot the first cartridge named is the one in the drive. */
	if (!volume_changer_is_robot(a->changer) && a->names_count > 0)
		snprintf(a->barcode, sizeof a->barcode, "%s", a->names[0]);
	a->opened = open_drive(a, err, err_bytes);
	if (a->opened == NULL)
		return -1;
	if (a->names_count > 0)
		return 0;
	accept_opened_name(a->opened, name);
	snprintf(err, err_bytes,
	    name[0] != '\0'
		? "%s: name the cartridges to test with; the one in the drive "
		  "is --volume %s"
		: "%s: name the cartridges to test with, by --volume%s",
	    a->arguments->device, name);
	return -1;
}

static int status_of(enum accept_end end, enum acceptance_verdict verdict)
{
	if (end == ACCEPT_REFUSED)
		return CMD_USAGE;
	if (end == ACCEPT_INTERRUPTED)
		return CMD_FAILED;
	return verdict == ACCEPTANCE_PASSED    ? CMD_OK
	    : verdict == ACCEPTANCE_NOT_PASSED ? CMD_FAILED
					       : CMD_SKIPPED;
}

/* Draws a seed: cartridges of several runs must not have the same data. */
static uint64_t draw_seed(const struct arguments *a)
{
	uint64_t seed = 1;

	if (a->has_seed)
		return a->options.seed;
	if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
		seed = (uint64_t)time(NULL);
	return seed & INT64_MAX;
}

static int run(struct accepting *a, const struct suite *suite)
{
	const struct arguments *args = a->arguments;
	const char *out = args->out != NULL ? args->out : "acceptance";
	enum acceptance_verdict verdict = ACCEPTANCE_NOT_DECIDED;
	char err[TAPE_MESSAGE_BYTES] = "";
	struct accept_config config = {
		.suite = suite,
		.run = args->acceptance,
		.names = a->names,
		.overwrite = args->overwrite.list,
		.overwrite_count = args->overwrite.count,
		.out = out,
		.earlier = args->compare.list,
		.earlier_count = args->compare.count,
		.command = args->command,
		.seed = draw_seed(args),
		.to = stdout,
		.confirm = args->yes ? NULL : confirm,
		.second = args->second != NULL ? open_second : NULL,
		.date = date,
		.arg = a,
	};
	enum accept_end end = ACCEPT_REFUSED;

	if (open_all(a, err, sizeof err) == 0 &&
	    report_output_folder(out, err, sizeof err) == 0) {
		config.names = a->names;
		config.names_count = a->names_count;
		config.device = accept_opened_device(a->opened);
		end = accept_run(&config, &verdict, err, sizeof err);
	}
	if (end != ACCEPT_ENDED)
		fprintf(stderr, "tapelab: %s\n", err);
	else
		printf("report: %s/acceptance.html\n", out);
	return status_of(end, verdict);
}

/* Tries the settings of the only scenario. */
static int try_scenario(struct accepting *a, struct scenario *s, char *err,
    size_t err_bytes)
{
	const struct arguments *args = a->arguments;
	struct trial_config config = { .scenario = s,
		.ns = args->trial_ns,
		.seed = draw_seed(args),
		.overwrite = args->overwrite.list,
		.overwrite_count = args->overwrite.count,
		.to = stdout,
		.confirm = args->yes ? NULL : confirm,
		.arg = a };

	if (open_all(a, err, err_bytes) != 0)
		return -1;
	config.device = accept_opened_device(a->opened);
	config.name = a->names[0];
	return trial_run(&config, err, err_bytes);
}

static int run_trial(struct accepting *a, const struct suite *suite)
{
	char err[TAPE_MESSAGE_BYTES] = "--trial takes one scenario";
	struct scenario *s = suite->count == 1
	    ? suite_scenario(&suite->entries[0], err, sizeof err)
	    : NULL;
	int rc = s != NULL ? try_scenario(a, s, err, sizeof err) : -1;

	scenario_free(s);
	if (rc != 0)
		fprintf(stderr, "tapelab: %s\n", err);
	return rc == 0 ? CMD_OK : rc > 0 ? CMD_FAILED : CMD_USAGE;
}

int run_accept(const struct arguments *args, const struct suite *suite)
{
	struct accepting a = { .arguments = args };
	int status = args->trial_ns > 0 ? run_trial(&a, suite) : run(&a, suite);

	close_both(&a);
	free(a.names);
	return status;
}
