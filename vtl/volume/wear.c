/*
 * wear.c: the loads in the life of a medium, and how many it is made for.
 *
 * Both are events in the history of the volume, so a copy of the file is as
 * worn as the original.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "vtl/base/media.h"
#include "vtl/volume/impl.h"
#include "vtl/volume/history.h"

static int log_number(struct volume *volume, const char *event, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRIu64, number);
	return volume_log_event(volume, event, text);
}

int volume_add_loads(struct volume *volume, uint64_t loads)
{
	return log_number(volume, "loads", loads);
}

int volume_set_life(struct volume *volume, uint64_t loads)
{
	return log_number(volume, "life", loads);
}

void volume_log_use(struct volume *volume, const char *event, const char *text)
{
	const bool failed = volume->storage_failed;
	char error[VOLUME_MESSAGE_BYTES];

	if (volume->is_protected || volume->format < VOLUME_FORMAT)
		return;
	memcpy(error, volume->storage_error, sizeof error);
	if (volume_log_event(volume, event, text) == 0 &&
	    volume_sync(volume) == 0)
		return;
	/* Nothing of the contents is lost. */
	memcpy(volume->storage_error, error, sizeof error);
	volume->storage_failed = failed;
}

void volume_log_load(struct volume *volume, const char *serial)
{
	volume_log_use(volume, "loaded", serial);
}

/* Returns false if the text of an event is no number. */
static bool parse_number(const char *text, uint64_t *number)
{
	char end;

	return text != NULL && isdigit((unsigned char)text[0]) &&
	    sscanf(text, "%" SCNu64 "%c", number, &end) == 1;
}

static void add_loads(void *arg, const char *text)
{
	struct volume_wear *wear = arg;
	uint64_t loads;

	if (parse_number(text, &loads) && loads < UINT64_MAX - wear->loads)
		wear->loads += loads;
}

static void take_life(void *arg, const char *text)
{
	struct volume_wear *wear = arg;
	uint64_t loads;

	if (parse_number(text, &loads) && loads > 0)
		wear->life_loads = loads;
}

int volume_get_wear(struct volume *volume, struct volume_wear *wear)
{
	wear->life_loads = MEDIA_LIFE_LOADS;
	if (volume_count_events(volume, "loaded", &wear->loads) != 0 ||
	    volume_each_event(volume, "loads", add_loads, wear) != 0)
		return -1;
	return volume_each_event(volume, "life", take_life, wear);
}
