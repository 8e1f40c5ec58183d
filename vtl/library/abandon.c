/* abandon.c: a program is killed while it uses the library. */
#include "vtl/library/impl.h"

#include <string.h>

#include "vtl/library/vtape.h"

/* Takes the volume out of a drive, with nothing written after it. */
static void abandon(struct library *library, struct bay *bay, bool power,
    int64_t now_ns)
{
	struct known_volume *known = library_find_known(library, bay->id);
	char message[VOLUME_MESSAGE_BYTES];
	struct drive_result answer;
	struct volume *volume;

	if (power)
		drive_power_loss(bay->drive, now_ns);
	else
		drive_flush(bay->drive, now_ns, &answer);
	volume = drive_remove_volume(bay->drive);
	volume_end(volume, &known->end);
	strcpy(known->lost, volume_storage_error(volume));
	if (volume_close(volume, message) != 0 && known->lost[0] == '\0')
		strcpy(known->lost, message);
	known->labelled |= vtape_is_labelled(known->tape);
	known->written |= vtape_is_written(known->tape);
	vtape_free(known->tape);
	known->tape = NULL;
	bay->id = 0;
	drive_setup_store_strikes(&bay->setup);
}

void library_abandon(struct library *library, bool power, int64_t now_ns)
{
	for (size_t i = 0; i < library->bay_count; i++)
		if (library->bays[i].id != 0)
			abandon(library, &library->bays[i], power, now_ns);
}
