/*
 * handoff.c: writes standard input to volumes, each a folder, with a policy of
 * its own: it hands each volume over itself.
 *
 *     handoff [-b BLOCK] [-p PART] [-s SIZE] [-w WARNING] [-a ATTEMPTS]
 *         [-c PARTS] VOLUME...
 *
 * Volumes hold SIZE bytes and warn WARNING bytes before their end.  A part is
 * tried ATTEMPTS times (2).  After PARTS parts the dump is cancelled.
 *
 * The main thread decides.  A byte in a pipe tells it that something happened,
 * as in a program with an event loop.  Another thread is the producer.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "filetape.h"
#include "show.h"

struct program {
	struct splitter *splitter;
	uint64_t block, size, warning, attempts_max, cancel_after;
	char **volumes; /* those left; the last is NULL */
	int pipe[2];    /* from the events to main */
};

enum {
	NEXT = 'n',
	RETRY = 'r',
	ENOUGH = 'e',
	CANCEL = 'c',
	TAPE = 't',
	OVER = 'o'
};

static void notify(struct program *p, char what)
{
	if (write(p->pipe[1], &what, 1) != 1)
		abort();
}

/* The decision is made here, and carried out by main. */
static void attempt_done(void *arg, const struct splitter_attempt *a)
{
	struct program *p = arg;

	show_attempt(a);
	if (a->committed && p->cancel_after == a->part)
		notify(p, CANCEL);
	else if (a->committed && !a->last)
		notify(p, NEXT);
	else if (a->can_retry)
		notify(p, a->attempt < p->attempts_max ? RETRY : ENOUGH);
}

static void tape_wanted(void *arg)
{
	notify(arg, TAPE);
}

static void tape_returned(void *arg, struct tape *tape, enum tape_close why)
{
	(void)arg;
	fprintf(stderr, "volume %s: %s\n", tape->barcode,
	    why == TAPE_CLOSE_SUSPECT       ? "do not write on it again"
		: why == TAPE_CLOSE_REFUSED ? "was not written to"
					    : "good");
	filetape_free(tape);
}

static void warning(void *arg, const char *message, int64_t at_ns)
{
	(void)arg, (void)at_ns;
	fprintf(stderr, "%s\n", message);
}

static void ended(void *arg)
{
	notify(arg, OVER);
}

static void *produce(void *arg)
{
	struct program *p = arg;

	if (splitter_feed_fd(p->splitter, STDIN_FILENO) == -1)
		perror("standard input");
	return NULL;
}

static void next_volume(struct program *p)
{
	struct filetape *t = NULL;

	if (*p->volumes != NULL)
		t = filetape_new(*p->volumes++, p->block, p->size, p->warning);
	if (t == NULL)
		splitter_give_up(p->splitter);
	else if (splitter_use_tape(p->splitter, filetape_tape(t)) != 0)
		filetape_free(filetape_tape(t));
}

/* Acts on events until the dump has ended. */
static void decide(struct program *p)
{
	char what = 0;

	splitter_start_part(p->splitter, false);
	while (what != OVER && read(p->pipe[0], &what, 1) == 1) {
		if (what == TAPE)
			next_volume(p);
		else if (what == NEXT || what == RETRY)
			splitter_start_part(p->splitter, what == RETRY);
		else if (what == ENOUGH)
			splitter_give_up(p->splitter);
		else if (what == CANCEL)
			splitter_cancel(p->splitter);
	}
}

static void read_options(int argc, char **argv, struct program *p,
    struct splitter_config *config)
{
	int c;

	while ((c = getopt(argc, argv, "b:p:s:w:a:c:")) != -1) {
		if (c == '?')
			exit(2);
		if (c == 'b')
			p->block = config->block_bytes = show_size(optarg);
		else if (c == 'p')
			config->part_bytes = show_size(optarg);
		else if (c == 's')
			p->size = show_size(optarg);
		else if (c == 'w')
			p->warning = show_size(optarg);
		else if (c == 'a')
			p->attempts_max = show_size(optarg);
		else
			p->cancel_after = show_size(optarg);
	}
	p->volumes = argv + optind;
}

int main(int argc, char **argv)
{
	struct program p = { .size = UINT64_MAX,
		.attempts_max = 2,
		.warning = FILETAPE_NO_WARNING };
	struct splitter_config config;
	pthread_t producer;
	char err[256];
	int status;

	splitter_config_init(&config, sizeof config, SPLITTER_API);
	p.block = config.block_bytes;
	config.dump = "handoff";
	config.cache = SPLITTER_CACHE_MEMORY;
	config.part_bytes = 64 << 20;
	config.arg = &p;
	config.attempt_done = attempt_done;
	config.tape_wanted = tape_wanted;
	config.tape_returned = tape_returned;
	config.warning = warning;
	config.ended = ended;
	read_options(argc, argv, &p, &config);
	p.splitter = splitter_new(&config, err, sizeof err);
	if (p.splitter == NULL) {
		fprintf(stderr, "%s\n", err);
		return 2;
	}
	if (pipe(p.pipe) != 0 ||
	    pthread_create(&producer, NULL, produce, &p) != 0) {
		fprintf(stderr, "cannot begin\n");
		return 2;
	}
	decide(&p);
	pthread_join(producer, NULL);
	status = show_outcome(splitter_wait(p.splitter));
	splitter_free(p.splitter);
	return status;
}
