/* measure.c: carries out a measure step; see measuring.h. */
#include <stdlib.h>
#include <string.h>

#include "sim/run/steps/measuring.h"
#include "splitter/base/clock.h"
#include "splitter/format/header.h"

/*
 * Returns whether a volume with this label may be measured with.  One that
 * exists must be labelled for tests.
 */
static bool may_write(const struct header *label, const char *barcode,
    bool device)
{
	return label->type == HEADER_SCRATCH &&
	    strcmp(label->volume, barcode) == 0 &&
	    (!device || strcmp(label->purpose, HEADER_PURPOSE_TEST) == 0);
}

/* Returns whether the label is that of the named volume. */
static bool check_label(struct measuring *m)
{
	char *block = malloc(TAPE_BLOCK_MAX_BYTES), err[256];
	struct tape_block found;
	struct header header;
	bool good = false;

	if (block == NULL) {
		m->to->out_of_memory = true;
		return false;
	}
	m->tape->ops->rewind(m->tape, m->now_ns, &m->result);
	memset(&found, 0, sizeof found);
	if (measuring_done(m, "rewind")) {
		m->tape->ops->read(m->tape, block, TAPE_BLOCK_MAX_BYTES, &found,
		    m->now_ns, &m->result);
		measuring_take_time(m);
		good = m->result.cause == TAPE_OK &&
		    header_parse(block, found.bytes, &header, err,
			sizeof err) == 0 &&
		    may_write(&header, m->barcode, m->device != NULL);
	}
	free(block);
	if (!good)
		measuring_fail(m,
		    "volume %s: it has no label of a scratch volume of this "
		    "name%s; label it first",
		    m->barcode, m->device != NULL ? " for tests" : "");
	return good;
}

static void measure(struct measuring *m)
{
	static void (*const kinds[])(struct measuring * m) = {
		[MEASURE_RATE] = measuring_rate,
		[MEASURE_BLOCKS] = measuring_blocks,
		[MEASURE_FILEMARKS] = measuring_filemarks,
		[MEASURE_POSITIONS] = measuring_positions,
		[MEASURE_ENDS] = measuring_ends,
		[MEASURE_SECOND_DRIVE] = measuring_second_drive,
	};

	if (measuring_load(m) && check_label(m))
		kinds[m->step->measures](m);
	measuring_unload(m);
}

/* Sets the compression of the drive; a virtual one keeps its own. */
static bool set_compression(struct measuring *m, const struct stock *stock)
{
	const struct story_device *device = stock_device(stock);
	char err[TAPE_MESSAGE_BYTES] = "this device cannot set it";

	if (m->step->compression == COMPRESSION_AS_FOUND || device == NULL)
		return true;
	if (device->set_compression != NULL &&
	    device->set_compression(device->arg,
		m->step->compression == COMPRESSION_ON, err, sizeof err))
		return true;
	measuring_fail(m, "compression: %s", err);
	return false;
}

/* Changes to the second drive; a virtual library takes any. */
static bool take_second(struct measuring *m, const struct stock *stock)
{
	const struct story_device *device = stock_device(stock);
	char err[TAPE_MESSAGE_BYTES] = "there is no second drive";

	if (m->step->measures != MEASURE_SECOND_DRIVE || device == NULL ||
	    (device->second != NULL &&
		device->second(device->arg, err, sizeof err)))
		return true;
	measuring_fail(m, "%s", err);
	return false;
}

void program_measure(const struct program_measurement *how,
    struct step_tapes *tapes, struct program_outcome *to)
{
	const struct scenario_step *step = how->step;
	const struct tapes_use use = { .block_bytes = how->block_bytes,
		.reading = step->measures == MEASURE_SECOND_DRIVE };
	const struct tapes_source source = step_tapes_source(tapes);
	struct measuring m = { .step = step,
		.model = how->model,
		.to = to,
		.barcode = how->barcode,
		.block_bytes = how->block_bytes,
		.real = tapes->real,
		.device = stock_device(tapes->stock) };

	to->result = "done";
	m.now_ns = m.real ? clock_now_ns() : 0;
	m.pattern = pattern_new(how->seed,
	    step->measures == MEASURE_BLOCKS ? TAPE_BLOCK_MAX_BYTES
					     : how->block_bytes,
	    step->zeros);
	if (m.pattern == NULL) {
		to->out_of_memory = true;
		return;
	}
	if (!take_second(&m, tapes->stock) ||
	    !set_compression(&m, tapes->stock)) {
		pattern_free(m.pattern);
		return;
	}
	m.tapes = source.open(source.arg, &use, to->reason, sizeof to->reason);
	if (m.tapes != NULL)
		measure(&m);
	else
		to->result = "refused";
	tapes_close(m.tapes);
	pattern_free(m.pattern);
}
