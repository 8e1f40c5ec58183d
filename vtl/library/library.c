/* library.c: hands out volumes and takes them back; see library.h. */
#include "vtl/library/impl.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/later.h"
#include "vtl/library/vtape.h"

/* Says why no tape is handed out; returns NULL. */
static struct tape *refuse(struct tape_result *result, enum tape_cause cause,
    const char *message)
{
	result->cause = cause;
	snprintf(result->message, sizeof result->message, "%.*s",
	    (int)sizeof result->message - 1, message);
	return NULL;
}

struct held *library_find_held(const struct library *library, int64_t id)
{
	size_t i = library->held_count;

	/* In memory they are numbered in their order. */
	if (id > 0 && id <= (int64_t)i && library->held[id - 1].id == id)
		return &library->held[id - 1];
	while (i-- > 0)
		if (library->held[i].id == id)
			return &library->held[i];
	return NULL;
}

/* When `moves` of the robot are done that are asked for now. */
static int64_t robot_moves(struct library *library, unsigned moves,
    int64_t now_ns)
{
	if (moves == 0 || library->move_ns == 0)
		return now_ns;
	if (library->robot_ns < now_ns)
		library->robot_ns = now_ns;
	library->robot_ns =
	    later_add(library->robot_ns, later_times(library->move_ns, moves));
	return library->robot_ns;
}

/* What the splitter makes of it where the changer hands out no cartridge. */
static enum tape_cause cause_of(enum changer_status status)
{
	switch (status) {
	case CHANGER_NO_VOLUME:
	case CHANGER_NO_DRIVE:
		return TAPE_NO_VOLUME;
	case CHANGER_TAKEN:
	case CHANGER_REFUSED:
		return TAPE_INVALID;
	case CHANGER_INCOMPATIBLE:
	case CHANGER_ROBOT:
	case CHANGER_ROBOT_STUCK:
		return TAPE_MEDIUM_ERROR;
	case CHANGER_ERROR: /* what stores the library failed */
		return TAPE_STORAGE;
	case CHANGER_OK:
		break;
	}
	return TAPE_UNKNOWN;
}

/*
 * Puts back what could not be loaded; returns NULL.  The volume may be good:
 * it is this machine that could not load it.  `held` may be NULL.
 */
static struct tape *put_back(struct library *library, struct held *held,
    unsigned drive, struct tape_result *result, enum tape_cause cause,
    const char *message)
{
	unsigned moves;

	if (held != NULL)
		snprintf(held->lost, sizeof held->lost, "%s", message);
	refuse(result, cause, message);
	if (changer_give(library->changer, drive, &moves) != CHANGER_OK)
		refuse(result, TAPE_UNKNOWN, changer_message(library->changer));
	return NULL;
}

/*
 * Takes the volume out of a drive that was asked for it, and answered with an
 * error; by hand if need be.
 */
static struct volume *take_out_again(struct drive *drive,
    struct drive_answer *answer)
{
	struct drive_answer again;
	struct volume *volume = drive_unload(drive, answer->done_ns, &again);

	answer->done_ns = again.done_ns;
	return volume != NULL ? volume : drive_take_out(drive);
}

/* Likewise, of any drive; the answer is the first error, if there was one. */
static struct volume *take_out(struct drive *drive, int64_t now_ns,
    struct drive_answer *answer)
{
	struct volume *volume = drive_unload(drive, now_ns, answer);

	return volume != NULL ? volume : take_out_again(drive, answer);
}

/*
 * The drive reads another barcode than was asked for: takes the cartridge out
 * again.  Returns NULL.
 */
static struct tape *reject(struct library *library,
    const struct changer_taken *taken, struct volume *volume, int64_t now_ns,
    struct tape_result *result)
{
	struct drive *drive = library->bays[taken->drive].drive;
	char message[VOLUME_MESSAGE_BYTES];
	struct drive_answer answer;
	unsigned moves;

