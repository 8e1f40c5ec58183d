/* unload.c: unloads volumes. */
#include "vtl/library/impl.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "vtl/library/vtape.h"

/* Unloads again after an error, then takes the volume out by hand. */
static struct volume *take_out_again(struct drive *drive,
    struct drive_result *answer)
{
	struct drive_result again;
	struct volume *volume = drive_unload(drive, answer->done_ns, &again);

	answer->done_ns = again.done_ns;
	return volume != NULL ? volume : drive_remove_volume(drive);
}

struct volume *library_eject(struct drive *drive, int64_t now_ns,
    struct drive_result *answer)
{
	struct volume *volume = drive_unload(drive, now_ns, answer);

	return volume != NULL ? volume : take_out_again(drive, answer);
}

/* Writes what is missing on the tape before it is unloaded. */
static void finish(struct tape *tape, enum tape_close why, int64_t now_ns,
    struct tape_result *result)
{
	struct volume *volume = drive_volume(vtape_drive(tape));

	tape_result_init(result, now_ns);
	/* Do not write on a suspect volume: its position is not known. */
	if (why == TAPE_CLOSE_GOOD || why == TAPE_CLOSE_FULL)
		vtape_finish(tape, now_ns, result);
	if (vtape_is_labelled(tape))
		volume_log_event(volume, "labelled", tape->barcode);
	if (vtape_is_written(tape))
		volume_log_event(volume, "closed", tape_close_name(why));
}

/*
 * Takes the volume out of its drive, and closes it.  The fingerprint is that of
 * the last write of this library; for a volume that was only read, that of the
 * first unload.
 */
static void unload_and_close(const struct library *library, struct bay *bay,
    struct known_volume *known, enum tape_close why, struct tape_result *result)
{
	struct volume *volume = drive_volume(bay->drive);
	char message[VOLUME_MESSAGE_BYTES];
	struct drive_result answer;
	struct tape_result last;
	bool out = drive_unload(bay->drive, result->done_ns, &answer) != NULL;

	/* Translate before the position changes. */
	vtape_translate(known->tape, "unload", &answer, &last);
	if (!out)
		take_out_again(bay->drive, &answer);
	vtape_log_use(known->tape, volume);
	volume_end(volume, &known->end);
	strcpy(known->lost, volume_storage_error(volume));
	if (result->cause == TAPE_OK && why != TAPE_CLOSE_AVOID_DRIVE)
		*result = last;
	result->done_ns = answer.done_ns;
	if ((library_is_on_disk(library) &&
			(vtape_is_written(known->tape) ||
			    (library->options.fingerprints &&
				!known->fingerprint.known))
		    ? volume_close_with_fingerprint(volume, &known->fingerprint,
			  message)
		    : volume_close(volume, message)) == 0)
		return;
	if (known->lost[0] == '\0')
		strcpy(known->lost, message);
	if (result->cause == TAPE_OK)
		library_fail_load(result, TAPE_STORAGE_FAILED, message);
}

void library_unload(struct library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct bay *bay = &library->bays[tape->drive];
	struct known_volume *known = library_find_known(library, bay->id);
	int64_t finished_ns;
	unsigned moves;

	assert(known != NULL && known->tape == tape);
	finish(tape, why, now_ns, result);
	finished_ns = result->done_ns;
	known->labelled |= vtape_is_labelled(tape);
	known->written |= vtape_is_written(tape);
	unload_and_close(library, bay, known, why, result);
	drive_setup_unloaded(&bay->setup);
	library->failed[tape->drive] |= why == TAPE_CLOSE_AVOID_DRIVE;
	if (changer_release(library->changer, tape->drive, &moves) ==
	    CHANGER_OK)
		library_return_at(library, bay, moves, result->done_ns);
	else if (result->cause == TAPE_OK)
		library_fail_load(result, TAPE_UNKNOWN_ERROR,
		    changer_message(library->changer));
	if (library->options.load_ahead || library->shared)
		bay->free_ns = result->done_ns;
	if (library->options.load_ahead) /* do not wait for the drive */
		result->done_ns = finished_ns;
	vtape_free(tape);
	known->tape = NULL;
	bay->id = 0;
}
