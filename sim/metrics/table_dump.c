/* table_dump.c: the metrics of a dump and its parts. */
#include "sim/metrics/impl.h"

static const char *const outcome_words[] = { "DONE", "PARTIAL", "FAILED",
	NULL };

static const char *const restored_words[] = { "source", "different", NULL };

static const char *const sealed_words[] = { "yes", "no", NULL };

const struct metrics_def metrics_of_dump[METRICS_OF_DUMP] = {
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
	    .detail = "Undefined if bytes took no time.",
	    .example = "throughput_mean >= 100 MB/s" },
	[METRIC_WRITE_RATE_MEAN] = { .name = "write_rate_mean",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Bytes written to tapes in all attempts, divided by "
		       "the time in which a write was in progress.",
	    .detail = "Undefined if bytes took no time.",
	    .example = "write_rate_mean >= 250 MB/s" },
	[METRIC_PART_RATE_MEAN] = { .name = "part_rate_mean",
	    .type = METRIC_RATE,
	    .unit = "B/s",
	    .meaning = "Bytes of the committed parts, divided by the time of "
		       "their attempts, each from its header to the end of "
		       "its filemark.",
	    .detail = "A program that writes one file and closes the drive "
		      "measures this rate. Undefined if bytes took no time.",
	    .example = "part_rate_mean >= 200 MB/s" },
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
	[METRIC_REWRITTEN_BYTES] = { .name = "rewritten_bytes",
	    .type = METRIC_SIZE,
	    .unit = "B",
	    .meaning = "Bytes of the dump in failed attempts: the tape that "
		       "they take is lost, and the parts were written again.",
	    .example = "rewritten_bytes == 0" },
	[METRIC_USED_BYTES] = { .name = "used_bytes",
	    .type = METRIC_SIZE,
	    .unit = "B",
	    .meaning = "Bytes up to the end of data of all volumes that were "
		       "loaded: with labels and headers, before compression "
		       "and without the room of filemarks.",
	    .example = "used_bytes <= 6 GiB" },
	[METRIC_WASTED_BYTES] = { .name = "wasted_bytes",
	    .type = METRIC_SIZE,
	    .unit = "B",
	    .meaning = "Capacity of volumes that are finished, without the "
		       "bytes that they hold.",
	    .detail = "A volume is finished after its early warning, at its "
		      "end, or after an error. The rest of the last volume "
		      "is not wasted: a later dump can be appended.",
	    .example = "wasted_bytes <= 64 MiB" },
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
