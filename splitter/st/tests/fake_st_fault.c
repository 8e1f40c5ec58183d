/* fake_st_fault.c: failures of the simulated driver, and queries for tests. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/st/tests/fake_st_impl.h"

#define CALL_NS INT64_C(1000)

static const struct fake_fault *fault_of(const struct fake_st *f)
{
	unsigned i;

	for (i = 0; i < f->config.fault_count; i++)
		if (f->calls == f->config.faults[i].nth ||
		    (f->config.faults[i].for_good &&
			f->calls > f->config.faults[i].nth))
			return &f->config.faults[i];
	return NULL;
}

static int raise_alerts(struct fake_st *f, int err)
{
	int i;

	for (i = 0; i < FAKE_ST_ALERT_BYTES; i++)
		f->alerts[i] |= f->alerts_due[i];
	return err;
}

static void put_in(struct fake_st *f, unsigned i)
{
	f->volume = f->mouth = NULL;
	if (i < f->volumes)
		f->volume = (struct memtape_volume *)(uintptr_t)
		    memtape_volume(f->config.tapes, i);
	f->at = 0;
	f->safe = f->volume == NULL ? 0 : f->volume->count;
	f->full = f->zone_error = false;
	f->lost = LOST_NONE;
	f->intruder = false;
	f->attention = f->volume == NULL ? ATTENTION_NONE : ATTENTION_MEDIUM;
}

/*
 * Disturbs the drive, which ends any operation.  An asynchronous write reports
 * that later (B3).
 */
static void disturb(struct fake_st *f, enum fake_way way)
{
	fake_drive_stop(f);
	if (way == FAKE_TAKEN_OUT)
		f->volume = NULL;
	else if (way == FAKE_EXCHANGED)
		put_in(f, f->volumes - 1);
	else if (f->volume != NULL)
		f->attention =
		    way == FAKE_RESET ? ATTENTION_RESET : ATTENTION_MEDIUM;
	if (way == FAKE_EXCHANGED)
		f->intruder = true;
	if (f->flying)
		fake_drive_other(f, &f->flight);
}

enum fake_way fake_next_fault(struct fake_st *f, int *err)
{
	const struct fake_fault *fault;
	enum fake_way way = FAKE_WAYS;

	if (f->config.before_call != NULL)
		f->config.before_call(f->config.before_call_arg);
	f->calls++;
	f->now_ns += CALL_NS;
	fault = fault_of(f);
	if (fault != NULL)
		way = fault->way;
	if (f->calls == f->fail_at)
		way = f->fail_way;
	*err = 0;
	switch (way) {
	case FAKE_EIO:
		f->block = -1;
		*err = raise_alerts(f, EIO);
		break;
	case FAKE_RESET:
	case FAKE_TAKEN_OUT:
	case FAKE_PUT_BACK:
	case FAKE_EXCHANGED:
		disturb(f, way);
		break;
	case FAKE_GONE:
		*err = ENXIO;
		break;
	case FAKE_BUSY:
		*err = EBUSY;
		break;
	case FAKE_INTERRUPTED:
		*err = fault != NULL && fault->for_good ? EIO : EINTR;
		break;
	case FAKE_ZONE_ERROR:
		f->zone_error = true;
		break;
	case FAKE_WARN:
		if (f->volume != NULL)
			f->volume->warned = true;
		break;
	case FAKE_FULL:
		f->full = true;
		break;
	default:
		break;
	}
	return way;
}

int fake_aftermath(struct fake_st *f, enum fake_way way, int err)
{
	switch (way) {
	case FAKE_EIO_DONE:
		return EIO;
	case FAKE_LOSE:
		fake_drive_lose(f, LOST_TELL_NEXT);
		break;
	case FAKE_LOSE_LATE:
		fake_drive_lose(f, LOST_TELL_AT_MARK);
		break;
	case FAKE_LOSE_SILENTLY:
		fake_drive_lose(f, LOST_NONE);
		break;
	default:
		break;
	}
	return err == EIO ? raise_alerts(f, err) : err;
}

void fake_st_insert(struct fake_st *f, unsigned i)
{
	put_in(f, i);
	f->next = i + 1;
}

void fake_st_free(struct fake_st *f)
{
	free(f);
}

const struct device_calls *fake_st_sys(struct fake_st *f)
{
	return &f->sys;
}

void fake_st_next(struct fake_st *f, unsigned i)
{
	f->next = i;
}

int fake_st_change(void *arg, const struct real_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	struct fake_st *f = arg;
	unsigned i = f->next;

	if (wanted->barcode[0] != '\0')
		for (i = 0; i < f->volumes &&
		     strcmp(wanted->barcode,
			 memtape_volume(f->config.tapes, i)->barcode) != 0;
		     i++)
			;
	if (i >= f->volumes) {
		snprintf(err, err_bytes, "no more volumes");
		return -1;
	}
	fake_st_insert(f, i);
	strcpy(barcode, f->volume->barcode);
	return 0;
}

uint64_t fake_st_calls(const struct fake_st *f)
{
	return f->calls;
}

unsigned fake_st_ops(const struct fake_st *f, int op)
{
	return f->ops[op];
}

unsigned fake_st_shortest_ms(const struct fake_st *f)
{
	return f->shortest_ms;
}

unsigned fake_st_asked(const struct fake_st *f)
{
	return f->asked;
}

void fake_st_alert(struct fake_st *f, unsigned flag)
{
	f->alerts_due[(flag - 1) / 8] |= (uint8_t)(0x80 >> (flag - 1) % 8);
}

void fake_st_fail(struct fake_st *f, uint64_t more, enum fake_way way)
{
	f->fail_at = f->calls + more + 1;
	f->fail_way = way;
}

void fake_st_cut(struct fake_st *f)
{
	f->at = f->volume->count - 1;
	memtape_volume_cut(f->volume, f->at);
}

void fake_st_move(struct fake_st *f, uint64_t object)
{
	f->at = object;
}

bool fake_st_intruded(const struct fake_st *f)
{
	return f->intruded;
}

bool fake_st_locked(const struct fake_st *f)
{
	return f->locked;
}

void fake_st_lock(struct fake_st *f)
{
	f->locked = true;
}

int fake_st_compression(const struct fake_st *f)
{
	return f->compression;
}

uint64_t fake_st_block_bytes(const struct fake_st *f)
{
	return (uint64_t)f->block_size;
}

bool fake_st_is_open(const struct fake_st *f)
{
	return f->is_open;
}
