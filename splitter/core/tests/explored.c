/* explored.c: nodes, packed, in a table by their hash. */
#include "splitter/core/tests/explored.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The layout of a stored node.  The configuration is omitted, because all nodes
 * have the same.  Each 64-bit member is one byte, because its value is small
 * within the bounds.
 */
enum {
	CORE_FROM = offsetof(struct core, accepted),
	CORE_WIDE =
	    (offsetof(struct core, failed_volumes_in_row) - CORE_FROM) / 8,
	CORE_REST =
	    sizeof(struct core) - offsetof(struct core, failed_volumes_in_row),
	WITNESS_WIDE = offsetof(struct witness, failed_volumes_in_row) / 8,
	WITNESS_REST = sizeof(struct witness) -
	    offsetof(struct witness, failed_volumes_in_row),
	PACKED =
	    (CORE_WIDE + CORE_REST + WITNESS_WIDE + WITNESS_REST + 7) / 8 * 8
};
struct packed {
	unsigned char bytes[PACKED];
};

struct explored {
	struct core_config config;
	struct packed *nodes;
	uint32_t *next;
	size_t count, room;
	uint32_t *table; /* number of the node + 1; 0: free */
	size_t table_size;
};

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

static const unsigned char *widen(void *to, const unsigned char *from, size_t n)
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
	memcpy(to, &n->core.failed_volumes_in_row, CORE_REST);
	to = narrow(to + CORE_REST, &n->w, WITNESS_WIDE);
	memcpy(to, &n->w.failed_volumes_in_row, WITNESS_REST);
}

static void unpack(struct node *n, const struct packed *p,
    const struct core_config *config)
{
	const unsigned char *from = p->bytes;

	n->core.config = *config;
	from = widen(&n->core.accepted, from, CORE_WIDE);
	memcpy(&n->core.failed_volumes_in_row, from, CORE_REST);
	from = widen(&n->w, from + CORE_REST, WITNESS_WIDE);
	memcpy(&n->w.failed_volumes_in_row, from, WITNESS_REST);
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

static void insert(struct explored *e, const struct packed *p, uint32_t number)
{
	size_t i = hash_node(p) % e->table_size;

	while (e->table[i] != 0)
		i = (i + 1) % e->table_size;
	e->table[i] = number + 1;
}

static void grow(struct explored *e)
{
	size_t i;

	e->room = e->room == 0 ? 1 << 16 : e->room * 2;
	e->nodes = allocate(e->nodes, e->room * sizeof *e->nodes);
	e->next = allocate(e->next, e->room * sizeof *e->next);
	e->table_size = e->room * 2;
	e->table = allocate(e->table, e->table_size * sizeof *e->table);
	memset(e->table, 0, e->table_size * sizeof *e->table);
	for (i = 0; i < e->count; i++)
		insert(e, &e->nodes[i], (uint32_t)i);
}

struct explored *explored_new(const struct core_config *config)
{
	struct explored *e = allocate(NULL, sizeof *e);

	memset(e, 0, sizeof *e);
	e->config = *config;
	grow(e);
	return e;
}

void explored_free(struct explored *e)
{
	free(e->nodes);
	free(e->next);
	free(e->table);
	free(e);
}

uint32_t explored_add(struct explored *e, const struct node *n)
{
	struct packed p;
	size_t i;

	pack(&p, n);
	i = hash_node(&p) % e->table_size;
	for (; e->table[i] != 0; i = (i + 1) % e->table_size)
		if (memcmp(&e->nodes[e->table[i] - 1], &p, sizeof p) == 0)
			return e->table[i] - 1;
	if (e->count == e->room)
		grow(e);
	e->nodes[e->count] = p;
	insert(e, &p, (uint32_t)e->count);
	return (uint32_t)e->count++;
}

void explored_get(const struct explored *e, uint32_t number, struct node *n)
{
	assert(number < e->count);
	unpack(n, &e->nodes[number], &e->config);
}

uint32_t explored_count(const struct explored *e)
{
	return (uint32_t)e->count;
}

void explored_set_next(struct explored *e, uint32_t number, uint32_t next)
{
	e->next[number] = next;
}

uint32_t explored_next(const struct explored *e, uint32_t number)
{
	return e->next[number];
}
