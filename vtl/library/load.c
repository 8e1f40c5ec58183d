/* load.c: loads volumes. */
#include "vtl/library/impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/changer/identity.h"
#include "vtl/library/vtape.h"

/* Returns the cause that the splitter gets for an error of the changer. */
static enum tape_cause cause_of(enum changer_status status)
{
	switch (status) {
	case CHANGER_NO_VOLUME:
	case CHANGER_NO_DRIVE:
		return TAPE_NO_VOLUME;
	case CHANGER_IN_USE:
	case CHANGER_REFUSED:
		return TAPE_INVALID;
	case CHANGER_INCOMPATIBLE:
	case CHANGER_MOVE_FAILED:
	case CHANGER_ROBOT_STUCK:
		return TAPE_MEDIUM_ERROR;
	case CHANGER_ERROR: /* the host that stores the library failed */
		return TAPE_STORAGE_FAILED;
	case CHANGER_OK:
		break;
	}
	return TAPE_UNKNOWN_ERROR;
}

/*
 * Moves a volume back that this host could not load, although the volume may be
 * good.  Returns NULL.  `known` may be NULL.
 */
static struct tape *put_back(struct library *library,
    struct known_volume *known, unsigned drive, struct tape_result *result,
    enum tape_cause cause, const char *message)
{
	unsigned moves;

	if (known != NULL)
		snprintf(known->lost, sizeof known->lost, "%s", message);
	library_fail_load(result, cause, message);
	if (changer_release(library->changer, drive, &moves) != CHANGER_OK)
		library_fail_load(result, TAPE_UNKNOWN_ERROR,
		    changer_message(library->changer));
	return NULL;
}

/* Unloads a volume that has another barcode than requested.  Returns NULL. */
static struct tape *reject(struct library *library,
    const struct changer_acquired *taken, struct volume *volume, int64_t now_ns,
    struct tape_result *result)
{
	struct drive *drive = library->bays[taken->drive].drive;
	char message[VOLUME_MESSAGE_BYTES];
	struct drive_result answer;
	unsigned moves;

	snprintf(message, sizeof message,
	    "wrong cartridge: %s was requested, but drive %u holds %s, which "
	    "is put back",
	    taken->barcode, taken->drive, volume_get_spec(volume)->barcode);
	library_fail_load(result, TAPE_MEDIUM_ERROR, message);
	drive_load(drive, volume, now_ns, &answer);
	library_eject(drive, answer.done_ns, &answer);
	volume_close(volume, message);
	result->done_ns = answer.done_ns;
	if (changer_release(library->changer, taken->drive, &moves) ==
	    CHANGER_OK)
		library_return_at(library, &library->bays[taken->drive], moves,
		    answer.done_ns);
	else
		library_fail_load(result, TAPE_UNKNOWN_ERROR,
		    changer_message(library->changer));
	return NULL;
}

/* Takes out a volume that the drive could not load.  Returns NULL. */
static struct tape *unload_failed(struct library *library,
    struct known_volume *known, struct bay *bay,
    const struct drive_result *answer, struct tape_result *result)
{
	char message[VOLUME_MESSAGE_BYTES], why[TAPE_MESSAGE_BYTES];
	unsigned drive = known->tape->drive;
	struct drive_result out;
	struct tape_result failed;

	vtape_translate(known->tape, "load", answer, &failed);
	memcpy(why, failed.message, sizeof why);
	vtape_free(known->tape);
	known->tape = NULL;
	volume_close(library_eject(bay->drive, answer->done_ns, &out), message);
	if (failed.cause == TAPE_HARDWARE_ERROR)
		library->failed[drive] = true;
	/* The volume is not recorded as bad: another drive may load it. */
	put_back(library, NULL, drive, result, failed.cause, why);
	result->done_ns = out.done_ns;
	return NULL;
}

/* Counts a load in the history of the volume, with the drive if it has a name. */
static void count_load(struct library *library, unsigned drive,
    struct volume *volume)
{
	struct changer_identity identity = { .serial = "" };

