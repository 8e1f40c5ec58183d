/* contents.c: see contents.h. */
#include "sim/run/steps/contents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"
#include "splitter/base/sentence.h"
#include "vtl/volume/volume.h"

/* An object of a volume, with its bytes. */
struct object {
	struct volume_object what;
	void *data;
};

struct objects {
	struct object *list;
	size_t count;
};

static void clear(struct objects *o)
{
	for (size_t i = 0; i < o->count; i++)
		free(o->list[i].data);
	free(o->list);
}

/* Reads one object with its data.  Returns 0 or -1. */
static int read_one(struct volume *volume, uint64_t at, struct object *to)
{
	if (volume_read(volume, at, NULL, 0, &to->what) != 0)
		return -1;
	if (to->what.kind != VOLUME_BLOCK || !to->what.has_data)
		return 0;
	to->data = malloc(to->what.bytes);
	return to->data != NULL
	    ? volume_read(volume, at, to->data, to->what.bytes, &to->what)
	    : -1;
}

static int read_all(struct volume *volume, struct objects *o)
{
	struct volume_position end;
	struct object *list;

	volume_end(volume, &end);
	for (uint64_t at = 0; at < end.object; at++) {
		list = grow_by_one(o->list, o->count, sizeof *o->list);
		if (list == NULL)
			return -1;
		o->list = list;
		list[o->count] = (struct object){ .data = NULL };
		if (read_one(volume, at, &list[o->count++]) != 0)
			return -1;
	}
	return 0;
}

static int write_all(struct volume *volume, const struct objects *o)
{
	static const struct volume_position bot;
	int rc = volume_cut(volume, &bot);

	for (size_t i = 0; i < o->count && rc == 0; i++) {
		const struct object *from = &o->list[i];
		const struct volume_run run = { .data = from->data,
			.bytes = from->what.bytes,
			.block_bytes = from->what.bytes,
			.dump_id = from->what.dump_id,
			.offset = from->what.offset,
			.keep = from->data != NULL };

		rc = from->what.kind == VOLUME_FILEMARK
		    ? volume_append_filemarks(volume, 1)
		    : volume_append(volume, &run);
	}
	return rc == 0 ? volume_sync(volume) : -1;
}

int contents_exchange(const char *first, const char *second, bool durable,
    char *err, size_t err_bytes)
{
	char message[VOLUME_MESSAGE_BYTES] = "";
	struct volume *a = volume_open(first, durable, message), *b = NULL;
	struct objects of_a = { 0 }, of_b = { 0 };
	int rc = -1;

	if (a != NULL)
		b = volume_open(second, durable, message);
	if (b != NULL && read_all(a, &of_a) == 0 && read_all(b, &of_b) == 0)
		rc = write_all(a, &of_b) == 0 ? write_all(b, &of_a) : -1;
	if (rc != 0)
		sentence(err, err_bytes, "cannot exchange %s and %s: %s%s%s",
		    first, second, message, a != NULL ? volume_message(a) : "",
		    b != NULL ? volume_message(b) : "");
	if (a != NULL && volume_close(a, message) != 0)
		rc = -1;
	if (b != NULL && volume_close(b, message) != 0)
		rc = -1;
	clear(&of_a);
	clear(&of_b);
	return rc;
}
