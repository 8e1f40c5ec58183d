/* wake.c: wakes a feed that waits for its file, below whoever ends a dump. */
#include <unistd.h>

#include "splitter/api/impl.h"

void splitter_wake_feed(struct splitter *s)
{
	const uint64_t one = 1;

	/* It can fail only where it is readable already. */
	if (write(s->wake_fd, &one, sizeof one) != sizeof one)
		return;
}
