/* witness.c: rules that must hold, seen from outside the core. */
#include "splitter/core/tests/witness.h"

#include <stdio.h>
#include <stdlib.h>

static const struct node *witnessed;

void witness_from(const struct node *node)
{
	witnessed = node;
}

static void print_node(const struct node *n)
{
	const struct core *c = &n->core;

	fprintf(stderr,
	    "  state %u out %s: committed %llu attempted %llu "
	    "consumed %llu accepted %llu%s cached %llu%s released %llu\n"
	    "  part %llu limit %llu leom %d stop %s volumes %llu failed_volumes_in_row %u\n"
	    "  witness: start %llu pos %llu committed %llu consumed %llu "
	    "ring %llu\n",
	    c->state, core_kind_name(c->out), (unsigned long long)c->committed,
	    (unsigned long long)c->attempted, (unsigned long long)c->consumed,
	    (unsigned long long)c->accepted, c->eof ? " EOF" : "",
	    (unsigned long long)c->cached, c->cache_failed ? " FAILED" : "",
	    (unsigned long long)core_released(c), (unsigned long long)c->part,
	    (unsigned long long)c->limit_bytes, c->leom,
	    tape_cause_name(c->stop), (unsigned long long)c->volumes,
	    c->failed_volumes_in_row, (unsigned long long)n->w.start,
	    (unsigned long long)n->w.pos, (unsigned long long)n->w.committed,
	    (unsigned long long)n->w.consumed,
	    (unsigned long long)n->w.ring_lo);
}

void witness_must(bool holds, const char *text, int line)
{
	if (holds)
		return;
	fprintf(stderr, "explore: line %d: not so: %s\n", line, text);
	print_node(witnessed);
	exit(1);
}

void witness_check_node(const struct node *n)
{
	const struct core *c = &n->core;
	const struct witness *w = &n->w;

	MUST(c->committed == w->committed);
	MUST(c->safe == w->safe && w->safe <= w->committed);
	MUST(c->consumed == w->consumed);
	MUST(c->part == w->parts + 1);
	MUST(c->accepted - core_released(c) <= core_ring_bytes(c));
	MUST(core_released(c) >= w->ring_lo);
	MUST(w->limit == 0 ||
	    (c->limit_bytes > 0 && c->limit_bytes <= w->limit));
	MUST(core_released(c) <= c->consumed);
	/* A dump that was stopped before it ended is not PARTIAL. */
	MUST(c->outcome != SPLITTER_PARTIAL || c->stop == TAPE_OK ||
	    witnessed->core.outcome != SPLITTER_NO_OUTCOME);
	if (c->config.cache == SPLITTER_CACHE_SPOOL) {
		uint64_t next =
		    c->cached > c->committed ? c->cached : c->committed;
		/*
		 * The bytes that the spool copies next are still in the buffer.
		 */
		MUST(next >= core_released(c));
	}
	if (c->out == CORE_WRITE && w->source == CORE_RING)
		MUST(core_released(c) <= c->out_offset + c->out_progress);
}

/* Checks a WRITE that the core requests. */
static void check_write(const struct node *n, const struct core_step *s)
{
	const struct core *c = &n->core;
	uint64_t end = s->offset + s->bytes;

	MUST(s->bytes > 0 && s->offset == n->w.pos && end <= c->accepted);
	MUST(s->offset % EXPLORED_BLOCK == 0);
	MUST(end % EXPLORED_BLOCK == 0 || (c->eof && end == c->accepted));
	MUST(s->replay == (s->offset < n->w.consumed));
	MUST(!s->replay || end <= n->w.consumed);
	MUST(n->w.good);
	if (s->source == CORE_RING)
		MUST(s->offset >= n->w.ring_lo);
	else
		MUST(end <= c->cached && s->offset >= n->w.committed);
	if (c->config.part_bytes > 0)
		MUST(end - n->w.start <= c->config.part_bytes);
}

