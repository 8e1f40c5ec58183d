/* dump.c: compares the attempts, volumes and messages of a dump. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/compare/impl.h"
#include "reports/words.h"

enum { TEXT_BYTES = 256 };

static bool same_text(const char *a, const char *b)
{
	return strcmp(report_words_or_empty(a), report_words_or_empty(b)) == 0;
}

static bool same_attempt(const struct results_attempt *a,
    const struct results_attempt *b)
{
	return a->part == b->part && a->attempt == b->attempt &&
	    a->drive == b->drive && a->file == b->file &&
	    a->offset_bytes == b->offset_bytes && a->bytes == b->bytes &&
	    a->committed == b->committed && same_text(a->volume, b->volume) &&
	    same_text(a->end, b->end) && same_text(a->cause, b->cause);
}

/* "part 5, attempt 2 on TL0003, file 1: 1048576 bytes from 5242880, EOP" */
static const char *describe(char text[TEXT_BYTES],
    const struct results_attempt *a)
{
	if (a == NULL)
		return "";
	snprintf(text, TEXT_BYTES,
	    "part %" PRIu64 ", attempt %" PRIu64 " on %s, file %" PRIu64
	    ": %" PRIu64 " bytes from %" PRIu64 ", %s%s%s",
	    a->part, a->attempt, report_words_or_empty(a->volume), a->file,
	    a->bytes, a->offset_bytes, report_words_or_empty(a->end),
	    *report_words_or_empty(a->cause) != '\0' ? ", " : "",
	    report_words_or_empty(a->cause));
	return text;
}

/* Adds the first attempt that differs, and how many attempts there are. */
static void compare_attempts(struct compare *compare,
    const struct results_dump *before, const struct results_dump *after)
{
	size_t most = before->attempts_count > after->attempts_count
	    ? before->attempts_count
	    : after->attempts_count;
	char old[TEXT_BYTES], new[TEXT_BYTES], what[32];

	comparison_add_count(compare, COMPARISON_ATTEMPTS, "number of attempts",
	    before->attempts_count, after->attempts_count);
	for (size_t i = 0; i < most; i++) {
		const struct results_attempt *a =
		    i < before->attempts_count ? &before->attempts[i] : NULL;
		const struct results_attempt *b =
		    i < after->attempts_count ? &after->attempts[i] : NULL;

		if (a != NULL && b != NULL && same_attempt(a, b))
			continue;
		snprintf(what, sizeof what, "attempt %zu", i + 1);
		comparison_add(compare, COMPARISON_ATTEMPTS, what,
		    describe(old, a), describe(new, b), NAN, true);
		return;
	}
}

static void compare_volumes(struct compare *compare,
    const struct results_dump *before, const struct results_dump *after)
{
	char what[TEXT_BYTES];

	comparison_add_count(compare, COMPARISON_ATTEMPTS, "number of loads",
	    before->volumes_count, after->volumes_count);
	for (size_t i = 0;
	     i < before->volumes_count && i < after->volumes_count; i++) {
		const struct results_volume *a = &before->volumes[i],
					    *b = &after->volumes[i];

		snprintf(what, sizeof what, "volume %zu", i + 1);
		comparison_add_text(compare, COMPARISON_ATTEMPTS, what,
		    a->barcode, b->barcode);
		if (!same_text(a->barcode, b->barcode))
			continue;
		snprintf(what, sizeof what, "volume %s, closed",
		    report_words_or_empty(a->barcode));
		comparison_add_text(compare, COMPARISON_ATTEMPTS, what,
		    a->closed, b->closed);
		snprintf(what, sizeof what, "volume %s, bytes on the medium",
		    report_words_or_empty(a->barcode));
		comparison_add_count(compare, COMPARISON_ATTEMPTS, what,
		    a->written_bytes, b->written_bytes);
		snprintf(what, sizeof what, "volume %s, reason",
		    report_words_or_empty(a->barcode));
		comparison_add_text(compare, COMPARISON_WORDING, what,
		    a->reason, b->reason);
	}
}

/* Adds the first message that differs. */
static void compare_messages(struct compare *compare,
    const struct results_dump *before, const struct results_dump *after)
{
	for (size_t i = 0;
	     i < before->attempts_count && i < after->attempts_count; i++) {
		const struct results_attempt *a = &before->attempts[i],
					     *b = &after->attempts[i];

		if (same_text(a->message, b->message))
			continue;
		comparison_add_text(compare, COMPARISON_WORDING,
		    "message of an attempt", a->message, b->message);
		break;
	}
	comparison_add_count(compare, COMPARISON_ATTEMPTS, "number of warnings",
	    before->warnings_count, after->warnings_count);
	for (size_t i = 0;
	     i < before->warnings_count && i < after->warnings_count; i++) {
		if (same_text(before->warnings[i].text,
			after->warnings[i].text))
			continue;
		comparison_add_text(compare, COMPARISON_WORDING, "warning",
		    before->warnings[i].text, after->warnings[i].text);
		break;
	}
}

void comparison_add_dump(struct compare *compare,
    const struct results_dump *before, const struct results_dump *after)
{
	compare_attempts(compare, before, after);
	compare_volumes(compare, before, after);
	compare_messages(compare, before, after);
}
