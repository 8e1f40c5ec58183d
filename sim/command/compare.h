/*
 * compare.h: `tapelab report --compare OLD NEW`: compares two results.json.
 */
#ifndef SIM_COMMAND_COMPARE_H
#define SIM_COMMAND_COMPARE_H

#include <argp.h>
#include <stdbool.h>

#include "reports/compare/compare.h"
#include "sim/command/verb_options.h"

struct compare_arguments {
	bool wanted, markdown, page;
	bool changed; /* an option that needs --compare was given */
	struct comparison_options options;
};

enum {
	COMPARE_KEY = 1000,
	COMPARE_KEY_TOLERANCE,
	COMPARE_KEY_MARKDOWN,
	COMPARE_KEY_PAGE,
	COMPARE_KEY_FAIL_ON
};

/* The rows of the options, for the table of a command. */
#define COMPARE_OPTIONS                                                          \
	{ "compare", COMPARE_KEY, NULL, VERB_OPTION_LINE_ONLY,                   \
		"compare two results of tapelab run: the baseline OLD and NEW",  \
		1 },                                                             \
	    { "tolerance", COMPARE_KEY_TOLERANCE, "PERCENT", 0,                  \
		    "with --compare: the largest change of rates and durations " \
		    "that is no change of speed (default 5 %)",                  \
		    1 },                                                         \
	    { "markdown", COMPARE_KEY_MARKDOWN, NULL, 0,                         \
		    "with --compare: print Markdown, for a merge request",       \
		    1 },                                                         \
	    { "page", COMPARE_KEY_PAGE, NULL, 0,                                 \
		    "with --compare: write index.html of the folder NEW again, " \
		    "with the comparison",                                       \
		    1 },                                                         \
	{                                                                        \
		"fail-on", COMPARE_KEY_FAIL_ON, "KIND,...", 0,                   \
		    "with --compare: these are regressions too: attempts, "      \
		    "vanished, new, figures, wording",                           \
		    1                                                            \
	}

/* Parses one of the options.  Returns false if the key is of another one. */
bool cmd_compare_parse(struct compare_arguments *arguments, int key,
    const char *arg, struct argp_state *state);

/* Compares two results, and prints the comparison.  Returns the exit status. */
int cmd_compare(const struct compare_arguments *arguments, const char *before,
    const char *after);

#endif
