/* verify.c: are the parts of a dump still on their volumes? */
#include "splitter/api/impl.h"
#include "splitter/api/volumes.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "splitter/filter/guard.h"
#include "splitter/read/resume.h"

enum { VERIFY_MIN_BYTES = offsetof(struct splitter_verify, arg) };

void splitter_verify_init(struct splitter_verify *verify, size_t verify_bytes,
    unsigned api)
{
	struct splitter_verify v = { .verify_bytes = verify_bytes, .api = api };

	memset(verify, 0, verify_bytes);
	memcpy(verify, &v, verify_bytes < sizeof v ? verify_bytes : sizeof v);
}

static bool go_on(void *arg, const char *volume)
{
	const struct splitter_verify *v = arg;

	return v->volume_begun == NULL || v->volume_begun(v->arg, volume);
}

/* What the program gave, of whose struct no more is read than it has. */
static int read_config(const struct splitter_verify *from,
    struct splitter_verify *to, char *err, size_t err_bytes)
{
	if (from->verify_bytes < VERIFY_MIN_BYTES || from->api < 1 ||
	    from->api > SPLITTER_API) {
		snprintf(err, err_bytes,
		    "this is libsplitter %s, which knows interfaces 1 to %d; "
		    "the program wants %u: install a newer library, and call "
		    "splitter_verify_init",
		    SPLITTER_VERSION, SPLITTER_API, from->api);
		return -1;
	}
	memset(to, 0, sizeof *to);
	memcpy(to, from,
	    from->verify_bytes < sizeof *to ? from->verify_bytes : sizeof *to);
	if (to->library == NULL || to->library->ops == NULL ||
	    to->library->ops->load_named == NULL ||
	    to->library->ops->unload == NULL) {
		snprintf(err, err_bytes,
		    "the library cannot load a volume by its barcode: "
		    "load_named and unload are needed");
		return -1;
	}
	if (to->block_bytes < TAPE_BLOCK_MIN_BYTES ||
	    to->block_bytes > TAPE_BLOCK_MAX_BYTES) {
		snprintf(err, err_bytes, "blocks have %d to %d bytes",
		    TAPE_BLOCK_MIN_BYTES, TAPE_BLOCK_MAX_BYTES);
		return -1;
	}
	return splitter_check_parts(to->parts, to->parts_count, to->api, err,
	    err_bytes);
}

static enum splitter_parts_state verify_all(const struct splitter_verify *v,
    struct parts *parts, struct tape_library *library, size_t *part, char *err,
    size_t err_bytes)
{
	const struct resume_volumes volumes = {
		.library = library,
		.parts = parts,
		.dump_id = v->dump_id,
		.block_bytes = v->block_bytes,
		.assumed = { v->assumed, v->assumed_count },
		.each = go_on,
		.arg = (void *)(uintptr_t)v,
	};
	static const enum splitter_parts_state states[] = {
		[RESUME_HELD] = SPLITTER_PARTS_PRESENT,
		[RESUME_GONE] = SPLITTER_PARTS_OVERWRITTEN,
		[RESUME_UNSEEN] = SPLITTER_PARTS_UNREADABLE,
		[RESUME_STOPPED] = SPLITTER_PARTS_STOPPED,
	};
	struct part_row gone = { .part = 1 };
	enum resume_held held = resume_look(&volumes, &gone, err, err_bytes);

	*part = (size_t)gone.part - 1;
	return states[held];
}

enum splitter_parts_state
splitter_verify_parts(const struct splitter_verify *verify, size_t *part,
    char *err, size_t err_bytes)
{
	enum splitter_parts_state state = SPLITTER_PARTS_UNREADABLE;
	struct tape_library *guard = NULL;
	struct splitter_verify v;
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
