/* pace.c: paces virtual drives in real time; see pace.h. */
#include "vtl/library/pace.h"

#include <stddef.h>

#include "splitter/base/clock.h"
#include "splitter/base/later.h"
#include "splitter/base/signals.h"

/* A signal is noticed after this time. */
enum { NAP_NS = 100 * 1000 * 1000 };

static int64_t real_now_ns(void *arg)
{
	(void)arg;
	return clock_now_ns();
}

static void real_sleep_until(void *arg, int64_t at_ns)
{
	int64_t left_ns;

	(void)arg;
	while (signals_signal() == 0) {
		left_ns = at_ns - clock_now_ns();
		if (left_ns <= 0)
			break;
		clock_sleep_ns(left_ns < NAP_NS ? left_ns : NAP_NS);
	}
}

const struct pace_clock pace_real_clock = { .now_ns = real_now_ns,
	.sleep_until = real_sleep_until };

static int64_t real_of(const struct pace *p, int64_t model_ns)
{
	return (int64_t)((__int128)model_ns * PACE_REAL_TIME /
	    p->speed_permille);
}

static int64_t model_of(const struct pace *p, int64_t real_ns)
{
	return (int64_t)((__int128)real_ns * p->speed_permille /
	    PACE_REAL_TIME);
}

void pace_start(struct pace *p, const struct pace_clock *clock,
    uint32_t speed_permille, int64_t origin_ns)
{
	*p = (struct pace){ .clock = clock,
		.speed_permille = speed_permille,
		.origin_ns = origin_ns,
		.returned_ns = origin_ns };
}

struct pace_call pace_begin(const struct pace *p, int64_t now_ns)
{
	struct pace_call call = { .begun_ns = now_ns, .caller_ns = now_ns };
	int64_t lag_ns;

	if (p->clock == NULL)
		return call;
	call.real_ns = p->clock->now_ns(p->clock->arg);
	call.begun_ns = p->done_ns + model_of(p, call.real_ns - p->returned_ns);
	lag_ns = call.real_ns - p->origin_ns - real_of(p, call.begun_ns);
	if (lag_ns > PACE_LAG_MAX_NS)
		call.begun_ns = model_of(p, call.real_ns - p->origin_ns);
	return call;
}

/* Ends an operation of the model.  Returns its end in real time. */
static int64_t end(struct pace *p, const struct pace_call *call,
    int64_t done_ns)
{
	p->done_ns = done_ns > call->begun_ns ? done_ns : call->begun_ns;
	p->returned_ns = p->clock->now_ns(p->clock->arg);
	return p->origin_ns + real_of(p, p->done_ns);
}

int64_t pace_end(struct pace *p, const struct pace_call *call, int64_t done_ns)
{
	const struct pace_clock *clock = p->clock;
	int64_t until_ns;

	if (clock == NULL)
		return done_ns;
	until_ns = end(p, call, done_ns);
	if (until_ns - p->returned_ns >= PACE_SLEEP_MIN_NS) {
		clock->sleep_until(clock->arg, until_ns);
		p->returned_ns = clock->now_ns(clock->arg);
	}
	return call->caller_ns + (p->returned_ns - call->real_ns);
}

int64_t pace_end_later(struct pace *p, const struct pace_call *call,
    int64_t done_ns)
{
	int64_t until_ns;

	if (p->clock == NULL)
		return done_ns;
	until_ns = end(p, call, done_ns);
	if (p->returned_ns < until_ns)
		p->returned_ns = until_ns;
	return call->caller_ns + (p->returned_ns - call->real_ns);
}

int64_t pace_convert(const struct pace *from, const struct pace *to, int64_t ns)
{
	return later_add(ns, model_of(from, from->origin_ns - to->origin_ns));
}
