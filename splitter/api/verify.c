/* verify.c: are the parts of a dump still on their volumes? */
#include "splitter/api/impl.h"
#include "splitter/api/struct.h"
#include "splitter/api/volumes.h"

#include <stdio.h>
#include <string.h>

#include "splitter/filter/guard.h"
#include "splitter/read/verify.h"

void splitter_verify_config_init(struct splitter_verify_config *verify,
    size_t config_bytes, unsigned api)
{
	const struct splitter_verify_config defaults = { .block_bytes = 0 };

	struct_init(verify, config_bytes, api, &defaults, sizeof defaults);
}

/* Copies the program's struct, and no more of it than it has. */
static int read_config(const struct splitter_verify_config *from,
    struct splitter_verify_config *to, char *err, size_t err_bytes)
{
	memset(to, 0, sizeof *to);
	if (struct_read(from, to, sizeof *to, err, err_bytes) != 0)
		return -1;
	if (to->library == NULL || to->library->ops == NULL ||
	    to->library->ops->load_named == NULL ||
	    to->library->ops->load == NULL ||
	    to->library->ops->unload == NULL) {
		snprintf(err, err_bytes,
		    "the library cannot load a volume by its barcode: "
		    "load, load_named and unload are needed");
		return -1;
	}
	if (to->block_bytes < TAPE_BLOCK_MIN_BYTES ||
	    to->block_bytes > TAPE_BLOCK_MAX_BYTES) {
		snprintf(err, err_bytes, "blocks have %d to %d bytes",
		    TAPE_BLOCK_MIN_BYTES, TAPE_BLOCK_MAX_BYTES);
		return -1;
	}
	if (!splitter_barcodes_valid(to->assumed, to->assumed_count)) {
		snprintf(err, err_bytes, "assumed: not a list of barcodes");
		return -1;
	}
	return splitter_check_parts(to->parts, to->parts_count, to->api, err,
	    err_bytes);
}

static enum splitter_parts_state
verify_all(const struct splitter_verify_config *v, struct parts *parts,
    struct tape_library *library, size_t *part, char *err, size_t err_bytes)
{
	const struct verify_config config = {
		.library = library,
		.parts = parts,
		.dump_id = v->dump_id,
		.block_bytes = v->block_bytes,
		.assumed = { v->assumed, v->assumed_count },
		.volume_begun = v->volume_begun,
		.arg = v->arg,
	};

	return verify_parts(&config, part, err, err_bytes);
}

enum splitter_parts_state
splitter_verify_parts(const struct splitter_verify_config *verify, size_t *part,
    char *err, size_t err_bytes)
{
	enum splitter_parts_state state = SPLITTER_PARTS_UNREADABLE;
	struct tape_library *guard = NULL;
	struct splitter_verify_config v;
	struct parts *parts;

	*part = 0;
	if (read_config(verify, &v, err, err_bytes) != 0)
		return state;
	parts = parts_new();
	guard = guard_library_new(v.library);
	if (parts == NULL || guard == NULL)
		snprintf(err, err_bytes, "out of memory");
	else if (splitter_add_parts(parts, v.parts, v.parts_count, v.api, err,
		     err_bytes) == 0)
		state = verify_all(&v, parts, guard, part, err, err_bytes);
	guard_library_free(guard);
	parts_free(parts);
	return state;
}
