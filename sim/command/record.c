/* record.c: tapelab record: passes a pipe through, and records its rate. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/units.h"
#include "sim/base/named_file.h"
#include "sim/base/option.h"
#include "sim/command/cmd.h"
#include "sim/command/pass.h"
#include "sim/source/feed_recording.h"
#include "sim/source/feed_trace.h"
#include "splitter/base/clock.h"
#include "splitter/base/signals.h"

enum {
	KEY_RESOLUTION = 256,
	KEY_ROWS,
	RESOLUTION_NS = 10000000,
	ROWS = 1000000,
	ROWS_MIN = 4
};

struct record {
	const char *path;    /* of the trace */
	const char *comment; /* NULL: none */
	uint64_t resolution_ns;
	size_t rows_max;
	bool quiet;
	char *temporary; /* the trace until it is complete; NULL: none */
	FILE *file;
	int64_t begun_ns;
	struct feed_recording recording;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct record *r = state->input;

	switch (key) {
	case 'o':
		r->path = arg;
		return 0;
	case 'c':
		for (const char *c = arg; *c != '\0'; c++)
			if ((unsigned char)*c < ' ' || strlen(arg) > 200)
				argp_error(state,
				    "--comment: one line of at most 200 "
				    "characters");
		r->comment = arg;
		return 0;
	case 'q':
		r->quiet = true;
		return 0;
	case KEY_RESOLUTION:
		r->resolution_ns =
		    option_value("--resolution", UNITS_TIME, arg, state);
		if (r->resolution_ns < 1000 ||
		    r->resolution_ns > UINT64_C(3600000000000))
			argp_error(state,
			    "--resolution: from 1 us to 1 h, such as 10 ms");
		return 0;
	case KEY_ROWS:
		r->rows_max = option_count("--max-rows", arg, ROWS_MIN,
		    FEED_TRACE_ROWS_MAX, state);
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state,
		    "%s: record reads standard input; pipe the bytes to it",
		    arg);
		return 0;
	case ARGP_KEY_END:
		if (r->path == NULL)
			argp_error(state,
			    "name the file of the trace: --output FILE");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0,
	    "the trace; an existing file is replaced when the recording ends",
	    0 },
	{ "comment", 'c', "TEXT", 0, "a comment for the head of the trace", 0 },
	{ "resolution", KEY_RESOLUTION, "TIME", 0,
	    "bytes are counted in intervals of this length (default 10 ms)",
	    0 },
	{ "max-rows", KEY_ROWS, "N", 0,
	    "the trace has at most N rows: intervals are doubled as often "
	    "as needed (default 1000000)",
	    0 },
	{ "quiet", 'q', NULL, 0, "print no summary", 0 },
	{ 0 },
};

static int problem(const struct record *r, const char *reason)
{
	fprintf(stderr, "tapelab: cannot write the trace %s: %s\n", r->path,
	    reason);
	return -1;
}

/* Opens the file in which the trace is written until it is complete. */
static int open_temporary(struct record *r)
{
	int fd;

	if (asprintf(&r->temporary, "%s.XXXXXX", r->path) < 0) {
		r->temporary = NULL;
		return problem(r, "out of memory");
	}
	fd = mkstemp(r->temporary);
	if (fd == -1) {
		problem(r, strerror(errno));
		free(r->temporary);
		r->temporary = NULL;
		return -1;
	}
	r->file = fdopen(fd, "w");
	return r->file != NULL ? 0 : problem(r, strerror(errno));
}

/* Returns whether the trace would replace the file of a standard stream. */
static bool is_stream(const struct stat *trace, int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_dev == trace->st_dev &&
	    st.st_ino == trace->st_ino;
}

/* Finds out before the first byte whether a trace can be written. */
static int open_trace(struct record *r)
{
	const char *objection = named_file_objection(r->path);
	char err[256];
	struct stat st;

	if (objection != NULL)
		return problem(r, objection);
	if (stat(r->path, &st) != 0)
		return open_temporary(r);
	if (S_ISREG(st.st_mode) && is_stream(&st, STDOUT_FILENO))
		return problem(r,
		    "it is the standard output; use another file");
	if (S_ISREG(st.st_mode) && is_stream(&st, STDIN_FILENO))
		return problem(r, "it is the standard input; use another file");
	if (S_ISREG(st.st_mode))
		return open_temporary(r);
	r->file = named_file_open(r->path, err, sizeof err);
	return r->file != NULL ? 0 : problem(r, err);
}

