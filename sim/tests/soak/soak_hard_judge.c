/* soak_hard_judge.c: rules that hold whatever drives and media do. */
#include "sim/tests/soak/soak_hard.h"

#include <inttypes.h>
#include <string.h>

enum { CUTS_MAX = 16 }; /* volumes in a row that only cut parts */

static bool is_done(const struct results_scenario *r)
{
	return strcmp(r->outcome, "DONE") == 0;
}

/* Returns whether the fault may change data that is written or read over it. */
static bool may_change_data(const struct scenario_fault *f)
{
	return f->fail == FAIL_CORRUPT ||
	    (f->fail == FAIL_DRIVE &&
		f->of_drive.mode == DRIVE_FAULT_CORRUPT) ||
	    (f->fail == FAIL_READ && sense_is_write_error(&f->sense->sense));
}

bool soak_hard_is_spoilt(const struct soak_case *c, size_t volume)
{
	for (size_t i = 0; i < c->faults_count; i++) {
		const struct scenario_fault *f = &c->faults[i];

		if (may_change_data(f) &&
		    (volume == 0 || f->volume == 0 || f->volume == volume))
			return true;
	}
	return false;
}

/* Returns the volume that a message names, from 1; 0: none. */
static size_t named_volume(const struct soak_case *c, const char *sentence)
{
	char barcode[SOAK_BARCODE_BYTES];

	for (size_t i = 0; i < c->volumes_count; i++) {
		soak_barcode(c, i, barcode);
		if (strstr(sentence, barcode) != NULL)
			return i + 1;
	}
	return 0;
}

/*
 * Returns whether the fault certainly corrupts a block of this attempt; block 0
 * is the header.
 */
static bool must_spoil(const struct soak_case *c,
    const struct scenario_fault *f, const struct results_attempt *a)
{
	const struct volume_defect *v = &f->of_volume;
	uint64_t blocks = (a->bytes + c->block_bytes - 1) / c->block_bytes;
	char barcode[SOAK_BARCODE_BYTES];

	if (!scenario_is_defect(f->fail) || !may_change_data(f) || f->once ||
	    v->recover_after > 0 || v->one_in > 0 ||
	    v->unit != VOLUME_FILE_BLOCKS || v->file != a->file)
		return false;
	soak_barcode(c, f->volume - 1, barcode);
	return strcmp(barcode, a->volume) == 0 && v->at <= blocks;
}

/* Checks that corrupted data is reported, and that no other data is. */
static void judge_restored(const struct soak_case *c,
    const struct results_scenario *r, struct soak_finding *f)
{
	size_t volume = named_volume(c, r->problem);

	if (r->problem[0] != '\0' &&
	    (volume == 0 || !soak_hard_is_spoilt(c, volume)))
		soak_find(f, SOAK_LOST, "%s", r->problem);
	for (size_t i = 0; i < r->dumps[0].attempts_count; i++)
		for (size_t j = 0; j < c->faults_count; j++)
			if (r->problem[0] == '\0' &&
			    r->dumps[0].attempts[i].committed &&
			    must_spoil(c, &c->faults[j],
				&r->dumps[0].attempts[i]))
				soak_find(f, SOAK_LOST,
				    "part %" PRIu64 " is spoilt by fault %zu, "
				    "and was called the same",
				    r->dumps[0].attempts[i].part, j + 1);
}

static bool committed_on(const struct results_scenario *r, const char *volume)
{
	for (size_t i = 0; i < r->dumps[0].attempts_count; i++)
		if (r->dumps[0].attempts[i].committed &&
		    strcmp(r->dumps[0].attempts[i].volume, volume) == 0)
			return true;
	return false;
}

/*
 * Returns whether the only effect of the volume may be that parts are shorter.
 */
static bool may_cut(const struct results_scenario *r, const char *volume)
{
	bool cut = false;

	for (size_t i = 0; i < r->dumps[0].attempts_count; i++) {
		const struct results_attempt *a = &r->dumps[0].attempts[i];

		if (strcmp(a->volume, volume) == 0)
			cut = strcmp(a->cause, "peom") == 0 && a->bytes > 0;
	}
	return cut;
}

/* Returns whether the part that the volume fails can be written on another. */
static bool goes_on(const struct scenario_fault *f)
{
	switch (f->fail) {
	case FAIL_WRITE:
		return f->sense->sense.key == SENSE_MEDIUM_ERROR;
	case FAIL_BLOCK:
	case FAIL_HEADER:
	case FAIL_FILEMARK:
		return f->cause != TAPE_HARDWARE_ERROR &&
		    f->cause != TAPE_UNKNOWN_ERROR;
	default:
		return f->fail == FAIL_STALL || f->fail == FAIL_BARCODE ||
		    f->fail == FAIL_SLOW || f->fail == FAIL_CORRUPT;
	}
}

