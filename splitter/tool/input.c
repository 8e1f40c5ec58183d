/* input.c: the input of a dump. */
#include "splitter/tool/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tool/child.h"
#include "splitter/base/signals.h"
#include "splitter/base/sentence.h"

/*
 * The maximum size of a pipe without privileges.  A large pipe wakes up the
 * producer less often.
 */
enum { PIPE_BYTES = 1 << 20 };

struct input {
	/* Reads the dump in place of the members below; or NULL. */
	input_reader *read;
	void *arg;
	char *const *command; /* the command, or NULL */
	struct child *child;  /* the running command; NULL before its start */
	char *const *files;
	size_t count;   /* number of files; 0: standard input */
	size_t next;    /* index of the next file to open */
	int fd;         /* descriptor of the open file; -1: none */
	char ahead;     /* a byte that was read to detect the end */
	bool has_ahead; /* `ahead` is the next byte */
	/* size of the file when it was opened, and what is left */
	uint64_t size, left;
	bool announced; /* input_slice() has returned the open file */
};

static int cannot(const char *what, const char *name, int error, char *err,
    size_t err_bytes)
{
	sentence(err, err_bytes, "cannot %s %s: %s", what, name,
	    strerror(error));
	return -1;
}

/*
 * Checks everything about a file that can be checked before a dump is written.
 */
static int look(const char *name, char *err, size_t err_bytes)
{
	struct stat st;

	if (stat(name, &st) != 0)
		return cannot("read", name, errno, err, err_bytes);
	if (S_ISDIR(st.st_mode))
		return cannot("read", name, EISDIR, err, err_bytes);
	if (!S_ISREG(st.st_mode)) {
		sentence(err, err_bytes,
		    "%s is not a regular file: use standard input for its "
		    "contents",
		    name);
		return -1;
	}
	if (access(name, R_OK) != 0)
		return cannot("read", name, errno, err, err_bytes);
	return 0;
}

struct input *input_open(char *const *files, size_t count, char *const *command,
    char *err, size_t err_bytes)
{
	bool standard_input = count == 0 && command == NULL;
	struct input *s;
	size_t i;

	for (i = 0; i < count; i++)
		if (look(files[i], err, err_bytes) != 0)
			return NULL;
	if (standard_input && isatty(STDIN_FILENO)) {
		snprintf(err, err_bytes,
		    "the dump comes from standard input, "
		    "which is a terminal: use a pipe, or name files");
		return NULL;
	}
	s = calloc(1, sizeof *s);
	if (s == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	s->command = command;
	s->files = files;
	s->count = count;
	s->fd = standard_input ? STDIN_FILENO : -1;
	s->left = UINT64_MAX;
	s->announced = true;
	if (standard_input)
		fcntl(STDIN_FILENO, F_SETPIPE_SZ, PIPE_BYTES);
	return s;
}

struct input *input_open_reader(input_reader *read, void *arg, char *err,
    size_t err_bytes)
{
	struct input *s = calloc(1, sizeof *s);

	if (s == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	s->read = read;
	s->arg = arg;
	s->fd = -1;
	s->announced = true;
	return s;
}

int input_start(struct input *s, char *err, size_t err_bytes)
{
	if (s->command == NULL)
		return 0;
	s->child = child_start(s->command, err, err_bytes);
	return s->child != NULL ? 0 : -1;
}

/*
 * Opens the next file that is not empty.  Returns 1; 0 after the last file; -1
 * on an error.
 */
static int next_file(struct input *s, char *err, size_t err_bytes)
{
	struct stat st;

	while (s->next < s->count) {
		const char *name = s->files[s->next++];

		s->fd = signals_open(name, O_RDONLY);
		if (s->fd == -1 || fstat(s->fd, &st) != 0)
			return cannot("read", name, errno, err, err_bytes);
		s->size = s->left = (uint64_t)st.st_size;
		s->announced = false;
		if (s->left > 0)
			return 1;
		close(s->fd);
		s->fd = -1;
	}
	return 0;
}

bool input_slice(struct input *s, const char **name, uint64_t *file_offset,
    uint64_t *bytes)
{
	char err[256];

	if (s->read != NULL)
		return false;
	/* If opening fails, the next read tries again and reports the error. */
	if (s->fd == -1 && next_file(s, err, sizeof err) < 0)
		s->next--;
	if (s->fd == -1 || s->announced)
		return false;
	*name = s->files[s->next - 1];
	*file_offset = s->size - s->left;
	*bytes = s->left;
	s->announced = true;
	return true;
}

static const char *name_of(const struct input *s)
{
	return s->count == 0 ? "standard input" : s->files[s->next - 1];
}

int input_ended(struct input *s, char *err, size_t err_bytes)
{
	int64_t n;
	int rc;

	if (s->count > 0 && s->fd == -1) {
		rc = next_file(s, err, err_bytes);
		return rc < 0 ? -1 : rc == 0;
	}
	if (s->count > 0 || s->has_ahead)
		return 0;
	n = input_read(s, &s->ahead, 1, err, err_bytes);
	s->has_ahead = n > 0;
	return n < 0 ? -1 : n == 0;
}

int64_t input_read(struct input *s, void *buf, uint64_t bytes, char *err,
    size_t err_bytes)
{
	ssize_t n;
	int rc;

	if (s->has_ahead) {
		*(char *)buf = s->ahead;
		s->has_ahead = false;
		return 1;
	}
	if (s->read != NULL)
		return s->read(s->arg, buf, bytes, err, err_bytes);
	if (s->child != NULL)
		return child_read(s->child, buf, bytes, err, err_bytes);
	if (s->fd == -1) {
		rc = next_file(s, err, err_bytes);
		if (rc <= 0)
			return rc;
	}
	if (bytes > s->left)
		bytes = s->left;
	if (!signals_wait_readable(s->fd)) {
		snprintf(err, err_bytes, "interrupted");
		return -1;
	}
	do
		n = read(s->fd, buf, bytes);
	while (n == -1 && signals_again(errno));
	if (n < 0)
		return cannot("read", name_of(s), errno, err, err_bytes);
	if (n == 0 && s->count == 0 && signals_came()) {
		snprintf(err, err_bytes, "interrupted");
		return -1;
	}
	if (s->count == 0)
		return n;
	if (n == 0) {
		sentence(err, err_bytes,
		    "%s became shorter while it was "
		    "read",
		    name_of(s));
		return -1;
	}
	s->left -= (uint64_t)n;
	if (s->left == 0) {
		close(s->fd);
		s->fd = -1;
	}
	return n;
}

void input_stop(struct input *s)
{
	if (s->child != NULL)
		child_stop(s->child);
}

void input_close(struct input *s)
{
	if (s == NULL)
		return;
	child_free(s->child);
	if (s->fd > STDERR_FILENO)
		close(s->fd);
	free(s);
}
