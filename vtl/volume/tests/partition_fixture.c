/* partition_fixture.c: see partition_fixture.h. */
#include "vtl/volume/tests/partition_fixture.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/volume/verify.h"

struct model partition_model;

uint64_t partition_dump_of(unsigned partition)
{
	return partition + 1;
}

struct volume_spec partition_spec_of(enum volume_payload payload)
{
	struct volume_spec spec = scratch_spec(payload);

	spec.capacity_bytes = 1 << 20;
	return spec;
}

struct volume *partition_make(enum volume_payload payload)
{
	const struct volume_spec spec = partition_spec_of(payload);

	memset(&partition_model, 0, sizeof partition_model);
	partition_model.count = 1;
	partition_model.parts[0].capacity = spec.capacity_bytes;
	return scratch_volume("v", &spec);
}

int partition_format(struct volume *volume, unsigned count)
{
	struct volume_partition parts[PARTS];
	struct model old = partition_model;

	for (unsigned i = 0; i < count; i++)
		parts[i] =
		    (struct volume_partition){ .capacity_bytes =
						   (1 << 20) / count - i };
	memset(&partition_model, 0, sizeof partition_model);
	partition_model.count = count;
	partition_model.next_offset = old.next_offset;
	for (unsigned i = 0; i < count; i++) {
		partition_model.parts[i].capacity = parts[i].capacity_bytes;
		if (i >= old.count)
			continue;
		memcpy(partition_model.parts[i].value, old.parts[i].value,
		    sizeof old.parts[i].value);
		memcpy(partition_model.parts[i].value_bytes,
		    old.parts[i].value_bytes, sizeof old.parts[i].value_bytes);
	}
	return volume_format(volume, 1 << 20, parts, count);
}

int partition_append(struct volume *volume, uint64_t blocks, uint64_t last)
{
	struct model_part *p = &partition_model.parts[partition_model.active];
	uint64_t bytes = (blocks - 1) * BLOCK + last;
	uint32_t offset = partition_model.next_offset;

	if (p->objects + blocks > OBJECTS)
		return 0;
	for (uint64_t i = 0; i < blocks; i++) {
		p->bytes[p->objects] = i + 1 < blocks ? BLOCK : (uint16_t)last;
		p->offset[p->objects++] =
		    partition_model.next_offset + (uint32_t)i * BLOCK;
	}
	partition_model.next_offset += (uint32_t)bytes;
	return scratch_append(volume, bytes, BLOCK,
	    partition_dump_of(partition_model.active), offset);
}

int partition_append_filemarks(struct volume *volume, uint64_t count)
{
	struct model_part *p = &partition_model.parts[partition_model.active];

	if (p->objects + count > OBJECTS)
		return 0;
	for (uint64_t i = 0; i < count; i++)
		p->bytes[p->objects++] = 0;
	return volume_append_filemarks(volume, count);
}

struct volume_position partition_place(unsigned partition, size_t object)
{
	const struct model_part *p = &partition_model.parts[partition];
	struct volume_position at = { .object = object };

	for (size_t i = 0; i < object; i++) {
		at.byte += p->bytes[i];
		at.file += p->bytes[i] == 0;
	}
	return at;
}

int partition_cut(struct volume *volume, size_t object)
{
	const struct volume_position at =
	    partition_place(partition_model.active, object);

	partition_model.parts[partition_model.active].objects = object;
	return volume_cut(volume, &at);
}

int partition_select_part(struct volume *volume, unsigned partition)
{
	if (volume_select(volume, partition) != 0)
		return -1;
	partition_model.active = partition;
	return 0;
}

int partition_store(struct volume *volume, unsigned partition, unsigned id,
    uint8_t bytes)
{
	struct model_part *p = &partition_model.parts[partition];
	uint8_t value[VALUE];
	const struct volume_attribute a = { .id = (uint16_t)(0x800 + id),
		.format = 1,
		.bytes = bytes,
		.value = value };

	memset(value, 'a' + bytes % 26, sizeof value);
	memcpy(p->value[id], value, sizeof value);
	p->value_bytes[id] = bytes;
	return volume_store_attributes(volume, partition, &a, 1);
}

void partition_no_fault(void *arg, const char *message)
{
	(void)arg;
	ck_abort_msg("%s", message);
}

struct volume *partition_reopen(struct volume *volume)
{
	struct volume_counts counts;
	uint64_t objects = 0;

	scratch_close(volume);
	ck_assert_uint_eq(volume_verify(scratch_path("v"), partition_no_fault,
			      NULL, &counts),
	    0);
	for (unsigned i = 0; i < partition_model.count; i++)
		objects += partition_model.parts[i].objects;
	ck_assert_uint_eq(counts.blocks + counts.filemarks, objects);
	partition_model.active = 0;
	return scratch_open("v");
}

long partition_countdown;

bool partition_for_good, partition_struck;

int partition_count_down(const struct vfs_hook_event *e)
{
	if (e->operation == VFS_HOOK_DELETE || partition_countdown < 0 ||
	    --partition_countdown > 0)
		return SQLITE_OK;
	partition_countdown = partition_for_good ? 1 : -1;
	partition_struck = true;
	return e->operation == VFS_HOOK_WRITE ? SQLITE_FULL : SQLITE_IOERR;
}

void partition_no_layer(void)
{
	scratch_setup();
	partition_countdown = -1;
	vfs_hook_install(partition_count_down);
}

void partition_remove_layer(void)
{
	vfs_hook_remove();
	scratch_teardown();
}
