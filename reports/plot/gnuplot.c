/* gnuplot.c: runs gnuplot. */
#include "reports/plot/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reports/output.h"
#include "reports/plot/svg.h"

enum { NOT_EXECUTED = 127 };

extern char **environ;

/*
 * Makes the path of a file without allocating memory, so that old files can be
 * removed when memory is short.  Returns false if the path is too long.
 */
static bool make_path(char path[PATH_MAX], const char *dir, const char *name,
    const char *suffix)
{
	return snprintf(path, PATH_MAX, "%s/%s%s", dir, name, suffix) <
	    PATH_MAX;
}

/* Removes the file if it exists. */
static void remove_from(const char *dir, const char *name, const char *suffix)
{
	char path[PATH_MAX];

	if (make_path(path, dir, name, suffix))
		unlink(path);
}

void report_gnuplot_leave(const char *dir, const char *name, const char *why,
    struct gnuplot_plot *plot)
{
	plot->drawn = false;
	snprintf(plot->why, sizeof(plot->why), "%s", why);
	remove_from(dir, name, ".svg.new");
	remove_from(dir, name, ".svg");
}

/*
 * Starts gnuplot in `dir`, with `errors` as its stderr.  Sets `*pid`.  Returns
 * 0 or an error number.
 */
static int start(const char *dir, const char *name, int errors, pid_t *pid)
{
	static char program[] = "gnuplot", defaults[] = "-d", option[] = "-e";
	char place[NAME_MAX + 32], script[NAME_MAX + 8];
	char *argv[] = { program, defaults, option, place, script, NULL };
	posix_spawn_file_actions_t actions;
	int status = posix_spawn_file_actions_init(&actions);

	if (status != 0)
		return status;
	snprintf(place, sizeof(place), "file = '%s.svg.new'", name);
	snprintf(script, sizeof(script), "%s.gp", name);
	status = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
	    "/dev/null", O_RDONLY, 0);
	if (status == 0)
		status = posix_spawn_file_actions_addopen(&actions,
		    STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (status == 0)
		status = posix_spawn_file_actions_adddup2(&actions, errors,
		    STDERR_FILENO);
	if (status == 0)
		status = posix_spawn_file_actions_addchdir_np(&actions, dir);
	if (status == 0)
		status =
		    posix_spawnp(pid, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return status;
}

/* Reads up to the end.  Copies the last line that is not empty to `last`. */
static void read_errors(int fd, char *last, size_t last_bytes)
{
	FILE *in = fdopen(fd, "r");
	char line[GNUPLOT_WHY_BYTES];

	if (in == NULL) {
		close(fd);
		return;
	}
	while (fgets(line, sizeof(line), in) != NULL) {
		char *text = line + strspn(line, " \t\r\n^");

		text[strcspn(text, "\r\n")] = '\0';
		if (*text != '\0')
			snprintf(last, last_bytes, "%s", text);
	}
	fclose(in);
}

/*
 * Puts the new plot at its place: smaller, or as it is if it cannot be read.
 * Returns false if it is incomplete.
 */
static bool keep(const char *dir, const char *name)
{
	char beside[PATH_MAX], path[PATH_MAX], file[NAME_MAX], err[256];
	struct output output;
	bool done = false;
	char *svg;

	if (!make_path(beside, dir, name, ".svg.new") ||
	    !make_path(path, dir, name, ".svg"))
		return false;
	svg = report_output_read(beside);
	if (svg == NULL || strstr(svg, "</svg>") == NULL) {
		free(svg);
		return false;
	}
	snprintf(file, sizeof(file), "%s.svg", name);
	if (report_output_open(&output, err, sizeof(err)) == 0) {
		if (report_plot_svg(output.text, svg) == 0)
			done = report_output_commit(&output, dir, file, err,
				   sizeof(err)) == 0;
		else
			report_output_drop(&output);
	}
	free(svg);
	return done || rename(beside, path) == 0;
}

/*
 * Runs the script.  Returns whether gnuplot succeeded; if not, `why` has the
 * reason.
 */
static bool run(const char *dir, const char *name, char *why, size_t why_bytes)
{
	char last[GNUPLOT_WHY_BYTES - 64] = "";
	int status = 0, errors[2], error;
	pid_t pid;

	if (pipe2(errors, O_CLOEXEC) < 0) {
		snprintf(why, why_bytes, "gnuplot could not be started: %s",
		    strerror(errno));
		return false;
	}
	error = start(dir, name, errors[1], &pid);
	close(errors[1]);
	if (error == 0) {
		read_errors(errors[0], last, sizeof(last));
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		snprintf(why, why_bytes, "gnuplot failed%s%s",
		    *last != '\0' ? ": " : "", last);
		/*
		 * POSIX: a child that cannot execute a program may exit with
		 * this status.
		 */
		if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_EXECUTED)
			error = ENOENT;
		else
			return status == 0;
	} else {
		close(errors[0]);
	}
	if (error == ENOENT)
		snprintf(why, why_bytes,
		    "gnuplot is not installed (apt-get install gnuplot-nox)");
	else
		snprintf(why, why_bytes, "gnuplot could not be started: %s",
		    strerror(error));
	return false;
}

void report_gnuplot_draw(const char *dir, const char *name,
    struct gnuplot_plot *plot)
{
	char why[GNUPLOT_WHY_BYTES];

	*plot = (struct gnuplot_plot){ .drawn = true };
	remove_from(dir, name, ".svg.new");
	if (!run(dir, name, why, sizeof(why)) || !keep(dir, name))
		report_gnuplot_leave(dir, name, why, plot);
}