/* Returns whether a dump can end for a reason other than its volumes. */
static bool may_end_early(const struct soak_case *c)
{
	size_t i;

	for (i = 0; i < c->volumes_count; i++)
		if (c->volumes[i].medium != NULL)
			return true;
	for (i = 0; i < c->faults_count; i++)
		if (!goes_on(&c->faults[i]))
			return true;
	return c->cache != SPLITTER_CACHE_MEMORY;
}

/*
 * Checks that each volume is used once, and that not too many fail, in a row or
 * in total.  Refused volumes do not count.
 */
static void judge_volumes(const struct soak_case *c,
    const struct results_scenario *r, struct soak_finding *f)
{
	/* may_cut() is unsure: these are lower and upper bounds. */
	uint32_t failed = 0, in_a_row = 0, cuts = 0, tried = 0;

	for (size_t i = 0; i < r->dumps[0].volumes_count; i++) {
		const struct results_volume *v = &r->dumps[0].volumes[i];

		for (size_t j = 0; j < i; j++)
			if (strcmp(r->dumps[0].volumes[j].barcode,
				v->barcode) == 0)
				soak_find(f, SOAK_IMPLAUSIBLE,
				    "volume %s was loaded twice", v->barcode);
		if (failed >= c->max_failed_volumes)
			soak_find(f, SOAK_IMPLAUSIBLE,
			    "volume %s was loaded after %u in a row had failed",
			    v->barcode, failed);
		if (strcmp(v->closed, "refused") == 0)
			continue;
		tried++;
		in_a_row++;
		if (committed_on(r, v->barcode))
			in_a_row = failed = cuts = 0;
		else if (!may_cut(r, v->barcode) || ++cuts > CUTS_MAX)
			failed++;
	}
	if (c->max_volumes > 0 && tried > c->max_volumes)
		soak_find(f, SOAK_IMPLAUSIBLE, "%u volumes were tried", tried);
	if (!is_done(r) && !may_end_early(c) &&
	    in_a_row < c->max_failed_volumes && tried != c->max_volumes &&
	    r->dumps[0].volumes_count < c->volumes_count)
		soak_find(f, SOAK_IMPLAUSIBLE, "it ended after %zu volumes: %s",
		    r->dumps[0].volumes_count, r->reason);
}

/* Checks that a failed volume is closed. */
static void judge_failures(const struct results_scenario *r,
    struct soak_finding *f)
{
	for (size_t i = 0; i + 1 < r->dumps[0].attempts_count; i++)
		for (size_t j = i + 1; j < r->dumps[0].attempts_count; j++)
			if (!soak_was_committed(r, i) &&
			    strcmp(r->dumps[0].attempts[i].volume,
				r->dumps[0].attempts[j].volume) == 0)
				soak_find(f, SOAK_IMPLAUSIBLE,
				    "attempt %zu is on volume %s, on which "
				    "attempt %zu failed",
				    j + 1, r->dumps[0].attempts[j].volume,
				    i + 1);
}

static uint64_t ratio_permille(const struct drive_options *o)
{
	uint64_t ratio =
	    o->layout.ratio_permille > 0 ? o->layout.ratio_permille : 1000;

	return ratio + o->ratio_spread_permille;
}

/* Returns the maximum amount of data in the room for 1000 bytes. */
static uint64_t most_permille(const struct soak_case *c)
{
	uint64_t most = ratio_permille(&c->hard.behaviour);

	for (size_t i = 0; i < c->drives_count; i++)
		if (ratio_permille(&c->hard.behaviours[i]) > most)
			most = ratio_permille(&c->hard.behaviours[i]);
	return most > 1000 ? most : 1000;
}

static void judge_room(const struct soak_case *c,
    const struct results_scenario *r, struct soak_finding *f)
{
	const uint64_t most = most_permille(c);

	for (size_t i = 0; i < r->dumps[0].volumes_count; i++) {
		const struct results_volume *v = &r->dumps[0].volumes[i];

		if (v->written_bytes / most * 1000 > v->capacity_bytes)
			soak_find(f, SOAK_IMPLAUSIBLE,
			    "volume %s holds %" PRIu64
			    " bytes in the room of %" PRIu64,
			    v->barcode, v->written_bytes, v->capacity_bytes);
	}
}

