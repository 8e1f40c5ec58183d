/*
 * fill.c: the rest of the tape, in a hundred files.
 *
 * A synchronised filemark ends each, so that a run that was killed loses one.
 */
#include "sim/calibrate/impl.h"

enum {
	FILES = 100,
	RUN_BYTES = 4 << 20,
	/* More than any cartridge holds of what its generation says. */
	PERCENT_MOST = 130
};

struct piece {
	uint64_t file; /* where it begins */
	double bytes, from;
};

/*
 * Samples: bytes that the drive took, seconds, bytes up to the early warning (0:
 * it did not come), and whether the physical end came.
 */
static bool measure_piece(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	const struct piece *p = arg;
	double sent = 0, warned = 0;
	int64_t begun_ns;
	uint64_t before;

	/* What a killed run wrote here is written over. */
	if ((c->lost || c->file != p->file) && !cal_locate(c, p->file))
		return false;
	c->file = p->file;
	c->lost = false;
	c->at = (uint64_t)p->from;
	begun_ns = c->now_ns;
	while (!c->peom && sent < p->bytes) {
		bool leom = c->leom;
		uint64_t bytes = c->leom ? c->block : RUN_BYTES;

		before = c->at;
		if (!cal_write(c, bytes, c->block))
			return false;
		sent += (double)(c->at - before);
		if (c->leom && !leom)
			warned = sent;
	}
	samples[(*count)++] = sent;
	if (!cal_filemark(c, true))
		return false;
	samples[(*count)++] = (double)(c->now_ns - begun_ns) / CAL_SECOND;
	samples[(*count)++] = warned;
	samples[(*count)++] = c->peom;
	return true;
}

static void add_file(struct calibration *c, uint64_t number, double byte)
{
	if (c->files_count < CALIBRATE_SAMPLES_MAX)
		c->files[c->files_count++] = (struct cal_file){ number, byte };
}

void cal_fill(struct calibration *c)
{
	double expected = (double)c->config->medium->capacity_bytes;
	double samples[CALIBRATE_SAMPLES_MAX], warned = 0;
	struct piece p = { .bytes = expected / FILES };
	size_t count;

	if (!c->config->fill) {
		cal_without(c, CALIBRATE_CAPACITY, CALIBRATE_NOT_ASKED,
		    "it needs --fill");
		c->result->of[CALIBRATE_EARLY_WARNING] =
		    c->result->of[CALIBRATE_CAPACITY];
		return;
	}
	if (c->files_count == 0) {
		cal_fail(c, "fill: the stream left no file to begin after");
		return;
	}
	/* The last file of the stream is written over: its length is known. */
	c->stream_files = --c->files_count;
	p.file = c->files[c->files_count].number;
	p.from = c->files[c->files_count].byte;
	c->lost = true;
	for (int i = 0; p.from * 100 < expected * PERCENT_MOST; i++) {
		if (!cal_unit(c, measure_piece, &p, samples, &count, "fill %d",
			i))
			return;
		add_file(c, p.file, p.from);
		if (samples[2] > 0)
			warned = p.from + samples[2];
		p.from += samples[0];
		p.file++;
		if (samples[3] == 0)
			continue;
		cal_found(c, CALIBRATE_CAPACITY, p.from, (double)c->block, 1,
		    "a block");
		if (warned > 0)
			cal_found(c, CALIBRATE_EARLY_WARNING, p.from - warned,
			    (double)c->block, 1, "a block");
		else
			cal_without(c, CALIBRATE_EARLY_WARNING,
			    CALIBRATE_NO_FIT,
			    "the drive gave none before the physical end");
		return;
	}
	cal_without(c, CALIBRATE_CAPACITY, CALIBRATE_CANNOT,
	    "the tape did not end after %.1f GB, %d %% of what is expected: is "
	    "compression on?",
	    p.from / 1e9, PERCENT_MOST);
	c->result->of[CALIBRATE_EARLY_WARNING] =
	    c->result->of[CALIBRATE_CAPACITY];
}
