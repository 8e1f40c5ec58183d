/* trial_vtime.c: the dump of a trial in virtual time. */
#include "sim/run/virtual/tests/trial_vtime.h"

#include <stdlib.h>
#include <string.h>

#include "sim/run/virtual/world.h"
#include "splitter/tests/trial/trial_cache.h"

struct source {
	const unsigned char *bytes;
	uint64_t at, size, announced;
};

static uint64_t announced(void *arg)
{
	return ((struct source *)arg)->announced;
}

static int64_t read_source(void *arg, void *buf, uint64_t bytes)
{
	struct source *s = arg;

	if (bytes > s->size - s->at)
		bytes = s->size - s->at;
	if (buf != NULL)
		memcpy(buf, s->bytes + s->at, bytes);
	s->at += bytes;
	return (int64_t)bytes;
}

/* Writes the dump.  Returns 0, or -1 with a message. */
static int run(const struct stream_config *config,
    struct dump_run_outcome *outcome, char *err, size_t err_bytes)
{
	struct stream *stream = stream_new(config, err, err_bytes);
	int rc;

	if (stream == NULL)
		return -1;
	rc = world_run_stream(stream, err, err_bytes);
	if (rc == 0)
		*outcome = *stream_outcome(stream);
	stream_free(stream);
	return rc;
}

void trial_vtime(const struct trial *t, const struct trial_virtual *how,
    struct trial_result *r)
{
	struct memtape *tapes = memtape_new(&t->tapes);
	unsigned char *bytes = trial_source(t->seed, t->dump_bytes);
	struct source source = { bytes, 0, t->dump_bytes, 0 };
	struct trial_cache cache;
	struct course course = { 0 };
	struct stream_config config = {
		.feed = how->feed,
		.spool = how->spool,
		.read = read_source,
		.read_arg = &source,
		.size_bytes = how->size_known ? t->dump_bytes : UINT64_MAX,
		.payload = how->payload,
		.cancel_ns = -1,
	};

	memset(r, 0, sizeof *r);
	if (t->prepare != NULL)
		t->prepare(tapes);
	trial_config(t, tapes, &course, &config.dump_run);
	r->refused = !trial_cache_begin(&cache, t, bytes, &config.dump_run,
	    r->wrong, sizeof r->wrong);
	if (!r->refused) {
		r->unannounced = !trial_cache_announce(&cache, t, NULL);
		source.announced = cache.announced;
		if (cache.announced > 0)
			config.announced = announced;
		r->refused =
		    run(&config, &r->outcome, r->wrong, sizeof r->wrong) != 0;
	}
	trial_ended(t, tapes, &course, bytes, r);
	trial_cache_end(&cache);
	free(bytes);
}
