/* check_block_pool.c: blocks with several holders, and what a pool keeps. */
#include <check.h>
#include <pthread.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/block_pool.h"

enum { BLOCK = 256 * 1024, SMALL = 1024, ROUNDS = 1000 };

START_TEST(the_next_block_of_the_length_is_the_one_dropped_last)
{
	struct block_pool *pool = block_pool_new();
	void *a = block_pool_get(pool, BLOCK), *b = block_pool_get(pool, BLOCK);

	ck_assert_ptr_ne(a, b);
	ck_assert_uint_eq(block_pool_unused(pool), 0);
	block_drop(a);
	block_drop(b);
	ck_assert_uint_eq(block_pool_unused(pool), 2 * BLOCK);
	ck_assert_ptr_eq(block_pool_get(pool, BLOCK), b);
	ck_assert_ptr_eq(block_pool_get(pool, BLOCK), a);
	ck_assert_uint_eq(block_pool_unused(pool), 0);
	block_drop(a);
	block_drop(block_pool_get(pool, BLOCK + 1));
	ck_assert_ptr_eq(block_pool_get(pool, BLOCK), a);
	block_drop(a);
	block_drop(b);
	block_pool_free(pool);
}
END_TEST

START_TEST(a_block_returns_with_its_last_holder)
{
	struct block_pool *pool = block_pool_new();
	void *a = block_pool_get(pool, BLOCK);

	block_hold(a);
	block_drop(a);
	ck_assert_uint_eq(block_pool_unused(pool), 0);
	block_drop(a);
	ck_assert_uint_eq(block_pool_unused(pool), BLOCK);
	block_drop(NULL);
	block_pool_free(pool);
	block_pool_free(NULL);
}
END_TEST

START_TEST(a_block_outlives_its_pool)
{
	struct block_pool *pool = block_pool_new();
	void *a = block_pool_get(pool, BLOCK), *b = block_pool_get(pool, SMALL);

	block_pool_free(pool);
	memset(a, 1, BLOCK);
	block_drop(a);
	memset(b, 1, SMALL);
	block_drop(b);
}
END_TEST

START_TEST(unused_blocks_have_a_bound)
{
	enum { COUNT = 3 * BLOCK_POOL_KEPT_BYTES / BLOCK };
	struct block_pool *pool = block_pool_new();
	void *blocks[COUNT];

	for (int i = 0; i < COUNT; i++)
		blocks[i] = block_pool_get(pool, BLOCK);
	for (int i = 0; i < COUNT; i++) {
		block_drop(blocks[i]);
		ck_assert_uint_gt(block_pool_unused(pool), 0);
		ck_assert_uint_le(block_pool_unused(pool),
		    BLOCK_POOL_KEPT_BYTES);
	}
	block_pool_trim(pool);
	ck_assert_uint_eq(block_pool_unused(pool), 0);
	block_drop(block_pool_get(pool, SMALL));
	block_drop(block_pool_get(pool, BLOCK_POOL_KEPT_BYTES + 1));
	ck_assert_uint_eq(block_pool_unused(pool), 0);
	ck_assert_ptr_null(block_pool_get(pool, SIZE_MAX));
	block_pool_free(pool);
}
END_TEST

struct post {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned char *block;
	int taken;
};

static void *drop_each(void *arg)
{
	struct post *post = arg;

	pthread_mutex_lock(&post->lock);
	while (post->taken < ROUNDS) {
		while (post->block == NULL)
			pthread_cond_wait(&post->changed, &post->lock);
		ck_assert_int_eq(post->block[BLOCK - 1], post->taken % 256);
		block_drop(post->block);
		post->block = NULL;
		post->taken++;
		pthread_cond_signal(&post->changed);
	}
	pthread_mutex_unlock(&post->lock);
	return NULL;
}

START_TEST(one_thread_fills_and_another_drops)
{
	struct post post = { PTHREAD_MUTEX_INITIALIZER,
		PTHREAD_COND_INITIALIZER, NULL, 0 };
	struct block_pool *pool = block_pool_new();
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, drop_each, &post), 0);
	for (int i = 0; i < ROUNDS; i++) {
		unsigned char *block = block_pool_get(pool, BLOCK);

		block[BLOCK - 1] = (unsigned char)i;
		pthread_mutex_lock(&post.lock);
		while (post.block != NULL)
			pthread_cond_wait(&post.changed, &post.lock);
		block_hold(block);
		post.block = block;
		pthread_cond_signal(&post.changed);
		pthread_mutex_unlock(&post.lock);
		block_drop(block);
	}
	/* The other thread may still hold the last one. */
	block_pool_free(pool);
	pthread_join(thread, NULL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("block_pool");
	TCase *t = tcase_create("block_pool");

	suite_add_tcase(s, t);
	tcase_add_test(t, the_next_block_of_the_length_is_the_one_dropped_last);
	tcase_add_test(t, a_block_returns_with_its_last_holder);
	tcase_add_test(t, a_block_outlives_its_pool);
	tcase_add_test(t, unused_blocks_have_a_bound);
	tcase_add_test(t, one_thread_fills_and_another_drops);
	return run_suite(s);
}
