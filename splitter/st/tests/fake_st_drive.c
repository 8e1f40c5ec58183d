/* fake_st_drive.c: the drive of the simulated driver. */
#include <string.h>

#include "splitter/st/tests/fake_st_impl.h"

/*
 * Reports a pending unit attention, by rules A1 and M8.  Returns false if there
 * is none.
 */
static bool attends(struct fake_st *f, struct fake_sense *sense)
{
	if (f->attention == ATTENTION_NONE)
		return false;
	if (f->attention == ATTENTION_RESET && !f->config.old_kernel)
		f->reset = true;
	f->attention = ATTENTION_NONE;
	*sense = (struct fake_sense){ true, KEY_ATTENTION, .undone = 0 };
	return true;
}

static bool fails(struct fake_st *f, struct fake_sense *sense, bool waits)
{
	memset(sense, 0, sizeof *sense);
	if (attends(f, sense))
		return true;
	if (f->volume == NULL) {
		*sense =
		    (struct fake_sense){ true, KEY_NOT_READY, .undone = 0 };
		return true;
	}
	if (f->lost == LOST_TELL_NEXT ||
	    (f->lost == LOST_TELL_AT_MARK && waits)) {
		*sense =
		    (struct fake_sense){ true, KEY_MEDIUM, .deferred = true };
		f->lost = LOST_NONE;
		return true;
	}
	return false;
}

static uint64_t bytes_before(const struct fake_st *f)
{
	uint64_t bytes = 0, i;

	if (f->at == f->volume->count)
		return f->volume->bytes;
	for (i = 0; i < f->at; i++)
		bytes += f->volume->objects[i].bytes;
	return bytes;
}

static void put(struct fake_st *f, const void *data, uint64_t bytes)
{
	memtape_volume_cut(f->volume, f->at);
	memtape_volume_add(f->volume, data, bytes);
	f->volume->changed = true;
	f->intruded = f->intruded || f->intruder;
	f->at++;
	if (f->safe > f->at - 1)
		f->safe = f->at - 1;
}

static bool in_zone(const struct fake_st *f, uint64_t bytes)
{
	const struct memtape_volume *v = f->volume;

	return v->warned ||
	    (v->warning_bytes != MEMTAPE_NO_WARNING &&
		bytes > v->capacity_bytes - v->warning_bytes);
}

void fake_drive_write(struct fake_st *f, const void *data, uint64_t bytes,
    struct fake_sense *sense)
{
	uint64_t end;

	if (fails(f, sense, false))
		return;
	end = bytes_before(f) + bytes;
	if (f->full || end > f->volume->capacity_bytes) {
		f->full = true;
		*sense = (struct fake_sense){ true, KEY_OVERFLOW, .eom = true,
			.undone = (long)bytes };
		if (f->config.residual == FAKE_SAYS_WRITTEN)
			sense->undone = 0;
		return;
	}
	if (f->zone_error) {
		f->zone_error = false;
		f->volume->warned = true;
		*sense = (struct fake_sense){ true, KEY_MEDIUM, .eom = true };
		return;
	}
	put(f, data, bytes);
	if (in_zone(f, end)) {
		*sense = (struct fake_sense){ true, KEY_NONE, .eom = true };
		if (f->config.residual == FAKE_SAYS_REFUSED)
			sense->undone = (long)bytes;
	}
}

void fake_drive_mark(struct fake_st *f, unsigned count, bool waits,
    struct fake_sense *sense)
{
	unsigned i;

	if (fails(f, sense, waits))
		return;
	if (count > 0 &&
	    ((f->full && f->config.mark_needs_room) ||
		(f->config.mark_costs &&
		    bytes_before(f) >= f->volume->capacity_bytes))) {
		*sense = (struct fake_sense){ true, KEY_OVERFLOW, .eom = true,
			.undone = (long)count };
		return;
	}
	for (i = 0; i < count; i++)
		put(f, NULL, 0);
	if (waits)
		f->safe = f->at;
	if (count > 0 && in_zone(f, bytes_before(f)))
		*sense = (struct fake_sense){ true, KEY_NONE, .eom = true };
}

const struct memtape_object *fake_drive_read(struct fake_st *f,
    struct fake_sense *sense)
{
	const struct memtape_object *o;

