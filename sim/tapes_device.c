/* tapes_device.c: the tapes of a real drive, and who changes them. */
#include "sim/tapes_device.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/interrupt.h"
#include "splitter/st_command.h"

/* What an LTO drive takes at the most to load. */
#define LOAD_WAIT_NS	INT64_C(960000000000)

/* A line that the person types; false: the end, or an interrupt. */
static bool read_line(int fd, char *line, size_t bytes)
{
	ssize_t n;

	if (!interrupt_wait_readable(fd))
		return false;
	n = read(fd, line, bytes - 1);
	if (n <= 0)
		return false;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return true;
}

/* Standard input is often the dump, so the terminal is asked. */
static int ask_person(void *arg, const struct st_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	bool named = wanted->barcode[0] != '\0', good = false;
	char line[256];

	(void)arg;
	if (fd == -1) {
		snprintf(err, err_bytes, "there is no other volume: nobody is "
		    "at a terminal to change it, and there is no --change");
		return -1;
	}
	dprintf(fd, "%s: put %s%s into the drive, and type Enter%s; or q, if "
	    "there is none: ", wanted->device, named ? "volume " :
	    "the next volume", wanted->barcode, named ? "" :
	    ", with its barcode before, if it has one");
	if (read_line(fd, line, sizeof line) && strcmp(line, "q") != 0) {
		good = strlen(line) < TAPE_BARCODE_BYTES;
		if (good)
			strcpy(barcode, line);
		else
			snprintf(err, err_bytes, "%.40s is no barcode", line);
	}
	close(fd);
	return good ? 0 : -1;
}

static void tell(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "tapelab: %s\n", message);
}

struct tape_library *tapes_device_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes)
{
	const struct st_options options = {
		.fixed_bytes = use->fixed_block_bytes,
		.eject = spec->eject,
		.load_wait_ns = LOAD_WAIT_NS,
		.change = spec->change != NULL ? st_command_change :
		    ask_person,
		.change_arg = (void *)(uintptr_t)spec->change,
		.notice = tell,
	};
	struct tape_library *library = st_library_new(spec->device, &options);

	if (library == NULL) {
		snprintf(err, err_bytes, "out of memory");
	} else if (st_library_probe(library, err, err_bytes) != 0) {
		st_library_free(library);
		library = NULL;
	}
	return library;
}

void tapes_device_close(struct tape_library *library)
{
	st_library_free(library);
}
