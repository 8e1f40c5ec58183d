/* write.c: writes all reports, in order. */
#include "reports/write/write.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/ci/ci.h"
#include "reports/html/html.h"
#include "reports/json/json.h"
#include "reports/output.h"
#include "reports/plot/gnuplot.h"
#include "reports/plot/plot.h"
#include "reports/write/folder.h"
#include "reports/write/markdown.h"
#include "reports/write/tsv.h"
#include "reports/words.h"

/* Returns whether two dumps of different scenarios have the same folder. */
static bool share_folder(const struct results_scenario *a,
    const struct results_scenario *b)
{
	for (size_t i = 0; i < a->dumps_count; i++)
		for (size_t j = 0; j < b->dumps_count; j++)
			if (strcmp(a->dumps[i].folder, b->dumps[j].folder) == 0)
				return true;
	return strcmp(a->name, b->name) == 0;
}

/* Returns whether the folders of a scenario and its dumps are below ours. */
static bool names_ok(const struct results_scenario *s)
{
	for (size_t i = 0; i < s->dumps_count; i++)
		if (!report_name_ok(s->dumps[i].folder))
			return false;
	return report_name_ok(s->name);
}

static int check_names(const struct results *results, char *err,
    size_t err_bytes)
{
	for (size_t i = 0; i < results->count; i++) {
		const struct results_scenario *s = results->scenarios[i];

		if (!names_ok(s)) {
			snprintf(err, err_bytes,
			    "cannot write a report of \"%s\": the name is not "
			    "a path below the folder of the results, or is the "
			    "name of a file of the results",
			    s->name);
			return -1;
		}
		for (size_t j = 0; j < i; j++) {
			if (!share_folder(s, results->scenarios[j]))
				continue;
			snprintf(err, err_bytes,
			    "two scenarios have the name \"%s\": their reports "
			    "would overwrite each other",
			    s->name);
			return -1;
		}
	}
	return 0;
}

/* Removes a file of an earlier run from the folder `path`. */
static int remove_old(const char *path, const char *name, char *err,
    size_t err_bytes)
{
	char *old = report_output_path(path, name, err, err_bytes);
	int rc = -1;

	if (old == NULL)
		return -1;
	if (unlink(old) == 0 || errno == ENOENT)
		rc = 0;
	else
		snprintf(err, err_bytes, "cannot remove %s: %s", old,
		    strerror(errno));
	free(old);
	return rc;
}

/* Writes published.tsv, or removes that of an earlier run. */
static int write_published(const struct results *results, const char *dir,
    char *err, size_t err_bytes)
{
	for (size_t i = 0; i < results->count; i++)
		if (results->scenarios[i]->published_count > 0)
			return report_tsv_published(results, dir, err,
			    err_bytes);
	return remove_old(dir, "published.tsv", err, err_bytes);
}

/* Writes the folder of a dump. */
static int write_dump(const struct results_scenario *scenario,
    const struct results_dump *dump, const char *dir, struct gnuplot_plot *plot,
    char *err, size_t err_bytes)
{
	char *path = report_output_path(dir, dump->folder, err, err_bytes);
	int status = -1;

	if (path == NULL)
		return -1;
	if (report_check_links(dir, dump->folder, err, err_bytes) < 0 ||
	    report_output_folder(path, err, err_bytes) < 0 ||
	    report_tsv_attempts(dump, path, err, err_bytes) < 0 ||
	    report_tsv_throughput(dump, path, err, err_bytes) < 0 ||
	    report_plot_script(scenario, dump, path, err, err_bytes) < 0 ||
	    (!scenario->traced &&
		remove_old(path, "trace.tsv", err, err_bytes) < 0))
		goto out;
	if (scenario->status == RESULTS_SKIPPED)
		report_gnuplot_leave(path, "throughput",
		    "the scenario was skipped", plot);
	else if (dump->ended_ns <= dump->begun_ns)
		report_gnuplot_leave(path, "throughput", WORDS_NO_TIME, plot);
	else
		report_gnuplot_draw(path, "throughput", plot);
	status = 0;
out:
	free(path);
	return status;
}

/* Writes the folders of all dumps of a scenario, with a plot for each. */
static int write_scenario(const struct results_scenario *scenario,
    const char *dir, struct gnuplot_plot *plots, char *err, size_t err_bytes)
{
	for (size_t i = 0; i < scenario->dumps_count; i++)
		if (write_dump(scenario, &scenario->dumps[i], dir, &plots[i],
			err, err_bytes) < 0)
			return -1;
	return 0;
}

static size_t count_dumps(const struct results *results)
{
	size_t count = 0;

	for (size_t i = 0; i < results->count; i++)
		count += results->scenarios[i]->dumps_count;
	return count;
}

