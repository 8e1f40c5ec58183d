/* trace_file.c: the trace of tape operations in a file. */
#include "sim/run/library/trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/named_file.h"
#include "splitter/base/text.h"
#include "splitter/filter/trace.h"

struct trace_file {
	FILE *file;
	const char *name, *folder;
	int error; /* errno of the first error, or 0 */
};

static void put(struct trace_file *t, const char *line)
{
	if (t->error == 0 && fprintf(t->file, "%s\n", line) < 0)
		t->error = errno;
}

/* Creates the file for writing.  Returns NULL with the reason in `why`. */
static FILE *make_file(const char *path, char *why, size_t why_bytes)
{
	FILE *file = NULL;
	int fd = -1;

	if (unlink(path) == 0 || errno == ENOENT)
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd != -1)
		file = fdopen(fd, "w");
	if (file != NULL)
		return file;
	snprintf(why, why_bytes, "%s", strerror(errno));
	if (fd != -1)
		close(fd);
	return NULL;
}

/* Starts a trace in a file, and takes ownership of the file. */
static struct trace_file *begin(FILE *file, const char *why, const char *name,
    const char *folder, char *err, size_t err_bytes)
{
	struct trace_file *t = file != NULL ? calloc(1, sizeof *t) : NULL;

	if (t == NULL) {
		snprintf(err, err_bytes, "cannot create the trace %s: %s", name,
		    file != NULL ? "out of memory" : why);
		if (file != NULL)
			fclose(file);
		return NULL;
	}
	t->file = file;
	t->name = name;
	t->folder = folder;
	setvbuf(t->file, NULL, _IOLBF, BUFSIZ);
	put(t, trace_columns);
	return t;
}

struct trace_file *trace_file_open(const char *path, const char *name,
    const char *folder, char *err, size_t err_bytes)
{
	char why[256] = "";
	FILE *file = named_file_open(path, why, sizeof why);

	if (file != NULL)
		named_file_empty(file);
	return begin(file, why, name, folder, err, err_bytes);
}

struct trace_file *trace_file_new(const char *path, const char *name,
    const char *folder, char *err, size_t err_bytes)
{
	char why[256] = "";
	FILE *file = make_file(path, why, sizeof why);

	return begin(file, why, name, folder, err, err_bytes);
}

void trace_file_line(void *arg, const char *line)
{
	struct trace_file *t = arg;
	char shown[TRACE_LINE_BYTES];

	if (t->folder != NULL) {
		text_without(line, t->folder, shown, sizeof shown);
		line = shown;
	}
	put(t, line);
}

int trace_file_close(struct trace_file *t, char *err, size_t err_bytes)
{
	int error;

	if (t == NULL)
		return 0;
	error = t->error;
	if (fclose(t->file) != 0 && error == 0)
		error = errno;
	if (error != 0)
		snprintf(err, err_bytes,
		    "cannot write the trace %s: %s; free space there, or omit "
		    "--trace",
		    t->name, strerror(error));
	free(t);
	return error == 0 ? 0 : -1;
}
