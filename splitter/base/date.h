/* date.h: a time of the calendar as text, in UTC: 2026-01-31T23:59:59Z. */
#ifndef SPLITTER_DATE_H
#define SPLITTER_DATE_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum { DATE_BYTES = 21 }; /* with the terminating zero */

/* Writes seconds since 1970; "unknown" after the year 9999.  Returns `text`. */
static inline char *date_text(int64_t seconds, char text[DATE_BYTES])
{
	time_t time = (time_t)seconds;
	struct tm utc;

	if (gmtime_r(&time, &utc) == NULL ||
	    strftime(text, DATE_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		snprintf(text, DATE_BYTES, "unknown");
	return text;
}

#endif
