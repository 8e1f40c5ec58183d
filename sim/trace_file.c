/* trace_file.c: a trace of the operations of tapes, as a file. */
#include "sim/trace_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/words.h"
#include "splitter/trace.h"

struct trace_file {
	FILE *file;
	const char *name, *folder;
	int error;		/* the first, an errno */
};

static void put(struct trace_file *t, const char *line)
{
	if (t->error == 0 && fprintf(t->file, "%s\n", line) < 0)
		t->error = errno;
}

struct trace_file *trace_file_open(const char *path, const char *name,
    const char *folder, char *err, size_t err_bytes)
{
	struct trace_file *t = calloc(1, sizeof *t);

	if (t == NULL || (t->file = fopen(path, "we")) == NULL) {
		snprintf(err, err_bytes, "cannot make the trace %s: %s", name,
		    strerror(errno));
		free(t);
		return NULL;
	}
	t->name = name;
	t->folder = folder;
	setvbuf(t->file, NULL, _IOLBF, BUFSIZ);
	put(t, trace_columns);
	return t;
}

void trace_file_line(void *arg, const char *line)
{
	struct trace_file *t = arg;
	char shown[TRACE_LINE_BYTES];

	if (t->folder != NULL) {
		words_without(line, t->folder, shown, sizeof shown);
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
		snprintf(err, err_bytes, "cannot write the trace %s: %s; make "
		    "room there, or do without --trace", t->name,
		    strerror(error));
	free(t);
	return error == 0 ? 0 : -1;
}