void witness_check_step(struct node *n, const struct core_step *s)
{
	const struct core *c = &n->core;
	struct witness *w = &n->w;
	bool ending =
	    c->stop != TAPE_OK || w->safe < w->committed || w->no_storage;

	/* Parts in doubt are verified; only a filemark may come before that. */
	if (s->kind == CORE_VERIFY)
		MUST(w->tape_moved && s->read_parts == (c->stop == TAPE_OK));
	else
		MUST(!w->tape_moved ||
		    (s->kind == CORE_FINISH && !s->commits &&
			w->tape_moved == 1));
	switch (s->kind) {
	case CORE_LOAD:
		MUST(c->accepted > w->committed ||
		    (c->eof && c->accepted == 0));
		MUST(w->failed_volumes_in_row < c->config.max_failed_volumes &&
		    !ending);
		break;
	case CORE_LABEL:
		MUST(!ending && w->good);
		w->tried = 1;
		break;
	case CORE_HEADER:
		MUST(s->offset == w->committed && !ending && w->good);
		MUST(s->part == w->parts + 1);
		MUST(c->accepted > w->committed || (c->eof && w->parts == 0));
		w->tried = 1;
		w->start = w->pos = s->offset;
		break;
	case CORE_WRITE:
		MUST(!ending);
		check_write(n, s);
		w->source = s->source;
		w->replay = s->replay;
		break;
	case CORE_FINISH:
		w->commits = s->commits;
		MUST(!s->commits || w->pos > w->start ||
		    (c->eof && c->accepted == 0 && w->parts == 0));
		break;
	case CORE_REPORT:
		w->can_retry = s->report.can_retry;
		MUST(!s->report.last ||
		    (c->eof && w->committed == c->accepted));
		MUST(s->report.committed || s->report.offset == w->committed);
		break;
	case CORE_END_RECORD:
		MUST(w->safe == w->committed && !w->no_storage);
		break;
	case CORE_CLOSE:
		/* A failed storage is not the fault of the volume. */
		MUST(w->no_storage != 2 || s->close == TAPE_CLOSE_GOOD);
		/* A good volume that was loaded and is needed must be used. */
		MUST(!w->good || ending || c->outcome != SPLITTER_NO_OUTCOME);
		/* A written volume is not called untouched. */
		MUST(s->close != TAPE_CLOSE_REFUSED || !c->written);
		break;
	case CORE_DONE:
		MUST(s->outcome != SPLITTER_DONE ||
		    (c->eof && w->safe == c->accepted && w->parts > 0));
		MUST(s->outcome != SPLITTER_FAILED || c->stop != TAPE_OK);
		MUST(!c->loaded);
		break;
	default:
		break;
	}
}

/*
 * Records the effect of a result on the volume.  LEOM of a LOAD counts only if
 * the volume is appended to.
 */
static void record_volume(struct node *n, const struct core_result *r)
{
	struct witness *w = &n->w;
	uint8_t out = n->core.out;
	bool leom = r->leom && (out != CORE_LOAD || r->append);

	if (r->cause == TAPE_STORAGE_FAILED && (out <= CORE_FINISH))
		w->no_storage = w->good && !r->tape_moved ? 2 : 1;
	if (out == CORE_LOAD)
		w->good = 1;
	if (out == CORE_CLOSE ||
	    (out != CORE_REPORT && out != CORE_VERIFY &&
		(leom || r->cause != TAPE_OK ||
		    (out == CORE_WRITE && r->bytes == 0))))
		w->good = 0;
}

/* Records the effect of a result on parts that were committed before. */
static void record_parts(struct node *n, const struct core_result *r)
{
	struct witness *w = &n->w;

	switch (n->core.out) {
	case CORE_LABEL:
	case CORE_HEADER:
	case CORE_WRITE:
	case CORE_FINISH:
	case CORE_END_RECORD:
		if (r->cause == TAPE_POSITION_LOST)
			w->tape_moved = 2;
		else if (r->cause != TAPE_OK && r->tape_moved && !w->tape_moved)
			w->tape_moved = 1;
		break;
	case CORE_VERIFY:
		w->tape_moved = 0;
		if (r->lost)
			w->safe = r->safe_bytes;
		break;
	case CORE_LOAD:
		if (r->lost && r->cause == TAPE_NO_VOLUME)
			w->safe = r->safe_bytes;
		break;
	default:
		break;
	}
}

void witness_record_result(struct node *n, const struct core_result *result)
{
	struct core_result r = *result;
	struct witness *w = &n->w;

	record_volume(n, &r);
	record_parts(n, &r);
	switch (n->core.out) {
	case CORE_LOAD:
		w->limit = n->core.limit_bytes;
		if (r.cause != TAPE_OK)
			w->limit = 0;
		if (r.cause != TAPE_OK && r.cause != TAPE_REFUSED &&
		    r.cause != TAPE_NO_VOLUME)
			w->failed_volumes_in_row++;
		break;
	case CORE_LABEL:
	case CORE_HEADER:
		if (r.cause == TAPE_REFUSED && !n->core.written)
			w->tried = 0;
		break;
	case CORE_WRITE:
		w->pos = n->core.out_offset + r.bytes;
		if (w->pos > w->consumed)
			w->consumed = w->pos;
		break;
	case CORE_FINISH:
		if (w->commits && r.cause == TAPE_OK) {
			w->committed = w->safe = w->pos;
			w->parts++;
			w->productive = 1;
			w->failed_volumes_in_row = 0;
		}
		break;
	case CORE_REPORT:
		w->start = w->pos = 0;
		break;
	case CORE_CLOSE:
		/* A volume that has cut the parts does not count as failed. */
		if (w->tried && !w->productive &&
		    n->core.limit_bytes == w->limit)
			w->failed_volumes_in_row++;
		w->tried = w->productive = 0;
		w->limit = 0;
		w->start = w->pos = 0;
		break;
	default:
		break;
	}
	w->commits = w->source = w->replay = w->can_retry = 0;
}
