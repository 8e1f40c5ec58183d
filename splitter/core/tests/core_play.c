/* core_play.c: drives the core by hand, without a tape. */
#include "splitter/core/tests/core_play.h"

#include <check.h>
#include <string.h>

void core_play_init(struct core_play *p, const struct core_config *config)
{
	memset(p, 0, sizeof *p);
	core_init(&p->c, config);
}

static bool ask(struct core_play *p)
{
	if (!p->out)
		p->out = core_next(&p->c, &p->s);
	return p->out;
}

void core_play_asks(struct core_play *p, enum core_kind kind)
{
	ck_assert_msg(ask(p), "nothing is asked for, must be %s",
	    core_kind_name(kind));
	ck_assert_msg(p->s.kind == kind, "%s is asked for, must be %s",
	    core_kind_name(p->s.kind), core_kind_name(kind));
}

void core_play_waits(struct core_play *p)
{
	ck_assert_msg(!ask(p), "%s is asked for, must be nothing",
	    core_kind_name(p->s.kind));
}

static void done(struct core_play *p, const struct core_result *r)
{
	ck_assert(p->out);
	p->out = false;
	core_done(&p->c, r);
}

void core_play_succeed(struct core_play *p)
{
	struct core_result r = { .cause = TAPE_OK };

	if (p->s.kind == CORE_WRITE)
		r.bytes = p->s.bytes;
	if (p->s.kind == CORE_REPORT)
		r.decision =
		    p->s.report.committed ? SPLITTER_CONTINUE : SPLITTER_RETRY;
	done(p, &r);
}

void core_play_result(struct core_play *p, enum tape_cause cause, bool leom,
    uint64_t bytes)
{
	struct core_result r = { .cause = cause, .leom = leom, .bytes = bytes };

	done(p, &r);
}

void core_play_until(struct core_play *p, enum core_kind kind)
{
	while (ask(p) && p->s.kind != kind && p->s.kind != CORE_DONE)
		core_play_succeed(p);
	core_play_asks(p, kind);
}

bool core_play_on(struct core_play *p)
{
	while (ask(p)) {
		if (p->s.kind == CORE_DONE)
			return true;
		core_play_succeed(p);
	}
	return false;
}
