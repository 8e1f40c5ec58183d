/*
 * timeline.c: which of several streams has the earliest event; see timeline.h.
 *
 * The heap is a binary heap of indices; `place` says where each index is.
 */
#include "sim/run/virtual/timeline.h"

#include <assert.h>
#include <stdlib.h>

struct timeline {
	size_t count;
	int64_t *at_ns; /* by index */
	size_t *heap;   /* NULL: scan */
	size_t *place;  /* by index: its place in the heap */
};

struct timeline *timeline_new(size_t count, bool heap)
{
	struct timeline *t = calloc(1, sizeof *t);

	assert(count > 0);
	if (t == NULL)
		return NULL;
	t->count = count;
	t->at_ns = calloc(count, sizeof *t->at_ns);
	if (heap) {
		t->heap = calloc(count, sizeof *t->heap);
		t->place = calloc(count, sizeof *t->place);
	}
	if (t->at_ns == NULL ||
	    (heap && (t->heap == NULL || t->place == NULL))) {
		timeline_free(t);
		return NULL;
	}
	for (size_t i = 0; heap && i < count; i++)
		t->heap[i] = t->place[i] = i;
	return t;
}

void timeline_free(struct timeline *t)
{
	if (t == NULL)
		return;
	free(t->at_ns);
	free(t->heap);
	free(t->place);
	free(t);
}

static bool is_before(const struct timeline *t, size_t a, size_t b)
{
	return t->at_ns[a] < t->at_ns[b] ||
	    (t->at_ns[a] == t->at_ns[b] && a < b);
}

static void put(struct timeline *t, size_t place, size_t index)
{
	t->heap[place] = index;
	t->place[index] = place;
}

static void move_up(struct timeline *t, size_t place)
{
	size_t index = t->heap[place], above;

	for (; place > 0; place = above) {
		above = (place - 1) / 2;
		if (!is_before(t, index, t->heap[above]))
			break;
		put(t, place, t->heap[above]);
	}
	put(t, place, index);
}

static void move_down(struct timeline *t, size_t place)
{
	size_t index = t->heap[place], below;

	for (; 2 * place + 1 < t->count; place = below) {
		below = 2 * place + 1;
		if (below + 1 < t->count &&
		    is_before(t, t->heap[below + 1], t->heap[below]))
			below++;
		if (!is_before(t, t->heap[below], index))
			break;
		put(t, place, t->heap[below]);
	}
	put(t, place, index);
}

void timeline_set(struct timeline *t, size_t index, int64_t at_ns)
{
	assert(index < t->count);
	t->at_ns[index] = at_ns;
	if (t->heap == NULL)
		return;
	move_up(t, t->place[index]);
	move_down(t, t->place[index]);
}

size_t timeline_first(const struct timeline *t, int64_t *at_ns)
{
	size_t first = 0;

	if (t->heap != NULL)
		first = t->heap[0];
	else
		for (size_t i = 1; i < t->count; i++)
			if (is_before(t, i, first))
				first = i;
	*at_ns = t->at_ns[first];
	return first;
}