	snprintf(message, sizeof message,
	    "wrong cartridge: %s was asked for, "
	    "and %s lies in drive %u; it is put back",
	    taken->barcode, volume_spec(volume)->barcode, taken->drive);
	refuse(result, TAPE_MEDIUM_ERROR, message);
	drive_load(drive, volume, now_ns, &answer);
	take_out(drive, answer.done_ns, &answer);
	volume_close(volume, message);
	result->done_ns = answer.done_ns;
	if (changer_give(library->changer, taken->drive, &moves) == CHANGER_OK)
		robot_moves(library, moves, answer.done_ns);
	else
		refuse(result, TAPE_UNKNOWN, changer_message(library->changer));
	return NULL;
}

/* The drive could not load it: takes it out again.  Returns NULL. */
static struct tape *not_loaded(struct library *library, struct held *held,
    struct bay *bay, const struct drive_answer *answer,
    struct tape_result *result)
{
	char message[VOLUME_MESSAGE_BYTES], why[TAPE_MESSAGE_BYTES];
	unsigned drive = held->tape->drive;
	struct drive_answer out;
	struct tape_result failed;

	vtape_translate(held->tape, "load", answer, &failed);
	memcpy(why, failed.message, sizeof why);
	vtape_free(held->tape);
	held->tape = NULL;
	volume_close(take_out(bay->drive, answer->done_ns, &out), message);
	if (failed.cause == TAPE_HARDWARE_ERROR)
		library->failed[drive] = true;
	/* It is no loss of the volume's: it can be loaded elsewhere. */
	put_back(library, NULL, drive, result, failed.cause, why);
	result->done_ns = out.done_ns;
	return NULL;
}

/* The cartridge is in the drive; the drive loads it. */
static struct tape *load_taken(struct library *library,
    const struct changer_taken *taken, int64_t now_ns,
    struct tape_result *result)
{
	struct bay *bay = &library->bays[taken->drive];
	struct held *held = library_find_held(library, taken->id);
	char message[VOLUME_MESSAGE_BYTES];
	struct drive_answer answer;
	struct volume *volume;

	if (held == NULL)
		held = library_add_held(library, taken->id, taken->barcode,
		    taken->file);
	if (held == NULL)
		return put_back(library, held, taken->drive, result,
		    TAPE_UNKNOWN, "cannot load a volume: out of memory");
	if (bay->drive == NULL)
		return put_back(library, held, taken->drive, result,
		    TAPE_UNKNOWN,
		    "the library has another drive than when "
		    "it was opened: open it again");
	volume = volume_open(held->path, library->options.durable, message);
	if (volume == NULL) {
		library->missed.in_use = errno == EBUSY;
		return put_back(library, held, taken->drive, result,
		    TAPE_MEDIUM_ERROR, message);
	}
	strcpy(held->barcode, volume_spec(volume)->barcode);
	now_ns = robot_moves(library, taken->moves, now_ns);
	if (now_ns < bay->free_ns)
		now_ns = bay->free_ns;
	if (library_outfit(library, taken->drive) != CHANGER_OK) {
		volume_close(volume, message);
		return put_back(library, held, taken->drive, result,
		    TAPE_UNKNOWN, changer_message(library->changer));
	}
	if (strcmp(held->barcode, taken->barcode) != 0)
		return reject(library, taken, volume, now_ns, result);
	drive_load(bay->drive, volume, now_ns, &answer);
	held->tape = vtape_new(bay->drive, taken->drive);
	if (held->tape == NULL) {
		volume_close(take_out(bay->drive, now_ns, &answer), message);
		return put_back(library, held, taken->drive, result,
		    TAPE_UNKNOWN, "cannot load a volume: out of memory");
	}
	if (answer.check && answer.sense.key > SENSE_RECOVERED)
		return not_loaded(library, held, bay, &answer, result);
	bay->id = taken->id;
	volume_end(volume, &held->end);
	/* It may tell something, such as that it wants to be cleaned. */
	vtape_translate(held->tape, "load", &answer, result);
	return held->tape;
}

