/*
 * measuring_kinds.c: block sizes, filemarks, the mechanism, the ends of the
 * tape; see measuring.h.
 */
#include <inttypes.h>

#include "sim/run/steps/measuring.h"

enum { BLOCKS_OF_A_SIZE = 4, SIZES_MAX = 32, FILEMARKS = 8 };

/* Lists the sizes: powers of two, one that is odd, and the largest. */
static size_t list_sizes(const struct tape_limits *limits, uint64_t *sizes)
{
	uint64_t least = limits->block_min_bytes,
		 most = limits->block_max_bytes;
	size_t count = 0;

	if (least < TAPE_BLOCK_MIN_BYTES)
		least = TAPE_BLOCK_MIN_BYTES;
	if (most > TAPE_BLOCK_MAX_BYTES || most == 0)
		most = TAPE_BLOCK_MAX_BYTES;
	for (uint64_t n = TAPE_BLOCK_MIN_BYTES; n < most; n *= 2) {
		if (n >= least)
			sizes[count++] = n;
		/* A size that is a multiple of 4 bytes, and of no sector. */
		if (n == 64 << 10 && n + 516 <= most)
			sizes[count++] = n + 516;
	}
	sizes[count++] = most;
	return count;
}

void measuring_blocks(struct measuring *m)
{
	struct tape_limits limits = { .block_min_bytes = 0 };
	uint64_t sizes[SIZES_MAX];
	size_t count, i;

	m->tape->ops->limits(m->tape, &limits);
	count = list_sizes(&limits, sizes);
	if (!measuring_locate(m, 1))
		return;
	for (i = 0; i < count; i++)
		if (!measuring_begin_file(m, i + 1) ||
		    measuring_write(m, 0, BLOCKS_OF_A_SIZE * sizes[i],
			sizes[i]) != BLOCKS_OF_A_SIZE * sizes[i] ||
		    !measuring_filemark(m, i + 1 == count))
			break;
	if (i < count) {
		measuring_fail(m,
		    "volume %s: blocks of %" PRIu64 " bytes: not all of them "
		    "were written",
		    m->barcode, sizes[i]);
		return;
	}
	for (i = 0; i < count; i++) {
		m->file = i + 1;
		if (!measuring_locate(m, i + 1) ||
		    !measuring_read_header(m, i + 1) ||
		    !measuring_read(m, 0, BLOCKS_OF_A_SIZE * sizes[i],
			sizes[i]))
			return;
	}
	program_count(m->to, METRIC_BLOCK_SIZES, count);
	program_count(m->to, METRIC_LARGEST_BLOCK, sizes[count - 1]);
	program_word(m->to, METRIC_RESTORED, "source");
}

/*
 * Writes files, each with a filemark.  Returns the time of a filemark in
 * seconds; negative after an error.
 */
static double time_filemarks(struct measuring *m, bool sync, uint64_t *file)
{
	int64_t spent = 0, begun;

	for (int i = 0; i < FILEMARKS; i++) {
		if (!measuring_begin_file(m, ++*file) ||
		    measuring_write(m, 0, m->step->size_bytes,
			m->block_bytes) != m->step->size_bytes)
			return -1;
		begun = m->now_ns;
		if (!measuring_filemark(m, sync))
			return -1;
		spent += m->now_ns - begun;
	}
	return (double)spent / FILEMARKS / 1e9;
}

void measuring_filemarks(struct measuring *m)
{
	double with_sync, without;
	uint64_t file = 0;

	if (!measuring_locate(m, 1))
		return;
	with_sync = time_filemarks(m, true, &file);
	without = with_sync >= 0 ? time_filemarks(m, false, &file) : -1;
	if (without < 0 || !measuring_filemark(m, true)) {
		measuring_fail(m, "volume %s: the tape is too short",
		    m->barcode);
		return;
	}
	measuring_set(m, METRIC_SYNC_FILEMARK_TIME, with_sync);
	measuring_set(m, METRIC_FILEMARK_TIME, without);
}

