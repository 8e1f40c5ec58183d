/*
 * pool.h: does pieces of work in several processes at the same time.
 *
 * Each piece has a process of its own, so whatever ends a process loses one
 * piece of work.  The results arrive in any order.
 *
 * Threads: the calling process must have one thread, and must have called
 * signals_begin_parent().
 */
#ifndef SIM_TUNE_POOL_H
#define SIM_TUNE_POOL_H

#include <stdbool.h>
#include <stddef.h>

struct tune_pool {
	unsigned jobs; /* the number of processes at the same time */
	void *arg;     /* argument of the functions */
	/*
	 * Does a piece of work, in a process of its own.  Returns its result, a
	 * text without newlines that the caller frees, or NULL if it was
	 * interrupted.  `folder` is empty and its own.
	 */
	char *(*work)(void *arg, size_t piece, const char *folder);
	/*
	 * Takes a result, in the calling process.  Returns false to end: then
	 * no other piece is begun.
	 */
	bool (*done)(void *arg, size_t piece, const char *result);
};

enum tune_pool_status {
	TUNE_POOL_DONE,
	TUNE_POOL_STOPPED, /* done() returned false, or a signal came */
	TUNE_POOL_FAILED,  /* a process could not be started, with a message */
	TUNE_POOL_BROKEN   /* a process died, with a message */
};

/*
 * Does the pieces in the list, of `count` numbers.  On an error no other piece
 * is begun, and `piece` is the number of the piece whose process died.
 */
enum tune_pool_status tune_pool_run(const struct tune_pool *pool,
    const size_t *list, size_t count, size_t *piece, char *err,
    size_t err_bytes);

#endif
