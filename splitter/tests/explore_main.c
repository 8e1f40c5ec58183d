/*
 * explore_main.c: walks every state that the core can reach within bounds.
 *
 * A node is the core and what a witness saw who knows nothing of the core's
 * reasons: which bytes are on tape, which could be overwritten in the buffer.
 * From each node every thing that may happen happens: bytes arrive, the dump
 * ends, the cache grows or fails, the dump is stopped, and the step that is
 * out is answered in every way.  At each transition the witness checks what
 * the core asks for; from each node the dump must still be able to end when
 * all goes well from then on.
 *
 * Blocks have 2 bytes, so that short last blocks occur.
 *
 * The short walk takes seconds.  The long one has larger bounds, each
 * streaming need, and every cause of failure for every cache; it takes a
 * quarter of an hour and 16 GB of memory.
 */
#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/core.h"

enum { BLOCK = 2 };

struct bounds {
	uint64_t dump_blocks, part_blocks, buffer_blocks;
	uint32_t volumes, max_failed_volumes, fill_percent;
	uint32_t grain_bytes;	/* in which bytes come and are cached */
	uint32_t cache, streaming;
	size_t causes;		/* so many of tape_causes */
};

/* What the witness knows. */
struct witness {
	uint64_t start, pos;	/* of the attempt: begun at, taken up to */
	uint64_t committed;	/* end of the last part with its filemark */
	uint64_t consumed;	/* furthest byte that a tape took */
	uint64_t ring_lo;	/* below this the buffer may be overwritten */
	uint64_t parts;
	uint32_t barren;	/* volumes in a row with nothing committed */
	uint8_t tried, productive;	/* of the volume that is loaded */
	uint8_t commits, source, replay, can_retry;	/* step that is out */
	uint8_t leom;		/* met on the volume that is loaded */
	uint8_t reserved;
};

struct node {
	struct core core;
	struct witness w;
};

/*
 * How a node is stored: without the configuration, which is the same for all,
 * and its 64-bit members as a byte each, for within the bounds they are small.
 */
enum {
	CORE_FROM = offsetof(struct core, accepted),
	CORE_WIDE = (offsetof(struct core, barren) - CORE_FROM) / 8,
	CORE_REST = sizeof(struct core) - offsetof(struct core, barren),
	WITNESS_WIDE = offsetof(struct witness, barren) / 8,
	WITNESS_REST = sizeof(struct witness) -
	    offsetof(struct witness, barren),
	PACKED = (CORE_WIDE + CORE_REST + WITNESS_WIDE + WITNESS_REST + 7) /
	    8 * 8
};
struct packed {
	unsigned char bytes[PACKED];
};

static struct walk {
	struct bounds b;
	struct core_config config;
	struct packed *nodes;
	size_t count, room;
	uint32_t *good;		/* where each node goes when all goes well */
	uint32_t *table;	/* index + 1 into nodes */
	size_t table_size;
	uint64_t transitions, outcomes[4];
	const struct node *from;	/* for messages */
} walk;

#define MUST(cond) must((cond), #cond, __LINE__)

static void print_node(const struct node *n)
{
	const struct core *c = &n->core;

	fprintf(stderr, "  state %u out %s: committed %llu attempted %llu "
	    "consumed %llu accepted %llu%s cached %llu%s released %llu\n"
	    "  part %llu limit %llu leom %d stop %s volumes %llu barren %u\n"
	    "  witness: start %llu pos %llu committed %llu consumed %llu "
	    "ring %llu\n", c->state, core_kind_name(c->out),
	    (unsigned long long)c->committed, (unsigned long long)c->attempted,
	    (unsigned long long)c->consumed, (unsigned long long)c->accepted,
	    c->eof ? " EOF" : "", (unsigned long long)c->cached,
	    c->cache_failed ? " FAILED" : "",
	    (unsigned long long)core_released(c), (unsigned long long)c->part,
	    (unsigned long long)c->limit_bytes, c->leom,
	    core_cause_name(c->stop), (unsigned long long)c->volumes,
	    c->barren, (unsigned long long)n->w.start,
	    (unsigned long long)n->w.pos, (unsigned long long)n->w.committed,
	    (unsigned long long)n->w.consumed,
	    (unsigned long long)n->w.ring_lo);
}

static void must(bool holds, const char *text, int line)
{
	if (holds)
		return;
	fprintf(stderr, "explore: line %d: not so: %s\n", line, text);
	print_node(walk.from);
	exit(1);
}