/* Returns the longest time of an operation, in seconds. */
static double slowest_s(const struct soak_case *c)
{
	/*
	 * The slowest drive is a DLT drive: its rewind and unload, and its 6
	 * MB/s.
	 */
	double s = 300, block_s = (double)c->block_bytes / 5e6;

	for (size_t i = 0; i < c->faults_count; i++) {
		const struct scenario_fault *f = &c->faults[i];

		if (f->fail == FAIL_DRIVE &&
		    f->of_drive.mode == DRIVE_FAULT_HANG)
			s += f->of_drive.duration_ns > 0
			    ? (double)f->of_drive.duration_ns / 1e9
			    : 18000;
		if (f->fail == FAIL_DRIVE && f->of_drive.slowdown > 0)
			block_s *= (double)f->of_drive.slowdown;
		if (f->fail == FAIL_SLOW)
			block_s *= (double)f->of_volume.slowdown;
	}
	return s + block_s;
}

/* Returns the longest time of the dump, in seconds. */
static double longest_s(const struct soak_case *c,
    const struct results_scenario *r)
{
	/*
	 * The count includes failed loads, labels, filemarks, rewinds, unloads
	 * and end records.
	 */
	double ops = 40.0 * (double)(c->volumes_count + c->max_failed_volumes);
	double s = (double)c->hard.move_ns / 1e9 * ops;

	for (size_t i = 0; i < r->dumps[0].attempts_count; i++)
		ops += 8 +
		    (double)(r->dumps[0].attempts[i].bytes / c->block_bytes);
	s += ops * slowest_s(c);
	s += 3600 * 2 * (double)(SOAK_DRIVES + c->volumes_count);
	if (c->rate_min_bytes_per_s > 0)
		s += (double)c->dump_bytes / (double)c->rate_min_bytes_per_s;
	for (size_t i = 0; i < c->faults_count; i++)
		if (c->faults[i].fail == FAIL_STALL)
			s += (double)c->faults[i].duration_ns / 1e9;
	return s;
}

static void judge_time(const struct soak_case *c,
    const struct results_scenario *r, struct soak_finding *f)
{
	double s = (double)r->duration_ns / 1e9;

	if (s < 0 || (!c->real && s > longest_s(c, r)))
		soak_find(f, SOAK_IMPLAUSIBLE,
		    "it took %.9g s, and at most takes %.9g s", s,
		    longest_s(c, r));
}

void soak_hard_judge(const struct soak_case *c,
    const struct results_scenario *r, struct soak_finding *f)
{
	judge_restored(c, r, f);
	judge_volumes(c, r, f);
	judge_failures(r, f);
	judge_room(c, r, f);
	judge_time(c, r, f);
	if (is_done(r) && r->dumps[0].attempts_count == 0)
		soak_find(f, SOAK_IMPLAUSIBLE, "DONE without a part");
}

static bool uses_time(const struct scenario_fault *f)
{
	return f->fail == FAIL_PRODUCER || f->fail == FAIL_CANCEL ||
	    (f->fail == FAIL_DRIVE && f->of_drive.after_ns > 0);
}

static bool is_buffered(const struct soak_case *c, size_t drive)
{
	const struct soak_hard *h = &c->hard;
	enum drive_buffering buffering = h->behaviours[drive].buffering;

	if (buffering == DRIVE_BUFFERED_AS_MODEL)
		buffering = h->behaviour.buffering;
	return buffering == DRIVE_BUFFERED ||
	    (buffering == DRIVE_BUFFERED_AS_MODEL && h->is &&
		strcmp(c->drives[drive], "instant") != 0);
}

bool soak_hard_is_untimed(const struct soak_case *c)
{
	bool buffered = false;
	size_t i;

	for (i = 0; i < c->drives_count; i++)
		buffered = buffered || is_buffered(c, i);
	for (i = 0; i < c->faults_count; i++)
		if (uses_time(&c->faults[i]))
			return false;
	return !buffered && !c->hard.load_ahead &&
	    c->cache != SPLITTER_CACHE_SPOOL;
}

void soak_hard_compare(const struct results_scenario *r,
    const struct results_scenario *other, const char *how,
    struct soak_finding *f)
{
	char line[SOAK_LINE_BYTES], must[SOAK_LINE_BYTES];

	soak_write_line(r, must, sizeof must);
	soak_write_line(other, line, sizeof line);
	if (strcmp(r->outcome, other->outcome) != 0 ||
	    r->safe_bytes != other->safe_bytes || strcmp(line, must) != 0)
		soak_find(f, SOAK_DIFFERS,
		    "%s %" PRIu64 " %s\n  and %s: %s %" PRIu64 " %s",
		    r->outcome, r->safe_bytes, must, how, other->outcome,
		    other->safe_bytes, line);
	if ((r->problem[0] == '\0') != (other->problem[0] == '\0'))
		soak_find(f, SOAK_DIFFERS,
		    "what was read back: %s\n"
		    "  and %s: %s",
		    r->problem, how, other->problem);
}
