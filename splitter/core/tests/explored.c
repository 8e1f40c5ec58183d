/* explored.c: nodes, packed, in a table by their hash. */
#include "splitter/core/tests/explored.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

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

/* Most nodes that are compared with another are equal to it: see `tag`. */
struct slot {
	uint32_t number; /* of the node + 1; 0: free */
	uint32_t tag;    /* bits of its hash that do not choose the slot */
};

struct explored {
	struct core_config config;
	struct packed *nodes;
	uint32_t *next;
	size_t count, room;
	struct slot *table;
	size_t table_size; /* a power of 2 */
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

static size_t slot_of(const struct explored *e, uint64_t hash)
{
	return hash & (e->table_size - 1);
}

static void insert(struct explored *e, uint64_t hash, uint32_t number)
{
	size_t i = slot_of(e, hash);

	while (e->table[i].number != 0)
		i = slot_of(e, i + 1);
	e->table[i] = (struct slot){ number + 1, (uint32_t)(hash >> 32) };
}

/*
 * Returns whether the slot has this node.  A node that is in no cache is read
 * only if its tag is equal.
 */
static bool has(const struct explored *e, const struct slot *slot,
    uint64_t hash, const struct packed *p)
{
	return slot->tag == (uint32_t)(hash >> 32) &&
	    memcmp(&e->nodes[slot->number - 1], p, sizeof *p) == 0;
}

/*
 * Slots and nodes are read at random: with small pages each read costs two
 * misses, of the page and of the slot.
 */
static void *new_array(size_t bytes)
{
	const size_t page = 2 << 20;
	void *array = aligned_alloc(page, (bytes + page - 1) / page * page);

	if (array == NULL) {
		perror("explore");
		exit(1);
	}
	madvise(array, bytes, MADV_HUGEPAGE);
	return array;
}

static struct slot *new_table(size_t slots)
{
	const size_t bytes = slots * sizeof(struct slot);

	return memset(new_array(bytes), 0, bytes);
}

static void grow(struct explored *e)
{
	struct packed *nodes;
	size_t i;

	e->room = e->room == 0 ? 1 << 16 : e->room * 2;
	nodes = new_array(e->room * sizeof *nodes);
	if (e->count > 0)
		memcpy(nodes, e->nodes, e->count * sizeof *nodes);
	free(e->nodes);
	e->nodes = nodes;
	e->next = allocate(e->next, e->room * sizeof *e->next);
	e->table_size = e->room * 2;
	free(e->table);
	e->table = new_table(e->table_size);
	for (i = 0; i < e->count; i++)
		insert(e, hash_node(&e->nodes[i]), (uint32_t)i);
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
	uint64_t hash;
	size_t i;

	pack(&p, n);
	hash = hash_node(&p);
	for (i = slot_of(e, hash); e->table[i].number != 0;
	     i = slot_of(e, i + 1))
		if (has(e, &e->table[i], hash, &p))
			return e->table[i].number - 1;
	if (e->count == e->room)
		grow(e);
	e->nodes[e->count] = p;
	insert(e, hash, (uint32_t)e->count);
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
