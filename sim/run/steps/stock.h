/*
 * stock.h: the library of a story, on disk, and what operators do with it.
 *
 *     FOLDER/library    the library: library.db and the volumes in it
 *     FOLDER/outside    volumes that were taken out, and duplicates
 *     FOLDER/catalogue  the catalogue
 *
 * Programs open the library like any other; between two programs nothing of it
 * is in memory.  A volume is known by its place in the scenario, from 0,
 * whatever an operator does with its barcode.
 *
 * Invariants:
 *  1. Nothing waits for the disk, unless the scenario runs in real time.
 *  2. No time of a clock, and nothing random, comes into the library.
 *
 * One thread at a time.  Functions that return -1 leave a message in `err`.
 */
#ifndef SIM_STEPS_STOCK_H
#define SIM_STEPS_STOCK_H

#include "sim/run/steps/device.h"
#include "sim/scenario/scenario.h"
#include "vtl/library/library.h"

struct stock;

/*
 * A story on a device: only the catalogue is in the folder.  NULL with a message
 * on an error.  No step of an operator can be carried out.
 */
struct stock *stock_on_device(const struct scenario *scenario,
    const struct story_device *device, const char *folder, char *err,
    size_t err_bytes);

/* Returns the device; NULL: a virtual library. */
const struct story_device *stock_device(const struct stock *stock);

/*
 * Makes the library in the empty `folder`, which the caller removes, with the
 * contents, defects and faults of the scenario.  `seed` is that of the run.
 * NULL with a message on an error.
 */
struct stock *stock_new(const struct scenario *scenario, uint64_t seed,
    bool durable, const char *folder, char *err, size_t err_bytes);
void stock_free(struct stock *stock);

/*
 * The library is used in real time: its drives and its robot have this share of
 * their speed, in permille; 0: they take no time.
 */
void stock_set_real(struct stock *stock, uint32_t pace_permille);

/* Returns the folder of the library, and the path of the catalogue. */
const char *stock_folder(const struct stock *stock);
const char *stock_catalogue(const struct stock *stock);

/*
 * Sets the write-protect switch of the volumes that hold this dump, from 0, and
 * begin the scenario write-protected: the dump is on them now.  Returns 0, or -1
 * with a message.
 */
int stock_protect_held(const struct stock *stock, size_t dump, char *err,
    size_t err_bytes);

/* Returns whether the catalogue exists: a dump was written. */
bool stock_has_catalogue(const struct stock *stock);

/*
 * Opens the library as `program` does.  `reading` and `fingerprints` are those
 * of struct library_options.  NULL with a message on an error.
 */
struct library *stock_open(const struct stock *stock, const char *program,
    bool reading, bool fingerprints, char *err, size_t err_bytes);

/*
 * Opens the volumes that are in the library, in memory, with drives that take
 * no time and have no faults.  NULL with a message on an error.
 */
struct library *stock_open_to_read(const struct stock *stock, char *err,
    size_t err_bytes);

/*
 * Carries out a step of an operator.  Returns 0; 1 with a message if the
 * library refuses it; -1 with a message if it could not be carried out.
 */
int stock_operate(struct stock *stock, const struct scenario_step *step,
    char *err, size_t err_bytes);

#endif
