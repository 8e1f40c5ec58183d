/* find.c: finds and reads the configuration file. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/command/config/impl.h"
#include "vtl/yaml/file.h"

/* Returns the path of the user's file, or NULL: no variable names a folder. */
static char *usual_path(void)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	char *path = NULL;
	int rc = 0;

	/* The XDG specification ignores relative paths. */
	if (config != NULL && config[0] == '/')
		rc = asprintf(&path, "%s/tapelab/tapelab.yaml", config);
	else if (home != NULL && home[0] == '/')
		rc = asprintf(&path, "%s/.config/tapelab/tapelab.yaml", home);
	return rc < 0 ? NULL : path;
}

static int refuse(const char *path, const char *why)
{
	fprintf(stderr, "tapelab: %s: %s\n", path, why);
	return -1;
}

/*
 * Checks who can change the file.  The owner of a file that the user names is
 * not checked: it may be part of a repository.
 */
static int check_writers(const char *path, const struct stat *status,
    bool named)
{
	char why[256];

	if (!S_ISREG(status->st_mode))
		return 0; /* a pipe, or a folder, which cannot be read */
	if ((status->st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		snprintf(why, sizeof why,
		    "others can write to the file (mode %04o): chmod go-w it, "
		    "or use --config none",
		    (unsigned)status->st_mode & 07777);
		return refuse(path, why);
	}
	if (named || status->st_uid == 0 || status->st_uid == geteuid())
		return 0;
	snprintf(why, sizeof why,
	    "the file belongs to another user (%ju): name it by --config, or "
	    "use --config none",
	    (uintmax_t)status->st_uid);
	return refuse(path, why);
}

static void report(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "tapelab: %s\n", message);
}

static int read_open(int fd, const char *path, bool named, char **text,
    size_t *bytes)
{
	struct yaml_errors errors = { 0 };
	struct stat status;

	if (fstat(fd, &status) != 0)
		return refuse(path, strerror(errno));
	if (check_writers(path, &status, named) != 0)
		return -1;
	*text = yaml_file_read_open(fd, "configuration", bytes, &errors);
	yaml_errors_report(&errors, path, report, NULL);
	yaml_errors_clear(&errors);
	return *text != NULL ? 0 : -1;
}

/*
 * Returns whether the file of the user is missing, after open() failed.  A home
 * folder that may not be searched is another user's, so its file is not ours.
 */
static bool is_absent(const char *path)
{
	struct stat status;

	return errno == ENOENT || errno == ENOTDIR ||
	    (errno == EACCES && lstat(path, &status) != 0);
}

enum config_found config_find(const char *name, char **path, char **text,
    size_t *bytes)
{
	int fd, rc, error;

	*text = NULL;
	*path = name != NULL ? strdup(name) : usual_path();
	if (*path == NULL && name == NULL)
		return CONFIG_ABSENT;
	if (*path == NULL) {
		refuse(name, "out of memory");
		return CONFIG_REFUSED;
	}
	fd = open(*path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	error = errno;
	if (fd < 0 && name == NULL && is_absent(*path))
		return CONFIG_ABSENT;
	if (fd < 0) {
		refuse(*path, strerror(error));
		return CONFIG_REFUSED;
	}
	rc = read_open(fd, *path, name != NULL, text, bytes);
	close(fd);
	return rc == 0 ? CONFIG_FOUND : CONFIG_REFUSED;
}