	if (library_is_on_disk(library))
		changer_get_identity(library->changer,
		    CHANGER_DRIVE_ADDRESS + drive, &identity);
	volume_log_load(volume, identity.serial);
}

/* Loads the cartridge that the changer has moved to the drive. */
static struct tape *load_taken(struct library *library,
    const struct changer_acquired *taken, int64_t now_ns,
    struct tape_result *result)
{
	struct bay *bay = &library->bays[taken->drive];
	struct known_volume *known = library_find_known(library, taken->id);
	char message[VOLUME_MESSAGE_BYTES];
	struct drive_result answer;
	struct volume *volume;

	if (known == NULL)
		known = library_add_known(library, taken->id, taken->barcode,
		    taken->file);
	if (known == NULL)
		return put_back(library, known, taken->drive, result,
		    TAPE_UNKNOWN_ERROR, "cannot load a volume: out of memory");
	if (bay->drive == NULL)
		return put_back(library, known, taken->drive, result,
		    TAPE_UNKNOWN_ERROR,
		    "the library has more drives than when it was opened: open "
		    "it again");
	volume = volume_open(known->path, library->options.durable, message);
	if (volume == NULL) {
		library->failure.in_use = errno == EBUSY;
		return put_back(library, known, taken->drive, result,
		    TAPE_MEDIUM_ERROR, message);
	}
	strcpy(known->barcode, volume_get_spec(volume)->barcode);
	library_return_now(library, bay);
	now_ns = library_robot_moves(library, taken->moves, now_ns);
	if (now_ns < bay->free_ns)
		now_ns = bay->free_ns;
	if (drive_setup_before_load(&bay->setup) != CHANGER_OK) {
		volume_close(volume, message);
		return put_back(library, known, taken->drive, result,
		    TAPE_UNKNOWN_ERROR, changer_message(library->changer));
	}
	if (strcmp(known->barcode, taken->barcode) != 0)
		return reject(library, taken, volume, now_ns, result);
	drive_load(bay->drive, volume, now_ns, &answer);
	known->tape = vtape_new(bay->drive, taken->drive);
	if (known->tape == NULL) {
		volume_close(library_eject(bay->drive, now_ns, &answer),
		    message);
		return put_back(library, known, taken->drive, result,
		    TAPE_UNKNOWN_ERROR, "cannot load a volume: out of memory");
	}
	vtape_set_pace(known->tape, &bay->pace);
	if (answer.check && answer.sense.key > SENSE_RECOVERED)
		return unload_failed(library, known, bay, &answer, result);
	count_load(library, taken->drive, volume);
	vtape_note_load(known->tape, answer.done_ns);
	bay->id = taken->id;
	volume_end(volume, &known->end);
	/*
	 * A load that succeeds may still report that the drive requests
	 * cleaning.
	 */
	vtape_translate(known->tape, "load", &answer, result);
	return known->tape;
}

static bool is_in_use(enum changer_status status)
{
	return status == CHANGER_NO_DRIVE || status == CHANGER_IN_USE;
}

/* Acquires a cartridge and a drive; waits for them if requested. */
static enum changer_status take(struct library *library,
    const struct changer_request *want, struct changer_acquired *taken)
{
	const struct library_options *o = &library->options;
	enum changer_status status;

	do {
		status = changer_acquire(library->changer, want, taken);
	} while (is_in_use(status) && o->wait != NULL &&
	    !library->prefetch.is_loading &&
	    o->wait(o->wait_arg, changer_message(library->changer)));
	return status;
}

/* Returns, for each drive, whether a load at `now_ns` must not use it. */
static const bool *drives_to_avoid(struct library *library, int64_t now_ns)
{
	if (!library->shared)
		return library->failed;
	for (size_t i = 0; i < library->bay_count; i++)
		library->avoid[i] = library->failed[i] ||
		    (library->bays[i].id == 0 &&
			library->bays[i].free_ns > now_ns);
	return library->avoid;
}

