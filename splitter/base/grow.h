/* grow.h: lists that grow by one element at a time. */
#ifndef SPLITTER_GROW_H
#define SPLITTER_GROW_H

#include <stdlib.h>

/*
 * Makes room for one more element of `bytes` in a list of `count` elements.
 * The list was made by this function, or is NULL and empty.  A full list is
 * doubled.  Returns the list; NULL if there is no memory, and then the old list
 * stays valid.
 */
static inline void *grow_by_one(void *list, size_t count, size_t bytes)
{
	/* A list is full only if its length is a power of two. */
	if (count > 0 && (count & (count - 1)) != 0)
		return list;
	return reallocarray(list, count == 0 ? 1 : 2 * count, bytes);
}

#endif
