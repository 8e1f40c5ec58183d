/*
 * pack.h: rows that are deflated, by two threads, while the next ones
 * are filled.
 *
 *     pack_put()                                     pack_take()
 *     ----------> row | row | row | row (PACK_ROWS) ----------->
 *                  \____two threads deflate____/
 *
 * Rows come out in the order in which they went in, so what they are written
 * into does not depend on the threads.  One thread puts and takes.
 */
#ifndef VTL_VOLUME_PACK_H
#define VTL_VOLUME_PACK_H

#include "vtl/volume/impl.h"

enum { PACK_ROWS = 6, PACK_LEVEL = 1 };

struct pack;

/* NULL if there is no memory, or no thread to be had. */
struct pack *pack_new(void);

/* What is in it is dropped.  NULL is allowed. */
void pack_free(struct pack *pack);

/* How many rows are in it. */
unsigned pack_count(const struct pack *pack);

/*
 * Puts a row in, of which there must be fewer than PACK_ROWS.  Its memory goes
 * with it: `store` gets other memory, or none, for it.
 */
void pack_put(struct pack *pack, const struct volume_row *row,
    struct volume_store *store);

/*
 * The oldest row, of which there must be one, when it is done; `stored` and
 * `bytes` are what to store for its data, until the next pack_put().  Where
 * deflating makes it no smaller (or there is no memory to), that is the data,
 * and row->zlib is not set.
 */
void pack_take(struct pack *pack, struct volume_row *row, const void **stored,
    uint64_t *bytes);

/*
 * Inflates a stream into `buf`, which has room for *bytes; *bytes becomes what
 * it holds.  Whether it is one whole stream that has room there.
 */
bool pack_inflate(const void *stream, uint64_t stream_bytes, void *buf,
    uint64_t *bytes);

#endif
