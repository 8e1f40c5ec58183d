/* drive_setup.c: see drive_setup.h. */
#include "vtl/library/drive_setup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"
#include "vtl/changer/drive_settings.h"

/*
 * The most that a drive without operation times holds in memory, unless its
 * behaviour says more.  Enough to lose blocks in a power failure; not so much
 * that they have left the processor's caches when they go to the volume, which
 * takes twice as long then.
 */
enum { HELD_BYTES_MAX = 1 << 20 };

static void lock(struct drive_setup *setup)
{
	if (setup->lock != NULL)
		pthread_mutex_lock(setup->lock);
}

static void unlock(struct drive_setup *setup)
{
	if (setup->lock != NULL)
		pthread_mutex_unlock(setup->lock);
}

/*
 * Finds a fault of the drive (barcode ""), or a defect of a volume: one that was
 * imported has numbers of another library.
 */
static struct drive_setup_fault *find(const struct drive_setup *setup,
    int64_t id, const char *barcode)
{
	size_t i;

	for (i = 0; i < setup->faults_count; i++)
		if (setup->faults[i].id == id &&
		    strcmp(setup->faults[i].barcode, barcode) == 0)
			return &setup->faults[i];
	return NULL;
}

/*
 * Stores strikes of a fault; of a volume, if `barcode` is not "".  Reports if
 * that fails.
 */
static enum changer_status store(struct drive_setup *setup, int64_t id,
    const char *barcode, uint64_t strikes)
{
	char message[VOLUME_MESSAGE_BYTES + 128];
	enum changer_status status;

	lock(setup);
	status = barcode[0] != '\0'
	    ? changer_strike_volume_fault(setup->changer, id, barcode, strikes)
	    : changer_strike_drive_fault(setup->changer, id, strikes);
	if (status != CHANGER_OK && status != CHANGER_REFUSED)
		snprintf(message, sizeof message,
		    "fault %" PRId64 ": it has applied, and this could not be "
		    "stored%s: %s",
		    id, barcode[0] != '\0' ? "" : ", so it may apply again",
		    changer_message(setup->changer));
	unlock(setup);
	if (status != CHANGER_OK && status != CHANGER_REFUSED &&
	    setup->warn != NULL)
		setup->warn(setup->warn_arg, message);
	return status;
}

static void report(const struct drive_setup *setup, int64_t id)
{
	if (setup->struck != NULL)
		setup->struck(setup->struck_arg, id);
}

/*
 * Counts a strike before the fault applies.  If it cannot be stored, the fault
 * applies all the same.
 */
static enum drive_struck strike_fault(struct drive_setup *setup,
    const struct drive_fault *fault)
{
	struct drive_setup_fault *f = find(setup, fault->id, "");

	if (f != NULL && f->struck && !fault->once) {
		f->strikes++;
		report(setup, fault->id);
		return DRIVE_STRUCK;
	}
	if (f != NULL)
		f->struck = true;
	switch (store(setup, fault->id, "", 1)) {
	case CHANGER_OK:
		report(setup, fault->id);
		return DRIVE_STRUCK;
	case CHANGER_REFUSED:
		/* Another fault that was removed applies to this client. */
		return fault->once ? DRIVE_SPENT_BEFORE : DRIVE_STRUCK;
	default:
		return DRIVE_STRUCK_UNKNOWN;
	}
}

/*
 * Counts a strike of a defect.  The first one since the load is stored at once,
 * so that every program sees it; without memory, each one is.
 */
static void strike_defect(struct drive_setup *setup, int64_t id)
{
	const char *barcode =
	    volume_get_spec(drive_volume(setup->drive))->barcode;
	struct drive_setup_fault *f = find(setup, id, barcode), *faults;

	if (f == NULL) {
		faults = grow_by_one(setup->faults, setup->faults_count,
		    sizeof *faults);
		if (faults != NULL) {
			setup->faults = faults;
			f = &faults[setup->faults_count++];
			*f = (struct drive_setup_fault){ .id = id };
			strcpy(f->barcode, barcode);
		}
	}
	if (f != NULL && f->unknown)
		return;
	if (f != NULL && f->struck) {
		f->strikes++;
		report(setup, id);
		return;
	}
	if (f != NULL)
		f->struck = true;
	switch (store(setup, id, barcode, 1)) {
	case CHANGER_OK:
		report(setup, id);
		break;
	case CHANGER_REFUSED:
		if (f != NULL)
			f->unknown = true;
		break;
	default:
		break;
	}
}

static enum drive_struck strike(void *arg, const struct drive_strike *what)
{
	struct drive_setup *setup = arg;
	enum drive_struck struck = DRIVE_STRUCK;

	if (changer_folder(setup->changer)[0] != '\0') {
		if (what->defect != NULL && what->defect->fault != 0)
			strike_defect(setup, what->defect->fault);
		if (what->fault != NULL && what->fault->id != 0)
			struck = strike_fault(setup, what->fault);
	}
	if (setup->observer != NULL && struck != DRIVE_SPENT_BEFORE)
		setup->observer(setup->observer_arg, setup->number, what);
	return struck;
}

void drive_setup_watch(struct drive_setup *setup)
{
	drive_watch_strikes(setup->drive, strike, setup);
}

