/* explore_repeat.c: core_repeat() against single steps; see explore_repeat.h. */
#include <string.h>

#include "splitter/core/tests/explore_repeat.h"
#include "splitter/core/tests/explored.h"
#include "splitter/core/tests/witness.h"

/*
 * How often, and with how many accepted grains, a WRITE is repeated in
 * explore_repeat().
 */
enum { REPEATS = 6, GRAINS = 8 };

/* Returns the core after these repetitions and bytes, by core_repeat(). */
static struct core repeated(const struct core *c, size_t times,
    uint64_t accepted)
{
	struct core to = *c;

	core_repeat(&to, times, accepted);
	return to;
}

/* Accepts a grain, which the spool takes at once.  Returns false: no room. */
static bool accept_grain(struct core *c, uint64_t grain)
{
	if (c->eof || core_room(c) < grain)
		return false;
	core_accept(c, grain);
	if (c->config.cache == SPLITTER_CACHE_SPOOL &&
	    c->accepted % EXPLORED_BLOCK == 0)
		core_cached(c, c->accepted);
	return true;
}

/*
 * Ends the WRITE and asks for the next step.  Returns false if the bytes that
 * wait allow another size.
 */
static bool next_write(struct core *c, uint64_t bytes)
{
	uint64_t waiting = c->accepted - c->attempted;
	struct core_step s;

	if (!c->eof)
		waiting -= waiting % EXPLORED_BLOCK;
	if (waiting > core_run_bytes(c))
		waiting = core_run_bytes(c);
	if (waiting != bytes)
		return false;
	MUST(core_next(c, &s) && s.kind == CORE_WRITE && s.bytes == bytes &&
	    s.source == CORE_RING && !s.replay && s.offset == c->attempted);
	return true;
}

uint64_t explore_repeat(const struct core *from, uint64_t grain)
{
	const struct core_result good = { .bytes = from->out_bytes };
	bool met[REPEATS + 1][2 * GRAINS] = { { true } };
	size_t most = core_same(from, REPEATS), t, g, more;
	struct core c, d, want;
	uint64_t repeats = 0;

	for (t = 0; t <= most && most > 0; t++)
		for (g = 0; g < GRAINS; g++) {
			if (!met[t][g])
				continue;
			c = d = repeated(from, t, g * grain);
			if (accept_grain(&c, grain)) {
				want = repeated(from, t, (g + 1) * grain);
				MUST(memcmp(&c, &want, sizeof c) == 0);
				met[t][g + 1] = true;
			}
			if (t == most)
				continue;
			core_done(&d, &good);
			for (more = 0; more < GRAINS; more++) {
				c = d;
				if (next_write(&c, from->out_bytes)) {
					want = repeated(from, t + 1,
					    (g + more) * grain);
					MUST(memcmp(&c, &want, sizeof c) == 0);
					met[t + 1][g + more] = true;
					repeats++;
				}
				if (!accept_grain(&d, grain))
					break;
			}
		}
	return repeats;
}
