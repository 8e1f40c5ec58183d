/* soak_shrink.c: simplifications of a case that fails. */
#include "sim/tests/soak/soak_shrink.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 200 };

struct soak_case *smaller_try(struct smaller *s)
{
	struct soak_case *c = &s->list[s->count];

	if (s->count < SOAK_CANDIDATES - 1)
		s->count++;
	*c = *s->of;
	return c;
}

static void without_fault(struct smaller *s, size_t i)
{
	struct soak_case *c = smaller_try(s);

	c->faults_count--;
	memmove(&c->faults[i], &c->faults[i + 1],
	    (c->faults_count - i) * sizeof *c->faults);
}

static bool names_volume(const struct scenario_fault *f)
{
	return (scenario_is_defect(f->fail) || f->fail == FAIL_BARCODE ||
		   f->fail == FAIL_DRIVE) &&
	    f->volume > 0;
}

/* Removes a volume; the faults of later volumes keep their volumes. */
static void without_volume(struct smaller *s, size_t i)
{
	struct soak_case *c = smaller_try(s);
	size_t j, kept = 0;

	c->volumes_count--;
	memmove(&c->volumes[i], &c->volumes[i + 1],
	    (c->volumes_count - i) * sizeof *c->volumes);
	for (j = 0; j < c->faults_count; j++) {
		struct scenario_fault f = c->faults[j];

		if (names_volume(&f) && f.volume == i + 1)
			continue;
		f.volume -= names_volume(&f) && f.volume > i + 1;
		c->faults[kept++] = f;
	}
	c->faults_count = kept;
}

size_t smaller_sizes(uint64_t n, uint64_t block, uint64_t sizes[4])
{
	size_t count = 0;

	if (n > 2 * block)
		sizes[count++] = n / block / 2 * block;
	if (n > block)
		sizes[count++] = n - block;
	if (n > block && n % block != 0)
		sizes[count++] = n - n % block;
	if (n == 0 || n > block)
		return count;
	sizes[count++] = n == block ? 0 : n > 1 ? 1 : 0;
	return count;
}

static void smaller_library(struct smaller *s)
{
	const struct soak_case *of = s->of;
	struct soak_case *c;
	size_t i;

	for (i = of->volumes_count; i-- > 0 && of->volumes_count > 1;)
		without_volume(s, i);
	for (i = 0; i < of->volumes_count; i++) {
		PLAIN(s, volumes[i].warning_bytes, 0);
		SMALLER_SIZES(s, volumes[i].capacity_bytes, of->block_bytes);
		SMALLER_SIZES(s, volumes[i].warning_bytes, of->block_bytes);
		if (i == 0 ||
		    memcmp(&of->volumes[i], &of->volumes[i - 1],
			sizeof *of->volumes) == 0)
			continue;
		c = smaller_try(s);
		c->volumes[i] = c->volumes[i - 1];
	}
	if (of->drives_count > 1)
		smaller_try(s)->drives_count--;
	for (i = 0; i < of->drives_count; i++)
		if (strcmp(of->drives[i], "instant") != 0)
			smaller_try(s)->drives[i] = "instant";
}

/*
 * Uses the smallest block size, and scales all values that are counted in
 * blocks.
 */
static void smaller_block(struct smaller *s)
{
	enum { LEAST = 4096 };
	uint64_t old = s->of->block_bytes;
	struct soak_case *c;
	size_t i;

	if (old == LEAST)
		return;
	c = smaller_try(s);
	c->block_bytes = LEAST;
	c = smaller_try(s);
	c->block_bytes = LEAST;
	c->part_bytes = c->part_bytes / old * LEAST;
	c->buffer_bytes = c->buffer_bytes / old * LEAST;
	c->dump_bytes = c->dump_bytes / old * LEAST;
	for (i = 0; i < c->volumes_count; i++) {
		c->volumes[i].capacity_bytes =
		    c->volumes[i].capacity_bytes / old * LEAST;
		c->volumes[i].warning_bytes =
		    c->volumes[i].warning_bytes / old * LEAST;
	}
	for (i = 0; i < c->faults_count; i++)
		c->faults[i].at_bytes = c->faults[i].at_bytes / old * LEAST;
}

