/*
 * profile.h: reads the profile of a drive: a YAML file that describes a model.
 *
 * tapelab-drive(5) describes the keys, from the tables of this room.  Each
 * value may say where it comes from:
 *
 *     load: 15 s
 *     load: {value: 15 s, source: "IBM, LTO performance specifications"}
 *     load: {value: 15 s, estimate: true}
 *
 * Invariants:
 *  1. A model that was read keeps the invariants of model.h.
 *  2. In a profile that is compiled in, each value has a source or is marked as
 *     an estimate.
 */
#ifndef VTL_MODEL_PROFILE_H
#define VTL_MODEL_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "vtl/model/model.h"
#include "vtl/yaml/errors.h"
#include "vtl/yaml/key.h"
#include "vtl/yaml/tree.h"

/* A profile is not larger. */
enum { PROFILE_BYTES_MAX = YAML_TREE_FILE_MAX };

/*
 * Reads a profile into *model.  `sourced`: each value must have a source or be
 * an estimate.  Returns 0; or -1, and then at least one error was added and
 * *model is undefined.
 */
int profile_parse(const char *text, size_t bytes, bool sourced,
    struct model *model, struct yaml_errors *errors);

/*
 * Returns whether what a user wrote for a model is the path of a profile: it
 * has a "/", or ends in ".yaml" or ".yml".
 */
bool profile_is_path(const char *text);

/*
 * Makes the model of a text, which is copied.  Returns it, for the caller to
 * free with free(); or NULL after calling `report` with
 * "path:line:column: message" for each error.
 */
struct model *profile_model(const char *text, size_t bytes, const char *path,
    void (*report)(void *arg, const char *message), void *arg);

/* The same for the text of the file at `path`. */
struct model *profile_read(const char *path,
    void (*report)(void *arg, const char *message), void *arg);

/*
 * Returns the text of the profile of a model of this program by its exact name,
 * or NULL.  "instant" has none.
 */
const char *profile_text(const char *name);

/* The tables of keys, for the manual page. */
extern const struct key_map profile_map;
extern const struct key_map profile_host_map;
extern const struct key_map profile_buffer_map;
extern const struct key_map profile_motion_map;
extern const struct key_map profile_mount_map;
extern const struct key_map profile_unload_rewind_map;
extern const struct key_map profile_locate_map;
extern const struct key_map profile_compression_map;
extern const struct key_map profile_medium_map;
extern const struct key_map profile_first_load_map;

#endif