static unsigned char *narrow(unsigned char *to, const void *from, size_t n)
{
	uint64_t word;
	size_t i;

	for (i = 0; i < n; i++) {
		memcpy(&word, (const char *)from + i * 8, 8);
		assert(word < 256);
		*to++ = (unsigned char)word;
	}
	return to;
}

static const unsigned char *widen(void *to, const unsigned char *from,
    size_t n)
{
	uint64_t word;
	size_t i;

	for (i = 0; i < n; i++) {
		word = *from++;
		memcpy((char *)to + i * 8, &word, 8);
	}
	return from;
}

static void pack(struct packed *p, const struct node *n)
{
	unsigned char *to = p->bytes;

	memset(p, 0, sizeof *p);
	to = narrow(to, &n->core.accepted, CORE_WIDE);
	memcpy(to, &n->core.barren, CORE_REST);
	to = narrow(to + CORE_REST, &n->w, WITNESS_WIDE);
	memcpy(to, &n->w.barren, WITNESS_REST);
}

static void unpack(struct node *n, const struct packed *p)
{
	const unsigned char *from = p->bytes;

	n->core.config = walk.config;
	from = widen(&n->core.accepted, from, CORE_WIDE);
	memcpy(&n->core.barren, from, CORE_REST);
	from = widen(&n->w, from + CORE_REST, WITNESS_WIDE);
	memcpy(&n->w.barren, from, WITNESS_REST);
}

