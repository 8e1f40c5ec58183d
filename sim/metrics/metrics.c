/* metrics.c: the table of metrics, and how their values are shown. */
#include <assert.h>
#include <stdio.h>

#include "sim/metrics/metrics.h"
#include "sim/base/units.h"

static const char *const outcome_words[] = { "DONE", "PARTIAL", "FAILED",
	NULL };

static const char *const restored_words[] = { "source", "different", NULL };

static const char *const sealed_words[] = { "yes", "no", NULL };

static const struct metrics_def defs[METRIC_COUNT] = {
	[METRIC_OUTCOME] = { "outcome", METRIC_WORD, "", outcome_words,
	    "How the dump ended: all of it on tape, a part of it, or failed." },
	[METRIC_ATTEMPTS] = { "attempts", METRIC_PARTS_LINE, "", NULL,
	    "Every attempt as part:bytes, F for a failed one, | for a new "
	    "volume; none where there was no attempt." },
	[METRIC_SAFE_BYTES] = { "safe_bytes", METRIC_SIZE, "B", NULL,
	    "Bytes of the dump, from its beginning, in committed parts." },
	[METRIC_PARTS] = { "parts", METRIC_NUMBER, "", NULL,
	    "Committed parts." },
	[METRIC_VOLUMES_USED] = { "volumes_used", METRIC_NUMBER, "", NULL,
	    "Volumes that were labelled." },
	[METRIC_RESTORED] = { "restored", METRIC_WORD, "", restored_words,
	    "Whether all that is called safe was read back and equals the "
	    "source." },
	[METRIC_THROUGHPUT_MEAN] = { "throughput_mean", METRIC_RATE, "B/s",
	    NULL, "The dump's bytes over the whole time." },
	[METRIC_WRITE_RATE_MEAN] = { "write_rate_mean", METRIC_RATE, "B/s",
	    NULL,
	    "Bytes taken by tapes over the time in which a write was "
	    "out." },
	[METRIC_DUMP_BYTES] = { "dump_bytes", METRIC_SIZE, "B", NULL,
	    "Bytes accepted from the producer." },
	[METRIC_TAPE_BYTES] = { "tape_bytes", METRIC_SIZE, "B", NULL,
	    "Bytes of the dump taken by tapes, in all attempts." },
	[METRIC_FAILED_ATTEMPTS] = { "failed_attempts", METRIC_NUMBER, "", NULL,
	    "Attempts that failed." },
	[METRIC_DURATION] = { "duration", METRIC_TIME, "s", NULL,
	    "The whole time, from the start of the dump to its outcome." },
	[METRIC_PRODUCER_BLOCKED] = { "producer_blocked", METRIC_TIME, "s",
	    NULL, "Time in which the producer waited for room in the buffer." },
	[METRIC_DRIVE_STARVED] = { "drive_starved", METRIC_TIME, "s", NULL,
	    "Time in which a part was being written and the tape waited for "
	    "data." },
	[METRIC_UNDERRUNS] = { "underruns", METRIC_NUMBER, "", NULL,
	    "How often the tape came to wait for data within a part." },
	[METRIC_BUFFER_FILL_MEAN] = { "buffer_fill_mean", METRIC_SHARE, "%",
	    NULL, "Fill of the buffer, its mean over the whole time." },
	[METRIC_BUFFER_FILL_MAX] = { "buffer_fill_max", METRIC_SHARE, "%", NULL,
	    "Fill of the buffer at its highest." },
	[METRIC_SPOOL_FULL_PARTS] = { "spool_full_parts", METRIC_NUMBER, "",
	    NULL, "Parts that ended because the spool could hold no more." },
	[METRIC_CACHE_READ_BYTES] = { "cache_read_bytes", METRIC_SIZE, "B",
	    NULL,
	    "Bytes taken by tapes that were read back from the spool or "
	    "from slices." },
	[METRIC_SEALED] = { "sealed", METRIC_WORD, "", sealed_words,
	    "Whether the end record, the table of all parts, is on tape." },
};

const struct metrics_def *metrics_def(enum metrics_id id)
{
	assert((unsigned)id < METRIC_COUNT);
	return &defs[id];
}

void metrics_format(enum metrics_id id, const struct metrics_value *value,
    char *buf, size_t buf_bytes)
{
	const char *text;

	if (!value->defined) {
		snprintf(buf, buf_bytes, "%s",
		    metrics_def(id)->type == METRIC_WORD ? "not known"
							 : "undefined");
		return;
	}
	switch (metrics_def(id)->type) {
	case METRIC_WORD:
	case METRIC_PARTS_LINE:
		text = value->text;
		if (text == NULL || *text == '\0')
			text = "none";
		snprintf(buf, buf_bytes, "%s", text);
		break;
	case METRIC_NUMBER:
		snprintf(buf, buf_bytes, "%llu",
		    (unsigned long long)value->number);
		break;
	case METRIC_SIZE:
		units_format_size(value->number, buf, buf_bytes);
		break;
	case METRIC_RATE:
		units_format_rate(value->real, buf, buf_bytes);
		break;
	case METRIC_TIME:
		units_format_time(value->real, buf, buf_bytes);
		break;
	case METRIC_SHARE:
		units_format_percent(value->real, buf, buf_bytes);
		break;
	}
}
