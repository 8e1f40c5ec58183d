/* stream.c: writes a file with the splitter, as fast as possible. */
#include "sim/bench/stream.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/engine/engine.h"
#include "splitter/buffer/slices.h"
#include "splitter/buffer/spool.h"

enum { PIPE_BYTES = 1 << 20 };

void stream_die(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(1);
}

int stream_open(const char *path)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO
					: open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1) {
		perror(path);
		exit(1);
	}
	fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES); /* fails if it is not a pipe */
	return fd;
}

void stream_sizes(struct stream *s, char **sizes)
{
	s->block_bytes = strtoull(sizes[0], NULL, 10);
	s->buffer_bytes = strtoull(sizes[1], NULL, 10);
	s->part_bytes = strtoull(sizes[2], NULL, 10);
}

void stream_cache(struct stream *s, const char *name, const char *folder)
{
	char err[256] = "no such cache";

	while (s->kind <= SPLITTER_CACHE_SLICES &&
	    strcmp(splitter_cache_name(s->kind), name) != 0)
		s->kind++;
	if (s->kind == SPLITTER_CACHE_SPOOL)
		s->cache = spool_new(folder, 0, s->part_bytes + s->buffer_bytes,
		    err, sizeof err);
	else if (s->kind == SPLITTER_CACHE_SLICES)
		s->cache = slices_new(0, err, sizeof err);
	else if (s->kind <= SPLITTER_CACHE_MEMORY)
		return;
	if (s->cache == NULL)
		stream_die(err);
}

static struct engine *start(const struct stream *s)
{
	const struct dump_run_config config = {
		.core = { .block_bytes = s->block_bytes,
		    .buffer_bytes = s->buffer_bytes,
		    .part_bytes = s->part_bytes,
		    .cache = s->kind,
		    .end_record = s->end_record,
		    .max_failed_volumes = 3 },
		.writer = { .dump = "bench",
		    .dump_id = 1,
		    .block_bytes = s->block_bytes,
		    .volume_policy.label_blank = true,
		    .can_replay = s->kind != SPLITTER_CACHE_NONE,
		    .library = s->library },
		.cache = s->cache,
	};
	char err[256];
	struct engine *e = engine_start(&config, err, sizeof err);

	if (e == NULL)
		stream_die(err);
	return e;
}

/* Announces the next slice when all announced bytes have been pushed. */
static void announce(struct engine *e, const struct stream *s,
    uint64_t pushed_bytes, uint64_t *announced_bytes)
{
	if (s->kind != SPLITTER_CACHE_SLICES || pushed_bytes < *announced_bytes)
		return;
	if (engine_announce(e, s->path, *announced_bytes, s->part_bytes) != 0)
		stream_die("out of memory");
	*announced_bytes += s->part_bytes;
}

void stream_run(const struct stream *s)
{
	struct dump_run_outcome outcome;
	int fd = stream_open(s->path);
	struct engine *e = start(s);
	uint64_t room, pushed = 0, announced = 0;
	ssize_t n = 0;
	void *place;

	announce(e, s, pushed, &announced);
	while ((place = engine_reserve(e, &room)) != NULL) {
		if (room > ENGINE_PIECE_BYTES)
			room = ENGINE_PIECE_BYTES;
		if (s->kind == SPLITTER_CACHE_SLICES &&
		    room > announced - pushed)
			room = announced - pushed;
		n = read(fd, place, room);
		if (n <= 0)
			break;
		pushed += (uint64_t)n;
		engine_commit(e, (uint64_t)n);
		announce(e, s, pushed, &announced);
	}
	if (n < 0)
		stream_die("the source cannot be read");
	engine_eof(e);
	engine_wait(e, &outcome);
	if (s->done != NULL)
		s->done(&outcome);
	engine_free(e);
	close(fd);
	if (outcome.outcome != SPLITTER_DONE)
		stream_die(outcome.message);
}
