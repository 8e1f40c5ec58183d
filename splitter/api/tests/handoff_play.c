/* handoff_play.c: one dump through the handoff interface, under a schedule. */
#include "splitter/api/tests/handoff_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/buffer/sync.h"
#include "splitter/tests/schedule/schedule.h"

#define BLOCK ((uint64_t)ELEMENT_BLOCK_BYTES)

struct dice {
	uint64_t seed, thrown;
};

static uint64_t below(struct dice *dice, uint64_t n)
{
	return trial_number(dice->seed, ++dice->thrown) % n;
}

static const unsigned char *source(void)
{
	static unsigned char *bytes;

	if (bytes == NULL)
		bytes = trial_source(0, ELEMENT_DUMP_BYTES);
	return bytes;
}

static void draw_failures(struct handoff_play *p, struct dice *dice)
{
	static const enum tape_cause causes[] = { TAPE_OK, TAPE_PEOM,
		TAPE_MEDIUM_ERROR, TAPE_DEFERRED_ERROR, TAPE_HARDWARE_ERROR,
		TAPE_POSITION_LOST };
	unsigned i;

	p->t.tapes.failure_count = (unsigned)below(dice, 3);
	for (i = 0; i < p->t.tapes.failure_count; i++)
		p->failures[i] = (struct memtape_failure){
			.what =
			    (enum memtape_what)below(dice, MEMTAPE_LABEL + 1),
			.nth = 1 + below(dice, 6),
			.cause =
			    causes[below(dice, sizeof causes / sizeof *causes)],
		};
}

void handoff_draw(struct handoff_play *p, uint64_t number,
    enum splitter_cache cache)
{
	struct dice dice = { .seed = number };

	memset(p, 0, sizeof *p);
	p->t = (struct trial){
		.core = { .block_bytes = BLOCK,
		    .buffer_bytes = 2 * BLOCK,
		    .part_bytes = BLOCK * (1 + below(&dice, 3)),
		    .cache = cache,
		    .start_fill_bytes = BLOCK * (1 + below(&dice, 2)),
		    .max_failed_volumes = 2 },
		.tapes = { .drives = 8,
		    .volumes = (unsigned)(1 + below(&dice, 5)),
		    .block_bytes = BLOCK,
		    .capacity_bytes = MEMTAPE_ENDLESS,
		    .warning_bytes = MEMTAPE_NO_WARNING },
		.dump_bytes = BLOCK * below(&dice, 9),
		.seed = number,
	};
	p->t.dump_bytes += below(&dice, 2) * below(&dice, BLOCK);
	if (below(&dice, 2) == 0)
		p->t.tapes.capacity_bytes = BLOCK * (3 + below(&dice, 5));
	if (below(&dice, 2) == 0)
		p->t.tapes.warning_bytes = BLOCK * below(&dice, 3);
	draw_failures(p, &dice);
	p->in_events = below(&dice, 2) == 0;
	p->early = !p->in_events && below(&dice, 2) == 0;
	p->tape_first = below(&dice, 2) == 0;
	p->give_up_after = below(&dice, 4) == 0 ? 1 + below(&dice, 4) : 0;
	p->cancels = below(&dice, 3) == 0;
	p->cancel_after = (unsigned)below(&dice, 60);
	p->fails = below(&dice, 6) == 0;
	p->fail_bytes = below(&dice, p->t.dump_bytes + 1);
}

bool handoff_is_certain(const struct handoff_play *p)
{
	return !p->cancels && !p->fails;
}

static void wrong(struct handoff_play *p, const char *what)
{
	if (p->wrong[0] == '\0')
		snprintf(p->wrong, sizeof p->wrong, "%s", what);
}

static void give_up(struct handoff_play *p)
{
	p->gave_up = true;
	splitter_give_up(p->s);
}

/* Hands the next volume over; one that cannot be loaded is skipped. */
static void hand_over(struct handoff_play *p)
{
	struct tape_library *library = memtape_library(p->tapes);
	struct tape_result result;
	struct tape *tape;

	do {
		tape = library->ops->load(library, 0, &result);
	} while (tape == NULL && result.cause != TAPE_NO_VOLUME);
	p->no_more = tape == NULL;
	if (tape == NULL)
		return;
	p->pending = true;
	if (splitter_use_tape(p->s, tape) == 0) {
		p->lent++;
		return;
	}
	p->pending = false;
	if (!p->ended && !p->cancels && !p->fails && !p->gave_up)
		wrong(p, "a tape was not taken");
	library->ops->unload(library, tape, TAPE_CLOSE_REFUSED, 0, &result);
}

/* The next volume is requested. */
static void bring_volume(struct handoff_play *p)
{
	p->wants = false;
	if (p->pending)
		return;
	if (!p->no_more)
		hand_over(p);
	if (p->no_more)
		give_up(p);
}

