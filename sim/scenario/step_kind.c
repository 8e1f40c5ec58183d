/* step_kind.c: the table of the kinds of steps. */
#include "sim/scenario/step.h"

#include <stdlib.h>

#include "sim/scenario/scenario.h"

const struct scenario_step_kind scenario_step_kinds[SCENARIO_STEP_KINDS] = {
	[STEP_WRITE] = { "write", "a write step",
	    .meaning = "Writes new dumps, as tapelab-write(1) does.",
	    .detail = "With `volumes`, only these volumes are used, in this "
		      "order, and may be appended to. Several dumps are "
		      "written at the same time, each to a drive of its own." },
	[STEP_APPEND] = { "append", "an append step",
	    .meaning = "Writes a new dump after the data on the named "
		       "volumes.",
	    .detail = "The same as `write`, but `volumes` is required." },
	[STEP_RESUME] = { "resume", "a resume step",
	    .meaning = "Continues an unfinished dump with the same stream.",
	    .detail = "The safe parts are found by catalogue and tapes, and "
		      "compared with the stream; see tapelab-write(1)." },
	[STEP_LABEL] = { "label", "a label step",
	    .meaning = "Labels volumes as scratch, as tapelab-label(1) does.",
	    .detail = "Without `volumes`, all blank volumes of the library." },
	[STEP_SCAN] = { "scan", "a scan step",
	    .meaning = "Reads labels, headers and end records of volumes, as "
		       "tapelab-scan(1) does." },
	[STEP_READ] = { "read", "a read step",
	    .meaning = "Reads a dump back, as tapelab-read(1) does, and "
		       "compares it with its source.",
	    .detail = "With `volumes`, only these volumes are scanned, in "
		      "this order; one may be named twice." },
	[STEP_VERIFY] = { "verify", "a verify step",
	    .meaning = "Reads every dump that a scan finds, and compares it "
		       "with its checksums.",
	    .detail = "Nothing is compared with a source." },
	[STEP_MEASURE] = { "measure", "a measure step",
	    .meaning = "Measures a drive with a volume that has a label of "
		       "tapelab.",
	    .detail =
		"Everything after the label is lost. The data is read back "
		"and compared." },
	[STEP_ERASE] = { "erase", "an erase step",
	    .meaning = "Erases a volume from its beginning, whatever is on "
		       "it, as `mt erase` does.",
	    .detail = "If the drive fails, the data is still there." },
	[STEP_MOVE] = { "move", "a move step",
	    .meaning = "The robot moves a volume to another place, as "
		       "tapelab-vtl(1) does." },
	[STEP_SWAP] = { "swap", "a swap step",
	    .meaning = "A person exchanges the places of two volumes: each is "
		       "in the wrong slot.",
	    .detail = "The library reads their barcodes afterwards." },
	[STEP_TAKE_OUT] = { "take_out", "a take_out step",
	    .meaning = "A person takes a volume out of the library: it is "
		       "missing, until `put_in`." },
	[STEP_PUT_IN] = { "put_in", "a put_in step",
	    .meaning = "A person puts a volume back that was taken out." },
	[STEP_PROTECT] = { "protect", "a protect step",
	    .meaning = "A person sets the write-protect switch of a volume." },
	[STEP_UNPROTECT] = { "unprotect", "an unprotect step",
	    .meaning = "A person clears the write-protect switch of a "
		       "volume." },
	[STEP_WAIT] = { "wait", "a wait step", .meaning = "Time passes." },
	[STEP_EXCHANGE_LABELS] = { "exchange_labels", "an exchange_labels step",
	    .meaning = "A person exchanges the barcode labels of two volumes: "
		       "the barcode of each disagrees with the label on its "
		       "tape." },
	[STEP_DUPLICATE] = { "duplicate", "a duplicate step",
	    .meaning = "Another cartridge with the same barcode takes the "
		       "place of a volume.",
	    .detail = "The next `duplicate` of that volume exchanges the two "
		      "again." },
	[STEP_OVERWRITE] = { "overwrite", "an overwrite step",
	    .meaning = "Another program writes over the beginning of a volume "
		       "and what followed is lost." },
	[STEP_CLEANING] = { "cleaning", "a cleaning step",
	    .meaning = "A person puts a cleaning cartridge into a slot of a "
		       "volume." },
	[STEP_EXCHANGE_DRIVE] = { "exchange_drive", "an exchange_drive step",
	    .meaning = "A drive is exchanged for one of another model." },
};

const char *const *scenario_step_words(void)
{
	static const char *words[SCENARIO_STEP_KINDS + 1];

	/* The array is static, but every call stores the same words. */
	for (size_t i = 0; i < SCENARIO_STEP_KINDS; i++)
		words[i] = scenario_step_kinds[i].word;
	return words;
}

const char *const *scenario_holds_words(void)
{
	static const char *const words[] = { [HOLDS_BLANK] = "blank",
		[HOLDS_SCRATCH] = "scratch",
		[HOLDS_TAR] = "tar",
		[HOLDS_LTFS] = "ltfs",
		[HOLDS_AMANDA] = "amanda",
		[HOLDS_BAREOS] = "bareos",
		[HOLDS_BACULA] = "bacula",
		[HOLDS_UNKNOWN] = "unknown",
		NULL };

	return words;
}

bool scenario_step_writes(enum scenario_step_does does)
{
	return does <= STEP_RESUME;
}

void scenario_step_clear(struct scenario_step *step)
{
	for (size_t i = 0; i < step->expects_count; i++)
		metrics_expect_free(&step->expects[i]);
	free(step->expects);
	for (size_t i = 0; i < step->faults_count; i++)
		free(step->faults[i].text);
	free(step->faults);
	free(step->dumps.list);
	free(step->volumes.list);
	free(step->overwrite.list);
	free(step->assumed.list);
}