static int write_all(const struct results *results, const char *dir, char *err,
    size_t err_bytes)
{
	struct gnuplot_plot *plots = NULL;
	size_t at = 0;
	int status = -1;

	if (check_names(results, err, err_bytes) < 0 ||
	    report_output_folder(dir, err, err_bytes) < 0 ||
	    report_json_write(results, dir, err, err_bytes) < 0 ||
	    write_published(results, dir, err, err_bytes) < 0)
		return -1;
	plots = calloc(count_dumps(results) + 1, sizeof(*plots));
	if (plots == NULL) {
		snprintf(err, err_bytes, "no memory for the reports");
		return -1;
	}
	for (size_t i = 0; i < results->count; i++) {
		if (write_scenario(results->scenarios[i], dir, &plots[at], err,
			err_bytes) < 0)
			goto out;
		at += results->scenarios[i]->dumps_count;
	}
	if (report_markdown_write(results, plots, dir, err, err_bytes) < 0 ||
	    report_html_write(results, plots, NULL, dir, err, err_bytes) < 0 ||
	    ci_write(results, dir, err, err_bytes) < 0)
		goto out;
	status = 0;
out:
	free(plots);
	return status;
}

/* Returns the locale "C" for numbers, or 0 with a message. */
static locale_t begin_numbers(locale_t *before, char *err, size_t err_bytes)
{
	locale_t numbers = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);

	if (numbers == (locale_t)0)
		snprintf(err, err_bytes, "no memory for the reports");
	else
		*before = uselocale(numbers);
	return numbers;
}

static void end_numbers(locale_t numbers, locale_t before)
{
	uselocale(before);
	freelocale(numbers);
}

int report_write(const struct results *results, const char *dir, char *err,
    size_t err_bytes)
{
	locale_t before, numbers = begin_numbers(&before, err, err_bytes);
	int status;

	if (numbers == (locale_t)0)
		return -1;
	status = write_all(results, dir, err, err_bytes);
	end_numbers(numbers, before);
	return status;
}

/*
 * Sets the names and folders that results.json does not have.  Returns 0, or -1
 * without memory.
 */
static int set_folders(struct results *results)
{
	for (size_t i = 0; i < results->count; i++) {
		struct results_scenario *s = results->scenarios[i];

		for (size_t j = 0; j < s->dumps_count; j++) {
			struct results_dump *d = &s->dumps[j];

			if (d->name == NULL)
				d->name = strdup("");
			if (d->folder == NULL && d->name != NULL)
				d->folder =
				    results_dump_folder(s->name, d->name);
			if (d->folder == NULL)
				return -1;
		}
	}
	return 0;
}

/* Finds the plot of a dump.  Returns 0, or -1 without memory. */
static int find_plot(const struct results_dump *dump, const char *dir,
    struct gnuplot_plot *plot)
{
	char *path;

	if (asprintf(&path, "%s/%s/throughput.svg", dir, dump->folder) < 0)
		return -1;
	plot->drawn = access(path, R_OK) == 0;
	snprintf(plot->why, sizeof plot->why, "%s",
	    dump->ended_ns <= dump->begun_ns ? WORDS_NO_TIME
					     : "throughput.svg is missing");
	free(path);
	return 0;
}

static int write_page(struct results *results,
    const struct comparison *comparison, const char *dir, char *err,
    size_t err_bytes)
{
	struct gnuplot_plot *plots =
	    calloc(count_dumps(results) + 1, sizeof *plots);
	size_t at = 0;
	int status = plots != NULL ? 0 : -1;

	for (size_t i = 0; i < results->count && status == 0; i++) {
		struct results_scenario *s = results->scenarios[i];

		for (size_t j = 0; j < s->dumps_count && status == 0; j++)
			status = find_plot(&s->dumps[j], dir, &plots[at++]);
	}
	if (status != 0)
		snprintf(err, err_bytes, "no memory for the reports");
	else
		status = report_html_write(results, plots, comparison, dir, err,
		    err_bytes);
	free(plots);
	return status;
}

int report_write_page(struct results *results,
    const struct comparison *comparison, const char *dir, char *err,
    size_t err_bytes)
{
	locale_t before, numbers;
	int status;

	if (set_folders(results) < 0) {
		snprintf(err, err_bytes, "no memory for the reports");
		return -1;
	}
	if (check_names(results, err, err_bytes) < 0)
		return -1;
	numbers = begin_numbers(&before, err, err_bytes);
	if (numbers == (locale_t)0)
		return -1;
	status = write_page(results, comparison, dir, err, err_bytes);
	end_numbers(numbers, before);
	return status;
}
