/*
 * spool.c: the spool of a stream, and the time that its disk takes.
 *
 * The disk does one thing at a time: it writes accepted bytes, in the order of
 * the dump, or reads bytes of a failed part back.  Each takes the latency and
 * the time of its bytes; a request waits until the disk is free.  Until bytes
 * are on the disk they keep their room in the buffer, so a slow disk makes the
 * producer wait.
 */
#include "sim/run/virtual/impl.h"

#include "splitter/base/later.h"

/* As much as the engine writes at a time, in real time. */
enum { SPOOL_PIECE_BYTES = 4 << 20, SECOND_NS = 1000000000 };

bool stream_spool_takes_time(const struct stream *s)
{
	return s->config.spool.bytes_per_s > 0 ||
	    s->config.spool.latency_ns > 0;
}

/* Gives the disk a request of less than 2^34 bytes.  Returns when it is done. */
static int64_t request(struct stream *s, uint64_t bytes)
{
	const struct stream_disk *disk = &s->config.spool;
	uint64_t rate = disk->bytes_per_s, ns = 0;

	if (rate > 0)
		ns = (bytes * SECOND_NS - 1) / rate + 1;
	if (s->disk_free_ns < s->now_ns)
		s->disk_free_ns = s->now_ns;
	s->disk_free_ns = later_add(s->disk_free_ns, disk->latency_ns);
	s->disk_free_ns = later_add(s->disk_free_ns,
	    ns > LATER_MOST_NS ? LATER_MOST_NS : (int64_t)ns);
	return s->disk_free_ns;
}

/*
 * Returns the next bytes for the spool, and sets their offset; 0 if there are
 * none.
 */
static uint64_t next_bytes(const struct stream *s, uint64_t *offset,
    const void **data)
{
	uint64_t bytes = dump_run_to_cache(&s->core, offset), row;
	uint64_t block = s->core.config.block_bytes;

	*data = NULL;
	if (bytes == 0)
		return 0;
	if (s->ring != NULL) {
		*data = ring_at(s->ring, *offset, &row);
		if (bytes > row)
			bytes = row;
	}
	if (!stream_spool_takes_time(s) || bytes <= SPOOL_PIECE_BYTES)
		return bytes;
	return block > SPOOL_PIECE_BYTES
	    ? block
	    : SPOOL_PIECE_BYTES - SPOOL_PIECE_BYTES % block;
}

static void failed(struct stream *s)
{
	const struct writer_events *events = &s->config.dump_run.writer.events;
	struct dump_run_outcome *o = &s->outcome;

	core_cache_failed(&s->core);
	o->cache_failures++;
	if (events->warning != NULL)
		events->warning(events->arg, o->cache_message, s->now_ns);
}

void stream_spool(struct stream *s)
{
	struct cache *cache = s->config.dump_run.cache;
	struct dump_run_outcome *o = &s->outcome;
	uint64_t offset, bytes;
	const void *data;

	if (cache == NULL || cache->ops->append == NULL)
		return;
	while (!s->spooling && (bytes = next_bytes(s, &offset, &data)) > 0) {
		if (cache->ops->append(cache, offset, data, bytes,
			o->cache_message, sizeof o->cache_message) != 0) {
			failed(s);
		} else if (stream_spool_takes_time(s)) {
			s->spooling = true;
			s->spooled_to = offset + bytes;
			s->spooled_ns = request(s, bytes);
		} else {
			dump_run_cached(&s->core, offset + bytes, o);
		}
	}
}

void stream_spool_end(struct stream *s)
{
	while (s->spooling && s->spooled_ns <= s->now_ns) {
		s->spooling = false;
		dump_run_cached(&s->core, s->spooled_to, &s->outcome);
		stream_spool(s);
	}
}

int64_t stream_spool_read(struct stream *s)
{
	int64_t read_ns;

	if (s->step.kind != CORE_WRITE || s->step.source != CORE_FROM_CACHE ||
	    !stream_spool_takes_time(s))
		return s->now_ns;
	read_ns = request(s, s->step.bytes);
	s->outcome.drive_starved_ns += read_ns - s->now_ns;
	return read_ns;
}
