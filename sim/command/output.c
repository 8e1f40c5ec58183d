/* output.c: see output.h. */
#include "sim/command/output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/signals.h"
#include "sim/base/named_file.h"

int output_begin(struct output *o, char *err, size_t err_bytes)
{
	struct stat st;
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	const char *objection;

	memset(o, 0, sizeof *o);
	objection = named_file_objection("/proc/self/fd/1");
	if (objection != NULL) {
		snprintf(err, err_bytes, "cannot write to standard output: %s",
		    objection);
		return -1;
	}
	if (isatty(STDOUT_FILENO)) {
		snprintf(err, err_bytes,
		    "the dump goes to standard output, which is a terminal: "
		    "redirect it to a file or a pipe");
		return -1;
	}
	o->holes = fstat(STDOUT_FILENO, &st) == 0 && S_ISREG(st.st_mode) &&
	    flags != -1 && !(flags & O_APPEND);
	return 0;
}

static int fail(struct output *o, int error)
{
	snprintf(o->message, sizeof o->message,
	    "cannot write to standard output: %s", strerror(error));
	return -1;
}

int output_bytes(struct output *o, const void *bytes, uint64_t count)
{
	const char *at = bytes;
	ssize_t n;

	if (o->message[0] != '\0')
		return -1;
	if (count > 0)
		o->hole_last = false;
	while (count > 0) {
		n = write(STDOUT_FILENO, at, count);
		if (n == -1 && signals_again(errno))
			continue;
		if (n <= 0)
			return fail(o, errno);
		at += n;
		count -= (uint64_t)n;
	}
	return 0;
}

static int leave_hole(struct output *o, uint64_t count)
{
	o->hole_last = true;
	if (count <= INT64_MAX &&
	    lseek(STDOUT_FILENO, (off_t)count, SEEK_CUR) != -1)
		return 0;
	snprintf(o->message, sizeof o->message,
	    "a gap of %" PRIu64 " bytes makes the file longer than the system "
	    "allows: use --max-missing to stop before it",
	    count);
	return -1;
}

int output_gap(struct output *o, uint64_t count)
{
	static const char zeros[1 << 16];
	uint64_t n;

	if (o->message[0] != '\0')
		return -1;
	if (o->holes)
		return leave_hole(o, count);
	for (; count > 0; count -= n) {
		n = count < sizeof zeros ? count : sizeof zeros;
		if (signals_signal() != 0)
			return fail(o, EINTR);
		if (output_bytes(o, zeros, n) != 0)
			return -1;
	}
	return 0;
}

int output_end(struct output *o)
{
	off_t at;

	if (o->message[0] != '\0')
		return -1;
	if (o->hole_last) {
		at = lseek(STDOUT_FILENO, 0, SEEK_CUR);
		if (at == -1 || ftruncate(STDOUT_FILENO, at) != 0)
			return fail(o, errno);
	}
	return 0;
}
