/* splitter.c: the public interface: a dump from its beginning to its end. */
#include "splitter/api/impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include "splitter/api/struct.h"
#include "splitter/filter/guard.h"
#include "splitter/buffer/slices.h"
#include "splitter/buffer/spool.h"

const char *splitter_version(void)
{
	return SPLITTER_VERSION;
}

static int make_cache(struct splitter *s, const struct dump_run_config *t,
    char *err, size_t err_bytes)
{
	uint64_t need = spool_need_bytes(&t->core);

	if (s->config.cache == SPLITTER_CACHE_SPOOL) {
		if (s->config.spool_bytes > 0 && s->config.spool_bytes < need)
			need = s->config.spool_bytes;
		s->cache = spool_new(s->config.spool_dir, t->core.start_bytes,
		    need, err, err_bytes);
		return s->cache == NULL ? -1 : 0;
	}
	if (s->config.cache != SPLITTER_CACHE_SLICES)
		return 0;
	s->cache = slices_new(t->core.start_bytes, err, err_bytes);
	return s->cache == NULL ? -1 : 0;
}

/* Draws the id of a dump, unless the program has set it. */
static int draw_id(uint64_t *id)
{
	while (*id == 0)
		if (getrandom(id, sizeof *id, 0) == -1 && errno != EINTR)
			return -1;
	return 0;
}

static int prepare(struct splitter *s, char *err, size_t err_bytes)
{
	struct dump_run_config run;

	s->parts = parts_new();
	s->wake_fd = eventfd(0, EFD_CLOEXEC);
	if (s->parts == NULL || s->wake_fd == -1 ||
	    draw_id(&s->config.dump_id) != 0) {
		snprintf(err, err_bytes, "cannot begin a dump: %s",
		    strerror(s->parts == NULL ? ENOMEM : errno));
		return -1;
	}
	if (splitter_add_parts(s->parts, s->config.resume,
		s->config.resume_count, s->config.api, err, err_bytes) != 0 ||
	    splitter_check_end(s, err, err_bytes) != 0)
		return -1;
	s->guard =
	    guard_library_new(s->config.library != NULL ? s->config.library
							: &s->handoff.library);
	if (s->guard == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	splitter_translate(s, &run);
	splitter_set_events(s, &run);
	if (make_cache(s, &run, err, err_bytes) != 0)
		return -1;
	run.cache = s->cache;
	s->engine = engine_start(&run, err, err_bytes);
	return s->engine == NULL ? -1 : 0;
}

static void release(struct splitter *s)
{
	guard_library_free(s->guard);
	handoff_destroy(&s->handoff);
	if (s->cache != NULL)
		s->cache->ops->free(s->cache);
	parts_free(s->parts);
	if (s->wake_fd != -1)
		close(s->wake_fd);
	free(s);
}

struct splitter *splitter_new(const struct splitter_config *config, char *err,
    size_t err_bytes)
{
	struct handoff_events events;
	struct splitter_config known;
	struct splitter *s;

	if (splitter_config_read(config, &known, err, err_bytes) != 0 ||
	    splitter_check(&known, err, err_bytes) != 0)
		return NULL;
	events = (struct handoff_events){ known.arg, known.tape_wanted,
		known.tape_returned };
	s = calloc(1, sizeof *s);
	if (s == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	s->config = known;
	s->wake_fd = -1;
	handoff_init(&s->handoff, &events);
	if (prepare(s, err, err_bytes) != 0) {
		release(s);
		return NULL;
	}
	return s;
}

void *splitter_reserve(struct splitter *s, uint64_t *bytes)
{
	void *place;

	*bytes = 0;
	place = s->end_reported ? NULL : engine_reserve(s->engine, bytes);
	s->reserved_bytes = *bytes;
	return place;
}

int splitter_commit(struct splitter *s, uint64_t bytes)
{
	if (bytes > s->reserved_bytes)
		return -1;
	s->reserved_bytes = 0;
	if (bytes > 0)
		engine_commit(s->engine, bytes);
	return 0;
}

uint64_t splitter_push(struct splitter *s, const void *data, uint64_t bytes)
{
	s->reserved_bytes = 0;
	return s->end_reported ? 0 : engine_push(s->engine, data, bytes);
}

int splitter_add_slice(struct splitter *s, const char *name, uint64_t offset,
    uint64_t bytes)
{
	if (s->config.cache != SPLITTER_CACHE_SLICES)
		return -1;
	/* No file and no dump is that large. */
	if (bytes > (uint64_t)INT64_MAX - s->announced_bytes ||
	    offset > (uint64_t)INT64_MAX - bytes)
		return -1;
	s->announced_bytes += bytes;
	return bytes == 0 ? 0 : engine_announce(s->engine, name, offset, bytes);
}

void splitter_eof(struct splitter *s)
{
	if (!s->end_reported)
		engine_eof(s->engine);
	s->end_reported = true;
	s->reserved_bytes = 0;
}

void splitter_fail(struct splitter *s)
{
	if (s->end_reported)
		return;
	s->end_reported = true;
	s->reserved_bytes = 0;
	engine_fail(s->engine);
	handoff_stop(&s->handoff);
}

int splitter_use_tape(struct splitter *s, struct tape *tape)
{
	return s->config.library != NULL || tape == NULL
	    ? -1
	    : handoff_use(&s->handoff, tape);
}

int splitter_start_part(struct splitter *s, bool retry)
{
	return s->config.library != NULL ? -1
					 : handoff_start(&s->handoff, retry);
}

void splitter_give_up(struct splitter *s)
{
	handoff_give_up(&s->handoff);
}

/* The core first: threads that wake up ask it for the reason. */
void splitter_cancel(struct splitter *s)
{
	engine_cancel(s->engine);
	handoff_stop(&s->handoff);
	splitter_wake_feed(s);
}

void splitter_get_progress(struct splitter *s,
    struct splitter_progress *progress, size_t bytes)
{
	struct splitter_progress p = { 0 };
	struct engine_progress e;

	engine_get_progress(s->engine, &e);
	p.accepted_bytes = e.accepted_bytes;
	p.waiting_bytes = e.accepted_bytes - e.consumed_bytes;
	p.safe_bytes = e.safe_bytes;
	p.part = e.part;
	p.part_bytes = e.part_bytes;
	struct_write(&p, sizeof p, progress, bytes);
}

const struct splitter_summary *splitter_wait(struct splitter *s)
{
	if (engine_is_tape_thread(s->engine))
		return NULL;
	if (!s->waited) {
		engine_wait(s->engine, &s->ended_as);
		splitter_set_summary(s);
	}
	s->waited = true;
	return &s->outcome;
}

size_t splitter_part_count(const struct splitter *s)
{
	return parts_count(s->parts);
}

int splitter_get_part(const struct splitter *s, size_t i,
    struct splitter_part *part, size_t bytes)
{
	struct splitter_part p;
	struct part_row row;

	if (i >= parts_count(s->parts))
		return -1;
	parts_get(s->parts, i, &row);
	splitter_fill_part(&row, &p);
	struct_write(&p, sizeof p, part, bytes);
	return 0;
}

void splitter_free(struct splitter *s)
{
	if (s == NULL || engine_is_tape_thread(s->engine))
		return;
	if (!s->waited)
		splitter_cancel(s);
	engine_free(s->engine);
	release(s);
}