void drive_setup_store_strikes(struct drive_setup *setup)
{
	struct drive_setup_fault *f;
	size_t i;

	for (i = 0; i < setup->faults_count; i++) {
		f = &setup->faults[i];
		if (f->strikes > 0 &&
		    store(setup, f->id, f->barcode, f->strikes) !=
			CHANGER_ERROR)
			f->strikes = 0;
	}
}

void drive_setup_unloaded(struct drive_setup *setup)
{
	size_t i, kept = 0;

	drive_setup_store_strikes(setup);
	for (i = 0; i < setup->faults_count; i++)
		if (setup->faults[i].barcode[0] == '\0')
			setup->faults[kept++] = setup->faults[i];
	setup->faults_count = kept;
}

enum changer_status drive_setup_read_behaviour(struct drive_setup *setup,
    bool *changed)
{
	struct drive_options options;
	enum changer_status status;

	*changed = false;
	lock(setup);
	status = changer_get_behaviour(setup->changer, setup->number, &options);
	unlock(setup);
	if (setup->session != 0)
		options.session = setup->session;
	if (status != CHANGER_OK ||
	    (setup->is_set_up &&
		memcmp(&options, &setup->behaviour, sizeof options) == 0))
		return status;
	*changed = true;
	memcpy(&setup->behaviour, &options, sizeof options);
	drive_set_options(setup->drive, &options);
	if (!setup->instant || !drive_is_buffered(setup->drive))
		return CHANGER_OK;
	options.holds_buffer = true;
	if (options.buffer_bytes == 0 &&
	    setup->model->buffer_bytes > HELD_BYTES_MAX)
		options.buffer_bytes = HELD_BYTES_MAX;
	drive_set_options(setup->drive, &options);
	return CHANGER_OK;
}

static bool concerns(const struct drive_setup *setup,
    const struct changer_drive_fault *fault)
{
	return fault->drive == -1 || fault->drive == (int)setup->number;
}

static bool is_listed(const struct changer_drive_fault *faults, size_t count,
    int64_t id)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (faults[i].fault.id == id)
			return true;
	return false;
}

/* Removes the faults of the drive that the library no longer has. */
static void remove_faults(struct drive_setup *setup,
    const struct changer_drive_fault *faults, size_t count)
{
	size_t i, kept = 0;

	for (i = 0; i < setup->faults_count; i++)
		if (setup->faults[i].barcode[0] != '\0' ||
		    is_listed(faults, count, setup->faults[i].id))
			setup->faults[kept++] = setup->faults[i];
		else
			drive_remove_fault(setup->drive, setup->faults[i].id);
	setup->faults_count = kept;
}

void drive_setup_forget_faults(struct drive_setup *setup)
{
	drive_setup_unloaded(setup);
	remove_faults(setup, NULL, 0);
}

static int add_fault(struct drive_setup *setup,
    const struct changer_drive_fault *fault, int64_t now_ns)
{
	struct drive_fault f = fault->fault;
	struct drive_setup_fault *faults;

	if (f.after_ns > 0)
		f.after_ns += now_ns;
	faults =
	    grow_by_one(setup->faults, setup->faults_count, sizeof *faults);
	if (faults == NULL)
		return -1;
	setup->faults = faults;
	if (drive_add_fault(setup->drive, &f) != 0)
		return -1;
	faults[setup->faults_count++] =
	    (struct drive_setup_fault){ .id = f.id };
	return 0;
}

enum changer_status drive_setup_read_faults(struct drive_setup *setup,
    int64_t now_ns)
{
	struct changer_drive_fault *faults;
	enum changer_status status;
	size_t count, i;

	lock(setup);
	status = changer_list_drive_faults(setup->changer, &faults, &count);
	unlock(setup);
	if (status != CHANGER_OK)
		return status;
	remove_faults(setup, faults, count);
	for (i = 0; i < count && status == CHANGER_OK; i++)
		if (concerns(setup, &faults[i]) &&
		    !(faults[i].fault.once && faults[i].strikes > 0) &&
		    find(setup, faults[i].fault.id, "") == NULL &&
		    add_fault(setup, &faults[i], now_ns) != 0)
			status = CHANGER_ERROR; /* memory is short */
	free(faults);
	return status;
}

enum changer_status drive_setup_begin(struct drive_setup *setup)
{
	enum changer_status status;
	bool changed;

	if (setup->is_set_up)
		return CHANGER_OK;
	drive_setup_watch(setup);
	status = drive_setup_read_behaviour(setup, &changed);
	if (status == CHANGER_OK)
		status = drive_setup_read_faults(setup, 0);
	setup->is_set_up = status == CHANGER_OK;
	return status;
}

enum changer_status drive_setup_before_load(struct drive_setup *setup)
{
	enum changer_status status;
	uint64_t loads = 0;

	if (changer_folder(setup->changer)[0] == '\0')
		return CHANGER_OK;
	status = drive_setup_begin(setup);
	if (status != CHANGER_OK)
		return status;
	lock(setup);
	status = changer_count_load(setup->changer, setup->number, &loads);
	unlock(setup);
	if (status == CHANGER_OK)
		drive_set_loads(setup->drive, loads);
	return status;
}

void drive_setup_end(struct drive_setup *setup)
{
	free(setup->faults);
	setup->faults = NULL;
	setup->faults_count = 0;
}
