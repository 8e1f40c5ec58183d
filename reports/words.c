/* words.c: words of the reports for people. */
#include "reports/words.h"

#include <string.h>

const char *report_words_status(enum results_status status)
{
	static const char *const words[] = { [RESULTS_PASSED] = "passed",
		[RESULTS_FAILED] = "failed",
		[RESULTS_SKIPPED] = "skipped" };

	return words[status];
}

const char *report_words_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

const char *report_words_end(const struct results_attempt *attempt)
{
	static const char *const meanings[][2] = {
		{ "EOF", "end of the dump" },
		{ "EOP", "part complete" },
		{ "LEOM", "early warning" },
		{ "CUT", "part cache full" },
		{ "FAILED", "failed" },
	};
	const char *end = report_words_or_empty(attempt->end);

	if (*report_words_or_empty(attempt->cause) != '\0')
		return attempt->cause;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		if (strcmp(end, meanings[i][0]) == 0)
			return meanings[i][1];
	}
	return "";
}

const char *report_words_expectation(const struct results_expectation *e)
{
	if (results_expectation_is_met(e))
		return e->passed ? "holds" : "fails, as known";
	return e->passed ? "holds, but is known to fail" : "fails";
}

bool report_words_closed_well(const struct results_volume *volume)
{
	const char *closed = report_words_or_empty(volume->closed);

	return *closed == '\0' || strcmp(closed, "good") == 0 ||
	    strcmp(closed, "full") == 0;
}

size_t report_words_count(const struct results *results,
    enum results_status status)
{
	size_t count = 0;

	for (size_t i = 0; i < results->count; i++)
		count += results->scenarios[i]->status == status;
	return count;
}

size_t report_words_committed(const struct results_dump *dump)
{
	size_t count = 0;

	for (size_t i = 0; i < dump->attempts_count; i++)
		count += dump->attempts[i].committed;
	return count;
}
