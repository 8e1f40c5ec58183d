/*
 * vtl_scratch.h: helpers for tests of the virtual tape library: a temporary
 * folder, data that depends on its offset, random numbers from a seed, and
 * functions that create and fill a volume.
 */
#ifndef VTL_TESTS_VTL_SCRATCH_H
#define VTL_TESTS_VTL_SCRATCH_H

#include <stdint.h>

#include "vtl/volume/volume.h"

/*
 * Creates and removes a folder for one test; for tcase_add_checked_fixture().
 */
void scratch_setup(void);
void scratch_teardown(void);

const char *scratch_folder(void);

/* Returns the path of `name` in the folder, valid until the test ends. */
const char *scratch_path(const char *name);

/* Writes the bytes at `offset` of the dump `dump_id`.  Both may be anything. */
void scratch_fill(void *buf, uint64_t bytes, uint64_t dump_id, uint64_t offset);

/* Returns the next number of a stream; *seed is its state. */
uint64_t scratch_random(uint64_t *seed);

/* Options of a volume with unlimited capacity and no early warning. */
struct volume_spec scratch_spec(enum volume_payload payload);

/* Creates and opens a volume; the test fails on an error. */
struct volume *scratch_volume(const char *name, const struct volume_spec *spec);
struct volume *scratch_open(const char *name);
void scratch_close(struct volume *volume);

/*
 * Appends the data of scratch_fill().  Returns the result of volume_append().
 */
int scratch_append(struct volume *volume, uint64_t bytes, uint64_t block_bytes,
    uint64_t dump_id, uint64_t offset);

/*
 * Appends files `from` to `to` - 1, each with a length of its own, in runs of
 * any length, and synchronises after each filemark; then stores the number of
 * safe files in `safe`.  Returns -1 if something cannot be stored.
 */
int scratch_write_files(struct volume *volume, uint64_t block_bytes,
    uint64_t from, uint64_t to, void (*safe)(void *arg, uint64_t files),
    void *arg);

/*
 * Does every kind of operation, for tests that interrupt it: writes files,
 * reports that two are safe, cuts after the second, writes files again, adds a
 * defect and uses it up.  Returns 0, or -1 at the first error.
 */
int scratch_work(struct volume *volume, uint64_t block_bytes,
    void (*safe)(void *arg, uint64_t files), void *arg);

/*
 * Reads the volume from BOT and checks that at least the first `files` files
 * are there as scratch_write_files() wrote them, and nothing else.
 */
void scratch_check_files(struct volume *volume, uint64_t block_bytes,
    uint64_t files);

/* Returns the number that a query gives, read from the file with SQLite. */
int64_t scratch_query(const char *name, const char *sql);

/* Returns the version in the file's header; works while a volume is open. */
int scratch_version(const char *name);

/* Returns a checksum of a file; 0: it does not exist or cannot be read. */
uint64_t scratch_sum(const char *name);

/* Copies `from` to `to`. */
void scratch_copy(const char *from, const char *to);

/* Runs SQL on the file. */
void scratch_sql(const char *name, const char *sql);

#endif
