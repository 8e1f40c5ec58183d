/* fault.c: see fault.h. */
#include "vtl/drive/fault.h"

#include <stdlib.h>
#include <string.h>

#include "splitter/base/random.h"
#include "splitter/base/grow.h"
#include "splitter/base/later.h"

static const char *const op_names[DRIVE_OPS + 1] = { [DRIVE_LOAD] = "load",
	[DRIVE_UNLOAD] = "unload",
	[DRIVE_REWIND] = "rewind",
	[DRIVE_LOCATE] = "locate",
	[DRIVE_SPACE] = "space",
	[DRIVE_READ] = "read",
	[DRIVE_WRITE] = "write",
	[DRIVE_FILEMARK] = "filemark",
	[DRIVE_ERASE] = "erase",
	NULL };

static const char *const how_names[DRIVE_FAULT_MODES + 1] = {
	[DRIVE_FAULT_FAIL] = "fail",
	[DRIVE_FAULT_HANG] = "hang",
	[DRIVE_FAULT_RESET] = "reset",
	[DRIVE_FAULT_CORRUPT] = "corrupt",
	[DRIVE_FAULT_SLOW] = "slow",
	[DRIVE_FAULT_MOVE] = "move",
	[DRIVE_FAULT_SILENT_RESET] = "silent_reset",
	NULL
};

const char *const *drive_op_names(void)
{
	return op_names;
}

const char *const *drive_fault_mode_names(void)
{
	return how_names;
}

int64_t drive_host_timeout_ns(enum drive_op op)
{
	static const int64_t s[DRIVE_OPS] = {
		[DRIVE_LOAD] = 960,
		[DRIVE_UNLOAD] = 600,
		[DRIVE_REWIND] = 600,
		[DRIVE_LOCATE] = 2880,
		[DRIVE_SPACE] = 2880,
		[DRIVE_READ] = 1500,
		[DRIVE_WRITE] = 1500,
		[DRIVE_FILEMARK] = 1620,
		[DRIVE_ERASE] = 18000,
	};

	return s[op] * 1000000000;
}

int drive_faults_add(struct drive_faults *faults,
    const struct drive_fault *fault)
{
	struct drive_faults_entry *list =
	    grow_by_one(faults->list, faults->count, sizeof *list);

	if (list == NULL)
		return -1;
	faults->list = list;
	list[faults->count++] = (struct drive_faults_entry){
		.fault = *fault,
		.ops = faults->ops[fault->op],
		.bytes = faults->bytes[fault->op],
	};
	return 0;
}

void drive_faults_remove(struct drive_faults *faults, int64_t id)
{
	size_t i, kept = 0;

	for (i = 0; i < faults->count; i++)
		if (faults->list[i].fault.id != id)
			faults->list[kept++] = faults->list[i];
	faults->count = kept;
}

void drive_faults_clear(struct drive_faults *faults)
{
	free(faults->list);
	memset(faults, 0, sizeof *faults);
}

/* Returns whether the fault is for this operation on this volume. */
static bool concerns(const struct drive_faults_entry *e,
    const struct drive_access *t)
{
	const struct drive_fault *f = &e->fault;

	return !e->spent && f->op == t->op &&
	    (f->barcode[0] == '\0' || strcmp(f->barcode, t->barcode) == 0);
}

static bool overlaps(const struct drive_fault *f, const struct drive_access *t)
{
	return t->begin_byte < f->end_byte && t->end_byte > f->begin_byte;
}

/* Returns whether the fault is due.  The operation must be counted already. */
static bool is_due(const struct drive_faults *faults, size_t i,
    const struct drive_access *t)
{
	const struct drive_fault *f = &faults->list[i].fault;
	uint64_t op = faults->ops[t->op] - faults->list[i].ops;
	uint64_t bytes = faults->bytes[t->op] - faults->list[i].bytes;

	if (f->nth > 0)
		return f->once ? op == f->nth : op >= f->nth;
	if (f->every > 0)
		return op % f->every == 0;
	if (f->after_bytes > 0)
		return bytes > f->after_bytes;
	if (f->after_ns > 0)
		return t->now_ns >= f->after_ns;
	if (f->one_in > 0)
		return random_next(random_next(random_next(0, faults->seed),
				       f->id != 0 ? (uint64_t)f->id : i),
			   op) %
		    f->one_in ==
		    0;
	return f->end_byte == 0 || overlaps(f, t);
}

/*
 * Returns whether a fault that is due applies.  Marks a fault with `once` as
 * spent, and counts the strike.
 */
static bool applies(struct drive_faults *faults, struct drive_faults_entry *e,
    const struct drive_access *access)
{
	const struct drive_strike strike = { .fault = &e->fault,
		.index = (size_t)(e - faults->list),
		.barcode = access->barcode,
		.medium_byte = access->begin_byte,
		.now_ns = access->now_ns };

	e->spent = e->fault.once;
	return faults->strike == NULL ||
	    faults->strike(faults->strike_arg, &strike) != DRIVE_SPENT_BEFORE;
}

const struct drive_fault *drive_faults_match(struct drive_faults *faults,
    const struct drive_access *access)
{
	size_t i;

	faults->ops[access->op]++;
	faults->bytes[access->op] += access->bytes;
	for (i = 0; i < faults->count; i++) {
		struct drive_faults_entry *e = &faults->list[i];

		if (e->fault.mode == DRIVE_FAULT_SLOW || !concerns(e, access) ||
		    !is_due(faults, i, access))
			continue;
		if (applies(faults, e, access))
			return &e->fault;
	}
	return NULL;
}

uint64_t drive_faults_slowdown(struct drive_faults *faults,
    const struct drive_access *access)
{
	uint64_t factor = 1;
	size_t i;

	for (i = 0; i < faults->count; i++)
		if (faults->list[i].fault.mode == DRIVE_FAULT_SLOW &&
		    concerns(&faults->list[i], access) &&
		    is_due(faults, i, access) &&
		    applies(faults, &faults->list[i], access))
			factor = later_factor(factor,
			    faults->list[i].fault.slowdown);
	return factor;
}
