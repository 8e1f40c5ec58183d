/* attempts.c: see attempts.h. */
#include "sim/run/measure/attempts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *print_line(const struct results_dump *s, bool detailed)
{
	const struct results_attempt *a;
	const char *volume = NULL;
	char *line = NULL;
	size_t bytes, i;
	FILE *f = open_memstream(&line, &bytes);

	if (f == NULL)
		return NULL;
	for (i = 0; i < s->attempts_count; i++) {
		bool begins;

		a = &s->attempts[i];
		begins = volume == NULL || strcmp(volume, a->volume) != 0;
		if (volume != NULL)
			fputs(begins ? " | " : " ", f);
		if (detailed && begins)
			fprintf(f, "%s ", a->volume);
		fprintf(f, "%" PRIu64 ":%" PRIu64 "%s", a->part, a->bytes,
		    a->committed ? "" : "F");
		if (detailed && !a->committed)
			fprintf(f, ":%s", a->cause);
		volume = a->volume;
	}
	if (fclose(f) != 0) {
		free(line);
		return NULL;
	}
	return line;
}

char *attempts_line(const struct results_dump *dump)
{
	return print_line(dump, false);
}

char *attempts_detailed_line(const struct results_dump *dump)
{
	return print_line(dump, true);
}
