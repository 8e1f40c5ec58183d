/* release.c: restores a drive that a killed run left. */
#include <argp.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/base/option.h"
#include "sim/command/cmd.h"
#include "splitter/api/changer.h"
#include "splitter/api/release.h"

enum { VOLUMES_MAX = 64, MESSAGE_BYTES = 512 };

struct arguments {
	const char *device;
	const char *changer; /* or NULL */
	/* Of cartridges that are put away; the texts are the program's. */
	const char *volumes[VOLUMES_MAX];
	size_t volumes_count;
	int64_t wait_ns; /* 0: the default */
};

enum { KEY_DEVICE = 'D', KEY_CHANGER = 512, KEY_VOLUME, KEY_WAIT };
#define WAIT_MOST_NS (UINT64_C(86400) * 1000000000)

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	uint64_t ns;

	switch (key) {
	case KEY_DEVICE:
		a->device = option_name("--device", "drive", arg, state);
		return 0;
	case KEY_CHANGER:
		a->changer = option_name("--changer", "changer", arg, state);
		return 0;
	case KEY_VOLUME:
		if (a->volumes_count == VOLUMES_MAX)
			argp_error(state,
			    "--volume: name at most %d cartridges",
			    VOLUMES_MAX);
		a->volumes[a->volumes_count++] =
		    option_name("--volume", "cartridge", arg, state);
		return 0;
	case KEY_WAIT:
		ns = option_value("--wait", UNITS_TIME, arg, state);
		if (ns == 0 || ns > WAIT_MOST_NS)
			argp_error(state,
			    "--wait: name a time up to 24h, not %s", arg);
		a->wait_ns = (int64_t)ns;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument \"%s\"", arg);
		return 0;
	case ARGP_KEY_END:
		if (a->device == NULL)
			argp_error(state, "name the drive with --device");
		if (a->volumes_count > 0 && a->changer == NULL)
			argp_error(state,
			    "--volume needs the robot: name it with --changer");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void print_notice(void *arg, const char *message)
{
	(void)arg;
	printf("%s\n", message);
	fflush(stdout);
}

static void print_cartridge(void *arg, const struct splitter_changer_drive *d)
{
	const char *changer = arg;

	if (!d->full)
		return;
	printf("%s: %s%s is in drive %u%s%s", changer,
	    d->barcode[0] != '\0' ? "cartridge "
				  : "a cartridge without barcode",
	    d->barcode, d->number, d->st[0] != '\0' ? ", " : "", d->st);
	if (d->slot != 0)
		printf(", and came from slot %u\n", d->slot);
	else
		printf("; the slot from which it came is not known\n");
}

static void print_away(void *arg, const char *barcode, const char *where)
{
	printf("%s: cartridge %s is %s\n", (const char *)arg, barcode, where);
}

/*
 * Lists the cartridges in drives.  Puts the named ones away if the drive was
 * released: no run uses it.
 */
static int use_changer(const struct arguments *a, bool released)
{
	struct splitter_changer_config config;
	struct splitter_changer *changer;
	void *name = (void *)(uintptr_t)a->changer;
	char err[MESSAGE_BYTES];
	int failed = -1;

	splitter_changer_config_init(&config, sizeof config, SPLITTER_API);
	config.changer = a->changer;
	config.volumes = a->volumes;
	config.volumes_count = a->volumes_count;
	config.sleep = cmd_sleep;
	changer = splitter_changer_open(&config, err, sizeof err);
	if (changer != NULL)
		failed = splitter_changer_drives(changer, print_cartridge, name,
		    err, sizeof err);
	if (failed == 0 && a->volumes_count > 0 && !released) {
		snprintf(err, sizeof err,
		    "no cartridge is moved, because the drive is not released");
		failed = -1;
	} else if (failed == 0 && a->volumes_count > 0) {
		failed = splitter_changer_finish(changer, print_away, name, err,
		    sizeof err);
		if (failed == 0)
			printf("%s: the named cartridges are in no drive of "
			       "this host\n",
			    a->changer);
	}
	splitter_changer_close(changer);
	if (failed != 0)
		fprintf(stderr, "tapelab: %s\n", err);
	return failed;
}

int cmd_release(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "device", KEY_DEVICE, "DEV", 0,
		    "the drive: /dev/nst0, /dev/sg3, or a name in "
		    "/dev/tape/by-id",
		    0 },
		{ "changer", KEY_CHANGER, "DEV|COMMAND", 0,
		    "list also which cartridges are in the drives of this "
		    "robot, and from which slots they came",
		    0 },
		{ "volume", KEY_VOLUME, "NAME", 0,
		    "put this cartridge, which the killed run left in a drive, "
		    "into its slot; repeat the option for more",
		    0 },
		{ "wait", KEY_WAIT, "TIME", 0,
		    "how long to wait for a command that the killed run left "
		    "running, and for the drive to become ready (2min)",
		    0 },
		{ 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc =
		    "Restores a tape drive that a killed run left: unlocks "
		    "the door, ends the reservation, restores settings.\n"
		    "\vEverything of other programs and hosts is "
		    "reported, and stays.  Exit status: 0 nothing of tapelab on this host "
		    "is left; 1 something could not be restored, the drive "
		    "still executes a command, or a run still uses the drive; "
		    "2 bad usage, or the drive cannot be used.",
	};
	struct splitter_release_config config;
	struct arguments a = { 0 };
	char err[MESSAGE_BYTES];
	int status;

	if (!cmd_begin(&argp, argc, argv, &a))
		return CMD_USAGE;
	splitter_release_config_init(&config, sizeof config, SPLITTER_API);
	config.device = a.device;
	config.sleep = cmd_sleep;
	config.notice = print_notice;
	if (a.wait_ns > 0)
		config.wait_ns = a.wait_ns;
	status = splitter_release(&config, err, sizeof err);
	if (status != 0)
		fprintf(stderr, "tapelab: %s\n", err);
	if (a.changer != NULL && use_changer(&a, status == 0) != 0 &&
	    status == 0)
		status = a.volumes_count > 0 ? 1 : -1;
	return status == 0 ? CMD_OK : status == 1 ? CMD_FAILED : CMD_USAGE;
}