static void smaller_splitter(struct smaller *s)
{
	const struct soak_case *of = s->of;
	uint64_t block = of->block_bytes;

	if (of->rate_min_bytes_per_s > 0)
		smaller_try(s)->rate_min_bytes_per_s = 0;
	PLAIN(s, feed, 0);
	PLAIN(s, feed_open, false);
	PLAIN(s, has_streaming, false);
	PLAIN(s, start_fill_percent, 100);
	PLAIN(s, spool_here, false);
	PLAIN(s, spool_bytes, 0);
	PLAIN(s, raw, false);
	PLAIN(s, zeros, false);
	PLAIN(s, max_volumes, 0);
	PLAIN(s, max_failed_volumes, 3);
	PLAIN(s, real, false);
	PLAIN(s, twice, false);
	if (of->cache > SPLITTER_CACHE_MEMORY)
		smaller_try(s)->cache = SPLITTER_CACHE_MEMORY;
	if (of->cache > SPLITTER_CACHE_NONE)
		smaller_try(s)->cache = SPLITTER_CACHE_NONE;
	if (of->slices_count > 0) {
		smaller_try(s)->slices_count = of->slices_count / 2;
		smaller_try(s)->slices_count = of->slices_count - 1;
	}
	smaller_block(s);
	SMALLER_SIZES(s, dump_bytes, block);
	SMALLER_SIZES(s, part_bytes, block);
	SMALLER_SIZES(s, buffer_bytes, block);
	if (of->spool_bytes > block)
		SMALLER_SIZES(s, spool_bytes, block);
}

static void smaller_faults(struct smaller *s)
{
	const struct soak_case *of = s->of;
	size_t i;

	for (i = 0; i < of->faults_count; i++) {
		const struct scenario_fault *f = &of->faults[i];

		without_fault(s, i);
		if (f->nth > 1) {
			smaller_try(s)->faults[i].nth = f->nth / 2;
			smaller_try(s)->faults[i].nth = f->nth - 1;
		}
		SMALLER_SIZES(s, faults[i].at_bytes, of->block_bytes);
		if (f->duration_ns > 0)
			smaller_try(s)->faults[i].duration_ns =
			    f->duration_ns / 1000;
		if (f->after_ns > 0)
			smaller_try(s)->faults[i].after_ns = f->after_ns / 2;
	}
}

/*
 * Finds the first candidate that fails in the same way.  Returns false if there
 * is none.
 */
static bool take_smaller(struct smaller *s, struct soak_case *c, char **answer,
    const char *folder, struct soak_finding *finding)
{
	char *answers[SOAK_CANDIDATES];
	struct soak_finding f;
	bool found = false;
	size_t i;

	soak_ask(s->list, s->count, folder, answers);
	for (i = 0; i < s->count && !found; i++) {
		i += soak_judge_all(s->list + i, answers + i, s->count - i,
		    folder, &f);
		found = i < s->count && f.verdict == finding->verdict;
		if (!found)
			continue;
		*c = s->list[i];
		*finding = f;
		free(*answer);
		*answer = strdup(answers[i]);
	}
	for (i = 0; i < s->count; i++)
		free(answers[i]);
	return found;
}

void soak_shrink(struct soak_case *c, char **answer, const char *folder,
    struct soak_finding *finding)
{
	static struct smaller s;
	size_t i, kept, round;

	for (round = 0; round < ROUNDS; round++) {
		s.of = c;
		s.count = 0;
		smaller_faults(&s);
		smaller_hard(&s);
		smaller_splitter(&s);
		smaller_library(&s);
		for (i = kept = 0; i < s.count; i++) {
			soak_tidy(&s.list[i]);
			/* Some candidates may be invalid. */
			if (memcmp(&s.list[i], c, sizeof *c) != 0)
				s.list[kept++] = s.list[i];
		}
		s.count = kept;
		if (!take_smaller(&s, c, answer, folder, finding))
			break;
	}
}
