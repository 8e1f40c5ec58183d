/* pack.c: see pack.h. */
#include "vtl/volume/deflate_pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { THREADS = 2 };

struct job {
	struct volume_row row;
	struct volume_store store; /* that the row lies in */
	uint8_t *out;
	size_t out_room, out_bytes; /* 0: it is no smaller deflated */
	bool done;
};

struct deflate_pool {
	pthread_t threads[THREADS];
	unsigned thread_count;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct job jobs[DEFLATE_POOL_ROWS]; /* in turn */
	uint64_t put, begun, taken;         /* how many jobs ever were */
	bool ends;
};

/* Deflates the job's data, if that makes it smaller. */
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
	/* A row is VOLUME_BLOCK_MAX_BYTES at most. */
	z->next_in = (Bytef *)row->data;
	z->avail_in = (uInt)row->data_bytes;
	z->next_out = job->out;
	z->avail_out = (uInt)(room - 1);
	if (deflate(z, Z_FINISH) == Z_STREAM_END)
		job->out_bytes = room - 1 - z->avail_out;
}

static void *deflate_rows(void *arg)
{
	struct deflate_pool *pack = arg;
	z_stream z;

	memset(&z, 0, sizeof z);
	if (deflateInit(&z, DEFLATE_POOL_LEVEL) != Z_OK)
		z.state = NULL;
	pthread_mutex_lock(&pack->mutex);
	for (;;) {
		struct job *job = &pack->jobs[pack->begun % DEFLATE_POOL_ROWS];

		if (pack->begun == pack->put) {
			if (pack->ends)
				break;
			pthread_cond_wait(&pack->changed, &pack->mutex);
			continue;
		}
		pack->begun++;
		pthread_mutex_unlock(&pack->mutex);
		deflate_job(&z, job);
		pthread_mutex_lock(&pack->mutex);
		job->done = true;
		pthread_cond_broadcast(&pack->changed);
	}
	pthread_mutex_unlock(&pack->mutex);
	if (z.state != NULL)
		deflateEnd(&z);
	return NULL;
}

struct deflate_pool *deflate_pool_new(void)
{
	struct deflate_pool *pack = calloc(1, sizeof *pack);

	if (pack == NULL)
		return NULL;
	pthread_mutex_init(&pack->mutex, NULL);
	pthread_cond_init(&pack->changed, NULL);
	while (pack->thread_count < THREADS &&
	    pthread_create(&pack->threads[pack->thread_count], NULL,
		deflate_rows, pack) == 0)
		pack->thread_count++;
	if (pack->thread_count > 0)
		return pack;
	deflate_pool_free(pack);
	return NULL;
}

void deflate_pool_free(struct deflate_pool *pack)
{
	if (pack == NULL)
		return;
	pthread_mutex_lock(&pack->mutex);
	pack->begun = pack->put;
	pack->ends = true;
	pthread_cond_broadcast(&pack->changed);
	pthread_mutex_unlock(&pack->mutex);
	for (unsigned i = 0; i < pack->thread_count; i++)
		pthread_join(pack->threads[i], NULL);
	for (int i = 0; i < DEFLATE_POOL_ROWS; i++) {
		free(pack->jobs[i].store.data);
		free(pack->jobs[i].store.sums);
		free(pack->jobs[i].out);
	}
	pthread_mutex_destroy(&pack->mutex);
	pthread_cond_destroy(&pack->changed);
	free(pack);
}

unsigned deflate_pool_count(const struct deflate_pool *pack)
{
	return (unsigned)(pack->put - pack->taken);
}

void deflate_pool_put(struct deflate_pool *pack, const struct volume_row *row,
    struct volume_store *store)
{
	struct job *job = &pack->jobs[pack->put % DEFLATE_POOL_ROWS];
	struct volume_store other = job->store;

	assert(deflate_pool_count(pack) < DEFLATE_POOL_ROWS);
	job->row = *row;
	job->store = *store;
	job->done = false;
	*store = other;
	pthread_mutex_lock(&pack->mutex);
	pack->put++;
	pthread_cond_broadcast(&pack->changed);
	pthread_mutex_unlock(&pack->mutex);
}

void deflate_pool_take(struct deflate_pool *pack, struct volume_row *row,
    const void **stored, uint64_t *bytes)
{
	struct job *job = &pack->jobs[pack->taken % DEFLATE_POOL_ROWS];

	assert(deflate_pool_count(pack) > 0);
	pthread_mutex_lock(&pack->mutex);
	while (!job->done)
		pthread_cond_wait(&pack->changed, &pack->mutex);
	pack->taken++;
	pthread_mutex_unlock(&pack->mutex);
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
