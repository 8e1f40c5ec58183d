/* soak_tidy.c: removes or reduces what a scenario may not have. */
#include "sim/tests/soak/soak_hard.h"

#include <string.h>

static void tidy_caches(struct soak_case *c)
{
	size_t i;

	if ((c->cache == SPLITTER_CACHE_MEMORY ||
		c->cache == SPLITTER_CACHE_SPOOL) &&
	    c->part_bytes == 0)
		c->part_bytes = 5 * c->block_bytes;
	if (c->cache != SPLITTER_CACHE_SPOOL) {
		c->spool_here = false;
		c->spool_bytes = 0;
	} else if (c->spool_bytes > 0 && c->spool_bytes < c->block_bytes) {
		c->spool_bytes = c->block_bytes;
	}
	if (c->cache != SPLITTER_CACHE_SLICES)
		c->slices_count = 0;
	for (i = 0; i < c->slices_count; i++)
		if (c->slices[i] > c->dump_bytes)
			c->slices_count = i;
}

/*
 * Gives slices their ends if a fault damages one: otherwise the lost data is
 * not known.
 */
static void give_slice_ends(struct soak_case *c)
{
	for (size_t i = 0; i < c->faults_count; i++)
		if ((c->faults[i].fail == FAIL_SLICE ||
			c->faults[i].fail == FAIL_SLICE_ANNOUNCEMENT) &&
		    c->slices_count == 0 && c->dump_bytes > 1) {
			c->slices[0] = c->dump_bytes / 2;
			c->slices_count = 1;
		}
}

static bool fault_fits(const struct soak_case *c,
    const struct scenario_fault *f)
{
	switch (f->fail) {
	case FAIL_WRITE:
		return f->volume <= c->volumes_count &&
		    f->at_bytes < c->volumes[f->volume - 1].capacity_bytes;
	case FAIL_SPOOL_WRITE:
	case FAIL_SPOOL_READ:
		return c->cache == SPLITTER_CACHE_SPOOL &&
		    f->at_bytes < c->dump_bytes;
	case FAIL_SLICE:
	case FAIL_SLICE_ANNOUNCEMENT:
		return c->cache == SPLITTER_CACHE_SLICES && c->dump_bytes > 1;
	case FAIL_PRODUCER:
	case FAIL_STALL:
		return f->at_bytes <= c->dump_bytes;
	case FAIL_CANCEL:
		return f->after_ns >= 0 || f->at_bytes <= c->dump_bytes;
	default:
		return true;
	}
}

void soak_tidy(struct soak_case *c)
{
	struct soak_volume *v;
	size_t i, kept = 0;

	for (i = 0; i < c->volumes_count; i++) {
		v = &c->volumes[i];
		if (v->capacity_bytes < 2 * c->block_bytes)
			v->capacity_bytes = 2 * c->block_bytes;
		if (v->warning_bytes >= v->capacity_bytes)
			v->warning_bytes = v->capacity_bytes - 1;
	}
	tidy_caches(c);
	for (i = 0; i < c->faults_count; i++)
		if (fault_fits(c, &c->faults[i]))
			c->faults[kept++] = c->faults[i];
	c->faults_count = kept;
	give_slice_ends(c);
	soak_hard_tidy(c);
}

static bool has_fault(const struct soak_case *c, enum scenario_fail fail)
{
	for (size_t i = 0; i < c->faults_count; i++)
		if (c->faults[i].fail == fail)
			return true;
	return false;
}

/*
 * Returns whether the spool may be too small for the uncommitted data: a part
 * and the buffer.
 */
static bool spool_may_be_full(const struct soak_case *c)
{
	uint64_t most = c->part_bytes + c->buffer_bytes + 4 * c->block_bytes;

	return has_fault(c, FAIL_SPOOL_WRITE) ||
	    (c->spool_bytes > 0 && c->spool_bytes < most);
}

enum soak_known soak_known(const struct soak_case *c)
{
	/* In real time the buffer supplies bytes if the spool lags. */
	if (c->cache == SPLITTER_CACHE_SPOOL &&
	    (spool_may_be_full(c) ||
		(c->real && has_fault(c, FAIL_SPOOL_READ))))
		return SOAK_NOTHING;
	return has_fault(c, FAIL_PRODUCER) || has_fault(c, FAIL_CANCEL)
	    ? SOAK_BEGINNING
	    : SOAK_ALL;
}
