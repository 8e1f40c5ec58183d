/* gnuplot.c: the program that draws the pictures. */
#include "reports/plot/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/*
 * Where a file is, without asking for memory: what lies about is removed where
 * there is none, too.  False: no path can be as long.
 */
static bool place(char path[PATH_MAX], const char *dir, const char *name)
{
	return snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX;
}

/* Removes the file, if it is there. */
static void remove_from(const char *dir, const char *name)
{
	char path[PATH_MAX];

	if (place(path, dir, name))
		unlink(path);
}

void report_gnuplot_leave(const char *dir, const char *why,
    struct gnuplot_picture *picture)
{
	picture->drawn = false;
	snprintf(picture->why, sizeof(picture->why), "%s", why);
	remove_from(dir, "throughput.svg.new");
	remove_from(dir, "throughput.svg");
}

/*
 * Starts gnuplot in `dir`, with what it complains about going to `complaints`.
 * Returns 0 and its pid, or an error number.
 */
static int start(const char *dir, int complaints, pid_t *pid)
{
	static char program[] = "gnuplot", defaults[] = "-d", option[] = "-e",
		    place[] = "picture = 'throughput.svg.new'",
		    script[] = "throughput.gp";
	char *argv[] = { program, defaults, option, place, script, NULL };
	posix_spawn_file_actions_t actions;
	int status = posix_spawn_file_actions_init(&actions);

	if (status != 0)
		return status;
	status = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
	    "/dev/null", O_RDONLY, 0);
	if (status == 0)
		status = posix_spawn_file_actions_addopen(&actions,
		    STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (status == 0)
		status = posix_spawn_file_actions_adddup2(&actions, complaints,
		    STDERR_FILENO);
	if (status == 0)
		status = posix_spawn_file_actions_addchdir_np(&actions, dir);
	if (status == 0)
		status =
		    posix_spawnp(pid, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return status;
}

/* Reads to the end; keeps in `said` the last line that is not empty. */
static void listen_to(int fd, char *said, size_t said_bytes)
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
			snprintf(said, said_bytes, "%s", text);
	}
	fclose(in);
}

/* Whether the picture beside its place is whole, and is now in its place. */
static bool keep(const char *dir)
{
	static const char end[] = "</svg>";
	char beside[PATH_MAX], path[PATH_MAX], tail[16] = "";
	bool whole;
	FILE *in;

	if (!place(beside, dir, "throughput.svg.new") ||
	    !place(path, dir, "throughput.svg"))
		return false;
	in = fopen(beside, "re");
	if (in == NULL)
		return false;
	whole = fseek(in, -(long)(sizeof(tail) - 1), SEEK_END) == 0 &&
	    fread(tail, 1, sizeof(tail) - 1, in) == sizeof(tail) - 1 &&
	    strstr(tail, end) != NULL;
	fclose(in);
	return whole && rename(beside, path) == 0;
}

/*
 * Runs the script.  Returns whether gnuplot was content; if not, `why` says
 * what was wrong.
 */
static bool run(const char *dir, char *why, size_t why_bytes)
{
	char said[GNUPLOT_WHY_BYTES - 64] = "";
	int status = 0, complaints[2], error;
	pid_t pid;

	if (pipe2(complaints, O_CLOEXEC) < 0) {
		snprintf(why, why_bytes, "gnuplot could not be started: %s",
		    strerror(errno));
		return false;
	}
	error = start(dir, complaints[1], &pid);
	close(complaints[1]);
	if (error == 0) {
		listen_to(complaints[0], said, sizeof(said));
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		snprintf(why, why_bytes, "gnuplot failed%s%s",
		    *said != '\0' ? ": " : "", said);
		return status == 0;
	}
	close(complaints[0]);
	if (error == ENOENT)
		snprintf(why, why_bytes,
		    "gnuplot is not installed "
		    "(apt-get install gnuplot-nox)");
	else
		snprintf(why, why_bytes, "gnuplot could not be started: %s",
		    strerror(error));
	return false;
}

void report_gnuplot_draw(const char *dir, struct gnuplot_picture *picture)
{
	char why[GNUPLOT_WHY_BYTES];

	*picture = (struct gnuplot_picture){ .drawn = true };
	remove_from(dir, "throughput.svg.new");
	if (!run(dir, why, sizeof(why)) || !keep(dir))
		report_gnuplot_leave(dir, why, picture);
}