static void start(struct handoff_play *p)
{
	p->asks = false;
	if (splitter_start_part(p->s, !p->asks_retry) == 0)
		wrong(p, "a start of the other kind was taken");
	if (splitter_start_part(p->s, p->asks_retry) != 0 &&
	    handoff_is_certain(p) && !p->gave_up)
		wrong(p, "a start that was asked for was not taken");
	/* During an event nothing can have ended. */
	if (p->in_events && splitter_start_part(p->s, p->asks_retry) == 0)
		wrong(p, "a start was taken twice");
}

/* Responds to one of the requests. */
static void decide(struct handoff_play *p)
{
	if (p->wants && (p->tape_first || !p->asks)) {
		bring_volume(p);
	} else if (p->asks && p->give_up_after > 0 &&
	    p->attempts >= p->give_up_after) {
		p->asks = false;
		give_up(p);
	} else if (p->asks) {
		start(p);
	}
}

static bool is_asked(void *arg)
{
	const struct handoff_play *p = arg;

	return p->wants || p->asks || p->ended;
}

static void *decider(void *arg)
{
	struct handoff_play *p = arg;

	while (!p->ended) {
		if (p->early && !p->pending && !p->no_more)
			hand_over(p);
		schedule_until(is_asked, p, "decider: to be asked");
		decide(p);
		schedule_point("decider: has decided");
	}
	return NULL;
}

static void attempt_done(void *arg, const struct splitter_attempt *a)
{
	struct handoff_play *p = arg;
	struct writer_attempt w = { .report = { .part = a->part,
					.attempt = a->attempt,
					.offset = a->offset_bytes,
					.bytes = a->bytes,
					.end = (enum splitter_end)a->end,
					.cause = (enum tape_cause)a->cause,
					.committed = a->committed,
					.last = a->last,
					.can_retry = a->can_retry },
		.file = a->file,
		.begun_ns = a->begun_ns,
		.ended_ns = a->ended_ns };
	struct dump_run_config config;

	snprintf(w.volume, sizeof w.volume, "%s", a->volume);
	snprintf(w.xxh128, sizeof w.xxh128, "%s", a->xxh128);
	course_listen(&p->course, &config);
	config.writer.events.attempt(&p->course, &w);
	p->attempts++;
	p->asks_retry = !a->committed;
	p->asks = a->committed ? !a->last : a->can_retry;
	if (p->in_events)
		decide(p);
}

static void volume_loaded(void *arg, const struct splitter_volume *v,
    int64_t at_ns)
{
	struct handoff_play *p = arg;

	(void)v, (void)at_ns;
	p->pending = p->wants = false;
}

static void volume_closed(void *arg, const struct splitter_volume *v,
    int64_t at_ns)
{
	struct handoff_play *p = arg;
	struct writer_volume w = { .sequence = v->sequence,
		.close = (enum tape_close)v->close,
		.labelled = v->labelled,
		.appended = v->appended,
		.leom = v->leom };
	struct dump_run_config config;

	snprintf(w.barcode, sizeof w.barcode, "%s", v->barcode);
	course_listen(&p->course, &config);
	config.writer.events.closed(&p->course, &w, at_ns);
}

static void tape_wanted(void *arg)
{
	struct handoff_play *p = arg;

	p->wants = true;
	if (p->in_events)
		decide(p);
}

static void tape_returned(void *arg, struct tape *tape, enum tape_close why)
{
	struct handoff_play *p = arg;
	struct tape_library *library = memtape_library(p->tapes);
	struct tape_result result;

	p->returned++;
	library->ops->unload(library, tape, why, 0, &result);
}

static void ended(void *arg)
{
	((struct handoff_play *)arg)->ended = true;
}

static void *produce(void *arg)
{
	struct handoff_play *p = arg;
	uint64_t end = p->fails ? p->fail_bytes : p->t.dump_bytes;
	uint64_t n, taken, i = 0;

	while (p->pushed < end) {
		n = 1 + trial_number(p->t.seed, i++) % (2 * BLOCK);
		if (n > end - p->pushed)
			n = end - p->pushed;
		taken = splitter_push(p->s, source() + p->pushed, n);
		p->pushed += taken;
		if (taken < n)
			break;
	}
	p->end_reported = true;
	if (p->fails)
		splitter_fail(p->s);
	else
		splitter_eof(p->s);
	return NULL;
}

static void *cancel(void *arg)
{
	struct handoff_play *p = arg;
	unsigned i;

	for (i = 0; i < p->cancel_after; i++)
		schedule_point("before the cancel");
	splitter_cancel(p->s);
	p->cancelled_before = !p->end_reported;
	return NULL;
}

