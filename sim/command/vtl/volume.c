/* volume.c: see volume.h. */
#include "sim/command/vtl/volume.h"

#include "vtl/base/media.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct volume *vtl_volume_open(struct changer *changer, const char *barcode,
    struct changer_element *element, char message[VOLUME_MESSAGE_BYTES])
{
	struct volume *volume = NULL;
	char *path, by[CHANGER_CLIENT_BYTES];

	memset(element, 0, sizeof *element);
	if (changer_lock(changer, barcode, element, &path) != CHANGER_OK) {
		memcpy(message, changer_message(changer), VOLUME_MESSAGE_BYTES);
		return NULL;
	}
	changer_client_describe(&element->client, by, sizeof by);
	if (path == NULL)
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "%s is a cleaning cartridge, and has no data", barcode);
	else if (element->client.id != 0)
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "volume %s is in use by %s%s", barcode, by,
		    element->client.has_lock ? ": wait until that has ended"
					     : "");
	else
		volume = volume_open(path, true, message);
	free(path);
	if (volume == NULL)
		changer_unlock(changer);
	return volume;
}

int vtl_volume_close(struct changer *changer, struct volume *volume,
    char message[VOLUME_MESSAGE_BYTES])
{
	int rc = volume_close(volume, message);

	changer_unlock(changer);
	return rc;
}

json_t *vtl_volume_json(struct volume *volume)
{
	const struct volume_spec *spec = volume_get_spec(volume);
	const struct media_type *type =
	    media_find_type(spec->medium, spec->barcode);
	struct volume_position end;
	json_t *json;

	volume_end(volume, &end);
	json = json_pack("{s:s, s:s?, s:I, s:I, s:I, s:s, s:b, s:b}", "barcode",
	    spec->barcode, "media_type", type != NULL ? type->code : NULL,
	    "capacity_bytes", (json_int_t)spec->capacity_bytes, "written_bytes",
	    (json_int_t)end.byte, "files",
	    (json_int_t)end.file + volume_ends_in_block(volume), "payload",
	    vtl_payloads[spec->payload], "write_protected",
	    (int)volume_is_protected(volume), "unfinished",
	    (int)volume_ends_in_block(volume));
	json_object_set_new(json, "early_warning_bytes",
	    spec->has_early_warning
		? json_integer((json_int_t)spec->early_warning_bytes)
		: json_null());
	return json;
}
