/*
 * drive_stand.h: what the suites of the drive share: a drive with a volume of
 * blocks of 100 bytes, room for 1000 and an early warning at byte 800.
 */
#ifndef VTL_TESTS_DRIVE_STAND_H
#define VTL_TESTS_DRIVE_STAND_H

#include "vtl/drive/drive.h"
#include "vtl/tests/vtl_scratch.h"

enum { STAND_BLOCK = 100, STAND_CAPACITY = 1000, STAND_EARLY = 200 };

struct stand {
	struct drive *drive;
	struct drive_answer answer; /* of the last command */
	int64_t now_ns;             /* when that was complete */
	uint64_t offset;            /* of the dump: so much was taken */
};

/* 100 bytes take a second, everything else none. */
extern const struct model stand_model;

/* A drive with these options (NULL: none) and an empty volume, "v". */
void stand_make(struct stand *stand, const struct drive_options *options,
    const struct volume_spec *spec);

/* As above, of the volume. */
struct volume_spec stand_spec(void);

/* Unloads and frees it; the volume stays. */
void stand_finish(struct stand *stand);

/* Unloads, and loads the volume again. */
void stand_reload(struct stand *stand);

/* Writes so many blocks of STAND_BLOCK bytes, of dump 1, in one run. */
void stand_write(struct stand *stand, uint64_t blocks);

void stand_filemark(struct stand *stand, bool immediate);

/* The last command was answered with this. */
void stand_expect(const struct stand *stand, uint8_t key, uint8_t asc,
    uint8_t ascq);
void stand_expect_good(const struct stand *stand);

/* The drive stands there. */
void stand_expect_place(const struct stand *stand, uint64_t file,
    uint64_t object, uint64_t byte);

#endif
