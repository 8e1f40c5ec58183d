/*
 * pack.h: rows that are deflated, by two threads, while the next ones
 * are filled.
 *
 *     deflate_pool_put()                                     deflate_pool_take()
 *     ----------> row | row | row | row (DEFLATE_POOL_ROWS) ----------->
 *                  \____two threads deflate____/
 *
 * Rows come out in the order in which they went in, so what they are written
 * into does not depend on the threads.  One thread puts and takes.
 */
#ifndef VTL_VOLUME_DEFLATE_POOL_H
#define VTL_VOLUME_DEFLATE_POOL_H

#include "vtl/volume/impl.h"

enum { DEFLATE_POOL_ROWS = 6, DEFLATE_POOL_LEVEL = 1 };

struct deflate_pool;

/* NULL if there is no memory, or no thread to be had. */
struct deflate_pool *deflate_pool_new(void);

/* What is in it is dropped.  NULL is allowed. */
void deflate_pool_free(struct deflate_pool *pack);

/* How many rows are in it. */
unsigned deflate_pool_count(const struct deflate_pool *pack);

/*
 * Puts a row in, of which there must be fewer than DEFLATE_POOL_ROWS.  Its memory goes
 * with it: `store` gets other memory, or none, for it.
 */
void deflate_pool_put(struct deflate_pool *pack, const struct volume_row *row,
    struct volume_store *store);

/*
 * The oldest row, of which there must be one, when it is done; `stored` and
 * `bytes` are what to store for its data, until the next deflate_pool_put().  Where
 * deflating makes it no smaller (or there is no memory to), that is the data,
 * and row->zlib is not set.
 */
void deflate_pool_take(struct deflate_pool *pack, struct volume_row *row,
    const void **stored, uint64_t *bytes);

/*
 * Inflates a stream into `buf`, which has room for *bytes; *bytes becomes what
 * it holds.  Whether it is one whole stream that has room there.
 */
bool deflate_pool_inflate(const void *stream, uint64_t stream_bytes, void *buf,
    uint64_t *bytes);

#endif