static bool is_in_use(enum changer_status status)
{
	return status == CHANGER_NO_DRIVE || status == CHANGER_TAKEN;
}

/* A cartridge in a drive, waiting for it where that was asked for. */
static enum changer_status take(struct library *library,
    const struct changer_want *want, struct changer_taken *taken)
{
	const struct library_options *o = &library->options;
	enum changer_status status;

	do {
		status = changer_take(library->changer, want, taken);
	} while (is_in_use(status) && o->wait != NULL &&
	    !library->ahead.trying &&
	    o->wait(o->wait_arg, changer_message(library->changer)));
	return status;
}

static struct tape *load_once(struct library *library,
    struct changer_want *want, int64_t now_ns, struct tape_result *result)
{
	struct changer_taken taken;
	enum changer_status status;
	struct tape *tape;

	library->missed = (struct library_missed){ .barcode = "" };
	tape_result_init(result, now_ns);
	want->drive = library->options.drive;
	want->avoid = library->failed;
	status = take(library, want, &taken);
	/* One that cannot be loaded is passed over; without drive none is. */
	if (want->barcode == NULL && taken.slot != 0 &&
	    status != CHANGER_NO_DRIVE && status != CHANGER_ERROR)
		library->next = taken.slot;
	if (status == CHANGER_OK) {
		tape = load_taken(library, &taken, now_ns, result);
		free(taken.file);
		if (tape == NULL)
			strcpy(library->missed.barcode, taken.barcode);
		return tape;
	}
	strcpy(library->missed.barcode, taken.barcode);
	library->missed.in_use = is_in_use(status);
	if (status == CHANGER_ROBOT || status == CHANGER_ROBOT_STUCK)
		result->done_ns = robot_moves(library, taken.moves, now_ns);
	return refuse(result, cause_of(status),
	    changer_message(library->changer));
}

/* Also waits for a volume that a program has open which uses no drive. */
static struct tape *load_wanted(struct library *library,
    struct changer_want *want, int64_t now_ns, struct tape_result *result)
{
	const struct library_options *o = &library->options;
	struct tape *tape;

	do {
		tape = load_once(library, want, now_ns, result);
	} while (tape == NULL && library->missed.in_use &&
	    result->cause == TAPE_MEDIUM_ERROR && o->wait != NULL &&
	    !library->ahead.trying && o->wait(o->wait_arg, result->message));
	return tape;
}

struct tape *library_load_next(struct library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct changer_want want = { .after = library->next,
		.reading = library->options.reading,
		.in_place = !library->started };
	struct tape *tape = load_wanted(library, &want, now_ns, result);

	library->started |= tape != NULL;
	return tape;
}

static struct tape *load(struct tape_library *base, int64_t now_ns,
    struct tape_result *result)
{
	struct library *library = (struct library *)base;

	return library->options.ahead
	    ? library_load_ahead(library, now_ns, result)
	    : library_load_next(library, now_ns, result);
}

static struct tape *load_named(struct tape_library *base, const char *barcode,
    int64_t now_ns, struct tape_result *result)
{
	struct changer_want want = { .barcode = barcode, .reading = true };
	struct library *library = (struct library *)base;

	library_forget_ahead(library, now_ns);
	return load_wanted(library, &want, now_ns, result);
}

static const char *close_name(enum tape_close why)
{
	switch (why) {
	case TAPE_CLOSE_GOOD:
		return "good";
	case TAPE_CLOSE_FULL:
		return "full";
	case TAPE_CLOSE_SUSPECT:
		return "suspect";
	case TAPE_CLOSE_DRIVE:
		return "suspect, drive avoided";
	case TAPE_CLOSE_REFUSED:
		return "refused";
	}
	return "?";
}

/* What is still to be written before the tape is unloaded. */
static void settle(struct tape *tape, enum tape_close why, int64_t now_ns,
    struct tape_result *result)
{
	struct volume *volume = drive_volume(vtape_drive(tape));

