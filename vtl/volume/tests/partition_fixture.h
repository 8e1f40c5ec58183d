/*
 * partition_fixture.h: a volume with partitions, and a model of what it holds.
 *
 * Functions that change the volume change the model first, and return what the
 * volume returns.
 */
#ifndef VTL_PARTITION_FIXTURE_H
#define VTL_PARTITION_FIXTURE_H

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vfs_hook.h"
#include "vtl/tests/vtl_scratch.h"

enum {
	PARTS = VOLUME_PARTITIONS_MAX,
	OBJECTS = 400,
	BLOCK = 512,
	IDS = 8,
	VALUE = 40,
	STEPS = 1500 / SANITIZED
};

/*
 * What a volume should hold.  Each operation changes it first, whether the
 * volume can do it or not.
 */
struct model {
	unsigned count, active;
	struct model_part {
		uint64_t capacity;
		size_t objects;
		uint16_t bytes[OBJECTS]; /* of a block; 0: a filemark */
		uint32_t offset[OBJECTS];
		uint8_t value[IDS][VALUE]; /* attributes */
		uint8_t value_bytes[IDS];
	} parts[PARTS];
	uint32_t next_offset;
};

extern struct model partition_model;

/* Returns the dump of the blocks of a partition. */
uint64_t partition_dump_of(unsigned partition);

struct volume_spec partition_spec_of(enum volume_payload payload);

/* Makes the volume, with one partition. */
struct volume *partition_make(enum volume_payload payload);

int partition_format(struct volume *volume, unsigned count);

int partition_append(struct volume *volume, uint64_t blocks, uint64_t last);

int partition_append_filemarks(struct volume *volume, uint64_t count);

/* Returns the position of an object, by the model. */
struct volume_position partition_place(unsigned partition, size_t object);

int partition_cut(struct volume *volume, size_t object);

int partition_select_part(struct volume *volume, unsigned partition);

int partition_store(struct volume *volume, unsigned partition, unsigned id,
    uint8_t bytes);

/* For volume_verify(): the test fails on an error. */
void partition_no_fault(void *arg, const char *message);

/* Closes the volume, checks all of its file, and opens it again. */
struct volume *partition_reopen(struct volume *volume);

/*
 * Faults of the disk, as in check_volume_fault.c: number of operations until one
 * fails; whether all later ones fail too; whether one has failed.
 */
extern long partition_countdown;
extern bool partition_for_good, partition_struck;
int partition_count_down(const struct vfs_hook_event *e);

/* For tcase_add_checked_fixture(): without faults of the disk. */
void partition_no_layer(void);
void partition_remove_layer(void);

#endif
