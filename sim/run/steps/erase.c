/*
 * erase.c: the step that erases a volume, as "mt erase" does.
 *
 * The drive is asked directly: dumps have no erase.
 */
#include <stdio.h>

#include "sim/run/steps/program.h"
#include "splitter/base/clock.h"
#include "splitter/base/sentence.h"
#include "vtl/drive/drive.h"
#include "vtl/library/vtape.h"

/* Erases the loaded volume from its beginning. */
static void erase(struct tape *tape, bool whole, struct tape_result *result)
{
	struct drive_result answer;

	tape->ops->rewind(tape, result->done_ns, result);
	if (result->cause != TAPE_OK)
		return;
	drive_erase(vtape_drive(tape), whole, result->done_ns, &answer);
	vtape_translate(tape, "erase", &answer, result);
}

/* Loads, erases and unloads a volume; returns when that was done. */
static int64_t erase_volume(struct library *library, const char *barcode,
    bool whole, int64_t now_ns, struct program_outcome *to)
{
	struct tape_library *tapes = library_tapes(library);
	struct tape_result result, out;
	struct tape *tape;

	tape = tape_load_named(tapes, barcode, now_ns, &result);
	if (tape == NULL) {
		to->result = "refused";
		sentence(to->reason, sizeof to->reason, "%s", result.message);
		return result.done_ns;
	}
	erase(tape, whole, &result);
	tapes->ops->unload(tapes, tape,
	    result.cause == TAPE_OK ? TAPE_CLOSE_GOOD : TAPE_CLOSE_SUSPECT,
	    result.done_ns, &out);
	if (result.cause == TAPE_OK)
		result = out;
	if (result.cause != TAPE_OK) {
		to->result = "failed";
		sentence(to->reason, sizeof to->reason, "%s", result.message);
	}
	return out.done_ns;
}

void program_erase(const char *barcode, bool whole, struct step_tapes *tapes,
    struct program_outcome *to)
{
	int64_t now_ns = tapes->real ? clock_now_ns() : 0, done_ns;
	struct library *library;

	to->result = "refused";
	if (stock_device(tapes->stock) != NULL) {
		sentence(to->reason, sizeof to->reason,
		    "volume %s: an erase step needs a virtual library; leave "
		    "out --device",
		    barcode);
		return;
	}
	library = stock_open(tapes->stock, tapes->program, false, false,
	    to->reason, sizeof to->reason);
	if (library == NULL)
		return;
	if (tapes->opened != NULL)
		tapes->opened(tapes->opened_arg, library);
	to->result = "done";
	done_ns = erase_volume(library, barcode, whole, now_ns, to);
	if (!tapes->real)
		tapes->spent_ns += done_ns;
	/* What was measured refers to it. */
	step_tapes_clear(tapes);
	tapes->kept = library;
}
