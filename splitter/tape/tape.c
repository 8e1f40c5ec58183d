/* tape.c: what all tapes share. */
#include "splitter/tape/tape.h"

#include <stdio.h>
#include <string.h>

const char *tape_cause_name(enum tape_cause cause)
{
	switch (cause) {
	case TAPE_OK:
		return "ok";
	case TAPE_PEOM:
		return "PEOM";
	case TAPE_MEDIUM_ERROR:
		return "medium_error";
	case TAPE_DEFERRED:
		return "deferred_error";
	case TAPE_HARDWARE_ERROR:
		return "drive_error";
	case TAPE_POSITION_LOST:
		return "position_lost";
	case TAPE_UNKNOWN:
		return "unknown_error";
	case TAPE_PROTECTED:
		return "write_protected";
	case TAPE_BLANK:
		return "blank";
	case TAPE_FILEMARK:
		return "filemark";
	case TAPE_EOD:
		return "end_of_data";
	case TAPE_NO_VOLUME:
		return "no_volume";
	case TAPE_INVALID:
		return "invalid";
	case TAPE_STORAGE:
		return "storage_failed";
	}
	return "?";
}

void tape_result_init(struct tape_result *result, int64_t done_ns)
{
	memset(result, 0, sizeof *result);
	result->done_ns = done_ns;
}

const char *tape_result_text(const struct tape_result *result)
{
	static const char *const causes[] = {
		[TAPE_OK] = "no error",
		[TAPE_PEOM] = "the physical end of the medium",
		[TAPE_MEDIUM_ERROR] = "medium error",
		[TAPE_DEFERRED] = "deferred error",
		[TAPE_HARDWARE_ERROR] = "hardware error of the drive",
		[TAPE_POSITION_LOST] = "the position of the tape was lost",
		[TAPE_UNKNOWN] = "an error of unknown kind",
		[TAPE_PROTECTED] = "the volume is protected",
		[TAPE_BLANK] = "nothing was ever written there",
		[TAPE_FILEMARK] = "there is a filemark",
		[TAPE_EOD] = "the data ends there",
		[TAPE_NO_VOLUME] =
		    "there is no such volume, or no drive for it",
		[TAPE_INVALID] = "the drive cannot do what was asked",
		[TAPE_STORAGE] = "the volume's storage has failed",
	};

	if (result->message[0] != '\0')
		return result->message;
	return (unsigned)result->cause < sizeof causes / sizeof *causes
	    ? causes[result->cause]
	    : "a cause that does not exist";
}

struct tape *tape_load_named(struct tape_library *library, const char *barcode,
    int64_t now_ns, struct tape_result *result)
{
	if (library->ops->load_named != NULL)
		return library->ops->load_named(library, barcode, now_ns,
		    result);
	tape_result_init(result, now_ns);
	result->cause = TAPE_NO_VOLUME;
	snprintf(result->message, sizeof result->message,
	    "this library "
	    "cannot look for a volume: %s",
	    barcode);
	return NULL;
}
