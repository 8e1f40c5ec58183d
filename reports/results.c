/* results.c: the records' end, and the order in which reports are written. */
#include "reports/results.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/plot/gnuplot.h"
#include "reports/html/html.h"
#include "reports/write/json.h"
#include "reports/write/markdown.h"
#include "reports/output.h"
#include "reports/plot/plot.h"
#include "reports/write/tsv.h"

void results_scenario_free(struct results_scenario *scenario)
{
	if (scenario == NULL)
		return;
	for (size_t i = 0; i < scenario->attempts_count; i++) {
		free(scenario->attempts[i].volume);
		free(scenario->attempts[i].end);
		free(scenario->attempts[i].cause);
	}
	for (size_t i = 0; i < scenario->volumes_count; i++) {
		free(scenario->volumes[i].barcode);
		free(scenario->volumes[i].closed);
		free(scenario->volumes[i].reason);
	}
	for (size_t i = 0; i < scenario->metrics_count; i++) {
		free(scenario->metrics[i].name);
		free(scenario->metrics[i].unit);
		free(scenario->metrics[i].text);
	}
	for (size_t i = 0; i < scenario->expectations_count; i++) {
		free(scenario->expectations[i].text);
		free(scenario->expectations[i].actual);
	}
	for (size_t i = 0; i < scenario->marks_count; i++)
		free(scenario->marks[i].label);
	free(scenario->attempts);
	free(scenario->volumes);
	free(scenario->metrics);
	free(scenario->expectations);
	free(scenario->marks);
	free(scenario->name);
	free(scenario->title);
	free(scenario->file);
	free(scenario->clock);
	free(scenario->outcome);
	free(scenario->reason);
	free(scenario->problem);
	free(scenario);
}

void results_free(struct results *results)
{
	for (size_t i = 0; i < results->count; i++)
		results_scenario_free(results->scenarios[i]);
	free(results->scenarios);
	*results = (struct results){ 0 };
}

/* Whether the name is a path that stays below the folder it is taken from. */
static bool name_is_below(const char *name)
{
	for (;;) {
		size_t step = strcspn(name, "/");

		if (step == 0 || (step == 1 && name[0] == '.') ||
		    (step == 2 && name[0] == '.' && name[1] == '.'))
			return false;
		if (name[step] == '\0')
			return true;
		name += step + 1;
	}
}

bool results_name_ok(const char *name)
{
	static const char *const ours[] = { "results.json", "report.md",
		"index.html", "parts.tsv", "throughput.tsv", "throughput.gp",
		"throughput.svg", "trace.tsv" };
	size_t n;

	if (!name_is_below(name))
		return false;
	for (const char *at = name; *at != '\0'; at += n) {
		at += strspn(at, "/");
		n = strcspn(at, "/");
		for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
			if (strncmp(at, ours[i], strlen(ours[i])) == 0 &&
			    (n == strlen(ours[i]) ||
				strncmp(at + strlen(ours[i]), ".new", 4) == 0))
				return false;
	}
	return true;
}

static int check_names(const struct results *results, char *err,
    size_t err_bytes)
{
	for (size_t i = 0; i < results->count; i++) {
		const char *name = results->scenarios[i]->name;

		if (!results_name_ok(name)) {
			snprintf(err, err_bytes,
			    "cannot write a report of "
			    "\"%s\": the name is not a path below the folder "
			    "of the results, or is that of a file there",
			    name);
			return -1;
		}
		for (size_t j = 0; j < i; j++) {
			if (strcmp(name, results->scenarios[j]->name) != 0)
				continue;
			snprintf(err, err_bytes,
			    "two scenarios are named "
			    "\"%s\"; their reports would overwrite each other",
			    name);
			return -1;
		}
	}
	return 0;
}

/* A trace of an earlier run would be taken for that of this one. */
static int remove_trace(const char *path, char *err, size_t err_bytes)
{
	char *trace = report_output_path(path, "trace.tsv", err, err_bytes);
	int rc = -1;

	if (trace == NULL)
		return -1;
	if (unlink(trace) == 0 || errno == ENOENT)
		rc = 0;
	else
		snprintf(err, err_bytes, "cannot remove %s: %s", trace,
		    strerror(errno));
	free(trace);
	return rc;
}

/* What a scenario's folder is in may not lead out of `dir`.  0 or -1. */
static int check_links(const char *dir, const char *name, char *err,
    size_t err_bytes)
{
	char *path = report_output_path(dir, name, err, err_bytes);
	char *at = path != NULL ? path + strlen(dir) : NULL, end;
	struct stat st;
	int rc = path != NULL ? 0 : -1;

	while (rc == 0 && *at != '\0') {
		at += strspn(at, "/");
		at += strcspn(at, "/");
		end = *at;
		*at = '\0';
		if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
			snprintf(err, err_bytes,
			    "%s is a symbolic link: "
			    "results are not written elsewhere than below %s",
			    path, dir);
			rc = -1;
		}
		*at = end;
	}
	free(path);
	return rc;
}

