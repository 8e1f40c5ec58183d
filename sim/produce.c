/* produce.c: feeds the engine in real time. */
#include "sim/produce.h"

#include <errno.h>
#include <time.h>

#include "sim/interrupt.h"
#include "splitter/engine.h"

enum { PIECE_BYTES = 1 << 20, BLOCKED_NS = 1000000, SECOND_NS = 1000000000 };

static void cancel(void *arg)
{
	engine_cancel(arg);
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * (int64_t)SECOND_NS + t.tv_nsec;
}

static void sleep_until(int64_t at_ns)
{
	struct timespec t = { .tv_sec = at_ns / SECOND_NS,
		.tv_nsec = at_ns % SECOND_NS };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ==
	    EINTR)
		;
}

/*
 * Brings one piece.  False: the dump has ended or the source failed, and the
 * engine was told; or it wants no more.
 */
static bool bring(struct engine *e, struct feed *feed,
    struct content *content, int64_t *due_ns, char *trouble,
    size_t trouble_bytes)
{
	int64_t begun = now(), n;
	uint64_t bytes;
	void *place = engine_reserve(e, &bytes);

	if (place == NULL)
		return false;
	if (bytes > PIECE_BYTES)
		bytes = PIECE_BYTES;
	n = content_read(content, place, bytes, trouble, trouble_bytes);
	if (n < 0) {
		engine_fail(e);
		return false;
	}
	if (n == 0) {
		engine_eof(e);
		return false;
	}
	if (feed->has_rate) {
		/* While it waits for room, the producer's time stands. */
		if (now() - begun > BLOCKED_NS && begun > *due_ns)
			*due_ns = now();
		*due_ns += feed_take(feed, (uint64_t)n);
		sleep_until(*due_ns);
	}
	engine_commit(e, (uint64_t)n);
	return true;
}

int produce_run(const struct transfer_config *config, struct feed *feed,
    struct content *content, struct transfer_outcome *outcome,
    char *trouble, size_t trouble_bytes, char *err, size_t err_bytes)
{
	struct engine *e = engine_start(config, err, err_bytes);
	int64_t due = now();

	if (e == NULL)
		return -1;
	interrupt_on(cancel, e);
	while (bring(e, feed, content, &due, trouble, trouble_bytes))
		;
	engine_wait(e, outcome);
	interrupt_on(NULL, NULL);
	engine_free(e);
	return 0;
}
