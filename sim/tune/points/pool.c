/*
 * pool.c: see pool.h.
 *
 * A process sends its result through a pipe and ends.  A result that does not
 * end with a newline is not complete: its process died.
 */
#include "sim/tune/points/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/setup/workspace.h"
#include "splitter/base/signals.h"

enum { PIECE_BYTES = 4096 };

/* A process that works. */
struct worker {
	pid_t process; /* 0: none */
	int fd;        /* the end of its pipe */
	size_t piece;
	char *text; /* what it has sent */
	size_t bytes;
};

struct pool {
	const struct tune_pool *config;
	struct worker *workers;
	struct pollfd *fds;
	unsigned running;
	const char *folder;
	char *err;
	size_t err_bytes;
	size_t *broken;
};

static int write_all(int fd, const char *text, size_t bytes)
{
	while (bytes > 0) {
		ssize_t n = write(fd, text, bytes);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		text += n;
		bytes -= (size_t)n;
	}
	return 0;
}

/* The process of a piece: works, sends the result, and ends. */
static _Noreturn void work(const struct pool *p, size_t piece, int fd)
{
	char *result = NULL, *folder = NULL;
	int rc = -1;

	__fpurge(stdout);
	if (signals_begin() == 0 &&
	    asprintf(&folder, "%s/%zu", p->folder, piece) >= 0 &&
	    mkdir(folder, 0700) == 0) {
		result = p->config->work(p->config->arg, piece, folder);
		rmdir(folder);
	}
	if (result != NULL && write_all(fd, result, strlen(result)) == 0)
		rc = write_all(fd, "\n", 1);
	_exit(rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

static int begin(struct pool *p, struct worker *w, size_t piece)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0) {
		snprintf(p->err, p->err_bytes, "cannot make a pipe: %s",
		    strerror(errno));
		return -1;
	}
	fflush(NULL);
	w->process = signals_fork();
	signals_forget_child(w->process); /* there are several: see end_all() */
	if (w->process == 0) {
		close(ends[0]);
		work(p, piece, ends[1]);
	}
	close(ends[1]);
	if (w->process == -1) {
		snprintf(p->err, p->err_bytes, "cannot start a process: %s",
		    strerror(errno));
		close(ends[0]);
		w->process = 0;
		return -1;
	}
	*w = (struct worker){
		.process = w->process, .fd = ends[0], .piece = piece
	};
	p->running++;
	return 0;
}

static int await(pid_t process)
{
	int status = 0;

	while (waitpid(process, &status, 0) == -1 && errno == EINTR)
		;
	return status;
}

static void end_all(struct pool *p)
{
	for (unsigned i = 0; i < p->config->jobs; i++)
		if (p->workers[i].process > 0)
			kill(p->workers[i].process, SIGTERM);
	for (unsigned i = 0; i < p->config->jobs; i++) {
		struct worker *w = &p->workers[i];

		if (w->process <= 0)
			continue;
		close(w->fd);
		await(w->process);
		free(w->text);
		w->process = 0;
	}
	p->running = 0;
}

static enum tune_pool_status died(struct pool *p, size_t piece, int status)
{
	if (signals_came())
		return TUNE_POOL_STOPPED;
	*p->broken = piece;
	if (WIFSIGNALED(status))
		snprintf(p->err, p->err_bytes,
		    "its process was ended by signal %d (%s)", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		snprintf(p->err, p->err_bytes,
		    "its process ended with status %d and without a result",
		    WEXITSTATUS(status));
	return TUNE_POOL_BROKEN;
}

/* Takes the result of a process that has closed its pipe. */
static enum tune_pool_status end_one(struct pool *p, struct worker *w)
{
	enum tune_pool_status result = TUNE_POOL_DONE;
	int status;

	close(w->fd);
	status = await(w->process);
	w->process = 0;
	p->running--;
	if (w->bytes == 0 || w->text[w->bytes - 1] != '\n') {
		result = died(p, w->piece, status);
	} else {
		w->text[w->bytes - 1] = '\0';
		if (!p->config->done(p->config->arg, w->piece, w->text))
			result = TUNE_POOL_STOPPED;
	}
	free(w->text);
	w->text = NULL;
	w->bytes = 0;
	return result;
}

/* Reads what a process has sent. */
static enum tune_pool_status receive(struct pool *p, struct worker *w)
{
	char *more = realloc(w->text, w->bytes + PIECE_BYTES);
	ssize_t n;

	if (more == NULL) {
		snprintf(p->err, p->err_bytes, "out of memory");
		return TUNE_POOL_FAILED;
	}
	w->text = more;
	n = read(w->fd, w->text + w->bytes, PIECE_BYTES);
	if (n > 0)
		w->bytes += (size_t)n;
	if (n > 0 || (n == -1 && errno == EINTR))
		return TUNE_POOL_DONE;
	return end_one(p, w);
}

/* Waits until some process has sent something, and takes it. */
static enum tune_pool_status wait_for_some(struct pool *p)
{
	unsigned jobs = p->config->jobs;
	enum tune_pool_status status = TUNE_POOL_DONE;

	for (unsigned i = 0; i < jobs; i++)
		p->fds[i] = (struct pollfd){
			.fd = p->workers[i].process > 0 ? p->workers[i].fd : -1,
			.events = POLLIN,
		};
	if (poll(p->fds, jobs, -1) == -1 || signals_signal() != 0)
		return signals_signal() != 0 ? TUNE_POOL_STOPPED
					     : TUNE_POOL_DONE;
	for (unsigned i = 0; i < jobs && status == TUNE_POOL_DONE; i++)
		if (p->fds[i].revents != 0)
			status = receive(p, &p->workers[i]);
	return status;
}

static enum tune_pool_status run(struct pool *p, const size_t *list,
    size_t count)
{
	enum tune_pool_status status = TUNE_POOL_DONE;
	size_t next = 0;

	while (status == TUNE_POOL_DONE && (next < count || p->running > 0)) {
		for (unsigned i = 0; i < p->config->jobs && next < count; i++) {
			if (p->workers[i].process > 0)
				continue;
			if (begin(p, &p->workers[i], list[next]) != 0)
				return signals_signal() != 0 ? TUNE_POOL_STOPPED
							     : TUNE_POOL_FAILED;
			next++;
		}
		status = wait_for_some(p);
	}
	return status;
}

enum tune_pool_status tune_pool_run(const struct tune_pool *config,
    const size_t *list, size_t count, size_t *piece, char *err,
    size_t err_bytes)
{
	struct pool p = { .config = config,
		.err = err,
		.err_bytes = err_bytes,
		.broken = piece };
	enum tune_pool_status status = TUNE_POOL_FAILED;
	char *folder = workspace_make_folder(NULL, err, err_bytes);

	if (folder == NULL)
		return TUNE_POOL_FAILED;
	p.folder = folder;
	p.workers = calloc(config->jobs, sizeof *p.workers);
	p.fds = calloc(config->jobs, sizeof *p.fds);
	if (p.workers != NULL && p.fds != NULL)
		status = run(&p, list, count);
	else
		snprintf(err, err_bytes, "out of memory");
	if (p.workers != NULL)
		end_all(&p);
	free(p.workers);
	free(p.fds);
	workspace_remove_folder(folder);
	free(folder);
	return status;
}
