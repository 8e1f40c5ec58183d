/* strike.c: where a fault struck, as text. */
#include "reports/strike.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/units.h"
#include "reports/words.h"

const struct results_attempt *
report_strike_attempt(const struct results_scenario *s,
    const struct results_strike *k)
{
	const struct results_dump *d;

	if (k->dump == 0 || k->dump > s->dumps_count)
		return NULL;
	d = &s->dumps[k->dump - 1];
	return k->attempt == 0 || k->attempt > d->attempts_count
	    ? NULL
	    : &d->attempts[k->attempt - 1];
}

char *report_strike_text(const struct results_scenario *s,
    const struct results_strike *k)
{
	const struct results_attempt *a = report_strike_attempt(s, k);
	const char *volume = report_words_or_empty(k->volume);
	char time[UNITS_BYTES], *text = NULL;
	const char *comma = ": ";
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	fputs(units_time(time, (double)k->at_ns / 1e9), out);
	if (volume[0] != '\0') {
		fprintf(out, "%svolume %s", comma, volume);
		comma = ", ";
	}
	if (k->drive > 0) {
		fprintf(out, "%sdrive %" PRIu64, comma, k->drive);
		comma = ", ";
	}
	if (k->on_medium) {
		fprintf(out, "%sbyte %" PRIu64 " of the medium", comma,
		    k->medium_byte);
		comma = ", ";
	}
	if (a != NULL) {
		fprintf(out, "%spart %" PRIu64 ", attempt %" PRIu64, comma,
		    a->part, a->attempt);
		comma = ", ";
	}
	if (k->reading_back)
		fprintf(out, "%swhile the volumes were read back", comma);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