/* A scenario's folder. */
static int write_scenario(const struct results_scenario *scenario,
    const char *dir, struct gnuplot_picture *picture, char *err,
    size_t err_bytes)
{
	char *path = report_output_path(dir, scenario->name, err, err_bytes);
	int status = -1;

	if (path == NULL)
		return -1;
	if (check_links(dir, scenario->name, err, err_bytes) < 0 ||
	    report_output_folder(path, err, err_bytes) < 0 ||
	    report_tsv_parts(scenario, path, err, err_bytes) < 0 ||
	    report_tsv_throughput(scenario, path, err, err_bytes) < 0 ||
	    report_plot_script(scenario, path, err, err_bytes) < 0 ||
	    (!scenario->traced && remove_trace(path, err, err_bytes) < 0))
		goto out;
	if (scenario->status == RESULTS_SKIPPED)
		report_gnuplot_leave(path, "the scenario was skipped", picture);
	else
		report_gnuplot_draw(path, picture);
	status = 0;
out:
	free(path);
	return status;
}

static int write_all(const struct results *results, const char *dir, char *err,
    size_t err_bytes)
{
	struct gnuplot_picture *pictures = NULL;
	int status = -1;

	if (check_names(results, err, err_bytes) < 0 ||
	    report_output_folder(dir, err, err_bytes) < 0 ||
	    report_json_write(results, dir, err, err_bytes) < 0)
		return -1;
	pictures = calloc(results->count + 1, sizeof(*pictures));
	if (pictures == NULL) {
		snprintf(err, err_bytes, "no memory for the reports");
		return -1;
	}
	for (size_t i = 0; i < results->count; i++) {
		if (write_scenario(results->scenarios[i], dir, &pictures[i],
			err, err_bytes) < 0)
			goto out;
	}
	if (report_markdown_write(results, pictures, dir, err, err_bytes) < 0 ||
	    report_html_write(results, pictures, dir, err, err_bytes) < 0)
		goto out;
	status = 0;
out:
	free(pictures);
	return status;
}

int results_write(const struct results *results, const char *dir, char *err,
    size_t err_bytes)
{
	/* A decimal comma is no number for gnuplot, nor for who reads a TSV. */
	locale_t numbers = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	locale_t before;
	int status;

	if (numbers == (locale_t)0) {
		snprintf(err, err_bytes, "no memory for the reports");
		return -1;
	}
	before = uselocale(numbers);
	status = write_all(results, dir, err, err_bytes);
	uselocale(before);
	freelocale(numbers);
	return status;
}

static bool is_there(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	return snprintf(path, sizeof path, "%s/%s", dir, name) <
	    (int)sizeof path &&
	    lstat(path, &st) == 0;
}

/* As many bytes as there are, up to that; -1: they cannot be read. */
static ssize_t read_beginning(int fd, char *text, size_t bytes)
{
	size_t got = 0;
	ssize_t n = 1;

	while (got < bytes && n != 0) {
		n = read(fd, text + got, bytes - got);
		if (n == -1 && errno != EINTR)
			return -1;
		got += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)got;
}

/*
 * Whether results that tapelab wrote are in the folder: 1, 0, or -1 with a
 * message.
 */
static int has_results(const char *dir, char *err, size_t err_bytes)
{
	static const char begins[] = "{\n  \"format\": ";
	char *path = report_output_path(dir, "results.json", err, err_bytes);
	char text[sizeof begins] = "";
	ssize_t n = 0;
	int fd, rc = 0;

	if (path == NULL)
		return -1;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd != -1)
		n = read_beginning(fd, text, sizeof begins - 1);
	if (fd == -1 ? errno != ENOENT && errno != ELOOP && errno != ENXIO
		     : n == -1 && errno != EISDIR) {
		snprintf(err, err_bytes, "cannot read %s: %s", path,
		    strerror(errno));
		rc = -1;
	} else if (n == (ssize_t)(sizeof begins - 1)) {
		rc = memcmp(text, begins, sizeof begins - 1) == 0;
	}
	if (fd != -1)
		close(fd);
	free(path);
	return rc;
}

/* Whether none of these files is in `place` but as a result in `dir`. */
static int check_others(const char *dir, const char *place,
    const char *const *names, char *err, size_t err_bytes)
{
	int ours = has_results(dir, err, err_bytes);

	if (ours != 0)
		return ours == 1 ? 0 : -1;
	for (; *names != NULL; names++)
		if (is_there(place, *names)) {
			snprintf(err, err_bytes,
			    "the folder %s has a file %s "
			    "that is not a result of tapelab: name another "
			    "folder",
			    place, *names);
			return -1;
		}
	return 0;
}

int results_prepare(const char *dir, char *err, size_t err_bytes)
{
	static const char *const names[] = { "results.json", "report.md",
		"index.html", NULL };

	if (report_output_folder(dir, err, err_bytes) != 0)
		return -1;
	if (access(dir, W_OK | X_OK) != 0) {
		snprintf(err, err_bytes, "cannot write into the folder %s: %s",
		    dir, strerror(errno));
		return -1;
	}
	return check_others(dir, dir, names, err, err_bytes);
}

int results_prepare_scenario(const char *dir, const char *name, char *err,
    size_t err_bytes)
{
	static const char *const names[] = { "parts.tsv", "throughput.tsv",
		"throughput.gp", "throughput.svg", "trace.tsv", NULL };
	char *path;
	int rc;

	if (check_links(dir, name, err, err_bytes) != 0)
		return -1;
	path = report_output_path(dir, name, err, err_bytes);
	if (path == NULL)
		return -1;
	rc = check_others(dir, path, names, err, err_bytes);
	free(path);
	return rc;
}
