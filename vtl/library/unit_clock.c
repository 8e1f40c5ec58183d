/* unit_clock.c: model clocks that several threads use; see unit_clock.h. */
#include "vtl/library/unit_clock.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct unit_clocks {
	pthread_mutex_t lock;
	const struct pace_clock *clock;
	int64_t model_ns; /* not paced */
	size_t count;
	struct pace paces[];
};

struct unit_clocks *unit_clocks_create(size_t count,
    const struct pace_clock *clock, uint32_t speed_permille)
{
	struct unit_clocks *c =
	    calloc(1, sizeof *c + count * sizeof(struct pace));
	int64_t origin_ns;

	if (c == NULL)
		return NULL;
	pthread_mutex_init(&c->lock, NULL);
	c->clock = clock;
	c->count = count;
	origin_ns = unit_clocks_real_ns(c);
	for (size_t i = 0; i < count; i++)
		pace_start(&c->paces[i], clock, speed_permille, origin_ns);
	return c;
}

void unit_clocks_free(struct unit_clocks *c)
{
	if (c == NULL)
		return;
	pthread_mutex_destroy(&c->lock);
	free(c);
}

bool unit_clocks_paced(const struct unit_clocks *c)
{
	return c->clock != NULL;
}

int64_t unit_clocks_real_ns(const struct unit_clocks *c)
{
	return c->clock != NULL ? c->clock->now_ns(c->clock->arg) : 0;
}

struct unit_time unit_clock_begin(struct unit_clocks *c, size_t unit)
{
	struct unit_time time;
	struct pace *p = &c->paces[unit];

	assert(unit < c->count);
	pthread_mutex_lock(&c->lock);
	time.call = pace_begin(p, c->model_ns);
	if (time.call.begun_ns < p->done_ns)
		time.call.begun_ns = p->done_ns;
	time.now_ns = time.call.begun_ns;
	pthread_mutex_unlock(&c->lock);
	return time;
}

int64_t unit_clock_end(struct unit_clocks *c, size_t unit,
    const struct unit_time *begun, int64_t done_ns)
{
	struct pace *p = &c->paces[unit];
	int64_t until_ns = 0;

	assert(unit < c->count);
	pthread_mutex_lock(&c->lock);
	if (c->clock == NULL) {
		if (c->model_ns < done_ns)
			c->model_ns = done_ns;
	} else {
		/* Another operation of the unit may have ended meanwhile. */
		if (done_ns < p->done_ns)
			done_ns = p->done_ns;
		until_ns = pace_end_later(p, &begun->call, done_ns) +
		    (begun->call.real_ns - begun->call.caller_ns);
	}
	pthread_mutex_unlock(&c->lock);
	return until_ns;
}

/*
 * The operation in progress returns now: later than it should have, or, if
 * `early`, before.
 */
static void return_now(struct unit_clocks *c, size_t unit, bool early)
{
	struct pace *p = &c->paces[unit];
	int64_t now_ns;

	assert(unit < c->count);
	if (c->clock == NULL)
		return;
	pthread_mutex_lock(&c->lock);
	now_ns = unit_clocks_real_ns(c);
	if ((p->returned_ns > now_ns) == early) {
		if (early)
			p->origin_ns -= p->returned_ns - now_ns;
		p->returned_ns = now_ns;
	}
	pthread_mutex_unlock(&c->lock);
}

void unit_clock_wake(struct unit_clocks *c, size_t unit)
{
	return_now(c, unit, false);
}

void unit_clock_skip(struct unit_clocks *c, size_t unit)
{
	return_now(c, unit, true);
}

int64_t unit_clock_convert(struct unit_clocks *c, size_t from, size_t to,
    int64_t ns)
{
	assert(from < c->count && to < c->count);
	pthread_mutex_lock(&c->lock);
	ns = pace_convert(&c->paces[from], &c->paces[to], ns);
	pthread_mutex_unlock(&c->lock);
	return ns;
}
