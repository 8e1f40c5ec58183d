/* print.c: see print.h. */
#include "sim/command/print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/text.h"
#include "sim/command/cmd.h"

json_t *print_text(const char *text)
{
	char *clean = report_text_utf8(text);
	json_t *json = clean == NULL ? NULL : json_string(clean);

	free(clean);
	return json;
}

int print_json(json_t *json)
{
	char *text = json == NULL
	    ? NULL
	    : json_dumps(json, JSON_INDENT(2) | JSON_PRESERVE_ORDER);

	json_decref(json);
	if (text == NULL)
		return -1;
	puts(text);
	free(text);
	return 0;
}

void print_clean(const char *text)
{
	for (; *text != '\0'; text++)
		putchar((unsigned char)*text < ' ' || *text == 0x7f ? '?'
								    : *text);
}

void print_line(const char *before, const char *text)
{
	fputs(before, stdout);
	print_clean(text);
	putchar('\n');
}

/* The exit status if the output is lost; print_unwritten() sets it. */
static int unwritten = CMD_USAGE;
static bool decided;

void print_unwritten(int status)
{
	if (!decided)
		unwritten = status;
	decided = true;
}

/* Runs when the program ends, also when argp ends it after --help. */
static void end_print(int status, void *arg)
{
	/* fclose() does not try a failed flush again. */
	bool failed = ferror(stdout) != 0;

	(void)arg;
	errno = 0;
	if (fclose(stdout) == 0 && !failed)
		return;
	fprintf(stderr, "tapelab: cannot write to standard output: %s\n",
	    errno != 0 ? strerror(errno) : "some of the output is missing");
	if (status == CMD_OK && unwritten != CMD_OK)
		_exit(unwritten);
}

void print_begin(void)
{
	on_exit(end_print, NULL);
}
