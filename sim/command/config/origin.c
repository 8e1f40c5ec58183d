/*
 * origin.c: names the file in errors about its options.
 *
 * argp ends the program after an error.  While the options of a file are
 * parsed, its messages go to a buffer.  When the program ends, the arguments
 * that argp has taken show whether the last one was of the file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/config/impl.h"

static struct {
	const struct config_options *options;
	const struct argp_state *state; /* NULL: nothing is parsed */
	FILE *messages;
	char *text;
	size_t bytes;
} origin;

/*
 * Returns the option of the file that argp parses, or NULL.  The options of
 * the file are the arguments from 1 on.
 */
static const struct config_option *current(void)
{
	int at = origin.state->next - 2;

	return at >= 0 && (size_t)at < origin.options->count
	    ? &origin.options->list[at]
	    : NULL;
}

/* Prints the message of argp, which begins with the name of the command. */
static void print_with_place(const struct config_option *option)
{
	const char *begin = strstr(origin.text, ": ");
	const char *end;

	begin = begin != NULL ? begin + 2 : origin.text;
	end = strstr(begin, "\nTry ");
	fprintf(stderr, "tapelab: %s:%d: %.*s\n", origin.options->path,
	    option->line, end != NULL ? (int)(end - begin) : (int)strlen(begin),
	    begin);
}

static void print_with_options(void)
{
	size_t i;

	fputs(origin.text, stderr);
	fprintf(stderr, "The configuration file %s gives",
	    origin.options->path);
	for (i = 0; i < origin.options->count; i++)
		fprintf(stderr, "%s %s (line %d)", i > 0 ? "," : "",
		    origin.options->list[i].argument,
		    origin.options->list[i].line);
	fputs(".\n", stderr);
}

static void on_exit_of_argp(void)
{
	const struct config_option *option;

	if (origin.state == NULL || origin.messages == NULL)
		return;
	option = current();
	fclose(origin.messages);
	if (origin.bytes > 0 && option != NULL)
		print_with_place(option);
	else if (origin.bytes > 0)
		print_with_options();
	free(origin.text);
}

void config_origin_begin(const struct config_options *options)
{
	origin.options = options;
	if (options->count > 0)
		origin.messages = open_memstream(&origin.text, &origin.bytes);
	/* Without memory the messages lack the place. */
	if (origin.messages != NULL && atexit(on_exit_of_argp) != 0) {
		fclose(origin.messages);
		free(origin.text);
		origin.messages = NULL;
	}
}

void config_origin_state(struct argp_state *state)
{
	if (origin.messages == NULL)
		return;
	origin.state = state;
	state->err_stream = origin.messages;
}

void config_origin_end(void)
{
	if (origin.messages == NULL)
		return;
	fclose(origin.messages);
	fputs(origin.text, stderr);
	free(origin.text);
	origin.messages = NULL;
	origin.state = NULL;
}
