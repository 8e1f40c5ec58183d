/* enums.c: the one table of names for each shared enumeration. */
#include "splitter/tape/enums.h"

#include <stddef.h>

/*
 * Looks up a name.  "?": the value, which any program may have set, has none.
 */
#define NAME(names, value)                                                    \
	((unsigned)(value) < sizeof(names) / sizeof *(names) ? (names)[value] \
							     : "?")

const char *tape_cause_name(enum tape_cause cause)
{
	static const char *const names[] = {
		[TAPE_OK] = "ok",
		[TAPE_PEOM] = "peom",
		[TAPE_MEDIUM_ERROR] = "medium_error",
		[TAPE_DEFERRED_ERROR] = "deferred_error",
		[TAPE_HARDWARE_ERROR] = "hardware_error",
		[TAPE_POSITION_LOST] = "position_lost",
		[TAPE_UNKNOWN_ERROR] = "unknown_error",
		[TAPE_WRITE_PROTECTED] = "write_protected",
		[TAPE_BLANK] = "blank",
		[TAPE_FILEMARK] = "filemark",
		[TAPE_EOD] = "end_of_data",
		[TAPE_NO_VOLUME] = "no_volume",
		[TAPE_INVALID] = "invalid",
		[TAPE_STORAGE_FAILED] = "storage_failed",
		[TAPE_REFUSED] = "refused",
		[TAPE_CACHE_ERROR] = "cache_error",
		[TAPE_CANCELLED] = "cancelled",
		[TAPE_PRODUCER_FAILED] = "producer_failed",
	};

	return NAME(names, cause);
}

const char *tape_close_name(enum tape_close close)
{
	static const char *const names[] = {
		[TAPE_CLOSE_GOOD] = "good",
		[TAPE_CLOSE_FULL] = "full",
		[TAPE_CLOSE_SUSPECT] = "suspect",
		[TAPE_CLOSE_AVOID_DRIVE] = "suspect, drive avoided",
		[TAPE_CLOSE_REFUSED] = "refused",
	};

	return NAME(names, close);
}

const char *splitter_end_name(enum splitter_end end)
{
	static const char *const names[] = {
		[SPLITTER_END_NONE] = "",
		[SPLITTER_END_EOF] = "EOF",
		[SPLITTER_END_EOP] = "EOP",
		[SPLITTER_END_LEOM] = "LEOM",
		[SPLITTER_END_CUT] = "CUT",
		[SPLITTER_END_FAILED] = "FAILED",
	};

	return NAME(names, end);
}

const char *splitter_outcome_name(enum splitter_outcome outcome)
{
	static const char *const names[] = {
		[SPLITTER_NO_OUTCOME] = "",
		[SPLITTER_DONE] = "DONE",
		[SPLITTER_PARTIAL] = "PARTIAL",
		[SPLITTER_FAILED] = "FAILED",
	};

	return NAME(names, outcome);
}

const char *splitter_volume_kind_name(enum splitter_volume_kind kind)
{
	static const char *const names[] = {
		[SPLITTER_VOLUME_BLANK] = "blank",
		[SPLITTER_VOLUME_SCRATCH] = "scratch",
		[SPLITTER_VOLUME_DUMPS] = "dumps",
		[SPLITTER_VOLUME_FOREIGN] = "foreign",
		[SPLITTER_VOLUME_UNREADABLE] = "unreadable",
		[SPLITTER_VOLUME_NOT_SCANNED] = "not_scanned",
	};

	return NAME(names, kind);
}

const char *splitter_gap_kind_name(enum splitter_gap_kind kind)
{
	static const char *const names[] = {
		[SPLITTER_GAP_MISSING] = "missing",
		[SPLITTER_GAP_DAMAGED] = "damaged",
		[SPLITTER_GAP_UNPROVEN] = "unproven",
	};

	return NAME(names, kind);
}

/* The names of the part caches by value, ended by NULL. */
static const char *const caches[] = {
	[SPLITTER_CACHE_NONE] = "none",
	[SPLITTER_CACHE_MEMORY] = "memory",
	[SPLITTER_CACHE_SPOOL] = "spool",
	[SPLITTER_CACHE_SLICES] = "slices",
	NULL,
};
static const char *const needs[] = {
	[SPLITTER_STREAMING_NONE] = "none",
	[SPLITTER_STREAMING_DESIRED] = "desired",
	[SPLITTER_STREAMING_REQUIRED] = "required",
	NULL,
};
static const char *const fault_places[] = {
	[SPLITTER_FAULT_BLOCK] = "block",
	[SPLITTER_FAULT_HEADER] = "header",
	[SPLITTER_FAULT_FILEMARK] = "filemark",
	[SPLITTER_FAULT_LABEL] = "label",
	[SPLITTER_FAULT_LOAD] = "load",
	NULL,
};

const char *const *splitter_cache_names(void)
{
	return caches;
}

const char *const *splitter_streaming_names(void)
{
	return needs;
}

const char *const *splitter_fault_at_names(void)
{
	return fault_places;
}

const char *splitter_cache_name(enum splitter_cache cache)
{
	return (unsigned)cache > SPLITTER_CACHE_SLICES ? "?" : caches[cache];
}

const char *splitter_streaming_name(enum splitter_streaming streaming)
{
	return (unsigned)streaming > SPLITTER_STREAMING_REQUIRED
	    ? "?"
	    : needs[streaming];
}

const char *splitter_fault_at_name(enum splitter_fault_at at)
{
	return (unsigned)at > SPLITTER_FAULT_LOAD ? "?" : fault_places[at];
}

const enum tape_cause *splitter_fault_causes(void)
{
	static const enum tape_cause causes[] = { TAPE_MEDIUM_ERROR, TAPE_PEOM,
		TAPE_DEFERRED_ERROR, TAPE_HARDWARE_ERROR, TAPE_POSITION_LOST,
		TAPE_UNKNOWN_ERROR, TAPE_WRITE_PROTECTED, TAPE_STORAGE_FAILED,
		TAPE_OK };

	return causes;
}

const char *tape_cause_text(enum tape_cause cause)
{
	static const char *const texts[] = {
		[TAPE_OK] = "no error",
		[TAPE_PEOM] = "the volume is full",
		[TAPE_MEDIUM_ERROR] = "medium error",
		[TAPE_DEFERRED_ERROR] = "acknowledged blocks are not on tape",
		[TAPE_HARDWARE_ERROR] =
		    "hardware error: the drive needs service",
		[TAPE_POSITION_LOST] = "the drive has lost its position",
		[TAPE_UNKNOWN_ERROR] = "error of unknown kind",
		[TAPE_WRITE_PROTECTED] = "the volume is write-protected",
		[TAPE_BLANK] = "the volume is blank",
		[TAPE_FILEMARK] = "filemark",
		[TAPE_EOD] = "end of data",
		[TAPE_NO_VOLUME] = "there is no such volume, or no drive",
		[TAPE_INVALID] = "the drive cannot do this",
		[TAPE_STORAGE_FAILED] = "the storage of the volume failed",
		[TAPE_REFUSED] = "the volume may not be written to",
		[TAPE_CACHE_ERROR] = "the part cache failed",
		[TAPE_CANCELLED] = "the dump was cancelled",
		[TAPE_PRODUCER_FAILED] = "the producer failed",
	};

	return (unsigned)cause < sizeof texts / sizeof *texts
	    ? texts[cause]
	    : "a result that no tape may report";
}
