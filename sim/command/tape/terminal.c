/* terminal.c: see terminal.h. */
#include "sim/command/tape/terminal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "splitter/base/signals.h"

bool terminal_read_line(int fd, char *line, size_t bytes)
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

bool terminal_agrees(const char *question)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	char line[256];
	bool yes;

	if (fd == -1)
		return false;
	/* Ignore input that was typed before the question. */
	tcflush(fd, TCIFLUSH);
	dprintf(fd, "%s  Type yes, or anything else to leave it: ", question);
	yes = terminal_read_line(fd, line, sizeof line) &&
	    strcmp(line, "yes") == 0;
	close(fd);
	return yes;
}

bool terminal_confirms(const char *name)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	char question[512];

	if (fd == -1) {
		fprintf(stderr,
		    "tapelab: there is no terminal to ask whether the volume "
		    "may be overwritten: use --yes\n");
		return false;
	}
	close(fd);
	snprintf(question, sizeof question,
	    "%s: overwrite the volume in the drive?  All that is on it will be "
	    "lost.",
	    name);
	return terminal_agrees(question);
}
