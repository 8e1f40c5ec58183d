/*
 * measuring_rate.c: the rates at which a drive writes and reads; see
 * measuring.h.
 *
 * The rate is that of all bytes, up to the end of a synchronised filemark.
 * Where the length of a wrap is known, the time of each whole wrap is measured
 * too, forward (away from the beginning of the tape) and reverse apart: a worn
 * head, or a worn edge of the tape, shows there.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "splitter/base/grow.h"
#include "sim/run/steps/measuring.h"

/* The bytes that were moved up to a time. */
struct moment {
	uint64_t bytes;
	int64_t ns;
};

/* The course of a file. */
struct course {
	struct moment *list;
	size_t count;
	uint64_t first; /* the first byte on the medium */
};

/* A step of the course, which is at most a small part of a wrap. */
enum { PIECE_BYTES = 32 << 20, PIECES_OF_A_WRAP = 64 };

static uint64_t piece_bytes(const struct measuring *m)
{
	uint64_t wrap = measuring_wrap_bytes(m), piece = PIECE_BYTES;

	if (wrap > 0 && wrap / PIECES_OF_A_WRAP < piece)
		piece = wrap / PIECES_OF_A_WRAP;
	piece -= piece % m->block_bytes;
	return piece > 0 ? piece : m->block_bytes;
}

static bool add(struct measuring *m, struct course *c, uint64_t bytes)
{
	struct moment *list = grow_by_one(c->list, c->count, sizeof *list);

	if (list == NULL) {
		m->to->out_of_memory = true;
		return false;
	}
	c->list = list;
	list[c->count++] = (struct moment){ bytes, m->now_ns };
	return true;
}

/* Returns when a byte of the file was moved, between two moments. */
static double time_of(const struct course *c, uint64_t byte)
{
	size_t i = 1;
	double share;

	while (i + 1 < c->count && c->list[i].bytes < byte)
		i++;
	share = c->list[i].bytes == c->list[i - 1].bytes
	    ? 0
	    : (double)(byte - c->list[i - 1].bytes) /
		(double)(c->list[i].bytes - c->list[i - 1].bytes);
	return (double)c->list[i - 1].ns +
	    share * (double)(c->list[i].ns - c->list[i - 1].ns);
}

/* Sets the rates of the whole wraps of each direction. */
static void set_wraps(struct measuring *m, const struct course *c,
    uint64_t wrap_bytes, const enum metrics_id ids[2])
{
	double ns[2] = { 0, 0 };
	uint64_t bytes[2] = { 0, 0 }, all, wrap;

	if (c->count < 2 || wrap_bytes == 0)
		return;
	all = c->list[c->count - 1].bytes;
	wrap = c->first / wrap_bytes + (c->first % wrap_bytes > 0);
	for (; (wrap + 1) * wrap_bytes <= c->first + all; wrap++) {
		uint64_t begin = wrap * wrap_bytes - c->first;

		ns[wrap % 2] +=
		    time_of(c, begin + wrap_bytes) - time_of(c, begin);
		bytes[wrap % 2] += wrap_bytes;
	}
	for (int i = 0; i < 2; i++)
		if (bytes[i] > 0 && ns[i] > 0)
			measuring_set(m, ids[i],
			    (double)bytes[i] * 1e9 / ns[i]);
}

static void set_rate(struct measuring *m, enum metrics_id id, uint64_t bytes,
    int64_t ns)
{
	if (ns > 0 && bytes > 0)
		measuring_set(m, id, (double)bytes * 1e9 / (double)ns);
}

/* Returns the first byte of the file on the medium; 0 if it is not known. */
static uint64_t medium_byte(const struct measuring *m)
{
	struct tape_position position = {
		TAPE_POSITION_UNKNOWN,
		TAPE_POSITION_UNKNOWN,
		TAPE_POSITION_UNKNOWN,
		{ 0 },
	};

	m->tape->ops->position(m->tape, &position);
	return position.byte == TAPE_POSITION_UNKNOWN ? 0 : position.byte;
}

static uint64_t write_file(struct measuring *m, struct course *c)
{
	const struct scenario_step *step = m->step;
	uint64_t done = 0, n = 1;
	int64_t begun;

	if (!measuring_locate(m, 1) || !measuring_begin_file(m, 1))
		return 0;
	c->first = medium_byte(m);
	begun = m->now_ns;
	if (!add(m, c, 0))
		return 0;
	while (done < step->size_bytes && n > 0 && !m->failed) {
		uint64_t piece = piece_bytes(m);

		if (piece > step->size_bytes - done)
			piece = step->size_bytes - done;
		n = measuring_write(m, done, piece, m->block_bytes);
		done += n;
		if (!add(m, c, done))
			return 0;
		if (m->result.leom || m->result.cause != TAPE_OK)
			break;
	}
	if (m->failed || !measuring_filemark(m, true))
		return 0;
	set_rate(m, METRIC_MEASURED_WRITE_RATE, done, m->now_ns - begun);
	program_count(m->to, METRIC_MEASURED_BYTES, done);
	return done;
}

static void read_file(struct measuring *m, struct course *c, uint64_t bytes)
{
	uint64_t piece = piece_bytes(m);
	int64_t begun;

	if (!measuring_locate(m, 1) || !measuring_read_header(m, 1))
		return;
	begun = m->now_ns;
	if (!add(m, c, 0))
		return;
	for (uint64_t done = 0; done < bytes; done += piece) {
		if (piece > bytes - done)
			piece = bytes - done;
		if (!measuring_read(m, done, piece, m->block_bytes) ||
		    !add(m, c, done + piece))
			return;
	}
	set_rate(m, METRIC_MEASURED_READ_RATE, bytes, m->now_ns - begun);
	program_word(m->to, METRIC_RESTORED, "source");
}

void measuring_rate(struct measuring *m)
{
	static const enum metrics_id writes[] = { METRIC_FORWARD_WRITE_RATE,
		METRIC_REVERSE_WRITE_RATE };
	static const enum metrics_id reads[] = { METRIC_FORWARD_READ_RATE,
		METRIC_REVERSE_READ_RATE };
	struct course writing = { NULL, 0, 0 }, reading = { NULL, 0, 0 };
	uint64_t bytes = write_file(m, &writing);

	reading.first = writing.first;
	if (bytes > 0)
		read_file(m, &reading, bytes);
	if (!m->failed) {
		set_wraps(m, &writing, measuring_wrap_bytes(m), writes);
		set_wraps(m, &reading, measuring_wrap_bytes(m), reads);
	}
	free(writing.list);
	free(reading.list);
}

void measuring_second_drive(struct measuring *m)
{
	struct course reading = { NULL, 0, 0 };

	read_file(m, &reading, m->step->size_bytes);
	free(reading.list);
}
