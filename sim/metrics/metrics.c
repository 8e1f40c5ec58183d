/* metrics.c: the table of metrics, and how their values are shown. */
#include <assert.h>
#include <stdio.h>

#include "sim/metrics/metrics.h"
#include "reports/units.h"

static const char *const outcome_words[] = { "DONE", "PARTIAL", "FAILED",
	NULL };

static const char *const restored_words[] = { "source", "different", NULL };

static const char *const sealed_words[] = { "yes", "no", NULL };

static const struct metrics_def defs[METRIC_COUNT] = {
	[METRIC_OUTCOME] = { .name = "outcome",
	    .type = METRIC_WORD,
	    .unit = "",
	    .words = outcome_words,
	    .meaning = "How the dump ended.",
	    .detail = "`DONE`: all of it is on tape. `PARTIAL`: only its "
		      "beginning is. `FAILED`: it was cancelled, or its source "
		      "failed.",
	    .example = "outcome == DONE" },
	[METRIC_ATTEMPTS] = { .name = "attempts",
	    .type = METRIC_ATTEMPTS_LINE,
	    .unit = "",
	    .meaning = "Every attempt at writing a part; see the attempts line "
		       "below.",
	    .example = "attempts == 1:1048576 2:393216F | 2:1048576" },
	[METRIC_SAFE_BYTES] = { .name = "safe_bytes",
	    .type = METRIC_SIZE,
	    .unit = "B",
	    .meaning = "Bytes of the dump, from its beginning, in committed "
		       "parts.",
	    .example = "safe_bytes == 5 GiB" },
	[METRIC_PARTS] = { .name = "parts",
	    .type = METRIC_NUMBER,
	    .unit = "",
	    .meaning = "Number of committed parts.",
	    .example = "parts == 6" },
	[METRIC_VOLUMES_USED] = { .name = "volumes_used",
	    .type = METRIC_NUMBER,
	    .unit = "",
	    .meaning = "Number of volumes that were labelled.",
	    .example = "volumes_used <= 4" },
	[METRIC_RESTORED] = { .name = "restored",
	    .type = METRIC_WORD,
	    .unit = "",
	    .words = restored_words,
	    .meaning = "Whether the committed parts, read back from the "
		       "volumes, equal the source.",
	    .detail = "`source`: they do. `different`: they do not. Undefined "
		      "after an interrupt, and if this machine could not read "
		      "a volume. Parts that differ fail a scenario even "
		      "without this expectation, unless it expects `restored "
		      "== different`.",
	    .example = "restored == source" },
	[METRIC_THROUGHPUT_MEAN] = { .name = "throughput_mean",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "The bytes of the dump divided by its duration.",
	    .detail = "Undefined if the duration is 0.",
	    .example = "throughput_mean >= 100 MB/s" },
	[METRIC_WRITE_RATE_MEAN] = { .name = "write_rate_mean",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Bytes written to tapes in all attempts, divided by the "
		       "time in which a write was in progress.",
	    .detail = "Undefined if that time is 0.",
	    .example = "write_rate_mean >= 250 MB/s" },
	[METRIC_DUMP_BYTES] = { .name = "dump_bytes",
	    .type = METRIC_SIZE,
	    .unit = "B",
	    .meaning = "Bytes that the splitter accepted from the producer.",
	    .example = "dump_bytes == 5 GiB" },
	[METRIC_TAPE_BYTES] = { .name = "tape_bytes",
	    .type = METRIC_SIZE,
	    .unit = "B",
	    .meaning = "Bytes of the dump written to tapes in all attempts, "
		       "without labels and headers.",
	    .example = "tape_bytes <= 6 GiB" },
	[METRIC_FAILED_ATTEMPTS] = { .name = "failed_attempts",
	    .type = METRIC_NUMBER,
	    .unit = "",
	    .meaning = "Number of attempts that failed.",
	    .example = "failed_attempts == 1" },
	[METRIC_DURATION] = { .name = "duration",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time from the start of the dump to its outcome, loads "
		       "and unloads included.",
	    .example = "duration < 5 min" },
	[METRIC_PRODUCER_BLOCKED] = { .name = "producer_blocked",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which the producer waited for room in the "
		       "buffer.",
	    .example = "producer_blocked >= 100 s" },
	[METRIC_DRIVE_STARVED] = { .name = "drive_starved",
	    .type = METRIC_TIME,
	    .unit = "s",
	    .meaning = "Time in which the drive waited for data within a part.",
	    .example = "drive_starved == 0" },
	[METRIC_UNDERRUNS] = { .name = "underruns",
	    .type = METRIC_NUMBER,
	    .unit = "",
	    .meaning = "Number of times the drive ran out of data within a "
		       "part.",
	    .example = "underruns == 0" },
	[METRIC_BUFFER_FILL_MEAN] = { .name = "buffer_fill_mean",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Mean fill of the buffer over the duration.",
	    .detail = "The fill is the data that was accepted and not yet "
		      "written. 100 % is all memory for data: the buffer, and "
		      "with `cache: memory` also the part. Undefined if the "
		      "duration is 0.",
	    .example = "buffer_fill_mean <= 20 %" },
	[METRIC_BUFFER_FILL_MAX] = { .name = "buffer_fill_max",
	    .type = METRIC_SHARE,
	    .unit = "%",
	    .meaning = "Highest fill of the buffer.",
	    .example = "buffer_fill_max == 100 %" },
	[METRIC_SPOOL_FULL_PARTS] = { .name = "spool_full_parts",
	    .type = METRIC_NUMBER,
	    .unit = "",
	    .meaning = "Number of parts that ended because the spool was full.",
	    .example = "spool_full_parts > 0" },
	[METRIC_CACHE_READ_BYTES] = { .name = "cache_read_bytes",
	    .type = METRIC_SIZE,
	    .unit = "B",
	    .meaning = "Bytes written to tapes, in all attempts, that were "
		       "read back from the spool or from slices.",
	    .example = "cache_read_bytes > 0" },
	[METRIC_SEALED] = { .name = "sealed",
	    .type = METRIC_WORD,
	    .unit = "",
	    .words = sealed_words,
	    .meaning = "Whether the end record, the table of all parts, is on "
		       "tape.",
	    .detail = "`no`: it did not fit, or failed, or the last volume had "
		      "already been unloaded. See tapelab-header(5).",
	    .example = "sealed == yes" },
};

const struct metrics_def *metrics_def(enum metrics_id id)
{
	assert((unsigned)id < METRIC_COUNT);
	return &defs[id];
}

void metrics_format(enum metrics_id id, const struct metrics_value *value,
    char *buf, size_t buf_bytes)
{
	char number[UNITS_BYTES];
	const char *text;

	if (!value->defined) {
		snprintf(buf, buf_bytes, "%s",
		    metrics_def(id)->type == METRIC_WORD ? "not known"
							 : "undefined");
		return;
	}
	switch (metrics_def(id)->type) {
	case METRIC_WORD:
	case METRIC_ATTEMPTS_LINE:
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
		snprintf(buf, buf_bytes, "%s",
		    units_size_exact(number, value->number));
		break;
	case METRIC_RATE:
		snprintf(buf, buf_bytes, "%s", units_rate(number, value->real));
		break;
	case METRIC_TIME:
		snprintf(buf, buf_bytes, "%s", units_time(number, value->real));
		break;
	case METRIC_SHARE:
		snprintf(buf, buf_bytes, "%s",
		    units_percent(number, value->real));
		break;
	}
}
