/* file.c: see file.h. */
#include "vtl/yaml/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vtl/yaml/tree.h"

/* Reads up to `room` bytes.  Returns their number or -1. */
static ssize_t read_all(int fd, char *buf, size_t room)
{
	size_t used = 0;

	while (used < room) {
		ssize_t got = read(fd, buf + used, room - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	return (ssize_t)used;
}

char *yaml_file_read_open(int fd, const char *what, size_t *bytes,
    struct yaml_errors *errors)
{
	const size_t room = (size_t)YAML_TREE_FILE_MAX + 1;
	char *buf = malloc(room), *shrunk;
	struct stat status;
	ssize_t got = -1;

	if (buf == NULL)
		yaml_errors_add(errors, 0, 0, "out of memory");
	else if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode))
		yaml_errors_add(errors, 0, 0,
		    "a folder, and a %s file is expected", what);
	else if ((got = read_all(fd, buf, room)) < 0)
		yaml_errors_add(errors, 0, 0, "cannot read the %s: %s", what,
		    strerror(errno));
	else if (got > YAML_TREE_FILE_MAX)
		yaml_errors_add(errors, 0, 0, "larger than 1 MiB, and no %s is",
		    what);
	if (got < 0 || got > YAML_TREE_FILE_MAX) {
		free(buf);
		return NULL;
	}
	*bytes = (size_t)got;
	buf[got] = '\0';
	shrunk = realloc(buf, (size_t)got + 1);
	return shrunk != NULL ? shrunk : buf;
}

char *yaml_file_read(const char *path, const char *what, size_t *bytes,
    struct yaml_errors *errors)
{
	int fd;
	char *text;

	if (path == NULL)
		return yaml_file_read_open(STDIN_FILENO, what, bytes, errors);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		yaml_errors_add(errors, 0, 0, "cannot open the %s: %s", what,
		    strerror(errno));
		return NULL;
	}
	text = yaml_file_read_open(fd, what, bytes, errors);
	close(fd);
	return text;
}
