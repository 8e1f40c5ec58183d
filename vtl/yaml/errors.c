/* errors.c: see errors.h. */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/yaml/errors.h"
#include "splitter/base/grow.h"

/* Room for a line with the longest path that is shown in full. */
enum { LINE_BYTES = PATH_MAX + YAML_ERROR_BYTES + 32 };

static void one_line(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

void yaml_errors_add(struct yaml_errors *errors, int line, int column,
    const char *format, ...)
{
	char message[YAML_ERROR_BYTES];
	struct yaml_error *items;
	va_list args;

	errors->count++;
	if (errors->kept == YAML_ERRORS_MAX)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	one_line(message);
	/*
	 * Without memory the error is only counted, as one that was not kept.
	 */
	items = grow_by_one(errors->items, errors->kept, sizeof *items);
	if (items == NULL)
		return;
	errors->items = items;
	items += errors->kept;
	items->file = NULL;
	if (errors->file != NULL &&
	    (items->file = strdup(errors->file)) == NULL)
		return;
	items->line = line;
	items->column = column;
	items->order = errors->kept;
	items->message = strdup(message);
	if (items->message != NULL)
		errors->kept++;
	else
		free(items->file);
}

static int by_place(const void *a, const void *b)
{
	const struct yaml_error *x = a, *y = b;
	int file = strcmp(x->file != NULL ? x->file : "",
	    y->file != NULL ? y->file : "");

	if (file != 0)
		return file;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

void yaml_errors_report(struct yaml_errors *errors, const char *path,
    void (*report)(void *arg, const char *message), void *arg)
{
	char line[LINE_BYTES];

	if (errors->kept > 0)
		qsort(errors->items, errors->kept, sizeof(*errors->items),
		    by_place);
	for (size_t i = 0; i < errors->kept; i++) {
		const struct yaml_error *error = &errors->items[i];
		const char *file = error->file != NULL ? error->file : path;

		if (error->line == 0)
			snprintf(line, sizeof(line), "%.*s: %s", PATH_MAX, file,
			    error->message);
		else
			snprintf(line, sizeof(line), "%.*s:%d:%d: %s", PATH_MAX,
			    file, error->line, error->column, error->message);
		report(arg, line);
	}
	if (errors->count > errors->kept) {
		snprintf(line, sizeof(line),
		    errors->kept == YAML_ERRORS_MAX
			? "%.*s: %zu more errors"
			: "%.*s: out of memory for the messages of %zu errors",
		    PATH_MAX, path, errors->count - errors->kept);
		report(arg, line);
	}
}

void yaml_errors_clear(struct yaml_errors *errors)
{
	for (size_t i = 0; i < errors->kept; i++) {
		free(errors->items[i].file);
		free(errors->items[i].message);
	}
	free(errors->items);
	*errors = (struct yaml_errors){ 0 };
}