static uint64_t hash_node(const struct packed *p)
{
	uint64_t h = 1469598103934665603u, word;
	size_t i;

	for (i = 0; i < sizeof *p; i += sizeof word) {
		memcpy(&word, p->bytes + i, sizeof word);
		h = (h ^ word) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	return h;
}

static void *allocate(void *old, size_t bytes)
{
	void *p = realloc(old, bytes);

	if (p == NULL) {
		perror("explore");
		exit(1);
	}
	return p;
}

static void insert(const struct packed *n, uint32_t index)
{
	size_t i = hash_node(n) % walk.table_size;

	while (walk.table[i] != 0)
		i = (i + 1) % walk.table_size;
	walk.table[i] = index + 1;
}

static void grow(void)
{
	size_t i;

	walk.room *= 2;
	walk.nodes = allocate(walk.nodes, walk.room * sizeof *walk.nodes);
	walk.good = allocate(walk.good, walk.room * sizeof *walk.good);
	walk.table_size = walk.room * 2;
	walk.table = allocate(walk.table,
	    walk.table_size * sizeof *walk.table);
	memset(walk.table, 0, walk.table_size * sizeof *walk.table);
	for (i = 0; i < walk.count; i++)
		insert(&walk.nodes[i], (uint32_t)i);
}

/* What holds in every state. */
static void check_node(const struct node *n)
{
	const struct core *c = &n->core;
	const struct witness *w = &n->w;

	MUST(c->committed == w->committed);
	MUST(c->consumed == w->consumed);
	MUST(c->part == w->parts + 1);
	MUST(c->accepted - core_released(c) <= core_ring_bytes(c));
	MUST(core_released(c) >= w->ring_lo);
	MUST(core_released(c) <= c->consumed);
	if (c->config.cache == CORE_CACHE_SPOOL) {
		uint64_t next = c->cached > c->committed ? c->cached :
		    c->committed;
		/* What the spool copies next is still in the buffer. */
		MUST(next >= core_released(c));
	}
	if (c->out == CORE_WRITE && w->source == CORE_RING)
		MUST(core_released(c) <= c->out_offset + c->out_progress);
}

/* Adds a node that was reached, if it is new; returns its index. */
static uint32_t reach(struct node *n)
{
	struct packed p;
	size_t i;

	walk.transitions++;
	if (core_released(&n->core) > n->w.ring_lo)
		n->w.ring_lo = core_released(&n->core);
	check_node(n);
	pack(&p, n);
	i = hash_node(&p) % walk.table_size;
	for (; walk.table[i] != 0; i = (i + 1) % walk.table_size)
		if (memcmp(&walk.nodes[walk.table[i] - 1], &p, sizeof p) == 0)
			return walk.table[i] - 1;
	if (walk.count == walk.room)
		grow();
	walk.nodes[walk.count] = p;
	insert(&p, (uint32_t)walk.count);
	return (uint32_t)walk.count++;
}

/* The witness looks at a step that the core asks for. */
static void check_write(const struct node *n, const struct core_step *s)
{
	const struct core *c = &n->core;
	uint64_t end = s->offset + s->bytes;

	MUST(s->bytes > 0 && s->offset == n->w.pos && end <= c->accepted);
	MUST(s->offset % BLOCK == 0);
	MUST(end % BLOCK == 0 || (c->eof && end == c->accepted));
	MUST(s->replay == (s->offset < n->w.consumed));
	MUST(!s->replay || end <= n->w.consumed);
	MUST(!n->w.leom);
	if (s->source == CORE_RING)
		MUST(s->offset >= n->w.ring_lo);
	else
		MUST(end <= c->cached && s->offset >= n->w.committed);
	if (c->config.part_bytes > 0)
		MUST(end - n->w.start <= c->config.part_bytes);
}

static void check_step(struct node *n, const struct core_step *s)
{
	const struct core *c = &n->core;
	struct witness *w = &n->w;
	bool ending = c->stop != CORE_OK;

	switch (s->kind) {
	case CORE_LOAD:
		MUST(c->accepted > w->committed ||
		    (c->eof && c->accepted == 0));
		MUST(w->barren < c->config.max_failed_volumes && !ending);
		break;
	case CORE_LABEL:
		MUST(!ending);
		w->tried = 1;
		break;
	case CORE_HEADER:
		MUST(s->offset == w->committed && !ending && !w->leom);
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
	case CORE_DONE:
		MUST(s->outcome != CORE_OUTCOME_DONE ||
		    (c->eof && w->committed == c->accepted && w->parts > 0));
		MUST(s->outcome != CORE_OUTCOME_FAILED || ending);
		MUST(!c->loaded);
		walk.outcomes[s->outcome]++;
		break;
	default:
		break;
	}
}

/* The step that is out is answered; the witness notes what is on tape. */
static uint32_t answer(const struct node *from, struct core_result r)
{
	struct node n = *from;
	struct witness *w = &n.w;

	switch (n.core.out) {
	case CORE_LOAD:
		if (r.cause != CORE_OK && r.cause != CORE_REFUSED &&
		    r.cause != CORE_NO_VOLUME)
			w->barren++;
		break;
	case CORE_LABEL:
	case CORE_HEADER:
		if (r.cause == CORE_REFUSED && !n.core.written)
			w->tried = 0;
		break;
	case CORE_WRITE:
		w->pos = n.core.out_offset + r.bytes;
		if (w->pos > w->consumed)
			w->consumed = w->pos;
		break;
	case CORE_FINISH:
		if (w->commits && r.cause == CORE_OK) {
			w->committed = w->pos;
			w->parts++;
			w->productive = 1;
			w->barren = 0;
		}
		break;
	case CORE_REPORT:
		w->start = w->pos = 0;
		break;
	case CORE_CLOSE:
		if (w->tried && !w->productive)
			w->barren++;
		w->tried = w->productive = w->leom = 0;
		w->start = w->pos = 0;
		break;
	default:
		break;
	}
	if (r.leom && n.core.out != CORE_CLOSE)
		w->leom = 1;
	w->commits = w->source = w->replay = w->can_retry = 0;
	core_done(&n.core, &r);
	return reach(&n);
}

static uint32_t answer_cause(const struct node *from, enum core_cause cause,
    bool leom, uint64_t bytes)
{
	struct core_result r = { .cause = cause, .leom = leom,
		.bytes = bytes };

	return answer(from, r);
}

static const enum core_cause tape_causes[] = {
	CORE_PEOM, CORE_MEDIUM, CORE_DRIVE, CORE_POSITION, CORE_UNKNOWN,
	CORE_REFUSED
};
enum { TAPE_CAUSES_FEW = 3, TAPE_CAUSES = sizeof tape_causes / sizeof *tape_causes };

static void answer_load(const struct node *from)
{
	struct core_result r = { .cause = CORE_OK };

	answer_cause(from, CORE_NO_VOLUME, false, 0);
	answer(from, r);
	r.append = true;
	answer(from, r);
	r.leom = true;
	answer(from, r);
	answer_cause(from, CORE_REFUSED, false, 0);
	answer_cause(from, CORE_MEDIUM, false, 0);
	answer_cause(from, CORE_DRIVE, false, 0);
}

static void answer_write(const struct node *from)
{
	const struct core *c = &from->core;
	uint64_t t = c->out_progress;
	size_t i;

	for (;;) {
		if (t > 0)
			answer_cause(from, CORE_OK, false, t);
		answer_cause(from, CORE_OK, true, t);
		for (i = 0; i < walk.b.causes; i++)
			answer_cause(from, tape_causes[i], false, t);
		if (from->w.replay)
			answer_cause(from, CORE_CACHE, false, t);
		if (t == c->out_bytes)
			break;
		t = t + BLOCK < c->out_bytes ? t + BLOCK : c->out_bytes;
	}
	if (c->out_progress < c->out_bytes) {
		struct node n = *from;
		uint64_t left = c->out_bytes - c->out_progress;

		core_progress(&n.core, left < BLOCK ? left : BLOCK);
		if (n.core.attempted > n.w.consumed)
			n.w.consumed = n.core.attempted;
		reach(&n);
	}
}

static void answer_all(const struct node *from)
{
	struct core_result r = { .cause = CORE_OK };
	size_t i;

	switch (from->core.out) {
	case CORE_LOAD:
		answer_load(from);
		break;
	case CORE_WRITE:
		answer_write(from);
		break;
	case CORE_REPORT:
		for (i = CORE_CONTINUE; i <= CORE_GIVE_UP; i++) {
			r.answer = (enum core_answer)i;
			answer(from, r);
		}
		break;
	case CORE_CLOSE:
		answer(from, r);
		break;
	default:	/* LABEL, HEADER, FINISH, END_RECORD */
		answer_cause(from, CORE_OK, false, 0);
		answer_cause(from, CORE_OK, true, 0);
		for (i = 0; i < walk.b.causes; i++)
			answer_cause(from, tape_causes[i], false, 0);
		break;
	}
}

static uint64_t cache_most(const struct core *c)
{
	return c->config.cache == CORE_CACHE_SLICES && !c->eof ?
	    walk.b.dump_blocks * BLOCK : c->accepted;
}

static uint64_t cached_next(const struct core *c)
{
	uint64_t at = c->cached > c->committed ? c->cached : c->committed;
	uint64_t next = at - at % walk.b.grain_bytes + walk.b.grain_bytes;

	/* A grain at a time, but for the dump's tail. */
	return next > cache_most(c) && c->eof ? cache_most(c) : next;
}

static bool may_cache(const struct core *c)
{
	return (c->config.cache == CORE_CACHE_SPOOL ||
	    c->config.cache == CORE_CACHE_SLICES) && !c->cache_failed &&
	    cached_next(c) > c->cached && cached_next(c) <= cache_most(c);
}

/* A grain arrives; with large ones also a single byte, as the last. */
static void accept_all(const struct node *from)
{
	const struct core *c = &from->core;
	uint64_t most = walk.b.dump_blocks * BLOCK - c->accepted;
	struct node n = *from;

	if (most > core_room(c))
		most = core_room(c);
	if (c->eof || most < walk.b.grain_bytes)
		return;
	core_accept(&n.core, walk.b.grain_bytes);
	reach(&n);
	if (walk.b.grain_bytes > 1) {
		n = *from;
		core_accept(&n.core, 1);
		core_eof(&n.core);
		reach(&n);
	}
}

/* Everything that may be told, now. */
static void tell_all(const struct node *from)
{
	const struct core *c = &from->core;
	struct node n;

	/* A dump that is ending is told nothing more: it changes nothing. */
	if (c->stop != CORE_OK || c->outcome != CORE_OUTCOME_NONE)
		return;
	accept_all(from);
	if (!c->eof) {
		n = *from;
		core_eof(&n.core);
		reach(&n);
	}
	if (may_cache(c)) {
		n = *from;
		core_cached(&n.core, cached_next(c));
		reach(&n);
	}
	if (c->config.cache == CORE_CACHE_SPOOL && !c->cache_failed) {
		n = *from;
		core_cache_failed(&n.core);
		reach(&n);
	}
	if (c->stop == CORE_OK) {
		n = *from;
		core_stop(&n.core, CORE_CANCELLED);
		reach(&n);
	}
}

/* The answer to the step that is out when all goes well. */
static uint32_t answer_well(const struct node *from)
{
	struct core_result r = { .cause = CORE_OK };

	switch (from->core.out) {
	case CORE_WRITE:
		r.bytes = from->core.out_bytes;
		break;
	case CORE_REPORT:
		r.answer = from->core.end == CORE_END_FAILED ?
		    CORE_RETRY : CORE_CONTINUE;
		break;
	default:
		break;
	}
	return answer(from, r);
}

/*
 * The core waits to be told something.  All goes well when the spool writes
 * what it has, and more of the dump comes; if neither can be, it hangs.
 */
static uint32_t tell_well(const struct node *from)
{
	struct node n = *from;
	struct core *c = &n.core;

	if (c->config.cache == CORE_CACHE_SPOOL && may_cache(c)) {
		core_cached(c, cached_next(c));
	} else {
		MUST(!c->eof && core_room(c) > 0);
		if (c->accepted < walk.b.dump_blocks * BLOCK)
			core_accept(c, walk.b.grain_bytes);
		else
			core_eof(c);
	}
	return reach(&n);
}

static void visit(size_t index)
{
	struct node n, asked;
	struct core_step s;
	uint32_t good;
	bool step;

	unpack(&n, &walk.nodes[index]);
	asked = n;
	walk.from = &n;
	tell_all(&n);
	if (n.core.out != CORE_NOTHING) {
		answer_all(&n);
		good = answer_well(&n);
		walk.good[index] = good;
		return;
	}
	step = core_next(&asked.core, &s);
	if (step)
		check_step(&asked, &s);
	if (step || memcmp(&asked, &n, sizeof n) != 0)
		good = reach(&asked);
	else
		good = tell_well(&n);
	if (step && s.kind == CORE_DONE)
		good = (uint32_t)index;
	walk.good[index] = good;
}

/* From each node, all going well, the dump ends: the paths have no circle. */
static void check_ends(void)
{
	uint32_t *seen = allocate(NULL, walk.count * sizeof *seen);
	struct node n;
	uint32_t at, i;

	memset(seen, 0, walk.count * sizeof *seen);
	for (i = 0; i < walk.count; i++) {
		for (at = i; seen[at] == 0; at = walk.good[at]) {
			seen[at] = i + 1;
			if (walk.good[at] == at)
				break;
		}
		unpack(&n, &walk.nodes[at]);
		walk.from = &n;
		MUST(seen[at] != i + 1 || walk.good[at] == at);
	}
	free(seen);
}

static void explore(const struct bounds *b)
{
	static const char *const caches[] = {
		"none", "memory", "spool", "slices"
	};
	static const char *const needs[] = { "none", "desired", "required" };
	struct core_config config = {
		.block_bytes = BLOCK, .part_bytes = b->part_blocks * BLOCK,
		.buffer_bytes = b->buffer_blocks * BLOCK,
		.start_fill_bytes = b->buffer_blocks * BLOCK *
		    b->fill_percent / 100,
		.cache = b->cache, .streaming = b->streaming,
		
		.max_volumes = b->volumes,
		.max_failed_volumes = b->max_failed_volumes, .end_record = 1,
	};
	struct node first;
	size_t i;

	memset(&first, 0, sizeof first);
	core_init(&first.core, &config);
	memset(&walk, 0, sizeof walk);
	walk.b = *b;
	walk.config = first.core.config;
	walk.room = 1 << 15;
	grow();
	walk.from = &first;
	reach(&first);
	for (i = 0; i < walk.count; i++)
		visit(i);
	check_ends();
	printf("explore: cache %s, streaming %s: dump <= %llu blocks, part "
	    "%llu, buffer %llu, volumes %u, max_failed_volumes %u, "
	    "%zu causes: %zu states, %llu transitions\n", caches[b->cache],
	    needs[b->streaming], (unsigned long long)b->dump_blocks,
	    (unsigned long long)b->part_blocks,
	    (unsigned long long)b->buffer_blocks, b->volumes,
	    b->max_failed_volumes, b->causes, walk.count,
	    (unsigned long long)walk.transitions);
	for (i = CORE_OUTCOME_DONE; i <= CORE_OUTCOME_FAILED; i++)
		MUST(walk.outcomes[i] > 0);
	fflush(stdout);
	free(walk.nodes);
	free(walk.good);
	free(walk.table);
}

int main(int argc, char **argv)
{
	struct bounds b = { .dump_blocks = 4, .part_blocks = 3,
		.buffer_blocks = 2, .volumes = 3, .max_failed_volumes = 2,
		.fill_percent = 100 };
	bool all = argc == 2 && strcmp(argv[1], "--long") == 0;

	if (argc > 1 && !all) {
		fprintf(stderr, "usage: explore_main [--long]\n");
		return 2;
	}
	if (all) {
		b.dump_blocks = 6;
		b.volumes = 4;
	}
	for (b.cache = 0; b.cache <= CORE_CACHE_SLICES; b.cache++) {
		bool large = b.cache == CORE_CACHE_SPOOL ||
		    b.cache == CORE_CACHE_SLICES;

		b.grain_bytes = b.cache == CORE_CACHE_NONE ? 1 : BLOCK;
		b.causes = large && !all ? TAPE_CAUSES_FEW : TAPE_CAUSES;
		for (b.streaming = 0; b.streaming <=
		    (all ? CORE_STREAMING_REQUIRED : CORE_STREAMING_NONE);
		    b.streaming++)
			explore(&b);
	}
	return 0;
}
