/* show.c: how the two examples say what happens. */
#include "show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void show_attempt(const struct splitter_attempt *a)
{
	printf("%" PRIu64 " %" PRIu64 " %s %" PRIu64 " %" PRIu64 " %" PRIu64
	       " %s%s%s\n",
	    a->part, a->attempt, a->volume, a->file, a->offset_bytes, a->bytes,
	    splitter_end_name(a->end), a->committed ? "" : " ",
	    a->committed ? "" : tape_cause_name(a->cause));
	fflush(stdout);
}

int show_outcome(const struct splitter_summary *o)
{
	printf("%s %" PRIu64 " bytes are safe\n",
	    splitter_outcome_name(o->outcome), o->safe_bytes);
	if (o->outcome != SPLITTER_DONE)
		fprintf(stderr, "%s\n", o->message);
	return o->outcome == SPLITTER_DONE   ? 0
	    : o->outcome == SPLITTER_PARTIAL ? 4
					     : 5;
}

uint64_t show_size(const char *text)
{
	char *end;
	uint64_t bytes = strtoull(text, &end, 10);

	if (end == text || *end != '\0') {
		fprintf(stderr, "%s is not a number of bytes\n", text);
		exit(2);
	}
	return bytes;
}
