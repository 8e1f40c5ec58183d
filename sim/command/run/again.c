/* again.c: the command that runs a case again, to be pasted into a shell. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/run/impl.h"

/* Writes an argument, in quotes if a shell needs them. */
static void put_argument(FILE *to, const char *option, const char *value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "._+-=,/:@%";

	fprintf(to, " %s", option);
	if (value[0] != '\0' && strspn(value, plain) == strlen(value)) {
		fputs(value, to);
		return;
	}
	fputc('\'', to);
	for (; *value != '\0'; value++)
		if (*value == '\'')
			fputs("'\\''", to);
		else
			fputc(*value, to);
	fputc('\'', to);
}

char *run_again(const struct arguments *a, const struct suite_entry *e)
{
	const struct run_options o = pool_run_options(e, &a->options);
	const char *label = e->name + strlen(e->of->name);
	char *text = NULL, seed[32];
	size_t length;
	FILE *to = open_memstream(&text, &length);

	if (to == NULL)
		return NULL;
	fputs("tapelab run", to);
	if (o.real)
		fputs(" --clock=real", to);
	if (a->has_seed) {
		snprintf(seed, sizeof seed, "%" PRIu64, o.seed);
		put_argument(to, "--seed=", seed);
	}
	for (size_t i = 0; i < a->overrides.count; i++)
		put_argument(to, "--set=", a->overrides.list[i]);
	if (label[0] != '\0')
		put_argument(to, "--filter=", label);
	put_argument(to, "", e->of->path);
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}