	if (fails(f, sense, false))
		return NULL;
	if (f->volume->kind == MEMTAPE_UNREADABLE) {
		f->at += f->at < f->volume->count;
		*sense = (struct fake_sense){ true, KEY_MEDIUM, .undone = 0 };
		return NULL;
	}
	if (f->at == f->volume->count) {
		*sense = (struct fake_sense){ true, KEY_BLANK,
			.eom = f->config.eod_with_eom &&
			    in_zone(f, f->volume->bytes) };
		return NULL;
	}
	o = &f->volume->objects[f->at++];
	if (o->bytes == 0)
		*sense = (struct fake_sense){ true, KEY_NONE, .mark = true };
	return o;
}

void fake_drive_space_marks(struct fake_st *f, long n, struct fake_sense *sense)
{
	long left = n < 0 ? -n : n;

	if (fails(f, sense, true))
		return;
	while (left > 0 && f->at < f->volume->count && n > 0)
		left -= f->volume->objects[f->at++].bytes == 0;
	while (left > 0 && f->at > 0 && n < 0)
		left -= f->volume->objects[--f->at].bytes == 0;
	if (left > 0)
		*sense =
		    (struct fake_sense){ true, n > 0 ? KEY_BLANK : KEY_NONE,
			    .eom = n < 0, .undone = left };
}

void fake_drive_space_blocks(struct fake_st *f, long n,
    struct fake_sense *sense)
{
	long left = n < 0 ? -n : n;
	bool mark = false;

	if (fails(f, sense, true))
		return;
	for (; left > 0 && !mark && f->at < f->volume->count && n > 0; left--)
		mark = f->volume->objects[f->at++].bytes == 0;
	for (; left > 0 && !mark && f->at > 0 && n < 0; left--)
		mark = f->volume->objects[--f->at].bytes == 0;
	left += mark;
	if (left > 0)
		*sense = (struct fake_sense){ true,
			mark || n < 0 ? KEY_NONE : KEY_BLANK,
			.eom = !mark && n < 0, .mark = mark, .undone = left };
}

void fake_drive_go(struct fake_st *f, uint64_t object, struct fake_sense *sense)
{
	if (fails(f, sense, true))
		return;
	f->safe = f->volume->count;
	f->at = object < f->volume->count ? object : f->volume->count;
	if (object > f->volume->count && object != UINT64_MAX)
		*sense = (struct fake_sense){ true, KEY_BLANK, .undone = 0 };
}

/* Returns the position by rule P1. */
void fake_drive_tell(struct fake_st *f, bool vendor_form, uint64_t *object,
    struct fake_sense *sense)
{
	*object = f->at * f->config.position_unit + f->config.position_base;
	if (fails(f, sense, false))
		return;
	if (f->config.no_position ||
	    (vendor_form && f->config.vendor_form == FAKE_VENDOR_REFUSED))
		*sense = (struct fake_sense){ true, KEY_ILLEGAL, .undone = 0 };
	else if (vendor_form && f->config.vendor_form == FAKE_VENDOR_OTHER)
		*object *= 8;
}

void fake_drive_other(struct fake_st *f, struct fake_sense *sense)
{
	fails(f, sense, false);
}

/* Locks or unlocks the door by rule M10. */
void fake_drive_lock(struct fake_st *f, bool locks, struct fake_sense *sense)
{
	memset(sense, 0, sizeof *sense);
	if (attends(f, sense))
		return;
	if (f->config.cannot_lock)
		*sense = (struct fake_sense){ true, KEY_ILLEGAL, .undone = 0 };
	else
		f->locked = locks;
}

void fake_drive_lose(struct fake_st *f, enum fake_lost tell)
{
	struct memtape_volume *v = f->volume;

	if (v == NULL || f->at != v->count || f->at <= f->safe ||
	    v->objects[f->at - 1].bytes == 0)
		return;
	memtape_volume_cut(v, --f->at);
	f->lost = tell;
}

void fake_drive_stop(struct fake_st *f)
{
	f->lost = LOST_NONE;
	f->full = f->zone_error = f->locked = false;
	if (f->volume == NULL)
		return;
	if (f->at == f->volume->count && f->safe < f->at)
		memtape_volume_cut(f->volume, f->safe);
	f->at = 0;
}
