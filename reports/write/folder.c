/* folder.c: which folders and files the reports may use. */
#include "reports/write/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/ci/ci.h"
#include "reports/output.h"
#include "reports/write/write.h"

/* Returns whether the name is a relative path without "." and "..". */
static bool name_is_below(const char *name)
{
	for (;;) {
		size_t step = strcspn(name, "/");

		if (step == 0 || (step == 1 && name[0] == '.') ||
		    (step == 2 && name[0] == '.' && name[1] == '.'))
			return false;
		if (name[step] == '\0')
			return true;
		name += step + 1;
	}
}

bool report_name_ok(const char *name)
{
	static const char *const ours[] = { "results.json", "report.md",
		"index.html", "published.tsv", CI_JUNIT, CI_TAP, CI_ANNOTATIONS,
		CI_SUMMARY, "attempts.tsv", "throughput.tsv", "throughput.gp",
		"throughput.svg", "trace.tsv" };
	size_t n;

	if (!name_is_below(name))
		return false;
	for (const char *at = name; *at != '\0'; at += n) {
		at += strspn(at, "/");
		n = strcspn(at, "/");
		for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
			if (strncmp(at, ours[i], strlen(ours[i])) == 0 &&
			    (n == strlen(ours[i]) ||
				strncmp(at + strlen(ours[i]), ".new", 4) == 0))
				return false;
	}
	return true;
}

int report_check_links(const char *dir, const char *name, char *err,
    size_t err_bytes)
{
	char *path = report_output_path(dir, name, err, err_bytes);
	char *at = path != NULL ? path + strlen(dir) : NULL, end;
	struct stat st;
	int rc = path != NULL ? 0 : -1;

	while (rc == 0 && *at != '\0') {
		at += strspn(at, "/");
		at += strcspn(at, "/");
		end = *at;
		*at = '\0';
		if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
			snprintf(err, err_bytes,
			    "%s is a symbolic link: results are written only "
			    "below %s",
			    path, dir);
			rc = -1;
		}
		*at = end;
	}
	free(path);
	return rc;
}

static bool is_there(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	return snprintf(path, sizeof path, "%s/%s", dir, name) <
	    (int)sizeof path &&
	    lstat(path, &st) == 0;
}

/* Reads up to `bytes` bytes.  Returns the number of bytes, or -1. */
static ssize_t read_beginning(int fd, char *text, size_t bytes)
{
	size_t got = 0;
	ssize_t n = 1;

	while (got < bytes && n != 0) {
		n = read(fd, text + got, bytes - got);
		if (n == -1 && errno != EINTR)
			return -1;
		got += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)got;
}

/*
 * Returns 1 if the folder has the file, and it begins so; 0 if not, -1 with a
 * message.
 */
static int has_file(const char *dir, const struct report_sign *sign, char *err,
    size_t err_bytes)
{
	char *path = report_output_path(dir, sign->name, err, err_bytes);
	char text[REPORT_SIGN_BYTES] = "";
	size_t length = strlen(sign->begins);
	ssize_t n = 0;
	int fd, rc = 0;

	if (path == NULL)
		return -1;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd != -1)
		n = read_beginning(fd, text, length);
	if (fd == -1 ? errno != ENOENT && errno != ELOOP && errno != ENXIO
		     : n == -1 && errno != EISDIR) {
		snprintf(err, err_bytes, "cannot read %s: %s", path,
		    strerror(errno));
		rc = -1;
	} else if (n == (ssize_t)length) {
		rc = memcmp(text, sign->begins, length) == 0;
	}
	if (fd != -1)
		close(fd);
	free(path);
	return rc;
}

int report_check_files(const char *dir, const char *place,
    const struct report_sign *signs, const char *const *names, char *err,
    size_t err_bytes)
{
	for (; signs->name != NULL; signs++) {
		int ours = has_file(dir, signs, err, err_bytes);

		if (ours != 0)
			return ours == 1 ? 0 : -1;
	}
	for (; *names != NULL; names++)
		if (is_there(place, *names)) {
			snprintf(err, err_bytes,
			    "the folder %s has a file %s that is not a result "
			    "of tapelab; use another folder",
			    place, *names);
			return -1;
		}
	return 0;
}

static const struct report_sign results_signs[] = {
	{ "results.json", "{\n  \"format\": " },
	{ NULL, NULL },
};

int report_prepare(const char *dir, char *err, size_t err_bytes)
{
	static const char *const names[] = { "results.json", "report.md",
		"index.html", "published.tsv", CI_JUNIT, CI_TAP, CI_ANNOTATIONS,
		CI_SUMMARY, NULL };

	if (report_output_folder(dir, err, err_bytes) != 0)
		return -1;
	if (access(dir, W_OK | X_OK) != 0) {
		snprintf(err, err_bytes, "cannot write into the folder %s: %s",
		    dir, strerror(errno));
		return -1;
	}
	return report_check_files(dir, dir, results_signs, names, err,
	    err_bytes);
}

int report_prepare_scenario(const char *dir, const char *name, char *err,
    size_t err_bytes)
{
	static const char *const names[] = { "attempts.tsv", "throughput.tsv",
		"throughput.gp", "throughput.svg", "trace.tsv", NULL };
	char *path;
	int rc;

	if (report_check_links(dir, name, err, err_bytes) != 0)
		return -1;
	path = report_output_path(dir, name, err, err_bytes);
	if (path == NULL)
		return -1;
	rc =
	    report_check_files(dir, path, results_signs, names, err, err_bytes);
	free(path);
	return rc;
}