/* Reports what the robot met while it fetched a cartridge. */
static void observe_robot(const struct library *library,
    const struct changer_acquired *taken, enum changer_status status,
    int64_t now_ns)
{
	struct library_incident incident = {
		.robot_fault = changer_struck_fault(library->changer),
		.barcode = taken->barcode,
		.drive = status == CHANGER_OK ? (int)taken->drive : -1,
		.now_ns = now_ns,
	};

	if (library->observer == NULL)
		return;
	if (incident.robot_fault != 0)
		library->observer(library->observer_arg, &incident);
	incident.robot_fault = 0;
	incident.unreadable = taken->unreadable;
	if (incident.unreadable)
		library->observer(library->observer_arg, &incident);
}

static struct tape *load_once(struct library *library,
    struct changer_request *want, int64_t now_ns, struct tape_result *result)
{
	struct changer_acquired taken;
	enum changer_status status;
	struct tape *tape;

	library->failure = (struct library_load_failure){ .barcode = "" };
	tape_result_init(result, now_ns);
	want->drive = library->options.drive;
	want->avoid = drives_to_avoid(library, now_ns);
	status = take(library, want, &taken);
	observe_robot(library, &taken, status, now_ns);
	/*
	 * Skip a volume that cannot be loaded, unless only a drive is missing.
	 */
	if (want->barcode == NULL && taken.slot != 0 &&
	    status != CHANGER_NO_DRIVE && status != CHANGER_ERROR)
		library->next = taken.slot;
	if (status == CHANGER_OK) {
		tape = load_taken(library, &taken, now_ns, result);
		free(taken.file);
		if (tape == NULL)
			strcpy(library->failure.barcode, taken.barcode);
		return tape;
	}
	strcpy(library->failure.barcode, taken.barcode);
	library->failure.in_use = is_in_use(status);
	if (status == CHANGER_MOVE_FAILED || status == CHANGER_ROBOT_STUCK)
		result->done_ns =
		    library_robot_moves(library, taken.moves, now_ns);
	return library_fail_load(result, cause_of(status),
	    changer_message(library->changer));
}

/*
 * Loads a volume; also waits if another program has opened it without a drive.
 */
static struct tape *load_wanted(struct library *library,
    struct changer_request *want, int64_t now_ns, struct tape_result *result)
{
	const struct library_options *o = &library->options;
	struct tape *tape;

	do {
		tape = load_once(library, want, now_ns, result);
	} while (tape == NULL && library->failure.in_use &&
	    result->cause == TAPE_MEDIUM_ERROR && o->wait != NULL &&
	    !library->prefetch.is_loading &&
	    o->wait(o->wait_arg, result->message));
	return tape;
}

/*
 * Loads the volume that was released first.  It stays the first if it has to
 * wait for a drive.
 */
static struct tape *load_released(struct library *library, int64_t now_ns,
    struct tape_result *result)
{
	char barcode[VOLUME_BARCODE_BYTES];
	struct changer_request want = { .barcode = barcode,
		.reading = library->options.reading };
	struct tape *tape;

	strcpy(barcode, library->released[0]);
	tape = load_wanted(library, &want, now_ns, result);
	if (tape == NULL && library->failure.in_use)
		return NULL;
	memmove(library->released, library->released + 1,
	    --library->released_count * sizeof *library->released);
	return tape;
}

struct tape *library_load_next(struct library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct changer_request want = { .after = library->next,
		.reading = library->options.reading,
		.in_place = !library->started };
	struct tape *tape = load_wanted(library, &want, now_ns, result);

	if (tape == NULL && library->released_count > 0 &&
	    result->cause == TAPE_NO_VOLUME && !library->failure.in_use)
		tape = load_released(library, now_ns, result);
	library->started |= tape != NULL;
	return tape;
}

struct tape *library_load_named(struct library *library, const char *barcode,
    int64_t now_ns, struct tape_result *result)
{
	struct changer_request want = { .barcode = barcode, .reading = true };

	return load_wanted(library, &want, now_ns, result);
}
