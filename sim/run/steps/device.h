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
	 * Returns whether the person gave leave to overwrite the volume,
	 * whatever is on it.
	 */
	bool (*may_overwrite)(void *arg, const char *barcode);
	void *arg;
};

#endif
