/* cmd.c: see cmd.h. */
#include "sim/command/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/config/config.h"
#include "sim/command/verb_options.h"
#include "splitter/base/signals.h"

bool cmd_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	if (verb_options_take(argp))
		return false;
	argp_err_exit_status = CMD_USAGE;
	return config_parse(argp, argc, argv, input) == 0;
}

bool cmd_begin(const struct argp *argp, int argc, char **argv, void *input)
{
	if (!cmd_parse(argp, argc, argv, input))
		return false;
	if (signals_begin() == 0)
		return true;
	fprintf(stderr, "tapelab: cannot install signal handlers: %s\n",
	    strerror(errno));
	return false;
}

bool cmd_sleep(void *arg, int64_t ns)
{
	(void)arg;
	return signals_sleep(ns);
}

void cmd_notice(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "tapelab: %s\n", message);
}

/* Writes a word that a shell reads as `text`. */
static void put_word(FILE *to, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+=:,./@%";

	if (text[0] != '\0' && text[strspn(text, plain)] == '\0') {
		fputs(text, to);
		return;
	}
	fputc('\'', to);
	for (; *text != '\0'; text++)
		if (*text == '\'')
			fputs("'\\''", to);
		else
			fputc(*text, to);
	fputc('\'', to);
}

char *cmd_line(int argc, char **argv)
{
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);
	bool failed;

	if (to == NULL)
		return NULL;
	/* The first word is the program and its command. */
	fputs(argv[0], to);
	for (int i = 1; i < argc; i++) {
		fputc(' ', to);
		put_word(to, argv[i]);
	}
	failed = ferror(to) != 0;
	if (fclose(to) != 0 || failed) {
		free(text);
		return NULL;
	}
	return text;
}
