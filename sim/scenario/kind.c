/* kind.c: the table of the kinds of faults. */
#include "sim/scenario/kind.h"

const struct scenario_kind scenario_kinds[SCENARIO_KINDS] = {
	[FAIL_WRITE] = { "write", "a write fault", FAIL_WRITE,
	    .one_of = { "at", "block" },
	    .meaning = "A bad spot of a volume: writing the block that covers "
		       "it fails.",
	    .detail = "The block that covers the spot is not written; blocks "
		      "before it are. With sense data of key 1 (recovered) the "
		      "block is written, and the drive reports a recovered "
		      "error. The capacity is tested before defects: a spot "
		      "that no block covers does nothing. A spot under the "
		      "label or a header makes the volume unusable; no attempt "
		      "is reported." },
	[FAIL_READ] = { "read", "a read fault", FAIL_READ,
	    .one_of = { "at", "block" },
	    .at_most_one_of = { "once", "recover_after", "one_in" },
	    .meaning = "A bad spot of a volume: reading the block that covers "
		       "it fails.",
	    .detail = "By default each read fails. A run reads volumes back at "
		      "its end; a block that cannot be read then is tried "
		      "three times." },
	[FAIL_SLOW] = { "slow", "a slow fault", FAIL_SLOW,
	    .one_of = { "at", "block" },
	    .meaning = "A region of a volume where writing and reading a block "
		       "takes longer." },
	[FAIL_CORRUPT] = { "corrupt", "a corrupt fault", FAIL_CORRUPT,
	    .one_of = { "at", "block" },
	    .meaning = "A spot of a volume that silently changes the block "
		       "that is written over it.",
	    .detail = "Neither writing nor reading reports an error: only a "
		      "checksum shows the damage." },
	[FAIL_BLOCK] = { "block", "a block fault", FAIL_BLOCK,
	    .meaning = "Writing the Nth data block of the whole library "
		       "fails." },
	[FAIL_HEADER] = { "header", "a header fault", FAIL_HEADER,
	    .meaning = "Writing the Nth header of the whole library fails." },
	[FAIL_FILEMARK] = { "filemark", "a filemark fault", FAIL_FILEMARK,
	    .meaning = "Writing the Nth filemark of the whole library fails.",
	    .detail = "Only filemarks after a part, committed or failed, are "
		      "counted." },
	[FAIL_LABEL] = { "label", "a label fault", FAIL_LABEL,
	    .meaning = "Writing the Nth label of the whole library fails." },
	[FAIL_LOAD] = { "load", "a load fault", FAIL_LOAD,
	    .meaning = "The Nth load of the whole library fails, before the "
		       "robot moves.",
	    .detail = "The volume stays in its slot, and the next load takes "
		      "it." },
	[FAIL_MOVE] = { "move", "a move fault", FAIL_MOVE,
	    .meaning = "The robot fails to move the Nth volume to a drive.",
	    .detail = "A move that fails is a volume that could not be loaded: "
		      "see `max_failed_volumes`." },
	[FAIL_BARCODE] = { "barcode", "a barcode fault", FAIL_BARCODE,
	    .meaning = "The robot cannot read the barcode of a volume.",
	    .detail = "The dump is not affected: the robot finds the volume by "
		      "its slot, and the label that the drive reads identifies "
		      "the volume." },
	[FAIL_DRIVE] = { "drive", "a drive fault", FAIL_DRIVE,
	    .one_of = { "nth", "every", "after_bytes", "after_time", "one_in",
		"at" },
	    .meaning = "A drive fails an operation, or does something else "
		       "than it reports.",
	    .detail = "Each drive counts its own operations. Drives in which "
		      "volumes are read back at the end of the run do not "
		      "fail. One of the keys `nth`, `every`, `after_bytes`, "
		      "`after_time`, `one_in` and `at` says when the fault "
		      "applies; with `mode: slow` it may be left out, and the "
		      "fault applies to every operation." },
	[FAIL_SPOOL_WRITE] = { "spool_write", "a spool_write fault",
	    FAIL_SPOOL_WRITE,
	    .meaning = "Writing to the spool fails, as if the disk were full.",
	    .detail = "Needs `cache: spool`. The part ends and is committed." },
	[FAIL_SPOOL_READ] = { "spool_read", "a spool_read fault",
	    FAIL_SPOOL_READ,
	    .meaning = "Reading a byte back from the spool fails.",
	    .detail = "Needs `cache: spool`. A retry that needs the byte ends "
		      "the dump as PARTIAL." },
	[FAIL_SLICE] = { "slice", "a slice fault", FAIL_SLICE,
	    .meaning = "The file of a slice is damaged before a retry reads "
		       "it.",
	    .detail = "Needs `cache: slices`. A retry that needs the damaged "
		      "bytes ends the dump as PARTIAL. If several faults name "
		      "one slice, the worst counts: `missing`, then "
		      "`truncated`." },
	[FAIL_SLICE_ANNOUNCEMENT] = { "slice_announcement",
	    "a slice_announcement fault", FAIL_SLICE_ANNOUNCEMENT,
	    .meaning = "The producer does not announce the files of slices to "
		       "the splitter.",
	    .detail = "Needs `cache: slices`. A part of which a tape has taken "
		      "bytes of such a slice cannot be written again." },
	[FAIL_PRODUCER] = { "producer", "a producer fault", FAIL_PRODUCER,
	    .meaning = "The source of the dump fails; the dump ends as FAILED.",
	    .detail = "Parts that are committed by then are safe. Bytes that "
		      "are still in the buffer are not: without a `rate` the "
		      "producer fills the buffer before the first volume is "
		      "loaded." },
	[FAIL_STALL] = { "stall", "a stall fault", FAIL_STALL,
	    .meaning = "The producer pauses.",
	    .detail =
		"`drive_starved` counts a pause only while the drive writes a part: the time of a load and "
		"the data in the buffer hide some of it, or all." },
	[FAIL_CANCEL] = { "cancel", "a cancel fault", FAIL_CANCEL,
	    .one_of = { "at", "after_time" },
	    .meaning = "The dump is cancelled; it ends as FAILED.",
	    .detail = "Parts that are committed by then are safe. With `at` at "
		      "most that many bytes are safe: the producer is ahead of "
		      "the tape." },
};

const char *const *scenario_kind_words(void)
{
	static const char *words[SCENARIO_KINDS + 1];

	/* The array is static, but every call stores the same words. */
	for (size_t i = 0; i < SCENARIO_KINDS; i++)
		words[i] = scenario_kinds[i].word;
	return words;
}
