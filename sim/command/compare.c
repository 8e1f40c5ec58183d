/* compare.c: compares two results.json, and prints the differences. */
#include "sim/command/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reports/json/json.h"
#include "reports/write/write.h"
#include "sim/base/option.h"
#include "sim/command/cmd.h"
#include "splitter/base/sentence.h"

/* The kinds that are regressions only if the user says so. */
static const char *const kind_words[] = { "attempts", "vanished", "new",
	"figures", "wording", NULL };
static const enum comparison_kind kinds[] = { COMPARISON_ATTEMPTS,
	COMPARISON_VANISHED, COMPARISON_NEW, COMPARISON_FIGURES,
	COMPARISON_WORDING };

static void parse_kinds(struct compare_arguments *a, const char *arg,
    struct argp_state *state)
{
	char *list = strdup(arg), *rest = NULL, *word;

	if (list == NULL)
		argp_failure(state, CMD_USAGE, 0, "out of memory");
	word = strtok_r(list, ",", &rest);
	if (word == NULL)
		argp_error(state, "--fail-on: the list is empty");
	for (; word != NULL; word = strtok_r(NULL, ",", &rest))
		a->options.regression[kinds[option_word("--fail-on", word,
		    kind_words, state)]] = true;
	free(list);
}

bool cmd_compare_parse(struct compare_arguments *a, int key, const char *arg,
    struct argp_state *state)
{
	switch (key) {
	case COMPARE_KEY:
		a->wanted = true;
		return true;
	case COMPARE_KEY_TOLERANCE:
		a->options.tolerance = (double)option_value("--tolerance",
					   UNITS_PERCENT, arg, state) /
		    (100.0 * UNITS_PERCENT_ONE);
		break;
	case COMPARE_KEY_MARKDOWN:
		a->markdown = true;
		break;
	case COMPARE_KEY_PAGE:
		a->page = true;
		break;
	case COMPARE_KEY_FAIL_ON:
		parse_kinds(a, arg, state);
		break;
	default:
		return false;
	}
	a->changed = true;
	return true;
}

static int fail(const char *message)
{
	fprintf(stderr, "tapelab: %s\n", message);
	return CMD_USAGE;
}

/* Prints the comparison.  Returns 0, or -1 without memory. */
static int print(const struct compare_arguments *a,
    const struct comparison *comparison, const char *before, const char *after)
{
	return a->markdown
	    ? comparison_markdown(stdout, comparison, before, after)
	    : comparison_text(stdout, comparison, before, after);
}

/*
 * Writes the page of the new results again, if that is wanted.  Returns 0, or -1
 * with a message.
 */
static int write_page(const struct compare_arguments *a,
    const struct comparison *comparison, struct results *results,
    const char *folder, char *err, size_t err_bytes)
{
	struct stat st;

	if (!a->page)
		return 0;
	if (stat(folder, &st) != 0 || !S_ISDIR(st.st_mode)) {
		sentence(err, err_bytes,
		    "%s is not a folder: --page writes index.html into the "
		    "folder of the new results",
		    folder);
		return -1;
	}
	if (report_prepare(folder, err, err_bytes) != 0)
		return -1;
	return report_write_page(results, comparison, folder, err, err_bytes);
}

int cmd_compare(const struct compare_arguments *a, const char *before,
    const char *after)
{
	struct results old = { 0 }, new = { 0 };
	struct comparison comparison = { 0 };
	int status = CMD_USAGE;
	char err[1024];

	if (report_json_read(before, &old, err, sizeof err) != 0 ||
	    report_json_read(after, &new, err, sizeof err) != 0)
		fail(err);
	else if (comparison_make(&old, &new, &a->options, &comparison, err,
		     sizeof err) != 0)
		fprintf(stderr, "tapelab: %s and %s: %s\n", before, after, err);
	else if (print(a, &comparison, before, after) != 0)
		fail("out of memory");
	else if (write_page(a, &comparison, &new, after, err, sizeof err) != 0)
		fail(err);
	else
		status = comparison.regressions > 0 ? CMD_FAILED : CMD_OK;
	comparison_clear(&comparison);
	results_free(&old);
	results_free(&new);
	return status;
}