	tape_result_init(result, now_ns);
	/* On what is suspect the tape may be anywhere. */
	if (why == TAPE_CLOSE_GOOD || why == TAPE_CLOSE_FULL)
		vtape_finish(tape, now_ns, result);
	if (vtape_is_labelled(tape))
		volume_note(volume, "labelled", tape->barcode);
	if (vtape_is_written(tape))
		volume_note(volume, "closed", close_name(why));
}

static bool is_on_disk(const struct library *library)
{
	return changer_folder(library->changer)[0] != '\0';
}

/*
 * Takes the volume out of its drive, and closes it.  A mark is of what was
 * written: what others made of the volume before it was loaded to be read is
 * not marked.
 */
static void eject(const struct library *library, struct bay *bay,
    struct held *held, enum tape_close why, struct tape_result *result)
{
	struct volume *volume = drive_volume(bay->drive);
	char message[VOLUME_MESSAGE_BYTES];
	struct drive_answer answer;
	struct tape_result last;
	bool out = drive_unload(bay->drive, result->done_ns, &answer) != NULL;

	/* While the drive stands where it failed. */
	vtape_translate(held->tape, "unload", &answer, &last);
	if (!out)
		take_out_again(bay->drive, &answer);
	volume_end(volume, &held->end);
	strcpy(held->lost, volume_lost(volume));
	if (result->cause == TAPE_OK && why != TAPE_CLOSE_DRIVE)
		*result = last;
	result->done_ns = answer.done_ns;
	if ((is_on_disk(library) &&
			(vtape_is_written(held->tape) ||
			    (library->options.marks && !held->mark.known))
		    ? volume_close_marked(volume, &held->mark, message)
		    : volume_close(volume, message)) == 0)
		return;
	if (held->lost[0] == '\0')
		strcpy(held->lost, message);
	if (result->cause == TAPE_OK)
		refuse(result, TAPE_STORAGE, message);
}

static void unload(struct tape_library *base, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct library *library = (struct library *)base;
	struct bay *bay = &library->bays[tape->drive];
	struct held *held = library_find_held(library, bay->id);
	int64_t settled_ns;
	unsigned moves;

	assert(held != NULL && held->tape == tape);
	settle(tape, why, now_ns, result);
	settled_ns = result->done_ns;
	held->labelled |= vtape_is_labelled(tape);
	held->written |= vtape_is_written(tape);
	eject(library, bay, held, why, result);
	library->failed[tape->drive] |= why == TAPE_CLOSE_DRIVE;
	if (changer_give(library->changer, tape->drive, &moves) == CHANGER_OK)
		robot_moves(library, moves, result->done_ns);
	else if (result->cause == TAPE_OK)
		refuse(result, TAPE_UNKNOWN, changer_message(library->changer));
	if (library->options.ahead) { /* nobody waits for the drive */
		bay->free_ns = result->done_ns;
		result->done_ns = settled_ns;
	}
	vtape_free(tape);
	held->tape = NULL;
	bay->id = 0;
}

const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};

struct tape_library *library_tapes(struct library *library)
{
	return &library->base;
}

struct changer *library_changer(struct library *library)
{
	return library->changer;
}

void library_last_missed(const struct library *library,
    struct library_missed *missed)
{
	*missed = library->missed;
}

size_t library_volume_count(const struct library *library)
{
	return library->held_count;
}

void library_volume_get(const struct library *library, size_t i,
    struct library_volume *out)
{
	const struct held *held = &library->held[i];
	const struct tape *tape = held->tape;

	assert(i < library->held_count);
	*out = (struct library_volume){
		.path = held->path,
		.barcode = held->barcode,
		.loaded = tape != NULL,
		.labelled = held->labelled,
		.written = held->written,
		.end = held->end,
		.lost = held->lost,
	};
	if (tape == NULL)
		return;
	out->labelled |= vtape_is_labelled(tape);
	out->written |= vtape_is_written(tape);
	volume_end(drive_volume(vtape_drive(tape)), &out->end);
}
