/*
 * deflate_pool.h: two threads that deflate rows while the next ones are filled.
 *
 *     deflate_pool_put()                         deflate_pool_take()
 *     ------> row | row | row | row (DEFLATE_POOL_ROWS) ------>
 *              \____two threads deflate____/
 *
 * Rows come out in the order in which they went in, so that the file does not
 * depend on the threads.  One thread puts and takes.
 *
 * With two threads payload zlib is 0.88 times as fast as zlib itself on two
 * cores, with one thread 0.49 times (`make bench`).
 */
#ifndef VTL_VOLUME_DEFLATE_POOL_H
#define VTL_VOLUME_DEFLATE_POOL_H

#include "vtl/volume/impl.h"

enum { DEFLATE_POOL_ROWS = 6, DEFLATE_POOL_LEVEL = 1 };

struct deflate_pool;

/* Creates a pool.  Returns NULL without memory or threads. */
struct deflate_pool *deflate_pool_new(void);

/* Frees the pool, and drops the rows in it.  NULL is allowed. */
void deflate_pool_free(struct deflate_pool *pool);

/* Returns how many rows are in the pool. */
unsigned deflate_pool_count(const struct deflate_pool *pool);

/*
 * Puts a row into the pool, which must hold fewer than DEFLATE_POOL_ROWS.  The
 * pool takes the memory of the row: `store` gets other memory, or none.
 */
void deflate_pool_put(struct deflate_pool *pool, const struct volume_row *row,
    struct volume_store *store);

/*
 * Waits for the oldest row and takes it out; the pool must hold one.  `stored`
 * and `bytes` are the data to store, valid until the next deflate_pool_put().
 * If deflating does not make the data smaller, or memory is short, they are the
 * original data, and row->zlib is not set.
 */
void deflate_pool_take(struct deflate_pool *pool, struct volume_row *row,
    const void **stored, uint64_t *bytes);

/*
 * Inflates a stream into `buf`, which has room for *bytes.  Sets *bytes to the
 * length of the inflated data.  Returns false if the stream is not one complete
 * zlib stream, or `buf` is too small.
 */
bool deflate_pool_inflate(const void *stream, uint64_t stream_bytes, void *buf,
    uint64_t *bytes);

#endif
