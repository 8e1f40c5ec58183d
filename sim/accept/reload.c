/*
 * reload.c: how long the drive takes to unload a cartridge and to load it again,
 * without the time of a robot or a person; see impl.h.
 */
#include <string.h>

#include "sim/accept/impl.h"
#include "splitter/base/sentence.h"

static int fail(const struct tape_result *result, const char *doing, char *err,
    size_t err_bytes)
{
	if (result->cause == TAPE_OK)
		return 0;
	sentence(err, err_bytes, "cannot be %s: %s", doing,
	    tape_result_text(result));
	return -1;
}

/* The door was not locked in between: it may be another cartridge. */
static int check_same(const struct tape_identity *before, struct tape *tape,
    char *err, size_t err_bytes)
{
	struct tape_identity now;

	tape_identify(tape, &now);
	if (strcmp(before->serial, now.serial) == 0)
		return 0;
	sentence(err, err_bytes,
	    "the cartridge was exchanged while it was unloaded: its serial "
	    "number was %s, and is %s",
	    before->serial, now.serial);
	return -1;
}

int reload_cartridge(void *arg, struct tape *tape, struct story_reload *times,
    char *err, size_t err_bytes)
{
	struct acceptance_run *r = arg;
	struct accept_device *d = r->device;
	struct tape_identity before;
	struct tape_result unloaded, loaded;
	int rc;

	if (d->ops->reload == NULL) {
		sentence(err, err_bytes,
		    "this device cannot hold a cartridge that is unloaded");
		return 1;
	}
	tape_identify(tape, &before);
	cartridge_before_unload(r, tape);
	if (r->refused[0] != '\0') {
		sentence(err, err_bytes, "%s", r->refused);
		return -1;
	}
	if (!d->ops->reload(d, 0, &unloaded, &loaded, err, err_bytes)) {
		cartridge_after_load(r);
		return 1;
	}
	watch_take(r->watch, tape, &unloaded);
	watch_take(r->watch, tape, &loaded);
	rc = fail(&unloaded, "unloaded", err, err_bytes);
	if (rc == 0)
		rc = fail(&loaded, "loaded again", err, err_bytes);
	if (rc == 0)
		rc = check_same(&before, tape, err, err_bytes);
	if (rc == 0)
		cartridge_after_load(r);
	times->unload_ns = unloaded.done_ns;
	times->load_ns = loaded.done_ns - unloaded.done_ns;
	return rc;
}
