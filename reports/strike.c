/* strike.c: where a fault struck, as text. */
#include "reports/strike.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

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

/* A text that is being put together. */
struct text {
	char *at;
	size_t used;
	const char *separator; /* before the next piece */
};

static void add(struct text *t, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct text *t, const char *format, ...)
{
	va_list args;

	t->used += (size_t)snprintf(t->at + t->used, STRIKE_BYTES - t->used,
	    "%s", t->separator);
	va_start(args, format);
	t->used += (size_t)vsnprintf(t->at + t->used, STRIKE_BYTES - t->used,
	    format, args);
	va_end(args);
	t->separator = t->separator[0] == '\0' ? ": " : ", ";
}

const char *report_strike_text(char text[STRIKE_BYTES],
    const struct results_scenario *s, const struct results_strike *k)
{
	const struct results_attempt *a = report_strike_attempt(s, k);
	const char *volume = report_words_or_empty(k->volume);
	struct text t = { text, 0, "" };
	char time[UNITS_BYTES];

	add(&t, "%s", units_time(time, (double)k->at_ns / 1e9));
	if (volume[0] != '\0')
		add(&t, "volume %.64s", volume);
	if (k->drive > 0)
		add(&t, "drive %" PRIu64, k->drive);
	if (k->on_medium)
		add(&t, "byte %" PRIu64 " of the medium", k->medium_byte);
	if (a != NULL)
		add(&t, "part %" PRIu64 ", attempt %" PRIu64, a->part,
		    a->attempt);
	if (k->reading_back)
		add(&t, "while the volumes were read back");
	return text;
}
