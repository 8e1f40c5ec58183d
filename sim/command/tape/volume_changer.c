/* volume_changer.c: see volume_changer.h. */
#include "sim/command/tape/volume_changer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/cmd.h"
#include "sim/command/tape/terminal.h"
#include "splitter/api/changer.h"
#include "splitter/api/volumes.h"

struct volume_changer {
	/* How a volume is changed; the members below are for it. */
	int (*change)(struct volume_changer *,
	    const struct splitter_st_wanted *, char barcode[TAPE_BARCODE_BYTES],
	    char *err, size_t err_bytes);
	struct splitter_changer *robot; /* --changer; or NULL */
	const char *command;            /* --changer-command; or NULL */
	bool used;
	bool not_agreed; /* see tapes_spec */
};

/*
 * Asks the person for a volume on the terminal: standard input is often the
 * dump.
 */
static int ask_person(struct volume_changer *changer,
    const struct splitter_st_wanted *wanted, char barcode[TAPE_BARCODE_BYTES],
    char *err, size_t err_bytes)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC), rc = -1;
	bool named = wanted->barcode[0] != '\0';
	char line[256];

	(void)changer;
	if (fd == -1) {
		snprintf(err, err_bytes,
		    "no other volume can be loaded: there is no --changer or "
		    "--changer-command, and no terminal to ask a person");
		return -1;
	}
	dprintf(fd,
	    "%s: %sput %s%s into the drive, then %spress Enter; or type q if "
	    "you have no other volume: ",
	    wanted->device, wanted->empty ? "the drive is empty: " : "",
	    named ? "volume " : "the next volume", wanted->barcode,
	    named ? "" : "type its barcode, if it has one, and ");
	while (rc != 0 && terminal_read_line(fd, line, sizeof line) &&
	    strcmp(line, "q") != 0) {
		if (line[0] == '\0' || splitter_barcode_valid(line)) {
			strcpy(barcode, line);
			rc = 0;
		} else {
			dprintf(fd,
			    "A barcode has 1 to 32 printable ASCII characters, "
			    "without a blank at either end.  Type the barcode, "
			    "or only Enter, or q: ");
		}
	}
	close(fd);
	return rc;
}

static int run_command(struct volume_changer *changer,
    const struct splitter_st_wanted *wanted, char barcode[TAPE_BARCODE_BYTES],
    char *err, size_t err_bytes)
{
	return splitter_st_run_command(changer->command, wanted, barcode, err,
	    err_bytes);
}

static int use_robot(struct volume_changer *changer,
    const struct splitter_st_wanted *wanted, char barcode[TAPE_BARCODE_BYTES],
    char *err, size_t err_bytes)
{
	return splitter_changer_change(changer->robot, wanted, barcode, err,
	    err_bytes);
}

static int open_robot(struct volume_changer *changer,
    const struct tapes_spec *spec, bool reading,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	struct splitter_changer_config config;

	splitter_changer_config_init(&config, sizeof config, SPLITTER_API);
	config.changer = spec->changer;
	config.volumes = spec->volumes;
	config.volumes_count = spec->volumes_count;
	config.reading = reading;
	config.sleep = cmd_sleep;
	config.notice = cmd_notice;
	changer->robot = splitter_changer_open(&config, err, err_bytes);
	return changer->robot == NULL
	    ? -1
	    : splitter_changer_prove(changer->robot, spec->device, barcode, err,
		  err_bytes);
}

struct volume_changer *volume_changer_open(const struct tapes_spec *spec,
    bool reading, char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	struct volume_changer *changer = calloc(1, sizeof *changer);

	barcode[0] = '\0';
	if (changer == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	changer->not_agreed = spec->not_agreed;
	changer->command = spec->change;
	changer->change = spec->changer != NULL ? use_robot
	    : spec->change != NULL              ? run_command
						: ask_person;
	if (spec->changer == NULL ||
	    open_robot(changer, spec, reading, barcode, err, err_bytes) == 0)
		return changer;
	volume_changer_close(changer);
	return NULL;
}

bool volume_changer_is_robot(const struct volume_changer *changer)
{
	return changer->robot != NULL;
}

bool volume_changer_is_person(const struct volume_changer *changer)
{
	return changer->change == ask_person;
}

const char *volume_changer_element(const struct volume_changer *changer)
{
	return changer->robot != NULL ? splitter_changer_proof(changer->robot)
				      : NULL;
}

bool volume_changer_used(const struct volume_changer *changer)
{
	return changer->used;
}

int volume_changer_change(void *arg, const struct splitter_st_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	struct volume_changer *changer = arg;

	changer->used = true;
	return changer->change(changer, wanted, barcode, err, err_bytes);
}

static void print_away(void *arg, const char *barcode, const char *where)
{
	(void)arg;
	fprintf(stderr, "tapelab: cartridge %s is %s\n", barcode, where);
}

void volume_changer_agreed(struct volume_changer *changer)
{
	changer->not_agreed = false;
}

void volume_changer_close(struct volume_changer *changer)
{
	char err[512];

	if (changer == NULL)
		return;
	if (changer->robot != NULL && !changer->not_agreed &&
	    splitter_changer_finish(changer->robot, print_away, NULL, err,
		sizeof err) != 0)
		fprintf(stderr, "tapelab: %s\n", err);
	splitter_changer_close(changer->robot);
	free(changer);
}