static int check_streams(void)
{
	const char *what = isatty(STDIN_FILENO) ? "input"
	    : isatty(STDOUT_FILENO)             ? "output"
						: NULL;

	if (what == NULL)
		return 0;
	fprintf(stderr,
	    "tapelab: standard %s is a terminal; use a pipe, such as \"tar c "
	    "/home | tapelab record -o feed.tsv >/dev/null\"\n",
	    what);
	return -1;
}

static void passed(void *arg, uint64_t bytes)
{
	struct record *r = arg;

	feed_recording_add(&r->recording, clock_now_ns() - r->begun_ns, bytes);
}

static void print_head(const struct record *r)
{
	char resolution[UNITS_BYTES];

	if (r->comment != NULL)
		fprintf(r->file, "# %s\n", r->comment);
	units_time_exact(resolution, r->recording.resolution_ns);
	fprintf(r->file, "# recorded by tapelab record, in intervals of %s\n",
	    resolution);
}

/* Gives the trace its name, with the permissions of a new file. */
static int put_in_place(struct record *r)
{
	mode_t mask = umask(0);

	umask(mask);
	if (r->temporary == NULL)
		return 0;
	if (chmod(r->temporary, 0666 & ~mask) != 0 ||
	    rename(r->temporary, r->path) != 0)
		return -1;
	free(r->temporary);
	r->temporary = NULL;
	return 0;
}

static int write_trace(struct record *r)
{
	int error = 0;

	if (r->recording.bytes == 0) {
		fputs("tapelab: no bytes came; there is no trace\n", stderr);
		return -1;
	}
	print_head(r);
	errno = 0;
	feed_recording_print(&r->recording, r->file);
	if (fflush(r->file) != 0 || ferror(r->file) ||
	    (r->temporary != NULL && fsync(fileno(r->file)) != 0))
		error = errno != 0 ? errno : EIO;
	if (fclose(r->file) != 0 && error == 0)
		error = errno;
	r->file = NULL;
	if (error == 0 && put_in_place(r) != 0)
		error = errno;
	if (error == 0)
		return 0;
	problem(r, strerror(error));
	return -1;
}

static void print_summary(const struct record *r)
{
	char bytes[UNITS_BYTES], time[UNITS_BYTES], rate[UNITS_BYTES],
	    resolution[UNITS_BYTES];
	double seconds = (double)r->recording.last_ns / 1e9;

	if (r->quiet)
		return;
	units_size(bytes, r->recording.bytes);
	units_time(time, seconds);
	units_rate(rate,
	    seconds > 0 ? (double)r->recording.bytes / seconds : 0);
	units_time_exact(resolution, r->recording.resolution_ns);
	fprintf(stderr, "tapelab: %s in %s, %s; intervals of %s\n", bytes, time,
	    rate, resolution);
}

static int run(struct record *r)
{
	char err[256];
	int status = CMD_OK;

	r->begun_ns = clock_now_ns();
	if (pass_through(passed, r, err, sizeof err) != 0) {
		status = err[0] == '\0' ? CMD_LOST : CMD_FAILED;
		if (err[0] != '\0')
			fprintf(stderr, "tapelab: %s\n", err);
	}
	if (write_trace(r) != 0)
		return status == CMD_OK ? CMD_FAILED : status;
	print_summary(r);
	return status;
}

static void clear(struct record *r)
{
	if (r->file != NULL)
		fclose(r->file);
	if (r->temporary != NULL)
		unlink(r->temporary);
	free(r->temporary);
	feed_recording_clear(&r->recording);
}

int cmd_record(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc =
		    "Passes standard input through to standard output, and "
		    "records when its bytes come.\n"
		    "\vThe trace is a feed of a scenario.  Exit status: 0; 1 "
		    "no trace was written, or not all bytes passed; 2 bad "
		    "usage; 5 a signal came, and the trace ends there.",
	};
	struct record r = { .resolution_ns = RESOLUTION_NS, .rows_max = ROWS };
	int status = CMD_USAGE;

	if (!cmd_begin(&argp, argc, argv, &r))
		return CMD_USAGE;
	feed_recording_init(&r.recording, (int64_t)r.resolution_ns, r.rows_max);
	if (check_streams() == 0 && open_trace(&r) == 0)
		status = run(&r);
	clear(&r);
	return status;
}
