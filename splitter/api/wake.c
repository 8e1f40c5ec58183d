/* wake.c: wakes splitter_feed_fd when the dump takes no more bytes. */
#include <unistd.h>

#include "splitter/api/impl.h"

void splitter_wake_feed(struct splitter *s)
{
	const uint64_t one = 1;

	/* A write fails only if the descriptor is readable already. */
	if (write(s->wake_fd, &one, sizeof one) != sizeof one)
		return;
}
