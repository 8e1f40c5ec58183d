/* deflate_pool.c: see deflate_pool.h. */
#include "vtl/volume/deflate_pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { THREADS = 2 };

struct job {
	struct volume_row row;
	struct volume_store store; /* owns the memory of the row */
	uint8_t *out;
	size_t out_room, out_bytes; /* 0: deflating did not help */
	bool done;
};

struct deflate_pool {
	pthread_t threads[THREADS];
	unsigned thread_count;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct job jobs[DEFLATE_POOL_ROWS]; /* used in turn, as a ring */
	uint64_t put, begun, taken; /* numbers of jobs since the start */
	bool ends;
};

/* Deflates the job's data, if deflating makes the data smaller. */
static void deflate_job(z_stream *z, struct job *job)
{
	const struct volume_row *row = &job->row;
	size_t room = row->data_bytes;

	job->out_bytes = 0;
	if (z->state == NULL || deflateReset(z) != Z_OK)
		return;
	if (room > job->out_room) {
		free(job->out);
		job->out = malloc(room);
		job->out_room = job->out != NULL ? room : 0;
	}
	if (room == 0 || job->out == NULL)
		return;
	/* The casts are safe: a row has at most VOLUME_BLOCK_MAX_BYTES. */
	z->next_in = (Bytef *)row->data;
	z->avail_in = (uInt)row->data_bytes;
	z->next_out = job->out;
	z->avail_out = (uInt)(room - 1);
	if (deflate(z, Z_FINISH) == Z_STREAM_END)
		job->out_bytes = room - 1 - z->avail_out;
}

static void *deflate_rows(void *arg)
{
	struct deflate_pool *pool = arg;
	z_stream z;

	memset(&z, 0, sizeof z);
	if (deflateInit(&z, DEFLATE_POOL_LEVEL) != Z_OK)
		z.state = NULL;
	pthread_mutex_lock(&pool->mutex);
	for (;;) {
		struct job *job = &pool->jobs[pool->begun % DEFLATE_POOL_ROWS];

		if (pool->begun == pool->put) {
			if (pool->ends)
				break;
			pthread_cond_wait(&pool->changed, &pool->mutex);
			continue;
		}
		pool->begun++;
		pthread_mutex_unlock(&pool->mutex);
		deflate_job(&z, job);
		pthread_mutex_lock(&pool->mutex);
		job->done = true;
		pthread_cond_broadcast(&pool->changed);
	}
	pthread_mutex_unlock(&pool->mutex);
	if (z.state != NULL)
		deflateEnd(&z);
	return NULL;
}

struct deflate_pool *deflate_pool_new(void)
{
	struct deflate_pool *pool = calloc(1, sizeof *pool);

	if (pool == NULL)
		return NULL;
	pthread_mutex_init(&pool->mutex, NULL);
	pthread_cond_init(&pool->changed, NULL);
	while (pool->thread_count < THREADS &&
	    pthread_create(&pool->threads[pool->thread_count], NULL,
		deflate_rows, pool) == 0)
		pool->thread_count++;
	if (pool->thread_count > 0)
		return pool;
	deflate_pool_free(pool);
	return NULL;
}

void deflate_pool_free(struct deflate_pool *pool)
{
	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->mutex);
	pool->begun = pool->put;
	pool->ends = true;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->mutex);
	for (unsigned i = 0; i < pool->thread_count; i++)
		pthread_join(pool->threads[i], NULL);
	for (int i = 0; i < DEFLATE_POOL_ROWS; i++) {
		free(pool->jobs[i].store.data);
		free(pool->jobs[i].store.sums);
		free(pool->jobs[i].out);
	}
	pthread_mutex_destroy(&pool->mutex);
	pthread_cond_destroy(&pool->changed);
	free(pool);
}

unsigned deflate_pool_count(const struct deflate_pool *pool)
{
	return (unsigned)(pool->put - pool->taken);
}

void deflate_pool_put(struct deflate_pool *pool, const struct volume_row *row,
    struct volume_store *store)
{
	struct job *job = &pool->jobs[pool->put % DEFLATE_POOL_ROWS];
	struct volume_store other = job->store;

	assert(deflate_pool_count(pool) < DEFLATE_POOL_ROWS);
	job->row = *row;
	job->store = *store;
	job->done = false;
	*store = other;
	pthread_mutex_lock(&pool->mutex);
	pool->put++;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->mutex);
}

void deflate_pool_take(struct deflate_pool *pool, struct volume_row *row,
    const void **stored, uint64_t *bytes)
{
	struct job *job = &pool->jobs[pool->taken % DEFLATE_POOL_ROWS];

	assert(deflate_pool_count(pool) > 0);
	pthread_mutex_lock(&pool->mutex);
	while (!job->done)
		pthread_cond_wait(&pool->changed, &pool->mutex);
	pool->taken++;
	pthread_mutex_unlock(&pool->mutex);
	*row = job->row;
	row->zlib = job->out_bytes > 0;
	*stored = row->zlib ? job->out : row->data;
	*bytes = row->zlib ? job->out_bytes : row->data_bytes;
}

bool deflate_pool_inflate(const void *stream, uint64_t stream_bytes, void *buf,
    uint64_t *bytes)
{
	uLongf got = *bytes;
	uLong taken = stream_bytes;
	bool ok = uncompress2(buf, &got, stream, &taken) == Z_OK &&
	    taken == stream_bytes;

	*bytes = got;
	return ok;
}
