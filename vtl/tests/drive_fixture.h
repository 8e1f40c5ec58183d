/*
 * drive_fixture.h: makes a drive for tests.  Its volume has blocks of 100
 * bytes, a capacity of 1000 bytes and an early warning at byte 800.
 */
#ifndef VTL_TESTS_DRIVE_FIXTURE_H
#define VTL_TESTS_DRIVE_FIXTURE_H

#include "vtl/drive/drive.h"
#include "vtl/tests/vtl_scratch.h"

enum { FIXTURE_BLOCK = 100, FIXTURE_CAPACITY = 1000, FIXTURE_EARLY = 200 };

struct drive_fixture {
	struct drive *drive;
	struct drive_result result; /* result of the last command */
	int64_t now_ns;             /* completion time of that command */
	uint64_t offset; /* number of bytes of the dump taken so far */
};

/* A model that takes a second for 100 bytes, and no time for anything else. */
extern const struct model fixture_model;

/*
 * Makes a drive with these options (NULL: none) and an empty volume, "v".  It
 * is buffered only if the options say so.
 */
void fixture_make(struct drive_fixture *fixture,
    const struct drive_options *options, const struct volume_spec *spec);

/* The same, with a capacity of 100000 bytes. */
void fixture_make_large(struct drive_fixture *fixture,
    const struct drive_options *options);

/* Adds a fault, which the drive accepts. */
void fixture_add_fault(struct drive_fixture *fixture,
    const struct drive_fault *fault);

/* Returns options of a volume for fixture_make(). */
struct volume_spec fixture_spec(void);

/* Unloads and frees the drive; the volume stays. */
void fixture_finish(struct drive_fixture *fixture);

/* Unloads the volume and loads it again. */
void fixture_reload(struct drive_fixture *fixture);

/*
 * Writes this number of blocks of FIXTURE_BLOCK bytes, of dump 1, in one run.
 */
void fixture_write(struct drive_fixture *fixture, uint64_t blocks);

void fixture_filemark(struct drive_fixture *fixture, bool immediate);

/* Checks the sense data of the last command. */
void fixture_expect(const struct drive_fixture *fixture, uint8_t key,
    uint8_t asc, uint8_t ascq);
void fixture_expect_good(const struct drive_fixture *fixture);

/* Checks the position of the drive. */
void fixture_expect_position(const struct drive_fixture *fixture, uint64_t file,
    uint64_t object, uint64_t byte);

#endif
