/* tapes_device.c: see tapes_device.h. */
#include "sim/command/tape/tapes_device.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "splitter/base/signals.h"
#include "splitter/api/st.h"
#include "splitter/api/volumes.h"

/*
 * Reads a line from the terminal.  Returns false at the end of input, or after
 * an interrupt.
 */
static bool read_line(int fd, char *line, size_t bytes)
{
	ssize_t n;

	if (!signals_wait_readable(fd))
		return false;
	n = read(fd, line, bytes - 1);
	if (n <= 0)
		return false;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return true;
}

/*
 * Asks the person for a volume on the terminal: standard input is often the
 * dump.
 */
static int ask_person(const struct splitter_st_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC), rc = -1;
	bool named = wanted->barcode[0] != '\0';
	char line[256];

	if (fd == -1) {
		snprintf(err, err_bytes,
		    "no other volume can be loaded: there is no "
		    "--changer-command, and no terminal to ask a person");
		return -1;
	}
	dprintf(fd,
	    "%s: %sput %s%s into the drive, then %spress Enter; or type q if "
	    "there is none: ",
	    wanted->device, wanted->empty ? "the drive is empty: " : "",
	    named ? "volume " : "the next volume", wanted->barcode,
	    named ? "" : "type its barcode, if it has one, and ");
	while (rc != 0 && read_line(fd, line, sizeof line) &&
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

bool tapes_device_confirms(const char *name)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	char line[256];
	bool yes;

	if (fd == -1) {
		fprintf(stderr,
		    "tapelab: there is no terminal to ask whether the volume "
		    "may be overwritten: use --yes\n");
		return false;
	}
	/* Ignore input that was typed before the question. */
	tcflush(fd, TCIFLUSH);
	dprintf(fd,
	    "%s: overwrite the volume in the drive?  All that is on it will be "
	    "lost.  Type yes, or anything else to leave it: ",
	    name);
	yes = read_line(fd, line, sizeof line) && strcmp(line, "yes") == 0;
	close(fd);
	return yes;
}

struct tapes_device {
	struct tape_library *library;
	const char *command; /* command that loads the next volume, or NULL */
	bool changed;
};

static int change(void *arg, const struct splitter_st_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	struct tapes_device *device = arg;

	device->changed = true;
	return device->command != NULL
	    ? splitter_st_run_command(device->command, wanted, barcode, err,
		  err_bytes)
	    : ask_person(wanted, barcode, err, err_bytes);
}

static void print_notice(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "tapelab: %s\n", message);
}

/* Sleeps while a drive is not ready; an interrupt ends the sleep. */
static bool sleep_for(void *arg, int64_t ns)
{
	(void)arg;
	return signals_sleep(ns);
}

struct tapes_device *tapes_device_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes)
{
	struct tapes_device *device = calloc(1, sizeof *device);
	struct splitter_st_config config;

	if (device == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	device->command = spec->change;
	splitter_st_config_init(&config, sizeof config, SPLITTER_API);
	config.device = spec->device;
	config.fixed_block_bytes = use->fixed_block_bytes;
	config.eject = spec->eject;
	config.reading = use->reading;
	config.sleep = sleep_for;
	/*
	 * The first named volume may be overwritten, whatever its label says.
	 */
	if (use->unnamed && spec->volumes_count > 0)
		config.barcode = spec->volumes[0];
	config.change = change;
	config.arg = device;
	config.notice = print_notice;
	device->library = splitter_st_new(&config, err, err_bytes);
	if (device->library != NULL &&
	    splitter_st_probe(device->library, use->block_bytes, err,
		err_bytes) == 0)
		return device;
	tapes_device_close(device);
	return NULL;
}

struct tape_library *tapes_device_library(const struct tapes_device *device)
{
	return device->library;
}

bool tapes_device_changed(const struct tapes_device *device)
{
	return device->changed;
}

void tapes_device_close(struct tapes_device *device)
{
	if (device != NULL)
		splitter_st_free(device->library);
	free(device);
}