static void configure(struct handoff_play *p, struct splitter_config *c)
{
	splitter_config_init(c, sizeof *c, SPLITTER_API);
	c->dump = TRIAL_DUMP;
	c->dump_id = TRIAL_ID;
	c->block_bytes = p->t.core.block_bytes;
	c->part_bytes = p->t.core.part_bytes;
	c->buffer_bytes = p->t.core.buffer_bytes;
	c->start_fill_bytes = p->t.core.start_fill_bytes;
	c->cache = (enum splitter_cache)p->t.core.cache;
	c->max_failed_volumes = p->t.core.max_failed_volumes;
	c->arg = p;
	c->attempt_done = attempt_done;
	c->volume_loaded = volume_loaded;
	c->volume_closed = volume_closed;
	c->tape_wanted = tape_wanted;
	c->tape_returned = tape_returned;
	c->ended = ended;
}

static void take_outcome(const struct splitter_summary *o,
    struct dump_run_outcome *to)
{
	to->outcome = (enum splitter_outcome)o->outcome;
	to->cause = (enum tape_cause)o->cause;
	to->sealed = o->sealed;
	to->safe_bytes = o->safe_bytes;
	to->accepted_bytes = o->accepted_bytes;
}

static void must_start(struct sync_thread *thread, void *(*body)(void *),
    struct handoff_play *p, const char *name)
{
	if (sync_start(thread, body, p, name) != 0)
		abort();
}

/* The table of parts ends with the safe bytes. */
static void check_parts(struct handoff_play *p, uint64_t safe_bytes)
{
	size_t count = splitter_part_count(p->s);
	struct splitter_part part = { .part = 0 };

	if (count > 0)
		splitter_get_part(p->s, count - 1, &part, sizeof part);
	if (part.part != count || part.offset_bytes + part.bytes != safe_bytes)
		wrong(p, "the parts are not what is safe");
}

static void run_tasks(struct handoff_play *p, struct trial_result *r)
{
	struct sync_thread producer, decides, canceller;
	struct splitter_config config;

	configure(p, &config);
	p->s = splitter_new(&config, r->wrong, sizeof r->wrong);
	if (p->s == NULL)
		return;
	p->asks = !p->in_events;
	if (p->in_events)
		splitter_start_part(p->s, false);
	else
		must_start(&decides, decider, p, "decider");
	must_start(&producer, produce, p, "producer");
	if (p->cancels)
		must_start(&canceller, cancel, p, "canceller");
	sync_join(&producer);
	take_outcome(splitter_wait(p->s), &r->outcome);
	if (!p->in_events)
		sync_join(&decides);
	if (p->cancels)
		sync_join(&canceller);
	check_parts(p, r->outcome.safe_bytes);
	splitter_free(p->s);
}

/* Returns what is wrong with the outcome; NULL: nothing. */
static const char *judge(const struct handoff_play *p,
    const struct dump_run_outcome *o)
{
	bool faults = p->t.tapes.failure_count > 0 ||
	    p->t.tapes.capacity_bytes != MEMTAPE_ENDLESS;

	if (p->lent != p->returned)
		return "not each tape was given back once";
	if (o->outcome == SPLITTER_DONE)
		return p->fails || p->cancelled_before ? "DONE, but stopped"
		    : o->safe_bytes == p->t.dump_bytes
		    ? NULL
		    : "DONE, but not all is safe";
	if (o->outcome == SPLITTER_PARTIAL)
		return faults || p->gave_up ? NULL : "PARTIAL for nothing";
	if (o->cause == TAPE_CANCELLED)
		return p->cancels ? NULL : "it was not cancelled";
	return p->fails && o->cause == TAPE_PRODUCER_FAILED
	    ? NULL
	    : "the producer did not fail";
}

static void at_operation(void *arg, enum memtape_what what, uint64_t nth)
{
	(void)arg, (void)what, (void)nth;
	schedule_point("tape: before an operation");
}

void handoff_play(struct handoff_play *p, uint64_t seed, struct trial_result *r)
{
	const char *bad;

	memset(r, 0, sizeof *r);
	p->t.tapes.failures = p->failures;
	p->t.tapes.hook = at_operation;
	p->attempts = p->pushed = 0;
	p->wants = p->asks = p->asks_retry = p->ended = false;
	p->pending = p->no_more = p->gave_up = false;
	p->end_reported = p->cancelled_before = false;
	p->lent = p->returned = 0;
	p->wrong[0] = '\0';
	p->tapes = memtape_new(&p->t.tapes);
	schedule_begin(seed);
	run_tasks(p, r);
	p->trace = schedule_end();
	bad = judge(p, &r->outcome);
	if (p->wrong[0] != '\0')
		bad = p->wrong;
	course_lose(&p->course, r->outcome.safe_bytes);
	trial_ended(&p->t, p->tapes, &p->course, source(), r);
	if (r->wrong[0] == '\0' && bad != NULL)
		snprintf(r->wrong, sizeof r->wrong, "%s", bad);
}
