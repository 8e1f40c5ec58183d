/*
 * share.h: a library that several dumps use at once.
 *
 * Each dump has a view, a struct tape_library of its own.  A load that finds no
 * drive free waits until another dump gives one back; it fails only if no other
 * dump has one to give back.
 *
 * In virtual time nothing waits inside a call: share_load_ns() makes the load,
 * or says when to ask again, and the load of the view then returns what was
 * loaded.  Dumps that wait are served in the order of (time of the request,
 * index), whoever asks.  In real time the load of the view waits; share_cancel()
 * ends the wait.
 *
 * A volume that has expired may be loaded again, after all others.
 *
 * Threads: in real time each dump may use its view in a thread of its own.  A
 * lock is held during loads and unloads.
 */
#ifndef SIM_SHARE_H
#define SIM_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/library/library.h"

struct share;

/*
 * Makes views of a library, which the caller keeps, for `count` dumps.  `real`:
 * in real time; `paced`: the library is paced by the clock of this machine.
 * Returns NULL without memory.
 */
struct share *share_new(struct library *library, size_t count, bool real,
    bool paced);

/* Frees the views.  NULL is allowed. */
void share_free(struct share *share);

/* Returns the view of dump `i`. */
struct tape_library *share_view(struct share *share, size_t i);

/*
 * Virtual time: asks for a load of dump `i`; see load_ns() of struct
 * stream_config.  A dump that does not load any more must call
 * share_withdraw(): a volume that was loaded for it and not taken goes back,
 * for the others.
 */
int64_t share_load_ns(struct share *share, size_t i, int64_t now_ns);
void share_withdraw(struct share *share, size_t i, int64_t now_ns);

/* Virtual time: a number that changes with each unload and each load. */
uint64_t share_changes(const struct share *share);

/*
 * Gets the bytes on a volume that is not loaded, and its place in the library.
 * Returns false if there is no such volume.
 */
bool share_get_volume(struct share *share, const char *barcode, size_t *place,
    uint64_t *written_bytes);

/*
 * Says that a volume of a run of a dump expires at `at_ns`, a time of the
 * scenario.  Returns 0, or -1 without memory.
 */
int share_expire(struct share *share, const char *barcode, size_t dump,
    size_t run, int64_t at_ns);

/* Returns whether a volume of this run has expired. */
bool share_has_expired(const struct share *share, size_t dump, size_t run);

/*
 * Real time: ends the wait of dump `i`, now and later, until its next run
 * begins.
 */
void share_cancel(struct share *share, size_t i);
void share_begin_run(struct share *share, size_t i);

#endif