/* Returns the seconds since a time. */
static double since(const struct measuring *m, int64_t begun)
{
	return (double)(m->now_ns - begun) / 1e9;
}

/* Writes some files, between which the tape can be moved. */
static bool write_files(struct measuring *m, uint64_t files)
{
	uint64_t bytes = m->step->size_bytes / files;

	bytes -= bytes % m->block_bytes;
	if (bytes == 0)
		bytes = m->block_bytes;
	if (!measuring_locate(m, 1))
		return false;
	for (uint64_t i = 1; i <= files; i++)
		if (!measuring_begin_file(m, i) ||
		    measuring_write(m, 0, bytes, m->block_bytes) != bytes ||
		    !measuring_filemark(m, true)) {
			measuring_fail(m, "volume %s: the tape is too short",
			    m->barcode);
			return false;
		}
	return true;
}

/* Unloads and loads with the robot of a virtual library. */
static void time_moves(struct measuring *m)
{
	int64_t begun = m->now_ns;

	measuring_unload(m);
	if (m->failed)
		return;
	measuring_set(m, METRIC_UNLOAD_TIME, since(m, begun));
	begun = m->now_ns;
	if (measuring_load(m))
		measuring_set(m, METRIC_LOAD_TIME, since(m, begun));
}

/*
 * A drive that exists.  The time that a changer or a person takes is not the
 * drive's.  If the drive cannot hold the cartridge, nothing is measured.
 */
static void time_drive(struct measuring *m)
{
	struct story_reload times;
	char err[TAPE_MESSAGE_BYTES];
	int rc = m->device->reload == NULL
	    ? 1
	    : m->device->reload(m->device->arg, m->tape, &times, err,
		  sizeof err);

	if (rc < 0)
		measuring_fail(m, "volume %s: %s", m->barcode, err);
	if (rc != 0)
		return;
	m->now_ns += times.unload_ns + times.load_ns;
	measuring_set(m, METRIC_UNLOAD_TIME, (double)times.unload_ns / 1e9);
	measuring_set(m, METRIC_LOAD_TIME, (double)times.load_ns / 1e9);
}

void measuring_positions(struct measuring *m)
{
	int64_t begun;

	if (!write_files(m, FILEMARKS))
		return;
	begun = m->now_ns;
	m->tape->ops->rewind(m->tape, m->now_ns, &m->result);
	if (!measuring_done(m, "rewind"))
		return;
	measuring_set(m, METRIC_REWIND_TIME, since(m, begun));
	begun = m->now_ns;
	if (!measuring_locate(m, FILEMARKS))
		return;
	measuring_set(m, METRIC_LOCATE_TIME, since(m, begun));
	if (!measuring_read_header(m, FILEMARKS))
		return;
	if (m->device != NULL)
		time_drive(m);
	else
		time_moves(m);
}

void measuring_ends(struct measuring *m)
{
	uint64_t block = m->block_bytes, done = 0, n = 1;
	int64_t begun;

	if (!measuring_locate(m, 1) || !measuring_begin_file(m, 1))
		return;
	begun = m->now_ns;
	while (n > 0 && !m->failed && m->result.cause != TAPE_PEOM) {
		n = measuring_write(m, done, UINT64_MAX / 2, block);
		done += n;
		if (!m->failed && m->result.leom &&
		    !m->to->values[METRIC_LEOM_BYTES].defined)
			program_count(m->to, METRIC_LEOM_BYTES, done);
	}
	if (m->failed)
		return;
	program_count(m->to, METRIC_PEOM_BYTES, done);
	program_count(m->to, METRIC_MEASURED_BYTES, done);
	measuring_set(m, METRIC_MEASURED_WRITE_RATE,
	    (double)done / since(m, begun));
	if (!measuring_locate(m, 1) || !measuring_read_header(m, 1))
		return;
	begun = m->now_ns;
	if (!measuring_read(m, 0, done, block))
		return;
	measuring_set(m, METRIC_MEASURED_READ_RATE,
	    (double)done / since(m, begun));
	program_word(m->to, METRIC_RESTORED, "source");
}
