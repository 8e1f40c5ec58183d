/*
 * remote.h: how a command changes a library that may be served: by its server
 * if there is one, and else in the library itself.
 *
 * A library without a server is found so at each call: a server may start or
 * end in between.  The library itself then refuses what would disturb a client.
 */
#ifndef VTL_SERVE_REMOTE_H
#define VTL_SERVE_REMOTE_H

#include <stdbool.h>

#include "vtl/serve/serve.h"

/* Returns whether a server serves the library in the folder. */
bool serve_remote_is_served(const char *folder);

/*
 * Moves a cartridge like changer_move(); *to becomes where it is.  A server that
 * is paced says how long its robot takes: this function returns then, or after a
 * signal.  Returns false and a message if it was not moved.
 */
bool serve_remote_move(struct changer *changer, unsigned from, unsigned *to,
    char message[SERVE_MESSAGE_BYTES]);

/*
 * Asks whether an import/export slot may be used.  Returns false and a message
 * if an initiator prevents it.
 */
bool serve_remote_may_use_ie(const char *folder,
    char message[SERVE_MESSAGE_BYTES]);

/*
 * The library has changed: its server, if any, reads it again at once.  `ie`: a
 * cartridge came into an import/export slot, or left it.
 */
void serve_remote_changed(const char *folder, bool ie);

/*
 * Has the server, if any, store the strikes that it has counted, so that the
 * library has them.  Those of a drive that executes a command are stored when it
 * has ended.  Waits for the answer until clock_now_ns() is `until_ns`.
 */
void serve_remote_store_strikes(const char *folder, int64_t until_ns);

/*
 * Adds a defect to a volume that lies in a drive of a server.  *served is
 * whether a server has the volume; if not, nothing is done.  Returns false and
 * a message if it could not be added.
 */
bool serve_remote_add_defect(const char *folder, const char *barcode,
    const struct volume_defect *defect, bool *served,
    char message[SERVE_MESSAGE_BYTES]);

/* The same: removes the defect with the number `fault`. */
bool serve_remote_remove_defect(const char *folder, const char *barcode,
    int64_t fault, bool *served, char message[SERVE_MESSAGE_BYTES]);

/*
 * Gets what the medium of a volume has now, if it lies in a drive of a server.
 * Returns false if it does not, or no server answers until clock_now_ns() is
 * `until_ns`.
 */
bool serve_remote_volume(const char *folder, const char *barcode,
    int64_t until_ns, struct serve_volume *volume);

/*
 * Takes or restores the snapshot `name`, or clones the library to the folder
 * `name`, by its server if there is one.  Returns false and a message if it
 * could not be done.
 */
bool serve_remote_snapshot(struct changer *changer, const char *name,
    char message[SERVE_MESSAGE_BYTES]);
bool serve_remote_restore(struct changer *changer, const char *name,
    char message[SERVE_MESSAGE_BYTES]);
bool serve_remote_clone(struct changer *changer, const char *name,
    char message[SERVE_MESSAGE_BYTES]);

#endif
