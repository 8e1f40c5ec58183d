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

/* What one partition holds, or all of them. */
struct contents {
	uint64_t bytes, files;
	bool unfinished; /* a file has no filemark */
};

/* Gets the contents of a partition, which is then the active one. */
static int read_contents(struct volume *volume, unsigned partition,
    struct contents *contents)
{
	struct volume_position end;

	if (volume_select(volume, partition) != 0)
		return -1;
	volume_end(volume, &end);
	contents->bytes = end.byte;
	contents->unfinished = volume_ends_in_block(volume);
	contents->files = end.file + contents->unfinished;
	return 0;
}

/*
 * Adds the contents of all partitions.  Returns a list of them; NULL if there
 * is only one.
 */
static json_t *partitions_json(struct volume *volume, struct contents *all)
{
	unsigned i, count = volume_partitions(volume);
	json_t *json = count > 1 ? json_array() : NULL;
	struct contents one;

	*all = (struct contents){ .bytes = 0 };
	for (i = 0; i < count; i++) {
		/* A partition that cannot be read counts as empty. */
		if (read_contents(volume, i, &one) != 0)
			one = (struct contents){ .bytes = 0 };
		all->bytes += one.bytes;
		all->files += one.files;
		all->unfinished |= one.unfinished;
		json_array_append_new(json,
		    json_pack("{s:i, s:I, s:I, s:I, s:b}", "partition", (int)i,
			"capacity_bytes",
			(json_int_t)volume_get_partition(volume, i)
			    ->capacity_bytes,
			"written_bytes", (json_int_t)one.bytes, "files",
			(json_int_t)one.files, "unfinished",
			(int)one.unfinished));
	}
	volume_select(volume, 0);
	return json;
}

json_t *vtl_volume_json(struct volume *volume)
{
	const struct volume_spec *spec = volume_get_spec(volume);
	const struct media_type *type =
	    media_find_type(spec->medium, spec->barcode);
	struct contents all;
	json_t *json, *partitions = partitions_json(volume, &all);

	json = json_pack("{s:s, s:s?, s:I, s:I, s:I, s:s, s:b, s:b}", "barcode",
	    spec->barcode, "media_type", type != NULL ? type->code : NULL,
	    "capacity_bytes", (json_int_t)spec->capacity_bytes, "written_bytes",
	    (json_int_t)all.bytes, "files", (json_int_t)all.files, "payload",
	    vtl_payloads[spec->payload], "write_protected",
	    (int)volume_is_protected(volume), "unfinished",
	    (int)all.unfinished);
	json_object_set_new(json, "early_warning_bytes",
	    spec->has_early_warning
		? json_integer((json_int_t)spec->early_warning_bytes)
		: json_null());
	if (partitions != NULL)
		json_object_set_new(json, "partitions", partitions);
	return json;
}
