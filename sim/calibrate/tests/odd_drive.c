/* odd_drive.c: see odd_drive.h. */
#include "sim/calibrate/tests/odd_drive.h"

#include <assert.h>
#include <math.h>

enum { QUEUE = 1 << 16, RECENT = 64 };

static struct odd_drive *of(struct tape *tape)
{
	return (struct odd_drive *)tape;
}

static double feed_of(const struct odd_drive *o, double now)
{
	double took = now - o->began - o->waited;

	return took > 0 ? o->came / took : o->bus;
}

static double choose(const struct odd_drive *o, double feed, int flush)
{
	size_t n = o->speeds_count, i = 0, nearest = 0;

	if (o->rule == ODD_FEED)
		return fmin(fmax(feed, o->speeds[0]), o->speeds[n - 1]);
	for (size_t k = 1; k < n; k++)
		if (fabs(o->speeds[k] - feed) < fabs(o->speeds[nearest] - feed))
			nearest = k;
	if (o->rule == ODD_NEAREST)
		return o->speeds[nearest];
	if (o->rule == ODD_SLOW_START && !flush)
		return o->speeds[0];
	while (i + 1 < n && o->speeds[i + 1] <= feed * (1 + 1e-9))
		i++;
	return o->speeds[i];
}

static void start(struct odd_drive *o, double at, int flush)
{
	o->free = fmax(o->free, at);
	o->speed = choose(o, feed_of(o, at), flush);
	o->streaming = 1;
	o->began = o->free;
	o->came = o->waited = 0;
}

static void stop(struct odd_drive *o)
{
	double top = o->speeds[o->speeds_count - 1];

	o->streaming = 0;
	o->free += o->hitch * pow(o->speed / top, o->hitch_power);
	if (o->speed < 100e6)
		o->free -= o->hitch_short;
}

/* Writes the oldest block to the tape. */
static void put_one(struct odd_drive *o)
{
	struct odd_block *b = &o->queue[o->first];

	o->free = fmax(o->free, b->at) + b->bytes / o->speed;
	o->fill -= b->bytes;
	o->first = (o->first + 1) % QUEUE;
	o->count--;
}

/* The level depends on how fast the last blocks came. */
static double level_of(const struct odd_drive *o)
{
	const struct odd_block *last, *before;
	size_t back = o->count > RECENT ? RECENT : o->count - 1;
	double feed = o->bus;

	if (o->count > 1) {
		last = &o->queue[(o->first + o->count - 1) % QUEUE];
		before = &o->queue[(o->first + o->count - 1 - back) % QUEUE];
		if (last->at > before->at)
			feed = last->bytes * (double)back /
			    (last->at - before->at);
	}
	return o->buffer * (o->restart + o->restart_by_feed * feed / o->bus);
}

/* All that happens before `now`. */
static void advance(struct odd_drive *o, double now)
{
	for (;;) {
		if (!o->streaming) {
			if (o->free > now || o->count == 0)
				return;
			if (o->fill >= level_of(o))
				start(o,
				    o->queue[(o->first + o->count - 1) % QUEUE]
					.at,
				    0);
			else if (now >= o->queue[o->first].at + o->delay)
				start(o, o->queue[o->first].at + o->delay, 0);
			else
				return;
		}
		if (o->count == 0 || o->queue[o->first].at > o->free) {
			if (o->free >= now)
				return;
			stop(o);
			continue;
		}
		if (o->free + o->queue[o->first].bytes / o->speed > now)
			return;
		put_one(o);
	}
}

static void answer(struct odd_drive *o, double done, struct tape_result *result)
{
	o->now = done;
	tape_result_init(result, llround(done * 1e9));
}

static void write_block(struct odd_drive *o, double bytes)
{
	double ready = o->now + o->command + bytes / o->bus +
	    o->block_squared * bytes * bytes;
	double at = ready;

	advance(o, ready);
	if (o->fill + bytes > o->buffer && !o->streaming)
		start(o, ready, 0);
	while (o->fill + bytes > o->buffer) {
		put_one(o);
		at = fmax(at, o->free);
	}
	o->waited += at - ready;
	assert(o->count < QUEUE);
	o->queue[(o->first + o->count++) % QUEUE] =
	    (struct odd_block){ bytes, at };
	o->fill += bytes;
	o->came += bytes;
	o->object++;
	o->now = at;
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	struct odd_drive *o = of(tape);

	o->now = fmax(o->now, (double)now_ns / 1e9);
	for (uint64_t n = run->bytes / run->block_bytes; n > 0; n--)
		write_block(o, (double)run->block_bytes);
	answer(o, o->now, result);
	result->bytes = run->bytes;
	if (++o->writes == o->fails_at)
		result->cause = TAPE_MEDIUM_ERROR;
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	struct odd_drive *o = of(tape);
	double now = (double)now_ns / 1e9, done = now;

	o->file++;
	o->object++;
	advance(o, now);
	if (sync && (o->count > 0 || o->streaming)) {
		if (!o->streaming)
			start(o, now, 1);
		while (o->count > 0)
			put_one(o);
		done = fmax(now, o->free);
		stop(o);
		o->waited += done - fmax(now, o->began);
	}
	answer(o, done, result);
}

static void move(struct tape *tape, int64_t now_ns, struct tape_result *result)
{
	struct odd_drive *o = of(tape);

	filemark(tape, true, now_ns, result);
	o->free = fmax(o->free, o->now) + 1;
	answer(o, o->free, result);
}

static void locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	move(tape, now_ns, result);
	of(tape)->file = file + of(tape)->astray;
}

static void rewind_tape(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	move(tape, now_ns, result);
	of(tape)->file = 0;
}

static void limits(struct tape *tape, struct tape_limits *out)
{
	(void)tape;
	out->block_min_bytes = 1;
	out->block_max_bytes = 4 << 20;
}

static void position(struct tape *tape, struct tape_position *out)
{
	out->file = of(tape)->file;
}

static const struct tape_ops ops = {
	.name = "odd",
	.limits = limits,
	.position = position,
	.write = write_run,
	.filemark = filemark,
	.locate = locate,
	.rewind = rewind_tape,
};

void odd_drive_init(struct odd_drive *o)
{
	static const double speeds[] = { 60e6, 75e6, 92e6, 110e6, 135e6,
		160e6 };

	*o = (struct odd_drive){
		.tape.ops = &ops,
		.speeds_count = sizeof speeds / sizeof *speeds,
		.command = 50e-6,
		.bus = 450e6,
		.buffer = 256e6,
		.restart = 0.7,
		.hitch = 2.5,
		.hitch_power = 1,
		.delay = 15,
	};
	for (size_t i = 0; i < o->speeds_count; i++)
		o->speeds[i] = speeds[i];
}
