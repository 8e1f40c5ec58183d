/* report.c: time, results and notices of a drive. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/real/real.h"

struct real_drive *real_begin(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	struct real_drive *d = (struct real_drive *)tape;

	d->now_ns = now_ns;
	d->begun_ns = d->ops->clock_ns(d);
	tape_result_init(result, now_ns);
	return d;
}

void real_end(struct real_drive *d, struct tape_result *result)
{
	int64_t took_ns = d->ops->clock_ns(d) - d->begun_ns;

	result->done_ns = d->now_ns + (took_ns > 0 ? took_ns : 0);
	result->leom = d->leom;
	result->remarks = d->remarks;
}

void real_notice(struct real_drive *d, const char *format, ...)
{
	char message[2 * TAPE_MESSAGE_BYTES];
	va_list args;

	if (d->options.notice == NULL)
		return;
	va_start(args, format);
	sentence_v(message, sizeof message, format, args);
	va_end(args);
	d->options.notice(d->options.notice_arg, message);
}

const char *real_first_load(unsigned generation)
{
	enum { INITIALIZES = 9 };

	return generation == INITIALIZES
	    ? "; the first load of a new LTO-9 cartridge takes 20 min to 2 h"
	    : "";
}

const char *real_volume(const struct real_drive *d)
{
	return d->tape.barcode[0] == '\0' ? "(no barcode)" : d->tape.barcode;
}

void real_report(struct real_drive *d, struct tape_result *result,
    enum tape_cause cause, const char *doing, const char *why)
{
	char file[32] = "";

	result->cause = cause;
	if (d->at.file != TAPE_POSITION_UNKNOWN)
		snprintf(file, sizeof file, ", file %" PRIu64, d->at.file);
	sentence(result->message, sizeof result->message,
	    "%s: volume %s%s: %s: %s", d->device, real_volume(d), file, doing,
	    why);
}

const char *real_explain(enum tape_cause cause, const char *doing)
{
	switch (cause) {
	case TAPE_MEDIUM_ERROR:
		return strncmp(doing, "write", 5) == 0
		    ? "medium error: do not write to this volume again"
		    : tape_cause_text(cause);
	case TAPE_POSITION_LOST:
		return "the drive was reset, or its cartridge was removed";
	case TAPE_WRITE_PROTECTED:
		return "the volume is write-protected, or this user may not "
		       "write to it";
	case TAPE_INVALID:
		return "the drive or its adapter does not take a block of this "
		       "size";
	case TAPE_UNKNOWN_ERROR:
		return "error of unknown kind: see the kernel log";
	default:
		return tape_cause_text(cause);
	}
}

enum tape_known real_barcode_claimed(const struct tape *tape)
{
	const struct real_drive *d = (const struct real_drive *)tape;

	return d->options.barcode_claimed ? TAPE_KNOWN_YES : TAPE_KNOWN_NO;
}
