/* block_pool.c: see block_pool.h. */
#include "vtl/base/block_pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum {
	PLACES = 16,
	KEPT_MIN_BYTES = 64 * 1024 /* smaller ones cost nothing */
};

/* In front of the bytes of a block. */
struct head {
	alignas(max_align_t) struct block_pool *pool;
	size_t bytes;
	unsigned holders;
};

/* The lock also guards the holders of all blocks of the pool. */
struct block_pool {
	pthread_mutex_t lock;
	bool freed;
	size_t used;                 /* blocks with holders */
	struct head *unused[PLACES]; /* the first `count` */
	size_t count, unused_bytes;
};

static struct head *head_of(void *block)
{
	return (struct head *)block - 1;
}

struct block_pool *block_pool_new(void)
{
	struct block_pool *pool = calloc(1, sizeof *pool);

	if (pool != NULL)
		pthread_mutex_init(&pool->lock, NULL);
	return pool;
}

/* Locked. */
static void trim(struct block_pool *pool)
{
	while (pool->count > 0)
		free(pool->unused[--pool->count]);
	pool->unused_bytes = 0;
}

/* Unlocks the pool.  Frees it if nothing uses it any more. */
static void leave(struct block_pool *pool)
{
	const bool ends = pool->freed && pool->used == 0;

	pthread_mutex_unlock(&pool->lock);
	if (!ends)
		return;
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

void block_pool_free(struct block_pool *pool)
{
	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	trim(pool);
	pool->freed = true;
	leave(pool);
}

/* Locked.  Takes the unused block of this length that was used last. */
static struct head *take(struct block_pool *pool, size_t bytes)
{
	size_t i = pool->count;
	struct head *head;

	while (i > 0 && pool->unused[i - 1]->bytes != bytes)
		i--;
	if (i == 0)
		return NULL;
	head = pool->unused[i - 1];
	for (; i < pool->count; i++)
		pool->unused[i - 1] = pool->unused[i];
	pool->count--;
	pool->unused_bytes -= bytes;
	return head;
}

void *block_pool_get(struct block_pool *pool, size_t bytes)
{
	struct head *head;

	pthread_mutex_lock(&pool->lock);
	head = take(pool, bytes);
	if (head == NULL && bytes <= SIZE_MAX - sizeof *head)
		head = malloc(sizeof *head + bytes);
	if (head != NULL) {
		*head = (struct head){ pool, bytes, 1 };
		pool->used++;
	}
	pthread_mutex_unlock(&pool->lock);
	return head != NULL ? head + 1 : NULL;
}

size_t block_pool_unused(struct block_pool *pool)
{
	size_t bytes;

	pthread_mutex_lock(&pool->lock);
	bytes = pool->unused_bytes;
	pthread_mutex_unlock(&pool->lock);
	return bytes;
}

void block_pool_trim(struct block_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	trim(pool);
	pthread_mutex_unlock(&pool->lock);
}

/* Locked.  Keeps a block without holders for later, or frees it. */
static void keep(struct block_pool *pool, struct head *head)
{
	if (pool->freed || head->bytes < KEPT_MIN_BYTES ||
	    head->bytes > BLOCK_POOL_KEPT_BYTES) {
		free(head);
		return;
	}
	/* The initiator may have changed its length. */
	if (pool->count == PLACES ||
	    pool->unused_bytes + head->bytes > BLOCK_POOL_KEPT_BYTES)
		trim(pool);
	pool->unused[pool->count++] = head;
	pool->unused_bytes += head->bytes;
}

void block_hold(void *block)
{
	struct block_pool *pool = head_of(block)->pool;

	pthread_mutex_lock(&pool->lock);
	assert(head_of(block)->holders > 0);
	head_of(block)->holders++;
	pthread_mutex_unlock(&pool->lock);
}

void block_drop(void *block)
{
	struct block_pool *pool;
	struct head *head;

	if (block == NULL)
		return;
	head = head_of(block);
	pool = head->pool;
	pthread_mutex_lock(&pool->lock);
	assert(head->holders > 0);
	if (--head->holders == 0) {
		pool->used--;
		keep(pool, head);
	}
	leave(pool);
}
