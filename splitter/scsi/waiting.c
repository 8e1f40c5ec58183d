/* waiting.c: see waiting.h. */
#include "splitter/scsi/waiting.h"

#include <inttypes.h>
#include <stdio.h>

#define MINUTE_NS INT64_C(60000000000)

bool scsi_waiting_is_due(int64_t *notice_ns, int64_t waited_ns)
{
	if (waited_ns < *notice_ns)
		return false;
	*notice_ns = (waited_ns / MINUTE_NS + 1) * MINUTE_NS;
	return true;
}

const char *scsi_waiting_text(struct scsi_waiting *waiting, int64_t waited_ns,
    int64_t most_ns)
{
	char after[40] = "";

	if (waited_ns >= MINUTE_NS)
		snprintf(after, sizeof after, " after %" PRId64 " min",
		    waited_ns / MINUTE_NS);
	snprintf(waiting->text, sizeof waiting->text,
	    "%s: waiting at most %" PRId64 " min", after,
	    (most_ns + MINUTE_NS - 1) / MINUTE_NS);
	return waiting->text;
}
