/*
 * vtl_scratch.h: what the suites of the virtual tape library share: a folder
 * that is gone afterwards, data that can be told by its place, numbers from a
 * seed, and short ways to make and fill a volume.
 */
#ifndef VTL_TESTS_VTL_SCRATCH_H
#define VTL_TESTS_VTL_SCRATCH_H

#include <stdint.h>

#include "vtl/volume/volume.h"

/* A folder of this test's own; for tcase_add_checked_fixture(). */
void scratch_setup(void);
void scratch_teardown(void);

const char *scratch_folder(void);

/* The path of `name` in it, until the test ends. */
const char *scratch_path(const char *name);

/* The bytes at `offset` of the dump `dump_id`.  Both may be anything. */
void scratch_fill(void *buf, uint64_t bytes, uint64_t dump_id, uint64_t offset);

/* The next number of a stream; *seed is its state. */
uint64_t scratch_random(uint64_t *seed);

/* As of a volume with room for everything, and no early warning. */
struct volume_spec scratch_spec(enum volume_payload payload);

/* Makes a volume and opens it; the test fails if that does. */
struct volume *scratch_volume(const char *name, const struct volume_spec *spec);
struct volume *scratch_open(const char *name);
void scratch_close(struct volume *volume);

/* Appends what scratch_fill() gives.  What volume_append() returns. */
int scratch_append(struct volume *volume, uint64_t bytes, uint64_t block_bytes,
    uint64_t dump_id, uint64_t offset);

/*
 * Appends files `from` to `to` - 1, each of a length of its own, in runs of
 * any length, and synchronises behind each filemark; then tells `safe` how
 * many files are safe.  -1 when something cannot be stored.
 */
int scratch_write_files(struct volume *volume, uint64_t block_bytes,
    uint64_t from, uint64_t to, void (*safe)(void *arg, uint64_t files),
    void *arg);

/*
 * A bit of everything, for tests that interrupt it: files, a cut to the second
 * of them (before which it tells that two are safe), files again, a defect
 * that is added and spent.  0, or -1 as soon as something fails.
 */
int scratch_work(struct volume *volume, uint64_t block_bytes,
    void (*safe)(void *arg, uint64_t files), void *arg);

/*
 * Reads the volume from BOT.  At least the first `files` files are there as
 * scratch_write_files() wrote them, and nothing is that it did not write.
 */
void scratch_check_files(struct volume *volume, uint64_t block_bytes,
    uint64_t files);

/* The number that a query gives, asked of the file with SQLite itself. */
int64_t scratch_query(const char *name, const char *sql);

/* The version that the file's header bears, also while a volume is open. */
int scratch_version(const char *name);

/* A number that tells what is in a file; 0: it cannot be read, or is none. */
uint64_t scratch_sum(const char *name);

/* Makes `to` what `from` is. */
void scratch_copy(const char *from, const char *to);

/* Runs SQL on the file. */
void scratch_sql(const char *name, const char *sql);

#endif
