/*
 * device.h: the tapes of a story that exist, instead of a virtual library.
 *
 * A story on a device runs in real time.  Its programs are those of a story on
 * a virtual library; what an operator does with a library, and interrupts that
 * cut the power or pull a volume out, are impossible.
 *
 * One thread at a time.
 */
#ifndef SIM_STEPS_DEVICE_H
#define SIM_STEPS_DEVICE_H

#include "splitter/tool/tapes.h"
#include "vtl/model/model.h"

/* How long the drive takes. */
struct story_reload {
	int64_t unload_ns, load_ns;
};

struct story_device {
	/*
	 * Returns the volumes for one program, which does not free them.  NULL
	 * with a message if that is impossible.
	 */
	struct tape_library *(*open)(void *arg, const struct tapes_use *use,
	    char *err, size_t err_bytes);
	/* Ends that use.  All its volumes were unloaded. */
	void (*close)(void *arg, struct tape_library *tapes);
	/*
	 * Returns the names for which the person gave leave to overwrite a volume,
	 * for a label step with these volumes; their number in `*names_count`.
	 * They are the names of volume_policy.h, and belong to the device.
	 */
	const char *const *(*overwrite)(void *arg, const char *const *volumes,
	    size_t count, size_t *names_count);
	/*
	 * Sets the compression of the drive, until the story ends.  Returns
	 * false with a message if that is impossible.  May be NULL.
	 */
	bool (*set_compression)(void *arg, bool on, char *err,
	    size_t err_bytes);
	/*
	 * From now on the tapes are those of a second drive, which only reads,
	 * until the story ends.  Returns false with a message if that is
	 * impossible.  May be NULL.
	 */
	bool (*second)(void *arg, char *err, size_t err_bytes);
	/*
	 * Unloads a tape that is handed out, but holds the cartridge in the drive,
	 * and loads it again: at its beginning, and still handed out.  Returns 0;
	 * 1 with a message, and nothing was done, if the drive cannot hold it;
	 * -1 with a message: the tape must be given back.  NULL: not possible.
	 */
	int (*reload)(void *arg, struct tape *tape, struct story_reload *times,
	    char *err, size_t err_bytes);
	/* The model of the drive; NULL: not known. */
	const struct model *model;
	void *arg;
};

#endif
