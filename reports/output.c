/* output.c: writes a file completely or not at all. */
#include "reports/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int no_memory(char *err, size_t err_bytes)
{
	snprintf(err, err_bytes, "no memory for a report");
	return -1;
}

char *report_output_path(const char *dir, const char *name, char *err,
    size_t err_bytes)
{
	char *path;

	if (asprintf(&path, "%s/%s", dir, name) < 0) {
		no_memory(err, err_bytes);
		return NULL;
	}
	return path;
}

int report_output_folder(const char *path, char *err, size_t err_bytes)
{
	char *copy = strdup(path);
	struct stat st;

	if (copy == NULL)
		return no_memory(err, err_bytes);
	for (char *at = copy; *at != '\0';) {
		char end;

		at += strspn(at, "/");
		at += strcspn(at, "/");
		end = *at;
		*at = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST) {
			int why = errno;

			/*
			 * It is no error if the folder exists and cannot be
			 * written to.
			 */
			if (stat(copy, &st) < 0) {
				errno = why;
				goto fail;
			}
		}
		*at = end;
	}
	if (stat(copy, &st) < 0)
		goto fail;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		goto fail;
	}
	free(copy);
	return 0;
fail:
	snprintf(err, err_bytes, "cannot make the folder %s: %s", copy,
	    strerror(errno));
	free(copy);
	return -1;
}

int report_output_open(struct output *output, char *err, size_t err_bytes)
{
	*output = (struct output){ 0 };
	output->text = open_memstream(&output->bytes, &output->bytes_count);
	return output->text != NULL ? 0 : no_memory(err, err_bytes);
}

void report_output_drop(struct output *output)
{
	if (output->text != NULL)
		fclose(output->text);
	free(output->bytes);
	*output = (struct output){ 0 };
}

static int write_all(int fd, const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t n = write(fd, bytes, count);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes += n;
		count -= (size_t)n;
	}
	return 0;
}

/*
 * Writes the text to the file `temporary`.  Returns 0, or -1 with errno; then
 * the file does not exist.
 */
static int write_temporary(const struct output *output, const char *temporary)
{
	int fd, saved;

	/* A killed run may have left a file or a link. */
	unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return -1;
	if (write_all(fd, output->bytes, output->bytes_count) == 0)
		return close(fd);
	saved = errno;
	close(fd);
	unlink(temporary);
	errno = saved;
	return -1;
}

int report_output_commit(struct output *output, const char *dir,
    const char *name, char *err, size_t err_bytes)
{
	char *path = NULL, *temporary = NULL;
	int status = -1;

	if (ferror(output->text) || fflush(output->text) != 0) {
		no_memory(err, err_bytes);
		goto out;
	}
	path = report_output_path(dir, name, err, err_bytes);
	if (path == NULL)
		goto out;
	if (asprintf(&temporary, "%s.new", path) < 0) {
		temporary = NULL;
		no_memory(err, err_bytes);
		goto out;
	}
	if (write_temporary(output, temporary) < 0 ||
	    rename(temporary, path) < 0) {
		snprintf(err, err_bytes, "cannot write %s: %s", path,
		    strerror(errno));
		unlink(temporary);
		goto out;
	}
	status = 0;
out:
	free(temporary);
	free(path);
	report_output_drop(output);
	return status;
}

char *report_output_read(const char *path)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *in = fopen(path, "re");

	if (in == NULL)
		return NULL;
	/* Our files have no zero byte. */
	if (getdelim(&text, &bytes, '\0', in) < 0) {
		free(text);
		text = NULL;
	}
	fclose(in);
	return text;
}
