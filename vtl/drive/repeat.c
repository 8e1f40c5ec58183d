/*
 * repeat.c: many equal writes at once.
 *
 * They are the writes that a host would send one after another, and what each
 * of them does is not changed.
 */
#include "vtl/drive/impl.h"

uint64_t drive_repeat(struct drive *drive, const struct drive_repeat *repeat,
    struct drive_result *last)
{
	struct volume_run run = repeat->run;
	int64_t begin_ns = repeat->begin_ns;
	uint64_t done = 0;

	while (done < repeat->times) {
		drive_write(drive, &run, begin_ns, last);
		done++;
		if (last->check || last->bytes != run.bytes ||
		    last->done_ns - begin_ns != repeat->take_ns ||
		    drive_is_past_warning(drive))
			break;
		run.offset += run.bytes;
		begin_ns += repeat->every_ns;
	}
	return done;
}
