/* memtape_volume.c: the objects on a volume in memory. */
#include "splitter/tests/memtape/memtape_impl.h"

#include <stdlib.h>
#include <string.h>

void memtape_volume_cut(struct memtape_volume *v, uint64_t count)
{
	while (v->count > count) {
		v->count--;
		v->bytes -= v->objects[v->count].bytes;
		free(v->objects[v->count].data);
	}
}

void memtape_volume_add(struct memtape_volume *v, const void *data,
    uint64_t bytes)
{
	struct memtape_object *o;

	if (v->count == v->room) {
		v->room = v->room == 0 ? 64 : v->room * 2;
		v->objects =
		    reallocarray(v->objects, v->room, sizeof *v->objects);
		if (v->objects == NULL)
			abort();
	}
	o = &v->objects[v->count++];
	memset(o, 0, sizeof *o);
	o->bytes = bytes;
	v->bytes += bytes;
	if (bytes == 0 || data == NULL)
		return;
	o->data = malloc(bytes);
	if (o->data == NULL)
		abort();
	memcpy(o->data, data, bytes);
}
